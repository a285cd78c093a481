"""Weeks of nightly runs on a site that lives, by the real crawl: every article is captured at the next run, edits
within the adaptive interval, what is taken away stays, and health tells of an outage, a redesign and a changed notice,
each once, and of nothing else. SUSTA_NIGHTS=365 lives a year."""

import os
from collections import Counter
from dataclasses import replace

import pytest
from fake_site import FakeArticle, listing, page, plain_site, some_articles
from test_crawl import Crawling

from archive.errors import NothingCrawled
from archive.health_state import Change
from archive.health_terms import Level
from scraper.config import AuditSettings
from scraper.looking import look_and_tell

OK, WARNING, CRITICAL = Level.OK, Level.WARNING, Level.CRITICAL
NIGHTS = int(os.environ.get("SUSTA_NIGHTS", "34"))
OUTAGE = (10, 11, 12)
REDESIGN = (19, 20, 21, 22)
NEW_NOTICE = 29
OTHER_NOTICE = 'Ghi rõ nguồn "Cổng thông tin mới" và xin phép trước khi phát hành lại thông tin từ website này'


class LivingSite:
    """A site that gets an article most nights, and edits one; what it shows depends on the night."""

    def __init__(self) -> None:
        self.site, self.articles = plain_site(some_articles(70))
        self.published: dict[str, int] = {}
        self.edited: dict[str, int] = {}
        self.deleted: dict[str, int] = {}
        self._usual = dict(self.site.pages)

    def tonight(self, night: int) -> None:
        if night % 7 < 5 and night not in OUTAGE:
            one = FakeArticle(40_000 + night, f"Bản tin số {night} về phong trào sáng tạo của các huyện trong tỉnh")
            self.articles.insert(0, one)
            self.published[one.path] = night
        if night % 3 == 0:
            place = (night * 5) % len(self.articles)
            self.articles[place] = replace(self.articles[place], words=f"Bổ sung đêm {night}: có thêm số liệu mới.")
            self.edited[self.articles[place].path] = night
        if night % 8 == 7 and night not in (*OUTAGE, *REDESIGN):
            gone = self.articles.pop()
            self.deleted[gone.path] = night
        notice = {"notice": OTHER_NOTICE} if night >= NEW_NOTICE else {}
        pages = self.site.pages
        pages.clear()
        if night in OUTAGE:
            self.site.otherwise = lambda _: OSError("no route to host")
            return
        pages |= {"/robots.txt": self._usual["/robots.txt"]}
        pages["/"] = listing(["/khoa-hoc-cong-nghe", self.articles[0].path], heading="Trang chủ")
        pages["/khoa-hoc-cong-nghe"] = listing([one.path for one in self.articles])
        self.site.otherwise = type(self.site)().otherwise
        for one in self.articles:
            whole = replace(one, **notice).html()
            pages[one.path] = self._shell(one) if night in REDESIGN else whole

    @staticmethod
    def _shell(one: FakeArticle) -> str:
        """The new look: a script is to fetch the text."""
        return page(f'<div id="app" data-item="{one.number}"></div><script src="/app.js"></script>')


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Crawling, LivingSite, list[tuple[int, Change]], Counter[int]]:
    """Weeks of nights: the archive, the site, what was told on which night, and requests for pages by night."""
    living = LivingSite()
    crawling = Crawling(tmp_path_factory.mktemp("nights"), living.site, article_days=1.0, attempts=1)
    crawling.config = crawling.config.model_copy(update={"audit": AuditSettings(every_days=365)})
    told: list[tuple[int, Change]] = []
    asked: Counter[int] = Counter()
    for night in range(NIGHTS):
        living.tonight(night)
        try:
            crawling.run()
        except NothingCrawled:
            assert night in OUTAGE
        asked[night] = len(living.site.asked_pages())
        for hours in (0, 12):
            crawling.clock.pass_days(hours / 24)
            looked = look_and_tell(crawling.config, crawling.folder, crawling.clock.moment, free=lambda _: 10**11)
            assert looked.problems == []
            told += [(night, each) for each in looked.changes]
        crawling.clock.pass_days(0.5)
    return crawling, living, told, asked


Lived = tuple[Crawling, LivingSite, list[tuple[int, Change]], Counter[int]]


def test_each_misfortune_is_told_once_and_nothing_else(lived: Lived) -> None:
    changes = [(night, each.rule, each.before, each.now) for night, each in lived[2]]
    assert changes[:2] == [(OUTAGE[1], "runs", OK, WARNING), (OUTAGE[-1] + 1, "runs", WARNING, OK)]
    redesign = [each for each in changes[2:] if each[1] in ("redesign", "refusals")]
    assert redesign[:2] == [(REDESIGN[0], "refusals", OK, CRITICAL), (REDESIGN[0], "redesign", OK, CRITICAL)]
    assert sorted(each[1:] for each in redesign[2:]) == [
        ("redesign", CRITICAL, OK),
        ("refusals", CRITICAL, OK),
    ]
    assert all(night > REDESIGN[-1] for night, *_ in redesign[2:])
    assert [each for each in changes[2:] if each not in redesign] == [(NEW_NOTICE, "notice", OK, WARNING)]


def test_every_article_is_in_the_archive_at_the_next_run(lived: Lived) -> None:
    crawling, living, *_ = lived
    started = crawling.rows("SELECT id, started_at FROM runs")
    night_of_run = {run: place for place, (run, _) in enumerate(started)}
    first_run = dict(crawling.rows("SELECT url, min(run_id) FROM captures WHERE role = 'page' GROUP BY url"))
    unread = {path for path, night in living.published.items() if night in REDESIGN}  # captured, and not yet read well
    assert {one.path for one in living.articles} - set(crawling.article_paths()) <= unread
    for path, night in living.published.items():
        assert night_of_run[first_run[living.site.base[:-1] + path]] == night


def test_edits_are_captured_within_the_interval(lived: Lived) -> None:
    crawling, living, *_ = lived
    bodies = dict(crawling.rows("SELECT url, body FROM articles"))
    for one in living.articles:
        edited = living.edited.get(one.path, 0)
        # The interval grows by half at each look that finds nothing, so it is half of what went before, and a day.
        within = max(12, edited // 2 + 2)
        if one.words and edited + within < NIGHTS and edited not in OUTAGE:
            assert one.words in bodies[living.site.base[:-1] + one.path], edited


def test_what_is_taken_away_stays_and_is_known_to_be_gone(lived: Lived) -> None:
    crawling, living, *_ = lived
    gone = set(crawling.rows("SELECT url FROM articles WHERE gone_since IS NOT NULL"))
    base = living.site.base[:-1]
    assert set(living.deleted) <= set(crawling.article_paths())
    assert gone
    assert gone <= {base + path for path in living.deleted}


def test_no_night_asks_for_more_than_what_there_is(lived: Lived) -> None:
    _, living, _, asked = lived
    assert max(asked.values()) <= len(living.articles) + 3
    assert sum(asked.values()) / NIGHTS < len(living.articles)
