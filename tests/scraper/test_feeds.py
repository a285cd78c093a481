"""Lists for machines: every form of sitemap and feed gives its addresses, and no file can do harm."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_site import BESIDES, FakeSite, Reply, listing, some_articles
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_crawl import Crawling

from scraper.feeds import MOST_ENTRIES, Entry, named_in, read_feed
from scraper.urls import make_scope

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
A, B = "https://susta.vn/tin/bai-mot-1", "https://susta.vn/tin/bai-hai-2"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = f"<urlset {NS}><url><loc>{A}</loc></url><url><loc> {B}\n</loc></url></urlset>"
FORMS = {
    "sitemap": SITEMAP,
    "no namespace": SITEMAP.replace(NS, ""),
    "prefixed": f'<s:urlset xmlns:s="http://x/"><s:url><s:loc>{A}</s:loc></s:url>'
    f"<s:url><s:loc>{B}</s:loc></s:url></s:urlset>",
    "prefix that is not declared": f"<s:urlset><s:url><s:loc>{A}</s:loc></s:url>"
    f"<s:url><s:loc>{B}</s:loc></s:url></s:urlset>",
    "declaration and BOM": f'\ufeff<?xml version="1.0" encoding="UTF-8"?>\n{SITEMAP}',
    "pictures": SITEMAP.replace(
        "</loc></url>",
        '</loc><i:image xmlns:i="http://x/i"><i:loc>https://susta.vn/a.jpg</i:loc></i:image></url>',
        1,
    ),
    "CDATA": SITEMAP.replace(A, f"<![CDATA[{A}]]>"),
    "RSS": f"<rss version='2.0'><channel><link>https://susta.vn/</link><item><title>x</title><link>{A}</link></item>"
    f"<item><guid>{B}</guid></item></channel></rss>",
    "RSS 1.0": f'<rdf:RDF xmlns:rdf="http://w/" xmlns="http://p/"><item><link>{A}</link></item>'
    f"<item><link>{B}</link></item></rdf:RDF>",
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://susta.vn/"/>'
    f'<entry><link rel="self" href="x"/><link href="{A}"/></entry>'
    f'<entry><link rel="alternate" href="{B}"/></entry></feed>',
    "text": f"{A}\r\n\r\n{B}\n",
    "bare ampersand": SITEMAP.replace("</urlset>", "<url><loc>https://susta.vn/?a=1&b=2</loc></url></urlset>"),
    "breaks off": SITEMAP.removesuffix("></urlset>")[:-3] + "l><url><loc>https://susta.vn/",
}


def addresses(body: str | bytes) -> list[str]:
    feed = read_feed(body.encode() if isinstance(body, str) else body, NOW)
    return [entry.address for entry in feed.entries]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_its_addresses_in_order(form: str) -> None:
    assert addresses(FORMS[form])[:2] == [A, B]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "windows-1258"])
def test_the_declared_charset_holds(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{SITEMAP}'.encode(encoding)
    assert addresses(body) == [A, B]


def test_packed_lists_are_unpacked_also_those_packed_twice() -> None:
    once = gzip.compress(SITEMAP.encode())
    assert addresses(once) == addresses(gzip.compress(once)) == [A, B]
    assert addresses(once[:-9]) == [A, B]  # cut, but all there


def test_an_index_names_lists() -> None:
    index = f"<sitemapindex {NS}><sitemap><loc>{A}</loc><lastmod>2026-01-02</lastmod></sitemap></sitemapindex>"
    feed = read_feed(index.encode(), NOW)
    assert (feed.kind, [entry.address for entry in feed.entries]) == ("index", [A])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><head><title>404</title></head><body><a href='/x'>x</a></body></html>",
        "<!DOCTYPE html><html><body><url><loc>https://susta.vn/x</loc></url></body></html>",
        "User-agent: *\nDisallow:",
        "https://susta.vn/a\nnot an address",
        '{"a": 1}',
        "\x1f\x8b broken",
        "<",
    ],
)
def test_what_is_no_list_gives_nothing(body: str) -> None:
    assert read_feed(body.encode("latin-1"), NOW).kind == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02", datetime(2026, 1, 3, tzinfo=UTC)),  # a day lasts until its end
        ("2026-01-02T03:04:05+07:00", datetime(2026, 1, 1, 20, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("Fri, 02 Jan 2026 03:04:05 +0000", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("hôm qua", None),
        ("", None),
        ("9999-99-99", None),
    ],
)
def test_the_time_of_change_is_read_or_left_open(text: str, moment: datetime | None) -> None:
    body = f"<urlset><url><loc>{A}</loc><lastmod>{text}</lastmod></url></urlset>"
    assert read_feed(body.encode(), NOW).entries == (Entry(A, moment.timestamp() if moment else None),)


def test_a_list_that_dates_everything_with_today_is_not_believed() -> None:
    urls = "".join(f"<url><loc>{A}{n}</loc><lastmod>2026-11-22</lastmod></url>" for n in range(20))
    assert {entry.changed for entry in read_feed(f"<urlset>{urls}</urlset>".encode(), NOW).entries} == {None}


def test_no_more_entries_are_read_than_there_may_be() -> None:
    urls = "".join(f"<url><loc>{A}{n}</loc></url>" for n in range(MOST_ENTRIES + 5))
    feed = read_feed(f"<urlset>{urls}</urlset>".encode(), NOW)
    assert (len(feed.entries), feed.cut) == (MOST_ENTRIES, True)


def test_entities_are_neither_resolved_nor_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://susta.vn/geheim/so-9")
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<!DOCTYPE urlset [<!ENTITY e0 "https://susta.vn/">{levels}<!ENTITY f SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY % g SYSTEM "http://127.0.0.1:1/x.dtd"> %g;]>'
        f"<urlset><url><loc>{A}</loc></url><url><loc>&e9;</loc></url><url><loc>&f;</loc></url></urlset>"
    )
    found = addresses(body)
    assert found[:1] == [A]
    assert all(len(one) < 100 and "geheim" not in one for one in found)


def test_a_packed_list_of_several_members_is_read_whole() -> None:
    text = SITEMAP.encode()
    half = len(text) // 2
    assert addresses(gzip.compress(text[:half]) + gzip.compress(text[half:])) == [A, B]


def test_of_a_packed_list_that_breaks_off_what_is_there_is_read() -> None:
    packed = gzip.compress(SITEMAP.encode(), 0)
    cut = SITEMAP.index(B) + len(B) + 30
    feed = read_feed(packed[:cut], NOW)
    assert [entry.address for entry in feed.entries][:1] == [A]


def test_a_packed_list_that_unpacks_to_gigabytes_is_cut() -> None:
    bomb = gzip.compress(f"<urlset><url><loc>{A}</loc></url>".encode() + b" " * 60_000_000)
    feed = read_feed(gzip.compress(bomb), NOW)
    assert [entry.address for entry in feed.entries] == [A]
    assert feed.cut


@pytest.mark.parametrize("odd", ["&#xD800;", "&#xDFFF;", "&#56832;"])
def test_a_reference_to_half_a_character_costs_no_entry_but_its_own(odd: str) -> None:
    assert addresses(f"<urlset><a{odd}/><url><loc>{A}</loc></url><url><loc>{B}</loc></url></urlset>") == [A, B]
    assert addresses(f"<urlset><url><loc>x{odd}</loc></url><url><loc>{A}</loc></url></urlset>") == [A]
    assert addresses(f"<urlset><url><loc>{A}</loc><lastmod>{odd}</lastmod></url></urlset>") == [A]
    assert addresses(f"<feed><entry><link rel='{odd}' href='{B}'/><link href='{A}'/></entry></feed>") == [A]


@given(st.binary(max_size=400), st.integers(0, len(SITEMAP)))
@example(b"&#xD800;", 15)
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_it(noise: bytes, place: int) -> None:
    raw = SITEMAP.encode()
    for body in (noise, raw[:place] + noise + raw[place:], b"<urlset>" + noise):
        assert len(read_feed(body, NOW).entries) <= 4


def test_nesting_without_end_gives_what_stands_before_it() -> None:
    body = f"<urlset><url><loc>{A}</loc></url>" + "<x>" * 100_000
    assert addresses(body) == [A]


def test_only_addresses_within_the_scope_that_may_be_asked_for_are_named() -> None:
    scope = make_scope(("https://susta.vn/",), (), ())
    entries = [
        A,
        "/tin/bai-ba-3",
        "https://other.vn/x-1",
        "javascript:alert(1)",
        "https://susta.vn/dang-nhap",
        A + "#x",
    ]
    feed = read_feed("".join(["<urlset>", *(f"<url><loc>{e}</loc></url>" for e in entries), "</urlset>"]).encode(), NOW)
    assert named_in(feed, "https://susta.vn/sitemap.xml", scope).pages == (A, "https://susta.vn/tin/bai-ba-3")


# In a crawl


def sitemap_of(paths: list[str], *, lastmod: str = "") -> Reply:
    day = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    urls = "".join(f"<url><loc>http://susta.test{path}</loc>{day}</url>" for path in paths)
    return Reply(f"<urlset {NS}>{urls}</urlset>", media_type="application/xml")


def index_of(targets: list[str]) -> Reply:
    maps = "".join(f"<sitemap><loc>http://susta.test{target}</loc></sitemap>" for target in targets)
    return Reply(f"<sitemapindex {NS}>{maps}</sitemapindex>", media_type="text/xml")


def lonely_site(count: int = 6) -> tuple[FakeSite, list[str]]:
    """Articles that no page links to."""
    articles = some_articles(count)
    site = FakeSite(pages={"/": listing([], heading="Trang chủ")})
    site.pages |= {one.path: one.html() for one in articles}
    return site, sorted(one.path for one in articles)


def test_articles_that_only_the_sitemap_names_are_found(tmp_path: Path) -> None:
    site, paths = lonely_site()
    site.pages["/sitemap.xml"] = index_of(["/sitemap-1.xml", "/sitemap-2.xml.gz"])
    site.pages["/sitemap-1.xml"] = sitemap_of(paths[:3])
    packed = sitemap_of(paths[3:]).body
    assert isinstance(packed, str)
    site.pages["/sitemap-2.xml.gz"] = Reply(gzip.compress(packed.encode()), media_type="application/gzip")
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert crawling.article_paths() == paths
    assert (report.sitemaps, report.fetched, report.failed) == (3, len(paths) + 1, {})
    assert crawling.rows("SELECT count(*) FROM captures WHERE role = 'sitemap'") == [3]


def test_the_sitemap_that_robots_txt_names_is_read_and_others_hosts_are_not(tmp_path: Path) -> None:
    site, paths = lonely_site()
    rules = "Sitemap: /ban-do.xml\nSitemap: http://khac.test/sitemap.xml\nUser-agent: *\nDisallow:\n"
    site.pages["/robots.txt"] = Reply(rules, media_type="text/plain")
    site.pages["/ban-do.xml"] = sitemap_of([*paths, "http://khac.test/x-9"])
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.article_paths() == paths
    assert not [url for url in site.asked if "khac.test" in url.split("/")[2]]


def test_a_feed_that_the_home_page_names_is_read_at_every_run(tmp_path: Path) -> None:
    site, paths = lonely_site()
    head = '<head><link rel="alternate" type="application/rss+xml" href="/rss/moi.xml">'
    home = site.pages["/"]
    assert isinstance(home, str)
    site.pages["/"] = home.replace("<head>", head)

    def feed(visit: int) -> Reply:
        items = "".join(f"<item><link>http://susta.test{path}</link></item>" for path in paths[: 3 * visit])
        return Reply(f"<rss><channel>{items}</channel></rss>", media_type="application/rss+xml")

    site.pages["/rss/moi.xml"] = feed
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert crawling.article_paths() == paths[:3]
    crawling.run()
    assert crawling.article_paths() == paths


@pytest.mark.parametrize(
    "answer", [Reply("", 404), Reply("<h1>Không thấy</h1>"), Reply("", 503), OSError("gone")], ids=repr
)
def test_a_site_without_a_sitemap_is_no_failure(tmp_path: Path, answer: Reply) -> None:
    site, _ = lonely_site()
    site.pages["/sitemap.xml"] = answer
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert (report.failed, report.sitemaps) == ({}, 0)


def test_a_page_that_the_sitemap_says_changed_is_asked_for_before_its_day(tmp_path: Path) -> None:
    site, paths = lonely_site()
    site.pages["/sitemap.xml"] = sitemap_of(paths, lastmod="2025-01-01")
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(2)
    assert crawling.run().fetched == 1  # the home page
    site.pages["/sitemap.xml"] = sitemap_of(paths[:2], lastmod="2026-01-06")
    crawling.run()
    assert sorted(set(site.asked_pages()) - {"/"}) == paths[:2]
    assert crawling.run().fetched == 1


def test_a_run_on_a_part_of_a_site_asks_for_no_sitemap_nor_probe(tmp_path: Path) -> None:
    site, paths = lonely_site()
    crawling = Crawling(tmp_path, site)
    crawling.run(start_urls=(site.base[:-1] + paths[0],))
    assert [url for url in site.asked if BESIDES.search(url)] == [site.base + "robots.txt"]


def test_indexes_without_end_are_cut(tmp_path: Path) -> None:
    site, paths = lonely_site()
    site.pages["/sitemap.xml"] = index_of(["/so/1.xml", "/bai.xml"])
    site.pages["/bai.xml"] = sitemap_of(paths)

    def otherwise(target: str) -> Reply:
        number = target.removeprefix("/so/").removesuffix(".xml")
        return (
            index_of([f"/so/{int(number) * 2 + place}.xml" for place in (0, 1)]) if number.isdigit() else Reply("", 404)
        )

    site.otherwise = otherwise
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert crawling.article_paths() == paths
    assert sum("/so/" in url for url in site.asked) <= 50
    assert report.traps == ["lists susta.test"]


def test_what_a_list_names_is_queued_though_a_killed_run_had_read_it(tmp_path: Path) -> None:
    site, paths = lonely_site()
    whole = sitemap_of(paths)

    def tagged(_: int) -> Reply:
        known = site.requests[-1].headers.get("if-none-match")
        head = (("ETag", '"a"'),)
        return Reply("", 304, headers=head) if known else Reply(whole.body, headers=head, media_type="text/xml")

    site.pages["/sitemap.xml"] = tagged
    crawling = Crawling(tmp_path, site)
    with pytest.raises(KeyError):
        crawling.run(lambda step: {}["killed"] if step.what == "sitemap" else None)
    (tmp_path / "frontier.db").unlink()  # the answer had not been marked, nor what it names been queued
    crawling.run()
    assert crawling.article_paths() == paths


def test_sitemaps_of_an_index_are_asked_for_at_every_run_unless_it_dates_them(tmp_path: Path) -> None:
    site, paths = lonely_site()
    site.pages["/sitemap.xml"] = index_of(["/sitemap-1.xml"])
    site.pages["/sitemap-1.xml"] = sitemap_of(paths[:3])
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages["/sitemap-1.xml"] = sitemap_of(paths)
    crawling.run()
    assert crawling.article_paths() == paths


def test_pages_of_a_sitemap_that_bring_nothing_close_no_section(tmp_path: Path) -> None:
    site, _ = lonely_site()
    idle = [f"/trang-tinh-{word}" for word in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"]
    site.pages["/sitemap.xml"] = sitemap_of(idle)
    site.pages |= dict.fromkeys(idle, "<html><body><p>Trang tĩnh của cổng thông tin.</p></body></html>")
    late = some_articles(8)[6:]
    site.pages["/muc-moi"] = listing([one.path for one in late])
    site.pages |= {one.path: one.html() for one in late}
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages["/"] = listing(["/gioi-thieu"], heading="Trang chủ")
    site.pages["/gioi-thieu"] = listing(["/muc-moi"])
    crawling.run()
    assert {one.path for one in late} <= set(crawling.article_paths())


def test_sitemaps_count_neither_as_pages_nor_against_the_limit(tmp_path: Path) -> None:
    site, paths = lonely_site()
    site.pages["/sitemap.xml"] = sitemap_of(paths)
    report = Crawling(tmp_path, site).run(limit=3)
    assert (report.fetched, report.outcome) == (3, "limit")
