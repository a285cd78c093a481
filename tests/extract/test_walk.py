"""From a page's markup to its lines: what the walk rests on, and that remembering parts of pages changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.parts import Memory
from scraper.extract.tags import attributes_of, pieces_of, without_code
from scraper.extract.walk import MEMORY, body_of, read_lines

MENU = "".join(f"<li class=m><a href='/muc-{n}'><span>Mục số {n}</span></a></li>" for n in range(40))
PAGE = "<header><ul>{menu}</ul></header><div><p>{text}</p><table><tr><td><img src=a.jpg></td></tr></table></div>{tail}"
TAIL = f"<aside><div><ul>{MENU}</ul><figure><img src=b.jpg><figcaption>Ảnh bên lề</figcaption></figure></div></aside>"


def lines_of(html: str) -> Lines:
    return read_lines(body_of(LexborHTMLParser(html)))


@given(st.text(alphabet="<>\"'&= ab", max_size=12), st.text(alphabet="<\"'&=/ ab", min_size=1, max_size=6))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_the_parser_writes_no_end_of_a_tag_within_one(value: str, name: str) -> None:
    """The walk takes the first `>` for the end of a tag."""
    tree = LexborHTMLParser(f"<p {name}='{value}'>chữ</p><p title=\"{value.replace(chr(34), '')}\">hết</p>")
    pieces = pieces_of(without_code(body_of(tree)))
    assert all(piece.startswith("<") and piece.endswith(">") for piece in pieces[1::2])
    assert not any(">" in piece for piece in pieces[0::2])
    node = tree.css_first("p[title]")
    if node is not None:  # an open quote may have swallowed it
        written = next(piece for piece in pieces[1::2] if piece.startswith("<p") and "title=" in piece)
        assert attributes_of(written).get("title") == node.attributes["title"]


def test_parts_met_before_read_as_if_they_were_new() -> None:
    pages = [PAGE.format(menu=MENU, text=f"Bài {n}", tail=TAIL) for n in range(12)]
    assert_memory_changes_nothing(pages)
    assert len(MEMORY)  # something was remembered


def assert_memory_changes_nothing(pages: list[str]) -> None:
    fresh = []
    for page in pages:
        MEMORY.forget()
        fresh.append(lines_of(page))
    MEMORY.forget()
    kept = [lines_of(page) for page in pages]
    for page, new, old in zip(pages, fresh, kept, strict=True):
        assert renumbered(new) == renumbered(old), page


def renumbered(page: Lines) -> list[tuple[Line, list[tuple[int, bool, bool]]]]:
    """Lines with their paragraphs and containers numbered in order, and the containers around each from the inside
    out: only which lines share them matters."""
    paragraphs: dict[int, int] = {}
    containers: dict[int, int] = {0: 0}
    found = []
    for line in page.lines:
        around, container = [], line.container
        while container:
            assert page.parents[container] < container
            around.append(container)
            container = page.parents[container]
        for each in reversed(around):
            containers.setdefault(each, len(containers))
        chain = [(containers[each], each in page.figures, each in page.asides) for each in around]
        paragraph = paragraphs.setdefault(line.paragraph, len(paragraphs))
        found.append((replace(line, paragraph=paragraph, container=containers[line.container]), chain))
    return found


def rows(count: int) -> str:
    return "".join(f"<tr><td>{n}</td><td>Ô số {n}</td></tr>" for n in range(count))


PARTS = (
    f"<ul class=menu>{MENU}</ul>",
    "<div class=box>" + "".join(f"<div><span>Dòng {n}</span></div>" for n in range(20)) + "</div>",
    f"<table><tbody>{rows(16)}</tbody></table>",
    "<div>" + "".join(f"<h3>Mục {n}</h3><p><b>Chữ</b> {n} <a href='/{n}'>xem</a></p>" for n in range(12)) + "</div>",
    f"<section hidden><ul>{MENU}</ul></section>",
    f"<div style='display:none'>{'<p>a</p>' * 20}</div>",
    "<div>" + "<p>c<b>\u0327</b>a fa\u0301 \u1112<i>\u1161</i></p>" * 20 + "</div>",
    f"<td>{'<p>Trong ô</p>' * 30}</td>",
    f"<div>{'<p>a<br>b</p>' * 20}<script>document.write('<p>' + 1 + '</p>')</script></div>",
)
PLACES = (
    "{}",
    "<div>{}</div>",
    "<center><b>{}</b></center>",
    "<ul><li>{}</li></ul>",
    "<a href='/x'>{}</a>",
    "<table><tr><td>một</td><td>{}</td></tr><tr><td>hai</td><td>ba</td></tr></table>",
    "<table><tr>{}</tr><tr><td>hai</td><td>ba</td></tr></table>",
    "<!-- {} -->",
    '<script>var t = "{}";</script>',
    "<textarea>{}</textarea>",
    "<noscript>{}</noscript>",
    "<svg><title>{}</title></svg>",
    "<figure><img src=a.jpg>{}<figcaption>Lời</figcaption></figure>",
    "<div style='font-style:italic; text-align:right'>{}chữ</div>",
    "<p title='<!-- <script >'>trước {} sau</p>",
    "<xmp>{}</xmp>",
    "<div>trước {} sau</div>",
    "<p>trước<br>{}sau</p>",
    "<p>c<b>\u0327</b>a{}</p>",
)


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(PARTS)), min_size=1, max_size=5),
        min_size=5,
        max_size=9,
    )
)
@settings(max_examples=120, derandomize=True, deadline=None)
def test_parts_met_before_read_as_new_wherever_they_stand(pages: list[list[tuple[str, str]]]) -> None:
    assert_memory_changes_nothing(["<p>đầu</p>".join(place.format(part) for place, part in page) for page in pages])


def test_very_many_small_parts_make_a_page_no_larger() -> None:
    page = f"<ul>{'<li>a</li>' * 12}</ul>" * 2_000
    MEMORY.forget()
    sizes = [len(lines_of(page).parents) for _ in range(4)]
    assert max(sizes) < 1.5 * sizes[0]


def test_memory_is_bounded_and_lets_go_of_what_is_met_no_more() -> None:
    memory = Memory()
    for box in range(300):
        body = body_of(LexborHTMLParser(f"<div id=b{box}>{'<p>chữ</p>' * 20}</div>"))
        for _ in range(4):
            memory.take_apart(body)
    assert len(memory) == 200
    assert not memory.take_apart(body_of(LexborHTMLParser(f"<div id=b0>{'<p>chữ</p>' * 20}</div>"))).parts
    assert memory.take_apart(body_of(LexborHTMLParser(f"<div id=b299>{'<p>chữ</p>' * 20}</div>"))).parts


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>một<!-- <p>hai --></p>", ["một"]),
        ("<p>một<script>if (a<b) { c = '<p>hai</p>' }</script> ba</p>", ["một ba"]),
        ("<p title='<!-- '>một</p><p title=' --&gt;'>hai</p>", ["một", "hai"]),
        ("<p title='<script src=x>'>một</p><p>hai</p><script></script>", ["một", "hai"]),
        ("<xmp><p>như gõ &amp; vậy</p></xmp>", ["<p>như gõ &amp; vậy</p>"]),
        ("<plaintext><b>hết</b>", ["<b>hết</b>"]),
        ("<p>một<style>p { color: red }", ["một"]),
        ("<iframe><p>không</p></iframe><p>một</p>", ["một"]),
        ("<!--><p>một</p>", ["một"]),
        ("<p>một<!--->-->hai</p>", ["một-->hai"]),
    ],
)
def test_code_and_comments_are_no_text(html: str, texts: list[str]) -> None:
    assert [line.text for line in lines_of(html).lines] == texts


def test_code_within_attributes_costs_no_more_than_it_is_long() -> None:
    body = f'<p title="{"<!--" * 200_000}">chữ</p>'
    assert without_code(body) == body


def test_lists_within_lists_cost_no_stack() -> None:
    MEMORY.forget()
    html = "<ul>" * 390 + "đáy" + "</ul>" * 390
    assert [[line.text for line in lines_of(html).lines] for _ in range(3)] == [["đáy"]] * 3


@pytest.mark.parametrize(
    ("html", "bold", "italic"),
    [
        ("<b>chữ</b>", True, False),
        ("<b style='font-weight:normal'>chữ</b>", False, False),
        ("<b style='mso-bidi-font-weight:normal'>chữ</b>", True, False),
        ("<span style='font-weight:700'>chữ</span>", True, False),
        ("<span style='font-style: italic'>chữ</span>", False, True),
        ("<p style='font-weight:bold'>chữ</p>", True, False),
        ("<b><i>chữ</i></b>", True, True),
        ("<ul style='font-weight:bold'><li>chữ</li></ul>", True, False),
    ],
)
def test_faces_are_as_styles_set_them(html: str, bold: bool, italic: bool) -> None:
    (line,) = lines_of(html).lines
    assert (line.bold, line.italic) == (bold, italic)


def test_a_picture_of_amp_is_one_picture() -> None:
    picture = "<amp-img src=/a.jpg><noscript><img src=/a.jpg></noscript></amp-img>"
    html = f"<figure>{picture}<figcaption>Lời</figcaption></figure>"
    page = lines_of(html)
    assert [(line.kind, line.src or line.text) for line in page.lines] == [
        (LineKind.PICTURE, "/a.jpg"),
        (LineKind.TEXT, "Lời"),
    ]
    assert isinstance(page.lines[0], Line)
