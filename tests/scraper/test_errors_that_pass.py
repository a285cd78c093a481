"""An error of one day hides nothing: what answered with one is asked for again soon, and more rarely if it lasts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from fake_site import PNG, FakeArticle, FakeSite, Page, Reply, listing, page, plain_site
from test_crawl import Crawling, redirect

from scraper.why import why

PICTURE = Reply(PNG, media_type="image/png")
NO_FILE: dict[str, Page] = {
    "404": Reply("không có", 404),
    "403": Reply("cấm", 403),
    "401": Reply("", 401),
    "nothing": Reply("", media_type="image/png"),
    "a page": page("<h1>Vui lòng đăng nhập</h1>"),
    "redirect out of scope": redirect("http://khac.test/anh.png"),
    "redirect to what is not there": redirect("/anh/mat.png"),
    "redirect to a page": redirect("/khoa-hoc-cong-nghe"),
}
ERRORS: dict[str, Page] = {
    str(status): Reply("<h1>Từ chối truy cập</h1>", status) for status in (400, 401, 403, 406, 451)
}


def pictured() -> tuple[FakeSite, FakeArticle]:
    one = FakeArticle(30001, "Bài có ảnh về mùa cà phê chè", photos=(("/anh/mot.png", "Toàn cảnh buổi làm việc"),))
    site, _ = plain_site([one])
    return site, one


DAYS = (*range(20), 33, 34, 35, 65, 66, 67, 120)  # with runs: the days before and after those that are of interest


def digests(crawling: Crawling) -> list[str | None]:
    return crawling.rows("SELECT sha256 FROM photos")


@pytest.mark.parametrize("name", NO_FILE)
def test_a_picture_that_did_not_come_is_asked_for_at_the_next_run(tmp_path: Path, name: str) -> None:
    site, _ = pictured()
    site.pages["/anh/mot.png"] = NO_FILE[name]
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert digests(crawling) == [None]
    site.pages["/anh/mot.png"] = PICTURE
    crawling.run()
    assert digests(crawling) != [None]
    crawling.clock.pass_days(400)
    crawling.run(everything=True)
    assert "/anh/mot.png" not in site.asked_pages(), "captured once is enough"


@pytest.mark.parametrize("name", NO_FILE)
def test_a_picture_that_never_comes_is_asked_for_over_days_and_then_rarely(tmp_path: Path, name: str) -> None:
    site, _ = pictured()
    site.pages["/anh/mot.png"] = NO_FILE[name]
    crawling = Crawling(tmp_path, site)
    asked = []
    for day, following in pairwise(DAYS):
        crawling.run()
        asked += [day] if "/anh/mot.png" in site.asked_pages() else []
        crawling.clock.pass_days(following - day)
    assert asked == [0, 1, 2, 3, 4, 6, 10, 18, 34, 66]


def test_a_redirect_to_a_file_is_asked_for_once(tmp_path: Path) -> None:
    site, _ = pictured()
    site.pages |= {"/anh/mot.png": redirect("/a"), "/a": redirect("/b.png"), "/b.png": PICTURE}
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(400)
    crawling.run(everything=True)
    assert not {"/anh/mot.png", "/a", "/b.png"} & set(site.asked_pages())
    assert digests(crawling) != [None]


@pytest.mark.parametrize(
    ("name", "words"), [("404", "answered 404"), ("nothing", "no bytes"), ("a page", "a page came")]
)
def test_why_says_that_no_file_came_and_when_it_is_tried_again(tmp_path: Path, name: str, words: str) -> None:
    site, _ = pictured()
    site.pages["/anh/mot.png"] = NO_FILE[name]
    crawling = Crawling(tmp_path, site)
    crawling.run()
    said = why(f"{site.base}anh/mot.png", crawling.config, tmp_path, crawling.clock.moment).due
    assert words in said
    assert "no file came" in said
    assert "at the next run" in said


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_of_one_day_hides_no_article(tmp_path: Path, status: str) -> None:
    site, articles = plain_site()
    whole = site.pages[articles[1].path]
    site.pages[articles[1].path] = ERRORS[status]
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages[articles[1].path] = whole
    assert crawling.run().new == 1
    assert crawling.article_paths() == sorted(one.path for one in articles)
    crawling.clock.pass_days(6)
    crawling.run()
    assert articles[1].path not in site.asked_pages(), "it is an article like any other from then on"


def test_an_error_that_lasts_is_asked_about_ever_more_rarely(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages[articles[1].path] = ERRORS["403"]
    crawling = Crawling(tmp_path, site)
    asked = []
    for day, following in pairwise(DAYS):
        crawling.run()
        asked += [day] if articles[1].path in site.asked_pages() else []
        crawling.clock.pass_days(following - day)
    assert asked == [0, 1, 2, 3, 4, 6, 10, 18, 34, 66]
    said = why(site.base[:-1] + articles[1].path, crawling.config, tmp_path, crawling.clock.moment)
    assert "it answered 403, an error that may pass" in said.due


@pytest.mark.parametrize("status", ["403", "404"])
def test_a_listing_that_failed_once_is_asked_for_at_every_run_again(tmp_path: Path, status: str) -> None:
    site, articles = plain_site()
    whole = listing([one.path for one in articles])
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages["/khoa-hoc-cong-nghe"] = Reply("<h1>Lỗi</h1>", int(status))
    crawling.run()
    site.pages["/khoa-hoc-cong-nghe"] = whole
    for _ in range(2):
        crawling.run()
        assert "/khoa-hoc-cong-nghe" in site.asked_pages()


def test_a_listing_that_is_gone_for_good_costs_less_and_less(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages["/khoa-hoc-cong-nghe"] = Reply("<h1>Lỗi</h1>", 404)
    asked = 0
    for _ in range(60):
        crawling.clock.pass_days(1)
        crawling.run()
        asked += "/khoa-hoc-cong-nghe" in site.asked_pages()
    assert asked <= 10
