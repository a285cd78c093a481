"""Archives to damage: one small healthy archive, copies of it, and the ways to damage one that the rules in
tests/bad_archives name."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import sqlite3
import tomllib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.check import AuditReport, check
from archive.check_schedule import EVERYTHING, Which
from archive.damage import Code
from archive.schema import connect
from archive.seal_file import forget_seal, make_seal
from archive.store import Store
from archive.warc import warc_paths
from archive.warc_files import register_files
from scraper.cli_check import resolve
from scraper.demonstration import demonstrate

RULES = Path(__file__).resolve().parents[1] / "bad_archives"
NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)


def audit(
    folder: Path, *, now: datetime = NOW, which: Which = EVERYTHING, jobs: int = 1, afresh: bool = False
) -> AuditReport:
    return check(folder, now=now, agent="susta-archive/test", which=which, jobs=jobs, afresh=afresh, resolve=resolve)


def codes(report: AuditReport) -> list[str]:
    """What was found."""
    return sorted(report.counts)


def make_healthy(folder: Path) -> Path:
    """The demo site crawled twice, so that there are revisions, revisits, files in order, pictures and aliases."""
    for edition in (1, 2):
        demonstrate(
            folder,
            articles=12,
            edition=edition,
            pause=lambda _: False,
            stopped=lambda: False,
            watch=lambda _: None,
        )
    store = Store(folder)
    register_files(store.db, folder / "warc")
    store.close()
    return folder


def copy_of(healthy: Path, to: Path) -> Path:
    shutil.copytree(healthy, to, ignore=shutil.ignore_patterns("exports", ".lock"))
    for path in (to / "warc").iterdir():
        path.chmod(0o644)
    return to


def rules() -> list[Path]:
    """The folders of all ways to damage one."""
    return [path.parent for path in sorted(RULES.glob("*/rule.toml"))]


@dataclass
class Rule:
    """One folder of tests/bad_archives: how an archive is damaged, and what must be said."""

    name: str
    damage: list[dict[str, Any]]
    expect: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Rule:
        said = tomllib.loads((folder / "rule.toml").read_text(encoding="utf-8"))
        return cls(folder.name, said["damage"], said["expect"])

    @property
    def code(self) -> Code:
        return Code(self.name.partition("_")[0])


def names_in(folder: Path) -> dict[str, str]:
    """What the rules call an archive's parts."""
    files = [path.name for path in warc_paths(folder / "warc")]
    with contextlib.closing(connect(folder / "archive.db", read_only=True)) as db:
        last = db.execute("SELECT id FROM captures WHERE warc_file = ? ORDER BY id DESC", (files[0],)).fetchone()
    return {"first": files[0], "last": files[-1], "last_of_first": str(last[0])}


def damage(folder: Path, rule: Rule) -> dict[str, str]:
    """Damages the archive as the rule says; gives the names that the rule's places are spelt with."""
    names = names_in(folder)
    for step in rule.damage:
        words = {key: value.format(**names) if isinstance(value, str) else value for key, value in step.items()}
        do = words.pop("do")
        if "file" in words:
            words["path"] = folder / words.pop("file")
        if do == "sql":
            change(folder, [each.replace("{first}", names["first"]) for each in words["statements"]])
        else:
            _WAYS[do](**words)
    return names


def change(folder: Path, statements: list[str]) -> None:
    """Changes rows as a fault of the program would: the database is sealed as it then is."""
    path = folder / "archive.db"
    before = path.read_bytes()
    forget_seal(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)
    assert path.read_bytes() != before, "the rule changed nothing"
    assert make_seal(path)


def _flip(*, path: Path, offset: int, mask: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= mask
    path.write_bytes(data)


def _cut(*, path: Path, count: int) -> None:
    os.truncate(path, path.stat().st_size - count)


def _append(*, path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write(text.encode())


def _write(*, path: Path, text: str) -> None:
    path.write_text(text)


def _remove(*, path: Path) -> None:
    path.unlink()


def _rename(*, path: Path, to: str) -> None:
    path.rename(path.with_name(to))


def _overwrite_table(*, path: Path, table: str) -> None:
    """Overwrites the first page of a table, and seals that in: as if the fault had been there before."""
    forget_seal(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(data)
    assert make_seal(path)


def _append_record(*, path: Path, kind: str, length: int = 0, block_digest: str = "", payload_digest: str = "") -> None:
    """A response that is whole but for what is asked for, as one gzip member of the usual form."""
    payload = b"<p>Xin ch\xc3\xa0o</p>"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + payload
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:12345678-feed-beef-b854-b4e3d0c0ffee>",
        "WARC-Target-URI": "https://susta.vn/tin-tuc/bai-viet-7",
        "WARC-Date": "2026-11-30T02:00:00Z",
        "Content-Type": "application/http; msgtype=response",
        "WARC-Block-Digest": block_digest or _sha1(block),
        "WARC-Payload-Digest": payload_digest or _sha1(payload),
        "Content-Length": str(len(block) + length),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("ab") as file:
        file.write(packer.compress(head.encode() + block + b"\r\n\r\n") + packer.flush())


def _sha1(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"


_WAYS: dict[str, Any] = {
    "flip": _flip,
    "cut": _cut,
    "append": _append,
    "append_record": _append_record,
    "write": _write,
    "remove": _remove,
    "rename": _rename,
    "overwrite_table": _overwrite_table,
}
