"""WARC files: what was appended is read back, other readers agree, and a killed run leaves no half record."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import stat
import tempfile
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import fastwarc.warc
import pytest
import warcio.checker
from builders import make_exchange, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveUnusable
from archive.records import Capture, Role
from archive.warc import (
    OPEN_SUFFIX,
    Exchange,
    Original,
    StoredEvent,
    StoredExchange,
    WarcFiles,
    media_type,
    parse_headers,
    warc_path,
    warc_paths,
)
from archive.warc_reading import read_all, read_one, repair_leftovers

FILE = "susta-000001-20261122T020000Z.warc.gz"
PAGE = b"<p>Xin ch\xc3\xa0o</p>" * 20
header_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in ("location", "content-type")
)
header_values = st.binary(max_size=20).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"").strip(b" \t"))
headers = st.lists(st.tuples(header_names, header_values), max_size=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


def open_files(folder: Path, **options: int) -> WarcFiles:
    return WarcFiles(folder, software="susta-archive/test", operator="Thư viện", **options)


def write(folder: Path, *exchanges: Exchange, **options: int) -> list[Capture]:
    files = open_files(folder, **options)
    captures = [files.append(exchange) for exchange in exchanges]
    files.close()
    return captures


def read_responses(folder: Path, after: tuple[str, int] = ("", 0)) -> list[StoredExchange]:
    return [stored for stored in read_all(folder, after) if isinstance(stored, StoredExchange)]


def record_types(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [record.rec_type for record in ArchiveIterator(file)]


# What was appended is read back


@given(
    body=st.binary(max_size=300),
    lines=headers,
    role=st.sampled_from(Role),
    truncated=st.sampled_from(["", "length", "time", "disconnect", "unspecified"]),
)
@settings(max_examples=60, deadline=None)
def test_what_was_appended_is_read_back_identical(
    body: bytes, lines: list[tuple[str, bytes]], role: Role, truncated: str
) -> None:
    head = b"\r\n".join([b"HTTP/1.1 200 OK", *(name.encode() + b": " + value for name, value in lines)])
    exchange = make_exchange(body, head=head, role=role, truncated=truncated)
    with tempfile.TemporaryDirectory() as name:
        (capture,) = write(Path(name), exchange)
        (stored,) = read_all(Path(name))
        again = read_one(Path(name), capture.warc_file, capture.warc_offset)
    assert isinstance(stored, StoredExchange)
    assert stored.capture == capture
    assert stored.body == again.body == body
    assert stored.headers == again.headers == exchange.headers


def test_header_lines_keep_their_order_case_repeats_and_bytes(folder: Path) -> None:
    lines = [b"HTTP/1.1 200 \xc4\x90\xc6\xb0", b"set-cookie: b=2", b"X-T\xc3\xaan: V\xc5\xa9", b"Set-Cookie: a=1"]
    (capture,) = write(folder, make_exchange(PAGE, head=b"\r\n".join(lines)))
    raw = (folder / capture.warc_file).read_bytes()[capture.warc_offset :]
    block = gzip.decompress(raw[: capture.warc_length]).partition(b"\r\n\r\n")[2]
    assert block == b"\r\n".join(lines) + b"\r\n\r\n" + PAGE + b"\r\n\r\n"


@pytest.mark.parametrize("status", [200, 204, 301, 404, 503])
def test_the_status_is_kept(folder: Path, status: int) -> None:
    write(folder, make_exchange(head=b"HTTP/1.1 %d X" % status))
    assert [stored.capture.status for stored in read_responses(folder)] == [status]


def test_a_redirect_keeps_its_location_as_sent(folder: Path) -> None:
    head = b"HTTP/1.1 301 Moved\r\nlocation: ../khac\r\nLocation: /second"
    (capture,) = write(folder, make_exchange(b"", head=head))
    assert capture.location == "../khac"
    assert read_responses(folder)[0].capture == capture


@pytest.mark.parametrize("why", ["length", "time", "disconnect", "unspecified"])
def test_a_body_that_is_not_whole_says_why(folder: Path, why: str) -> None:
    write(folder, make_exchange(truncated=why), make_exchange())
    assert [stored.capture.truncated for stored in read_responses(folder)] == [True, False]
    with (folder / FILE).open("rb") as file:
        marks = [r.rec_headers["WARC-Truncated"] for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert marks == [why, None]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(None, ""), ("", ""), ("text/html", "text/html"), (" Text/HTML ; charset=x", "text/html"), (";", "")],
)
def test_media_type(sent: str | None, expected: str) -> None:
    assert media_type(sent) == expected


def test_header_lines_are_split_at_the_first_colon() -> None:
    assert parse_headers(b"HTTP/1.1 200 OK\r\nA: b:c\r\nEmpty:\r\n a : d ") == [("A", "b:c"), ("Empty", ""), ("a", "d")]


# Places


def test_offset_and_length_are_exactly_one_gzip_member(folder: Path) -> None:
    captures = write(folder, *(make_exchange(PAGE * n, url=f"https://susta.vn/tin/a-{n}") for n in range(1, 5)))
    data = (folder / FILE).read_bytes()
    for capture in captures:
        member = io.BytesIO(data[capture.warc_offset : capture.warc_offset + capture.warc_length])
        record = next(records := ArchiveIterator(member))
        assert record.rec_type == "response"
        assert record.rec_headers["WARC-Target-URI"] == capture.url
        record.content_stream().read()
        assert next(records, None) is None
    assert captures[-1].warc_offset + captures[-1].warc_length == len(data)


@pytest.mark.parametrize("delta", [-1, 1, 10**9])
def test_no_response_is_read_from_a_wrong_place(folder: Path, delta: int) -> None:
    (capture,) = write(folder, make_exchange())
    with pytest.raises(ArchiveUnusable):
        read_one(folder, capture.warc_file, capture.warc_offset + delta)


def test_no_response_is_read_where_a_request_or_the_file_information_stands(folder: Path) -> None:
    write(folder, make_exchange())
    with (folder / FILE).open("rb") as file:
        records = ArchiveIterator(file)
        offsets = [records.get_record_offset() for record in records if record.rec_type != "response"]
    for offset in offsets:
        with pytest.raises(ArchiveUnusable):
            read_one(folder, FILE, offset)


# Other readers


def raises(error: BaseException) -> Callable[..., None]:
    def raising(*_: object) -> None:
        raise error

    return raising


def original_of(exchange: Exchange) -> Original:
    digest = hashlib.sha256(exchange.body).hexdigest()
    return Original(exchange.url, exchange.fetched_at, digest, len(exchange.body), "text/html")


def not_modified() -> Exchange:
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\nContent-Length: 0\r\nX-Now: 2'
    return make_exchange(b"", head=head, at=moment(2))


def test_a_revisit_is_read_back_as_what_it_refers_to(folder: Path) -> None:
    first = make_exchange(PAGE, head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Now: 1")
    again = make_exchange(PAGE, url="https://susta.vn/khac/bai-8", at=moment(1))
    files = open_files(folder)
    files.append(first)
    same = files.append(again, original_of(first))
    unchanged = files.append(not_modified(), original_of(first))
    files.close()
    assert (same.payload_sha256, same.payload_length) == (original_of(first).payload_sha256, len(PAGE))
    _, read_same, read_unchanged = read_responses(folder)
    for read, written in ((read_same, same), (read_unchanged, unchanged)):
        assert read.refers_to == (first.url, first.fetched_at)
        assert (read.body, read.capture.payload_sha256, read.capture.payload_length) == (b"", "", 0)
        assert (read.capture.url, read.capture.warc_offset) == (written.url, written.warc_offset)
        whole = read.standing_for(original_of(first), first.headers, PAGE)
        assert whole.body == PAGE
        assert whole.capture.payload_sha256 == same.payload_sha256
    assert read_same.standing_for(original_of(first), first.headers, PAGE).headers == again.headers
    whole = read_unchanged.standing_for(original_of(first), first.headers, PAGE)
    assert whole.headers == [("ETag", '"v2"'), ("X-Now", "2"), ("Content-Type", "text/html")]
    assert whole.capture.media_type == "text/html"


def test_a_revisit_names_its_profile_and_only_a_payload_that_is_its_own(sample: Path) -> None:
    with sample.open("rb") as file:
        revisits = [record.rec_headers for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    identical, unchanged = revisits
    assert identical["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert identical["WARC-Payload-Digest"] == f"sha1:{b32encode(hashlib.sha1(PAGE).digest()).decode()}"
    assert unchanged["WARC-Profile"].endswith("/1.1/revisit/server-not-modified")
    assert unchanged["WARC-Payload-Digest"] is None
    assert identical["WARC-Refers-To-Date"] == unchanged["WARC-Refers-To-Date"] == moment()


class Wish(BaseException):
    """The wish to stop, as it may come between any two steps."""


def test_whatever_stops_a_write_the_file_ends_with_a_whole_record(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = open_files(folder)
    files.append(make_exchange(PAGE))
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", raises(Wish()))
        with pytest.raises(Wish):
            files.append(make_exchange(PAGE, url="https://susta.vn/x"))
    files.append(make_exchange(PAGE, url="https://susta.vn/y"))
    files.close()
    assert [stored.capture.url for stored in read_responses(folder)] == [make_exchange().url, "https://susta.vn/y"]


def test_a_revisit_takes_no_room_for_its_payload(folder: Path) -> None:
    body = bytes(random.Random(1).randbytes(100_000))
    first = make_exchange(body, role=Role.MEDIA)
    files = open_files(folder)
    files.append(first)
    capture = files.append(replace(first, fetched_at=moment(1)), original_of(first))
    files.close()
    assert capture.warc_length < 1000


@pytest.fixture
def sample(folder: Path) -> Path:
    files = open_files(folder)
    files.append_event("run-started", moment(), {"at": moment()})
    files.append(make_exchange(PAGE))
    files.append(make_exchange(b"", head=b"HTTP/1.1 404 Kh\xc3\xb4ng", url="https://susta.vn/x"))
    files.append(make_exchange(gzip.compress(PAGE), head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip"))
    files.append(make_exchange(bytes(range(256)), role=Role.MEDIA, truncated="length"))
    files.append(make_exchange(PAGE, at=moment(1)), original_of(make_exchange(PAGE)))
    files.append(not_modified(), original_of(make_exchange(PAGE)))
    files.close()
    return folder / FILE


EXPECTED_TYPES = ["warcinfo", "metadata", *["request", "response"] * 4, *["request", "revisit"] * 2]


def test_warcio_reads_every_record(sample: Path) -> None:
    assert record_types(sample) == EXPECTED_TYPES


def test_fastwarc_reads_every_record_and_its_digests_are_right(sample: Path) -> None:
    types = []
    with sample.open("rb") as file:
        for record in fastwarc.warc.ArchiveIterator(file, strict_mode=True, parse_http=False):
            types.append(record.headers["WARC-Type"])
            record.freeze()
            assert fastwarc.warc.has_block_digest(record)
            assert record.verify_block_digest()
    assert types == EXPECTED_TYPES


def test_warcio_check_finds_no_problem(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checker = warcio.checker.Checker(SimpleNamespace(inputs=[str(sample)], verbose=True))
    assert checker.process_all() == 0
    out = capsys.readouterr().out
    assert out.count("digest pass") == len(EXPECTED_TYPES) - EXPECTED_TYPES.count("revisit")
    assert out.count("not checked (revisit)") == EXPECTED_TYPES.count("revisit")  # fastwarc checks them above


def test_each_response_has_its_request_just_before_it(sample: Path) -> None:
    with sample.open("rb") as file:
        fields = [(record.rec_type, record.rec_headers) for record in ArchiveIterator(file)][2:]
    for (first, request), (second, response) in zip(fields[::2], fields[1::2], strict=True):
        assert first == "request"
        assert second in ("response", "revisit")
        assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
        assert request["WARC-Target-URI"] == response["WARC-Target-URI"]
        assert request["WARC-Date"] == response["WARC-Date"]


def test_every_record_is_warc_1_1_with_an_id_of_its_own(sample: Path) -> None:
    with sample.open("rb") as file:
        fields = [record.rec_headers for record in ArchiveIterator(file)]
    assert {each.protocol for each in fields} == {"WARC/1.1"}
    assert len({each["WARC-Record-ID"] for each in fields}) == len(fields)


def test_the_file_opens_with_who_made_it(sample: Path) -> None:
    with sample.open("rb") as file:
        text = next(iter(ArchiveIterator(file))).content_stream().read().decode()
    assert "software: susta-archive/test\r\n" in text
    assert "operator: Thư viện\r\n" in text
    assert "format: WARC File Format 1.1\r\n" in text


# Events


def test_events_are_read_back_among_the_responses(folder: Path) -> None:
    files = open_files(folder)
    data = {"at": moment(), "url": "https://susta.vn/à", "counts": {"fetched": 2}, "report": None}
    started = files.append_event("run-started", moment(), data)
    capture = files.append(make_exchange())
    failed = files.append_event("fetch-failed", moment(), {"reason": "timeout"})
    files.close()
    first, second, third = read_all(folder)
    assert (first, third) == (started, failed)
    assert isinstance(first, StoredEvent)
    assert first.data == data
    assert isinstance(second, StoredExchange)
    assert second.capture == capture


def test_an_event_is_json_any_reader_can_read(folder: Path) -> None:
    files = open_files(folder)
    files.append_event("run-started", moment(), {"a": "ạ"})
    files.close()
    with (folder / FILE).open("rb") as file:
        record = next(record for record in ArchiveIterator(file) if record.rec_type == "metadata")
        assert record.rec_headers["Content-Type"] == "application/json"
        assert record.rec_headers["WARC-Date"] == moment()
        assert json.loads(record.content_stream().read()) == {"a": "ạ"}


# Files: order, rotation, finishing


def test_a_file_being_written_is_open_and_a_finished_one_cannot_be_written(folder: Path) -> None:
    files = open_files(folder)
    assert warc_paths(folder) == []
    files.append(make_exchange())
    assert [path.name for path in folder.iterdir()] == [FILE + OPEN_SUFFIX]
    assert len(read_responses(folder)) == 1
    files.close()
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o444


def test_a_place_is_found_whether_the_file_is_finished_or_open(folder: Path) -> None:
    files = open_files(folder)
    capture = files.append(make_exchange(PAGE))
    assert read_one(folder, capture.warc_file, capture.warc_offset).body == PAGE
    files.close()
    assert read_one(folder, capture.warc_file, capture.warc_offset).body == PAGE


def test_a_file_that_reached_its_size_is_followed_by_another(folder: Path) -> None:
    captures = write(folder, *[make_exchange(PAGE)] * 3, max_bytes=1)
    assert [capture.warc_file[:12] for capture in captures] == ["susta-000001", "susta-000002", "susta-000003"]
    assert [stored.capture for stored in read_responses(folder)] == captures
    types = [record_types(folder / capture.warc_file) for capture in captures]
    assert types == [["warcinfo", *["metadata"] * (number > 0), "request", "response"] for number in range(3)]


def test_a_file_below_its_size_is_not_followed_by_another(folder: Path) -> None:
    assert len({capture.warc_file for capture in write(folder, *[make_exchange(PAGE)] * 9)}) == 1


def test_the_serial_number_orders_files_even_when_the_clock_goes_back(folder: Path) -> None:
    days = [5, 3, 4, 1]
    for day in days:
        write(folder, make_exchange(at=moment(day)))
    assert [stored.capture.fetched_at for stored in read_responses(folder)] == [moment(day) for day in days]


def test_the_order_of_serial_numbers_is_that_of_numbers(folder: Path) -> None:
    folder.mkdir()
    names = [f"susta-{serial}-20261122T020000Z.warc.gz" for serial in ("000009", "999999", "1000000", "10000000")]
    for name in reversed(names):
        (folder / name).touch()
    assert [path.name for path in warc_paths(folder)] == names


@pytest.mark.parametrize("keep", range(4))
@pytest.mark.parametrize("max_bytes", [1, 10**9])
def test_reading_goes_on_exactly_after_a_place(folder: Path, keep: int, max_bytes: int) -> None:
    captures = write(folder, *(make_exchange(b"%d" % n) for n in range(4)), max_bytes=max_bytes)
    last = captures[keep]
    after = (last.warc_file, last.warc_offset + last.warc_length)
    assert [stored.capture for stored in read_responses(folder, after)] == captures[keep + 1 :]


def test_reading_goes_on_from_an_open_file_to_the_same_file_finished(folder: Path) -> None:
    files = open_files(folder)
    first = files.append(make_exchange(b"1"))
    second = files.append(make_exchange(b"2"))
    files.close()
    after = (first.warc_file, first.warc_offset + first.warc_length)
    assert [stored.capture for stored in read_responses(folder, after)] == [second]


@pytest.mark.parametrize(
    "name", ["other.warc.gz", "susta-1-20261122T020000Z.warc.gz", f".{FILE}", f"{FILE}.part", f"{FILE}.open.open"]
)
def test_files_that_are_not_ours_are_left_alone(folder: Path, name: str) -> None:
    captures = write(folder, make_exchange())
    (folder / name).write_bytes(b"not a WARC file")
    assert repair_leftovers(folder) == []
    assert [stored.capture for stored in read_responses(folder)] == captures
    assert (folder / name).read_bytes() == b"not a WARC file"


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "", "..", f"../{FILE}", f"{FILE}/../../x", f"./{FILE}", "x\0"]
)
def test_a_name_that_leads_elsewhere_is_refused(folder: Path, name: str) -> None:
    write(folder, make_exchange())
    with pytest.raises(ArchiveUnusable, match="not the name of a WARC file"):
        warc_path(folder, name)
    with pytest.raises(ArchiveUnusable):
        read_one(folder, name, 0)


def test_no_folder_holds_no_records(folder: Path) -> None:
    assert list(read_all(folder)) == []
    assert repair_leftovers(folder) == []


# Leftovers of a killed run


@pytest.fixture(scope="module")
def leftover(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Capture]]:
    folder = tmp_path_factory.mktemp("leftover")
    captures = write(folder, *(make_exchange(PAGE + b"%d" % n) for n in range(3)))
    return (folder / FILE).read_bytes(), captures


def member_ends(data: bytes) -> Iterator[int]:
    with io.BytesIO(data) as file:
        records = ArchiveIterator(file)
        starts = [records.get_record_offset() for _ in records]
    yield from (*starts[1:], len(data))


@given(choice=st.data())
@settings(max_examples=60, deadline=None)
def test_a_leftover_cut_anywhere_keeps_its_whole_records_and_nothing_else(
    leftover: tuple[bytes, list[Capture]], choice: st.DataObject
) -> None:
    data, captures = leftover
    position = choice.draw(st.integers(0, len(data)), label="cut at")
    whole = max((end for end in member_ends(data) if end <= position), default=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / (FILE + OPEN_SUFFIX)).write_bytes(data[:position])
        torn = FILE + ".torn" if position > whole or not whole else ""
        assert repair_leftovers(folder) == [(FILE, position - whole, torn)]
        expected = [capture for capture in captures if capture.warc_offset + capture.warc_length <= position]
        assert [stored.capture for stored in read_responses(folder)] == expected
        if whole:
            assert (folder / FILE).read_bytes() == data[:whole]
        assert {path.name for path in folder.iterdir()} == {name for name in (FILE * bool(whole), torn) if name}
        assert not torn or (folder / torn).read_bytes() == data[whole:position]
        assert repair_leftovers(folder) == []


@pytest.mark.parametrize("tail", [b"\0" * 5000, b"garbage", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08" + b"\xff" * 99])
def test_what_is_no_record_is_cut_from_a_leftover(
    folder: Path, leftover: tuple[bytes, list[Capture]], tail: bytes
) -> None:
    data, captures = leftover
    folder.mkdir()
    (folder / (FILE + OPEN_SUFFIX)).write_bytes(data + tail)
    assert repair_leftovers(folder) == [(FILE, len(tail), FILE + ".torn")]
    assert (folder / (FILE + ".torn")).read_bytes() == tail
    assert [stored.capture for stored in read_responses(folder)] == captures


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"\0" * 100, b"garbage"])
def test_a_leftover_without_a_whole_record_is_set_aside_as_it_is(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / (FILE + OPEN_SUFFIX)).write_bytes(content)
    assert repair_leftovers(folder) == [(FILE, len(content), FILE + ".torn")]
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [(FILE + ".torn", content)]
    assert read_responses(folder) == []
    (capture,) = write(folder, make_exchange())
    assert capture.warc_file.startswith("susta-000002-")


def test_the_next_run_goes_on_behind_a_repaired_leftover(folder: Path) -> None:
    (first,) = write(folder, make_exchange(b"1"))
    data = (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    (folder / (FILE + OPEN_SUFFIX)).write_bytes(data + b"\x1f\x8b half a record")
    repair_leftovers(folder)
    (second,) = write(folder, make_exchange(b"2"))
    assert second.warc_file.startswith("susta-000002-")
    assert [stored.capture for stored in read_responses(folder)] == [first, second]
