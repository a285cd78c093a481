"""From a parsed page to its lines, in one linear pass over its tags and texts. Pure."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.code import without_code
from scraper.extract.lines import FLOATED, PLAIN, Face, Line, LineKind, Lines, Link
from scraper.extract.parts import Apart, Part, PartLines, apart_whole, take_all_apart
from scraper.extract.tables import data_rows
from scraper.extract.tags import (
    ASIDES,
    BLOCK,
    BREAK,
    CLOSE,
    INLINE,
    KNOWN_TAGS,
    LONGEST_KNOWN,
    PART,
    PICTURE,
    RULE,
    SKIP,
    Tag,
    after_element,
    attributes_of,
    tag_of,
    text_in,
)
from scraper.extract.text import clean, clean_composed

_INDENT = re.compile(r"^[\s\u00a0]*(?:\u00a0[ \t]?){5,}")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url")  # what a script puts into `src`
_SETS = ("data-srcset", "srcset")
_TYPED = ("<xmp", "<plaintext")  # elements that are shown as typed, tags and all
_ADDRESS = re.compile(r"\S*[./]\S*")
_PIXELS = re.compile(r"\s*(\d{1,5})\s*(px)?\s*$")
_NOT_SHOWN = "\u00a0 \t\r\n\f\u200b\ufeff"
_TEXT = LineKind.TEXT
_BLANK = " \t\r\n\f"


def body_of(tree: LexborHTMLParser) -> str:
    """The body of a parsed page as the parser writes it, without code; "" when there is none, as in a set of frames."""
    written = written_of(tree)
    if tree.body is not None and holds_typed(written):
        for node in tree.body.css("xmp, plaintext"):  # the parser writes their text bare, and elements in it as others
            node.replace_with(node.text())
        written = written_of(tree)
    return without_code(written)


def written_of(tree: LexborHTMLParser) -> str:
    """The body of a parsed page just as the parser writes it."""
    return (tree.body.html or "") if tree.body is not None else ""


def holds_typed(body: str) -> bool:
    """Whether an element stands in a body whose text the parser writes as it was typed, tags and all."""
    return any(name in body for name in _TYPED)


def read_lines(body: str) -> Lines:
    """All lines of a page in source order. `body` is as `body_of` gives it."""
    return lines_of(apart_whole(body))


def lines_of(apart: Apart) -> Lines:
    """All lines of a page that was taken apart, in source order."""
    walker = _Walker(apart)
    walker.walk()
    walker.result.strays = apart.strays
    return walker.result


class _Walker:
    def __init__(self, apart: Apart, face: Face = PLAIN) -> None:
        self.result = Lines()
        self._pieces = apart.pieces
        self._parts = apart.parts
        self._composed = apart.composed
        self._clean = clean_composed if apart.composed else clean
        self._paragraph = 0
        self._face, self._container = face, 0
        self._href: str | None = None  # of the link that is being walked
        self._text: list[str] = []
        self._links: list[tuple[str, list[str]]] = []
        self._shown = self._bold = self._italic = 0  # characters seen in the open line, by face
        self._line_face, self._line_container = self._face, 0
        self._blank_breaks = 0

    def walk(self) -> None:
        """In order, with a stack of what to restore when an element closes."""
        pieces, place, known = self._pieces, 1, KNOWN_TAGS
        parents, text = self.result.parents, self._text
        stack: list[tuple[bool, Face, int, str | None]] = []
        if pieces[0]:
            self._add_text(pieces[0])
        while place < len(pieces):
            piece = pieces[place]
            tag = known.get(piece) or tag_of(piece)
            does = tag.does
            if does == CLOSE:
                if stack:
                    was_block, self._face, self._container, self._href = stack.pop()
                    if was_block:
                        if text:
                            self._end_line()
                        self._blank_breaks = 0
                        self._paragraph += 1
            elif does == INLINE:
                stack.append((False, self._face, self._container, self._href))
                if tag.href is not None:
                    self._href = tag.href
                elif not tag.plain:
                    self._face = _inside(self._face, tag)
            elif does == BLOCK:
                end = self._add_table(place) if tag.name == "table" else None
                if end is not None:
                    place = end
                else:
                    stack.append((True, self._face, self._container, self._href))
                    if text:
                        self._end_line()
                    self._blank_breaks = 0
                    self._paragraph += 1
                    parents.append(self._container)
                    self._container = len(parents) - 1
                    if not tag.plain:
                        self._set(tag)
            elif does == PART:
                if self._href is not None:
                    take_all_apart(pieces, place, self._parts)  # its texts are the link's
                    continue
                self._add_part(self._parts[piece])
            elif does == SKIP and tag.name == "button" and self._face.heading:  # a section that folds up
                stack.append((False, self._face, self._container, self._href))
            else:
                place = self._pass(tag, place)
            if pieces[place + 1]:
                self._add_text(pieces[place + 1])
            place += 2
        self._break_paragraph()

    def _pass(self, tag: Tag, place: int) -> int:
        """Takes in what nothing stands in that is read; the place of its last tag."""
        if tag.does == BREAK:
            self._break_line()
        elif tag.does == RULE:
            self._break_paragraph()
        elif tag.does == PICTURE:
            self._add_picture(self._pieces[place])
            if tag.name != "img":  # pictures of AMP hold what to show without it
                return after_element(self._pieces, place)
        elif tag.does == SKIP:
            return after_element(self._pieces, place)
        return place

    def _add_part(self, part: Part) -> None:
        """Takes in a known element, walked on its own the first time it stands in text of this face."""
        around = (self._face, self._composed)
        read = part.read.get(around)
        if read is None:
            walker = _Walker(Apart(["", *part.pieces, ""], {}, self._composed, strays=False), self._face)
            walker.walk()
            read = walker.taken()
            part.keep(around, read)
        self._break_paragraph()
        self._paragraph = read.add_to(self.result, self._paragraph, self._container)

    def taken(self) -> PartLines:
        """What was walked, to be added to other pages."""
        page = self.result
        return PartLines(
            tuple(page.lines), tuple(page.parents[1:]), tuple(page.figures), tuple(page.asides), self._paragraph
        )

    def _set(self, tag: Tag) -> None:
        """Sets text as the block that was just entered says."""
        if tag.name == "figure":
            self.result.figures.add(self._container)
        elif tag.name in ASIDES:
            self.result.asides.add(self._container)
        self._face = _inside(self._face, tag)

    def _add_text(self, text: str) -> None:
        if self._face.typed and "\n" in text:
            first, *others = text.split("\n")
            self._add_text(first)
            for other in others:
                self._break_line()
                self._add_text(other)
            return
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

    def _add_picture(self, piece: str) -> None:
        src, alt, size, floated = (_known_picture if len(piece) <= LONGEST_KNOWN else _picture)(piece)
        self._end_line()
        heading, listed, caption, align, *_ = self._face
        align = FLOATED if floated else align
        links = (Link(self._href, ""),) if self._href else ()
        place = (self._paragraph, self._container)
        line = Line(LineKind.PICTURE, "", *place, heading, listed, caption, align, links=links, src=src)
        line.alt, line.size = alt, size
        self.result.lines.append(line)
        self._blank_breaks = -1  # the first break after it parts lines, as after text

    def _add_table(self, place: int) -> int | None:
        """Adds the table that opens at `place` when it is one of data; the place of its closing tag."""
        found = data_rows(self._pieces, place, self._parts)
        if found is None:
            return None
        self._break_paragraph()
        rows, caption, end = found
        face = self._face
        if caption:
            self.result.lines.append(Line(_TEXT, caption, self._paragraph, self._container))
            self._break_paragraph()
        line = Line(LineKind.TABLE, "", self._paragraph, self._container, face.heading, face.listed, face.caption)
        line.rows = rows
        self.result.lines.append(line)
        self._break_paragraph()
        return end

    def _end_line(self) -> bool:
        """Closes the open line; True when it held anything to read."""
        held, shown = self._text, self._shown
        if not held:
            return False
        raw = held[0] if len(held) == 1 else "".join(held)
        held.clear()
        text = self._clean(raw) if shown else ""
        if text:
            face = self._line_face
            line = Line(
                _TEXT,
                text,
                self._paragraph,
                self._line_container,
                face.heading,
                face.listed,
                face.caption,
                face.align,
                self._bold >= 0.9 * shown,
                self._italic >= 0.9 * shown,
                "\u00a0" in raw and _INDENT.match(raw) is not None,
            )
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


def _inside(face: Face, tag: Tag) -> Face:
    """How text is set in an element, in text that is set so; most often as it was in the last of its kind."""
    around, inner = tag.within
    if around is face:
        return inner
    found = _set_within(face, tag)
    tag.within = (face, found)
    return found


def _set_within(face: Face, tag: Tag) -> Face:
    if tag.listed is False and not (face.listed or tag.align) and tag.bold is tag.italic is tag.typed is None:
        return face  # a list within no list, the most common of all
    return Face(
        tag.heading or face.heading,
        face.listed if tag.listed is None else tag.listed,
        face.caption or tag.caption,
        tag.align or face.align,
        face.bold if tag.bold is None else tag.bold,
        face.italic if tag.italic is None else tag.italic,
        face.typed if tag.typed is None else tag.typed,
    )


def _picture(piece: str) -> tuple[str, str, tuple[int, int], bool]:
    """The address, alternative text and declared size of a picture, and whether text runs beside it."""
    attributes = attributes_of(piece)
    size = (_pixels(attributes.get("width")), _pixels(attributes.get("height")))
    return _source_of(attributes), clean(attributes.get("alt", "")), size, _is_floated(attributes)


_known_picture = lru_cache(maxsize=1 << 12)(_picture)  # the frame's come again on every page


def _is_floated(attributes: dict[str, str]) -> bool:
    return attributes.get("align", "").lower() in ("left", "right") or "float" in attributes.get("style", "")


def _holds_address(attributes: dict[str, str], name: str) -> bool:
    return name in attributes and _ADDRESS.fullmatch(attributes[name].strip()) is not None


def _source_of(attributes: dict[str, str]) -> str:
    """The address of the picture that a reader sees: what a script fetches late comes before what stands in its place
    until then; of several sizes the first (HTML standard, "srcset")."""
    late = next((attributes[name].strip() for name in _LAZY if _holds_address(attributes, name)), "")
    src = late or attributes.get("src", "").strip()
    if not src or src.startswith("data:") or attributes.get("data-srcset"):
        sets = (attributes.get(name, "").split(",")[0].split() for name in _SETS)
        src = next((found[0] for found in sets if found), "" if src.startswith("data:") else src)
    return src


def _pixels(value: str | None) -> int:
    match = _PIXELS.match(value) if value else None
    return int(match[1]) if match else 0
