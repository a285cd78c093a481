"""The pace of a host: never faster than asked, slower when the host is slow or in distress, and rest when it fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.pace import Pace


def pace(least: float = 3.0, most: float = 60.0, factor: float = 2.0, asked: float = 0.0) -> Pace:
    return Pace(least, most, factor, asked)


def test_a_quick_host_is_asked_at_the_configured_pace() -> None:
    one = pace()
    for _ in range(5):
        one.answered(0.2, distress=False)
    assert one.delay == 3.0


@pytest.mark.parametrize(("seconds", "delay"), [(1.0, 3.0), (4.0, 8.0), (50.0, 60.0)])
def test_a_slow_host_is_left_alone_for_a_multiple_of_its_answers_time(seconds: float, delay: float) -> None:
    one = pace()
    one.answered(seconds, distress=False)
    assert one.delay == delay


def test_distress_doubles_the_pause_up_to_the_bound_and_good_answers_bring_it_back() -> None:
    one = pace()
    seen = []
    for _ in range(6):
        one.answered(0.1, distress=True)
        seen.append(one.delay)
    assert seen == [6, 12, 24, 48, 60, 60]
    one.answered(0.1, distress=False)
    assert 25 < one.delay < 35
    for _ in range(10):
        one.answered(0.1, distress=False)
    assert one.delay == 3.0


def test_a_pause_of_zero_does_not_adapt_but_crawl_delay_holds() -> None:
    one = pace(least=0.0)
    one.answered(30.0, distress=True)
    assert one.delay == 0.0
    one.asked = 1.5
    assert one.delay == 1.5


@given(
    least=st.floats(0.001, 100),
    most=st.floats(0, 100),
    factor=st.floats(0, 10),
    asked=st.floats(0, 100),
    answers=st.lists(st.tuples(st.floats(0, 1000), st.booleans()), max_size=30),
)
@settings(deadline=None)
def test_whatever_the_host_does_the_pause_stays_between_what_is_asked_and_the_bound(
    least: float, most: float, factor: float, asked: float, answers: list[tuple[float, bool]]
) -> None:
    one = pace(least, most, factor, asked)
    for seconds, distress in answers:
        one.answered(seconds, distress=distress)
        assert max(least, asked) <= one.delay <= max(least, asked, most)


def test_a_host_that_keeps_failing_is_left_alone_for_longer_and_longer_and_then_altogether() -> None:
    one = pace(least=1.0)
    rests = [one.failed(True) for _ in range(24)]
    assert [rest for rest in rests if rest] == [20, 40, 80]
    assert one.given_up


def test_one_good_answer_and_the_count_begins_anew() -> None:
    one = pace()
    for _ in range(5):
        for _ in range(7):
            assert one.failed(True) == 0
        assert one.failed(False) == 0
    assert not one.given_up


def test_without_a_pause_there_is_no_rest_but_an_end() -> None:
    one = pace(least=0.0)
    assert [one.failed(True) for _ in range(24)] == [0.0] * 24
    assert one.given_up
