"""When a host may be asked again: never sooner than it may, later when it is slow or in distress, not at all when it
keeps failing."""

import random
from itertools import pairwise

import httpx
import pytest
from fake_site import Clock, FakeSite, Page, Reply
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Role
from archive.warc import Exchange
from scraper.fetch import FailureReason, Fetcher, FetchFailure, Limits, trust
from scraper.pace import FAILURES_BEFORE_REST, RESTS, Pace, PaceSettings, Sign

TLS = trust(None)
THREE = PaceSettings(delay=3.0, factor=2.0, most=60.0)


def after(*answers: tuple[float, Sign], settings: PaceSettings = THREE, crawl_delay: float = 0.0) -> float:
    """The pause after answers that took so long and said this of the server."""
    pace = Pace(settings)
    pace.crawl_delay = crawl_delay
    for took, sign in answers:
        pace.answered(0.0, took, sign)
    return pace.delay


# The pause


@pytest.mark.parametrize(("took", "pause"), [(0.1, 3.0), (1.5, 3.0), (4.0, 8.0), (29.0, 58.0), (200.0, 60.0)])
def test_a_slow_server_is_asked_more_slowly_up_to_a_bound(took: float, pause: float) -> None:
    assert after((took, Sign.WELL)) == pytest.approx(pause)


def test_only_the_last_good_answer_counts() -> None:
    assert after((20.0, Sign.WELL), (0.2, Sign.WELL)) == 3.0
    assert after((0.2, Sign.WELL), (25.0, Sign.NEITHER)) == 3.0


def test_distress_doubles_the_pause_up_to_the_bound_and_it_comes_back_gradually() -> None:
    distress, well = (30.0, Sign.DISTRESS), (0.1, Sign.WELL)
    assert [after(*[distress] * times) for times in range(7)] == [3, 6, 12, 24, 48, 60, 60]
    back = [after(*[distress] * 4, *[well] * times) for times in range(16)]
    assert back[0] == 48
    assert all(earlier > later or later == 3.0 for earlier, later in pairwise(back))
    assert all(later >= earlier / 2 for earlier, later in pairwise(back))
    assert back[-1] == 3.0


def test_distress_without_end_leaves_the_way_back_short() -> None:
    assert after(*[(1.0, Sign.DISTRESS)] * 5000, *[(0.1, Sign.WELL)] * 20) == 3.0


@pytest.mark.parametrize("crawl_delay", [0.5, 4.0, 100.0])
def test_what_robots_txt_asks_holds_also_above_the_bound(crawl_delay: float) -> None:
    assert after((0.1, Sign.WELL), crawl_delay=crawl_delay) == max(3.0, crawl_delay)


def test_a_configured_delay_above_the_bound_holds() -> None:
    assert after((1.0, Sign.DISTRESS), settings=PaceSettings(delay=90, factor=2, most=60)) == 90


def test_without_a_delay_nothing_adapts_but_what_the_server_asks_for_holds() -> None:
    none = PaceSettings(delay=0.0, factor=2.0, most=60.0)
    assert after((20.0, Sign.WELL), (20.0, Sign.DISTRESS), settings=none) == 0
    assert after((20.0, Sign.WELL), (20.0, Sign.DISTRESS), settings=none, crawl_delay=2.5) == 2.5
    pace = Pace(none)
    pace.asked_to_wait(until=7.0)
    assert pace.wait(now=2.0) == 5.0


# A host that keeps failing


def failing(pace: Pace, times: int, now: float = 0.0) -> float:
    """The wait after so many addresses in a row that failed."""
    for _ in range(times):
        pace.settled(now, Sign.DISTRESS)
    return pace.wait(now)


def test_a_host_that_fails_in_a_row_rests_twice_as_long_each_time_and_is_then_given_up() -> None:
    pace = Pace(THREE)
    assert failing(pace, FAILURES_BEFORE_REST - 1) == 0
    assert failing(pace, 1) == 60
    assert failing(pace, FAILURES_BEFORE_REST, now=100) == 120
    assert not pace.given_up
    failing(pace, FAILURES_BEFORE_REST, now=500)
    assert pace.given_up


def test_one_answer_ends_the_row() -> None:
    pace = Pace(THREE)
    failing(pace, FAILURES_BEFORE_REST * RESTS - 1)
    pace.settled(0.0, Sign.WELL)
    failing(pace, FAILURES_BEFORE_REST * RESTS - 1)
    assert not pace.given_up


def test_what_says_nothing_of_the_host_neither_makes_nor_ends_a_row() -> None:
    pace = Pace(THREE)
    for _ in range(FAILURES_BEFORE_REST - 1):
        pace.settled(0.0, Sign.DISTRESS)
        pace.settled(0.0, Sign.NEITHER)
    assert pace.wait(0.0) == 0
    assert failing(pace, 1) == 60


def test_without_a_delay_no_rest_lasts() -> None:
    pace = Pace(PaceSettings())
    assert failing(pace, FAILURES_BEFORE_REST * RESTS) == 0
    assert pace.given_up


# With a server


class Asking:
    """A fetcher of a fake site in a pace of its own, with the moments of its requests."""

    def __init__(self, page: Page, pace: PaceSettings, limits: Limits | None = None) -> None:
        self.clock = Clock()
        self.site = FakeSite(otherwise=lambda _: page)
        self.spans: list[tuple[float, float]] = []
        self.delays: list[float] = []
        world = self.site.world(self.clock)
        self.fetcher = Fetcher(
            user_agent="a",
            limits=limits or Limits(attempts=1),
            world=world,
            private_hosts=frozenset(),
            tls=TLS,
            pace=pace,
        )

    def fetch(self, path: str = "") -> Exchange | FetchFailure:
        return self.fetcher.fetch(self.site.base + path, Role.PAGE)


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        Reply("", 503),
        Reply("", 429),
    ],
    ids=repr,
)
def test_a_host_in_trouble_is_left_alone_and_then_given_up(trouble: Page) -> None:
    asking = Asking(trouble, THREE)
    outcomes = [asking.fetch(str(number)) for number in range(40)]
    given_up = [each for each in outcomes if isinstance(each, FetchFailure) and each.reason is FailureReason.RESTING]
    assert len(asking.site.asked) == FAILURES_BEFORE_REST * RESTS
    assert len(given_up) == 40 - FAILURES_BEFORE_REST * RESTS
    assert {60.0, 120.0} <= set(asking.clock.pauses)


@pytest.mark.parametrize("trouble", [Reply("no", 404), Reply("down", 500), Reply("x", 403)], ids=repr)
def test_pages_in_trouble_are_no_host_in_trouble(trouble: Page) -> None:
    asking = Asking(trouble, PaceSettings())
    for number in range(FAILURES_BEFORE_REST * RESTS + 5):
        assert isinstance(asking.fetch(str(number)), Exchange)


@settings(deadline=None, database=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    pace=st.builds(PaceSettings, delay=st.sampled_from([0.0, 0.5, 3.0, 90.0]), factor=st.sampled_from([0.0, 2.0, 5.0])),
    crawl_delay=st.sampled_from([0.0, 1.25, 70.0]),
)
def test_the_gap_between_two_requests_is_never_below_the_delay(
    seed: int, pace: PaceSettings, crawl_delay: float
) -> None:
    """From the end of an answer to the start of the next request, tries again included, whatever the server does."""
    draw, spans = random.Random(seed), list[tuple[float, float, float]]()
    retry_after = Reply("", 503, headers=(("Retry-After", "7"),))
    kinds: list[Page] = [
        Reply("ok"), Reply("no", 404), Reply("", 503), Reply("", 429), Reply("x", 500), Reply(""), retry_after,
        httpx.ReadTimeout("slow"), httpx.ConnectError("refused"), httpx.ReadError("reset"),
    ]  # fmt: skip

    def answering(_: int) -> Page:
        began = asking.clock.seconds()
        asking.clock.pass_days(draw.choice([0.01, 0.3, 2.0, 40.0]) / 86_400)
        page = draw.choice(kinds)
        spans.append((began, asking.clock.seconds(), 7.0 if page is retry_after else 0.0))
        return page

    asking = Asking(answering, pace, Limits(attempts=3))
    asking.fetcher.pace.crawl_delay = crawl_delay
    for number in range(25):
        asking.fetch(str(number))
    assert len(spans) > 2
    for (_, ended, asked), (begins, _, _) in pairwise(spans):
        assert begins - ended >= max(pace.delay, crawl_delay, asked) - 1e-4
