"""The CDXJ index: a line for each capture that a replay can find by address and time, at the place where it stands."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from base64 import b32encode
from pathlib import Path
from typing import Any

import pytest
from builders import make_exchange, moment

from archive import cdxj
from archive.errors import ArchiveUnusable
from archive.warc import Exchange, Original, WarcFiles

PAGE = b"<p>Xin ch\xc3\xa0o</p>" * 20


def index(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    out = io.StringIO()
    assert cdxj.write_cdxj(folder, out) == len(out.getvalue().splitlines())
    lines = [line.split(" ", 2) for line in out.getvalue().splitlines()]
    return [(key, timestamp, json.loads(entry)) for key, timestamp, entry in lines]


def captured(lines: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, str, dict[str, Any]]]:
    return [line for line in lines if not line[0].startswith("urn:")]


def digest(body: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(body).digest()).decode()}"


def original_of(exchange: Exchange) -> Original:
    return Original(
        exchange.url, exchange.fetched_at, hashlib.sha256(exchange.body).hexdigest(), len(exchange.body), "text/html"
    )


def test_a_response_is_a_line_with_its_place(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, software="test")
    capture = files.append(make_exchange(PAGE, at="2026-11-22T02:00:00.999999Z"))
    files.close()
    (line,) = captured(index(tmp_path))
    assert line == (
        "vn,susta)/tin-tuc/bai-viet-7",
        "20261122020000",
        {
            "url": capture.url,
            "mime": "text/html",
            "status": "200",
            "digest": digest(PAGE),
            "length": str(capture.warc_length),
            "offset": str(capture.warc_offset),
            "filename": capture.warc_file,
        },
    )
    assert list(line[2]) == ["url", "mime", "status", "digest", "length", "offset", "filename"]


def test_a_revisit_says_so_and_an_unchanged_page_has_no_digest(tmp_path: Path) -> None:
    first = make_exchange(PAGE)
    unchanged = make_exchange(b"", head=b"HTTP/1.1 304 Not Modified", at=moment(2))
    files = WarcFiles(tmp_path, software="test")
    files.append(first)
    files.append(make_exchange(PAGE, at=moment(1)), original_of(first))
    files.append(unchanged, original_of(first))
    files.close()
    _, (_, _, same), (_, _, not_modified) = captured(index(tmp_path))
    assert (same["mime"], same["status"], same["digest"]) == ("warc/revisit", "200", digest(PAGE))
    assert (not_modified["mime"], not_modified["status"]) == ("warc/revisit", "304")
    assert "digest" not in not_modified


def test_an_event_is_found_by_its_name(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, software="test")
    files.append_event("run-started", moment(), {"at": moment()})
    files.close()
    (entry,) = [entry for key, _, entry in index(tmp_path) if key == "urn:susta-archive:run-started"]
    assert entry["mime"] == "application/json"
    assert "status" not in entry


@pytest.mark.parametrize(
    ("head", "mime", "status"),
    [
        (b"HTTP/1.1 200 OK", None, "200"),
        (b"HTTP/1.1 404 Kh\xc3\xb4ng\r\ncontent-type: Text/HTML;charset=x\r\nContent-Type: b/c", "Text/HTML", "404"),
        (b"HTTP/1.1 200 OK\r\nContent-Type:", "", "200"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: \xff/x y", "ÿ/x", "200"),
    ],
)
def test_type_and_status_are_the_servers_words(tmp_path: Path, head: bytes, mime: str | None, status: str) -> None:
    files = WarcFiles(tmp_path, software="test")
    files.append(make_exchange(PAGE, head=head))
    files.close()
    ((_, _, entry),) = captured(index(tmp_path))
    assert (entry.get("mime"), entry["status"]) == (mime, status)


def test_lines_are_in_order_over_all_files_however_many_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = WarcFiles(tmp_path, software="test", max_bytes=1)
    for name in "dbacebda":
        files.append(make_exchange(PAGE, url=f"https://susta.vn/{name}"))
    files.close()
    whole = list(cdxj.sorted_lines(tmp_path))
    monkeypatch.setattr(cdxj, "_LINES_AT_ONCE", 3)
    assert list(cdxj.sorted_lines(tmp_path)) == whole == sorted(whole)
    assert [key[-1] for key, _, _ in captured(index(tmp_path))] == list("aabbcdde")


def test_a_file_being_written_is_not_in_the_index(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, software="test")
    files.append(make_exchange(PAGE))
    assert index(tmp_path) == []
    files.close()
    assert len(captured(index(tmp_path))) == 1


def test_damage_is_named_not_indexed(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, software="test")
    capture = files.append(make_exchange(PAGE))
    files.close()
    path = tmp_path / capture.warc_file
    data = bytearray(path.read_bytes())
    data[capture.warc_offset + 60] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(ArchiveUnusable, match=f"offset {capture.warc_offset}"):
        index(tmp_path)


def test_records_packed_into_one_gzip_member_have_no_place_of_their_own(tmp_path: Path) -> None:
    files = WarcFiles(tmp_path, software="test")
    capture = files.append(make_exchange(PAGE))
    files.close()
    path = tmp_path / capture.warc_file
    path.chmod(0o644)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    with pytest.raises(ArchiveUnusable, match="not compressed one by one"):
        index(tmp_path)
