"""The text of attached documents in the archive: what was captured and not read yet is read at the end of a run.

What is due follows from the tables alone (attachments whose bytes have no row in `attachment_texts`), so a run that is
cut leaves nothing but work for the next, and a rebuild gives the same rows as the crawl.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from archive.captures import read_capture
from archive.documents import Outcome, Reading, read_document
from archive.errors import ArchiveUnusable
from archive.fulltext import FORGET_FILES, write_files
from archive.store import Store

_log = logging.getLogger("susta.archive")
_DUE = """
SELECT a.sha256, min(a.capture_id) FROM attachments a LEFT JOIN attachment_texts t ON t.sha256 = a.sha256
WHERE a.sha256 NOT NULL AND a.capture_id NOT NULL AND t.sha256 IS NULL GROUP BY a.sha256 ORDER BY a.sha256
"""


def read_attached(
    store: Store,
    warc_folder: Path,
    *,
    read: Callable[[bytes], Reading] = read_document,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Reads the documents that are due, has their articles found by their text, and forgets text of documents that no
    article attaches any more; returns how many were read.

    `stopped` is asked before each: the others are left for the next time. Bytes that are not there are no reason to
    stop; `susta check` tells of them.
    """
    with store.transaction():
        store.db.execute(FORGET_FILES)
    done = 0
    for sha256, capture_id in store.db.execute(_DUE).fetchall():
        if stopped():
            return done
        try:
            payload = read_capture(store.db, warc_folder, capture_id).body
        except ArchiveUnusable as error:
            _log.warning("the document of capture %d is not searched: %s", capture_id, error)
            continue
        reading = read(payload)
        with store.transaction():
            store.db.execute(
                "INSERT INTO attachment_texts (sha256, outcome, pages, text, reader) VALUES (?, ?, ?, ?, ?)",
                (sha256, str(reading.outcome), reading.pages, reading.text, reading.reader),
            )
        done += reading.outcome in (Outcome.READ, Outcome.CUT)
    with store.transaction():
        for (article_id,) in store.db.execute("SELECT DISTINCT article_id FROM attachments").fetchall():
            write_files(store.db, article_id)
    return done
