"""A rebuild: the same archive from the WARC files alone, by any number of processes, wherever it was cut off."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_site import Clock
from test_crawl import Crawling
from test_crawl_crashes import dump, live_through, site_of_crashes

from archive import rebuilding as beside
from archive.errors import ArchiveUnusable
from archive.events import EventType, note_event
from archive.warc import warc_paths
from scraper import rebuild as module
from scraper.config import Config
from scraper.demo import DemoSite
from scraper.rebuild import Pace, Rebuilt, rebuild
from scraper.workers import Workers

# A rebuild that the system kills when so many records have been worked in, or at one of the steps of its end.
KILLED = """
import os, signal, sys
from pathlib import Path
from scraper import rebuild as module
from scraper.config import Config

folder, when, jobs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
module._AT_ONCE, module._WORTH_WORKERS = 0.0, 0

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if when.isdigit():
    left = iter(range(int(when), -1, -1))
    own = module.Deriver.work_in
    module.Deriver.work_in = lambda self, stored: die() if next(left) == 0 else own(self, stored)
elif when == "compare":
    module._compare = die
elif when == "rename":
    module.rebuilding.os.replace = die
else:
    module.rebuilding.unmark = die
module.rebuild(Config.model_validate_json(sys.argv[4]), folder, jobs=jobs)
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Crawling:
    """An archive with some history."""
    site, articles = site_of_crashes()
    crawling = Crawling(tmp_path_factory.mktemp("lived"), site)
    live_through(crawling, articles)
    return crawling


@pytest.fixture
def crawling(lived: Crawling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crawling:
    """A copy of it; every record is a transaction, and no archive too small for workers."""
    monkeypatch.setattr(module, "_WORTH_WORKERS", 0)
    monkeypatch.setattr(module, "_AT_ONCE", 0.0)
    shutil.copytree(lived.folder, tmp_path / "archive", copy_function=shutil.copy2)
    copy = Crawling(tmp_path / "archive", lived.site)
    copy.config = lived.config
    return copy


def records_of(crawling: Crawling) -> int:
    seen: list[Pace] = []
    rebuild(crawling.config, crawling.folder, watch=seen.append)
    return seen[-1].records


def cut_off(crawling: Crawling, when: int | str, jobs: int = 1) -> None:
    """A rebuild in a process of its own, which is killed."""
    arguments = [str(crawling.folder), str(when), str(jobs), crawling.config.model_dump_json()]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


class Interrupt(BaseException):
    """Ctrl-C."""


def interrupted(crawling: Crawling, records: int, config: Config | None = None) -> None:
    def watch(pace: Pace) -> None:
        if pace.records >= records:
            raise Interrupt

    with pytest.raises(Interrupt):
        rebuild(config or crawling.config, crawling.folder, watch=watch)


def notes(crawling: Crawling, **arguments: Any) -> tuple[Rebuilt, list[str]]:
    said: list[Pace] = []
    rebuilt = rebuild(crawling.config, crawling.folder, watch=said.append, **arguments)
    return rebuilt, [pace.note for pace in said if pace.note]


# The same, by any number of processes


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_crawl_delete_rebuild_gives_the_same_dump(crawling: Crawling, jobs: int) -> None:
    before = dump(crawling.folder)
    (crawling.folder / "archive.db").unlink()
    rebuild(crawling.config, crawling.folder, jobs=jobs)
    assert dump(crawling.folder) == before


def test_two_editions_of_the_demo_site_give_the_same_dump_with_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scraper.config import CrawlSettings, SiteSettings
    from scraper.crawl import crawl
    from scraper.fetch import World

    monkeypatch.setattr(module, "_WORTH_WORKERS", 0)
    clock = Clock()
    world = World(pause=clock.pause, stopped=lambda: False, now=lambda: clock.moment)
    with DemoSite(articles=12) as site:
        start = SiteSettings(start_urls=[site.base_url], media_hosts=[])
        config = Config(site=start, crawl=CrawlSettings(delay_seconds=0))
        crawl(config, tmp_path, world=world)
        site.edition = 2
        clock.pass_days(8)
        crawl(config, tmp_path, world=world)
    before = dump(tmp_path)
    (tmp_path / "archive.db").unlink()
    rebuild(config, tmp_path, jobs=2)
    assert dump(tmp_path) == before


def test_a_worker_that_dies_costs_nothing_but_time(crawling: Crawling, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(crawling.folder)
    started: list[Workers] = []
    own = Workers.ask

    def ask(self: Workers, question: Any) -> None:
        if self not in started:
            started.append(self)
            self._workers[0].process.kill()
            self._workers[0].process.wait()
        own(self, question)

    monkeypatch.setattr(Workers, "ask", ask)
    rebuild(crawling.config, crawling.folder, jobs=2)
    assert started
    assert dump(crawling.folder) == before


def test_workers_end_with_the_process_that_asked_them(tmp_path: Path) -> None:
    program = (
        "import os, signal\nfrom scraper.config import Config\nfrom scraper.workers import Workers\n"
        "workers = Workers(Config(), 2)\n"
        "print(*(each.process.pid for each in workers._workers), flush=True)\ninput()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as asker:
        assert asker.stdout is not None
        assert asker.stdin is not None
        handles = [os.pidfd_open(int(number)) for number in asker.stdout.readline().split()]
        asker.stdin.write("\n")
        asker.stdin.flush()
        asker.wait(timeout=30)
    try:
        assert len(handles) == 2
        for handle in handles:
            assert select.select([handle], [], [], 30)[0]  # readable once the process has ended
    finally:
        for handle in handles:
            os.close(handle)


# Cut off


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_killed_at_any_record_goes_on_where_it_was(crawling: Crawling, seed: int) -> None:
    before, records = dump(crawling.folder), records_of(crawling)
    draw = random.Random(seed)
    done = 0
    for _ in range(draw.randint(1, 3)):
        at = draw.randint(0, max(0, (records - done) // 2))
        cut_off(crawling, at, jobs=draw.choice((1, 2)))
        done += at
        assert dump(crawling.folder) == before  # the old one is as it was
    seen: list[Pace] = []
    rebuilt = rebuild(crawling.config, crawling.folder, jobs=draw.choice((1, 2)), watch=seen.append)
    assert rebuilt.resumed
    assert seen[-1].records == records - done
    assert dump(crawling.folder) == before
    assert not list(crawling.folder.glob("*rebuilding*"))


@pytest.mark.parametrize("when", ["compare", "unmark", "rename"])
def test_a_rebuild_killed_at_its_end_is_finished(crawling: Crawling, when: str) -> None:
    before = dump(crawling.folder)
    cut_off(crawling, when)
    assert dump(crawling.folder) == before
    rebuild(crawling.config, crawling.folder)
    assert dump(crawling.folder) == before
    assert not list(crawling.folder.glob("*rebuilding*"))


def test_a_leftover_is_not_taken_for_the_archive(crawling: Crawling) -> None:
    (crawling.folder / "archive.db").unlink()
    interrupted(crawling, 5)
    with pytest.raises(ArchiveUnusable, match="missing"):
        beside.connect(crawling.folder / "archive.db")


def test_a_crawl_between_is_no_harm(crawling: Crawling) -> None:
    interrupted(crawling, 5)
    crawling.clock.pass_days(40)
    crawling.run(everything=True)
    before = dump(crawling.folder)
    rebuilt, said = notes(crawling)
    assert rebuilt.resumed
    assert said == ["Going on with an earlier rebuild that was cut off."]
    assert dump(crawling.folder) == before


def test_with_another_configuration_it_begins_anew_and_says_so(crawling: Crawling) -> None:
    other = crawling.config.model_copy(
        update={"crawl": crawling.config.crawl.model_copy(update={"obey_noarchive": False})}
    )
    interrupted(crawling, 5, other)
    before = dump(crawling.folder)
    rebuilt, said = notes(crawling)
    assert not rebuilt.resumed
    assert said == [f"Beginning anew: {rebuilt.anew}."]
    assert "another configuration" in rebuilt.anew
    assert dump(crawling.folder) == before


def test_with_another_version_it_begins_anew(crawling: Crawling, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "EXTRACTOR", "susta-0")
        interrupted(crawling, 5)
    assert "another version" in rebuild(crawling.config, crawling.folder).anew


def test_where_a_warc_file_it_had_read_has_changed_it_begins_anew(crawling: Crawling) -> None:
    interrupted(crawling, 5)
    os.utime(warc_paths(crawling.folder / "warc")[0])
    assert "have changed" in rebuild(crawling.config, crawling.folder).anew


@pytest.mark.parametrize("left", [b"", b"no database", b"SQLite format 3\x00" + bytes(4000)])
def test_a_leftover_that_cannot_be_read_is_replaced(crawling: Crawling, left: bytes) -> None:
    before = dump(crawling.folder)
    (crawling.folder / beside.NAME).write_bytes(left)
    assert "cannot be read" in rebuild(crawling.config, crawling.folder).anew
    assert dump(crawling.folder) == before


def test_a_leftover_that_was_damaged_is_replaced(crawling: Crawling) -> None:
    before = dump(crawling.folder)
    cut_off(crawling, records_of(crawling) - 1)
    left = crawling.folder / beside.NAME
    connection = sqlite3.connect(left)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_url'").fetchone()
    connection.close()
    with left.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert "damaged" in rebuild(crawling.config, crawling.folder).anew
    assert dump(crawling.folder) == before


# Damage


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_damaged_warc_file_is_named_and_the_old_database_stays(crawling: Crawling, jobs: int) -> None:
    before = dump(crawling.folder)
    path = warc_paths(crawling.folder / "warc")[1]
    path.chmod(0o644)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    with pytest.raises(ArchiveUnusable, match=rf"{path.name} is damaged in the record at offset \d+"):
        rebuild(crawling.config, crawling.folder, jobs=jobs)
    assert dump(crawling.folder) == before
    path.write_bytes(whole)
    rebuild(crawling.config, crawling.folder, jobs=jobs)
    assert dump(crawling.folder) == before


# What no WARC file holds


def test_events_that_no_warc_file_holds_are_carried_over(crawling: Crawling) -> None:
    connection = sqlite3.connect(crawling.folder / "archive.db", isolation_level=None)
    at = "2026-11-26T08:00:00Z"
    note_event(connection, EventType.CHECKED, at, "susta-archive/0", "archive", detail={"files": 3})
    note_event(connection, EventType.EXPORTED, at, "susta-archive/0", "articles.json")
    connection.close()
    rebuild(crawling.config, crawling.folder)
    rebuild(crawling.config, crawling.folder)
    kept = crawling.rows(
        "SELECT type, at, target, detail FROM events WHERE type IN ('checked', 'exported') ORDER BY id"
    )
    assert kept == [
        ("checked", at, "archive", '{"files": 3}'),
        ("exported", at, "articles.json", "{}"),
    ]
    rebuilt = crawling.rows("SELECT detail FROM events WHERE type = 'rebuilt' AND target = 'archive' ORDER BY id")
    assert [json.loads(detail)["captures"] for detail in rebuilt] == crawling.rows("SELECT count(*) FROM captures") * 2


def test_an_old_database_that_is_damaged_is_no_hindrance(crawling: Crawling) -> None:
    before = dump(crawling.folder)
    path = crawling.folder / "archive.db"
    path.write_bytes(path.read_bytes()[:5000] + b"\xff" * 20_000)
    rebuilt = rebuild(crawling.config, crawling.folder)
    assert rebuilt.changes is None
    assert dump(crawling.folder) == before
