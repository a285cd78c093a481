"""Whatever happens to a site between runs, and wherever runs are cut off: the archive is what its WARC files say."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pytest
from fake_site import HTML, FakeArticle, FakeSite, Reply, listing, page, some_articles
from test_crawl import Crawling
from test_crawl_crashes import Crash, crash_after, dump

from archive.query import Archive
from scraper import derive
from scraper import rebuild as rebuilding
from scraper.extract.frame import Learner
from scraper.rebuild import rebuild

TABLES = {
    "articles": "url, site_id, title, body, byline, date, views, content_sha256, capture_id, first_seen, last_seen,"
    " gone_since, credit, doubts",
    "revisions": "article_id, number, seen_at, capture_id, content_sha256",
    "views": "article_id, seen_at, views, capture_id",
    "captures": "url, fetched_at, status, role, payload_sha256, payload_length, etag, last_modified, revisit_of,"
    " warc_file, warc_offset, run_id",
    "derivations": "capture_id, article_id, content_sha256, refusal, frame_id",
    "refusals": "url, capture_id, reason, detail",
    "aliases": "url, article_id, reason",
    "photos": "article_id, position, url, caption, sha256, capture_id",
    "not_found_pages": "capture_id, site, target",
    "runs": "started_at, outcome, fetched, new, changed, unchanged, not_modified, identical, saved, bytes",
}


class Life:
    """A site to which something happens before every run."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.site = FakeSite()
        self.articles = some_articles(self.draw.randint(4, 12))
        self.gone: dict[str, Reply] = {}
        self.tagged = self.draw.random() < 0.7

    def happen(self) -> None:
        """One to four events, then the pages as they are after them."""
        for _ in range(self.draw.randint(1, 4)):
            self.draw.choice((self.edit, self.add, self.lose, self.return_, self.move, self.picture))()
        self.publish()

    def edit(self) -> None:
        place = self.draw.randrange(len(self.articles))
        words = f"Bản sửa số {self.draw.randrange(10**6)} có thêm một câu về kết quả của buổi làm việc."
        self.articles[place] = replace(self.articles[place], words=words)

    def add(self) -> None:
        number = 50_000 + self.draw.randrange(10_000)
        self.articles.append(FakeArticle(number, f"Lớp tập huấn mới mở đợt {number} cho hội viên nông dân"))

    def lose(self) -> None:
        lost = self.draw.choice(self.articles).path
        self.gone[lost] = Reply("", self.draw.choice((404, 410, 500)))

    def return_(self) -> None:
        if self.gone:
            self.gone.pop(self.draw.choice(sorted(self.gone)))

    def move(self) -> None:
        place = self.draw.randrange(len(self.articles))
        old = self.articles[place]
        self.articles[place] = replace(old, title=f"{old.title} bổ sung"[:90], category="tin-hoat-dong")
        if self.articles[place].path != old.path:
            self.gone[old.path] = Reply("", 301, headers=(("Location", self.articles[place].path),))

    def picture(self) -> None:
        place = self.draw.randrange(len(self.articles))
        shared = self.draw.choice(("chung", str(self.draw.randrange(99))))
        photos = ((f"/anh/{shared}-{place}.png", "Đại biểu dự buổi làm việc"),)
        self.articles[place] = replace(self.articles[place], photos=photos)
        self.site.pages[photos[0][0]] = Reply(b"\x89PNG\r\n\x1a\n" + shared.encode() * 30, media_type="image/png")

    def publish(self) -> None:
        pages: dict[str, str] = {one.path: one.html(views=self.draw.randrange(9000)) for one in self.articles}
        paths = [one.path for one in self.articles]
        pages["/tin"] = listing(paths)
        pages["/"] = listing(["/tin", *paths[-3:]], heading="Trang chủ")
        pages["/gioi-thieu"] = page("<h1>Giới thiệu</h1>")
        for target, body in pages.items():
            self.site.pages[target] = self._answering(target, body)
        self.site.pages |= self.gone

    def _answering(self, target: str, body: str) -> object:
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:8]}"'
        headers = (("ETag", tag),) if self.tagged else ()

        def answer(_: int) -> Reply:
            if self.tagged and self.site.requests[-1].headers.get("if-none-match") == tag:
                return Reply("", 304, media_type=None, headers=headers)
            return Reply(body, media_type=HTML, headers=headers)

        return answer


def contents(crawling: Crawling) -> dict[str, list[object]]:
    return {
        table: sorted(crawling.rows(f"SELECT {columns} FROM {table}"), key=repr) for table, columns in TABLES.items()
    }


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("seed", range(8))
def test_the_archive_is_what_its_warc_files_say(
    tmp_path: Path, seed: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_WORTH_WORKERS", 0)
    if seed % 2:  # the frame is learned within the run
        monkeypatch.setattr(derive, "_SHOWN", 9)
        monkeypatch.setattr(Learner, "ENOUGH", 5)
    life = Life(seed)
    crawling = Crawling(tmp_path, life.site)
    for _ in range(life.draw.randint(4, 7)):
        life.happen()
        if life.draw.random() < 0.3:
            try:
                crawling.run(crash_after(life.draw.randint(1, 12)))
            except Crash:
                crawling.clock.pass_days(0.01)
        crawling.run(everything=life.draw.random() < 0.5)
        crawling.clock.pass_days(life.draw.choice((0.5, 1, 4, 30)))
    crawling.run(everything=True)
    standing = {life.site.base[:-1] + one.path for one in life.articles if one.path not in life.gone}
    assert standing <= set(crawling.rows("SELECT url FROM articles UNION SELECT url FROM aliases"))
    numbers = crawling.rows("SELECT site_id FROM articles")
    assert len(numbers) == len(set(numbers))
    with Archive.open(tmp_path) as archive:
        for capture_id, digest in crawling.rows("SELECT id, payload_sha256 FROM captures"):
            assert hashlib.sha256(archive.capture(capture_id).body).hexdigest() == digest
    before = contents(crawling)
    dumped = dump(tmp_path)
    (tmp_path / "archive.db").unlink()
    rebuild(crawling.config, tmp_path, jobs=jobs)
    after = contents(crawling)
    for table in TABLES:
        assert after[table] == before[table], table
    assert dump(tmp_path) == dumped
