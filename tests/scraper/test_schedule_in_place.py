"""`susta schedule` and what is in place: folders that jobs need, other schedules of the same archive, removal."""

import os
from pathlib import Path

import pytest
from fake_machine import FakeMachine

from archive.errors import ConfigError
from scraper import cli_schedule
from scraper.cli import run
from scraper.installing import make_folders


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """A machine whose units are in the test's folder, which is also where commands run."""
    fake = FakeMachine()
    monkeypatch.setattr(cli_schedule, "ThisMachine", lambda: fake)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return fake


# Folders


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("how", [[], ["--cron"]], ids=["systemd", "cron"])
def test_install_makes_the_folders_that_its_jobs_write_to_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    (tmp_path / "config.toml").write_text(
        '[schedule]\nbackup_to = "b/copy"\nreport_to = "r/report.html"\n[archive]\nlog_file = "l/log.jsonl"\n'
        '[health]\nmetrics_file = "m/susta.prom"\n',
        encoding="utf-8",
    )
    assert run(["schedule", "install", *how]) == 0
    said = capsys.readouterr().err
    for name in ("b/copy", "r", "l", "m"):
        assert (tmp_path / name).is_dir()
        assert f"Made the folder {tmp_path / name}\n" in said
    assert run(["schedule", "install", *how]) == 0
    assert "Made the folder" not in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_in_place(
    tmp_path: Path, machine: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("a", encoding="utf-8")
    (tmp_path / "config.toml").write_text('[schedule]\nbackup_to = "file/copy"\n', encoding="utf-8")
    for how in ([], ["--cron"]):
        assert run(["schedule", "install", *how]) == 2
        assert "file/copy, which the schedule writes to, cannot be made" in capsys.readouterr().err
    assert (machine.crontab, (tmp_path / "home").exists()) == (None, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_folders_that_root_makes_belong_to_who_runs_the_jobs(tmp_path: Path) -> None:
    assert make_folders([tmp_path / "a" / "b", tmp_path, tmp_path / "a" / "b"], "nobody") == [tmp_path / "a" / "b"]
    assert {(tmp_path / "a").owner(), (tmp_path / "a" / "b").owner()} == {"nobody"}
    with pytest.raises(ConfigError, match="no user"):
        make_folders([tmp_path / "c"], "no-such-user-here")


def test_a_report_and_a_log_that_the_config_names_get_their_folder_and_typed_ones_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["demo", "--archive", "data", "--pages", "3"]) == 0
    (tmp_path / "config.toml").write_text(
        '[schedule]\nreport_to = "r/report.html"\n[archive]\nlog_file = "l/log.jsonl"\n'
        '[site]\nstart_urls = ["http://127.0.0.1:9/"]\n[crawl]\nattempts = 1\ndelay_seconds = 0\n',
        encoding="utf-8",
    )
    assert run(["report", "--output", "typed/report.html"]) == 2
    assert not (tmp_path / "typed").exists()
    assert run(["report", "--output", str(tmp_path / "r" / "report.html")]) == 0
    assert run(["crawl", "--quiet", "--log", "typed/log.jsonl"]) == 2
    assert not (tmp_path / "typed").exists()
    assert run(["crawl", "--quiet"]) == 6  # nobody answers there
    assert "run-finished" in (tmp_path / "l" / "log.jsonl").read_text(encoding="utf-8")
