"""What stands in the WARC files in place of a response whose bytes were removed, and what a rebuild makes of it.

The event `capture-removed` has all that `archive.db` knows of the capture, so that the same row is made, and what the
page did for others than its own article: the days it posted of other items, whom it credited, and what runs learned of
the site's frame while it was among the pages they learned from. Until the event `withdrawn` is reached, the article
itself is a stand-in without text: its id, and its place among the pages, are those of the first time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.dating import settle_date
from archive.records import Capture, Posting, Role, Source
from archive.store import Store
from archive.warc import StoredEvent
from archive.warc_reading import read_all
from archive.withdrawal import refuse

CAPTURE_REMOVED = "capture-removed"
_OF_CAPTURE = (
    "url", "fetched_at", "status", "role", "media_type", "payload_sha256", "payload_length", "location", "truncated",
    "etag", "last_modified",
)  # fmt: skip

Learned = dict[int | None, tuple[int, str]]
"""What runs learned of a site's frame: run to (pages learned from, the frame's JSON)."""


def removed_data(store: Store, capture_id: int) -> dict[str, Any]:
    """What the event says of a capture that is to be removed. Its article is withdrawn by now."""
    row = store.one(f"SELECT {', '.join(_OF_CAPTURE)}, revisit_of, run_id FROM captures WHERE id = ?", capture_id)
    assert row is not None
    data: dict[str, Any] = dict(zip(_OF_CAPTURE, row, strict=False))
    revisit_of, run_id = row[-2:]
    data["refers_to"] = (
        store.one("SELECT url, fetched_at FROM captures WHERE id = ?", revisit_of) if revisit_of else None
    )
    data["article_id"] = None
    if data["role"] == Role.PAGE:
        data |= _of_page(store, capture_id, str(data["url"]), run_id)
    return data


def _of_page(store: Store, capture_id: int, url: str, run_id: int | None) -> dict[str, Any]:
    derived = store.one("SELECT content_sha256, source_id FROM derivations WHERE capture_id = ?", capture_id)
    content_sha256, source_id = derived or (None, None)
    stone = store.one(
        "SELECT w.id, w.article_id, w.site, w.site_id FROM withdrawals w JOIN withdrawn_addresses a"
        " ON a.withdrawal_id = w.id WHERE a.url = ?",
        url,
    )
    postings = store.db.execute(
        "SELECT url, site, site_id, date, evidence FROM postings WHERE capture_id = ? ORDER BY rowid", (capture_id,)
    ).fetchall()
    data = {
        "article_id": stone[1] if stone and content_sha256 else None,
        "site": stone[2] if stone else None,
        "site_id": stone[3] if stone else None,
        "content_sha256": content_sha256,
        "source": store.one("SELECT site, name, organisation, notice FROM sources WHERE id = ?", source_id),
        "postings": postings,
    }
    if stone and content_sha256 and _is_first(store, capture_id, stone[0]):
        data["frames"] = _frames_since(store, stone[2], run_id)
    return data


def _is_first(store: Store, capture_id: int, withdrawal_id: int) -> bool:
    """Whether a capture is the first of its article's whose bytes go: it tells what runs learned from then on."""
    row = store.one(
        "SELECT min(c.id) FROM captures c JOIN derivations d ON d.capture_id = c.id"
        " JOIN withdrawn_addresses a ON a.url = c.url"
        " WHERE a.withdrawal_id = ? AND c.role = 'page' AND c.removed > 0 AND d.content_sha256 IS NOT NULL",
        withdrawal_id,
    )
    return row is not None and row[0] == capture_id


def _frames_since(store: Store, site: str, run_id: int | None) -> list[tuple[Any, ...]]:
    """(run, pages, lines) of what was learned of a site in this run and later ones."""
    return store.db.execute(
        "SELECT run_id, pages, lines FROM frames WHERE site = ? AND coalesce(run_id, 0) >= ? ORDER BY id",
        (site, run_id or 0),
    ).fetchall()


def take_removed(store: Store, event: StoredEvent, run_id: int | None, frame_id: int | None) -> None:
    """Works the event in: the capture's row as it was, and the stand-in. Within the caller's transaction."""
    data = event.data
    capture = Capture(
        **{name: data[name] for name in _OF_CAPTURE}
        | {"role": Role(data["role"]), "truncated": bool(data["truncated"])},
        warc_file=event.warc_file,
        warc_offset=event.warc_offset,
        warc_length=event.warc_length,
    )
    original = store.one(
        "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND revisit_of IS NULL ORDER BY id DESC LIMIT 1",
        *(data["refers_to"] or (None, None)),
    )
    capture_id = store.add_capture(capture, run_id, original[0] if original else None, removed=True)
    if capture.role is not Role.PAGE:
        return
    source_id = store.source_id(Source(*data["source"]), capture.fetched_at) if data["source"] else None
    if data["article_id"] is None or store.one("SELECT 1 FROM withdrawals WHERE article_id = ?", data["article_id"]):
        refuse(store, capture_id, capture, source_id, data["content_sha256"])
    else:
        _stand_in(store, capture_id, capture, data, source_id)
        store.db.execute(
            "INSERT INTO derivations (capture_id, article_id, content_sha256, frame_id, source_id, extractor)"
            " VALUES (?, ?, ?, ?, ?, 'withdrawal')",
            (capture_id, data["article_id"], data["content_sha256"], frame_id, source_id),
        )
    for article_id in store.add_postings(tuple(Posting(*each) for each in data["postings"]), capture_id):
        settle_date(store, article_id)


def _stand_in(store: Store, capture_id: int, capture: Capture, data: Mapping[str, Any], source_id: int | None) -> None:
    """An article without text, where there is none of this id yet."""
    store.db.execute(
        "INSERT OR IGNORE INTO articles (id, site, site_id, url, title, body, blocks, reasons, credit, source_id,"
        " capture_id, content_sha256, extractor, first_seen, last_seen)"
        " VALUES (?1, ?2, ?3, ?4, '', '', '[]', '{}', '-', ?5, ?6, ?7, 'withdrawal', ?8, ?8)",
        (
            data["article_id"],
            data["site"],
            data["site_id"],
            capture.url,
            source_id,
            capture_id,
            data["content_sha256"],
            capture.fetched_at,
        ),
    )


def learned_with(store: Store, warc_folder: Path, site: str) -> Learned | None:
    """What runs learned of a site while pages that are removed now were among its newest.

    None where no stand-in of the site is there: what is learned then is learned from the pages.
    """
    places = store.db.execute(
        "SELECT c.warc_file, c.warc_offset FROM captures c WHERE c.id IN (SELECT min(c.id) FROM captures c"
        " JOIN derivations d ON d.capture_id = c.id JOIN articles a ON a.id = d.article_id"
        " WHERE c.removed = 1 AND a.site = ? GROUP BY a.id) ORDER BY c.id",
        (site,),
    ).fetchall()
    if not places:
        return None
    learned: Learned = {}
    for warc_file, offset in places:
        for stored in read_all(warc_folder, (warc_file, offset)):
            if isinstance(stored, StoredEvent) and stored.name == CAPTURE_REMOVED:
                frames = stored.data.get("frames", ())
                learned |= {run: (pages, lines) for run, pages, lines in frames}
            break
    return learned
