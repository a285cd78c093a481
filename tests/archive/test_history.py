"""What becomes of an article over time: disappearances, returns, counters; and captures that come to light late."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from builders import ADDRESS, Desk, full_article, make_article, moment

from archive.captures import validators
from archive.history import History, history_of
from archive.presence import GONE_AFTER, Gone, Seen, gone_times
from archive.query import Archive
from archive.records import Photo
from archive.revisions import Change
from archive.store import Store

OTHER = "https://susta.vn/su-kien/ten-cu-7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store(tmp_path))
    yield desk
    desk.store.close()


def history(desk: Desk) -> History:
    found = history_of(desk.store.db, 1)
    assert found is not None
    return found


def presence_events(desk: Desk) -> list[tuple[str, str]]:
    return desk.rows(
        "SELECT type, at FROM events WHERE target = ? AND type IN ('disappeared', 'returned') ORDER BY at", ADDRESS
    )


# Gone and back


def seen(days: str) -> list[Seen]:
    """`A` is there, `-` is not, a day each; `.` is a day without a capture."""
    return [Seen(moment(day), day + 1, what == "A") for day, what in enumerate(days) if what != "."]


@pytest.mark.parametrize(
    ("days", "times"),
    [
        ("A", []),
        ("A-", []),
        ("A--", []),
        ("A---A", []),  # two days between the first absence and the last
        ("A----", [(1, 4, None)]),
        ("A-..-A", [(1, 4, 5)]),
        ("A-..-AA", [(1, 4, 5)]),
        ("A-..-A-..-", [(1, 4, 5), (6, 9, None)]),
        ("A-A..-A", []),
        ("-..-A", [(0, 3, 4)]),
        ("", []),
    ],
)
def test_an_article_is_gone_when_its_absence_repeats_over_days(
    days: str, times: list[tuple[int, int, int | None]]
) -> None:
    assert GONE_AFTER.days == 3
    expected = [
        Gone(moment(since), since + 1, moment(settled), *((moment(back), back + 1) if back is not None else ()))
        for since, settled, back in times
    ]
    assert gone_times(seen(days)) == expected


def test_the_order_in_which_captures_are_told_of_does_not_matter() -> None:
    told = seen("A-..-A")
    assert all(gone_times(list(order)) == gone_times(told) for order in permutations(told))


def test_disappearing_and_returning_are_events_told_once(desk: Desk) -> None:
    first = desk.capture(day=0)
    desk.derive(first, make_article("A"))
    desk.answer(404, day=1)
    assert presence_events(desk) == []
    desk.answer(404, day=5)
    assert presence_events(desk) == [("disappeared", moment(1))]
    back = desk.capture(day=6)
    desk.derive(back, make_article("A"))
    for capture_id in (first, back):
        desk.derive(capture_id, make_article("A"))  # again
    assert presence_events(desk) == [("disappeared", moment(1)), ("returned", moment(6))]
    assert desk.values("SELECT gone_since FROM articles") == [None]
    assert [(one.since, one.returned_at) for one in history(desk).gone] == [(moment(1), moment(6))]


# Captures that come late


def test_an_old_capture_becomes_an_early_revision(desk: Desk) -> None:
    desk.take(make_article("B"), day=10)
    assert desk.take(make_article("A"), day=0) is Change.CHANGED
    said = history(desk)
    assert [(one.number, one.seen_at, one.changed) for one in said.revisions] == [
        (1, moment(0), ""),
        (2, moment(10), "1 paragraph removed, 1 paragraph added"),
    ]
    assert (said.first_seen, said.last_seen) == (moment(0), moment(10))
    assert desk.rows("SELECT body, capture_id FROM articles") == [("B", 1)]
    assert desk.values("SELECT body FROM articles_fts") == ["B"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    desk = Desk(Store(tmp_path))
    days = [(0, "A", 5), (1, "B", 6), (2, "B", 7), (3, "A", 9)]
    for place in order:
        day, text, views = days[place]
        desk.take(make_article(text, views=views), day=day)
    said = history(desk)
    assert [(one.number, one.seen_at) for one in said.revisions] == [(1, moment(0)), (2, moment(1)), (3, moment(3))]
    assert [one.views for one in said.views] == [5, 6, 7, 9]
    assert desk.rows("SELECT body, views, first_seen, last_seen FROM articles") == [("A", 9, moment(0), moment(3))]
    assert desk.values("SELECT first_seen FROM sources") == [moment(0)]
    desk.store.close()


def test_an_old_absence_does_not_make_an_article_gone(desk: Desk) -> None:
    desk.take(make_article("A"), day=20)
    desk.answer(404, day=0)
    desk.answer(404, day=9)
    assert desk.values("SELECT gone_since FROM articles") == [None]
    assert [(one.since, one.returned_at) for one in history(desk).gone] == [(moment(0), moment(20))]


def test_an_old_capture_does_not_bring_an_article_back(desk: Desk) -> None:
    desk.take(make_article("A"), day=10)
    desk.answer(404, day=11)
    desk.answer(404, day=15)
    desk.take(make_article("A"), day=0)
    assert desk.values("SELECT gone_since FROM articles") == [moment(11)]
    assert presence_events(desk) == [("disappeared", moment(11))]


def test_a_sighting_of_the_time_between_takes_a_disappearance_back(desk: Desk) -> None:
    desk.take(make_article("A"), day=0)
    desk.answer(404, day=1)
    desk.answer(404, day=5)
    desk.take(make_article("A"), day=4)
    assert desk.values("SELECT gone_since FROM articles") == [None]
    assert presence_events(desk) == []


def test_an_old_address_does_not_become_the_articles_own_by_coming_late(desk: Desk) -> None:
    desk.take(make_article("A"), day=10)
    desk.answer(404, day=11)
    desk.take(make_article("A", url=OTHER), day=0)
    assert desk.values("SELECT url FROM articles") == [ADDRESS]
    assert desk.values("SELECT url FROM aliases") == [OTHER]


def test_an_old_capture_is_no_ground_for_a_conditional_request(desk: Desk) -> None:
    desk.capture(day=10)
    desk.capture(day=0)
    desk.store.db.execute("UPDATE captures SET etag = CASE id WHEN 1 THEN '\"new\"' ELSE '\"old\"' END")
    found = validators(desk.store.db, ADDRESS)
    assert found is not None
    assert (found.etag, found.fetched_at) == ('"new"', moment(10))


def test_an_old_picture_does_not_replace_a_newer_one(desk: Desk) -> None:
    picture = "https://susta.vn/anh/1.jpg"
    desk.take(make_article("A", photos=(Photo(picture),)))
    newer = desk.picture(picture, "mới", day=10)
    desk.picture(picture, "cũ", day=0)
    assert desk.values("SELECT capture_id FROM photos") == [newer]


# What a person is told


def test_each_revision_says_in_a_line_what_it_changed(desk: Desk) -> None:
    desk.take(full_article())
    desk.take(full_article(title="Tên khác", photos=(Photo("https://susta.vn/anh/1.jpg", "Chú thích mới"),)))
    assert [one.changed for one in history(desk).revisions] == ["", "title, 1 caption changed, 1 photo credit removed"]


def test_other_addresses_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.take(make_article("A"))
    desk.redirect("https://susta.vn/cu.html", ADDRESS)
    with Archive.open(tmp_path) as archive:
        story = archive.story(1)
        assert archive.story(2) is None
    assert story is not None
    assert [(one.url, one.reason) for one in story.aliases] == [("https://susta.vn/cu.html", "redirect")]
