"""A run as a whole: everything reachable once, nothing that is off limits, and what the next runs do."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fake_site import (
    NOTICE,
    PDF,
    PNG,
    Clock,
    FakeArticle,
    FakeSite,
    Reply,
    config_for,
    listing,
    page,
    plain_site,
    some_articles,
)

from archive.errors import ArchiveUnusable, LockHeld, NothingCrawled
from archive.lock import locked
from scraper.config import Config
from scraper.crawl import Report, Step, crawl


def rows(folder: Path, sql: str, *values: object) -> list[Any]:
    """Rows of archive.db; a column alone as its values."""
    connection = sqlite3.connect(folder / "archive.db")
    found = connection.execute(sql, values).fetchall()
    connection.close()
    return [row[0] if len(row) == 1 else row for row in found]


class Crawling:
    """One archive and one site, crawled again and again."""

    def __init__(self, folder: Path, site: FakeSite, **settings: object) -> None:
        self.folder, self.site, self.clock = folder, site, Clock()
        self.config: Config = config_for(site, **settings)

    def run(self, watch: Callable[[Step], None] = lambda _: None, **arguments: Any) -> Report:
        self.site.forget()
        return crawl(self.config, self.folder, world=self.site.world(self.clock), watch=watch, **arguments)

    def rows(self, sql: str, *values: object) -> list[Any]:
        return rows(self.folder, sql, *values)

    def article_paths(self) -> list[str]:
        return sorted(url.removeprefix(self.site.base[:-1]) for url in self.rows("SELECT url FROM articles"))

    def refusals(self) -> dict[str, str]:
        """The newest refusal of each address."""
        found = self.rows("SELECT url, reason FROM refusals ORDER BY capture_id")
        return {url.removeprefix(self.site.base[:-1]): reason for url, reason in found}


def redirect(location: str, status: int = 302) -> Reply:
    return Reply("", status, headers=(("Location", location),))


# What is asked for


def test_every_article_that_can_be_reached_is_taken_once(tmp_path: Path) -> None:
    articles = some_articles(30)
    site = FakeSite()
    site.pages["/"] = listing(["/tin"], heading="Trang chủ")
    for number in range(3):
        own = articles[number * 10 : number * 10 + 10]
        target = "/tin" if number == 0 else f"/tin?page={number + 1}"
        following = f"/tin?page={number + 2}" if number < 2 else None
        site.pages[target] = listing([one.path for one in own[:-1]], next_page=following)
        site.pages[own[-2].path] = own[-2].html(links=[own[-1].path])
    for one in articles:
        site.pages.setdefault(one.path, one.html())
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in articles)
    assert set(Counter(site.asked).values()) == {1}
    assert (report.outcome, report.new, report.fetched, report.failed, report.waiting) == ("finished", 30, 34, {}, 0)


def test_a_page_linked_in_many_spellings_is_asked_for_once(tmp_path: Path) -> None:
    one = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè")
    twins = [one.path, one.path + "#top", one.path + "/", one.path.upper(), f"//susta.test{one.path}?utm_source=zalo",
             f"http://WWW.susta.test:80{one.path}?print=1", f"https://susta.test{one.path};jsessionid=A1"]  # fmt: skip
    site = FakeSite(pages={"/": listing(twins), one.path: one.html()})
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert site.asked_pages() == ["/", one.path]
    assert crawling.article_paths() == [one.path]


def test_what_robots_txt_forbids_is_never_requested(tmp_path: Path) -> None:
    site, articles = plain_site()
    forbidden, hidden = articles[0].path, "/rieng/tu"
    rules = f"User-agent: *\nDisallow: /rieng\nDisallow: {forbidden}\nDisallow: /anh/kin\n"
    site.pages["/robots.txt"] = Reply(rules, media_type="text/plain")
    open_one = FakeArticle(30001, "Bài có ảnh bị cấm và chuyển hướng", photos=(("/anh/kin.png", "Toàn cảnh buổi lễ"),))
    site.pages |= {open_one.path: open_one.html(), "/chuyen": redirect(hidden), hidden: "x", "/anh/kin.png": PNG}
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", open_one.path, hidden, "/chuyen"], heading="Trang chủ")
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert not {forbidden, hidden, "/anh/kin.png"} & set(site.asked_pages())
    assert report.skipped == {"robots": 3, "redirect": 1}
    assert len(crawling.article_paths()) == len(articles)


def test_robots_txt_is_the_first_request_and_is_kept(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert site.asked[0] == "http://susta.test/robots.txt"
    assert site.asked.count("http://susta.test/robots.txt") == 1
    assert crawling.rows("SELECT url, role FROM captures ORDER BY id LIMIT 1") == [
        ("http://susta.test/robots.txt", "robots")
    ]


@pytest.mark.parametrize(
    "answer", [Reply("", 503), Reply("", 500), Reply("", 429), OSError("no route to host")], ids=repr
)
def test_without_robots_txt_nothing_is_asked_for(tmp_path: Path, answer: Any) -> None:
    site, articles = plain_site()
    good, site.pages["/robots.txt"] = site.pages["/robots.txt"], answer
    crawling = Crawling(tmp_path, site)
    with pytest.raises(NothingCrawled, match="robots") as caught:
        crawling.run()
    assert caught.value.advice
    assert site.asked_pages() == []
    site.pages["/robots.txt"] = good
    assert crawling.run().new == len(articles)


@pytest.mark.parametrize("status", [404, 403])
def test_a_site_without_robots_txt_may_be_crawled(tmp_path: Path, status: int) -> None:
    site, articles = plain_site()
    site.pages["/robots.txt"] = Reply("no", status)
    assert Crawling(tmp_path, site).run().new == len(articles)


def test_a_redirect_of_robots_txt_on_the_same_host_is_followed(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = redirect("/quy-tac.txt", 301)
    site.pages["/quy-tac.txt"] = Reply("User-agent: *\nDisallow: /", media_type="text/plain")
    with pytest.raises(NothingCrawled):
        Crawling(tmp_path, site).run()
    assert site.asked == ["http://susta.test/robots.txt", "http://susta.test/quy-tac.txt"]


def test_when_robots_txt_forbids_all_nothing_is_crawled(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", media_type="text/plain")
    with pytest.raises(NothingCrawled, match="robots"):
        Crawling(tmp_path, site).run()
    assert site.asked_pages() == []


ELSEWHERE = [
    "http://elsewhere.test/khoa-hoc/bai-20001", "//elsewhere.test/", "http://susta.test:8080/a", "http://192.0.2.1/a",
    "http://m.susta.test/a", "http://susta.test.elsewhere.test/", "http://susta.test@elsewhere.test/a",
    "http://127.0.0.1/a", "ftp://susta.test/a",
]  # fmt: skip


@pytest.mark.parametrize("host", ["susta.test", "127.0.0.1:8000"])
def test_other_hosts_are_never_asked_neither_by_link_nor_by_redirect(tmp_path: Path, host: str) -> None:
    site = FakeSite(host)
    links = [*ELSEWHERE, "http://127.0.0.1:8001/a", "http://localhost:8000/a"]
    jumps = {f"/chuyen/{'abcdefghijklmnop'[place]}": redirect(link) for place, link in enumerate(links)}
    one = some_articles()[0]
    site.pages |= {"/": listing([*links, *jumps, one.path]), one.path: one.html(links=links), **jumps}
    site.otherwise = lambda _: Reply("none", 404)
    Crawling(tmp_path, site).run()
    assert sorted(site.asked_pages()) == sorted(["/", one.path, *jumps])


def test_a_further_host_may_be_allowed(tmp_path: Path) -> None:
    site, articles = plain_site()
    other = FakeArticle(40001, "Bài trên cổng thành phần của huyện")
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", f"http://huyen.test{other.path}"])
    site.pages["http://huyen.test/robots.txt"] = Reply("", 404)
    site.pages[f"http://huyen.test{other.path}"] = other.html()
    crawling = Crawling(tmp_path, site, allowed_hosts=["huyen.test"])
    assert crawling.run().new == len(articles) + 1
    assert "http://huyen.test/robots.txt" in site.asked
    assert crawling.rows("SELECT site FROM articles WHERE site_id = 40001") == ["huyen.test"]


def test_addresses_that_ask_for_a_person_or_change_something_are_left_alone(tmp_path: Path) -> None:
    links = ["/dang-nhap", "/binh-chon?ket-qua=1", "/tim-kiem?q=a", "/chia-se/1", "/tin?returnUrl=%2F", "/tep/a.zip"]
    site, _ = plain_site()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", *links])
    Crawling(tmp_path, site).run()
    assert not set(links) & set(site.asked_pages())


@pytest.mark.parametrize(
    "hint",
    ['<a rel="nofollow" href="/kin">kín</a>', '<meta name="robots" content="noindex, nofollow"><a href="/kin">k</a>'],
)
def test_a_page_may_ask_that_links_are_not_followed(tmp_path: Path, hint: str) -> None:
    site, _ = plain_site()
    site.pages["/khoa-hoc-cong-nghe"] = page(f"<h2>Tin</h2>{hint}")
    Crawling(tmp_path, site).run()
    assert "/kin" not in site.asked_pages()


# Pace


@pytest.mark.parametrize(("robots", "least"), [("", 3.0), ("Crawl-delay: 10", 10.0), ("Crawl-delay: 1", 3.0)])
def test_two_requests_to_one_host_are_never_closer_than_the_delay(tmp_path: Path, robots: str, least: float) -> None:
    site, articles = plain_site()
    site.pages["/robots.txt"] = Reply(f"User-agent: *\n{robots}\n", media_type="text/plain")
    crawling = Crawling(tmp_path, site, delay_seconds=3.0)
    times: list[float] = []
    answer = site.answer

    def noted(request: Any) -> Any:
        times.append(crawling.clock.seconds())
        return answer(request)

    site.answer = noted  # type: ignore[method-assign]
    crawling.run()
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == len(articles) + 5  # home, listing, robots.txt, sitemap, probe
    assert min(gaps) >= min(least, 3.0)
    assert min(gaps[1:]) >= least


def test_a_crawl_delay_holds_even_without_a_delay_of_our_own(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 2\n", media_type="text/plain")
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert min(crawling.clock.pauses) == pytest.approx(2)


def test_without_any_delay_nothing_pauses(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    crawling.run()
    assert crawling.clock.pauses == []


# Limits and counts


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_limit_counts_pages_fetched_and_the_next_run_goes_on(tmp_path: Path, limit: int) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    report = crawling.run(limit=limit)
    assert (report.outcome, report.fetched, len(site.asked_pages())) == ("limit", limit, limit)
    assert report.waiting > 0
    assert crawling.run().outcome == "finished"
    assert crawling.article_paths() == sorted(one.path for one in articles)


def test_a_limit_that_is_not_reached_changes_nothing(tmp_path: Path) -> None:
    site, articles = plain_site()
    report = Crawling(tmp_path, site).run(limit=1000)
    assert (report.outcome, report.new) == ("finished", len(articles))


def test_the_counts_of_a_run_agree_with_its_report_and_the_archive(tmp_path: Path) -> None:
    site, articles = plain_site()
    picture = FakeArticle(30001, "Bài có ảnh về cà phê chè", photos=(("/anh/mot.png", "Toàn cảnh buổi làm việc"),))
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", picture.path, "/mat", "/hong"])
    site.pages |= {picture.path: picture.html(), "/anh/mot.png": PNG, "/hong": Reply("x", 500)}
    crawling = Crawling(tmp_path, site, attempts=1)
    report = crawling.run()
    kept = crawling.rows("SELECT fetched, new, changed, unchanged, refused, failed, media, bytes FROM runs")
    new = len(articles) + 1
    assert kept == [(new + 4, new, 0, 0, 3, 1, 1, report.bytes)]
    assert report.refused == {"home": 1, "listing": 1, "http-status 404": 1}
    assert report.failed == {"http-500": 1}
    assert crawling.rows("SELECT sum(payload_length) FROM captures") == [report.bytes]
    assert crawling.rows("SELECT outcome, finished_at IS NOT NULL FROM runs") == [("finished", 1)]


def test_each_answer_is_shown_to_whoever_watches(tmp_path: Path) -> None:
    site, articles = plain_site()
    steps: list[Step] = []
    Crawling(tmp_path, site).run(steps.append)
    assert [step.url for step in steps] == [url for url in site.asked if not url.endswith("/robots.txt")]
    assert Counter(step.what for step in steps) == {
        "new": len(articles),
        "home": 1,
        "listing": 1,
        "sitemap": 1,
        "probe": 1,
    }
    assert steps[-1].waiting == 0


def test_start_addresses_given_replace_the_configured_ones(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    report = crawling.run(start_urls=("http://susta.test/khoa-hoc-cong-nghe",))
    assert site.asked_pages()[0] == "/khoa-hoc-cong-nghe"
    assert report.new == len(articles)


# Pictures and attachments


def site_with_media() -> tuple[FakeSite, FakeArticle]:
    one = FakeArticle(
        30001,
        "Bài có ảnh và tệp đính kèm của Hội",
        photos=(
            ("/anh/hội thảo (1).png", "Toàn cảnh buổi làm việc"),
            ("http://kho.test/2.png", "Đồng chí Bí thư phát biểu"),
        ),
        attachments=(("/tep/quy-che.pdf", "Tải về"), ("http://la.test/x.pdf", "Tải phụ lục")),
    )
    site = FakeSite(pages={"/": listing([one.path, "http://kho.test/trang"]), one.path: one.html()})
    site.pages["/anh/h%E1%BB%99i%20th%E1%BA%A3o%20(1).png"] = Reply(PNG, media_type="image/png")
    site.pages["http://kho.test/2.png"] = Reply(PNG + b"2", media_type="image/png")
    site.pages["http://kho.test/robots.txt"] = Reply("", 404)
    site.pages["/tep/quy-che.pdf"] = Reply(PDF, media_type="application/pdf")
    site.otherwise = lambda _: Reply("none", 404)
    return site, one


def test_pictures_and_attachments_are_captured_and_tied_to_their_article(tmp_path: Path) -> None:
    import hashlib

    site, _ = site_with_media()
    crawling = Crawling(tmp_path, site, media_hosts=["kho.test"])
    assert crawling.run().media == 3
    digests = [hashlib.sha256(body).hexdigest() for body in (PNG, PNG + b"2")]
    tied = "SELECT p.sha256, c.media_type FROM {0} p LEFT JOIN captures c ON c.id = p.capture_id ORDER BY position"
    assert crawling.rows(tied.format("photos")) == [(digest, "image/png") for digest in digests]
    assert crawling.rows(tied.format("attachments")) == [
        (hashlib.sha256(PDF).hexdigest(), "application/pdf"),
        (None, None),
    ]


def test_a_media_host_is_asked_for_media_only_and_obeyed(tmp_path: Path) -> None:
    site, one = site_with_media()
    crawling = Crawling(tmp_path, site, media_hosts=["kho.test"])
    crawling.run()
    assert [url for url in site.asked if "kho.test" in url] == ["http://kho.test/robots.txt", "http://kho.test/2.png"]
    assert crawling.article_paths() == [one.path]


def test_media_of_other_hosts_are_not_asked_for(tmp_path: Path) -> None:
    site, _ = site_with_media()
    Crawling(tmp_path, site).run()
    assert {url.split("/")[2] for url in site.asked} == {"susta.test"}


def test_media_may_be_left_out(tmp_path: Path) -> None:
    site, one = site_with_media()
    crawling = Crawling(tmp_path, site, fetch_media=False)
    assert crawling.run().media == 0
    assert site.asked_pages() == ["/", one.path]


def test_media_found_within_the_limit_are_still_fetched(tmp_path: Path) -> None:
    site, _ = site_with_media()
    report = Crawling(tmp_path, site, media_hosts=["kho.test"]).run(limit=2)
    assert (report.fetched, report.media) == (2, 3)


def test_captured_media_are_not_asked_for_again(tmp_path: Path) -> None:
    site, _ = site_with_media()
    crawling = Crawling(tmp_path, site, media_hosts=["kho.test"])
    crawling.run()
    crawling.clock.pass_days(400)
    assert crawling.run(everything=True).media == 0


def test_a_picture_that_failed_is_asked_for_at_the_next_run(tmp_path: Path) -> None:
    site, _ = site_with_media()
    good, site.pages["/tep/quy-che.pdf"] = site.pages["/tep/quy-che.pdf"], Reply("", 503)
    crawling = Crawling(tmp_path, site, attempts=1)
    assert crawling.run().failed == {"http-503": 1}
    site.pages["/tep/quy-che.pdf"] = good
    assert crawling.run().failed == {}
    assert crawling.rows("SELECT sha256 IS NOT NULL FROM attachments ORDER BY position") == [1, 0]


def test_a_picture_behind_a_redirect_is_tied(tmp_path: Path) -> None:
    site, _ = site_with_media()
    site.pages["/kho/moi.pdf"] = site.pages["/tep/quy-che.pdf"]
    site.pages["/tep/quy-che.pdf"] = redirect("/kho/moi.pdf", 301)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.rows("SELECT sha256 IS NOT NULL FROM attachments ORDER BY position") == [1, 0]


def test_an_oversized_picture_is_cut_and_not_tied(tmp_path: Path) -> None:
    site, _ = site_with_media()
    site.pages["/tep/quy-che.pdf"] = Reply(PDF * 100, media_type="application/pdf")
    crawling = Crawling(tmp_path, site, max_media_megabytes=0.005)
    crawling.run()
    assert crawling.rows("SELECT payload_length, truncated FROM captures WHERE url LIKE '%.pdf'") == [(5000, 1)]
    assert crawling.rows("SELECT sha256 FROM attachments WHERE position = 0") == [None]


# Redirects


def test_a_redirect_is_followed_and_its_address_is_an_alias(tmp_path: Path) -> None:
    one = some_articles()[0]
    old = "/bai-viet-Hoi-thao-nang-cao-20001.html"
    site = FakeSite(pages={"/": listing([old]), old: redirect(one.path, 301), one.path: one.html()})
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert (report.new, report.skipped) == (1, {"redirect": 1})
    assert crawling.rows("SELECT url FROM aliases") == [f"http://susta.test{old}"]


def test_redirect_loops_end(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages |= {"/vong/a": redirect("/vong/b"), "/vong/b": redirect("/vong/a"), "/tu-minh": redirect("/tu-minh")}
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", "/vong/a", "/tu-minh"])
    report = Crawling(tmp_path, site).run()
    assert report.new == len(articles)
    assert set(Counter(site.asked).values()) == {1}


def test_an_endless_chain_of_redirects_ends(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", "/xa/a"])
    site.otherwise = lambda target: redirect(target + "a")
    report = Crawling(tmp_path, site).run()
    assert report.new == len(articles)
    assert sum(target.startswith("/xa/") for target in site.asked_pages()) <= 11
    assert report.skipped["redirect-chain"] == 1


@pytest.mark.parametrize("location", [None, "", "http://"])
def test_a_redirect_to_nowhere_is_no_failure(tmp_path: Path, location: str | None) -> None:
    site, articles = plain_site()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", "/dau"])
    site.pages["/dau"] = redirect(location) if location is not None else Reply("", 302)
    report = Crawling(tmp_path, site).run()
    assert (report.new, report.failed) == (len(articles), {})


def test_a_start_page_may_lead_on_to_the_home_page(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages["/trang-chu"], site.pages["/"] = site.pages["/"], redirect("/trang-chu")
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == len(articles)
    assert crawling.run().new == 0
    assert site.asked_pages()[:2] == ["/", "/trang-chu"]


@pytest.mark.parametrize("home", ["http://www.susta.test", "https://susta.test", "https://www.susta.test"])
def test_a_start_host_may_live_at_another_spelling_of_its_name(tmp_path: Path, home: str) -> None:
    plain, articles = plain_site()
    site = FakeSite(pages={f"{home}{target}": answer for target, answer in plain.pages.items()})
    site.otherwise = lambda target: redirect(f"{home}{target}", 301)
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == len(articles)
    assert crawling.rows("SELECT url FROM articles ORDER BY url") == sorted(home + one.path for one in articles)
    assert crawling.run().new == 0


def test_a_host_that_asks_to_be_left_alone_for_long_is_left_alone_for_the_run(tmp_path: Path) -> None:
    site, articles = plain_site()
    busy = Reply("", 503, headers=(("Retry-After", "86400"),))
    good, site.pages["/khoa-hoc-cong-nghe"] = site.pages["/khoa-hoc-cong-nghe"], busy
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert site.asked_pages()[-1] == "/khoa-hoc-cong-nghe"
    assert any("left alone" in problem for problem in report.problems) or report.waiting == 0
    site.pages["/khoa-hoc-cong-nghe"] = good
    crawling.clock.pass_days(1)
    crawling.run()
    assert crawling.article_paths() == sorted(one.path for one in articles)


# Later runs


def test_the_second_run_asks_for_start_pages_and_listings_only(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    report = crawling.run()
    assert site.asked_pages() == ["/", "/khoa-hoc-cong-nghe"]
    assert (report.outcome, report.new, report.changed, report.unchanged) == ("finished", 0, 0, 0)


def test_a_new_article_on_a_listing_is_found_at_the_next_run(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    fresh = FakeArticle(50001, "Bài mới đăng sáng nay của Liên hiệp hội")
    site.pages |= {fresh.path: fresh.html(), "/khoa-hoc-cong-nghe": listing([fresh.path, *(x.path for x in articles)])}
    assert crawling.run().new == 1
    assert site.asked_pages() == ["/", "/khoa-hoc-cong-nghe", fresh.path]


def test_new_items_that_push_others_to_a_later_page_are_all_found(tmp_path: Path) -> None:
    articles = some_articles(12)

    def fill(shown: list[FakeArticle]) -> None:
        site.pages["/tin"] = listing([one.path for one in shown[:4]], next_page="/tin?page=2")
        site.pages["/tin?page=2"] = listing([one.path for one in shown[4:8]], next_page="/tin?page=3")
        site.pages["/tin?page=3"] = listing([one.path for one in shown[8:]])

    site = FakeSite(pages={"/": listing(["/tin"])} | {one.path: one.html() for one in articles})
    fill(articles[6:])
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == 6
    fill(articles)
    assert crawling.run().new == 6


@pytest.mark.parametrize(("days", "asked"), [(6.9, 0), (7.1, 4)])
def test_an_edited_article_is_a_new_revision_when_it_is_due(tmp_path: Path, days: float, asked: int) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site, article_days=7)
    crawling.run()
    edited = FakeArticle(articles[0].number, articles[0].title, words="Bổ sung: hội nghị lùi sang ngày hôm sau vì mưa.")
    site.pages[edited.path] = edited.html(views=99)
    for one in articles[1:]:
        site.pages[one.path] = one.html(views=500)
    crawling.clock.pass_days(days)
    report = crawling.run()
    assert len(site.asked_pages()) == 2 + asked
    assert (report.new, report.changed, report.unchanged) == (0, min(asked, 1), max(asked - 1, 0))
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles) + min(asked, 1)]


def test_a_view_count_that_moves_is_no_revision_but_a_measurement(tmp_path: Path) -> None:
    site, articles = plain_site()
    for one in articles:
        site.pages[one.path] = lambda visit, one=one: one.html(views=visit * 10)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(8)
    assert crawling.run().unchanged == len(articles)
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles)]
    assert crawling.rows("SELECT DISTINCT views FROM views ORDER BY 1") == [10, 20]
    assert set(crawling.rows("SELECT views FROM articles")) == {20}


def test_everything_asks_for_each_known_page_again(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.run(everything=True).unchanged == len(articles)


def test_a_deleted_article_stays_and_is_gone_once_that_has_lasted(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    del site.pages[articles[0].path]
    for _ in range(2):
        crawling.clock.pass_days(4)
        report = crawling.run(everything=True)
        assert report.failed == {}
    gone = crawling.rows("SELECT url FROM articles WHERE gone_since IS NOT NULL")
    assert gone == [f"http://susta.test{articles[0].path}"]
    assert len(crawling.article_paths()) == len(articles)


def test_an_article_under_two_categories_is_one_article(tmp_path: Path) -> None:
    one = some_articles()[0]
    twin = one.path.replace("khoa-hoc-cong-nghe", "tu-lieu-sub")
    site = FakeSite(pages={"/": listing([one.path, twin]), one.path: one.html(), twin: one.html()})
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == 1
    assert crawling.rows("SELECT count(*) FROM articles") == [1]
    assert crawling.rows("SELECT count(*) FROM revisions") == [1]


# The condition of the source


OTHER_NOTICE = 'Ghi rõ nguồn "Cổng tri thức Sơn La" khi phát hành lại thông tin từ website này'


def test_a_condition_that_differs_is_reported_and_kept(tmp_path: Path) -> None:
    one = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè", notice=OTHER_NOTICE)
    site, _ = plain_site([one])
    crawling = Crawling(tmp_path, site)
    assert crawling.run().notices == [OTHER_NOTICE]
    assert crawling.rows("SELECT s.notice, a.credit FROM articles a JOIN sources s ON s.id = a.source_id") == [
        (OTHER_NOTICE, "Nguồn: Cổng tri thức Sơn La")
    ]


def test_the_usual_condition_is_nothing_to_report(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    assert crawling.run().notices == []
    assert crawling.rows("SELECT DISTINCT notice FROM sources") == [NOTICE]


def test_a_page_without_a_condition_carries_the_configured_one(tmp_path: Path) -> None:
    one = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè", notice="")
    site, _ = plain_site([one])
    crawling = Crawling(tmp_path, site)
    assert crawling.run().notices == []
    assert crawling.rows("SELECT DISTINCT notice FROM articles_with_credit a, sources s WHERE s.id = a.source_id") == [
        NOTICE
    ]


# Archives that cannot be used


def test_an_archive_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    crawling.run()
    connection = sqlite3.connect(tmp_path / "archive.db")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    before = contents(tmp_path)
    with pytest.raises(ArchiveUnusable, match="newer version"):
        crawling.run()
    assert contents(tmp_path) == before
    assert crawling.site.asked == []


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "archive.db")
    connection.execute("CREATE TABLE recipes (name)")
    connection.commit()
    connection.close()
    before = contents(tmp_path)
    with pytest.raises(ArchiveUnusable, match="another program"):
        Crawling(tmp_path, plain_site()[0]).run()
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the lock."""
    return {
        str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"
    }


def test_one_run_at_a_time(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    with locked(tmp_path, "crawl"), pytest.raises(LockHeld):
        crawling.run()
    assert crawling.site.asked == []
    assert crawling.run().outcome == "finished"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    crawling = Crawling(tmp_path / "file", plain_site()[0])
    with pytest.raises(ArchiveUnusable, match="Cannot write"):
        crawling.run()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_warc_files_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir(mode=0o555)
    crawling = Crawling(tmp_path, plain_site()[0])
    with pytest.raises(ArchiveUnusable, match="Cannot write"):
        crawling.run()
    assert crawling.site.asked == []
