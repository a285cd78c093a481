"""The audit of `archive.db` by itself: what SQLite says of it, and whether its tables agree with each other. What takes
longest, the articles and the full text, is in check_articles.py and check_fulltext.py."""

import contextlib
import hashlib
import sqlite3
from pathlib import Path

from archive import schema
from archive.check_rules import RULES
from archive.damage import Code, Findings
from archive.records import Source
from archive.warc import serial_of

_MOST_ERRORS = 20
_IS_WHOLE = "c.role = 'media' AND c.status = 200 AND c.truncated = 0"
# Ties to a capture of another address: such may be where its address redirects to.
_ELSEWHERE = f"""SELECT p.article_id, p.position, p.url, p.sha256, p.capture_id FROM {{}} p
LEFT JOIN captures c ON c.id = p.capture_id WHERE (p.sha256 IS NOT NULL OR p.capture_id IS NOT NULL)
AND NOT coalesce(c.url = p.url AND c.payload_sha256 = p.sha256 AND {_IS_WHOLE}, 0)"""
_LED = f"""WITH RECURSIVE leads(url, hops) AS (SELECT ?1, 0 UNION SELECT c.location, hops + 1 FROM leads
  CROSS JOIN captures c ON c.url = leads.url WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < 6)
SELECT 1 FROM captures c WHERE id = ?2 AND url IN (SELECT url FROM leads) AND payload_sha256 = ?3 AND {_IS_WHOLE}"""


def audit_tables(path: Path) -> Findings:
    """What is quickly checked within the database, in one snapshot. A database that cannot be read on is damage."""
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
