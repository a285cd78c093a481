"""A takedown that is honest: no byte of the text is left in what gets published, and the archive says why."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fake_site import PNG, FakeArticle, FakeSite, Reply, listing, plain_site, some_articles
from test_crawl import Crawling

from archive.vietnamese import without_marks
from archive.warc import StoredExchange
from archive.warc_reading import read_all
from scraper.rebuild import rebuild
from scraper.withdrawing import Wish, Withdrawal, withdraw_article

CAPTION = "Toàn cảnh buổi nghiệm thu giống lúa nương Kháu Phảng"
SECRET = "Bí quyết ủ rượu cần của gia đình ông Quàng Văn Xuyển ở bản Huổi Pá"
LATER = "Đính chính: hợp đồng mua bán trâu Mường Bú đã được thanh lý"
# Words of body, caption, an earlier and a later revision that stand in no address.
WORDS = ("Quàng", "Xuyển", "Huổi", "Kháu Phảng", "Mường Bú", "rượu cần")


def pictured(words: str = SECRET) -> FakeArticle:
    photos = (("/anh/nghiem-thu.png", CAPTION), ("/anh/chung.png", "Ảnh chung của hai bài"))
    return FakeArticle(30001, "Bài có ảnh về mùa cà phê chè", words=words, photos=photos)


def site_of_withdrawals() -> tuple[FakeSite, list[FakeArticle]]:
    """Ten articles and one to withdraw; one picture is its own, one another article shows too. Every page has its title
    in the sidebar."""
    other = FakeArticle(30009, "Bài khác cùng một tấm ảnh", photos=(("/anh/chung.png", "Ảnh chung"),))
    articles = [*some_articles(10), pictured(), other]
    site, _ = plain_site(articles)
    for one in articles:
        site.pages[one.path] = one.html(links=[articles[10].path])
    site.pages["/anh/nghiem-thu.png"] = Reply(PNG + b"rieng", media_type="image/png")
    site.pages["/anh/chung.png"] = Reply(PNG + b"chung", media_type="image/png")
    return site, articles


@pytest.fixture
def lived(tmp_path: Path) -> Crawling:
    """Three runs: the article to withdraw changed once and got a second address, another one was edited."""
    site, articles = site_of_withdrawals()
    crawling = Crawling(tmp_path / "data", site)
    crawling.run()
    crawling.clock.pass_days(9)
    edited = FakeArticle(articles[0].number, articles[0].title, words="Bổ sung: hội nghị lùi sang ngày hôm sau.")
    site.pages |= {edited.path: edited.html(), pictured().path: pictured(LATER).html()}
    crawling.run()
    crawling.clock.pass_days(9)
    other_address = pictured().path.replace("khoa-hoc-cong-nghe", "tu-lieu-sub")
    site.pages[other_address] = pictured(LATER).html()
    site.pages["/khoa-hoc-cong-nghe"] = listing([other_address, *(one.path for one in articles)])
    crawling.run(everything=True)
    return crawling


def withdraw(crawling: Crawling, what: str = "", **wish: Any) -> Withdrawal | None:
    return withdraw_article(
        crawling.config,
        crawling.folder,
        Wish(what or url_of(crawling), "theo yêu cầu của tác giả", **wish),
        agree=lambda *_: True,
        now=lambda: crawling.clock.moment,
    )


def url_of(crawling: Crawling) -> str:
    return crawling.site.base[:-1] + pictured().path


def files_with(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Files of an archive but its WARCs that hold one of the words, written in any way a database may hold them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "warc":
            content = path.read_bytes()
            for word in words:
                ways = {word, word.lower(), without_marks(word), without_marks(word).lower(), json.dumps(word)[1:-1]}
                found += [(path.name, way) for way in ways if way.encode() in content]
    return found


def in_warcs(folder: Path, words: tuple[str, ...] = WORDS) -> set[str]:
    bodies = b"".join(one.body for one in read_all(folder / "warc") if isinstance(one, StoredExchange))
    return {word for word in words if word.encode() in bodies}


def dump(folder: Path) -> list[str]:
    """The rows of the database as SQL, but for what a rebuild has of its own and for SQLite's own tables."""
    connection = sqlite3.connect(folder / "archive.db")
    own = tuple(f'INSERT INTO "{name}' for name in ("events", "seal", "articles_fts_", "_sqlite", "sqlite_"))
    lines = [line for line in connection.iterdump() if line.startswith("INSERT") and not line.startswith(own)]
    lines += [str(row) for row in connection.execute("SELECT rowid, * FROM articles_fts ORDER BY rowid")]
    connection.close()
    return lines


def assert_rebuild_agrees(crawling: Crawling) -> None:
    before = dump(crawling.folder)
    (crawling.folder / "archive.db").unlink()
    rebuild(crawling.config, crawling.folder)
    assert dump(crawling.folder) == before


def test_the_test_finds_text_that_is_there(lived: Crawling) -> None:
    assert {word for _, word in files_with(lived.folder)} >= {"Quàng", "quang", "Mường Bú"}
    assert in_warcs(lived.folder) == set(WORDS)


@pytest.mark.parametrize("remove", [False, True])
def test_no_byte_of_the_text_is_left_in_what_gets_published(lived: Crawling, remove: bool) -> None:
    done = withdraw(lived, remove_bytes=remove)
    assert done is not None
    assert done.purged
    assert files_with(lived.folder) == []
    title = pictured().title
    assert files_with(lived.folder, (title, without_marks(title).lower())) == []
    assert in_warcs(lived.folder) == (set() if remove else set(WORDS))


@pytest.mark.parametrize("remove", [False, True])
def test_a_rebuild_respects_it_and_gives_the_same_rows(lived: Crawling, remove: bool) -> None:
    withdraw(lived, remove_bytes=remove)
    assert_rebuild_agrees(lived)
    assert files_with(lived.folder) == []
    lived.clock.pass_days(9)
    fresh = FakeArticle(50001, "Bài mới đăng sáng nay của Liên hiệp hội")
    lived.site.pages |= {fresh.path: fresh.html(), "/khoa-hoc-cong-nghe": listing([fresh.path, pictured().path])}
    lived.run(everything=True)
    assert lived.rows("SELECT id FROM articles WHERE site_id = 50001") == [13]
    assert_rebuild_agrees(lived)
    assert files_with(lived.folder) == []
