"""What an import found in its files, kept beside the archive while it goes on: which records, in order of time, and
where each can be read again.

Bytes are not sorted, places are. Records that cannot be read again at their place (a whole file as one gzip member, a
packed entry of a ZIP) are copied, as they are, into a spool.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.foreign import Fields, Sink
from scraper.imported import Foreign

_SPOOL = -1  # stands for the spool where the number of a part is expected
_BATCH = 1000
_TABLES = """
CREATE TABLE responses (
    seq INTEGER PRIMARY KEY, part INTEGER, place INTEGER, offset INTEGER, own_digest INTEGER,
    address TEXT, date TEXT, ordered TEXT, record_id TEXT, concurrent TEXT, payload_digest TEXT
);
CREATE TABLE requests (
    seq INTEGER PRIMARY KEY, part INTEGER, place INTEGER, offset INTEGER, own_digest INTEGER,
    address TEXT, record_id TEXT, concurrent TEXT, method TEXT
);
"""
_INDEXES = """
CREATE INDEX responses_order ON responses(ordered, seq);
CREATE INDEX responses_digest ON responses(payload_digest) WHERE payload_digest <> '';
CREATE INDEX responses_id ON responses(record_id);
CREATE INDEX responses_address ON responses(address, date);
CREATE INDEX requests_id ON requests(record_id);
CREATE INDEX requests_concurrent ON requests(concurrent);
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A response or revisit found in a part. `place` is the part to read it from, None for the spool."""

    seq: int
    part: int
    place: int | None
    offset: int
    foreign: Foreign
    record_id: str
    concurrent: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request found in a part; `method` is "" where its block is none."""

    place: int | None
    offset: int
    method: str


class ImportIndex:
    """The index of one import, in a folder that is thrown away at its end. One thread owns it."""

    def __init__(self, folder: Path, most: int) -> None:
        """`most` is how many bytes of a record are needed."""
        self._most = most
        self._db = sqlite3.connect(folder / "index.db", isolation_level=None)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        self._spool = open(folder / "spool.warc.gz", "w+b")  # noqa: SIM115
        self._packer: zlib._Compress | None = None
        self._spooled_to = 0
        self._seq = 0

    def close(self) -> None:
        self._db.close()
        self._spool.close()

    # Filling

    def spool(self) -> Sink:
        """A sink for the record that comes next, whose own place is of no use. It takes no more of it than is read
        again."""
        self.drop()
        packer = self._packer = zlib.compressobj(1, wbits=31)
        room = self._most

        def sink(piece: bytes) -> None:
            nonlocal room
            self._spool.write(packer.compress(piece[:room]))
            room -= min(len(piece), room)

        return sink

    def drop(self) -> None:
        """Forgets what was spooled of a record that did not turn out whole."""
        if self._packer is not None:
            self._packer = None
            self._spool.truncate(self._spooled_to)
            self._spool.seek(self._spooled_to)

    def _place(self, part: int, offset: int | None) -> tuple[int, int]:
        if self._packer is None:
            assert offset is not None
            return part, offset
        self._spool.write(self._packer.flush())
        self._packer = None
        start, self._spooled_to = self._spooled_to, self._spool.tell()
        return _SPOOL, start

    def add(self, part: int, offset: int | None, fields: Fields, foreign: Foreign) -> None:
        """Notes a whole response or revisit."""
        self._seq += 1
        place, at = self._place(part, offset)
        digest = fields.get("warc-payload-digest", "") if fields["warc-type"] == "response" else ""
        self._db.execute(
            "INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._seq, part, place, at, int("warc-block-digest" in fields), foreign.address, foreign.date,
                foreign.order, fields.get("warc-record-id", ""), fields.get("warc-concurrent-to", ""), digest,
            ),
        )  # fmt: skip

    def add_request(self, part: int, offset: int | None, fields: Fields, method: str) -> None:
        """Notes a whole request."""
        self._seq += 1
        place, at = self._place(part, offset)
        address = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
        self._db.execute(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._seq, part, place, at, int("warc-block-digest" in fields), address,
                fields.get("warc-record-id", ""), fields.get("warc-concurrent-to", ""), method,
            ),
        )  # fmt: skip

    def distrust(self, part: int) -> int:
        """Drops the spooled records of a part that no digest of their own speaks for, since the checksum over all of
        them is wrong. Returns how many responses that were."""
        dropped = self._db.execute(
            "DELETE FROM responses WHERE part = ? AND place = ? AND own_digest = 0", (part, _SPOOL)
        ).rowcount
        self._db.execute("DELETE FROM requests WHERE part = ? AND place = ? AND own_digest = 0", (part, _SPOOL))
        return dropped

    def finish(self) -> None:
        """Ends the filling."""
        self.drop()
        self._spool.flush()
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)

    @property
    def spooled_bytes(self) -> int:
        """How much was spooled."""
        return self._spooled_to

    # Asking

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM responses").fetchone()[0])

    def in_order(self) -> Iterator[Found]:
        """Responses and revisits by their date; of the same date, as they stood in the files."""
        last = ("", 0)
        columns = "seq, part, place, offset, address, date, ordered, record_id, concurrent"
        while rows := self._db.execute(
            f"SELECT {columns} FROM responses WHERE (ordered, seq) > (?, ?) ORDER BY ordered, seq LIMIT {_BATCH}", last
        ).fetchall():
            for seq, part, place, offset, address, date, ordered, record_id, concurrent in rows:
                foreign = Foreign(address, date, ordered)
                yield Found(seq, part, None if place == _SPOOL else place, offset, foreign, record_id, concurrent)
            last = (rows[-1][6], rows[-1][0])

    def request_of(self, found: Found) -> Request | None:
        """The request that a response answers: the one that either names, else the record beside it for the same
        address. None where there is none."""
        row = self._db.execute(
            "SELECT place, offset, method FROM requests WHERE part = ?1 AND address = ?5 AND ("
            " (concurrent = ?2 AND ?2 <> '') OR (record_id = ?3 AND ?3 <> '') OR seq IN (?4 - 1, ?4 + 1))"
            " ORDER BY (concurrent = ?2 AND ?2 <> '') DESC, (record_id = ?3 AND ?3 <> '') DESC, seq LIMIT 1",
            (found.part, found.record_id, found.concurrent, found.seq, found.foreign.address),
        ).fetchone()
        return Request(None if row[0] == _SPOOL else row[0], row[1], row[2]) if row else None

    def holds(self, address: str, date: str) -> bool:
        """Whether there is a response or revisit of this address and date."""
        row = self._db.execute("SELECT 1 FROM responses WHERE address = ? AND date = ?", (address, date)).fetchone()
        return row is not None

    def holder_of(self, record_id: str, payload_digest: str) -> tuple[str, str] | None:
        """Address and date of the response that has this record id, else of the first with this payload digest."""
        row = self._db.execute(
            "SELECT address, date FROM responses WHERE (record_id = ?1 AND ?1 <> '')"
            " OR (payload_digest = ?2 AND payload_digest <> '') ORDER BY record_id = ?1 DESC, ordered, seq LIMIT 1",
            (record_id, payload_digest),
        ).fetchone()
        return (row[0], row[1]) if row else None

    @property
    def spooled(self) -> IO[bytes]:
        """The spool, to read from."""
        return self._spool
