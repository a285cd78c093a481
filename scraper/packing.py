"""What goes between the processes of a rebuild: pages one way, readings the other, as plain values, since to copy
dataclasses field by field costs more than to read a short page.

An article goes as the JSON that its record is kept as, with its digest and what it is found by, so that the one writer
need make none of these.
"""

from operator import attrgetter
from typing import Any

from archive.fulltext import found_by
from archive.records import Article, Capture, article_from_json
from archive.warc import StoredExchange
from scraper.extract import Reading

_OF_CAPTURE = attrgetter(*Capture.__slots__)
Packed = tuple[Any, ...]


def pack_page(stored: StoredExchange) -> Packed:
    """A page, for `unpack_page`."""
    return _OF_CAPTURE(stored.capture), stored.headers, stored.body, stored.refers_to


def unpack_page(packed: Packed) -> StoredExchange:
    """The page that was packed."""
    capture, *rest = packed
    return StoredExchange(Capture(*capture), *rest)


def pack_reading(reading: Reading, *, traits: bool) -> Packed:
    """A reading without its page; with what the page lends to learning the frame, if that is wanted."""
    outcome: Any = reading.outcome
    if isinstance(outcome, Article):
        text, _, _ = outcome.to_json(), outcome.content_sha256, found_by(outcome)
        outcome = (text, {name: made for name, made in outcome.said.items() if name != "json"})
    return outcome, reading.notice, reading.postings, reading.traits() if traits else None


def unpack_reading(packed: Packed) -> Reading:
    """The reading that was packed."""
    outcome, notice, postings, lent = packed
    if isinstance(outcome, tuple):
        outcome = article_from_json(*outcome)
    return Reading(outcome, notice, postings, lent=lent)
