"""Looking at an archive's health, and telling whoever should know: state, hook, metrics.

    archive.db ─► Health ─► what is new since last time ─► hook ─► health.json;  metrics file

What the hook could not be told is not noted as told: it is told again the next time. What stands in the way of telling
(no room for the state, a hook that fails) is said, and changes nothing of what health is.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from archive import schema
from archive.errors import ArchiveUnusable, SustaError
from archive.health import Health, examine, unknown
from archive.health_metrics import metrics
from archive.health_state import STATE_NAME, Change, State, changes, read_state, write_state
from archive.health_terms import RULES, Thresholds, stamp
from archive.lock import is_held
from archive.place import in_a_bag
from archive.schema import DATABASE_NAME
from archive.writing import write_whole
from scraper.config import Config
from scraper.config_schedule import ScheduleSettings
from scraper.hook import run_hook
from scraper.room import free_bytes
from scraper.when import parse_when


@dataclass(slots=True)
class Looked:
    """What was seen, what was new in it, and what went wrong in telling it."""

    health: Health
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def limits_of(config: Config) -> Thresholds:
    """The thresholds that a config sets."""
    named = ("stale_hours", "stale_hours_critical", "hung_hours", "quiet_days", "quiet_factor", "baseline_days",
             "least_pages", "jump_points", "jump_chance", "disk_days", "disk_days_critical")  # fmt: skip
    return Thresholds(
        **{name: getattr(config.health, name) for name in named},
        min_free_bytes=int(config.crawl.min_free_megabytes * 1_000_000),
        audit_days=config.audit.every_days,
        backup_every_hours=_backup_every_hours(config.schedule),
        notice=config.source.notice,
        off=frozenset(config.health.off),
    )


def _backup_every_hours(schedule: ScheduleSettings) -> float | None:
    """The longest time between two scheduled backups; None where none are scheduled."""
    if schedule.backup_to is None or not schedule.backup:
        return None
    moments = parse_when(schedule.backup).moments(ZoneInfo("UTC"), date(2026, 1, 1), 100)
    return max((after - before).total_seconds() / 3600 for before, after in pairwise(moments))


def look(config: Config, folder: Path, now: datetime, *, free: Callable[[Path], int] = free_bytes) -> Health:
    """The archive's health, from what is there; nothing is written. Never raises: what cannot be read is unknown."""
    try:
        db = schema.connect(folder / DATABASE_NAME, read_only=True)
        try:
            standing = read_state(folder / STATE_NAME).standing()
            return examine(
                db, now, limits_of(config), free=free(folder), lock_held=lambda: is_held(folder), standing=standing
            )
        finally:
            db.close()
    except SustaError as error:
        return unknown(now, str(error), error.advice)
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        advice = "`susta check` says what is damaged; `susta rebuild` makes archive.db again from the WARC files."
        return unknown(now, f"{folder / DATABASE_NAME} cannot be read: {type(error).__name__}: {error}", advice)


def look_and_tell(
    config: Config,
    folder: Path,
    now: datetime,
    *,
    free: Callable[[Path], int] = free_bytes,
    health: Health | None = None,
) -> Looked:
    """As `look` (or with what is known already); then the hook is told of what changed, and state and metrics are
    written."""
    looked = Looked(health or look(config, folder, now, free=free))
    health, state = looked.health, read_state(folder / STATE_NAME)
    looked.changes = changes(state, health)
    told = True
    if looked.changes and config.health.hook:
        problem = run_hook(config.health.hook, facts(looked, folder), config.health.hook_timeout_seconds)
        if problem:
            told = False
            looked.problems.append(f"{problem}; it is told again next time")
    if told and (folder / DATABASE_NAME).exists() and not in_a_bag(folder):
        _write(looked, folder / STATE_NAME, lambda path: write_state(path, state.after(health), now))
    if config.health.metrics_file is not None:
        text = metrics(health, config.schedule.name)
        _write(looked, config.health.metrics_file, lambda path: write_whole(path, text))
    return looked


def _write(looked: Looked, path: Path, write: Callable[[Path], None]) -> None:
    try:
        write(path)
    except OSError as error:
        looked.problems.append(f"{path} could not be written: {error.strerror or error}")


def facts(looked: Looked, folder: Path) -> dict[str, Any]:
    """What the hook gets: the archive, every rule, and what changed."""
    changed = [each.as_dict() for each in looked.changes]
    return {"archive": str(folder.absolute())} | looked.health.as_dict() | {"changes": changed}


def accept(folder: Path, rule: str, now: datetime) -> State:
    """Notes that a person takes what a rule says as the new usual. Raises ArchiveUnusable."""
    assert rule in RULES
    path = folder / STATE_NAME
    if not (folder / DATABASE_NAME).exists():
        raise ArchiveUnusable(f"There is no archive at {folder}", advice="Name it with --archive DIR.")
    state = read_state(path).accept(rule, now)
    try:
        write_state(path, state, now)
    except OSError as error:
        raise ArchiveUnusable(f"{path} cannot be written: {error.strerror} ({stamp(now)})") from error
    return state
