"""Answers that are no good pages: each has its row and its reason, and none ends the run."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_site import PDF, PNG, FakeArticle, FakeSite, Page, Reply, listing, page, plain_site
from test_crawl import Crawling

ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã")
GOOD = ONE.html().encode()
# The same page, longer than 20 kB on the wire whatever the coding.
LONG = FakeArticle(ONE.number, ONE.title, words=" ".join(f"{number * 7919 % 100_003:x}" for number in range(20_000)))


def crawl_of(folder: Path, odd: Page, **settings: Any) -> Crawling:
    """A site whose one article answers oddly."""
    site = FakeSite(pages={"/": listing([ONE.path, "/tin"]), "/tin": listing([ONE.path]), ONE.path: odd})
    return Crawling(folder, site, **settings)


def coded(body: bytes, coding: str) -> Reply:
    return Reply(body, headers=(("Content-Encoding", coding),))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply("gone", 404), "http-status"),
        (Reply("gone", 410), "http-status"),
        (Reply("forbidden", 403), "http-status"),
        (Reply("odd", 299), "http-status"),
        (Reply(PNG), "binary"),
        (Reply(PDF), "binary"),
        (Reply(PDF, media_type="application/pdf"), "not-html"),
        (Reply("{}", media_type="application/json"), "not-html"),
        (Reply("chỉ là chữ"), "not-html"),
        (Reply(" \n\t "), "empty"),
        (Reply(""), "empty"),
        (coded(GOOD, "br"), "undecodable"),
        (coded(gzip.compress(GOOD)[:-40], "gzip"), "undecodable"),
        (Reply(page("<h1>Không tìm thấy trang</h1><p>Trang bạn tìm không tồn tại.</p>")), "not-found"),
    ],
)
def test_an_odd_answer_is_refused_with_its_reason(tmp_path: Path, answer: Reply, reason: str) -> None:
    crawling = crawl_of(tmp_path, answer)
    report = crawling.run()
    assert crawling.refusals()[ONE.path] == reason
    assert crawling.article_paths() == []
    assert (report.outcome, report.failed) == ("finished", {})
    assert crawling.rows("SELECT count(*) FROM captures WHERE url LIKE ?", f"%{ONE.path}") == [1]


@pytest.mark.parametrize(
    "answer",
    [
        coded(gzip.compress(GOOD), "gzip"),
        coded(zlib.compress(GOOD), "deflate"),
        coded(GOOD, "gzip"),
        Reply(gzip.compress(GOOD)),
        Reply(GOOD, media_type=None),
        Reply(GOOD, media_type="TEXT/HTML"),
        Reply(GOOD, media_type="text/html; charset=no-such-charset"),
        Reply(GOOD.decode().encode("utf-16"), media_type="text/html"),
        Reply(b"\xef\xbb\xbf" + GOOD),
    ],
)
def test_an_article_is_an_article_however_it_is_sent(tmp_path: Path, answer: Reply) -> None:
    crawling = crawl_of(tmp_path, answer)
    assert crawling.run().new == 1
    assert crawling.rows("SELECT title FROM articles") == [ONE.title]


@pytest.mark.parametrize(
    "body",
    [
        GOOD.decode().encode("utf-16-le"),
        GOOD.decode().encode("latin-1", "replace"),
        GOOD[:-3] + b"\xe1\xbb",
        GOOD.replace(b"<p>", b"<p>\x00\xff\xfe"),
        b"<" * 20_000,
        bytes(5000),
        b"<div>" * 3000 + GOOD,
        b"<!DOCTYPE html><title>" + GOOD,
        "<h1>\u202e\u0000\ufffe</h1><p>Lượt xem: 3</p>".encode(),
    ],
)
def test_damaged_text_ends_in_an_article_or_a_refusal(tmp_path: Path, body: bytes) -> None:
    crawling = crawl_of(tmp_path, Reply(body))
    report = crawling.run()
    assert report.outcome == "finished"
    assert report.new + (ONE.path in crawling.refusals()) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(LONG.html()),
        coded(gzip.compress(LONG.html().encode()), "gzip"),
        Reply(LONG.html(), headers=(("Content-Length", "12"),)),
    ],
    ids=["plain", "gzip", "with a false length"],
)
def test_a_page_over_the_size_limit_is_kept_as_captured_and_is_no_article(tmp_path: Path, reply: Reply) -> None:
    crawling = crawl_of(tmp_path, reply, max_page_megabytes=0.02)
    assert crawling.run().new == 0
    assert crawling.refusals()[ONE.path] in ("truncated", "undecodable")
    (kept,) = crawling.rows("SELECT payload_length FROM captures WHERE url LIKE ?", f"%{ONE.path}")
    assert kept == 20_000


def test_a_page_that_grows_past_the_limit_only_when_unpacked_is_no_article(tmp_path: Path) -> None:
    bomb = gzip.compress(GOOD.replace(b"</body>", b" " * 3_000_000 + b"</body>"))
    assert len(bomb) < 20_000
    crawling = crawl_of(tmp_path, coded(bomb, "gzip"), max_page_megabytes=0.02)
    assert crawling.run().new == 0
    assert crawling.refusals()[ONE.path] == "truncated"


def test_an_endless_page_is_cut(tmp_path: Path) -> None:
    def endless(_: int) -> Page:
        return Reply(stream=iter(lambda: GOOD, b""))

    crawling = crawl_of(tmp_path, endless, max_page_megabytes=0.05)
    assert crawling.run().outcome == "finished"
    assert crawling.article_paths() == []


# Trouble that passes


@pytest.mark.parametrize(
    "trouble", [Reply("", 503), Reply("", 429), Reply("", 500), httpx.ReadTimeout("slow"), Reply("")], ids=repr
)
def test_trouble_at_the_first_try_does_no_harm(tmp_path: Path, trouble: Page) -> None:
    crawling = crawl_of(tmp_path, lambda visit: trouble if visit == 1 else Reply(GOOD))
    report = crawling.run()
    assert (report.new, report.failed) == (1, {})
    assert crawling.site.asked_pages().count(ONE.path) == 2


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Reply("", 503), "http-503"),
        (Reply("", 429), "http-429"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.ConnectError("refused"), "connect"),
        (httpx.RemoteProtocolError("broken off"), "broken-answer"),
    ],
)
def test_trouble_that_lasts_is_a_failure_and_tried_again_at_the_next_run(
    tmp_path: Path, trouble: Page, reason: str
) -> None:
    crawling = crawl_of(tmp_path, trouble)
    report = crawling.run()
    assert (report.new, report.failed, report.outcome) == (0, {reason: 1}, "finished")
    assert any(ONE.path in problem for problem in report.problems)
    crawling.site.pages[ONE.path] = Reply(GOOD)
    assert crawling.run().new == 1


def test_a_page_that_could_not_be_fetched_is_in_the_archive_too(tmp_path: Path) -> None:
    crawling = crawl_of(tmp_path, httpx.ReadTimeout("slow"))
    crawling.run()
    assert crawling.rows("SELECT url, reason, run_id FROM failures") == [(f"http://susta.test{ONE.path}", "timeout", 1)]


def test_an_empty_page_is_asked_again_in_the_same_run_then_refused(tmp_path: Path) -> None:
    crawling = crawl_of(tmp_path, Reply(""))
    report = crawling.run()
    assert crawling.site.asked_pages().count(ONE.path) == 2
    assert report.refused["empty"] == 1
    crawling.site.pages[ONE.path] = Reply(GOOD)
    assert crawling.run().new == 1


def test_an_empty_page_does_not_replace_the_article(tmp_path: Path) -> None:
    crawling = crawl_of(tmp_path, Reply(GOOD))
    crawling.run()
    crawling.site.pages[ONE.path] = Reply("")
    crawling.run(everything=True)
    assert crawling.rows("SELECT title, gone_since FROM articles") == [(ONE.title, None)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_page_is_an_answer_and_no_failure(tmp_path: Path, status: int) -> None:
    crawling = crawl_of(tmp_path, Reply("no", status))
    report = crawling.run()
    assert (report.failed, report.refused[f"http-status {status}"]) == ({}, 1)
    crawling.run()
    assert ONE.path not in crawling.site.asked_pages()


def test_when_everything_fails_nothing_was_crawled_and_the_archive_is_unharmed(tmp_path: Path) -> None:
    from archive.errors import NothingCrawled

    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    before = crawling.rows("SELECT url, title FROM articles")
    kept = dict(site.pages)
    for target in site.pages:
        site.pages[target] = httpx.ConnectError("refused")
    with pytest.raises(NothingCrawled, match="refused"):
        crawling.run()
    assert crawling.rows("SELECT url, title FROM articles") == before
    site.pages.update(kept)
    assert crawling.run(everything=True).unchanged == len(articles)
