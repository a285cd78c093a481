"""What the commands share: options every one of them takes, and how they speak."""

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from archive.errors import ExitCode
from archive.own_files import refuse_own
from scraper.config import DEFAULT_NAME, Config

ArchiveOption = Annotated[
    Path | None, typer.Option("--archive", metavar="DIR", help="The archive's folder (default: the config's).")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Config file (default: ./config.toml if it is there).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else on standard output.")]

SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="Articles of this day (YYYY-MM-DD) or later.")
]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Articles of this day or earlier.")]
CategoryOption = Annotated[
    str | None, typer.Option("--category", metavar="NAME", help="Articles of this category (as in the address).")
]
BylineOption = Annotated[
    str | None, typer.Option("--byline", metavar="WORDS", help="Articles whose byline has these words, marks or not.")
]


MISSING_ADVICE = "Restore them from a backup; `susta check` names what is damaged."


def folder_of(archive: Path | None, config: Config) -> Path:
    """The archive's folder: the one named on the command line, else the config's."""
    return archive if archive is not None else config.archive.folder


def make_folder_of(file: Path | None) -> None:
    """Makes the folder of a file that the config names. Where that fails, writing the file says why."""
    if file is not None:
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)


def refuse_output(output: Path | None, folder: Path, config: Path | None) -> None:
    """Raises ConfigError for an output that would replace a file of the archive, or the config; before any work."""
    if output is not None:
        refuse_own(output, folder=folder, config=config or Path(DEFAULT_NAME))


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def say(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr, flush=True)


class Stopping:
    """Turns Ctrl-C and SIGTERM into a wish to stop, which the crawl honours within seconds; a second one insists.

    Insisting ends the process where it stands, as a power cut would, and the next run makes good what is left. An
    exception in its place could strike between two writes that belong together, and be followed by further ones.
    """

    def __init__(self, *, leave: Callable[[int], object] = os._exit) -> None:
        self.event = threading.Event()
        self._leave = leave
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Stopping":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._wish)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _wish(self, _number: int, _frame: FrameType | None) -> None:
        if self.event.is_set():
            # Straight to the stream: what was interrupted may hold its lock. The cursor that progress hides comes back.
            shown = "\x1b[?25h" if os.isatty(2) else ""
            os.write(2, f"{shown}Left at once; the next run makes good what this one left.\n".encode())
            self._leave(ExitCode.INTERRUPTED)
        self.event.set()
        os.write(2, "Stopping; what was fetched is saved …\n".encode())
