"""Captures that others made, taken in: what is taken, as what, in which order; nothing twice, and nothing lost."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import sqlite3
import zipfile
from base64 import b32encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_site import (
    NOTICE,
    PDF,
    PNG,
    Clock,
    FakeArticle,
    FakeSite,
    Reply,
    config_for,
    listing,
    plain_site,
    some_articles,
)
from foreign_warcs import ForeignWarc

from archive.errors import ArchiveUnusable, ConfigError, LockHeld
from archive.lock import locked
from archive.query import Archive
from archive.warc import StoredExchange, warc_paths
from archive.warc_reading import read_all
from scraper.config import Config
from scraper.crawl import crawl
from scraper.import_report import ImportReport
from scraper.importing import import_files
from scraper.rebuild import rebuild

BASE = "http://susta.test"
ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã")
URL = BASE + ONE.path
LATER = "2016-05-06T07:08:09Z"


class Importing:
    """One archive, and files to import into it."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder, self.files = folder / "archive", folder / "files"
        self.files.mkdir(parents=True)
        self.site, self.clock = FakeSite(), Clock()
        self.config: Config = config_for(self.site, **settings)

    def save(self, warc: ForeignWarc | bytes, name: str = "other.warc.gz") -> Path:
        path = self.files / name
        path.write_bytes(warc if isinstance(warc, bytes) else warc.data)
        return path

    def take(self, *files: ForeignWarc | bytes | Path, **wishes: Any) -> ImportReport:
        paths = [file if isinstance(file, Path) else self.save(file, f"{n}.warc.gz") for n, file in enumerate(files)]
        return import_files(self.config, tuple(paths), self.folder, world=self.site.world(self.clock), **wishes)

    def rows(self, sql: str, *values: object) -> list[Any]:
        connection = sqlite3.connect(self.folder / "archive.db")
        found = connection.execute(sql, values).fetchall()
        connection.close()
        return [row[0] if len(row) == 1 else row for row in found]

    def stored(self) -> list[StoredExchange]:
        found = read_all(self.folder / "warc")
        return [each for each in found if isinstance(each, StoredExchange)]


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


def warc_of(*articles: FakeArticle, **options: Any) -> ForeignWarc:
    warc = ForeignWarc()
    for article in articles:
        warc.response(BASE + article.path, article.html(), **options)
    return warc


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# What is taken


def test_an_archive_can_begin_from_an_import_alone(importing: Importing) -> None:
    report = importing.take(warc_of(*some_articles(4)))
    assert (report.outcome, report.taken, report.new, report.damaged) == ("finished", 4, 4, False)
    assert importing.rows("SELECT kind, outcome, fetched, new FROM runs") == [("import", "finished", 4, 4)]
    assert importing.rows("SELECT count(*) FROM articles WHERE first_seen = '2015-03-01T02:03:04Z'") == [4]
    with Archive.open(importing.folder) as archive:
        assert all(record.source.notice == NOTICE for record in archive.records())


def test_head_and_payload_are_kept_byte_for_byte_with_date_and_origin(importing: Importing) -> None:
    warc = ForeignWarc()
    headers = (("x-La", "m"), ("set-cookie", "b=2"), ("Set-Cookie", "a=1"))
    body = ONE.html().encode() + b"\r\n\0\xff"
    record_id = warc.response(URL, body, headers=headers, fields={"WARC-IP-Address": "203.0.113.9"})
    path = importing.save(warc)
    importing.take(path)
    (stored,) = importing.stored()
    assert stored.body == body
    assert [name for name, _ in stored.headers][1:] == ["x-La", "set-cookie", "Set-Cookie"]
    assert stored.capture.fetched_at == "2015-03-01T02:03:04Z"
    raw = gzip.decompress(warc_paths(importing.folder / "warc")[0].read_bytes())
    assert f"Susta-Source-Digest: sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}".encode() in raw
    assert f"Susta-Source-Record-ID: {record_id}".encode() in raw
    assert b"WARC-IP-Address: 203.0.113.9" in raw
    assert b"GET /khoa-hoc-cong-nghe/" in raw


def test_a_response_without_its_request_is_taken_without_one(importing: Importing) -> None:
    importing.take(warc_of(ONE, method=None))
    raw = gzip.decompress(warc_paths(importing.folder / "warc")[0].read_bytes())
    assert b"WARC-Type: response" in raw
    assert b"WARC-Type: request" not in raw


@pytest.mark.parametrize(
    ("url", "options", "why"),
    [
        ("https://elsewhere.example/a-1", {}, "other-host"),
        ("ftp://susta.test/a", {"method": None}, "no-web-address"),
        ("urn:x:y", {"method": None}, "no-web-address"),
        (URL, {"date": "2015-03"}, "date"),
        (URL, {"date": "2099-01-01T00:00:00Z"}, "date"),
        (URL, {"date": "2015-02-31T00:00:00Z"}, "date"),
        (URL, {"method": "POST"}, "not-get"),
        (URL, {"method": "HEAD"}, "not-get"),
        (URL, {"kind": "resource"}, "other-type"),
        (URL, {"headers": (("X-Big", "a" * 300_000),)}, "not-http"),
    ],
)
def test_what_is_passed_over_is_counted_by_reason(
    importing: Importing, url: str, options: dict[str, Any], why: str
) -> None:
    warc = ForeignWarc()
    warc.response(url, ONE.html(), **({"method": None} | options))
    report = importing.take(warc)
    assert report.taken == 0
    assert report.passed[why] == (2 if why == "other-type" else 1)  # a warcinfo record is there always
    assert report.seen == sum(report.passed.values())
    assert not (importing.folder / "archive.db").exists() or importing.rows("SELECT count(*) FROM captures") == [0]


def test_another_host_can_be_named(importing: Importing) -> None:
    warc = ForeignWarc()
    warc.response("http://cu.susta.test/tin/bai-cu-20001", ONE.html())
    assert importing.take(warc).taken == 0
    report = importing.take(warc, hosts=("cu.susta.test",))
    assert (report.taken, report.new) == (1, 1)


def test_roles_are_told_from_address_and_content(tmp_path: Path) -> None:
    importing = Importing(tmp_path, media_hosts=["kho.example"])
    warc = ForeignWarc()
    warc.response(f"{BASE}/robots.txt", "User-agent: *", media_type="text/plain")
    warc.response(f"{BASE}/sitemap.xml", "<?xml version='1.0'?><urlset></urlset>", media_type="text/xml")
    warc.response(f"{BASE}/tin.rss", "<rss></rss>", media_type="application/rss+xml")
    warc.response(URL, ONE.html())
    warc.response(f"{BASE}/anh/a.png", PNG, media_type="image/png")
    warc.response(f"{BASE}/anh.ashx?id=5", PNG, media_type="image/png")
    warc.response(f"{BASE}/tep/b.pdf", "<p>404</p>", status="404 Not Found")
    warc.response(f"{BASE}/khong-co-7", "nothing", status="404 Not Found", media_type="text/plain")
    warc.response("http://kho.example/c.jpg", PNG, media_type="image/jpeg")
    warc.response("http://kho.example/trang", "<p>trang</p>")
    report = importing.take(warc)
    roles = dict(importing.rows("SELECT replace(replace(url, 'http://', ''), 'susta.test/', ''), role FROM captures"))
    assert roles == {
        "robots.txt": "robots",
        "sitemap.xml": "sitemap",
        "tin.rss": "sitemap",
        ONE.path[1:]: "page",
        "anh/a.png": "media",
        "anh.ashx?id=5": "media",
        "tep/b.pdf": "media",
        "khong-co-7": "page",
        "kho.example/c.jpg": "media",
    }
    assert report.passed["other-host"] == 1  # a page of a host for media


def test_photos_and_attachments_are_tied_whatever_the_scheme_and_host_they_were_captured_at(
    importing: Importing,
) -> None:
    one = replace(ONE, photos=(("/a.png", "Toàn cảnh"),), attachments=(("https://susta.test/b.pdf", "Tải về"),))
    warc = warc_of(one)
    warc.response("https://www.susta.test/a.png", PNG, media_type="image/png", date=LATER)
    warc.response("http://susta.test/b.pdf", PDF, media_type="application/pdf", date="2014-01-01T00:00:00Z")
    importing.config = importing.config.model_copy(
        update={"site": importing.config.site.model_copy(update={"allowed_hosts": ["www.susta.test"]})}
    )
    importing.take(warc)
    assert importing.rows("SELECT sha256 FROM photos") == [hashlib.sha256(PNG).hexdigest()]
    assert importing.rows("SELECT sha256 FROM attachments") == [hashlib.sha256(PDF).hexdigest()]


def test_pages_are_known_under_the_spelling_a_crawl_gives_them(importing: Importing) -> None:
    warc = ForeignWarc()
    warc.response(f"https://www.susta.test{ONE.path}?utm_source=x#top", ONE.html())
    importing.take(warc)
    assert importing.rows("SELECT url FROM articles") == [URL]
    raw = gzip.decompress(warc_paths(importing.folder / "warc")[0].read_bytes())
    assert f"Susta-Source-URI: https://www.susta.test{ONE.path}?utm_source=x#top".encode() in raw


def test_a_redirect_from_one_spelling_to_another_is_no_redirect_to_itself(importing: Importing) -> None:
    warc = warc_of(ONE)
    for spelling in ("https://susta.test", "http://www.susta.test"):
        warc.response(spelling + ONE.path, b"", status="301 Moved", headers=(("Location", URL),), date=LATER)
    importing.take(warc)
    assert importing.rows("SELECT url FROM captures WHERE location = url") == []
    assert importing.rows("SELECT url, gone_since FROM articles") == [(URL, None)]


def test_transfer_coding_is_undone_and_its_header_renamed(importing: Importing) -> None:
    body = ONE.html().encode()
    chunked = b"5;x=y\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (body[:5], len(body) - 5, body[5:])
    warc = ForeignWarc()
    warc.response(URL, chunked, headers=(("transfer-encoding", "chunked"),))
    other = FakeArticle(20008, "Vì sao cây mắc ca được mùa mà người trồng chưa vui?")
    warc.response(
        BASE + other.path, other.html(), headers=(("Transfer-Encoding", "chunked"),)
    )  # undone by who wrote it
    assert importing.take(warc).new == 2
    first, second = importing.stored()
    assert (first.body, second.body) == (body, other.html().encode())
    assert [name for name, _ in first.headers][-1] == "X-Archive-Orig-transfer-encoding"


def test_a_body_that_was_cut_or_is_too_long_is_kept_so_and_is_no_article(tmp_path: Path) -> None:
    importing = Importing(tmp_path, max_page_megabytes=0.1)
    warc = ForeignWarc()
    warc.response(URL, ONE.html(), fields={"WARC-Truncated": "disconnect"})
    warc.response(f"{BASE}/tin/bai-dai-20009", ONE.html() + "x" * 200_000)
    report = importing.take(warc)
    assert importing.rows("SELECT truncated, payload_length <= 100000 FROM captures") == [(1, 1), (1, 1)]
    assert report.refused == {"truncated": 2}


# Order, revisions, revisits


def test_captures_are_worked_in_from_the_oldest_to_the_newest(importing: Importing) -> None:
    newer, older = warc_of(replace(ONE, words="Nay khác rồi."), date=LATER), warc_of(ONE)
    importing.take(newer, older)
    assert importing.rows("SELECT fetched_at FROM captures ORDER BY id") == ["2015-03-01T02:03:04Z", LATER]
    assert importing.rows("SELECT number, seen_at FROM revisions ORDER BY number") == [
        (1, "2015-03-01T02:03:04Z"),
        (2, LATER),
    ]


@pytest.mark.parametrize("by", ["of", "digest", "record_id"])
def test_a_revisit_stands_for_the_capture_it_refers_to(importing: Importing, by: str) -> None:
    body = ONE.html().encode()
    digest = f"sha1:{b32encode(hashlib.sha1(body).digest()).decode()}"
    warc = ForeignWarc()
    record_id = warc.response(URL, body, fields={"WARC-Payload-Digest": digest})
    refers = {"of": (URL, "2015-03-01T02:03:04Z"), "digest": digest, "record_id": record_id}
    warc.revisit(URL, date=LATER, **{by: refers[by]})
    report = importing.take(warc)
    assert (report.taken, report.identical, report.unchanged, report.passed) == (
        2,
        1,
        1,
        {"other-type": 1, "request": 1},
    )
    assert importing.rows("SELECT last_seen, (SELECT count(*) FROM revisions) FROM articles") == [(LATER, 1)]
    assert importing.rows("SELECT revisit_of FROM captures ORDER BY id") == [None, 1]
    assert importing.take(warc).taken == 0


def test_a_revisit_is_not_measured_by_the_digest_of_the_block_it_left_out(importing: Importing) -> None:
    """wget writes such."""
    warc = ForeignWarc(gzip=False)
    record_id = warc.response(URL, ONE.html())
    whole = len(warc.data)
    warc.revisit(URL, date=LATER, record_id=record_id)
    start, end = warc.data[:whole], warc.data[whole:]
    changed = end.replace(b"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: sha1:A")
    assert changed != end
    assert importing.take(start + changed).identical == 1


def test_a_304_stands_for_what_it_was_asked_about(importing: Importing) -> None:
    warc = warc_of(ONE)
    warc.revisit(URL, date=LATER, of=(URL, "2015-03-01T02:03:04Z"), status="304 Not Modified")
    assert importing.take(warc).not_modified == 1
    assert importing.rows("SELECT status, payload_sha256 = (SELECT payload_sha256 FROM captures) FROM captures") == [
        (200, 1),
        (304, 1),
    ]


def test_a_revisit_of_what_is_not_here_is_counted_and_found_once_it_is(importing: Importing) -> None:
    alone = ForeignWarc()
    alone.revisit(URL, date=LATER, of=(URL, "2015-03-01T02:03:04Z"))
    report = importing.take(alone)
    assert (report.taken, report.passed["revisit-unresolved"]) == (0, 1)
    importing.take(warc_of(ONE))
    assert importing.take(alone).taken == 1


def test_a_payload_that_is_there_already_is_referred_to_unless_it_came_later(importing: Importing) -> None:
    importing.take(warc_of(ONE, date=LATER))
    importing.take(warc_of(ONE, date="2017-01-01T00:00:00Z"))
    importing.take(warc_of(ONE, date="2014-01-01T00:00:00Z"))
    assert importing.rows("SELECT fetched_at, revisit_of FROM captures ORDER BY id") == [
        (LATER, None),
        ("2017-01-01T00:00:00Z", 1),
        ("2014-01-01T00:00:00Z", None),
    ]


# Twice, stopped, killed


def test_the_same_file_twice_adds_nothing(importing: Importing) -> None:
    one = replace(ONE, photos=(("/a.png", "Toàn cảnh"),))
    warc = warc_of(one)
    warc.response(f"{BASE}/a.png", PNG, media_type="image/png")
    warc.response(URL, one.html())  # and within one file
    assert importing.take(warc).taken == 2
    before = contents(importing.folder / "warc"), importing.rows("SELECT * FROM captures")
    report = importing.take(warc)
    assert (report.taken, report.run, report.passed["already-there"]) == (0, None, 3)
    assert (contents(importing.folder / "warc"), importing.rows("SELECT * FROM captures")) == before


@pytest.mark.parametrize("at", [0, 3, 5, 9])
def test_an_import_that_was_stopped_is_completed_by_the_same_command(importing: Importing, at: int) -> None:
    warc = warc_of(*some_articles(12))

    def watch(step: Any) -> None:
        importing.clock.stop = step.total is not None and step.done == at

    report = importing.take(warc, watch=watch)
    assert (report.outcome, report.taken) == ("interrupted", at + 1)
    importing.clock.stop = False
    report = importing.take(warc)
    assert (report.outcome, report.taken, report.passed["already-there"]) == ("finished", 11 - at, at + 1)
    assert importing.rows("SELECT count(*), count(DISTINCT url) FROM articles") == [(12, 12)]


class Killed(BaseException):
    """The process ends where it stands."""


def test_an_import_that_was_killed_is_completed_by_the_same_command(
    importing: Importing,
) -> None:
    warc = warc_of(*some_articles(6))

    def watch(step: Any) -> None:
        if step.total is not None and step.done == 3:
            raise Killed

    with pytest.raises(Killed):
        importing.take(warc, watch=watch)
    assert importing.rows("SELECT outcome FROM runs") == ["running"]
    assert importing.take(warc).taken == 3
    assert importing.rows("SELECT outcome FROM runs") == ["crashed", "finished"]
    assert importing.rows("SELECT count(*), count(DISTINCT url) FROM captures") == [(6, 6)]
    assert [path.name for path in importing.folder.glob(".import-*")] == []


def test_a_rebuild_after_an_import_needs_nothing_else(importing: Importing) -> None:
    one = replace(ONE, photos=(("/a.png", "Toàn cảnh"),))
    warc = warc_of(one, *some_articles(3)[1:])
    warc.response(f"{BASE}/a.png", PNG, media_type="image/png")
    warc.revisit(URL, date=LATER, of=(URL, "2015-03-01T02:03:04Z"))
    importing.take(warc)
    tables = ("articles", "captures", "derivations", "photos", "refusals", "revisions", "runs", "views", "sources")
    before = {name: importing.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables}
    rebuild(importing.config, importing.folder)
    assert {name: importing.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables} == before


# The next crawl


def test_the_next_crawl_asks_for_what_is_missing_and_for_nothing_that_is_fresh(importing: Importing) -> None:
    articles = some_articles(5)
    importing.site, _ = plain_site(articles)
    site = importing.site
    missing = articles[3]
    with_photo = replace(articles[0], photos=(("/a.png", "Toàn cảnh"),))
    site.pages[with_photo.path] = with_photo.html()
    site.pages["/a.png"] = Reply(PNG, media_type="image/png")
    fresh = importing.clock.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    warc = warc_of(with_photo, articles[1], articles[2], articles[4], date=fresh)
    warc.response(f"{BASE}/khoa-hoc-cong-nghe", listing([one.path for one in articles]), date=fresh)
    importing.take(warc)
    report = crawl(importing.config, importing.folder, world=site.world(importing.clock))
    asked = site.asked_pages()
    assert {"/", "/khoa-hoc-cong-nghe", missing.path, "/a.png"} == set(asked)
    assert report.new == 1
    assert importing.rows("SELECT count(*) FROM articles") == [5]
    assert importing.rows("SELECT count(sha256) FROM photos") == [1]


def test_old_captures_are_asked_for_again_at_the_next_crawl(importing: Importing) -> None:
    articles = some_articles(3)
    importing.site, _ = plain_site(articles)
    importing.take(warc_of(*articles))
    crawl(importing.config, importing.folder, world=importing.site.world(importing.clock))
    assert {one.path for one in articles} <= set(importing.site.asked_pages())
    assert importing.rows("SELECT count(*) FROM revisions") == [3]


def test_what_a_crawl_knows_already_is_left_to_it(importing: Importing) -> None:
    articles = some_articles(3)
    importing.site, _ = plain_site(articles)
    crawl(importing.config, importing.folder, world=importing.site.world(importing.clock))
    frontier = sqlite3.connect(importing.folder / "frontier.db")
    before = frontier.execute("SELECT * FROM addresses ORDER BY id").fetchall()
    importing.take(warc_of(*articles))
    assert frontier.execute("SELECT * FROM addresses ORDER BY id").fetchall() == before
    frontier.close()


# Bad input


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"hello", "is not a WARC file"),
        (b"\x28\xb5\x2f\xfdxxxx", "is not a WARC file"),
        (b"filedesc://x 0 0", "is not a WARC file"),
        (b"PK\x03\x04" + bytes(50), "cannot be read"),
        (gzip.compress(b"no WARC"), "is not a WARC file"),
    ],
)
def test_a_file_of_another_kind_is_refused_before_anything_is_touched(
    importing: Importing, data: bytes, what: str
) -> None:
    bad = importing.save(data, "bad.warc.gz")
    good = importing.save(warc_of(ONE), "good.warc.gz")
    with pytest.raises(ConfigError, match=what):
        importing.take(good, bad)
    assert not importing.folder.exists()


def test_what_is_no_file_is_refused_and_not_waited_for(importing: Importing) -> None:
    pipe = importing.files / "pipe.warc"
    os.mkfifo(pipe)
    for place in (pipe, importing.files, Path("/dev/zero")):
        with pytest.raises(ConfigError, match="is no file"):
            importing.take(place)


def test_a_file_that_is_not_there_is_refused(importing: Importing) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        importing.take(importing.files / "nowhere.warc")


@pytest.mark.parametrize("shape", [bytes, gzip.compress], ids=["plain", "one gzip member"])
def test_files_packed_in_other_ways_are_taken_too(importing: Importing, shape: Callable[[bytes], bytes]) -> None:
    warc = ForeignWarc(gzip=False)
    for article in some_articles(4):
        warc.response(BASE + article.path, article.html())
    assert importing.take(shape(warc.data)).new == 4


def test_of_a_cut_file_what_is_whole_is_taken_and_the_cut_is_told(importing: Importing) -> None:
    data = warc_of(*some_articles(4), method=None).data
    report = importing.take(data[:-40])
    assert (report.taken, report.new, report.passed["damaged"]) == (3, 3, 1)
    assert report.damaged
    assert "offset" in report.problems[0]
    report = importing.take(data)  # the file, fetched again
    assert (report.taken, report.passed["already-there"]) == (1, 3)


def test_whatever_is_damaged_what_is_taken_is_what_was_written(importing: Importing) -> None:
    articles = some_articles(5)
    data = warc_of(*articles).data
    written = {(BASE + one.path, hashlib.sha256(one.html().encode()).hexdigest()) for one in articles}
    draw = random.Random(11)
    for attempt in range(15):
        broken = bytearray(data)
        if attempt % 3:
            broken[draw.randrange(len(broken))] ^= 1 << draw.randrange(8)
        else:
            del broken[draw.randrange(len(broken)) :]
        importing.folder = importing.files.parent / f"archive-{attempt}"
        report = importing.take(bytes(broken))
        taken = set(importing.rows("SELECT url, payload_sha256 FROM captures")) if report.taken else set()
        assert taken <= written
        assert report.seen == report.taken + sum(report.passed.values())


def test_records_of_one_damaged_member_are_taken_only_with_digests_of_their_own(importing: Importing) -> None:
    warc = ForeignWarc(gzip=False)
    for article in some_articles(3):
        warc.response(BASE + article.path, article.html() + "x" * 100_000, method=None)
    bare = b"\r\n".join(line for line in warc.data.split(b"\r\n") if not line.startswith(b"WARC-Block-Digest"))
    for plain, taken in ((warc.data, 2), (bare, 0)):
        packed = bytearray(gzip.compress(plain))
        packed[-6] ^= 1  # its checksum
        assert importing.take(bytes(packed), dry_run=True).taken == taken


def wacz(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, data in entries:
            package.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "packed"])
def test_a_wacz_package_is_taken(importing: Importing, compression: int) -> None:
    first, second = warc_of(*some_articles(2)).data, warc_of(*some_articles(4)[2:]).data
    lies = b'com,example)/ 2015 {"filename":"../../etc/passwd","offset":"-5"}\n'
    package = wacz(
        ("archive/a.warc.gz", first),
        ("indexes/index.cdx.gz", lies),
        ("archive/b.warc.gz", second),
        compression=compression,
    )
    assert importing.take(importing.save(package, "a.wacz")).new == 4


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x.warc.gz", "/tmp/x.warc.gz", "archive/../../x.warc.gz", "C:\\x.warc.gz", "..\\x.warc.gz"],
)
def test_names_that_lead_out_of_a_package_lead_nowhere(importing: Importing, name: str) -> None:
    data = warc_of(*some_articles(2)).data
    path = importing.save(wacz((name, data), ("archive/a.warc.gz", warc_of(ONE).data)), "a.wacz")
    report = importing.take(path)
    assert report.taken == 1
    assert "leads out of the package" in report.problems[0]
    with pytest.raises(ConfigError, match="no WARC file"):
        importing.take(importing.save(wacz((name, data)), "b.wacz"))
    assert not list(importing.files.parent.rglob("x.warc.gz"))


def test_links_and_encrypted_entries_of_a_package_are_not_read(importing: Importing) -> None:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("archive/link.warc.gz")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
        package.writestr("archive/locked.warc.gz", warc_of(ONE).data)
        package.writestr("archive/a.warc.gz", warc_of(ONE).data)
    data = bytearray(out.getvalue())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"archive/locked.warc.gz"))
    data[place + 8] |= 1  # the mark of encryption
    report = importing.take(importing.save(bytes(data), "a.wacz"))
    assert report.taken == 1
    assert [text.rpartition(": ")[2] for text in report.problems] == ["it is a link", "it is encrypted"]


def test_a_damaged_package_is_told(importing: Importing) -> None:
    """Where one entry cannot be opened or unpacked, the others are taken."""
    good, bad = warc_of(ONE).data, warc_of(*some_articles(3)[1:]).data
    for place in (2, 60, 400):  # in the local header, and in the packed bytes
        package = bytearray(
            wacz(("archive/a.warc", gzip.decompress(bad)), ("archive/b.warc", good), compression=zipfile.ZIP_DEFLATED)
        )
        package[place] ^= 0xFF
        report = importing.take(importing.save(bytes(package), "a.wacz"), dry_run=True)
        assert 1 <= report.taken < 3
        assert report.damaged


def test_entries_that_overlap_or_reach_beyond_the_end_are_not_read(importing: Importing) -> None:
    data = bytearray(wacz(("archive/a.warc.gz", warc_of(ONE).data), ("archive/b.warc.gz", warc_of(ONE).data)))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # where the first one lies
    report = importing.take(importing.save(bytes(data), "a.wacz"), dry_run=True)
    assert (report.taken, report.problems[0].rpartition(": ")[2]) == (1, "it overlaps another entry")
    data[second + 20 : second + 28] = b"\xff\xff\xff\x7f" * 2  # its sizes
    report = importing.take(importing.save(bytes(data), "a.wacz"), dry_run=True)
    assert (report.taken, report.problems[0].rpartition(": ")[2]) == (1, "it reaches beyond the end of the package")


def test_a_package_that_was_altered_is_told(importing: Importing) -> None:
    data = warc_of(ONE).data
    manifest = '{"resources": [{"path": "archive/a.warc.gz", "hash": "sha256:%s"}]}'
    for digest, told in ((hashlib.sha256(data).hexdigest(), False), ("0" * 64, True)):
        package = wacz(("archive/a.warc.gz", data), ("datapackage.json", (manifest % digest).encode()))
        assert importing.take(importing.save(package, "a.wacz"), dry_run=True).damaged is told


def test_a_bomb_within_scope_is_cut_at_the_limit(tmp_path: Path) -> None:
    importing = Importing(tmp_path, max_page_megabytes=1.0, max_media_megabytes=1.0)
    for gzipped, date in ((True, LATER), (False, "2014-01-01T00:00:00Z")):
        warc = ForeignWarc(gzip=gzipped)
        warc.response(URL, bytes(30_000_000), date=date)
        assert importing.take(warc if gzipped else gzip.compress(warc.data)).taken == 1
    assert importing.rows("SELECT DISTINCT payload_length, truncated FROM captures") == [(1_000_000, 1)]


def test_field_values_from_outside_cannot_begin_a_field_of_ours(importing: Importing) -> None:
    warc = ForeignWarc()
    warc.response(
        URL, ONE.html(), fields={"WARC-Record-ID": "<urn:x\x0bSusta-Event: y>", "Susta-Role": "../../etc/passwd"}
    )
    assert importing.take(warc).new == 1
    raw = gzip.decompress(warc_paths(importing.folder / "warc")[0].read_bytes())
    assert b"Susta-Event: y" not in raw
    assert importing.rows("SELECT role FROM captures") == ["page"]


def test_many_foreign_records_leave_nothing_behind(importing: Importing) -> None:
    warc = ForeignWarc()
    for number in range(3000):
        warc.response(f"https://elsewhere.example/{number}", b"", method=None)
    warc.response(URL, ONE.html())
    report = importing.take(warc)
    assert (report.taken, report.passed["other-host"]) == (1, 3000)


# Besides


def test_a_rehearsal_says_the_same_and_changes_nothing(importing: Importing) -> None:
    one = replace(ONE, photos=(("/a.png", "Toàn cảnh"),))
    warc = warc_of(one, *some_articles(3)[1:])
    warc.response(f"{BASE}/a.png", PNG, media_type="image/png")
    warc.revisit(URL, date=LATER, of=(URL, "2015-03-01T02:03:04Z"))
    said = importing.take(warc, dry_run=True)
    assert not importing.folder.exists()
    done = importing.take(warc)
    assert (said.taken, said.pages, said.media, said.passed) == (done.taken, done.pages, done.media, done.passed)
    before = contents(importing.folder)
    assert importing.take(warc, dry_run=True).taken == 0
    assert contents(importing.folder) == before


def test_an_import_waits_for_no_other_run(importing: Importing) -> None:
    with locked(importing.folder, "crawl"), pytest.raises(LockHeld):
        importing.take(warc_of(ONE))


def test_an_import_is_not_begun_without_room(importing: Importing) -> None:
    world = replace(importing.site.world(importing.clock), free_bytes=lambda _: 1000)
    path = importing.save(warc_of(ONE))
    with pytest.raises(ArchiveUnusable, match="nothing was started"):
        import_files(importing.config, (path,), importing.folder, world=world)


@pytest.mark.parametrize("shape", [bytes, gzip.compress], ids=["while working in", "while spooling"])
def test_an_import_stops_in_good_order_when_room_runs_short(
    importing: Importing, shape: Callable[[bytes], bytes]
) -> None:
    warc = ForeignWarc(gzip=False)
    for number in range(1200):
        warc.response(f"{BASE}/anh/{number}.png", os.urandom(2000), media_type="image/png", method=None)
    path = importing.save(shape(warc.data))
    asked: list[Path] = []

    def free(folder: Path) -> int:
        asked.append(folder)
        return 10**9 if len(asked) < 2 else 1000

    world = replace(importing.site.world(importing.clock), free_bytes=free)
    report = import_files(importing.config, (path,), importing.folder, world=world)
    assert report.outcome == "disk-low"
    assert "MB of free disk space" in report.problems[0]
    assert importing.take(path).outcome == "finished"
    assert importing.rows("SELECT count(*) FROM captures") == [1200]


def test_each_file_is_an_event(importing: Importing) -> None:
    importing.take(warc_of(ONE), warc_of(*some_articles(2)).data[:-40])
    assert importing.rows("SELECT type, target, outcome FROM events WHERE type = 'imported'") == [
        ("imported", "0.warc.gz", "success"),
        ("imported", "1.warc.gz", "warning"),
    ]


def test_a_name_that_is_not_text_is_shown_as_text(importing: Importing) -> None:
    path = importing.files / os.fsdecode(b"\xff\x1b[2J.warc.gz")
    path.write_bytes(warc_of(ONE).data)
    report = importing.take(path)
    assert report.files[0].name == "\ufffd\x1b[2J.warc.gz"
