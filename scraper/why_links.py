"""Where an address stands as a link that is not followed: looked for on the pages that an archive holds. Reads only."""

from archive.trail import Trails
from archive.warc import StoredExchange
from scraper.content import decode_content
from scraper.directives import read_directives
from scraper.extract.page import parse_page
from scraper.links import find_links, find_marked
from scraper.urls import Scope, parts_of

_MOST_PAGES = 300  # the newest ones
_MOST_BYTES = 4_000_000


def unfollowed_link(trails: Trails, url: str, scope: Scope) -> tuple[str, str] | None:
    """(page, how) of a page that links an address without the link being followed: `link`, it is marked nofollow;
    `page`, the page asks for none to be followed. None where none of the newest pages does."""
    last = parts_of(url).path.rstrip("/").rpartition("/")[2].encode()
    for stored in trails.newest_pages(_MOST_PAGES):
        if how := _how(stored, url, last, scope):
            return stored.capture.url, how
    return None


def _how(stored: StoredExchange, url: str, last: bytes, scope: Scope) -> str | None:
    body = decode_content(stored.body, stored.header("content-encoding"), _MOST_BYTES).body
    if last not in body:
        return None
    page = parse_page(body, stored.capture.url, stored.header("content-type"))
    if url in find_marked(page, scope):
        return "link"
    asks = url in find_links(page, scope) and read_directives(page, stored.headers).nofollow
    return "page" if asks else None
