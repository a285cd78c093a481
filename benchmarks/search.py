"""How fast search is, and what its index weighs.

    make bench-search        (or: python benchmarks/search.py [--articles N ...] [--rounds N] [--keep DIR])

Archives of 10,000 and 100,000 articles are made by chance (search_corpus.py), indexed as a crawl does it. Twelve kinds
of query, some twenty of each, are asked one after the other on one core, warm: p50 and p95 of the whole of
`archive.search.search`, twenty ranked hits with snippets, in milliseconds of time and of CPU, which other work on the
machine distorts less. Beside it what the same words cost with `LIKE` over title and body, and with the full text that
sqlite-utils makes by default (`enable_fts` on title and body, `Table.search`, which gives no snippets). What these two
do not find is counted: how many of the articles that our search found for the words they miss.
"""

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import search_corpus
from crawling.machine import machine, versions
from sqlite_utils import Database

from archive import schema
from archive.search import EVERY_ARTICLE, Filters, search
from archive.vietnamese import without_marks

_EACH = 20  # queries of a kind
_FEW = 10  # of a kind, for what takes longer
_SLOW = 3  # of a kind, for what takes seconds each
_INDEX = ("articles_fts", "articles_fts_marked")
_NARROW = Filters(category="hoi-thao", since="2015-01-01", until="2015-12-31")


@dataclass(frozen=True, slots=True)
class Kind:
    """Queries of one kind."""

    name: str
    queries: list[str]
    filters: Filters = EVERY_ARTICLE


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, one a query: by the clock, and of CPU."""

    wall: list[float]
    cpu: list[float]

    def line(self) -> str:
        return "  ".join(f"{_p(times, 50):8.1f} {_p(times, 95):8.1f}" for times in (self.wall, self.cpu))


def _p(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def kinds() -> list[Kind]:
    """The queries, drawn from the vocabulary the articles are made of: the same in each run."""
    chance = random.Random(2)
    words, pairs = search_corpus.vocabulary(random.Random(1))

    def some(one: Callable[[], str]) -> list[str]:
        return [one() for _ in range(_EACH)]

    def word(low: int, high: int) -> str:
        return words.words[chance.randrange(low, high)]

    def pair() -> str:
        return pairs.draw(chance, 1)[0]

    def bare(text: str) -> str:
        return without_marks(text).lower()

    def number() -> str:
        return f"{chance.randrange(1, 4000)}/QĐ-UBND"

    return [
        Kind("a rare word", some(lambda: word(3000, 7000))),
        Kind("a common word", some(lambda: word(0, 60))),
        Kind("two words without marks", some(lambda: f"{bare(word(20, 600))} {bare(word(20, 600))}")),
        Kind("two words with marks", some(lambda: f"{word(20, 600)} {word(20, 600)}")),
        Kind("compounds, no marks", some(lambda: f"{bare(pair())} {bare(pair())}")),
        Kind("a phrase", some(lambda: f'"{pair()}"')),
        Kind("a phrase, no marks", some(lambda: f'"{bare(pair())}"')),
        Kind("a document's number", some(number)),
        Kind("a prefix", some(lambda: f"{bare(word(60, 3000))[:3]}*")),
        Kind("AND, OR, NOT", some(lambda: f"({word(40, 900)} OR {word(40, 900)}) NOT {word(40, 900)}")),
        Kind("NEAR", some(lambda: f"NEAR({word(20, 900)} {word(20, 900)}, 5)")),
        Kind("within a category and year", some(lambda: f"{word(20, 900)} {word(20, 900)}"), _NARROW),
    ]


def timed(queries: list[str], ask: Callable[[str], object], rounds: int) -> Times:
    """Each query's median over the rounds, the first being left out: warm."""
    wall, cpu = [], []
    for query in queries:
        walls, cpus = [], []
        for number in range(rounds + 1):
            clock, spent = time.perf_counter(), time.process_time()
            ask(query)
            if number:
                walls.append(1000 * (time.perf_counter() - clock))
                cpus.append(1000 * (time.process_time() - spent))
        wall.append(statistics.median(walls))
        cpu.append(statistics.median(cpus))
    return Times(wall, cpu)


def plain_words(query: str) -> str:
    """A query as someone types it who knows of no operator."""
    return " ".join(query.replace('"', " ").replace("*", "").split())


def like(db: sqlite3.Connection, query: str) -> list[int]:
    text = f"%{plain_words(query)}%"
    sql = "SELECT id FROM articles WHERE title LIKE ? OR body LIKE ? ORDER BY date DESC LIMIT 20"
    return [row[0] for row in db.execute(sql, (text, text))]


def default_fts(db: Database, query: str) -> list[object]:
    """As sqlite-utils searches: ranked rows, no snippets."""
    return list(db.table("other").search(plain_words(query), limit=20, quote=True))


def missed(db: sqlite3.Connection, other: Callable[[str], set[int]], queries: list[str]) -> str:
    """The share of articles found that another way of searching misses."""
    found = lost = 0
    for query in queries[:_SLOW]:
        ours = {hit.id for hit in search(db, plain_words(query), limit=2000).hits}
        found += len(ours)
        lost += len(ours - other(query))
    return f"{lost / found:4.0%}" if found else "   –"


def with_default_fts(folder: Path) -> tuple[Database, float, int]:
    """The same titles and texts in a table of their own with sqlite-utils' full text; seconds it took, and bytes."""
    place = folder / "other.db"
    db = Database(place)
    db.execute("ATTACH ? AS archive", (str(folder / schema.DATABASE_NAME),))
    db.execute("CREATE TABLE other AS SELECT id, title, body FROM archive.articles")
    db.conn.commit()
    before = place.stat().st_size
    started = time.perf_counter()
    db.table("other").enable_fts(["title", "body"])
    db.conn.commit()
    return db, time.perf_counter() - started, place.stat().st_size - before


def index_bytes(db: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """What each index weighs: the data of FTS5, and the texts it keeps."""
    for name in _INDEX:
        for shadow in ("data", "content"):
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (f"{name}_{shadow}",)).fetchone():
                columns = (
                    "length(block)" if shadow == "data" else "+".join(f"length(CAST(c{n} AS BLOB))" for n in range(6))
                )
                (size,) = db.execute(f"SELECT sum({columns}) FROM {name}_{shadow}").fetchone()
                yield f"{name}_{shadow}", size


def measure(count: int, folder: Path, rounds: int) -> None:
    """All figures for so many articles."""
    path = folder / schema.DATABASE_NAME
    if not path.exists():
        spent = time.process_time()
        indexing = search_corpus.fill(folder, count)
        print(
            f"\n{count:,} articles, made up and stored in {time.process_time() - spent - indexing:.0f} s of CPU,"
            f" indexed in {indexing:.0f} s"
        )
    db = schema.connect(path, read_only=True)
    (texts,) = db.execute("SELECT sum(length(CAST(title || body AS BLOB))) FROM articles").fetchone()
    weights = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in index_bytes(db))
    print(
        f"{count:,} articles: {texts / 1e6:.0f} MB of text in a file of {path.stat().st_size / 1e6:.0f} MB; {weights}"
    )
    other, seconds, size = with_default_fts(folder)
    print(f"sqlite-utils' default full text: {seconds:.0f} s, {size / 1e6:.0f} MB")
    print(
        f"{'':28}{'p50':>8} {'p95':>8}  {'p50 CPU':>8} {'p95 CPU':>8}   {'default FTS p50, p95':>20} misses"
        f"   {'LIKE p50':>8} misses"
    )
    everything = Times([], [])
    for kind in kinds():
        filters = kind.filters
        ours = timed(kind.queries, lambda query, filters=filters: search(db, query, filters), rounds)  # type: ignore[misc]
        everything.wall.extend(ours.wall)
        everything.cpu.extend(ours.cpu)
        theirs = timed(kind.queries[:_FEW], lambda query: default_fts(other, query), 1)
        slow = timed(kind.queries[:_SLOW], lambda query: like(db, query), 1)
        lost = missed(db, lambda query: all_of_default(other, query), kind.queries)
        lost_too = missed(db, lambda query: all_like(db, query), kind.queries)
        print(
            f"{kind.name:28}{ours.line()}   {_p(theirs.wall, 50):10.1f} {_p(theirs.wall, 95):9.1f} {lost:>6}"
            f"   {_p(slow.wall, 50):8.0f} {lost_too:>6}"
        )
    print(f"{'all of them':28}{everything.line()}")
    db.close()
    other.close()


def all_of_default(db: Database, query: str) -> set[int]:
    rows = db.execute("SELECT rowid FROM other_fts WHERE other_fts MATCH ?", (db.quote_fts(plain_words(query)),))
    return {row[0] for row in rows}


def all_like(db: sqlite3.Connection, query: str) -> set[int]:
    text = f"%{plain_words(query)}%"
    return {row[0] for row in db.execute("SELECT id FROM articles WHERE title LIKE ? OR body LIKE ?", (text, text))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the archives are made, and found the next time")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[-1:]))
    print(f"{machine()}, {versions('sqlite-utils')}")
    place = arguments.keep or Path(tempfile.mkdtemp(prefix="susta-search-"))
    try:
        for count in arguments.articles:
            folder = place / str(count)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "other.db").unlink(missing_ok=True)
            measure(count, folder, arguments.rounds)
    finally:
        if arguments.keep is None:
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
