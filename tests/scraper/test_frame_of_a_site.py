"""The frame of a site over the life of an archive: learned, kept at a redesign, and the same after a rebuild."""

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_site import Clock, FakeArticle, FakeSite, config_for, listing, some_articles

from scraper import derive
from scraper.config import parse_config
from scraper.crawl import crawl
from scraper.demo import DemoSite
from scraper.extract.frame import Learner
from scraper.fetch import World
from scraper.reading import Question, Readers
from scraper.rebuild import rebuild
from scraper.report import Report

CONFIG = parse_config({"site": {"start_urls": ["http://susta.example/"]}, "crawl": {"delay_seconds": 0}})
DERIVED = ("articles", "revisions", "photos", "attachments", "frames", "derivations", "refusals", "views", "aliases")


def visit(folder: Path, *, markup: str | None = None, edition: int = 1, **options: Any) -> Report:
    never = threading.Event()
    with DemoSite(articles=24, markup=markup, edition=edition) as site:
        port = int(site.base_url.rstrip("/").rpartition(":")[2])
        world = World(pause=never.wait, stopped=never.is_set, connect_to={"susta.example": ("127.0.0.1", port)})
        return crawl(CONFIG, folder, world=world, **options)


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return {table: opened.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in DERIVED}


def test_many_short_runs_learn_what_none_of_them_could_alone(tmp_path: Path) -> None:
    for _ in range(4):
        visit(tmp_path, limit=4)
    kept = rows(tmp_path)
    assert len(kept["frames"]) == 1
    rebuild(CONFIG, tmp_path)
    assert rows(tmp_path) == kept


@pytest.mark.parametrize("markups", [("portal", "hashed"), ("tables", "modern"), (None, "broken")])
def test_a_redesign_changes_no_article_and_no_frame_of_the_time_before(
    tmp_path: Path, markups: tuple[str | None, str]
) -> None:
    first, second = markups
    assert visit(tmp_path, markup=first).new == 24
    frames = rows(tmp_path)["frames"]
    after = visit(tmp_path, markup=second, everything=True)
    assert (after.new, after.changed) == (0, 0)
    kept = rows(tmp_path)
    assert kept["frames"][: len(frames)] == frames
    assert len(kept["revisions"]) == 24
    rebuild(CONFIG, tmp_path)
    assert rows(tmp_path) == kept


def test_a_large_run_learns_the_frame_before_its_end_and_derives_the_rest_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(tmp_path / "end")
    read: list[Question] = []
    own = Readers.read
    monkeypatch.setattr(Readers, "read", lambda self, question: read.append(question) or own(self, question))
    monkeypatch.setattr(derive, "_SHOWN", 14)
    monkeypatch.setattr(Learner, "ENOUGH", 5)
    visit(tmp_path / "early")
    end, early = rows(tmp_path / "end"), rows(tmp_path / "early")
    assert [len(side["frames"]) for side in (end, early)] == [1, 1]
    with closing(sqlite3.connect(tmp_path / "early" / "archive.db")) as opened:
        pages, before_the_end = opened.execute(
            "SELECT pages, learned_at < finished_at FROM frames JOIN runs ON runs.id = run_id"
        ).fetchone()
        captured = opened.execute("SELECT count(*) FROM captures WHERE role = 'page' AND status = 200").fetchone()[0]
    assert 5 <= pages < 14
    assert before_the_end
    assert len(read) == captured + 14
    said = "SELECT url, content_sha256, byline, date FROM articles ORDER BY url"
    connections = [sqlite3.connect(tmp_path / name / "archive.db") for name in ("end", "early")]
    with closing(connections[0]) as one, closing(connections[1]) as other:
        assert one.execute(said).fetchall() == other.execute(said).fetchall()
    rebuild(CONFIG, tmp_path / "early")
    assert rows(tmp_path / "early") == early


def test_what_was_edited_is_what_changed(tmp_path: Path) -> None:
    visit(tmp_path)
    after = visit(tmp_path, edition=2, everything=True)
    assert (after.new, after.changed, len(after.changes)) == (5, 3, 3)


# A site whose recurring parts no list of words knows.

BOX = (
    "<div><div><p>Góc nhà nông</p></div>"
    "<div><p>Mỗi tuần một câu chuyện từ bản làng, do bạn đọc gửi về cho ban biên tập.</p></div></div>"
)
Dress = Callable[[FakeArticle], str]


class Weekly:
    """A site that prints some new articles a week, crawled weekly."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.clock = folder, FakeSite(), Clock()
        self.articles: list[FakeArticle] = []
        self.config = config_for(self.site)

    def week(self, new: Sequence[FakeArticle], dress: Dress) -> Report:
        self.articles += new
        for one in new:
            self.site.pages[one.path] = dress(one)
        self.site.pages["/"] = listing([one.path for one in self.articles], heading="Trang chủ")
        self.clock.pass_days(7)
        return crawl(self.config, self.folder, world=self.site.world(self.clock))

    def wrong(self) -> list[str]:
        """Titles of the articles whose body is not what was written, after a run and again after a rebuild."""
        found = self._wrong()
        kept = rows(self.folder)
        rebuild(self.config, self.folder)
        assert rows(self.folder) == kept
        return found

    def _wrong(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "archive.db")) as opened:
            bodies = dict(opened.execute("SELECT site_id, body FROM articles").fetchall())
        assert len(bodies) == len(self.articles)
        return [one.title for one in self.articles if bodies[one.number] != "\n\n".join(one.paragraphs())]

    def doubts(self) -> set[str]:
        with closing(sqlite3.connect(self.folder / "archive.db")) as opened:
            return {each for (text,) in opened.execute("SELECT doubts FROM articles") for each in json.loads(text)}


def batch(count: int, first: int, category: str = "khoa-hoc-cong-nghe") -> list[FakeArticle]:
    return [FakeArticle(first + n, f"Chuyện thứ {first + n} của bản", category) for n in range(count)]


def plain(one: FakeArticle) -> str:
    return one.html()


def boxed(one: FakeArticle) -> str:
    return one.html().replace("<h3>Thông tin doanh nghiệp", f"{BOX}<h3>Thông tin doanh nghiệp")


def unlabelled(one: FakeArticle) -> str:
    """A layout with nothing in it that any list of words knows, but for the counter."""
    paragraphs = "".join(f"<p>{text}</p>" for text in one.paragraphs())
    return (
        f"<title>{one.title}</title><div id=z><b>Trang của bản</b></div><main><h2>{one.title}</h2><i>Lượt xem: 3</i>"
        f"<div>{paragraphs}</div></main>{BOX}<div><p>Về chúng tôi</p></div>"
    )


def test_a_box_added_later_is_learned_from_small_weekly_runs(tmp_path: Path) -> None:
    site = Weekly(tmp_path)
    site.week(batch(24, 21000), plain)
    assert site.wrong() == []
    site.week(batch(8, 22000), boxed)
    assert site.wrong() == []


def test_few_new_articles_a_week_are_enough_in_time_and_earlier_ones_are_read_again(tmp_path: Path) -> None:
    site = Weekly(tmp_path)
    site.week(batch(24, 21000), plain)
    for week in range(1, 4):
        site.week(batch(4, 21000 + 100 * week), boxed)
    assert site.wrong() == []


def test_a_redesign_is_learned_from_a_handful_of_new_articles(tmp_path: Path) -> None:
    site = Weekly(tmp_path)
    site.week(batch(24, 21000), plain)
    site.week(batch(6, 22000), unlabelled)
    assert site.wrong() == []


def test_an_archive_that_begins_with_a_few_pages_is_made_good_by_the_next_run(tmp_path: Path) -> None:
    site = Weekly(tmp_path)
    site.week(batch(4, 21000), unlabelled)
    assert len(site.wrong()) == 4  # nothing could be learned yet
    site.week(batch(30, 22000), unlabelled)
    assert site.wrong() == []


def test_what_only_one_category_prints_is_frame_there(tmp_path: Path) -> None:
    site = Weekly(tmp_path)
    site.week(
        batch(20, 21000) + batch(8, 22000, "trung-uong"), lambda one: (boxed if "trung" in one.path else plain)(one)
    )
    assert site.wrong() == []


@pytest.mark.parametrize(
    "line", ["Kính thưa quý vị và bà con các dân tộc trong tỉnh!", "Hẹn gặp lại bà con kỳ sau", "Kết quả đạt được"]
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_what_recurs_inside_articles_is_text_and_a_doubt(tmp_path: Path, line: str, place: int) -> None:
    class Greeting(FakeArticle):
        def paragraphs(self) -> tuple[str, ...]:
            own = super().paragraphs()
            return (*own[:place], line, *own[place:])

    site = Weekly(tmp_path)
    site.week([Greeting(one.number, one.title) for one in batch(30, 21000)], plain)
    assert site.wrong() == []
    assert "line-recurs" in site.doubts()


def test_a_section_headed_like_a_widget_stays_when_the_frame_is_known(tmp_path: Path) -> None:
    class Sectioned(FakeArticle):
        def paragraphs(self) -> tuple[str, ...]:
            own = super().paragraphs()
            return (own[0], "Thống kê truy cập", *own[1:])

    site = Weekly(tmp_path)
    site.week([*batch(12, 21000), Sectioned(23000, "Cổng thông tin sau một năm")], plain)
    assert site.wrong() == []


def test_the_owners_block_is_no_article_on_a_page_without_widgets(tmp_path: Path) -> None:
    owner = (
        "<p>LIÊN HIỆP CÁC HỘI KHOA HỌC VÀ KỸ THUẬT</p><p>Địa chỉ: số 1 đường Hoa Ban</p><p>Điện thoại: 0212.000.000</p>"
    )

    def bare(one: FakeArticle) -> str:
        html = one.html()
        start, end = html.index("<h3>Thông tin doanh nghiệp"), html.index("<footer>")
        return f"{html[:start]}<footer>{owner}{html[end + len('<footer>') :]}".replace("footer>", "div>")

    site = Weekly(tmp_path)
    site.week(some_articles(2), bare)
    assert site.wrong() == []


def test_a_box_between_title_and_counter_is_not_the_article(tmp_path: Path) -> None:
    def between(one: FakeArticle) -> str:
        return one.html().replace("<p>Lượt xem", f"{BOX}<p>Lượt xem")

    site = Weekly(tmp_path)
    site.week(batch(12, 21000), between)
    assert site.wrong() == []
