"""The audit of articles within `archive.db`, in ranges of ids: each record against its digest, the newest one against
the article, and its text against what the full-text index keeps. A range that an earlier audit found sound, and whose
rows are what they were then, is not read again (check_memory.py)."""

import contextlib
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_memory import Memory, Sound, added, packed
from archive.damage import Code, Findings
from archive.errors import ArchiveUnusable
from archive.fulltext import COLUMNS, plain_of, texts_of, words_held
from archive.records import Article, article_from_json
from archive.revisions import article_columns

_FIRST, _LAST = -(1 << 63), (1 << 63) - 1  # a range ends with its second id, and its first is not in it
_SIZE = {"articles": 1 << 8, "derivations": 1 << 14}  # ids in a range
_IDS = {
    "articles": "SELECT DISTINCT id / {0} FROM articles",
    "derivations": "SELECT DISTINCT capture_id / {0} FROM derivations WHERE record IS NOT NULL",
}
_OF_THE_ADDRESS = ("site_id", "category")  # the fold does not give these
# What is compared with the newest revision; not when an article was last seen, which every crawl changes.
_OWN = """a.id, a.capture_id, a.title, a.kicker, a.body, a.blocks, a.byline, a.byline_role, a.affiliation,
a.date, a.date_kind, a.date_evidence, a.reasons, a.doubts, a.doubt, a.content_sha256, a.extractor"""
_INDEXED = ", ".join(f"f.{column} AS f_{column}" for column in COLUMNS)
_OLDER = """SELECT article_id || '/' || number, content_sha256, record FROM revisions r WHERE article_id > ?
AND article_id <= ? AND number < (SELECT max(n.number) FROM revisions n WHERE n.article_id = r.article_id)"""
_TEXTS = f"SELECT {', '.join(COLUMNS[:-1])} FROM articles_fts WHERE rowid > ? AND rowid <= ? ORDER BY rowid"
# Everything that the audit of a range looks at.
_LOOKED_AT = {
    "articles": (
        f"SELECT {_OWN} FROM articles a WHERE id > ? AND id <= ? ORDER BY id",
        """SELECT article_id, number, capture_id, content_sha256, record FROM revisions
        WHERE article_id > ? AND article_id <= ? ORDER BY article_id, number""",
        "SELECT * FROM articles_fts_content WHERE id > ? AND id <= ? ORDER BY id",  # what FTS5 reads its columns from
    ),
    "derivations": (
        """SELECT capture_id, content_sha256, record FROM derivations
        WHERE record IS NOT NULL AND capture_id > ? AND capture_id <= ? ORDER BY capture_id""",
    ),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of `articles` and all that belongs to them, or of `derivations`: those with ids after the one, up to the
    other."""

    table: str
    after: int = _FIRST
    through: int = _LAST

    @property
    def name(self) -> str:
        return f"{self.table} {self.after}"

    @property
    def ids(self) -> tuple[int, int]:
        return self.after, self.through


@dataclass(slots=True)
class ArticlesAudit:
    """What was found in some ranges; `words` is the sum of `sum_of_words` of the indexed texts; `sound` are the ranges
    without fault, of which those `recalled` were not read again."""

    findings: Findings = field(default_factory=Findings)
    words: int = 0
    sound: dict[str, Sound] = field(default_factory=dict)
    recalled: int = 0


def ranges_of(path: Path) -> list[Range]:
    """Ranges that hold every id there may be; the same ones each time, but for those that are new."""
    with (
        contextlib.suppress(sqlite3.Error, ArchiveUnusable),
        contextlib.closing(schema.connect(path, read_only=True)) as db,
    ):
        return [*_ranges(db, "articles"), *_ranges(db, "derivations")]
    return [Range("articles"), Range("derivations")]


def _ranges(db: sqlite3.Connection, table: str) -> Iterator[Range]:
    size = _SIZE[table]
    numbers = sorted(number for (number,) in db.execute(_IDS[table].format(size)))
    inner = [number * size - 1 for number in numbers[1:] if number > 0]
    yield from (Range(table, *ids) for ids in pairwise([_FIRST, *inner, _LAST]))


def audit_articles(path: Path, ranges: Sequence[Range], remembered: Memory) -> ArticlesAudit:
    """Audits ranges in one snapshot. What it finds stands only where the database is whole and of this schema."""
    audit = ArticlesAudit()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            db.execute("BEGIN")
            for each in ranges:
                _audit_range(db, each, remembered.get(each.name), audit)
    except (sqlite3.Error, ArchiveUnusable, ValueError, KeyError, TypeError) as error:
        audit.findings.add(Code.DATABASE_INTEGRITY, f"{path.name} cannot be read on: {error}")
    return audit


def _audit_range(db: sqlite3.Connection, each: Range, before: Sound | None, audit: ArticlesAudit) -> None:
    proof = _proof(db, each)
    words = words_told(before) if before and before.proof == proof else None
    if words is None:
        found = Findings()
        if each.table == "articles":
            _articles(db, found, each.ids)
        else:
            _derivations(db, found, each.ids)
        words = _words(db, each)
        if found.counts:
            audit.findings.take(found)
            proof = ""
    else:
        audit.recalled += 1
    audit.words = added((audit.words, words))
    if proof:
        audit.sound[each.name] = Sound(proof, {"words": f"{words:064x}"})


def _proof(db: sqlite3.Connection, each: Range) -> str:
    digest = hashlib.sha256()
    for sql in _LOOKED_AT[each.table]:
        for row in db.execute(sql, each.ids):
            said = packed(row)
            digest.update(b"%d " % len(said))
            digest.update(said)
        digest.update(b"\n")
    return digest.hexdigest()


def words_told(before: Sound) -> int | None:
    """The sum of words that is kept with a sound part."""
    try:
        return int(before.told["words"], 16)
    except (KeyError, TypeError, ValueError):
        return None


def _words(db: sqlite3.Connection, each: Range) -> int:
    """The sum of the words that articles_fts_marked must hold for the texts of a range."""
    if each.table != "articles":
        return 0
    counts: Counter[str] = Counter()
    for texts in db.execute(_TEXTS, each.ids):
        counts.update(words_held(texts))
    return sum_of_words(counts.items())


def sum_of_words(words: Iterable[tuple[str, int]]) -> int:
    """A digest of words and in how many articles each stands; those of several articles add up."""
    return added(
        int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest(), "big") * count
        for word, count in words
    )


def _articles(db: sqlite3.Connection, findings: Findings, ids: tuple[int, int]) -> None:
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    newest = cursor.execute(
        f"SELECT {_OWN}, r.record AS said, r.capture_id AS said_in, r.content_sha256 AS said_digest,"
        f" r.article_id || '/' || r.number AS said_number, {_INDEXED}"
        " FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number ="
        " (SELECT max(n.number) FROM revisions n WHERE n.article_id = a.id)"
        " LEFT JOIN articles_fts f ON f.rowid = a.id WHERE a.id > ? AND a.id <= ?",
        ids,
    )
    for row in newest:
        article = article_from_json(row["said"])
        if article.content_sha256 != row["said_digest"]:
            findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"revisions {row['said_number']}")
        _article(row, article_columns(article) | {"capture_id": row["said_in"]}, findings)
        if row["f_plain"] is not None and not _is_indexed(row, article):
            findings.add(Code.FULL_TEXT, "its text in the index is another", row=f"articles {row['id']}")
    _records(db, findings, "revisions", _OLDER, ids)


def _derivations(db: sqlite3.Connection, findings: Findings, ids: tuple[int, int]) -> None:
    """Records that are kept beside their derivations, since no revision holds them (revisions.py)."""
    _records(db, findings, "derivations", _LOOKED_AT["derivations"][0], ids)


def _records(db: sqlite3.Connection, findings: Findings, table: str, sql: str, ids: tuple[int, int]) -> None:
    for key, digest, record in db.execute(sql, ids):
        if article_from_json(record).content_sha256 != digest:
            findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"{table} {key}")


def _is_indexed(row: Any, article: Article) -> bool:
    """That the text of attachments is theirs is a rule of its own (check_rules.py)."""
    texts = texts_of(article, row["f_files"])
    return tuple(row[f"f_{column}"] for column in COLUMNS) == (*texts, plain_of(texts))


def _article(row: Any, said: dict[str, Any], findings: Findings) -> None:
    differs = [name for name, value in said.items() if name not in _OF_THE_ADDRESS and row[name] != value]
    if row["date_kind"] != "dateline" and said["date_kind"] != "dateline":
        differs = [name for name in differs if not name.startswith("date")]  # a listing may have given the day
    if differs:
        what = f"differs from its newest revision in {', '.join(differs)}"
        findings.add(Code.ARTICLE_STATE, what, row=f"articles {row['id']}")
