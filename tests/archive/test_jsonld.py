"""schema.org NewsArticle: each fact at its place, the condition where each vocabulary has one for it."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from builders import ADDRESS, SOURCE, full_article, moment

from archive.entries import Entry
from archive.jsonld import news_article, script_text
from archive.people import names_in
from archive.query import record_of
from archive.records import Article, BylineRole, DateKind


def thing(article: Article, **more: Any) -> dict[str, Any]:
    record = replace(record_of(article, SOURCE), captured_at=moment())
    return news_article(Entry(1, record, [], 1, 1, moment(), moment(), None), **more)


def test_the_condition_stands_where_each_vocabulary_has_its_place() -> None:
    said = thing(full_article())
    assert said["creditText"] == "Nguồn: Susta.vn"
    assert said["copyrightNotice"] == said["usageInfo"]["text"] == said["dcterms:rights"] == SOURCE.notice
    assert said["dcterms:source"] == {"@id": ADDRESS}
    assert "license" not in said
    assert said["@context"][1]["dcterms"] == "http://purl.org/dc/terms/"


def test_what_it_says() -> None:
    said = thing(full_article(), archived_at="http://127.0.0.1/1")
    assert said["headline"] == "Một bài viết"
    assert said["author"] == [{"@type": "Person", "name": "Cao Thị Hạnh"}]
    assert said["image"] == [
        {
            "@type": "ImageObject",
            "contentUrl": "https://susta.vn/anh/1.jpg",
            "caption": "Đại biểu dự hội nghị",
            "creditText": "Ảnh: Hà Nam",
        }
    ]
    assert said["associatedMedia"][0]["name"] == "Tải về"
    assert said["interactionStatistic"]["userInteractionCount"] == 538
    assert said["archivedAt"] == "http://127.0.0.1/1"
    assert said["sdDatePublished"] == moment()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (DateKind.POSTED, "datePublished"),
        (DateKind.DATELINE, "contentReferenceTime"),
        (DateKind.DOCUMENT, "dateCreated"),
    ],
)
def test_a_day_is_told_for_what_it_is(kind: DateKind, name: str) -> None:
    said = thing(full_article(date_kind=kind))
    days = {key for key in ("datePublished", "contentReferenceTime", "dateCreated") if key in said}
    assert days == {name}
    assert said[name] == said["dcterms:date"] == "2021-12-07"


def test_what_is_not_known_is_left_out() -> None:
    said = thing(full_article(byline=None, affiliation=None, date=None, date_kind=None, views=None, photos=()))
    assert not {"author", "dcterms:date", "datePublished", "image", "interactionStatistic", "archivedAt"} & set(said)


def test_a_syndicated_text_has_an_origin_and_no_author() -> None:
    said = thing(full_article(byline="Báo Sơn La", byline_role=BylineRole.SYNDICATED))
    assert said["isBasedOn"]["name"] == "Báo Sơn La"
    assert "author" not in said


def test_a_photographer_alone_is_no_author() -> None:
    said = thing(full_article(byline="Hà Nam", byline_role=BylineRole.PHOTO))
    assert said["contributor"]["name"] == "Hà Nam"
    assert "author" not in said


def test_nothing_ends_the_script_element() -> None:
    said = thing(full_article(title="</script><script>alert(1)</script><!--\u2028"))
    seen: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            seen.append(("tag", tag))

        def handle_data(self, data: str) -> None:
            seen.append(("data", data))

    Reader().feed(f'<script type="application/ld+json">{script_text(said)}</script>')
    assert [kind for kind, _ in seen] == ["tag", "data"]
    assert json.loads(seen[1][1]) == said


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("TS. Cao Thị Hạnh", ["Cao Thị Hạnh"]),
        ("PGS.TS. Nguyễn Văn An", ["Nguyễn Văn An"]),
        ("PGS, TS Nguyễn Văn An", ["Nguyễn Văn An"]),
        ("GS.TSKH Trần Bình", ["Trần Bình"]),
        ("ThS. Lò Văn Muôn, KS. Cà Thị Hoa", ["Lò Văn Muôn", "Cà Thị Hoa"]),
        ("Hà Nam - Minh Đức", ["Hà Nam", "Minh Đức"]),
        ("Hà Nam và Minh Đức", ["Hà Nam", "Minh Đức"]),
        ("Nguyễn Thị Minh-Anh", ["Nguyễn Thị Minh-Anh"]),
        ("Cn Lan", ["Lan"]),
        ("Tsai Minh", ["Tsai Minh"]),
        ("TS.", ["TS."]),
    ],
)
def test_names_are_told_one_by_one_without_titles(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names
