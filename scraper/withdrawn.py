"""What deriving has to know of withdrawn articles: which pages are theirs, and what stands in for removed ones.

A page at an address of a withdrawn article, or one with its number, or the same text under an address without a number,
derives to the refusal `withdrawn`. Lines that other pages share with it (its title in their sidebars) go on being
frame, by their digests.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from archive.records import Article, Capture, Refusal, RefusalReason
from archive.removed import Learned, learned_with, take_removed
from archive.store import LEAST_BODY_FOR_CONTENT_MATCH, Store
from archive.veil import veiled
from archive.warc import StoredEvent
from archive.withdrawal import Withheld, withdraw, withheld
from scraper.addresses import Kind
from scraper.extract import Reading
from scraper.extract.frame import Traits
from scraper.urls import host_of, site_id_of


class Withdrawn:
    """The withdrawn articles of one archive, as its deriver sees them."""

    def __init__(self, store: Store, warc_folder: Path) -> None:
        self._store, self._warc_folder = store, warc_folder
        self._withheld: Withheld = withheld(store.db)

    def take(self, event: StoredEvent) -> None:
        """Works the event `withdrawn` in. Within the caller's transaction."""
        withdraw(self._store, event.data)
        self._withheld = withheld(self._store.db)

    def take_removed(self, event: StoredEvent, run_id: int | None, frame_id: int | None) -> None:
        """Works the event `capture-removed` in: see `archive.removed.take_removed`."""
        take_removed(self._store, event, run_id, frame_id)

    def is_address(self, url: str) -> bool:
        """Whether an address is that of a withdrawn article."""
        return bool(self._withheld) and is_withheld(self._withheld, url)

    def judged(self, reading: Reading) -> Reading:
        """A reading, with the refusal in place of a record that is a withdrawn article's."""
        article = reading.outcome
        if not self._withheld or not isinstance(article, Article) or not self._is_of(article):
            return reading
        return replace(reading, outcome=Refusal(article.url, RefusalReason.WITHDRAWN, article.content_sha256))

    def _is_of(self, article: Article) -> bool:
        if self.is_address(article.url) or (article.site, article.site_id) in self._withheld.numbers:
            return True
        if sum(map(len, article.body)) < LEAST_BODY_FOR_CONTENT_MATCH:
            return False
        urls = self._store.db.execute(
            "SELECT c.url FROM derivations d JOIN captures c ON c.id = d.capture_id"
            " WHERE d.refusal = 'withdrawn' AND d.content_sha256 = ?",
            (article.content_sha256,),
        ).fetchall()
        own = article.site_id is None
        return any(host_of(url) == article.site and (own or site_id_of(url) is None) for (url,) in urls)

    def veiled(self, traits: Traits) -> Traits:
        """What a page lends to learning, with the digest in place of lines that are withheld."""
        digests = self._withheld.lines
        if not digests:
            return traits
        names = ("outside", "alike", "apart", "inner", "edges")
        return replace(traits, **{name: veiled(getattr(traits, name), digests) for name in names})  # type: ignore[arg-type]

    def learned(self, site: str) -> Learned | None:
        """See `archive.removed.learned_with`."""
        return learned_with(self._store, self._warc_folder, site)


def is_withheld(known: Withheld, url: str) -> bool:
    """Whether an address is one of a withdrawn article's, or ends in its number on its site."""
    number = site_id_of(url)
    return url in known.addresses or (number is not None and (host_of(url), number) in known.numbers)


def refusal_of(capture: Capture) -> Reading:
    """What a capture at an address of a withdrawn article reads as: nothing is read."""
    return Reading(Refusal(capture.url, RefusalReason.WITHDRAWN))


def withholding(store: Store) -> Callable[[str, Kind, str], bool]:
    """What `Frontier.withhold` asks: an address of a withdrawn article, or a file found on one that no other article
    shows or offers."""
    known = withheld(store.db)

    def is_left_out(url: str, kind: Kind, found_on: str) -> bool:
        if not known:
            return False
        if kind is not Kind.MEDIA:
            return is_withheld(known, url)
        return is_withheld(known, found_on) and not store.one(
            "SELECT 1 FROM photos WHERE url = ?1 UNION SELECT 1 FROM attachments WHERE url = ?1", url
        )

    return is_left_out
