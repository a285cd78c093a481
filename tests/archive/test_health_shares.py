"""What a jump is: against the binomial law itself, and what must never be one."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health_shares import judge, rate, rates_by, tail


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_tail_is_that_of_the_binomial_law_where_all_chances_are_alike(
    count: int, pages: int, chance: float
) -> None:
    exact = sum(comb(pages, k) * chance**k * (1 - chance) ** (pages - k) for k in range(count, pages + 1))
    assert tail(count, [chance] * pages) == pytest.approx(exact, abs=1e-9)


def test_the_tail_with_chances_of_their_own() -> None:
    assert tail(1, [0.5, 0.2]) == pytest.approx(0.6)
    assert tail(2, [0.5, 0.2]) == pytest.approx(0.1)


def test_a_jump_is_large_and_no_accident() -> None:
    def jumped(count: int, chances: list[float]) -> bool:
        return judge(count, chances, points=25, chance=1e-4, least=8).jumped

    assert jumped(8, [0.2] * 8)
    assert not jumped(7, [0.2] * 7)  # too few
    assert not jumped(12, [0.5] * 20)  # an accident
    assert not jumped(600, [0.5] * 1000)  # no accident, but small
    assert not jumped(4, [0.001] * 10)  # four pages amiss are few
    assert not jumped(0, [])


def test_what_never_happened_is_no_impossibility() -> None:
    assert rate(0, 1000) == 0.02
    assert rate(500, 1000) == pytest.approx(0.5, abs=0.01)


def test_a_group_seen_rarely_is_drawn_toward_all() -> None:
    groups = [("a", False)] * 90 + [("b", True)] * 4
    groups += [("c", True)] * 2
    found = rates_by(groups)
    assert found["a"] < 0.05 < 0.6 < found["b"] < 0.9
    assert "c" not in found  # seen too rarely to have a past
