"""Telling traps from sections: which addresses belong together, and how long a fruitless family is put up with. Pure.

A family is what `urls.pattern_of` makes of an address, counted apart by where it was found: articles that a listing
shows and pages of the menu are not closed because addresses like theirs, found elsewhere, lead nowhere. Parameters that
copy every page are a family across all paths. What is closed stays closed (contract: at most 50 requests into one
trap).
"""

from dataclasses import replace
from functools import lru_cache

from archive.records import Article, Refusal, RefusalReason
from archive.revisions import Change
from scraper.addresses import Found, Item, Kind
from scraper.derive import Taken
from scraper.urls import family_of, host_of, page_number_of, pattern_of, site_id_of

LISTS = (RefusalReason.LISTING, RefusalReason.HOME)
TRAP_LIMIT, PATIENT_LIMIT = 24, 40  # fruitless first fetches in a row
_ALIKE_PAGES = 10  # pages of a family that lead to the very same links, before it is believed that they lead nowhere
_LISTED, _SAME_ARTICLE, _MENU = " listed", " of the same article", "menu "
_OF_A_LIST = " of a sitemap"


@lru_cache(maxsize=1 << 14)  # the same links stand on every page; an address is at most 2,000 characters long
def found_at(url: str, kind: Kind, *, hops: int = 0) -> Found:
    """An address to ask for, with all that it alone tells."""
    if kind is Kind.MEDIA:
        return Found(url, host_of(url), kind, f"media {host_of(url)}", hops=hops)
    if kind is Kind.SITEMAP:
        return Found(url, host_of(url), kind, f"lists {host_of(url)}", hops=hops)
    return Found(url, host_of(url), kind, pattern_of(url), page_number_of(url), hops, family_of(url))


def found_on(item: Item, outcome: Article | Refusal, url: str) -> Found:
    """An address as found on a page: what the page is tells how far the address is to be trusted."""
    number = site_id_of(url)
    found = found_at(url, Kind.ARTICLE if number is not None else Kind.PAGE)
    if isinstance(outcome, Article):
        twin = number is not None and number == site_id_of(item.url)
        return replace(found, pattern=found.pattern + _SAME_ARTICLE) if twin else found
    if outcome.reason in LISTS and number is not None and found.family is None:
        return replace(found, pattern=found.pattern + _LISTED, listed=True)
    if item.kind is Kind.START and number is None and found.page_number is None:
        return replace(found, pattern=_MENU + url)
    return found


def found_in_feed(url: str) -> Found:
    """An address that a sitemap or feed names: as far to be trusted as one on a listing. Pages are counted apart, so
    that a list of many that bring nothing closes no section that is found by links."""
    found = found_at(url, Kind.ARTICLE if site_id_of(url) is not None else Kind.PAGE)
    if found.kind is Kind.ARTICLE and found.family is None:
        return replace(found, pattern=found.pattern + _LISTED, listed=True)
    if found.family is None and found.page_number is None:
        return replace(found, pattern=found.pattern + _OF_A_LIST)
    return found


def in_menu(item: Item) -> bool:
    """Whether a start page links the address: a category, perhaps one that is empty today."""
    return item.pattern.startswith(_MENU)


def limit_of(item: Item) -> int:
    """How many fruitless fetches in a row close the family of an address. More patience with articles that a listing
    shows, and with the top level, where categories live."""
    patient = item.pattern.endswith((_LISTED, "/*?"))
    return PATIENT_LIMIT if patient and item.family is None else TRAP_LIMIT


def alike_pages(item: Item) -> int:
    """How many pages must lead to the same links before one leads nowhere: one is enough for a page that has a number
    in its listing; hubs may look alike for a while."""
    return 1 if item.page_number is not None else _ALIKE_PAGES


def fruitlessness(item: Item, taken: Taken, new_links: list[str]) -> float | None:
    """How fruitless a first fetch was, for telling traps: None for a new article, which also clears the page that led
    to it; half as much as nothing for a page that only may lead to new ones, since a trap can invent their addresses,
    and for a dead link that looks like an article's; 0 for what says nothing either way, such as an article listed a
    second time, a dead link on a listing, or an article that may not be seen today; 1 for nothing at all."""
    own = pattern_of(item.url)
    if taken.change is Change.NEW and not taken.said_before:
        return None
    outcome = taken.reading.outcome if taken.reading else None
    if any(site_id_of(url) is not None and pattern_of(url) != own for url in new_links):
        return 0.5
    if isinstance(outcome, Refusal):
        if outcome.reason is RefusalReason.NOARCHIVE:
            return 0.0
        if outcome.reason is RefusalReason.HTTP_STATUS:
            may_pass = outcome.detail not in ("404", "410")
            listed = item.pattern.endswith(_LISTED)
            return 0.0 if listed or (may_pass and _dead(item) < 1.0) else _dead(item)
        numbered = item.page_number is not None or item.pattern.endswith(_OF_A_LIST)
        return 0.5 if outcome.reason in LISTS and numbered else 1.0
    listed_again = site_id_of(item.url) is not None and item.family is None
    return 0.0 if listed_again and not taken.said_before and not item.pattern.endswith(_SAME_ARTICLE) else 1.0


def fruitlessness_of_redirect(item: Item, reason: str, target: str | None, *, new: bool) -> float:
    """The same for a redirect. `new`: where it leads was not known, so that what comes of that is still to be seen: an
    article by its address, or half of nothing, or another address of its own family. One to what is known already has
    brought nothing; articles that a listing shows may have moved."""
    listed = item.pattern.endswith(_LISTED)
    if reason != "redirect":
        return 0.0 if listed and reason == "redirect-never-followed" else 1.0
    if new:
        own = target and site_id_of(item.url) is None and pattern_of(target) == pattern_of(item.url)
        return 1.0 if own else 0.0 if target and site_id_of(target) is not None else 0.5
    return 0.0 if listed else _dead(item)


def _dead(item: Item) -> float:
    """How much an address counts that led to nothing: half where it looks like an article's, since sections that were
    given up have many such."""
    return 0.5 if site_id_of(item.url) is not None and item.family is None else 1.0


def same_list(one: str, other: str) -> bool:
    """Whether two addresses are pages of one listing: alike but for the page's number."""
    return pattern_of(one).partition("?")[0].rstrip("/#") == pattern_of(other).partition("?")[0].rstrip("/#") or (
        one.startswith(other)
    )


def next_page(item: Item, found: list[Found]) -> str | None:
    """The address of a listing's next page among those found on a page of it: the one with the nearest higher number
    (numbers may count pages or items)."""
    own = item.page_number or 1
    further = [(each.page_number, each.url) for each in found if each.page_number and each.page_number > own]
    return min(((number, url) for number, url in further if same_list(url, item.url)), default=(0, None))[1]
