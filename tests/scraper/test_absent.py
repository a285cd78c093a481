"""What a site says where there is nothing: learned by a probe, and then no article and no alias."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_site import BESIDES, FakeArticle, FakeSite, Page, Reply, listing, page, plain_site, some_articles
from test_crawl import Crawling

from scraper.absent import probe_address
from scraper.rebuild import rebuild
from scraper.urls import site_id_of

MESSAGE = (
    "Nội dung mà quý vị tìm hiện chưa có trên cổng thông tin. Quý vị vui lòng quay lại trang trước, hoặc liên hệ với "
    "ban biên tập để được hướng dẫn thêm về các tin, bài đã đăng trong thời gian qua."
)


def soft_page(target: str) -> str:
    """What looks like an article for any address: it even has a counter, and echoes the number asked for."""
    return page(f"<h1>Thông báo</h1><p>Lượt xem: 12</p><div><p>{MESSAGE}</p><p>Mã số {site_id_of(target)}</p></div>")


def soft_site(count: int = 4) -> tuple[FakeSite, list[FakeArticle]]:
    site, articles = plain_site(some_articles(count))
    site.otherwise = soft_page
    return site, articles


def probes(site: FakeSite) -> list[str]:
    return [url for url in site.asked if BESIDES.search(url) and not url.endswith((".txt", ".xml"))]


def test_each_run_asks_once_for_another_address_that_cannot_exist(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    first = probes(site)
    crawling.run()
    assert len(first) == len(probes(site)) == 1
    assert first != probes(site)
    assert site_id_of(first[0]) is not None
    assert crawling.rows("SELECT count(*) FROM not_found_pages WHERE target IS NULL AND record IS NULL") == [2]


def test_probes_differ_by_host_and_run() -> None:
    made = {probe_address(home, "tin", run) for home in ("https://a.vn", "https://b.vn") for run in range(1, 200)}
    assert len(made) == 398


def test_what_is_said_of_any_address_is_no_article(tmp_path: Path) -> None:
    site, articles = soft_site()
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    site.pages["/khoa-hoc-cong-nghe"] = str(site.pages["/khoa-hoc-cong-nghe"]).replace(
        "<div><h4>", f'<div><h4><a href="{dead}">Bài đã bị gỡ bỏ</a></h4></div><div><h4>', 1
    )
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert dead in site.asked_pages()
    assert crawling.article_paths() == sorted(one.path for one in articles)
    assert crawling.refusals()[dead] == "not-found"
    assert report.refused["not-found"] == 1


def test_a_short_article_in_the_same_frame_is_one(tmp_path: Path) -> None:
    site, _ = soft_site()
    short = FakeArticle(888, "Tin một dòng về lớp tập huấn nuôi ong")
    site.pages[short.path] = page(
        f"<h1>{short.title}</h1><p>Lượt xem: 3</p><div><p>Ngày 20/11/2025, Hội Nuôi ong mở lớp tập huấn.</p></div>"
    )
    site.pages["/"] = str(site.pages["/"]).replace("<h4>", f'<h4><a href="{short.path}">{short.title}</a></h4><h4>', 1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert short.path in crawling.article_paths()


SIDEBAR = "".join(
    f"<p>Tin nổi bật thứ {word} của cổng thông tin trong tuần này</p>" for word in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def leaking(html: str, *, within: bool) -> str:
    """With a sidebar that nothing marks as one before a frame is learned: within the article's container, or in one of
    its own."""
    heading = "</div><h3>Thông tin doanh nghiệp</h3>"
    sidebar = f"{SIDEBAR}{heading}" if within else f"</div><div><ul>{SIDEBAR}</ul>{heading}"
    return html.replace(heading, sidebar, 1)


@pytest.mark.parametrize("within", [True, False])
def test_a_sidebar_that_is_read_with_both_makes_neither_the_other(tmp_path: Path, within: bool) -> None:
    site, articles = plain_site(some_articles(34))
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    short = FakeArticle(888, "Tin một dòng về lớp tập huấn nuôi ong")
    for one in articles:
        site.pages[one.path] = leaking(one.html(), within=within)
    brief = f"<h1>{short.title}</h1><p>Lượt xem: 3</p><div><p>Hội Nuôi ong mở lớp tập huấn.</p></div>"
    site.pages[short.path] = leaking(page(brief), within=within)
    site.pages["/"] = str(site.pages["/"]).replace(
        "<h4>", f'<h4><a href="{dead}">Bài</a> <a href="{short.path}">Ong</a></h4><h4>', 1
    )
    site.otherwise = lambda target: leaking(soft_page(target), within=within)
    crawling = Crawling(tmp_path, site)
    for _ in range(2):
        crawling.run(everything=True)
        assert crawling.refusals()[dead] == "not-found"
        assert short.path in crawling.article_paths()
        assert len(crawling.article_paths()) == len(articles) + 1


@pytest.mark.parametrize("target", ["/", "/khong-thay.html"])
def test_an_article_led_to_nowhere_is_gone_in_days_and_no_alias(tmp_path: Path, target: str) -> None:
    lost: Page = Reply("", 302, headers=(("Location", target),))
    site, articles = plain_site(some_articles(4))
    site.otherwise = lambda path: page("<h1>Không tìm thấy trang</h1>") if path == "/khong-thay.html" else lost
    crawling = Crawling(tmp_path, site)
    crawling.run()
    gone = articles[0].path
    site.pages[gone] = lost
    crawling.clock.pass_days(30)
    crawling.run()
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [0]
    for _ in range(8):
        crawling.clock.pass_days(1)
        crawling.run()
    assert crawling.rows("SELECT url FROM articles WHERE gone_since IS NOT NULL") == [site.base[:-1] + gone]
    assert crawling.rows("SELECT url FROM aliases") == []
    assert crawling.rows("SELECT count(*) FROM articles") == [4]


def test_an_address_that_a_site_names_in_the_one_it_leads_to_is_recognised(tmp_path: Path) -> None:
    site, articles = plain_site(some_articles(4))
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    site.pages["/"] = str(site.pages["/"]).replace("<h4>", f'<h4><a href="{dead}">Bài đã gỡ</a></h4><h4>', 1)

    def lost(target: str) -> Page:
        if target.startswith("/loi"):
            return page("<h1>Không tìm thấy trang</h1>")
        return Reply("", 302, headers=(("Location", f"/loi?ma=404&duong-dan={target}"),))

    site.otherwise = lost
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.refusals()[dead] == "not-found"
    assert len(crawling.article_paths()) == len(articles)


def test_a_probe_that_is_led_to_another_spelling_of_itself_is_followed(tmp_path: Path) -> None:
    site, articles = soft_site()
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    site.pages["/"] = str(site.pages["/"]).replace("<h4>", f'<h4><a href="{dead}">Bài đã gỡ</a></h4><h4>', 1)

    def slashed(target: str) -> Page:
        return soft_page(target) if target.endswith("/") else Reply("", 301, headers=(("Location", target + "/"),))

    site.otherwise = slashed
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert len(probes(site)) == 1
    assert crawling.rows("SELECT count(*) FROM not_found_pages WHERE record IS NOT NULL") == [1]
    assert crawling.article_paths() == sorted(one.path for one in articles)


def test_an_article_that_turned_into_that_message_is_gone_in_days(tmp_path: Path) -> None:
    site, articles = soft_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    del site.pages[articles[0].path]
    crawling.clock.pass_days(30)
    for _ in range(9):
        crawling.run()
        crawling.clock.pass_days(1)
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [1]
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles)]


def test_a_rebuild_knows_it_too(tmp_path: Path) -> None:
    site, _ = soft_site()
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    site.pages["/"] = str(site.pages["/"]).replace("<h4>", f'<h4><a href="{dead}">Bài đã gỡ</a></h4><h4>', 1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    questions = (
        "SELECT url FROM articles",
        "SELECT url, reason, detail FROM refusals",
        "SELECT * FROM not_found_pages",
    )
    before = [crawling.rows(question) for question in questions]
    rebuild(crawling.config, tmp_path)
    assert [crawling.rows(question) for question in questions] == before


def site_that_shows(what: str, count: int = 8) -> tuple[FakeSite, list[FakeArticle]]:
    """For any address that it does not know, the site shows its home page, or a list."""
    site, articles = plain_site(some_articles(count))
    dead = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777"
    links = [dead, "/khoa-hoc-cong-nghe", *(one.path for one in articles)]
    site.pages["/"] = listing(links, heading="Trang chủ")
    site.otherwise = lambda target: (
        Reply("", 404) if target == "/sitemap.xml" else str(site.pages[what]).replace("943", str(len(target)))
    )
    return site, articles


@pytest.mark.parametrize("what", ["/", "/khoa-hoc-cong-nghe"])
def test_the_home_page_or_a_list_in_place_of_any_page_is_no_listing(tmp_path: Path, what: str) -> None:
    site, articles = site_that_shows(what)
    dead, lost = "/khoa-hoc-cong-nghe/bai-da-bi-go-bo-777", articles[2].path
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.refusals()[dead] == "not-found"
    crawling.run()
    assert dead not in site.asked_pages(), "it is no listing, which every run asks for"
    del site.pages[lost]
    for _ in range(9):
        crawling.clock.pass_days(4)
        crawling.run()
    assert crawling.refusals()[lost] == "not-found"
    assert crawling.rows("SELECT url FROM articles WHERE gone_since IS NOT NULL") == [site.base[:-1] + lost]
    assert "/khoa-hoc-cong-nghe" in site.asked_pages(), "the real list is one"


@pytest.mark.parametrize("what", ["/", "/khoa-hoc-cong-nghe"])
def test_a_rebuild_knows_what_was_shown_instead(tmp_path: Path, what: str) -> None:
    crawling = Crawling(tmp_path, site_that_shows(what)[0])
    crawling.run()
    questions = ("SELECT url, reason, detail FROM refusals", "SELECT * FROM not_found_pages")
    before = [crawling.rows(question) for question in questions]
    assert before[1][0][3] is not None
    rebuild(crawling.config, tmp_path)
    assert [crawling.rows(question) for question in questions] == before


def counted(links: list[str]) -> str:
    """A list that is one at any address: each item with its counter."""
    return listing(links).replace("</a></h4>", "</a></h4><p>Lượt xem: 12</p>")


def test_an_article_that_shows_another_list_for_a_day_stays_an_article(tmp_path: Path) -> None:
    site, articles = plain_site(some_articles(8))
    crawling = Crawling(tmp_path, site)
    crawling.run()
    whole = site.pages[articles[0].path]
    site.pages[articles[0].path] = counted([one.path for one in articles[1:]])
    crawling.clock.pass_days(8)
    crawling.run()
    assert crawling.refusals()[articles[0].path] == "listing"
    crawling.run()
    assert articles[0].path not in site.asked_pages(), "no listing, which every run asks for"
    site.pages[articles[0].path] = whole
    crawling.clock.pass_days(1)
    crawling.run()
    assert articles[0].path in site.asked_pages()
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [0]
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles)]


def test_a_list_at_an_address_like_an_articles_is_a_list(tmp_path: Path) -> None:
    site, articles = plain_site(some_articles(12))
    shown, further = articles[:6], articles[6:]
    site.pages["/khoa-hoc-cong-nghe"] = listing([one.path for one in shown], next_page="/tin/khoa-hoc-trang-2.html")
    site.pages["/tin/khoa-hoc-trang-2.html"] = counted([one.path for one in further])
    site.otherwise = lambda _: str(site.pages["/"])
    crawling = Crawling(tmp_path, site)
    for _ in range(2):
        crawling.run()
        assert "/tin/khoa-hoc-trang-2.html" in site.asked_pages()
    assert crawling.article_paths() == sorted(one.path for one in articles)
