"""The text of a robots.txt, made plain for protego: who is spoken to, what is forbidden, and nothing else. Pure.

What people write is not what RFC 9309 says: byte order marks (also cut ones), bytes that are no UTF-8, line ends of all
kinds, a missing colon, misspelt fields, names of agents with a version behind. Each line is read as Google's parser
would read it; unknown ones are dropped, since they must not come between others (RFC 9309 2.2.4).
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from scraper.config import AGENT_NAME

_LINE_END = re.compile(rb"\r\n|\r|\n")
_SPELLINGS = {
    "User-agent": "user-agent|useragent|user agent",
    "Disallow": "disallow|dissallow|dissalow|disalow|diasllow|disallaw",
    "Allow": "allow",
    "Crawl-delay": "crawl-delay|crawldelay|crawl delay",
    "Sitemap": "sitemap|site-map|sitemaps",
}
# A field, then a colon, or white space where the colon was forgotten.
_FIELD = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{spellings})" for name, spellings in _SPELLINGS.items()), re.I
)
_LINE = re.compile(rf"\s*(?:{_FIELD.pattern})\s*(?::|(?<=\s)|$)\s*(?P<value>.*)", re.I | re.S)
_TOKEN = re.compile(r"[a-z_-]+", re.I)  # RFC 9309 2.2.1
_OTHER = "other"
_DELAY = re.compile(
    r"\+?inf(?:inity)?|\+?(?P<number>[0-9]+(?:[.,][0-9]*)?(?:e\+?[0-9]{1,3})?|[.,][0-9]+)"
    r"\s*(?P<unit>ms|milliseconds?|s|secs?|seconds?|giây|m|mins?|minutes?|phút)?\.?",
    re.I,
)
_FOR_EVER = 1e9  # seconds


def prepared(body: bytes) -> str:
    """The lines that matter, in protego's own spelling: each agent is `*`, this crawler, or another; paths are
    percent-encoded."""
    return "\n".join(f"{field}: {_plain(field, value)}" for field, value in lines_of(body) if field != "Sitemap")


def sitemaps_in(body: bytes) -> list[str]:
    """The values of the `Sitemap` lines, whichever agent they stand below."""
    return [value for field, value in lines_of(body) if field == "Sitemap" and value]


def odd_delays_in(body: bytes) -> list[str]:
    """The values of `Crawl-delay` lines that say no time."""
    return [value for field, value in lines_of(body) if field == "Crawl-delay" and value and seconds_in(value) is None]


def seconds_in(value: str) -> float | None:
    """The seconds of a `Crawl-delay`, which no standard defines: a number, also with a decimal comma or a unit behind
    it, or `inf`; None for anything else, such as a negative one. Finite, since more is for the config to cap."""
    match = _DELAY.fullmatch(value)
    if match is None:
        return None
    if match["number"] is None:
        return _FOR_EVER
    unit = (match["unit"] or "s").lower()
    scale = 0.001 if unit.startswith(("ms", "mil")) else 60.0 if unit[0] in "mp" else 1.0
    return min(float(match["number"].replace(",", ".")) * scale, _FOR_EVER)


def lines_of(body: bytes) -> Iterator[tuple[str, str]]:
    """(field in its proper spelling, value) of each line with a known field."""
    for line in _LINE_END.split(_without_mark(body)):
        match = _LINE.fullmatch(line.partition(b"#")[0].decode("utf-8", "surrogateescape").strip())
        if match is not None and match.lastgroup:
            field = next(name for name in _SPELLINGS if match[name.replace("-", "_")])
            yield field, match["value"].strip()


def _without_mark(body: bytes) -> bytes:
    """A byte order mark is dropped as far as it is there; Google's parser does so too."""
    for byte in (b"\xef", b"\xbb", b"\xbf"):
        if not body.startswith(byte):
            break
        body = body[1:]
    return body


def spoken_to(value: str) -> str:
    """Whom a `User-agent` line means: `*` (all), this crawler's name, or another."""
    if re.fullmatch(r"\*(\s.*)?", value):
        return "*"
    token = _TOKEN.match(value)
    return AGENT_NAME if token and token[0].lower() == AGENT_NAME else _OTHER


def _plain(field: str, value: str) -> str:
    if field == "User-agent":
        return spoken_to(value)
    if field == "Crawl-delay":
        seconds = seconds_in(value)
        return value if seconds is None else f"{seconds:f}"
    # Bytes that are no ASCII, and controls, as an address has them (RFC 9309 2.2.2); the rest stays as it is written.
    return quote(value.encode("utf-8", "surrogateescape"), safe="".join(map(chr, range(0x21, 0x7F))))
