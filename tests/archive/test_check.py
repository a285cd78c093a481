"""The fixity audit: a healthy archive is clean in all its states, and every damage is found and named."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bad_archives import NOW, Rule, audit, change, codes, damage, rules
from builders import make_exchange

from archive.check import check
from archive.check_files import audit_file, explained
from archive.check_schedule import Past, Which, choose, past_audits
from archive.damage import MEANINGS, Code
from archive.errors import ArchiveUnusable
from archive.query import Archive
from archive.schema import connect
from archive.seal_file import forget_seal
from archive.store import Store
from archive.warc import WarcFiles, warc_paths
from archive.warc_reading import repair_leftovers
from scraper.cli import run
from scraper.config import Config
from scraper.rebuild import rebuild

FLIPS = 60
CUTS = 20


def test_a_healthy_archive_is_clean(folder: Path) -> None:
    report = audit(folder)
    assert codes(report) == []
    assert report.noted
    assert codes(audit(folder)) == []


@pytest.mark.parametrize("rule_folder", rules(), ids=lambda path: path.name)
def test_each_damage_is_named_with_its_place(folder: Path, rule_folder: Path) -> None:
    rule = Rule.read(rule_folder)
    names = damage(folder, rule)
    report = audit(folder)
    assert codes(report) == rule.expect["codes"]
    assert bool(report.damages) == any(code.startswith("A") for code in rule.expect["codes"])
    found = [each for each in report.findings.kept if each.code is rule.code]
    for key in ("file", "row", "offset"):
        if key in rule.expect:
            wanted = rule.expect[key]
            wanted = wanted.format(**names) if isinstance(wanted, str) else wanted
            assert wanted in [getattr(each, key) for each in found]


def test_every_code_has_a_rule_and_a_text() -> None:
    assert {path.name for path in rules()} == {f"{code}_{code.name.lower()}" for code in Code}
    assert set(MEANINGS) == set(Code)


def test_every_flipped_byte_and_every_cut_is_found(folder: Path) -> None:
    chance = random.Random(20261126)
    files = [folder / "archive.db", *sorted((folder / "warc").iterdir())]
    sizes = [path.stat().st_size for path in files]
    before = {path: path.read_bytes() for path in (*files, folder / "archive.db.sha256")}
    for turn in range(FLIPS + CUTS):
        path = chance.choices(files, sizes)[0]
        data = bytearray(before[path])
        place = chance.randrange(len(data))
        if turn < FLIPS:
            data[place] ^= 1 << chance.randrange(8)
        else:
            del data[place:]
        path.write_bytes(data)
        report = audit(folder)
        assert report.damages, f"{path.name}, {'flip' if turn < FLIPS else 'cut'} at {place}"
        for each, content in before.items():
            each.write_bytes(content)
        (folder / "archive.db.sha256.broken").unlink(missing_ok=True)


def test_a_crawl_that_is_running_raises_no_alarm(folder: Path) -> None:
    store = Store(folder)
    files = WarcFiles(folder / "warc", software="susta-archive/test")
    files.append(make_exchange(at="2026-11-30T02:00:00Z"))
    report = audit(folder)
    assert codes(report) == ["N01", "N02", "N03"]
    assert report.noted
    files.close()
    store.close()


def test_a_repaired_crash_is_clean(folder: Path) -> None:
    files = WarcFiles(folder / "warc", software="susta-archive/test")
    files.append(make_exchange(at="2026-11-30T02:00:00Z"))
    files.close()
    path = warc_paths(folder / "warc")[-1]
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")
    path.rename(path.with_name(path.name + ".open"))
    assert codes(audit(folder)) == ["N01", "N03"]
    repair_leftovers(folder / "warc")
    assert not audit(folder).damages


def test_a_rebuilt_archive_is_clean(folder: Path) -> None:
    rebuild(Config(), folder)
    assert not audit(folder).damages


def test_an_archive_that_was_read_from_is_clean(folder: Path) -> None:
    with Archive.open(folder) as opened:
        assert list(opened.records())
        assert not audit(folder).damages
    assert codes(audit(folder)) == []


def test_damage_after_a_bad_record_is_found_too(folder: Path) -> None:
    path = warc_paths(folder / "warc")[0]
    data = bytearray(path.read_bytes())
    for place in (len(data) // 4, len(data) // 2):
        data[place] ^= 4
    path.write_bytes(data)
    bad = [found for found in audit(folder).damages if found.code is Code.BAD_MEMBER]
    assert len(bad) == 2


def test_several_processes_find_what_one_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = warc_paths(folder / "warc")[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    alone = audit(folder)
    monkeypatch.setattr("archive.check_work._LEAST_FOR_POOL", 0)
    together = audit(folder, jobs=2)
    assert together.damages == alone.damages
    assert (together.records, together.bytes) == (alone.records, alone.bytes)


@pytest.mark.usefixtures("in_parts")
def test_a_file_in_parts_is_audited_as_a_whole_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr("archive.check_work.audit_file", lambda task: read.append(task) or audit_file(task))
    alone, together = audit(folder), audit(folder, jobs=2, afresh=True)
    assert any(task.start for task in read)
    assert together.as_dict() == alone.as_dict()


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("rule_folder", rules(), ids=lambda path: path.name)
def test_each_damage_is_named_in_parts_too(folder: Path, rule_folder: Path) -> None:
    rule = Rule.read(rule_folder)
    damage(folder, rule)
    assert codes(audit(folder, jobs=2)) == rule.expect["codes"]


@pytest.mark.usefixtures("in_parts")
def test_a_row_that_names_no_record_s_place_changes_only_how_a_file_is_read(folder: Path) -> None:
    store = Store(folder)
    (last,) = store.one("SELECT max(id) FROM captures WHERE warc_offset > 3000")
    store.db.execute("UPDATE captures SET warc_offset = warc_offset - 7 WHERE id = ?", (last,))
    store.close()
    found = codes(audit(folder))
    assert {str(Code.ROW_WITHOUT_RECORD), str(Code.RECORD_WITHOUT_ROW)} <= set(found)
    assert codes(audit(folder, jobs=2)) == found


def test_there_is_nothing_to_audit_where_there_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable):
        audit(tmp_path)


def test_the_database_of_a_newer_version_is_refused_rather_than_called_damaged(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("PRAGMA user_version = 99")
    forget_seal(folder / "archive.db")
    with pytest.raises(ArchiveUnusable, match="newer version"):
        audit(folder)


def test_on_media_that_cannot_be_written_the_audit_is_made_and_not_noted(folder: Path) -> None:
    for path in (folder, folder / "warc", *folder.glob("*"), *folder.glob("warc/*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    said = {True: {"user": 65534, "extra_groups": []}, False: {}}[os.getuid() == 0]  # whom permissions hold back
    for above in folder.parents[:3] if os.getuid() == 0 else ():
        above.chmod(0o755)
    if os.getuid() == 0 and not _open_to_all(Path(sys.executable)):
        pytest.skip("nobody but this user may run this Python")
    program = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from pathlib import Path\n"
    program += f"from bad_archives import audit, codes; print(*codes(audit(Path({str(folder)!r}))))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, **said)
    folder.chmod(0o755)
    (folder / "warc").chmod(0o755)
    assert done.stdout.split() == ["N05"], done.stderr
    assert not (folder / "archive.db-wal").exists()


def _open_to_all(path: Path) -> bool:
    above = (*path.absolute().parents, *path.resolve().parents)
    return all(each.stat().st_mode & 0o005 == 0o005 for each in (path, *above))


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    first = warc_paths(folder / "warc")[0]
    first.unlink()
    first.mkdir()
    assert codes(audit(folder)) == [str(Code.MISSING_FILE), str(Code.FOREIGN_FILE)]


def test_an_unfinished_file_beside_a_finished_one_of_its_name_is_told(folder: Path) -> None:
    first = warc_paths(folder / "warc")[0]
    first.with_name(first.name + ".open").write_bytes(b"")
    assert codes(audit(folder)) == [str(Code.FOREIGN_FILE)]


def test_an_event_of_another_form_is_told(folder: Path) -> None:
    audit(folder)
    change(folder, ["UPDATE events SET detail = '[]' WHERE type = 'checked'"])
    assert str(Code.DATABASE_INTEGRITY) in codes(audit(folder))


def test_rewritings_that_were_noted_explain_another_digest() -> None:
    steps = [("a", "1", "2"), ("a", "2", "3"), ("b", "1", "9")]
    assert explained("1", "3", "a", steps)
    assert not explained("1", "9", "a", steps)
    assert not explained("1", "3", "a", [("a", "1", "2"), ("a", "2", "1")])


NAMES = [f"susta-{serial:06d}-202611{serial:02d}T020000Z.warc.gz" for serial in range(1, 11)]


def test_a_sample_takes_what_was_audited_longest_ago() -> None:
    past = Past({NAMES[0]: NOW, NAMES[4]: NOW - timedelta(days=3)}, [(NOW - timedelta(days=2), 6)])
    assert choose(Which(sample=3), NAMES, past, NOW) == ([NAMES[6], NAMES[7], NAMES[8]], False)
    assert past.of(NAMES[4]) == NOW - timedelta(days=2)


def test_since_takes_the_file_that_was_being_written_then() -> None:
    assert choose(Which(since="2026-11-08"), NAMES, Past(), NOW)[0] == NAMES[6:]


@pytest.mark.parametrize(("files", "days", "every"), [(10, 30, 1), (100, 30, 1), (3, 7, 2), (40, 10, 3), (1, 5, 1)])
def test_what_is_due_each_day_audits_everything_in_time(files: int, days: int, every: int) -> None:
    names = [f"susta-{serial:06d}-20261101T020000Z.warc.gz" for serial in range(1, files + 1)]
    past = Past()
    start = datetime(2026, 12, 1, tzinfo=UTC)
    last = dict.fromkeys(names, start)
    database = start
    for day in range(0, 4 * days, every):
        now = start + timedelta(days=day)
        due, with_database = choose(Which(due_within=days), names, past, now)
        for name in due:
            past.files[name] = last[name] = now
        past.newest = now
        if with_database:
            past.database = database = now
        assert all(now - at < timedelta(days=days) for at in last.values())
        assert now - database < timedelta(days=days)
        if day > days:
            assert len(due) <= -(-files * every * 3 // days) + 1


def test_audits_are_read_back_from_their_events(folder: Path) -> None:
    audit(folder, now=NOW)
    audit(folder, now=NOW + timedelta(days=1), which=Which(sample=1))
    names = [path.name for path in warc_paths(folder / "warc")]
    with contextlib.closing(connect(folder / "archive.db", read_only=True)) as db:
        past = past_audits(db)
    assert past.of(names[0]) == NOW + timedelta(days=1)
    assert past.of(names[1]) == NOW
    assert past.database == NOW


def test_without_the_database_the_next_file_tells_the_digest(folder: Path) -> None:
    for path in folder.glob("archive.db*"):
        path.unlink()
    path = warc_paths(folder / "warc")[0]
    data = bytearray(path.read_bytes())
    data[9] ^= 252  # the operating system in a gzip header: nothing but the file's digest knows it
    path.write_bytes(data)
    assert codes(audit(folder)) == ["A06", "A27", "N05"]


def test_without_the_database_a_missing_file_is_known_from_the_next_one(folder: Path) -> None:
    for path in folder.glob("archive.db*"):
        path.unlink()
    path = warc_paths(folder / "warc")[0]
    path.unlink()
    missing = [found.file for found in audit(folder).damages if found.code is Code.MISSING_FILE]
    assert missing == [path.name]


def test_an_interrupted_audit_leaves_the_archive_as_it_was(folder: Path) -> None:
    before = (folder / "archive.db").read_bytes()

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(folder, now=NOW, agent="susta-archive/test", watch=interrupt)
    assert (folder / "archive.db").read_bytes() == before
    assert codes(audit(folder)) == []


def test_the_command_names_damage_and_exits_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--quiet", "--archive", str(folder)]) == 0
    assert "Clean. Audited: 2 WARC files" in capsys.readouterr().out
    (folder / "warc" / "other").write_bytes(b"")
    assert run(["check", "--json", "--archive", str(folder)]) == 1
    (found,) = json.loads(capsys.readouterr().out)["damages"]
    assert (found["code"], found["name"], found["file"]) == ("A02", "foreign_file", "other")
    assert run(["check", "--quiet", "--archive", str(folder)]) == 1
    assert "A02 foreign file:" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--sample", "1", "--due"], ["--since", "yesterday"], ["--sample", "0"]])
def test_the_command_refuses_what_makes_no_sense(folder: Path, words: list[str]) -> None:
    assert run(["check", *words, "--archive", str(folder)]) == 2


def test_the_command_audits_parts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--sample", "1", "--quiet", "--archive", str(folder)]) == 0
    assert "1 of 2 WARC files" in capsys.readouterr().out
    assert run(["check", "--due", "--quiet", "--archive", str(folder)]) == 0
    assert run(["check", "--archive", str(folder / "nothing")]) == 4
