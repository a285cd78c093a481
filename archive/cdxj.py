"""A CDXJ index of the WARC files: where each response stands, sorted by address and time, for replay and for packages.

    vn,susta)/tin 20261122020000 {"url": "…", "mime": "text/html", "status": "200", "digest": "sha1:…", "length": "…",
                                  "offset": "…", "filename": "susta-000001-….warc.gz"}     (one line)

The lines are those that `cdxj-indexer -s` writes for the same files (`make judges` compares the two): responses and
revisits (`warc/revisit`), and what stands in metadata and resource records, unless that is warc-fields. Sorted on disk
once there are too many lines for memory.
"""

import heapq
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TextIO

from archive.surt import surt
from archive.warc import OPEN_SUFFIX, sha1, warc_paths
from archive.warc_reading import INDEXED, RawRecord, read_records

_LINES_AT_ONCE = 100_000  # about 40 MB
_END_OF_TYPE = re.compile(r"[;\s]")


def write_cdxj(warc_folder: Path, out: TextIO, *, files: Iterable[Path] | None = None) -> int:
    """Writes the index of all finished WARC files in a folder, or of `files`; returns the number of lines.

    Raises ArchiveUnusable where a file is damaged (see read_records).
    """
    count = 0
    for line in sorted_lines(warc_folder, files=files):
        out.write(line + "\n")
        count += 1
    return count


def sorted_lines(warc_folder: Path, *, files: Iterable[Path] | None = None) -> Iterator[str]:
    """The lines of that index, in its order, each once. Raises as `write_cdxj` does."""
    paths = finished_paths(warc_folder) if files is None else files
    last = None
    for line in _sorted(line for path in paths for line in cdxj_lines(path)):
        if line != last:
            yield line
        last = line


def finished_paths(warc_folder: Path) -> list[Path]:
    """The WARC files that are not being written, in order."""
    return [path for path in warc_paths(warc_folder) if not path.name.endswith(OPEN_SUFFIX)]


def cdxj_lines(path: Path, name: str = "") -> Iterator[str]:
    """The lines for one WARC file, in the order of its records. `name` stands for the file, its own otherwise.

    Raises ArchiveUnusable where the file is damaged.
    """
    for record in read_records(path, INDEXED):
        if record.kind in ("metadata", "resource") and record.fields.get("content-type") == "application/warc-fields":
            continue
        url = record.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
        entry = _entry(record, url) | {
            "length": str(record.end - record.offset),
            "offset": str(record.offset),
            "filename": name or path.name,
        }
        yield f"{surt(url)} {_timestamp(record.fields.get('warc-date', ''))} {json.dumps(entry)}"


def _entry(record: RawRecord, url: str) -> dict[str, str]:
    """What a line says of the record itself, in order; what is not known is left out."""
    status, told, body = _message(record.block) if url.startswith(("http:", "https:")) else (None, None, record.block)
    mime = record.fields.get("content-type")
    digest = record.fields.get("warc-payload-digest")
    if record.kind == "revisit":
        mime = "warc/revisit"
    elif record.kind == "response":
        mime = told
        digest = digest or sha1(body)
    else:
        status = None
        digest = digest or sha1(record.block)
    mime = _END_OF_TYPE.split(mime, maxsplit=1)[0].strip() if mime else mime
    known = {"url": url, "mime": mime, "status": status, "digest": digest}
    return {name: value for name, value in known.items() if value is not None}


def _message(block: bytes) -> tuple[str | None, str | None, bytes]:
    """(status, Content-Type, body) of an HTTP response; (None, None, b"") of nothing."""
    if not block:
        return None, None, b""
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = (_text(line).rstrip() for line in head.split(b"\n"))
    status = first.partition(" ")[2].strip().partition(" ")[0]
    told = None
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and told is None and name.rstrip(" \t").lower() == "content-type":
            told = value.lstrip()
    return status, told, body


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _timestamp(date: str) -> str:
    """`2026-11-22T02:00:00.5Z` as fourteen digits; a date that is less precise means its beginning."""
    digits = re.sub(r"\D", "", date)[:14]
    return digits + "00000101000000"[len(digits) :]


def _sorted(lines: Iterator[str]) -> Iterator[str]:
    """All lines in order of their code points, with so many at once in memory at most; the rest waits on disk."""
    with ExitStack() as stack:
        runs: list[TextIO] = []
        while True:
            some = sorted(islice(lines, _LINES_AT_ONCE))
            if len(some) < _LINES_AT_ONCE:
                break
            run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            run.writelines(line + "\n" for line in some)
            run.seek(0)
            runs.append(run)
        yield from heapq.merge(*((line[:-1] for line in run) for run in runs), some)
