"""An audit with a memory reads less, and finds whatever one without a memory finds."""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bad_archives import Rule, audit, change, codes, copy_of, damage, rules
from builders import make_exchange

from archive.check import AuditReport
from archive.check_articles import sum_of_words
from archive.check_memory import MEMORY_NAME, Sound, added, code_of, packed, recall, remember, row_sum
from archive.check_schedule import EVERYTHING, Which
from archive.damage import Code
from archive.errors import ExitCode
from archive.events import EventType
from archive.fulltext import COLUMNS, words_held
from archive.schema import connect
from archive.seal import Noted, note_aside, note_between
from archive.seal_file import forget_seal, make_seal
from archive.store import Store
from archive.warc import WarcFiles, warc_paths
from scraper.cli import run
from scraper.cli_check import resolve
from scraper.config import Config
from scraper.rebuild import rebuild

CHANGES = 30


@pytest.fixture(scope="session")
def audited(healthy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that was audited and found sound."""
    folder = copy_of(healthy, tmp_path_factory.mktemp("audited") / "archive")
    assert codes(audit(folder)) == []
    return folder


@pytest.fixture
def unchanged(audited: Path, tmp_path: Path) -> Path:
    """One in which nothing was written since."""
    return copy_of(audited, tmp_path / "known")


@pytest.fixture
def known(unchanged: Path) -> Path:
    """One in which something was written since, so that its rows must be looked at."""
    assert note_aside(unchanged, EventType.EXPORTED, "2026-12-01T03:00:00Z", "susta-archive/test", "archive")
    return unchanged


@pytest.fixture(params=["unchanged", "known"])
def either(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audits with two jobs are made in small parts, by threads, which start sooner than processes."""
    monkeypatch.setattr("archive.check_work._LEAST_FOR_POOL", 0)
    monkeypatch.setattr("archive.check_parts.LEAST", 2_000)
    monkeypatch.setattr("archive.check_work._pool", ThreadPoolExecutor)


def said(report: AuditReport) -> dict[str, Any]:
    """All but where it stands, and what was not read again."""
    told = {key: value for key, value in report.as_dict().items() if not key.startswith("recalled")}
    return json.loads(re.sub(r"/\S*/", "", json.dumps(told)))


def test_what_was_sound_is_taken_by_its_digests(folder: Path) -> None:
    first, second = audit(folder), audit(folder)
    assert (first.recalled_files, first.recalled_parts) == (0, 0)
    assert second.recalled_files == second.files == 2
    assert second.recalled_parts >= 2
    assert said(second) == said(first)
    with contextlib.closing(connect(folder / "archive.db", read_only=True)) as db:
        (detail,) = db.execute("SELECT detail FROM events WHERE type = 'checked' ORDER BY id DESC").fetchone()
    assert json.loads(detail)["recalled"] == {"files": 2, "parts": second.recalled_parts}


@pytest.mark.usefixtures("in_parts")
def test_several_processes_take_the_same_and_remember_the_same(folder: Path, tmp_path: Path) -> None:
    alone = copy_of(folder, tmp_path / "alone")
    assert said(audit(folder, jobs=2)) == said(audit(alone))
    assert (folder / MEMORY_NAME).read_bytes() == (alone / MEMORY_NAME).read_bytes()
    again = audit(folder, jobs=2)
    assert (again.recalled_files, codes(again)) == (2, [])


@pytest.mark.parametrize("rule_folder", rules(), ids=lambda path: path.name)
def test_each_damage_is_named_where_all_was_sound_before(either: Path, tmp_path: Path, rule_folder: Path) -> None:
    rule = Rule.read(rule_folder)
    damage(either, rule)
    other = copy_of(either, tmp_path / "other")
    found = audit(either)
    assert codes(found) == rule.expect["codes"]
    assert said(found) == said(audit(other, afresh=True))


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("rule_folder", rules(), ids=lambda path: path.name)
def test_several_processes_name_it_too(either: Path, rule_folder: Path) -> None:
    rule = Rule.read(rule_folder)
    damage(either, rule)
    assert codes(audit(either, jobs=2)) == rule.expect["codes"]


def test_no_row_is_looked_at_where_nothing_was_written(unchanged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("check_work.audit_tables", "check_work.audit_articles", "check_files.sum_of_rows"):
        monkeypatch.setattr(f"archive.{name}", lambda *_: pytest.fail("a row was looked at"))
    for which in (EVERYTHING, Which(sample=1), EVERYTHING):  # each notes an event
        report = audit(unchanged, which=which)
        assert (codes(report), report.noted, report.recalled_files) == ([], True, report.files)
    assert report.recalled_parts == 4


def test_what_stands_in_the_write_ahead_log_alone_is_looked_at(unchanged: Path) -> None:
    """Another program's, which knows of no seal: the file is what it was, and what it says is not."""
    with contextlib.closing(sqlite3.connect(unchanged / "archive.db", isolation_level=None)) as other:
        other.execute("UPDATE articles SET title = title || '.' WHERE id = 1")
        assert codes(audit(unchanged))[0] == str(Code.ARTICLE_STATE)


def test_what_a_run_wrote_during_the_audit_is_looked_at_by_the_next(
    unchanged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_a_run(folder: Path, *event: Any, **how: Any) -> Noted:
        store = Store(folder)
        store.db.execute("UPDATE articles SET title = title || '.' WHERE id = 1")
        store.close()
        return note_between(folder, *event, **how)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("archive.check.note_between", after_a_run)
        assert codes(audit(unchanged)) == []
    assert str(Code.ARTICLE_STATE) in codes(audit(unchanged))


def test_a_seal_that_could_not_be_made_vouches_for_nothing(unchanged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsealed(folder: Path, *event: Any, **how: Any) -> Noted:
        noted = note_between(folder, *event, **how)
        forget_seal(folder / "archive.db")
        return Noted(True, noted.before, "")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("archive.check.note_between", unsealed)
        assert codes(audit(unchanged)) == []
    with contextlib.closing(sqlite3.connect(unchanged / "archive.db", isolation_level=None)) as other:
        other.execute("UPDATE articles SET title = title || '.' WHERE id = 1")
    assert str(Code.ARTICLE_STATE) in codes(audit(unchanged))


def test_a_partial_audit_vouches_for_no_row_it_did_not_look_at(known: Path) -> None:
    change(known, ["UPDATE articles SET title = title || '.' WHERE id = 1"])
    assert codes(audit(known, which=Which(sample=1))) == []
    assert codes(audit(known)) == [str(Code.ARTICLE_STATE)]


def test_the_rows_of_files_that_were_not_audited_are_not_vouched_for(
    known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = (path.name for path in warc_paths(known / "warc"))
    change(known, [f"UPDATE captures SET etag = 'khác' WHERE warc_file = '{first}'"])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("archive.check.choose", lambda *_: ([last], True))
        assert codes(audit(known)) == []
    assert codes(audit(known)) == [str(Code.ROW_DIFFERS)]


def test_a_mark_beyond_the_end_of_a_sound_file_is_found(known: Path) -> None:
    change(known, ["UPDATE progress SET warc_end = warc_end + 1000"])
    assert codes(audit(known)) == [str(Code.PROGRESS_MARK)]


def test_a_word_that_the_index_of_spellings_lost_is_found(known: Path) -> None:
    with contextlib.closing(connect(known / "archive.db", read_only=True)) as db:
        texts = db.execute(f"SELECT {', '.join(COLUMNS[:-1])} FROM articles_fts WHERE rowid = 1").fetchone()
    word = max(words_held(texts))
    change(
        known, [f"INSERT INTO articles_fts_marked (articles_fts_marked, rowid, words) VALUES ('delete', 1, '{word}')"]
    )
    assert codes(audit(known)) == codes(audit(known, afresh=True)) == [str(Code.FULL_TEXT)]


def test_an_audit_without_a_seal_trusts_no_file_as_a_whole(unchanged: Path) -> None:
    forget_seal(unchanged / "archive.db")
    assert codes(audit(unchanged)) == [str(Code.NOT_SEALED)]
    assert "archive.db" not in recall(unchanged, code_of(resolve))
    audit(unchanged)
    assert "archive.db" in recall(unchanged, code_of(resolve))


def test_what_is_changed_in_any_table_is_found_as_if_never_audited(known: Path, tmp_path: Path) -> None:
    """Sealed as it then is, so that the seal tells nothing."""
    chance = random.Random(20261127)
    seen = set()
    for turn in range(CHANGES):
        changed = tmp_path / f"changed {turn}"
        shutil.copytree(known, changed)
        what = change_a_value(changed / "archive.db", chance)
        afresh = tmp_path / f"afresh {turn}"
        shutil.copytree(changed, afresh)
        found = audit(changed)
        assert said(found) == said(audit(afresh, afresh=True)), what
        seen.add(bool(found.damages))
    assert seen == {True, False}  # there are values that nothing contradicts


def change_a_value(path: Path, chance: random.Random) -> str:
    """Another value in one row of a table, those that an index is kept in included; gives which."""
    forget_seal(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        tables = [
            (name, columns)
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
            if name not in ("seal", "events", "progress", "_sqlite_migrations") and "fts_marked_content" not in name
            if (columns := [row[1] for row in db.execute(f"PRAGMA table_info({name})")])
        ]
        while True:
            table, columns = chance.choice(tables)
            column = chance.choice(columns)
            with contextlib.suppress(sqlite3.Error):  # what the schema does not take
                rows = db.execute(f"SELECT {column} FROM {table}").fetchall()
                number = chance.randrange(len(rows)) if rows else 0
                (value,) = rows[number] if rows else (None,)
                other = another(value, chance)
                changed = db.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} IS ? AND (SELECT count(*) FROM {table}) > 0",
                    (other, value),
                )
                if changed.rowcount > 0:
                    break
    assert make_seal(path)
    return f"{table}.{column}: {value!r} -> {other!r}"


def another(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return value + chance.choice((1, -1, 256))
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice("xô 1") + value[place + 1 :]
    if isinstance(value, bytes) and value:
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    return "một"


def test_after_more_was_captured_only_that_is_read(known: Path) -> None:
    files = WarcFiles(known / "warc", software="susta-archive/test")
    files.append(make_exchange(at="2026-11-30T02:00:00Z"))
    files.close()
    rebuild(Config(), known)
    report = audit(known)
    assert not report.damages
    assert (report.recalled_files, report.files) == (2, 3)
    assert audit(known).recalled_files == 3


def test_files_that_are_not_audited_now_stay_remembered(known: Path) -> None:
    part = audit(known, which=Which(sample=1))
    assert (part.files, part.recalled_files) == (1, 1)
    assert audit(known).recalled_files == 2


def test_a_file_that_went_and_came_back_is_known_by_its_digest(known: Path, tmp_path: Path) -> None:
    first = warc_paths(known / "warc")[0]
    first.rename(tmp_path / first.name)
    assert codes(audit(known))
    (tmp_path / first.name).rename(first)
    report = audit(known)
    assert (codes(report), report.recalled_files) == ([], 2)


def test_a_damaged_memory_is_as_none(known: Path) -> None:
    place = known / MEMORY_NAME
    whole, parts = place.read_bytes(), recall(known, code_of(resolve))
    chance = random.Random(5)
    for _ in range(200):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        place.write_bytes(data)
        remembered = recall(known, code_of(resolve))
        assert all(each.told and each.proof for each in remembered.values())
        assert not remembered or json.loads(data)["parts"] == json.loads(whole)["parts"]
    for odd in (b"", b"{}", b"[]", b'{"parts": 1}', b"\xff", b"[" * 100_000):
        place.write_bytes(odd)
        assert recall(known, code_of(resolve)) == {}
    report = audit(known)
    assert (codes(report), report.recalled_files) == ([], 0)
    assert all(each in recall(known, code_of(resolve)).items() for each in parts.items() if each[0] != "archive.db")


def test_a_memory_tells_nothing_that_its_digests_do_not_hold(known: Path) -> None:
    """Whoever writes one with right digests may have written the archive too; what is no sense is read again."""
    code = code_of(resolve)
    remember(known, code, {name: Sound(each.proof, {"words": "x"}) for name, each in recall(known, code).items()})
    report = audit(known)
    assert (codes(report), report.recalled_files, report.recalled_parts) == ([], 0, 0)


def test_other_code_trusts_nothing(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.check.code_of", lambda *_: "of another version")
    report = audit(known)
    assert (codes(report), report.recalled_files, report.recalled_parts) == ([], 0, 0)


def test_code_that_cannot_be_read_remembers_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.__path__", [str(folder / "nowhere")])
    assert code_of(resolve) == ""
    audit(folder)
    assert not (folder / MEMORY_NAME).exists()


def test_the_code_is_that_of_both_packages() -> None:
    assert len({code_of(), code_of(resolve)}) == 2
    assert code_of(resolve) == code_of(resolve)


def test_a_place_where_no_memory_can_be_written_is_audited_all_the_same(folder: Path) -> None:
    (folder / MEMORY_NAME).mkdir()
    assert codes(audit(folder)) == []
    assert codes(audit(folder)) == []


def test_the_command_says_what_was_not_read_again(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--quiet", "--archive", str(known)]) == ExitCode.DONE
    assert "2 of the files and" in capsys.readouterr().out
    assert run(["check", "--quiet", "--afresh", "--archive", str(known)]) == ExitCode.DONE
    assert "of the files" not in capsys.readouterr().out


def test_rows_in_any_order_and_in_parts_have_one_sum() -> None:
    rows: list[tuple[Any, ...]] = [(1, "Sơn La", None), (2, "Mộc Châu", b"\x00"), (2, "Mộc Châu", b"\x00"), (1.5, "")]
    assert row_sum(rows) == row_sum(reversed(rows)) == added((row_sum(rows[:1]), row_sum(rows[1:])))
    assert row_sum(rows) != row_sum(rows[:2] + rows[3:])
    assert row_sum([(1,)]) != row_sum([("1",)]) != row_sum([(1.0,)])


def test_words_of_several_articles_add_up() -> None:
    assert sum_of_words([("lúa", 2), ("nếp", 1)]) == added((sum_of_words([("lúa", 1)]), _both()))
    assert sum_of_words([("lúa", 2), ("nếp", 1)]) != sum_of_words([("lúa", 1), ("nếp", 2)])


def _both() -> int:
    return sum_of_words([("nếp", 1), ("lúa", 1)])


@pytest.mark.parametrize("value", ["", "a", "article", "Sơn La", "x" * 1000])
def test_a_value_is_packed_alike_whatever_memory_it_stands_in(value: str) -> None:
    fresh = "".join(list(value))
    assert packed((sys.intern(value), value)) == packed((fresh, "".join(list(value))))
