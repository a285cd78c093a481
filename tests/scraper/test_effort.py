"""What a site is asked for stays in proportion to what is found there: at [revisit] effort 0.3 no more than 1.3
requests for each article found new or changed, plus what every run asks for. Each new article is in the archive at the
next run; where the site's sitemap dates what it has, each edit is too."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_site import FakeArticle, FakeSite, Reply, listing, some_articles
from test_crawl import Crawling

from archive import schema
from scraper.allowance import visits_allowed
from scraper.config import RevisitSettings
from scraper.plan import plan

NIGHTS, OLD = 45, 45
EFFORT = 0.3
LISTINGS = 2  # the home page and one listing


class DatedSite:
    """Most nights an article is new, every fifth night an old one is edited; the sitemap dates each, if it dates."""

    def __init__(self, *, dates: bool) -> None:
        self.dates, self.site = dates, FakeSite()
        self.articles = {one.path: one for one in some_articles(OLD)}
        self.changed = dict.fromkeys(self.articles, datetime(2024, 5, 1, tzinfo=UTC))
        self.published: dict[str, int] = {}
        self.edited: list[tuple[int, str, str]] = []

    def tonight(self, night: int, now: datetime) -> None:
        if night and night % 7 < 5:
            one = FakeArticle(40_000 + night, f"Bản tin số {night} về phong trào sáng tạo của các huyện trong tỉnh")
            self.articles[one.path], self.published[one.path] = one, night
            self.changed[one.path] = now - timedelta(hours=9)
        if night and night % 5 == 0:
            path = list(self.articles)[(night * 7) % OLD]
            words = f"Bổ sung đêm {night}: có thêm số liệu mới."
            self.articles[path] = replace(self.articles[path], words=words)
            self.edited.append((night, path, words))
            self.changed[path] = now - timedelta(hours=9)
        newest = list(self.articles)[::-1][:30]
        self.site.pages["/"] = listing(["/khoa-hoc-cong-nghe", newest[0]], heading="Trang chủ")
        self.site.pages["/khoa-hoc-cong-nghe"] = listing(newest if night else list(self.articles))
        self.site.pages["/sitemap.xml"] = Reply(self._sitemap(), media_type="application/xml")
        for path, one in self.articles.items():
            self.site.pages[path] = one.html(views=night)

    def _sitemap(self) -> str:
        dated = {
            path: f"<lastmod>{at.isoformat()}</lastmod>" if self.dates else "" for path, at in self.changed.items()
        }
        urls = "".join(f"<url><loc>{self.site.base[:-1]}{path}</loc>{day}</url>" for path, day in dated.items())
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


@pytest.mark.parametrize("dates", [True, False], ids=["dated", "undated"])
def test_weeks_of_nights_ask_for_no_more_than_was_promised(tmp_path: Path, dates: bool) -> None:
    living = DatedSite(dates=dates)
    crawling = Crawling(tmp_path, living.site, effort=EFFORT, article_days=3.0)
    for night in range(NIGHTS):
        living.tonight(night, crawling.clock.moment)
        crawling.run()
        assert len([target for target in living.site.asked_pages() if target not in living.articles]) <= LISTINGS
        crawling.clock.pass_days(1)
    found, idle = crawling.rows("SELECT sum(new + changed), sum(unchanged) FROM runs WHERE id > 1")[0]
    asked = crawling.rows("SELECT count(*) FROM captures WHERE role = 'page' AND run_id > 1 AND url LIKE '%-_____'")
    assert asked == [found + idle]
    assert found >= len(living.published)
    assert 1.1 * found <= found + idle <= (1 + EFFORT) * found  # and what may be asked for, is
    _assert_at_the_next_run(crawling, living)


def _assert_at_the_next_run(crawling: Crawling, living: DatedSite) -> None:
    """Each new article; and each edit, where the sitemap tells of it."""
    base = living.site.base[:-1]
    first = dict(crawling.rows("SELECT url, min(run_id) FROM captures WHERE role = 'page' GROUP BY url"))
    assert {path: first[base + path] - 1 for path in living.published} == living.published
    for night, path, words in living.edited if living.dates else []:
        runs = crawling.rows(
            "SELECT min(c.run_id) FROM revisions r JOIN captures c ON c.id = r.capture_id JOIN articles a"
            " ON a.id = r.article_id WHERE a.url = ? AND instr(r.record, ?)",
            base + path,
            words,
        )
        assert runs == [night + 1], (night, path)


def test_the_plan_is_what_the_run_then_asks_for(tmp_path: Path) -> None:
    living = DatedSite(dates=False)
    crawling = Crawling(tmp_path, living.site, effort=EFFORT, article_days=3.0)
    for night in range(5):
        living.tonight(night, crawling.clock.moment)
        crawling.run()
        crawling.clock.pass_days(2)
    planned = plan(crawling.config, tmp_path, now=crawling.clock.moment).addresses
    due = [each.url for each in planned if each.reason == "due"]
    crawling.run()
    assert len(due) == 1  # 0.3 of the four that were new; dozens are due
    assert [url for url in living.site.asked if url.removeprefix(living.site.base[:-1]) in living.articles] == due


def runs_of(folder: Path, rows: list[tuple[str, str, str, int, int, int]]) -> sqlite3.Connection:
    db = schema.connect(folder / "archive.db", create=True)
    for kind, started, outcome, new, changed, unchanged in rows:
        db.execute(
            "INSERT INTO runs (kind, started_at, outcome, software, start_urls, new, changed, unchanged)"
            " VALUES (?, ?, ?, 'x', '[]', ?, ?, ?)",
            (kind, started, outcome, new, changed, unchanged),
        )
    return db


def test_the_harvest_imports_and_old_runs_give_no_credit(tmp_path: Path) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    db = runs_of(
        tmp_path,
        [
            ("crawl", "2026-03-01T02:00:00Z", "interrupted", 4000, 0, 0),
            ("crawl", "2026-05-20T02:00:00Z", "finished", 1000, 0, 0),
            ("import", "2026-05-21T02:00:00Z", "finished", 500, 0, 0),
            ("crawl", "2026-05-22T02:00:00Z", "finished", 6, 4, 1),
        ],
    )
    assert visits_allowed(db, RevisitSettings(effort=0.3), now) == 2
    assert visits_allowed(db, RevisitSettings(effort=0.1), now) == 0
    assert visits_allowed(db, RevisitSettings(effort=0.05), now) == 0
    assert visits_allowed(db, RevisitSettings(), now) is None
    assert visits_allowed(db, RevisitSettings(effort=0.3), now + timedelta(days=40)) == 0
