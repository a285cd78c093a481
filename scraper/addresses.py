"""What the crawl knows of an address: its kind, the states it passes through, and what is found, claimed and answered.

The frontier keeps these; whoever finds, plans or asks for addresses speaks in them.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset((State.LEASED, State.SKIPPED)),
    State.LEASED: frozenset((State.DONE, State.FAILED, State.SKIPPED, State.QUEUED)),
    State.DONE: frozenset((State.QUEUED,)),
    State.FAILED: frozenset((State.QUEUED,)),
    State.SKIPPED: frozenset((State.QUEUED,)),
}


class Kind(StrEnum):
    """What an address is asked for as. A page's kind becomes clearer once it was read. A sitemap is any list for
    machines; a probe asks for what cannot exist."""

    START = "start"
    PROBE = "probe"
    SITEMAP = "sitemap"
    MEDIA = "media"
    LISTING = "listing"
    ARTICLE = "article"
    PAGE = "page"

    @property
    def is_page(self) -> bool:
        """Whether it counts as a page, in reports and limits."""
        return self not in (Kind.PROBE, Kind.SITEMAP, Kind.MEDIA)


@dataclass(frozen=True, slots=True)
class Found:
    """An address to add. `hops` counts redirects on the way to it; `pattern` and `family` are those of urls.py.

    `listed`: an article's address that stands on a listing, which a trap closed elsewhere must not swallow.
    """

    url: str
    host: str
    kind: Kind
    pattern: str
    page_number: int | None = None
    hops: int = 0
    family: str | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed address."""

    id: int
    url: str
    host: str
    kind: Kind
    pattern: str
    page_number: int | None
    hops: int
    interval: float | None
    first_time: bool
    family: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a claimed address came to: when it is due again (None: never), and what was learned of it."""

    status: int
    kind: Kind
    due_at: float | None
    interval: float | None
    run: int
    reason: str | None = None
    links_digest: str | None = None
