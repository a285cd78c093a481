"""A run stops while there is still room on the disk to end in good order."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_site import FakeArticle, FakeSite, plain_site
from test_crawl import Crawling
from test_crawl_crashes import assert_rebuild_agrees

from archive.errors import ArchiveUnusable
from scraper.crawl import crawl
from scraper.report import Report
from scraper.room import Room, free_bytes

MB = 1_000_000


def run_with(crawling: Crawling, *free: int) -> Report:
    """A run on a disk with so much room at each look; the last figure stays."""
    left = list(free)
    world = crawling.site.world(crawling.clock)
    world = replace(world, free_bytes=lambda _: left.pop(0) if len(left) > 1 else left[0])
    return crawl(crawling.config, crawling.folder, world=world)


def site_of_large_pages() -> tuple[FakeSite, list[FakeArticle]]:
    site, articles = plain_site()
    for one in articles:
        site.pages[one.path] = one.html() + f"<!-- {'x' * MB} -->"
    return site, articles


def test_too_little_room_is_told_before_anything_is_done(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path / "data", plain_site()[0])
    with pytest.raises(ArchiveUnusable, match=r"63 MB of free disk space, less than the 64 MB") as caught:
        run_with(crawling, 63 * MB)
    assert "Make room" in caught.value.advice
    assert crawling.site.asked == []
    assert not (tmp_path / "data").exists()


def test_a_run_that_comes_to_little_room_stops_in_good_order(tmp_path: Path) -> None:
    site, articles = site_of_large_pages()
    crawling = Crawling(tmp_path, site)
    report = run_with(crawling, 500 * MB, 400 * MB, 10 * MB)
    assert (report.outcome, report.new) == ("disk-low", 2)
    assert report.waiting >= 1
    assert any("10 MB of free disk space" in problem for problem in report.problems)
    assert crawling.rows("SELECT outcome FROM runs") == ["disk-low"]
    assert not list((tmp_path / "warc").glob("*.open"))
    assert_rebuild_agrees(crawling)
    again = run_with(crawling, 500 * MB)
    assert (again.outcome, again.new) == ("finished", len(articles) - 2)


def test_zero_turns_it_off(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0], min_free_megabytes=0)
    assert run_with(crawling, 0).outcome == "finished"


def test_it_looks_once_in_a_while(tmp_path: Path) -> None:
    looked: list[Path] = []

    def free(folder: Path) -> int:
        looked.append(folder)
        return 10**12

    room = Room(tmp_path, 64 * MB, free)
    for written in range(0, 10 * MB, MB // 10):
        assert room.shortage(written) is None
    assert 9 <= len(looked) <= 10
    assert set(looked) == {tmp_path}


def test_the_room_of_a_folder_that_is_not_there_yet_is_that_of_where_it_would_be(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "a" / "b") > 0
