"""Markup made to cost a parser more than it is long costs no more than it is long."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.records import Article
from scraper.extract import extract
from scraper.extract.bounds import bounded

MANY = 20_000
HOSTILE = {
    "nested boxes": "<div>x" * MANY,
    "nested boxes, each with an end tag of another": "<div></span>x" * MANY,
    "nested tables": "<table><tr><td>x" * MANY,
    "options and selects": "<select><option>x" * MANY,
    "formatting left open in every paragraph": "".join(f"<p><font color={n}>x" for n in range(MANY)),
    "formatting left open in closed boxes": "".join(f"<div><i id={n}>x</div>" for n in range(MANY)),
    "formatting closed by another name": "".join(f"<p><B id={n}>x</u>" for n in range(MANY)),
    "attributes without number": "<p " + " ".join(f"a{n}" for n in range(MANY)) + ">x",
    "attributes that hold tags": "<p " + " ".join(f'a{n}="<p>"' for n in range(MANY)) + ">x",
}


def cost(html: str) -> tuple[int, int, int]:
    """What drives a parser's time: nodes made, the deepest nesting, the most attributes of an element."""
    tree = LexborHTMLParser(bounded(html))
    nodes = deepest = most = 0
    assert tree.body is not None
    stack = [(tree.body, 1)]
    while stack:
        node, depth = stack.pop()
        nodes, deepest = nodes + 1, max(deepest, depth)
        most = max(most, len(node.attributes))
        stack += [(child, depth + 1) for child in node.iter(include_text=True)]
    return nodes, deepest, most


@pytest.mark.parametrize("name", HOSTILE)
def test_cost_is_bounded(name: str) -> None:
    nodes, deepest, most = cost(HOSTILE[name])
    assert nodes <= 10 * MANY + 300_000
    assert deepest <= 2_000
    assert most <= 301


@pytest.mark.parametrize("name", [name for name in HOSTILE if "attributes" not in name])
def test_no_text_is_lost(name: str) -> None:
    body = LexborHTMLParser(bounded(HOSTILE[name])).body
    assert body is not None
    assert body.text().count("x") == MANY


def test_pages_of_people_are_left_alone() -> None:
    html = "".join(f"<div class=a><p style='x'><b>Đoạn {n}</b> và <i>chữ nghiêng</i></p></div>" for n in range(900))
    picture = f"<img src='data:image/png;base64,{'A' * 50_000}' alt='ảnh'>"
    assert bounded(html + picture) == html + picture


def test_an_article_beside_hostile_markup_is_still_read() -> None:
    title = "Mùa mận hậu ở bản Nà"
    own = f"<h1>{title}</h1><p>Lượt xem: 7</p><p>Năm nay mận chín sớm, bà con thu hoạch từ giữa tháng năm.</p>"
    outcome = extract(
        f"<title>{title}</title>{own}<h3>Tiêu điểm</h3>{'<div>' * MANY}".encode(),
        "https://susta.vn/a/mua-man-hau-o-ban-na-7",
        "text/html",
    )
    assert isinstance(outcome, Article)
    assert outcome.body == ("Năm nay mận chín sớm, bà con thu hoạch từ giữa tháng năm.",)
