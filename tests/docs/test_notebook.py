"""The notebook: what it shows is of its own cells, names no machine, and asks only what the archive has.

`make notebook` runs it whole; its libraries are too large for these tests.
"""

import ast
import hashlib
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from documents import ROOT

from archive import Archive
from scraper.cli import run

NOTEBOOK: dict[str, Any] = json.loads((ROOT / "docs" / "corpus.ipynb").read_text(encoding="utf-8"))
CELLS: list[dict[str, Any]] = NOTEBOOK["cells"]
CODE = [ast.parse("".join(cell["source"])) for cell in CELLS if cell["cell_type"] == "code"]
STRINGS = [
    node.value
    for tree in CODE
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip().startswith("SELECT")
]
OF_DUCKDB = [text for text in STRINGS if "FROM corpus" in text]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    assert run(["demo", "--pages", "12", "--archive", str(folder)]) == 0
    return folder


def test_its_outputs_are_those_of_its_cells() -> None:
    told = hashlib.sha256("\0".join("".join(cell["source"]) for cell in CELLS).encode()).hexdigest()
    assert NOTEBOOK["metadata"]["susta"]["cells_sha256"] == told, "a cell was changed: run `make notebook`"
    counts = [cell["execution_count"] for cell in CELLS if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_it_shows_plots_and_no_error() -> None:
    outputs = [output for cell in CELLS for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 5
    assert {output["output_type"] for output in outputs} <= {"display_data", "execute_result", "stream"}
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_no_output_names_a_path_or_a_machine() -> None:
    for cell in CELLS:
        for output in cell.get("outputs", []):
            shown = {kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"}
            said = json.dumps([shown, output.get("text", "")], ensure_ascii=False)
            assert not re.search(r"(?:^|[\s'\"(])/(?:\w+/)|[A-Z]:\\\\|localhost|127\.0\.0\.1", said)


@pytest.mark.parametrize("sql", [text for text in STRINGS if text not in OF_DUCKDB])
def test_its_sql_is_understood_by_an_archive(folder: Path, sql: str) -> None:
    with Archive.open(folder) as opened:
        assert opened.connection.execute(sql).fetchone() is not None


def test_its_columns_stand_in_the_parquet_file(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    assert run(["export", "--archive", str(folder), "--format", "parquet", "--output", str(path)]) == 0
    columns = set(pyarrow.parquet.read_schema(path).names)
    assert len(OF_DUCKDB) >= 3
    asked = {
        name for sql in OF_DUCKDB for name in re.findall(r"\b(category|photos|attachments|tables|body|date)\b", sql)
    }
    assert asked == {"category", "photos", "attachments", "tables", "body", "date"} <= columns


def test_what_it_calls_is_promised() -> None:
    called = {
        node.attr
        for tree in CODE
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "opened"
    }
    assert {"articles", "get", "connection", "sources"} <= called
    assert all(hasattr(Archive, name) for name in called)


def test_a_wrong_statement_would_be_noticed(folder: Path) -> None:
    with Archive.open(folder) as opened, pytest.raises(sqlite3.OperationalError):
        opened.connection.execute("SELECT no_such_column FROM articles")
