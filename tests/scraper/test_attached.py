"""The text of attached documents: read at the end of a run, searched, told apart from the article's own, rebuilt, gone
with a withdrawal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documents_made import pdf, word
from fake_site import FakeArticle, Reply, plain_site, some_articles
from test_crawl import Crawling
from test_crawl_crashes import assert_rebuild_agrees
from test_withdraw import assert_sound, files_with, withdraw

from archive.attached import read_attached
from archive.documents import Outcome
from archive.query import Archive
from archive.search import Hit
from archive.store import Store

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIRST = "Quyết định 27-NQ/TW về đội ngũ\ntrí thức vùng Mường Nhé"
PLAN = FakeArticle(
    40001,
    "Kế hoạch năm của Liên hiệp hội",
    attachments=(("/tep/quyet-dinh.pdf", "Quyết định"), ("/tep/ke-hoach.docx", "Tải kế hoạch")),
)
SCAN = FakeArticle(40002, "Văn bản quét", attachments=(("/tep/quet.pdf", "Bản quét"), ("/tep/cu.doc", "Bản cũ")))


def site_with_documents() -> Any:
    site, _ = plain_site([*some_articles(4), PLAN, SCAN])
    site.pages["/tep/quyet-dinh.pdf"] = Reply(pdf(FIRST), media_type=PDF)
    site.pages["/tep/ke-hoach.docx"] = Reply(word("Trồng cây thảo quả", "ở Tuần Giáo"), media_type=DOCX)
    site.pages["/tep/quet.pdf"] = Reply(pdf(""), media_type=PDF)
    site.pages["/tep/cu.doc"] = Reply(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), media_type="application/msword")
    return site


@pytest.fixture
def crawling(tmp_path: Path) -> Crawling:
    one = Crawling(tmp_path / "data", site_with_documents())
    one.run()
    return one


def search(crawling: Crawling, query: str) -> list[Hit]:
    with Archive.open(crawling.folder) as archive:
        return list(archive.search(query).hits)


@pytest.mark.parametrize(
    ("query", "snippet", "label"),
    [
        ("Mường Nhé", "Quyết định 27-NQ/TW về đội ngũ trí thức vùng [Mường] [Nhé]", "Quyết định"),
        ('"27-nq/tw"', "Quyết định [27-NQ/TW] về đội ngũ trí thức vùng Mường Nhé", "Quyết định"),
        ("doi ngu tri thuc", "Quyết định 27-NQ/TW về [đội] [ngũ] [trí] [thức] vùng Mường Nhé", "Quyết định"),
        ("thao qua", "Trồng cây [thảo] [quả] ở Tuần Giáo", "Tải kế hoạch"),
    ],
)
def test_what_a_document_says_is_found_and_shown_as_its(
    crawling: Crawling, query: str, snippet: str, label: str
) -> None:
    (hit,) = search(crawling, query)
    assert hit.url.endswith(PLAN.path)
    assert (hit.snippet, hit.excerpt.place, hit.attachment) == (snippet, "attachment", label)


def test_no_phrase_goes_from_one_document_into_another_field(crawling: Crawling) -> None:
    assert search(crawling, '"Mường Nhé"')
    assert not search(crawling, '"hội Quyết định"')


def test_what_cannot_be_read_is_marked(crawling: Crawling) -> None:
    outcomes = crawling.rows(
        "SELECT a.url || ' ' || t.outcome FROM attachments a JOIN attachment_texts t ON t.sha256 = a.sha256"
    )
    assert {outcome.removeprefix(crawling.site.base) for outcome in outcomes} == {
        "tep/quyet-dinh.pdf read",
        "tep/ke-hoach.docx read",
        "tep/quet.pdf no-text",
        "tep/cu.doc not-readable",
    }


def test_each_is_read_once(crawling: Crawling) -> None:
    store = Store(crawling.folder)
    try:
        assert read_attached(store, crawling.folder / "warc", read=lambda _: pytest.fail("read again")) == 0
    finally:
        store.close()


def test_a_document_that_changes_under_its_address_is_read_again(crawling: Crawling) -> None:
    crawling.site.pages["/tep/quyet-dinh.pdf"] = Reply(pdf("Bản sửa: Nậm Pồ"), media_type=PDF)
    attachments = (("/tep/quyet-dinh.pdf?v=2", "Quyết định"),)
    edited = FakeArticle(PLAN.number, PLAN.title, words="Đã sửa văn bản.", attachments=attachments)
    crawling.site.pages[PLAN.path] = edited.html()
    crawling.site.pages["/tep/quyet-dinh.pdf?v=2"] = Reply(pdf("Bản sửa: Nậm Pồ"), media_type=PDF)
    crawling.clock.pass_days(9)
    crawling.run(everything=True)
    assert [hit.attachment for hit in search(crawling, "Nậm Pồ")] == ["Quyết định"]
    assert search(crawling, "Mường Nhé") == []
    assert crawling.rows("SELECT count(*) FROM attachment_texts") == [3]
    assert_sound(crawling)
    assert_rebuild_agrees(crawling)


def test_a_wish_to_stop_leaves_the_rest_for_the_next_run(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path / "data", site_with_documents())
    crawling.run()
    store = Store(crawling.folder)
    try:
        store.db.execute("DELETE FROM attachment_texts")
        answers = iter((False, True))
        read_attached(store, crawling.folder / "warc", stopped=lambda: next(answers))
        (left,) = store.one("SELECT count(*) FROM attachment_texts") or (None,)
    finally:
        store.close()
    assert left == 1
    crawling.run()
    assert crawling.rows("SELECT count(*) FROM attachment_texts") == [4]
    assert search(crawling, "thao qua")
    assert_sound(crawling)


def test_a_rebuild_gives_the_same_and_the_audit_finds_no_damage(crawling: Crawling) -> None:
    assert_sound(crawling)
    assert_rebuild_agrees(crawling)
    assert search(crawling, "Mường Nhé")


@pytest.mark.parametrize("statement", [
    "UPDATE attachment_texts SET text = 'khác' WHERE outcome = 'read'",
    "INSERT INTO attachment_texts VALUES ('00', 'read', 1, 'thừa', 'x')",
    "INSERT INTO articles_fts_marked (articles_fts_marked, rowid, words) VALUES ('delete', 1, 'hội')",
])  # fmt: skip
def test_the_audit_tells_of_text_that_differs(crawling: Crawling, statement: str) -> None:
    store = Store(crawling.folder)
    store.db.execute(statement)
    store.close()
    with pytest.raises(AssertionError, match="A23"):
        assert_sound(crawling)


def test_a_withdrawal_leaves_no_byte_of_the_documents_text(crawling: Crawling) -> None:
    words = ("Mường Nhé", "thảo quả", "Tuần Giáo")
    assert {word for _, word in files_with(crawling.folder, words)} >= set(words)
    withdraw(crawling, crawling.site.base[:-1] + PLAN.path)
    assert files_with(crawling.folder, words) == []
    assert {Outcome(outcome) for outcome in crawling.rows("SELECT outcome FROM attachment_texts")} == {
        Outcome.NO_TEXT,
        Outcome.NOT_READABLE,
    }
    assert search(crawling, "thao qua") == []
    assert_sound(crawling)
    assert_rebuild_agrees(crawling)
