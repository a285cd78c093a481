"""Where redirects lead: home over several hops, to what is never asked for, in storms that bring nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count, pairwise
from pathlib import Path

import pytest
from fake_site import FakeSite, Page, Reply, listing, page, plain_site, some_articles
from test_crawl import Crawling, redirect

from archive.errors import NothingCrawled
from scraper.why import why

MOST = 50


@pytest.mark.parametrize("hops", [1, 2, 5])
def test_a_start_page_behind_redirects_is_asked_for_at_every_run(tmp_path: Path, hops: int) -> None:
    chain = ["/", *(f"/vi-{'x' * hop}" for hop in range(1, hops)), "/vi/cong-thong-tin"]
    articles = some_articles(4)
    site = FakeSite(pages={one.path: one.html() for one in articles})
    site.pages |= {address: redirect(target) for address, target in pairwise(chain)}
    site.pages[chain[-1]] = page("<h1>Chào mừng</h1><p>Cổng thông tin.</p>", links=[articles[0].path])
    crawling = Crawling(tmp_path, site)
    crawling.run()
    for place in (1, 2, 3):
        site.pages[chain[-1]] = page("<h1>Chào mừng</h1><p>Cổng thông tin.</p>", links=[articles[place].path])
        assert crawling.run().new == 1
        assert set(chain) < set(site.asked_pages())


def test_start_pages_that_redirect_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/a")})
    crawling = Crawling(tmp_path, site)
    for _ in range(2):
        with pytest.raises(NothingCrawled):
            crawling.run()
        assert site.asked_pages() == ["/", "/a", "/b"]


NEVER = ("/dang-nhap?returnurl=/xem/1", "/binh-chon?vote=2", "/tim-kiem?q=abc", "/login.aspx", "/x/x/x/a")


@pytest.mark.parametrize("target", NEVER)
def test_a_redirect_to_what_links_may_not_lead_to_is_not_followed(tmp_path: Path, target: str) -> None:
    site, articles = plain_site()
    picture = "/anh/mot.png"
    site.pages["/khoa-hoc-cong-nghe"] = listing([*(one.path for one in articles), "/xem/mot", "/xem/hai"])
    site.pages |= {"/xem/mot": redirect(target), "/xem/hai": redirect("/xem/ba"), "/xem/ba": redirect(target)}
    site.pages[articles[0].path] = articles[0].html().replace("<h1>", f'<img src="{picture}" width="600"><h1>')
    site.pages[picture] = redirect(target)
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert target not in site.asked_pages()
    assert {"/xem/mot", "/xem/hai", "/xem/ba"} <= set(site.asked_pages())
    assert report.skipped["redirect-never-followed"] == 2
    said = why(f"{site.base}xem/mot", crawling.config, tmp_path, crawling.clock.moment)
    assert "never followed" in said.due


def test_a_sitemap_behind_a_redirect_is_read(tmp_path: Path) -> None:
    site, articles = plain_site()
    hidden = some_articles(1, first=50001)[0]
    site.pages[hidden.path] = hidden.html()
    site.pages["/sitemap.xml"] = redirect("/ban-do.xml")
    urls = f"<url><loc>{site.base[:-1]}{hidden.path}</loc></url>"
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.pages["/ban-do.xml"] = Reply(f'<urlset xmlns="{namespace}">{urls}</urlset>', media_type="application/xml")
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in (*articles, hidden))


ARTICLES = some_articles(30)


def to_an_article(target: str) -> Page:
    return redirect(ARTICLES[int(re.findall(r"\d+", target)[-1]) % len(ARTICLES)].path)


STORMS: dict[str, tuple[str, Callable[[str], Page]]] = {
    "dead links": ("/tep/{}", lambda _: Reply("<h1>404</h1>", 404)),
    "dead links, gone": ("/tep/{}", lambda _: Reply("<h1>410</h1>", 410)),
    "dead links like articles": ("/tin/bai-mat-{}", lambda _: Reply("<h1>404</h1>", 404)),
    "dead links with a parameter": ("/tep?so={}", lambda _: Reply("<h1>404</h1>", 404)),
    "trackers": ("/click/{}", to_an_article),
    "trackers with a parameter": ("/click?di={}", to_an_article),
    "trackers like articles": ("/di/bai-{}", to_an_article),
    "ways out": ("/ra-ngoai/{}", lambda _: redirect("http://khac.test/")),
    "ways to a log-in": ("/vao/{}", lambda _: redirect("/dang-nhap")),
    "ways on": ("/di/{}", lambda target: redirect(f"/den/{target[4:]}")),
}


@pytest.mark.parametrize("name", STORMS)
def test_a_storm_of_addresses_that_bring_nothing_is_cut_and_said(tmp_path: Path, name: str) -> None:
    form, answer = STORMS[name]
    numbers = count(10_000)
    site = FakeSite(pages={"/": listing([one.path for one in ARTICLES], heading="Trang chủ")})
    for one in ARTICLES:
        site.pages[one.path] = lambda _, one=one: one.html(links=[form.format(next(numbers)) for _ in range(8)])
    first = form.partition("{}")[0]
    spent: list[str] = []

    def otherwise(target: str) -> Page:
        if not target.startswith((first, "/den/")):
            return Reply("<h1>404</h1>", 404)
        spent.append(target)
        return answer(target) if target.startswith(first) else Reply("<h1>404</h1>", 404)

    site.otherwise = otherwise
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert sum(target.startswith(first) for target in spent) <= MOST
    assert report.traps
    assert crawling.article_paths() == sorted(one.path for one in ARTICLES)
    spent.clear()
    crawling.clock.pass_days(60)
    crawling.run(everything=True)
    assert not [target for target in spent if int(re.findall(r"\d+", target)[-1]) >= 10_000 + 8 * len(ARTICLES)], name


def test_old_addresses_that_lead_to_articles_are_no_storm(tmp_path: Path) -> None:
    hidden = some_articles(60)
    site = FakeSite(pages={one.path: one.html() for one in hidden})
    old = [f"/bai-viet-cu-so-{number}.html" for number in range(60)]
    site.pages |= {address: redirect(one.path) for address, one in zip(old, hidden, strict=True)}
    site.pages["/"] = page("<h1>Các bài đã đăng</h1>", links=old)
    crawling = Crawling(tmp_path, site)
    assert crawling.run().traps == []
    assert crawling.article_paths() == sorted(one.path for one in hidden)


@pytest.mark.parametrize("status", [403, 404])
def test_a_bad_day_of_the_server_closes_no_section(tmp_path: Path, status: int) -> None:
    articles = some_articles(120)
    site, _ = plain_site(articles)
    whole = dict(site.pages)
    site.pages |= {one.path: Reply("<h1>Từ chối</h1>", status) for one in articles[:-1]}
    crawling = Crawling(tmp_path, site)
    assert crawling.run().traps == []
    site.pages = whole
    crawling.clock.pass_days(8)
    crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in articles)
