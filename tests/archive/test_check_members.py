"""Records as the audit reads them: the same whether a member comes in one piece or in many, and whether a file is read
as one that was not changed or as any other."""

import gzip
import random
import re
import time
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest
from bad_archives import make_healthy
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.check_members import Record, RecordReader, Totals, _fields_of, read_members
from archive.check_unchanged import NotPlain, read_unchanged
from archive.damage import Code, Findings
from archive.warc import warc_paths

PIECES = (1, 7, 100, 4096)
HELD = attrgetter("offset", "end", "status", "payload_sha256")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return warc_paths(make_healthy(tmp_path_factory.mktemp("members") / "archive") / "warc")


@pytest.fixture(scope="module")
def records(files: list[Path]) -> list[bytes]:
    """One unpacked record of every kind that an archive has."""
    found: dict[tuple[bytes, ...], bytes] = {}
    for path in files:
        for data in re.split(rb"(?<=\r\n\r\n)(?=WARC/1\.1\r\n)", gzip.decompress(path.read_bytes())):
            names = re.findall(rb"^(?:WARC-Type: \w+|[\w-]+)", data.partition(b"\r\n\r\n")[0], re.M)
            found.setdefault(tuple(names), data)
    assert len(found) >= 6
    return list(found.values())


def in_pieces(data: bytes, length: int) -> Record:
    reader = RecordReader(0)
    for start in range(0, len(data), length):
        reader.feed(data[start : start + length])
    return reader.finish()


def damaged(record: bytes, turn: int, draw: random.Random) -> bytes:
    data = bytearray(record)
    at = draw.randrange(len(data)) if turn % 2 else draw.randrange(data.find(b"\r\n\r\n") + 4)
    match turn % 3:
        case 0:
            data[at] ^= 1 << draw.randrange(8)
        case 1:
            del data[at : at + draw.randint(1, 3)]
        case _:
            data[at:at] = draw.choice((b"\r", b"\n", b"\r\n", b" ", b":", b"\xff", b"\r\n\r\n", b"WARC-Type: x\r\n"))
    return bytes(data)


@pytest.mark.parametrize("length", PIECES)
def test_a_record_is_the_same_in_one_piece_and_in_many(records: list[bytes], length: int) -> None:
    for data in records:
        record = in_pieces(data, len(data))
        assert record.problem is None
        assert record == in_pieces(data, length)


def test_what_is_wrong_with_a_record_is_the_same_in_one_piece_and_in_many(records: list[bytes]) -> None:
    draw = random.Random(20261127)
    wrong = 0
    for turn in range(1_500):
        data = damaged(draw.choice(records), turn, draw)
        record = in_pieces(data, len(data))
        wrong += record.problem is not None
        assert record == in_pieces(data, draw.choice(PIECES)), data
    assert wrong > 500


def strictly(path: Path, start: int = 0) -> list[Record]:
    findings = Findings()
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        found = list(read_members(file, path.stat().st_size, Totals(None, start, 0, start), findings, path.name))
    return [] if findings.kept else found


def quickly(path: Path, start: int = 0, size: int | None = None) -> list[Record]:
    """Those of a file that is plainly right; none of any other."""
    with path.open("rb", buffering=0) as file:
        totals = Totals(None, start, 0, start)
        try:
            found = list(read_unchanged(file, size or path.stat().st_size, totals))
        except NotPlain:
            return []
    assert (totals.records, totals.whole) == (len(found), found[-1].end if found else start)
    return found


def but_for_requests(records: list[Record]) -> list[Record]:
    """Records without what is not told of requests in the quick way."""
    return [replace(record, fields={}, head=b"") if record.kind == "request" else record for record in records]


def test_a_file_that_was_not_changed_is_read_as_any_other(files: list[Path]) -> None:
    for path in files:
        every = but_for_requests(strictly(path))
        assert quickly(path) == every
        middle = every[len(every) // 2].offset
        assert quickly(path, middle) == [record for record in every if record.offset >= middle]
        assert quickly(path, 0, middle) == [record for record in every if record.offset < middle]


def test_a_record_with_other_bytes_than_its_digests_say_is_told_though_the_file_has_its_digest(
    records: list[bytes], tmp_path: Path
) -> None:
    draw = random.Random(20261128)
    path = tmp_path / "some.warc.gz"
    passed = wrong = 0
    for turn in range(1_500):
        data = draw.choice(records)
        if turn % 50:
            data = damaged(data, turn, draw)
        path.write_bytes(b"".join(gzip.compress(each, 1, mtime=0) for each in (records[0], data, records[1])))
        found, strict = quickly(path), strictly(path)
        wrong += not found
        if found and strict:
            passed += 1
            assert list(map(HELD, found)) == list(map(HELD, strict)), data
        elif found:  # a line end too many, say, that the writer must have put there
            assert in_pieces(data, len(data)).problem[0] is Code.MALFORMED_RECORD, data
    assert wrong > 300
    assert passed > 30


def test_a_member_with_another_byte_is_told_though_the_file_has_its_digest(
    records: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "some.warc.gz"
    members = [gzip.compress(record, 1, mtime=0) for record in records[:3]]
    whole, start = b"".join(members), len(members[0])
    for place in range(start, start + len(members[1])):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        path.write_bytes(data)
        if len(quickly(path)) == 3:  # the row has their number
            assert strictly(path), place  # another time or way of packing, say, on which nothing rests


def test_a_last_record_that_is_shorter_than_it_says_is_told(records: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "some.warc.gz"
    for kind in (b"response", b"request"):
        record = next(each for each in records if b"WARC-Type: " + kind in each)
        longer = re.sub(rb"Content-Length: (\d+)", lambda found: b"Content-Length: 1%s" % found[1], record, count=1)
        path.write_bytes(b"".join(gzip.compress(each, 1, mtime=0) for each in (records[0], records[1], longer)))
        assert quickly(path) == []


def plainly(head: str) -> dict[str, str]:
    """The fields by the rule alone (WARC 1.1, 4): a name, a colon, a value without the blanks around it, a line end."""
    fields: dict[str, str] = {}
    for match in re.finditer(r"([^\r\n:\s]+):[ \t]*([^\r\n]*?)[ \t]*\r\n", head):
        fields.setdefault(match[1].lower(), match[2])
    return fields


NAME = st.sampled_from(
    ["WARC-Type", "warc-type", "WARC-Date", "Content-Length", "Content-Type", "X", "WARC-Target-URI"]
)
VALUE = st.text(alphabet="aB0 \t:\u00a0đ\x0b", max_size=6)
ODD = st.text(alphabet="aB: \t\r\n\u2028", max_size=5)


@given(st.lists(st.tuples(NAME, st.sampled_from([": ", ":", ":  ", ": \t"]), VALUE, ODD), max_size=6), st.booleans())
@settings(max_examples=400, derandomize=True, deadline=None)
def test_fields_are_what_the_rule_says(lines: list[tuple[str, str, str, str]], tidy: bool) -> None:
    head = "".join(f"{name}{colon}{value}\r\n{'' if tidy else odd}" for name, colon, value, odd in lines)
    assert _fields_of(head) == plainly(head)


def test_a_head_of_very_many_fields_is_read_in_time() -> None:
    head = "".join(f"Name-{number}: a\r\n" for number in range(60_000))
    started = time.process_time()
    assert len(_fields_of(head)) == 60_000
    assert time.process_time() - started < 2
