"""A disk that fills up, or a database that fails, in the midst of a run: the run's row says so, and nothing is lost."""

import errno
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fake_site import plain_site, some_articles
from test_crawl import Crawling

from archive.errors import ArchiveUnusable, ExitCode
from archive.store import Store
from archive.warc import WarcFiles
from scraper.crawl import Report
from scraper.room import ASIDE_NAME, Room


def full(*_: object, **__: object) -> Any:
    raise ArchiveUnusable("Cannot write") from OSError(errno.ENOSPC, "No space left on device")


def full_database(*_: object, **__: object) -> Any:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def broken(*_: object, **__: object) -> Any:
    raise OSError(errno.EIO, "Input/output error")


FAULTS = {
    "warc": (WarcFiles, "append", full, "disk-low"),
    "database": (Store, "add_capture", full_database, "disk-low"),
    "broken": (WarcFiles, "append", broken, "crashed"),
}


class Failing:
    """Stands in for a method, and fails from a call on, for so many calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, fault: Any, times: int) -> None:
        self.calls, self.times, self.fault, real = 0, times, fault, getattr(owner, name)

        def stand_in(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            return (fault if 5 < self.calls <= 5 + self.times else real)(*arguments, **named)

        monkeypatch.setattr(owner, name, stand_in)


@pytest.mark.parametrize("times", [1, 10**6], ids=["once", "ever after"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_runs_row_says_how_it_ended_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, times: int
) -> None:
    owner, name, failing, outcome = FAULTS[fault]
    articles = some_articles(8)
    crawling = Crawling(tmp_path, plain_site(articles)[0])
    with monkeypatch.context() as patched:
        Failing(patched, owner, name, failing, times)
        with pytest.raises(ArchiveUnusable) as caught:
            crawling.run()
    assert caught.value.exit_code == ExitCode.ARCHIVE_UNUSABLE
    assert isinstance(caught.value.report, Report)
    assert caught.value.report.outcome == outcome
    assert crawling.rows("SELECT outcome FROM runs") == [outcome]
    assert not (tmp_path / ASIDE_NAME).exists()
    crawling.run()
    assert crawling.rows("SELECT outcome FROM runs") == [outcome, "finished"]
    assert crawling.article_paths() == sorted(one.path for one in articles)
    assert crawling.rows("SELECT count(*) FROM captures WHERE run_id IS NULL") == [0]


def test_space_is_set_aside_and_given_back(tmp_path: Path) -> None:
    room = Room(tmp_path, 0, lambda _: 0)
    room.release()
    room.set_aside()
    assert (tmp_path / ASIDE_NAME).stat().st_size > 1_000_000
    room.release()
    assert list(tmp_path.iterdir()) == []


def test_where_none_can_be_set_aside_nothing_is(tmp_path: Path) -> None:
    Room(tmp_path / "absent", 0, lambda _: 0).set_aside()
    assert not (tmp_path / "absent").exists()
