"""A power cut, as far as it can be had without one: what was written but not yet made durable is taken away.

By what the program and SQLite promise, these bytes may be lost, and no others: of the open WARC file, what stands
behind the place up to which archive.db has worked it in (`append` returns, and the database goes on, after an fsync);
of a database in WAL mode with synchronous=NORMAL, every frame of its log that no checkpoint has begun to copy. So the
logs are cut first, then the WARC file within its last exchange.
"""

import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path
from random import Random

_HEADER, _FRAME_HEADER = 32, 24  # bytes, of a log and of each of its frames


def cut_power(folder: Path, random: Random) -> str:
    """Takes away from a killed crawl's archive what a power cut might have; says what."""
    said = [f"{name}-wal -{_cut_log(folder / name, random)}" for name in ("archive.db", "frontier.db")]
    said.append(f"WARC -{_cut_warc(folder, random)}")
    return ", ".join(said) + " bytes"


def _cut_log(path: Path, random: Random) -> int:
    """Cuts a database's log anywhere behind what a checkpoint has begun to copy; as often as not, as far as may be."""
    log, index = path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
    if not log.exists() or not index.exists():
        return 0
    shared = index.read_bytes()
    index.unlink()
    (page_size,) = struct.unpack_from("=H", shared, 14)
    (frames,) = struct.unpack_from("=I", shared, 16)
    (copied,) = struct.unpack_from("=I", shared, 128)  # nBackfillAttempted
    frame = _FRAME_HEADER + (65536 if page_size == 1 else page_size)
    size = log.stat().st_size
    least = _HEADER + copied * frame if copied else 0
    most = max(least, min(size, _HEADER + frames * frame))
    kept = least if random.random() < 0.5 else random.randint(least, most)
    with log.open("rb+") as file:
        file.truncate(min(kept, size))
    return size - min(kept, size)


def _cut_warc(folder: Path, random: Random) -> int:
    """Cuts the open WARC file within its last exchange, or, where that is in the database already, behind it."""
    path = next(iter((folder / "warc").glob("*.open")), None)
    if path is None:
        return 0
    size = path.stat().st_size
    starts = member_starts(path.read_bytes())
    exchange = starts[-2] if len(starts) > 2 else starts[-1] if starts else 0
    least = max(exchange, _worked_in(folder, path.name.removesuffix(".open")))
    if least >= size:
        return 0
    kept = random.randint(least, size - 1)
    with path.open("rb+") as file:
        file.truncate(kept)
    return size - kept


def _worked_in(folder: Path, warc_file: str) -> int:
    """Up to where archive.db has worked a WARC file in."""
    if not (folder / "archive.db").exists():
        return 0
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        row = db.execute("SELECT warc_file, warc_end FROM progress").fetchone()
    return int(row[1]) if row and row[0] == warc_file else 0


def member_starts(data: bytes) -> list[int]:
    """Where each whole gzip member begins, and where the last of them ends."""
    starts, place = [], 0
    while place < len(data):
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(data[place:])
        except zlib.error:
            break
        if not member.eof:
            break
        starts.append(place)
        place = len(data) - len(member.unused_data)
    return [*starts, place]
