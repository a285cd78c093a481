"""Captures with their payloads: where a capture only refers to an earlier one (a revisit), that one's bytes are given.

captures ── revisit_of ──► captures ── warc_file, warc_offset ──► the bytes
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from archive.errors import ArchiveUnusable
from archive.warc import Exchange, Original, StoredExchange
from archive.warc_reading import read_one

# Pages that were not what their address stands for, so that a 304 must not bring them back.
_NO_GROUND = ("empty", "undecodable", "truncated", "challenge", "empty-shell", "withdrawn")
_WHICH = "id, url, fetched_at, payload_sha256, payload_length, media_type, warc_file, warc_offset FROM captures"
# Those that a revisit can refer to: what others captured may have two of one address and second (see `held_as`).
_REFERABLE = (
    "id = (SELECT max(o.id) FROM captures o WHERE o.url = captures.url AND o.fetched_at = captures.fetched_at"
    " AND o.revisit_of IS NULL AND o.removed <> 1)"
)


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A capture that holds its payload, and its place in the WARC files."""

    id: int
    original: Original
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request needs (RFC 9110 13.1): the validators an address was last seen with, and the capture
    that a 304 then stands for. `fetched_at` is when its payload came."""

    etag: str | None
    last_modified: str | None
    held: Held

    @property
    def fetched_at(self) -> str:
        return self.held.original.fetched_at

    @property
    def headers(self) -> dict[str, str]:
        """Request header fields; empty when there is no validator."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


def _held(row: Any) -> Held | None:
    return Held(row[0], Original(*row[1:6]), row[6], row[7]) if row else None


def held_as(db: Executes, url: str, fetched_at: str) -> Held | None:
    """The capture a revisit record refers to by address and time."""
    return _held(
        db.execute(
            f"SELECT {_WHICH} WHERE url = ? AND fetched_at = ? AND revisit_of IS NULL AND removed <> 1"
            " ORDER BY id DESC LIMIT 1",
            (url, fetched_at),
        ).fetchone()
    )


def held_at(db: Executes, urls: tuple[str, ...], fetched_at: str) -> Held | None:
    """The capture that holds the payload of what was captured at one of these addresses at that time, be it a revisit
    itself. None whose bytes are gone or are to go."""
    marks = ", ".join("?" for _ in urls)
    return _held(
        db.execute(
            f"SELECT {_WHICH} WHERE id IN (SELECT coalesce(revisit_of, id) FROM captures WHERE url IN ({marks})"
            f" AND fetched_at = ?) AND removed = 0 AND {_REFERABLE} ORDER BY id DESC LIMIT 1",
            (*urls, fetched_at),
        ).fetchone()
    )


def held_payload(db: Executes, payload_sha256: str) -> Held | None:
    """The first capture that holds these bytes, whatever its address; whole ones only, and none whose bytes are
    gone or are to go."""
    return _held(
        db.execute(
            f"SELECT {_WHICH} WHERE payload_sha256 = ? AND revisit_of IS NULL AND status = 200 AND truncated = 0"
            f" AND removed = 0 AND {_REFERABLE}"
            " ORDER BY id LIMIT 1",
            (payload_sha256,),
        ).fetchone()
    )


def validators(db: Executes, url: str) -> Validators | None:
    """What the newest capture of an address gives for asking whether anything changed; None when that capture was no
    whole answer of the page."""
    row = db.execute(
        "SELECT c.id, c.revisit_of, c.status, c.truncated, c.etag, c.last_modified, d.refusal FROM captures c"
        " LEFT JOIN derivations d ON d.capture_id = c.id WHERE c.url = ? AND c.role IN ('page', 'sitemap')"
        " ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1",
        (url,),
    ).fetchone()
    if row is None:
        return None
    capture_id, revisit_of, status, truncated, etag, last_modified, refusal = row
    if truncated or refusal in _NO_GROUND or not (status == 200 or (status == 304 and revisit_of)):
        return None
    held = _held(db.execute(f"SELECT {_WHICH} WHERE id = ?", (revisit_of or capture_id,)).fetchone())
    if held is None:
        return None
    if status == 304 and not (etag and last_modified):  # a 304 need not repeat them
        before = db.execute("SELECT etag, last_modified FROM captures WHERE id = ?", (held.id,)).fetchone()
        etag, last_modified = etag or before[0], last_modified or before[1]
    return Validators(etag, last_modified, held) if etag or last_modified else None


def original_of(db: Executes, exchange: Exchange, payload_sha256: str, asked: Validators | None) -> Held | None:
    """The capture whose payload an answer repeats, if it does: what was asked about, for a 304; any with the same
    bytes, for a 200."""
    if exchange.status == 304:
        return asked.held if asked else None
    if exchange.status == 200 and exchange.body and not exchange.truncated:
        return held_payload(db, payload_sha256)
    return None


def read_capture(db: Executes, warc_folder: Path, capture_id: int) -> StoredExchange:
    """A capture with its payload. Raises ArchiveUnusable when there is none of this id, or its bytes are not there."""
    found = db.execute("SELECT * FROM captures WHERE id = ?", (capture_id,))
    row = found.fetchone()
    if row is None:
        raise ArchiveUnusable(f"There is no capture {capture_id} in this archive")
    of = dict(zip((column[0] for column in found.description), row, strict=True))
    if of.get("removed") == 1:
        raise ArchiveUnusable(
            f"The bytes of capture {capture_id} were removed when its article was withdrawn",
            advice="`susta withdraw --list` says when and why.",
        )
    stored = read_one(warc_folder, of["warc_file"], of["warc_offset"])
    if of.get("revisit_of") is None:  # an archive that is only read may be of schema 2
        return stored
    held = _held(db.execute(f"SELECT {_WHICH} WHERE id = ?", (of["revisit_of"],)).fetchone())
    assert held is not None  # the foreign key holds it
    return with_payload(stored, held, warc_folder)


def with_payload(stored: StoredExchange, held: Held, warc_folder: Path) -> StoredExchange:
    """A revisit with the payload it stands for, read from its place."""
    original = read_one(warc_folder, held.warc_file, held.warc_offset)
    return stored.standing_for(held.original, original.headers, original.body)
