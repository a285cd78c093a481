"""The seal of `archive.db`: true whenever it is there, gone while somebody writes, and damage is never sealed in."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from builders import Desk, make_article, moment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import schema, seal_file
from archive import seal as seal_module
from archive.events import EventType
from archive.seal import Noted, note_aside, note_between, seal, settle
from archive.seal_file import SealFound, SealState, forget_seal, look_at_seal
from archive.store import DATABASE_NAME, Store

DIGEST_OF = seal_file.digest_of  # as this module is loaded before any fixture, the real one


@pytest.fixture(autouse=True)
def hashed_as_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_file, "digest_of", DIGEST_OF)


def make_archive(folder: Path) -> Path:
    desk = Desk(Store(folder))
    desk.take(make_article("Một đoạn."))
    desk.store.close()
    return folder


def state_of(folder: Path) -> SealState:
    return look_at_seal(folder / DATABASE_NAME).state


def note(folder: Path) -> bool:
    return note_aside(folder, EventType.EXPORTED, moment(), "susta-archive/0", "archive", detail={"records": 1})


def events_in(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / DATABASE_NAME)) as db:
        return int(db.execute("SELECT count(*) FROM events WHERE type = 'exported'").fetchone()[0])


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def test_a_closed_archive_is_sealed_in_the_form_of_sha256sum(tmp_path: Path) -> None:
    make_archive(tmp_path)
    assert state_of(tmp_path) is SealState.TRUE
    assert not list(tmp_path.glob("*.new"))
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "--quiet", "archive.db.sha256"], cwd=tmp_path, check=True)


def test_there_is_no_seal_while_a_run_writes(tmp_path: Path) -> None:
    make_archive(tmp_path)
    store = Store(tmp_path)
    assert state_of(tmp_path) is SealState.ABSENT
    assert store.one("SELECT writing FROM seal") == (1,)
    store.close()
    assert state_of(tmp_path) is SealState.TRUE


def test_a_killed_run_leaves_no_seal_and_the_next_one_makes_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.db.close()  # as a kill leaves it
    assert note(tmp_path)
    assert state_of(tmp_path) is SealState.ABSENT
    assert not seal(tmp_path)
    Store(tmp_path).close()
    assert state_of(tmp_path) is SealState.TRUE


def test_an_event_noted_aside_is_sealed_in(tmp_path: Path) -> None:
    make_archive(tmp_path)
    before = look_at_seal(tmp_path / DATABASE_NAME)
    assert note(tmp_path)
    after = look_at_seal(tmp_path / DATABASE_NAME)
    assert events_in(tmp_path) == 1
    assert after.state is SealState.TRUE
    assert after.said != before.said


def test_an_event_noted_while_a_run_writes_leaves_the_sealing_to_the_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert note(tmp_path)
    assert state_of(tmp_path) is SealState.ABSENT
    store.close()
    assert events_in(tmp_path) == 1
    assert state_of(tmp_path) is SealState.TRUE


def test_a_reader_of_an_earlier_state_holds_the_sealing_up_and_that_is_no_damage(tmp_path: Path) -> None:
    make_archive(tmp_path)
    with contextlib.closing(schema.connect(tmp_path / DATABASE_NAME, read_only=True)) as reader:
        writer = schema.connect(tmp_path / DATABASE_NAME)
        writer.execute("PRAGMA busy_timeout = 0")
        forget_seal(tmp_path / DATABASE_NAME)
        writer.execute("UPDATE articles SET title = 'Khác'")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        writer.execute("UPDATE articles SET title = 'Khác nữa'")
        assert not settle(writer, tmp_path / DATABASE_NAME)
        assert state_of(tmp_path) is SealState.ABSENT
        reader.execute("COMMIT")
        assert settle(writer, tmp_path / DATABASE_NAME)
        writer.close()
    assert state_of(tmp_path) is SealState.TRUE


@pytest.mark.parametrize("place", [0, 20, 63, 70, 5000, -1])
def test_a_flipped_byte_breaks_the_seal(tmp_path: Path, place: int) -> None:
    make_archive(tmp_path)
    flip(tmp_path / DATABASE_NAME, place)
    assert state_of(tmp_path) is SealState.BROKEN


@pytest.mark.parametrize("place", [0, 63, 64, 66, -1])
def test_a_flipped_byte_of_the_seal_itself_is_seen(tmp_path: Path, place: int) -> None:
    make_archive(tmp_path)
    flip(tmp_path / "archive.db.sha256", place)
    assert state_of(tmp_path) in (SealState.BROKEN, SealState.UNREADABLE)


def test_what_is_damaged_is_not_sealed_in_by_the_next_writer(tmp_path: Path) -> None:
    make_archive(tmp_path)
    said = look_at_seal(tmp_path / DATABASE_NAME).said
    flip(tmp_path / DATABASE_NAME, -1)
    assert note(tmp_path)
    assert look_at_seal(tmp_path / DATABASE_NAME) == SealFound(SealState.BROKEN, said)
    Store(tmp_path).close()
    assert not seal(tmp_path)
    assert state_of(tmp_path) is SealState.BROKEN
    forget_seal(tmp_path / DATABASE_NAME)  # as a rebuild does
    assert seal(tmp_path)
    assert state_of(tmp_path) is SealState.TRUE


def test_nothing_is_noted_where_the_archive_is_of_an_older_schema(tmp_path: Path) -> None:
    make_archive(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as db:
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION - 1}")
    before = (tmp_path / DATABASE_NAME).read_bytes()
    assert not note(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_nothing_is_noted_where_there_is_no_archive(tmp_path: Path) -> None:
    assert not note(tmp_path)
    assert not list(tmp_path.iterdir())


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["open", "write", "kill", "close", "note", "read", "unread", "seal"]), max_size=14))
def test_a_seal_that_is_there_is_true_whatever_went_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = make_archive(tmp_path_factory.mktemp("archive"))
    store: Store | None = None
    reader: sqlite3.Connection | None = None
    for step in steps:
        if step == "open" and store is None:
            store = Store(folder)
            store.db.execute("PRAGMA busy_timeout = 0")
        elif step == "write" and store is not None:
            store.add_failure("https://susta.vn/x", moment(), "timeout", "", None)
        elif step == "kill" and store is not None:
            store = store.db.close()
        elif step == "close" and store is not None:
            store = store.close()  # type: ignore[func-returns-value]
        elif step == "note":
            assert note(folder) or reader is not None
        elif step == "read" and reader is None:
            reader = schema.connect(folder / DATABASE_NAME, read_only=True)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM failures").fetchone()
        elif step == "unread" and reader is not None:
            reader = reader.close()
        elif step == "seal" and reader is None:
            seal(folder)
        assert state_of(folder) in (SealState.TRUE, SealState.ABSENT)
    for opened in (store, reader):
        if opened is not None:
            opened.close()
    assert state_of(folder) in (SealState.TRUE, SealState.ABSENT)


def test_several_who_write_at_once_leave_a_true_seal(tmp_path: Path) -> None:
    make_archive(tmp_path)
    seen: set[SealState] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.add(state_of(tmp_path))

    def run() -> None:
        for _ in range(4):
            store = Store(tmp_path)
            store.add_failure("https://susta.vn/x", moment(), "timeout", "", None)
            store.close()

    watcher = threading.Thread(target=watch)
    writers = [threading.Thread(target=run), *(threading.Thread(target=note, args=(tmp_path,)) for _ in range(6))]
    watcher.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    watcher.join()
    assert events_in(tmp_path) == 6
    assert seen <= {SealState.TRUE, SealState.ABSENT}
    assert state_of(tmp_path) is SealState.TRUE


def test_an_event_tells_what_it_was_noted_between(tmp_path: Path) -> None:
    path = make_archive(tmp_path) / DATABASE_NAME
    before = look_at_seal(path).found
    noted = note_between(tmp_path, EventType.EXPORTED, moment(), "susta-archive/0", "archive")
    assert noted == Noted(True, before, look_at_seal(path).found)
    assert noted.before != noted.after


def test_what_others_write_before_it_is_sealed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_archive(tmp_path)
    sealed = seal_module._sealed

    def after_another(*each: Any) -> str:
        monkeypatch.setattr(seal_module, "_sealed", sealed)
        assert note(tmp_path)
        return sealed(*each)

    monkeypatch.setattr(seal_module, "_sealed", after_another)
    noted = note_between(tmp_path, EventType.EXPORTED, moment(), "susta-archive/0", "archive")
    assert (noted.noted, noted.after) == (True, "")
    assert state_of(tmp_path) is SealState.TRUE
    assert events_in(tmp_path) == 2


def test_what_stood_in_the_log_before_is_told(tmp_path: Path) -> None:
    path = make_archive(tmp_path) / DATABASE_NAME
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE articles SET title = 'khác'")  # by another program, which knows of no seal
        noted = note_between(tmp_path, EventType.EXPORTED, moment(), "susta-archive/0", "archive")
    assert (noted.noted, noted.before) == (True, "")
