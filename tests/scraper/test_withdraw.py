"""A takedown that is honest: no byte of the text is left in what gets published, and the archive says why."""

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_site import PNG, FakeArticle, FakeSite, Reply, listing, plain_site, some_articles
from test_crawl import Crawling
from warcio.archiveiterator import ArchiveIterator

from archive import removal, schema
from archive.backup import back_up
from archive.check import check
from archive.errors import ArchiveUnusable, LockHeld
from archive.lock import locked
from archive.query import Archive
from archive.vietnamese import without_marks
from archive.warc import StoredEvent, StoredExchange, warc_paths
from archive.warc_reading import read_all
from scraper import withdrawing
from scraper.cli import run
from scraper.cli_check import resolve
from scraper.derive import Deriver
from scraper.rebuild import rebuild
from scraper.withdrawing import Wish, Withdrawal, withdraw_article

CAPTION = "Toàn cảnh buổi nghiệm thu giống lúa nương Kháu Phảng"
SECRET = "Bí quyết ủ rượu cần của gia đình ông Quàng Văn Xuyển ở bản Huổi Pá"
LATER = "Đính chính: hợp đồng mua bán trâu Mường Bú đã được thanh lý"
# Words of body, caption, an earlier and a later revision that stand in no address.
WORDS = ("Quàng", "Xuyển", "Huổi", "Kháu Phảng", "Mường Bú", "rượu cần")


def pictured(words: str = SECRET) -> FakeArticle:
    photos = (("/anh/nghiem-thu.png", CAPTION), ("/anh/chung.png", "Ảnh chung của hai bài"))
    return FakeArticle(30001, "Bài có ảnh về mùa cà phê chè", words=words, photos=photos)


def site_of_withdrawals() -> tuple[FakeSite, list[FakeArticle]]:
    """Ten articles and one to withdraw; one picture is its own, one another article shows too. Every page has its title
    in the sidebar."""
    other = FakeArticle(30009, "Bài khác cùng một tấm ảnh", photos=(("/anh/chung.png", "Ảnh chung"),))
    articles = [*some_articles(10), pictured(), other]
    site, _ = plain_site(articles)
    for one in articles:
        site.pages[one.path] = one.html(links=[articles[10].path])
    site.pages["/anh/nghiem-thu.png"] = Reply(PNG + b"rieng", media_type="image/png")
    site.pages["/anh/chung.png"] = Reply(PNG + b"chung", media_type="image/png")
    return site, articles


@pytest.fixture
def lived(tmp_path: Path) -> Crawling:
    """Three runs: the article to withdraw changed once and got a second address, another one was edited."""
    site, articles = site_of_withdrawals()
    crawling = Crawling(tmp_path / "data", site)
    crawling.run()
    crawling.clock.pass_days(9)
    edited = FakeArticle(articles[0].number, articles[0].title, words="Bổ sung: hội nghị lùi sang ngày hôm sau.")
    site.pages |= {edited.path: edited.html(), pictured().path: pictured(LATER).html()}
    crawling.run()
    crawling.clock.pass_days(9)
    other_address = pictured().path.replace("khoa-hoc-cong-nghe", "tu-lieu-sub")
    site.pages[other_address] = pictured(LATER).html()
    site.pages["/khoa-hoc-cong-nghe"] = listing([other_address, *(one.path for one in articles)])
    crawling.run(everything=True)
    return crawling


def withdraw(crawling: Crawling, what: str = "", **wish: Any) -> Withdrawal | None:
    return withdraw_article(
        crawling.config,
        crawling.folder,
        Wish(what or url_of(crawling), "theo yêu cầu của tác giả", **wish),
        agree=lambda *_: True,
        now=lambda: crawling.clock.moment,
    )


def url_of(crawling: Crawling) -> str:
    return crawling.site.base[:-1] + pictured().path


def files_with(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Files of an archive but its WARCs that hold one of the words, written in any way a database may hold them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "warc":
            content = path.read_bytes()
            for word in words:
                ways = {word, word.lower(), without_marks(word), without_marks(word).lower(), json.dumps(word)[1:-1]}
                found += [(path.name, way) for way in ways if way.encode() in content]
    return found


def in_warcs(folder: Path, words: tuple[str, ...] = WORDS) -> set[str]:
    bodies = b"".join(one.body for one in read_all(folder / "warc") if isinstance(one, StoredExchange))
    return {word for word in words if word.encode() in bodies}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def dump(folder: Path) -> list[str]:
    """The rows of the database as SQL, but for what a rebuild has of its own and for SQLite's own tables."""
    connection = sqlite3.connect(folder / "archive.db")
    own = tuple(f'INSERT INTO "{name}' for name in ("events", "seal", "articles_fts_", "_sqlite", "sqlite_"))
    lines = [line for line in connection.iterdump() if line.startswith("INSERT") and not line.startswith(own)]
    lines += [str(row) for row in connection.execute("SELECT rowid, * FROM articles_fts ORDER BY rowid")]
    connection.close()
    return lines


def assert_sound(crawling: Crawling) -> None:
    """The audit finds no damage."""
    report = check(crawling.folder, now=crawling.clock.moment, agent="susta-archive/test", resolve=resolve)
    assert report.damages == []


def assert_rebuild_agrees(crawling: Crawling) -> None:
    assert_sound(crawling)
    before = dump(crawling.folder)
    (crawling.folder / "archive.db").unlink()
    rebuild(crawling.config, crawling.folder)
    assert dump(crawling.folder) == before
    assert_sound(crawling)


def test_the_test_finds_text_that_is_there(lived: Crawling) -> None:
    assert {word for _, word in files_with(lived.folder)} >= {"Quàng", "quang", "Mường Bú"}
    assert in_warcs(lived.folder) == set(WORDS)


@pytest.mark.parametrize("remove", [False, True])
def test_no_byte_of_the_text_is_left_in_what_gets_published(lived: Crawling, remove: bool) -> None:
    done = withdraw(lived, remove_bytes=remove)
    assert done is not None
    assert done.purged
    assert files_with(lived.folder) == []
    title = pictured().title
    assert files_with(lived.folder, (title, without_marks(title).lower())) == []
    assert in_warcs(lived.folder) == (set() if remove else set(WORDS))


@pytest.mark.parametrize("remove", [False, True])
def test_a_rebuild_respects_it_and_gives_the_same_rows(lived: Crawling, remove: bool) -> None:
    withdraw(lived, remove_bytes=remove)
    assert_rebuild_agrees(lived)
    assert files_with(lived.folder) == []
    lived.clock.pass_days(9)
    fresh = FakeArticle(50001, "Bài mới đăng sáng nay của Liên hiệp hội")
    lived.site.pages |= {fresh.path: fresh.html(), "/khoa-hoc-cong-nghe": listing([fresh.path, pictured().path])}
    lived.run(everything=True)
    assert lived.rows("SELECT id FROM articles WHERE site_id = 50001") == [13]
    assert_rebuild_agrees(lived)
    assert files_with(lived.folder) == []


# What is left to tell


def test_an_id_is_never_given_again_and_what_hangs_on_it_is_gone(lived: Crawling) -> None:
    (before,) = lived.rows("SELECT id FROM articles WHERE site_id = 30001")
    done = withdraw(lived)
    assert done is not None
    assert done.tombstone.article_id == before
    assert len(done.tombstone.addresses) == 2
    for table in ("photos", "revisions", "views", "aliases", "attachments"):
        assert lived.rows(f"SELECT count(*) FROM {table} WHERE article_id = ?", before) == [0]
    assert lived.rows("SELECT count(*) FROM articles_fts WHERE rowid = ?", before) == [0]
    assert set(lived.rows("SELECT refusal FROM derivations d JOIN captures c ON c.id = d.capture_id"
                          " WHERE c.url = ?", url_of(lived))) == {"withdrawn"}  # fmt: skip
    assert lived.rows("SELECT type, outcome FROM events WHERE target = ?", url_of(lived)) == [("withdrawn", "success")]


@pytest.mark.parametrize("by", ["address", "other address", "id"])
def test_show_and_why_say_when_and_why(lived: Crawling, capsys: pytest.CaptureFixture[str], by: str) -> None:
    other = url_of(lived).replace("khoa-hoc-cong-nghe", "tu-lieu-sub")
    (article_id,) = lived.rows("SELECT id FROM articles WHERE site_id = 30001")
    withdraw(lived)
    what = {"address": url_of(lived), "other address": other, "id": str(article_id)}[by]
    assert run(["show", what, "--archive", str(lived.folder)]) == 3
    said = "withdrawn on 2026-01-23 because: theo yêu cầu của tác giả"
    assert said in capsys.readouterr().err
    assert run(["show", what, "--json", "--archive", str(lived.folder)]) == 3
    assert json.loads(capsys.readouterr().out)["withdrawn"]["article_id"] == article_id
    if by != "id":
        assert run(["why", what, "--archive", str(lived.folder)]) == 0
        out = capsys.readouterr().out
        assert "withdrawn: " in out
        assert said in out


def test_search_and_export_never_give_it(lived: Crawling, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--archive", str(lived.folder)]
    assert run(["search", "Mường Bú", "--json", *arguments]) == 0
    assert json.loads(capsys.readouterr().out)
    withdraw(lived)
    assert run(["search", "Mường Bú", "--json", *arguments]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["export", "--format", "jsonl", *arguments]) == 0
    assert "30001" not in capsys.readouterr().out


def test_the_crawl_asks_for_none_of_its_addresses_again(lived: Crawling, capsys: pytest.CaptureFixture[str]) -> None:
    withdraw(lived)
    lived.clock.pass_days(9)
    renamed = "/khoa-hoc-cong-nghe/ten-khac-han-30001"
    lived.site.pages["/khoa-hoc-cong-nghe"] = listing([renamed, pictured().path])
    lived.site.pages[renamed] = pictured().html()
    lived.run(everything=True)
    assert "/khoa-hoc-cong-nghe" in lived.site.asked_pages()
    assert not [target for target in lived.site.asked_pages() if "30001" in target or "nghiem-thu" in target]
    report = lived.run(start_urls=(url_of(lived), lived.site.base))
    assert f"{url_of(lived)} was withdrawn from the archive and is not asked for" in report.problems
    assert not [target for target in lived.site.asked_pages() if "30001" in target]
    assert run(["crawl", "--dry-run", "--all", "--json", "--archive", str(lived.folder), lived.site.base]) == 0
    assert "30001" not in capsys.readouterr().out


def test_the_same_text_under_an_address_without_a_number_is_refused_too(lived: Crawling) -> None:
    withdraw(lived)
    lived.clock.pass_days(9)
    legacy = "/khoa-hoc-cong-nghe/bai-co-anh-ve-mua-ca-phe-che.html"
    lived.site.pages |= {legacy: pictured(LATER).html(), "/khoa-hoc-cong-nghe": listing([legacy])}
    lived.run()
    assert legacy in lived.site.asked_pages()
    assert lived.refusals()[legacy] == "withdrawn"
    assert files_with(lived.folder) == []
    assert_rebuild_agrees(lived)
    lived.clock.pass_days(90)
    lived.run()
    assert legacy not in lived.site.asked_pages()


# Bytes removed


def test_only_what_nothing_else_needs_is_removed(lived: Crawling) -> None:
    done = withdraw(lived, remove_bytes=True)
    assert done is not None
    removed = set(lived.rows("SELECT url FROM captures WHERE removed = 1"))
    assert removed == {*done.tombstone.addresses, lived.site.base + "anh/nghiem-thu.png"}
    assert lived.rows("SELECT count(*) FROM photos WHERE url LIKE '%chung.png' AND sha256 IS NOT NULL") == [1]
    with Archive.open(lived.folder) as opened:
        for capture_id, gone in lived.rows("SELECT id, removed FROM captures"):
            if gone:
                with pytest.raises(ArchiveUnusable, match="removed when its article was withdrawn"):
                    opened.capture(capture_id)
            else:
                opened.capture(capture_id)
    for path in warc_paths(lived.folder / "warc"):
        assert path.stat().st_mode & 0o222 == 0
        for record in ArchiveIterator(io.BytesIO(path.read_bytes()), check_digests="raise"):
            record.content_stream().read()


def test_events_name_the_rewritten_files(lived: Crawling) -> None:
    before = {path.name: sha256(path) for path in warc_paths(lived.folder / "warc")}
    done = withdraw(lived, remove_bytes=True)
    assert done is not None
    told = {
        one.data["file"]: (one.data["old_sha256"], one.data["new_sha256"])
        for one in read_all(lived.folder / "warc")
        if isinstance(one, StoredEvent) and one.name == "file-rewritten"
    }
    after = {path.name: sha256(path) for path in warc_paths(lived.folder / "warc")}
    assert told == {each.file: (before[each.file], after[each.file]) for each in done.rewritten}
    untouched = before.keys() - told.keys()
    assert all(after[name] == before[name] for name in untouched)


def test_bytes_that_were_kept_can_be_removed_later(lived: Crawling) -> None:
    withdraw(lived)
    done = withdraw(lived, remove_bytes=True)
    assert done is not None
    assert done.tombstone.bytes == "removed"
    assert in_warcs(lived.folder) == set()
    assert lived.rows("SELECT count(*) FROM captures WHERE removed = 1 AND role = 'media'") == [1]
    assert_rebuild_agrees(lived)
    assert lived.rows("SELECT count(*) FROM withdrawals") == [1]


def test_two_withdrawals_with_their_bytes(lived: Crawling) -> None:
    withdraw(lived, remove_bytes=True)
    lived.clock.pass_days(9)
    lived.run(everything=True)
    withdraw(lived, lived.rows("SELECT url FROM articles WHERE site_id = 20001")[0], remove_bytes=True)
    assert_rebuild_agrees(lived)
    lived.clock.pass_days(9)
    lived.run(everything=True)
    assert_rebuild_agrees(lived)
    assert files_with(lived.folder) == []


class Cut(Exception):
    """The machine stops here."""


@pytest.mark.parametrize(
    ("then", "moment"),
    [
        (then, moment)
        for start, then in enumerate(("crawl", "withdraw", "rebuild and crawl"))
        for moment in range(2 * start, 41, 6)
    ],
)
def test_a_cut_at_any_moment_is_made_good(
    lived: Crawling, monkeypatch: pytest.MonkeyPatch, moment: int, then: str
) -> None:
    left = iter(range(moment, -1, -1))

    def cut(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(left, 1) == 0:
                raise Cut(name)
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(Deriver, "take", cut("take", Deriver.take))
        patched.setattr(removal, "_state_places", cut("state", removal._state_places))
        patched.setattr(removal.os, "replace", cut("replace", removal.os.replace))
        patched.setattr(removal.os, "fsync", cut("fsync", removal.os.fsync))
        patched.setattr(withdrawing, "purge_if_due", cut("purge", withdrawing.purge_if_due))
        patched.setattr("archive.store.purge_if_due", lambda _: True)
        with pytest.raises(Cut):
            withdraw(lived, remove_bytes=True)
    lived.clock.pass_days(1)
    if then == "rebuild and crawl":
        (lived.folder / "archive.db").unlink()
        rebuild(lived.config, lived.folder)
    if then != "withdraw":
        lived.run()
    withdraw(lived, remove_bytes=True)
    assert in_warcs(lived.folder) == set()
    assert files_with(lived.folder) == []
    assert not list((lived.folder / "warc").glob("*.rewriting"))
    assert lived.rows("SELECT count(*) FROM captures WHERE removed = 2") == [0]
    assert_rebuild_agrees(lived)


def test_what_cannot_be_removed_now_is_told_at_every_run_and_done_once_it_can(
    lived: Crawling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> None:
        raise ArchiveUnusable("the file is missing")

    with monkeypatch.context() as patched:
        patched.setattr(removal, "_rewrite", missing)
        with pytest.raises(ArchiveUnusable):
            withdraw(lived, remove_bytes=True)
        report = lived.run()
    assert "bytes of a withdrawn article could not be removed yet: the file is missing" in report.problems
    assert files_with(lived.folder) == []
    lived.run()
    assert in_warcs(lived.folder) == set()


# Who else is there


def test_while_another_program_reads_the_text_it_is_said_and_done_later(lived: Crawling, monkeypatch: Any) -> None:
    reader = sqlite3.connect(lived.folder / "archive.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    real = schema._connect

    def impatient(path: Path, mode: str) -> sqlite3.Connection:
        connection = real(path, mode)
        connection.execute("PRAGMA busy_timeout = 20")
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(schema, "_connect", impatient)
        done = withdraw(lived)
    assert done is not None
    assert not done.purged
    assert lived.rows("SELECT purged FROM withdrawals") == [0]
    reader.close()
    again = withdraw(lived)
    assert again is not None
    assert again.purged
    assert files_with(lived.folder) == []


def test_copies_of_the_database_beside_it_go_too(lived: Crawling) -> None:
    for name in ("archive.db.schema-3", "archive.db.rebuilding"):
        (lived.folder / name).write_text(SECRET)
    done = withdraw(lived)
    assert done is not None
    assert done.copies_removed == ["archive.db.rebuilding", "archive.db.schema-3"]
    assert files_with(lived.folder) == []


def test_exports_that_name_it_are_told(lived: Crawling) -> None:
    (lived.folder / "exports").mkdir()
    for name, url in (("all.json", url_of(lived)), ("others.json", lived.site.base), ("empty.json", "")):
        (lived.folder / "exports" / name).write_text(url)
    done = withdraw(lived)
    assert done is not None
    assert done.exports == ["exports/all.json"]


def test_packages_that_hold_it_are_told(lived: Crawling) -> None:
    arguments = ["--archive", str(lived.folder), "--json"]
    other = lived.site.base[:-1] + some_articles(10)[3].path
    exports = lived.folder / "exports"
    exports.mkdir()
    assert run(["package", url_of(lived), "--output", str(exports / "one.wacz"), *arguments]) == 0
    assert run(["package", other, "--output", str(exports / "other.wacz"), *arguments]) == 0
    assert run(["package", "--format", "bagit", "--output", str(exports / "bag.zip"), *arguments]) == 0
    whole = (exports / "other.wacz").read_bytes()
    (exports / "torn.wacz").write_bytes(whole[:60] + bytes(len(whole) - 160) + whole[-100:])
    done = withdraw(lived)
    assert done is not None
    assert done.exports == ["exports/bag.zip", "exports/one.wacz", "exports/torn.wacz"]
    assert run(["package", "--output", str(lived.folder.parent / "later.wacz"), *arguments]) == 0
    assert url_of(lived).encode() not in b"".join(_unpacked(lived.folder.parent / "later.wacz"))


def _unpacked(path: Path) -> list[bytes]:
    """What a package says beside its WARC files."""
    with zipfile.ZipFile(path) as package:
        return [package.read(name) for name in package.namelist() if not name.endswith(".gz")]


@pytest.mark.parametrize("remove", [False, True])
def test_the_next_backup_holds_it_no_more(lived: Crawling, tmp_path: Path, remove: bool) -> None:
    back_up(lived.folder, tmp_path / "copy", "2026-01-23T02:00:00Z")
    assert files_with(tmp_path / "copy")
    done = withdraw(lived, remove_bytes=remove)
    assert done is not None
    after = back_up(lived.folder, tmp_path / "copy", "2026-01-24T02:00:00Z")
    assert after.replaced == [each.file for each in done.rewritten]
    assert files_with(tmp_path / "copy") == []
    assert in_warcs(tmp_path / "copy") == (set() if remove else set(WORDS))


def test_the_command_asks_first_and_changes_nothing_unless_agreed(
    lived: Crawling, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["withdraw", url_of(lived), "--archive", str(lived.folder)]
    before = dump(lived.folder), [path.name for path in warc_paths(lived.folder / "warc")]
    assert run(arguments) == 2
    assert run([*arguments, "--reason", "x", "--remove-bytes"]) == 2
    said = capsys.readouterr().err
    assert "“Bài có ảnh về mùa cà phê chè”, 2 revisions" in said
    assert "4 page and 1 media captures are removed from 3 WARC files" in said
    assert "Captures that stay, since another" not in said
    assert (dump(lived.folder), [path.name for path in warc_paths(lived.folder / "warc")]) == before
    assert run([*arguments, "--reason", "x", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tombstone"]["bytes"] == "kept"
    assert run(["withdraw", "--list", "--json", "--archive", str(lived.folder)]) == 0
    assert [stone["reason"] for stone in json.loads(capsys.readouterr().out)] == ["x"]
    assert run(["withdraw", "https://susta.test/khong-co-1", "--reason", "x", "--archive", str(lived.folder)]) == 3


def test_another_run_keeps_it_from_beginning(lived: Crawling) -> None:
    with locked(lived.folder, "crawl"), pytest.raises(LockHeld):
        withdraw(lived)
