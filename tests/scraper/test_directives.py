"""What pages ask of robots, in their head and in the headers they come with, and what the archive makes of it."""

from pathlib import Path

import pytest
from fake_site import HTML, FakeArticle, FakeSite, Reply, listing, plain_site
from test_crawl import Crawling
from test_crawl_crashes import assert_rebuild_agrees

from archive.query import Archive
from scraper.console import history_text
from scraper.directives import Directives, read_directives
from scraper.extract.page import parse_page

ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè")


def asked_by_page(head: str) -> tuple[bool, bool]:
    """(nofollow, noarchive)"""
    page = parse_page(f"<head>{head}</head><p>x</p>".encode(), "https://susta.vn/a", HTML)
    return _both(read_directives(page, ()))


def asked_by_headers(*values: str) -> tuple[bool, bool]:
    return _both(read_directives(None, [("x-robots-tag", value) for value in values]))


def _both(asked: Directives) -> tuple[bool, bool]:
    return bool(asked.nofollow), bool(asked.noarchive)


@pytest.mark.parametrize(
    ("content", "nofollow", "noarchive"),
    [
        ("nofollow", True, False),
        ("noindex, nofollow", True, False),
        ("NOINDEX,NoFollow", True, False),
        ("noindex nofollow", True, False),
        ("none", True, False),
        ("noarchive", False, True),
        ("nocache", False, True),
        ("noindex", False, False),
        ("index, follow, all", False, False),
        ("unavailable_after: 2020-01-01", False, False),
        ("max-snippet:0, nosnippet", False, False),
        ("", False, False),
    ],
)
def test_what_a_word_means_in_a_page(content: str, nofollow: bool, noarchive: bool) -> None:
    assert asked_by_page(f'<meta name="robots" content="{content}">') == (nofollow, noarchive)


@pytest.mark.parametrize(
    ("values", "nofollow", "noarchive"),
    [
        (("nofollow",), True, False),
        (("noindex, noarchive",), False, True),
        (("none",), True, False),
        (("noindex", "nofollow"), True, False),
        (("susta-archive: noarchive",), False, True),
        (("*: noarchive",), False, True),
        (("googlebot: noarchive",), False, False),
        (("googlebot: noindex, nofollow, noarchive",), False, False),
        (("googlebot: nofollow, susta-archive: noarchive",), False, True),
        (("googlebot: nofollow", "noarchive"), False, True),
        (("unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noarchive",), False, True),
        (("googlebot: unavailable_after: 25 Jun 2010 15:00:00 PST, noarchive",), False, False),
        (("max-snippet: 20, max-image-preview:large, nofollow",), True, False),
        ((":",), False, False),
        ((",, ,",), False, False),
    ],
)
def test_what_a_header_asks_of_us(values: tuple[str, ...], nofollow: bool, noarchive: bool) -> None:
    assert asked_by_headers(*values) == (nofollow, noarchive)


def test_a_meta_for_us_by_name_counts_and_one_for_another_does_not() -> None:
    assert asked_by_page('<meta name="Susta-Archive" content="noarchive">') == (False, True)
    assert asked_by_page('<meta name="googlebot" content="noarchive, nofollow">') == (False, False)


def test_what_is_said_for_all_and_for_us_adds_up() -> None:
    head = '<meta name="robots" content="nofollow"><meta name="susta-archive" content="noarchive">'
    assert asked_by_page(head) == (True, True)


def test_a_meta_that_strayed_into_the_body_counts() -> None:
    page = parse_page(b'<p>x</p><meta name="robots" content="noarchive"><p>y</p>', "https://susta.vn/a", HTML)
    assert _both(read_directives(page, ())) == (False, True)


def test_where_it_was_said_is_told() -> None:
    assert read_directives(None, [("X-Robots-Tag", "none")]) == Directives("X-Robots-Tag: none", "")


# In a crawl


def with_head(html: str, head: str) -> str:
    return html.replace("<head>", f"<head>{head}", 1)


def asking(html: str, by: str, word: str) -> Reply:
    if by == "header":
        return Reply(html, headers=(("X-Robots-Tag", word),))
    return Reply(with_head(html, f'<meta name="robots" content="{word}">'))


@pytest.mark.parametrize("by", ["header", "meta"])
@pytest.mark.parametrize("word", ["nofollow", "none"])
def test_no_link_of_a_page_that_asks_for_it_is_followed_and_its_article_stays(
    tmp_path: Path, by: str, word: str
) -> None:
    site = FakeSite(pages={"/": listing([ONE.path])})
    site.pages[ONE.path] = asking(ONE.html(links=["/kin"]), by, word)
    crawling = Crawling(tmp_path, site)
    assert crawling.run().new == 1
    assert site.asked_pages() == ["/", ONE.path]


@pytest.mark.parametrize("by", ["header", "meta"])
def test_a_page_that_asks_for_no_copy_is_captured_and_becomes_no_article(tmp_path: Path, by: str) -> None:
    pictured = FakeArticle(ONE.number, ONE.title, photos=(("/a.png", "Toàn cảnh buổi làm việc"),))
    site = FakeSite(pages={"/": listing([ONE.path])})
    site.pages |= {ONE.path: asking(pictured.html(links=["/sau"]), by, "noarchive"), "/sau": listing([ONE.path])}
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert crawling.refusals()[ONE.path] == "noarchive"
    assert (report.new, report.refused["noarchive"]) == (0, 1)
    assert site.asked_pages() == ["/", ONE.path, "/sau"], "its links are followed, its pictures are not fetched"
    assert crawling.rows("SELECT count(*) FROM captures WHERE url LIKE ?", f"%{ONE.path}") == [1]
    assert_rebuild_agrees(crawling)


@pytest.mark.parametrize("word", ["noindex", "unavailable_after: 25 Jun 2010 15:00:00 UTC"])
def test_what_speaks_to_search_engines_changes_nothing(tmp_path: Path, word: str) -> None:
    site = FakeSite(pages={"/": listing([ONE.path]), ONE.path: asking(ONE.html(), "header", word)})
    assert Crawling(tmp_path, site).run().new == 1


def test_the_config_can_keep_what_asks_for_no_copy_and_a_rebuild_applies_it(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([ONE.path]), ONE.path: asking(ONE.html(), "meta", "noarchive")})
    crawling = Crawling(tmp_path, site, obey_noarchive=False)
    assert crawling.run().new == 1
    assert_rebuild_agrees(crawling)


def test_an_article_that_asks_for_no_copy_later_stays_as_it_was(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(9)
    edited = FakeArticle(articles[0].number, articles[0].title, words="Bổ sung sau đó.")
    site.pages[articles[0].path] = asking(edited.html(), "meta", "noarchive")
    report = crawling.run()
    assert (report.changed, report.refused.get("noarchive")) == (0, 1)
    assert crawling.rows("SELECT count(*), max(gone_since) FROM articles") == [(len(articles), None)]
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles)]
    with Archive.open(tmp_path) as opened:
        found = opened.find(f"http://susta.test{articles[0].path}")
        assert found is not None
        assert "asks not to be archived" in history_text(opened.history(found[0]))
    assert_rebuild_agrees(crawling)


def test_a_section_that_asks_for_no_copies_is_no_trap(tmp_path: Path) -> None:
    articles = [FakeArticle(20001 + place, f"Bài viết số {place} về mùa vụ") for place in range(60)]
    site, _ = plain_site(articles)
    for one in articles:
        site.pages[one.path] = asking(one.html(), "header", "noarchive")
    report = Crawling(tmp_path, site).run()
    assert (report.traps, report.refused["noarchive"]) == ([], 60)
