"""What a site says where there is nothing: learned by asking for an address that cannot exist. Pure.

Many sites answer status 200, or redirect to the home page, for any address. A run asks each start host once for an
address in the form of an article's; what comes is kept (`not_found_pages`), and whatever later says the same, or leads
to the same place, is no article. Compared is the text that the probe reads as, never the page around it, so that a
short article in the same frame is not mistaken for it.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from archive.records import Article
from scraper.extract.text import key
from scraper.urls import parts_of

_ENOUGH = 0.8  # the share of letters in lines that both have; a line may echo the address asked for


@dataclass(frozen=True, slots=True)
class Absent:
    """What a site answers for an address that cannot exist: where it redirects, or the lines of what it says. `echoes`
    where its title is made from the address."""

    target: str | None = None
    lines: frozenset[str] = frozenset()
    echoes: bool = False

    def is_like(self, article: Article) -> bool:
        """Whether a record says what the probe said. One whose title its address spells is an article of its own,
        however short beside what both pages share."""
        title = article.reasons.get("title")
        if not self.lines or (title and title.rule == "address" and not self.echoes):
            return False
        lines = lines_of(article)
        both = sum(map(len, lines & self.lines))
        return both >= _ENOUGH * max(sum(map(len, lines)), sum(map(len, self.lines))) > 0

    def to_json(self) -> str:
        return json.dumps(sorted(self.lines), ensure_ascii=False)


def absent_from(article: Article) -> Absent:
    """What a site says where there is nothing, from the record that the probe's page reads as."""
    title = article.reasons.get("title")
    return Absent(lines=lines_of(article), echoes=title is not None and title.rule == "address")


def lines_of(article: Article) -> frozenset[str]:
    """The lines of a record with numbers masked: clocks, counters and the number asked for differ."""
    texts = (article.title, *article.body, *(photo.caption or photo.url for photo in article.photos))
    return frozenset(re.sub(r"[0-9]+", "#", key(text)) for text in texts if text)


def probe_address(home: str, category: str, run: int) -> str:
    """An address of a host (`scheme://host`) in the form of an article's, that cannot exist; another at each run."""
    token = hashlib.sha256(f"{home} {run}".encode()).hexdigest()
    words = re.sub(r"[^a-f]", "", token)[:12] or "khong"
    return f"{home}/{category}/khong-co-trang-nay-{words}-{900_000_000 + int(token[:6], 16)}"


def is_same_probe(url: str, target: str) -> bool:
    """Whether a probe is led to no more than another spelling of itself."""
    return parts_of(url).path.rstrip("/").lower() == parts_of(target).path.rstrip("/").lower()


def leads_alike(url: str, target: str, probe: str, of_probe: str) -> bool:
    """Whether an address is led where a probe was. Many sites name the address asked for in the one they lead to."""
    return _without(url, target) == _without(probe, of_probe)


def _without(url: str, target: str) -> str:
    last = parts_of(url).path.rstrip("/").rpartition("/")[2]
    values = [(key, "" if last and last in value else value) for key, value in parse_qsl(parts_of(target).query)]
    return parts_of(target)._replace(query=urlencode(values), fragment="").geturl()


def absent_from_row(target: str | None, record: str | None) -> Absent:
    """What `not_found_pages` holds of a probe."""
    return Absent(target, frozenset(json.loads(record) if record else ()))
