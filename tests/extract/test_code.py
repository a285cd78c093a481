"""What stands in scripts, styles and comments is no markup; and to cut it out before parsing changes nothing."""

import time
from collections.abc import Iterator
from random import Random

import pytest
from selectolax.lexbor import LexborHTMLParser
from soup import soup

from scraper.extract import code
from scraper.extract.bounds import bounded
from scraper.extract.charset import decode
from scraper.extract.code import cut_code
from scraper.extract.memory import MEMORY
from scraper.extract.page import Page, parse_page
from scraper.extract.walk import body_of, read_lines

URL = "https://susta.vn/tin/bai-1"
LONG = "/* dài */" * 20
SCRIPT = f"<script>if (a</b/.c) d = '<p>không phải bài</p>';{LONG}</script>"
STYLE = f"<style type='text/css'>a>b::after{{content:'<p>'}}{LONG}</style>"
CODES = (
    SCRIPT,
    STYLE,
    f"<SCRIPT>{LONG}</SCRIPT>",
    f"<script src=a.js>{LONG}</ScRiPt >",
    f"<script data-a='x>y'>{LONG}</script>",
    f"<script>{LONG}<!-- {LONG}<p>chữ</p></script>",
    f"<script><!-- <script> </script> {STYLE} --></script>",
    f"<script>{LONG}</scripts></style></script",
    f"<style>{LONG}<!-- {SCRIPT} --></style>",
    f"<style>{LONG}</title></textarea></iframe></svg></noscript></template></style/>",
    f"<script>--> {LONG}</script>",
    f"<style>'\">{LONG}</style>",
    f"<script>{LONG}",
    f"<style >{LONG}<b>",
    f"<script>{LONG}\0</script>",
    f"<script/>{LONG}</script>",
    f"<scripts>{LONG}</scripts>",
    f"<SCRIPT>x<script <!-- >{LONG}<script >{LONG}</SCRIPT>",
    f"<script <!-- >s = '<script>'{LONG}</script>",
    f"<script><!-- s = '<script\xa0>'{LONG}</script>",
)
AROUND = (
    "<!-- {} -->",
    "<!--{}",
    "<!-->{}-->",
    "<!--a--!>{}-->",
    "<svg>{}</svg>",
    "<SVG>{}</SVG>",
    "<svg><title>{}</title><foreignObject>{}</foreignObject></svg>",
    "<math><mi>{}</mi><annotation-xml>{}</annotation-xml></math>",
    "<math>{}",
    "<select><option>{}</select>",
    "<textarea>{}</textarea>",
    "<title>{}</title>",
    "<iframe>{}</iframe>",
    "<noframes>{}</noframes>",
    "<noscript>{}</noscript>",
    "<template><p>{}</p></template>",
    "<table>{}<tr>{}<td>{}</table>",
    "<p title='{}'>",
    '<p title="{}">',
    "<p {}>",
    "<a href={}>",
    "<xmp>{}</xmp>",
    "<frameset>{}</frameset>",
    "<plaintext>{}",
    "<b><p>{}<p></b>{}",
    "</body>{}</html>{}",
    "<style>{}</style>",
    "<script>{}</script>",
    "<script><!--{}--></script>",
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    MEMORY.forget()
    yield
    MEMORY.forget()


def parsed(html: str) -> Page:
    return parse_page(html.encode(), URL, "text/html; charset=utf-8")


def assert_read_as_whole(html: str) -> None:
    page, tree = parsed(html), LexborHTMLParser(bounded(html))
    assert page.lines.lines == read_lines(body_of(tree)).lines, html
    titles = [" ".join((node.text() or "").split()) for node in tree.head.css("title")] if tree.head else []
    assert {*filter(None, titles)} <= {*page.head.titles}, html


@pytest.mark.parametrize("place", ["head", "body"])
def test_long_code_is_cut_out_before_a_page_is_parsed(place: str) -> None:
    html = "<!DOCTYPE html><head><title>Tên bài</title>{head}</head><body><p>Đầu bài</p>{body}<p>Cuối bài</p></body>"
    page = parsed(html.format_map({"head": "", "body": ""} | {place: SCRIPT + STYLE}))
    assert [line.text for line in page.lines.lines] == ["Đầu bài", "Cuối bài"]
    assert not page.is_whole
    assert "dài" not in (page.outline.html or "")
    assert "dài" in page.html
    assert page.tree.css("script")[0].text() in SCRIPT


@pytest.mark.parametrize(
    "script", ["<script <!-- >s = '<script>'</script>", "<script><!-- s = '<script\xa0>'</script>"]
)
@pytest.mark.parametrize("more", ["", LONG])
def test_a_script_ends_where_the_standard_says(script: str, more: str) -> None:
    page = parsed(f"<p>Đầu bài</p>{script.replace('</', f'{more}</')}<p>Cuối bài</p>")
    assert [line.text for line in page.lines.lines] == ["Đầu bài", "Cuối bài"]


def test_code_counts_where_a_page_would_be_bounded() -> None:
    """As whole pages are: what looks like formatting in code is taken for some."""
    opened = "".join(f"<font color={number}>" for number in range(70))
    code = f"<script>{chr(39)}<b>{chr(39)}{f'+{chr(39)}<b>{chr(39)}' * 500}</script>"
    assert_read_as_whole(f"<!DOCTYPE html><body>{opened}<p><b>Đậm</b>{'<p>x</p>' * 400}{code}")


def test_what_holds_little_is_left_where_it_is() -> None:
    sent = b"<script src=a.js></script><p>x</p><style>a{}</style>"
    assert cut_code(sent) == (sent, [])


@pytest.mark.parametrize("sent", CODES)
@pytest.mark.parametrize("around", AROUND)
def test_code_in_any_place_reads_as_it_did(sent: str, around: str) -> None:
    inner = around.replace("{}", sent)
    assert_read_as_whole(f"<p>Trước</p>{inner}<p>Sau <b>đậm</b></p>{STYLE}<p>Cuối</p>")
    assert_read_as_whole(f"<!DOCTYPE html><head>{inner}<title>Tên</title></head><body><p>Sau</p>")


def test_code_in_any_soup_reads_as_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "_LEAST", 1)
    cut = 0
    for seed in range(1500):
        random = Random(seed)
        odd = random.choice((0.0, 0.02, 0.1))
        pieces = [soup(random, random.randint(1, 25), rare=0.2, odd=odd) for _ in range(4)]
        html = "".join(piece + random.choice((*CODES, "")) for piece in pieces)
        assert_read_as_whole(html)
        cut += not parsed(html).is_whole
    assert cut > 300  # else nothing was tried


def test_bytes_in_code_that_are_no_utf8_count_where_nothing_says_what_a_page_is_in() -> None:
    script = f"<script>/* {'Trường trung học ở huyện. ' * 20} */</script>".encode("cp1258", "replace")
    page = b"<title>Ten</title><p>Dau bai</p>" + script + b"<p>x</p>"
    said_by_none, encoding = decode(page, None)
    assert encoding != "utf-8"
    assert parse_page(page, URL, None).html == said_by_none
    said = parse_page(page, URL, "text/html; charset=utf-8")
    assert [line.text for line in said.lines.lines] == ["Dau bai", "x"]
    assert not said.is_whole
    assert said.html == page.decode(errors="replace")


@pytest.mark.parametrize(
    "piece", [b"<script>", b"<script ", b"<script></", b"<style></style", b"<!--", b"<svg", b"<script><!--"]
)
def test_openings_without_an_end_cost_no_more_than_they_are_long(piece: bytes) -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        cut_code(piece * times)
        return time.process_time() - started

    assert min(seconds(40_000) for _ in range(3)) < 12 * max(min(seconds(10_000) for _ in range(3)), 0.002)
