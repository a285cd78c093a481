"""Text as a reader sees it: bytes, lines, tables, files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from small import FRAME, PROSE, TITLE, URL, amid_prose, article, ending, page, paragraphs

from archive.records import Article, Refusal
from scraper.extract import extract
from scraper.extract.charset import decode
from scraper.extract.page import parse_page
from scraper.extract.text import clean
from scraper.extract.walk import body_of, read_lines


@pytest.mark.parametrize("name", ["undefined", "hex", "idna", "zlib", "x-unknown", "utf-7"])
def test_no_charset_name_breaks_the_reader(name: str) -> None:
    assert isinstance(extract(page(paragraphs(*PROSE)), URL, f"text/html; charset={name}"), Article)


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


def test_a_section_named_by_an_anchor_without_an_address_is_no_link() -> None:
    headed = "<p><a name=m1><b>Bình chọn</b></a></p>"
    assert article(paragraphs(PROSE[0]) + headed + paragraphs(PROSE[1])).body == (PROSE[0], "Bình chọn", PROSE[1])


def test_the_caption_of_a_table_is_text_above_it() -> None:
    rows = "<tr><td>Xã</td><td>Diện tích</td></tr><tr><td>Chiềng Cơi</td><td>12 ha</td></tr>"
    got = amid_prose(f"<table><caption>Bảng 1. Diện tích chè theo xã</caption>{rows}</table>")
    assert got.body == (PROSE[0], "Bảng 1. Diện tích chè theo xã", PROSE[1])
    assert got.tables == ((("Xã", "Diện tích"), ("Chiềng Cơi", "12 ha")),)


def test_the_label_of_a_file_is_its_words_beside_an_icon() -> None:
    got = amid_prose("<p><a href=/files/quy-che.pdf><img src=/icon.png width=16 height=16> Tải về</a></p>")
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


@pytest.mark.parametrize(
    "form",
    [
        "<pre>{}</pre>",
        "<div style='white-space: pre-line'>{}</div>",
        "<p><span style='color:#333;white-space:pre-wrap'>{}</span></p>",
        "<div style='white-space:break-spaces'><b style='font-weight:normal'>{}</b></div>",
    ],
)
@pytest.mark.parametrize("parting", ["\n", "\n\n", "\r\n \r\n"])
def test_text_that_breaks_where_it_was_typed_has_its_paragraphs(form: str, parting: str) -> None:
    got = article(form.format(parting.join((f"\n{PROSE[0]}", PROSE[1], "Hải Thành\n"))))
    assert (got.body, got.byline) == (PROSE, "Hải Thành")


def test_a_sentence_that_was_broken_as_typed_is_one_and_verses_are_lines() -> None:
    broken = PROSE[0].replace(" nửa tháng,", "\nnửa tháng,")
    assert article(f"<pre>{broken}\n\n{PROSE[1]}</pre>").body == PROSE
    verses = ("Nương dâu đỏ lối em về", "Suối reo gọi bạn bên lề bản Nà")
    assert ending("<pre>{}\n{}</pre>".format(*verses)).body == (*PROSE, *verses)


@pytest.mark.parametrize("form", ["<p>{}</p>", "<pre><p style='white-space:normal'>{}</p></pre>"])
def test_elsewhere_the_end_of_a_line_is_a_space(form: str) -> None:
    assert article(form.format(PROSE[0].replace(" ", "\n")), PROSE[1]).body == PROSE


def test_a_character_set_that_browsers_do_not_know_is_not_followed() -> None:
    text, found = decode(b"<p>1 +2AA- 2</p>", "text/html; charset=utf-7")
    assert (text, found) == ("<p>1 +2AA- 2</p>", "utf-8")
    assert parse_page(b"<p>1 +2AA- 2</p>", "https://susta.vn/a", "text/html; charset=utf-7").lines.lines
