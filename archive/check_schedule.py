"""Which WARC files a partial audit takes, from when each was last audited: so that everything is audited in time.

When a file was last audited stands in the `checked` events: one an audit, which names the newest file of an audit of
everything (`through`), or the files of a partial one (`names`).
"""

import json
import math
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from archive.warc import serial_of

_STAMP = re.compile(r"-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z")
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Which:
    """What to audit; everything unless something is asked for.

    `sample`: so many files, those longest unaudited. `since`: files that hold records of this day (ISO) or later.
    `due_within`: what must be audited now for everything to be audited within so many days.
    """

    sample: int | None = None
    since: str | None = None
    due_within: int | None = None


EVERYTHING = Which()


@dataclass(slots=True)
class Past:
    """When each file was last audited, when archive.db was, and when the newest audit was."""

    files: dict[str, datetime] = field(default_factory=dict)
    through: list[tuple[datetime, int]] = field(default_factory=list)  # audits of all files up to a serial number
    database: datetime = _NEVER
    newest: datetime = _NEVER

    def of(self, name: str) -> datetime:
        whole = max((at for at, serial in self.through if serial >= serial_of(name)), default=_NEVER)
        return max(whole, self.files.get(name, _NEVER))


def past_audits(db: sqlite3.Connection) -> Past:
    """Reads the `checked` events, newest first, back to an audit of everything and of the database."""
    past = Past()
    for at, text in db.execute("SELECT at, detail FROM events WHERE type = 'checked' ORDER BY at DESC, id DESC"):
        moment, detail = datetime.fromisoformat(at), json.loads(text)
        past.newest = max(past.newest, moment)
        if detail.get("database"):
            past.database = max(past.database, moment)
        for name in detail.get("names", ()):
            past.files.setdefault(name, moment)
        if "through" in detail:
            past.through.append((moment, serial_of(detail["through"])))
            if past.database != _NEVER:
                break
    return past


def choose(which: Which, names: list[str], past: Past, now: datetime) -> tuple[list[str], bool]:
    """The files to audit, and whether archive.db is to be audited too. `names` are in the order they were written."""
    if which.since is not None:
        names = _since(names, which.since)
    if which.due_within is not None:
        names = _due(names, past, now, which.due_within)
        return names, now - past.database >= timedelta(days=which.due_within) * 0.5
    if which.sample is not None:
        names = _longest_unaudited(names, past)[: which.sample]
        return sorted(names, key=serial_of), False
    return names, which.since is None


def _longest_unaudited(names: list[str], past: Past) -> list[str]:
    return sorted(names, key=lambda name: (past.of(name), serial_of(name)))


def _due(names: list[str], past: Past, now: datetime, days: int) -> list[str]:
    """A share of the files as large as the time since the last audit is of the days there are, longest unaudited
    first; and whatever would be late before half as much time again has passed."""
    waited = min(max(now - past.newest, timedelta(0)), timedelta(days=days))
    share = math.ceil(len(names) * (waited / timedelta(days=days)))
    late = now - timedelta(days=days) + waited * 1.5
    ordered = _longest_unaudited(names, past)
    overdue = sum(1 for name in ordered if counts_from(name, past) <= late)
    return sorted(ordered[: max(share, overdue)], key=serial_of)


def counts_from(name: str, past: Past) -> datetime:
    """A file that was never audited is due so many days after it was begun."""
    return max(past.of(name), _begun(name))


def _begun(name: str) -> datetime:
    match = _STAMP.search(name)
    try:
        return datetime(*map(int, match.groups()), tzinfo=UTC) if match else _NEVER  # type: ignore[misc,arg-type]
    except ValueError:
        return _NEVER


def _since(names: list[str], day: str) -> list[str]:
    """A file holds what came between its beginning and the next one's."""
    first = datetime.fromisoformat(day).replace(tzinfo=UTC)
    ends = [_begun(name) for name in names[1:]]
    return [name for name, end in zip(names, [*ends, datetime.max.replace(tzinfo=UTC)], strict=False) if end >= first]
