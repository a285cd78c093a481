"""`susta schedule` and what is in place: folders that jobs need, other schedules of the same archive, removal."""

import json
import os
from pathlib import Path

import pytest
from fake_machine import FakeMachine

from archive.errors import ConfigError
from scraper import cli_schedule, installing
from scraper.cli import run
from scraper.config import Config
from scraper.installing import make_folders
from scraper.scheduling import Place, crontab_block, names_config, units


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


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("how", [[], ["--cron"]], ids=["systemd", "cron"])
def test_write_replaces_what_it_wrote_and_never_a_file_of_somebody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    name = "susta.crontab" if how else "susta-crawl.service"
    assert run(["schedule", "write", "there", *how]) == 0
    (tmp_path / "config.toml").write_text('[schedule]\ncrawl = "01:10"\n', encoding="utf-8")
    assert run(["schedule", "write", "there", *how]) == 0
    ours = tmp_path / "there" / ("susta.crontab" if how else "susta-crawl.timer")
    assert ("10 1 * * *" if how else "01:10:00") in ours.read_text(encoding="utf-8")
    (tmp_path / "there" / name).write_text("# mine\n0 1 * * * a\n", encoding="utf-8")
    assert run(["schedule", "write", "there", *how]) == 2
    assert f"{name} was not written by `susta schedule`; nothing was changed" in capsys.readouterr().err
    assert (tmp_path / "there" / name).read_text(encoding="utf-8") == "# mine\n0 1 * * * a\n"


# Schedules of other kinds, and removal


@pytest.fixture
def system_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "etc"
    monkeypatch.setattr(installing, "SYSTEM_UNITS", folder)
    return folder


def own_units(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "home" / "systemd" / "user").glob("*"))


SYSTEM = ["--system", "--run-as", "nobody"]


@pytest.mark.usefixtures("machine", "system_units")
@pytest.mark.parametrize(
    ("first", "second"),
    [([], ["--cron"]), (["--cron"], []), ([], SYSTEM), (SYSTEM, ["--cron"])],
    ids=["own-cron", "cron-own", "own-system", "system-cron"],
)
def test_a_second_schedule_of_one_archive_is_refused(
    capsys: pytest.CaptureFixture[str], first: list[str], second: list[str]
) -> None:
    assert run(["schedule", "install", *first]) == 0
    assert run(["schedule", "install", *second]) == 2
    assert "has a schedule already: " in capsys.readouterr().err
    assert run(["schedule", "install", *first]) == 0


@pytest.mark.usefixtures("machine")
def test_a_second_schedule_by_another_name_is_refused_and_one_whose_name_begins_alike_is_left(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "config.toml").write_text('[schedule]\nname = "susta-two"\n', encoding="utf-8")
    assert run(["schedule", "install"]) == 0
    assert run(["schedule", "install", "--config", "two/config.toml"]) == 0
    (tmp_path / "config.toml").write_text('[schedule]\nname = "later"\n', encoding="utf-8")
    assert run(["schedule", "install"]) == 2
    assert run(["schedule", "remove"]) == 0
    assert {name.rpartition("-")[0] for name in own_units(tmp_path)} == {"susta-two"}


def test_show_names_every_schedule_and_remove_takes_every_kind(
    tmp_path: Path, machine: FakeMachine, system_units: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.crontab = "# mine\n"
    assert run(["schedule", "install", "--cron"]) == 0
    block, machine.crontab = machine.crontab, "# mine\n"
    assert run(["schedule", "install"]) == 0
    system_units.mkdir()
    for name in own_units(tmp_path):
        (system_units / name).write_bytes((tmp_path / "home" / "systemd" / "user" / name).read_bytes())
    machine.crontab = block  # as put there by a version that refused no second one
    capsys.readouterr()
    assert run(["schedule", "show"]) == 0
    out = capsys.readouterr().out
    assert "In place: this schedule\n" in out
    assert "In place too: units of the machine (susta), lines of the crontab (susta); " in out
    assert run(["schedule", "show", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["others"]
    assert [each["kind"] for each in told] == ["units of the machine", "lines of the crontab"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 1000)
        assert run(["schedule", "remove"]) == 1
    assert "Still in place: units of the machine (susta): only root may" in capsys.readouterr().err
    assert (machine.crontab, own_units(tmp_path)) == ("# mine\n", [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 0)
        assert run(["schedule", "remove"]) == 0
    assert list(system_units.iterdir()) == []


@pytest.mark.parametrize("how", [[], ["--cron"]], ids=["systemd", "cron"])
@pytest.mark.parametrize("named", [[], ["--name", "mine"], ["--archive", "kho"]], ids=["config", "name", "archive"])
def test_a_schedule_is_removed_whatever_became_of_its_config(
    tmp_path: Path, machine: FakeMachine, how: list[str], named: list[str]
) -> None:
    file = tmp_path / "config.toml"
    for broken in ("[schedule\n", '[schedule]\ncrawl = "25:10"\n', None):
        file.write_text('[archive]\nfolder = "kho"\n[schedule]\nname = "mine"\n', encoding="utf-8")
        assert run(["schedule", "install", *how]) == 0
        assert own_units(tmp_path) or machine.crontab
        file.unlink() if broken is None else file.write_text(broken, encoding="utf-8")
        assert run(["schedule", "remove", *named]) == 0
        assert (own_units(tmp_path), machine.crontab or "") == ([], "")
        assert run(["schedule", "remove", *named]) == 0  # there is none any more


@pytest.mark.usefixtures("machine")
def test_a_broken_config_never_takes_away_what_is_of_another_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text("", encoding="utf-8")
    assert run(["schedule", "install", "--config", "one/config.toml"]) == 0
    before = own_units(tmp_path)
    assert run(["schedule", "remove", "--config", "two/config.toml"]) == 0
    assert "There is no such schedule in place. In place are: units of one's own (susta)" in capsys.readouterr().err
    (tmp_path / "two" / "config.toml").write_text("[schedule", encoding="utf-8")
    assert run(["schedule", "remove", "--config", "two/config.toml"]) == 2
    assert "--name NAME; in place are units of one's own (susta)" in capsys.readouterr().err
    assert own_units(tmp_path) == before


def test_what_the_machine_refuses_to_take_away_is_said_and_the_rest_goes(
    tmp_path: Path, machine: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schedule", "install", "--cron"]) == 0
    block, machine.crontab = machine.crontab, None
    assert run(["schedule", "install"]) == 0
    machine.crontab, machine.refuses = block, ("disable",)
    assert run(["schedule", "remove"]) == 1
    assert "Still in place: units of one's own (susta): " in capsys.readouterr().err
    assert machine.crontab == ""
    assert "susta-crawl.timer" in own_units(tmp_path)


def test_a_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(
    tmp_path: Path, machine: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schedule", "install"]) == 0
    machine.refuses = ("-l",)
    assert run(["schedule", "remove"]) == 1
    assert "Perhaps still in place: lines of the crontab: The crontab cannot be read" in capsys.readouterr().err
    assert own_units(tmp_path) == []
    assert run(["schedule", "remove", "--system"]) == 0


@pytest.mark.parametrize("folder", ["plain", "kho lưu %h $HOME \\ \"trữ\" 'a'"], ids=["plain", "odd"])
def test_a_config_is_known_again_in_units_and_in_a_crontab(tmp_path: Path, folder: str) -> None:
    file = tmp_path / folder / "config.toml"
    where = Place(("/opt/susta",), file, tmp_path / folder / "data")
    for texts in (units(Config(), where).values(), [crontab_block(Config(), where, None)]):
        assert any(names_config(text, file) for text in texts)
        assert not any(names_config(text, file.with_name("config.tom")) for text in texts)
