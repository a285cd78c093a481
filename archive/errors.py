"""Every error that ends a command, with its exit code. One tree, one `except` in the command line.

    SustaError                   what happened, where, and what to do about it
    ├── ConfigError        2     config.toml or the command's own words are wrong
    ├── ArchiveUnusable    4     damaged, foreign, made by a newer version, read-only, or no room left
    ├── LockHeld           5     another run is working on this archive
    └── NothingCrawled     6     site unreachable, robots.txt forbids, or not one page came

A page that is no article is not an error but a `Refusal` (records.py); a page that could not be fetched is a
`FetchFailure` (scraper/fetch.py). Both are values that end up in the archive.
"""

import errno
import sqlite3
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller (design: exit codes)."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    NO_ARTICLE = 3
    ARCHIVE_UNUSABLE = 4
    LOCKED = 5
    NOTHING_CRAWLED = 6
    INTERRUPTED = 130


EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.SOME_FAILED: "done, but some pages failed, were challenges, or wait for a host that was left alone; "
    "or `check` found damage; or a file to import was damaged; or an export or package lacks "
    "what could not be read",
    ExitCode.USAGE: "wrong usage or configuration; nothing was started",
    ExitCode.NO_ARTICLE: "the page is no article (`extract`, `inspect`), or nothing in the archive answers (`show`)",
    ExitCode.ARCHIVE_UNUSABLE: "the archive cannot be used: missing, damaged, foreign, made by a newer version, "
    "read-only, or the disk is full or (`crawl`) nearly so",
    ExitCode.LOCKED: "another run holds the archive's lock",
    ExitCode.NOTHING_CRAWLED: "nothing could be crawled: site unreachable, robots.txt forbids, the host asked to be "
    "left alone, or not one page came (the server answered 403, 404 and the like, or led elsewhere)",
    ExitCode.INTERRUPTED: "interrupted; the state is saved and the same command goes on",
}


class SustaError(Exception):
    """Ends a command. The message says what happened and where; `advice` says what to do; `report` is what was done
    until then, where there is something to say."""

    exit_code: ExitCode = ExitCode.SOME_FAILED

    def __init__(self, message: str, *, advice: str = "", report: object = None) -> None:
        super().__init__(message)
        self.advice, self.report = advice, report


class ConfigError(SustaError):
    """The configuration or the command line is wrong; `problems` lists every mistake with its path."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.problems = problems


class ArchiveUnusable(SustaError):
    """The archive cannot be opened or written; nothing in it was changed."""

    exit_code = ExitCode.ARCHIVE_UNUSABLE


class LockHeld(SustaError):
    """Another process works on this archive."""

    exit_code = ExitCode.LOCKED


class NothingCrawled(SustaError):
    """Not one page could be fetched. `report` is what the run has to say all the same."""

    exit_code = ExitCode.NOTHING_CRAWLED


def trouble_with(error: OSError | sqlite3.Error) -> ArchiveUnusable:
    """What a foreign error means to whoever uses an archive."""
    if isinstance(error, sqlite3.Error):
        return ArchiveUnusable(
            f"The archive's database cannot be used: {error}",
            advice="Is the disk full, or the folder read-only? If the file is damaged, `susta rebuild` makes it again.",
        )
    named = f"{error.filename}: " if error.filename else ""
    return ArchiveUnusable(
        f"Cannot go on: {named}{error.strerror or error}",
        advice="Is the disk full, or the place not yours to write to?",
    )


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what it was raised from, says that nothing more can be written."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__
    return False
