"""An audit with a memory reads less, and finds whatever one without a memory finds."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import random
import re
import shutil
import sqlite3
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bad_archives import NOW, Rule, audit, change, codes, copy_of, damage, rules
from builders import make_exchange

from archive.check import AuditReport, _schema_of, check
from archive.check_articles import sum_of_words
from archive.check_memory import MEMORY_NAME, Memory, Sound, added, key_of, looked_at, packed, recall, remember, row_sum
from archive.check_schedule import EVERYTHING, Which
from archive.damage import Code, Findings
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


def key_for(folder: Path) -> str:
    return key_of(_schema_of(folder / "archive.db"), resolve)


def memory_of(folder: Path) -> Memory:
    return recall(folder, key_for(folder))


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


def test_what_a_killed_program_left_in_the_log_is_looked_at(unchanged: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(unchanged / "archive.db", isolation_level=None)) as other:
        other.execute("UPDATE articles SET title = title || '.' WHERE id = 1")
        left = copy_of(unchanged, tmp_path / "left")
    assert (left / "archive.db-wal").stat().st_size
    assert str(Code.ARTICLE_STATE) in codes(audit(left))


def test_the_log_lies_beside_what_a_link_leads_to(unchanged: Path, tmp_path: Path) -> None:
    (unchanged / "archive.db").rename(tmp_path / "elsewhere.db")
    (unchanged / "archive.db").symlink_to(tmp_path / "elsewhere.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "elsewhere.db", isolation_level=None)) as other:
        other.execute("UPDATE articles SET title = title || '.' WHERE id = 1")
        assert str(Code.ARTICLE_STATE) in codes(audit(unchanged))


def test_a_database_is_vouched_for_with_the_parts_that_were_sound_with_it(unchanged: Path) -> None:
    """One that was put back may be older than what is known of a file that was rewritten meanwhile."""
    parts = memory_of(unchanged)
    digest = parts["archive.db"].proof
    assert looked_at(parts, digest, NOW) == NOW
    assert looked_at(parts, None, NOW) is looked_at(parts, "0" * 64, NOW) is None
    for name in parts.keys() - {"archive.db"}:
        assert looked_at({**parts, name: Sound("another", parts[name].told)}, digest, NOW) is None
        assert looked_at({each: sound for each, sound in parts.items() if each != name}, digest, NOW) is None


def test_rows_are_looked_at_again_after_some_days(unchanged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []
    monkeypatch.setattr("archive.check_work.audit_tables", lambda path: looked.append(path) or Findings())
    for days in range(1, 16):
        audit(unchanged, now=NOW + timedelta(days=days))
    assert len(looked) == 2
    audit(unchanged, now=NOW - timedelta(days=1))  # by a clock that was put back
    assert len(looked) == 3


def test_what_was_found_sound_in_the_quick_way_is_so_by_its_row_alone(known: Path) -> None:
    """An odd end of a record that only its writer can have made is seen by the other way of reading."""
    path = warc_paths(known / "warc")[-1]
    data = path.read_bytes()
    places = [match.start() for match in re.finditer(re.escape(data[:10]), data)]
    last = gzip.compress(gzip.decompress(data[places[-1] :]) + b"\r\n")
    path.write_bytes(data[: places[-1]] + last)
    whole = path.read_bytes()
    row = f"bytes = {len(whole)}, sha256 = '{hashlib.sha256(whole).hexdigest()}'"
    change(
        known,
        [
            f"UPDATE warc_files SET {row} WHERE name = '{path.name}'",
            f"UPDATE progress SET warc_end = {len(whole)}",
            f"UPDATE captures SET warc_length = {len(last)} WHERE warc_file || warc_offset = '{path.name}{places[-1]}'",
        ],
    )
    assert codes(audit(known)) == []
    change(known, [f"DELETE FROM warc_files WHERE name = '{path.name}'"])
    assert codes(audit(known)) == codes(audit(known, afresh=True)) == ["A08", "N04"]


def test_an_index_of_other_texts_is_found(known: Path) -> None:
    """What FTS5 reads its columns from is told by the schema alone."""
    with contextlib.closing(connect(known / "archive.db", read_only=True)) as db:
        (sql,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'articles_fts'").fetchone()
    other = sql.rstrip().removesuffix(")") + ", content='other', content_rowid='id')"
    columns = ", ".join(COLUMNS)
    change(
        known,
        [
            f"CREATE TABLE other AS SELECT rowid AS id, {columns} FROM articles_fts",
            "UPDATE other SET title = 'khác'",
            "PRAGMA writable_schema = ON",
            f"UPDATE sqlite_schema SET sql = '{other.replace(chr(39), chr(39) * 2)}' WHERE name = 'articles_fts'",
        ],
    )
    assert codes(audit(known)) == codes(audit(known, afresh=True)) == [str(Code.FULL_TEXT)]


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
    assert "archive.db" not in memory_of(unchanged)
    audit(unchanged)
    assert "archive.db" in memory_of(unchanged)


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
    whole, parts = place.read_bytes(), memory_of(known)
    chance = random.Random(5)
    for _ in range(200):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        place.write_bytes(data)
        remembered = memory_of(known)
        assert all(each.told and each.proof for each in remembered.values())
        assert not remembered or json.loads(data)["parts"] == json.loads(whole)["parts"]
    for odd in (b"", b"{}", b"[]", b'{"parts": 1}', b"\xff", b"[" * 100_000):
        place.write_bytes(odd)
        assert memory_of(known) == {}
    report = audit(known)
    assert (codes(report), report.recalled_files) == ([], 0)
    assert all(each in memory_of(known).items() for each in parts.items() if each[0] != "archive.db")


def test_a_memory_tells_nothing_that_its_digests_do_not_hold(known: Path) -> None:
    """Whoever writes one with right digests may have written the archive too; what is no sense is read again."""
    remember(
        known, key_for(known), {name: Sound(each.proof, {"words": "x"}) for name, each in memory_of(known).items()}
    )
    report = audit(known)
    assert (codes(report), report.recalled_files, report.recalled_parts) == ([], 0, 0)


def test_other_code_trusts_nothing(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.check.key_of", lambda *_: "of another version")
    report = audit(known)
    assert (codes(report), report.recalled_files, report.recalled_parts) == ([], 0, 0)


def test_code_that_cannot_be_read_remembers_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.__path__", [str(folder / "nowhere")])
    assert key_of("", resolve) == ""
    audit(folder)
    assert not (folder / MEMORY_NAME).exists()


def test_a_function_of_no_package_is_used_and_nothing_remembered(folder: Path) -> None:
    report = check(folder, now=NOW, agent="susta-archive/test", resolve=partial(resolve))
    assert (codes(report), report.noted) == ([], True)
    assert not (folder / MEMORY_NAME).exists()


def test_the_key_is_of_both_packages_and_of_the_schema() -> None:
    assert key_of("", resolve) == key_of("", resolve)
    assert len({key_of(""), key_of("", resolve), key_of("other", resolve)}) == 3


def test_code_that_was_replaced_during_an_audit_remembers_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter(["before", "after"])
    monkeypatch.setattr("archive.check.key_of", lambda *_: next(keys))
    assert codes(audit(folder)) == []
    assert not (folder / MEMORY_NAME).exists()


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
