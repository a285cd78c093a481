"""The links of a page that a crawl may follow. Pure.

Never followed: what `urls.may_follow` forbids (log-in, poll, search, share, files), links marked `nofollow`, other
hosts. Forms are not looked at, so none is ever submitted. What a page asks for as a whole is read by `directives.py`.
"""

import re

from scraper.extract.page import Page
from scraper.urls import Scope, may_follow, media_address, page_address

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.I)


def find_links(page: Page, scope: Scope) -> tuple[str, ...]:
    """The addresses a parsed page leads to within the scope, in order, each once."""
    found: dict[str, None] = {}
    for refresh in page.tree.css("meta[http-equiv='refresh' i][content]"):
        target = _REFRESH.search(refresh.attributes.get("content") or "")
        address = page_address(target[1], page.base, scope) if target else None
        if address and scope.allows_page(address) and may_follow(address):
            found[address] = None
    for node in page.tree.css("a[href], area[href], link[rel~='next'][href], link[rel~='prev'][href]"):
        attributes = node.attributes
        href = attributes.get("href") or ""
        if href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        if "nofollow" in (attributes.get("rel") or "").lower():
            continue
        address = page_address(href, page.base, scope)
        if address and address not in found and scope.allows_page(address) and may_follow(address):
            found[address] = None
    return tuple(found)


def find_marked(page: Page, scope: Scope) -> frozenset[str]:
    """The addresses that a page links only with the mark `nofollow`, and that could be followed without it."""
    marked = {
        page_address(node.attributes.get("href") or "", page.base, scope)
        for node in page.tree.css("a[rel~='nofollow' i][href], area[rel~='nofollow' i][href]")
    }
    allowed = {url for url in marked if url and scope.allows_page(url) and may_follow(url)}
    return frozenset(allowed.difference(find_links(page, scope)))


def find_feeds(page: Page) -> tuple[str, ...]:
    """The feeds a page names in its head (`<link rel="alternate">` of RSS or Atom), absolute, in order."""
    found = dict[str, None]()
    for node in page.tree.css("link[rel~='alternate' i][type][href]"):
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        address = media_address(node.attributes.get("href") or "", page.base)
        if kind in _FEEDS and address:
            found[address] = None
    return tuple(found)
