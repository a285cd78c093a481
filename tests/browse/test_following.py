"""The feed that `susta serve` and `susta feed` give: the same, found from each page, and asked for only once."""

import re
from pathlib import Path

import feedparser
import httpx
import pytest
from browse_support import serving

from archive.query import Archive
from scraper.cli import run


def test_the_feed_holds_what_changed_and_leads_to_the_reading_pages(client: httpx.Client, demo: Path) -> None:
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    with Archive.open(demo) as archive:
        expected = {record.url for record in archive.records()}
    assert {entry.id for entry in read.entries} == expected
    changed = next(entry for entry in read.entries if "Bản sửa đổi thứ 2" in entry.content[0].value)
    page = next(link.href for link in changed.links if link.rel == "related")
    assert changed.title in client.get(page).text
    assert [link.href for link in read.feed.links if link.rel == "self"] == [str(answer.url)]


def test_every_page_names_the_feed(client: httpx.Client) -> None:
    for path in ("/", "/doc/1", "/search?q=x"):
        named = re.search(
            r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', client.get(path).text
        )
        assert named
        assert named[1] == "/feed.atom"
    assert '<a href="/feed.atom"' in client.get("/").text


def test_who_has_it_is_not_sent_it_again(client: httpx.Client) -> None:
    first = client.get("/feed.atom")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-Modified-Since": modified}):
        again = client.get("/feed.atom", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    for headers in (
        {"If-None-Match": '"another"', "If-Modified-Since": modified},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert client.get("/feed.atom", headers=headers).content == first.content


def test_it_is_as_long_as_asked_for_and_of_one_category(client: httpx.Client, demo: Path) -> None:
    assert len(feedparser.parse(client.get("/feed.atom?limit=3").content).entries) == 3
    assert client.get("/feed.atom?limit=-1").status_code == 200
    with Archive.open(demo) as archive:
        category = next(record.category for record in archive.records() if record.category)
    entries = feedparser.parse(client.get("/feed.atom", params={"category": category}).content).entries
    assert {tag.term for entry in entries for tag in entry.tags} == {category}


def test_markup_in_every_text_stays_text(hostile: Path) -> None:
    with serving(hostile) as client:
        read = feedparser.parse(client.get("/feed.atom").content, sanitize_html=False)
    assert not read.bozo
    assert read.entries
    for entry in read.entries:
        assert "<script" not in entry.content[0].value
        assert "alert(1)" in entry.content[0].value


def test_a_withdrawn_article_leaves_the_feed_and_is_told_as_deleted(copied: Path) -> None:
    with Archive.open(copied) as archive:
        found = archive.find("3")
    assert found
    assert run(["withdraw", "3", "--reason", "theo đề nghị", "--yes", "--archive", str(copied)]) == 0
    with serving(copied) as client:
        document = client.get("/feed.atom").text
    assert found[1].title not in document
    assert f'<at:deleted-entry ref="{found[1].url}"' in document


def test_the_command_writes_the_same_feed_and_leaves_what_is_current(
    demo: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "susta.atom"
    words = ["feed", "--archive", str(demo), "--limit", "5", "--url", "https://example.org/susta.atom"]
    assert run([*words, str(file)]) == 0
    written = file.stat().st_mtime_ns
    assert run([*words, str(file)]) == 0
    assert file.stat().st_mtime_ns == written
    capfdbinary.readouterr()
    assert run(words) == 0
    assert capfdbinary.readouterr().out == file.read_bytes()
    assert len(feedparser.parse(file.read_bytes()).entries) == 5


@pytest.mark.parametrize("address", ["susta.atom", "ftp://example.org/x", "https://", "https://exa mple.org/"])
def test_an_address_that_is_none_is_said(demo: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["feed", "--archive", str(demo), "--url", address]) == 2
    assert "no address like" in capsys.readouterr().err
