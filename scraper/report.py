"""What a run did: counted while it goes on, shown at its end, printed by `crawl --json`."""

from dataclasses import dataclass, field

from archive.records import RefusalReason
from archive.store import RunCounts

_MOST_CUTS = 1000
# Refusals of an answer that stands in for a page.
_NO_PAGE = frozenset(
    (
        RefusalReason.HTTP_STATUS,
        RefusalReason.EMPTY,
        RefusalReason.UNDECODABLE,
        RefusalReason.NOT_FOUND,
        RefusalReason.CHALLENGE,
    )
)


@dataclass(slots=True)
class HostReport:
    """What was asked of one host, and how it answered. `requests` counts tries again and robots.txt too; times are from
    a request to its whole answer; `delay_seconds` is the pause that was last kept."""

    requests: int = 0
    failed: int = 0
    bytes: int = 0
    median_seconds: float | None = None
    worst_seconds: float | None = None
    delay_seconds: float = 0.0
    waiting: int = 0
    rested: str = ""


@dataclass(slots=True)
class Report:
    """What a run did; also what `crawl --json` prints. Counts are pages, but for `media`, `requests`, `bytes`, `saved`.

    `sitemaps` counts lists for machines that were read; `cut` says what of lists was left out because of a limit, the
    first thousand times. `not_modified` answers were 304, and spared `saved` bytes; `identical` ones brought a payload
    that is kept already. `rested` says of each host that was left alone for the rest of the run why it was.
    """

    run: int = 0
    outcome: str = "running"
    started_at: str = ""
    finished_at: str = ""
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    aliases: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    media: int = 0
    sitemaps: int = 0
    bytes: int = 0
    not_modified: int = 0
    identical: int = 0
    saved: int = 0
    waiting: int = 0
    traps: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    without_notice: int = 0
    understood: dict[str, int] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    requests: int = 0
    hosts: dict[str, HostReport] = field(default_factory=dict)
    rested: dict[str, str] = field(default_factory=dict)
    reopened: list[str] = field(default_factory=list)

    def count(self, what: str, name: str) -> None:
        """Counts one page in `refused`, `failed` or `skipped`, by reason."""
        counts: dict[str, int] = getattr(self, what)
        counts[name] = counts.get(name, 0) + 1

    @property
    def had(self) -> int:
        """How many pages of the site came: not what the server answered in place of one, nor where it led elsewhere."""
        came = sum(count for reason, count in self.refused.items() if reason.split()[0] not in _NO_PAGE)
        return self.new + self.changed + self.unchanged + self.aliases + came

    @property
    def is_partial(self) -> bool:
        """Whether pages are left that this run was to ask for, or that did not come."""
        left = any(figures.rested and figures.waiting for figures in self.hosts.values())
        return bool(left or self.failed or self.refused.get(RefusalReason.CHALLENGE))

    def problem(self, text: str) -> None:
        """Keeps a problem for people to read; the first fifty."""
        if len(self.problems) < 50:
            self.problems.append(text)

    def cut_off(self, text: str) -> None:
        """Keeps what was left out because of a limit: also a problem, and an event of the log."""
        if len(self.cut) < _MOST_CUTS:
            self.cut.append(text)
        self.problem(text)

    def counts(self) -> RunCounts:
        """The numbers kept in `runs`."""
        return RunCounts(
            self.fetched,
            self.new,
            self.changed,
            self.unchanged,
            self.aliases,
            sum(self.refused.values()),
            sum(self.failed.values()),
            self.media,
            self.bytes,
            self.not_modified,
            self.identical,
            self.saved,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """What one answer came to, for whoever shows progress. `waiting` is how many addresses are still queued."""

    url: str
    what: str
    report: Report
    waiting: int
