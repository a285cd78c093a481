"""robots.txt (RFC 9309): text in, decisions out. Pure; fetching it is `crawl.py`'s.

4xx: no rules. 5xx or unreachable: nothing may be crawled. The first 500 KiB count. The text is prepared before protego
sees it: a BOM is dropped, bytes that are not UTF-8 are replaced.
"""

from dataclasses import dataclass

from protego import Protego

from scraper.config import AGENT_NAME

_MOST_BYTES = 500 * 1024


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


def read_rules(status: int, body: bytes) -> Rules:
    """The rules from an answer to the request for /robots.txt."""
    if 400 <= status < 500 and status != 429:
        return NO_RULES
    if status != 200:
        return UNREACHABLE
    text = body[:_MOST_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    return Rules(Protego.parse(text))
