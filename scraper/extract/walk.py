"""From a parsed page to its lines, in one linear pass over its tags and texts. Pure."""

import re
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.lines import Line, LineKind, Lines, Link
from scraper.extract.tables import data_rows
from scraper.extract.tags import (
    BLOCK,
    BREAK,
    CLOSE,
    INLINE,
    KNOWN_TAGS,
    PICTURE,
    RULE,
    SKIP,
    Tag,
    after_element,
    attributes_of,
    body_of,
    pieces_of,
    tag_of,
    text_in,
)
from scraper.extract.text import clean, clean_composed, is_composed

_INDENT = re.compile(r"^[\s\u00a0]*(?:\u00a0[ \t]?){5,}")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url")
_NOT_SHOWN = "\u00a0 \t\r\n\f\u200b\ufeff"
_TEXT = LineKind.TEXT
_BLANK = " \t\r\n\f"


class _Face(NamedTuple):
    """How text is set inside an element that is being walked."""

    heading: int = 0
    listed: bool = False
    caption: bool = False
    align: str = ""
    bold: bool = False
    italic: bool = False


_PLAIN = _Face()
_ASIDES = frozenset(("aside", "nav", "footer"))
_AT_ONCE = frozenset(("table", "ul", "ol", "nav", "header", "footer", "aside", "div", "section", "form", "td"))
_LEAST_KNOWN, _MOST_KNOWN = 40, 3_000  # pieces of a part worth remembering
_MOST_MET, _MOST_KEPT = 50_000, 200
_FIELDS = tuple(each.name for each in fields(Line))


def read_lines(tree: LexborHTMLParser) -> Lines:
    """All lines of a parsed page in source order."""
    body = body_of(tree)
    walker = _Walker(pieces_of(body), composed=is_composed(body))
    walker.walk()
    return walker.result


class _Walker:
    def __init__(self, pieces: list[str], *, composed: bool, part: bool = False) -> None:
        self.result = Lines()
        self._pieces = pieces
        self._composed = composed
        self._clean = clean_composed if composed else clean
        self._ends = {} if part else _ends_of(pieces)
        self._paragraph = 0
        self._face, self._container = _PLAIN, 0
        self._href: str | None = None  # of the link that is being walked
        self._text: list[str] = []
        self._links: list[tuple[str, list[str]]] = []
        self._shown = self._bold = self._italic = 0  # characters seen in the open line, by face
        self._line_face, self._line_container = self._face, 0
        self._blank_breaks = 0

    def walk(self) -> None:
        """In order, with a stack of what to restore when an element closes."""
        pieces, place, last, known = self._pieces, 1, len(self._pieces), KNOWN_TAGS
        stack: list[tuple[bool, _Face, int, str | None]] = []
        if pieces[0]:
            self._add_text(pieces[0])
        while place < last:
            piece = pieces[place]
            tag = known.get(piece) or tag_of(piece)
            does = tag.does
            if does == CLOSE:
                if stack:
                    was_block, self._face, self._container, self._href = stack.pop()
                    if was_block:
                        self._break_paragraph()
            elif does == INLINE:
                stack.append((False, self._face, self._container, self._href))
                if tag.href is not None:
                    self._href = tag.href
                elif not tag.plain:
                    self._face = _inside(self._face, tag)
            elif does == BLOCK:
                end = self._at_once(place, tag) if tag.name in _AT_ONCE else None
                if end is not None:
                    place = end
                else:
                    stack.append((True, self._face, self._container, self._href))
                    self._enter(tag)
            elif does == BREAK:
                self._break_line()
            elif does == PICTURE:
                self._add_picture(attributes_of(piece))
                if tag.name != "img":  # pictures of AMP hold what to show without it
                    place = after_element(pieces, place)
            elif does == SKIP:
                place = after_element(pieces, place)
            elif does == RULE:
                self._break_paragraph()
            if pieces[place + 1]:
                self._add_text(pieces[place + 1])
            place += 2
        self._break_paragraph()

    def _at_once(self, place: int, tag: Tag) -> int | None:
        """Takes in an element whole where it was met on earlier pages, as menus and sidebars were, or where it is a
        table of data; the place of its end tag, None when it has to be walked."""
        if self._ends and self._face is _PLAIN and self._href is None:
            end = self._ends.get(place, place)
            if _LEAST_KNOWN <= end - place <= _MOST_KNOWN and (
                known := _known(self._pieces[place : end + 1], self._composed)
            ):
                self._break_paragraph()
                self._paragraph = known.add_to(self.result, self._paragraph, self._container)
                return end
        return self._add_table(place) if tag.name == "table" else None

    def _enter(self, tag: Tag) -> None:
        self._break_paragraph()
        parents = self.result.parents
        parents.append(self._container)
        self._container = len(parents) - 1
        if tag.name == "figure":
            self.result.figures.add(self._container)
        elif tag.name in _ASIDES:
            self.result.asides.add(self._container)
        if not tag.plain:
            self._face = _inside(self._face, tag)

    def _add_text(self, text: str) -> None:
        if "&" in text:
            text = text_in(text)
        shown = len(text.strip(_NOT_SHOWN))
        if not shown:
            if self._text or text.strip(_BLANK):
                self._text.append(text)
            return
        face = self._face
        if not self._shown:
            self._line_face, self._line_container = face, self._container
        self._text.append(text)
        self._shown += shown
        if face.bold:
            self._bold += shown
        if face.italic:
            self._italic += shown
        if self._href is not None:
            if not self._links or self._links[-1][0] != self._href:
                self._links.append((self._href, []))
            self._links[-1][1].append(text)

    def _add_picture(self, attributes: dict[str, str]) -> None:
        src = attributes.get("src", "").strip()
        if not src or src.startswith("data:"):
            src = next((value for name in _LAZY if (value := attributes.get(name))), "")
        self._end_line()
        face = self._face
        self.result.lines.append(
            Line(
                LineKind.PICTURE,
                "",
                self._paragraph,
                self._container,
                face.heading,
                face.listed,
                face.caption,
                face.align,
                links=(Link(self._href, ""),) if self._href else (),
                src=src,
                alt=clean(attributes.get("alt", "")),
                size=(_pixels(attributes.get("width")), _pixels(attributes.get("height"))),
            )
        )

    def _add_table(self, place: int) -> int | None:
        """Adds the table that opens at `place` when it is one of data; the place of its closing tag."""
        found = data_rows(self._pieces, place)
        if found is None:
            return None
        self._break_paragraph()
        face = self._face
        line = Line(LineKind.TABLE, "", self._paragraph, self._container, face.heading, face.listed, face.caption)
        line.rows = found[0]
        self.result.lines.append(line)
        self._break_paragraph()
        return found[1]

    def _end_line(self) -> bool:
        """Closes the open line; True when it held anything to read."""
        held, shown = self._text, self._shown
        if not held:
            return False
        raw = held[0] if len(held) == 1 else "".join(held)
        held.clear()
        text = self._clean(raw) if shown else ""
        if text:
            heading, listed, caption, align, _, _ = self._line_face
            indented = "\u00a0" in raw and _INDENT.match(raw) is not None
            bold, italic = self._bold >= 0.9 * shown, self._italic >= 0.9 * shown
            place = (self._paragraph, self._line_container)
            line = Line(_TEXT, text, *place, heading, listed, caption, align, bold, italic, indented)
            if self._links:
                self._add_links(line, raw)
            self.result.lines.append(line)
        if self._links:
            self._links = []
        self._shown = self._bold = self._italic = 0
        return bool(text)

    def _add_links(self, line: Line, raw: str) -> None:
        """Gives a line its links; most often one that is all of it."""
        if len(self._links) == 1 and len(self._links[0][1]) == 1 and self._links[0][1][0] == raw:
            line.links, line.linked = (Link(self._links[0][0], line.text),), 1.0
        else:
            line.links = tuple(Link(href, clean("".join(parts))) for href, parts in self._links)
            line.linked = sum(len(link.text) for link in line.links) / len(line.text)

    def _break_line(self) -> None:
        """A <br>: the first parts two lines of a paragraph, a second (nothing readable between) parts paragraphs."""
        if self._end_line():
            self._blank_breaks = 0
        else:
            self._blank_breaks += 1
            if self._blank_breaks == 1:
                self._paragraph += 1

    def _break_paragraph(self) -> None:
        if self._text:
            self._end_line()
        self._blank_breaks = 0
        self._paragraph += 1


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of an element and its containers, as if it stood alone on a page."""

    lines: tuple[tuple[Any, ...], ...]
    parents: tuple[int, ...]
    figures: tuple[int, ...]
    asides: tuple[int, ...]
    paragraphs: int

    def add_to(self, page: Lines, paragraph: int, container: int) -> int:
        """Adds the element to a page, within a container; the number of the paragraph after it."""
        base = len(page.parents) - 1  # the element's own container is number 1
        page.parents.extend(container if parent == 0 else parent + base for parent in self.parents)
        page.lines.extend(
            Line(kind, text, paragraph + number, own + base if own else container, *rest)
            for kind, text, number, own, *rest in self.lines
        )
        page.figures.update(number + base for number in self.figures)
        page.asides.update(number + base for number in self.asides)
        return paragraph + self.paragraphs


# Parts of pages that were met once (by hash), and those met again, walked on their own and kept. What a part reads as
# depends on nothing but its pieces, so remembering changes no result.
_MET: set[int] = set()
_KEPT: dict[tuple[bool, tuple[str, ...]], _Part] = {}


def _known(pieces: list[str], composed: bool) -> _Part | None:
    """An element that was met on an earlier page; None for a new one."""
    key = (composed, tuple(pieces))
    part = _KEPT.get(key)
    if part is not None:
        return part
    if hash(key) not in _MET:
        if len(_MET) >= _MOST_MET:
            _MET.clear()
        _MET.add(hash(key))
        return None
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    walker = _Walker(["", *pieces, ""], composed=composed, part=True)
    walker.walk()
    page = walker.result
    lines = tuple(tuple(getattr(line, name) for name in _FIELDS) for line in page.lines)
    part = _Part(lines, tuple(page.parents[1:]), tuple(page.figures), tuple(page.asides), walker._paragraph)
    return _KEPT.setdefault(key, part)


def _ends_of(pieces: list[str]) -> dict[int, int]:
    """The place of the end tag for the place of each tag that has one."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    known = KNOWN_TAGS
    for at in range(1, len(pieces), 2):
        piece = pieces[at]
        tag = known.get(piece) or tag_of(piece)
        if tag.opens:
            opened.append(at)
        elif tag.does == CLOSE and opened:
            ends[opened.pop()] = at
    return ends


def _inside(face: _Face, tag: Tag) -> _Face:
    if tag.listed is False and not (face.listed or tag.align) and tag.bold is None and tag.italic is None:
        return face  # a list within no list, the most common of all
    return _Face(
        tag.heading or face.heading,
        face.listed if tag.listed is None else tag.listed,
        face.caption or tag.caption,
        tag.align or face.align,
        face.bold if tag.bold is None else tag.bold,
        face.italic if tag.italic is None else tag.italic,
    )


def _pixels(value: str | None) -> int:
    match = re.match(r"\s*(\d{1,5})\s*(px)?\s*$", value or "")
    return int(match[1]) if match else 0
