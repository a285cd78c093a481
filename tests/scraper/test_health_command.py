"""`susta health`: exit codes that monitoring systems read, the hook that is told once, state and metrics."""

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.health_state import STATE_NAME, read_state
from archive.health_terms import RULES, Level
from scraper.cli import run
from scraper.config import load_config
from scraper.looking import limits_of, look, look_and_tell

NOTE = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write(sys.stdin.read() + chr(10))"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert run(["demo", "--archive", str(folder), "--pages", "5"]) == 0
    return folder


def config(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def make_old(archive: Path, days: float) -> None:
    """As if the last run had been so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    db = sqlite3.connect(archive / "archive.db")
    with db:
        db.execute("UPDATE runs SET started_at = ?1, finished_at = ?1", (then,))
    db.close()


def health(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["health", *map(str, words)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("", None),
        ('backup_to = "b"', 24),
        ('backup_to = "b"\nbackup = ""', None),
        ('backup_to = "b"\nbackup = "Mon 05:30"', 168),
        ('backup_to = "b"\nbackup = "Mon,Thu 05:30"', 96),
        ('backup_to = "b"\nbackup = "1 05:30"', 744),
    ],
)
def test_how_often_a_backup_is_expected_follows_from_the_schedule(
    tmp_path: Path, schedule: str, hours: float | None
) -> None:
    chosen = load_config(config(tmp_path, f"[schedule]\n{schedule}\n"))
    assert limits_of(chosen).backup_every_hours == hours


def test_a_backup_that_is_never_made_is_told_until_it_is(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = config(archive.parent, '[schedule]\nbackup_to = "copy"\n[health]\noff = ["runs"]\n')
    words = ("--archive", archive, "--config", file)
    assert health(capsys, *words)[0] == 0
    (archive / STATE_NAME).unlink()
    make_old(archive, 3)
    code, out = health(capsys, *words)
    assert (code, out.splitlines()[0]) == (1, "WARNING: backup: no backup was ever made, since 3.0 days")
    assert run(["backup", str(archive.parent / "copy"), *map(str, words)]) == 0
    assert health(capsys, *words)[0] == 0


def test_a_fresh_archive_is_well(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = health(capsys, "--archive", archive)
    assert (code, out.splitlines()[0]) == (0, "OK: all is well")
    code, out = health(capsys, "--archive", archive, "--quiet")
    assert (code, out) == (0, "")


@pytest.mark.parametrize(("days", "expected"), [(0.1, 0), (3, 1), (6, 2)])
def test_the_exit_code_is_that_of_a_monitoring_plugin(
    archive: Path, capsys: pytest.CaptureFixture[str], days: float, expected: int
) -> None:
    make_old(archive, days)
    code, out = health(capsys, "--archive", archive, "--json")
    said = json.loads(out)
    assert (code, said["exit_code"]) == (expected, expected)
    assert said["state"] == Level(expected).word
    assert {each["rule"] for each in said["rules"]} == set(RULES)


def test_whatever_is_wrong_with_the_question_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = config(tmp_path, "[health]\nstale_hour = 3\n")
    (tmp_path / "no-archive").mkdir()
    (tmp_path / "no-archive" / "archive.db").write_bytes(b"no database at all" * 100)
    questions: list[tuple[Any, ...]] = [
        ("--archive", tmp_path / "none"),
        ("--archive", tmp_path / "no-archive"),
        ("--config", broken),
        ("--config", tmp_path / "none.toml"),
        ("--accept", "nothing"),
        ("--no-such-option",),
        ("--archive",),
    ]
    for words in questions:
        assert health(capsys, *words)[0] == 3, words
    code, out = health(capsys, "--config", broken, "--json")
    assert (code, json.loads(out)["state"]) == (3, "unknown")
    assert "stale_hours" in out


def test_a_table_that_is_not_there_is_unknown_and_no_warning(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = sqlite3.connect(archive / "archive.db")
    db.execute("DROP TABLE sources")
    db.close()
    assert health(capsys, "--archive", archive)[0] == 3


def test_looking_only_writes_nothing(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}
    assert health(capsys, "--archive", archive, "--look")[0] == 0
    assert {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()} == before


def test_the_hook_is_told_once_of_each_change(archive: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    hook = json.dumps([sys.executable, "-c", NOTE, str(told)])
    settings = load_config(config(tmp_path, f"[health]\nhook = {hook}\n"))
    now = datetime.now(UTC)
    for days in (0, 3, 3.1, 6, 6.1, 0):
        looked = look_and_tell(settings, archive, now + timedelta(days=days))
        assert looked.problems == []
    facts = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    changes = [(each["rule"], each["before"], each["now"]) for fact in facts for each in fact["changes"]]
    assert changes == [("runs", "ok", "warning"), ("runs", "warning", "critical"), ("runs", "critical", "ok")]
    assert facts[0]["archive"] == str(archive)
    assert facts[0]["changes"][0]["advice"]
    assert [fact["state"] for fact in facts] == ["warning", "critical", "ok"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["no-such-program-anywhere"], "cannot be run"),
        ([sys.executable, "-c", "import sys; sys.exit('no mail today')"], "ended with 1: no mail today"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "took longer than 0.5 s"),
    ],
    ids=["missing", "failing", "slow"],
)
def test_a_hook_that_fails_is_told_again_and_changes_nothing_of_the_state(
    archive: Path, tmp_path: Path, command: list[str], words: str
) -> None:
    text = f"[health]\nhook = {json.dumps(command)}\nhook_timeout_seconds = 0.5\n"
    settings = load_config(config(tmp_path, text))
    later = datetime.now(UTC) + timedelta(days=3)
    for _ in range(2):
        looked = look_and_tell(settings, archive, later)
        assert words in looked.problems[0]
        assert looked.health.level is Level.WARNING
        assert len(looked.changes) == 1
    assert not (archive / STATE_NAME).exists()


def test_a_hook_need_not_read_what_it_is_told(archive: Path, tmp_path: Path) -> None:
    settings = load_config(config(tmp_path, f"[health]\nhook = {json.dumps([sys.executable, '-c', 'pass'])}\n"))
    assert look_and_tell(settings, archive, datetime.now(UTC) + timedelta(days=3)).problems == []


def test_an_archive_that_went_away_is_told_and_nothing_is_written_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()  # as a mount point whose disk is not there
    told = tmp_path / "told"
    hook = json.dumps([sys.executable, "-c", NOTE, str(told)])
    settings = load_config(config(tmp_path, f"[health]\nhook = {hook}\n"))
    looked = look_and_tell(settings, tmp_path / "data", datetime.now(UTC))
    assert looked.health.level is Level.UNKNOWN
    assert json.loads(told.read_text(encoding="utf-8"))["changes"][0]["now"] == "unknown"
    assert list((tmp_path / "data").iterdir()) == []


def test_a_full_disk_is_told_though_the_state_cannot_be_kept(archive: Path, tmp_path: Path) -> None:
    settings = load_config(config(tmp_path, ""))
    (archive / STATE_NAME).mkdir()  # nothing can be moved there
    looked = look_and_tell(settings, archive, datetime.now(UTC), free=lambda _: 1000)
    assert [each.rule for each in looked.changes] == ["disk"]
    assert "could not be written" in looked.problems[0]
    assert [path.name for path in archive.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"told": {"runs": 7}}', '{"told": {"runs": {"level": "x"}}}'])
def test_a_state_that_makes_no_sense_is_none(archive: Path, text: str) -> None:
    (archive / STATE_NAME).write_text(text, encoding="utf-8")
    assert read_state(archive / STATE_NAME).standing() == {}
    assert look(load_config(None), archive, datetime.now(UTC)).level is Level.OK


def test_accepting_is_kept(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert health(capsys, "--archive", archive, "--accept", "redesign")[0] == 0
    assert read_state(archive / STATE_NAME).accepted.keys() == {"redesign"}


def test_metrics_are_written_for_prometheus(archive: Path, tmp_path: Path) -> None:
    settings = load_config(config(tmp_path, '[health]\nmetrics_file = "susta.prom"\n'))
    now = datetime.now(UTC)
    look_and_tell(settings, archive, now)
    lines = (tmp_path / "susta.prom").read_text(encoding="utf-8").splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['susta_health_state{archive="susta"}'] == "0"
    assert values['susta_health_rule{archive="susta",rule="redesign"}'] == "0"
    assert values['susta_articles{archive="susta"}'] == "5"
    named = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))
    assert all(name.split("{")[0] in named for name in values)


def test_settings_of_this_machine_are_not_published() -> None:
    from scraper.config import Config, public_settings

    assert not {"health", "schedule"} & public_settings(Config()).keys()
