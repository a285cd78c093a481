"""The audit of the full-text indexes: whether FTS5 finds the texts and words in them that it should.

`articles_fts_marked` holds no text that FTS5 could compare it with. So each of its words must stand in as many articles
as their texts say, which is told by a sum of digests of words, once for the index and once for the texts
(check_articles.py). Indexes that an earlier audit found sound, byte for byte, are not gone through again.
"""

import contextlib
import hashlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import schema
from archive.check_articles import sum_of_words, words_told
from archive.check_memory import Memory, Sound, packed
from archive.damage import Code, Findings
from archive.errors import ArchiveUnusable
from archive.fulltext import COLUMNS, marked_words, words_held

_NAME = "full text"  # in the memory of audits
_INDEXES = ("articles_fts", "articles_fts_marked")
_SHADOWS = ("data", "idx", "content", "docsize", "config")  # of an FTS5 table (sqlite.org/fts5.html, 4)


@dataclass(slots=True)
class FullTextAudit:
    """What was found; `words` is the sum of the words that the index of spellings holds, where it can be read."""

    findings: Findings = field(default_factory=Findings)
    words: int | None = None
    sound: dict[str, Sound] = field(default_factory=dict)


def audit_full_text(path: Path, remembered: Memory) -> FullTextAudit:
    """Audits the indexes in one snapshot, all but whether the words are those of the texts. What it finds stands only
    where the database is whole and of this schema."""
    audit = FullTextAudit()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            db.execute("BEGIN")
            _full_text(db, remembered.get(_NAME), audit)
    except (sqlite3.Error, ArchiveUnusable, ValueError) as error:
        audit.findings.add(Code.DATABASE_INTEGRITY, f"{path.name} cannot be read on: {error}")
    return audit


def audit_words(path: Path) -> Findings:
    """Whether the index of spellings holds the words of the texts, both in one snapshot: for where the sums of two
    snapshots differ."""
    findings = Findings()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            db.execute("BEGIN")
            made = _made(db)
            with _copied(db, made) as copy:
                if not _spellings_agree(copy, made["articles_fts_marked"]):
                    findings.add(Code.FULL_TEXT, "articles_fts_marked does not hold the words of the texts")
    except (sqlite3.Error, ArchiveUnusable, ValueError, KeyError) as error:
        findings.add(Code.FULL_TEXT, f"the index does not hold the words of its texts: {error}")
    return findings


def _full_text(db: sqlite3.Connection, before: Sound | None, audit: FullTextAudit) -> None:
    """FTS5's own check writes, in form; so it is run on a copy of the indexes, and read-only media can be checked."""
    made = _made(db)
    for name in _INDEXES:
        if not made.get(name, "").startswith(f"CREATE VIRTUAL TABLE {name} USING fts5"):
            audit.findings.add(Code.FULL_TEXT, f"{name} is no FTS5 table")
            return
    proof = _proof(db, made)
    audit.words = words_told(before) if before and before.proof == proof else None
    if audit.words is None:
        with _copied(db, made) as copy:
            try:
                for name in made:
                    copy.execute(f"INSERT INTO {name}({name}) VALUES ('integrity-check')")
                copy.execute("CREATE VIRTUAL TABLE words_of_marked USING fts5vocab(articles_fts_marked, row)")
                audit.words = sum_of_words(copy.execute("SELECT term, doc FROM words_of_marked"))
            except sqlite3.DatabaseError as error:
                audit.findings.add(Code.FULL_TEXT, f"the index does not hold the words of its texts: {error}")
                return
    audit.sound[_NAME] = Sound(proof, {"words": f"{audit.words:064x}"})


def _made(db: sqlite3.Connection) -> dict[str, str]:
    """How the indexes were made."""
    marks = ", ".join("?" for _ in _INDEXES)
    return dict(db.execute(f"SELECT name, sql FROM sqlite_schema WHERE name IN ({marks}) ORDER BY name", _INDEXES))


def _tables(db: sqlite3.Connection, name: str) -> list[str]:
    """Those that FTS5 keeps an index in."""
    there = {table for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return [table for table in (f"{name}_{shadow}" for shadow in _SHADOWS) if table in there]


def _proof(db: sqlite3.Connection, made: dict[str, str]) -> str:
    digest = hashlib.sha256(packed(tuple(made.items())))
    for name in made:
        for table in _tables(db, name):
            digest.update(f"\n{table} ".encode())
            for row in db.execute(f"SELECT * FROM {table}"):
                said = packed(row)
                digest.update(b"%d " % len(said))
                digest.update(said)
    return digest.hexdigest()


@contextlib.contextmanager
def _copied(db: sqlite3.Connection, made: dict[str, str]) -> Iterator[sqlite3.Connection]:
    """A database with the indexes alone, opened anew so that FTS5 has nothing of them in memory."""
    with tempfile.TemporaryDirectory(prefix="susta-check-") as folder:
        place = Path(folder) / "index.db"
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as to:
            to.execute("PRAGMA synchronous = OFF")
            for name, sql in made.items():
                _copy_index(db, to, name, sql)
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as copy:
            yield copy


def _copy_index(db: sqlite3.Connection, to: sqlite3.Connection, name: str, sql: str) -> None:
    to.execute(sql)
    to.execute("BEGIN")
    for table in _tables(to, name):
        to.execute(f"DELETE FROM {table}")
        rows = db.execute(f"SELECT * FROM {table}")
        to.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in rows.description)})", rows)
    to.execute("COMMIT")


def _spellings_agree(copy: sqlite3.Connection, sql: str) -> bool:
    """Each word stands in as many articles as is counted here, or as FTS5 counts where the index is made again, should
    it part a word otherwise."""
    copy.execute("CREATE VIRTUAL TABLE words_of_marked USING fts5vocab(articles_fts_marked, row)")
    held = dict(copy.execute("SELECT term, doc FROM words_of_marked"))
    every = f"SELECT rowid, {', '.join(COLUMNS[:-1])} FROM articles_fts"
    counts: Counter[str] = Counter()
    for _, *texts in copy.execute(every):
        counts.update(words_held(texts))
    if counts == held:
        return True
    copy.execute(sql.replace("articles_fts_marked", "made_again", 1))
    copy.execute("BEGIN")
    for article_id, *texts in copy.execute(every):
        copy.execute("INSERT INTO made_again (rowid, words) VALUES (?, ?)", (article_id, marked_words(texts)))
    copy.execute("COMMIT")
    copy.execute("CREATE VIRTUAL TABLE words_of_made_again USING fts5vocab(made_again, row)")
    return held == dict(copy.execute("SELECT term, doc FROM words_of_made_again"))
