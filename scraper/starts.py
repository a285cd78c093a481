"""Where a run begins, and which hosts it may ask. Pure."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from scraper.absent import probe_address
from scraper.addresses import Found, Kind
from scraper.config import Config
from scraper.traps import found_at
from scraper.urls import Scope, host_of, make_scope, page_address

_SOME_CATEGORY = "tin-tuc"  # where the archive knows none yet


def scope_of(config: Config, starts: tuple[str, ...]) -> Scope:
    """Which hosts a run that begins at these addresses may ask."""
    return make_scope(starts, tuple(config.site.allowed_hosts), tuple(config.site.media_hosts))


def first_addresses(starts: tuple[str, ...], scope: Scope) -> list[Found]:
    """What every run asks for, in the spelling it is known under."""
    known = dict.fromkeys(page_address(url, url, scope) or url for url in starts)
    return [found_at(url, Kind.START) for url in known]


def roots_of(starts: Iterable[Found]) -> list[str]:
    """Start addresses that are the home page of a host. A run on a part of a site asks for neither its sitemaps nor
    what it says where there is nothing."""
    return [found.url for found in starts if urlsplit(found.url).path == "/" and not urlsplit(found.url).query]


def sitemaps_and_probes(starts: Iterable[Found], category: Callable[[str], str | None], run: int) -> list[Found]:
    """What a run asks for besides at each root: its sitemap, and an address that cannot exist. `category` gives a
    host's largest one, so that the latter looks like an article's."""
    found = []
    for url in roots_of(starts):
        probe = probe_address(url.rstrip("/"), category(host_of(url)) or _SOME_CATEGORY, run)
        found += [found_at(f"{url}sitemap.xml", Kind.SITEMAP), found_at(probe, Kind.PROBE)]
    return found


def private_hosts(starts: tuple[str, ...], config: Config) -> frozenset[str]:
    """Hosts that may live at private addresses: those of the start addresses, and those named by number."""
    named = (*config.site.allowed_hosts, *config.site.media_hosts)
    literal = {host for host in named if host.startswith("[") or host.partition(":")[0].replace(".", "").isdigit()}
    return (
        frozenset(host_of(url) for url in starts) | literal | {h for h in named if h.partition(":")[0] == "localhost"}
    )
