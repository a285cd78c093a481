"""How many lists for machines are read of a host: as many as an index may name, and what is left out is said."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_site import FakeSite, Reply, config_for, listing
from test_crawl import Crawling
from test_log import events, logging

from scraper import answers
from scraper.addresses import Kind
from scraper.answers import MOST_SITEMAPS, Answers
from scraper.frontier import Frontier
from scraper.report import Report
from scraper.urls import make_scope

HOME = "http://susta.test/"
INDEX = f"{HOME}sitemap.xml"


class Counting(Frontier):
    """A frontier that tells how often it was asked to count."""

    counted = 0

    def count_of(self, host: str, kind: Kind) -> int:
        self.counted += 1
        return super().count_of(host, kind)


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Counting]:
    opened = Counting(tmp_path)
    yield opened
    opened.close()


def answers_of(frontier: Frontier, report: Report) -> Answers:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    scope = make_scope((HOME, "http://hai.test/"), (), ())
    return Answers(config_for(FakeSite()), scope, frontier, report, lambda: now)


def lists(count: int, first: int = 0, home: str = HOME) -> list[str]:
    return [f"{home}sm-{number}.xml" for number in range(first, first + count)]


def test_an_index_as_large_as_may_be_is_queued_whole_and_counted_once(frontier: Counting) -> None:
    report = Report()
    answers_of(frontier, report).queue_sitemaps(iter(lists(MOST_SITEMAPS)), INDEX)
    assert frontier.waiting() == {"susta.test": MOST_SITEMAPS}
    assert frontier.counted == 1
    assert (report.cut, report.problems) == ([], [])


def test_what_is_beyond_the_limit_is_said_and_counted_by_host(
    frontier: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_SITEMAPS", 1500)
    report = Report()
    queueing = answers_of(frontier, report)
    queueing.queue_sitemaps([*lists(1400), *lists(3, home="http://hai.test/")], INDEX)
    queueing.queue_sitemaps(lists(1600), INDEX)  # 1400 of them are known
    assert frontier.waiting() == {"susta.test": 1500, "hai.test": 3}
    assert report.cut == [f"{INDEX}: names 100 lists more than the 1500 of susta.test that are read; left out"]
    assert report.problems == report.cut
    again = Report()
    answers_of(frontier, again).queue_sitemaps(lists(1500), INDEX)
    assert (again.cut, frontier.counted) == ([], 2)


def test_a_run_says_so_in_its_report_and_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_SITEMAPS", 4)
    names = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in lists(9))
    site = FakeSite(pages={"/": listing([]), "/sitemap.xml": Reply(f"<sitemapindex>{names}</sitemapindex>")})
    report = logging(Crawling(tmp_path / "data", site), tmp_path / "log.jsonl").run()
    (told,) = [event for event in events(tmp_path / "log.jsonl") if event["event"] == "cut"]
    assert (
        report.cut
        == [told["what"]]
        == [f"{INDEX}: names 6 lists more than the 4 of susta.test that are read; left out"]
    )
    assert sum("/sm-" in url for url in site.asked) == 3
