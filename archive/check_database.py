"""The audit of `archive.db` by itself: what SQLite says of it, and whether its tables agree with each other."""

import contextlib
import hashlib
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_rules import RULES
from archive.damage import Code, Findings
from archive.records import Source, article_from_json
from archive.revisions import article_columns, indexed_texts
from archive.warc import serial_of

_SHADOWS = ("data", "idx", "content", "docsize", "config")  # of an FTS5 table (sqlite.org/fts5.html, 4)
_MOST_ERRORS = 20
_FULL_TEXT = "CREATE VIRTUAL TABLE articles_fts USING fts5"
_IS_WHOLE = "c.role = 'media' AND c.status = 200 AND c.truncated = 0"
# Ties to a capture of another address: such may be where its address redirects to.
_ELSEWHERE = f"""SELECT p.article_id, p.position, p.url, p.sha256, p.capture_id FROM {{}} p
LEFT JOIN captures c ON c.id = p.capture_id WHERE (p.sha256 IS NOT NULL OR p.capture_id IS NOT NULL)
AND NOT coalesce(c.url = p.url AND c.payload_sha256 = p.sha256 AND {_IS_WHOLE}, 0)"""
_LED = f"""WITH RECURSIVE leads(url, hops) AS (SELECT ?1, 0 UNION SELECT c.location, hops + 1 FROM leads
  CROSS JOIN captures c ON c.url = leads.url WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < 6)
SELECT 1 FROM captures c WHERE id = ?2 AND url IN (SELECT url FROM leads) AND payload_sha256 = ?3 AND {_IS_WHOLE}"""


def audit_database(path: Path) -> Findings:
    """Everything that is checked within the database, in one snapshot. A database that cannot be read on is damage."""
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
                _revisions(db, findings)
                _full_text(db, findings)
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
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


def _revisions(db: sqlite3.Connection, findings: Findings) -> None:
    """Each record against its digest, and the newest one against the article and its full text."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    newest = cursor.execute(
        "SELECT a.*, r.record AS said, r.capture_id AS said_in, r.content_sha256 AS said_digest,"
        " r.article_id || '/' || r.number AS said_number, f.title AS f0, f.body AS f1, f.captions AS f2,"
        " f.byline AS f3, f.plain AS f4 FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number ="
        " (SELECT max(n.number) FROM revisions n WHERE n.article_id = a.id)"
        " LEFT JOIN articles_fts f ON f.rowid = a.id"
    )
    for row in newest:
        article = article_from_json(row["said"])
        if article.content_sha256 != row["said_digest"]:
            findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"revisions {row['said_number']}")
        _article(row, article_columns(article) | {"capture_id": row["said_in"]}, findings)
        if row["f4"] is not None and tuple(row[f"f{n}"] for n in range(5)) != indexed_texts(article):
            findings.add(Code.FULL_TEXT, "its text in the index is another", row=f"articles {row['id']}")
    for table, key, only in (
        (
            "revisions r",
            "article_id || '/' || number",
            "number < (SELECT max(n.number) FROM revisions n WHERE n.article_id = r.article_id)",
        ),
        ("derivations", "capture_id", "record IS NOT NULL"),
    ):
        for row_key, digest, record in db.execute(f"SELECT {key}, content_sha256, record FROM {table} WHERE {only}"):
            if article_from_json(record).content_sha256 != digest:
                findings.add(Code.CONTENT_DIGEST, "the record says something else", row=f"{table.split()[0]} {row_key}")


def _article(row: Any, said: dict[str, Any], findings: Findings) -> None:
    of_the_address = ("site_id", "category")  # these are not the fold's
    differs = [name for name, value in said.items() if name not in of_the_address and row[name] != value]
    if row["date_kind"] != "dateline" and said["date_kind"] != "dateline":
        differs = [name for name in differs if not name.startswith("date")]  # a listing may have given the day
    if differs:
        what = f"differs from its newest revision in {', '.join(differs)}"
        findings.add(Code.ARTICLE_STATE, what, row=f"articles {row['id']}")


def _full_text(db: sqlite3.Connection, findings: Findings) -> None:
    """FTS5's own check writes, in form; so it is run on a copy of the index, and read-only media can be checked."""
    (made,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'articles_fts'").fetchone()
    if not made.startswith(_FULL_TEXT):
        findings.add(Code.FULL_TEXT, "articles_fts is no FTS5 table")
        return
    with tempfile.TemporaryDirectory(prefix="susta-check-") as folder:
        copy = Path(folder) / "index.db"
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as to:
            to.execute("PRAGMA synchronous = OFF")
            to.execute(made)
            to.execute("BEGIN")
            for shadow in _SHADOWS:
                to.execute(f"DELETE FROM articles_fts_{shadow}")
                rows = db.execute(f"SELECT * FROM articles_fts_{shadow}")
                marks = ", ".join("?" for _ in rows.description)
                to.executemany(f"INSERT INTO articles_fts_{shadow} VALUES ({marks})", rows)
            to.execute("COMMIT")
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as again:
            try:
                again.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")
            except sqlite3.DatabaseError as error:
                findings.add(Code.FULL_TEXT, f"the index does not hold the words of its texts: {error}")
