"""`susta withdraw`: an article leaves the archive for good, and the archive says so.

    lock ─► WARC files made whole, their tail worked in ─► the plan is shown and agreed to ─► event `withdrawn`, fsync
    ─► text out of archive.db, tombstone in ─► (by choice) bytes out of the WARC files ─► archive.db written anew

From the event on the withdrawal is a fact: what is left to do after a crash is done by the next command that writes.
"""

import contextlib
import json
import mmap
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive import schema
from archive.captures import read_capture
from archive.errors import ArchiveUnusable
from archive.lock import locked
from archive.purge import purge_if_due
from archive.query import Archive
from archive.records import Article, article_from_json
from archive.removal import Rewritten
from archive.store import DATABASE_NAME, Store
from archive.warc import FOLDER_NAME
from archive.warc_files import register_files
from archive.warc_reading import repair_leftovers
from archive.withdrawal import WITHDRAWN, Tombstone, shared_lines, tombstone_of, tombstones
from archive.withdrawal_plan import Plan, media_named, page_captures, plan_of_article, plan_of_tombstone
from scraper.config import Config
from scraper.crawl import catch_up
from scraper.derive import Deriver
from scraper.extract.frame import Frame
from scraper.extract.text import key, masked
from scraper.frontier import Frontier
from scraper.frontier_tables import DATABASE_NAME as FRONTIER_NAME
from scraper.reading import read_stored
from scraper.removing import agent_of, finish_removals, stamp, warc_writer
from scraper.urls import page_address


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be withdrawn (an address or an id), why, and whether its captured bytes are to go too."""

    what: str
    reason: str
    remove_bytes: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal did. `purged` is False where another program's reading kept the database from being written
    anew: the next command that writes does it."""

    tombstone: Tombstone
    captures: int
    rewritten: list[Rewritten] = field(default_factory=list)
    copies_removed: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    purged: bool = True


@dataclass(frozen=True, slots=True)
class Beside:
    """What beside the database holds the article too: `copies` of the database, which are removed, and files in
    `exports/` that name one of its addresses, which are somebody's to deal with."""

    copies: list[str]
    exports: list[str]


def withdrawn_articles(folder: Path) -> list[Tombstone]:
    """The tombstones of an archive. Raises ArchiveUnusable (see schema.connect)."""
    with contextlib.closing(schema.connect(folder / DATABASE_NAME, in_passing=True)) as connection:
        return tombstones(connection)


def withdraw_article(
    config: Config,
    folder: Path,
    wish: Wish,
    *,
    agree: Callable[[Plan, Beside], bool],
    now: Callable[[], datetime],
    watch: Callable[[str], None] = lambda _: None,
) -> Withdrawal | None:
    """Withdraws an article; None where there is none of that name, or `agree` says no.

    `agree` is shown the plan, and what else holds the article, before anything is changed; `watch` is told what is
    being done. Raises LockHeld, and ArchiveUnusable where the archive cannot be written.
    """
    Archive.open(folder).close()  # makes none where there is none
    warc_folder = folder / FOLDER_NAME
    with locked(folder, "withdraw"):
        repair_leftovers(warc_folder)
        store = Store(folder)
        try:
            deriver = Deriver(store, warc_folder, config)
            catch_up(deriver, store, warc_folder)
            rewritten = finish_removals(store, deriver, config, warc_folder, now())
            register_files(store.db, warc_folder)
            plan = _plan(store, warc_folder, config, wish)
            if plan is None:
                return None
            if plan.before and not (wish.remove_bytes and plan.captures):
                purged = purge_if_due(store.db)
                return Withdrawal(plan.before, 0, rewritten, purged=purged)
            copies = _copies(folder)
            beside = Beside([path.name for path in copies], _exports_with(folder, plan.addresses))
            if not agree(plan, beside):
                return None
            for path in copies:
                path.unlink(missing_ok=True)
            _write_event(store, deriver, config, warc_folder, plan, wish, stamp(now()))
            watch("rewriting WARC files")
            rewritten += finish_removals(store, deriver, config, warc_folder, now())
            register_files(store.db, warc_folder)
            _forget_media(store, folder, plan, wish)
            watch("writing archive.db anew")
            purged = purge_if_due(store.db)
            stone = tombstone_of(store.db, plan.url)
            assert stone is not None
            captures = len(plan.captures) if wish.remove_bytes else 0
            return Withdrawal(stone, captures, rewritten, beside.copies, beside.exports, purged)
        finally:
            store.close()


def _plan(store: Store, warc_folder: Path, config: Config, wish: Wish) -> Plan | None:
    spellings = (wish.what, page_address(wish.what, wish.what) or wish.what)
    with Archive.open(store.folder) as opened:
        found = next(filter(None, map(opened.find, spellings)), None)
    if found is not None:
        return plan_of_article(store.db, found[0])
    stone = tombstone_of(store.db, *spellings)
    if stone is None:
        return None
    media = _media_of_pages(store, warc_folder, config, stone) if wish.remove_bytes else set()
    return plan_of_tombstone(store.db, stone, media)


def _media_of_pages(store: Store, warc_folder: Path, config: Config, stone: Tombstone) -> set[str]:
    """Addresses of pictures and attachments, read once more from the captures that were kept."""
    records = []
    for capture_id in page_captures(store.db, stone.addresses):
        with contextlib.suppress(ArchiveUnusable):
            reading = read_stored(read_capture(store.db, warc_folder, capture_id), Frame(), config)
            if isinstance(reading.outcome, Article):
                records.append(reading.outcome.to_json())
    return media_named(records)


def _write_event(
    store: Store, deriver: Deriver, config: Config, warc_folder: Path, plan: Plan, wish: Wish, at: str
) -> None:
    data: dict[str, Any] = {
        "at": at,
        "site": plan.site,
        "site_id": plan.site_id,
        "url": plan.url,
        "addresses": list(plan.addresses),
        "article_id": plan.article_id,
        "reason": wish.reason,
        "agent": agent_of(config),
        "bytes": "removed" if wish.remove_bytes else "kept",
        "captures": plan.captures if wish.remove_bytes else [],
        "lines": _shared_lines(store, plan),
    }
    writer = warc_writer(config, warc_folder)
    try:
        deriver.take(writer.append_event(WITHDRAWN, at, data))
    finally:
        writer.close()


def _shared_lines(store: Store, plan: Plan) -> list[str]:
    """Digests of those of the article's lines that stand on other pages too."""
    lines: set[str] = set()
    titles = {key(plan.title)}
    for text in plan.records:
        article = article_from_json(text)
        titles.add(key(article.title))
        texts = (article.kicker, *article.body, *(photo.caption for photo in article.photos), article.byline)
        cells = (cell for table in article.tables for row in table for cell in row)
        labels = (attachment.label for attachment in article.attachments)
        said = [each for each in (*texts, *cells, *labels, article.title) if each]
        lines.update(name for each in said for name in (key(each), masked(each)))
    found: set[str] = set()
    for title in titles - {""}:
        found.update(shared_lines(store.db, title, lines))
    return sorted(found)


def _copies(folder: Path) -> list[Path]:
    """Copies of the database beside it, which hold the text too: those made before a migration, and what a rebuild
    left unfinished."""
    return sorted(
        path
        for pattern in ("schema-*", "rebuilding*", "new*")
        for path in folder.glob(f"{DATABASE_NAME}.{pattern}")
        if path.is_file() and not path.is_symlink()
    )


def _exports_with(folder: Path, addresses: tuple[str, ...]) -> list[str]:
    """Files written into the archive's `exports/` that name one of these addresses, as they are written there; packages
    are looked into."""
    files = [path for path in sorted((folder / "exports").rglob("*")) if path.is_file() and path.stat().st_size]
    return [str(path.relative_to(folder)) for path in files if _names(path, addresses)]


def _names(path: Path, addresses: tuple[str, ...]) -> bool:
    named = [url.encode() for url in addresses]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(content.find(url) >= 0 for url in named):
            return True
    return zipfile.is_zipfile(path) and _is_packed_in(path, named)


def _is_packed_in(path: Path, named: list[bytes]) -> bool:
    """Whether a ZIP file (a WACZ package, a bag) names one of these addresses; WARC files in it are passed over, since
    a package says beside them what they hold. One that cannot be read is taken for one that does."""
    most = max(map(len, named), default=0)
    try:
        with zipfile.ZipFile(path) as package:
            for entry in package.infolist():
                if entry.filename.endswith(".gz") or entry.is_dir():
                    continue
                with package.open(entry) as content:
                    window = b""
                    while piece := content.read(1 << 20):
                        window = window[-most:] + piece
                        if any(url in window for url in named):
                            return True
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, EOFError):
        return True
    return False


def _forget_media(store: Store, folder: Path, plan: Plan, wish: Wish) -> None:
    """Files that are gone are asked for anew if another article comes to show them."""
    if not wish.remove_bytes or not (folder / FRONTIER_NAME).exists():
        return
    urls = store.db.execute(
        "SELECT url FROM captures WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(plan.media)),)
    ).fetchall()
    frontier = Frontier(folder)
    try:
        frontier.forget([url for (url,) in urls])
    finally:
        frontier.close()
