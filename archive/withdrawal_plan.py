"""What withdrawing an article would take away: its addresses, its captures, and which of their bytes nothing else
needs. Reads only."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from archive.withdrawal import Tombstone

_MOST_HOPS = 6


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a withdrawal is of. `pages` and `media` are the captures whose bytes would go if they are to be removed;
    `needed_elsewhere` counts those that stay all the same, since another article has the same bytes. `records` are the
    JSON records of all that the article was ever seen to say; none for one that is withdrawn already."""

    url: str
    site: str
    site_id: int | None
    article_id: int
    title: str
    revisions: int
    addresses: tuple[str, ...]
    pages: tuple[int, ...]
    media: tuple[int, ...]
    needed_elsewhere: int
    files: tuple[str, ...]
    records: tuple[str, ...]
    before: Tombstone | None = None

    @property
    def captures(self) -> list[int]:
        """The captures whose bytes would go."""
        return sorted((*self.pages, *self.media))


def plan_of_article(db: Executes, article_id: int) -> Plan:
    """The plan for an article that is in the archive."""
    url, site, site_id, title = db.execute(
        "SELECT url, site, site_id, title FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    records = tuple(
        text
        for (text,) in db.execute(
            "SELECT record FROM revisions WHERE article_id = ?1 UNION ALL"
            " SELECT record FROM derivations WHERE article_id = ?1 AND record IS NOT NULL",
            (article_id,),
        ).fetchall()
    )
    (revisions,) = db.execute("SELECT count(*) FROM revisions WHERE article_id = ?", (article_id,)).fetchone()
    addresses = {url} | _column(
        db,
        "SELECT url FROM aliases WHERE article_id = ?1 UNION SELECT c.url FROM derivations d"
        " JOIN captures c ON c.id = d.capture_id WHERE d.article_id = ?1",
        article_id,
    )
    addresses |= _of_number(db, site, site_id)
    about = (url, site, site_id, article_id, title, revisions)
    return _completed(db, about, addresses, media_named(records), records)


def plan_of_tombstone(db: Executes, stone: Tombstone, media: Iterable[str]) -> Plan:
    """The plan for removing the bytes of an article that is withdrawn already; `media` are the addresses of its
    pictures and attachments."""
    addresses = set(stone.addresses) | _of_number(db, stone.site, stone.site_id)
    about = (stone.url, stone.site, stone.site_id, stone.article_id, "", 0)
    return _completed(db, about, addresses, set(media), (), stone)


def media_named(records: Iterable[str]) -> set[str]:
    """Addresses of the pictures and attachments that records name."""
    found: set[str] = set()
    for text in records:
        record = json.loads(text)
        found.update(each["url"] for name in ("photos", "attachments") for each in record[name])
    return found


def page_captures(db: Executes, addresses: Iterable[str]) -> list[int]:
    """Captures of pages at these addresses that hold more than a redirect."""
    return [
        capture_id
        for (capture_id,) in db.execute(
            "SELECT c.id FROM captures c JOIN derivations d ON d.capture_id = c.id WHERE c.role = 'page'"
            " AND c.removed <> 1 AND c.url IN (SELECT value FROM json_each(?)) ORDER BY c.id",
            (json.dumps(sorted(addresses)),),
        ).fetchall()
    ]


def _completed(
    db: Executes,
    about: tuple[Any, ...],
    addresses: set[str],
    media_urls: set[str],
    records: tuple[str, ...],
    before: Tombstone | None = None,
) -> Plan:
    article_id = about[3]
    pages = set(page_captures(db, addresses))
    media = _media_captures(db, media_urls, article_id)
    needed = _needed(db, pages | media, article_id)
    going = sorted((pages | media) - needed)
    files = _column(
        db, "SELECT DISTINCT warc_file FROM captures WHERE id IN (SELECT value FROM json_each(?))", json.dumps(going)
    )
    url, site, site_id, _, title, revisions = about
    return Plan(
        url,
        site,
        site_id,
        article_id,
        title,
        revisions,
        tuple(sorted(addresses)),
        tuple(sorted(pages - needed)),
        tuple(sorted(media - needed)),
        len(needed),
        tuple(sorted(files)),
        records,
        before,
    )


def _of_number(db: Executes, site: str, site_id: int | None) -> set[str]:
    """Addresses of captured pages of the site that end in the article's number: the number is the identity."""
    if site_id is None:
        return set()
    ends = re.compile(rf"https?://{re.escape(site)}/.*[^0-9]{site_id}(\.html?)?/?", re.I)
    rows = db.execute(
        "SELECT DISTINCT url FROM captures WHERE role = 'page' AND url LIKE ?", (f"%{site_id}%",)
    ).fetchall()
    return {url for (url,) in rows if ends.fullmatch(url)}


def _media_captures(db: Executes, urls: set[str], article_id: int) -> set[int]:
    """Captures of these files, redirects followed, but for those that another article shows or offers, or ever did."""
    used = _column(
        db,
        "SELECT url FROM photos WHERE article_id <> ?1 AND url IN (SELECT value FROM json_each(?2))"
        " UNION SELECT url FROM attachments WHERE article_id <> ?1 AND url IN (SELECT value FROM json_each(?2))",
        article_id,
        json.dumps(sorted(urls)),
    )
    earlier = db.execute(
        "SELECT r.record FROM revisions r WHERE r.article_id <> ?1 AND EXISTS (SELECT 1 FROM revisions n"
        " WHERE n.article_id = r.article_id AND n.number > r.number)",
        (article_id,),
    )
    used |= media_named(text for (text,) in earlier.fetchall()) & urls
    found = _led_to(db, urls - used)
    return found - _led_to(db, used)


def _led_to(db: Executes, urls: set[str]) -> set[int]:
    return _column(
        db,
        "WITH RECURSIVE leads(url, hops) AS (SELECT value, 0 FROM json_each(?1) UNION SELECT c.location, hops + 1"
        "  FROM captures c JOIN leads ON c.url = leads.url"
        f"  WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < {_MOST_HOPS})"
        " SELECT id FROM captures WHERE url IN (SELECT url FROM leads) AND role = 'media' AND removed <> 1",
        json.dumps(sorted(urls)),
    )


def _needed(db: Executes, going: set[int], article_id: int) -> set[int]:
    """Those of the captures whose payload another one refers to that stays, or that another article's picture is tied
    to."""
    ids = json.dumps(sorted(going))
    return _column(
        db,
        "SELECT revisit_of FROM captures WHERE revisit_of IN (SELECT value FROM json_each(?1))"
        " AND id NOT IN (SELECT value FROM json_each(?1))"
        " UNION SELECT capture_id FROM photos WHERE article_id <> ?2"
        "  AND capture_id IN (SELECT value FROM json_each(?1))"
        " UNION SELECT capture_id FROM attachments WHERE article_id <> ?2"
        "  AND capture_id IN (SELECT value FROM json_each(?1))",
        ids,
        article_id,
    )


def _column(db: Executes, sql: str, *parameters: Any) -> set[Any]:
    return {value for (value,) in db.execute(sql, parameters).fetchall()}
