"""What a site says where there is nothing: learned by asking for an address that cannot exist. Pure.

Many sites answer status 200, or redirect to the home page, for any address. A run asks each start host once for an
address in the form of an article's; what comes is kept (`not_found_pages`), and whatever later says the same, or leads
to the same place, is no article. Compared is the text that the probe reads as, never the page around it, so that a
short article in the same frame is not mistaken for it. Where the probe shows a page that is no article, such as the
home page or a list, an article's address that shows the same page is compared as a whole; of such a page only digests
are kept.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from archive.records import Article, Refusal, RefusalReason
from scraper.extract import Reading
from scraper.extract.page import Page
from scraper.extract.text import key
from scraper.urls import page_address, parts_of, site_id_of

_ENOUGH = 0.8  # the share of letters in lines that both have; a line may echo the address asked for
_NEW_LINKS = 0.1  # the share of links to articles on a page that those of the probe's page may lack
# What the home page or a list reads as at an article's address. Not a form, a shell or a challenge: a site that answers
# everything with one of these for a day has lost no article.
_SHOWN_INSTEAD = (
    RefusalReason.HOME,
    RefusalReason.LISTING,
    RefusalReason.NO_TITLE,
    RefusalReason.NO_BODY,
    RefusalReason.NO_ARTICLE_MARKS,
)
_LINE = re.compile(r"=([0-9a-f]{16}):([0-9]+)")  # of a page: digest and letters; lines of a record hold no digits
_LINK = re.compile(r"@([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole page: its lines (digest and letters), and the articles that it links to (digests of addresses)."""

    lines: frozenset[tuple[str, int]] = frozenset()
    links: frozenset[str] = frozenset()

    def is_like(self, other: "Shown") -> bool:
        """Whether two pages are one and the same: most letters, and hardly a link to an article that `other` lacks. A
        page without such links, as for maintenance, is like none."""
        both, most = _letters(self.lines & other.lines), max(_letters(self.lines), _letters(other.lines))
        few_new = len(self.links - other.links) <= _NEW_LINKS * len(self.links)
        return bool(self.links & other.links) and few_new and both >= _ENOUGH * most


@dataclass(frozen=True, slots=True)
class Absent:
    """What a site answers for an address that cannot exist: where it redirects, the lines of what it says, or the page
    that it shows instead. `echoes` where its title is made from the address."""

    target: str | None = None
    lines: frozenset[str] = frozenset()
    echoes: bool = False
    shown: Shown | None = None

    def is_shown_by(self, reading: Reading, url: str) -> bool:
        """Whether an article's address shows, in place of an article, the page that the probe showed."""
        outcome = reading.outcome
        if self.shown is None or reading.page is None or isinstance(outcome, Article) or site_id_of(url) is None:
            return False
        return outcome.reason in _SHOWN_INSTEAD and _shown_on(reading.page, url).is_like(self.shown)

    def is_like(self, article: Article) -> bool:
        """Whether a record says what the probe said. One whose title its address spells is an article of its own,
        however short beside what both pages share."""
        title = article.reasons.get("title")
        if not self.lines or (title and title.rule == "address" and not self.echoes):
            return False
        lines = lines_of(article)
        both = sum(map(len, lines & self.lines))
        return both >= _ENOUGH * max(sum(map(len, lines)), sum(map(len, self.lines))) > 0

    def to_json(self) -> str | None:
        """For `not_found_pages`: a list of strings; None where there is nothing to compare with."""
        parts = sorted(self.lines)
        if self.shown:
            parts += [f"={digest}:{letters}" for digest, letters in sorted(self.shown.lines)]
            parts += [f"@{digest}" for digest in sorted(self.shown.links)]
        return json.dumps(parts, ensure_ascii=False) if parts else None


def absent_from(reading: Reading, url: str) -> Absent:
    """What a site says where there is nothing, from what the probe's page, at `url`, reads as."""
    outcome = reading.outcome
    if isinstance(outcome, Refusal):
        shown = _shown_on(reading.page, url) if reading.page and outcome.reason in _SHOWN_INSTEAD else None
        return Absent(shown=shown if shown and shown.links else None)
    title = outcome.reasons.get("title")
    return Absent(lines=lines_of(outcome), echoes=title is not None and title.rule == "address")


def _shown_on(page: Page, url: str) -> Shown:
    own = site_id_of(url)
    addresses = {page_address(node.attributes.get("href") or "", page.base) for node in page.tree.css("a[href]")}
    articles = [address for address in addresses if address and site_id_of(address) not in (None, own)]
    texts = [re.sub(r"[0-9]+", "#", key(line.text)) for line in page.lines.lines]
    return Shown(
        frozenset((_digest(text), len(text)) for text in texts if text), frozenset(_digest(url) for url in articles)
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _letters(lines: frozenset[tuple[str, int]]) -> int:
    return sum(letters for _, letters in lines)


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
    parts: list[str] = json.loads(record) if record else []
    lines = frozenset((match[1], int(match[2])) for part in parts if (match := _LINE.fullmatch(part)))
    links = frozenset(match[1] for part in parts if (match := _LINK.fullmatch(part)))
    words = frozenset(part for part in parts if not _LINE.fullmatch(part) and not _LINK.fullmatch(part))
    return Absent(target, words, shown=Shown(lines, links) if links else None)
