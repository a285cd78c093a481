"""From a page's markup to its lines: what the walk rests on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extract.code import without_code
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.tags import attributes_of, pieces_of
from scraper.extract.walk import body_of, read_lines


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
        ("<p>một<script><!-- <script></script> <p>hai</p> --></script> ba</p>", ["một ba"]),
        ("<p>một<script><!--> <script></script> ba</p>", ["một ba"]),
        ("<p>một<script>'<!-- </' + 'script>' --></script> ba</p>", ["một ba"]),
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
    html = "<ul>" * 390 + "đáy" + "</ul>" * 390
    assert [line.text for line in lines_of(html).lines] == ["đáy"]


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
