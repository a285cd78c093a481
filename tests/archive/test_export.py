"""Writing records out: what other programs read back, with credit and condition in every row."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import SOURCE, file_articles, full_article, make_article
from hypothesis import given
from hypothesis import strategies as st

from archive.export import CSV_COLUMNS, WRITERS, write_csv
from archive.query import Record, record_of


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    articles = (
        full_article(),
        make_article("Một.\u2028Hai.", url="https://susta.vn/tin/bai-8", site_id=8, title='"Ngoặc", phẩy;\ndòng'),
        make_article("x", url="https://susta.vn/x.html", site_id=None, category=None),
    )
    with file_articles(tmp_path, *articles) as archive:
        return list(archive.records())


def write(form: str, records: list[Record]) -> str:
    out = io.StringIO(newline="")
    assert WRITERS[form](iter(records), out) == len(records)
    return out.getvalue()


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def read_rows(form: str, text: str) -> list[dict[str, Any]]:
    """What another program reads, with credit and notice of each row at the top."""
    if form == "csv":
        return list(read_csv(text))
    rows = json.loads(text) if form == "json" else [json.loads(line) for line in text.split("\n")[:-1]]
    return [row | row["source"] for row in rows]


@pytest.mark.parametrize("form", WRITERS)
def test_every_row_has_the_credit_and_the_notice(records: list[Record], form: str) -> None:
    rows = read_rows(form, write(form, records))
    assert len(rows) == 3
    assert {(row["credit"], row["notice"]) for row in rows} == {("Nguồn: Susta.vn", SOURCE.notice)}


def test_json_is_one_array_of_records(records: list[Record]) -> None:
    assert json.loads(write("json", records)) == [record.as_dict() for record in records]


def test_jsonl_is_one_object_a_line(records: list[Record]) -> None:
    *lines, rest = write("jsonl", records).split("\n")
    assert [json.loads(line) for line in lines] == [record.as_dict() for record in records]
    assert rest == ""


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_letters_are_written_as_letters(records: list[Record], form: str) -> None:
    assert "Cao Thị Hạnh" in write(form, records)


@pytest.mark.parametrize(("form", "expected"), [("json", []), ("jsonl", [])])
def test_no_records_are_an_empty_export(form: str, expected: list[object]) -> None:
    assert read_rows(form, write(form, [])) == expected


def test_csv_opens_with_a_bom_and_the_columns(records: list[Record]) -> None:
    text = write("csv", records)
    assert text.encode().startswith(b"\xef\xbb\xbfurl,site,")
    assert tuple(read_csv(text)[0]) == CSV_COLUMNS
    assert write("csv", []) == "\ufeff" + ",".join(CSV_COLUMNS) + "\r\n"


def test_csv_read_back_is_the_record(records: list[Record]) -> None:
    for row, record in zip(read_csv(write("csv", records)), records, strict=True):
        assert row["title"] == record.title
        assert row["body"] == "\n\n".join(record.body)
        assert row["site_id"] == ("" if record.site_id is None else str(record.site_id))
        assert row["byline"] == (record.byline or "")
        for name in ("photos", "attachments", "tables"):
            assert json.loads(row[name]) == getattr(record, name)
        assert row["source_url"] == record.source.url
        assert row["content_sha256"] == record.content_sha256


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing(start: str) -> None:
    text = start + '1+cmd|" /C calc"!A0'
    record = record_of(make_article(text, title=text, byline=text, affiliation=text), SOURCE)
    (row,) = read_csv(write("csv", [record]))
    for name in ("title", "body", "byline", "affiliation"):
        assert row[name] == "'" + text


@pytest.mark.parametrize("text", ["1 = 1", "a@b.vn", "– gạch", "2021-12-07", "'=1"])
def test_other_text_is_written_as_it_is(text: str) -> None:
    (row,) = read_csv(write("csv", [record_of(make_article(title=text), SOURCE)]))
    assert row["title"] == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_any_text_is_read_back(text: str) -> None:
    record = replace(record_of(full_article(), SOURCE), title=text, body=[text, text])
    for form in ("json", "jsonl"):
        (row,) = read_rows(form, write(form, [record]))
        assert (row["title"], row["body"]) == (text, [text, text])
    (row,) = read_csv(write("csv", [record]))
    assert row["title"].removeprefix("'") == text.removeprefix("'")


def test_records_are_written_one_at_a_time(records: list[Record]) -> None:
    out = io.StringIO()
    written: list[int] = []

    def one_by_one() -> Any:
        for record in records:
            written.append(len(out.getvalue()))
            yield record

    write_csv(one_by_one(), out)
    assert written == sorted(set(written))
    assert written[0] > 0
