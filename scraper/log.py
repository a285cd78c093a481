"""The log of a run as JSON lines: one object an event, appended whole and at once, with the time in UTC.

Every object has `time`, `event` and `run`; docs/reference.md lists the events. A log that cannot be written never stops
a crawl: what failed is remembered, and the next event is tried all the same, on a line of its own.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ConfigError

# Each event and what it holds besides `time`, `event` and `run`. The documentation is written from this.
EVENTS: dict[str, str] = {
    "run-started": "`start_urls`, `limit` (pages, or null), `software`",
    "repaired": "`what`: what a killed run had left, made good",
    "reopened": "`pattern`: a closed trap opened again",
    "answer": "`url`, `host`, `kind` (what it was asked for as), `status`, `outcome` (`new`, `changed`, `unchanged`, "
    "`alias`, `redirect`, `media`, `robots`, or why the page is no article), `bytes`, `seconds`, `new_links`",
    "failure": "`url`, `host`, `kind`, `reason`, `detail`: no answer could be had",
    "not-asked": "`url`, `host`, `kind`, `reason`: robots.txt forbids it, or could not be had",
    "trap": "`pattern`: a family of addresses closed as a trap",
    "rest": "`host`, `why`: the host is left alone for the rest of the run",
    "cut": "`what`: what was left out of a list for machines, and because of which limit",
    "crawl-delay-ignored": "`url`, `host`, `value`: a Crawl-delay in robots.txt that is no time",
    "run-finished": "`outcome`, `seconds`, `waiting`, and the counts of the run",
}


class RunLog:
    """Appends to one log file. `problem` is the first failure, in words, or ""."""

    def __init__(
        self, path: Path, now: Callable[[], datetime], *, write: Callable[[int, bytes], int] = os.write
    ) -> None:
        """Raises ConfigError when the file cannot be opened: a place that is wrong is told before anything is asked."""
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise ConfigError(
                f"Cannot write the log {path}: {error.strerror}", advice="Name a file in a folder that is there."
            ) from error
        self.path, self.problem = path, ""
        self._now, self._write = now, write
        self._torn = False

    def add(self, event: str, run: int, **data: object) -> None:
        """Appends one event. Raises nothing that the disk may cause."""
        time = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = json.dumps({"time": time, "event": event, "run": run} | data, ensure_ascii=False) + "\n"
        whole = ("\n" if self._torn else "") + line
        content = whole.encode("utf-8", "backslashreplace")
        try:
            written = self._write(self._file, content)
        except OSError as error:
            self._failed(error.strerror or str(error))
            return
        self._torn = self._torn if not written else written < len(content)
        if written < len(content):
            self._failed("only a part of a line could be written")

    def _failed(self, why: str) -> None:
        self.problem = self.problem or f"the log {self.path} could not be written: {why}"

    def close(self) -> None:
        os.close(self._file)
