"""A parsed page's markup as a sequence of tags and texts, and what each tag means to a reader. Pure.

The parser's own output is read back: there every element is closed, every attribute quoted, every name in lower case
(HTML standard, "serializing HTML fragments"). One pass of a regular expression over it costs a third of what visiting
the tree's nodes does, and what a tag means is looked up when it was seen before, as the tags of a site's frame were.
"""

import html
import re
from dataclasses import dataclass

from scraper.extract.lines import PLAIN, Face

# The parser writes `>` within an attribute as `&gt;`, so that the first one ends a tag; a test holds it to that.
_PIECE = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = re.compile(r'\s([^\s=>]+)="([^"]*)"')
LONGEST_KNOWN = 400  # characters of a tag worth remembering
_MOST_KNOWN = 1 << 13
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
        "noembed",
        "noframes",
    ]
)
VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_PICTURES = ("img", "amp-img", "amp-anim")
_BOLD, _ITALIC = frozenset(("b", "strong", "th")), frozenset(("i", "em", "cite"))
_WEIGHT = re.compile(r"(?<![\w-])font-weight\s*:\s*(bolder|bold|lighter|normal|[1-9]00)", re.I)
_SLANT = re.compile(r"(?<![\w-])font-style\s*:\s*(italic|oblique|normal)", re.I)
_TYPED = frozenset(("pre", "listing"))
_WHITE_SPACE = re.compile(r"(?<![\w-])white-space\s*:\s*(pre(?:-line|-wrap)?|break-spaces|normal|nowrap)\b", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_AS_BLOCK = re.compile(r"(?<![\w-])display\s*:\s*(?:block|flex|grid|list-item|table)\b", re.I)
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|justify|left)", re.I)
_SIDES = frozenset(("center", "right", "justify", "left"))

ASIDES = frozenset(("aside", "nav", "footer"))

# What a tag does to the text around it.
CLOSE, INLINE, BLOCK, BREAK, PICTURE, RULE, SKIP, NOTHING, PART = range(9)
PART_PREFIX = "part "  # of a piece that stands for a known element; what markup is split into begins with `<`


@dataclass(slots=True)
class Tag:
    """What one tag means. `does` is one of the constants above; `opens` tells that an end tag follows somewhere;
    `plain` that it neither sets its text nor marks what stands in it."""

    name: str
    does: int
    opens: bool = True
    plain: bool = True
    heading: int = 0
    listed: bool | None = None
    caption: bool = False
    align: str = ""
    bold: bool | None = None
    italic: bool | None = None
    typed: bool | None = None
    href: str | None = None
    within: tuple[Face | None, Face] = (None, PLAIN)  # how text was set around it when it was met last, and in it


KNOWN_TAGS: dict[str, Tag] = {}


def pieces_of(body: str) -> list[str]:
    """Text, tag, text, tag, … text, of what the parser wrote. The first tag is the body's own."""
    opened = body.replace("<", "\0<")
    closed = opened.replace(">", ">\0")
    # An attribute may hold a bare `<`. Where none does this is done in half the time.
    plain = len(closed) - len(opened) == len(opened) - len(body) and "\0" not in body
    return closed.split("\0") if plain else _PIECE.split(body)


def sent_pieces_of(sent: str) -> list[str]:
    """The same of markup as it was sent, where a `<` may have no end: all after the last `>` is text."""
    end = sent.rfind(">") + 1
    pieces = _PIECE.split(sent[:end])
    pieces[-1] += sent[end:]
    return pieces


def tag_of(piece: str) -> Tag:
    """What a tag means. Kept in `KNOWN_TAGS` when it is short, as those that come again are."""
    tag = _read_tag(piece)
    if len(piece) <= LONGEST_KNOWN:
        if len(KNOWN_TAGS) >= _MOST_KNOWN:
            KNOWN_TAGS.clear()
        KNOWN_TAGS[piece] = tag
    return tag


def attributes_of(piece: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case, the first of each name."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(piece):
        found.setdefault(name, html.unescape(value) if "&" in value else value)
    return found


def text_in(piece: str) -> str:
    """A text as typed. The parser writes no other entities than these four."""
    piece = piece.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">")
    return piece.replace("&amp;", "&")


def after_element(pieces: list[str], place: int) -> int:
    """The place of the tag that closes the element opened at `place`."""
    depth = 0
    for at in range(place, len(pieces), 2):
        piece = pieces[at]
        tag = KNOWN_TAGS.get(piece) or tag_of(piece)
        if tag.opens:
            depth += 1
        elif tag.does == CLOSE:
            depth -= 1
        if depth <= 0:
            return at
    return len(pieces) - 2


def name_in(piece: str) -> str:
    """The element name of an opening tag."""
    return piece[1:-1].partition(" ")[0]


def _read_tag(piece: str) -> Tag:
    if piece.startswith("</"):
        return Tag(piece[2:-1], CLOSE, opens=False)
    if piece.startswith(PART_PREFIX):
        return Tag("", PART, opens=False)
    name = name_in(piece)
    if piece.startswith("<!"):
        return Tag(name, NOTHING, opens=False)
    if name == "br":
        return Tag(name, BREAK, opens=False)
    if name in _PICTURES:
        return Tag(name, PICTURE, opens=name not in VOID)
    if name in _SKIPPED:
        return Tag(name, NOTHING, opens=False) if name in VOID else Tag(name, SKIP)
    attributes = attributes_of(piece)
    style = attributes.get("style", "")
    if "hidden" in attributes or (style and _HIDDEN.search(style)):
        return Tag(name, NOTHING, opens=False) if name in VOID else Tag(name, SKIP)
    if name == "hr":
        return Tag(name, RULE, opens=False)
    if name in VOID:
        return Tag(name, NOTHING, opens=False)
    if name in _BLOCK or "-" in name:  # an element of the page's own making is most often a box
        return _read_block(name, style, attributes)
    if name == "a":
        href = attributes.get("href")  # without an address it is a place to link to (HTML standard, "the a element")
        return Tag(name, INLINE, plain=href is None, href=href)
    if style and _AS_BLOCK.search(style):
        return _read_block(name, style, attributes)
    bold, italic = _face(name, style)
    typed = _typed(name, style)
    plain = bold is None and italic is None and typed is None
    return Tag(name, INLINE, plain=plain, bold=bold, italic=italic, typed=typed)


def _face(name: str, style: str) -> tuple[bool | None, bool | None]:
    """Whether an element sets its text bold and italic; None where it leaves that as it is."""
    bold = True if name in _BOLD else None
    italic = True if name in _ITALIC else None
    if "font-" in style:  # a <b> may say that it is not: some editors wrap all they write in one
        if weight := _WEIGHT.search(style):
            bold = weight[1].lower() in ("bold", "bolder", "600", "700", "800", "900")
        if slant := _SLANT.search(style):
            italic = slant[1].lower() != "normal"
    return bold, italic


def _typed(name: str, style: str) -> bool | None:
    """Whether an element shows line ends as they were typed (CSS Text, "white-space"); None where it leaves that."""
    if "white-space" in style and (found := _WHITE_SPACE.search(style)):
        return found[1].lower() not in ("normal", "nowrap")
    return True if name in _TYPED else None


def _read_block(name: str, style: str, attributes: dict[str, str]) -> Tag:
    heading = int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0
    listed = True if name == "li" else False if name in ("ul", "ol", "table") else None
    styled = _ALIGN.search(style)
    # A table's own attribute places the table, not its text; and none takes the alignment around it (quirks mode).
    given = "" if name == "table" else attributes.get("align", "")
    align = (styled[1] if styled else given).strip().lower()
    align = "center" if align == "middle" or (name == "center" and align not in _SIDES) else align
    align = align if align in _SIDES else ""
    caption = name == "figcaption"
    bold, italic = _face(name, style)
    typed = _typed(name, style)
    plain = not (heading or listed is not None or caption or align) and bold is None and italic is None
    plain = plain and typed is None and name not in ASIDES and name != "figure"
    align = align or ("left" if name == "table" else "")
    return Tag(
        name,
        BLOCK,
        plain=plain,
        heading=heading,
        listed=listed,
        caption=caption,
        align=align,
        bold=bold,
        italic=italic,
        typed=typed,
    )
