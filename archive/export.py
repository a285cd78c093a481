"""The formats that records are written out in. Streaming; each row carries the source's credit and condition.

    json, jsonl   export_json.py       csv       export_csv.py     markdown   export_markdown.py (a folder)
    parquet       export_parquet.py    jsonld    jsonld.py

`WRITERS` are the formats that are one file.
"""

from collections.abc import Callable
from typing import IO

from archive.entries import Filter
from archive.export_csv import CSV_COLUMNS as CSV_COLUMNS
from archive.export_csv import write_csv
from archive.export_json import write_json, write_jsonl
from archive.export_parquet import write_parquet
from archive.jsonld import write_jsonld
from archive.query import Archive

Writer = Callable[[Archive, Filter, IO[bytes]], int]

WRITERS: dict[str, Writer] = {
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
    "jsonld": write_jsonld,
}
MARKDOWN = "markdown"
FORMATS = (*WRITERS, MARKDOWN)
