"""What a run knows of a host from the runs before it: no new run asks sooner than the server said."""

from pathlib import Path
from typing import Any

import pytest
from fake_site import FakeSite, Reply, plain_site
from hypothesis import given
from hypothesis import strategies as st
from test_crawl import Crawling
from test_crawl_crashes import Crash

from archive.errors import NothingCrawled
from scraper.crawl import Step
from scraper.pace import LONGEST_ASKED, Memory, Pace, PaceSettings, Sign

LISTING = "/khoa-hoc-cong-nghe"


def asking_to_wait(seconds: str) -> FakeSite:
    """A site that wants no more requests once its listing was asked for."""
    site, _ = plain_site()
    good = site.pages[LISTING]
    site.pages[LISTING] = lambda visit: Reply("", 503, headers=(("Retry-After", seconds),)) if visit == 1 else good
    return site


def crash_at_the_listing(step: Step) -> None:
    if step.url.endswith(LISTING):
        raise Crash


def timed(crawling: Crawling) -> list[float]:
    """The moments of all requests from now on."""
    moments: list[float] = []
    answer = crawling.site.answer

    def noted(request: Any) -> Any:
        moments.append(crawling.clock.seconds())
        return answer(request)

    crawling.site.answer = noted  # type: ignore[method-assign]
    return moments


@pytest.mark.parametrize("killed", [False, True])
def test_a_run_that_starts_while_retry_after_holds_asks_nothing_and_says_so(tmp_path: Path, killed: bool) -> None:
    crawling = Crawling(tmp_path, asking_to_wait("3600"))
    if killed:
        with pytest.raises(Crash):
            crawling.run(crash_at_the_listing)
    else:
        crawling.run()
    crawling.clock.pass_days(0.5 / 24)
    with pytest.raises(NothingCrawled, match=r"asked to be left alone for 1800 s more, until 2026-01-05 03:00Z"):
        crawling.run()
    assert crawling.site.asked == []
    crawling.clock.pass_days(0.5 / 24)
    assert crawling.run().new == 3


def test_a_run_that_starts_shortly_before_waits(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, asking_to_wait("100"), attempts=1)
    crawling.run()
    ended = crawling.clock.seconds()
    moments = timed(crawling)
    crawling.run()
    assert moments[0] >= ended + 100


@pytest.mark.parametrize(("robots", "least"), [("", 8.0), ("Crawl-delay: 20", 20.0)])
def test_the_pause_holds_between_two_runs(tmp_path: Path, robots: str, least: float) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply(f"User-agent: *\n{robots}\n", media_type="text/plain")
    crawling = Crawling(tmp_path, site, delay_seconds=8.0)
    crawling.run(limit=1)
    ended = crawling.clock.seconds()
    moments = timed(crawling)
    crawling.run(limit=1)
    assert moments[0] >= ended + least


def test_a_run_that_asked_nothing_forgets_nothing(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, asking_to_wait("86400"))
    crawling.run()
    for _ in range(3):
        crawling.clock.pass_days(0.3)
        with pytest.raises(NothingCrawled):
            crawling.run()
    crawling.clock.pass_days(0.1)
    assert crawling.run().new == 3


def test_no_answer_bars_a_host_for_more_than_a_week(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, asking_to_wait("999999999"))
    crawling.run()
    crawling.clock.pass_days(6.9)
    with pytest.raises(NothingCrawled):
        crawling.run()
    crawling.clock.pass_days(0.2)
    assert crawling.run().new == 3


@pytest.mark.parametrize(("hours", "delay"), [(0, 12.0), (23, 12.0), (25, 3.0)])
def test_distress_is_known_for_a_day(hours: float, delay: float) -> None:
    before, after = Pace(PaceSettings(3.0)), Pace(PaceSettings(3.0))
    for _ in range(2):
        before.answered(50.0, 0.1, Sign.DISTRESS)
    memory = before.memory(50.0, 1e9)
    assert memory is not None
    after.recall(memory, 7.0, 1e9 + hours * 3600)
    assert after.delay == delay


def test_without_a_pause_there_is_nothing_to_keep() -> None:
    pace = Pace(PaceSettings())
    pace.answered(50.0, 0.1, Sign.WELL)
    assert pace.memory(50.0, 1e9) is None


@given(st.builds(Memory, *[st.floats(0, 1e12)] * 5), st.floats(0, 1e6), st.floats(0, 1e12))
def test_whatever_the_clock_was_no_host_is_barred_for_long(memory: Memory, now: float, since: float) -> None:
    pace = Pace(PaceSettings(3.0))
    pace.recall(memory, now, since)
    assert 0 <= pace.wait(now) <= max(LONGEST_ASKED, memory.crawl_delay) + 1
