"""Which elements of a page, as it was sent, read the same wherever they stand (HTML standard 13.2.6, "Tree
construction"). Pure.

An element does when its tags are whole and nest as written, ends that may be left out ("Optional tags") counted as
there, and nothing in it asks what stands around it: no paragraph that a block would close from within, no link in a
link, no cell outside a row, no list item outside a list, no form, button or drawing. Then the parser makes of it what
it makes of it alone. What this cannot see from within is asked of the parser itself (`parts.Cut`): whether the place is
one of text and elements at all, and whether it repeats formatting there that was left open before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

_BLANKS = r" \t\n\f\r"  # what is white space to a parser
_ATTRIBUTES = (
    rf"(?:[{_BLANKS}]+[a-zA-Z_][\w:.-]*(?:[{_BLANKS}]*=[{_BLANKS}]*"
    rf"(?:\"[^\"<>]*\"|'[^'<>]*'|[^{_BLANKS}\"'=<>`]+))?)*"
)
_WHOLE = re.compile(rf"<(?P<name>[a-zA-Z][a-zA-Z0-9]*){_ATTRIBUTES}[{_BLANKS}]*(?P<empty>/?)>")
_END = re.compile(rf"</([a-zA-Z][a-zA-Z0-9]*)[{_BLANKS}]*>")
_COMMENT = re.compile(r"<!--(?!-?>)[^<]*-->")
_LONGEST = 2_000  # characters of a tag
_MOST_KNOWN = 1 << 13

_CODE = frozenset(("script", "style", "iframe"))  # whose text is no markup
_TEXT_ONLY = frozenset((*_CODE, "textarea", "title", "xmp", "noembed", "noframes"))
_VOID = frozenset(("br", "img", "hr", "wbr"))
# Those that close an open paragraph.
_BLOCK = frozenset((
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "section",
    "summary", "table", "ul",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
FORMATTING = frozenset(
    ("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u")
)  # but links
_LINE = FORMATTING | {"a", "abbr", "cite", "label", "q", "span", "sub", "sup", "time", "var"}
_OF_TABLE = frozenset(("caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
_KNOWN = _BLOCK | _LINE | _VOID | _OF_TABLE
_SECTIONS = ("table", "thead", "tbody", "tfoot")
# The elements one may stand in directly.
_WITHIN = {
    "li": frozenset(("ul", "ol")),
    "dt": frozenset(("dl",)),
    "dd": frozenset(("dl",)),
    "caption": frozenset(("table",)),
    "thead": frozenset(("table",)),
    "tbody": frozenset(("table",)),
    "tfoot": frozenset(("table",)),
    "tr": frozenset(_SECTIONS),
    "td": frozenset(("tr",)),
    "th": frozenset(("tr",)),
}
_ROWS = frozenset((*_SECTIONS, "tr"))  # that hold no text, and no element but a table's own
_SCOPES = frozenset(("td", "th", "caption"))  # which no paragraph or link reaches into
# Whose end may be left out, before which tag.
_CELL = frozenset(("td", "th", "tr", "tbody", "thead", "tfoot"))
_ENDED_BY_START = {
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
    "p": _BLOCK - {"table"},  # which stands in a paragraph on pages of no standard ("quirks mode")
    "td": _CELL,
    "th": _CELL,
    "tr": frozenset(("tr", "tbody", "thead", "tfoot")),
    "thead": frozenset(("tbody", "tfoot")),
    "tbody": frozenset(("tbody", "tfoot")),
}
_ENDED_BY_END = {
    "li": frozenset(("ul", "ol")),
    "dt": frozenset(("dl",)),
    "dd": frozenset(("dl",)),
    "p": _BLOCK - {"p"} | _SCOPES,
    "td": _ROWS,
    "th": _ROWS,
    "tr": frozenset(_SECTIONS),
    "thead": frozenset(("table",)),
    "tbody": frozenset(("table",)),
    "tfoot": frozenset(("table",)),
}
OPENS, CLOSES, STANDS, ODD, CODE, COMMENT = range(6)


@dataclass(frozen=True, slots=True)
class SentTag:
    """What a piece of markup as sent does: opens or closes an element, stands for itself, holds code, begins a comment,
    or is odd: nothing can be said of what it stands in."""

    does: int
    name: str = ""


_ODD_TAG = SentTag(ODD)


def sent_tag(piece: str) -> SentTag:
    """What a piece from `<` to the next `>` does."""
    return (_known_tag if len(piece) <= _LONGEST else _read)(piece)


def _read(piece: str) -> SentTag:
    if piece.startswith("<!--"):
        return SentTag(STANDS if _COMMENT.fullmatch(piece) else COMMENT)
    if end := _END.fullmatch(piece):
        return SentTag(CLOSES, end[1].lower())
    whole = _WHOLE.fullmatch(piece) if len(piece) <= _LONGEST else None
    name = whole["name"].lower() if whole else ""
    if name in _TEXT_ONLY:
        return SentTag(CODE, name)
    if whole is None or name not in _KNOWN:
        return _ODD_TAG
    if name in _VOID:
        return SentTag(STANDS, name)
    return _ODD_TAG if whole["empty"] else SentTag(OPENS, name)


_known_tag = lru_cache(maxsize=_MOST_KNOWN)(_read)  # the frame's come again on every page


@dataclass(frozen=True, slots=True)
class Stood:
    """An element that reads alone: the places of its first and last piece, a hash of all that it holds, its name."""

    first: int
    last: int
    sign: int
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """An element found before: its name and hash."""

    name: str
    sign: int


class _State:
    """What is open: the innermost element, and whether a paragraph or a link is open around what stands in it. There
    are few hundred, each made once."""

    __slots__ = ("_inside", "ended_by_end", "ended_by_start", "link", "name", "paragraph", "rows", "unfit")

    def __init__(self, name: str, *, paragraph: bool, link: bool) -> None:
        self.name = name
        self.paragraph = paragraph
        self.link = link
        self.rows = name in _ROWS
        self.ended_by_start = _ENDED_BY_START.get(name, frozenset[str]())
        self.ended_by_end = _ENDED_BY_END.get(name, frozenset[str]())
        # What may not begin here, since the parser would end or move something.
        self.unfit = frozenset(each for each in _KNOWN if name and not self._fits(each))
        self._inside: dict[str, _State] = {}

    def _fits(self, name: str) -> bool:
        if self.rows != (name in _OF_TABLE) or self.name not in _WITHIN.get(name, (self.name,)):
            return False
        if name in _HEADINGS and self.name in _HEADINGS:
            return False
        return not (self.paragraph and name in _BLOCK) and not (self.link and name == "a")

    def inside(self, name: str) -> "_State":
        """The state within an element that begins here."""
        found = self._inside.get(name)
        if found is None:
            reaches = name not in _SCOPES
            paragraph, link = name == "p" or (reaches and self.paragraph), name == "a" or (reaches and self.link)
            found = self._inside[name] = _state(name, paragraph=paragraph, link=link)
        return found


@cache
def _state(name: str, *, paragraph: bool, link: bool) -> _State:
    return _State(name, paragraph=paragraph, link=link)


class _Scan:
    """What is open while the pieces of a page pass by. Elements opened at less than `spoilt` hold something odd."""

    def __init__(self) -> None:
        self.state = _state("", paragraph=False, link=False)
        self.opened: list[tuple[int, int, _State]] = []  # place; what went before in the element around, and its state
        self.spoilt = 0
        self.sign = 0

    def spoil(self) -> None:
        self.spoilt = len(self.opened)

    def begin(self, name: str) -> None:
        """Before an element: what ends with it is ended, and what it does not fit into is spoilt."""
        while name in self.state.ended_by_start:
            self.close("")
        if name in self.state.unfit:
            self.spoil()

    def open(self, place: int, piece: str, text: str, name: str) -> None:
        self.begin(name)
        state = self.state
        self.opened.append((place, self.sign, state))
        self.state = state.inside(name)
        self.sign = hash((piece, text))

    def close(self, text: str) -> tuple[int, int, bool]:
        """The place of the innermost element, the hash of what it holds, and whether it reads alone."""
        sign = self.sign
        place, before, self.state = self.opened.pop()
        alone = len(self.opened) >= self.spoilt
        self.spoilt = min(self.spoilt, len(self.opened))
        self.sign = hash((before, sign, text))
        return place, sign, alone

    def close_as_named(self, name: str) -> None:
        """At an end tag that does not fit all is spoilt, and what it may end is taken to be ended."""
        self.spoil()
        names = [self.state.name, *(state.name for _, _, state in self.opened[:-65:-1])]
        if name in names:
            for _ in range(names.index(name) + 1):
                self.close("")

    def stand(self, name: str, sign: object, text: str) -> None:
        """Takes in what needs no end tag."""
        if name:
            self.begin(name)
        self.sign = hash((self.sign, sign, text))


def alone_among(pieces: list[str], known: dict[str, Known]) -> Iterator[Stood]:
    """The elements among pieces (text, tag, text, … text, as sent) that read alone, each after those in it. `known`
    are pieces that stand for elements found before."""
    scan, at = _Scan(), 1
    while at < len(pieces):
        piece, text = pieces[at], pieces[at + 1]
        tag = sent_tag(piece)
        if tag.does == OPENS:
            scan.open(at, piece, text, tag.name)
        elif tag.does == CLOSES:
            while tag.name in scan.state.ended_by_end:
                scan.close("")
            if scan.opened and scan.state.name == tag.name:
                place, sign, alone = scan.close(text)
                if alone:
                    yield Stood(place, at, sign, tag.name)
            else:
                scan.close_as_named(tag.name)
        elif tag.does == STANDS:
            scan.stand(tag.name, piece, text)
        elif piece in known:
            if scan.state.link:  # it may hold one
                scan.spoil()
            scan.stand(known[piece].name, known[piece].sign, text)
        elif tag.does == CODE:
            at = _pass_code(scan, pieces, at, tag.name)
        else:
            scan.spoil()
            at = _pass_comment(pieces, at) if tag.does == COMMENT else at
        if scan.state.rows and pieces[at + 1].strip(" \t\n\f\r"):
            scan.spoil()
        at += 2


def _pass_code(scan: _Scan, pieces: list[str], at: int, name: str) -> int:
    """The place of the tag that ends an element whose text is no markup."""
    first, code = pieces[at], pieces[at + 1]
    at += 2
    if at < len(pieces) and name in _CODE and sent_tag(pieces[at]) == SentTag(CLOSES, name):
        if scan.state.rows:
            scan.spoil()
        scan.stand("", (first, code), pieces[at + 1])
        return at
    scan.spoil()
    ending = f"</{name}"
    while at < len(pieces) and not pieces[at].lower().startswith(ending):
        at += 2
    return min(at, len(pieces) - 2)


def _pass_comment(pieces: list[str], at: int) -> int:
    """The place of the piece in which a comment ends, or after which it does."""
    if "-->" in pieces[at]:
        return at
    while at < len(pieces) - 2 and "-->" not in pieces[at] and "-->" not in pieces[at + 1]:
        at += 2
    return at
