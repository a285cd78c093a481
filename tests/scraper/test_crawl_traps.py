"""Places where a crawl could go on for ever: at most 50 requests go into one, and the next run remembers it."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from fake_site import FakeArticle, FakeSite, Page, Reply, listing, page, some_articles
from test_crawl import Crawling

from scraper.why import Verdict, why

MOST = 50


def month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def calendar(form: str, *, sidebar: bool = False) -> Callable[[str], Page]:
    """A month links to those before and after, for ever; with `sidebar`, also to some articles, each time others."""

    def answer(target: str) -> Page:
        year, month = (int(number) for number in re.findall(r"\d+", target)[:2])
        before = (year, month - 1) if month > 1 else (year - 1, 12)
        links = [form.format(*month_after(year, month)), form.format(*before)]
        if sidebar:
            links += [one.path for place, one in enumerate(some_articles(6)) if (year * 12 + month) >> place & 1]
        return page(f"<h2>Lịch công tác tháng {month} năm {year}</h2><p>Không có sự kiện.</p>", links=links)

    return answer


def repeating_pages(target: str) -> Page:
    """Past the last page the list repeats it, with a link to one page further."""
    number = int(re.findall(r"\d+", target)[0])
    return listing([one.path for one in some_articles(4)], next_page=f"/ds?page={number + 1}")


def empty_pages(target: str) -> Page:
    number = int(re.findall(r"\d+", target)[0])
    return listing([], next_page=f"/ds/trang-{number + 1}")


def deeper_and_deeper(target: str) -> Page:
    return listing([f"{target}/tiep", f"{target}/sau"])


def not_found_with_a_way_on(target: str) -> Page:
    number = int(re.findall(r"\d+", target)[0])
    return Reply(listing([f"/mat/{number + 1}"]), 404)


TRAPS: dict[str, tuple[str, Callable[[str], Page]]] = {
    "calendar in the query": ("/lich?nam=2026&thang=1", calendar("/lich?nam={}&thang={}")),
    "calendar in the path": ("/lich/2026/1", calendar("/lich/{}/{}")),
    "list that repeats its last page": ("/ds?page=2", repeating_pages),
    "list of empty pages": ("/ds/trang-2", empty_pages),
    "paths that grow": ("/cay/a", deeper_and_deeper),
    "missing pages that lead on": ("/mat/1", not_found_with_a_way_on),
}


def site_with_trap(entrance: str, trap: Callable[[str], Page]) -> tuple[FakeSite, list[FakeArticle]]:
    """A site with articles and the entrance to a trap; a crawl that never ends is stopped by an error."""
    articles = some_articles(6)
    site = FakeSite(pages={"/": listing(["/tin", entrance]), "/tin": listing([one.path for one in articles])})
    site.pages |= {one.path: one.html(links=[entrance]) for one in articles}
    first = entrance.split("/")[1].partition("?")[0]
    left = count(400, -1)

    def otherwise(target: str) -> Page:
        if target.startswith(f"/{first}") and next(left) > 0:
            return trap(target)
        return Reply("<h1>404</h1>", 404)

    site.otherwise = otherwise
    return site, articles


def requests_into(site: FakeSite, entrance: str) -> int:
    return sum(target.startswith(re.match(r"/[a-z]+", entrance)[0]) for target in site.asked_pages())  # type: ignore[index]


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_left_and_remembered(tmp_path: Path, name: str) -> None:
    entrance, trap = TRAPS[name]
    site, articles = site_with_trap(entrance, trap)
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == len(articles)
    spent = requests_into(site, entrance)
    assert 0 < spent <= MOST
    for _ in range(2):
        crawling.clock.pass_days(1)
        crawling.run()
        spent += requests_into(site, entrance)
    assert spent <= MOST + 4  # its first pages may be a listing's, which every run asks for
    assert crawling.article_paths() == sorted(one.path for one in articles)


def test_a_closed_trap_is_named_in_the_report(tmp_path: Path) -> None:
    entrance = "/lich/2026/1"
    site, _ = site_with_trap(entrance, calendar("/lich/{}/{}", sidebar=True))
    crawling = Crawling(tmp_path, site)
    closed = crawling.run().traps
    assert requests_into(site, entrance) <= MOST
    assert any(pattern.startswith("susta.test/lich/#/#") for pattern in closed)
    assert crawling.run().traps == []


def test_a_long_list_of_real_articles_is_no_trap(tmp_path: Path) -> None:
    articles = some_articles(45)
    site = FakeSite(pages={"/": listing(["/tin"])})
    for number in range(1, 46):
        target = "/tin" if number == 1 else f"/tin?page={number}"
        site.pages[target] = listing([articles[number - 1].path], next_page=f"/tin?page={number + 1}")
    site.pages |= {one.path: one.html() for one in articles}
    assert Crawling(tmp_path, site).run().new == 45


@pytest.mark.parametrize("name", ["list that repeats its last page", "list of empty pages"])
def test_where_an_endless_list_is_cut_is_said(tmp_path: Path, name: str) -> None:
    entrance, trap = TRAPS[name]
    site, _ = site_with_trap(entrance, trap)
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert any("/ds" in pattern for pattern in report.traps)
    last = max(int(re.findall(r"\d+", target)[0]) for target in site.asked_pages() if target.startswith("/ds"))
    beyond = re.sub(r"\d+", str(last + 1), entrance)
    said = why(site.base[:-1] + beyond, crawling.config, tmp_path, crawling.clock.moment)
    assert said.verdict is Verdict.TRAP
    assert "not followed further" in said.said


def test_the_end_of_a_list_that_has_one_is_no_trap(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing(["/tin"])})
    articles = some_articles(6)
    for number in range(1, 4):
        target = "/tin" if number == 1 else f"/tin?page={number}"
        own = articles[number * 2 - 2 : number * 2]
        site.pages[target] = listing([one.path for one in own], next_page=f"/tin?page={min(number + 1, 3)}")
    site.pages |= {one.path: one.html() for one in articles}
    assert Crawling(tmp_path, site).run().traps == []
