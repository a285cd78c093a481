"""Captures that others made years ago, taken in between runs, find their place in the past, in a crawl's archive and in
a rebuilt one alike; the newest state stays what the site said last."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest
from fake_site import FakeArticle
from test_any_history import TABLES, Life, contents
from test_crawl import Crawling

from archive.records import Role
from archive.store import RunCounts
from archive.warc import FOLDER_NAME, Exchange, WarcFiles
from scraper.derive import RUN_FINISHED, RUN_STARTED
from scraper.rebuild import rebuild

HTML_HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: "old"'


def take_in(crawling: Crawling, life: Life, article: FakeArticle, year: int, *, gone: bool) -> None:
    """One old capture, in a run of its own at the end of the WARC files; the next run works it in."""
    at = crawling.clock.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    files = WarcFiles(crawling.folder / FOLDER_NAME, software="test")
    started = {"at": at, "software": "another/1", "start_urls": [], "kind": "import"}
    files.append_event(RUN_STARTED, at, started)
    url = life.site.base[:-1] + article.path
    request = f"GET {article.path} HTTP/1.1\r\nHost: fake\r\n".encode()
    head, body = (b"HTTP/1.1 404 Not Found", b"") if gone else (HTML_HEAD, article.html(views=1).encode())
    status = 404 if gone else 200
    files.append(Exchange(url, f"{year}-03-01T00:00:00.000000Z", Role.PAGE, status, request, head, body))
    files.append_event(RUN_FINISHED, at, {"at": at, "outcome": "finished", "counts": asdict(RunCounts())})
    files.close()


@pytest.mark.parametrize("seed", range(20, 26))
def test_old_captures_never_count_as_the_newest_state(tmp_path: Path, seed: int) -> None:
    life = Life(seed)
    crawling = Crawling(tmp_path, life.site)
    for _ in range(3):
        life.happen()
        crawling.run(everything=True)
        crawling.clock.pass_days(5)
        for _ in range(life.draw.randint(1, 3)):
            article = life.draw.choice(life.articles)
            old = replace(article, words=life.draw.choice((article.words, "Lời của nhiều năm trước đây.")))
            take_in(crawling, life, old, life.draw.randint(2008, 2020), gone=life.draw.random() < 0.3)
            crawling.clock.pass_days(0.1)
    crawling.run(everything=True)
    standing = [one for one in life.articles if one.path not in life.gone]
    for article in standing:
        ((body, gone),) = crawling.rows("SELECT body, gone_since FROM articles WHERE site_id = ?", article.number)
        assert article.words in body
        assert "nhiều năm trước" not in body
        assert gone is None
    assert crawling.rows("SELECT count(*) FROM revisions WHERE seen_at < '2021'")[0]
    told = crawling.rows("SELECT article_id, number, seen_at, capture_id FROM revisions ORDER BY article_id, seen_at")
    assert told == sorted(told)
    before = contents(crawling)
    rebuild(crawling.config, tmp_path)
    after = contents(crawling)
    for table in TABLES:
        assert after[table] == before[table], table
