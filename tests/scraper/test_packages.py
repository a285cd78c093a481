"""Packages: what is in them, that nothing else is, and that they open again as an archive."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_site import NOTICE, PDF, PNG, Clock, FakeArticle, FakeSite, Reply, config_for, plain_site, some_articles
from fastwarc.warc import ArchiveIterator

from archive.bag import write_bag
from archive.check import check
from archive.damage import Code
from archive.errors import ArchiveUnusable, ConfigError, ExitCode
from archive.query import Archive, Filter
from archive.seal_file import SealState, look_at_seal
from archive.wacz import Packaged, write_wacz
from archive.warc import OPEN_SUFFIX, warc_paths
from scraper.cli import run
from scraper.cli_check import resolve
from scraper.config import Config
from scraper.crawl import crawl
from scraper.fetch import World
from scraper.importing import import_files
from scraper.rebuild import rebuild

PAYLOAD = ["archive.db", "archive.db.sha256", "warc"]
CREATED = "2026-02-03T04:05:06.789Z"


@dataclass
class Crawled:
    """An archive of the fake site: three articles, the first with a photo behind a redirect, a file, a second capture
    and an address that leads to it; and a photo that two articles share."""

    folder: Path
    config: Config
    articles: list[FakeArticle]
    world: Callable[[], World]

    def url(self, number: int) -> str:
        return f"http://susta.test{self.articles[number].path}"

    def rows(self, sql: str) -> list[Any]:
        connection = sqlite3.connect(self.folder / "archive.db")
        found = connection.execute(sql).fetchall()
        connection.close()
        return [row[0] if len(row) == 1 else row for row in found]

    def package(self, output: Path, **wishes: Any) -> Packaged:
        return write_wacz(self.folder, output, software="susta-archive/test", created=CREATED, **wishes)

    def bag(
        self,
        output: Path,
        *,
        link: bool = False,
        make: Callable[[Path], None] | None = None,
        watch: Callable[[str], None] = lambda _: None,
    ) -> Packaged:
        return write_bag(
            self.folder,
            output,
            software="susta-archive/test",
            organisation="Thư viện tỉnh",
            day="2026-02-03",
            link=link,
            make_database=make or (lambda _: pytest.fail("the copy agrees")),
            watch=watch,
        )


def make_site() -> tuple[FakeSite, list[FakeArticle]]:
    first, *others = some_articles(3)
    first = replace(
        first, photos=(("/a.png", "Toàn cảnh"), ("/chung.png", "Chung")), attachments=(("/b.pdf", "Tải về"),)
    )
    others[0] = replace(others[0], photos=(("/chung.png", "Chung"),))
    articles = [first, *others]
    site, _ = plain_site(articles)
    site.pages[first.path] = lambda visit: replace(first, words="Sửa lần hai." if visit > 1 else "").html()
    site.pages["/a.png"] = Reply("", 302, headers=(("Location", "/kho/a.png"),))
    site.pages["/kho/a.png"] = Reply(PNG, media_type="image/png")
    site.pages["/chung.png"] = Reply(PNG + b"2", media_type="image/png")
    site.pages["/b.pdf"] = Reply(PDF, media_type="application/pdf")
    old = f"/tin-cu/bai-cu-{first.number}.html"
    site.pages["/"] = str(site.pages["/"]).replace("</body>", f'<a href="{old}">cũ</a></body>')
    site.pages[old] = Reply("", 301, headers=(("Location", first.path),))
    return site, articles


@pytest.fixture
def crawled(tmp_path: Path) -> Crawled:
    site, articles = make_site()
    clock = Clock()
    made = Crawled(tmp_path / "archive", config_for(site), articles, lambda: site.world(clock))
    for _ in range(2):
        crawl(made.config, made.folder, world=made.world(), everything=True)
        clock.pass_days(10)
    return made


def records_of(data: bytes) -> list[tuple[str, str, bytes]]:
    """(type, target, block) of each record, in order."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), parse_http=False):
        kind = str(record.headers["WARC-Type"])
        found.append((kind, str(record.headers.get("WARC-Target-URI", "")), record.reader.read()))
    return found


def responses(package: Path) -> list[str]:
    """Targets of the responses and revisits in a package, without the host."""
    with zipfile.ZipFile(package) as opened:
        names = [name for name in opened.namelist() if name.startswith("archive/")]
        records = [record for name in names for record in records_of(opened.read(name))]
    return [target.removeprefix("http://susta.test") for kind, target, _ in records if kind in ("response", "revisit")]


def read_json(package: Path, name: str) -> Any:
    with zipfile.ZipFile(package) as opened:
        return json.loads(opened.read(name))


def pages(package: Path, name: str = "pages") -> list[dict[str, Any]]:
    with zipfile.ZipFile(package) as opened:
        head, *lines = (json.loads(line) for line in opened.read(f"pages/{name}.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    return lines


# WACZ


def test_a_package_holds_the_warc_files_as_they_are(crawled: Crawled, tmp_path: Path) -> None:
    made = crawled.package(tmp_path / "a.wacz")
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        assert opened.testzip() is None
        for path in warc_paths(crawled.folder / "warc"):
            info = opened.getinfo(f"archive/{path.name}")
            assert info.compress_type == zipfile.ZIP_STORED
            assert opened.read(info) == path.read_bytes()
    assert (made.articles, made.captures) == (3, crawled.rows("SELECT count(*) FROM captures")[0])
    assert made.sha256 == hashlib.sha256((tmp_path / "a.wacz").read_bytes()).hexdigest()
    assert made.left_out == []


def test_the_manifest_names_every_entry_with_its_digest(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz")
    manifest = read_json(tmp_path / "a.wacz", "datapackage.json")
    assert (manifest["profile"], manifest["wacz_version"]) == ("data-package", "1.1.1")
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        listed = {each["path"]: (each["bytes"], each["hash"]) for each in manifest["resources"]}
        there = {name: opened.read(name) for name in opened.namelist()}
    digest = json.loads(there.pop("datapackage-digest.json"))
    raw = there.pop("datapackage.json")
    assert digest == {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
    assert listed == {name: (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") for name, data in there.items()}
    assert len({each["name"] for each in manifest["resources"]}) == len(listed)


def test_the_manifest_says_whom_to_credit_and_on_which_condition(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz")
    manifest = read_json(tmp_path / "a.wacz", "datapackage.json")
    assert manifest["licenses"] == [{"title": NOTICE, "path": "http://susta.test/"}]
    assert NOTICE in manifest["description"]
    assert "Nguồn: Susta.vn" in manifest["description"]
    assert "not a Creative Commons licence" in manifest["description"]
    assert (manifest["created"], manifest["software"]) == ("2026-02-03T04:05:06Z", "susta-archive/test")
    assert manifest["mainPageUrl"] == "http://susta.test/"


def test_what_a_site_says_is_no_markup_in_the_description(crawled: Crawled, tmp_path: Path) -> None:
    connection = sqlite3.connect(crawled.folder / "archive.db")
    connection.execute("UPDATE sources SET notice = '<img src=x onerror=alert(1)> [a](javascript:b)\n# c'")
    connection.commit()
    connection.close()
    crawled.package(tmp_path / "a.wacz")
    said = read_json(tmp_path / "a.wacz", "datapackage.json")["description"]
    assert r"\<img src=x onerror=alert\(1\)\> \[a\]\(javascript:b\) \# c" in said


def test_each_article_is_a_page_with_title_text_and_credit(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz")
    listed = {page["url"]: page for page in pages(tmp_path / "a.wacz")}
    with Archive.open(crawled.folder) as archive:
        for record in archive.records():
            page = listed.pop(record.url)
            assert (page["title"], page["credit"]) == (record.title, "Nguồn: Susta.vn")
            assert page["text"] == "\n\n".join(record.body)
    assert not listed
    others = [page["url"] for page in pages(tmp_path / "a.wacz", "extraPages")]
    assert others == ["http://susta.test/", "http://susta.test/khoa-hoc-cong-nghe"]


def test_every_page_can_be_looked_up_and_read_where_the_index_says(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz")
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        packed = opened.read("indexes/index.cdx.gz")
        begins = opened.read("indexes/index.idx").decode().splitlines()
        lines = gzip.decompress(packed).decode().splitlines()
        assert lines == sorted(lines)
        assert begins[0].startswith("!meta 0 {")
        place = json.loads(begins[1][begins[1].index("{") :])
        block = packed[place["offset"] : place["offset"] + place["length"]]
        assert gzip.decompress(block).decode().splitlines()[0].startswith(begins[1].partition(" {")[0])
        assert place["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        known = {}
        for line in lines:
            _, date, entry = line.split(" ", 2)
            told = json.loads(entry)
            data = opened.read(f"archive/{told['filename']}")
            member = data[int(told["offset"]) : int(told["offset"]) + int(told["length"])]
            assert gzip.decompress(member).startswith(b"WARC/1.1")
            known[told["url"], date] = told
    for page in pages(tmp_path / "a.wacz") + pages(tmp_path / "a.wacz", "extraPages"):
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in known


def test_the_same_captures_give_the_same_package(crawled: Crawled, tmp_path: Path) -> None:
    for chosen in ((), (crawled.url(0),)):
        for name in ("a.wacz", "b.wacz"):
            crawled.package(tmp_path / name, urls=chosen)
        assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_every_entry_has_a_field_in_both_headers(crawled: Crawled, tmp_path: Path) -> None:
    """Viewers take the size of a local header from the central one where that has no extra field."""
    crawled.package(tmp_path / "a.wacz")
    data = (tmp_path / "a.wacz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        for info in opened.infolist():
            assert info.extra
            assert data[info.header_offset + 28 : info.header_offset + 30] != b"\0\0"


# A selection


def test_a_selection_holds_an_article_with_all_that_belongs_to_it_and_no_other(
    crawled: Crawled, tmp_path: Path
) -> None:
    made = crawled.package(tmp_path / "a.wacz", urls=(crawled.url(0),))
    first = crawled.articles[0]
    old = f"/tin-cu/bai-cu-{first.number}.html"
    assert sorted(set(responses(tmp_path / "a.wacz"))) == sorted(
        [first.path, old, "/a.png", "/kho/a.png", "/chung.png", "/b.pdf"]
    )
    assert responses(tmp_path / "a.wacz").count(first.path) == 2  # both captures
    assert made.articles == 1
    assert [page["url"] for page in pages(tmp_path / "a.wacz")] == [crawled.url(0)]
    assert read_json(tmp_path / "a.wacz", "datapackage.json")["mainPageUrl"] == crawled.url(0)


def test_an_alias_names_its_article(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz", urls=(f"http://susta.test/tin-cu/bai-cu-{crawled.articles[0].number}.html",))
    assert [page["url"] for page in pages(tmp_path / "a.wacz")] == [crawled.url(0)]


def test_records_of_a_selection_are_those_of_the_archive_byte_for_byte(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz", urls=(crawled.url(0), crawled.url(1)))
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        chosen = records_of(opened.read("archive/selection.warc.gz"))
    whole = [record for path in warc_paths(crawled.folder / "warc") for record in records_of(path.read_bytes())]
    assert all(record in whole for record in chosen)
    kinds = [kind for kind, _, _ in chosen]
    assert kinds.count("warcinfo") == len(warc_paths(crawled.folder / "warc"))
    assert kinds.count("request") == kinds.count("response") + kinds.count("revisit")
    targets = [(kind, target) for kind, target, _ in chosen if kind != "warcinfo"]
    assert all(before == ("request", after[1]) for before, after in zip(targets[::2], targets[1::2], strict=True))


def test_the_original_of_a_revisit_comes_along(crawled: Crawled, tmp_path: Path) -> None:
    revisits = crawled.rows("SELECT count(*) FROM captures WHERE revisit_of IS NOT NULL")
    assert revisits[0] > 0
    crawled.package(tmp_path / "a.wacz", urls=(crawled.url(1),))
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        chosen = records_of(opened.read("archive/selection.warc.gz"))
    held = [target for kind, target, _ in chosen if kind == "response"]
    referring = [target for kind, target, _ in chosen if kind == "revisit"]
    assert referring
    assert set(referring) <= set(held)


@pytest.mark.parametrize(
    "which", [Filter(category="khoa-hoc-cong-nghe"), Filter(since="1990-01-01"), Filter(byline="x")]
)
def test_filters_choose_as_in_an_export(crawled: Crawled, tmp_path: Path, which: Filter) -> None:
    with Archive.open(crawled.folder) as archive:
        wanted = sorted(record.url for record in archive.records(which))
    if not wanted:
        with pytest.raises(ConfigError, match="No article is of that kind"):
            crawled.package(tmp_path / "a.wacz", which=which)
        assert list(tmp_path.glob("a.wacz*")) == []
        return
    crawled.package(tmp_path / "a.wacz", which=which)
    assert sorted(page["url"] for page in pages(tmp_path / "a.wacz")) == wanted


def test_an_address_of_no_article_is_refused(crawled: Crawled, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No article has the address"):
        crawled.package(tmp_path / "a.wacz", urls=("http://susta.test/nowhere-1",))


def test_what_was_withdrawn_is_held_back_although_its_bytes_are_kept(crawled: Crawled, tmp_path: Path) -> None:
    """Its pages, and pictures and files that no other article has."""
    connection = sqlite3.connect(crawled.folder / "archive.db")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "INSERT INTO withdrawals (id, site, site_id, url, article_id, withdrawn_at, reason, agent, bytes)"
        " SELECT 1, site, site_id, url, id, ?, 'asked for', 'test', 'kept' FROM articles WHERE url = ?",
        (CREATED, crawled.url(0)),
    )
    connection.execute("INSERT INTO withdrawn_addresses (url, withdrawal_id) VALUES (?, 1)", (crawled.url(0),))
    connection.execute("DELETE FROM articles WHERE url = ?", (crawled.url(0),))
    connection.commit()
    connection.close()
    made = crawled.package(tmp_path / "a.wacz")
    there = responses(tmp_path / "a.wacz")
    first, second, _ = crawled.articles
    assert not {first.path, "/a.png", "/kho/a.png", "/b.pdf"} & set(there)
    assert {"/", second.path, "/chung.png"} <= set(there)
    assert made.left_out == ["5 captures of withdrawn articles"]
    assert crawled.url(0) not in [page["url"] for page in pages(tmp_path / "a.wacz")]


# While a crawl goes on, and when it cannot be done


def leave_open(crawled: Crawled) -> Path:
    """Makes the newest WARC file one that is being written."""
    last = warc_paths(crawled.folder / "warc")[-1]
    return last.rename(last.with_name(last.name + OPEN_SUFFIX))


def test_of_a_file_that_is_being_written_nothing_is_taken_and_that_is_said(crawled: Crawled, tmp_path: Path) -> None:
    open_file = leave_open(crawled)
    made = crawled.package(tmp_path / "a.wacz")
    assert made.left_out == [f"{open_file.name}, which is being written (or was left by a run that was killed)"]
    with zipfile.ZipFile(tmp_path / "a.wacz") as opened:
        assert len([name for name in opened.namelist() if name.startswith("archive/")]) == 1
    for page in pages(tmp_path / "a.wacz"):
        assert page["ts"].startswith("2026-01-05")  # of the first run


def test_packages_are_made_while_a_crawl_goes_on_and_do_not_stand_in_its_way(crawled: Crawled, tmp_path: Path) -> None:
    done: list[Packaged] = []

    def watch(_: Any) -> None:
        if not done:
            done.append(crawled.package(tmp_path / "a.wacz"))
            done.append(crawled.bag(tmp_path / "bag", make=lambda data: rebuild(crawled.config, data) and None))

    report = crawl(crawled.config, crawled.folder, everything=True, world=crawled.world(), watch=watch)
    assert report.outcome == "finished"
    assert all(len(made.left_out) == 1 for made in done)
    check_bag(tmp_path / "bag")
    for data in (crawled.folder, tmp_path / "bag" / "data"):
        with Archive.open(data) as archive:
            assert len(list(archive.records())) == 3
    assert not (crawled.folder / "archive.db-wal").exists() or not (crawled.folder / "archive.db-wal").stat().st_size


def test_a_file_that_changes_while_it_is_packaged_is_noticed(crawled: Crawled, tmp_path: Path) -> None:
    path = warc_paths(crawled.folder / "warc")[0]

    def watch(what: str) -> None:
        if what == "the index":
            os.utime(path, (1, 1))

    with pytest.raises(ArchiveUnusable, match="was changed"):
        crawled.package(tmp_path / "a.wacz", watch=watch)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive"]


def test_a_package_that_fails_leaves_what_was_there(crawled: Crawled, tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(b"before")
    path = warc_paths(crawled.folder / "warc")[0]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ArchiveUnusable):
        crawled.package(tmp_path / "a.wacz")
    assert (tmp_path / "a.wacz").read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("a.wacz")] == ["a.wacz"]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("make", [Crawled.package, Crawled.bag])
def test_interrupted_it_leaves_nothing(crawled: Crawled, tmp_path: Path, make: Callable[..., object], at: int) -> None:
    seen: list[str] = []

    def watch(what: str) -> None:
        seen.append(what)
        if len(seen) > at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(crawled, tmp_path / "a", watch=watch)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive"]


@pytest.mark.parametrize("make", [Crawled.package, Crawled.bag])
def test_a_folder_that_is_not_there_is_refused(
    crawled: Crawled, tmp_path: Path, make: Callable[[Crawled, Path], object]
) -> None:
    with pytest.raises(ConfigError, match="no folder"):
        make(crawled, tmp_path / "nowhere" / "a")


def test_an_archive_of_an_older_version_is_told_from_a_damaged_one(crawled: Crawled, tmp_path: Path) -> None:
    connection = sqlite3.connect(crawled.folder / "archive.db")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(ArchiveUnusable, match="older version"):
        crawled.package(tmp_path / "a.wacz")


# There and back


def test_a_package_imported_into_an_empty_archive_gives_the_same_articles(crawled: Crawled, tmp_path: Path) -> None:
    crawled.package(tmp_path / "a.wacz")
    other = tmp_path / "other"
    report = import_files(crawled.config, (tmp_path / "a.wacz",), other, world=crawled.world())
    assert not report.damaged
    connection = sqlite3.connect(other / "archive.db")
    for sql in (
        "SELECT id, url, title, body, content_sha256, byline, date, credit, first_seen, last_seen, views FROM articles",
        "SELECT article_id, number, seen_at, content_sha256, record FROM revisions ORDER BY 1, 2",
        "SELECT article_id, position, url, caption, sha256 FROM photos ORDER BY 1, 2",
        "SELECT article_id, position, url, label, sha256 FROM attachments ORDER BY 1, 2",
        "SELECT url, fetched_at, status, role, payload_sha256, payload_length FROM captures ORDER BY 2, 1",
        "SELECT url, article_id, reason FROM aliases ORDER BY 1",
        "SELECT url, reason, seen_at FROM refusals ORDER BY 1, 3",
    ):
        assert connection.execute(sql).fetchall() == [
            row if isinstance(row, tuple) else (row,) for row in crawled.rows(sql)
        ]
    connection.close()


# BagIt


def manifest(bag: Path, name: str) -> dict[str, str]:
    lines = (bag / name).read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def check_bag(bag: Path) -> None:
    """What RFC 8493 asks of a complete and valid bag."""
    assert (bag / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = {path.relative_to(bag).as_posix(): path for path in (bag / "data").rglob("*") if path.is_file()}
    tags = {path.name: path for path in bag.iterdir() if path.is_file() and not path.name.startswith("tagmanifest")}
    for kind, files in (("manifest", payload), ("tagmanifest", tags)):
        for algorithm in ("sha256", "sha512"):
            said = manifest(bag, f"{kind}-{algorithm}.txt")
            assert said == {name: hashlib.new(algorithm, path.read_bytes()).hexdigest() for name, path in files.items()}
    size = sum(path.stat().st_size for path in payload.values())
    assert f"Payload-Oxum: {size}.{len(payload)}\n" in (bag / "bag-info.txt").read_text(encoding="utf-8")


def test_a_bag_holds_the_archive_with_its_digests(crawled: Crawled, tmp_path: Path) -> None:
    made = crawled.bag(tmp_path / "bag")
    check_bag(tmp_path / "bag")
    for path in warc_paths(crawled.folder / "warc"):
        assert (tmp_path / "bag" / "data" / "warc" / path.name).read_bytes() == path.read_bytes()
    assert sorted(each.name for each in (tmp_path / "bag" / "data").iterdir()) == PAYLOAD
    assert made.articles == 3
    info = (tmp_path / "bag" / "bag-info.txt").read_text(encoding="utf-8")
    assert NOTICE in info
    assert "Source-Organization: Thư viện tỉnh\n" in info
    assert "Bagging-Date: 2026-02-03\n" in info
    assert "not a Creative Commons licence" in info


def test_the_payload_of_a_bag_is_an_archive(crawled: Crawled, tmp_path: Path) -> None:
    crawled.bag(tmp_path / "bag")
    with Archive.open(crawled.folder) as before, Archive.open(tmp_path / "bag" / "data") as after:
        assert list(after.records()) == list(before.records())
        position, _, _, capture = after.captured_photos(1)[0]
        assert (position, after.capture(capture).body) == (0, PNG)


def test_reading_the_payload_of_a_bag_leaves_it_valid(crawled: Crawled, tmp_path: Path) -> None:
    crawled.bag(tmp_path / "bag")
    data = tmp_path / "bag" / "data"
    report = check(data, now=datetime(2026, 3, 1, tzinfo=UTC), agent="susta-archive/test", resolve=resolve)
    assert (report.damages, report.noted) == ([], False)
    assert [(found.code, found.what) for found in report.remarks] == [
        (Code.NOT_NOTED, "the archive is the payload of a bag, which must not change")
    ]
    assert run(["export", "--archive", str(data), "--output", str(tmp_path / "records.json")]) == ExitCode.DONE
    assert run(["package", "--archive", str(data)]) == ExitCode.USAGE
    assert run(["package", "--archive", str(data), "--output", str(tmp_path / "again.wacz")]) == ExitCode.DONE
    check_bag(tmp_path / "bag")


def test_a_folder_named_data_is_no_bag_by_its_name(crawled: Crawled, tmp_path: Path) -> None:
    crawled.folder.rename(tmp_path / "data")
    when = datetime(2026, 3, 1, tzinfo=UTC)
    assert check(tmp_path / "data", now=when, agent="susta-archive/test", resolve=resolve).noted


def test_alike_archives_give_alike_payloads(crawled: Crawled, tmp_path: Path) -> None:
    for name in ("a", "b"):
        crawled.bag(tmp_path / name)
    assert manifest(tmp_path / "a", "manifest-sha256.txt") == manifest(tmp_path / "b", "manifest-sha256.txt")


def test_linked_files_are_the_originals_and_stay_where_they_are(crawled: Crawled, tmp_path: Path) -> None:
    before = [path.read_bytes() for path in warc_paths(crawled.folder / "warc")]
    crawled.bag(tmp_path / "bag", link=True)
    check_bag(tmp_path / "bag")
    for path in warc_paths(crawled.folder / "warc"):
        assert os.path.samefile(path, tmp_path / "bag" / "data" / "warc" / path.name)
    assert [path.read_bytes() for path in warc_paths(crawled.folder / "warc")] == before


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_a_bag_may_be_one_file(crawled: Crawled, tmp_path: Path, ending: str) -> None:
    crawled.bag(tmp_path / f"nop{ending}")
    unpacked = tmp_path / "unpacked"
    if ending == ".zip":
        with zipfile.ZipFile(tmp_path / "nop.zip") as package:
            package.extractall(unpacked)
    else:
        with tarfile.open(tmp_path / "nop.tar") as tar:
            tar.extractall(unpacked, filter="data")
    check_bag(unpacked / "nop")
    assert [each.name for each in unpacked.iterdir()] == ["nop"]


def test_a_bag_is_not_written_over(crawled: Crawled, tmp_path: Path) -> None:
    crawled.bag(tmp_path / "bag")
    with pytest.raises(ConfigError, match="there already"):
        crawled.bag(tmp_path / "bag")
    check_bag(tmp_path / "bag")


def test_while_a_crawl_writes_the_database_is_made_of_what_is_in_the_bag(crawled: Crawled, tmp_path: Path) -> None:
    leave_open(crawled)
    made = crawled.bag(tmp_path / "bag", make=lambda data: rebuild(crawled.config, data) and None)
    assert len(made.left_out) == 1
    check_bag(tmp_path / "bag")
    data = tmp_path / "bag" / "data"
    assert sorted(each.name for each in data.iterdir()) == PAYLOAD
    assert look_at_seal(data / "archive.db").state is SealState.TRUE
    names = {path.name for path in warc_paths(data / "warc")}
    connection = sqlite3.connect(f"file:{data / 'archive.db'}?immutable=1", uri=True)
    assert {name for (name,) in connection.execute("SELECT DISTINCT warc_file FROM captures")} == names
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    assert connection.execute("SELECT max(number) FROM revisions").fetchone() == (1,)  # the second run is not in it
    connection.close()


def test_records_that_the_database_has_not_taken_in_yet_are_taken_in(crawled: Crawled, tmp_path: Path) -> None:
    connection = sqlite3.connect(crawled.folder / "archive.db")
    first = warc_paths(crawled.folder / "warc")[0]
    connection.execute("UPDATE progress SET warc_file = ?, warc_end = 0", (first.name,))
    connection.commit()
    connection.close()
    asked: list[Path] = []

    def make(data: Path) -> None:
        asked.append(data)
        rebuild(crawled.config, data)

    crawled.bag(tmp_path / "bag", make=make)
    assert len(asked) == 1


def test_a_bag_that_fails_leaves_nothing(crawled: Crawled, tmp_path: Path) -> None:
    leave_open(crawled)

    def make(_: Path) -> None:
        raise ArchiveUnusable("no room")

    with pytest.raises(ArchiveUnusable):
        crawled.bag(tmp_path / "bag", make=make)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive"]


@pytest.mark.parametrize("make", [Crawled.package, Crawled.bag])
def test_an_archive_without_finished_warc_files_has_nothing_to_package(
    crawled: Crawled, tmp_path: Path, make: Callable[[Crawled, Path], object]
) -> None:
    for path in warc_paths(crawled.folder / "warc"):
        path.rename(path.with_name(path.name + OPEN_SUFFIX))
    with pytest.raises(ArchiveUnusable, match="no finished WARC file"):
        make(crawled, tmp_path / "x")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive"]
