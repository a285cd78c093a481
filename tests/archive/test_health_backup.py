"""The rule of health about backups: it speaks when scheduled ones are not made, and of nothing else."""

from pathlib import Path

import pytest
from health_rows import Nights, pages

from archive.health_terms import Level

OK, WARNING, CRITICAL = Level.OK, Level.WARNING, Level.CRITICAL


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """An archive with a first run, and a backup every night."""
    found = Nights(tmp_path, backup_every_hours=24)
    found.run(pages(3), new=3, hours=0)
    return found


@pytest.mark.parametrize(("hours", "level"), [(49, OK), (51, WARNING), (149, WARNING), (151, CRITICAL)])
def test_backups_that_end_are_told_with_what_to_do(nights: Nights, hours: float, level: Level) -> None:
    nights.pass_time(days=30)
    nights.backup()
    nights.pass_time(hours=hours / 2)
    nights.backup(outcome="failure")
    nights.pass_time(hours=hours / 2)
    found = nights.finding("backup")
    assert found.level is level
    assert level is OK or ("no backup was made for" in found.reason and "susta backup DIR" in found.advice)


@pytest.mark.parametrize(("hours", "level"), [(49, OK), (51, WARNING), (151, CRITICAL)])
def test_a_first_backup_that_is_never_made_is_told(nights: Nights, hours: float, level: Level) -> None:
    nights.pass_time(hours=hours)
    found = nights.finding("backup")
    assert found.level is level
    assert ("none was made yet" if level is OK else "no backup was ever made") in found.reason


def test_a_backup_each_week_may_be_a_week_old(nights: Nights) -> None:
    nights.set_limits(backup_every_hours=168)
    nights.backup()
    nights.pass_time(days=8)
    assert nights.level("backup") is OK
    nights.pass_time(days=1)
    assert nights.level("backup") is WARNING


def test_nobody_misses_a_backup_that_is_not_scheduled(nights: Nights) -> None:
    nights.set_limits(backup_every_hours=None)
    nights.pass_time(days=100)
    assert nights.level("backup") is OK


def test_an_old_archive_has_time_for_the_first_backup_once_that_is_scheduled(nights: Nights) -> None:
    nights.set_limits(backup_every_hours=None)
    for _ in range(100):
        nights.pass_time(days=1)
        nights.tell()
    nights.set_limits(backup_every_hours=24)
    told = []
    for _ in range(20):
        nights.pass_time(hours=12)
        told += [(each.now, nights.now) for each in nights.tell() if each.rule == "backup"]
    assert [level for level, _ in told] == [WARNING, CRITICAL]
    assert (told[1][1] - told[0][1]).total_seconds() / 3600 == pytest.approx(96, abs=12)
    nights.backup()
    assert [each.now for each in nights.tell() if each.rule == "backup"] == [OK]


def test_a_backup_of_a_clock_that_was_ahead_does_not_hide_that_none_is_made(nights: Nights) -> None:
    nights.pass_time(days=400)
    nights.backup()
    nights.pass_time(days=-390)
    assert nights.level("backup") is CRITICAL
