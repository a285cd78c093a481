"""Writing records out: what other programs read back, with credit and condition in every row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from builders import SITE, SOURCE, Desk, file_articles, full_article, make_article, moment
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entries import ALL, CreditedSource, Filter
from archive.errors import ArchiveUnusable
from archive.export import CSV_COLUMNS, WRITERS
from archive.query import Archive, Record
from archive.records import Article, Block, BlockKind, Photo, Source
from archive.store import Store

Open = Callable[..., Archive]


@pytest.fixture
def open_with(tmp_path: Path) -> Iterator[Open]:
    opened: list[Archive] = []

    def open_one(*articles: Article) -> Archive:
        opened.append(file_articles(tmp_path, *articles))
        return opened[-1]

    yield open_one
    for archive in opened:
        archive.close()


@pytest.fixture
def archive(open_with: Open) -> Archive:
    return open_with(
        full_article(),
        make_article("Một.\u2028Hai.", url="https://susta.vn/tin/bai-8", site_id=8, title='"Ngoặc", phẩy;\ndòng'),
        make_article("x", url="https://susta.vn/x.html", site_id=None, category=None),
    )


def write(form: str, archive: Archive, which: Filter = ALL) -> bytes:
    out = io.BytesIO()
    assert WRITERS[form](archive, which, out) == len(list(archive.records(which)))
    return out.getvalue()


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def read_rows(form: str, data: bytes) -> list[dict[str, Any]]:
    """What another program reads, with credit and notice of each row at the top."""
    match form:
        case "csv":
            return list(read_csv(data))
        case "jsonld":
            rows = json.loads(data)["@graph"]
            return [row | {"credit": row["creditText"], "notice": row["copyrightNotice"]} for row in rows]
        case "parquet":
            rows = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
        case "json":
            rows = json.loads(data)
        case _:
            rows = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    return [row | row["source"] for row in rows]


@pytest.mark.parametrize("form", WRITERS)
def test_every_row_has_the_credit_and_the_notice(archive: Archive, form: str) -> None:
    rows = read_rows(form, write(form, archive))
    assert len(rows) == 3
    assert {(row["credit"], row["notice"]) for row in rows} == {("Nguồn: Susta.vn", SOURCE.notice)}


@pytest.mark.parametrize("form", WRITERS)
def test_no_records_are_an_empty_export(archive: Archive, form: str) -> None:
    assert read_rows(form, write(form, archive, Filter(category="none"))) == []


@pytest.mark.parametrize("form", WRITERS)
def test_filters_hold_for_every_format(archive: Archive, form: str) -> None:
    (row,) = read_rows(form, write(form, archive, Filter(byline="cao thi hanh")))
    assert (row.get("title") or row["headline"]) == full_article().title


# JSON, straight from rows


def test_json_is_one_array_of_records(archive: Archive) -> None:
    assert json.loads(write("json", archive)) == [record.as_dict() for record in archive.records()]


def test_jsonl_is_the_records_own_json_byte_for_byte(archive: Archive) -> None:
    lines = [json.dumps(record.as_dict(), ensure_ascii=False) + "\n" for record in archive.records()]
    assert write("jsonl", archive) == "".join(lines).encode()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


PIECES = TEXTS | st.sampled_from(
    ['"text": "', '\\"', "\\", '\\\\"}', '"rows"', '", "text": "', '"rows": [["', '"]]', "]]}"]
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.lists(PIECES), st.lists(st.lists(st.lists(PIECES))))
def test_any_text_is_written_as_the_record_has_it(
    tmp_path_factory: pytest.TempPathFactory, title: str, texts: list[str], tables: list[list[list[str]]]
) -> None:
    blocks = [Block(BlockKind.PARAGRAPH, text) for text in texts]
    blocks[1:1] = [Block(BlockKind.TABLE, rows=tuple(map(tuple, rows))) for rows in tables]
    article = replace(full_article(), title=title, blocks=tuple(blocks))
    with file_articles(tmp_path_factory.mktemp("any"), article) as archive:
        (record,) = archive.records()
        assert record.body == texts
        assert [table["rows"] for table in record.tables] == tables
        assert write("jsonl", archive) == json.dumps(record.as_dict(), ensure_ascii=False).encode() + b"\n"
        assert [row["title"] for row in read_rows("parquet", write("parquet", archive))] == [title]
        (row,) = read_csv(write("csv", archive))
        assert row["title"].removeprefix("'") == title.removeprefix("'")


def test_json_refuses_a_record_without_its_source(tmp_path: Path) -> None:
    """No table lets it in; the writer looks all the same."""
    with file_articles(tmp_path, full_article()) as archive:
        row, photos, files = next(archive.rows())
        blank = list(row)
        blank[17] = " "  # the notice
        archive.rows = lambda _which: iter([(blank, photos, files)])  # type: ignore[method-assign, assignment, misc]
        with pytest.raises(ValueError, match="may not leave the archive"):
            WRITERS["jsonl"](archive, ALL, io.BytesIO())


def test_json_refuses_a_table_that_is_none(tmp_path: Path) -> None:
    """A database that something else wrote into: what cannot be copied is not left out."""
    with file_articles(tmp_path, full_article()) as archive:
        row, photos, files = next(archive.rows())
        odd = list(row)
        odd[12] = b'[{"kind": "table", "rows": [["a", null]]}]'
        archive.rows = lambda _which: iter([(odd, photos, files)])  # type: ignore[method-assign, assignment, misc]
        with pytest.raises(ArchiveUnusable, match="no list of rows of texts"):
            WRITERS["jsonl"](archive, ALL, io.BytesIO())


def test_records_of_two_sources_keep_each_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    desk = Desk(store)
    other = Source(SITE, "Susta.vn", "Liên hiệp hội", "Một điều kiện khác")
    for number, source in enumerate((SOURCE, other, SOURCE), start=1):
        article = make_article(url=f"https://susta.vn/tin/bai-{number}", site_id=number)
        desk.derive(desk.capture(article.url), article, source)
    store.close()
    with Archive.open(tmp_path) as archive:
        rows = read_rows("jsonl", write("jsonl", archive))
    assert [row["notice"] for row in rows] == [SOURCE.notice, other.notice, SOURCE.notice]


# CSV


def test_csv_opens_with_a_bom_and_the_columns(archive: Archive) -> None:
    data = write("csv", archive)
    assert data.startswith(b"\xef\xbb\xbfurl,site,")
    assert tuple(read_csv(data)[0]) == CSV_COLUMNS
    assert write("csv", archive, Filter(category="none")).decode() == "\ufeff" + ",".join(CSV_COLUMNS) + "\r\n"


def test_csv_read_back_is_the_record(archive: Archive) -> None:
    for row, record in zip(read_csv(write("csv", archive)), archive.records(), strict=True):
        assert row["title"] == record.title
        assert row["body"] == "\n\n".join(record.body)
        assert row["site_id"] == ("" if record.site_id is None else str(record.site_id))
        assert row["byline"] == (record.byline or "")
        for name in ("photos", "attachments", "tables"):
            assert json.loads(row[name]) == getattr(record, name)
        assert row["source_url"] == record.source.url
        assert row["content_sha256"] == record.content_sha256


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\u00a0@", "＝"])
def test_a_spreadsheet_runs_nothing(open_with: Open, start: str) -> None:
    text = start + '1+cmd|" /C calc"!A0'
    opened = open_with(make_article(text, title=text, byline=text, affiliation=text))
    (row,) = read_csv(write("csv", opened))
    for name in ("title", "body", "byline", "affiliation"):
        assert row[name] == "'" + text


@pytest.mark.parametrize("text", ["1 = 1", "a@b.vn", "– gạch", "2021-12-07", "'=1"])
def test_other_text_is_written_as_it_is(open_with: Open, text: str) -> None:
    (row,) = read_csv(write("csv", open_with(make_article(title=text))))
    assert row["title"] == text


# Parquet


def test_parquet_is_typed_and_read_back_is_the_record(archive: Archive) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(write("parquet", archive)))
    for row, record in zip(table.to_pylist(), archive.records(), strict=True):
        said = record.as_dict()
        said["date"] = record.date and date.fromisoformat(record.date)
        said["captured_at"] = record.captured_at and datetime.fromisoformat(record.captured_at)
        assert row == said
    assert row["captured_at"].astimezone(UTC).tzinfo is UTC


def test_parquet_names_the_condition_in_the_file_itself(archive: Archive) -> None:
    metadata = pyarrow.parquet.read_schema(io.BytesIO(write("parquet", archive))).metadata
    assert metadata[b"dcterms:rights"].decode() == SOURCE.notice
    assert metadata[b"license"] == b"other"


def test_parquet_names_the_record_whose_day_is_none(tmp_path: Path) -> None:
    file_articles(tmp_path, full_article()).close()
    store = Store(tmp_path)
    with store.transaction():
        store.db.execute("UPDATE articles SET date = 'soon'")
    store.close()
    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveUnusable, match="bai-viet-7 has a date that is none"):
        WRITERS["parquet"](archive, ALL, io.BytesIO())


# Streaming


@pytest.mark.parametrize("form", WRITERS)
def test_records_are_written_while_they_are_read(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more than some records at once: what is read last is not yet read when the first is written."""
    monkeypatch.setattr("archive.entries._BATCH", 2)
    monkeypatch.setattr("archive.export_parquet._ROW_GROUP", 2)
    monkeypatch.setattr("archive.export_csv._FLUSH_AT", 10)
    articles = (make_article(url=f"https://susta.vn/tin/bai-{number}", site_id=number) for number in range(1, 12))
    with file_articles(tmp_path, *articles) as archive:
        read: list[int] = []
        read_when_written: list[int] = []
        rows = archive.rows

        def counted(which: Filter = ALL, **_: Any) -> Iterator[Any]:
            for row in rows(which):
                read.append(row[0][0])
                yield row

        class Out(io.BytesIO):
            def write(self, data: Any, /) -> int:
                read_when_written.append(len(read))
                return super().write(data)

        archive.rows = counted  # type: ignore[method-assign, assignment]
        WRITERS[form](archive, ALL, Out())
    assert len(read) == 11
    assert any(0 < count < 6 for count in read_when_written)


def test_an_export_is_the_state_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a crawl changes meanwhile is in no part of it, the last batch's pictures included."""
    monkeypatch.setattr("archive.entries._BATCH", 1)
    photo = (Photo("https://susta.vn/1.jpg"),)
    articles = (make_article(url=f"https://susta.vn/b-{n}", site_id=n, photos=photo) for n in (1, 2))
    with file_articles(tmp_path, *articles) as archive:
        found: list[Record] = []
        for record in archive.records():
            found.append(record)
            store = Store(tmp_path)
            with store.transaction():
                store.db.execute("DELETE FROM photos")
                store.db.execute("UPDATE articles SET title = 'Khác'")
            store.close()
        assert [(record.title, len(record.photos)) for record in found] == [("Một bài viết", 1)] * 2
        assert [record.title for record in archive.records()] == ["Khác"] * 2


def test_reading_may_end_before_the_end(tmp_path: Path) -> None:
    with file_articles(tmp_path, full_article(), make_article(url="https://susta.vn/b-8", site_id=8)) as archive:
        begun = archive.records()
        assert next(begun)
    begun.close()  # as the interpreter does with what nobody holds any more


def test_a_credited_source_is_asked_of_every_writer() -> None:
    with pytest.raises(ValueError, match="may not leave"):
        CreditedSource("n", "o", "c", " ", "u")


def test_records_stand_at_the_time_of_their_newest_revision(archive: Archive) -> None:
    assert {record.captured_at for record in archive.records()} == {moment(1), moment(2), moment(3)}
