"""What was done to an archive, when, by whom and with what outcome: the `events` table, in the manner of PREMIS 3.0.

An event has a type, a time, an agent (software and version, with the operator where there is one), an outcome, and the
object it was about. Events are coarse: one a run, an audit, an export. What was done to a single capture stands in
`captures` and `derivations`, and the view `capture_events` shows those rows in the same form.
"""

import json
from collections.abc import Mapping
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
