"""A slice of `make fuzz` with a fixed seed: no damaged page stops extraction, and every record stays sound."""

from collections import Counter

import pytest
from fuzzing import mutate
from fuzzing.cases import Cases
from fuzzing.invariants import Input, violations

from scraper.extract import extract

CASES = 400
SEED = 20261122


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases(SEED)


def test_what_comes_of_a_damaged_page_is_sound(cases: Cases) -> None:
    wrong = {}
    for number in range(CASES):
        given, done = cases.case(number)
        found = violations(given)
        if found:
            wrong[number, done] = list(map(str, found))
    assert not wrong, f"see python benchmarks/fuzz.py --seed {SEED} --only NUMBER --keep DIR"


def test_what_comes_of_an_undamaged_page_is_sound(cases: Cases) -> None:
    for page in cases.pages:
        assert violations(Input(page.body, page.url, page.content_type)) == [], page.name


def test_the_same_number_is_the_same_page(cases: Cases) -> None:
    assert [cases.case(number) for number in range(5)] == [Cases(SEED).case(number) for number in range(5)]


def test_every_kind_of_damage_is_done(cases: Cases) -> None:
    done = Counter(name for number in range(CASES) for name in cases.case(number)[1][1:])
    assert set(done) == {mutation.__name__ for mutation in mutate.MUTATIONS}


def test_enough_damaged_pages_still_give_an_article(cases: Cases) -> None:
    """Else the invariants would hold of nothing."""
    inputs = (cases.case(number)[0] for number in range(100))
    articles = [given for given in inputs if hasattr(extract(given.body, given.url, given.content_type), "title")]
    assert len(articles) >= 20
