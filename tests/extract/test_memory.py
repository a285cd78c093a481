"""Remembering what pages have in common changes the time taken and nothing else, whatever the pages are."""

import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from soup import soup, tidy

from scraper.extract import memory
from scraper.extract.bounds import bounded
from scraper.extract.lines import Line, Lines
from scraper.extract.memory import MEMORY, Memory
from scraper.extract.page import Page, parse_page
from scraper.extract.profile import Profile
from scraper.extract.walk import body_of, read_lines

URL, HTML = "https://susta.vn/tin/bai-1", "text/html; charset=utf-8"
MENU = "".join(f"<li class=m><a href='/muc-{n}'><span>Mục số {n}</span></a></li>" for n in range(40))
PAGE = "<header><ul>{menu}</ul></header><div><p>{text}</p><table><tr><td><img src=a.jpg></td></tr></table></div>{tail}"
TAIL = f"<aside><div><ul>{MENU}</ul><figure><img src=b.jpg><figcaption>Ảnh bên lề</figcaption></figure></div></aside>"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    MEMORY.forget()
    yield
    MEMORY.forget()


def parsed(html: str) -> Page:
    return parse_page(html.encode(), URL, HTML)


def test_parts_met_before_read_as_if_they_were_new() -> None:
    pages = [PAGE.format(menu=MENU, text=f"Bài {n}", tail=TAIL) for n in range(12)]
    assert_memory_changes_nothing(pages)
    assert not parsed(pages[-1]).is_whole  # something was remembered


def assert_memory_changes_nothing(pages: list[str]) -> None:
    for html in pages:
        page = parsed(html)
        assert renumbered(page.lines) == renumbered(read_lines(body_of(LexborHTMLParser(bounded(html))))), html


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
    MEMORY.forget()
    assert_memory_changes_nothing(["<p>đầu</p>".join(place.format(part) for place, part in page) for page in pages])


@pytest.fixture
def keeps_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LEAST_PIECES", 4)
    monkeypatch.setattr(memory, "_WORTH", 0)


def learn(part: str) -> bool:
    """Whether an element is kept that was met on three plain pages."""
    MEMORY.forget()
    for number in range(3):
        MEMORY.cut(f"<body><p>{number}</p>{part}</body>".encode())
    return len(MEMORY) > 0


@pytest.mark.usefixtures("keeps_anything")
@pytest.mark.parametrize("first", range(0, 600, 100))
def test_in_any_soup_a_part_reads_as_new(first: int) -> None:
    """What an element is, what it stands among, and what was left open before it are drawn at random."""
    known = 0
    for seed in range(first, first + 100):
        random = Random(seed)
        part = tidy(random, 3)
        if seed % 2:
            length, nested = random.randint(4, 25), random.choice((1.0, 1.0, 0.95, 0.8))
            part = f"<div>{soup(random, length, nested=nested, rare=random.choice((0, 0.1)))}</div>"
        for _ in range(6):
            if not learn(part):
                break
            before = soup(random, random.randint(0, 12), rare=random.choice((0, 0.2, 0.6)), nested=random.random())
            after = soup(random, random.randint(0, 12), rare=0.1, odd=random.choice((0, 0.05)), nested=0.5)
            html = f"{random.choice(('', '<!DOCTYPE html>'))}{before}{part}{soup(random, 3)}{part}{after}"
            assert_memory_changes_nothing([html])
            known += len(MEMORY.cut(html.encode()).parts) > 0
    assert known >= 50


@pytest.mark.usefixtures("keeps_anything")
@pytest.mark.parametrize(
    "part",
    [
        "<div><p>một<div>hai</div></p>ba</div>",  # the block ends the paragraph
        "<div><a href=/x>một <b><a href=/y>hai</a></b></a></div>",
        "<div><table>chữ<tr><td>ô</table></div>",
        "<div><ul><div><li>một<li>hai</div></ul></div>",
        "<div><td>ô</td><td>ô</td></div>",
        "<div><h2>một<h3>hai</h3></h2></div>",
        "<div><b>một<p>hai</b>ba</p></div>",
        "<div>một</p>hai<br>ba</div>",
        "<div><p>một<table><tr><td>ô</table></div>",  # within the paragraph, where a page has no doctype
        "<div><form><p>một</p><p>hai</p></form></div>",
        "<div><select><option>một<option>hai</select><p>ba</p></div>",
        "<div><button>một</button><p>hai</p></div>",
        "<div><p title='a>b'>một</p><p>hai</p></div>",
        "<div><p>một<!-- a <b --></p><p>hai</p></div>",
        "<div><p>một</p><script>'<p>hai</p>'</script></div>",
        "<div><b><b>một</b></b><b><b>hai</b></b></div>",
        "<div><p/>một<p>hai</p></div>",
        "<div><svg><title>một</title></svg><p>hai</p></div>",
        "<div><meta name=a content=b><p>một</p><p>hai</p></div>",
        "<div><hr><hr><hr><img src=/a.jpg></div>",  # no text: a set of frames may follow
        "<div hidden><p>một</p><p>hai</p></div>",
    ],
)
def test_what_may_read_otherwise_elsewhere_is_not_kept(part: str) -> None:
    learn(part)
    assert part.encode() not in [each.sent for each in MEMORY.cut(part.encode()).parts]


@pytest.mark.usefixtures("keeps_anything")
@pytest.mark.parametrize(
    "part",
    [
        "<div><p>một</p><p>hai</p></div>",
        "<DIV class='m n'><P>một<P>hai</DIV>",  # ends that may be left out
        "<ul><li>một<li>hai<ul><li>ba</ul></ul>",
        "<table><tr><td>một<td>hai<tr><td>ba</table>",
        "<div><dl><dt>một<dd>hai<dt>ba</dl></div>",
        "<td><p>một</p><p>hai</p></td>",
        "<div><a href=/x><div>một</div></a><a href=/y><b>hai</b></a></div>",
        "<div><!-- ghi --><script>a = 1</script><p>một</p></div>",
        "<div>một<br/>hai<img src=/a.jpg /><br>ba</div>",
    ],
)
def test_what_reads_the_same_anywhere_is_kept(part: str) -> None:
    assert learn(part)
    assert_memory_changes_nothing([f"<!DOCTYPE html><table><tr><th>đầu</th>{part}</tr></table><p>{part}"])


@pytest.mark.parametrize(
    "around", ["<!-- {} -->", "<script>{}</script>", "<p title='{}'>chữ</p>", "<textarea>{}</textarea>"]
)
def test_a_part_where_no_element_can_be_is_kept_no_more(around: str) -> None:
    part = f'<div id="a">{"<p>chữ</p>" * 20}</div>'
    assert learn(part)
    assert_memory_changes_nothing([around.format(part)])
    assert not len(MEMORY)
    assert not learn_again(part)


LINES = "".join(f"<p>dòng {number} của khung</p>" for number in range(20))
BOX = f"<div class=box>{LINES}</div>"


@pytest.mark.parametrize(
    ("part", "page"),
    [
        # No-break and other spaces are white space to people, and no parser's.
        (
            f"<div class=box>{LINES}<div\u00a0class=x>trong</div>ngoài</div>",
            "<div><p>đầu</p>{}<p>cuối</p></div><p>z</p>",
        ),
        (f"<div class=box>{LINES}<div>a</div\u00a0></div>", "<div><p>đầu</p>{}<p>cuối</p></div><p>z</p>"),
        (f"<div class=box>{LINES}<b>a</b\u00a0></div>", "<div><p>đầu</p>{}<p>cuối</p></div><p>z</p>"),
        (f"<div\u00a0class=box>{LINES}</div>", "<div><p>đầu</p>{}<p>cuối</p></div><p>z</p>"),
        (f"<table>\u3000\u3000<tr><td>{LINES}</table>", "<b>chữ</b>{}"),
        (f"<table><tr>\x0b<td>{LINES}</table>", "<b>chữ</b>{}"),
        # A link that is open around what bounds its scope.
        (BOX, "<!DOCTYPE html><body><a href=/z>một<svg><desc>{}</desc></svg>hai</a>ba"),
        (BOX, "<!DOCTYPE html><body><a href=/z>một<select>{}<option>a</select>hai</a>ba"),
        (BOX, "<!DOCTYPE html><body><a href=/z>một<math><mi>{}</mi></math>hai</a>ba"),
        (f"<div>{LINES}<a href=/q>q</a></div>", "<a href=/z>một<svg><desc>{}</desc></svg>hai</a>ba"),
        # Attributes in another order are the same formatting.
        (
            f"<div>{LINES}<b class=m id=n title=o><b class=m title=o id=n><b id=n class=m title=o>a</b></b></b></div>",
            f"<div>{'<b class=m id=n title=o>' * 3}<div>x {{}}</div></div>sau",
        ),
        # What stands for a part, written by the page itself.
        (BOX, "<p>đầu</p><!-- {} --><p>giữa</p><div class=box><div>&#x80;0;</div></div>"),
        (BOX, "<p>đầu</p><!-- {} --><p>giữa</p><div class=box><div>&#128;0;</div></div>"),
        (BOX, "<p>đầu</p><!-- {} --><p>giữa</p><div class=box><div>\x800;</div></div>"),
        (BOX, "{}<svg><style>&lt;/style>&lt;/svg>&lt;!part 1&gt;part 1</style></svg><p>part 1</p>"),
    ],
)
def test_in_odd_places_and_spellings_a_part_reads_as_new(part: str, page: str) -> None:
    learn(part)
    assert_memory_changes_nothing([page.format(part)])


def test_tags_without_an_end_cost_no_more_than_they_are_long() -> None:
    started = time.process_time()
    parsed("<" * 4_900 + "a" * 2_000_000)
    assert time.process_time() - started < 2


def test_the_whole_tree_is_the_same_where_text_is_shown_as_typed() -> None:
    page = f"{BOX}<svg><xmp><a href=/tin/khac-2>q</a></xmp></svg>"
    whole = parsed(page).tree.html
    assert learn(BOX)
    assert parsed(page).tree.html == whole


def test_memory_is_bounded_in_characters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST_HELD", 100_000)
    kept = Memory()
    for box in range(30):
        for _ in range(3):
            kept.cut(f"<div id=b{box}>{'<p>chữ &amp; số</p>' * 400}</div>".encode())
    assert 1 <= len(kept) <= 8


def learn_again(part: str) -> bool:
    for number in range(6):
        MEMORY.cut(f"<body><p>{number}</p>{part}</body>".encode())
    return len(MEMORY) > 0


def test_very_many_small_parts_make_a_page_no_larger() -> None:
    page = f"<ul>{'<li>một mục của danh sách</li>' * 12}</ul>" * 150
    sizes = [len(parsed(page).lines.parents) for _ in range(4)]
    assert not parsed(page).is_whole
    assert max(sizes) < sizes[0] + 5_000


def test_a_page_of_openings_of_a_known_part_costs_no_more_than_it_is_long() -> None:
    assert learn(f"{'<div>' * 900}chữ{'</div>' * 900}")
    started = time.process_time()
    parsed("<div>" * 400_000)
    assert time.process_time() - started < 5
    parsed("<div>" * 4_900)
    assert time.process_time() - started < 6


def test_memory_is_bounded_and_lets_go_of_what_is_met_no_more() -> None:
    memory = Memory()

    def page(box: int) -> str:
        return f"<div id=b{box}>{'<p>chữ của trang</p>' * 20}</div>"

    for box in range(300):
        for _ in range(4):
            memory.cut(page(box).encode())
    assert len(memory) == 200
    assert not memory.cut(page(0).encode()).parts
    assert memory.cut(page(299).encode()).parts


def test_what_is_new_on_a_site_is_learned_after_a_redesign() -> None:
    old, new = (f"<div id={name}>{f'<p>khung {name}</p>' * 30}</div>" for name in ("a", "b"))
    for number in range(40):
        MEMORY.cut(f"<body>{old}<p>Bài {number}</p></body>".encode())
    cuts = [MEMORY.cut(f"<body>{new}<p>Bài {number}</p></body>".encode()) for number in range(8)]
    assert [len(cut.parts) for cut in cuts] == [0, 0, 0, 1, 1, 1, 1, 1]


def test_the_whole_tree_is_there_for_who_asks() -> None:
    for number in range(5):
        page = parsed(f"<body>{PAGE.format(menu=MENU, text=f'Bài {number}', tail=TAIL)}</body>")
    assert not page.is_whole
    assert len(page.tree.css("a[href]")) == 80 > len(page.outline.css("a[href]"))


def test_known_elements_change_nothing_whatever_a_page_is_written_in() -> None:
    pages = [PAGE.format(menu=MENU, text=f"Bài đăng thứ {n}: « Sơn La »", tail=TAIL) for n in range(8)]
    told = "text/html; charset=windows-1258"
    kinds: list[tuple[str, str | None, bytes, bytes]] = [
        ("utf-8", HTML, b"", b""),
        ("utf-8", None, b"", b""),
        ("utf-8", HTML, b"\xef\xbb\xbf", b""),
        ("utf-8", HTML, b"", b"<p>\xff\xc2</p>"),  # a byte that is none of UTF-8's
        ("utf-8", told, b"", b""),
        ("utf-16-le", None, b"\xff\xfe", b""),
        ("windows-1258", told, b"", b"<p>\xe0 \x80</p>"),
    ]
    for encoding, content_type, before, after in kinds:
        for number, html in enumerate(pages):
            body = before + html.encode(encoding, "replace") + after
            known = parse_page(body, URL, content_type)
            MEMORY.forget()
            whole = parse_page(body, URL, content_type)
            assert whole.is_whole
            assert renumbered(known.lines) == renumbered(whole.lines), (encoding, number)
            assert known.html == whole.html
            for again in pages[:4]:
                parse_page(before + again.encode(encoding, "replace"), URL, content_type)


def test_known_elements_are_told_where_a_config_has_no_selectors_too() -> None:
    for number in range(8):
        page = parse_page(PAGE.format(menu=MENU, text=f"Bài {number}", tail=TAIL).encode(), URL, HTML, Profile())
    assert not page.is_whole
