"""Puts markup and scripts into every text of an archive. Needs nothing but the standard library."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

PAYLOAD = """<script>alert(1)</script>"'><img src=x onerror=alert(1)><svg onload=alert(1)>{{7*7}}javascript:alert(1)"""


def poison(path: Path) -> None:
    """Puts the payload behind every text; texts within JSON too. What a CHECK or a key holds stays as it is."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            if table.startswith(("_", "sqlite_", "articles_fts")) or table in ("seal", "progress", "warc_files"):
                continue
            columns = db.execute(f"PRAGMA table_info({table})").fetchall()
            (rowless,) = db.execute("SELECT wr FROM pragma_table_list(?)", (table,)).fetchone()
            key = next(name for _, name, _, _, _, place in columns if place) if rowless else "rowid"
            for _, column, kind, *_ in columns:
                if kind == "TEXT" and not KEPT.fullmatch(column):
                    _poison_column(db, table, column, key)
        db.commit()


# Digests, times, file names and kinds: they are no texts of a page, and nothing is found without them.
KEPT = re.compile(r"(?:.*_)?(?:sha256|at|seen|digest)|warc_file|date_kind|byline_role")


def _poison_column(db: sqlite3.Connection, table: str, column: str, key: str) -> None:
    for row, text in db.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall():
        try:
            value = json.dumps(_poisoned(json.loads(text)), ensure_ascii=False)
        except ValueError:
            value = text + PAYLOAD
        try:
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row))
        except sqlite3.IntegrityError:
            return


_STRUCTURE = {"kind", "byline_role", "date_kind", "rule", "doubts", "site"}


def _poisoned(value: Any) -> Any:
    if isinstance(value, str):
        return value + PAYLOAD
    if isinstance(value, list):
        return [_poisoned(each) for each in value]
    if isinstance(value, dict):
        return {name: each if name in _STRUCTURE else _poisoned(each) for name, each in value.items()}
    return value
