"""A captured HTML body, parsed once: its tree, what its head says, and its lines. Pure."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.bounds import bounded
from scraper.extract.charset import decode
from scraper.extract.lines import Lines
from scraper.extract.profile import Picked, Profile, pick
from scraper.extract.text import clean
from scraper.extract.title import Head
from scraper.extract.walk import read_lines

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
    base = url
    given = tree.css_first("base[href]")
    if given is not None:
        base = _joined(url, (given.attributes.get("href") or "").strip()) or url
    picked = pick(tree, profile) if profile else Picked()
    return Page(url, base, html, tree, _read_head(tree), read_lines(tree), picked)


def _joined(url: str, href: str) -> str:
    try:
        return urljoin(url, href)
    except ValueError:  # no address at all
        return url


def _read_head(tree: LexborHTMLParser) -> Head:
    titles: list[str] = []
    for node in tree.css("head > title, meta[property='og:title'], meta[name='title'], meta[name='twitter:title']"):
        text = clean((node.text() if node.tag == "title" else node.attributes.get("content")) or "")
        if text:
            titles.append(text)
            titles.extend(text.partition(mark)[0].strip() for mark in _TITLE_PARTING if mark in text)
    link = tree.css_first("link[rel~='canonical'][href]")
    canonical = (link.attributes.get("href") or "").strip() if link is not None else None
    return Head(tuple(dict.fromkeys(titles)), canonical or None)
