"""Files and folders written whole or not at all: beside their place under another name, and then moved there.

What was interrupted leaves nothing behind but, after a power cut, something that ends in `.part`.
"""

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from archive.errors import ConfigError
from archive.own_files import refuse_own

_BUFFER = 1 << 20


class Digested(io.RawIOBase):
    """A binary file that writes into another, which it never closes, and knows the SHA-256 of all that it wrote."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return self._out.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def file(self) -> IO[bytes]:
        """Itself, for what asks for a file and only writes."""
        return cast(IO[bytes], self)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which stands at `path` once all was written; a device or pipe is written into directly, and
    links are followed. Raises ConfigError where no file can be, or may be (own_files.py)."""
    refuse_own(path)
    target = path.resolve()
    if not target.parent.is_dir():
        raise ConfigError(f"Cannot write {path}: there is no folder {target.parent}", advice="Make it first.")
    if target.is_dir():
        raise ConfigError(f"Cannot write {path}: it is a folder")
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    temporary = target.with_name(target.name + ".part")
    try:
        with temporary.open("wb", buffering=_BUFFER) as out:
            yield out
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder to fill, which stands at `path` once that is done. Raises ConfigError where there is something
    already: a folder that people may have written into is never replaced; and as `whole_file`."""
    refuse_own(path)
    target = path.resolve()
    if not target.parent.is_dir():
        raise ConfigError(f"Cannot write {path}: there is no folder {target.parent}", advice="Make it first.")
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ConfigError(f"{path} is there already", advice="Name a new folder, or remove this one.")
    temporary = target.with_name(target.name + ".part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """A small file, written beside its place and then moved there, so that no reader ever sees half of it."""
    new = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
