"""Where a byline stands, and in what form."""

import pytest
from small import PROSE, TITLE, article, ending, paragraphs

from archive.records import BlockKind, BylineRole
from scraper.extract.names import read_lead


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


def test_a_bracket_within_the_name_of_a_source_is_kept() -> None:
    assert read_lead("Theo Ngọc Thuấn (Báo Sơn La)") == ("Ngọc Thuấn (Báo Sơn La)", BylineRole.SYNDICATED)
    assert read_lead("(Theo Báo Sơn La)") == ("Báo Sơn La", BylineRole.SYNDICATED)


def as_list(*blocks: str) -> str:
    return f"<ul>{''.join(f'<li>{block}</li>' for block in blocks)}</ul>"


@pytest.mark.parametrize("form", ["<p>{}</p>", "{}", "<div><p>{}</p></div>"])
def test_on_a_page_whose_paragraphs_are_list_items_a_last_name_is_a_byline(form: str) -> None:
    got = article(as_list(*(form.format(text) for text in (*PROSE, "Hải Thành"))))
    assert (got.byline, got.body) == ("Hải Thành", PROSE)
    assert {block.kind for block in got.blocks} == {BlockKind.PARAGRAPH}


def test_a_poem_in_list_items_is_signed_where_its_title_stands_in_the_same_list() -> None:
    verses = ("Nương dâu đỏ lối em về", "Suối reo gọi bạn bên lề bản Nà")
    assert article(as_list(TITLE.upper(), *verses, "Hải Thành")).byline == "Hải Thành"
    assert article(as_list(*verses, "Hải Thành")).byline is None


def test_the_last_name_of_a_list_within_such_a_page_or_below_a_paragraph_is_none() -> None:
    names = as_list("<p>Hộ có vườn mẫu của bản</p>", "<p>Cầm Văn Đông</p>")
    for got in (article(as_list(*PROSE, names)), ending(names), ending(as_list(PROSE[0], "Cầm Văn Đông"))):
        assert (got.byline, got.body[-1]) == (None, "Cầm Văn Đông")


@pytest.mark.parametrize(
    "line", ["Truyện ngắn của Lò Bun Mai", "Bài, ảnh: Lò Bun Mai", "<p><i>Bút ký: Lò Bun Mai</i></p>"]
)
def test_who_wrote_it_may_stand_above_the_title_said_again(line: str) -> None:
    for above, kicker in (((line,), None), (("Trang văn nghệ", line), "Trang văn nghệ")):
        got = article(*above, f"<p><b>{TITLE.upper()}</b></p>", *PROSE)
        assert (got.byline, got.kicker, got.body) == ("Lò Bun Mai", kicker, PROSE)


@pytest.mark.parametrize("line", ["THEO DÒNG LỊCH SỬ", "Lò Bun Mai", "Truyện ngắn của bản Nà"])
def test_a_kicker_above_the_title_said_again_is_no_author(line: str) -> None:
    got = article(line, f"<p><b>{TITLE.upper()}</b></p>", *PROSE)
    assert (got.byline, got.kicker, got.body) == (None, line, PROSE)


@pytest.mark.parametrize("name", ["Trường Sơn", "Hồng Hà", "Đà Giang"])
def test_a_river_or_mountain_that_the_article_does_not_speak_of_signs_it(name: str) -> None:
    assert ending(name).byline == name
    assert article(f"Gió từ {name} thổi về làm quả chín sớm hơn mọi năm.", *PROSE, name).byline is None
    assert ending("Ngẫu hứng một chuyến đi", name).byline is None
    assert ending("<h3>Nơi đoàn dừng chân</h3>", name).byline is None
    assert ending(f"<ul><li>Lúa nương</li><li>{name}</li></ul>").byline is None


@pytest.mark.parametrize(
    "form",
    [
        "<section>{}<footer>{}</footer></section>",
        "<article><section>{}</section><footer>{}</footer></article>",
        "<article><div><div>{}</div></div><footer><div>{}</div></footer></article>",
    ],
)
def test_an_articles_own_footer_holds_its_byline(form: str) -> None:
    got = article(form.format(paragraphs(*PROSE), paragraphs("TS. Lò Bun Mai", "Trường Đại học Tây Bắc")))
    assert (got.byline, got.affiliation) == ("TS. Lò Bun Mai", "Trường Đại học Tây Bắc")
    assert (article(form.format(paragraphs(*PROSE), "Hải Thành")).byline, got.body) == ("Hải Thành", PROSE)


@pytest.mark.parametrize(
    "said",
    [
        ("Hải Thành", "Chịu trách nhiệm nội dung: Ban Biên tập"),
        ("Ban Biên tập", "Trường Đại học Tây Bắc"),
        ("<a href='/gioi-thieu'>Hải Thành</a>",),
        ("Chuyên gia của chúng tôi", "Hải Thành"),
    ],
)
def test_a_footer_that_says_anything_else_is_the_sites(said: tuple[str, ...]) -> None:
    got = article(f"<main><div>{paragraphs(*PROSE)}</div></main><footer>{paragraphs(*said)}</footer>")
    assert (got.byline, got.body) == (None, PROSE)
