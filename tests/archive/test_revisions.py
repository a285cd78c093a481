"""Which captures are revisions, which addresses are one article, and what does not depend on the order of things."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, permutations
from pathlib import Path

import pytest
from builders import ADDRESS, LEGACY_ADDRESS, LONG_TEXT, SOURCE, Desk, full_article, make_article, moment
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.presence import GONE_AFTER
from archive.records import Article, Attachment, DateKind, Photo, Refusal, RefusalReason, article_from_json
from archive.revisions import Change
from archive.store import Store

OTHER_ADDRESS = "https://susta.vn/su-kien/ten-moi-7"
PICTURE = "https://susta.vn/anh/1.jpg"
DOCUMENT = "https://susta.vn/tep/1.pdf"
REFUSAL = Refusal(ADDRESS, RefusalReason.NO_BODY)
NEW, CHANGED, UNCHANGED, ALIAS, REFUSED = (
    Change.NEW,
    Change.CHANGED,
    Change.UNCHANGED,
    Change.ALIAS,
    Change.REFUSED,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store(tmp_path))
    yield desk
    desk.store.close()


def digest(text: str) -> str:
    return make_article(text).content_sha256


def contents(desk: Desk, article_id: int = 1) -> list[str]:
    """Which of the one-letter texts the revisions say, in order."""
    letters = {digest(letter): letter for letter in "ABC"}
    revisions = desk.revisions(article_id)
    assert [number for number, _, _ in revisions] == list(range(1, len(revisions) + 1))
    return [letters[sha256] for _, sha256, _ in revisions]


# One address: what is a revision


@pytest.mark.parametrize(
    ("captured", "changes", "expected"),
    [
        ("A", [NEW], "A"),
        ("AA", [NEW, UNCHANGED], "A"),
        ("AB", [NEW, CHANGED], "AB"),
        ("ABA", [NEW, CHANGED, CHANGED], "ABA"),
        ("AABBAA", [NEW, UNCHANGED, CHANGED, UNCHANGED, CHANGED, UNCHANGED], "ABA"),
        ("-A", [REFUSED, NEW], "A"),
        ("A-A", [NEW, REFUSED, UNCHANGED], "A"),
        ("A-B", [NEW, REFUSED, CHANGED], "AB"),
        ("--", [REFUSED, REFUSED], ""),
    ],
)
def test_a_capture_that_says_something_else_is_a_revision(
    desk: Desk, captured: str, changes: list[Change], expected: str
) -> None:
    assert [desk.take(REFUSAL if c == "-" else make_article(c)) for c in captured] == changes
    assert contents(desk) == list(expected)


def test_a_revision_is_its_first_capture(desk: Desk) -> None:
    for text in "AABB":
        desk.take(make_article(text))
    assert [capture_id for _, _, capture_id in desk.revisions()] == [1, 3]
    assert desk.values("SELECT seen_at FROM revisions ORDER BY number") == [moment(1), moment(3)]
    assert desk.rows("SELECT first_seen, last_seen FROM articles") == [(moment(1), moment(4))]


def test_the_article_says_what_its_newest_revision_says(desk: Desk) -> None:
    desk.take(full_article(title="Cũ"))
    desk.take(make_article("Đoạn mới", title="Mới"))
    assert desk.rows("SELECT title, body, byline, capture_id FROM articles") == [("Mới", "Đoạn mới", None, 2)]
    assert desk.values("SELECT count(*) FROM photos") == [0]
    assert desk.values("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'moi'") == [1]
    assert desk.values("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'cu'") == []


def test_the_counter_is_a_measurement_and_no_revision(desk: Desk) -> None:
    for views in (5, 8, 8, None, 13):
        desk.take(make_article("A", views=views))
    assert contents(desk) == ["A"]
    assert desk.rows("SELECT views, seen_at FROM views ORDER BY seen_at") == [
        (5, moment(1)),
        (8, moment(2)),
        (8, moment(3)),
        (13, moment(5)),
    ]
    assert desk.values("SELECT views FROM articles") == [13]


# One article, several addresses


def test_another_category_and_slug_with_the_same_number_is_the_same_article(desk: Desk) -> None:
    desk.take(make_article("A"))
    assert desk.take(make_article("A", url=OTHER_ADDRESS, category="su-kien")) is ALIAS
    assert desk.rows("SELECT url, category FROM articles") == [(ADDRESS, "tin-tuc")]
    assert desk.rows("SELECT url, article_id FROM aliases") == [(OTHER_ADDRESS, 1)]


@pytest.mark.parametrize("texts", ["AB", "ABA", "ABBA", "ABC"])
def test_captures_at_an_alias_never_add_a_revision(desk: Desk, texts: str) -> None:
    desk.take(make_article(texts[0]))
    for text in texts[1:]:
        desk.take(make_article(text, url=OTHER_ADDRESS))
    assert contents(desk) == [texts[0]]
    assert desk.values("SELECT count(*) FROM articles") == [1]


def test_the_address_a_page_was_asked_for_is_an_alias_of_the_one_it_names(desk: Desk) -> None:
    asked = "https://susta.vn/print/7"
    desk.take(make_article("A"), at=asked)
    assert desk.rows("SELECT url FROM articles") == [(ADDRESS,)]
    assert desk.rows("SELECT url, article_id, reason FROM aliases") == [(asked, 1, "canonical")]
    assert desk.take(make_article("A")) is UNCHANGED


def test_an_address_that_redirects_to_an_article_is_an_alias(desk: Desk) -> None:
    desk.take(make_article("A"))
    desk.redirect(LEGACY_ADDRESS, ADDRESS)
    desk.redirect("https://susta.vn/a", "https://susta.vn/nowhere")
    desk.redirect("https://susta.vn/b", LEGACY_ADDRESS)
    desk.redirect(ADDRESS, LEGACY_ADDRESS)
    assert desk.rows("SELECT url, article_id, reason FROM aliases ORDER BY url") == [
        ("https://susta.vn/b", 1, "redirect"),
        (LEGACY_ADDRESS, 1, "redirect"),
    ]


def test_an_old_address_is_the_article_that_says_the_same(desk: Desk) -> None:
    desk.take(make_article(LONG_TEXT))
    assert desk.take(make_article(LONG_TEXT, url=LEGACY_ADDRESS, site_id=None)) is ALIAS
    assert desk.rows("SELECT url FROM articles") == [(ADDRESS,)]
    assert desk.rows("SELECT url, article_id FROM aliases") == [(LEGACY_ADDRESS, 1)]


def test_the_modern_address_becomes_canonical_when_it_is_captured_later(desk: Desk) -> None:
    desk.take(make_article(LONG_TEXT, url=LEGACY_ADDRESS, site_id=None, category=None))
    desk.take(make_article(LONG_TEXT))
    assert desk.rows("SELECT url, site_id, category FROM articles") == [(ADDRESS, 7, "tin-tuc")]
    assert desk.rows("SELECT url, article_id FROM aliases") == [(LEGACY_ADDRESS, 1)]
    assert len(desk.revisions()) == 1


def test_an_old_address_with_another_text_is_another_article(desk: Desk) -> None:
    desk.take(make_article(LONG_TEXT))
    assert desk.take(make_article(LONG_TEXT + "Khác.", url=LEGACY_ADDRESS, site_id=None)) is NEW


def test_short_texts_may_be_alike_by_chance(desk: Desk) -> None:
    desk.take(make_article("Ngắn."))
    assert desk.take(make_article("Ngắn.", url=LEGACY_ADDRESS, site_id=None)) is NEW


def test_two_numbers_with_the_same_text_are_two_articles(desk: Desk) -> None:
    desk.take(make_article(LONG_TEXT))
    assert desk.take(make_article(LONG_TEXT, url="https://susta.vn/tin-tuc/bai-viet-8", site_id=8)) is NEW


def test_the_same_number_on_another_site_is_another_article(desk: Desk) -> None:
    desk.take(make_article("A"))
    elsewhere = make_article("A", url=ADDRESS.replace("susta", "vusta"), site="vusta.vn")
    assert desk.take(elsewhere) is NEW


def test_a_new_address_takes_over_when_the_known_one_answers_no_more(desk: Desk) -> None:
    desk.take(make_article("A"))
    desk.answer(404)
    desk.take(make_article("A", url=OTHER_ADDRESS, category="su-kien"))
    assert desk.rows("SELECT url, category FROM articles") == [(OTHER_ADDRESS, "su-kien")]
    assert desk.rows("SELECT url, article_id FROM aliases") == [(ADDRESS, 1)]


# Deriving a capture again


def test_deriving_again_updates_a_revision_and_never_adds_one(desk: Desk) -> None:
    for text in "AB":
        desk.take(make_article(text))
    desk.derive(1, make_article("C"))
    assert contents(desk) == ["C", "B"]
    desk.derive(2, make_article("A", kicker="Tin"))
    assert contents(desk) == ["C", "A"]
    assert desk.rows("SELECT kicker, content_sha256 FROM articles") == [("Tin", digest("A"))]


def test_deriving_again_what_says_the_same_renews_what_is_not_in_the_digest(desk: Desk) -> None:
    desk.take(make_article("A", extractor="test-1"))
    desk.derive(1, make_article("A", extractor="test-2", photos=(Photo(PICTURE),)))
    assert desk.values("SELECT extractor FROM revisions") == ["test-2"]
    assert desk.values("SELECT extractor FROM articles") == ["test-2"]
    assert desk.values("SELECT url FROM photos") == [PICTURE]


def test_a_record_is_kept_beside_a_derivation_that_says_it(desk: Desk) -> None:
    """What a capture was taken to say before it was derived again goes with nobody; what another address still says
    stays known, whichever capture it was first met in."""
    other = "https://susta.vn/su-kien/x-7"
    first, second, third = desk.capture(), desk.capture(other), desk.capture(other)
    desk.derive(first, make_article("A"))
    desk.derive(first, make_article("B"))
    assert desk.values("SELECT count(*) FROM derivations WHERE record IS NOT NULL") == [0]
    desk.derive(first, make_article("A"))
    desk.derive(second, make_article("A", url=other))
    desk.derive(third, make_article("A", url=other))
    desk.derive(first, make_article("B"))  # what A was is known from an alias alone
    desk.derive(second, make_article("C", url=other))  # and now from another of its captures
    for digest, record in desk.rows("SELECT content_sha256, record FROM derivations WHERE record IS NOT NULL"):
        assert article_from_json(record).content_sha256 == digest
    desk.derive(first, Refusal(ADDRESS, RefusalReason.NO_BODY))
    assert contents(desk) == ["C", "A"]


def test_two_revisions_that_now_say_the_same_are_one(desk: Desk) -> None:
    for text in "ABC":
        desk.take(make_article(text))
    desk.derive(2, make_article("A"))
    assert contents(desk) == ["A", "C"]


def test_a_revision_that_is_refused_now_is_gone(desk: Desk) -> None:
    for text in "ABA":
        desk.take(make_article(text))
    desk.derive(2, REFUSAL)
    assert contents(desk) == ["A"]
    assert desk.rows("SELECT capture_id, reason FROM refusals") == [(2, "no-body")]


def test_an_article_whose_only_capture_is_refused_now_is_deleted(desk: Desk) -> None:
    desk.take(full_article())
    desk.derive(1, REFUSAL)
    for table in ("articles", "revisions", "photos", "attachments", "views", "articles_fts"):
        assert desk.values(f"SELECT count(*) FROM {table}") == [0]
    assert desk.rows("SELECT url, capture_id, reason FROM refusals") == [(ADDRESS, 1, "no-body")]


def test_a_refused_capture_that_is_an_article_now_makes_one(desk: Desk) -> None:
    desk.take(REFUSAL)
    assert desk.derive(1, full_article()) is NEW
    assert desk.values("SELECT count(*) FROM refusals") == [0]
    assert desk.values("SELECT capture_id FROM revisions") == [1]
    assert desk.values("SELECT views FROM views") == [538]


def test_deriving_again_counts_nothing_twice(desk: Desk) -> None:
    desk.take(full_article())
    before = {table: desk.rows(f"SELECT * FROM {table}") for table in ("articles", "revisions", "photos", "views")}
    for _ in range(3):
        assert desk.derive(1, full_article()) is UNCHANGED
    assert {table: desk.rows(f"SELECT * FROM {table}") for table in before} == before


# For any sequence


def derived(letter: str) -> Article | Refusal:
    return REFUSAL if letter == "-" else make_article(letter)


def runs(letters: str) -> list[str]:
    """What a text says without its refusals, each repetition once."""
    return [letter for letter, _ in groupby(letters.replace("-", ""))]


@given(st.text("ABC-", max_size=8))
@settings(max_examples=40, deadline=None)
def test_revisions_are_the_run_length_groups_of_what_was_captured(captured: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Store(Path(name)))
        for letter in captured:
            desk.take(derived(letter))
        assert contents(desk) == runs(captured)
        desk.store.close()


derivations = st.tuples(st.integers(0, 4), st.sampled_from("ABC-"))


@given(st.text("ABC-", min_size=1, max_size=5), st.lists(derivations, max_size=5))
@settings(max_examples=40, deadline=None)
def test_revisions_depend_on_the_derivations_alone(captured: str, again: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Store(Path(name)))
        for letter in captured:
            desk.take(derived(letter))
        state = list(captured)
        for place, letter in again:
            place %= len(state)
            state[place] = letter
            desk.derive(place + 1, derived(letter))
        article_id = next(iter(desk.values("SELECT id FROM articles")), 0)
        assert contents(desk, article_id) == runs("".join(state))
        assert desk.values("SELECT count(*) FROM refusals") == [state.count("-")]
        desk.store.close()


# Photos and attachments


@pytest.mark.parametrize("order", list(permutations(["page", "picture", "document"])))
def test_the_order_of_pages_and_media_does_not_matter(desk: Desk, order: tuple[str, ...]) -> None:
    attachment = Attachment(DOCUMENT, "Tải về")
    article = make_article(photos=(Photo(PICTURE, "Một"), Photo(PICTURE)), attachments=(attachment,))
    steps = {
        "page": lambda: desk.take(article),
        "picture": lambda: desk.picture(PICTURE, "bytes of a picture"),
        "document": lambda: desk.picture(DOCUMENT, "bytes of a document", media_type="application/pdf"),
    }
    for step in order:
        steps[step]()
    sha256 = dict(desk.rows("SELECT url, payload_sha256 FROM captures WHERE role = 'media'"))
    assert desk.rows("SELECT position, sha256 FROM photos") == [(0, sha256[PICTURE]), (1, sha256[PICTURE])]
    assert desk.rows("SELECT sha256, media_type FROM attachments") == [(sha256[DOCUMENT], "application/pdf")]


@pytest.mark.parametrize("page_first", [True, False])
def test_the_newest_picture_counts(desk: Desk, page_first: bool) -> None:
    article = make_article(photos=(Photo(PICTURE),))
    if page_first:
        desk.take(article)
    desk.picture(PICTURE, "old")
    newest = desk.picture(PICTURE, "new")
    if not page_first:
        desk.take(article)
    assert desk.values("SELECT capture_id FROM photos") == [newest]


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize("answer", [{"status": 404}, {"truncated": True}])
def test_a_picture_that_is_not_whole_is_not_the_photo(desk: Desk, page_first: bool, answer: dict[str, object]) -> None:
    article = make_article(photos=(Photo(PICTURE),))
    if page_first:
        desk.take(article)
    desk.picture(PICTURE, "bytes", **answer)
    if not page_first:
        desk.take(article)
    assert desk.rows("SELECT sha256, capture_id FROM photos") == [(None, None)]


def test_a_new_revision_keeps_the_pictures_it_shares_with_the_old(desk: Desk) -> None:
    desk.take(make_article("A", photos=(Photo(PICTURE),)))
    capture_id = desk.picture(PICTURE, "bytes")
    desk.take(make_article("B", photos=(Photo("https://susta.vn/anh/2.jpg"), Photo(PICTURE))))
    assert desk.rows("SELECT position, capture_id FROM photos") == [(0, None), (1, capture_id)]


# Withdrawn articles

DAYS = GONE_AFTER.days


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    ("absent_on", "gone_since"),
    [((1,), None), ((1, DAYS + 0.9), None), ((1, DAYS + 1), 1), ((1, 2, DAYS + 2), 1)],
)
def test_an_article_is_gone_only_after_it_was_absent_for_some_days(
    desk: Desk, status: int, absent_on: tuple[float, ...], gone_since: float | None
) -> None:
    desk.take(make_article("A"), day=0)
    for day in absent_on:
        desk.answer(status, day=day)
    assert desk.values("SELECT gone_since FROM articles") == [moment(gone_since) if gone_since else None]
    assert contents(desk) == ["A"]


@pytest.mark.parametrize("status", [403, 500, 503])
def test_other_answers_do_not_mean_gone(desk: Desk, status: int) -> None:
    desk.take(make_article("A"), day=0)
    for day in (1, 20):
        desk.answer(status, day=day)
    assert desk.values("SELECT gone_since FROM articles") == [None]


def test_an_article_that_is_back_is_not_gone_and_the_days_count_anew(desk: Desk) -> None:
    desk.take(make_article("A"), day=0)
    for day in (1, 9):
        desk.answer(404, day=day)
    assert desk.take(make_article("A"), day=10) is UNCHANGED
    assert desk.values("SELECT gone_since FROM articles") == [None]
    desk.answer(404, day=11)
    assert desk.values("SELECT gone_since FROM articles") == [None]
    desk.answer(404, day=11 + DAYS)
    assert desk.values("SELECT gone_since FROM articles") == [moment(11)]


def test_an_absent_alias_does_not_make_the_article_gone(desk: Desk) -> None:
    desk.take(make_article("A"), day=0)
    desk.take(make_article("A", url=OTHER_ADDRESS), day=0)
    for day in (1, 9):
        desk.answer(404, OTHER_ADDRESS, day=day)
    assert desk.values("SELECT gone_since FROM articles") == [None]


# The day of an article

DATELINE = {"date": "2021-12-07", "date_kind": DateKind.DATELINE, "date_evidence": "Ngày 07/12/2021"}
OF_DOCUMENT = {"date": "2019-05-05", "date_kind": DateKind.DOCUMENT, "date_evidence": "ngày 05 tháng 5 năm 2019"}


@pytest.mark.parametrize("listing_first", [True, False])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("2021-12-09", "posted", "Đăng ngày 2021-12-09")),
        (DATELINE, ("2021-12-07", "dateline", "Ngày 07/12/2021")),
        (OF_DOCUMENT, ("2021-12-09", "posted", "Đăng ngày 2021-12-09")),
    ],
)
@pytest.mark.parametrize("posting", [{}, {"url": OTHER_ADDRESS}, {"site_id": None}])
def test_the_posting_day_stands_in_where_there_is_no_dateline(
    desk: Desk,
    listing_first: bool,
    fields: dict[str, object],
    expected: tuple[str, ...],
    posting: dict[str, object],
) -> None:
    if listing_first:
        desk.post("2021-12-09", **posting)
    desk.take(make_article("A", **fields))
    if not listing_first:
        desk.post("2021-12-09", **posting)
    assert desk.rows("SELECT date, date_kind, date_evidence FROM articles") == [expected]


def test_a_document_keeps_its_own_day_where_no_listing_has_one(desk: Desk) -> None:
    desk.take(make_article("A", **OF_DOCUMENT))
    desk.post("2021-12-09", url="https://susta.vn/tin-tuc/bai-khac-8", site_id=8)
    assert desk.rows("SELECT date, date_kind FROM articles") == [("2019-05-05", "document")]


@pytest.mark.parametrize("place", range(3))
def test_the_first_listing_stands(desk: Desk, place: int) -> None:
    steps = [lambda: desk.post("2021-12-09"), lambda: desk.post("2024-01-01")]
    steps.insert(place, lambda: desk.take(make_article("A")))
    for step in steps:
        step()
    assert desk.values("SELECT date FROM articles") == ["2021-12-09"]


def test_the_posting_day_outlives_a_new_revision(desk: Desk) -> None:
    desk.post("2021-12-09")
    for text in "AB":
        desk.take(make_article(text))
    assert desk.rows("SELECT date, date_kind FROM articles") == [("2021-12-09", "posted")]


def test_a_dateline_that_comes_later_wins_and_one_that_goes_gives_way(desk: Desk) -> None:
    desk.post("2021-12-09")
    days = []
    for text, fields in (("A", {}), ("B", DATELINE), ("C", {})):
        desk.take(make_article(text, **fields))
        days += desk.rows("SELECT date, date_kind FROM articles")
    assert days == [("2021-12-09", "posted"), ("2021-12-07", "dateline"), ("2021-12-09", "posted")]


# Sources


def test_a_changed_condition_is_a_new_source_and_the_old_one_stays(desk: Desk) -> None:
    desk.take(make_article("A"))
    changed = replace(SOURCE, notice="Phải ghi rõ nguồn và dẫn đường link")
    desk.derive(desk.capture(), make_article("B"), changed)
    assert desk.values("SELECT notice FROM sources ORDER BY id") == [SOURCE.notice, changed.notice]
    assert desk.values("SELECT s.notice FROM articles a JOIN sources s ON s.id = a.source_id") == [changed.notice]


def test_one_condition_is_one_source_seen_from_first_to_last(desk: Desk) -> None:
    for site_id in (1, 2, 3):
        desk.take(make_article("A", url=f"https://susta.vn/tin-tuc/bai-{site_id}", site_id=site_id))
    assert desk.rows("SELECT id, first_seen, last_seen FROM sources") == [(1, moment(1), moment(3))]
