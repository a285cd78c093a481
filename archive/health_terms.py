"""The words of health: levels as monitoring systems count them, findings of rules, and the thresholds they go by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """How bad it is; the number is the exit code (Monitoring Plugins Development Guidelines, "Plugin Return Codes")."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        return self.name.lower()


# Each rule and what it watches. The documentation is written from this.
RULES: dict[str, str] = {
    "runs": "no run has ended well for `health.stale_hours`; one that goes on and captures counts as well. A first run "
    "that could crawl nothing is told at once",
    "unfinished": "a run was left unfinished by a kill or a power cut, or goes on and has captured nothing for "
    "`health.hung_hours`",
    "news": "no new article for longer than this site is wont to be quiet: `health.quiet_factor` times the gap that 95 "
    "of 100 gaps of the last year stay within, at least `health.quiet_days`; only time that runs watched counts",
    "failures": "the share of addresses that could not be fetched jumped",
    "refusals": "the share of articles' addresses that gave no article jumped",
    "redesign": "articles seen again lost what they had (byline, captions, photos, half their text), or records that "
    "are new or changed lack such parts, or are doubtful, far more often than before",
    "notice": "the site states another condition for reuse than before, and than `source.notice`",
    "audit": "an audit found damage that no later one has found gone, or `audit.every_days` are over by a quarter",
    "backup": "with `schedule.backup_to`: no backup was made for 26 hours more than lie between two of them (50 for a "
    "nightly one; thrice that is critical)",
    "disk": "at the growth of the last 30 days the disk is full within `health.disk_days`, or a run cannot start",
    "clock": "runs or audits in the future: the clock was, or is, wrong",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says. `reason` is for people; `advice` says what to do, where something is to be done; `figures`
    are what it rests on, as JSON values."""

    rule: str
    level: Level
    reason: str
    advice: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as too long, too many or too little; the section `[health]` of the config says what each means."""

    stale_hours: float = 50.0
    stale_hours_critical: float = 120.0
    hung_hours: float = 6.0
    quiet_days: float = 14.0
    quiet_factor: float = 2.0
    baseline_days: float = 30.0
    least_pages: int = 8
    jump_points: float = 25.0
    jump_chance: float = 0.00001
    disk_days: float = 30.0
    disk_days_critical: float = 7.0
    min_free_bytes: int = 64_000_000
    audit_days: int = 30
    backup_every_hours: float | None = None  # None: no backup is scheduled
    notice: str = ""
    off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was last said of a rule: its level, since when, and up to when a person has taken it as it is."""

    level: Level = Level.OK
    since: datetime | None = None
    accepted: datetime | None = None


def moment(text: str) -> datetime:
    """A time of the database: UTC, ISO 8601."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    """A time as the database writes it, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def span(hours: float) -> str:
    """A time span for people: `5 h`, `3.5 days`."""
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.1f} days"
