"""Which day an article has: its dateline, else the day that a listing posted it, else a document's own day."""

from typing import Any

from archive.records import Article, DateKind
from archive.store import Store


def settle_date(store: Store, article_id: int, newest: Article | None = None) -> None:
    """Writes the day of an article. `newest` is what its newest revision says, where its row was just written by it."""
    said: tuple[Any, ...] | None
    if newest is None:
        said = store.one(
            "SELECT json_extract(record, '$.date'), json_extract(record, '$.date_kind'),"
            " json_extract(record, '$.date_evidence') FROM revisions"
            " WHERE article_id = ? ORDER BY number DESC LIMIT 1",
            article_id,
        )
        if said is None:
            return
    else:
        said = (newest.date, newest.date_kind and str(newest.date_kind), newest.date_evidence)
    day = said
    if said[1] != DateKind.DATELINE:
        posted = store.one(
            "SELECT p.date, p.evidence FROM postings p, articles a WHERE a.id = ? AND (p.url = a.url"
            " OR p.url IN (SELECT url FROM aliases x WHERE x.article_id = a.id)"
            " OR (p.site = a.site AND p.site_id = a.site_id"
            "   AND NOT EXISTS (SELECT 1 FROM articles o WHERE o.url = p.url AND o.id <> a.id)))"
            " ORDER BY p.capture_id, p.url LIMIT 1",
            article_id,
        )
        if posted:
            day = (posted[0], str(DateKind.POSTED), posted[1])
    if newest is None or day != said:
        store.db.execute(
            "UPDATE articles SET date = ?, date_kind = ?, date_evidence = ? WHERE id = ?", (*day, article_id)
        )
