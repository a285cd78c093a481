"""The arithmetic of the evaluation: what a mistake of each kind does to which figure, and that floors hold."""

from dataclasses import replace
from pathlib import Path

import pytest
from evaluation import corpus, floors
from evaluation.run import Scores, digest_tallies
from evaluation.scoring import Found, Tally, one, same_person, score, shingles, stray_lines

TRUTH = corpus.Truth(
    title="Hội thảo về cây mắc ca",
    body=("Ngày 07/12/2021, hội thảo bàn về cây mắc ca.", "Phần thứ nhất", "Đại biểu góp nhiều ý kiến hay."),
    byline="TS. Cao Thị Hạnh",
    byline_role="author",
    date="2021-12-07",
    dates_also_right=("2021-12-08",),
    photos=(("http://a.example/1.png", "Toàn cảnh hội thảo"), ("http://a.example/2.png", None)),
    tables=((("TT", "Danh hiệu"), ("1", "Giỏi")),),
    optional_lines=("TIN TỨC",),
)
PAGE = corpus.Page("page", "markup", "http://a.example/x-1", corpus.HTML, b"<p>", TRUTH)
PERFECT = Found(
    title=TRUTH.title,
    body=TRUTH.body,
    byline=TRUTH.byline,
    role="author",
    date=TRUTH.date,
    photos=TRUTH.photos,
    tables=TRUTH.tables,
)


def figures(found: Found, field: str) -> dict[str, float]:
    return score(PAGE, found)[field].figures()


def test_a_perfect_record_scores_one_in_every_field() -> None:
    for field, tally in score(PAGE, PERFECT).items():
        assert set(tally.figures().values()) == {1.0}, field
    assert stray_lines(TRUTH, PERFECT) == []


def test_a_missing_paragraph_lowers_recall_only() -> None:
    body = figures(replace(PERFECT, body=TRUTH.body[:2]), "body")
    assert (body["precision"], body["exact"]) == (1.0, 0.0)
    assert body["recall"] == pytest.approx(2 / 3)


def test_a_line_of_the_frame_lowers_precision_only_and_is_counted() -> None:
    found = replace(PERFECT, body=(*TRUTH.body, "Hôm nay: 943 lượt truy cập trang"))
    body = figures(found, "body")
    assert (body["precision"], body["recall"], body["exact"]) == (0.75, 1.0, 0.0)
    assert stray_lines(TRUTH, found) == ["Hôm nay: 943 lượt truy cập trang"]


def test_a_paragraph_found_twice_counts_once() -> None:
    assert figures(replace(PERFECT, body=(*TRUTH.body, TRUTH.body[0])), "body")["precision"] == 0.75


def test_order_costs_exactness_and_nothing_else() -> None:
    body = figures(replace(PERFECT, body=TRUTH.body[::-1]), "body")
    assert body == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "exact": 0.0}


def test_white_space_bullets_and_lines_that_may_be_there_change_nothing() -> None:
    said = ("TIN TỨC", *TRUTH.body[:2], "- Đại biểu góp\u00a0nhiều  ý\u200b kiến hay.")
    assert set(figures(replace(PERFECT, body=said), "body").values()) == {1.0}


def test_where_paragraphs_are_parted_changes_no_word_score() -> None:
    assert figures(replace(PERFECT, body=(" ".join(TRUTH.body),)), "words")["f1"] == 1.0
    assert figures(replace(PERFECT, body=(" ".join(TRUTH.body),)), "body")["recall"] == 0.0
    assert shingles([]) == {}


def test_a_table_printed_as_lines_is_held_against_nobody() -> None:
    for lines in (("TT | Danh hiệu", "1 | Giỏi"), ("TT", "Danh hiệu", "1\tGiỏi")):
        assert figures(replace(PERFECT, body=(*TRUTH.body, *lines)), "body")["precision"] == 1.0


def test_an_invented_date_lowers_precision_and_a_missing_one_recall() -> None:
    undated = replace(PAGE, truth=replace(TRUTH, date=None, dates_also_right=()))
    both = score(PAGE, PERFECT)["date"]
    both += score(undated, PERFECT)["date"]
    assert (both.precision, both.recall, both.exactness, both.invented) == (0.5, 1.0, 0.5, 1)
    none = figures(replace(PERFECT, date=None), "date")
    assert (none["precision"], none["recall"]) == (1.0, 0.0)
    assert figures(replace(PERFECT, date="2021-12-08"), "date")["exact"] == 1.0
    assert score(PAGE, replace(PERFECT, date="2008-06-08"))["date"].wrong == 1


def test_a_wrong_person_is_not_a_missing_one() -> None:
    wrong = score(PAGE, replace(PERFECT, byline="Phan Đức Ngữ"))["byline"]
    missing = score(PAGE, replace(PERFECT, byline=None))["byline"]
    assert (wrong.wrong, wrong.missing, wrong.precision) == (1, 0, 0.0)
    assert (missing.wrong, missing.missing, missing.precision) == (0, 1, 1.0)


def test_a_name_without_its_academic_title_is_the_same_person_but_not_exact() -> None:
    tally = one("TS. Cao Thị Hạnh", "Cao Thị Hạnh", same=same_person)
    assert (tally.right, tally.exact) == (1, 0)
    assert not same_person("TS. Cao Thị Hạnh", "Hạnh")


def test_a_caption_is_right_only_with_its_own_photo() -> None:
    photos = (("http://a.example/1.png", None), ("http://a.example/2.png", "Toàn cảnh hội thảo"))
    found = replace(PERFECT, photos=photos)
    assert figures(found, "captions")["f1"] == 0.0
    assert figures(found, "photos")["f1"] == 1.0


def test_refusals_count_both_ways() -> None:
    no_article = replace(PAGE, truth=None, reasons=("listing", "no-body"))
    refused = Found(refused=True, reason="listing")
    assert score(no_article, refused)["refusals"].figures()["exact"] == 1.0
    assert score(no_article, Found(refused=True, reason="home"))["refusals"].figures()["exact"] == 0.0
    assert score(no_article, PERFECT)["refusals"].recall == 0.0
    assert score(PAGE, refused)["refusals"].precision == 0.0
    assert set(score(no_article, refused)) == {"refusals"}


def test_the_markup_whose_digest_differs_is_the_one_that_is_wrong() -> None:
    tallies = digest_tallies({"1": {"a": "x", "b": "x", "c": "y"}, "2": {"a": "z", "b": None, "c": "z"}})
    assert {group: tally.exactness for group, tally in tallies.items()} == {"a": 1.0, "b": 0.5, "c": 0.5}


def measured(exact: int) -> list[Scores]:
    scores = Scores("ours", ("title",))
    scores.tallies["title"]["modern"] = Tally(right=exact, got=3, wanted=3, exact=exact, pages=3)
    return [scores]


def test_a_figure_below_its_floor_is_named() -> None:
    known = floors.pinned(measured(3), "abc", 3)
    assert floors.shortfalls(measured(3), "abc", known) == []
    told = floors.shortfalls(measured(2), "abc", known)
    assert "ours: title in markup modern: recall is 0.6666, floor 1.0000" in told
    assert floors.shortfalls(measured(3), "abc", floors.pinned(measured(2), "abc", 3)) == []


def test_another_corpus_a_field_that_is_gone_and_new_lines_of_the_frame_are_named() -> None:
    known = floors.pinned(measured(3), "abc", 3)
    assert "--pin" in floors.shortfalls(measured(3), "abd", known)[0]
    assert floors.shortfalls([Scores("ours", ("title",))], "abc", known) == [
        "ours: title in markup modern is no longer measured"
    ]
    more = measured(3)
    more[0].strays["modern"].append("Đăng nhập")
    assert "1 lines of the frame" in floors.shortfalls(more, "abc", known)[0]


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    known = floors.pinned(measured(2), "abc", 3)
    floors.save(known, tmp_path / "floors.json")
    assert floors.load(tmp_path / "floors.json") == known
    assert floors.load(tmp_path / "absent.json") == {}


def test_the_corpus_is_the_same_each_time_and_no_port_or_address_is_in_it() -> None:
    first, second = corpus.demo_pages(3), corpus.demo_pages(3)
    assert corpus.corpus_sha256(first) == corpus.corpus_sha256(second)
    assert not any(b"127.0.0.1" in page.body for page in first)
    changed = [*first[:-1], replace(first[-1], body=first[-1].body + b" ")]
    assert corpus.corpus_sha256(changed) != corpus.corpus_sha256(first)
