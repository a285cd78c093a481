"""Opening `archive.db`: strangers are refused and left as they are; the database itself enforces the rules."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from builders import Desk, full_article, make_article, moment
from sqlite_utils import Database

from archive import schema
from archive.errors import ArchiveUnusable, ExitCode
from archive.events import EventOutcome, EventType, note_event
from archive.query import Archive
from archive.records import BylineRole, DateKind, RefusalReason, Role
from archive.store import DATABASE_NAME, Store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store(tmp_path))
    yield desk
    desk.store.close()


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()


def make_newer(path: Path) -> None:
    Store(path.parent).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    connection.close()


def make_text(path: Path) -> None:
    path.write_bytes(b"this is no database, however long it may be. " * 100)


def make_cut(path: Path) -> None:
    Store(path.parent).close()
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("make", [make_foreign, make_newer, make_text, make_cut])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_not_our_archive_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], read_only: bool
) -> None:
    path = tmp_path / DATABASE_NAME
    make(path)
    before = path.read_bytes()
    with pytest.raises(ArchiveUnusable) as refusal:
        schema.connect(path, create=not read_only, read_only=read_only)
    assert str(path) in str(refusal.value)
    assert refusal.value.advice
    assert refusal.value.exit_code == ExitCode.ARCHIVE_UNUSABLE
    assert path.read_bytes() == before


def test_a_missing_archive_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable, match="no archive"):
        Archive.open(tmp_path / "none")
    with pytest.raises(ArchiveUnusable, match="no archive"):
        schema.connect(tmp_path / DATABASE_NAME)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_refused_to_a_reader_and_filled_by_a_writer(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()
    with pytest.raises(ArchiveUnusable, match="empty"):
        Archive.open(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == b""
    Store(tmp_path).close()
    with Archive.open(tmp_path) as archive:
        assert list(archive.records()) == []


def test_a_folder_in_the_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(ArchiveUnusable):
        Store(tmp_path)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    Desk(store).take(full_article())
    store.close()
    before = (tmp_path / DATABASE_NAME).read_bytes()
    Store(tmp_path).close()
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_after_closing_the_file_alone_is_the_whole_database(tmp_path: Path) -> None:
    store = Store(tmp_path / "one")
    Desk(store).take(make_article())
    store.close()
    assert {path.name for path in (tmp_path / "one").iterdir()} == {DATABASE_NAME, DATABASE_NAME + ".sha256"}
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / DATABASE_NAME).write_bytes((tmp_path / "one" / DATABASE_NAME).read_bytes())
    with Archive.open(tmp_path / "two") as archive:
        assert [record.title for record in archive.records()] == ["Một bài viết"]


def test_a_reader_sees_what_was_committed_while_a_writer_writes(desk: Desk, tmp_path: Path) -> None:
    desk.take(make_article())
    with Archive.open(tmp_path) as archive, desk.store.transaction():
        desk.store.db.execute("UPDATE articles SET title = 'Đang viết'")
        assert [record.title for record in archive.records()] == ["Một bài viết"]
    with Archive.open(tmp_path) as archive:
        assert [record.title for record in archive.records()] == ["Đang viết"]


def test_the_picture_names_every_table_and_view_and_what_is_not_strict(desk: Desk) -> None:
    names = desk.rows(
        "SELECT s.name, l.strict, s.type FROM sqlite_schema s JOIN pragma_table_list(s.name) l"
        " WHERE s.type IN ('table', 'view') AND l.type <> 'shadow' AND l.schema = 'main'"
    )
    picture = schema.__doc__ or ""
    assert {name for name, _, _ in names if not re.search(rf"\b{name}\b", picture)} == {"_sqlite_migrations"}
    lax = {name for name, strict, kind in names if kind == "table" and not strict}
    assert lax == {"_sqlite_migrations", "articles_fts", "articles_fts_marked"}


def test_a_reader_leaves_no_file_beside_the_archive(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with Archive.open(tmp_path) as archive:
        archive.status()
    assert not list(tmp_path.glob("*-wal")) + list(tmp_path.glob("*-shm"))


def test_a_reader_that_stays_never_blocks_the_writer_and_folds_the_log_in_when_it_leaves(tmp_path: Path) -> None:
    desk = Desk(Store(tmp_path))
    desk.take(make_article("A"))
    reader = schema.connect(tmp_path / DATABASE_NAME, read_only=True)
    reader.execute("BEGIN")
    count = "SELECT count(*) FROM revisions"
    assert reader.execute(count).fetchone() == (1,)
    started = time.monotonic()
    for text in "BCD":
        desk.take(make_article(text))
    desk.store.close()
    assert time.monotonic() - started < 5
    assert reader.execute(count).fetchone() == (1,)  # the state it began with
    reader.execute("COMMIT")
    assert reader.execute(count).fetchone() == (4,)
    reader.close()
    assert not list(tmp_path.glob("*-wal")) + list(tmp_path.glob("*-shm"))
    with Archive.open(tmp_path) as archive:
        assert archive.revisions(1) == 4


def test_bringing_an_older_archive_up_to_date_is_an_event(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    schema.migrations.apply(Database(old), stop_before="m004_care")
    old.execute("PRAGMA user_version = 3")
    old.close()
    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveUnusable, match="older version"):
        archive.events()
    Store(tmp_path).close()
    Store(tmp_path).close()
    with Archive.open(tmp_path) as archive:
        (event,) = archive.events()
    assert (event.type, event.target, event.detail) == ("migrated", "archive", {"from": 3, "to": schema.SCHEMA_VERSION})


def test_a_new_archive_was_not_migrated(desk: Desk) -> None:
    assert desk.values("SELECT count(*) FROM events") == [0]


def test_a_reader_cannot_write(desk: Desk, tmp_path: Path) -> None:
    desk.take(make_article())
    connection = schema.connect(tmp_path / DATABASE_NAME, read_only=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM views")
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),
        ("foreign_keys", 1),
        ("application_id", schema.APPLICATION_ID),
        ("user_version", schema.SCHEMA_VERSION),
    ],
)
def test_settings(desk: Desk, pragma: str, expected: object) -> None:
    assert desk.values(f"PRAGMA {pragma}") == [expected]


def test_the_schema_version_is_the_number_of_migrations(desk: Desk) -> None:
    assert len(list(schema.migrations.applied(desk.store.db))) == schema.SCHEMA_VERSION
    assert not list(schema.migrations.pending(desk.store.db))


def test_an_archive_of_schema_1_is_brought_up_to_date_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    old = sqlite3.connect(path, isolation_level=None)
    old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    schema.migrations.apply(Database(old), stop_before="m002_doubts")
    old.execute("PRAGMA user_version = 1")
    old.execute(
        "INSERT INTO captures (url, fetched_at, status, role, media_type, payload_sha256, payload_length, warc_file,"
        " warc_offset, warc_length) VALUES ('u', 't', 200, 'page', '', '', 0, 'f', 0, 1)"
    )
    old.execute("INSERT INTO refusals VALUES ('u', 1, 'listing', '', 't')")
    old.execute("INSERT INTO derivations VALUES (1, NULL, NULL, 'listing', NULL, NULL, 'susta-1', NULL)")
    old.close()
    store = Store(tmp_path)
    assert store.one("SELECT url, reason FROM refusals") == ("u", "listing")
    assert store.one("SELECT refusal, extractor FROM derivations") == ("listing", "susta-1")
    store.db.execute("UPDATE refusals SET reason = 'search'")  # a reason schema 1 did not know
    assert store.one("SELECT count(*) FROM articles WHERE doubt = 0") == (0,)
    names = {name for (name,) in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()}
    assert {"derivations_article", "derivations_unframed", "refusals_url", "articles_doubt"} <= names
    assert store.one("PRAGMA user_version") == (schema.SCHEMA_VERSION,)
    store.close()


def test_an_archive_of_schema_2_keeps_its_captures_and_what_refers_to_them(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    old = sqlite3.connect(path, isolation_level=None)
    old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    schema.migrations.apply(Database(old), stop_before="m003_revisits")
    old.execute("PRAGMA user_version = 2")
    old.execute("INSERT INTO runs (id, started_at, software, start_urls) VALUES (4, 't', 's', '[]')")
    old.execute(
        "INSERT INTO captures (id, url, fetched_at, status, role, media_type, payload_sha256, payload_length,"
        " warc_file, warc_offset, warc_length, run_id) VALUES (7, 'u', 't', 200, 'page', '', 'abc', 3, 'f', 0, 1, 4)"
    )
    old.execute("INSERT INTO refusals VALUES ('u', 7, 'listing', '', 't')")
    old.close()
    store = Store(tmp_path)
    assert store.one("SELECT url, payload_sha256, run_id, etag, revisit_of FROM captures WHERE id = 7") == (
        *("u", "abc", 4),
        *(None, None),
    )
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("DELETE FROM captures")  # the refusal still refers to it
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("UPDATE captures SET revisit_of = 99")
    store.db.execute("UPDATE captures SET role = 'probe'")  # a role schema 2 did not know
    assert store.one("SELECT not_modified, identical, saved FROM runs") == (0, 0, 0)
    store.close()


def test_an_archive_of_schema_3_keeps_its_runs_and_gains_what_care_needs(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    old = sqlite3.connect(path, isolation_level=None)
    old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    schema.migrations.apply(Database(old), stop_before="m004_care")
    old.execute("PRAGMA user_version = 3")
    old.execute("INSERT INTO runs (id, started_at, software, start_urls) VALUES (4, 't', 'susta 1', '[]')")
    old.execute(
        "INSERT INTO captures (id, url, fetched_at, status, role, media_type, payload_sha256, payload_length,"
        " warc_file, warc_offset, warc_length, run_id) VALUES (7, 'u', 't', 200, 'page', '', 'abc', 3, 'f', 0, 1, 4)"
    )
    old.execute("INSERT INTO refusals VALUES ('u', 7, 'listing', '', 't')")
    old.execute("INSERT INTO derivations VALUES (7, NULL, NULL, 'listing', NULL, NULL, 'susta-1', NULL)")
    old.close()
    store = Store(tmp_path)
    assert store.one("SELECT kind FROM runs") == ("crawl",)
    assert store.one("SELECT removed FROM captures") == (0,)
    store.db.execute("UPDATE refusals SET reason = 'withdrawn'")  # a reason schema 3 did not know
    assert store.db.execute("SELECT type, agent, outcome, detail FROM capture_events ORDER BY type").fetchall() == [
        ("captured", "susta 1", "success", "200"),
        ("derived", "susta-1", "failure", "listing"),
    ]
    store.close()


def test_an_event_says_what_when_who_and_how_it_ended(desk: Desk) -> None:
    note_event(
        desk.store.db, EventType.CHECKED, moment(), "susta 1", "archive", outcome=EventOutcome.FAILURE, detail={"n": 2}
    )
    assert desk.store.one("SELECT type, at, agent, target, outcome, detail FROM events") == (
        *("checked", moment(), "susta 1"),
        *("archive", "failure", '{"n": 2}'),
    )
    with pytest.raises(sqlite3.IntegrityError):
        desk.store.db.execute("UPDATE events SET type = 'eaten'")


CONTRACT = {
    "articles": "id site site_id url category title body blocks byline byline_role affiliation date date_kind"
    " date_evidence credit source_id capture_id content_sha256 extractor first_seen last_seen gone_since",
    "photos": "article_id position url caption credit sha256 capture_id",
    "attachments": "article_id position url label media_type sha256 capture_id",
    "revisions": "article_id number seen_at capture_id content_sha256",
    "captures": "id url fetched_at status media_type payload_sha256 warc_file warc_offset warc_length run_id",
    "views": "article_id seen_at views",
    "refusals": "url capture_id reason seen_at",
    "sources": "id site name organisation notice notice_sha256 first_seen last_seen",
    "runs": "id started_at finished_at outcome",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_that_others_rely_on(desk: Desk, table: str) -> None:
    columns = set(desk.values("SELECT name FROM pragma_table_info(?)", table))
    assert set(CONTRACT[table].split()) <= columns


def test_full_text_and_credit_are_ready_for_people_who_write_sql(desk: Desk) -> None:
    desk.take(full_article())
    found = desk.rows(
        "SELECT a.id, v.credit, v.source_name FROM articles_fts f JOIN articles a ON a.id = f.rowid"
        " JOIN articles_with_credit v ON v.id = a.id WHERE articles_fts MATCH 'mo AND dau'"
    )
    assert found == [(1, "Nguồn: Susta.vn", "Susta.vn")]


# What the database itself enforces

TWO_AT_ONE_PLACE = (
    "INSERT INTO captures (id, url, fetched_at, status, role, media_type, payload_sha256, payload_length, truncated,"
    " location, warc_file, warc_offset, warc_length, run_id) SELECT id + 1, url, fetched_at, status, role, media_type,"
    " payload_sha256, payload_length, truncated, location, warc_file, warc_offset, warc_length, run_id FROM captures"
)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE articles SET credit = NULL",
        "UPDATE articles SET credit = ''",
        "UPDATE articles SET source_id = NULL",
        "UPDATE articles SET source_id = 99",
        "UPDATE articles SET capture_id = 99",
        "UPDATE articles SET date = '2020-01-01', date_kind = NULL",
        "UPDATE articles SET date = NULL",
        "UPDATE articles SET site_id = 'seven'",
        "UPDATE articles SET url = NULL",
        "UPDATE sources SET notice = ''",
        "UPDATE sources SET notice = NULL",
        "UPDATE sources SET name = ''",
        "DELETE FROM sources",
        "DELETE FROM captures",
        "UPDATE photos SET article_id = 99",
        "UPDATE captures SET run_id = 99",
        TWO_AT_ONE_PLACE,
        "INSERT INTO progress VALUES (2, 'x', 0)",
    ],
)
def test_the_database_refuses(desk: Desk, change: str) -> None:
    desk.take(full_article())
    with pytest.raises(sqlite3.IntegrityError):
        desk.store.db.execute(change)


CHECKED: list[tuple[str, str, type[StrEnum]]] = [
    ("articles", "byline_role", BylineRole),
    ("articles", "date_kind", DateKind),
    ("captures", "role", Role),
    ("refusals", "reason", RefusalReason),
    ("derivations", "refusal", RefusalReason),
]


@pytest.mark.parametrize(("table", "column", "values"), CHECKED)
def test_a_column_takes_the_values_of_its_enum_and_no_other(
    desk: Desk, table: str, column: str, values: type[StrEnum]
) -> None:
    desk.take(full_article())
    desk.answer(404, "https://susta.vn/khac")
    for value in values:
        desk.store.db.execute(f"UPDATE {table} SET {column} = ?", (str(value),))
        assert set(desk.values(f"SELECT {column} FROM {table}")) == {value}
    for wrong in ("", "other", next(iter(values)).upper()):
        with pytest.raises(sqlite3.IntegrityError):
            desk.store.db.execute(f"UPDATE {table} SET {column} = ?", (wrong,))


def test_what_hangs_on_an_article_goes_with_it(desk: Desk) -> None:
    desk.take(full_article())
    desk.take(full_article(url="https://susta.vn/khac/ten-khac-7"))
    desk.store.db.execute("DELETE FROM articles")
    for table in ("photos", "attachments", "revisions", "views", "aliases"):
        assert desk.values(f"SELECT count(*) FROM {table}") == [0]


def test_blocks_are_json(desk: Desk) -> None:
    desk.take(full_article())
    (blocks,) = desk.values("SELECT blocks FROM articles")
    assert [block["kind"] for block in json.loads(blocks)] == ["heading", "paragraph", "photo", "list_item", "table"]
