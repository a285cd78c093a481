"""Writing records out: JSON, JSON Lines, CSV. Streaming; each row carries the source's credit and condition.

Takes `Record`s, which cannot exist without them.
"""

import csv
import json
from collections.abc import Callable, Iterable
from typing import IO, Any

from archive.query import Record

Writer = Callable[[Iterable[Record], IO[str]], int]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = (
    "url", "site", "site_id", "category", "title", "byline", "byline_role", "affiliation", "date", "date_kind",
    "date_evidence", "body", "photos", "attachments", "tables", "views", "source_name", "source_organisation", "credit",
    "notice", "source_url", "captured_at", "content_sha256", "extractor",
)  # fmt: skip


def write_json(records: Iterable[Record], out: IO[str]) -> int:
    """One JSON array, a record a line; returns how many."""
    count = 0
    out.write("[")
    for record in records:
        out.write(",\n" if count else "\n")
        out.write(json.dumps(record.as_dict(), ensure_ascii=False))
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def write_jsonl(records: Iterable[Record], out: IO[str]) -> int:
    """One JSON object a line; returns how many."""
    count = 0
    for record in records:
        out.write(json.dumps(record.as_dict(), ensure_ascii=False) + "\n")
        count += 1
    return count


def write_csv(records: Iterable[Record], out: IO[str]) -> int:
    """CSV (RFC 4180) with a BOM, so that spreadsheets read the letters right; returns how many rows.

    Paragraphs are parted by a blank line; photos, attachments and tables are JSON. A text that a spreadsheet would run
    as a formula gets an apostrophe before it.
    """
    out.write("\ufeff")
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for record in records:
        writer.writerow({name: _cell(value) for name, value in _flat(record).items()})
        count += 1
    return count


def _flat(record: Record) -> dict[str, Any]:
    row = record.as_dict()
    source = row.pop("source")
    row["body"] = "\n\n".join(row["body"])
    for name in ("photos", "attachments", "tables"):
        row[name] = json.dumps(row[name], ensure_ascii=False)
    row |= {
        "source_name": source["name"],
        "source_organisation": source["organisation"],
        "credit": source["credit"],
        "notice": source["notice"],
        "source_url": source["url"],
    }
    return row


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


WRITERS: dict[str, Writer] = {"json": write_json, "jsonl": write_jsonl, "csv": write_csv}
