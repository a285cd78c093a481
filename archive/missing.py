"""Captures that the database knows and whose WARC file is not there: what an output must say that it lacks."""

import sqlite3
from pathlib import Path

from archive.warc import OPEN_SUFFIX, warc_paths


def missing_captures(
    db: sqlite3.Connection, warc_folder: Path, which: str = "SELECT id FROM captures"
) -> dict[str, int]:
    """WARC file to the number of captures that are lost with it; empty where all files are there, open ones too.

    `which` is SQL for the ids of the captures that are asked about. Bytes removed by choice are not missed.
    """
    there = {path.name.removesuffix(OPEN_SUFFIX) for path in warc_paths(warc_folder)}
    removed = "removed = 0" if "removed" in {row[1] for row in db.execute("PRAGMA table_info(captures)")} else "1"
    rows = db.execute(
        f"SELECT warc_file, count(*) FROM captures WHERE id IN ({which}) AND {removed} GROUP BY warc_file ORDER BY 1"
    )
    return {name: count for name, count in (tuple(row) for row in rows) if name not in there}


def said_missing(missing: dict[str, int]) -> list[str]:
    """The same in words, a line a file."""
    return [
        f"{count} capture{'' if count == 1 else 's'} in {name}, which is missing" for name, count in missing.items()
    ]
