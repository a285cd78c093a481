"""Imports into an archive with a life of its own: crawls before and after, withdrawals, audits, and rebuilds."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_site import PNG, FakeArticle, Reply, plain_site, some_articles
from foreign_warcs import ForeignWarc
from test_crawl import Crawling
from test_crawl_crashes import dump
from warcio.archiveiterator import ArchiveIterator

from archive.check import AuditReport, check
from archive.errors import ArchiveUnusable
from archive.query import Archive
from archive.warc import StoredExchange, WarcFiles, warc_paths
from archive.warc_reading import read_all
from scraper import importing as module
from scraper.cli_check import resolve
from scraper.import_report import ImportReport
from scraper.importing import import_files
from scraper.rebuild import rebuild
from scraper.withdrawing import Wish, Withdrawal, withdraw_article

OLD = "2015-03-01T02:03:04Z"
PICTURED = FakeArticle(
    30001, "Bài có ảnh về mùa cà phê chè", words="Bí quyết ủ rượu cần.", photos=(("/anh/mot.png", "Ảnh riêng"),)
)
PAYLOAD = PNG + b"rieng"


class Living(Crawling):
    """A site that is crawled, and what others captured of it."""

    def url(self, article: FakeArticle) -> str:
        return self.site.base[:-1] + article.path

    def old(self, *articles: FakeArticle, date: str = OLD, version: str = "1.0") -> ForeignWarc:
        warc = ForeignWarc(version=version)
        for article in articles:
            warc.response(self.url(article), article.html(views=1), date=date)
            for address, _ in article.photos:
                warc.response(self.site.base[:-1] + address, PAYLOAD, date=date, media_type="image/png")
        return warc

    def take(self, *warcs: ForeignWarc, **wishes: Any) -> ImportReport:
        paths = []
        for number, warc in enumerate(warcs):
            paths.append(self.folder.parent / f"other-{number}.warc.gz")
            paths[-1].write_bytes(warc.data)
        self.clock.pass_days(0.1)
        return import_files(self.config, tuple(paths), self.folder, world=self.site.world(self.clock), **wishes)

    def withdraw(self, article: FakeArticle, *, remove_bytes: bool = False) -> Withdrawal | None:
        self.clock.pass_days(0.1)
        return withdraw_article(
            self.config,
            self.folder,
            Wish(self.url(article), "theo yêu cầu của tác giả", remove_bytes),
            agree=lambda *_: True,
            now=lambda: self.clock.moment,
        )

    def audit(self) -> AuditReport:
        self.clock.pass_days(0.1)
        return check(self.folder, now=self.clock.moment, agent="susta-archive/test", resolve=resolve)

    def assert_sound(self) -> None:
        """The audit finds nothing, and a rebuild gives the same database byte for byte, as SQL."""
        report = self.audit()
        assert (report.damages, report.remarks) == ([], [])
        before = dump(self.folder)
        (self.folder / "archive.db").unlink()
        rebuild(self.config, self.folder)
        assert dump(self.folder) == before
        assert self.audit().damages == []

    def said(self) -> bytes:
        """All that the WARC files hold, unpacked."""
        stored = [each.body for each in read_all(self.folder / "warc") if isinstance(each, StoredExchange)]
        return b"".join(stored)


@pytest.fixture
def living(tmp_path: Path) -> Living:
    """A crawled archive of seven articles, one of them with a picture."""
    site, _ = plain_site([*some_articles(6), PICTURED])
    site.pages["/anh/mot.png"] = Reply(PAYLOAD, media_type="image/png")
    living = Living(tmp_path / "data", site)
    living.run()
    return living


# Time


def test_an_old_capture_becomes_an_early_revision(living: Living) -> None:
    article = some_articles(6)[2]
    (now_says,) = living.rows("SELECT body FROM articles WHERE site_id = ?", article.number)
    report = living.take(living.old(replace(article, words="Lời của nhiều năm trước đây.")))
    assert (report.taken, report.new) == (1, 0)
    ((article_id, first_seen, body),) = living.rows(
        "SELECT id, first_seen, body FROM articles WHERE site_id = ?", article.number
    )
    assert (first_seen, body) == (OLD, now_says)
    ((seen_at, then_said), (_, later_said)) = living.rows(
        "SELECT seen_at, record FROM revisions WHERE article_id = ? ORDER BY number", article_id
    )
    assert seen_at == OLD
    assert "nhiều năm trước" in then_said
    assert "nhiều năm trước" not in later_said
    living.assert_sound()


def test_an_old_capture_that_says_the_same_only_moves_the_first_sighting(living: Living) -> None:
    article = some_articles(6)[2]
    report = living.take(living.old(article))
    assert (report.taken, report.unchanged) == (1, 1)
    assert living.rows(
        "SELECT a.first_seen, count(*), min(r.seen_at) FROM articles a JOIN revisions r ON r.article_id = a.id"
        " WHERE a.site_id = ?",
        article.number,
    ) == [(OLD, 1, OLD)]
    living.assert_sound()


def test_old_captures_between_two_sightings_and_an_old_absence_find_their_places(living: Living) -> None:
    article = some_articles(6)[1]
    first = living.old(replace(article, words="Bản đầu."), date="2012-01-01T00:00:00Z")
    first.response(living.url(article), b"", date="2013-01-01T00:00:00Z", status="404 Not Found")
    first.response(living.url(article), replace(article, words="Bản hai.").html(), date="2014-01-01T00:00:00Z")
    living.take(first)
    living.take(living.old(replace(article, words="Bản giữa."), date="2012-06-01T00:00:00Z"))
    told = living.rows(
        "SELECT substr(r.seen_at, 1, 7), a.gone_since FROM revisions r JOIN articles a ON a.id = r.article_id"
        " WHERE a.site_id = ? ORDER BY number",
        article.number,
    )
    assert [seen for seen, _ in told[:3]] == ["2012-01", "2012-06", "2014-01"]
    assert {gone for _, gone in told} == {None}
    living.assert_sound()


def test_crawls_imports_and_rebuilds_agree(living: Living) -> None:
    articles = some_articles(6)
    unknown = FakeArticle(40001, "Bài không còn trên trang từ lâu")
    living.take(living.old(*(replace(one, words=f"Bản cũ {one.number}.") for one in articles), unknown, PICTURED))
    living.clock.pass_days(9)
    edited = replace(articles[0], words="Bổ sung: hội nghị lùi sang ngày hôm sau.")
    living.site.pages[edited.path] = edited.html()
    living.run(everything=True)
    living.take(living.old(edited, date="2020-01-01T00:00:00.123Z", version="1.1"))
    living.assert_sound()
    assert living.rows("SELECT kind FROM runs ORDER BY id") == ["crawl", "import", "crawl", "import"]


# What a crawl does is done here too


def test_files_of_an_import_are_registered_and_their_revisits_name_what_they_refer_to(living: Living) -> None:
    article = some_articles(6)[3]
    fresh = living.clock.moment.strftime("%Y-%m-%dT%H:%M:%S.999999Z")
    body = bytes(living.site.pages[article.path], "utf-8")
    warc = ForeignWarc(version="1.1")
    warc.response(living.url(article), body, date=fresh)
    assert living.take(warc).identical == 1
    names = [path.name for path in warc_paths(living.folder / "warc")]
    assert living.rows("SELECT name FROM warc_files ORDER BY name") == names
    with (living.folder / "warc" / names[-1]).open("rb") as file:
        (revisit,) = [each.rec_headers for each in ArchiveIterator(file) if each.rec_type == "revisit"]
    referred = revisit.get_header("WARC-Refers-To")
    with (living.folder / "warc" / names[0]).open("rb") as file:
        known = {each.rec_headers.get_header("WARC-Record-ID"): each.rec_headers for each in ArchiveIterator(file)}
    assert known[referred].get_header("WARC-Target-URI") == living.url(article)


def test_what_a_killed_run_left_is_made_good_and_told(living: Living) -> None:
    writer = WarcFiles(living.folder / "warc", software="test")
    writer.append_event("run-started", OLD, {"at": OLD, "software": "test", "start_urls": []})
    writer._sink.file.write(b"\x1f\x8b torn")  # type: ignore[union-attr]
    writer._sink.file.close()  # type: ignore[union-attr]
    report = living.take(living.old(replace(some_articles(6)[0], words="Cũ.")))
    assert report.outcome == "finished"
    assert any("set aside as" in text for text in report.repaired)
    assert any("records of an unfinished run" in text for text in report.repaired)
    assert living.rows("SELECT count(*) FROM events WHERE type = 'repaired'") == [1]
    assert living.audit().damages == []


def test_an_import_that_cannot_begin_leaves_the_database_sealed(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "catch_up", interrupted)
    with pytest.raises(KeyboardInterrupt):
        living.take(living.old(PICTURED))
    assert living.audit().remarks == []


def test_a_rehearsal_on_an_older_archive_says_that_it_is_older(living: Living) -> None:
    database = sqlite3.connect(living.folder / "archive.db")
    database.execute("PRAGMA user_version = 3")
    database.close()
    with pytest.raises(ArchiveUnusable, match="of an older schema"):
        living.take(living.old(PICTURED), dry_run=True)


def test_what_was_imported_is_told_by_the_files_and_after_a_rebuild(living: Living) -> None:
    sql = "SELECT at, agent, target, outcome, detail FROM events WHERE type = 'imported' ORDER BY at, target"
    warc = living.old(replace(PICTURED, words="Cũ."))
    living.take(warc)
    told = living.rows(sql)
    assert [(each[2], each[3], json.loads(each[4])["run"]) for each in told] == [("other-0.warc.gz", "success", 2)]
    (living.folder / "archive.db").unlink()
    rebuild(living.config, living.folder)
    assert living.rows(sql) == told
    living.take(warc)  # nothing new: no WARC file tells of it
    assert len(living.rows(sql)) == 2
    told = living.rows(sql)
    rebuild(living.config, living.folder)
    assert living.rows(sql) == told


# Withdrawn


@pytest.mark.parametrize("remove", [False, True])
def test_an_imported_article_can_be_withdrawn(living: Living, remove: bool) -> None:
    living.take(living.old(replace(PICTURED, words="Bí quyết cũ hơn.")))
    done = living.withdraw(PICTURED, remove_bytes=remove)
    assert done is not None
    assert done.captures == (4 if remove else 0)  # two of the page, two of its picture
    assert ("Bí quyết".encode() in living.said()) is not remove
    with Archive.open(living.folder) as archive:
        assert archive.find(living.url(PICTURED)) is None
    living.assert_sound()


@pytest.mark.parametrize("remove", [False, True])
def test_a_withdrawn_article_does_not_come_back_with_an_import(living: Living, remove: bool) -> None:
    before = living.old(PICTURED, replace(PICTURED, category="tu-lieu-sub"), some_articles(6)[0])
    before.response(living.url(PICTURED) + "?utm_source=x", PICTURED.html(views=2), date=OLD)
    before.revisit(living.url(PICTURED), date="2016-01-01T00:00:00Z", of=(living.url(PICTURED), OLD))
    living.withdraw(PICTURED, remove_bytes=remove)
    captures = living.rows("SELECT count(*) FROM captures")[0]
    rehearsed = living.take(before, dry_run=True)
    report = living.take(before)
    assert report.passed["withdrawn"] == (6 if remove else 4)  # the pages, and the bytes of the picture twice
    assert rehearsed.passed["withdrawn"] == report.passed["withdrawn"]
    assert living.rows("SELECT count(*) FROM captures")[0] == captures + report.taken
    assert living.rows("SELECT count(*) FROM articles WHERE site_id = ?", PICTURED.number) == [0]
    assert ("Bí quyết".encode() in living.said()) is not remove
    assert (PAYLOAD in living.said()) is not remove
    living.assert_sound()
    living.clock.pass_days(9)
    living.run(everything=True)
    assert PICTURED.path not in living.site.asked_pages()
    assert "/anh/mot.png" not in living.site.asked_pages()


def test_bytes_that_went_with_an_article_come_in_where_another_one_shows_them(living: Living) -> None:
    living.withdraw(PICTURED, remove_bytes=True)
    other = FakeArticle(30009, "Bài khác cùng một tấm ảnh", photos=PICTURED.photos)
    report = living.take(living.old(other))
    assert report.passed.get("withdrawn", 0) == 0
    assert living.rows("SELECT count(sha256) FROM photos WHERE url LIKE '%/anh/mot.png'") == [1]
    living.assert_sound()


def test_what_leads_to_a_withdrawn_article_is_not_queued(living: Living) -> None:
    living.withdraw(PICTURED)
    frontier = sqlite3.connect(living.folder / "frontier.db")
    frontier.execute("DELETE FROM addresses WHERE url = ?", (living.url(PICTURED),))
    frontier.commit()
    article = some_articles(6)[0]
    warc = ForeignWarc()
    warc.response(living.url(article), article.html(links=[PICTURED.path, "/tin-tuc/moi-la-40404"]), date=OLD)
    assert living.take(warc).queued == 1
    rows = frontier.execute("SELECT url FROM addresses WHERE url = ?", (living.url(PICTURED),)).fetchall()
    frontier.close()
    assert rows == []


def test_a_removal_that_was_cut_is_made_good_by_an_import(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    from scraper import withdrawing

    monkeypatch.setattr(withdrawing, "finish_removals", lambda *_: [])
    living.withdraw(PICTURED, remove_bytes=True)
    assert "Bí quyết".encode() in living.said()
    living.take(living.old(replace(some_articles(6)[0], words="Cũ.")))
    assert "Bí quyết".encode() not in living.said()
    living.assert_sound()


# The same second


def test_two_payloads_of_one_address_and_second_are_kept_apart(living: Living) -> None:
    """Others write times to the second, so that address and time may name two captures."""
    article = FakeArticle(50001, "Hai bản trong cùng một giây")
    one, two = replace(article, words="Bản thứ nhất."), replace(article, words="Bản thứ hai.")
    warc = living.old(one, two)
    warc.response(living.url(article), one.html(views=1), date="2016-01-01T00:00:00Z")
    assert living.take(warc).taken == 3
    rows = living.rows("SELECT payload_sha256 FROM captures WHERE url = ? ORDER BY id", living.url(article))
    assert len(rows) == 3
    assert rows[0] == rows[2] != rows[1]
    living.assert_sound()


def test_an_archive_of_files_alone_is_rebuilt_whole(living: Living, tmp_path: Path) -> None:
    """Nothing but the WARC files is needed, neither the database nor what was imported."""
    living.take(living.old(replace(PICTURED, words="Cũ.")))
    before = dump(living.folder)
    shutil.copytree(living.folder / "warc", tmp_path / "alone" / "warc")
    for left in tmp_path.glob("other-*"):
        left.unlink()
    rebuild(living.config, tmp_path / "alone")
    assert dump(tmp_path / "alone") == before
