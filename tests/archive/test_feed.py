"""The Atom feed: what an independent reader finds in it, and what RFC 4287 asks of it, whatever articles say."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from builders import ADDRESS, SITE, SOURCE, Desk, file_articles, full_article, make_article, moment
from hypothesis import given
from hypothesis import strategies as st

from archive.entries import Entry
from archive.feed import NEWEST, Feed, atom, newest
from archive.query import Archive, record_of
from archive.records import Article, Attachment, Block, BlockKind, BylineRole, DateKind, Photo
from archive.store import Store
from archive.withdrawal import Tombstone

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
NOTICE = SOURCE.notice


def entry_of(article: Article, **fields: Any) -> Entry:
    record = replace(record_of(article, SOURCE), captured_at=moment())
    blocks: list[dict[str, Any]] = [
        {"kind": str(block.kind)}
        | ({"photo": block.photo} if block.photo is not None else {})
        | ({"rows": [list(row) for row in block.rows]} if block.rows else {"text": block.text} if block.text else {})
        for block in article.blocks
    ]
    values = {
        "id": 1, "record": record, "blocks": blocks, "revision": 1, "capture_id": 1,
        "first_seen": moment(), "last_seen": moment(), "gone_since": None,
    }  # fmt: skip
    return Entry(**(values | fields))


def feed_of(*articles: Article, **fields: Any) -> Feed:
    source = {"site": SITE, "name": SOURCE.name, "organisation": SOURCE.organisation, "notice": NOTICE}
    entries = [entry_of(article) for article in articles]
    values = {"id": f"urn:uuid:{uuid.UUID(int=1)}", "site": SITE, "sources": [source], "category": None}
    return Feed(**(values | {"updated": moment(), "entries": entries} | fields))


def the_entry(article: Article, **fields: Any) -> Any:
    """The entry of an article as another reader understands it."""
    feed = feed_of() if not fields else feed_of(entries=[])
    feed.entries.append(entry_of(article, **fields))
    read = feedparser.parse(atom(feed))
    assert not read.bozo, read.get("bozo_exception")
    return read.entries[0]


def assert_valid(document: bytes) -> ElementTree.Element:
    """The rules of RFC 4287 that a document can break, asked of an XML parser."""
    root = ElementTree.fromstring(document)
    assert root.tag == f"{ATOM}feed"
    for container in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):  # 4.1.1, 4.1.2: exactly one of each
            assert len(container.findall(f"{ATOM}{name}")) == 1
        assert container.findall(f"{ATOM}author")
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", container.findtext(f"{ATOM}id") or "")
        alternates = [link for link in container.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates)
    assert root.find(f"{ATOM}entry/{ATOM}content") is not None or root.find(f"{ATOM}entry") is None
    for element in root.iter():
        if element.tag in (f"{ATOM}updated", f"{ATOM}published"):  # 3.3: with an offset or Z
            assert datetime.fromisoformat(element.text or "").tzinfo is not None
        if element.tag == f"{ATOM}link":
            assert re.fullmatch(r"https?://\S+", element.get("href", ""))
            assert re.fullmatch(r"[^\s/]+/[^\s/]+", element.get("type", ""))
        if element.tag == f"{ATOM}category":  # 4.2.2.1: a term must be there
            assert element.get("term")
    ids = [element.text for element in root.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert len(set(ids)) == len(ids)
    return root


def test_another_reader_finds_every_fact_at_its_place() -> None:
    entry = the_entry(full_article())
    assert (entry.id, entry.link, entry.title) == (ADDRESS, ADDRESS, "Một bài viết")
    assert entry.updated == moment()
    assert entry.author == "Cao Thị Hạnh"
    assert [tag.term for tag in entry.tags] == ["tin-tuc"]
    assert "Nguồn: Susta.vn" in entry.rights
    assert NOTICE in entry.rights


def test_the_text_has_blocks_captions_tables_credit_and_condition() -> None:
    article = make_article(
        blocks=(
            Block(BlockKind.HEADING, "Mục"),
            Block(BlockKind.PHOTO, photo=0),
            Block(BlockKind.LIST_ITEM, "một"),
            Block(BlockKind.LIST_ITEM, "hai"),
            Block(BlockKind.TABLE, rows=(("TT", "Tên"),)),
            Block(BlockKind.PARAGRAPH, "Đoạn."),
        ),
        photos=(Photo("https://susta.vn/a.jpg", "Chú thích", "Hà Nam"),),
    )
    html = the_entry(article).content[0].value
    places = [
        html.index(piece)
        for piece in (
            "<h2>Mục</h2>", '<a href="https://susta.vn/a.jpg">Ảnh 1</a>', "Chú thích – Hà Nam",
            "<ul><li>một</li><li>hai</li></ul>", "<td>TT</td><td>Tên</td>", "<p>Đoạn.</p>", "Nguồn: Susta.vn", NOTICE,
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert "<img" not in html  # a reader would ask the site for it


def test_a_day_is_told_with_what_it_rests_on() -> None:
    entry = the_entry(make_article(date="2021-12-07", date_kind=DateKind.DATELINE, date_evidence="Ngày 07/12/2021"))
    assert entry.published == "2021-12-07T00:00:00+07:00"
    assert "Ngày 07/12/2021 (ngày ghi trong bài: “Ngày 07/12/2021”)" in entry.content[0].value


def test_a_day_that_is_not_known_is_said_to_be_unknown() -> None:
    entry = the_entry(make_article(date=None))
    assert "published" not in entry
    assert "Không rõ ngày" in entry.content[0].value


def test_who_is_no_author_is_named_as_none() -> None:
    photographer = the_entry(make_article(byline="Hà Nam", byline_role=BylineRole.PHOTO))
    assert photographer.author == SOURCE.organisation
    assert photographer.contributors[0].name == "Hà Nam"
    assert the_entry(make_article(byline="Báo Sơn La", byline_role=BylineRole.SYNDICATED)).author == SOURCE.organisation


def test_revisions_and_disappearances_are_told() -> None:
    html = the_entry(make_article(), revision=3, gone_since=moment(5)).content[0].value
    assert "Bản sửa đổi thứ 3" in html
    assert "Không còn trên trang gốc từ 2026-11-27" in html


def test_attachments_are_enclosures() -> None:
    article = make_article(attachments=(Attachment("https://susta.vn/a.pdf", "Tải về", "application/pdf"),))
    links = [link for link in the_entry(article).links if link.rel == "enclosure"]
    assert [(link.href, link.type) for link in links] == [("https://susta.vn/a.pdf", "application/pdf")]


def test_a_served_feed_names_itself_and_the_reading_pages() -> None:
    document = atom(feed_of(make_article()), address="http://127.0.0.1:8001/feed.atom", base="http://127.0.0.1:8001")
    assert_valid(document)
    read = feedparser.parse(document)
    links = {link.rel: link.href for link in (*read.feed.links, *read.entries[0].links)}
    assert links == {
        "self": "http://127.0.0.1:8001/feed.atom",
        "alternate": ADDRESS,
        "related": "http://127.0.0.1:8001/doc/1",
    }
    assert read.feed.link == "http://127.0.0.1:8001/"


def test_withdrawn_articles_are_told_as_deleted() -> None:
    stone = Tombstone(ADDRESS, SITE, 7, 1, moment(9), "theo đề nghị", "susta", "kept", (ADDRESS,))
    root = assert_valid(atom(feed_of(withdrawn=[stone])))
    deleted = root.findall(TOMBSTONE)
    assert [(each.get("ref"), each.get("when")) for each in deleted] == [(ADDRESS, moment(9))]
    assert b"theo" not in atom(feed_of(withdrawn=[stone])).split(b"<at:")[1]


SIGNS = "<>&\"'\x00\x0b\x1f\x7f\ufffe\uffff]]>\u2028\u202e"
HOSTILE = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(SIGNS)), max_size=40)


@given(text=HOSTILE)
def test_no_text_breaks_the_document_or_becomes_markup(text: str) -> None:
    article = make_article(
        text,
        title=text,
        url=f"https://susta.vn/{text}",
        category=text or None,
        byline=text,
        affiliation=text,
        date="2021-12-07",
        date_kind=DateKind.POSTED,
        date_evidence=text,
        photos=(Photo(f"https://susta.vn/{text}", text, text),),
        attachments=(Attachment(f"https://susta.vn/{text}", text, text),),
    )
    html = assert_valid(atom(feed_of(article))).findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert set(re.findall(r"</?([^\s>]*)", html)) <= {"p", "small", "a", "em", "strong", "br"}


def test_half_a_surrogate_pair_is_dropped() -> None:
    entry = entry_of(make_article())
    entry = replace(entry, record=replace(entry.record, title="a\ud800b", url=f"{ADDRESS}\ud800"))
    root = assert_valid(atom(feed_of(entries=[entry])))
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "ab"
    assert root.findtext(f"{ATOM}entry/{ATOM}id") == ADDRESS


def test_scripts_are_shown_as_text() -> None:
    html = the_entry(make_article("<script>alert(1)</script>", title="<b>x</b>")).content[0].value
    assert "<script" not in html
    title = the_entry(make_article(title="<b>x</b>")).title_detail
    assert (title.type, title.value) == ("text/plain", "<b>x</b>")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_links_lead_to_the_web_only(url: str) -> None:
    article = make_article(photos=(Photo(url, None, None),), attachments=(Attachment(url, "x", None),))
    document = atom(feed_of(replace(article, blocks=(Block(BlockKind.PHOTO, photo=0),))))
    assert url.encode() not in document


def test_the_newest_changes_come_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    desk = Desk(store)
    for number in (1, 2, 3):
        desk.take(make_article("a", url=f"https://susta.vn/tin/{number}", site_id=number), day=number)
    desk.take(make_article("b", url="https://susta.vn/tin/1", site_id=1), day=4)
    store.close()
    with Archive.open(tmp_path) as archive:
        feed = newest(archive, limit=2)
        again = newest(archive, limit=NEWEST)
        other = newest(archive, category="no-such")
    assert [(entry.record.site_id, entry.revision) for entry in feed.entries] == [(1, 2), (3, 1)]
    assert feed.updated == feed.entries[0].record.captured_at == moment(4)
    assert len(again.entries) == 3
    assert feed.id == again.id != other.id  # the same feed whatever its length; another one for a category
    assert other.entries == []
    assert_valid(atom(feed))
    assert_valid(atom(other))


def test_an_empty_archive_has_a_valid_feed(tmp_path: Path) -> None:
    with file_articles(tmp_path) as archive:
        assert_valid(atom(newest(archive)))
