"""The rows of `captures` beside the records of a WARC file, both in the order of their places: what is in one and not
in the other, and what the two say differently."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from archive.check_members import Record
from archive.check_memory import added, row_sum
from archive.damage import Code, Findings
from archive.warc import as_meant, media_type, parse_headers

Resolve = Callable[[str, str, str], str | None]
"""From (address, Location as sent, role) to where the redirect leads, as the deriver notes it."""

_ROWS = """
SELECT c.id, c.url, c.fetched_at, c.status, c.role, c.media_type, c.payload_sha256, c.payload_length, c.truncated,
       c.location, c.warc_offset, c.warc_length, c.etag, c.last_modified, c.removed,
       o.id AS held_id, o.url AS held_url, o.fetched_at AS held_at, o.payload_sha256 AS held_sha256,
       o.payload_length AS held_length, o.media_type AS held_type, o.revisit_of AS held_in_turn
FROM captures c LEFT JOIN captures o ON o.id = c.revisit_of
WHERE c.warc_file = ? AND c.warc_offset >= ? AND c.warc_offset < ? ORDER BY c.warc_offset
"""
FIRST, LAST = -(1 << 63), (1 << 63) - 1  # of all places that a row can name
REMOVED = "capture-removed"
_REMOVED_KEEPS = ("url", "fetched_at", "status", "role", "media_type", "payload_sha256", "payload_length", "location")


def sum_of_rows(connection: sqlite3.Connection, name: str) -> int:
    """A digest of all that `Beside` looks at in the rows of a file, those they refer to included."""
    return row_sum(connection.execute(_ROWS, (name, FIRST, LAST)))


class Beside:
    """Compares the rows of one file with its records, which `take` is given in order."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        name: str,
        findings: Findings,
        worked_in: int,
        resolve: Resolve | None,
        within: tuple[int, int] = (FIRST, LAST),
    ) -> None:
        """Records that begin before the place `worked_in` must have a row; those beyond are counted in `later`. Rows of
        the places `within` are looked at."""
        self.name, self.findings, self.resolve = name, findings, resolve
        self.later = 0
        self._worked_in = worked_in
        cursor = connection.cursor()
        cursor.row_factory = sqlite3.Row
        self._rows: Iterator[Any] = cursor.execute(_ROWS, (name, *within))
        self._row: Any = None
        self.sum = 0  # of the rows so far, as `sum_of_rows` gives it
        self._next()

    def take(self, record: Record) -> None:
        """The next record of the file."""
        while self._row is not None and self._row["warc_offset"] < record.offset:
            self._no_record()
        here = self._row is not None and self._row["warc_offset"] == record.offset
        removed = record.kind == "metadata" and record.fields.get("susta-event") == REMOVED
        if not (record.kind in ("response", "revisit") and record.status is not None) and not removed:
            if here:
                self._no_record()
            return
        if not here:
            if record.offset < self._worked_in:
                what = f"no row of captures for {record.fields.get('warc-target-uri', '')}"
                self.findings.add(Code.RECORD_WITHOUT_ROW, what, file=self.name, offset=record.offset)
            else:
                self.later += 1
            return
        row = self._next()
        if record.problem is None:
            self._removed(row, record) if removed else self._compare(row, record)

    def finish(self) -> None:
        """No record is left."""
        while self._row is not None:
            self._no_record()

    def _next(self) -> Any:
        """The row that is looked at; the one after it takes its place."""
        row, self._row = self._row, next(self._rows, None)
        if self._row is not None:
            self.sum = added((self.sum, row_sum([tuple(self._row)])))
        return row

    def _no_record(self) -> None:
        row = self._next()
        self.findings.add(
            Code.ROW_WITHOUT_RECORD,
            f"no response is there: {row['url']}",
            file=self.name,
            offset=row["warc_offset"],
            row=f"captures {row['id']}",
        )

    def _differs(self, code: Code, row: Any, record: Record, said: dict[str, Any], found: dict[str, Any]) -> None:
        different = [
            f"{name}: row {said[name]!r}, record {found[name]!r}" for name in found if said[name] != found[name]
        ]
        if different:
            self.findings.add(
                code, "; ".join(different)[:1000], file=self.name, offset=record.offset, row=f"captures {row['id']}"
            )

    def _removed(self, row: Any, record: Record) -> None:
        found = {key: (record.event or {}).get(key) for key in _REMOVED_KEEPS if key in (record.event or {})}
        found |= {"removed": 1, "warc_length": record.end - record.offset}
        self._differs(Code.ROW_DIFFERS, row, record, dict(row), found)

    def _compare(self, row: Any, record: Record) -> None:
        headers: dict[str, str] = {}
        for name, value in parse_headers(record.head):
            headers.setdefault(name.lower(), value)
        found: dict[str, Any] = {
            "url": _bare(record.fields.get("warc-target-uri", "")),
            "fetched_at": record.fields.get("warc-date", ""),
            "status": record.status,
            "role": record.fields.get("susta-role", "page"),
            "media_type": media_type(headers.get("content-type")),
            "payload_sha256": record.payload_sha256,
            "payload_length": record.payload_length,
            "truncated": int("warc-truncated" in record.fields and record.kind != "revisit"),
            "warc_length": record.end - record.offset,
            "etag": headers.get("etag"),
            "last_modified": headers.get("last-modified"),
            "removed": 0,
        }
        location = as_meant(headers.get("location"))
        if location is None:
            found["location"] = None
        elif self.resolve is not None:
            found["location"] = self.resolve(found["url"], location, found["role"])
        if record.kind == "revisit":
            if row["held_id"] is not None:
                found |= {"payload_sha256": row["held_sha256"], "payload_length": row["held_length"]}
                if record.status == 304:
                    found["media_type"] = row["held_type"]
                self._target(row, record)
        elif row["held_id"] is not None:
            self.findings.add(
                Code.REVISIT_TARGET,
                f"the row refers to capture {row['held_id']}, and the record holds a payload of its own",
                file=self.name,
                offset=record.offset,
                row=f"captures {row['id']}",
            )
        self._differs(Code.ROW_DIFFERS, row, record, dict(row), found)

    def _target(self, row: Any, record: Record) -> None:
        found = {
            "held_url": _bare(record.fields.get("warc-refers-to-target-uri", "")),
            "held_at": record.fields.get("warc-refers-to-date", ""),
            "held_in_turn": None,
        }
        self._differs(Code.REVISIT_TARGET, row, record, dict(row), found)


def _bare(uri: str) -> str:
    """WARC 1.0 put target addresses between < and >."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri
