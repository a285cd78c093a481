"""What becomes of a record that an import found: read again at its place, made an exchange, compared with what is
there."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from archive.captures import Executes, Held, held_at, held_payload
from archive.foreign import Damaged, Fields, read_block
from archive.foreign_files import Part
from archive.records import Role
from archive.warc import Exchange
from archive.warc_reading import read_one
from archive.withdrawal import Withheld, withheld
from scraper.config import Config
from scraper.import_index import Found, ImportIndex
from scraper.imported import MOST_HEAD, Passed, cut_to, exchange_of, request_head, role_of, settled
from scraper.urls import Scope, media_address, page_address
from scraper.withdrawn import is_withheld

_MOST_OPEN = 64
_MOST_REQUEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Ready:
    """An exchange to keep. `held` is the capture whose payload it repeats, where that need not be kept again."""

    exchange: Exchange
    held: Held | None = None


def most_of_block(config: Config) -> int:
    """How many bytes of a record's block are read: its head, and the longest body that is kept."""
    return max(config.page_limit, config.media_limit) + MOST_HEAD


class Judge:
    """Judges the records of one import. `database` is the archive's; None where there is none yet. `rehearses`:
    nothing is written."""

    def __init__(
        self,
        config: Config,
        scope: Scope,
        index: ImportIndex,
        parts: list[tuple[int, Part]],
        database: Executes | None,
        warc_folder: Path,
        *,
        rehearses: bool = False,
    ) -> None:
        self._scope, self._index, self._parts = scope, index, parts
        self._db, self._warc_folder, self._rehearses = database, warc_folder, rehearses
        self._page_limit, self._media_limit = config.page_limit, config.media_limit
        self._limit = most_of_block(config)
        self._withheld = withheld(database) if database is not None else Withheld()
        self._open: dict[int, IO[bytes]] = {}
        self._stack = ExitStack()

    def close(self) -> None:
        self._stack.close()
        self._open.clear()

    def judge(self, found: Found, digests: list[str]) -> Ready | Passed:
        """What to keep of a record, or why it is passed over. `digests` are those of the files, by their number."""
        request = self._index.request_of(found)
        if request and request.method not in ("GET", ""):
            return Passed.NOT_GET
        try:
            fields, block, length = read_block(self._file(found.place), found.offset, self._limit)
            asked = read_block(self._file(request.place), request.offset, _MOST_REQUEST)[1] if request else b""
        except (Damaged, OSError):
            return Passed.DAMAGED
        exchange = exchange_of(fields, found.foreign, block, whole=length <= self._limit)
        if isinstance(exchange, Passed):
            return exchange
        exchange = replace(exchange, request_head=request_head(asked))
        source = digests[self._parts[found.part][0]]
        if fields["warc-type"] == "revisit":
            return self._revisit(fields, exchange, source, found.record_id)
        role = role_of(exchange, self._scope, fields.get("susta-role", ""))
        if role is None:
            return Passed.OTHER_HOST
        exchange = cut_to(exchange, self._media_limit if role is Role.MEDIA else self._page_limit)
        exchange = settled(exchange, role, self._scope, source, found.record_id)
        digest = hashlib.sha256(exchange.body).hexdigest()
        if self._is_withdrawn(exchange, digest):
            return Passed.WITHDRAWN
        if self._is_there(exchange, digest):
            return Passed.ALREADY_THERE
        return Ready(exchange, self._repeated(exchange, digest))

    def _file(self, place: int | None) -> IO[bytes]:
        if place is None:
            return self._index.spooled
        if place not in self._open:
            if len(self._open) >= _MOST_OPEN:
                self.close()
            self._open[place] = self._stack.enter_context(self._parts[place][1].open())
        return self._open[place]

    def _is_withheld(self, url: str) -> bool:
        """Whether a page's address, in its one spelling too, is one of a withdrawn article's."""
        known = self._withheld
        return bool(known) and any(
            is_withheld(known, each) for each in (url, page_address(url, url, self._scope) or url)
        )

    def _is_withdrawn(self, exchange: Exchange, payload_sha256: str) -> bool:
        """Whether this is a page of a withdrawn article, or bytes that were removed with one and that no article shows:
        neither comes back with an import."""
        if self._db is None or not self._withheld:
            return False
        if exchange.role is not Role.MEDIA and self._is_withheld(exchange.url):
            return True
        if (
            not exchange.body
            or not self._db.execute(
                "SELECT 1 FROM captures WHERE payload_sha256 = ? AND revisit_of IS NULL AND removed <> 0",
                (payload_sha256,),
            ).fetchone()
        ):
            return False
        shown = "SELECT 1 FROM photos WHERE url = ?1 UNION SELECT 1 FROM attachments WHERE url = ?1"
        return exchange.role is not Role.MEDIA or not self._db.execute(shown, (exchange.url,)).fetchone()

    def _is_there(self, exchange: Exchange, payload_sha256: str) -> bool:
        if self._db is None:
            return False
        row = self._db.execute(
            "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND payload_sha256 = ?",
            (exchange.url, exchange.fetched_at, payload_sha256),
        ).fetchone()
        return row is not None

    def _repeated(self, exchange: Exchange, digest: str) -> Held | None:
        """The earlier capture with the same payload. A later one is none: it was not there yet to be repeated."""
        if self._db is None or exchange.status != 200 or not exchange.body or exchange.truncated:
            return None
        held = held_payload(self._db, digest)
        return held if held and held.original.fetched_at <= exchange.fetched_at else None

    def _revisit(self, fields: Fields, exchange: Exchange, source: str, record_id: str) -> Ready | Passed:
        """A revisit with the payload of the capture it refers to: by address and date (WARC 1.1, 5.10 and 5.11), by
        record id (5.9), or, where it says neither, by the payload's digest."""
        target = fields.get("warc-refers-to-target-uri", "").removeprefix("<").removesuffix(">") or exchange.url
        date = fields.get("warc-refers-to-date", "")
        digest = fields.get("warc-payload-digest", "") if exchange.status != 304 else ""
        holder = self._index.holder_of(fields.get("warc-refers-to", ""), digest)
        held = self._held(target, date) if date else None
        if held is None and holder:
            held = self._held(*holder)
        if held is None:
            # While nothing is written, what this import brings itself cannot be looked up in the archive.
            if self._rehearses and not self._is_withheld(exchange.url) and (holder or self._index.holds(target, date)):
                role = role_of(exchange, self._scope, fields.get("susta-role", "")) or Role.PAGE
                return Ready(replace(exchange, role=role))
            return Passed.WITHDRAWN if self._is_withheld(exchange.url) else Passed.UNRESOLVED
        assert self._db is not None
        (kept_as,) = self._db.execute("SELECT role FROM captures WHERE id = ?", (held.id,)).fetchone()
        body = b""
        if exchange.status != 304:
            body = read_one(self._warc_folder, held.warc_file, held.warc_offset).body
        exchange = settled(replace(exchange, body=body, truncated=""), Role(kept_as), self._scope, source, record_id)
        if self._is_withdrawn(exchange, held.original.payload_sha256):
            return Passed.WITHDRAWN
        if self._is_there(exchange, held.original.payload_sha256):
            return Passed.ALREADY_THERE
        return Ready(exchange, held)

    def _held(self, target: str, date: str) -> Held | None:
        if self._db is None:
            return None
        spellings = {target, media_address(target, target), page_address(target, target, self._scope)}
        return held_at(self._db, tuple(sorted(url for url in spellings if url)), date)
