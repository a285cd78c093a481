"""What the pages say: of an article, its revisions, a withdrawn one, of the archive, and to a search."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from browse_support import serving
from poisoning import PAYLOAD

from archive.browse import charts, finding, texts
from archive.browse.facets import columns_of
from archive.browse.pages import is_local
from archive.query import Archive
from archive.search_filters import Filters
from archive.search_query import parse
from scraper.cli import run


def words(html: str) -> str:
    """The text of a page, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_an_article_is_read_with_all_that_its_record_says(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        records = list(archive.records())
        for record in records:
            found = archive.find(record.url)
            assert found
            text = words(client.get(f"/doc/{found[0]}").text)
            said = [record.title, *record.body, record.byline, record.affiliation, record.date_evidence, record.url]
            said += [photo["caption"] for photo in record.photos]
            said += [attachment["label"] for attachment in record.attachments]
            said += [cell for table in record.tables for row in table["rows"] for cell in row]
            said += [record.source.credit, record.source.notice, record.content_sha256]
            for each in filter(None, said):
                assert " ".join(each.split()) in text


def test_blocks_stand_in_their_order_with_photos_in_place(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        found = archive.find("3")
        assert found
        article = archive.revision(3, archive.revisions(3))
        assert article
    html = unescape(client.get("/doc/3").text)
    marks = [block.text or article[0].photos[block.photo or 0].caption or "" for block in article[0].blocks]
    places = [html.index(mark, html.index('<div class="text"')) for mark in marks if mark]
    assert places == sorted(places)
    assert len(places) > 3


def test_an_earlier_revision_is_read_as_it_was_and_compared(client: httpx.Client) -> None:
    old, new = words(client.get("/doc/3/revision/1").text), words(client.get("/doc/3").text)
    assert "Đây là bản 1 trong 2 bản" in old
    assert old != new
    html = client.get("/doc/3/compare/1/2").text
    added = [words(each) for each in re.findall(r"<ins>(.*?)</ins>", html, re.S)]
    assert added
    for each in added:
        assert each.removeprefix("[thêm: ").removesuffix("]").strip() in new
    assert client.get("/doc/3/compare/1/9").status_code == 404
    assert client.get("/doc/3/revision/9").status_code == 404


def test_an_article_is_cited_for_people_and_for_reference_managers(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        record = next(record for record in archive.records() if record.byline and record.byline_role == "author")
        found = archive.find(record.url)
    assert found
    html = client.get(f"/doc/{found[0]}").text
    cited = client.get(f"/doc/{found[0]}/cite.txt")
    assert " ".join(cited.text.split()) in words(html)
    assert record.title in cited.text
    for ending, sign in (("bib", "@misc{"), ("ris", "TY  - ELEC"), ("json", '"article-newspaper"')):
        answer = client.get(f"/doc/{found[0]}/cite.{ending}")
        assert sign in answer.text
        assert answer.headers["content-disposition"].startswith("attachment")
    assert client.get("/doc/999999/cite.bib").status_code == 404


def test_an_article_has_its_json_ld_with_the_condition(client: httpx.Client) -> None:
    html = client.get("/doc/3").text
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert told
    linked = json.loads(told[1])
    assert linked["@type"] == "NewsArticle"
    assert "Ghi rõ nguồn" in linked["copyrightNotice"]
    assert "license" not in linked
    assert "ld+json" not in client.get("/doc/3/revision/1").text


def test_an_address_leads_to_its_article(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        record = next(archive.records())
        found = archive.find(record.url)
    answer = client.get("/doc", params={"url": record.url})
    assert found
    assert (answer.status_code, answer.headers["location"]) == (302, f"/doc/{found[0]}")
    assert client.get("/doc", params={"url": "https://example.org/"}).status_code == 404


def test_a_withdrawn_article_shows_its_tombstone_and_nothing_else(copied: Path) -> None:
    with Archive.open(copied) as archive:
        found = archive.find("3")
        photo = archive.captured_photos(3)[0][1]
    assert found
    assert run(["withdraw", "3", "--reason", "theo đề nghị của tác giả", "--yes", "--archive", str(copied)]) == 0
    with serving(copied) as client:
        for path in ("/doc/3", "/doc/3/revision/1", "/doc/3/compare/1/2"):
            answer = client.get(path)
            assert answer.status_code == 410
            assert "theo đề nghị của tác giả" in answer.text
            assert found[1].title not in unescape(answer.text)
        assert client.get(f"/doc/3/photo/{photo}").status_code == 404
        assert client.get("/doc", params={"url": found[1].url}).status_code == 410


def test_the_start_page_counts_what_there_is(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        status = archive.status()
    html = client.get("/").text
    grid = re.search(r"<tfoot>.*?</tfoot>", html, re.S)
    assert grid
    counts = [int(each) for each in re.findall(r">(\d+)</td>", grid[0])]
    assert sum(counts[:-1]) == counts[-1] == status["articles"]
    for category in status["categories"]:
        assert f">{category}</a>" in html
    assert "Ghi rõ nguồn" in html
    assert "/doc/3/compare/1/2" in html


def test_facets_count_what_choosing_them_leaves(demo: Path) -> None:
    with Archive.open(demo) as archive:
        for typed in ("", "hoi thao", "khoa hoc"):
            found = finding.find(archive._db, finding.Wish(typed))
            for facet in ("category", "year", "byline"):
                for one in found.facets[facet]:
                    wish = finding.Wish(typed, **{facet: one.value})
                    assert finding.find(archive._db, wish).total == one.count
            for one in found.facets["has"]:
                assert finding.find(archive._db, finding.Wish(typed, has=(one.value,))).total == one.count


def test_all_that_is_found_is_counted_though_only_the_best_can_be_looked_at(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(demo) as archive:
        everything = finding.find(archive._db, finding.Wish("khoa hoc"))
        assert everything.total > 3
        assert not everything.more
        monkeypatch.setattr(finding, "PAGE", 2)
        monkeypatch.setattr(finding, "MOST", 3)
        last = finding.find(archive._db, finding.Wish("khoa hoc", page=99))
    assert (last.total, last.more, last.pages, last.wish.page) == (everything.total, True, 2, 2)
    assert last.facets == everything.facets


def test_facets_are_counted_anew_when_something_was_written(copied: Path) -> None:
    with serving(copied) as client:
        before = client.get("/search").text
        with Archive.open(copied) as archive:
            record = archive.find("3")
        assert record
        assert run(["withdraw", "3", "--reason", "theo đề nghị", "--yes", "--archive", str(copied)]) == 0
        after = client.get("/search").text
    told = [int(re.sub(r"\D", "", re.findall(r'id="count"[^>]*>([\d.,]+)', html)[0])) for html in (before, after)]
    assert told[1] == told[0] - 1


def test_an_article_that_went_after_the_facets_were_read_is_passed_over(copied: Path) -> None:
    with Archive.open(copied) as archive:
        columns = columns_of(archive._db)
        assert run(["withdraw", "3", "--reason", "theo đề nghị", "--yes", "--archive", str(copied)]) == 0
        shown = finding.find(archive._db, finding.Wish(), columns).hits
    assert 3 not in {hit.id for hit in shown}


def test_every_article_is_on_one_page_of_results(client: httpx.Client, demo: Path) -> None:
    with Archive.open(demo) as archive:
        count = archive.count()
    seen: list[str] = []
    for page in range(1, -(-count // finding.PAGE) + 1):
        seen += re.findall(r'<h3><a lang="vi" href="/doc/(\d+)"', client.get(f"/search?page={page}").text)
    assert len(seen) == len(set(seen)) == count


@pytest.mark.parametrize(
    "query",
    ["q=%22", "q=*", "q=AND+OR+NOT", "q=%00", "q=NEAR(", "page=0", "page=-1", "page=999999", "year=abcd", "year=",
     "has=nothing", "category=%27%3B--", "q=" + "x" * 3000, "q=%ff%fe", "q=a&q=b", "byline=", "q=%F0%9F%98%80"],
)  # fmt: skip
def test_any_search_is_answered(client: httpx.Client, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 200


@pytest.mark.parametrize(
    ("words", "vietnamese", "english"),
    [
        ("NOT hoi", "NOT chỉ loại bớt kết quả", "NOT takes away"),
        ("NEAR(", "Có dấu ngoặc chưa đóng.", "A parenthesis is not closed."),
        ("%", "Không có từ nào để tìm trong &#39;%&#39;.", "There is no word to search for in &#39;%&#39;."),
        ('"hội', "Có dấu ngoặc kép chưa đóng", "A quotation mark is not closed"),
        ("hội OR", "OR phải đứng giữa hai từ", "OR stands between two words"),
        ("x" * 1001, "Chỉ tìm theo 1000 ký tự đầu.", "Only the first 1000 characters"),
        ("<b> OR", "OR phải đứng giữa hai từ", "OR stands between two words"),
    ],
)
def test_what_of_the_words_is_passed_over_is_said(
    client: httpx.Client, words: str, vietnamese: str, english: str
) -> None:
    for language, said in (("vi", vietnamese), ("en", english)):
        page = client.get("/search", params={"q": words}, headers={"Cookie": f"lang={language}"}).text
        assert f'<p class="note">{said}' in page


TYPED = ["x" * 5000, "a " * 300, '"a', "a)", "(a", "(" * 40 + "a" + ")" * 40, "%", "a OR", "a NOT", "NOT a",
         "NEAR(a)", "NEAR("]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed[:8])
def test_every_note_has_its_vietnamese(typed: str) -> None:
    notes = parse(typed).notes
    assert notes
    for note in notes:
        assert texts.note_said("en", note) == note
        assert texts.note_said("vi", note) != note


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("year=abc", "year=abc"),
        ("has=zzz&has=photo", "has=zzz"),
        ("since=01/01/2022", "since=01/01/2022"),
        ("until=20220101", "until=20220101"),
        ("yaer=2021", "yaer=2021"),
        ("category=a&category=b", "category=b"),
        ("page=0", "page=0"),
        ("year=%3Cb%3E", "year=&lt;b&gt;"),
    ],
)
def test_what_of_the_address_is_passed_over_is_said(client: httpx.Client, address: str, said: str) -> None:
    assert f'<p class="note">Không hiểu nên đã bỏ qua: {said}</p>' in client.get(f"/search?{address}").text


def test_what_makes_sense_is_not_called_passed_over(client: httpx.Client) -> None:
    page = client.get("/search?q=hoi&year=&category=&has=photo&has=table&since=&until=&byline=&page=1").text
    assert 'class="note"' not in page


def test_days_narrow_the_search_down(demo: Path) -> None:
    with Archive.open(demo) as archive:
        days = sorted(record.date for record in archive.records() if record.date)
        first, last = days[3], days[-3]
        found = finding.find(archive._db, finding.Wish(since=first, until=last))
        by_year = sum(one.count for one in found.facets["year"])
        none = finding.find(archive._db, finding.Wish(since=last, until=first)).total
        later = finding.find(archive._db, finding.Wish(since=last, has=("photo",)))
        both = finding.find(archive._db, finding.Wish("và", since=first, until=last)).total
        same = archive.search("và", Filters(since=first, until=last)).total
    assert found.total == by_year == len([day for day in days if first <= day <= last])
    assert all(first <= (hit.date or "") <= last for hit in found.hits)
    assert none == 0
    assert all((hit.date or "") >= last for hit in later.hits)
    assert both == same > 0


def test_a_range_of_days_is_shown_and_taken_off(client: httpx.Client) -> None:
    page = client.get("/search?q=hoi&since=2021-03-09&until=2020-01-01").text
    assert "Ngày bắt đầu ở sau ngày kết thúc." in page
    assert "từ 9/3/2021" in page
    assert 'href="/search?q=hoi&amp;until=2020-01-01"' in page
    assert '<input type="date" id="since" name="since" value="2021-03-09">' in page


def test_a_wish_and_its_address_say_the_same() -> None:
    wish = finding.Wish('hội "thảo" & 1', category="a b", year="2021", byline="Cao Thị Hạnh", has=("photo",), page=2)
    wish = replace(wish, since="2021-01-01", until="2021-12-31")
    address = wish.address(page=2)
    arguments = dict(httpx.QueryParams(address.partition("?")[2]).multi_items())
    assert finding.wish_of({name: [value] for name, value in arguments.items()}) == wish
    assert "page=" not in wish.address(year=None)
    assert "has=" not in wish.without("has", "photo")


def test_the_language_is_chosen_and_kept(client: httpx.Client) -> None:
    answer = client.get("/lang/en", params={"to": "/doc/1"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/doc/1")
    assert "lang=en" in answer.headers["set-cookie"]
    client.cookies.clear()
    assert "About this record" in client.get("/doc/1", headers={"Cookie": "lang=en"}).text
    assert "Về bản ghi này" in client.get("/doc/1", headers={"Cookie": "lang=xx"}).text


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/a\\b", "/a\nb"]
)
def test_no_choice_of_language_leads_elsewhere(path: str) -> None:
    assert not is_local(path)


def test_every_text_is_there_in_both_languages_with_the_same_places() -> None:
    for key, both in texts.TEXTS.items():
        assert all(both), key
        assert len({each.count("{}") for each in both}) == 1, key


def test_what_changed_is_said_in_vietnamese() -> None:
    said = texts.changes_said("vi", "title, 2 paragraphs changed, 1 photo added, 3 captions removed")
    assert said == "tiêu đề, 2 đoạn được sửa, 1 ảnh được thêm, 3 chú thích ảnh bị bỏ"
    assert texts.changes_said("en", "title") == "title"


def test_days_and_numbers_are_said_as_people_write_them() -> None:
    assert texts.day_said("vi", "2021-12-07") == "7/12/2021"
    assert texts.day_said("en", "2021-12-07T01:02:03Z") == "7 Dec 2021"
    assert texts.day_said("vi", "soon") == "soon"
    assert texts.number_said("vi", 16083) == "16.083"


def test_bars_stand_on_the_ground_and_the_highest_has_all_the_room() -> None:
    drawn = charts.bars([("2021", 10), ("2022", 5), ("2023", 0)])
    assert all(round(bar.y + bar.height, 2) == drawn.ground for bar in drawn.bars)
    assert [bar.height for bar in drawn.bars] == [136, 68, 0]
    assert charts.bars([]).bars == ()


def test_a_line_needs_two_times_and_stays_within_its_field() -> None:
    readings = [("2026-01-01T00:00:00Z", 5), ("2026-01-02T00:00:00Z", 9), ("2026-01-05T00:00:00Z", 9)]
    drawn = charts.line(readings)
    assert drawn
    assert drawn.dots == ((4, 88), (82, 8), (316, 8))
    assert charts.line(readings[:1]) is None
    assert charts.line([readings[0], readings[0]]) is None
    assert charts.line([("never", 1), readings[0]]) is None


def test_a_hostile_archive_shows_its_markup_as_text(hostile: Path) -> None:
    with serving(hostile) as client:
        for path in ("/", "/search", "/doc/3", "/doc/3/compare/1/2", "/archive/articles", "/archive/sources"):
            html = client.get(path).text
            assert "<script>alert" not in html
            assert "<img src=x" not in html
            assert "<svg onload" not in html
            assert PAYLOAD.split('"')[0] in unescape(html), path


def test_an_archive_without_articles_has_its_pages(tmp_path: Path) -> None:
    from archive.store import Store

    Store(tmp_path / "archive").close()
    with serving(tmp_path / "archive") as client:
        assert "chưa có bài viết nào" in client.get("/").text
        assert client.get("/search?q=a").status_code == 200
        assert client.get("/doc/1").status_code == 404
        assert client.get("/archive").status_code == 200


def test_a_lost_warc_file_costs_the_pictures_only(copied: Path) -> None:
    shutil.rmtree(copied / "warc")
    with serving(copied) as client:
        answer = client.get("/doc/3")
        assert answer.status_code == 200
        assert "Ghi rõ nguồn" in answer.text
        assert "<img" not in answer.text
        assert client.get("/capture/3").status_code == 200


def test_an_archive_of_an_older_version_says_what_to_do(copied: Path) -> None:
    with closing(sqlite3.connect(copied / "archive.db")) as old:  # as schema 4 had it
        for table in ("articles_fts_marked", "attachment_texts"):
            old.execute(f"DROP TABLE {table}")
        old.execute("PRAGMA user_version = 4")
    with serving(copied) as client:
        assert client.get("/").status_code == 200
        assert client.get("/doc/3").status_code == 200
        for path in ("/search", "/search?q=hoi+thao", "/search?has=table"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "susta rebuild" in words(answer.text)
            assert "phiên bản cũ" in words(answer.text)
        assert run(["rebuild", "--archive", str(copied)]) == 0
        assert client.get("/search?q=hoi+thao").status_code == 200


@pytest.mark.parametrize(
    "path", ["/archive/photos.json?_shape=array", "/archive/articles.csv", "/archive.json?sql=select+1&_shape=array"]
)
def test_data_without_a_place_for_the_condition_says_where_it_stands(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert '</-/metadata.json>; rel="copyright"' in answer.headers["link"]
    told = client.get("/-/metadata.json").json()
    assert "Ghi rõ nguồn" in told["license"]
    assert told["source"].startswith("Susta.vn")
