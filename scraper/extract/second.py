"""trafilatura as the second opinion: its text only, since on these pages its metadata date is wrong and never "none".

It stands in where an article is certain but our own reading found no body, and it is compared with ours where a record
is doubtful and on a sample of the rest. General extractors fail on many of these pages (layout tables give them no
paragraph, captions and the footer count as text), so only a strong disagreement means anything. Imported when needed:
it takes half a second to load.
"""

from collections import Counter
from dataclasses import dataclass

from archive.records import Article
from scraper.extract.text import clean, key

_LONGEST = 2_000_000  # characters of markup
_ENOUGH = 400  # characters of a text before a comparison says anything
_SHARED = 0.5
_MUCH_MORE = 0.6


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two readings of one page agree, in words: the share of our body that trafilatura has too, and how much of its
    text is nowhere in our record, as a share of our body. `strong` tells a disagreement worth a person's look."""

    ours_shared: float
    theirs_more: float
    strong: bool
    paragraphs: tuple[str, ...]


def second_opinion(html: str, *, fast: bool = False) -> tuple[str, ...]:
    """Paragraphs of the main text as trafilatura sees it; empty when it sees none, or is not asked for the page's size:
    its time and memory grow faster than that. `fast` asks its own rules alone, none of the extractors it falls back on,
    in half the time."""
    if is_too_long(html):
        return ()
    from trafilatura import extract as trafilatura_extract

    text = trafilatura_extract(html, include_comments=False, include_tables=False, favor_precision=True, fast=fast)
    return tuple(filter(None, map(clean, (text or "").splitlines())))


def is_too_long(html: str) -> bool:
    """Whether a page is too long for a second opinion."""
    return len(html) > _LONGEST


def compare(article: Article, html: str) -> Comparison:
    """Compares a record with what trafilatura reads on its page."""
    paragraphs = second_opinion(html, fast=True)
    body, theirs = _words(article.body), _words(paragraphs)
    cells = [cell for table in article.tables for row in table for cell in row]
    beside = [article.title, article.kicker, article.byline, article.affiliation, *cells]
    beside += [photo.caption for photo in article.photos] + [attachment.label for attachment in article.attachments]
    known = body + _words(tuple(text for text in beside if text)) + _words((article.title,))  # the title comes twice
    length = max(body.total(), 1)
    shared = (body & theirs).total() / length
    more = (theirs - known).total() / length
    ours, other = sum(map(len, article.body)), sum(map(len, paragraphs))
    missed = ours >= _ENOUGH and other >= _ENOUGH and shared < _SHARED
    added = other >= _ENOUGH and more > max(_MUCH_MORE, _ENOUGH / max(ours, 1))
    return Comparison(round(shared, 3), round(more, 3), missed or added, paragraphs)


def _words(texts: tuple[str, ...]) -> Counter[str]:
    return Counter(word for text in texts for word in key(text).split())
