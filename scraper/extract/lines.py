"""A page as an ordered list of lines, whatever markup made them. Everything after works on lines.

A line is what stands between two breaks on the screen: text, a picture, or a table of data. It knows its paragraph
(lines parted by a single <br> share one), its place, links and alignment, but not its tags, so that `<p>`, `<div>`,
layout tables, `<br>` pairs, Word's spans and broken markup come out alike. The walk is iterative and linear: nesting
200,000 tags deep costs no more than as many flat ones.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.tables import data_rows
from scraper.extract.text import clean

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "select",
        "option",
        "textarea",
        "button",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "head",
        "title",
        "link",
        "meta",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
        "-comment",
        "!doctype",
    ]
)
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em", "cite"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|justify|left)", re.I)
_INDENT = re.compile(r"^[\s\u00a0]*(?:\u00a0[ \t]?){5,}")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url")
_NOT_SHOWN_TEXT = "\u00a0 \t\r\n\f\u200b\ufeff"


class LineKind(StrEnum):
    TEXT = "text"
    PICTURE = "picture"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Link:
    """A link within a line: its address as written, and its text."""

    href: str
    text: str


@dataclass(slots=True)
class Line:
    """One line of a page. `container` is a number in `Lines.parents`; `heading` is 1 to 6, 0 for none."""

    kind: LineKind
    text: str
    paragraph: int
    container: int
    heading: int = 0
    listed: bool = False
    caption: bool = False
    align: str = ""
    bold: bool = False
    italic: bool = False
    indented: bool = False
    links: tuple[Link, ...] = ()
    src: str = ""
    alt: str = ""
    size: tuple[int, int] = (0, 0)
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def linked(self) -> float:
        """Share of the text that is link text, 0 to 1."""
        return sum(len(link.text) for link in self.links) / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class Lines:
    """The lines of a page and, for each container, the one around it (`parents[0]` is 0, the page itself)."""

    lines: list[Line] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])


@dataclass(slots=True)
class _Open:
    """What holds inside an element that is being walked."""

    container: int = 0
    heading: int = 0
    listed: bool = False
    caption: bool = False
    align: str = ""
    bold: bool = False
    italic: bool = False
    href: str | None = None


def read_lines(tree: LexborHTMLParser) -> Lines:
    """All lines of a parsed page in source order."""
    walker = _Walker()
    body = tree.body
    if body is not None:
        walker.walk(body)
    walker.break_paragraph()
    return walker.result


class _Walker:
    def __init__(self) -> None:
        self.result = Lines()
        self.paragraph = 0
        self.state = _Open()
        self._text: list[str] = []
        self._links: list[tuple[str, list[str]]] = []
        self._plain = self._bold = self._italic = 0  # characters seen in the open line, by face
        self._line_state = self.state
        self._blank_breaks = 0

    def walk(self, root: LexborNode) -> None:
        """Depth first, with a stack of what to restore when an element closes."""
        node: LexborNode | None = root.first_child
        stack: list[tuple[LexborNode, _Open, bool]] = []
        while True:
            while node is None:
                if not stack:
                    return
                element, self.state, block = stack.pop()
                if block:
                    self.break_paragraph()
                node = element.next
            tag = node.tag
            if tag == "-text":
                self._add_text(node.text_content or "")
                node = node.next
            elif tag is None or tag in _SKIPPED:
                node = node.next
            else:
                entered = self._open_element(node, tag)
                if entered is None:
                    node = node.next
                    continue
                stack.append((node, self.state, entered[1]))
                self.state = entered[0]
                node = node.first_child

    def _open_element(self, node: LexborNode, tag: str) -> tuple[_Open, bool] | None:
        """The state inside an element and whether it is a block; None when there is nothing to walk into."""
        if tag == "br":
            self._break_line()
            return None
        if tag == "img":
            self._add_picture(node)
            return None
        if tag in _BOLD or tag in _ITALIC:
            return self._within(bold=tag in _BOLD, italic=tag in _ITALIC), False
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            return None
        if tag == "a":
            inner = self._within()
            inner.href = attributes.get("href") or ""
            return inner, False
        if tag not in _BLOCK and "-" not in tag:
            return self._within(bold="font-weight:bold" in style.replace(" ", "").lower()), False
        self.break_paragraph()
        if tag == "hr":
            return None
        if tag == "table":
            rows = data_rows(node)
            if rows:
                self._add_table(rows)
                return None
        return self._block_state(tag, style, attributes), True

    def _within(self, *, bold: bool = False, italic: bool = False) -> _Open:
        now = self.state
        return _Open(
            now.container,
            now.heading,
            now.listed,
            now.caption,
            now.align,
            now.bold or bold,
            now.italic or italic,
            now.href,
        )

    def _block_state(self, tag: str, style: str, attributes: dict[str, str | None]) -> _Open:
        inner = self._within(bold=tag == "th")
        self.result.parents.append(inner.container)
        inner.container = len(self.result.parents) - 1
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            inner.heading = int(tag[1])
        inner.listed = tag == "li" or (inner.listed and tag not in ("ul", "ol", "table"))
        inner.caption = inner.caption or tag == "figcaption"
        align = _ALIGN.search(style)
        given = (align[1] if align else attributes.get("align") or "").lower()
        if given in ("center", "middle", "right", "justify", "left"):
            inner.align = "center" if given == "middle" else given
        elif tag == "center":
            inner.align = "center"
        return inner

    def _add_text(self, text: str) -> None:
        if not self._text:
            self._line_state = self.state
        self._text.append(text)
        shown = len(text.strip(_NOT_SHOWN_TEXT))
        if not shown:
            return
        if not self._plain:
            self._line_state = self.state
        self._plain += shown
        self._bold += shown if self.state.bold else 0
        self._italic += shown if self.state.italic else 0
        href = self.state.href
        if href is not None:
            if not self._links or self._links[-1][0] != href:
                self._links.append((href, []))
            self._links[-1][1].append(text)

    def _add_picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        src = (attributes.get("src") or "").strip()
        if not src or src.startswith("data:"):
            src = next((value for name in _LAZY if (value := attributes.get(name))), "")
        self._end_line()
        line = self._new_line(LineKind.PICTURE, clean(attributes.get("alt") or ""))
        line.src, line.alt, line.text = src, line.text, ""
        line.size = (_pixels(attributes.get("width")), _pixels(attributes.get("height")))
        if self.state.href:
            line.links = (Link(self.state.href, ""),)
        self.result.lines.append(line)

    def _add_table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        line = self._new_line(LineKind.TABLE, "")
        line.rows = rows
        self.result.lines.append(line)
        self.break_paragraph()

    def _new_line(self, kind: LineKind, text: str) -> Line:
        now = self._line_state if kind is LineKind.TEXT else self.state
        return Line(kind, text, self.paragraph, now.container, now.heading, now.listed, now.caption, now.align)

    def _end_line(self) -> bool:
        """Closes the open line; True when it held anything to read."""
        raw = "".join(self._text)
        text = clean(raw)
        if text:
            line = self._new_line(LineKind.TEXT, text)
            line.bold = self._bold >= 0.9 * self._plain
            line.italic = self._italic >= 0.9 * self._plain
            line.indented = _INDENT.match(raw) is not None
            line.links = tuple(Link(href, clean("".join(parts))) for href, parts in self._links)
            self.result.lines.append(line)
        self._text, self._links = [], []
        self._plain = self._bold = self._italic = 0
        return bool(text)

    def _break_line(self) -> None:
        """A <br>: the first parts two lines of a paragraph, a second (nothing readable between) parts paragraphs."""
        if self._end_line():
            self._blank_breaks = 0
        else:
            self._blank_breaks += 1
            if self._blank_breaks == 1:
                self.paragraph += 1

    def break_paragraph(self) -> None:
        self._end_line()
        self._blank_breaks = 0
        self.paragraph += 1


def _pixels(value: str | None) -> int:
    match = re.match(r"\s*(\d{1,5})\s*(px)?\s*$", value or "")
    return int(match[1]) if match else 0
