"""robots.txt (RFC 9309): text in, decisions out. Pure; fetching it is `crawl.py`'s.

4xx: no rules. 5xx or unreachable: nothing may be crawled. The first 500 KiB count. The text is prepared before protego
sees it: a BOM is dropped, bytes that are not UTF-8 are replaced.
"""

import re
from dataclasses import dataclass

from protego import Protego

from scraper.config import AGENT_NAME
from scraper.content import decode_content

_MOST_BYTES = 500 * 1024
_BOM = b"\xef\xbb\xbf"
_AGENT_LINE = re.compile(r"(?P<name>^[ \t]*user[- ]?agents?[ \t]*(?::[ \t]*|[ \t]+))(?P<value>[^\r\n#]*)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt asks of us. `reachable` is False when it could not be had, and nothing may be asked."""

    parsed: Protego | None
    reachable: bool = True

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        if not self.reachable:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT_NAME))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, as written (sitemaps.org)."""
        return tuple(self.parsed.sitemaps) if self.parsed is not None else ()

    def crawl_delay(self, most: float) -> float:
        """The pause asked for, in seconds, at most `most`; 0 when none is."""
        delay = self.parsed.crawl_delay(AGENT_NAME) if self.parsed is not None else None
        return min(max(float(delay or 0.0), 0.0), most)


NO_RULES = Rules(None)
UNREACHABLE = Rules(None, reachable=False)


def read_rules(status: int, body: bytes, coding: str | None = None) -> Rules:
    """The rules from an answer to the request for /robots.txt; `coding` is its Content-Encoding."""
    if 400 <= status < 500 and status != 429:
        return NO_RULES
    if status != 200:
        return UNREACHABLE
    decoded = decode_content(body, coding, _MOST_BYTES)
    if decoded.problem:
        return UNREACHABLE
    return Rules(Protego.parse(_prepared(decoded.body)))


def _prepared(body: bytes) -> str:
    """The text as protego must see it: without a byte order mark, also a cut one; and each agent by its product token
    alone (RFC 9309 2.2.1: letters, `_` and `-`): `susta-archive/1.0` means us, and so does a remark behind the name."""
    for part in _BOM:
        body = body.removeprefix(bytes((part,)))
    return _AGENT_LINE.sub(_by_token, body.decode("utf-8", errors="replace"))


def _by_token(line: re.Match[str]) -> str:
    token = re.match(r"[A-Za-z_-]+|\*", line["value"])
    return f"{line['name']}{token[0] if token else line['value']}"
