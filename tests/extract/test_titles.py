"""The title, what says it again, and the kicker above it."""

import pytest
from small import FRAME, PROSE, TITLE, URL, article, paragraphs

from archive.records import Article
from scraper.extract import extract


def test_a_title_that_only_a_picture_shows_is_taken_from_the_head() -> None:
    html = f"<title>{TITLE}</title><img src=/t.png alt='{TITLE}'><p>Lượt xem: 5</p>{paragraphs(*PROSE)}{FRAME}"
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Article)
    assert (outcome.title, outcome.body) == (TITLE, PROSE)


@pytest.mark.parametrize(
    "repeat",
    [
        f"<p>{TITLE}</p>",
        f"<p><b>{TITLE.upper()}</b></p>",
        f"<p>{TITLE}.</p>",
        f"<p align=center>{TITLE.upper()[:16]}<br>{TITLE.upper()[16:]}</p>",
        f"<p align=center>{TITLE.upper()[:16]}</p><p align=center>{TITLE.upper()[16:]}</p>",
        f"<p>{TITLE}</p><p><b>{TITLE.upper()}</b></p>",
        f"<p align=center>LIÊN HIỆP CÁC HỘI KH &amp; KT SƠN LA</p><p><b>{TITLE.upper()}</b></p>",
        f"<p><b>Chuyện ở bản{TITLE.upper()}</b></p>",
        "",
    ],
)
def test_the_title_said_again_is_not_body(repeat: str) -> None:
    assert article(repeat + paragraphs(*PROSE)).body == PROSE


def test_a_sentence_that_ends_with_the_titles_words_is_no_title_said_again() -> None:
    news = f"Sáng ngày 12/10/2022, Liên hiệp hội tổ chức hội thảo về việc {TITLE[0].lower()}{TITLE[1:]}."
    got = article(paragraphs(news, *PROSE))
    assert (got.body, got.kicker, got.date) == ((news, *PROSE), None, "2022-10-12")
    assert article(paragraphs(news)).body == (news,)
    assert article(paragraphs(f"Có như vậy mới {TITLE[0].lower()}{TITLE[1:]}.")).body


@pytest.mark.parametrize("lead", ["HỌC VÀ LÀM THEO BÁC", "Chuyện làm ăn"])
@pytest.mark.parametrize("parting", ["", ": ", " - ", ". "])
def test_a_title_after_a_kicker_in_one_line_is_taken_off(lead: str, parting: str) -> None:
    got = article(f"<p><b>{lead}{parting}{TITLE.upper()}</b></p>{paragraphs(*PROSE)}")
    assert (got.body, got.kicker) == (PROSE, lead)


@pytest.mark.parametrize("form", ["<p>{}</p><p>{}</p>", "<p align=center><b>{}</b></p><p align=center><b>{}</b></p>"])
def test_a_kicker_on_a_line_of_its_own_above_the_title_is_the_kicker(form: str) -> None:
    got = article(form.format("Diễn đàn trí thức", TITLE) + paragraphs(*PROSE))
    assert (got.body, got.kicker) == (PROSE, "Diễn đàn trí thức")


def test_a_question_after_a_colon_that_repeats_the_title_is_text() -> None:
    asked = f"Tại phiên họp, đại biểu đặt câu hỏi: {TITLE[0].lower()}{TITLE[1:]}?"
    assert article(paragraphs(asked, *PROSE)).body == (asked, *PROSE)
