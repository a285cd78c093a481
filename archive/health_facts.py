"""What the rules of health look at: the crawl's runs, its stored bytes, notices and audits, read from `archive.db`."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.check_schedule import Past, past_audits
from archive.health_terms import moment
from archive.warc import serial_of

_SUCCESS = ("finished", "limit")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the crawl. `stored` are the bytes it added to the WARC files."""

    id: int
    started: datetime
    finished: datetime | None
    outcome: str
    fetched: int
    new: int
    failed: int

    @property
    def is_success(self) -> bool:
        return self.outcome in _SUCCESS and self.finished is not None

    @property
    def ended(self) -> datetime:
        return self.finished or self.started


@dataclass(frozen=True, slots=True)
class Notice:
    """A site's condition, and when it was stated."""

    site: str
    text: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: the files it took (None: all up to `through`), and whether it found damage."""

    at: datetime
    names: frozenset[str] | None
    through: str
    database: bool
    failed: bool
    found: str

    def takes(self, name: str) -> bool:
        if self.names is not None:
            return name in self.names
        return bool(self.through) and serial_of(name) <= serial_of(self.through)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, in the order of time."""

    runs: tuple[Run, ...]
    notices: tuple[Notice, ...]
    audits: tuple[Audit, ...]
    backups: tuple[datetime, ...]  # that were made whole
    past: Past
    files: tuple[str, ...]
    newest_capture: datetime | None  # of the newest run
    stored_since_harvest: tuple[datetime, int] | None  # (since when, bytes)


def read_facts(db: sqlite3.Connection, since: datetime) -> Facts:
    """Reads all that the rules need, but for single pages. Growth is measured from `since`, or from the end of the
    first complete harvest, whichever is later."""
    runs = tuple(
        Run(id_, moment(started), moment(finished) if finished else None, outcome, fetched, new, failed)
        for id_, started, finished, outcome, fetched, new, failed in db.execute(
            "SELECT id, started_at, finished_at, outcome, fetched, new, failed FROM runs WHERE kind = 'crawl'"
            " ORDER BY id"
        )
    )
    newest = db.execute(
        "SELECT fetched_at FROM captures WHERE run_id = ? ORDER BY id DESC LIMIT 1", (runs[-1].id if runs else 0,)
    ).fetchone()
    return Facts(
        runs,
        _notices(db),
        _audits(db),
        _backups(db),
        past_audits(db),
        tuple(name for (name,) in db.execute("SELECT name FROM warc_files ORDER BY name")),
        moment(newest[0]) if newest else None,
        _stored(db, runs, since),
    )


def after_harvest(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs after the first that went through the whole site: until then every article is new."""
    first = next((place for place, run in enumerate(runs) if run.outcome == "finished"), len(runs))
    return runs[first + 1 :]


def _notices(db: sqlite3.Connection) -> tuple[Notice, ...]:
    rows = db.execute("SELECT site, notice, first_seen, last_seen FROM sources ORDER BY first_seen, id")
    return tuple(Notice(site, text, moment(first), moment(last)) for site, text, first, last in rows)


def _audits(db: sqlite3.Connection) -> tuple[Audit, ...]:
    audits = []
    for at, outcome, text in db.execute(
        "SELECT at, outcome, detail FROM events WHERE type = 'checked' ORDER BY at, id"
    ):
        detail = json.loads(text)
        found = ", ".join(f"{count} {code}" for code, count in dict(detail.get("found") or {}).items())
        names = None if "through" in detail else frozenset(detail.get("names", ()))
        failed = outcome == "failure"
        audits.append(Audit(moment(at), names, detail.get("through", ""), bool(detail.get("database")), failed, found))
    return tuple(audits)


def _backups(db: sqlite3.Connection) -> tuple[datetime, ...]:
    rows = db.execute("SELECT at FROM events WHERE type = 'backed-up' AND outcome = 'success' ORDER BY at, id")
    return tuple(moment(at) for (at,) in rows)


def _stored(db: sqlite3.Connection, runs: tuple[Run, ...], since: datetime) -> tuple[datetime, int] | None:
    later = after_harvest(runs)
    counted = [run for run in later if run.started >= since]
    if not counted:
        return None
    (size,) = db.execute(
        "SELECT coalesce(sum(warc_length), 0) FROM captures WHERE run_id >= ?", (counted[0].id,)
    ).fetchone()
    return counted[0].started, int(size)
