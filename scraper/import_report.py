"""What an import did, or would do: counted while it goes on, shown at its end, printed by `import --json`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from archive.records import Refusal, RefusalReason
from archive.revisions import Change
from archive.store import RunCounts
from scraper.derive import Taken
from scraper.imported import Passed

_MOST_TOLD = 50


@dataclass(slots=True)
class ImportedFile:
    """One file that was named. `damaged` counts places where a record was not whole."""

    name: str
    bytes: int
    sha256: str
    records: int = 0
    damaged: int = 0


@dataclass(slots=True)
class ImportReport:
    """What an import did. `seen` counts the records of the files, whole or not; each was taken or passed over.

    `pages` and `media` are of those taken; `new` to `refused` say what the pages were; `identical` ones have a payload
    that was there already. `queued` addresses were found that the next crawl will ask for.
    """

    dry_run: bool = False
    run: int | None = None
    outcome: str = "running"
    started_at: str = ""
    finished_at: str = ""
    files: list[ImportedFile] = field(default_factory=list)
    seen: int = 0
    taken: int = 0
    pages: int = 0
    media: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    aliases: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    not_modified: int = 0
    identical: int = 0
    queued: int = 0
    repaired: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def damaged(self) -> bool:
        """Whether anything in the files was not as it should be."""
        return bool(self.problems)

    def problem(self, text: str) -> None:
        """Keeps a problem for people to read; the first fifty."""
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(text)
        elif len(self.problems) == _MOST_TOLD:
            self.problems.append("… and more; the counts say how many")

    def pass_over(self, why: Passed, count: int = 1) -> None:
        """Counts records that are not taken."""
        self.passed[str(why)] = self.passed.get(str(why), 0) + count

    def refuse(self, reason: str) -> None:
        """Counts a page that was taken and is no article."""
        self.refused[reason] = self.refused.get(reason, 0) + 1

    def count(self, taken: Taken) -> None:
        """Counts what a response came to once it was worked in."""
        outcome = taken.reading.outcome if taken.reading else None
        if isinstance(outcome, Refusal):
            detail = outcome.detail if outcome.reason is RefusalReason.HTTP_STATUS else ""
            self.refuse(f"{outcome.reason} {detail}".strip())
        elif taken.change is Change.REFUSED:
            self.refuse(str(RefusalReason.NOT_FOUND))
        elif taken.change is Change.NEW:
            self.new += 1
        elif taken.change is Change.CHANGED:
            self.changed += 1
        elif taken.change is Change.ALIAS:
            self.aliases += 1
        elif taken.change is Change.UNCHANGED:
            self.unchanged += 1

    def counts(self) -> RunCounts:
        """The numbers kept in `runs`."""
        return RunCounts(
            fetched=self.pages,
            new=self.new,
            changed=self.changed,
            unchanged=self.unchanged,
            aliases=self.aliases,
            refused=sum(self.refused.values()),
            media=self.media,
            bytes=self.bytes,
            not_modified=self.not_modified,
            identical=self.identical,
        )

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportStep:
    """For whoever shows progress: reading the files (`total` is None), or working in what was found."""

    done: int
    total: int | None
    report: ImportReport
