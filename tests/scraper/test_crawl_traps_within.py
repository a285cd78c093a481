"""Traps in the middle of real sections: each is cut, named and remembered, and every article is found all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fake_site import FakeArticle, FakeSite, Page, Reply, listing, page, some_articles
from test_crawl import Crawling, redirect

MOST = 50
ARTICLES = some_articles(24)
PATHS = [one.path for one in ARTICLES]
_COUNT = count(1)


def token(length: int = 10) -> str:
    """Another at each call, without chance."""
    return sha256(str(next(_COUNT)).encode()).hexdigest()[:length]


def some(target: str, most: int = 3) -> list[str]:
    """Articles that a page shows, others on each."""
    first = int(sha256(target.encode()).hexdigest()[:4], 16) % len(PATHS)
    return [PATHS[(first + place) % len(PATHS)] for place in range(most)]


def empty(links: list[str], heading: str = "Lịch công tác") -> str:
    return page(f"<h2>{heading}</h2><p>Không có sự kiện.</p>", links=links)


def days(target: str) -> Page:
    day = date(*(int(number) for number in re.findall(r"\d+", target)[-3:]))
    after, before = day + timedelta(days=1), day - timedelta(days=1)
    return empty([f"/tin/ngay-{one:%Y-%m-%d}" for one in (after, before)])


def days_in_query(target: str) -> Page:
    day = date(*(int(number) for number in re.findall(r"\d+", target)[-3:]))
    return listing([*some(target), f"/tin?ngay={day + timedelta(days=1):%Y-%m-%d}"])


def months(target: str) -> Page:
    year, month = (int(number) for number in re.findall(r"\d+", target)[-2:])
    return empty([f"/tin/lich/{year + month // 12}/{month % 12 + 1}", *some(target, 1)])


def relative(target: str) -> Page:
    return empty(["muc/khac", "them/nua", *some(target, 1)])


def facets(target: str) -> Page:
    """Each page can be narrowed by one more facet, in any order, and always shows known articles."""
    chosen = parse_qsl(urlsplit(target).query)
    names = [f"{name}={value}" for name in ("mau", "co", "nam", "loai") for value in ("a", "b", "c")]
    links = [f"/tin?{urlencode(chosen)}&{one}" for one in names if one.split("=")[0] not in dict(chosen)]
    links += [f"/tin?{one}&{urlencode(chosen[::-1])}" for one in names]
    return listing([*some(target), *links])


def growing_facets(target: str) -> Page:
    return listing([*some(target), f"{target}&loc[]={token(4)}"])


def sorted_ways(target: str) -> Page:
    ways = [
        f"/tin/loc?xep={key}&chieu={way}&co={size}" for key in "abcdef" for way in "xy" for size in range(10, 60, 10)
    ]
    return listing([*some(target), *ways])


def sessions(target: str) -> Page:
    """The whole site again under each session, with a new one on every page."""
    inner = re.sub(r"^/tin/s/[0-9a-f]+", "", target)
    fresh = token()
    for one in ARTICLES:
        if inner == one.path:
            return one.html(links=[f"/tin/s/{fresh}{path}" for path in some(target)])
    return listing([f"/tin/s/{fresh}{path}" for path in some(target)] + [f"/tin/s/{fresh}/tin"])


def sessions_of_asp(target: str) -> Page:
    return listing([f"/(S({token(24)}))/tin", *some(target)])


def slugs(target: str) -> Page:
    return listing([f"{target}/xem", f"{target}/tiep", *some(target, 2)])


def suffixes(_: str) -> Page:
    return empty([f"/tin/xem-{token()}" for _ in range(3)])


def suffixed_articles(_: str) -> Page:
    """Links with a new number each time, which all show one article."""
    return ARTICLES[0].html(links=[f"/tin/bai-lien-quan-{int(token(8), 16)}" for _ in range(2)])


def suffixed_query(_: str) -> Page:
    return ARTICLES[1].html(links=[f"{ARTICLES[1].path}?r={token()}", f"{ARTICLES[2].path}?r={token()}"])


def numbers(target: str) -> Page:
    number = int(re.findall(r"\d+", target)[-1])
    return ARTICLES[2].html(links=[f"/tin/xem?so={number + 1}"])


def comments(target: str) -> Page:
    number = int(re.findall(r"\d+", target)[-1])
    return ARTICLES[3].html(links=[f"{ARTICLES[3].path}/binh-luan/{number + 1}"])


def growing_redirect(target: str) -> Page:
    return redirect(f"{target}&u=1") if target.count("u=") % 3 else listing([f"{target}&u=1"])


def redirects_by_number(target: str) -> Page:
    number = int(re.findall(r"\d+", target)[-1])
    return redirect(f"/tin/chuyen/{number + 1}")


def soft_missing(_: str) -> Page:
    return page("<h1>Không tìm thấy trang</h1><p>Trang không tồn tại.</p>", links=[f"/tin/mat/{token()}"])


def other_depths(_: str) -> Page:
    """Never two addresses of one form: as many parts, numbers and words as chance wants."""
    draw = token(24)
    parts = [re.sub(r"\d", "x", draw[at : at + 3]) for at in range(0, 3 * (int(draw[-1], 16) % 5 + 1), 3)]
    return empty([f"/tin/sau/{'/'.join(parts)}"])


TRAPS: dict[str, tuple[str, Callable[[str], Page]]] = {
    "next day": ("/tin/ngay-2026-01-05", days),
    "next day in the query, with articles": ("/tin?ngay=2026-01-05", days_in_query),
    "calendar": ("/tin/lich/2026/1", months),
    "relative paths": ("/tin/muc", relative),
    "facets in any order": ("/tin?mau=a", facets),
    "facets that grow": ("/tin/loc?loc[]=0", growing_facets),
    "ways to sort": ("/tin/loc?xep=a", sorted_ways),
    "sessions in the path": ("/tin/s/0000000000/tin", sessions),
    "sessions of ASP": ("/(S(aaaaaaaaaaaaaaaaaaaaaaaa))/tin", sessions_of_asp),
    "slugs without end": ("/tin/xem", slugs),
    "random suffixes": ("/tin/xem-0000000000", suffixes),
    "random suffixes, one article": ("/tin/bai-lien-quan-1", suffixed_articles),
    "random parameter, one article": (f"{ARTICLES[1].path}?r=0", suffixed_query),
    "numbers, one article": ("/tin/xem?so=1", numbers),
    "below an article": (f"{ARTICLES[3].path}/binh-luan/1", comments),
    "redirects that grow": ("/tin/di?u=1", growing_redirect),
    "redirects that count": ("/tin/chuyen/1", redirects_by_number),
    "missing, with status 200": ("/tin/mat/0", soft_missing),
    "addresses of any form": ("/tin/sau/x", other_depths),
}
PAGES = 8


@dataclass
class Section:
    """A list of eight pages with real articles, each page and each article with the entrance to a trap first."""

    entrance: str
    trap: Callable[[str], Page]
    spent: list[str] = field(default_factory=list)

    def site(self) -> FakeSite:
        each = len(ARTICLES) // PAGES
        site = FakeSite(pages={"/": listing(["/tin", self.entrance], heading="Trang chủ")})
        for number in range(PAGES):
            target = "/tin" if number == 0 else f"/tin?page={number + 1}"
            own = PATHS[number * each : number * each + each]
            following = f"/tin?page={number + 2}" if number + 1 < PAGES else None
            site.pages[target] = listing([self.entrance, *own], next_page=following)
        site.pages |= {one.path: one.html(links=[self.entrance]) for one in ARTICLES}
        left = count(600, -1)

        def otherwise(target: str) -> Page:
            if "khong-co-trang-nay" in target or target == "/sitemap.xml":
                return Reply("<h1>404</h1>", 404)
            self.spent.append(target)
            return self.trap(target) if next(left) > 0 else Reply("<h1>404</h1>", 404)

        site.otherwise = otherwise
        return site


@pytest.fixture(autouse=True)
def same_tokens() -> None:
    global _COUNT
    _COUNT = count(1)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_within_a_section_is_cut_and_hides_no_article(tmp_path: Path, name: str) -> None:
    section = Section(*TRAPS[name])
    crawling = Crawling(tmp_path, section.site())
    report = crawling.run()
    assert set(PATHS) <= set(crawling.article_paths())
    assert len(section.spent) <= MOST
    if len(section.spent) > 24:
        assert report.traps, "what is cut is named"
    for _ in range(2):
        crawling.clock.pass_days(1)
        crawling.run()
    assert len(section.spent) <= MOST + 2, "remembered; its entrance is in the menu, which every run asks for"
    crawling.clock.pass_days(40)
    crawling.run()
    assert len({*section.spent}) <= MOST, "what was read may be read again when due, and leads no further"
    assert set(PATHS) <= set(crawling.article_paths())
    assert crawling.rows("SELECT count(DISTINCT content_sha256) FROM articles") == [len(PATHS)]


def test_a_new_article_is_found_beside_a_trap_that_was_cut(tmp_path: Path) -> None:
    section = Section(*TRAPS["facets in any order"])
    crawling = Crawling(tmp_path, section.site())
    crawling.run()
    fresh = [FakeArticle(90001 + place, f"Tin mới đăng số {place} của Liên hiệp hội") for place in range(3)]
    crawling.site.pages["/tin"] = listing([section.entrance, *(one.path for one in fresh), *PATHS[:3]])
    crawling.site.pages |= {one.path: one.html() for one in fresh}
    crawling.clock.pass_days(1)
    crawling.run()
    assert {one.path for one in fresh} <= set(crawling.article_paths())
