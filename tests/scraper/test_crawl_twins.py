"""One article under several addresses is one article; several articles that claim one address stay several."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from fake_site import FakeArticle, FakeSite, Page, Reply, listing, page, some_articles
from test_crawl import Crawling, redirect

ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã")
SLUG = ONE.path.rpartition("/")[2].removesuffix("-20001")
SESSION = "A1B2C3D4E5F60718"
ACCENTED = "/khoa-học-công-nghệ/" + f"{SLUG}-20001"
SAME = ONE.html()
CANONICAL = SAME.replace("</head>", f'<link rel="canonical" href="{ONE.path}"></head>')

# How else the article is linked, and what the site answers there.
TWINS: dict[str, tuple[str, Page]] = {
    "old form that answers": (f"/bai-viet-{SLUG.title()}-20001.html", SAME),
    "old form with another number": (f"/bai-viet-{SLUG.title()}-777.html", SAME),
    "old form that leads on": (f"/bai-viet-{SLUG.title()}-777.html", redirect(ONE.path, 301)),
    "old form with a canonical link": (f"/bai-viet-{SLUG.title()}-20001.html", CANONICAL),
    "older form": (f"/1227/27461/54439/293909/khoa-hoc-cong-nghe/{SLUG}", SAME),
    "older form with its number": (f"/1227/27461/khoa-hoc-cong-nghe/{SLUG}-20001", SAME),
    "by number": ("/chi-tiet?id=20001", SAME),
    "slug edited": ("/khoa-hoc-cong-nghe/hoi-thao-ca-phe-20001", SAME),
    "slug edited, leads on": ("/khoa-hoc-cong-nghe/hoi-thao-ca-phe-20001", redirect(ONE.path, 301)),
    "no slug": ("/khoa-hoc-cong-nghe/-20001", SAME),
    "second category": (f"/tu-lieu-sub/{SLUG}-20001", SAME),
    "category of two levels": (f"/tin/khoa-hoc-cong-nghe/{SLUG}-20001", SAME),
    "print view": (f"{ONE.path}?print=1", SAME),
    "print view elsewhere": (f"/ban-in/{SLUG}-20001", SAME),
    "share": (f"{ONE.path}?share=facebook", SAME),
    "campaign": (f"{ONE.path}?utm_source=zalo&utm_medium=social&fbclid=Iw", SAME),
    "sort": (f"{ONE.path}?sort=moi-nhat&dir=desc", SAME),
    "session": (f"{ONE.path}?PHPSESSID={SESSION}", SAME),
    "session in the path": (f"{ONE.path};jsessionid={SESSION}", SAME),
    "session in the first part": (f"/(S({SESSION.lower()}))/khoa-hoc-cong-nghe/{SLUG}-20001", SAME),
    "page one": (f"{ONE.path}?page=1", SAME),
    "unknown parameter": (f"{ONE.path}?tab=binh-luan", SAME),
    "two slashes": (f"//susta.test//khoa-hoc-cong-nghe//{SLUG}-20001", SAME),
    "capitals": (ONE.path.upper(), SAME),
    "capitals in the category": (f"/Khoa-Hoc-Cong-Nghe/{SLUG}-20001", SAME),
    "fragment": (f"{ONE.path}#binh-luan", SAME),
    "encoded letters": (ONE.path.replace("k", "%6B").replace("-", "%2D"), SAME),
    "encoded letters, small hex": (ONE.path.replace("k", "%6b").replace("-", "%2d"), SAME),
    "slash at the end": (f"{ONE.path}/", SAME),
    "slashes at the end": (f"{ONE.path}//?", SAME),
    "other scheme": (f"https://susta.test{ONE.path}", SAME),
    "www": (f"http://www.susta.test{ONE.path}", SAME),
    "capitals in the host": (f"HTTP://WWW.Susta.TEST{ONE.path}", SAME),
    "usual port": (f"http://susta.test:80{ONE.path}", SAME),
    "dot segments": (f"/a/../khoa-hoc-cong-nghe/./{SLUG}-20001", SAME),
    "backslashes": (ONE.path.replace("/", "\\"), SAME),
    "accented letters": (ACCENTED, SAME),
    "accented letters, encoded": (quote(ACCENTED), SAME),
    "accented letters, small hex": (quote(ACCENTED).lower(), SAME),
    "accented letters, decomposed": (unicodedata.normalize("NFD", ACCENTED), SAME),
    "html at the end": (f"{ONE.path}.html", SAME),
    "canonical link elsewhere": ("/xem/bai?ma=x20001", CANONICAL),
}
# Addresses of one form: the one found first stays.
AS_GOOD = ("slug edited", "no slug", "second category", "print view elsewhere")


def twin_site(twin: str, answer: Page, *, first: bool) -> FakeSite:
    """Two lists, each with one of the two addresses; the twin's comes first or last."""
    spare = some_articles(4)[1:]
    lists = {"/a": [twin, spare[0].path], "/b": [ONE.path, spare[1].path]}
    order = ["/a", "/b"] if first else ["/b", "/a"]
    site = FakeSite(pages={"/": listing([*order, spare[2].path], heading="Trang chủ")})
    site.pages |= {target: listing(links) for target, links in lists.items()}
    site.pages |= {one.path: one.html() for one in spare}
    site.pages[ONE.path] = SAME
    known = {*site.pages, "/robots.txt", "/sitemap.xml"}
    missing = Reply("<h1>404</h1>", 404)
    # Whatever spelling of the twin is asked for is answered; what is not it is not.
    site.otherwise = lambda target: missing if target in known or "khong-co-trang" in target else answer
    return site


@pytest.mark.parametrize("first", [True, False], ids=["twin first", "twin last"])
@pytest.mark.parametrize("name", TWINS)
def test_a_twin_is_no_second_article(tmp_path: Path, name: str, first: bool) -> None:
    twin, answer = TWINS[name]
    crawling = Crawling(tmp_path, twin_site(twin, answer, first=first))
    for _ in range(2):
        crawling.run(everything=True)
        crawling.clock.pass_days(40)
    rows = crawling.rows("SELECT id, url FROM articles WHERE title = ?", ONE.title)
    assert len(rows) == 1
    if name not in AS_GOOD:
        assert rows[0][1] == f"http://susta.test{ONE.path}"
    captured = crawling.rows("SELECT DISTINCT url FROM captures WHERE role = 'page' AND status IN (200, 301)")
    addresses = {url for url in captured if "20001" in url or SLUG in url.lower()}
    aliases = crawling.rows("SELECT url FROM aliases WHERE article_id = ?", rows[0][0])
    assert addresses == {rows[0][1], *aliases}, "each address that was asked for is kept"
    assert crawling.rows("SELECT count(*) FROM articles") == [4]
    assert crawling.rows("SELECT max(number) FROM revisions") == [1]


LIES: dict[str, Callable[[FakeArticle], str]] = {
    "home page": lambda _: "/",
    "other host": lambda one: f"http://khac.test{one.path}",
    "listing": lambda _: "/tin",
    "one article for all": lambda _: ONE.path,
    "next article": lambda one: some_articles(6)[(some_articles(6).index(one) + 1) % 6].path,
    "itself in capitals": lambda one: one.path.upper(),
    "itself with a session": lambda one: f"{one.path};jsessionid={SESSION}?print=1#x",
    "nothing": lambda _: "",
    "no address": lambda _: "http://[::1",
    "another slug": lambda one: f"/khoa-hoc-cong-nghe/khac-{one.number}",
    "page that is not there": lambda one: f"/mat/khac-{one.number}",
    "own number at another host": lambda one: f"//khac.test/tin/bai-{one.number}",
}


@pytest.mark.parametrize("name", LIES)
def test_a_canonical_link_that_lies_merges_nothing(tmp_path: Path, name: str) -> None:
    articles = some_articles(6)
    site = FakeSite(pages={"/": listing(["/tin"]), "/tin": listing([one.path for one in articles])})
    for one in articles:
        link = f'<link rel="canonical" href="{LIES[name](one)}"></head>'
        site.pages[one.path] = one.html().replace("</head>", link)
    crawling = Crawling(tmp_path, site)
    for _ in range(2):
        crawling.run(everything=True)
        crawling.clock.pass_days(40)
    assert crawling.rows("SELECT count(*) FROM articles") == [6]
    numbers = crawling.rows("SELECT site_id FROM articles ORDER BY site_id")
    assert numbers == [one.number for one in articles]
    assert sorted(crawling.rows("SELECT title FROM articles")) == sorted(one.title for one in articles)
    assert not [url for url in site.asked if "khac.test" in url]


def test_pages_without_a_number_that_all_claim_one_article_stay_what_they_are(tmp_path: Path) -> None:
    articles = some_articles(4)
    paths = [f"/1227/27461/khoa-hoc-cong-nghe/{one.path.rpartition('/')[2].rpartition('-')[0]}" for one in articles]
    claim = f'<link rel="canonical" href="{articles[0].path}"></head>'
    site = FakeSite(pages={"/": listing(paths)})
    site.pages |= {path: one.html().replace("</head>", claim) for path, one in zip(paths, articles, strict=True)}
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert sorted(crawling.rows("SELECT title FROM articles")) == sorted(one.title for one in articles)


def test_short_articles_that_say_the_same_are_as_many_as_their_numbers(tmp_path: Path) -> None:
    def brief(one: FakeArticle) -> str:
        return page(f"<h1>{one.title}</h1><p>Lượt xem: 3</p><div><p>Nội dung đang được cập nhật.</p></div>")

    pair = [FakeArticle(30001, "Thông báo mời họp"), FakeArticle(30002, "Thông báo mời họp")]
    site = FakeSite(pages={"/": listing([one.path for one in pair]), **{one.path: brief(one) for one in pair}})
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.rows("SELECT site_id FROM articles ORDER BY 1") == [30001, 30002]
