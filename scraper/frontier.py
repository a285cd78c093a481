"""The frontier: every address the crawl knows of, what state it is in, and when it is due. `frontier.db`.

    QUEUED ──claim──► LEASED ──► DONE     (an answer was captured; due again later)
      ▲                 │   ├──► FAILED   (no answer; tried again at the next run)
      │                 │   └──► SKIPPED  (robots.txt, scope or a trap forbids; the reason is kept)
      └─────────────────┴── back to QUEUED: the run stopped, or the address is due

The table of moves is data and is enforced; the same enum writes the SQL CHECK. A lease left by a killed run goes back
to the queue at the next start, which repeats work and loses none. Only `crawl.py` calls this; it holds the archive's
lock.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from archive.errors import ArchiveUnusable
from archive.migration_copy import keep_copy
from scraper.addresses import MOVES, Answer, Found, Item, Kind, State
from scraper.frontier_tables import APPLICATION_ID, DATABASE_NAME, VERSION, bring_up_to_date, make
from scraper.host_memories import HostMemories

# Lower goes first: what completes an article already found, then what leads to others. A listing's later pages go
# before other pages; what may be a copy of pages (it has a family) goes last, when it has hardly anything new to show.
_PRIORITY = {
    Kind.START: 0,
    Kind.PROBE: 0,
    Kind.SITEMAP: 1,
    Kind.MEDIA: 1,
    Kind.LISTING: 2,
    Kind.ARTICLE: 3,
    Kind.PAGE: 5,
}
_NUMBERED, _COPIES, _NUMBERED_COPIES = 4, 6, 7
_MOMENT = 0.001  # seconds; a time that was reckoned from two others is less exact


class Frontier:
    """The frontier of one archive. Not thread-safe: one thread owns it."""

    def __init__(self, folder: Path) -> None:
        """Opens or makes `folder`/frontier.db. Raises ArchiveUnusable when it is not ours or of a newer version."""
        path = folder / DATABASE_NAME
        try:
            if not path.exists() or path.stat().st_size == 0:
                make(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            try:
                version = self._refuse_strangers(path)
                if version < VERSION:
                    keep_copy(self._db, path, version)
                bring_up_to_date(self._db)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self.hosts = HostMemories(self._db)
            except BaseException:
                self._db.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise ArchiveUnusable(
                f"{path} cannot be used: {error}",
                advice="Remove it to begin the crawl's plan anew; captures and articles stay.",
            ) from error
        self._queued: Counter[tuple[str, bool]] = Counter()
        self._closed: set[str] = set()
        self._withheld: Callable[[str, Kind, str], bool] = lambda *_: False
        self._recount()

    def withhold(self, withheld: Callable[[str, Kind, str], bool]) -> None:
        """From now on, addresses of withdrawn articles are left out when their turn comes, start addresses too:
        `withheld` is asked with (address, kind, where it was found)."""
        self._withheld = withheld

    def forget(self, urls: Iterable[str]) -> None:
        """Forgets addresses, so that they are asked for anew if something leads to them again."""
        self._db.executemany("DELETE FROM addresses WHERE url = ?", [(url,) for url in urls])
        self._recount()

    def _recount(self) -> None:
        """What is counted in memory, so that no step of a crawl costs more with a larger frontier."""
        rows = self._db.execute(
            "SELECT host, kind = 'media', count(*) FROM addresses WHERE state = 'queued' GROUP BY 1, 2"
        ).fetchall()
        self._queued = Counter({(host, bool(media)): count for host, media, count in rows})
        closed = self._db.execute("SELECT pattern FROM patterns WHERE closed_at IS NOT NULL").fetchall()
        self._closed = {pattern for (pattern,) in closed}

    def _refuse_strangers(self, path: Path) -> int:
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID or version > VERSION:
            raise ArchiveUnusable(
                f"{path} is not a frontier this version knows (version {version}, this one knows {VERSION})",
                advice="Update susta-archive, or choose another folder with --archive DIR.",
            )
        return int(version)

    def close(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    def reopen(self, pattern: str) -> bool:
        """Opens a closed trap again: its addresses are queued, and its count begins anew. False when there is no such
        closed trap."""
        self._db.execute("BEGIN")
        cursor = self._db.execute(
            "UPDATE patterns SET closed_at = NULL, fruitless = 0 WHERE pattern = ? AND closed_at IS NOT NULL",
            (pattern,),
        )
        self._db.execute(
            "UPDATE addresses SET state = 'queued', reason = NULL WHERE state = 'skipped' AND reason = 'trap'"
            " AND (pattern = :name OR family = :name) AND NOT EXISTS (SELECT 1 FROM patterns p"
            " WHERE p.closed_at IS NOT NULL AND p.pattern IN (addresses.pattern, addresses.family))",
            {"name": pattern},
        )
        self._db.execute("COMMIT")
        self._recount()
        return cursor.rowcount > 0

    def begin_run(
        self, now: float, start: Iterable[Found], everything: bool = False, most_due: int | None = None
    ) -> None:
        """Makes ready what a run asks for: the start pages, each listing's first page, what failed or was forbidden by
        robots.txt before, what is due (with `everything`, every page), and leases of a killed run. Of the articles that
        were there and are due, at most `most_due`: those first that wait longest by the measure of their interval."""
        self._db.execute("BEGIN")
        self._db.execute("UPDATE addresses SET state = 'queued' WHERE state IN ('leased', 'failed')")
        self._db.execute("UPDATE addresses SET state = 'queued' WHERE state = 'skipped' AND reason = 'robots'")
        open_family = (
            "((kind NOT IN ('listing', 'page') AND reason IS NOT 'alias') OR NOT EXISTS (SELECT 1 FROM patterns p"
            " WHERE p.closed_at IS NOT NULL AND p.pattern IN (addresses.pattern, addresses.family)))"
        )
        self._db.execute(
            f"UPDATE addresses SET state = 'queued' WHERE state = 'done' AND due_at <= :until AND {open_family}"
            " AND (:most < 0 OR kind <> 'article' OR coalesce(reason, 'alias') <> 'alias' OR id IN (SELECT id"
            " FROM addresses WHERE state = 'done' AND kind = 'article' AND due_at <= :until"
            " AND coalesce(reason, 'alias') = 'alias'"
            " ORDER BY (:until - due_at) / max(interval, 1.0) DESC, id LIMIT max(0, :most)))",
            {"until": 1e18 if everything else now, "most": -1 if everything or most_due is None else most_due},
        )
        self._db.execute(
            "UPDATE addresses SET state = 'queued' WHERE state = 'done' AND kind = 'listing' AND page_number IS NULL"
            f" AND links_digest IS NOT 'repeats' AND reason IS NOT 'http-status' AND {open_family}"
        )
        self._db.execute(  # an earlier version took any answer for a file's
            "UPDATE addresses SET state = 'queued' WHERE state = 'done' AND kind = 'media' AND due_at IS NULL"
            " AND reason IS NULL AND last_status <> 200"
        )
        self._db.execute(
            "UPDATE addresses SET state = 'queued' WHERE state = 'done' AND kind = 'sitemap'"
            " AND reason IS NULL AND page_number IS NULL"
        )
        self._db.execute("DELETE FROM addresses WHERE kind = 'probe'")
        self._db.execute("COMMIT")
        for found in start:
            self.add([found], "start", now)
            self._db.execute(
                "UPDATE addresses SET state = 'queued', kind = 'start', priority = 0, reason = NULL"
                " WHERE url = ? AND state <> 'leased'",
                (found.url,),
            )
        self._recount()

    def mend_times(self, now: float) -> None:
        """What was asked for in the future, by a clock that was wrong, is due as if it had been asked for now."""
        self._db.execute(
            "UPDATE addresses SET due_at = :now + interval WHERE state = 'done' AND due_at - interval > :now",
            {"now": now},
        )

    def add(self, found: Iterable[Found], found_on: str, now: float) -> list[str]:
        """Queues addresses not yet known; returns those. Addresses of a closed trap are kept as skipped."""
        found = list(found)
        new = []
        self._db.execute("BEGIN")
        known = self._known(found)
        for each in found:
            closed = each.pattern in self._closed or each.family in self._closed
            if each.url not in known:
                added = self._insert(each, found_on, now, closed=closed)
            else:
                added = each.listed and not closed and self._take_out_of_trap(each)
            if added and not closed:
                new.append(each.url)
                self._queued[each.host, each.kind is Kind.MEDIA] += 1
        self._db.execute("COMMIT")
        return new

    def add_known(self, found: Found, found_on: str, asked_at: float, answer: Answer) -> None:
        """Keeps an address as asked for at a time, by others. One that this frontier has asked for itself, or may not
        ask for, is left as it is."""
        self._insert(found, found_on, asked_at, closed=False)
        self._db.execute(
            "UPDATE addresses SET state = 'done', kind = ?, priority = ?, due_at = ?, interval = ?, last_run = ?,"
            " last_status = ?, reason = ? WHERE url = ? AND state = 'queued' AND last_run IS NULL",
            (
                answer.kind,
                _PRIORITY[answer.kind],
                answer.due_at,
                answer.interval,
                answer.run,
                answer.status,
                answer.reason,
                found.url,
            ),
        )

    def unknown(self, found: list[Found]) -> list[Found]:
        """Those of these addresses that are not there yet."""
        known = self._known(found)
        return [each for each in found if each.url not in known]

    def _known(self, found: list[Found]) -> set[str]:
        """Which of these addresses are there: most links of a page are, and to ask for all at once costs least."""
        rows = self._db.execute(
            "SELECT url FROM addresses WHERE url IN (SELECT value FROM json_each(?))",
            (json.dumps([each.url for each in found]),),
        )
        return {url for (url,) in rows}

    def _insert(self, found: Found, found_on: str, now: float, *, closed: bool) -> bool:
        """Whether the address was added; one that stands twice among those found is not, the second time."""
        state, reason = (State.SKIPPED, "trap") if closed else (State.QUEUED, None)
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO addresses (url, host, kind, state, priority, found_on, found_at, hops,"
            " page_number, pattern, family, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                found.url,
                found.host,
                found.kind,
                state,
                _priority_of(found),
                found_on,
                now,
                found.hops,
                found.page_number,
                found.pattern,
                found.family,
                reason,
            ),
        )
        return cursor.rowcount > 0

    def _take_out_of_trap(self, found: Found) -> bool:
        """Queues an article that a listing shows and a trap closed elsewhere had swallowed."""
        cursor = self._db.execute(
            "UPDATE addresses SET state = 'queued', pattern = ?, reason = NULL"
            " WHERE url = ? AND state = 'skipped' AND reason = 'trap'",
            (found.pattern, found.url),
        )
        return cursor.rowcount > 0

    def ask_again(self, urls: Iterable[str], run: int) -> None:
        """Queues known addresses again that this run has not asked for yet. Counts them itself: to count all that are
        queued would cost more with every address there is."""
        for url in urls:
            rows = self._db.execute(
                "UPDATE addresses SET state = 'queued' WHERE url = ? AND state = 'done' AND last_run IS NOT ?"
                " RETURNING host, kind",
                (url, run),
            ).fetchall()
            for host, kind in rows:
                self._queued[host, kind == Kind.MEDIA] += 1

    def ask_further(self, url: str, shown: Iterable[str], run: int, moment: float) -> bool:
        """Queues a listing's next page again where the page before shows addresses (`shown`) that were first found
        after the next one was last asked for, in whatever run that was, or since `moment`; whether it did."""
        rows = self._db.execute(
            "UPDATE addresses SET state = 'queued' WHERE url = ? AND state = 'done' AND last_run IS NOT ?"
            " AND EXISTS (SELECT 1 FROM addresses f WHERE f.url IN (SELECT value FROM json_each(?))"
            f" AND f.found_at >= min(?, coalesce(addresses.due_at - addresses.interval, 0) + {_MOMENT}))"
            " RETURNING host",
            (url, run, json.dumps(list(shown)), moment),
        ).fetchall()
        for (host,) in rows:
            self._queued[host, False] += 1
        return bool(rows)

    def make_due(self, urls: Iterable[tuple[str, float]], run: int) -> None:
        """Queues known addresses that changed (POSIX time) after they were last asked for, each once a run."""
        self._db.executemany(
            "UPDATE addresses SET state = 'queued' WHERE url = ? AND state = 'done' AND due_at - interval < ?"
            " AND last_run IS NOT ?",
            [(url, changed, run) for url, changed in urls],
        )
        self._recount()

    def count_of(self, host: str, kind: Kind) -> int:
        """How many addresses of a kind a host has."""
        row = self._db.execute("SELECT count(*) FROM addresses WHERE kind = ? AND host = ?", (kind, host)).fetchone()
        return int(row[0])

    def claim(self, host: str, *, media_only: bool = False) -> Item | None:
        """Leases the next address of a host; None when it has none."""
        while row := self._next(host, media_only):
            found_on, *values = row
            kind = Kind(values[3])
            self._queued[host, kind is Kind.MEDIA] -= 1
            if not self._withheld(values[1], kind, found_on):
                self._move(values[0], State.QUEUED, State.LEASED)
                first = values[8] is None
                return Item(*values[:3], kind, *values[4:8], first, *values[9:])  # type: ignore[call-arg]
            self._move(values[0], State.QUEUED, State.SKIPPED, "reason = ?", ("withdrawn",))
        return None

    def _next(self, host: str, media_only: bool) -> Any:
        return self._db.execute(
            "SELECT found_on, id, url, host, kind, pattern, page_number, hops, interval, last_run, family,"
            " reason FROM addresses"
            " WHERE state = 'queued' AND host = ? AND (? = 0 OR kind = 'media') ORDER BY priority, id LIMIT 1",
            (host, int(media_only)),
        ).fetchone()

    def give_back(self, item: Item) -> None:
        """The run stops before the address was asked for."""
        self._move(item.id, State.LEASED, State.QUEUED)
        self._queued[item.host, item.kind is Kind.MEDIA] += 1

    def answer(self, item: Item, answer: Answer) -> None:
        """An answer was captured and is in the archive."""
        self._move(
            item.id,
            State.LEASED,
            State.DONE,
            "kind = ?, priority = ?, due_at = ?, interval = ?, last_run = ?, last_status = ?, reason = ?,"
            " links_digest = ?",
            (
                answer.kind,
                _PRIORITY[answer.kind],
                answer.due_at,
                answer.interval,
                answer.run,
                answer.status,
                answer.reason,
                answer.links_digest,
            ),
        )

    def rest_redirects(self, item: Item) -> None:
        """A file came: the addresses that redirect to it need not be asked for again."""
        self._db.execute(
            "UPDATE addresses SET due_at = NULL, interval = NULL WHERE kind = 'media' AND state = 'done'"
            " AND reason = 'redirect' AND url IN (WITH RECURSIVE led(url) AS (SELECT found_on FROM addresses"
            " WHERE id = ? AND hops > 0 UNION SELECT a.found_on FROM addresses a JOIN led ON a.url = led.url"
            " WHERE a.hops > 0) SELECT url FROM led)",
            (item.id,),
        )

    def fail(self, item: Item, run: int, reason: str, status: int | None = None) -> None:
        """No usable answer; the address is tried again at the next run."""
        self._move(
            item.id,
            State.LEASED,
            State.FAILED,
            "last_run = ?, last_status = ?, reason = ?",
            (run, status, reason),
        )

    def skip(self, item: Item, reason: str) -> None:
        """The address may not be asked for."""
        self._move(item.id, State.LEASED, State.SKIPPED, "reason = ?", (reason,))

    def _move(self, id_: int, old: State, new: State, also: str = "", values: tuple[object, ...] = ()) -> None:
        if new not in MOVES[old]:
            raise AssertionError(f"no move from {old} to {new}")
        changes = f"state = ?, {also}" if also else "state = ?"
        cursor = self._db.execute(
            f"UPDATE addresses SET {changes} WHERE id = ? AND state = ?", (new, *values, id_, old)
        )
        if cursor.rowcount != 1:
            raise AssertionError(f"address {id_} is not {old}")

    def repeats(self, item: Item, links_digest: str) -> int:
        """How many other pages of its pattern led to exactly the same links: a listing past its end, a calendar."""
        row = self._db.execute(
            "SELECT count(*) FROM"
            " (SELECT 1 FROM addresses WHERE pattern = ? AND links_digest = ? AND id <> ? LIMIT 50)",
            (item.pattern, links_digest, item.id),
        ).fetchone()
        return int(row[0])

    def note_fetch(self, item: Item, *, weight: float | None, limit: float, now: float) -> list[str]:
        """Counts the first fetch of an address within its pattern and family; returns those just closed as traps.

        `weight` is how fruitless the fetch was; None when it brought a new article, which clears the count, and that of
        the page it was found on. One is closed when `limit` is reached.
        """
        closed = []
        if weight is None:
            self._db.execute(
                "UPDATE patterns SET fruitless = 0 WHERE fruitless > 0 AND pattern IN (SELECT value FROM ("
                "SELECT pattern, family FROM addresses WHERE url = (SELECT found_on FROM addresses WHERE id = ?)) AS f,"
                " json_each(json_array(f.pattern, f.family)))",
                (item.id,),
            )
        for name in filter(None, (item.pattern, item.family)):
            self._db.execute(
                "INSERT INTO patterns (pattern, fruitless, fetched) VALUES (:name, coalesce(:weight, 0), 1)"
                " ON CONFLICT (pattern) DO UPDATE SET fetched = fetched + 1,"
                " fruitless = CASE WHEN :weight IS NULL THEN 0 ELSE fruitless + :weight END",
                {"name": name, "weight": weight},
            )
            cursor = self._db.execute(
                "UPDATE patterns SET closed_at = ? WHERE pattern = ? AND fruitless >= ? AND closed_at IS NULL",
                (now, name, limit),
            )
            if cursor.rowcount:
                closed.append(name)
                self._db.execute(
                    "UPDATE addresses SET state = 'skipped', reason = 'trap'"
                    " WHERE state = 'queued' AND kind <> 'start' AND (pattern = :name OR family = :name)",
                    {"name": name},
                )
        if closed:
            self._recount()
        return closed

    def any_unknown(self, urls: list[str]) -> bool:
        """Whether any of these addresses was never found before."""
        row = self._db.execute(
            "SELECT count(*) FROM addresses WHERE url IN (SELECT value FROM json_each(?))", (json.dumps(urls),)
        ).fetchone()
        return int(row[0]) < len(set(urls))

    def waiting(self, *, media_only: bool = False) -> dict[str, int]:
        """Queued addresses by host, for hosts that have any."""
        found: Counter[str] = Counter()
        for (host, media), count in self._queued.items():
            if count > 0 and (media or not media_only):
                found[host] += count
        return dict(found)

    def counts(self) -> dict[str, int]:
        """Addresses by state."""
        return _counts(self._db)


def _priority_of(found: Found) -> int:
    if not found.kind.is_page or found.kind is Kind.START:
        return _PRIORITY[found.kind]
    if found.family is not None:
        return _COPIES if found.page_number is None else _NUMBERED_COPIES
    return _NUMBERED if found.page_number is not None else _PRIORITY[found.kind]


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT state, count(*) FROM addresses GROUP BY state").fetchall())
