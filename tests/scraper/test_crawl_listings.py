"""Listings in every form are followed to their end: each article of each page is found, and the end is an end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pytest
from fake_site import FakeArticle, FakeSite, Page, Reply, listing, page, some_articles
from hypothesis import given, settings
from hypothesis import strategies as st
from test_crawl import Crawling
from test_crawl_crashes import Crash, crash_after

ITEMS = 2
# How a page of `/tin` after the first is addressed.
STYLES: dict[str, Callable[[int], str]] = {
    "?page=": lambda number: f"/tin?page={number}",
    "?trang=": lambda number: f"/tin?trang={number}",
    "?PageIndex=": lambda number: f"/tin?PageIndex={number}",
    "?id=&page=": lambda number: f"/tin?chuyen-muc=7&page={number}",
    "?page= from 0": lambda number: f"/tin?page={number - 1}",
    "?start=": lambda number: f"/tin?start={(number - 1) * 20}",
    "?offset=": lambda number: f"/tin?offset={(number - 1) * ITEMS}",
    "/trang-": lambda number: f"/tin/trang-{number}",
    "/page/": lambda number: f"/tin/page/{number}",
    "/p": lambda number: f"/tin/p{number}",
    "-trang-.html": lambda number: f"/tin-trang-{number}.html",
    "/page-.html": lambda number: f"/tin/page-{number}.html",
    "/number": lambda number: f"/tin/{number}",
    "?unknown=": lambda number: f"/tin?so={number}",
}
# Which other pages a page of a list links, of so many.
WINDOWS: dict[str, Callable[[int, int], list[int]]] = {
    "all": lambda _, pages: list(range(1, pages + 1)),
    "near": lambda at, pages: [number for number in range(at - 2, at + 3) if 1 <= number <= pages],
    "near and last": lambda at, pages: sorted({1, pages, *(n for n in (at - 1, at + 1) if 1 <= n <= pages)}),
    "next": lambda at, pages: [number for number in (at + 1,) if number <= pages],
}
LABELS = ("{}", "Sau", "Tiếp", "»", ">", "Xem thêm")


@dataclass
class List:
    """A list of articles in pages, in one of the forms."""

    style: str
    window: str
    pages: int
    label: str = "{}"
    in_head: bool = False
    beyond: str = "nothing"
    items: int = ITEMS

    def articles(self) -> list[FakeArticle]:
        return some_articles(self.pages * self.items)

    def target(self, number: int) -> str:
        return "/tin" if number == 1 else STYLES[self.style](number)

    def html(self, number: int) -> str:
        own = self.articles()[(number - 1) * self.items : number * self.items]
        links = [(self.target(other), self.label.format(other)) for other in WINDOWS[self.window](number, self.pages)]
        if self.beyond != "nothing":  # there is always a way on
            links.append((STYLES[self.style](number + 1), "Sau"))
        pager = "".join(f'<a href="{escape(href)}">{escape(text)}</a> ' for href, text in links)
        html = listing([one.path for one in own]).replace("<h3>", f"<div>{pager}</div><h3>", 1)
        if not self.in_head:
            return html
        head = "".join(f'<link rel="next" href="{escape(href)}">' for href, _ in links)
        return html.replace(f"<div>{pager}</div>", "").replace("</head>", f"{head}</head>")

    def site(self) -> FakeSite:
        articles = self.articles()
        site = FakeSite(pages={one.path: one.html() for one in articles})
        site.pages["/"] = listing(["/tin", articles[0].path], heading="Trang chủ")
        site.pages |= {self.target(number): self.html(number) for number in range(1, self.pages + 1)}
        site.pages[STYLES[self.style](1)] = site.pages["/tin"]
        site.otherwise = self.past_the_end
        return site

    def past_the_end(self, target: str) -> Page:
        if not target.startswith("/tin") or self.beyond in ("nothing", "none"):
            return Reply("<h1>404</h1>", 404)
        number = int(re.findall(r"\d+", target)[-1])
        further = re.sub(r"\d+(?=\D*$)", str(number + 1), target)
        shown = {"first": self.html(1), "last": self.html(self.pages), "empty": listing([])}[self.beyond]
        way_on = f'<div><a href="{escape(further)}">Sau</a></div>'
        return shown.replace("<h3>", f"{way_on}<h3>", 1)

    def beyond_asked(self, site: FakeSite) -> int:
        known = {self.target(number) for number in range(1, self.pages + 1)} | {STYLES[self.style](1)}
        return sum(target.startswith("/tin") and target not in known for target in site.asked_pages())


def all_found(folder: Path, one: List, runs: int = 1) -> Crawling:
    crawling = Crawling(folder, one.site(), attempts=1)
    for _ in range(runs):
        crawling.run()
    assert crawling.article_paths() == sorted(article.path for article in one.articles())
    return crawling


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("window", ["near", "next"])
def test_every_page_of_a_listing_is_found(tmp_path: Path, style: str, window: str) -> None:
    all_found(tmp_path, List(style, window, pages=7))


@pytest.mark.parametrize("window", ["all", "near and last"])
@pytest.mark.parametrize("style", ["?page= from 0", "?start=", "/trang-"])
def test_a_window_on_other_pages_too(tmp_path: Path, style: str, window: str) -> None:
    all_found(tmp_path, List(style, window, pages=7))


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("in_head", [False, True])
def test_a_way_on_is_followed_whatever_it_is_called(tmp_path: Path, label: str, in_head: bool) -> None:
    all_found(tmp_path, List("?page=", "next", pages=5, label=label, in_head=in_head))


@pytest.mark.parametrize("style", ["?page=", "?start=", "/trang-", "/number", "?unknown=", "-trang-.html"])
def test_a_list_of_more_pages_than_go_into_a_trap_is_none(tmp_path: Path, style: str) -> None:
    crawling = all_found(tmp_path, List(style, "near", pages=60, items=1))
    assert crawling.run().traps == []


@pytest.mark.parametrize("beyond", ["first", "last", "empty", "none"])
@pytest.mark.parametrize("style", STYLES)
def test_past_its_end_a_listing_is_left(tmp_path: Path, style: str, beyond: str) -> None:
    one = List(style, "near", pages=3, beyond=beyond, items=1)
    crawling = all_found(tmp_path, one)
    spent = one.beyond_asked(crawling.site)
    for _ in range(2):
        crawling.clock.pass_days(1)
        crawling.run()
        spent += one.beyond_asked(crawling.site)
    assert spent <= 50


@given(
    style=st.sampled_from(sorted(STYLES)),
    window=st.sampled_from(sorted(WINDOWS)),
    pages=st.integers(1, 9),
    beyond=st.sampled_from(["nothing", "first", "last", "empty", "none"]),
    in_head=st.booleans(),
)
@settings(max_examples=15, deadline=None, database=None)
def test_any_listing_is_followed_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, style: str, window: str, pages: int, beyond: str, in_head: bool
) -> None:
    one = List(style, window, pages, beyond=beyond, in_head=in_head)
    crawling = all_found(tmp_path_factory.mktemp("any"), one)
    assert one.beyond_asked(crawling.site) <= 50


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("trouble", [Reply("", 503), Reply(""), Reply(listing([]))], ids=["503", "empty", "no items"])
def test_a_page_in_the_middle_that_fails_once_hides_nothing_for_long(
    tmp_path: Path, window: str, trouble: Reply
) -> None:
    one = List("?page=", window, pages=8)
    crawling = Crawling(tmp_path, one.site(), attempts=1)
    middle = one.target(4)
    whole = crawling.site.pages[middle]
    crawling.site.pages[middle] = lambda visit: trouble if visit == 1 else whole
    crawling.run()
    found = crawling.article_paths()
    if window != "next":  # the pages behind it are reached through others
        assert len(found) == (one.pages - 1) * ITEMS
    crawling.clock.pass_days(31)
    crawling.run()
    assert crawling.article_paths() == sorted(article.path for article in one.articles())


def test_new_items_are_followed_over_as_many_pages_as_they_fill(tmp_path: Path) -> None:
    one = List("?page=", "near", pages=8)
    crawling = Crawling(tmp_path, one.site())
    for number in range(5, 9):
        crawling.site.pages.pop(one.target(number))
    early = one.articles()[: 4 * ITEMS]
    crawling.run()
    assert len(crawling.article_paths()) == len(early)
    # Twelve new ones came on top: what stood on pages 1 to 4 now stands on pages 5 to 8.
    order = [*one.articles()[4 * ITEMS :], *early]
    one.articles = lambda: order  # type: ignore[method-assign]
    crawling.site.pages |= {one.target(number): one.html(number) for number in range(1, 9)}
    crawling.clock.pass_days(1)
    crawling.run()
    assert crawling.article_paths() == sorted(article.path for article in order)


class Grown:
    """A list of three pages that has been crawled, and has eight now: ten articles came on top of it. Home shows the
    newest; each page links only those beside it."""

    def __init__(self, folder: Path, style: str) -> None:
        self.list = List(style, "near", pages=3)
        self.list.articles = lambda: self.order  # type: ignore[method-assign]
        every = some_articles(8 * ITEMS)
        self.order = every[5 * ITEMS :]
        self.crawling = Crawling(folder, self.list.site(), attempts=1)
        self.crawling.run()
        self.order, self.list.pages = every, 8
        grown = self.list.site()
        grown.pages["/"] = listing(["/tin", *(one.path for one in every[:ITEMS])], heading="Trang chủ")
        self.crawling.site.pages = grown.pages
        self.crawling.site.otherwise = grown.otherwise

    def is_whole(self) -> bool:
        return self.crawling.article_paths() == sorted(one.path for one in self.order)

    def later(self, **arguments: Any) -> None:
        self.crawling.clock.pass_days(1)
        self.crawling.run(**arguments)


@pytest.mark.parametrize("style", ["?page=", "?start=", "/trang-"])
@pytest.mark.parametrize("steps", range(1, 12))
def test_pages_behind_the_first_are_read_after_a_run_that_was_killed(tmp_path: Path, steps: int, style: str) -> None:
    grown = Grown(tmp_path, style)
    with pytest.raises(Crash):
        grown.later(watch=crash_after(steps))
    grown.later()
    assert grown.is_whole()


@pytest.mark.parametrize("pages", range(1, 9))
def test_pages_behind_the_first_are_read_after_a_run_with_a_limit(tmp_path: Path, pages: int) -> None:
    grown = Grown(tmp_path, "?page=")
    grown.later(limit=pages)
    grown.later()
    assert grown.is_whole()


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_pages_behind_one_that_failed_are_read_once_it_answers(tmp_path: Path, failing: int) -> None:
    grown = Grown(tmp_path, "?page=")
    target = grown.list.target(failing)
    whole = grown.crawling.site.pages[target]
    grown.crawling.site.pages[target] = Reply("", 500)
    grown.later()
    grown.crawling.site.pages[target] = whole
    grown.later()
    assert grown.is_whole()


@pytest.mark.parametrize("steps", [3, 6, 9])
def test_what_was_made_up_for_is_not_asked_for_again(tmp_path: Path, steps: int) -> None:
    grown = Grown(tmp_path, "?page=")
    with pytest.raises(Crash):
        grown.later(watch=crash_after(steps))
    grown.later()
    grown.later()
    assert grown.crawling.site.asked_pages() == ["/", "/tin"]


def test_an_article_that_only_another_article_links_is_found(tmp_path: Path) -> None:
    chain = some_articles(12)
    site = FakeSite(pages={"/": listing([chain[0].path], heading="Trang chủ")})
    for place, one in enumerate(chain):
        within = f'<p>Xem thêm <a href="{chain[place + 1].path}">bài trước</a>.</p>' if place + 1 < len(chain) else ""
        site.pages[one.path] = one.html().replace("</div><h3>", f"{within}</div><h3>", 1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in chain)


def test_links_of_the_home_page_are_followed_wherever_they_stand(tmp_path: Path) -> None:
    articles = some_articles(3)
    map_ = f'<map name="m"><area href="{articles[0].path}" alt="x"></map>'
    body = f'{map_}<p>Đọc <a href="{articles[1].path}">ở đây</a></p><a href="{articles[2].path}"><img src="/a.png"></a>'
    site = FakeSite(pages={"/": page(body), **{one.path: one.html() for one in articles}})
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in articles)
