"""A ZIP file written in one pass: each entry with its SHA-256 as it goes by, the same bytes for the same input, and in
its place only when it is whole."""

import calendar
import hashlib
import os
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.errors import ConfigError
from archive.own_files import refuse_own

_CHUNK = 1 << 20
_LARGE = 1 << 31  # from here on an entry needs ZIP64
_LATEST = (1 << 31) - 1  # that an extended timestamp can say
_SYSTEM = 3  # Unix, wherever it was made
_MODE = 0o100644


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written."""

    path: str
    bytes: int
    sha256: str


class Zipped:
    """Writes the entries of one ZIP file. `at` is (year, month, day, hour, minute, second) for all of them."""

    def __init__(self, package: zipfile.ZipFile, at: tuple[int, int, int, int, int, int]) -> None:
        self._package, self._at = package, at
        # The time once more, in UTC (Info-ZIP's extended timestamp). An entry with a field of ZIP64 in its local header
        # alone is misread by viewers that look for fields in the central directory first (wabac.js); with this one,
        # there always is a field in both.
        seconds = calendar.timegm((*at, 0, 0, 0))
        self._extra = struct.pack("<HHBl", 0x5455, 5, 1, min(seconds, _LATEST))

    def add(self, path: str, pieces: Iterable[bytes], *, size: int | None = None, stored: bool = False) -> Entry:
        """Adds an entry, packed unless `stored`. `size` is what is expected, where it is known."""
        info = zipfile.ZipInfo(path, self._at)
        info.create_system = _SYSTEM
        info.external_attr = _MODE << 16
        info.extra = self._extra
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        digest = hashlib.sha256()
        count = 0
        with self._package.open(info, "w", force_zip64=size is None or size >= _LARGE) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                count += len(piece)
        return Entry(path, count, digest.hexdigest())


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """What is left of a file, in pieces."""
    while piece := file.read(_CHUNK):
        yield piece


@contextmanager
def zipped(output: Path, at: tuple[int, int, int, int, int, int]) -> Iterator[Zipped]:
    """A ZIP file that takes its place, durable, when the block ends; at an error nothing is left of it.

    Raises ConfigError where there is no such folder, the place is a folder, or an archive's own (own_files.py).
    """
    refuse_own(output)
    target = output.resolve()
    if not target.parent.is_dir():
        raise ConfigError(f"Cannot write {output}: there is no folder {target.parent}", advice="Make it first.")
    if target.is_dir():
        raise ConfigError(f"Cannot write {output}: it is a folder")
    temporary = target.with_name(target.name + ".part")
    try:
        with temporary.open("wb") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as package:
                yield Zipped(package, at)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
