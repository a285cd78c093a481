"""A clock that is wrong for a night neither leaves out what is due nor doubles it, and bars no host."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_site import FakeArticle, listing, plain_site
from test_crawl import Crawling

from archive.health_terms import Level
from scraper.looking import look
from scraper.pace import Memory, Pace, PaceSettings

YEARS = 3650.0


def at_the_site(folder: Path) -> tuple[Crawling, list[FakeArticle]]:
    site, articles = plain_site()
    return Crawling(folder, site, article_days=7.0), articles


def asked_for(crawling: Crawling, articles: list[FakeArticle]) -> list[str]:
    known = {one.path for one in articles}
    return sorted(target for target in crawling.site.asked_pages() if target in known)


@pytest.mark.parametrize("ahead", [YEARS, 40.0])
def test_what_was_asked_for_in_the_future_is_due_an_interval_later(tmp_path: Path, ahead: float) -> None:
    crawling, articles = at_the_site(tmp_path)
    every = sorted(one.path for one in articles)
    crawling.run()
    crawling.clock.pass_days(ahead)
    crawling.run()
    assert asked_for(crawling, articles) == every
    crawling.clock.pass_days(1 - ahead)
    crawling.run()
    assert asked_for(crawling, articles) == []  # not doubled
    health = look(crawling.config, tmp_path, crawling.clock.moment, free=lambda _: 10**11)
    assert [each.rule for each in health.findings if each.level is Level.WARNING] == ["clock"]
    crawling.site.pages[every[0]] = replace(
        next(one for one in articles if one.path == every[0]), words="Có thêm số liệu mới."
    ).html()
    crawling.clock.pass_days(11)
    crawling.run()
    assert asked_for(crawling, articles) == every  # not left out
    assert crawling.rows("SELECT count(*) FROM revisions WHERE number = 2") == [1]
    crawling.clock.pass_days(1)
    crawling.run()
    assert asked_for(crawling, articles) == []


def test_a_clock_that_is_set_back_keeps_no_news_out(tmp_path: Path) -> None:
    crawling, articles = at_the_site(tmp_path)
    crawling.run()
    crawling.clock.pass_days(-400)
    one = FakeArticle(40_001, "Bản tin của đêm mà đồng hồ chạy lùi, về phong trào sáng tạo")
    crawling.site.pages["/khoa-hoc-cong-nghe"] = listing([one.path, *(each.path for each in articles)])
    crawling.site.pages[one.path] = one.html()
    report = crawling.run()
    assert (report.outcome, report.new) == ("finished", 1)


def test_a_host_that_asked_for_patience_in_the_future_is_asked_now() -> None:
    now, year = 1_700_000_000.0, 365 * 86_400.0
    asked = Memory(not_before=now + year + 7200, ended=now + year, crawl_delay=0, took=1, distress=4)
    pace = Pace(PaceSettings(delay=3.0))
    pace.recall(asked, now=100.0, since=now)
    assert pace.wait(100.0) == 0
    pace.recall(replace(asked, not_before=now + 7200, ended=now), now=100.0, since=now)
    assert pace.wait(100.0) == 7200
