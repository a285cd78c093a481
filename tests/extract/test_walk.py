"""From a page's markup to its lines: what the walk rests on, and that remembering parts of pages changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extract import walk
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.tags import attributes_of, body_of, pieces_of
from scraper.extract.walk import read_lines

MENU = "".join(f"<li class=m><a href='/muc-{n}'><span>Mục số {n}</span></a></li>" for n in range(40))
PAGE = "<header><ul>{menu}</ul></header><div><p>{text}</p><table><tr><td><img src=a.jpg></td></tr></table></div>{tail}"
TAIL = f"<aside><div><ul>{MENU}</ul><figure><img src=b.jpg><figcaption>Ảnh bên lề</figcaption></figure></div></aside>"


def lines_of(html: str) -> Lines:
    return read_lines(LexborHTMLParser(html))


def forget() -> None:
    walk._MET.clear()
    walk._KEPT.clear()


@given(st.text(alphabet="<>\"'&= ab", max_size=12), st.text(alphabet="<\"'&=/ ab", min_size=1, max_size=6))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_the_parser_writes_no_end_of_a_tag_within_one(value: str, name: str) -> None:
    """The walk takes the first `>` for the end of a tag."""
    tree = LexborHTMLParser(f"<p {name}='{value}'>chữ</p><p title=\"{value.replace(chr(34), '')}\">hết</p>")
    pieces = pieces_of(body_of(tree))
    assert all(piece.startswith("<") and piece.endswith(">") for piece in pieces[1::2])
    assert not any(">" in piece for piece in pieces[0::2])
    node = tree.css_first("p[title]")
    if node is not None:  # an open quote may have swallowed it
        written = next(piece for piece in pieces[1::2] if piece.startswith("<p") and "title=" in piece)
        assert attributes_of(written).get("title") == node.attributes["title"]


def test_parts_met_before_read_as_if_they_were_new() -> None:
    pages = [PAGE.format(menu=MENU, text=f"Bài {n}", tail=TAIL) for n in range(4)]
    forget()
    fresh = []
    for page in pages:
        forget()
        fresh.append(lines_of(page))
    forget()
    kept = [lines_of(page) for page in pages]
    assert walk._KEPT  # something was remembered
    for new, old in zip(fresh, kept, strict=True):
        assert renumbered(new) == renumbered(old)
        assert (new.parents, new.figures, new.asides) == (old.parents, old.figures, old.asides)


def renumbered(page: Lines) -> list[Line]:
    """Lines with their paragraphs numbered in order: only which lines share one matters."""
    numbers: dict[int, int] = {}
    return [replace(line, paragraph=numbers.setdefault(line.paragraph, len(numbers))) for line in page.lines]


def test_lists_within_lists_cost_no_stack() -> None:
    forget()
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
