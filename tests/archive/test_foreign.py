"""Reading WARC files that others made: what is whole comes out, every damage is named, nothing grows without limit."""

from __future__ import annotations

import gzip
import io
import random
import re
import tracemalloc
import zlib

import pytest
from foreign_warcs import ForeignWarc
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.foreign import (
    MOST_HEADER_BYTES,
    Damaged,
    Fields,
    ForeignRecord,
    is_digest,
    is_warc,
    new_digest,
    read_block,
    scan,
)

ADDRESS = "http://susta.vn/tin-tuc/bai-{}"


def made(count: int = 5, *, packed: bool = True, version: str = "1.0") -> bytes:
    warc = ForeignWarc(version, packed)
    for number in range(count):
        warc.response(ADDRESS.format(number), f"<p>Bài {number}</p>" * 40, method=None)
    return warc.data


PACKED, PLAIN = made(), made(packed=False)
WHOLE = [ADDRESS.format(number) for number in range(5)]


def read(data: bytes, *, wanted: bool = True) -> tuple[list[str], list[Damaged]]:
    """Targets of the responses that came out whole, and the damage."""
    addresses, damage = [], []
    for record in scan(io.BytesIO(data), lambda *_: wanted):
        if isinstance(record, Damaged):
            damage.append(record)
        elif record.fields["warc-type"] == "response":
            addresses.append(record.fields["warc-target-uri"])
    return addresses, damage


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(
    "shape",
    [
        lambda plain: plain,
        gzip.compress,
        lambda plain: gzip.compress(plain[:700]) + gzip.compress(plain[700:]),
        lambda plain: gzip.compress(plain) + bytes(512),
    ],
    ids=["plain", "one gzip member", "members that end anywhere", "padded"],
)
def test_records_come_out_whatever_the_file_is_packed_in(version: str, shape: object) -> None:
    assert read(shape(made(packed=False, version=version))) == (WHOLE, [])  # type: ignore[operator]


def test_a_record_in_a_member_of_its_own_can_be_read_again() -> None:
    for data in (PACKED, PLAIN):
        for record in scan(io.BytesIO(data), lambda *_: True):
            assert isinstance(record, ForeignRecord)
            assert record.offset is not None
            fields, block, length = read_block(io.BytesIO(data), record.offset, 1 << 20)
            assert (fields, block[: len(record.start)], length) == (record.fields, record.start, record.length)


def test_a_record_within_a_larger_member_has_no_place_but_its_bytes_can_be_kept() -> None:
    kept: list[bytes] = []

    def want(_: Fields, offset: int | None) -> object:
        return True if offset is not None else kept.append

    records = list(scan(io.BytesIO(gzip.compress(PLAIN)), want))  # type: ignore[arg-type]
    assert [record.offset is None for record in records if isinstance(record, ForeignRecord)] == [False] + [True] * 5
    assert read(b"".join(kept).replace(b"WARC/1.0\r\n", b"\r\n\r\nWARC/1.0\r\n").lstrip()) == (WHOLE, [])


@given(cut=st.integers(0, len(PACKED) - 1))
@settings(max_examples=80, deadline=None)
def test_of_a_cut_file_what_is_whole_comes_out_and_the_cut_is_told(cut: int) -> None:
    addresses, damage = read(PACKED[:cut])
    assert addresses == WHOLE[: len(addresses)]
    boundary = cut in [record.offset for record in scan(io.BytesIO(PACKED), lambda *_: True)]  # type: ignore[union-attr]
    assert len(damage) == (0 if boundary or cut == 0 else 1)


@given(cut=st.integers(1, len(PLAIN) - 5))
@settings(max_examples=80, deadline=None)
def test_a_cut_in_a_plain_file_is_told_too(cut: int) -> None:
    offsets = [r.offset for r in scan(io.BytesIO(PLAIN), lambda *_: True) if isinstance(r, ForeignRecord)]
    # Between two records, or in the blank lines between them, nothing is missing.
    between = any(offset is not None and 0 <= offset - cut <= 4 for offset in offsets)
    addresses, damage = read(PLAIN[:cut])
    assert addresses == WHOLE[: len(addresses)]
    assert bool(damage) != between


def test_a_flipped_byte_costs_one_record_and_no_other() -> None:
    draw = random.Random(7)
    for _ in range(300):
        data = bytearray(PACKED)
        place = draw.randrange(len(data))
        data[place] ^= 1 << draw.randrange(8)
        addresses, damage = read(bytes(data))
        harmless = addresses == WHOLE and not damage  # the time or the system in a member's header, say
        assert harmless or (len(damage) == 1 and len(addresses) >= len(WHOLE) - 1)
        if harmless:
            assert gzip.decompress(bytes(data)) == gzip.decompress(PACKED)


def test_bytes_that_do_not_match_their_digest_are_damaged() -> None:
    changed = PLAIN.replace("Bài 2".encode(), "Bài 7".encode(), 1)
    addresses, damage = read(changed)
    assert addresses == [address for address in WHOLE if not address.endswith("2")]
    assert [each.what for each in damage] == ["its bytes do not match their digest"]
    assert len(read(changed, wanted=False)[0]) == 5  # what nobody wants is not digested


@pytest.mark.parametrize("said", ["600", "700000", "-5", "1e3", "", "9" * 30, "٣"])
def test_a_wrong_length_costs_one_record(said: str) -> None:
    lengths = re.findall(rb"Content-Length: \d+", PLAIN)
    data = PLAIN.replace(lengths[1], f"Content-Length: {said}".encode(), 1)
    addresses, damage = read(data)
    assert addresses == WHOLE[1:]
    assert damage


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", bytes(100), b"\x1f\x8b", gzip.compress(b"no WARC"), b"WARC/9.9\r\n\r\n", b"%PDF-1.4"],
)
def test_what_is_no_warc_file_is_told_by_its_beginning(data: bytes) -> None:
    assert not is_warc(io.BytesIO(data))


def test_warc_files_are_told_by_their_beginning_or_by_what_follows_a_damaged_one() -> None:
    assert all(is_warc(io.BytesIO(data)) for data in (PACKED, PLAIN, gzip.compress(PLAIN), PACKED[3:]))
    assert read(PACKED[3:])[0] == WHOLE


def test_headers_without_end_are_damage() -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"a" * (2 * MOST_HEADER_BYTES)
    addresses, damage = read(head + b"\r\nContent-Length: 0\r\n\r\n\r\n\r\n" + PLAIN)
    assert addresses == WHOLE
    assert "longer than" in damage[0].what


def test_a_bomb_is_passed_through_in_pieces() -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 300000000\r\n\r\n"
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(head) + b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    tracemalloc.start()
    (record,) = scan(io.BytesIO(bomb), lambda *_: True)
    _, block, length = read_block(io.BytesIO(bomb), 0, 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(record, ForeignRecord)
    assert (len(block), length, record.length) == (1000, 300_000_000, 300_000_000)
    assert peak < 5_000_000


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.count += len(piece)
        return piece


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_records_that_claim_to_reach_to_the_end_do_not_have_the_file_read_once_for_each(packed: bool) -> None:
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900000000\r\n\r\n" + bytes(400) + b"\r\n\r\n"
    file = Counting((gzip.compress(record) if packed else record) * 3000)
    found = list(scan(file, lambda *_: True))
    assert len(found) == 3000
    assert all(isinstance(each, Damaged) for each in found)
    assert file.count < 3000 * 200_000  # a few chunks for each


def test_blank_lines_without_end_are_damage() -> None:
    assert "blank" in read(b"\r\n" * 100_000 + PLAIN)[1][0].what


def test_folded_and_repeated_fields() -> None:
    lines = (b"WARC/1.0", b"WARC-Type: response", b"A: one", b"  two", b"a: three", b"no colon", b"Content-Length: 0")
    head = b"\r\n".join(lines) + b"\r\n\r\n\r\n\r\n"
    (record,) = scan(io.BytesIO(head), lambda *_: True)
    assert isinstance(record, ForeignRecord)
    assert record.fields == {"warc-type": "response", "a": "one two", "content-length": "0"}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5", "sha512", "SHA-256"])
def test_digests_are_known_in_every_spelling(algorithm: str) -> None:
    from base64 import b32encode

    digest = new_digest(f"{algorithm}:x")
    assert digest is not None
    digest.update(b"abc")
    raw = digest.digest()
    for value in (raw.hex(), raw.hex().upper(), b32encode(raw).decode(), b32encode(raw).decode().rstrip("=").lower()):
        assert is_digest(f"{algorithm}:{value}", raw)
    assert not is_digest(f"{algorithm}:{raw[::-1].hex()}", raw)
    assert new_digest("crc32:00") is None
