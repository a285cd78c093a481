"""One run at a time on one archive: a lock that dies with its holder. `flock` on `DIR/.lock`, which names the
holder."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveUnusable, LockHeld

LOCK_NAME = ".lock"


@contextmanager
def locked(folder: Path, doing: str) -> Iterator[None]:
    """Holds the archive's lock. Raises LockHeld, naming the holder, when another process has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = open(folder / LOCK_NAME, "a+", encoding="utf-8")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise ArchiveUnusable(
            f"Cannot write to {folder}: {error.strerror}",
            advice="Give write access, or name another with --archive DIR.",
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise LockHeld(
                f"Another run works on {folder}: {holder}",
                advice="Wait until it ends; only one run at a time may write.",
            ) from error
        file.truncate(0)
        file.write(f"{doing}, process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield
        file.truncate(0)


def is_held(folder: Path) -> bool:
    """Whether a living process holds the archive's lock: asked for a moment, shared, and given back at once. To be
    asked only where a run is said to go on: a run that starts in that very moment would be refused."""
    try:
        with open(folder / LOCK_NAME, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
