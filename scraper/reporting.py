"""The report put together: facts and health of an archive, answer times from the log, and when the last report was."""

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from archive import schema
from archive.errors import ConfigError
from archive.health_terms import moment
from archive.report_facts import Facts, default_since, report_facts
from archive.report_page import page
from archive.store import DATABASE_NAME
from archive.writing import whole_file
from scraper.config import Config
from scraper.looking import look

_UNTIL = re.compile(r'<meta name="susta-report-until" content="([0-9TZ:.+-]{10,40})">')
_MOST_LOG = 20_000_000  # bytes of the log's end that are read
_MOST_RUNS = 30


def last_report(output: Path) -> datetime | None:
    """Up to when a report that is there tells; None where there is none, or something else."""
    try:
        with output.open("rb") as file:
            found = _UNTIL.search(file.read(20_000).decode("utf-8", "replace"))
    except OSError:
        return None
    try:
        return moment(found[1]) if found else None
    except ValueError:
        return None


def answer_times(log: Path | None) -> list[tuple[str, float]]:
    """(run, median seconds of its answers) of the newest runs, oldest first, from the end of the log, if there is one.
    Lines that are none are passed over."""
    if log is None:
        return []
    seconds: dict[int, list[float]] = {}
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _MOST_LOG))
            for line in file.read(_MOST_LOG).splitlines():
                if b'"answer"' in line:
                    _take(seconds, line)
    except OSError:
        return []
    return [(str(run), round(median(seconds[run]), 3)) for run in sorted(seconds)[-_MOST_RUNS:]]


def _take(seconds: dict[int, list[float]], line: bytes) -> None:
    try:
        event = json.loads(line)
        if event["event"] == "answer":
            seconds.setdefault(int(event["run"]), []).append(float(event["seconds"]))
    except (ValueError, KeyError, TypeError):
        return


def make_report(
    config: Config, folder: Path, now: datetime, since: datetime | None
) -> tuple[Facts, str, dict[str, Any]]:
    """(facts, page, JSON) of the time from `since`, or of the last week, up to now. Raises ArchiveUnusable."""
    begin = since or default_since(now)
    if begin > now:
        raise ConfigError(f"The report would begin at {begin:%Y-%m-%d %H:%M}, which is in the future")
    db = schema.connect(folder / DATABASE_NAME, read_only=True)
    try:
        db.execute("BEGIN")  # one moment's state
        facts = report_facts(db, begin, now)
    finally:
        db.close()
    health = look(config, folder, now)
    times = answer_times(config.archive.log_file)
    return facts, page(facts, health, times), asdict(facts) | {"health": health.as_dict(), "answer_seconds": times}


def write_report(output: Path, text: str) -> None:
    """Writes the page, whole. Raises ConfigError where no file can be."""
    with whole_file(output) as out:
        out.write(text.encode())
