"""When a page is due again."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scraper.addresses import Kind
from scraper.config import RevisitSettings
from scraper.revisit import interval_when_absent, next_interval

DAY = 86_400.0
SETTINGS = RevisitSettings(article_days=7, page_days=30, least_days=1, most_days=180)


@pytest.mark.parametrize(("kind", "days"), [(Kind.ARTICLE, 7), (Kind.PAGE, 30), (Kind.LISTING, 30), (Kind.START, 30)])
def test_the_first_interval_is_the_configured_one(kind: Kind, days: float) -> None:
    assert next_interval(kind, changed=True, before=None, settings=SETTINGS) == days * DAY


@pytest.mark.parametrize(
    ("before", "changed", "after"),
    [
        (10, False, 15),
        (10, True, 8),
        (150, False, 180),
        (180, False, 180),
        (1.1, True, 1),
        (1, True, 1),
        (1, False, 1.5),
    ],
)
def test_unchanged_grows_by_half_and_changed_shrinks_by_a_fifth_within_bounds(
    before: float, changed: bool, after: float
) -> None:
    interval = next_interval(Kind.ARTICLE, changed=changed, before=before * DAY, settings=SETTINGS)
    assert interval == pytest.approx(after * DAY)


@pytest.mark.parametrize(("age", "days"), [(0, 7), (30, 7), (365, 36.5), (4000, 180)])
def test_the_first_interval_of_an_old_article_is_a_tenth_of_its_age(age: float, days: float) -> None:
    interval = next_interval(Kind.ARTICLE, changed=True, before=None, settings=SETTINGS, age=age * DAY)
    assert interval == pytest.approx(days * DAY)


@pytest.mark.parametrize(
    ("known", "first", "before", "days"),
    [
        (True, True, 150, 1),
        (False, True, None, 7),
        (True, False, 1, 1.5),
        (True, False, 170, 180),
        (False, False, 7, 10.5),
    ],
)
def test_a_known_article_that_is_missing_is_looked_for_soon_and_then_more_rarely(
    known: bool, first: bool, before: float | None, days: float
) -> None:
    interval = interval_when_absent(
        None if before is None else before * DAY, known=known, first=first, settings=SETTINGS
    )
    assert interval == pytest.approx(days * DAY)


def test_pictures_and_files_are_never_due_by_date() -> None:
    assert next_interval(Kind.MEDIA, changed=True, before=None, settings=SETTINGS) is None
    assert next_interval(Kind.MEDIA, changed=False, before=DAY, settings=SETTINGS) is None


def test_an_interval_of_zero_means_every_run() -> None:
    settings = RevisitSettings(article_days=0, least_days=0)
    assert next_interval(Kind.ARTICLE, changed=True, before=None, settings=settings) == 0
    assert next_interval(Kind.ARTICLE, changed=False, before=0.0, settings=settings) == 0
    assert next_interval(Kind.ARTICLE, changed=True, before=None, settings=settings, age=4000 * DAY) == 0


@hypothesis_settings(deadline=None, database=None, max_examples=60)
@given(st.lists(st.booleans(), max_size=40))
def test_no_history_leads_out_of_bounds(history: list[bool]) -> None:
    interval = None
    for changed in history:
        interval = next_interval(Kind.ARTICLE, changed=changed, before=interval, settings=SETTINGS)
        assert interval is not None
        assert DAY <= interval <= 180 * DAY
