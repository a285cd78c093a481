"""WARC files that are damaged or made to do harm: each is named as such, and none is read as something else."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from builders import make_exchange
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveUnusable
from archive.warc import WarcFiles
from archive.warc_reading import read_all, read_one

FILE = "susta-000001-20261122T020000Z.warc.gz"


def record(kind: str = "metadata", block: bytes = b"{}", fields: bytes = b"Susta-Event: x", length: int = -1) -> bytes:
    size = len(block) if length < 0 else length
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-11-22T02:00:00Z\r\nContent-Length: {size}\r\n".encode()
    return gzip.compress(head + fields + b"\r\n\r\n" + block + b"\r\n\r\n", mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        b"not a WARC file",
        gzip.compress(b"not a WARC file", mtime=0),
        record(length=10**12),
        record(block=b"[]"),
        record(block=b"[" * 100_000),
        record(block=b"\xff"),
        record(fields=b"X: " + b"a" * 10_000_000),
        record("response", b"HTTP/1.1 200 OK\r\n\r\n", b"Susta-Role: ../../etc/passwd"),
        record(length=1, block=bytes(1000)) + record(),
    ],
)
def test_what_is_no_record_of_ours_is_damage_with_its_file_and_offset(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ArchiveUnusable, match=FILE + " is damaged in the record at offset [0-9]+"):
        list(read_all(tmp_path))
    with pytest.raises(ArchiveUnusable):
        read_one(tmp_path, FILE, 0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    files = WarcFiles(folder, software="test")
    files.append(make_exchange(b"<p>Xin</p>" * 20))
    files.close()
    return (folder / FILE).read_bytes()


def read(content: bytes) -> list[object] | str:
    """What a file gives, or the damage it is said to have."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / FILE).write_bytes(content)
        try:
            return list(read_all(Path(name)))
        except ArchiveUnusable as error:
            return str(error)


@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
@settings(max_examples=80, deadline=None)
def test_a_flipped_byte_gives_the_same_records_or_damage_and_never_others(
    whole: bytes, place: float, bits: int
) -> None:
    data = bytearray(whole)
    data[int(place * len(data))] ^= bits
    said = read(bytes(data))
    # Some bytes of a gzip header mean nothing; the file's own digest tells of those.
    assert said == read(whole) or FILE + " is damaged" in said
