"""Photos and the captions that belong to them."""

import pytest
from selectolax.lexbor import LexborHTMLParser
from small import PROSE, TITLE, amid_prose, article, paragraphs

from archive.records import BylineRole
from scraper.extract.lines import LineKind
from scraper.extract.photos import credit_in
from scraper.extract.walk import body_of, read_lines


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


def test_a_sentence_below_a_picture_is_no_caption_and_a_person_named_there_is() -> None:
    told = (
        "Ngay sau lễ phát động, các đội đã thu gom hơn hai tấn rác và trồng mới ba trăm cây xanh dọc hai bên bờ suối."
    )
    got = article(f"<div>{PROSE[0]}<br><br><img src=/a.jpg><br>{told}<br><br>{PROSE[1]}</div>")
    assert (got.body, got.photos[0].caption) == ((PROSE[0], told, PROSE[1]), None)
    named = "<p align=center><img src=/a.jpg></p><p align=center><em>Bà Phùng Thị Khuyên</em></p>"
    got = article(f"{paragraphs(*PROSE)}{named}<p align=right><b>Bài, ảnh: Đinh Thị Bích Việt</b></p>")
    assert (got.body, got.photos[0].caption, got.byline) == (PROSE, "Bà Phùng Thị Khuyên", "Đinh Thị Bích Việt")


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
    assert [photo.url for photo in amid_prose(f"<p><img {attributes}></p>").photos] == [f"https://susta.vn{src}"]


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
    got = amid_prose(picture.format("Toàn cảnh lớp tập huấn ở bản Nà"))
    assert (got.body, got.photos[0].caption) == (PROSE, "Toàn cảnh lớp tập huấn ở bản Nà")


def test_on_a_page_all_in_headings_a_photo_report_keeps_its_captions() -> None:
    shown = "".join(f"<h3><img src=/{n}.jpg></h3><h3>Cảnh thứ {n} của lễ hội</h3>" for n in range(3))
    got = article(f"<h3>{PROSE[0]}</h3>{shown}")
    assert (got.body, [one.caption for one in got.photos]) == (
        PROSE[:1],
        [f"Cảnh thứ {n} của lễ hội" for n in range(3)],
    )


def test_in_a_photo_report_that_is_bold_all_through_bold_lines_are_captions() -> None:
    shown = "".join(f"<p><img src=/{n}.jpg></p><p>Cảnh thứ {n} của lễ hội</p>" for n in range(2))
    got = article(f"<b><p><strong>{TITLE}</strong></p>{shown}</b>")
    assert (got.body, [one.caption for one in got.photos]) == ((), [f"Cảnh thứ {n} của lễ hội" for n in range(2)])


def test_a_picture_and_a_caption_in_an_aside_may_open_an_article() -> None:
    got = article(f"<main><div><img src=/a.jpg><aside>Một góc bản Nà</aside></div>{paragraphs(*PROSE)}</main>")
    assert (got.body, got.photos[0].caption) == (PROSE, "Một góc bản Nà")


def test_headings_that_all_is_set_in_mark_no_captions_and_no_headings() -> None:
    body = "".join(f"<h3>{text}</h3>" for text in (PROSE[0], "<img src=/a.jpg>", "Toàn cảnh bản Nà", PROSE[1]))
    got = article(body)
    assert (got.body, got.photos[0].caption) == (PROSE, "Toàn cảnh bản Nà")


NAMED = "<p align=center><img src=/{}.jpg></p><p align=center><i>{}</i></p>"


def test_a_name_below_a_picture_amid_prose_is_a_caption() -> None:
    got = amid_prose(NAMED.format("a", "Lò Văn Mười"))
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
    got = amid_prose(f"<p><img src=/a.jpg style='float:left'>{beside}</p>")
    assert (got.body, got.photos[0].caption) == ((PROSE[0], beside, PROSE[1]), None)


def test_a_credit_in_a_paragraph_of_its_own_goes_with_the_caption_and_as_the_last_line_is_the_byline() -> None:
    below = "<p align=center><img src=/a.jpg></p><p align=center>Toàn cảnh buổi lễ</p><p align=center>Ảnh: Lò Mai</p>"
    got = amid_prose(below)
    assert (got.body, got.photos[0].caption, got.photos[0].credit) == (PROSE, "Toàn cảnh buổi lễ Ảnh: Lò Mai", "Lò Mai")
    got = article(paragraphs(*PROSE) + below)
    assert (got.photos[0].caption, got.byline, got.byline_role) == ("Toàn cảnh buổi lễ", "Lò Mai", BylineRole.PHOTO)


def test_lazy_pictures_are_found() -> None:
    html = "<img src='data:image/gif;base64,x' data-src='/a.jpg'>"
    (line,) = read_lines(body_of(LexborHTMLParser(html))).lines
    assert (line.kind, line.src) == (LineKind.PICTURE, "/a.jpg")


GATHERED = "Sau đó, hơn năm mươi hội viên cùng nhau dọn đường bản."


@pytest.mark.parametrize(
    "form",
    [
        "<p><img src=/a.jpg></p><p><img src=/b.jpg></p><p align=center><em>{}</em></p><p>{}</p>",
        "<p><img src=/a.jpg></p><p><img src=/b.jpg></p><p>{}</p><p>{}</p>",
        "<div><img src=/a.jpg></div><div><img src=/b.jpg></div><div><i>{}</i></div><div>{}</div>",
        "<img src=/a.jpg><br><br><img src=/b.jpg><br>{}<br><br>{}<br><br>",
    ],
)
def test_one_caption_below_two_pictures_is_the_seconds_and_a_sentence_below_it_none(form: str) -> None:
    got = article(f"<div>{paragraphs(PROSE[0])}{form.format('Bà con bản Nà làm đường', GATHERED)}</div>", PROSE[1])
    assert got.body == (PROSE[0], GATHERED, PROSE[1])
    assert [photo.caption for photo in got.photos] == [None, "Bà con bản Nà làm đường"]


def test_two_captions_in_the_row_below_a_row_of_two_pictures_are_theirs() -> None:
    row = "<div><span style='display:block'>{}</span><span style='display:block'>{}</span></div>"
    pictures, captions = ("<img src=/a.jpg>", "<img src=/b.jpg>"), ("Vườn dâu nhà chị Ón", "Luống dâu mới phủ màng.")
    got = amid_prose(f"<div>{row.format(*pictures)}{row.format(*captions)}</div>")
    assert ([photo.caption for photo in got.photos], got.body) == (list(captions), PROSE)
