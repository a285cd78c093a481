"""The audit of `archive.db` by itself: what SQLite says of it, and whether its tables agree with each other."""

import contextlib
import hashlib
import sqlite3
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_rules import RULES
from archive.damage import Code, Findings
from archive.errors import ArchiveUnusable
from archive.fulltext import COLUMNS, marked_words, plain_of, texts_of, words_held
from archive.records import Article, Source, article_from_json
from archive.revisions import article_columns
from archive.warc import serial_of

_SHADOWS = ("data", "idx", "content", "docsize", "config")  # of an FTS5 table (sqlite.org/fts5.html, 4)
EVERY = (-(1 << 63), (1 << 63) - 1)  # ids after the one, up to the other; SQLite gives out none below 1
_MOST_ERRORS = 20
_INDEXED = ", ".join(f"f.{column} AS f_{column}" for column in COLUMNS)
_NOT_NEWEST = "number < (SELECT max(n.number) FROM revisions n WHERE n.article_id = r.article_id)"
_IS_WHOLE = "c.role = 'media' AND c.status = 200 AND c.truncated = 0"
# Ties to a capture of another address: such may be where its address redirects to.
_ELSEWHERE = f"""SELECT p.article_id, p.position, p.url, p.sha256, p.capture_id FROM {{}} p
LEFT JOIN captures c ON c.id = p.capture_id WHERE (p.sha256 IS NOT NULL OR p.capture_id IS NOT NULL)
AND NOT coalesce(c.url = p.url AND c.payload_sha256 = p.sha256 AND {_IS_WHOLE}, 0)"""
_LED = f"""WITH RECURSIVE leads(url, hops) AS (SELECT ?1, 0 UNION SELECT c.location, hops + 1 FROM leads
  CROSS JOIN captures c ON c.url = leads.url WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < 6)
SELECT 1 FROM captures c WHERE id = ?2 AND url IN (SELECT url FROM leads) AND payload_sha256 = ?3 AND {_IS_WHOLE}"""


def audit_database(path: Path, *, revisions: bool = True) -> Findings:
    """Everything that is checked within the database, in one snapshot; `revisions` False leaves them to
    `audit_revisions`. A database that cannot be read on is damage."""
    findings = Findings()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            db.execute("BEGIN")
            sound = _integrity(db, findings)
            if db.execute("PRAGMA user_version").fetchone() != (schema.SCHEMA_VERSION,):
                findings.add(Code.OLDER_SCHEMA, f"{path.name} is of an older schema")
            elif sound:
                _rules(db, findings)
                _progress(db, findings)
                _sources(db, findings)
                _media(db, findings)
                if revisions:
                    _revisions(db, findings, *EVERY)
                _full_text(db, findings)
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        findings.add(Code.DATABASE_INTEGRITY, f"{path.name} cannot be read on: {error}")
    return findings


def article_ranges(path: Path, count: int) -> list[tuple[int, int]]:
    """Ranges of article ids, of about as many articles each, that hold every id there may be; for `audit_revisions`."""
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            (most,) = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    except (sqlite3.Error, ArchiveUnusable):
        return [EVERY]
    inner = sorted({most * number // count for number in range(1, count)})
    return list(pairwise([EVERY[0], *inner, EVERY[1]]))


def audit_revisions(path: Path, after: int, through: int) -> Findings:
    """The part of `audit_database` that takes longest, of the articles with ids after the one and up to the other.

    What it finds stands only where `audit_database` found the database whole and of this schema.
    """
    findings = Findings()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            db.execute("BEGIN")
            _revisions(db, findings, after, through)
    except (sqlite3.Error, ArchiveUnusable, ValueError, KeyError, TypeError) as error:
        findings.add(Code.DATABASE_INTEGRITY, f"{path.name} cannot be read on: {error}")
    return findings


def quick_check(path: Path) -> Findings:
    """Whether SQLite finds another database of the archive whole."""
    findings = Findings()
    if path.exists():
        try:
            with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as db:
                for (what,) in db.execute(f"PRAGMA integrity_check({_MOST_ERRORS})"):
                    if what != "ok":
                        findings.add(Code.FRONTIER, what, file=path.name)
        except sqlite3.OperationalError as error:
            if "unable to open" not in str(error) and "readonly" not in str(error):  # read-only media
                findings.add(Code.FRONTIER, str(error), file=path.name)
        except sqlite3.DatabaseError as error:
            findings.add(Code.FRONTIER, str(error), file=path.name)
    return findings


def _integrity(db: sqlite3.Connection, findings: Findings) -> bool:
    for (what,) in db.execute(f"PRAGMA integrity_check({_MOST_ERRORS})").fetchall():
        if what != "ok":
            findings.add(Code.DATABASE_INTEGRITY, what)
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        findings.add(Code.FOREIGN_KEY, f"refers to a row of {parent} that is not there", row=f"{table} {rowid}")
    return not findings.counts[Code.DATABASE_INTEGRITY]


def _rules(db: sqlite3.Connection, findings: Findings) -> None:
    for code, sql in RULES:
        for row, what in db.execute(sql):
            findings.add(code, what, row=row)


def _progress(db: sqlite3.Connection, findings: Findings) -> None:
    row = db.execute("SELECT warc_file FROM progress").fetchone()
    newest = db.execute("SELECT max(warc_file) FROM captures").fetchone()[0]
    name = row[0] if row else ""
    if newest and serial_of(newest) > serial_of(name):
        findings.add(Code.PROGRESS_MARK, f"at {name or 'the beginning'}, and {newest} is worked in", row="progress")


def _sources(db: sqlite3.Connection, findings: Findings) -> None:
    for key, notice, digest in db.execute("SELECT id, notice, notice_sha256 FROM sources"):
        if hashlib.sha256(notice.encode()).hexdigest() != digest:
            findings.add(Code.CREDIT, "its notice does not match notice_sha256", row=f"sources {key}")
    for key, credit, *source in db.execute(
        "SELECT a.id, a.credit, s.site, s.name, s.organisation, s.notice FROM articles a JOIN sources s"
        " ON s.id = a.source_id"
    ):
        if credit != Source(*source).credit:
            findings.add(Code.CREDIT, f"{credit!r} is not the credit of its source", row=f"articles {key}")


def _media(db: sqlite3.Connection, findings: Findings) -> None:
    """The bytes themselves are checked where their record is; here, that each tie leads to the right ones."""
    for table in ("photos", "attachments"):
        for article, position, url, sha256, capture in db.execute(_ELSEWHERE.format(table)).fetchall():
            if not db.execute(_LED, (url, capture, sha256)).fetchone():
                what = f"capture {capture} is no whole file of {url} with that SHA-256"
                findings.add(Code.MEDIA_TIE, what, row=f"{table} {article}/{position}")


def _revisions(db: sqlite3.Connection, findings: Findings, after: int, through: int) -> None:
    """Each record against its digest, and the newest one against the article and its full text; of the articles in a
    range of ids, derivations (of captures) by the same range of theirs."""
    within = (after, through)
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    newest = cursor.execute(
        "SELECT a.*, r.record AS said, r.capture_id AS said_in, r.content_sha256 AS said_digest,"
        f" r.article_id || '/' || r.number AS said_number, {_INDEXED}"
        " FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number ="
        " (SELECT max(n.number) FROM revisions n WHERE n.article_id = a.id)"
        " LEFT JOIN articles_fts f ON f.rowid = a.id WHERE a.id > ? AND a.id <= ?",
        within,
    )
    for row in newest:
        article = article_from_json(row["said"])
        if article.content_sha256 != row["said_digest"]:
            findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"revisions {row['said_number']}")
        _article(row, article_columns(article) | {"capture_id": row["said_in"]}, findings)
        if row["f_plain"] is not None and not _is_indexed(row, article):
            findings.add(Code.FULL_TEXT, "its text in the index is another", row=f"articles {row['id']}")
    for table, key, only in (
        (
            "revisions r",
            "article_id || '/' || number",
            f"article_id > ? AND article_id <= ? AND {_NOT_NEWEST}",
        ),
        ("derivations", "capture_id", "record IS NOT NULL AND capture_id > ? AND capture_id <= ?"),
    ):
        for row_key, digest, record in db.execute(
            f"SELECT {key}, content_sha256, record FROM {table} WHERE {only}", within
        ):
            if article_from_json(record).content_sha256 != digest:
                findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"{table.split()[0]} {row_key}")


def _is_indexed(row: Any, article: Article) -> bool:
    """That the text of attachments is theirs is a rule of its own (check_rules.py)."""
    texts = texts_of(article, row["f_files"])
    return tuple(row[f"f_{column}"] for column in COLUMNS) == (*texts, plain_of(texts))


def _article(row: Any, said: dict[str, Any], findings: Findings) -> None:
    of_the_address = ("site_id", "category")  # these are not the fold's
    differs = [name for name, value in said.items() if name not in of_the_address and row[name] != value]
    if row["date_kind"] != "dateline" and said["date_kind"] != "dateline":
        differs = [name for name in differs if not name.startswith("date")]  # a listing may have given the day
    if differs:
        what = f"differs from its newest revision in {', '.join(differs)}"
        findings.add(Code.ARTICLE_STATE, what, row=f"articles {row['id']}")


def _full_text(db: sqlite3.Connection, findings: Findings) -> None:
    """FTS5's own check writes, in form; so it is run on a copy of the indexes, and read-only media can be checked."""
    made = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE name IN ('articles_fts', 'articles_fts_marked')"))
    for name in ("articles_fts", "articles_fts_marked"):
        if not made.get(name, "").startswith(f"CREATE VIRTUAL TABLE {name} USING fts5"):
            findings.add(Code.FULL_TEXT, f"{name} is no FTS5 table")
            return
    with tempfile.TemporaryDirectory(prefix="susta-check-") as folder:
        copy = Path(folder) / "index.db"
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as to:
            to.execute("PRAGMA synchronous = OFF")
            for name, sql in made.items():
                _copy_index(db, to, name, sql)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as again:
            try:
                for name in made:
                    again.execute(f"INSERT INTO {name}({name}) VALUES ('integrity-check')")
                if not _spellings_agree(again, made["articles_fts_marked"]):
                    findings.add(Code.FULL_TEXT, "articles_fts_marked does not hold the words of the texts")
            except sqlite3.DatabaseError as error:
                findings.add(Code.FULL_TEXT, f"the index does not hold the words of its texts: {error}")


def _copy_index(db: sqlite3.Connection, to: sqlite3.Connection, name: str, sql: str) -> None:
    to.execute(sql)
    to.execute("BEGIN")
    there = {table for (table,) in to.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in (f"{name}_{shadow}" for shadow in _SHADOWS):
        if table in there:
            to.execute(f"DELETE FROM {table}")
            rows = db.execute(f"SELECT * FROM {table}")
            to.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in rows.description)})", rows)
    to.execute("COMMIT")


def _spellings_agree(copy: sqlite3.Connection, sql: str) -> bool:
    """The index of spellings holds no text that FTS5 could compare it with; so each word must stand in as many articles
    as their texts say, counted here, or as FTS5 counts where it is made again, should it part a word otherwise."""
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
