"""Outside readers of exports and releases: pyarrow, DuckDB, pandas, markdown-it and frictionless read what we write of
a crawled archive, and must find what its database holds: every article, its text, day, counter, credit and condition.

    make judge-exports

`frictionless validate` must pass a release, and must not pass one with a byte changed. Exit code 0 all agree, 1 one
does not.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
from judge_packages import WORLD, Verdict, config_for, run, told, tool
from markdown_it import MarkdownIt

from archive.entries import ALL
from archive.export import MARKDOWN, WRITERS
from archive.export_markdown import write_markdown
from archive.query import Archive
from archive.release import write_release
from scraper.crawl import crawl
from scraper.demo import DemoSite

_ARTICLES = 60
_NOW = "2026-01-01T00:00:00Z"
_READERS = ("pyarrow", "duckdb", "pandas", "markdown-it-py", "frictionless")

# Of each article: address, title, text, day, counter, how many photos, credit, condition.
Row = tuple[str, str, str, str | None, int | None, int, str, str]
_NESTED = (
    "SELECT url, title, array_to_string(body, '\n\n'), CAST(date AS VARCHAR), views, len(photos), source.credit,"
    " source.notice FROM "
)
_FLAT = (
    "SELECT url, title, coalesce(body, ''), CAST(date AS VARCHAR), views, json_array_length(photos), credit, notice"
    " FROM "
)
_HELD = (
    "SELECT a.url, a.title, a.body, a.date, a.views, (SELECT count(*) FROM photos p WHERE p.article_id = a.id),"
    " a.credit, s.notice FROM articles a JOIN sources s ON s.id = a.source_id"
)


def held(archive: Path) -> set[Row]:
    """What the database has, asked of it and not of our readers."""
    with sqlite3.connect(f"file:{archive / 'archive.db'}?mode=ro", uri=True) as db:
        return set(db.execute(_HELD))


def by_duckdb(sql: str) -> Iterator[Row]:
    yield from duckdb.connect().execute(sql).fetchall()


def nested(rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
    """Rows that have lists and the source within."""
    for row in rows:
        views = None if pandas.isna(row["views"]) else int(row["views"])
        day = None if pandas.isna(row["date"]) else str(row["date"])[:10]
        said = row["source"]
        text = "\n\n".join(row["body"])
        yield row["url"], row["title"], text, day, views, len(row["photos"]), said["credit"], said["notice"]


def flat(rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
    """Rows of a CSV file."""
    for row in rows:
        views = int(row["views"]) if row["views"] not in ("", None) else None
        day = str(row["date"]) if row["date"] not in ("", None) else None
        text, photos = row["body"] or "", len(json.loads(row["photos"]))
        yield row["url"], row["title"], text, day, views, photos, row["credit"], row["notice"]


def graph(path: Path) -> Iterator[Row]:
    """JSON-LD, its graph flattened by pandas."""
    rows = pandas.json_normalize(json.loads(path.read_bytes())["@graph"], max_level=1)
    for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        views = row.get("interactionStatistic.userInteractionCount")
        photos = len(row["image"] or []) if "image" in row else 0
        yield (
            row["url"], row["headline"], row["articleBody"] or "", row["dcterms:date"],
            None if views is None else int(views), photos, row["creditText"], row["copyrightNotice"],
        )  # fmt: skip


_OF: dict[str, dict[str, Callable[[Path], Iterable[Row]]]] = {
    "json": {
        "DuckDB": lambda path: by_duckdb(f"{_NESTED} read_json('{path}')"),
        "pandas": lambda path: nested(pandas.read_json(path, dtype=False).to_dict("records")),
    },
    "jsonl": {
        "DuckDB": lambda path: by_duckdb(f"{_NESTED} read_json('{path}', format = 'newline_delimited')"),
        "pandas": lambda path: nested(pandas.read_json(path, lines=True, dtype=False).to_dict("records")),
        "pyarrow": lambda path: nested(pyarrow.json.read_json(path).to_pylist()),
    },
    "csv": {
        "DuckDB": lambda path: by_duckdb(f"{_FLAT} read_csv('{path}', header = true)"),
        "pandas": lambda path: flat(pandas.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")),
        "pyarrow": lambda path: flat(
            pyarrow.csv.read_csv(path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)).to_pylist()
        ),
    },
    "parquet": {
        "DuckDB": lambda path: by_duckdb(f"{_NESTED} read_parquet('{path}')"),
        "pandas": lambda path: nested(pandas.read_parquet(path).to_dict("records")),
        "pyarrow": lambda path: nested(pyarrow.parquet.read_table(path).to_pylist()),
    },
    "jsonld": {"pandas": graph},
}


def judge_files(folder: Path, archive: Path) -> Iterator[Verdict]:
    """Every format that is one file, by every reader of it."""
    wanted = held(archive)
    with Archive.open(archive) as opened:
        for form, write in WRITERS.items():
            path = folder / f"articles.{form}"
            with path.open("wb") as out:
                count = write(opened, ALL, out)
            yield Verdict(f"{form}: {count} articles, as many as the archive has", count == len(wanted))
            for reader, read in _OF[form].items():
                found = list(read(path))
                differing = sorted(wanted.symmetric_difference(found), key=str)
                good = len(found) == len(wanted) and not differing
                yield Verdict(f"{form}, read by {reader}", good, f"{len(found)} rows; {differing[:2]}")


def judge_types(folder: Path) -> Iterator[Verdict]:
    """Parquet's types and metadata, as others see them."""
    path = folder / "articles.parquet"
    asked = f"SELECT typeof(date), typeof(captured_at), typeof(views) FROM read_parquet('{path}') LIMIT 1"
    types = duckdb.connect().execute(asked).fetchone()
    yield Verdict("parquet: DuckDB sees types", types == ("DATE", "TIMESTAMP WITH TIME ZONE", "BIGINT"), str(types))
    metadata = pyarrow.parquet.read_schema(path).metadata
    yield Verdict("parquet: the condition is the file's own metadata", bool(metadata.get(b"dcterms:rights")))


def judge_markdown(folder: Path, archive: Path) -> Iterator[Verdict]:
    """Each article as a CommonMark parser sees it: title, credit, condition; every picture named is there."""
    wanted = held(archive)
    target = folder / MARKDOWN
    with Archive.open(archive) as opened:
        write_markdown(opened, ALL, target)
    pages = list(target.rglob("article.md"))
    seen, missing = set(), []
    for path in pages:
        tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8").split("\n---\n", 1)[1])
        texts = ["".join(each.content for each in token.children or []) for token in tokens if token.type == "inline"]
        images = [each for token in tokens for each in token.children or [] if each.type == "image"]
        missing += [image.attrs["src"] for image in images if not (path.parent / str(image.attrs["src"])).is_file()]
        seen.add((texts[0], texts[-1]))
    held_too = {(" ".join(row[1].split()), row[7]) for row in wanted}
    good = len(pages) == len(wanted) and seen == held_too
    differing = sorted(seen.symmetric_difference(held_too))[:2]
    yield Verdict("markdown, read by markdown-it", good, f"{len(pages)} pages; {differing}")
    yield Verdict("markdown: every picture is there", not missing, str(missing))


def judge_release(folder: Path, archive: Path) -> Iterator[Verdict]:
    """frictionless, on a release as it is, and on one with a digit changed in a row."""
    release, wanted = folder / "release", held(archive)
    with Archive.open(archive) as opened:
        write_release(opened, release, _NOW)
    for form in ("jsonl", "parquet"):
        found = list(by_duckdb(f"{_NESTED} '{release}/data/articles.{form}'"))
        yield Verdict(f"release: {form}, read by DuckDB", len(found) == len(wanted) and set(found) == wanted)
    frictionless = tool("frictionless")
    done = run(frictionless, "validate", "datapackage.json", folder=release)
    good = done.returncode == 0 and done.stdout.count("VALID") == 2 and "INVALID" not in done.stdout
    yield Verdict("release: frictionless validate", good, done.stdout + done.stderr)
    changed = folder / "changed"
    shutil.copytree(release, changed)
    data = changed / "data" / "articles.jsonl"
    data.write_bytes(data.read_bytes().replace(b'"content_sha256": "', b'"content_sha256": "0', 1))
    done = run(frictionless, "validate", "datapackage.json", folder=changed)
    yield Verdict("frictionless finds a changed byte", done.returncode != 0, done.stdout)


def main() -> int:
    print(", ".join(f"{name} {version(name)}" for name in _READERS))
    with tempfile.TemporaryDirectory() as name, DemoSite(articles=_ARTICLES, edition=1) as site:
        folder = Path(name)
        archive = folder / "archive"
        crawl(config_for(site), archive, world=WORLD)
        verdicts = [
            *judge_files(folder, archive),
            *judge_types(folder),
            *judge_markdown(folder, archive),
            *judge_release(folder, archive),
        ]
        return 0 if told(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
