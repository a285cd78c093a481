"""What an article is: its digest, and its record as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from builders import SOURCE, full_article, make_article, paragraphs
from hypothesis import given
from hypothesis import strategies as st

from archive.records import (
    REFUSAL_MEANINGS,
    Article,
    Attachment,
    Block,
    BlockKind,
    BylineRole,
    DateKind,
    FieldReason,
    Photo,
    RefusalReason,
    article_from_json,
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | text
rows = st.lists(st.lists(text, max_size=3).map(tuple), max_size=3).map(tuple)
blocks = st.builds(Block, st.sampled_from(BlockKind), text, rows, st.none() | st.integers(0, 9))
articles = st.builds(
    Article,
    url=text,
    site=text,
    site_id=st.none() | st.integers(),
    category=maybe,
    title=text,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    photos=st.lists(st.builds(Photo, text, maybe, maybe), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, text, text, maybe), max_size=2).map(tuple),
    kicker=maybe,
    byline=maybe,
    byline_role=st.none() | st.sampled_from(BylineRole),
    affiliation=maybe,
    date=maybe,
    date_kind=st.none() | st.sampled_from(DateKind),
    date_evidence=maybe,
    views=st.none() | st.integers(),
    notice=maybe,
    extractor=text,
    reasons=st.dictionaries(text, st.builds(FieldReason, text, st.floats(0, 1)), max_size=2),
)


@given(articles)
def test_a_record_is_read_back_from_its_json_as_it_was(article: Article) -> None:
    again = article_from_json(article.to_json())
    assert again == article
    assert again.content_sha256 == article.content_sha256
    assert again.to_json() == article.to_json()


@pytest.mark.parametrize("wrong", ["", "{", "null", "1", '"x"', "[]", "{}", '{"blocks": [{}]}', '{"blocks": 1}'])
def test_other_text_is_no_record(wrong: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        article_from_json(wrong)


SAME: dict[str, dict[str, Any]] = {
    "views": {"views": 539},
    "address": {"url": "https://susta.vn/khac/ten-khac-7", "site_id": None, "category": None},
    "kicker": {"kicker": "Tin trong ngày"},
    "date": {"date": None, "date_kind": None, "date_evidence": None},
    "byline's role and affiliation": {"byline_role": BylineRole.PHOTO, "affiliation": None},
    "photo address and credit": {"photos": (Photo("https://cdn.example/2.jpg?v=9", "Đại biểu dự hội nghị"),)},
    "a photo without caption": {"photos": (*full_article().photos, Photo("https://susta.vn/anh/2.jpg"))},
    "attachment address and type": {"attachments": (Attachment("https://susta.vn/b.pdf", "Tải về"),)},
    "notice, extractor and reasons": {"notice": "x", "extractor": "y", "reasons": {"title": FieldReason("h1", 1)}},
}
OTHER: dict[str, dict[str, Any]] = {
    "title": {"title": "Bài khác"},
    "byline": {"byline": "Cao Thị Hạnh"},
    "no byline": {"byline": None},
    "caption": {"photos": (Photo("https://susta.vn/anh/1.jpg", "Đại biểu"),)},
    "label": {"attachments": (Attachment("https://susta.vn/tep/1.pdf", "Tải tệp"),)},
    "body": {"blocks": (*full_article().blocks, *paragraphs("Thêm."))},
    "order of the body": {"blocks": full_article().blocks[::-1]},
    "table cell": {"blocks": (*full_article().blocks[:4], Block(BlockKind.TABLE, rows=(("TT", "Tên"), ("1", "Cây"))))},
}


@pytest.mark.parametrize("fields", SAME.values(), ids=SAME.keys())
def test_what_the_article_does_not_say_is_not_in_its_digest(fields: dict[str, Any]) -> None:
    assert replace(full_article(), **fields).content_sha256 == full_article().content_sha256


@pytest.mark.parametrize("fields", OTHER.values(), ids=OTHER.keys())
def test_what_the_article_says_is_in_its_digest(fields: dict[str, Any]) -> None:
    assert replace(full_article(), **fields).content_sha256 != full_article().content_sha256


spoken = st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM])


@given(st.lists(st.tuples(text, spoken, spoken), max_size=5))
def test_block_kinds_and_places_of_photos_are_not_in_the_digest(parts: list[tuple[str, BlockKind, BlockKind]]) -> None:
    one = make_article(blocks=tuple(Block(kind, said) for said, kind, _ in parts))
    other = make_article(
        blocks=(Block(BlockKind.PHOTO, photo=0), *(Block(kind, said) for said, _, kind in parts)),
    )
    assert one.content_sha256 == other.content_sha256


def test_one_paragraph_is_not_two() -> None:
    assert make_article("a", "b").content_sha256 != make_article("a\n\nb").content_sha256


def test_the_digest_is_that_of_the_documented_canonical_json() -> None:
    said = (
        '{"attachments":["Tải về"],'
        '"body":["I. Mở đầu","Đoạn đầu, có “ngoặc kép”, dấu phẩy;\u2028và dấu ngắt dòng lạ.","Mục một"],'
        '"byline":"TS. Cao Thị Hạnh","captions":["Đại biểu dự hội nghị"],'
        '"tables":[[["TT","Tên"],["1","Cây chè"]]],"title":"Một bài viết"}'
    )
    assert json.loads(said)
    assert full_article().content_sha256 == hashlib.sha256(said.encode()).hexdigest()


def test_body_and_tables_are_parted() -> None:
    article = full_article()
    assert article.body == ("I. Mở đầu", "Đoạn đầu, có “ngoặc kép”, dấu phẩy;\u2028và dấu ngắt dòng lạ.", "Mục một")
    assert article.tables == ((("TT", "Tên"), ("1", "Cây chè")),)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        full_article().title = "x"  # type: ignore[misc]


def test_the_credit_names_the_source() -> None:
    assert SOURCE.credit == "Nguồn: Susta.vn"


def test_every_reason_of_refusal_has_a_meaning() -> None:
    assert set(REFUSAL_MEANINGS) == set(RefusalReason)
    assert all(REFUSAL_MEANINGS.values())


def test_what_is_made_of_an_article_goes_with_its_json_and_not_with_a_changed_one() -> None:
    article = replace(make_article(), title="Hội thảo về chè Shan")
    article.once("words", lambda: "hội thảo")
    again = article_from_json(article.to_json(), article.said)
    assert again.once("words", lambda: "made again") == "hội thảo"
    assert replace(again, title="Khác").once("words", lambda: "made again") == "made again"
