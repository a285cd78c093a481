"""The rules of extraction, each on the smallest page or line that shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archive.records import Article, BylineRole, DateKind, Refusal, RefusalReason
from scraper.extract import extract, read
from scraper.extract.charset import decode
from scraper.extract.dates import dateline, lone_day, posted_line
from scraper.extract.frame import Frame, Learner, frame_from_json, traits_of
from scraper.extract.lines import LineKind
from scraper.extract.names import are_persons, is_person, read_lead
from scraper.extract.photos import credit_in
from scraper.extract.text import clean
from scraper.extract.vocabulary import counter_of
from scraper.extract.walk import body_of, read_lines
from scraper.urls import slug_of

URL = "https://susta.vn/khoa-hoc-cong-nghe/nguoi-dan-ban-na-trong-dau-tay-20777"
TITLE = "Người dân bản Nà trồng dâu tây"
PROSE = (
    "Vụ này bà con bản Nà xuống giống sớm hơn mọi năm nửa tháng, nhờ vậy quả chín đúng dịp khách lên nhiều.",
    "Cán bộ khuyến nông hướng dẫn từng hộ cách phủ màng, tưới nhỏ giọt và ghi chép chi phí hằng ngày.",
)
FRAME = "<div>Thông tin doanh nghiệp</div><ul><li><a href='/a/b-1'>Tin mới của hội</a></li></ul><div>Đăng nhập</div>"


def page(body: str, *, title: str = TITLE, after: str = FRAME) -> bytes:
    return f"<title>{title}</title><div>{title}</div><div>Lượt xem: 538</div>{body}{after}".encode()


def article(body: str, *, title: str = TITLE, url: str = URL, frame: Frame = Frame()) -> Article:  # noqa: B008
    outcome = extract(page(body, title=title), url, "text/html; charset=utf-8", frame)
    assert isinstance(outcome, Article), outcome
    return outcome


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


# Region


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


def test_a_title_that_only_a_picture_shows_is_taken_from_the_head() -> None:
    html = f"<title>{TITLE}</title><img src=/t.png alt='{TITLE}'><p>Lượt xem: 5</p>{paragraphs(*PROSE)}{FRAME}"
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Article)
    assert (outcome.title, outcome.body) == (TITLE, PROSE)


@pytest.mark.parametrize("name", ["undefined", "hex", "idna", "zlib", "x-unknown", "utf-7"])
def test_no_charset_name_breaks_the_reader(name: str) -> None:
    assert isinstance(extract(page(paragraphs(*PROSE)), URL, f"text/html; charset={name}"), Article)


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


# Titles


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


# Bylines


@pytest.mark.parametrize(
    ("last", "name", "role"),
    [
        ("Hải Thành", "Hải Thành", BylineRole.AUTHOR),
        ("Bài và ảnh: Lò Văn Pâng", "Lò Văn Pâng", BylineRole.TEXT_AND_PHOTO),
        ("Tin, ảnh: Minh Thu", "Minh Thu", BylineRole.TEXT_AND_PHOTO),
        ("Theo Báo Sơn La", "Báo Sơn La", BylineRole.SYNDICATED),
        ("Nguồn: vusta.vn", "vusta.vn", BylineRole.SYNDICATED),
        ("Tác giả: ThS. Cầm Thị Đoan", "ThS. Cầm Thị Đoan", BylineRole.AUTHOR),
        ("Vàng A Chu - Thu Hiền", "Vàng A Chu - Thu Hiền", BylineRole.AUTHOR),
        ("BSCKII. Tòng Văn Hịa", "BSCKII. Tòng Văn Hịa", BylineRole.AUTHOR),
    ],
)
def test_a_byline_at_the_end(last: str, name: str, role: BylineRole) -> None:
    got = article(paragraphs(*PROSE, last))
    assert (got.byline, got.byline_role, got.body) == (name, role, PROSE)


def test_a_byline_below_the_title_with_an_affiliation() -> None:
    got = article(paragraphs("TS. Cà Thị Hoan", "Trường Cao đẳng Sơn La", *PROSE))
    assert (got.byline, got.affiliation, got.body) == ("TS. Cà Thị Hoan", "Trường Cao đẳng Sơn La", PROSE)


def test_a_signature_is_no_byline() -> None:
    got = article(paragraphs(*PROSE, "<b>TM. BAN THƯỜNG VỤ</b>", "<b>CHỦ TỊCH</b>", "<b>Quàng Thị Inh</b>"))
    assert got.byline is None


def test_a_person_in_a_caption_is_no_author() -> None:
    got = article(paragraphs(*PROSE) + "<p align=center><img src=/a.jpg><br><i>Ông Lò Văn Hặc bên vườn dâu</i></p>")
    assert got.byline is None
    assert got.photos[0].caption == "Ông Lò Văn Hặc bên vườn dâu"


@pytest.mark.parametrize("text", ["Sơn La", "Kết quả đạt được", "Hội Nông Dân", "Đoàn Thanh niên", "PV", "Năm 2021"])
def test_no_person(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    "text", ["Hải Thành", "PGS.TS. Quàng Đức Đạt", "Giàng A Phương", "LÒ THỊ HAI", "Bạc Xuân Trường"]
)
def test_a_person(text: str) -> None:
    assert is_person(text)


def test_persons_and_leads_do_not_swallow_prose() -> None:
    assert not are_persons("Theo đó, các đại biểu đã thống nhất")
    assert read_lead("Theo đó, các đại biểu đã thống nhất nhiều nội dung") is None
    assert read_lead("Theo báo cáo, năm 2021 toàn tỉnh có 12 dự án") is None


# Days


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Ngày 07/12/2021, Liên hiệp hội đã làm việc với huyện.", "2021-12-07"),
        ("Ngày 7/3/2022, đoàn công tác tới bản.", "2022-03-07"),
        ("Sáng ngày 26-8-2022, tại hội trường diễn ra lễ trao giải.", "2022-08-26"),
        ("Trong hai ngày 04 và 5/5/2021, Sở tổ chức tập huấn.", "2021-05-05"),
        ("Từ ngày 3 đến ngày 5/6/2020, tại xã Nà Ớt, lớp học được mở.", "2020-06-05"),
        ("Ngày 7 tháng 12 năm 2021, đoàn tới thăm.", "2021-12-07"),
        ("(23/6/2018) Hội Luật gia tổ chức tọa đàm.", "2018-06-23"),
        ("Vừa qua, ngày 10.09.2023, Hội tổ chức lớp học.", "2023-09-10"),
        ("Ngày 22/10/2019 Bộ Chính trị đã ban hành Nghị quyết về phát triển.", None),
        ("Thực hiện Nghị quyết số 27-NQ/TW ngày 08/6/2008 của Ban Chấp hành Trung ương, hội đã họp.", None),
        ("Kể từ ngày 24/6/2015, khi dự án bắt đầu, bà con đã quen.", None),
        ("Ngày 19/8/1945, nhân dân Sơn La giành chính quyền.", None),
        ("Ngày 31/6/2022, không có trong lịch.", None),
        ("Ngày 12/13/2022, tháng mười ba cũng không.", None),
        ("Năm 2021, hội kết nạp thêm hội viên.", None),
    ],
)
def test_datelines_right_or_none(opening: str, day: str | None) -> None:
    found = dateline(opening)
    assert (found.iso if found else None) == day


def test_the_evidence_of_a_day_is_its_words() -> None:
    got = article(paragraphs("Ngày 07/12/2021, Liên hiệp hội đã tới làm việc với bà con.", *PROSE))
    assert (got.date, got.date_kind, got.date_evidence) == ("2021-12-07", DateKind.DATELINE, "Ngày 07/12/2021")


def test_days_of_the_sidebar_never_win() -> None:
    after = FRAME + "<div>Xem &amp; Nghe</div><a href=/v>Sổ hộ khẩu hết giá trị sau ngày 31/12/2022</a>"
    outcome = extract(page(paragraphs(*PROSE), after=after), URL, "text/html")
    assert isinstance(outcome, Article)
    assert outcome.date is None


@given(st.dates(min_value=__import__("datetime").date(2005, 1, 1), max_value=__import__("datetime").date(2040, 1, 1)))
def test_day_comes_before_month(day: object) -> None:
    found = dateline(f"Ngày {day.day}/{day.month}/{day.year}, đoàn tới thăm bản.")  # type: ignore[attr-defined]
    assert found is not None
    assert found.iso == str(day)


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers_of_days(text: str) -> None:
    dateline(text)
    lone_day(text)
    posted_line(text)


# Photos


@pytest.mark.parametrize(
    "markup",
    [
        "<p align=center><img src=/a.jpg><br><em>{}</em></p>",
        "<p><img src=/a.jpg></p><p align=center>{}</p>",
        "<p><img src=/a.jpg></p><p>&nbsp;</p><p>{}</p>",
        "<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>",
        "<table><tr><td><img src=/a.jpg></td></tr><tr><td>{}</td></tr></table>",
        "<img src=/a.jpg><p><i>{}</i></p>",
        "<p><img src=/a.jpg></p><p>" + "&nbsp;" * 20 + "{}</p>",
        "<div><img src=/a.jpg><br>{}</div>",
    ],
)
def test_a_caption_finds_its_photo_however_they_are_arranged(markup: str) -> None:
    caption = "Toàn cảnh vườn dâu của hợp tác xã"
    got = article(paragraphs(PROSE[0]) + markup.format(caption) + paragraphs(PROSE[1]))
    assert [(photo.url, photo.caption) for photo in got.photos] == [("https://susta.vn/a.jpg", caption)]
    assert got.body == PROSE


def test_a_photo_without_a_caption_has_none() -> None:
    got = article(paragraphs(PROSE[0]) + "<p><img src=/a.jpg></p>" + paragraphs(PROSE[1]))
    assert got.photos[0].caption is None
    assert got.body == PROSE


def test_captions_in_a_row_go_to_their_pictures_in_order() -> None:
    row = "<table><tr><td><img src=/1.jpg><td><img src=/2.jpg><tr><td><i>Vườn ươm</i><td><i>Nhà lưới</i></table>"
    got = article(paragraphs(PROSE[0]) + row + paragraphs(PROSE[1]))
    assert [photo.caption for photo in got.photos] == ["Vườn ươm", "Nhà lưới"]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Vườn dâu. Ảnh: Lò Hà", "Lò Hà"),
        ("Vườn dâu (ảnh Tòng Thị Ánh)", "Tòng Thị Ánh"),
        ("Cầu treo cũ. Ảnh tư liệu lịch sử.", "tư liệu lịch sử"),
        ("Bà con xem ảnh triển lãm", None),
        ("Toàn cảnh buổi làm việc", None),
    ],
)
def test_credits_in_captions(caption: str, credit: str | None) -> None:
    assert credit_in(caption) == credit


@pytest.mark.parametrize("alt", ["No title...", "image advertisement", "image banner"])
def test_banners_are_no_photos(alt: str) -> None:
    got = article(paragraphs(PROSE[0]) + f"<img src=/b.jpg alt='{alt}'>" + paragraphs(PROSE[1]))
    assert got.photos == ()


# Tables, attachments, text


def test_a_table_of_data_is_cells_and_not_body() -> None:
    got = article(paragraphs(PROSE[0]) + "<table><tr><th>TT<th>Danh hiệu<tr><td>1<td>Giải nhất</table>")
    assert got.tables == ((("TT", "Danh hiệu"), ("1", "Giải nhất")),)
    assert got.body == (PROSE[0],)


def test_a_table_that_lays_out_the_page_is_read_through() -> None:
    cell = paragraphs(*PROSE)
    html = f"<title>{TITLE}</title><table><tr><td>{TITLE}<br>Lượt xem: 5<br>{cell}</td></tr></table>{FRAME}"
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Article)
    assert outcome.body == PROSE


def test_a_download_link_is_an_attachment_and_its_label_no_body() -> None:
    got = article("<p><a href='/tai-ve/quy%20che.pdf'>Tải về</a></p>" + paragraphs(*PROSE))
    assert [(a.url, a.label, a.media_type) for a in got.attachments] == [
        ("https://susta.vn/tai-ve/quy%20che.pdf", "Tải về", "application/pdf")
    ]
    assert got.body == PROSE


def test_errors_of_the_author_are_kept_and_white_space_is_not() -> None:
    got = article(
        paragraphs(
            "Đoàn đã tới tham\u00a0 \u00a0và làm việc ở Việt\u200b Nam.Về phía tỉnh có Côtăng\u00ad hoá.", PROSE[1]
        )
    )
    assert got.body[0] == "Đoàn đã tới tham và làm việc ở Việt Nam.Về phía tỉnh có Côtăng hoá."


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_br_pairs_part_paragraphs_and_a_single_br_inside_a_sentence_does_not() -> None:
    got = article(
        f"{PROSE[0]}<br><br>Bà con nói rằng năm nay<br>được mùa lớn nhất từ trước tới giờ.<br>&nbsp;<br>{PROSE[1]}"
    )
    assert got.body == (PROSE[0], "Bà con nói rằng năm nay được mùa lớn nhất từ trước tới giờ.", PROSE[1])


# Charset


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        ("\ufeffĐồng chí".encode(), "text/html; charset=windows-1252", "utf-8"),
        ("Đồng chí".encode("utf-16-le"), "text/html; charset=utf-16", "utf-16-le"),
        ("Đồng chí".encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (b'<meta charset="utf-8">' + "Đồng chí".encode(), None, "utf-8"),
        ("Đồng chí".encode(), None, "utf-8"),
    ],
)
def test_charset_in_the_order_of_the_standard(body: bytes, header: str | None, encoding: str) -> None:
    text, found = decode(body, header)
    assert found == encoding
    assert text.endswith("Đồng chí")


def test_windows_1258_gives_composed_letters() -> None:
    vietnamese = "Người dân trồng cà phê"
    decomposed = vietnamese.replace("ờ", "ơ\u0300").replace("ồ", "ô\u0300")
    text, found = decode(decomposed.encode("cp1258"), "text/html; charset=windows-1258")
    assert found == "windows-1258"
    assert clean(text) == vietnamese


@given(
    st.binary(max_size=300), st.sampled_from([None, "text/html", "text/html; charset=x", "text/html; charset=utf-16"])
)
def test_any_bytes_give_a_value_and_never_an_error(body: bytes, header: str | None) -> None:
    assert isinstance(extract(body, URL, header), Article | Refusal)


# Refusals


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"", "text/html", RefusalReason.EMPTY),
        (b"  \n", "text/html", RefusalReason.EMPTY),
        (b"%PDF-1.7 \x00\x01", "text/html", RefusalReason.BINARY),
        (b"\x89PNG\r\n\x1a\n", "text/html", RefusalReason.BINARY),
        (b"<p>x</p>", "application/pdf", RefusalReason.NOT_HTML),
        (b"just words", "text/html", RefusalReason.NOT_HTML),
        (b"<div></div>", "text/html", RefusalReason.EMPTY_SHELL),
        (page("", after="<p>x</p>"), "text/plain", RefusalReason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(body: bytes, kind: str, reason: RefusalReason) -> None:
    outcome = extract(body, URL, kind)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is reason


def test_not_found_with_status_200_is_refused() -> None:
    html = "<title>Thông báo</title><h1>Thông báo</h1><p>Trang bạn tìm không tồn tại hoặc đã bị xóa.</p>" + FRAME
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Refusal)
    assert outcome.reason is RefusalReason.NOT_FOUND


def test_a_day_goes_with_the_title_in_its_own_box_wherever_it_stands() -> None:
    def box(n: int, day: str, link: str) -> str:
        return f"<div>{day}<h3><a href='/tin-tuc/bai-so-{n}-2000{n}'>Bài số {n} của hội</a></h3>{link}</div>"

    bare = "".join(box(n, "", "") for n in range(1, 4))
    first = "".join(
        box(n, f"<p>0{n}/12/2021</p>", f"<a href='/tin-tuc/bai-so-{n}-2000{n}'>Đọc tiếp</a>") for n in (4, 5)
    )
    reading = read(f"<h1>Tin</h1>{bare}{first}".encode(), "https://susta.vn/tin-tuc", "text/html")
    assert {p.site_id: p.date for p in reading.postings} == {20004: "2021-12-04", 20005: "2021-12-05"}


def test_an_item_whose_link_carries_a_session_is_an_item() -> None:
    items = "".join(
        f"<h3><a href='/tin-tuc/bai-so-{n}-2000{n};jsessionid=AB12{n}'>Bài số {n} của hội</a> (0{n}/12/2021)</h3>"
        for n in range(1, 4)
    )
    reading = read(f"<h1>Tin</h1>{items}".encode(), "https://susta.vn/tin-tuc", "text/html")
    assert {p.url: p.date for p in reading.postings} == {
        f"https://susta.vn/tin-tuc/bai-so-{n}-2000{n}": f"2021-12-0{n}" for n in range(1, 4)
    }


def test_counters_in_a_list_of_related_items_do_not_make_a_listing() -> None:
    related = "".join(f"<p><a href='/tin/bai-{n}-3000{n}'>Bài khác số {n}</a><p>Lượt xem: {n}" for n in range(1, 6))
    outcome = extract(page(paragraphs(*PROSE), after="<h3>Tin liên quan</h3>" + related), URL, "text/html")
    assert isinstance(outcome, Article)
    assert (outcome.body, outcome.views) == (PROSE, 538)


def test_a_listing_of_one_item_with_a_counter_is_a_listing() -> None:
    item = "<h3><a href='/tu-lieu-sub/mot-bai-duy-nhat-30001'>Một bài duy nhất</a></h3><p>Lượt xem: 12</p>"
    html = f"<title>Tư liệu</title><h1>Tư liệu sub</h1>{item}<p>{PROSE[0]}</p>{FRAME}"
    outcome = extract(html.encode(), "https://susta.vn/tu-lieu-sub", "text/html")
    assert isinstance(outcome, Refusal)
    assert outcome.reason is RefusalReason.LISTING


def test_a_listing_gives_the_days_it_posts() -> None:
    items = "".join(
        f"<h3><a href='/tin-tuc-su-kien/bai-so-{n}-2000{n}'>Bài số {n} của hội</a></h3><span>0{n}/12/2021</span>"
        "<p>Ngày 1/1/2020, …</p>"
        for n in range(1, 6)
    )
    reading = read(f"<h1>Tin tức sự kiện</h1>{items}".encode(), "https://susta.vn/tin-tuc-su-kien", "text/html")
    assert isinstance(reading.outcome, Refusal)
    assert reading.outcome.reason is RefusalReason.LISTING
    assert sorted((p.site_id, p.date) for p in reading.postings) == [(20000 + n, f"2021-12-0{n}") for n in range(1, 6)]


# Not every name is an author's, nor every day a dateline


@pytest.mark.parametrize(
    "last",
    [
        "<p>Ông Lò Văn Mai, Phó Chủ tịch UBND xã</p>",
        "<p>Giải Nhất: Nguyễn Văn An</p>",
        "<p>1. Nguyễn Văn An</p><p>2. Lò Thị Mai</p>",
        "<p align=center>KẾT QUẢ</p>",
        "<p>MƯỜNG LA</p>",
        "<p>Chủ nhiệm đề tài: TS. Nguyễn Văn An - Trường Đại học Tây Bắc</p>",
        "<p>Nguồn gen quý ấy cần được giữ lại.</p>",
        "<p>Nguồn vốn: Ngân sách tỉnh</p>",
    ],
)
def test_a_person_or_a_heading_that_ends_an_article_is_no_byline(last: str) -> None:
    got = article(paragraphs(*PROSE) + last)
    assert (got.byline, got.affiliation) == (None, None)
    assert got.body[:2] == PROSE


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Chào mừng kỷ niệm ngày thành lập Đảng 3/2/2020, các cấp hội tổ chức nhiều hoạt động ở cơ sở.", None),
        ("Chào mừng ngày thành lập Đảng, ngày 1/2/2020, hội tổ chức hội thảo tại huyện Mai Sơn.", "2020-02-01"),
        ("Căn cứ Quyết định số 12/QĐ-UBND, ngày 5/3/2019, của UBND tỉnh, hội tổ chức tập huấn cho bà con.", None),
        ("Thực hiện Kế hoạch số 92/KH-LHH ngày 28/12/2018 của hội, ngày 23/01/2019, hội tổ chức.", "2019-01-23"),
        ("Để kịp tổng kết trước ngày 30/11/2021, hội yêu cầu các đơn vị gửi báo cáo về văn phòng.", None),
        ("Sáng nay (2/6/2024), Hội Luật gia tổ chức hội nghị tại thành phố Sơn La.", "2024-06-02"),
        ("(Sơn La) - Ngày 10/01/2023, Hội Luật gia tổ chức hội nghị tại thành phố Sơn La.", "2023-01-10"),
        ("Trong 02 ngày 25 và 26/8/2022, Hội Làm vườn tỉnh tổ chức tập huấn kỹ thuật tỉa cành.", "2022-08-26"),
    ],
)
def test_a_dateline_after_a_lead_is_told_from_the_days_in_the_lead(opening: str, day: str | None) -> None:
    assert article(paragraphs(opening, *PROSE)).date == day


# Text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ðồng chí Ðặng Văn Ðức, ÐẠI HỌC ðiện", "đồng chí Đặng Văn Đức, ĐẠI HỌC điện"),
        ("Ð/c Tạ Kim Hoa, 27/QÐ-UBND, HÐND, SIGURÐSSON", "Đ/c Tạ Kim Hoa, 27/QĐ-UBND, HĐND, SIGURÐSSON"),
        ("Guðmundur Sigurðsson, Hafnarfjörður và Ðjurdjevic", "Guðmundur Sigurðsson, Hafnarfjörður và Ðjurdjevic"),
        ("hoá, hóa và thuỷ, thủy; tham và làm việc; NQ/TWvề", "hoá, hóa và thuỷ, thủy; tham và làm việc; NQ/TWvề"),
        ("mo\u0302\u0323t\u00a0\u200bhai\u00ad ba", "một hai ba"),
    ],
)
def test_text_is_kept_as_written_but_for_what_a_reader_cannot_see(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    line = read_lines(body_of(LexborHTMLParser(f"<p>{typed}</p>"))).lines[0]
    assert line.text == kept


# Frame


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


def uncounted(body: str, *, title: str = TITLE) -> Article | Refusal:
    """What a page without a view counter is, whose address spells its title."""
    html = f"<title>{title}</title><h2>{title}</h2>{body}{FRAME}"
    return extract(html.encode(), f"https://susta.vn/tin-tuc/{slug_of(title)}-20777", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div id=app><p>Đang tải dữ liệu…</p></div>", RefusalReason.EMPTY_SHELL),
        ("<p>Chưa có bài viết nào trong chuyên mục này.</p>", RefusalReason.LISTING),
        ("<p>Đẹp: 120 phiếu (60%)</p><p>Xấu: 80 phiếu (40%)</p><p>Tổng số phiếu: 200</p>", RefusalReason.FORM),
        ("<p>Tên đăng nhập của bạn</p><input><p>Mật khẩu của bạn</p><input type=password>", RefusalReason.FORM),
        (
            "<p>Trang này và các đối tác lưu cookie trên thiết bị để nhớ lựa chọn của bạn.</p><button>Đồng ý</button>",
            RefusalReason.FORM,
        ),
        ("<p>Nội dung này đã bị xóa.</p>", RefusalReason.NOT_FOUND),
    ],
)
def test_what_says_hardly_anything_at_an_articles_address_is_none(body: str, reason: RefusalReason) -> None:
    outcome = uncounted(body)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is reason


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Hỏi đáp", paragraphs("Hỏi: " + PROSE[0], "Đáp: " + PROSE[1])),
        ("Góp ý", paragraphs(*PROSE, PROSE[0])),
        ("Cảnh báo lừa đảo chiếm đoạt mật khẩu", "<p>Không đưa mật khẩu cho bất cứ ai.</p>"),
        ("Hướng dẫn đăng nhập", "<p>Bước 1: Nhập tên đăng nhập.</p><p>Bước 2: Nhập mật khẩu.</p>"),
        (
            "Cookie là gì",
            paragraphs(
                "Cookie là mẩu dữ liệu lưu ở máy người đọc.", "Đồng ý hay từ chối là quyền của mỗi người.", *PROSE
            ),
        ),
        ("Kết quả sản xuất", paragraphs(PROSE[0], "Cà phê: tăng 12%", "Mận hậu: tăng 8%")),
    ],
)
def test_an_article_may_speak_of_what_visitors_are_asked(title: str, body: str) -> None:
    assert isinstance(uncounted(body, title=title), Article)


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


def test_a_counters_words_between_prose_end_nothing() -> None:
    assert article(paragraphs(PROSE[0], "Lượt xem: 1.250.000", PROSE[1])).body == (
        PROSE[0],
        "Lượt xem: 1.250.000",
        PROSE[1],
    )


def test_a_sentence_below_a_picture_is_no_caption_and_a_person_named_there_is() -> None:
    told = (
        "Ngay sau lễ phát động, các đội đã thu gom hơn hai tấn rác và trồng mới ba trăm cây xanh dọc hai bên bờ suối."
    )
    got = article(f"<div>{PROSE[0]}<br><br><img src=/a.jpg><br>{told}<br><br>{PROSE[1]}</div>")
    assert (got.body, got.photos[0].caption) == ((PROSE[0], told, PROSE[1]), None)
    named = "<p align=center><img src=/a.jpg></p><p align=center><em>Bà Phùng Thị Khuyên</em></p>"
    got = article(f"{paragraphs(*PROSE)}{named}<p align=right><b>Bài, ảnh: Đinh Thị Bích Việt</b></p>")
    assert (got.body, got.photos[0].caption, got.byline) == (PROSE, "Bà Phùng Thị Khuyên", "Đinh Thị Bích Việt")


@pytest.mark.parametrize("form", ["<p>{}</p><p>{}</p>", "<p align=center><b>{}</b></p><p align=center><b>{}</b></p>"])
def test_a_kicker_on_a_line_of_its_own_above_the_title_is_the_kicker(form: str) -> None:
    got = article(form.format("Diễn đàn trí thức", TITLE) + paragraphs(*PROSE))
    assert (got.body, got.kicker) == (PROSE, "Diễn đàn trí thức")


def test_a_question_after_a_colon_that_repeats_the_title_is_text() -> None:
    asked = f"Tại phiên họp, đại biểu đặt câu hỏi: {TITLE[0].lower()}{TITLE[1:]}?"
    assert article(paragraphs(asked, *PROSE)).body == (asked, *PROSE)


# Pictures


def pictured(picture: str) -> Article:
    return article(f"{paragraphs(PROSE[0])}{picture}{paragraphs(PROSE[1])}")


@pytest.mark.parametrize(
    ("attributes", "src"),
    [
        ("src=/cho.gif data-src=/a.jpg", "/a.jpg"),
        ("src=/cho.gif data-original=/a.jpg", "/a.jpg"),
        ("src=/cho.gif data-lazy-src=/a.jpg", "/a.jpg"),
        ("src=data:image/gif;base64,R0 data-srcset='/a.jpg 1x, /b.jpg 2x'", "/a.jpg"),
        ("src=/cho.gif data-srcset='/a.jpg 300w'", "/a.jpg"),
        ("srcset='/a.jpg 300w, /b.jpg 600w'", "/a.jpg"),
        ("src=/a.jpg srcset='/nho.jpg 300w'", "/a.jpg"),
        ("src=/a.jpg data-src=''", "/a.jpg"),
        ("src=/a.jpg data-lazy=true", "/a.jpg"),
    ],
)
def test_a_picture_is_the_one_that_a_reader_sees(attributes: str, src: str) -> None:
    assert [photo.url for photo in pictured(f"<p><img {attributes}></p>").photos] == [f"https://susta.vn{src}"]


@pytest.mark.parametrize(
    "picture",
    [
        "<div><img src=/a.jpg><aside>{}</aside></div>",
        "<div><aside>{}</aside><img src=/a.jpg></div>",
        "<h6><img src=/a.jpg></h6><h6>{}</h6>",
        "<p><img src=/a.jpg></p><h5><em>{}</em></h5>",
    ],
)
def test_captions_stand_in_asides_and_small_headings_too(picture: str) -> None:
    got = pictured(picture.format("Toàn cảnh lớp tập huấn ở bản Nà"))
    assert (got.body, got.photos[0].caption) == (PROSE, "Toàn cảnh lớp tập huấn ở bản Nà")


def test_on_a_page_all_in_headings_a_photo_report_keeps_its_captions() -> None:
    shown = "".join(f"<h3><img src=/{n}.jpg></h3><h3>Cảnh thứ {n} của lễ hội</h3>" for n in range(3))
    got = article(f"<h3>{PROSE[0]}</h3>{shown}")
    assert (got.body, [one.caption for one in got.photos]) == (
        PROSE[:1],
        [f"Cảnh thứ {n} của lễ hội" for n in range(3)],
    )


def test_a_section_named_by_an_anchor_without_an_address_is_no_link() -> None:
    headed = "<p><a name=m1><b>Bình chọn</b></a></p>"
    assert article(paragraphs(PROSE[0]) + headed + paragraphs(PROSE[1])).body == (PROSE[0], "Bình chọn", PROSE[1])


def test_a_bracket_within_the_name_of_a_source_is_kept() -> None:
    assert read_lead("Theo Ngọc Thuấn (Báo Sơn La)") == ("Ngọc Thuấn (Báo Sơn La)", BylineRole.SYNDICATED)
    assert read_lead("(Theo Báo Sơn La)") == ("Báo Sơn La", BylineRole.SYNDICATED)


def test_a_picture_and_a_caption_in_an_aside_may_open_an_article() -> None:
    got = article(f"<main><div><img src=/a.jpg><aside>Một góc bản Nà</aside></div>{paragraphs(*PROSE)}</main>")
    assert (got.body, got.photos[0].caption) == (PROSE, "Một góc bản Nà")


def test_headings_that_all_is_set_in_mark_no_captions_and_no_headings() -> None:
    body = "".join(f"<h3>{text}</h3>" for text in (PROSE[0], "<img src=/a.jpg>", "Toàn cảnh bản Nà", PROSE[1]))
    got = article(body)
    assert (got.body, got.photos[0].caption) == (PROSE, "Toàn cảnh bản Nà")


NAMED = "<p align=center><img src=/{}.jpg></p><p align=center><i>{}</i></p>"


def test_a_name_below_a_picture_amid_prose_is_a_caption() -> None:
    got = pictured(NAMED.format("a", "Lò Văn Mười"))
    assert (got.photos[0].caption, got.byline) == ("Lò Văn Mười", None)


def test_a_name_set_as_the_other_caption_is_a_caption_and_one_set_otherwise_the_author() -> None:
    other = NAMED.format("a", "Mâm cỗ lá của bản Nà")
    got = article(paragraphs(PROSE[0]) + other + paragraphs(PROSE[1]) + NAMED.format("b", "Lò Văn Mười"))
    assert ([photo.caption for photo in got.photos], got.byline) == (["Mâm cỗ lá của bản Nà", "Lò Văn Mười"], None)
    last = "<p align=center><img src=/b.jpg></p><p align=right><b>Lò Văn Mười</b></p>"
    got = article(paragraphs(PROSE[0]) + other + paragraphs(PROSE[1]) + last)
    assert ([photo.caption for photo in got.photos], got.byline) == (["Mâm cỗ lá của bản Nà", None], "Lò Văn Mười")


def test_a_line_that_leads_on_and_prose_beside_a_floated_picture_are_no_captions() -> None:
    got = article(f"<div>{PROSE[0]}<br><br><img src=/a.jpg><br>Chương trình gồm:<br><br>{PROSE[1]}</div>")
    assert (got.body, got.photos[0].caption) == ((PROSE[0], "Chương trình gồm:", PROSE[1]), None)
    beside = "Đoàn đã khảo sát bốn mô hình và tặng 30 suất quà."
    got = pictured(f"<p><img src=/a.jpg style='float:left'>{beside}</p>")
    assert (got.body, got.photos[0].caption) == ((PROSE[0], beside, PROSE[1]), None)


def test_a_credit_in_a_paragraph_of_its_own_goes_with_the_caption_and_as_the_last_line_is_the_byline() -> None:
    below = "<p align=center><img src=/a.jpg></p><p align=center>Toàn cảnh buổi lễ</p><p align=center>Ảnh: Lò Mai</p>"
    got = pictured(below)
    assert (got.body, got.photos[0].caption, got.photos[0].credit) == (PROSE, "Toàn cảnh buổi lễ Ảnh: Lò Mai", "Lò Mai")
    got = article(paragraphs(*PROSE) + below)
    assert (got.photos[0].caption, got.byline, got.byline_role) == ("Toàn cảnh buổi lễ", "Lò Mai", BylineRole.PHOTO)


# Tables, files, what is set how


def test_the_caption_of_a_table_is_text_above_it() -> None:
    rows = "<tr><td>Xã</td><td>Diện tích</td></tr><tr><td>Chiềng Cơi</td><td>12 ha</td></tr>"
    got = pictured(f"<table><caption>Bảng 1. Diện tích chè theo xã</caption>{rows}</table>")
    assert got.body == (PROSE[0], "Bảng 1. Diện tích chè theo xã", PROSE[1])
    assert got.tables == ((("Xã", "Diện tích"), ("Chiềng Cơi", "12 ha")),)


def test_the_label_of_a_file_is_its_words_beside_an_icon() -> None:
    got = pictured("<p><a href=/files/quy-che.pdf><img src=/icon.png width=16 height=16> Tải về</a></p>")
    assert [(one.url, one.label) for one in got.attachments] == [("https://susta.vn/files/quy-che.pdf", "Tải về")]


@pytest.mark.parametrize("opening", ["<table align=center>", "<center><table>", "<div align=center><table>"])
def test_a_table_that_is_placed_in_the_middle_centres_no_text(opening: str) -> None:
    news = "Ngày 01/10/2024, Liên hiệp hội trao quyết định nghỉ hưu cho đồng chí Hà Văn Tiến."
    short = "Buổi lễ diễn ra trang trọng, ấm cúng, có mặt đông đủ cán bộ hưu trí."
    row = f"<tr><td><p align=justify>{news}</p><p><img src=/a.jpg></p><p align=justify>{short}</p></td></tr>"
    got = article(f"{opening}{row}</table>")
    assert (got.body, got.date) == ((news, short), "2024-10-01")


def test_spans_shown_as_blocks_are_lines_and_a_button_that_heads_a_section_is_its_heading() -> None:
    blocks = "".join(f"<span style='display: block'>{text}</span>" for text in PROSE)
    assert article(f"<div>{blocks}</div>").body == PROSE
    section = f"<h2><button>Kết quả</button></h2><div>{paragraphs(PROSE[1])}</div><p><button>Gửi</button></p>"
    assert article(f"<div>{paragraphs(PROSE[0])}{section}</div>").body == (PROSE[0], "Kết quả", PROSE[1])


@pytest.mark.parametrize("unfilled", ["Lượt xem: ...", "Lượt xem: …", "Lượt xem: -", "Lượt xem:"])
def test_a_counter_that_waits_for_its_number_is_no_text(unfilled: str) -> None:
    html = page(paragraphs(*PROSE)).decode().replace("Lượt xem: 538", unfilled)
    outcome = extract(html.encode(), URL, "text/html; charset=utf-8")
    assert isinstance(outcome, Article)
    assert (outcome.body, outcome.views) == (PROSE, None)


# Lines


def test_lines_are_alike_whatever_made_them() -> None:
    texts = ["Dòng một", "Dòng hai", "Dòng ba"]
    markups = [
        "".join(f"<p>{t}</p>" for t in texts),
        "".join(f"<div><span>{t}</span></div>" for t in texts),
        "<br><br>".join(texts),
        "<table>" + "".join(f"<tr><td>{t}</td></tr>" for t in texts) + "</table>",
        "<ul><li>" + "<li>".join(texts),
        "".join(f"<x-line>{t}</x-line>" for t in texts),
    ]
    for markup in markups:
        assert [line.text for line in read_lines(body_of(LexborHTMLParser(markup))).lines] == texts


def test_what_is_hidden_or_code_is_not_read() -> None:
    html = "<p style='display:none'>ẩn</p><script>mã</script><style>kiểu</style><p hidden>ẩn</p><!-- chú --><p>hiện</p>"
    assert [line.text for line in read_lines(body_of(LexborHTMLParser(html))).lines] == ["hiện"]


def test_lazy_pictures_are_found() -> None:
    html = "<img src='data:image/gif;base64,x' data-src='/a.jpg'>"
    (line,) = read_lines(body_of(LexborHTMLParser(html))).lines
    assert (line.kind, line.src) == (LineKind.PICTURE, "/a.jpg")
