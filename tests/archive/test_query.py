"""Reading an archive: credited records, finding, filters, order, and search that takes any input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import ADDRESS, LEGACY_ADDRESS, SOURCE, Desk, file_articles, full_article, make_article, moment

from archive.errors import ConfigError
from archive.query import Archive, CreditedSource, Filter, Record, record_of
from archive.records import Article, DateKind
from archive.store import Store

Open = Callable[..., Archive]


@pytest.fixture
def open_with(tmp_path: Path) -> Iterator[Open]:
    """Opens an archive that holds the given articles."""
    opened: list[Archive] = []

    def open_one(*articles: Article) -> Archive:
        opened.append(file_articles(tmp_path, *articles))
        return opened[-1]

    yield open_one
    for archive in opened:
        archive.close()


def numbered(site_id: int, *texts: str, **fields: Any) -> Article:
    return make_article(*texts, url=f"https://susta.vn/tin-tuc/bai-{site_id}", site_id=site_id, **fields)


def dated(site_id: int, day: str, **fields: Any) -> Article:
    return numbered(site_id, date=day, date_kind=DateKind.DATELINE, date_evidence=day, **fields)


# Nothing leaves without its source


@pytest.mark.parametrize("field", ["name", "credit", "notice"])
@pytest.mark.parametrize("blank", ["", " ", "\n\u00a0"])
def test_there_is_no_credited_source_without_name_credit_and_notice(field: str, blank: str) -> None:
    values = {"name": "n", "organisation": "", "credit": "c", "notice": "x", "url": "u"}
    with pytest.raises(ValueError, match="may not leave the archive"):
        CreditedSource(**(values | {field: blank}))


def test_there_is_no_record_without_a_source(open_with: Open) -> None:
    (record,) = open_with(full_article()).records()
    values = {name: getattr(record, name) for name in Record.__slots__ if name != "source"}
    with pytest.raises(TypeError):
        Record(**values)


def test_a_page_without_a_notice_gives_no_record() -> None:
    with pytest.raises(ValueError, match="may not leave the archive"):
        record_of(full_article(), replace(SOURCE, notice=" "))


# Records


def test_a_record_is_that_of_the_contract(open_with: Open) -> None:
    (record,) = open_with(full_article()).records()
    assert record.as_dict() == {
        "url": ADDRESS,
        "site": "susta.vn",
        "site_id": 7,
        "category": "tin-tuc",
        "title": "Một bài viết",
        "byline": "TS. Cao Thị Hạnh",
        "byline_role": None,
        "affiliation": "Trường Đại học Tây Bắc",
        "date": "2021-12-07",
        "date_kind": "dateline",
        "date_evidence": "Ngày 07/12/2021",
        "body": list(full_article().body),
        "photos": [
            {
                "url": "https://susta.vn/anh/1.jpg",
                "caption": "Đại biểu dự hội nghị",
                "credit": "Ảnh: Hà Nam",
                "sha256": None,
            }
        ],
        "attachments": [
            {"url": "https://susta.vn/tep/1.pdf", "label": "Tải về", "media_type": "application/pdf", "sha256": None}
        ],
        "tables": [{"rows": [["TT", "Tên"], ["1", "Cây chè"]]}],
        "views": 538,
        "source": {
            "name": "Susta.vn",
            "organisation": SOURCE.organisation,
            "credit": "Nguồn: Susta.vn",
            "notice": SOURCE.notice,
            "url": "https://susta.vn/",
        },
        "captured_at": moment(1),
        "content_sha256": full_article().content_sha256,
        "extractor": "test-1",
    }


def test_a_page_in_no_archive_gives_the_same_record_but_for_what_only_an_archive_knows(open_with: Open) -> None:
    (kept,) = open_with(full_article()).records()
    assert record_of(full_article(), SOURCE) == replace(kept, captured_at=None)


def test_a_record_was_captured_when_its_revision_was_first_captured(open_with: Open) -> None:
    archive = open_with(make_article("A"), make_article("B"), make_article("B"))
    assert [record.captured_at for record in archive.records()] == [moment(2)]


def test_photos_carry_the_digest_and_place_of_their_bytes(tmp_path: Path) -> None:
    desk = Desk(Store(tmp_path))
    desk.take(full_article())
    capture = desk.captures[desk.picture("https://susta.vn/anh/1.jpg", "bytes")]
    desk.store.close()
    with Archive.open(tmp_path) as archive:
        assert [record.photos[0]["sha256"] for record in archive.records()] == [capture.payload_sha256]
        assert archive.captured_photos(1) == [(0, capture.payload_sha256, "image/jpeg", 2)]


# Order and filters


def test_newest_first_and_undated_articles_by_when_they_were_first_seen(open_with: Open) -> None:
    archive = open_with(
        numbered(1),  # first seen 2026-11-23
        dated(2, "2026-11-23"),
        dated(3, "2030-01-01"),
        dated(4, "2021-12-07"),
        numbered(5),  # first seen 2026-11-27
        dated(6, "2021-12-07"),
    )
    assert [record.site_id for record in archive.records()] == [3, 5, 2, 1, 6, 4]


FILTERED = (
    dated(1, "2021-01-01", category="tin-tuc", byline="TS. Cao Thị Hạnh"),
    dated(2, "2021-06-01", category="tu-lieu-sub", byline="Nguyễn Văn A"),
    dated(3, "2022-01-01", category="tin-tuc"),
    numbered(4, category="tin-tuc", byline="Cao Thị Hạnh"),
)


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with file_articles(tmp_path_factory.mktemp("filtered"), *FILTERED) as archive:
        yield archive


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Filter(), {1, 2, 3, 4}),
        (Filter(since="2021-06-01"), {2, 3}),
        (Filter(until="2021-06-01"), {1, 2}),
        (Filter(since="2021-01-01", until="2021-01-01"), {1}),
        (Filter(since="2021-01-02", until="2021-05-31"), set()),
        (Filter(category="tin-tuc"), {1, 3, 4}),
        (Filter(category="tin"), set()),
        (Filter(byline="Cao Thị Hạnh"), {1, 4}),
        (Filter(byline="TS."), {1}),
        (Filter(byline="cao thi hanh"), {1, 4}),
        (Filter(byline="%"), set()),
        (Filter(category="tin-tuc", until="2021-12-31"), {1}),
        (Filter(category="' OR 1 --"), set()),
        (Filter(query="doan"), {1, 2, 3, 4}),
        (Filter(query="cao hanh", category="tin-tuc"), {1, 4}),
        (Filter(query="cao hanh", since="2021-01-01"), {1}),
        (Filter(query="khong-co-chu-nay"), set()),
        (Filter(changed_since=moment(2)), {3, 4}),
        (Filter(changed_since="2026-11-22"), {1, 2, 3, 4}),
        (Filter(changed_since="2026-11-24T09:00:00+07:00"), {3, 4}),
        (Filter(changed_since="2026-11-24T08:59:59.5+07:00"), {2, 3, 4}),
        (Filter(changed_since="2027-01-01"), set()),
    ],
)
def test_filters(filtered: Archive, which: Filter, expected: set[int]) -> None:
    assert {record.site_id for record in filtered.records(which)} == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "yesterday"},
        {"until": "2021-13-01"},
        {"since": "2022-01-01", "until": "2021-01-01"},
        {"changed_since": "lately"},
        {"changed_since": "0001-01-01T00:00:00+07:00"},
    ],
)
def test_a_filter_that_makes_no_sense_is_told(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"^(since|until|changed_since): "):
        Filter(**wrong)


@pytest.mark.parametrize("words", ["*", "...", '"'])
def test_a_query_without_a_word_is_told(filtered: Archive, words: str) -> None:
    with pytest.raises(ConfigError, match="no word to search for"):
        filtered.records(Filter(query=words))


def test_changed_since_goes_by_the_newest_revision(tmp_path: Path) -> None:
    store = Store(tmp_path)
    desk = Desk(store)
    desk.take(numbered(1, "Một."), day=1)
    desk.take(numbered(2, "Hai."), day=2)
    desk.take(numbered(1, "Một, sửa."), day=5)
    desk.take(numbered(2, "Hai."), day=6)  # seen again, unchanged
    store.close()
    with Archive.open(tmp_path) as archive:
        assert [entry.record.site_id for entry in archive.entries(Filter(changed_since=moment(3)))] == [1]
        assert [(e.record.site_id, e.revision) for e in archive.entries(by_change=True)] == [(1, 2), (2, 1)]


# Finding one article


@pytest.fixture
def with_alias(tmp_path: Path) -> Iterator[Archive]:
    desk = Desk(Store(tmp_path))
    desk.take(numbered(3))
    desk.take(make_article("A"))
    desk.redirect(LEGACY_ADDRESS, ADDRESS)
    desk.store.close()
    with Archive.open(tmp_path) as archive:
        yield archive


@pytest.mark.parametrize("what", ["2", "02", ADDRESS, LEGACY_ADDRESS])
def test_an_article_is_found_by_id_address_and_alias(with_alias: Archive, what: str) -> None:
    found = with_alias.find(what)
    assert found is not None
    assert (found[0], found[1].url) == (2, ADDRESS)


@pytest.mark.parametrize("what", ["3", "0", "-1", "7.0", "", "x", ADDRESS + "8", ADDRESS + "%", "' OR 1 --"])
def test_nothing_else_is_found(with_alias: Archive, what: str) -> None:
    assert with_alias.find(what) is None


# Numbers


def test_status_counts_what_the_archive_holds(tmp_path: Path) -> None:
    desk = Desk(Store(tmp_path))
    desk.take(full_article())
    desk.take(make_article("B"))
    desk.take(numbered(8, category=None))
    desk.picture("https://susta.vn/anh/1.jpg", "bytes")
    desk.answer(404, "https://susta.vn/khac")
    desk.store.close()
    with Archive.open(tmp_path) as archive:
        status = archive.status()
    expected = {"articles": 2, "revisions": 3, "captures": 5, "gone": 0, "refusals": {"http-status": 1}, "with_date": 0}
    assert {name: status[name] for name in expected} == expected
    assert status["categories"] == {"tin-tuc": 1, "-": 1}
    assert [source["notice"] for source in status["sources"]] == [SOURCE.notice]
    assert (status["runs"], status["last_run"]) == (0, None)


def test_the_newest_runs_come_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for day in range(3):
        store.start_run(moment(day), "x", ("https://susta.vn/",))
    store.close()
    with Archive.open(tmp_path) as archive:
        runs = archive.runs(2)
    assert [run["started_at"] for run in runs] == [moment(2), moment(1)]
    assert runs[0]["start_urls"] == ["https://susta.vn/"]


def test_status_reads_indexes_and_no_article(tmp_path: Path) -> None:
    """On 100,000 articles it must answer at once: texts are gigabytes, these indexes a few megabytes."""
    with file_articles(tmp_path, full_article()) as archive:
        asked: list[str] = []
        archive._db.set_trace_callback(asked.append)
        archive.status()
        archive._db.set_trace_callback(None)
        of_articles = [sql for sql in asked if "FROM articles" in sql]
        plans = [archive._db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchone()[3] for sql in of_articles]
    assert len(plans) >= 2
    assert all("COVERING INDEX" in plan for plan in plans)


def test_review_finds_the_worst_records_without_sorting(tmp_path: Path) -> None:
    with file_articles(tmp_path, full_article()) as archive:
        asked: list[str] = []
        archive._db.set_trace_callback(asked.append)
        archive.doubtful()
        archive._db.set_trace_callback(None)
        (sql,) = [sql for sql in asked if "doubt > 0" in sql]
        plan = " ".join(row[3] for row in archive._db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "articles_doubt" in plan
    assert "ORDER BY" not in plan  # as in USE TEMP B-TREE FOR ORDER BY
