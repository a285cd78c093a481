"""A backup is an archive, whenever it was taken, and an earlier one survives whatever happens to a later."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fake_site import FakeArticle, listing
from test_crawl import Crawling
from test_crawl_crashes import SAID, assert_rebuild_agrees, assert_whole, site_of_crashes

from archive import backup as backup_module
from archive.backup import MANIFEST, BackedUp, back_up
from archive.check import check
from archive.errors import ArchiveUnusable, ConfigError
from archive.query import Archive
from archive.seal_file import SealState, look_at_seal
from archive.warc import StoredExchange, warc_paths
from archive.warc_reading import read_all
from scraper.cli import run
from scraper.cli_check import resolve
from scraper.crawl import Step
from scraper.rebuild import rebuild

AT = "2026-01-05T02:00:00Z"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    crawling = Crawling(tmp_path_factory.mktemp("undisturbed"), site_of_crashes()[0])
    crawling.run()
    return sorted(crawling.rows(SAID))


@pytest.fixture
def crawled(tmp_path: Path) -> Crawling:
    crawling = Crawling(tmp_path / "data", site_of_crashes()[0])
    crawling.run()
    return crawling


def crawl_on(crawling: Crawling, number: int = 50001) -> None:
    """A second run, that finds one article more."""
    fresh = FakeArticle(number, "Bài mới đăng sáng nay của Liên hiệp hội")
    crawling.clock.pass_days(9)
    crawling.site.pages |= {fresh.path: fresh.html(), "/khoa-hoc-cong-nghe": listing([fresh.path])}
    crawling.run()


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def copy_of(crawling: Crawling, target: Path) -> Crawling:
    """The copy as an archive, to go on with: the same site, at the same time."""
    copy = Crawling(target, crawling.site)
    copy.config, copy.clock = crawling.config, crawling.clock
    return copy


@pytest.mark.parametrize("steps", [1, 4, 9, 14])
@pytest.mark.parametrize("then", ["go on", "rebuild"])
def test_a_backup_in_the_middle_of_a_crawl_is_a_whole_archive(
    tmp_path: Path, undisturbed: list[Any], steps: int, then: str
) -> None:
    crawling = Crawling(tmp_path / "data", site_of_crashes()[0])
    taken = 0

    def watch(_: Step) -> None:
        nonlocal taken
        taken += 1
        if taken == steps:
            back_up(crawling.folder, tmp_path / "copy", AT)

    crawling.run(watch)
    assert sorted(crawling.rows(SAID)) == undisturbed
    copy = copy_of(crawling, tmp_path / "copy")
    assert len(copy.rows("SELECT id FROM captures")) > 0
    with Archive.open(copy.folder) as opened:
        assert opened.status()["runs"] == 1
    if then == "rebuild":
        known = copy.rows("SELECT url, payload_sha256 FROM captures ORDER BY id")
        (copy.folder / "archive.db").unlink()
        rebuild(copy.config, copy.folder)
        assert copy.rows("SELECT url, payload_sha256 FROM captures ORDER BY id")[: len(known)] == known
    copy.run()
    assert_whole(copy, undisturbed)


def test_the_copy_never_knows_of_a_capture_that_its_warc_files_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawling = Crawling(tmp_path / "data", site_of_crashes()[0])
    crawling.run()
    copied = backup_module._Files.copy_all

    def after_more(files: Any) -> None:
        """The crawl goes on between the copy of the database and that of the files."""
        crawl_on(crawling)
        copied(files)

    monkeypatch.setattr(backup_module._Files, "copy_all", after_more)
    back_up(crawling.folder, tmp_path / "copy", AT)
    copy = copy_of(crawling, tmp_path / "copy")
    held = {one.capture.warc_offset for one in read_all(copy.folder / "warc") if isinstance(one, StoredExchange)}
    assert set(copy.rows("SELECT warc_offset FROM captures")) < held
    assert copy.run().repaired  # what the database did not know yet is worked in
    assert copy.rows("SELECT count(*) FROM articles") == [12]
    assert_rebuild_agrees(copy)


def test_a_copy_is_sealed_and_the_audit_of_it_has_nothing_to_remark(crawled: Crawling, tmp_path: Path) -> None:
    for _ in range(2):
        back_up(crawled.folder, tmp_path / "copy", AT)
        assert look_at_seal(tmp_path / "copy" / "archive.db").state is SealState.TRUE
        when = crawled.clock.moment
        report = check(tmp_path / "copy", now=when, agent="susta-archive/test", resolve=resolve)
        assert (report.damages, report.remarks, report.noted) == ([], [], True)
        crawl_on(crawled)


def test_a_backup_is_an_event_of_the_archive(crawled: Crawling, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    assert run(["backup", str(target), "--archive", str(crawled.folder), "--json"]) == 0
    ((kind, outcome, detail),) = crawled.rows("SELECT type, outcome, detail FROM events WHERE type = 'backed-up'")
    told = json.loads(detail)
    assert (kind, outcome, told["target"], told["copied"], told["articles"]) == ("backed-up", "success", "copy", 1, 11)
    assert str(tmp_path) not in detail
    assert look_at_seal(crawled.folder / "archive.db").state is SealState.TRUE
    before = crawled.rows("SELECT * FROM events WHERE type = 'backed-up'")
    rebuild(crawled.config, crawled.folder)
    assert crawled.rows("SELECT * FROM events WHERE type = 'backed-up'") == before


def test_only_what_is_new_is_copied(crawled: Crawling, tmp_path: Path) -> None:
    first = back_up(crawled.folder, tmp_path / "copy", AT)
    assert (first.copied, first.kept) == (1, 0)
    crawl_on(crawled)
    second = back_up(crawled.folder, tmp_path / "copy", AT)
    assert (second.copied, second.kept, second.replaced) == (1, 1, [])
    assert second.articles == 12
    again = back_up(crawled.folder, tmp_path / "copy", AT, thorough=True)
    assert (again.copied, again.kept, again.bytes_copied) == (0, 2, 0)


def test_a_damaged_file_of_the_copy_is_found_by_a_thorough_backup_and_copied_again(
    crawled: Crawling, tmp_path: Path
) -> None:
    back_up(crawled.folder, tmp_path / "copy", AT)
    (path,) = warc_paths(tmp_path / "copy" / "warc")
    path.chmod(0o644)
    whole = path.read_bytes()
    path.write_bytes(whole[:700] + bytes([whole[700] ^ 1]) + whole[701:])
    assert back_up(crawled.folder, tmp_path / "copy", AT, thorough=True).replaced == [path.name]
    assert path.read_bytes() == whole


def test_an_open_file_of_an_earlier_backup_becomes_the_finished_one(tmp_path: Path, undisturbed: list[Any]) -> None:
    crawling = Crawling(tmp_path / "data", site_of_crashes()[0])
    taken: list[BackedUp] = []

    def watch(_: Step) -> None:
        if not taken:
            taken.append(back_up(crawling.folder, tmp_path / "copy", AT))

    crawling.run(watch)
    assert [path.suffix for path in warc_paths(tmp_path / "copy" / "warc")] == [".open"]
    back_up(crawling.folder, tmp_path / "copy", AT)
    assert [path.suffix for path in warc_paths(tmp_path / "copy" / "warc")] == [".gz"]
    copy = copy_of(crawling, tmp_path / "copy")
    assert sorted(copy.rows(SAID)) == undisturbed


class Cut(Exception):
    """The machine stops here."""


@pytest.mark.parametrize("moment", range(12))
def test_a_backup_that_is_cut_short_leaves_the_earlier_one_usable(
    crawled: Crawling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    target = tmp_path / "copy"
    back_up(crawled.folder, target, AT)
    crawl_on(crawled)
    left = iter(range(moment, -1, -1))

    def durable(_: Path) -> None:
        if next(left, 1) == 0:
            raise Cut

    real_replace = backup_module.os.replace

    def replace(old: Path, new: Path) -> None:
        durable(new)
        real_replace(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(backup_module, "_make_durable", durable)
        patched.setattr(backup_module.os, "replace", replace)
        try:
            back_up(crawled.folder, target, AT)
            cut = False
        except Cut:
            cut = True
    copy = copy_of(crawled, target)
    assert copy.rows("SELECT count(*) FROM articles") in ([11], [12])
    with Archive.open(target) as opened:
        for capture_id in copy.rows("SELECT id FROM captures"):
            opened.capture(capture_id)
    assert cut == (moment < 10)
    back_up(crawled.folder, target, AT)
    assert copy.rows("SELECT count(*) FROM articles") == [12]
    assert not list(target.rglob("*.part"))


def test_a_full_disk_is_said_and_the_earlier_backup_stays(
    crawled: Crawling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy"
    back_up(crawled.folder, target, AT)
    crawl_on(crawled)
    before = content(target)

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_module, "_copy_bytes", full)
    with pytest.raises(ArchiveUnusable, match="No space left"):
        back_up(crawled.folder, target, AT)
    after = content(target)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("what", ["the archive", "inside it", "around it", "a file", "a folder of other things"])
def test_a_target_that_is_something_else_is_left_alone(crawled: Crawling, tmp_path: Path, what: str) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("thư")
    (tmp_path / "file").write_text("x")
    target = {
        "the archive": crawled.folder,
        "inside it": crawled.folder / "warc" / "copy",
        "around it": tmp_path,
        "a file": tmp_path / "file",
        "a folder of other things": tmp_path / "letters",
    }[what]
    before = content(tmp_path)
    with pytest.raises(ConfigError):
        back_up(crawled.folder, target, AT)
    assert content(tmp_path) == before


def test_a_copy_that_was_crawled_on_is_not_overwritten(crawled: Crawling, tmp_path: Path) -> None:
    back_up(crawled.folder, tmp_path / "copy", AT)
    crawl_on(copy_of(crawled, tmp_path / "copy"))
    crawled.clock.pass_days(1)
    before = content(tmp_path / "copy" / "warc")
    with pytest.raises(ConfigError, match="used as an archive"):
        back_up(crawled.folder, tmp_path / "copy", AT)
    assert content(tmp_path / "copy" / "warc") == before


def test_a_missing_warc_file_is_no_backup(crawled: Crawling, tmp_path: Path) -> None:
    back_up(crawled.folder, tmp_path / "copy", AT)
    for path in warc_paths(crawled.folder / "warc"):
        path.unlink()
    with pytest.raises(ArchiveUnusable, match="no backup was made"):
        back_up(crawled.folder, tmp_path / "other", AT)
    assert not (tmp_path / "other" / "archive.db").exists()
    assert back_up(crawled.folder, tmp_path / "copy", AT).lost  # the earlier backup has it, and keeps it
    assert_rebuild_agrees(copy_of(crawled, tmp_path / "copy"))


def test_the_command_says_what_it_copied(crawled: Crawling, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["backup", str(tmp_path / "copy"), "--archive", str(crawled.folder)]
    assert run([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["articles"], said["copied"]) == (11, 1)
    assert run(arguments) == 0
    assert "were there already" in capsys.readouterr().out
    made = json.loads((tmp_path / "copy" / MANIFEST).read_text())
    assert made["databases"] == ["archive.db", "frontier.db"]
    with sqlite3.connect(tmp_path / "copy" / "archive.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert run(["backup", str(tmp_path / "copy"), "--archive", str(tmp_path / "nothing")]) == 4
