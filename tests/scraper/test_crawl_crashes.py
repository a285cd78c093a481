"""A run may end at any point: nothing is lost, nothing is there twice, and what is written can be read."""

import hashlib
import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_site import PNG, Clock, FakeArticle, FakeSite, Reply, listing, plain_site, some_articles
from test_crawl import Crawling, rows
from warcio.archiveiterator import ArchiveIterator

from archive.query import Archive
from archive.warc import StoredExchange, warc_paths
from archive.warc_reading import read_all
from scraper.crawl import Step
from scraper.demo import DemoSite
from scraper.rebuild import rebuild

SAID = "SELECT url, site_id, title, body, blocks, byline, date, views, credit, content_sha256, category FROM articles"


class Crash(Exception):
    """The run dies here."""


def site_of_crashes() -> tuple[FakeSite, list[FakeArticle]]:
    articles = some_articles(10)
    pictured = FakeArticle(30001, "Bài có ảnh về mùa cà phê chè", photos=(("/anh/mot.png", "Toàn cảnh buổi làm việc"),))
    site, _ = plain_site([*articles, pictured])
    site.pages["/anh/mot.png"] = Reply(PNG, media_type="image/png")
    return site, [*articles, pictured]


def crash_after(steps: int) -> Callable[[Step], None]:
    left = iter(range(steps - 1, -1, -1))

    def watch(_: Step) -> None:
        if next(left) == 0:
            raise Crash

    return watch


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    crawling = Crawling(tmp_path_factory.mktemp("undisturbed"), site_of_crashes()[0])
    crawling.run()
    return sorted(crawling.rows(SAID))


def assert_whole(crawling: Crawling, undisturbed: list[Any]) -> None:
    """All articles, each once, and every capture where its row says."""
    assert sorted(crawling.rows(SAID)) == undisturbed
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(undisturbed)]
    assert crawling.rows("SELECT count(*) FROM photos WHERE sha256 IS NOT NULL") == [1]
    assert crawling.rows("SELECT count(*) FROM articles_fts") == [len(undisturbed)]
    warc = crawling.folder / "warc"
    assert not list(warc.glob("*.open"))
    stored = [one.capture for one in read_all(warc) if isinstance(one, StoredExchange)]
    places = [(one.url, one.status, one.warc_file, one.warc_offset) for one in stored]
    assert places == crawling.rows("SELECT url, status, warc_file, warc_offset FROM captures ORDER BY id")
    with Archive.open(crawling.folder) as archive:
        for capture_id, digest in crawling.rows("SELECT id, payload_sha256 FROM captures"):
            assert hashlib.sha256(archive.capture(capture_id).body).hexdigest() == digest
    assert count_by_warcio(warc) == len(stored)


def count_by_warcio(folder: Path) -> int:
    """Responses as another reader counts them, each read to its end."""
    count = 0
    for path in warc_paths(folder):
        for record in ArchiveIterator(io.BytesIO(path.read_bytes())):
            record.content_stream().read()
            count += record.rec_type in ("response", "revisit")
    return count


@pytest.mark.parametrize("steps", [1, 7, 14])
def test_a_crash_between_two_steps_loses_nothing(tmp_path: Path, undisturbed: list[Any], steps: int) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    with pytest.raises(Crash):
        crawling.run(crash_after(steps))
    crawling.run()
    assert_whole(crawling, undisturbed)
    assert crawling.rows("SELECT outcome FROM runs ORDER BY id") == ["crashed", "finished"]


def test_crash_after_crash_still_comes_to_an_end(tmp_path: Path, undisturbed: list[Any]) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    for steps in (3, 4, 5):
        with pytest.raises(Crash):
            crawling.run(crash_after(steps))
    crawling.run()
    assert_whole(crawling, undisturbed)


def snapshot(path: Path) -> bytes:
    """A database as a power cut would leave it: without what later transactions added."""
    source, target = sqlite3.connect(path), sqlite3.connect(":memory:")
    source.backup(target)
    source.close()
    content = target.serialize()
    target.close()
    return content


def put_back(path: Path, content: bytes) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("names", "kept", "steps"),
    [
        (("archive.db",), 1, 2),
        (("archive.db",), 5, 8),
        (("frontier.db",), 5, 8),
        (("archive.db", "frontier.db"), 5, 8),
    ],
)
def test_a_database_behind_the_warc_files_catches_up(
    tmp_path: Path, undisturbed: list[Any], names: tuple[str, ...], kept: int, steps: int
) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    seen = 0
    earlier: dict[str, bytes] = {}

    def watch(_: Step) -> None:
        nonlocal seen
        seen += 1
        if seen == kept:
            earlier.update({name: snapshot(tmp_path / name) for name in names})
        if seen == steps:
            raise Crash

    with pytest.raises(Crash):
        crawling.run(watch)
    for name, content in earlier.items():
        put_back(tmp_path / name, content)
    crawling.run()
    assert_whole(crawling, undisturbed)


@pytest.mark.parametrize("torn", [b"", b"\x1f\x8b\x08\x00 half a record", bytes(3000)])
def test_a_torn_warc_file_is_cut_to_its_last_whole_record(tmp_path: Path, undisturbed: list[Any], torn: bytes) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    with pytest.raises(Crash):
        crawling.run(crash_after(6))
    (path,) = warc_paths(tmp_path / "warc")
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(torn)
    path.rename(path.with_name(path.name + ".open"))
    report = crawling.run()
    assert any(f"cut by {len(torn)} bytes" in line for line in report.repaired) == bool(torn)
    assert_whole(crawling, undisturbed)


def test_a_lost_archive_and_a_lost_frontier_are_made_anew(tmp_path: Path, undisturbed: list[Any]) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    crawling.run()
    for name in ("archive.db", "frontier.db"):
        (tmp_path / name).unlink()
        assert crawling.run().new == 0
        assert sorted(crawling.rows(SAID)) == undisturbed


KILLED = """
import os, sys
from pathlib import Path
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.crawl import crawl
from scraper.fetch import World
left = int(sys.argv[3])
def watch(step):
    global left
    left -= 1
    if not left:
        os._exit(9)
config = Config(site=SiteSettings(start_urls=[sys.argv[1]], media_hosts=[]), crawl=CrawlSettings(delay_seconds=0))
crawl(config, Path(sys.argv[2]), world=World(pause=lambda _: False, stopped=lambda: False), watch=watch)
"""


def test_a_process_that_was_killed_is_made_good_at_the_next_run(tmp_path: Path) -> None:
    with DemoSite(articles=8) as site:
        arguments = [sys.executable, "-c", KILLED, site.base_url, str(tmp_path)]
        assert subprocess.run([*arguments, "12"], check=False).returncode == 9
        assert list((tmp_path / "warc").glob("*.open"))
        assert subprocess.run([*arguments, "-1"], check=False).returncode == 0
        expected = site.expected()
    assert sorted(rows(tmp_path, "SELECT site_id FROM articles")) == sorted(one.site_id for one in expected)
    assert rows(tmp_path, "SELECT count(*) FROM revisions") == [len(expected)]
    assert not list((tmp_path / "warc").glob("*.open"))


# The wish to stop


@pytest.mark.parametrize("steps", [1, 9])
def test_a_wish_to_stop_saves_and_the_next_run_completes(tmp_path: Path, undisturbed: list[Any], steps: int) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    seen = 0

    def watch(_: Step) -> None:
        nonlocal seen
        seen += 1
        crawling.clock.stop = seen >= steps

    report = crawling.run(watch)
    assert report.outcome == "interrupted"
    assert report.waiting > 0
    assert len(crawling.site.asked_pages()) <= steps + 1
    crawling.clock.stop = False
    crawling.run()
    assert_whole(crawling, undisturbed)


def test_a_wish_to_stop_before_the_first_request_asks_for_nothing(tmp_path: Path, undisturbed: list[Any]) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    crawling.clock.stop = True
    assert crawling.run().outcome == "interrupted"
    assert crawling.site.asked == []
    crawling.clock.stop = False
    crawling.run()
    assert_whole(crawling, undisturbed)


# Rebuild


def all_rows(folder: Path) -> dict[str, list[Any]]:
    """Every table of archive.db, full text included, but for what was done to the database itself."""
    connection = sqlite3.connect(folder / "archive.db")
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'articles_fts_*'"
        " AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite_*' AND name NOT IN ('events', 'seal')"
    ).fetchall()
    keys = {"attachment_texts": "sha256"}  # the others have a rowid
    found = {
        name: connection.execute(f"SELECT {key}, * FROM {name} ORDER BY {key}").fetchall()
        for (name,) in names
        for key in (keys.get(name, "rowid"),)
    }
    connection.close()
    return found


# What was done to the database itself, and SQLite's own: statistics, and how the full text's index is cut into pieces.
_SHADOWS = ("articles_fts_data", "articles_fts_idx", "articles_fts_marked_data", "articles_fts_marked_idx")
_NO_CONTENT = ("events", "seal", "_sqlite_migrations", "sqlite_stat1", *_SHADOWS)


def dump(folder: Path) -> list[str]:
    """What archive.db says, as SQL, byte for byte; its full-text index is looked through for agreeing with its text."""
    connection = sqlite3.connect(folder / "archive.db")
    connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    connection.rollback()
    lines = [
        line
        for line in connection.iterdump()
        if not line.startswith(("ANALYZE", *(f'INSERT INTO "{name}" ' for name in _NO_CONTENT)))
    ]
    connection.close()
    return lines


def assert_rebuild_agrees(crawling: Crawling) -> None:
    before = all_rows(crawling.folder)
    (crawling.folder / "archive.db").unlink()
    counts = rebuild(crawling.config, crawling.folder).counts
    after = all_rows(crawling.folder)
    assert after.keys() == before.keys()
    for name in before:
        assert after[name] == before[name], name
    assert counts["articles"] == len(before["articles"])


def live_through(crawling: Crawling, articles: list[FakeArticle]) -> None:
    """Runs with an edit, a deletion, a new article, failures and a new address."""
    crawling.run()
    crawling.clock.pass_days(9)
    edited = FakeArticle(articles[0].number, articles[0].title, words="Bổ sung: hội nghị lùi sang ngày hôm sau.")
    fresh = FakeArticle(50001, "Bài mới đăng sáng nay của Liên hiệp hội")
    pages = crawling.site.pages
    pages |= {edited.path: edited.html(views=60), fresh.path: fresh.html(), articles[3].path: Reply("", 503)}
    del pages[articles[1].path]
    moved = "/tu-lieu-sub" + articles[2].path.removeprefix("/khoa-hoc-cong-nghe")
    pages[moved], pages[articles[2].path] = pages[articles[2].path], Reply("", 301, headers=(("Location", moved),))
    pages["/khoa-hoc-cong-nghe"] = listing([fresh.path, *(one.path for one in articles), "/khong-co"])
    crawling.run()
    crawling.clock.pass_days(9)
    crawling.run()


def test_an_archive_rebuilt_from_its_warc_files_has_equal_rows(tmp_path: Path) -> None:
    site, articles = site_of_crashes()
    crawling = Crawling(tmp_path, site)
    live_through(crawling, articles)
    assert crawling.rows("SELECT count(*) FROM revisions WHERE number = 2") == [1]
    assert_rebuild_agrees(crawling)
    assert_rebuild_agrees(crawling)


def test_a_rebuilt_archive_is_crawled_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    site, articles = site_of_crashes()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    rebuild(crawling.config, tmp_path)
    report = crawling.run(everything=True)
    assert (report.new, report.changed, report.unchanged) == (0, 0, len(articles))
    assert_rebuild_agrees(crawling)


@pytest.mark.parametrize("steps", [2, 8])
def test_rows_after_a_crash_are_those_a_rebuild_gives(tmp_path: Path, steps: int) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    with pytest.raises(Crash):
        crawling.run(crash_after(steps))
    crawling.run()
    assert_rebuild_agrees(crawling)


def test_a_demo_site_in_two_editions_is_rebuilt_with_equal_rows(tmp_path: Path) -> None:
    from scraper.config import Config, CrawlSettings, SiteSettings
    from scraper.crawl import crawl
    from scraper.fetch import World

    clock = Clock()
    world = World(pause=clock.pause, stopped=lambda: False, now=lambda: clock.moment)
    with DemoSite(articles=12) as site:
        config = Config(
            site=SiteSettings(start_urls=[site.base_url], media_hosts=[]), crawl=CrawlSettings(delay_seconds=0)
        )
        assert crawl(config, tmp_path, world=world).new == 12
        site.edition = 2
        clock.pass_days(8)
        crawl(config, tmp_path, world=world)
    crawling = Crawling(tmp_path, FakeSite())
    crawling.config = config
    assert_rebuild_agrees(crawling)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_rebuild_that_cannot_be_written_leaves_the_old_archive(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    crawling.run()
    before = all_rows(tmp_path)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(Exception, match=r"Cannot write|unable to open"):
            rebuild(crawling.config, tmp_path)
    finally:
        tmp_path.chmod(0o755)
    assert all_rows(tmp_path) == before
