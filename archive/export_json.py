"""JSON and JSON Lines, written straight from rows: the fastest way out of an archive, at constant memory.

The text of an article stands in `articles.blocks` as JSON already; its strings are copied as they are, neither decoded
nor written anew. What comes out is what `json.dumps(record.as_dict(), ensure_ascii=False)` gives, byte for byte.
"""

import json
import re
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import IO

from archive.entries import ATTACHMENT_FIELDS, PHOTO_FIELDS, CreditedSource, Filter, Part, source_url
from archive.errors import ArchiveUnusable
from archive.query import Archive

_encode = json.JSONEncoder(ensure_ascii=False).encode
# Within a JSON string a quotation mark has a backslash before it, so these stand before a value and nowhere else.
_TEXT_KEY = b'"text": '
_ROWS_KEY = b'"rows": '
# Strings, and lists of lists of them, as `json.dumps` writes them. Nothing is tried twice (possessive).
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TEXTS = re.compile(_TEXT_KEY + rb"(" + _STRING + rb")", re.DOTALL)
_ROW = rb"\[(?:" + _STRING + rb"(?:, " + _STRING + rb")*+)?+\]"
_ROWS = re.compile(_ROWS_KEY + rb"(\[(?:" + _ROW + rb"(?:, " + _ROW + rb")*+)?+\])", re.DOTALL)
_FIELDS = ("category", "title", "byline", "byline_role", "affiliation", "date", "date_kind", "date_evidence")
_OPENING = '{"url": %s, "site": %s, "site_id": %s, ' + ", ".join(f'"{name}": %s' for name in _FIELDS) + ', "body": ['
_PARTS = '], "photos": [%s], "attachments": [%s], "tables": ['
_CLOSING = ', "captured_at": %s, "content_sha256": %s, "extractor": %s}'
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
    """Each record as a JSON object in UTF-8, without line breaks. Raises ValueError for one without its source,
    ArchiveUnusable for one with a table that is none."""
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
        opening = _OPENING % (
            _text(url), _text(site), "null" if site_id is None else site_id, _text(category), _text(title),
            _text(byline), _text(byline_role), _text(affiliation), _text(day), _text(date_kind), _text(evidence),
        )  # fmt: skip
        yield b"".join(
            (
                opening.encode(),
                b", ".join(_strings(blocks)),
                (_PARTS % (_parts(_PHOTO, photos), _parts(_ATTACHMENT, attachments))).encode(),
                _tables(blocks, url) if _ROWS_KEY in blocks else b"",
                b'], "views": null, "source": ' if views is None else b'], "views": %d, "source": ' % views,
                source,
                (_CLOSING % (_text(captured_at), _text(digest), _text(extractor))).encode(),
            )
        )


def _tables(blocks: bytes, url: str) -> bytes:
    """What stands between the brackets of `tables`."""
    found = _ROWS.findall(blocks)
    if len(found) != blocks.count(_ROWS_KEY):
        raise ArchiveUnusable(
            f"{url} has a table that is no list of rows of texts", advice="`susta check` says what else is damaged."
        )
    return b", ".join([b'{"rows": %s}' % rows for rows in found])


def _strings(blocks: bytes) -> list[bytes]:
    """The texts of blocks as JSON strings, as they stand there."""
    if b"\\" not in blocks:
        return [piece[: piece.index(b'"', 1) + 1] for piece in blocks.split(_TEXT_KEY)[1:]]
    return _TEXTS.findall(blocks)


def _source(source: CreditedSource) -> bytes:
    return _encode({name: getattr(source, name) for name in CreditedSource.__slots__}).encode()


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _parts(form: str, parts: list[Part]) -> str:
    return ", ".join([form % tuple(map(_text, part)) for part in parts]) if parts else ""
