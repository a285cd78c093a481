"""The same bytes are kept once, whatever addresses they come from; each photo is tied to the capture that is of it."""

from pathlib import Path

from fake_site import PNG, FakeArticle, FakeSite, Reply, listing
from test_crawl import Crawling
from test_withdraw import assert_rebuild_agrees

from archive.query import Archive
from archive.warc import StoredExchange, warc_paths
from archive.warc_reading import read_all
from scraper.cli import run

PICTURE = PNG + bytes(range(256)) * 400
ADDRESSES = ("/anh/mot.png", "/anh/hai.png", "/anh/ba.png?v=2", "/anh/bon.png")


def site_of_pictures() -> FakeSite:
    """Four articles, each with the same picture under another address; the last address redirects to the first."""
    articles = [
        FakeArticle(20001 + place, f"Bài thứ {place} về mùa cà phê chè", photos=((address, f"Ảnh số {place}"),))
        for place, address in enumerate(ADDRESSES)
    ]
    site = FakeSite()
    site.pages["/"] = listing([one.path for one in articles], heading="Trang chủ")
    site.pages |= {one.path: one.html() for one in articles}
    site.pages |= {address: Reply(PICTURE, media_type="image/png") for address in ADDRESSES}
    site.pages["/anh/bon.png"] = Reply("", 302, headers=(("Location", "/anh/mot.png"),))
    return site


def test_one_picture_under_four_addresses_is_kept_once(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, site_of_pictures())
    crawling.run()
    stored = [one for one in read_all(tmp_path / "warc") if isinstance(one, StoredExchange)]
    assert [one.capture.url for one in stored if one.body == PICTURE] == ["http://susta.test/anh/mot.png"]
    assert sum(one.refers_to is not None and one.capture.role == "media" for one in stored) == 2
    assert sum(path.stat().st_size for path in warc_paths(tmp_path / "warc")) < 1.5 * len(PICTURE)
    ties = crawling.rows(
        "SELECT p.url, c.url, o.url, p.sha256 = o.payload_sha256 FROM photos p JOIN captures c ON c.id = p.capture_id"
        " JOIN captures o ON o.id = coalesce(c.revisit_of, c.id) ORDER BY p.article_id"
    )
    first = "http://susta.test/anh/mot.png"
    own = ["http://susta.test" + address for address in ADDRESSES]
    assert ties == [(url, url if place < 3 else first, first, 1) for place, url in enumerate(own)]
    with Archive.open(tmp_path) as opened:
        ids = crawling.rows("SELECT id FROM articles")
        photos = [opened.captured_photos(article_id) for article_id in ids]
        assert [opened.capture(capture_id).body for ((*_, capture_id),) in photos] == [PICTURE] * 4
    assert_rebuild_agrees(crawling)


def test_withdrawing_the_article_that_came_first_leaves_the_picture_to_the_others(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, site_of_pictures())
    crawling.run()
    arguments = ["--reason", "x", "--yes", "--remove-bytes", "--archive", str(tmp_path)]
    assert run(["withdraw", str(crawling.rows("SELECT id FROM articles WHERE site_id = 20001")[0]), *arguments]) == 0
    with Archive.open(tmp_path) as opened:
        for article_id in crawling.rows("SELECT id FROM articles"):
            ((*_, capture_id),) = opened.captured_photos(article_id)
            assert opened.capture(capture_id).body == PICTURE
    assert crawling.rows("SELECT role FROM captures WHERE removed = 1") == ["page"]
    assert_rebuild_agrees(crawling)
