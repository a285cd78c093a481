"""Only what is new or changed comes again: conditional requests, revisit records, and when a page is due."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from fake_site import ALLOW_ALL, PNG, Clock, FakeArticle, FakeSite, Reply, listing, plain_site, some_articles
from fastwarc.warc import ArchiveIterator, WarcRecordType
from test_crawl import Crawling

from archive.query import Archive
from archive.warc import warc_paths
from scraper.rebuild import rebuild

SAVED = "Thu, 22 Nov 2026 02:00:00 GMT"


class Careful:
    """A server that knows what it sent: `ETag` or `Last-Modified`, and 304 to who has it."""

    def __init__(self, site: FakeSite, target: str, body: str | bytes, *, by: str = "etag") -> None:
        self.site, self.target, self.body, self.by = site, target, body, by
        self.saved = SAVED
        self.asked_with: list[dict[str, str]] = []
        site.pages[target] = lambda _: self.answer()

    def answer(self) -> Reply:
        headers = self.site.requests[-1].headers
        named = {name: headers[name] for name in ("if-none-match", "if-modified-since") if name in headers}
        self.asked_with.append(named)
        body = self.body.encode() if isinstance(self.body, str) else self.body
        tag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        mark = ("ETag", tag) if self.by == "etag" else ("Last-Modified", self.saved)
        if (self.by == "etag" and named.get("if-none-match") == tag) or (
            self.by == "modified" and named.get("if-modified-since") == self.saved
        ):
            return Reply(b"", 304, media_type=None, headers=(mark,))
        return Reply(body, headers=(mark,))


def careful_site(count: int = 6, *, by: str = "etag") -> tuple[FakeSite, list[FakeArticle], dict[str, Careful]]:
    """A site whose every page answers conditional requests."""
    site, articles = plain_site(some_articles(count))
    site.otherwise = lambda _: Reply("", 404)
    kept = {}
    for target, body in list(site.pages.items()):
        if target != "/robots.txt":
            assert isinstance(body, str | bytes)
            kept[target] = Careful(site, target, body, by=by)
    return site, articles, kept


def revisit_records(folder: Path) -> list[dict[str, str]]:
    found = []
    for path in warc_paths(folder / "warc"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.revisit, parse_http=False):
                fields = {name.lower(): value for name, value in record.headers}
                found.append(fields)
    return found


def states(crawling: Crawling) -> list[tuple[object, ...]]:
    """What the archive says, without the ids of runs."""
    return [
        crawling.rows("SELECT url, title, body, content_sha256, first_seen, last_seen, gone_since FROM articles"),
        crawling.rows("SELECT article_id, number, seen_at, capture_id FROM revisions"),
        crawling.rows("SELECT article_id, seen_at, views FROM views"),
        crawling.rows("SELECT url, fetched_at, status, payload_sha256, payload_length, revisit_of FROM captures"),
        crawling.rows("SELECT capture_id, article_id, content_sha256, refusal FROM derivations"),
        crawling.rows("SELECT url, reason, capture_id FROM refusals"),
    ]


@pytest.mark.parametrize("by", ["etag", "modified"])
def test_an_unchanged_page_is_not_sent_again(tmp_path: Path, by: str) -> None:
    site, articles, _ = careful_site(by=by)
    crawling = Crawling(tmp_path, site)
    first = crawling.run()
    crawling.clock.pass_days(30)
    second = crawling.run()
    assert second.fetched == second.not_modified == len(articles) + 2
    assert second.unchanged == len(articles)
    robots = len(ALLOW_ALL)  # comes with every run, and is kept once
    assert (second.bytes, second.saved) == (robots, first.bytes - robots)
    assert second.identical == 1


def test_a_first_visit_asks_for_the_whole_page(tmp_path: Path) -> None:
    site, _, kept = careful_site()
    Crawling(tmp_path, site).run()
    assert all(one.asked_with == [{}] for one in kept.values())


def test_a_page_that_changed_comes_whole_and_is_a_revision(tmp_path: Path) -> None:
    site, articles, kept = careful_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(30)
    edited = kept[articles[0].path]
    edited.body = replace(articles[0], words="Đoạn này được thêm sau khi bài đã đăng trên trang tin.").html()
    report = crawling.run()
    assert (report.changed, report.unchanged) == (1, len(articles) - 1)
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles) + 1]
    crawling.clock.pass_days(30)
    assert crawling.run().not_modified == len(articles) + 2  # asked with the new validator


def test_the_answer_304_is_a_revisit_record_that_names_what_it_stands_for(tmp_path: Path) -> None:
    site, articles, _ = careful_site(1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(30)
    crawling.run()
    url = site.base[:-1] + articles[0].path
    (record,) = [one for one in revisit_records(tmp_path) if one["warc-target-uri"] == url]
    assert record["warc-profile"].endswith("/revisit/server-not-modified")
    ((first, digest),) = crawling.rows(
        "SELECT fetched_at, payload_sha256 FROM captures WHERE url = ? AND status = 200", url
    )
    assert (record["warc-refers-to-target-uri"], record["warc-refers-to-date"]) == (url, first)
    ((capture_id, again),) = crawling.rows(
        "SELECT id, payload_sha256 FROM captures WHERE url = ? AND status = 304", url
    )
    assert again == digest
    with Archive.open(tmp_path) as archive:
        assert hashlib.sha256(archive.capture(capture_id).body).hexdigest() == digest


def test_the_same_bytes_are_kept_once_and_referred_to(tmp_path: Path) -> None:
    articles = some_articles(3)
    twice = [
        FakeArticle(40001 + n, f"Bài thứ {n} có chung một ảnh", photos=((f"/anh/{n}.png", "Toàn cảnh buổi lễ"),))
        for n in range(2)
    ]
    site, _ = plain_site([*articles, *twice])
    site.pages |= {f"/anh/{n}.png": Reply(PNG, media_type="image/png") for n in range(2)}
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert report.identical == 1
    (record,) = revisit_records(tmp_path)
    assert record["warc-profile"].endswith("/revisit/identical-payload-digest")
    assert record["warc-payload-digest"].startswith("sha1:")
    captures = crawling.rows("SELECT c.id FROM photos p JOIN captures c ON c.id = p.capture_id")
    with Archive.open(tmp_path) as archive:
        assert [archive.capture(capture_id).body for capture_id in captures] == [PNG, PNG]
    assert crawling.rows("SELECT count(*) FROM captures WHERE role = 'media' AND revisit_of IS NOT NULL") == [1]


def test_a_rebuild_reads_revisits_as_the_crawl_did(tmp_path: Path) -> None:
    site, articles, kept = careful_site(5)
    crawling = Crawling(tmp_path, site)
    for day in range(4):
        crawling.run(everything=True)
        crawling.clock.pass_days(2)
        edited = replace(articles[day % 2], words=f"Bản sửa ngày thứ {day}, có thêm một câu về kết quả buổi làm việc.")
        kept[edited.path].body = edited.html()
    before = states(crawling)
    assert crawling.rows("SELECT count(*) FROM captures WHERE status = 304")[0] > 10
    rebuild(crawling.config, tmp_path)
    assert states(crawling) == before


def test_after_the_plan_was_lost_unchanged_pages_still_lead_to_the_rest(tmp_path: Path) -> None:
    """frontier.db can be removed at any time; a start page that answers 304 must not end the crawl there."""
    site, articles, _ = careful_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(1)
    crawling.run()
    for path in tmp_path.glob("frontier.db*"):
        path.unlink()
    report = crawling.run()
    assert report.fetched == len(articles) + 2


def test_a_view_counter_not_seen_again_is_no_measurement(tmp_path: Path) -> None:
    site, articles, _ = careful_site(2)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    measured = crawling.rows("SELECT seen_at, views FROM views")
    crawling.clock.pass_days(30)
    crawling.run()
    assert len(measured) == len(articles)
    assert crawling.rows("SELECT seen_at, views FROM views") == measured


def test_a_304_that_nobody_asked_for_is_no_answer(tmp_path: Path) -> None:
    site, articles = plain_site(some_articles(3))
    good, site.pages[articles[0].path] = site.pages[articles[0].path], Reply(b"", 304, media_type=None)
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert (report.new, report.failed) == (2, {"http-304": 1})
    site.pages[articles[0].path] = good
    assert crawling.run().new == 1


@pytest.mark.parametrize("spoilt", [Reply(b"", 200), Reply("", 404), Reply("", 503)], ids=["empty", "404", "503"])
def test_after_an_answer_that_was_no_page_it_is_asked_for_whole(tmp_path: Path, spoilt: Reply) -> None:
    site, articles, kept = careful_site(2)
    target = articles[0].path
    crawling = Crawling(tmp_path, site)
    crawling.run()
    good, site.pages[target] = site.pages[target], spoilt
    crawling.clock.pass_days(30)
    crawling.run()
    site.pages[target] = good
    crawling.clock.pass_days(30)
    before = len(kept[target].asked_with)
    crawling.run()
    asked = kept[target].asked_with[before:]
    assert asked[0] == ({} if spoilt.status != 503 else asked[0])
    assert crawling.rows("SELECT count(*) FROM articles") == [2]


def test_once_in_the_longest_interval_a_page_is_asked_for_whole(tmp_path: Path) -> None:
    """A server may be wrong about what changed."""
    site, _, kept = careful_site(1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    for _ in range(4):
        crawling.clock.pass_days(50)
        crawling.run(everything=True)
    asked = [bool(headers) for headers in kept["/"].asked_with]
    assert asked == [False, True, True, True, False]  # 200 days are more than 180


# When a page is due


def due_in_days(crawling: Crawling, path: str) -> float:
    with sqlite3.connect(crawling.folder / "frontier.db") as frontier:
        (due,) = frontier.execute(
            "SELECT due_at FROM addresses WHERE url = ?", (crawling.site.base[:-1] + path,)
        ).fetchone()
    frontier.close()
    return float(due - crawling.clock.moment.timestamp()) / 86_400


def test_an_old_article_is_asked_for_rarely(tmp_path: Path) -> None:
    clock = Clock()
    old = FakeArticle(30001, "Hội thảo về cây cà phê nhiều năm trước")
    new = FakeArticle(30002, "Hội thảo về cây chè trong tuần này")
    site, _ = plain_site([old, new])
    for article, day in ((old, "05/01/2023"), (new, clock.moment.strftime("%d/%m/%Y"))):
        opening = f"Ngày {day}, tại thành phố Sơn La, Liên hiệp hội tổ chức hội thảo với hơn năm mươi đại biểu."
        site.pages[article.path] = article.html().replace("<div><p>", f"<div><p>{opening}</p><p>")
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.rows("SELECT date IS NOT NULL FROM articles") == [1, 1]
    assert due_in_days(crawling, new.path) == pytest.approx(7, abs=0.1)
    assert 100 < due_in_days(crawling, old.path) <= 180


@pytest.mark.parametrize("status", [404, 410])
def test_an_absence_is_certain_within_days_and_nothing_is_deleted(tmp_path: Path, status: int) -> None:
    site, articles = plain_site(some_articles(3))
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(100)
    crawling.run()  # unchanged, so due more and more rarely
    good, site.pages[articles[0].path] = site.pages[articles[0].path], Reply("", status)
    crawling.clock.pass_days(100)
    crawling.run()
    first_missed = crawling.clock.moment
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [0]
    while not crawling.rows("SELECT gone_since FROM articles WHERE gone_since IS NOT NULL"):
        crawling.clock.pass_days(1)
        crawling.run()
        assert (crawling.clock.moment - first_missed).days <= 7
    assert (crawling.clock.moment - first_missed).days >= 3
    assert crawling.rows("SELECT count(*) FROM articles") == [3]
    site.pages[articles[0].path] = good
    crawling.clock.pass_days(30)
    crawling.run()
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [0]


def test_a_counter_or_an_advert_is_no_change(tmp_path: Path) -> None:
    article = some_articles(1)[0]
    site, _ = plain_site([article])
    visits: list[int] = []

    def counted(visit: int) -> str:
        visits.append(visit)
        return article.html(views=500 + visit, links=[f"/quang-cao-{visit}-{70000 + visit}"])

    site.pages[article.path] = counted
    crawling = Crawling(tmp_path, site)
    crawling.run()
    due = due_in_days(crawling, article.path)
    crawling.clock.pass_days(30)
    report = crawling.run()
    assert (report.changed, len(visits)) == (0, 2)
    assert crawling.rows("SELECT count(*) FROM revisions") == [1]
    assert crawling.rows("SELECT count(DISTINCT views) FROM views") == [2]
    assert due_in_days(crawling, article.path) == pytest.approx(due * 1.5, rel=0.05)


def test_a_run_over_an_unchanged_site_costs_about_its_listings(tmp_path: Path) -> None:
    articles = some_articles(60)
    site = FakeSite()
    site.pages["/"] = listing(["/tin"], heading="Trang chủ")
    for number in range(6):
        own = [one.path for one in articles[number * 10 : number * 10 + 10]]
        target = "/tin" if number == 0 else f"/tin?page={number + 1}"
        site.pages[target] = listing(own, next_page=f"/tin?page={number + 2}" if number < 5 else None)
    site.pages |= {one.path: one.html() for one in articles}
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(1)
    assert crawling.run().fetched == 2  # the start page and the listing's first page
