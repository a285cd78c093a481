"""Files of captures that others made, opened: WARC files, plain or gzipped, and WACZ packages of them.

Names inside a package are never used as paths: nothing is unpacked, its WARC files are read where they lie in the ZIP.
"""

import hashlib
import io
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from archive.errors import ConfigError
from archive.foreign import is_warc

_ZIP, _ZSTD, _ARC = b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"filedesc:"
_LOCAL_HEADER = struct.Struct("<4s5HIIIHH")
_MOST_MANIFEST = 1 << 24  # bytes of a datapackage.json
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, NotImplementedError, struct.error, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class Part:
    """One WARC file, by itself or in a package. `said_sha256` is what the package says of it, "" where it says nothing;
    `start` and `size` are where it lies in its file, where that can be read from any place."""

    name: str
    path: Path
    start: int = 0
    size: int | None = None
    member: str = ""
    said_sha256: str = ""

    @property
    def seekable(self) -> bool:
        """Whether records can be read again from their offsets."""
        return not self.member

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The part's bytes. Raises OSError, for damaged packages too."""
        if self.member:
            with ExitStack() as stack:
                try:
                    package = stack.enter_context(zipfile.ZipFile(self.path))
                    file = stack.enter_context(package.open(self.member))
                except (*_BROKEN, RuntimeError) as error:
                    raise OSError(f"the package is damaged: {error}") from error
                yield io.BufferedReader(_Streamed(file))
        else:
            with self.path.open("rb") as file:
                yield file if self.size is None else io.BufferedReader(_Window(file, self.start, self.size))


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file to import: its WARC files, and what of it cannot be taken (in words)."""

    path: Path
    parts: tuple[Part, ...]
    problems: tuple[str, ...] = ()


def open_foreign(path: Path) -> ForeignFile:
    """Looks at a file. Raises ConfigError, and changes nothing, where it is not there or holds no WARC records."""
    if path.exists() and not path.is_file():  # a pipe would be waited for, a device never ends
        raise ConfigError(f"{path} is no file", advice="A file is read more than once: write it to a disk first.")
    try:
        with path.open("rb") as file:
            first = file.read(16)
            file.seek(0)
            warc = is_warc(file)
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror or error}") from error
    if not first:
        raise ConfigError(f"{path} is empty")
    if first.startswith(_ZIP):
        return _open_package(path)
    if not warc:
        raise ConfigError(f"{path} is not a WARC file", advice=_advice(first))
    return ForeignFile(path, (Part(path.name, path),))


def _advice(first: bytes) -> str:
    if first.startswith(_ZSTD):
        return "It is compressed with zstd: `zstd -d FILE`, then import what comes out."
    if first.startswith(_ARC):
        return "It is an ARC file, the older format: `warcio recompress FILE.arc FILE.warc.gz` makes a WARC file of it."
    return "Taken are WARC 1.0 and 1.1, plain or gzipped, and WACZ packages."


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open_package(path: Path) -> ForeignFile:
    parts: list[Part] = []
    problems: list[str] = []
    try:
        with zipfile.ZipFile(path) as package, path.open("rb") as file:
            said = _manifest(package)
            for entry in package.infolist():
                if not entry.filename.endswith((".warc", ".warc.gz")):
                    continue
                part = _refused(entry) or _part(path, entry, file, said.get(entry.filename, ""), parts)
                if isinstance(part, Part):
                    parts.append(part)
                else:
                    problems.append(f"{entry.filename!r} in {path.name} is not read: {part}")
    except (*_BROKEN, ValueError, OSError) as error:  # an offset before the file's beginning is an OSError
        raise ConfigError(
            f"{path} is a ZIP file that cannot be read: {error}",
            advice="If it was cut, fetch it again; `zip -FF` may save its WARC files.",
        ) from error
    if not parts:
        raise ConfigError(f"{path} holds no WARC file that can be read", problems=tuple(problems))
    return ForeignFile(path, tuple(parts), tuple(problems))


def _refused(entry: zipfile.ZipInfo) -> str:
    """Why an entry of a package is left alone; "" for one that is well. Its name is only ever shown."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its name leads out of the package"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"its compression ({entry.compress_type}) is not one that packages use"
    return ""


def _part(path: Path, entry: zipfile.ZipInfo, file: IO[bytes], said: str, before: list[Part]) -> Part | str:
    """An entry as a part; why it is none, where it does not lie in the file by itself."""
    name = f"{path.name}/{PurePosixPath(entry.filename).name}"
    if entry.compress_type != zipfile.ZIP_STORED:
        return Part(name, path, member=entry.filename, said_sha256=said)
    file.seek(entry.header_offset)
    signature, *_, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _ZIP:
        raise zipfile.BadZipFile(f"no entry begins at {entry.header_offset}")
    start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    if start + entry.file_size > path.stat().st_size:
        return "it reaches beyond the end of the package"
    if any(part.size and start < part.start + part.size and part.start < start + entry.file_size for part in before):
        return "it overlaps another entry"
    return Part(name, path, start, entry.file_size, said_sha256=said)


def _manifest(package: zipfile.ZipFile) -> dict[str, str]:
    """SHA-256 by path, as datapackage.json has them (WACZ 1.1.1); empty where there is none that can be read."""
    try:
        with package.open("datapackage.json") as file:
            resources = json.loads(file.read(_MOST_MANIFEST))["resources"]
        said = {str(each["path"]): str(each["hash"]) for each in resources}
    except (KeyError, TypeError, ValueError, RuntimeError, RecursionError, zipfile.BadZipFile, zlib.error):
        return {}
    return {name: digest[7:].lower() for name, digest in said.items() if digest.startswith("sha256:")}


class _Window(io.RawIOBase):
    """A stretch of a file as a file of its own."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        piece = self._file.read(max(min(len(buffer), self._size - self._at), 0))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _Streamed(io.RawIOBase):
    """A packed entry: read once, from its beginning. That it is damaged shows as its end, and is kept to be told."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        try:
            piece = self._file.read(min(len(buffer), _CHUNK))
        except _BROKEN as error:
            raise OSError(f"the package is damaged: {error}") from error
        buffer[: len(piece)] = piece
        return len(piece)
