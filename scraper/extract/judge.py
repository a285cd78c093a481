"""Is this page an article at all? If not, why not. Pure.

Two marks make an article: the number that ends its address, and the view counter below its title (site facts: each of
the eleven pages read has both). One is enough when the rest agrees; without either a page is refused, whatever it says.
"""

from archive.records import Refusal, RefusalReason
from scraper.extract import vocabulary as words
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.region import Region
from scraper.extract.title import is_prose
from scraper.urls import page_number_of, parts_of, site_id_of
from scraper.urls import words_of as url_words

_HOME = frozenset(("", "/", "/index.html", "/index.htm", "/index.php", "/default.aspx", "/home", "/trang-chu"))
_SIGNATURES = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x7fELF",
)
_HTML_TYPES = frozenset(("", "text/html", "application/xhtml+xml", "application/html"))
_ITEMS_OF_A_LISTING = 3
_LEAST_TEXT = 80  # characters; a page of this site has more in its frame alone
_NAMED_TWICE = 0.95  # the confidence of a title that the address and another mark name exceeds it
_LEAST_WHOLE = 160  # characters
_LONGEST_LABEL = 60  # characters
_ANSWERS = 2
_MOST_TAGS = 2_000_000


def refuse_bytes(body: bytes, content_type: str | None, url: str) -> Refusal | None:
    """What bytes and headers alone tell: empty, not HTML, a file of another kind."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not body or body.isspace():
        return Refusal(url, RefusalReason.EMPTY)
    if kind not in _HTML_TYPES:
        return Refusal(url, RefusalReason.NOT_HTML, f"content type {kind}")
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if body.startswith(_SIGNATURES) or (b"\x00" in body[:1024] and not wide and not _is_wide(body)):
        return Refusal(url, RefusalReason.BINARY)
    if len(body) > _MOST_TAGS and body.count(b"<") > _MOST_TAGS:
        return Refusal(url, RefusalReason.TOO_COMPLEX, f"more than {_MOST_TAGS:,} tags")
    if not wide and b"<" not in body[: 1 << 16] and not _is_wide(body):
        return Refusal(url, RefusalReason.NOT_HTML, "no markup in it")
    return None


def _is_wide(body: bytes) -> bool:
    """Whether the bytes look like UTF-16 without a BOM: every other one of the first is zero."""
    first = body[:200]
    even, odd = first[0::2].count(0), first[1::2].count(0)
    return len(first) > 20 and max(even, odd) > 0.4 * len(first) and min(even, odd) < 0.1 * len(first)


def refuse_place(url: str) -> Refusal | None:
    """What the address alone tells."""
    if parts_of(url).path.lower() in _HOME:
        return Refusal(url, RefusalReason.HOME)
    return None


def refuse_page(page: Lines, url: str, region: Region | None, counters: int) -> Refusal | None:
    """What the page's lines tell, before fields are read. `counters` is how many view counters it shows."""
    lines = page.lines
    has_id = site_id_of(url) is not None
    # An article's own counter follows its own title; more of them may stand in lists of related items.
    own = has_id and region is not None and region.counted and region.title.rule != "counter"
    if not own and (counters > _ITEMS_OF_A_LISTING or (not has_id and counters > 1)):
        return Refusal(url, RefusalReason.LISTING, f"{counters} view counters")
    if words.is_search(url_words(url), region.title.text if region else "") and not own:
        return Refusal(url, RefusalReason.SEARCH)
    if region is None:
        return _refuse_untitled(lines, url)
    inside = [lines[i] for i in range(region.start, region.end) if i not in region.dropped]
    items = [line for line in inside if _is_item(line)]
    prose = [line for line in inside if is_prose(line)]
    if not has_id and any(_is_item(line, parts_of(url).path) for line in lines):
        return Refusal(url, RefusalReason.LISTING, "items of its own")
    if page_number_of(url) is not None and not region.counted:
        return Refusal(url, RefusalReason.LISTING, "a numbered page")
    if not region.counted and region.ended_by == "links" and not _is_whole(region, items, prose):
        return Refusal(url, RefusalReason.LISTING, "titles of articles below")
    if not region.counted and len(items) >= _ITEMS_OF_A_LISTING and len(items) >= 0.6 * len(prose):
        return Refusal(url, RefusalReason.LISTING, f"{len(items)} linked items")
    if (not region.counted or region.title.rule == "counter") and _says_not_found(region.title.text, inside, prose):
        return Refusal(url, RefusalReason.NOT_FOUND)
    if not prose and all(line.kind is LineKind.TEXT for line in inside):
        texts = [line.text for line in inside]
        if texts and all(map(words.LOADING.match, texts)):
            return Refusal(url, RefusalReason.EMPTY_SHELL)
        if texts and all(map(words.NOTHING_YET.match, texts)):
            return Refusal(url, RefusalReason.LISTING, "no items yet")
    if not region.counted:
        return _refuse_uncounted(region, url, inside, prose)
    return None


def _is_whole(region: Region, items: list[Line], prose: list[Line]) -> bool:
    """Whether what stands above a list of titles is an article rather than what introduces the list: several marks name
    its title, and it says more than an introduction does."""
    named = region.title.rule == "address" and region.title.confidence > _NAMED_TWICE
    return named and not items and len(prose) > 1 and sum(len(line.text) for line in prose) >= _LEAST_WHOLE


def _refuse_uncounted(region: Region, url: str, inside: list[Line], prose: list[Line]) -> Refusal | None:
    """Without a view counter, only an address that spells the title and ends in a number makes an article."""
    if words.asks_visitor(region.title.text, [line.text for line in inside]) or _asks_a_person(inside, prose):
        return Refusal(url, RefusalReason.FORM)
    if site_id_of(url) is None:
        return Refusal(url, RefusalReason.NO_ARTICLE_MARKS)
    if region.title.rule not in ("address", "head-alone", "profile"):
        return Refusal(url, RefusalReason.NO_ARTICLE_MARKS, "no view counter, and the address spells another title")
    return None


def _says_not_found(title: str, inside: list[Line], prose: list[Line]) -> bool:
    """Whether a page without much to say says that there is no such page."""
    said = [title, *(line.text for line in inside[:6])]
    return sum(len(line.text) for line in prose) < 600 and any(words.NOT_FOUND.search(text) for text in said)


def _refuse_untitled(lines: list[Line], url: str) -> Refusal:
    texts = [line for line in lines if line.kind is LineKind.TEXT]
    if sum(len(line.text) for line in texts) < _LEAST_TEXT:
        return Refusal(url, RefusalReason.EMPTY_SHELL)
    if any(words.NOT_FOUND.search(line.text) for line in texts if len(line.text) <= 200):
        return Refusal(url, RefusalReason.NOT_FOUND)
    if any(words.LOADING.match(line.text) for line in texts):
        return Refusal(url, RefusalReason.EMPTY_SHELL)
    if sum(1 for line in texts if _is_item(line, "/")) >= _ITEMS_OF_A_LISTING and site_id_of(url) is None:
        return Refusal(url, RefusalReason.LISTING)
    if words.asks_visitor(texts[0].text, [line.text for line in texts]):
        return Refusal(url, RefusalReason.FORM)
    return Refusal(url, RefusalReason.NO_TITLE)


def _is_item(line: Line, below: str = "") -> bool:
    """Whether a line is a linked title of an article; with `below`, of one whose address goes on from that path."""
    if line.kind is not LineKind.TEXT or (line.linked <= 0.7 and not below):
        return False
    return any(
        site_id_of(link.href) is not None
        and (not below or f"/{parts_of(link.href).path.lstrip('/')}".startswith(f"{below.rstrip('/')}/"))
        for link in line.links
    )


def _asks_a_person(inside: list[Line], prose: list[Line]) -> bool:
    """Whether lines are the labels of fields to fill in, or the outcome of a poll."""
    if prose:
        return False
    labels = [line.text for line in inside if len(line.text) <= _LONGEST_LABEL and not line.text.endswith(".")]
    voted = sum(1 for text in labels if words.VOTES.search(text))
    return any(map(words.PERSON_ASKED.search, labels)) or (voted >= _ANSWERS and 2 * voted >= len(inside))
