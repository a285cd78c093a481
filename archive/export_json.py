"""JSON and JSON Lines, written straight from rows: the fastest way out of an archive, at constant memory.

The text of an article stands in `articles.blocks` as JSON already; its strings are copied as they are, neither decoded
nor written anew. What comes out is what `json.dumps(record.as_dict(), ensure_ascii=False)` gives, byte for byte.
"""

import json
import re
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import IO, Any

from archive.entries import ATTACHMENT_FIELDS, PHOTO_FIELDS, CreditedSource, Filter, Part, source_url
from archive.query import Archive

_encode = json.JSONEncoder(ensure_ascii=False).encode
# Within a JSON string a quotation mark has a backslash before it, so this stands before a text and nowhere else.
_TEXT_KEY = b'"text": "'
_TO_QUOTE = len(_TEXT_KEY) - 1
_BACKSLASH = ord("\\")
_BACKSLASHES = re.compile(rb"\\+\Z")
_PHOTO = "{" + ", ".join(f'"{name}": %s' for name in PHOTO_FIELDS) + "}"
_ATTACHMENT = "{" + ", ".join(f'"{name}": %s' for name in ATTACHMENT_FIELDS) + "}"


def write_json(archive: Archive, which: Filter, out: IO[bytes]) -> int:
    """One JSON array, a record a line; returns how many."""
    count = 0
    out.write(b"[")
    for line in json_objects(archive, which):
        out.write(b",\n" if count else b"\n")
        out.write(line)
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def write_jsonl(archive: Archive, which: Filter, out: IO[bytes]) -> int:
    """One JSON object a line; returns how many."""
    count = 0
    for line in json_objects(archive, which):
        out.write(line + b"\n")
        count += 1
    return count


def json_objects(archive: Archive, which: Filter) -> Iterator[bytes]:
    """Each record as a JSON object in UTF-8, without line breaks. Raises ValueError for one without its source."""
    sources: dict[tuple[str, ...], bytes] = {}
    for row, photos, attachments in archive.rows(which):
        (
            _, url, site, site_id, category, title, byline, byline_role, affiliation, day, date_kind, evidence,
            blocks, views, source_name, organisation, credit, notice, digest, extractor, *_, captured_at, _,
        ) = row  # fmt: skip
        key = (source_name, organisation, credit, notice, source_url(url, site))
        if (source := sources.get(key)) is None:
            sources.clear()  # seldom more than one or two
            source = sources[key] = _source(CreditedSource(*key))
        body, tables = _spoken(blocks)
        yield b"".join(
            (
                f'{{"url": {_text(url)}, "site": {_text(site)}, "site_id": {_number(site_id)},'
                f' "category": {_text(category)}, "title": {_text(title)}, "byline": {_text(byline)},'
                f' "byline_role": {_text(byline_role)}, "affiliation": {_text(affiliation)}, "date": {_text(day)},'
                f' "date_kind": {_text(date_kind)}, "date_evidence": {_text(evidence)}, "body": ['.encode(),
                body,
                f'], "photos": [{_parts(_PHOTO, photos)}],'
                f' "attachments": [{_parts(_ATTACHMENT, attachments)}], "tables": ['.encode(),
                tables,
                b'], "views": %s, "source": ' % _number(views).encode(),
                source,
                f', "captured_at": {_text(captured_at)}, "content_sha256": {_text(digest)},'
                f' "extractor": {_text(extractor)}}}'.encode(),
            )
        )


def _spoken(blocks: bytes) -> tuple[bytes, bytes]:
    """What stands between the brackets of `body` and of `tables`."""
    if b'"rows"' not in blocks:
        return b", ".join(_strings(blocks)), b""
    read: list[dict[str, Any]] = json.loads(blocks)
    body = ", ".join(_encode(block["text"]) for block in read if "text" in block)
    tables = ", ".join(_encode({"rows": block["rows"]}) for block in read if "rows" in block)
    return body.encode(), tables.encode()


def _strings(blocks: bytes) -> list[bytes]:
    """The texts of blocks as JSON strings, as they stand there."""
    found = []
    find = blocks.find
    start = find(_TEXT_KEY)
    while start >= 0:
        start += _TO_QUOTE
        end = find(b'"', start + 1)
        while blocks[end - 1] == _BACKSLASH and _is_escaped(blocks[start + 1 : end]):
            end = find(b'"', end + 1)
        found.append(blocks[start : end + 1])
        start = find(_TEXT_KEY, end)
    return found


def _is_escaped(before: bytes) -> bool:
    """Whether what follows stands behind a backslash that is not one itself."""
    run = _BACKSLASHES.search(before)
    return run is not None and len(run[0]) % 2 == 1


def _source(source: CreditedSource) -> bytes:
    return _encode({name: getattr(source, name) for name in CreditedSource.__slots__}).encode()


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _parts(form: str, parts: list[Part]) -> str:
    return ", ".join([form % tuple(map(_text, part)) for part in parts])
