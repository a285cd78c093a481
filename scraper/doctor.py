"""Is this machine fit to run an archive, and the site to be asked? Each check says what it saw and, where something is
amiss, what to do. Nothing is changed; what is asked of the site is asked as a crawl would, and not kept."""

import fcntl
import locale
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.config import Config
from scraper.room import free_bytes
from scraper.starting import CONTACT_IS, is_contact

_PYTHON = (3, 11)
_SQLITE = (3, 38, 0)  # STRICT tables came with 3.37, JSON as a part of it with 3.38
_COMFORTABLE = 5_000_000_000  # bytes; what archives weigh stands in docs/measurements.md
_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right shows less


class Verdict(StrEnum):
    """What a check came to."""

    FINE = "fine"
    REMARK = "remark"  # works, and could be better
    AMISS = "amiss"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `lines` are details for people."""

    name: str
    verdict: Verdict
    said: str
    advice: str = ""
    lines: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": str(self.verdict), "lines": list(self.lines)}


def machine_checks(
    config: Config,
    folder: Path,
    now: datetime,
    *,
    free: Callable[[Path], int] = free_bytes,
    encoding: str | None = None,
) -> Iterator[Check]:
    """What can be told without asking anybody, one after the other."""
    yield check_python(sys.version_info[:3])
    yield check_sqlite(sqlite3.sqlite_version_info)
    yield check_config(config)
    yield check_folder(folder)
    yield check_disk(free(folder), int(config.crawl.min_free_megabytes * 1_000_000))
    yield check_clock(now, None)
    yield check_zone(config.schedule.time_zone)
    yield check_encoding(encoding or locale.getencoding(), sys.getfilesystemencoding())


def check_python(version: tuple[int, ...]) -> Check:
    said = f"Python {'.'.join(map(str, version))}, {platform.system()} {platform.machine()}"
    if tuple(version[:2]) < _PYTHON:
        return Check("python", Verdict.AMISS, said, "Python 3.11 or newer is needed.")
    return Check("python", Verdict.FINE, said)


def check_sqlite(version: tuple[int, ...]) -> Check:
    """Whether this Python's SQLite has what an archive is made of, by making one of each."""
    named = ".".join(map(str, version))
    advice = "Use a Python that brings a newer SQLite, such as those of python.org, uv or conda."
    if tuple(version) < _SQLITE:
        return Check("sqlite", Verdict.AMISS, f"SQLite {named} is too old; 3.38 is needed", advice)
    features = {
        "full-text search (FTS5) that folds marks": "CREATE VIRTUAL TABLE a USING fts5"
        "(x, tokenize = 'unicode61 remove_diacritics 2')",
        "STRICT tables": "CREATE TABLE b (x INTEGER) STRICT",
        "JSON": "SELECT json_extract('{\"a\": 1}', '$.a')",
    }
    db = sqlite3.connect(":memory:")
    missing = []
    for name, sql in features.items():
        try:
            db.execute(sql)
        except sqlite3.Error:
            missing.append(name)
    db.close()
    if missing:
        return Check("sqlite", Verdict.AMISS, f"SQLite {named} lacks {', '.join(missing)}", advice)
    return Check("sqlite", Verdict.FINE, f"SQLite {named} with FTS5, STRICT and JSON")


def check_config(config: Config) -> Check:
    """Whether the settings are polite; that they can be read is known already."""
    remarks = []
    if not config.crawl.contact:
        remarks.append("[crawl] contact is empty: the site cannot reach you")
    elif not is_contact(config.crawl.contact):
        remarks.append(f"[crawl] contact is {config.crawl.contact!r}: {CONTACT_IS}")
    if config.crawl.delay_seconds < 1 and any(not _is_here(url) for url in config.site.start_urls):
        remarks.append(f"[crawl] delay_seconds = {config.crawl.delay_seconds:g} is hardly polite")
    starts = ", ".join(config.site.start_urls)
    if remarks:
        return Check(
            "config",
            Verdict.REMARK,
            "; ".join(remarks),
            "Set it in the config; `susta init` writes one with a contact.",
        )
    return Check("config", Verdict.FINE, f"starts at {starts}, as {config.user_agent}")


def _is_here(url: str) -> bool:
    host = url.partition("://")[2].partition("/")[0]
    return host.startswith(("127.", "localhost", "[::1]"))


def check_folder(folder: Path) -> Check:
    """Whether the archive's folder (or where it would be made) can be written, and keeps locks as an archive needs."""
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.NamedTemporaryFile(prefix=".susta-doctor-", dir=there) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with open(file.name, "rb") as other:
                try:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    kept = True
                else:
                    kept = False
    except OSError as error:
        advice = "Give write access, or name another folder ([archive] folder)."
        return Check("folder", Verdict.AMISS, f"{there} cannot be written: {error.strerror or error}", advice)
    if not kept:
        advice = "Two runs could get into each other's way there: use a local disk."
        return Check("folder", Verdict.AMISS, f"{there} does not keep locks", advice)
    is_there = "is there" if folder.exists() else "will be made"
    return Check("folder", Verdict.FINE, f"{folder.absolute()} {is_there}")


def check_disk(free: int, least: int) -> Check:
    said = f"{free / 1e9:,.1f} GB free"
    if free < least:
        advice = "Make room, or set [crawl] min_free_megabytes lower."
        return Check("disk", Verdict.AMISS, f"{said}; a run needs {least / 1e9:,.2f}", advice)
    if free < _COMFORTABLE:
        return Check("disk", Verdict.REMARK, said, "A whole archive may need more; `susta health` warns in time.")
    return Check("disk", Verdict.FINE, said)


def check_clock(now: datetime, server: datetime | None) -> Check:
    """Whether the clock is right: against the server's, where that is known (RFC 9110, 6.6.1)."""
    advice = "Set it and keep it right (`timedatectl set-ntp true`): captures are dated by it."
    shown = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if now < _BEGAN:
        return Check("clock", Verdict.AMISS, f"it shows {shown}, before this program was written", advice)
    if server is None:
        return Check("clock", Verdict.FINE, shown)
    off = (now - server).total_seconds()
    if abs(off) > 300:
        how = "ahead of" if off > 0 else "behind"
        return Check("clock", Verdict.AMISS, f"{abs(off) / 60:.0f} minutes {how} the server's", advice)
    return Check("clock", Verdict.FINE, f"{abs(off):.0f} s from the server's")


def check_zone(name: str) -> Check:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        advice = 'Install the system\'s package tzdata, or set [schedule] time_zone = "UTC".'
        return Check("time zone", Verdict.AMISS, f"{name} is not known on this machine", advice)
    return Check("time zone", Verdict.FINE, f"{name}, for the times of [schedule]")


def check_encoding(terminal: str, files: str) -> Check:
    """Whether Vietnamese can be shown, and stand in names of files."""
    wrong = [name for name in (terminal, files) if name.lower().replace("-", "") not in ("utf8", "utf8sig")]
    if wrong:
        advice = "Set LANG=C.UTF-8 (or vi_VN.UTF-8); what is kept is UTF-8 in any case."
        return Check("letters", Verdict.REMARK, f"this terminal or its file names are {', '.join(wrong)}", advice)
    return Check("letters", Verdict.FINE, "UTF-8: Đồng chí Lò Thị Mười")
