"""`import archive`: the promised names, what each gives, and that nothing is loaded or written unasked."""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import archive
from archive import Archive, ArchiveUnusable, ConfigError
from archive.entries import Record
from archive.query import Archive as Reader
from scraper.cli import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo archive of two visits."""
    folder = tmp_path_factory.mktemp("archive")
    for visit in ([], ["--second-visit"]):
        assert run(["demo", "--pages", "24", "--archive", str(folder), *visit]) == 0
    return folder


@pytest.fixture
def opened(folder: Path) -> Iterator[Archive]:
    with Archive.open(folder) as opened:
        yield opened


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import archive, sys; print([name for name in sys.modules if name.startswith(('archive.', 'sqlite3'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_promised_name_is_there_and_typed() -> None:
    for name in archive.__all__:
        assert isinstance(getattr(archive, name), type)
        assert name in dir(archive)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = archive.no_such_name
    assert (Path(archive.__file__).parent / "py.typed").is_file()


def test_a_folder_and_its_database_are_the_same_archive(folder: Path) -> None:
    before = sorted(folder.iterdir())
    with Archive.open(str(folder / "archive.db")) as one, Archive.open(folder) as other:
        assert one.folder == other.folder == folder
        assert [each.url for each in one.articles()] == [each.url for each in other.articles()]
    assert sorted(folder.iterdir()) == before


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable, match="There is no archive"):
        Archive.open(tmp_path)


def test_articles_are_the_exported_records_with_their_place(folder: Path, opened: Archive) -> None:
    with Reader.open(folder) as reader:
        entries = list(reader.entries())
    articles = list(opened.articles())
    assert [article.as_dict() for article in articles] == [entry.record.as_dict() for entry in entries]
    assert [(each.id, each.revision, each.capture_id) for each in articles] == [
        (entry.id, entry.revision, entry.capture_id) for entry in entries
    ]
    assert len(articles) == opened.count()
    assert articles[0].text == "\n\n".join(articles[0].body)
    assert articles[0].credit == "Nguồn: Susta.vn"
    assert {field.name for field in dataclasses.fields(Record)} < set(dir(articles[0]))


def test_articles_pass_the_filters(opened: Archive) -> None:
    some = next(article for article in opened.articles() if article.date and article.category)
    found = list(opened.articles(since=some.date, until=some.date, category=some.category))
    assert some in found
    assert {(each.date, each.category) for each in found} == {(some.date, some.category)}
    assert list(opened.articles(changed_since="9999-01-01")) == []
    with pytest.raises(ConfigError):
        opened.articles(since="2021")


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"since": "01/01/2022"}, "since: '01/01/2022' is no day"),
        ({"since": "20220101"}, "since: '20220101' is no day"),
        ({"until": "x"}, "until: 'x' is no day"),
        ({"until": "٢٠٢٢-٠١-٠١"}, "is no day"),
        ({"since": "2022-01-02", "until": "2022-01-01"}, "since: 2022-01-02 is later than until: 2022-01-01"),
        ({"since": ""}, "since is empty"),
        ({"category": ""}, "category is empty"),
        ({"byline": " "}, "byline is empty"),
        ({"category": "\ud800"}, "category: '\\\\ud800' is no text of whole characters"),
        ({"byline": "\ud800"}, "is no text of whole characters"),
    ],
)
def test_filters_that_make_no_sense_are_refused_alike(opened: Archive, filters: dict[str, str], said: str) -> None:
    for ask in (lambda: opened.articles(**filters), lambda: opened.search("hoi", **filters)):
        with pytest.raises(ConfigError, match=said) as raised:
            ask()
        assert "--" not in str(raised.value)


def test_filters_that_only_articles_takes_are_checked_too(opened: Archive) -> None:
    for filters in ({"query": ""}, {"query": "\ud800"}, {"changed_since": ""}, {"changed_since": "lately"}):
        with pytest.raises(ConfigError):
            opened.articles(**filters)


def test_what_is_no_text_is_a_type_error(opened: Archive) -> None:
    with pytest.raises(TypeError, match="words: a text is needed, not NoneType"):
        opened.search(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="since: a text is needed, not int"):
        opened.search("hoi", since=2022)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="category: a text is needed, not bytes"):
        opened.articles(category=b"tin")  # type: ignore[arg-type]


def test_any_limit_and_offset_are_safe(opened: Archive) -> None:
    total = opened.search("va").total
    assert len(opened.search("va", limit=10**30).hits) == total
    assert opened.search("va", offset=10**30).hits == ()
    assert opened.search("va", limit=-(10**30), offset=-1).hits == ()


def test_an_article_is_had_by_id_address_and_hit(opened: Archive) -> None:
    article = opened.get(3)
    assert article is not None
    assert opened.get(article.url) == opened.get("3") == opened.get(article) == article
    hit = next(hit for hit in opened.search(f'"{article.title}"').hits if hit.id == 3)
    assert opened.get(hit) == article
    assert opened.get(10**9) is opened.get("https://example.org/") is opened.get("\ud800") is None


def test_what_is_not_there_is_a_lookup_error(opened: Archive) -> None:
    for ask in (opened.history, opened.views, opened.photos, opened.attachments, opened.cite, opened.capture):
        with pytest.raises(LookupError):
            ask(10**9)
        with pytest.raises(LookupError):
            ask(10**30)  # more than SQLite can hold
    for number in (9, 10**30, -(10**30)):
        with pytest.raises(LookupError):
            opened.revision(3, number)


def test_revisions_tell_what_changed_and_are_whole(opened: Archive) -> None:
    history = opened.history(3)
    assert [revision.number for revision in history.revisions] == [1, 2]
    assert history.revisions[1].changed
    digests = [opened.revision(3, number).content_sha256 for number in (1, 2)]
    assert digests == [revision.content_sha256 for revision in history.revisions]
    article = opened.get(3)
    assert article is not None
    assert digests[1] == article.content_sha256
    assert opened.views(3) == history.views


def test_captures_have_the_exact_bytes_and_heads(opened: Archive) -> None:
    captures = opened.captures(3)
    assert len(captures) > 1
    assert captures == sorted(captures, key=lambda each: (each.fetched_at, each.id))
    for capture in captures:
        response = capture.response()
        assert hashlib.sha256(response.body).hexdigest() == capture.payload_sha256
        assert response.header("content-type") == "text/html; charset=utf-8"
        assert capture.record().startswith(b"WARC/1.1\r\n")
        assert len(capture.record(packed=True)) == capture.warc_length
        assert opened.capture(capture.id) == capture


def test_any_page_has_captures_by_its_address(opened: Archive) -> None:
    (listing,) = opened.connection.execute("SELECT url FROM refusals WHERE reason = 'listing' LIMIT 1").fetchone()
    assert {capture.url for capture in opened.captures(listing)} == {listing}
    assert opened.captures("https://example.org/") == []


def test_pictures_and_attachments_have_their_bytes(opened: Archive) -> None:
    seen = {"photos": 0, "attachments": 0}
    for article in opened.articles():
        for name, files, told in (
            ("photos", opened.photos(article), article.photos),
            ("attachments", opened.attachments(article), article.attachments),
        ):
            assert [(each.url, each.sha256) for each in files] == [(one["url"], one["sha256"]) for one in told]
            for file in files:
                if file.sha256:
                    assert hashlib.sha256(file.read()).hexdigest() == file.sha256
                    seen[name] += 1
                else:
                    with pytest.raises(ArchiveUnusable, match="not captured"):
                        file.read()
        assert [each.caption for each in opened.photos(article)] == [one["caption"] for one in article.photos]
    assert min(seen.values()) > 0


def test_a_citation_in_each_form(opened: Archive) -> None:
    article = opened.get(3)
    assert article is not None
    for form in ("text", "bibtex", "ris", "csl-json"):
        assert article.title in opened.cite(article, form)
    with pytest.raises(ConfigError):
        opened.cite(article, "apa")


def test_nothing_can_be_written(opened: Archive) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.connection.execute("DELETE FROM articles")
