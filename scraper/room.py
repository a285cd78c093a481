"""Free disk space: asked before a run and while it goes on, so that a run stops while it still can in good order."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

ASIDE_NAME = "room.aside"  # in the archive's folder, while a run goes on
_ASIDE = 4_000_000  # bytes
_EVERY = 1_000_000  # bytes received between two looks


def free_bytes(folder: Path) -> int:
    """Bytes that may still be written where a folder is, or would be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


class Room:
    """Watches the free space of one archive. `least` is in bytes; 0 turns it off.

    Some is set aside while a run goes on, so that a disk that fills up all the same leaves room to say how it ended.
    """

    def __init__(self, folder: Path, least: int, free: Callable[[Path], int]) -> None:
        self._folder, self._least, self._free = folder.absolute(), least, free
        self._looked_at = 0
        self._aside = self._folder / ASIDE_NAME

    def set_aside(self) -> None:
        """Takes up some space, where there is some."""
        with contextlib.suppress(OSError), self._aside.open("wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, _ASIDE)
            except OSError:
                file.truncate(0)

    def release(self) -> None:
        """Gives back what was set aside, if anything was."""
        with contextlib.suppress(OSError):
            self._aside.unlink(missing_ok=True)

    def shortage(self, written: int | None = None) -> str | None:
        """What is amiss, in words, when there is less room than there must be. With `written`, the bytes received so
        far, it looks only once in a while."""
        if not self._least or (written is not None and written - self._looked_at < _EVERY):
            return None
        self._looked_at = written or 0
        free = self._free(self._folder)
        if free >= self._least:
            return None
        there, least = free / 1_000_000, self._least / 1_000_000
        return f"{self._folder} has {there:.0f} MB of free disk space, less than the {least:.0f} MB that a run needs"
