"""WARC 1.1, clause by clause: what each kind of record says of itself; and the chain from each file to the last."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import make_exchange, moment
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveUnusable
from archive.payload_type import identified_type
from archive.store import Store
from archive.warc import OPEN_SUFFIX, Exchange, Original, StoredEvent, WarcFiles, torn_paths, warc_paths
from archive.warc_files import register_files
from archive.warc_reading import read_all, read_record_id, repair_leftovers

PAGE = b"<!DOCTYPE html><p>Xin ch\xc3\xa0o</p>" * 20
SETTINGS = {"crawl": {"delay_seconds": 3.0}}
INFO = {"description": "Captures of\r\nhttps://susta.vn/", "http-header-user-agent": "susta-archive/1 (a@b.vn)"}


def open_files(folder: Path, **more: Any) -> WarcFiles:
    return WarcFiles(folder, software="susta-archive/test", operator="Thư viện", info=INFO, settings=SETTINGS, **more)


def records(path: Path) -> list[tuple[Any, bytes]]:
    with path.open("rb") as file:
        return [(record, record.content_stream().read()) for record in ArchiveIterator(file)]


def of_kind(path: Path, kind: str) -> list[tuple[Any, bytes]]:
    return [(record.rec_headers, block) for record, block in records(path) if record.rec_type == kind]


def digest(data: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(data).digest()).decode()}"


def original_of(exchange: Exchange, record_id: str = "") -> Original:
    sha256 = hashlib.sha256(exchange.body).hexdigest()
    return Original(exchange.url, exchange.fetched_at, sha256, len(exchange.body), "text/html", record_id)


def events(folder: Path, name: str) -> list[dict[str, Any]]:
    return [stored.data for stored in read_all(folder) if isinstance(stored, StoredEvent) and stored.name == name]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    files = open_files(tmp_path)
    files.append_event("run-started", moment(), {"at": moment()})
    first = make_exchange(PAGE)
    capture = files.append(first)
    record_id = read_record_id(tmp_path, capture.warc_file, capture.warc_offset)
    files.append(make_exchange(PAGE, at=moment(1)), original_of(first, record_id))
    files.append(make_exchange(b"", head=b"HTTP/1.1 304 Not Modified", at=moment(2)), original_of(first, record_id))
    files.close()
    return tmp_path / capture.warc_file


# What a file says of itself


def test_the_warcinfo_says_who_made_the_file_by_which_standard_and_manners(sample: Path) -> None:
    ((fields, block),) = of_kind(sample, "warcinfo")
    assert fields["WARC-Filename"] == sample.name
    assert fields["WARC-Date"] == moment()
    assert fields["Content-Type"] == "application/warc-fields"
    assert block.decode().splitlines() == [
        "software: susta-archive/test",
        "format: WARC File Format 1.1",
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator: Thư viện",
        "robots: obey",
        "description: Captures of https://susta.vn/",
        "http-header-user-agent: susta-archive/1 (a@b.vn)",
    ]


def test_the_settings_are_a_resource_of_the_file(sample: Path) -> None:
    ((fields, block),) = of_kind(sample, "resource")
    assert fields["WARC-Target-URI"] == "urn:susta-archive:settings"
    assert fields["Content-Type"] == "application/json"
    assert fields["WARC-Payload-Digest"] == fields["WARC-Block-Digest"] == digest(block)
    assert json.loads(block) == SETTINGS


def test_every_record_names_the_warcinfo_it_belongs_to(sample: Path) -> None:
    (first, *rest) = [record.rec_headers for record, _ in records(sample)]
    assert first["WARC-Warcinfo-ID"] is None
    assert {fields["WARC-Warcinfo-ID"] for fields in rest} == {first["WARC-Record-ID"]}


# Digests: on what has a payload, and only there


def test_only_a_payload_has_a_payload_digest(sample: Path) -> None:
    with_digest = {}
    for record, _ in records(sample):
        assert record.rec_headers["WARC-Block-Digest"]
        with_digest.setdefault(record.rec_type, []).append(record.rec_headers["WARC-Payload-Digest"])
    assert with_digest == {
        "warcinfo": [None],
        "resource": with_digest["resource"],
        "metadata": [None],
        "request": [None] * 3,
        "response": [digest(PAGE)],
        "revisit": [digest(PAGE), None],
    }


def test_a_block_of_any_kind_fits_its_digest_and_its_length(sample: Path) -> None:
    with sample.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            block = record.raw_stream.read()
            assert record.rec_headers["WARC-Block-Digest"] == digest(block)
            assert record.rec_headers["Content-Length"] == str(len(block))


# Revisits


def test_a_revisit_names_the_record_it_repeats(sample: Path) -> None:
    ((response, _),) = of_kind(sample, "response")
    revisits = [fields for fields, _ in of_kind(sample, "revisit")]
    for fields in revisits:
        assert fields["WARC-Refers-To"] == response["WARC-Record-ID"]
        assert fields["WARC-Refers-To-Target-URI"] == response["WARC-Target-URI"]
        assert fields["WARC-Refers-To-Date"] == response["WARC-Date"]
    # 6.7.2: cut of a payload that came; 6.7.3: there was none.
    assert [fields["WARC-Truncated"] for fields in revisits] == ["length", None]
    assert response["WARC-Refers-To"] is None


def test_no_record_id_is_read_where_no_record_stands(sample: Path) -> None:
    assert read_record_id(sample.parent, sample.name, 1) == ""
    assert read_record_id(sample.parent, "susta-000099-20261122T020000Z.warc.gz", 0) == ""


# How it was fetched, and what it is


@pytest.mark.parametrize("protocols", [(), ("http/1.1",), ("http/1.0", "tls/1.3")])
def test_protocols_are_named_from_the_upper_to_the_lower(tmp_path: Path, protocols: tuple[str, ...]) -> None:
    exchange = replace(make_exchange(PAGE), ip="::1", protocols=protocols)
    files = open_files(tmp_path)
    capture = files.append(exchange)
    files.close()
    for kind in ("request", "response"):
        ((fields, _),) = of_kind(tmp_path / capture.warc_file, kind)
        assert tuple(value for name, value in fields.headers if name == "WARC-Protocol") == protocols
        assert fields["WARC-IP-Address"] == "::1"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"GIF89a\1\0", "image/gif"),
        (b"RIFF\1\2\3\4WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\3\4\x14\0", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"\xef\xbb\xbf\r\n <!doctype HTML>", "text/html"),
        (b"<HTML lang=vi>", "text/html"),
        (b"<?xml version='1.0'?><urlset>", "text/xml"),
        (b"<header>", None),
        (b"Xin ch\xc3\xa0o", None),
        (b"", None),
    ],
)
def test_a_payload_is_told_by_its_own_first_bytes(payload: bytes, expected: str | None) -> None:
    assert identified_type(payload) == expected


def test_the_identified_type_rests_on_the_payload_not_on_what_the_server_says(tmp_path: Path) -> None:
    files = open_files(tmp_path)
    files.append(make_exchange(b"%PDF-1.7\n"))  # said to be text/html
    files.append(make_exchange(b"\x1f\x8b\x08", head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip"))
    files.close()
    said = [fields["WARC-Identified-Payload-Type"] for fields, _ in of_kind(warc_paths(tmp_path)[0], "response")]
    assert said == ["application/pdf", None]


# The chain of files


def test_each_file_says_what_the_one_before_came_to(tmp_path: Path) -> None:
    files = open_files(tmp_path, max_bytes=1)  # a file an exchange
    files.append(make_exchange(b"1"))
    files.append(make_exchange(b"2"))
    files.close()
    files = open_files(tmp_path)  # another run
    files.append(make_exchange(b"3"))
    files.close()
    first, second, _ = warc_paths(tmp_path)
    assert events(tmp_path, "file-finished") == [
        {
            "file": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "records": len(records(path)),
        }
        for path in (first, second)
    ]


def test_a_write_that_failed_is_in_neither_file_nor_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    files = open_files(tmp_path)
    files.append(make_exchange(b"1"))
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        with pytest.raises(ArchiveUnusable):
            files.append(make_exchange(b"2"))
    files.close()
    files.append(make_exchange(b"3"))
    files.close()
    first = warc_paths(tmp_path)[0]
    (said,) = events(tmp_path, "file-finished")
    assert said["sha256"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert said["records"] == len(records(first)) == 4


def test_a_file_that_had_to_be_repaired_is_told_of_in_the_next(tmp_path: Path) -> None:
    files = open_files(tmp_path)
    files.append(make_exchange(b"1"))
    files.close()
    (path,) = tmp_path.iterdir()
    (tmp_path / (path.name + OPEN_SUFFIX)).write_bytes(path.read_bytes() + b"\x1f\x8b half a record")
    path.unlink()
    (repair,) = repair_leftovers(tmp_path)
    files = open_files(tmp_path)
    files.append(make_exchange(b"2"))
    files.close()
    assert events(tmp_path, "repaired") == [{"file": repair.file, "cut": 16, "set_aside": repair.file + ".torn"}]
    files.append(make_exchange(b"3"))
    files.close()
    assert len(events(tmp_path, "repaired")) == 1
    assert [path.read_bytes() for path in torn_paths(tmp_path)] == [b"\x1f\x8b half a record"]


def test_a_file_of_which_nothing_is_left_is_told_of_and_its_number_is_not_given_again(tmp_path: Path) -> None:
    files = open_files(tmp_path)
    files.append(make_exchange(b"1"))
    files.close()
    torn = f"susta-000002-20261122T020000Z.warc.gz{OPEN_SUFFIX}"
    (tmp_path / torn).write_bytes(b"")
    repair_leftovers(tmp_path)
    capture = files.append(make_exchange(b"3"))
    files.close()
    assert capture.warc_file.startswith("susta-000003-")
    name = torn.removesuffix(OPEN_SUFFIX)
    assert events(tmp_path, "repaired") == [{"file": name, "cut": 0, "set_aside": name + ".torn"}]
    assert [said["file"][:12] for said in events(tmp_path, "file-finished")] == ["susta-000001"]


def test_a_file_begins_with_its_whole_opening_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    files = open_files(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        patch.setattr(Path, "unlink", lambda *_, **__: None)  # whoever is killed tidies nothing up
        with pytest.raises(Killed):
            files.append(make_exchange())
    assert warc_paths(tmp_path) == torn_paths(tmp_path) == []
    assert repair_leftovers(tmp_path) == []
    files.append(make_exchange())
    files.close()
    assert [path.name[:12] for path in tmp_path.iterdir()] == ["susta-000001"]


# The table of files


def test_finished_files_are_registered_once_and_the_same_from_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    files = open_files(folder, max_bytes=1)
    files.append(make_exchange(b"1"))
    files.append(make_exchange(b"2"))  # still open
    store = Store(tmp_path)
    assert register_files(store.db, folder, stopped=lambda: True) == []
    assert [name[:12] for name in register_files(store.db, folder)] == ["susta-000001"]
    assert register_files(store.db, folder) == []
    files.close()
    assert [name[:12] for name in register_files(store.db, folder)] == ["susta-000002"]
    rows = store.db.execute("SELECT name, bytes, sha256, records FROM warc_files ORDER BY name").fetchall()
    assert rows == [
        (path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest(), len(records(path)))
        for path in warc_paths(folder)
    ]
    anew = Store(tmp_path, name="anew.db")
    register_files(anew.db, folder)
    assert anew.db.execute("SELECT * FROM warc_files").fetchall() == rows
    store.close()
    anew.close()


@pytest.mark.parametrize("content", [b"", b"not a WARC file", b"\x1f\x8b\x08\0"])
def test_a_file_without_a_whole_record_at_its_end_is_not_registered_as_sound(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "warc"
    files = open_files(folder)
    files.append(make_exchange())
    files.close()
    path = warc_paths(folder)[0]
    path.chmod(0o644)
    path.write_bytes(content and path.read_bytes() + content)
    store = Store(tmp_path)
    assert register_files(store.db, folder) == []
    store.close()
