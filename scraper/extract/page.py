"""A captured HTML body, parsed once: its tree, what its head says, and its lines. Pure."""

from codecs import BOM_UTF8
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.bounds import bounded, hides_attributes, is_harmless
from scraper.extract.charset import decode, says_utf8
from scraper.extract.code import parted
from scraper.extract.lines import Lines
from scraper.extract.memory import MEMORY
from scraper.extract.parts import Part
from scraper.extract.profile import Picked, Profile, pick
from scraper.extract.text import clean
from scraper.extract.title import Head
from scraper.extract.walk import body_of, holds_typed, lines_of, read_lines, written_of

_METAS = "meta[property='og:title'], meta[name='title'], meta[name='twitter:title']"
_BASE = "base[href]"
_CANONICAL = "link[rel~='canonical' i][href]"
_OF_HEAD = f"title, {_METAS}, {_BASE}, {_CANONICAL}"
_TITLE_PARTING = (" | ", " - ", " – ", " — ", " :: ", " » ")


@dataclass(frozen=True)
class Page:
    """One parsed page. `base` is what its relative addresses are relative to; `source` its text, within bounds, or that
    in UTF-8. `outline` is its tree, where short stand-ins may take the place of elements known from other pages."""

    url: str
    base: str
    source: str | bytes
    outline: LexborHTMLParser
    head: Head
    lines: Lines
    picked: Picked = field(default_factory=Picked)
    is_whole: bool = True

    @cached_property
    def html(self) -> str:
        """Its text, within bounds."""
        return self.source if isinstance(self.source, str) else self.source.decode(errors="replace")

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The whole tree."""
        return self.outline if self.is_whole else LexborHTMLParser(self.html)


def parse_page(body: bytes, url: str, content_type: str | None, profile: Profile | None = None) -> Page:
    """Decodes and parses a body. Never fails: broken markup is repaired as browsers do (HTML standard)."""
    said = says_utf8(body, content_type)
    if not profile and said is not False and (page := _parse_known(body, url, is_said=bool(said))):
        return page
    text, encoding = decode(body, content_type)
    seen = said is not False and encoding == "utf-8"
    if not profile and not seen and (page := _parse_known(text.encode(), url, is_said=True)):
        return page
    html = bounded(text)
    # The parser reads UTF-8: bytes that are that already need not be encoded again.
    as_sent = html is text and encoding == "utf-8" and not body.startswith(BOM_UTF8) and "\ufffd" not in text
    tree = LexborHTMLParser(body if as_sent else html)
    lines = read_lines(body_of(tree))
    picked = pick(tree, profile) if profile else Picked()
    base, head = _read_head(tree, lines, url)
    return Page(url, base, html, tree, head, lines, picked)


def _parse_known(sent: bytes, url: str, *, is_said: bool) -> Page | None:
    """A page in UTF-8 with elements that are known from others, or with code; None where it has neither, or has to be
    read whole: as one where only what is valid says that it is UTF-8 (not `is_said`), and something is not."""
    cut = MEMORY.cut(sent)
    if not (cut.parts or cut.code) or hides_attributes(sent):
        return None
    try:
        rest = cut.sent.decode()
        for each in () if is_said else cut.code:
            each.decode()
    except UnicodeDecodeError:  # it is no UTF-8; known elements are
        return None
    if not is_harmless(cut.tags, cut.left, rest, cut.formatting, cut.code):
        return None
    tree = LexborHTMLParser(cut.sent)
    written = written_of(tree)
    if holds_typed(written):
        return None
    bare, code = parted(written)
    if code + _code_in_head(tree) != len(cut.code):
        return None
    apart = cut.apart(bare)
    if isinstance(apart, Part):
        MEMORY.bar(apart)
        return None
    lines = lines_of(apart)
    base, head = _read_head(tree, lines, url)
    return Page(url, base, sent, tree, head, lines, is_whole=False)


def _code_in_head(tree: LexborHTMLParser) -> int:
    """How many elements of code hold a stand-in there."""
    return parted(tree.head.html or "")[1] if tree.head is not None else 0


def _read_head(tree: LexborHTMLParser, lines: Lines, url: str) -> tuple[str, Head]:
    """What relative addresses are relative to, the first <base> with an address, else the page's own; and what the head
    says. Looking through a whole tree costs as much as parsing it, so the body is asked only where tags of a head stand
    in it."""
    titles: list[str] = []
    nodes = tree.head.css(_OF_HEAD) if tree.head is not None else []
    base, link = (next((node for node in nodes if node.tag == tag), None) for tag in ("base", "link"))
    if lines.strays:
        base = tree.css_first(_BASE) if base is None else base
        link = tree.css_first(_CANONICAL) if link is None else link
        nodes += tree.body.css(_METAS) if tree.body is not None else []
    for node in nodes:
        if node.tag not in ("title", "meta"):
            continue
        text = clean((node.text() if node.tag == "title" else node.attributes.get("content")) or "")
        if text:
            titles.append(text)
            titles.extend(text.partition(mark)[0].strip() for mark in _TITLE_PARTING if mark in text)
    canonical = _address_in(link) if link is not None else None
    around = url if base is None else _joined(url, _address_in(base)) or url
    return around, Head(tuple(dict.fromkeys(titles)), canonical or None)


def _address_in(node: LexborNode) -> str:
    return (node.attributes.get("href") or "").strip()


def _joined(url: str, href: str) -> str:
    try:
        return urljoin(url, href)
    except ValueError:  # no address at all
        return url
