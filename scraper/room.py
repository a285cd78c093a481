"""Free disk space: asked before a run and while it goes on, so that a run stops while it still can in good order."""

import shutil
from collections.abc import Callable
from pathlib import Path

_EVERY = 1_000_000  # bytes received between two looks


def free_bytes(folder: Path) -> int:
    """Bytes that may still be written where a folder is, or would be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


class Room:
    """Watches the free space of one archive. `least` is in bytes; 0 turns it off."""

    def __init__(self, folder: Path, least: int, free: Callable[[Path], int]) -> None:
        self._folder, self._least, self._free = folder.absolute(), least, free
        self._looked_at = 0

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
