"""What was done to an archive, when, by whom and with what outcome: the `events` table, in the manner of PREMIS 3.0.

An event has a type, a time, an agent (software and version, with the operator where there is one), an outcome, and the
object it was about. Events are coarse: one a run, an audit, an export. What was done to a single capture stands in
`captures` and `derivations`, and the view `capture_events` shows those rows in the same form.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class EventType(StrEnum):
    """What was done. The texts are in EVENT_MEANINGS."""

    CAPTURED = "captured"
    DERIVED = "derived"
    CHECKED = "checked"
    REPAIRED = "repaired"
    EXPORTED = "exported"
    PACKAGED = "packaged"
    IMPORTED = "imported"
    REBUILT = "rebuilt"
    MIGRATED = "migrated"
    BACKED_UP = "backed-up"
    WITHDRAWN = "withdrawn"
    DISAPPEARED = "disappeared"
    RETURNED = "returned"


EVENT_MEANINGS: dict[EventType, str] = {
    EventType.CAPTURED: "a run captured responses (PREMIS: capture)",
    EventType.DERIVED: "records were made, or made again, from captures (PREMIS: creation)",
    EventType.CHECKED: "a fixity audit (PREMIS: fixity check)",
    EventType.REPAIRED: "a file that a killed run left was cut back to its last whole record (PREMIS: modification)",
    EventType.EXPORTED: "records were written out (PREMIS: dissemination)",
    EventType.PACKAGED: "a package was made (PREMIS: information package creation)",
    EventType.IMPORTED: "captures that others made were taken in (PREMIS: ingestion)",
    EventType.REBUILT: "archive.db was made again from the WARC files (PREMIS: recovery)",
    EventType.MIGRATED: "archive.db was brought to a newer schema (PREMIS: migration)",
    EventType.BACKED_UP: "a copy of the archive was made (PREMIS: replication)",
    EventType.WITHDRAWN: "an article was withdrawn (PREMIS: deaccession)",
    EventType.DISAPPEARED: "an article's address has answered that there is nothing, over days",
    EventType.RETURNED: "an article that had disappeared was there again",
}


class EventOutcome(StrEnum):
    """How it ended."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


_HOW_RUNS_END = {
    "finished": EventOutcome.SUCCESS,
    "limit": EventOutcome.SUCCESS,
    "nothing-crawled": EventOutcome.FAILURE,
    "crashed": EventOutcome.FAILURE,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event as noted; `detail` is what its type has to say besides."""

    id: int
    type: str
    at: str
    agent: str
    target: str
    outcome: str
    detail: dict[str, Any]


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


def note_event(
    db: Executes,
    type_: EventType,
    at: str,
    agent: str,
    target: str,
    *,
    outcome: EventOutcome = EventOutcome.SUCCESS,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Adds an event. `at` is UTC, ISO 8601 with `Z`; `target` names the object: `archive`, a run (`run 3`), a file's
    name, an article's address. `detail` becomes a JSON object."""
    db.execute(
        "INSERT INTO events (type, at, agent, target, outcome, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (str(type_), at, agent, target, str(outcome), json.dumps(dict(detail or {}), ensure_ascii=False)),
    )


def events(
    db: Executes, *, only: str | None = None, since: str | None = None, target: str | None = None, limit: int = 20
) -> list[Event]:
    """The newest events first: of one type, at or after a time (or day), of one object, at most so many."""
    wanted = [("type = ?", only), ("at >= ?", since), ("target = ?", target)]
    clauses = [clause for clause, value in wanted if value is not None]
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    rows: list[tuple[Any, ...]] = db.execute(
        f"SELECT id, type, at, agent, target, outcome, detail FROM events{where} ORDER BY at DESC, id DESC LIMIT ?",
        (*(value for _, value in wanted if value is not None), limit),
    ).fetchall()
    return [
        Event(event_id, type_, at, agent, named, outcome, json.loads(detail))
        for event_id, type_, at, agent, named, outcome, detail in rows
    ]


def note_run(db: Executes, run_id: int, at: str) -> None:
    """What a run captured, and what was derived from that: two events, told from its rows. A run of another kind than
    `crawl` says itself how its captures came."""
    kind, software, outcome = db.execute("SELECT kind, software, outcome FROM runs WHERE id = ?", (run_id,)).fetchone()
    how = _HOW_RUNS_END.get(outcome, EventOutcome.WARNING)
    if kind == "crawl":
        captures, size = db.execute(
            "SELECT count(*), coalesce(sum(CASE WHEN revisit_of IS NULL THEN payload_length END), 0) FROM captures"
            " WHERE run_id = ?",
            (run_id,),
        ).fetchone()
        (failures,) = db.execute("SELECT count(*) FROM failures WHERE run_id = ?", (run_id,)).fetchone()
        detail = {"outcome": outcome, "captures": captures, "bytes": size, "failures": failures}
        note_event(db, EventType.CAPTURED, at, software, f"run {run_id}", outcome=how, detail=detail)
    for extractor, pages, articles, refusals in db.execute(
        "SELECT d.extractor, count(*), count(d.article_id), count(d.refusal) FROM captures c"
        " JOIN derivations d ON d.capture_id = c.id WHERE c.run_id = ? GROUP BY d.extractor ORDER BY 1",
        (run_id,),
    ).fetchall():
        counts = {"pages": pages, "articles": articles, "refusals": refusals}
        note_event(db, EventType.DERIVED, at, extractor, f"run {run_id}", detail=counts)


def note_crashed_runs(db: Executes) -> None:
    """As `note_run`, for runs that never ended; to be called before they are closed."""
    for run_id, at in db.execute(
        "SELECT r.id, coalesce((SELECT max(c.fetched_at) FROM captures c WHERE c.run_id = r.id), r.started_at)"
        " FROM runs r WHERE r.finished_at IS NULL AND r.outcome = 'running'"
    ).fetchall():
        db.execute("UPDATE runs SET outcome = 'crashed' WHERE id = ?", (run_id,))
        note_run(db, run_id, at)


def note_repairs(db: Executes, repaired: Iterable[tuple[str, int]], at: str, agent: str) -> None:
    """One event a WARC file that a killed run had left open: (name, bytes cut off its end)."""
    for name, cut in repaired:
        note_event(db, EventType.REPAIRED, at, agent, name, detail={"bytes_cut": cut})


def note_imports(db: Executes, files: Iterable[Mapping[str, Any]], run_id: int | None, at: str, agent: str) -> None:
    """One event a file that was imported (`name`, and what is told of it; `damaged` counts its damages). `run_id` is
    None where it brought nothing new."""
    for file in files:
        outcome = EventOutcome.WARNING if file["damaged"] else EventOutcome.SUCCESS
        detail = {"run": run_id} | {name: value for name, value in file.items() if name != "name"}
        note_event(db, EventType.IMPORTED, at, agent, file["name"], outcome=outcome, detail=detail)
