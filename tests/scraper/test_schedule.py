"""`susta schedule`: what it writes is what systemd and cron understand, and a working schedule is never lost."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fake_machine import FakeMachine

from archive.errors import ConfigError, SustaError
from archive.health_terms import Level
from scraper import cli_schedule
from scraper.cli import run
from scraper.config import Config, parse_config
from scraper.installing import (
    ThisMachine,
    begin_archive,
    install_crontab,
    install_units,
    installed,
    remove_units,
    verify,
)
from scraper.looking import look_and_tell
from scraper.scheduling import (
    Place,
    begin_mark,
    crontab_block,
    crontab_with,
    jobs_of,
    next_times,
    refuse_odd_times,
    units,
)
from scraper.when import When, parse_when

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NEEDS_SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
PROGRAM = (sys.executable, "-P", "-m", "scraper")
ODD = "kho lưu %h $HOME \\ \"trữ\" 'a'"


def config(**sections: dict[str, Any]) -> Config:
    return parse_config(sections)


def everything(folder: Path) -> Config:
    """A config with each job there is."""
    backup, report = str(folder / "backup"), str(folder / "report.html")
    return config(schedule={"backup_to": backup, "report_to": report})


def place(folder: Path, user: str | None = None) -> Place:
    return Place(PROGRAM, folder / "config.toml", folder / "data", user, folder / "units")


# Times


@pytest.mark.parametrize(
    ("text", "calendar", "cron"),
    [
        ("02:30", "*-*-* 02:30:00 UTC", "30 2 * * *"),
        (" 7:05 ", "*-*-* 07:05:00 UTC", "5 7 * * *"),
        ("sun,Mon 23:59", "Mon,Sun *-*-* 23:59:00 UTC", "59 23 * * 1,7"),
        ("28 00:00", "*-*-28 00:00:00 UTC", "0 0 28 * *"),
    ],
)
def test_a_time_is_written_for_systemd_and_for_cron(text: str, calendar: str, cron: str) -> None:
    when = parse_when(text)
    assert (when.on_calendar("UTC"), when.cron()) == (calendar, cron)


@pytest.mark.parametrize(
    "text", ["24:00", "2:5", "12", "29 02:00", "0 02:00", "Mo 02:00", "Mon,,Tue 02:00", "02:30; rm"]
)
def test_what_is_no_time_is_a_mistake_in_the_config(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(schedule={"crawl": text})
    assert caught.value.problems[0].startswith("schedule.crawl: ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Asia/Hanoi"},
        {"time_zone": "../../etc/passwd"},
        {"name": "a b"},
        {"name": "../x"},
        {"health_hours": 5},
    ],
    ids=str,
)
def test_other_mistakes_in_the_schedule_are_told(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="1 mistake"):
        config(schedule=wrong)


def test_no_run_is_doubled_or_left_out_when_clocks_are_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = date(2026, 1, 1)
    for hour in range(24):
        when = When(hour, 30)
        times = when.moments(berlin, first, 365)
        assert len(times) == 365 or hour == 2
        assert when.odd_days(berlin, first, 365) == (
            [(date(2026, 3, 29), 0), (date(2026, 10, 25), 2)] if hour == 2 else []
        )
        gaps = {after - before for before, after in pairwise(times)}
        assert gaps <= {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)} or hour == 2


def test_a_time_that_comes_twice_is_refused_with_the_day() -> None:
    odd = config(schedule={"time_zone": "Europe/Berlin", "crawl": "02:30", "audit": "04:30"})
    with pytest.raises(ConfigError) as caught:
        refuse_odd_times(odd, date(2026, 1, 1))
    assert caught.value.problems == ("schedule.crawl: it is 02:30 not at all on 2026-03-29 (Europe/Berlin)",)
    refuse_odd_times(config(), date(2026, 1, 1))


def test_the_next_times_are_told_in_order(tmp_path: Path) -> None:
    chosen = everything(tmp_path)
    now = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)  # Friday, 03:00 in Vietnam
    times = next_times(chosen, jobs_of(chosen, place(tmp_path)), now)
    assert {name: time.astimezone(HANOI).strftime("%a %H:%M") for name, time in times.items()} == {
        "crawl": "Sat 02:30", "audit": "Fri 04:30", "backup": "Fri 05:30", "report": "Mon 06:30",
    }  # fmt: skip


# Units


@NEEDS_SYSTEMD
@pytest.mark.parametrize("user", [None, "root"], ids=["own", "system"])
@pytest.mark.parametrize("folder", ["plain", ODD], ids=["plain", "odd"])
def test_systemd_accepts_what_is_written(tmp_path: Path, user: str | None, folder: str) -> None:
    (tmp_path / folder).mkdir()
    assert verify(ThisMachine(), units(everything(tmp_path / folder), place(tmp_path / folder, user)))


@NEEDS_SYSTEMD
def test_units_that_systemd_does_not_accept_would_be_noticed() -> None:
    with pytest.raises(ConfigError) as caught:
        verify(
            ThisMachine(), {"susta-x.service": "[Service]\nType=oneshot\nExecStart=/bin/true\nProtectSystm=strict\n"}
        )
    assert "ProtectSystm" in caught.value.problems[0]


@NEEDS_SYSTEMD
@pytest.mark.parametrize(
    ("text", "zone"),
    [("02:30", "Asia/Ho_Chi_Minh"), ("Mon,Thu 06:30", "Europe/Berlin"), ("15 23:45", "America/New_York")],
)
def test_systemd_reckons_the_same_times_over_a_year_of_changed_clocks(text: str, zone: str) -> None:
    when = parse_when(text)
    base = datetime(2026, 1, 1, tzinfo=UTC)
    ours = [moment for moment in when.moments(ZoneInfo(zone), base.date() - timedelta(days=1), 420) if moment > base]
    count = 12 if when.day else 60
    words = ["systemd-analyze", "calendar", f"--iterations={count}", "--base-time=2026-01-01 00:00:00 UTC"]
    done = subprocess.run(
        [*words, when.on_calendar(zone)], capture_output=True, text=True, check=True, env={"TZ": "UTC", "LC_ALL": "C"}
    )
    lines = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if "Next elapse:" in line or "Iter. #" in line]
    theirs = [line.split()[1:3] for line in lines]
    assert theirs == [moment.strftime("%Y-%m-%d %H:%M:%S").split() for moment in ours[:count]]


def test_the_walls_stand(tmp_path: Path) -> None:
    for user in (None, "archive"):
        files = units(everything(tmp_path), place(tmp_path, user))
        for name, text in files.items():
            if name.endswith(".service"):
                for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "MemoryMax=2048M",
                             "CPUQuota=100%", "SystemCallFilter=@system-service"):  # fmt: skip
                    assert line in text.splitlines(), name
            if name.endswith(".timer"):
                assert "Persistent=true" in text
        assert f"ReadWritePaths={tmp_path}/data\n" in files["susta-audit.service"]
        assert "PrivateNetwork=yes" in files["susta-audit.service"]
        assert "PrivateNetwork" not in files["susta-crawl.service"]
        assert "RandomizedDelaySec=15min" in files["susta-crawl.timer"]
        assert ("User=archive" in files["susta-crawl.service"]) is (user is not None)


def test_a_hook_keeps_the_rights_that_a_mailer_needs(tmp_path: Path) -> None:
    chosen = config(health={"hook": ["sendmail", "-t"]})
    files = units(chosen, place(tmp_path, "archive"))
    assert "NoNewPrivileges" not in files["susta-health.service"]
    assert "SuccessExitStatus=1 2 3" in files["susta-health.service"]
    assert 'hook = ["sendmail", "-t"]' in files["susta-health.toml"]


def test_without_a_hook_the_health_unit_fails_to_be_seen(tmp_path: Path) -> None:
    """`systemctl --failed` is then all that tells of trouble (docs/scheduling.md)."""
    assert "SuccessExitStatus" not in units(config(), place(tmp_path, "archive"))["susta-health.service"]


def test_what_is_not_asked_for_is_not_scheduled(tmp_path: Path) -> None:
    names = {job.name for job in jobs_of(config(schedule={"audit": "", "health_hours": 0}), place(tmp_path))}
    assert names == {"crawl"}


def test_commands_of_the_schedule_are_commands_of_the_program(tmp_path: Path) -> None:
    import typer.main

    from scraper.cli import app

    for job in jobs_of(everything(tmp_path), place(tmp_path)):
        command: Any = typer.main.get_command(app)
        context = command.make_context("susta", list(job.words))
        name, found, rest = command.resolve_command(context, list(job.words))
        found.make_context(name, rest, parent=context)


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\x00b"])
def test_a_path_that_would_break_a_line_is_refused(tmp_path: Path, text: str) -> None:
    odd = Place(PROGRAM, None, tmp_path / text / "data")
    with pytest.raises(ConfigError):
        units(config(), odd)
    with pytest.raises(ConfigError):
        crontab_block(config(), odd, "UTC")


# Installing


def test_a_schedule_is_put_in_place_and_taken_away(tmp_path: Path) -> None:
    machine, folder = FakeMachine(), tmp_path / "units"
    files = units(everything(tmp_path), place(tmp_path))
    assert install_units(machine, folder, "susta", files, system=False)
    assert installed(folder, "susta") == files
    assert ["systemctl", "--user", "start", "susta-health.service"] in machine.asked
    fewer = units(config(), place(tmp_path))
    install_units(machine, folder, "susta", fewer, system=False)
    assert installed(folder, "susta") == fewer
    assert "susta-backup.timer" in next(words for words in machine.asked if "disable" in words)
    assert sorted(remove_units(machine, folder, "susta", system=False)) == sorted(fewer)
    assert list(folder.iterdir()) == []
    assert remove_units(machine, folder, "susta", system=False) == []


@pytest.mark.parametrize("refused", ["daemon-reload", "enable", "restart", "start", "systemd-analyze"])
def test_a_working_schedule_comes_back_when_the_machine_refuses_the_new_one(tmp_path: Path, refused: str) -> None:
    folder = tmp_path / "units"
    before = units(config(schedule={"crawl": "01:00"}), place(tmp_path))
    install_units(FakeMachine(), folder, "susta", before, system=False)
    with pytest.raises(SustaError, match=r"says no|does not accept"):
        install_units(
            FakeMachine(refuses=[refused]), folder, "susta", units(everything(tmp_path), place(tmp_path)), system=False
        )
    assert installed(folder, "susta") == before


@pytest.mark.parametrize(
    ("shown", "accepted"),
    [
        ("Result=exit-code\nExecMainStatus=1\n", True),
        ("Result=exit-code\nExecMainStatus=3\n", True),
        ("Result=exit-code\nExecMainStatus=226\n", False),  # EXIT_NAMESPACE, systemd.exec(5)
        ("Result=signal\nExecMainStatus=31\n", False),  # SIGSYS: a system call that the walls forbid
        ("Result=oom-kill\nExecMainStatus=0\n", False),
    ],
)
def test_an_archive_that_is_not_well_may_be_scheduled_and_walls_that_do_not_stand_may_not(
    tmp_path: Path, shown: str, accepted: bool
) -> None:
    machine = FakeMachine(refuses=["start"], answers={"show": shown})
    files = units(config(), place(tmp_path))
    if accepted:
        install_units(machine, tmp_path / "units", "susta", files, system=False)
    else:
        with pytest.raises(SustaError, match="start susta-health"):
            install_units(machine, tmp_path / "units", "susta", files, system=False)
    assert installed(tmp_path / "units", "susta") == (files if accepted else {})


def test_an_archive_is_well_from_the_hour_its_schedule_is_installed(tmp_path: Path) -> None:
    begin_archive(tmp_path / "a" / "data", None)
    now = datetime.now(UTC)
    looked = look_and_tell(config(), tmp_path / "a" / "data", now, free=lambda _: 10**11)
    assert (looked.health.level, looked.changes, looked.problems) == (Level.OK, [], [])
    assert run(["check", "--due", "--quiet", "--archive", str(tmp_path / "a" / "data")]) == 0


def test_an_archive_that_is_there_or_lost_its_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "lost" / "warc").mkdir(parents=True)
    begin_archive(tmp_path / "lost", None)
    assert [path.name for path in (tmp_path / "lost").iterdir()] == ["warc"]
    begin_archive(tmp_path / "new", None)
    before = {path: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    begin_archive(tmp_path / "new", None)
    assert {path: path.read_bytes() for path in (tmp_path / "new").iterdir()} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_makes_belongs_to_who_crawls(tmp_path: Path) -> None:
    begin_archive(tmp_path / "of" / "nobody", "nobody")
    made = [tmp_path / "of", tmp_path / "of" / "nobody", *(tmp_path / "of" / "nobody").iterdir()]
    assert {path.owner() for path in made} == {"nobody"}
    with pytest.raises(ConfigError, match="no user"):
        begin_archive(tmp_path / "other", "no-such-user-here")


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    (folder / "susta-crawl.service").write_text("[Service]\n# mine\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="was not written by"):
        install_units(FakeMachine(), folder, "susta", units(config(), place(tmp_path)), system=True)
    assert [path.name for path in folder.iterdir()] == ["susta-crawl.service"]
    assert remove_units(FakeMachine(), folder, "susta", system=True) == []


def test_a_config_with_mistakes_never_replaces_a_working_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = FakeMachine()
    monkeypatch.setattr(cli_schedule, "ThisMachine", lambda: machine)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "config.toml"
    file.write_text('[schedule]\ncrawl = "01:10"\n', encoding="utf-8")
    assert run(["schedule", "install"]) == 0
    folder = tmp_path / "home" / "systemd" / "user"
    before = installed(folder, "susta")
    assert "01:10:00" in before["susta-crawl.timer"]
    asked = len(machine.asked)
    for text in ('[schedule]\ncrawl = "25:10"\n', "[schedule", '[crawl]\ncrawl = "01:10"\n',
                 '[schedule]\ncrawl = "02:30"\ntime_zone = "Europe/Berlin"\n'):  # fmt: skip
        file.write_text(text, encoding="utf-8")
        assert run(["schedule", "install"]) == 2
        assert (installed(folder, "susta"), len(machine.asked)) == (before, asked)
    file.write_text("", encoding="utf-8")
    capsys.readouterr()
    assert run(["schedule", "show", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["current"], said["installed"]) == (False, sorted(before))
    assert run(["schedule", "install"]) == 0
    assert "02:30:00" in installed(folder, "susta")["susta-crawl.timer"]
    assert run(["schedule", "remove"]) == 0
    assert installed(folder, "susta") == {}


@pytest.mark.parametrize("how", [[], ["--cron"]], ids=["systemd", "cron"])
def test_the_schedule_of_another_archive_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    machine = FakeMachine()
    monkeypatch.setattr(cli_schedule, "ThisMachine", lambda: machine)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    units_there = tmp_path / "home" / "systemd" / "user"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text("", encoding="utf-8")
    assert run(["schedule", "install", *how, "--config", str(tmp_path / "one" / "config.toml")]) == 0
    before = (installed(units_there, "susta"), machine.crontab)
    assert run(["schedule", "install", *how, "--config", str(tmp_path / "two" / "config.toml")]) == 2
    assert f"of another archive, {tmp_path}/one/data" in capsys.readouterr().err
    assert (installed(units_there, "susta"), machine.crontab) == before
    assert not (tmp_path / "two" / "data").exists()
    (tmp_path / "two" / "config.toml").write_text('[schedule]\nname = "two"\n', encoding="utf-8")
    assert run(["schedule", "install", *how, "--config", str(tmp_path / "two" / "config.toml")]) == 0
    assert installed(units_there, "susta") == before[0]
    (tmp_path / "one" / "data").rename(tmp_path / "one" / "moved")  # one that is gone is in nobody's way
    assert run(["schedule", "install", *how, "--config", str(tmp_path / "one" / "config.toml")]) == 0


def test_health_tells_of_a_config_that_was_broken_later(tmp_path: Path) -> None:
    from scraper.scheduling import fallback_config

    assert run(["demo", "--archive", str(tmp_path / "data"), "--pages", "4"]) == 0
    note = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
    whole = config(health={"hook": [sys.executable, "-c", note, str(tmp_path / "told")]})
    (tmp_path / "fallback.toml").write_text(fallback_config(whole), encoding="utf-8")
    (tmp_path / "config.toml").write_text("[archive\n", encoding="utf-8")
    words = ["health", "--changed", "--archive", str(tmp_path / "data"), "--config", str(tmp_path / "config.toml")]
    assert run([*words, "--fallback", str(tmp_path / "fallback.toml")]) == 3
    assert "not valid TOML" in json.loads((tmp_path / "told").read_text(encoding="utf-8"))["reasons"][0]
    (tmp_path / "told").unlink()
    assert run([*words, "--fallback", str(tmp_path / "fallback.toml")]) == 3
    assert not (tmp_path / "told").exists()  # told once


def test_root_is_not_who_crawls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr(cli_schedule.getpass, "getuser", lambda: "root")
    assert run(["schedule", "write", "units", "--system"]) == 2
    assert run(["schedule", "write", "units", "--run-as", "archive"]) == 2
    assert run(["schedule", "write", "units", "--system", "--run-as", "archive\nExecStart=/bin/sh"]) == 2
    assert not (tmp_path / "units").exists()


# cron


def test_a_crontab_line_says_what_systemd_would(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    block = crontab_block(config(), Place(("/opt/susta",), None, folder / "data"), "Asia/Ho_Chi_Minh")
    assert "CRON_TZ" not in block
    line = next(line for line in block.splitlines() if " crawl " in line)
    assert line.startswith("30 2 * * * /opt/susta crawl")
    unescaped = line.split(" ", 5)[5].replace("\\%", "%")  # as crontab(5) has it
    assert shlex.split(unescaped)[:4] == ["/opt/susta", "crawl", "--quiet", "--archive"]
    assert shlex.split(unescaped)[4] == str(folder / "data")


def test_another_time_zone_is_named_with_its_caveat(tmp_path: Path) -> None:
    lines = crontab_block(config(), place(tmp_path), "Europe/Berlin").splitlines()
    assert "CRON_TZ=Asia/Ho_Chi_Minh" in lines
    assert any(line.startswith("#") and "Debian" in line for line in lines)


@pytest.mark.parametrize("before", ["", "# mine\n0 1 * * * backup\n", "MAILTO=a@example.org\n"])
def test_lines_of_others_stay_as_they_are(before: str) -> None:
    block = f"{begin_mark('susta')}\n1 2 * * * a\n# end susta (susta-archive)\n"
    once = crontab_with(before, "susta", block)
    assert once == before + block
    assert crontab_with(once, "susta", block) == once
    assert crontab_with(once + "0 5 * * * later\n", "susta", "") == before + "0 5 * * * later\n"
    assert crontab_with(once, "other", "") == once


def test_a_crontab_that_somebody_edited_is_left_alone() -> None:
    with pytest.raises(ConfigError, match="no end"):
        crontab_with(f"{begin_mark('susta')}\n0 5 * * * later\n", "susta", "")


def test_cron_that_refuses_or_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    block = crontab_block(config(), place(tmp_path), None)
    machine = FakeMachine()
    install_crontab(machine, "susta", block)
    assert machine.crontab == block
    install_crontab(machine, "susta", "")
    assert machine.crontab == ""
    for refused in ("-l", "-"):
        with pytest.raises(SustaError):
            install_crontab(FakeMachine(refuses=[refused], crontab="# mine\n"), "susta", block)
