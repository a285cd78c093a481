"""Withdrawing an article: its text leaves `archive.db`, a tombstone stays that says when, by whom and why.

    the event `withdrawn` in the WARC files ─► withdraw(): article, revisions, photos, full text, … deleted; tombstone
    written; captures at its addresses derive to the refusal `withdrawn` ─► purge.py: the file is made anew
    bytes removed by choice: captures.removed = 2 ─► removal.py: WARC files rewritten ─► captures.removed = 1

What stays: the article's addresses (the tombstone must answer for them; an address spells the title), the times, sizes
and digests of its captures, and SHA-256 in place of lines that stand on other pages too. A crawl and a rebuild work the
event in at the same place of the order, so that both know the same.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from archive import fulltext
from archive.events import EventType, note_event
from archive.records import Capture, RefusalReason
from archive.veil import digest_of, veiled

if TYPE_CHECKING:
    from archive.store import Store

WITHDRAWN = "withdrawn"  # the name of the WARC event
_NO_EXTRACTOR = "withdrawal"  # stands in `derivations.extractor`, since no page is read


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is kept of a withdrawn article. `bytes` is `kept` or `removed`."""

    url: str
    site: str
    site_id: int | None
    article_id: int
    withdrawn_at: str
    reason: str
    agent: str
    bytes: str
    addresses: tuple[str, ...]

    @property
    def said(self) -> str:
        """One sentence for people."""
        kept = "what was captured of it is kept" if self.bytes == "kept" else "what was captured of it was removed"
        return f"withdrawn on {self.withdrawn_at[:10]} because: {self.reason} ({kept})"


_FIELDS = "url, site, site_id, article_id, withdrawn_at, reason, agent, bytes"


def tombstones(db: Executes) -> list[Tombstone]:
    """All of them, in the order of withdrawal; none in an archive of a schema that had none."""
    if not _has_withdrawals(db):
        return []
    rows = db.execute(f"SELECT id, {_FIELDS} FROM withdrawals ORDER BY id").fetchall()
    return [_tombstone(db, row) for row in rows]


def tombstone_of(db: Executes, *whats: str) -> Tombstone | None:
    """The tombstone for an article's address (any of them) or its id; the first that is found."""
    if not _has_withdrawals(db):
        return None
    for what in whats:
        row = db.execute(
            f"SELECT id, {_FIELDS} FROM withdrawals WHERE article_id = ?"
            if what.isdecimal() and len(what) < 19
            else f"SELECT id, {_FIELDS} FROM withdrawals"
            " WHERE id = (SELECT withdrawal_id FROM withdrawn_addresses WHERE url = ?)",
            (what,),
        ).fetchone()
        if row is not None:
            return _tombstone(db, row)
    return None


def _has_withdrawals(db: Executes) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'withdrawals'").fetchone() is not None


def _tombstone(db: Executes, row: Any) -> Tombstone:
    addresses = db.execute("SELECT url FROM withdrawn_addresses WHERE withdrawal_id = ? ORDER BY url", (row[0],))
    urls = tuple(url for (url,) in map(tuple, addresses.fetchall()))
    return Tombstone(*tuple(row)[1:], urls)  # type: ignore[call-arg]


# Working an event in


def withdraw(store: "Store", data: Mapping[str, Any]) -> None:
    """Works the event `withdrawn` in: deletes all that is held of the article and writes the tombstone. Within the
    caller's transaction; the file is made anew when the store is closed (purge.py)."""
    db, addresses, digests = store.db, json.dumps(data["addresses"]), frozenset(data.get("lines", ()))
    _write_tombstone(store, data, digests)
    db.execute(
        "UPDATE derivations SET article_id = NULL, refusal = ?, record = NULL, frame_id = NULL, extractor = ?"
        " WHERE article_id = ? OR capture_id IN (SELECT id FROM captures WHERE role = 'page'"
        " AND url IN (SELECT value FROM json_each(?)))",
        (RefusalReason.WITHDRAWN, _NO_EXTRACTOR, data["article_id"], addresses),
    )
    db.execute("DELETE FROM views WHERE article_id = ?", (data["article_id"],))
    fulltext.remove(db, data["article_id"])
    db.execute("DELETE FROM articles WHERE id = ?", (data["article_id"],))  # and all that hangs on it
    db.execute(fulltext.FORGET_FILES)
    db.execute(
        "INSERT OR REPLACE INTO refusals (url, capture_id, reason, detail, seen_at)"
        " SELECT c.url, c.id, d.refusal, '', c.fetched_at FROM derivations d JOIN captures c ON c.id = d.capture_id"
        " WHERE d.refusal = 'withdrawn' ORDER BY c.id"
    )
    db.execute(
        "DELETE FROM postings WHERE url IN (SELECT value FROM json_each(?)) OR (site = ? AND site_id = ?)",
        (addresses, data["site"], data["site_id"]),
    )
    _veil_lines(db, digests)
    db.execute(  # told by its captures, as a rebuild will not
        "DELETE FROM events WHERE type IN ('disappeared', 'returned') AND target IN (SELECT value FROM json_each(?))",
        (addresses,),
    )
    db.execute("UPDATE events SET detail = '{}' WHERE target IN (SELECT value FROM json_each(?))", (addresses,))
    db.execute(
        "UPDATE captures SET removed = 2 WHERE removed = 0 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(data.get("captures", [])),),
    )
    detail = {name: data[name] for name in ("article_id", "reason", "bytes")}
    note_event(db, EventType.WITHDRAWN, data["at"], data["agent"], data["url"], detail=detail)


def _write_tombstone(store: "Store", data: Mapping[str, Any], digests: frozenset[str]) -> None:
    """A second withdrawal of one article, to remove its bytes too, keeps the first one's time."""
    row = store.one("SELECT id FROM withdrawals WHERE url = ?", data["url"])
    if row is None:
        names = ("site", "site_id", "url", "article_id", "reason", "agent", "bytes")
        withdrawal_id = store.insert("withdrawals", {name: data[name] for name in names} | {"withdrawn_at": data["at"]})
    else:
        withdrawal_id = int(row[0])
        store.db.execute(
            "UPDATE withdrawals SET reason = ?, agent = ?, bytes = ?, purged = 0 WHERE id = ?",
            (data["reason"], data["agent"], data["bytes"], withdrawal_id),
        )
    for table, column, values in (
        ("withdrawn_addresses", "url", data["addresses"]),
        ("withdrawn_lines", "digest", sorted(digests)),
    ):
        for value in values:
            store.db.execute(
                f"INSERT OR IGNORE INTO {table} ({column}, withdrawal_id) VALUES (?, ?)", (value, withdrawal_id)
            )


def refuse(
    store: "Store", capture_id: int, capture: Capture, source_id: int | None, content_sha256: str | None
) -> None:
    """Notes a page capture as one of a withdrawn article. `content_sha256` is the digest of what it says, where it was
    read: a digest is no text, and tells the same text at another address."""
    store.db.execute(
        "INSERT OR REPLACE INTO derivations (capture_id, article_id, content_sha256, refusal, frame_id, source_id,"
        " extractor) VALUES (?, NULL, ?, ?, NULL, ?, ?)",
        (capture_id, content_sha256, RefusalReason.WITHDRAWN, source_id, _NO_EXTRACTOR),
    )
    store.db.execute(
        "INSERT OR REPLACE INTO refusals (url, capture_id, reason, detail, seen_at) VALUES (?, ?, ?, '', ?)",
        (capture.url, capture_id, RefusalReason.WITHDRAWN, capture.fetched_at),
    )


@dataclass(frozen=True, slots=True)
class Withheld:
    """What an archive knows of all its withdrawn articles: their addresses, their (site, number), and the digests of
    lines that other pages have too."""

    addresses: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, int]] = frozenset()
    lines: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.addresses)


def withheld(db: Executes) -> Withheld:
    """What is withheld now."""
    if not _has_withdrawals(db):
        return Withheld()
    return Withheld(
        frozenset(row[0] for row in db.execute("SELECT url FROM withdrawn_addresses").fetchall()),
        frozenset(
            (row[0], row[1])
            for row in db.execute("SELECT site, site_id FROM withdrawals WHERE site_id IS NOT NULL").fetchall()
        ),
        frozenset(row[0] for row in db.execute("SELECT digest FROM withdrawn_lines").fetchall()),
    )


# Lines that stand on other pages too


def _veil_lines(db: Executes, digests: frozenset[str]) -> None:
    """Takes the words out of what was learned of the site's frame, and of what it says where there is nothing."""
    if not digests:
        return
    for frame_id, text in db.execute("SELECT id, lines FROM frames").fetchall():
        parts = {name: sorted(veiled(names, digests)) for name, names in json.loads(text).items()}
        new = json.dumps(parts, ensure_ascii=False)
        if new != text:
            db.execute("UPDATE frames SET lines = ? WHERE id = ?", (new, frame_id))
    for capture_id, text in db.execute(
        "SELECT capture_id, record FROM not_found_pages WHERE record IS NOT NULL"
    ).fetchall():
        kept = [line for line in json.loads(text) if digest_of(line) not in digests]
        db.execute(
            "UPDATE not_found_pages SET record = ? WHERE capture_id = ?",
            (json.dumps(kept, ensure_ascii=False) if kept else None, capture_id),
        )


def shared_lines(db: Executes, title: str, lines: Iterable[str]) -> list[str]:
    """Digests of the lines that a frame or a not-found page holds, and of the title; `title` and `lines` are keys as
    frames have them. A frame's line that is the title cut short, or holds it, counts as the title."""
    held: set[str] = set()
    for (text,) in db.execute("SELECT lines FROM frames").fetchall():
        held.update(name.removeprefix("@") for names in json.loads(text).values() for name in names)
    for (text,) in db.execute("SELECT record FROM not_found_pages WHERE record IS NOT NULL").fetchall():
        held.update(json.loads(text))
    found = held & set(lines)
    found |= {
        name
        for name in held
        if min(len(name), len(title)) >= _LEAST_OF_TITLE and (title.startswith(name) or title in name)
    }
    return sorted(digest_of(name) for name in (found | {title}) - {""})


_LEAST_OF_TITLE = 12  # letters
