"""The one writer: all or nothing, runs, sources, progress."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import SITE, SOURCE, Desk, full_article, make_article, moment

from archive.records import Source
from archive.revisions import Change
from archive.store import RunCounts, Store

TABLES = ("captures", "articles", "revisions", "derivations", "views", "photos", "sources", "aliases", "articles_fts")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store(tmp_path))
    yield desk
    desk.store.close()


def everything(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {table: desk.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}


class Cut(Exception):
    """The work ends before its transaction does."""


@pytest.mark.parametrize("known", [False, True])
def test_a_transaction_that_fails_leaves_nothing(desk: Desk, known: bool) -> None:
    if known:
        desk.take(full_article(title="Cũ"))
    before = everything(desk)

    def work() -> None:
        with desk.store.transaction():
            desk.take(full_article(title="Mới", url="https://susta.vn/khac/ten-khac-7", views=1))
            desk.take(full_article(title="Mới", views=2))
            raise Cut

    with pytest.raises(Cut):
        work()
    assert everything(desk) == before
    assert desk.take(make_article("Sau đó", url="https://susta.vn/tin-tuc/bai-9", site_id=9)) is Change.NEW


def test_a_transaction_the_database_refuses_leaves_nothing(desk: Desk) -> None:
    def work() -> None:
        with desk.store.transaction():
            desk.take(full_article())
            desk.store.db.execute("UPDATE articles SET credit = ''")

    with pytest.raises(sqlite3.IntegrityError):
        work()
    assert everything(desk) == {table: [] for table in TABLES}


def test_what_was_committed_is_there_after_the_store_was_left_open(tmp_path: Path) -> None:
    left_open = Store(tmp_path)
    Desk(left_open).take(make_article("A"))
    store = Store(tmp_path)
    assert store.one("SELECT count(*) FROM articles") == (1,)
    store.close()
    left_open.close()


def test_a_run_is_closed_with_what_it_did(desk: Desk) -> None:
    run_id = desk.store.start_run(moment(), "susta-archive/test", ("https://susta.vn/",))
    assert desk.rows("SELECT outcome, finished_at, start_urls FROM runs") == [
        ("running", None, '["https://susta.vn/"]')
    ]
    counts = RunCounts(fetched=9, new=1, changed=2, unchanged=3, aliases=5, refused=2, failed=1, media=4, bytes=99)
    desk.store.finish_run(run_id, moment(1), "finished", counts)
    assert desk.rows(
        "SELECT outcome, finished_at, fetched, new, changed, unchanged, aliases, refused, failed, media, bytes"
        " FROM runs"
    ) == [("finished", moment(1), 9, 1, 2, 3, 5, 2, 1, 4, 99)]


def test_a_run_that_never_ended_is_closed_as_crashed_by_the_next(desk: Desk) -> None:
    finished = desk.store.start_run(moment(), "x", ())
    desk.store.finish_run(finished, moment(1), "interrupted", RunCounts())
    desk.store.start_run(moment(2), "x", ())
    desk.store.start_run(moment(3), "x", ())
    assert desk.values("SELECT outcome FROM runs ORDER BY id") == ["interrupted", "crashed", "running"]


def test_progress_is_one_place_and_moves(desk: Desk) -> None:
    assert desk.store.progress() == ("", 0)
    for place in (("susta-000001-20261122T020000Z.warc.gz", 700), ("susta-000002-20261122T020000Z.warc.gz", 9)):
        desk.store.set_progress(*place)
        assert desk.store.progress() == place


def test_the_newest_frame_of_a_site_is_kept(desk: Desk) -> None:
    assert desk.store.latest_frame("susta.vn") is None
    for lines in ("[1]", "[2]"):
        frame_id = desk.store.add_frame("susta.vn", moment(), None, 3, lines)
    desk.store.add_frame("other.vn", moment(), None, 3, "[3]")
    assert desk.store.latest_frame("susta.vn") == (frame_id, "[2]")


def test_a_page_that_could_not_be_fetched_is_noted(desk: Desk) -> None:
    desk.store.add_failure("https://susta.vn/x", moment(), "timeout", "after 30 s", None)
    assert desk.rows("SELECT url, reason, detail FROM failures") == [("https://susta.vn/x", "timeout", "after 30 s")]


def test_a_source_has_one_row_for_each_condition(desk: Desk) -> None:
    first = desk.store.source_id(SOURCE, moment(2))
    assert desk.store.source_id(SOURCE, moment(1)) == first
    assert desk.values("SELECT last_seen FROM sources") == [moment(2)]


def test_a_condition_is_of_whom_it_was_first_met_with(desk: Desk) -> None:
    """And so is the credit of every article that it came with."""
    renamed = Source(SITE, "Tên mới", "Tổ chức mới", SOURCE.notice)
    first, second = "https://susta.vn/tin-tuc/mot-1", "https://susta.vn/tin-tuc/hai-2"
    desk.derive(desk.capture(first), make_article("Một.", url=first, site_id=1))
    desk.derive(desk.capture(second), make_article("Hai.", url=second, site_id=2), renamed)
    assert desk.values("SELECT DISTINCT credit FROM articles") == [SOURCE.credit]
