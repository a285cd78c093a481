"""What an import tells the frontier, so that the next crawl neither asks for everything again nor misses anything.

A page that was taken is known: due again when one that a crawl fetched on its date would be. So a recent capture
spares a request, and an old one is asked for, with its validators, at the next crawl. Where it leads, and the photos
and files of articles that the import did not hold, are queued. Nothing here closes a trap: in what order others crawled
says nothing.
"""

from collections.abc import Callable
from datetime import datetime

from archive.records import Article, RefusalReason
from archive.store import Store
from scraper.addresses import Answer, Found, Item, Kind
from scraper.config import Config
from scraper.derive import Taken
from scraper.frontier import Frontier
from scraper.links import find_links
from scraper.revisit import next_interval
from scraper.traps import LISTS, found_at, found_on
from scraper.urls import Scope, host_of, may_follow, page_number_of, pattern_of

_FOUND_ON = "import"
# Refusals whose page is no answer: a crawl would ask again.
_NO_ANSWER = (
    RefusalReason.EMPTY,
    RefusalReason.UNDECODABLE,
    RefusalReason.TRUNCATED,
    RefusalReason.CHALLENGE,
)


class Seeding:
    """Tells one frontier. `withheld` says of (address, kind, where it was found) whether it is a withdrawn article's:
    such ones are not queued (see `withdrawn.withholding`)."""

    def __init__(
        self, config: Config, scope: Scope, frontier: Frontier, withheld: Callable[[str, Kind, str], bool]
    ) -> None:
        self._config, self._scope, self._frontier, self._withheld = config, scope, frontier, withheld

    def follow(self, taken: Taken) -> int:
        """Queues where a page leads, and the media of an article; returns how many addresses were new."""
        reading = taken.reading
        if reading is None or reading.page is None or taken.capture.status != 200:
            return 0
        url, at = taken.capture.url, _seconds(taken.capture.fetched_at)
        item = Item(0, url, host_of(url), Kind.PAGE, pattern_of(url), page_number_of(url), 0, None, True)
        found: list[Found] = []
        if not taken.nofollow:
            links = (link for link in find_links(reading.page, self._scope) if link != url)
            found = [found_on(item, reading.outcome, link) for link in links]
        if isinstance(reading.outcome, Article) and self._config.crawl.fetch_media:
            article = reading.outcome
            media = [photo.url for photo in article.photos] + [each.url for each in article.attachments]
            found += [found_at(each, Kind.MEDIA) for each in media if self._scope.allows_media(each)]
        found = [each for each in found if not self._withheld(each.url, each.kind, url)]
        return len(self._frontier.add(found, url, at))

    def make_known(self, store: Store) -> None:
        """Marks what imports have brought as asked for on its date, unless a crawl has asked for it since. Of all
        imports, so that one that was killed is made good by the next."""
        rows = store.db.execute(
            "SELECT c.url, c.role, max(c.fetched_at), c.run_id, d.article_id IS NOT NULL, d.refusal FROM captures c"
            " JOIN runs r ON r.id = c.run_id LEFT JOIN derivations d ON d.capture_id = c.id"
            " WHERE r.kind = 'import' AND c.status = 200 AND c.removed = 0 AND c.role IN ('page', 'media')"
            " GROUP BY c.url, c.role"
        ).fetchall()
        for url, role, fetched_at, run, is_article, refusal in rows:
            if role == "media":
                answer = Answer(200, Kind.MEDIA, None, None, run)
                self._frontier.add_known(found_at(url, Kind.MEDIA), _FOUND_ON, _seconds(fetched_at), answer)
            elif self._scope.allows_page(url) and may_follow(url) and refusal not in _NO_ANSWER:
                kind = Kind.ARTICLE if is_article else Kind.LISTING if refusal in LISTS else Kind.PAGE
                interval = next_interval(kind, changed=True, before=None, settings=self._config.revisit)
                due_at = None if interval is None else _seconds(fetched_at) + interval
                answer = Answer(200, kind, due_at, interval, run, None if is_article else refusal)
                self._frontier.add_known(found_at(url, kind), _FOUND_ON, _seconds(fetched_at), answer)


def _seconds(date: str) -> float:
    return datetime.fromisoformat(date).timestamp()
