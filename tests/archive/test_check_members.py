"""Records as the audit reads them: the same whether a member comes in one piece or in many, whatever it holds."""

import gzip
import random
import re
import time

import pytest
from bad_archives import make_healthy
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import check_members
from archive.check_members import Record, _fields_of, _RecordReader, read_plainly
from archive.warc import warc_paths

PIECES = (1, 7, 100, 4096)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """One unpacked record of every kind that an archive has."""
    folder = make_healthy(tmp_path_factory.mktemp("members") / "archive")
    found: dict[tuple[bytes, ...], bytes] = {}
    for path in warc_paths(folder / "warc"):
        for data in re.split(rb"(?<=\r\n\r\n)(?=WARC/1\.1\r\n)", gzip.decompress(path.read_bytes())):
            names = re.findall(rb"^(?:WARC-Type: \w+|[\w-]+)", data.partition(b"\r\n\r\n")[0], re.M)
            found.setdefault(tuple(names), data)
    assert len(found) >= 6
    return list(found.values())


def whole(data: bytes) -> Record:
    return read_plainly(data, 0) or in_pieces(data, len(data))


def in_pieces(data: bytes, length: int) -> Record:
    reader = _RecordReader(0)
    for start in range(0, len(data), length):
        reader.feed(data[start : start + length])
    return reader.finish()


@pytest.mark.parametrize("length", PIECES)
def test_a_record_is_the_same_in_one_piece_and_in_many(records: list[bytes], length: int) -> None:
    for data in records:
        record = whole(data)
        assert record.problem is None
        assert (read_plainly(data, 0) is None) == ("susta-event" in record.fields)
        assert record == in_pieces(data, length)


def test_what_is_wrong_with_a_record_is_the_same_in_one_piece_and_in_many(records: list[bytes]) -> None:
    draw = random.Random(20261127)
    wrong = 0
    for turn in range(1_500):
        data = bytearray(draw.choice(records))
        at = draw.randrange(len(data)) if turn % 2 else draw.randrange(data.find(b"\r\n\r\n") + 4)
        match turn % 3:
            case 0:
                data[at] ^= 1 << draw.randrange(8)
            case 1:
                del data[at : at + draw.randint(1, 3)]
            case _:
                data[at:at] = draw.choice(
                    (b"\r", b"\n", b"\r\n", b" ", b":", b"\xff", b"\r\n\r\n", b"WARC-Type: x\r\n")
                )
        record = whole(bytes(data))
        wrong += record.problem is not None
        assert record == in_pieces(bytes(data), draw.choice(PIECES)), bytes(data)
    assert wrong > 500


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
def test_fields_are_what_the_rule_says_whatever_was_read_before(
    lines: list[tuple[str, str, str, str]], tidy: bool
) -> None:
    head = "".join(f"{name}{colon}{value}\r\n{'' if tidy else odd}" for name, colon, value, odd in lines)
    twice = [_fields_of(head), _fields_of(head)]
    assert twice == [plainly(head)] * 2


def test_a_head_of_very_many_fields_is_read_in_time() -> None:
    head = "".join(f"Name-{number}: a\r\n" for number in range(60_000))
    started = time.process_time()
    assert len(_fields_of(head)) == 60_000
    assert time.process_time() - started < 2


def test_shapes_of_heads_are_bounded() -> None:
    for number in range(5_000):
        _fields_of(f"Name-{number}: a\r\n" + "B: c\r\n" * (number % 60))
    assert sum(map(len, check_members._shapes.values())) <= 41 * 17
