"""A captured HTML body, parsed once: its tree, what its head says, and its lines. Pure."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.bounds import bounded
from scraper.extract.charset import decode
from scraper.extract.lines import Lines
from scraper.extract.profile import Picked, Profile, pick
from scraper.extract.text import clean
from scraper.extract.title import Head
from scraper.extract.walk import body_of, read_lines

_METAS = "meta[property='og:title'], meta[name='title'], meta[name='twitter:title']"
_TITLES = f"title, {_METAS}"
_CANONICAL = "link[rel~='canonical' i][href]"
_TITLE_PARTING = (" | ", " - ", " – ", " — ", " :: ", " » ")


@dataclass(frozen=True, slots=True)
class Page:
    """One parsed page. `base` is what its relative addresses are relative to; `html` its text, within bounds."""

    url: str
    base: str
    html: str
    tree: LexborHTMLParser
    head: Head
    lines: Lines
    picked: Picked = field(default_factory=Picked)


def parse_page(body: bytes, url: str, content_type: str | None, profile: Profile | None = None) -> Page:
    """Decodes and parses a body. Never fails: broken markup is repaired as browsers do (HTML standard)."""
    html, _ = decode(body, content_type)
    html = bounded(html)
    tree = LexborHTMLParser(html)
    written = body_of(tree)
    picked = pick(tree, profile) if profile else Picked()
    return Page(url, _base_of(tree, written, url), html, tree, _read_head(tree, written), read_lines(written), picked)


def _base_of(tree: LexborHTMLParser, body: str, url: str) -> str:
    """What relative addresses are relative to: the first <base> with an address, else the page's own."""
    given = _first(tree, "base[href]", "<base ", body)
    return url if given is None else _joined(url, (given.attributes.get("href") or "").strip()) or url


def _first(tree: LexborHTMLParser, selector: str, opening: str, body: str) -> LexborNode | None:
    """The first element of the head that a selector matches, else of the body: text in a head makes the rest of it part
    of the body. Looking through a whole tree costs as much as parsing it, so the body is asked for the tag first."""
    found = tree.head.css_first(selector) if tree.head is not None else None
    return tree.css_first(selector) if found is None and opening in body else found


def _joined(url: str, href: str) -> str:
    try:
        return urljoin(url, href)
    except ValueError:  # no address at all
        return url


def _read_head(tree: LexborHTMLParser, body: str) -> Head:
    titles: list[str] = []
    nodes = tree.head.css(_TITLES) if tree.head is not None else []
    for node in nodes + (tree.body.css(_METAS) if tree.body is not None and "<meta " in body else []):
        text = clean((node.text() if node.tag == "title" else node.attributes.get("content")) or "")
        if text:
            titles.append(text)
            titles.extend(text.partition(mark)[0].strip() for mark in _TITLE_PARTING if mark in text)
    link = _first(tree, _CANONICAL, "<link ", body)
    canonical = (link.attributes.get("href") or "").strip() if link is not None else None
    return Head(tuple(dict.fromkeys(titles)), canonical or None)
