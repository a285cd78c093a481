"""Where an article begins and ends on its page, and what of the page is its frame."""

import pytest
from selectolax.lexbor import LexborHTMLParser
from small import FRAME, PROSE, TITLE, URL, article, page, paragraphs, right, uncounted

from archive.records import Article, DateKind, Doubt, Refusal, RefusalReason
from scraper.extract import extract, read
from scraper.extract.frame import Frame, Learner, frame_from_json, traits_of
from scraper.extract.vocabulary import counter_of
from scraper.extract.walk import body_of, read_lines


@pytest.mark.parametrize("words", ["Đăng nhập", "Lượt xem", "Bình chọn", "Thông tin doanh nghiệp", "Tiêu điểm"])
def test_the_words_of_a_widget_inside_prose_end_nothing(words: str) -> None:
    said = f"Người dùng mở mục {words} ở góc phải, điền tên rồi chờ cán bộ hội xác nhận trong ngày làm việc."
    assert article(paragraphs(PROSE[0], said, PROSE[1])).body == (PROSE[0], said, PROSE[1])


@pytest.mark.parametrize("words", ["Đăng nhập", "Bình chọn", "Thông tin doanh nghiệp"])
def test_the_words_of_a_widget_as_a_heading_above_prose_end_nothing(words: str) -> None:
    assert article(paragraphs(PROSE[0], words, PROSE[1])).body == (PROSE[0], words, PROSE[1])


def test_what_stands_before_the_title_and_after_the_widgets_heading_is_not_the_article() -> None:
    body = article(paragraphs(*PROSE)).body
    assert body == PROSE


ITEMS = "".join(f"<p><a href='/tin/bai-khac-2000{n}'>Một bài khác của hội số {n}</a></p>" for n in range(5))


@pytest.mark.parametrize("box", ["<div>{}</div>", "<aside>{}</aside>", "<div><div>{}</div></div>"])
def test_the_last_line_of_an_article_is_no_heading_of_the_list_in_the_next_container(box: str) -> None:
    signed = f"<div><div>{paragraphs(*PROSE)}<p align=right><b>Minh Hường</b></p></div>{box.format(ITEMS)}</div>"
    got = article(signed)
    assert (got.body, got.byline) == (PROSE, "Minh Hường")


def test_a_heading_in_the_container_of_its_list_is_no_line_of_the_article() -> None:
    got = article(f"<div><div>{paragraphs(*PROSE)}</div><div><p>Góc quê nhà</p>{ITEMS}</div></div>")
    assert got.body == PROSE


def test_a_box_of_links_inside_the_article_is_left_out_and_ends_nothing() -> None:
    box = "<div><p>Tin liên quan</p><p><a href='/tin/bai-khac-20001'>Một bài khác của hội</a></p></div>"
    got = article(f"<div>{paragraphs(PROSE[0])}{box}{paragraphs(PROSE[1])}</div>")
    assert got.body == PROSE


@pytest.mark.parametrize("heading", ["Danh mục", "Thống kê", "Nội dung", "Chuyên mục", "Họ và tên", "Xem thêm"])
def test_headings_that_others_use_for_widgets_may_stand_in_an_article(heading: str) -> None:
    said = (PROSE[0], heading, "Máy tách vỏ cà phê", "Trong tháng: 25", PROSE[1])
    assert article(paragraphs(*said)).body == said


def test_conditions_in_an_articles_own_words_are_not_the_sites() -> None:
    said = "Khi sao chép thông tin từ trang này, bạn đọc nhớ nêu rõ nguồn “Báo Điện Biên Phủ” như lời tòa soạn dặn."
    reading = read(page(paragraphs(PROSE[0], said, PROSE[1])), URL, "text/html")
    assert isinstance(reading.outcome, Article)
    assert reading.outcome.body == (PROSE[0], said, PROSE[1])
    assert reading.notice is None


def test_a_day_and_the_counter_on_one_line() -> None:
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>08/12/2021 08:30 | Lượt xem: 538</p>{paragraphs(*PROSE)}{FRAME}"
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Article)
    assert (outcome.views, outcome.date, outcome.date_kind, outcome.body) == (538, "2021-12-08", DateKind.POSTED, PROSE)


def test_a_counter_is_a_measurement_and_no_text() -> None:
    assert article(paragraphs(*PROSE)).views == 538


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Lượt xem: 538", 538),
        ("Lượt xem:1.024", 1024),
        ("lượt xem : 12 345", 12345),
        ("Lượt xem:", -1),
        ("Lượt xem tăng 538 lần so với năm ngoái", None),
        ("538 lượt xem", 538),
    ],
)
def test_counter_lines(text: str, number: int | None) -> None:
    assert counter_of(text) == number


def test_counters_in_a_list_of_related_items_do_not_make_a_listing() -> None:
    related = "".join(f"<p><a href='/tin/bai-{n}-3000{n}'>Bài khác số {n}</a><p>Lượt xem: {n}" for n in range(1, 6))
    outcome = extract(page(paragraphs(*PROSE), after="<h3>Tin liên quan</h3>" + related), URL, "text/html")
    assert isinstance(outcome, Article)
    assert (outcome.body, outcome.views) == (PROSE, 538)


def learned(*pages: str) -> Frame:
    """The frame of pages whose article is their <section>."""
    learner = Learner()
    for html in pages:
        lines = read_lines(body_of(LexborHTMLParser(html)))
        texts = [line.text for line in lines.lines]
        start = texts.index("[") + 1
        learner.add(traits_of(lines, None, start, texts.index("]")), Frame())
    return learner.frame(Frame(), alone=True) or Frame()


TOLD = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")


def test_the_frame_is_what_recurs_outside_the_article_and_never_a_byline() -> None:
    own = "<p>[</p><section><p>Chuyện {} mùa mận hậu</p><p>{}</p><p>Hải Thành</p></section><p>]</p>"
    pages = [f"<p>Góc quảng bá</p>{own.format(told, PROSE[0])}<p>Liên kết</p>" for told in TOLD]
    frame = learned(*pages)
    lines = read_lines(body_of(LexborHTMLParser(pages[-1]))).lines
    assert [line.text for line in lines if frame.holds(line)] == ["Góc quảng bá", "Liên kết"]
    assert frame_from_json(frame.to_json()) == frame


def test_titles_and_sentences_alike_but_for_a_number_are_no_frame() -> None:
    frame = learned(
        *(f"<p>Bài số {n}</p><p>[</p><section><p>{PROSE[0]}</p><p>Tập {n}</p></section><p>]</p>" for n in range(12))
    )
    (line,) = read_lines(body_of(LexborHTMLParser("<p>Bài số 5</p>"))).lines
    assert not frame.holds(line)
    assert article(paragraphs(PROSE[0], "Tập 3", PROSE[1]), frame=frame).body == (PROSE[0], "Tập 3", PROSE[1])


def test_a_handful_of_pages_is_needed() -> None:
    page = "<p>Góc quảng bá</p><p>[</p><section><p>Chuyện riêng</p></section><p>]</p>"
    assert not learned(*[page] * 4)
    assert learned(*[page] * 5)


def test_a_learned_line_in_a_container_apart_is_dropped_from_an_article() -> None:
    strange = "Chương trình liên kết cùng bạn nhà nông trên sóng phát thanh"
    apart = f"<aside><div><p>{strange}</p></div></aside>"
    own = "<p>[</p><section><p>{} {}</p><p>{}</p>{}</section><p>]</p>"
    frame = learned(*(own.format(told, PROSE[0], f"{told} {PROSE[1]}", apart) for told in TOLD))
    assert strange in article(paragraphs(*PROSE) + apart).body
    assert article(paragraphs(*PROSE) + apart, frame=frame).body == PROSE


def test_a_counters_words_between_prose_end_nothing() -> None:
    assert article(paragraphs(PROSE[0], "Lượt xem: 1.250.000", PROSE[1])).body == (
        PROSE[0],
        "Lượt xem: 1.250.000",
        PROSE[1],
    )


@pytest.mark.parametrize("unfilled", ["Lượt xem: ...", "Lượt xem: …", "Lượt xem: -", "Lượt xem:"])
def test_a_counter_that_waits_for_its_number_is_no_text(unfilled: str) -> None:
    html = page(paragraphs(*PROSE)).decode().replace("Lượt xem: 538", unfilled)
    outcome = extract(html.encode(), URL, "text/html; charset=utf-8")
    assert isinstance(outcome, Article)
    assert (outcome.body, outcome.views) == (PROSE, None)


TITLES = "".join(
    f"<li><a href='/tin-tuc/chuyen-lang-ban-so-{n}-3000{n}'>Chuyện làng bản số {n}</a></li>" for n in range(9)
)
LAYOUTS = [
    "<table><tr><td>{}</td><td><ul>{}</ul></td></tr></table>",
    "<div><div>{}</div><div><div><ul>{}</ul></div></div></div>",
    "<div>{}<ul>{}</ul></div>",
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_titles_of_articles_in_an_element_of_their_own_end_an_article(layout: str) -> None:
    after = "<div><p>Thời tiết hôm nay ở bản Nà trời nắng nhẹ, chiều tối có mưa rào vài nơi.</p></div>"
    got = article(layout.format(paragraphs(*PROSE, "Hải Thành"), TITLES) + after)
    assert (got.body, got.byline) == (PROSE, "Hải Thành")


@pytest.mark.parametrize("layout", LAYOUTS[:2])
def test_the_last_item_of_a_list_is_no_heading_of_titles_in_the_next_container(layout: str) -> None:
    items = ("Vườn dâu nhà chị Ón", "Vườn dâu nhà anh Pản")
    got = article(layout.format(f"{paragraphs(*PROSE)}<ul><li>{items[0]}</li><li>{items[1]}</li></ul>", TITLES))
    assert got.body == (*PROSE, *items)


@pytest.mark.parametrize("layout", LAYOUTS[:2])
def test_the_last_line_of_a_poem_is_no_heading_of_titles_in_the_next_container(layout: str) -> None:
    verses = ("Nương dâu đỏ lối em về", "Suối reo gọi bạn")
    got = article(layout.format(paragraphs(*verses, right("Hải Thành")), TITLES))
    assert (got.body, got.byline) == (verses, "Hải Thành")


def test_an_article_goes_on_after_titles_amid_it_or_above_its_byline() -> None:
    form = f"<div>{paragraphs(*PROSE)}<ul>{TITLES}</ul><p>{{}}</p></div>"
    assert article(form.format(PROSE[0])).body[-1] == PROSE[0]
    assert article(form.format("Hải Thành")).byline == "Hải Thành"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_counter_an_article_beside_many_titles_is_one_and_an_introduction_to_them_is_none(
    layout: str,
) -> None:
    got = uncounted(layout.format(paragraphs(*PROSE), TITLES))
    assert isinstance(got, Article)
    assert got.body == PROSE
    for above in (
        paragraphs(PROSE[0]),
        f"<h3><a href='/tin-tuc/chuyen-la-40001'>Chuyện lạ</a></h3>{paragraphs(*PROSE)}",
    ):
        refused = uncounted(layout.format(above, TITLES))
        assert isinstance(refused, Refusal)
        assert refused.reason is RefusalReason.LISTING


# Boxes between title and article

BOXES = {
    "a list with its heading": "<div><p>Tin mới</p><ul><li><a href=/a/bai-1>Nuôi ong lấy mật</a></li></ul></div>",
    "links of businesses": "<div><p>Thông tin doanh nghiệp</p>" + "<p><a href=/dn/1>Đơn vị</a></p>" * 3 + "</div>",
    "counts of visitors": "<div><p>Thống kê truy cập</p><p>Hôm nay: 12</p><p>Tất cả: 3456</p></div>",
    "two boxes": "<div><p>Tin mới</p><p><a href=/a/bai-1>Nuôi ong</a></p></div><div><p>Bình chọn</p><p>Gửi</p></div>",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_an_article_below_boxes_that_stand_between_it_and_its_title_is_read_and_doubted(box: str) -> None:
    got = article(box, f"<div>{paragraphs(*PROSE)}{right('Hải Thành')}</div>")
    assert (got.body, got.byline) == (PROSE, "Hải Thành")
    assert Doubt.END_UNSURE in got.doubts


def test_an_article_in_the_cell_beside_a_column_of_links_is_read() -> None:
    links = "<a href=/a/bai-1>Nuôi ong lấy mật</a><br><a href=/a/bai-2>Trao giải cuộc thi</a>"
    for column in (f"<b>Tin mới</b><br>{links}", links):
        row = f"<table><tr><td>{column}</td><td>{paragraphs(*PROSE)}</td></tr></table>"
        assert article(row).body == PROSE


def test_the_summaries_of_other_items_below_an_empty_article_are_not_taken_for_it() -> None:
    items = "".join(f"<p><a href=/a/bai-{n}>Tin số {n} của hội</a></p><p>{text}</p>" for n, text in enumerate(PROSE))
    html = page(f"<div><p>Tin mới</p><p><a href=/a/bai-9>Nuôi ong</a></p></div><div>{items}</div>")
    assert isinstance(extract(html, URL, "text/html; charset=utf-8"), Refusal)


# What portals print below an article


@pytest.mark.parametrize(
    "last",
    [
        "<p><a href=#>In trang</a> | <a href=#>Quay lại</a></p>",
        "<div><a href=#>In bài viết</a> <a href=#>Gửi cho bạn bè</a></div>",
        "[Trở về]",
        "Lên trên",
        "Đánh giá bài viết",
        "Tổng số điểm của bài viết là: 10 trong 2 đánh giá",
        "Click để đánh giá bài viết",
        "Thích 0",
        "Từ khóa: trí thức, mùa xuân",
        "<p>Các tin khác</p>" + "<p><a href=/a/bai-1>Nuôi ong lấy mật</a> (12/03/2023)</p>" * 2,
        "<div><h4>Ý kiến bạn đọc</h4><div><b>Ng. Lan</b> <span>12/03/2023 08:11</span><p>Hay lắm.</p></div></div>",
    ],
)
def test_controls_votes_and_comments_below_an_article_are_none_of_it(last: str) -> None:
    got = article(*PROSE, right("Hải Yến"), last)
    assert (got.body, got.byline) == (PROSE, "Hải Yến")


@pytest.mark.parametrize(
    "after",
    ["Ông Lò Văn An kể lại chuyện của bản Nà 20 năm trước", "Hội nghị khai mạc 8h00, 12/3/2023", "Bản tin 12/3/2023"],
)
def test_a_section_that_tells_of_an_hour_or_of_years_is_no_comment(after: str) -> None:
    texts = (PROSE[0], "Bình luận", after, PROSE[1])
    assert article(paragraphs(*texts)).body == texts


@pytest.mark.parametrize("line", ["ສະບາຍດີ", "老街", "Привет, товарищи", "ー", "日本語"])
def test_a_line_in_another_script_is_text(line: str) -> None:
    for texts in ((line, *PROSE), (PROSE[0], line, PROSE[1]), (*PROSE, line)):
        assert article(paragraphs(*texts)).body == texts


@pytest.mark.parametrize(
    "line",
    [
        "Xếp hạng: 1. Lò Văn An; 2. Cà Thị Bình",
        "Xếp hạng: 3 giải nhất, 2 giải nhì thuộc về đội Sơn La",
        "Từ khóa: đây là một phương pháp giúp người học tìm đúng tài liệu cần đọc.",
        "Gửi nội dung",
    ],
)
def test_a_last_line_that_only_opens_as_a_vote_or_keywords_do_stays(line: str) -> None:
    assert article(paragraphs(*PROSE, line)).body == (*PROSE, line)


def test_a_link_to_the_part_before_stays_above_the_article() -> None:
    first = "<div><p><a href='/a/bai-viet-20101'>Phần một: Người dân bản Nà xuống giống</a></p></div>"
    assert article(first, paragraphs(*PROSE)).body == ("Phần một: Người dân bản Nà xuống giống", *PROSE)


@pytest.mark.parametrize("line", ["Ý kiến bạn đọc", "Nội dung 1", "Từ khóa của thành công là sự kiên trì"])
def test_a_section_worded_like_such_a_line_stays(line: str) -> None:
    assert article(paragraphs(PROSE[0], line, PROSE[1])).body == (PROSE[0], line, PROSE[1])
