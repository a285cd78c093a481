"""robots.txt (RFC 9309): an answer in, decisions out. Pure; asking for it is `robots_book.py`'s.

4xx: no rules. 5xx, 429, a broken answer or none: nothing may be crawled. The first 500 KiB count. What rules say is
protego's to decide; `robots_text.py` prepares the text for it.
"""

from dataclasses import dataclass

from protego import Protego

from archive.warc import Exchange
from scraper.config import AGENT_NAME
from scraper.content import Decoded, decode_content
from scraper.robots_text import odd_delays_in, prepared, sitemaps_in
from scraper.urls import media_address

_MOST_BYTES = 500 * 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt asks of us. `reachable` is False when it could not be had, and nothing may be asked;
    `detail` then says why. `sitemaps` are the absolute addresses of those that the file names (sitemaps.org),
    `odd_delays` what it gives as Crawl-delay and is none."""

    parsed: Protego | None
    reachable: bool = True
    sitemaps: tuple[str, ...] = ()
    detail: str = ""
    odd_delays: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        if not self.reachable:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT_NAME))

    def crawl_delay(self, most: float) -> float:
        """The pause asked for, in seconds, also fractions, at most `most`; 0 when none is."""
        delay = self.parsed.crawl_delay(AGENT_NAME) if self.parsed is not None else None
        return min(max(float(delay or 0.0), 0.0), most)


NO_RULES = Rules(None)


def unreachable(detail: str) -> Rules:
    """What holds when robots.txt could not be had (RFC 9309 2.3.1.4): nothing may be asked for."""
    return Rules(None, reachable=False, detail=detail)


def read_answer(answer: Exchange) -> Rules:
    """The rules from an answer to a request for robots.txt, as it came."""
    if answer.truncated not in ("", "length"):
        return unreachable(f"its answer broke off ({answer.truncated})")
    return read_rules(answer.status, answer.body, coding=answer.header("content-encoding"), url=answer.url)


def text_of(body: bytes, coding: str | None) -> Decoded:
    """The bytes that count, without their content coding."""
    return decode_content(body, coding, _MOST_BYTES, cut=True, is_text=True)


def read_rules(status: int, body: bytes, *, coding: str | None = None, url: str = "") -> Rules:
    """The rules from a status and a body with its Content-Encoding; `url` is what relative sitemaps are joined to."""
    if 400 <= status < 500 and status != 429:
        return NO_RULES  # RFC 9309 2.3.1.3
    if status != 200:
        return unreachable(f"status {status}")
    decoded = text_of(body, coding)
    if decoded.problem:
        return unreachable(decoded.problem)
    named = (media_address(value, url) for value in sitemaps_in(decoded.body))
    return Rules(
        Protego.parse(prepared(decoded.body)),
        sitemaps=tuple(dict.fromkeys(filter(None, named))),
        odd_delays=tuple(dict.fromkeys(odd_delays_in(decoded.body))),
    )
