"""Parts of pages that come again, as menus and sidebars do: told from the markup before it is taken apart.

Pure in effect: what an element reads as depends on its own markup alone, so remembering changes the time taken and
nothing else. The parser's output is balanced (HTML standard, "serializing HTML fragments"): where the whole markup of a
known element stands at an opening tag, that very element stands there. So a known element is one comparison of strings,
and only what is new on a page is split into tags and walked. An element is kept at its third meeting, since an
article's own are met twice: by the crawl, and when pages are derived again. Tried and rejected: splitting first and
comparing pieces, which costs more than half of walking them.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from scraper.extract.lines import Face, Line, Lines
from scraper.extract.tags import CLOSE, KNOWN_TAGS, PART, PART_PREFIX, SKIP, pieces_of, tag_of
from scraper.extract.text import is_composed

_ELEMENTS = ("table", "ul", "ol", "nav", "header", "footer", "aside", "div", "section", "form", "td")
_NAMES = frozenset(_ELEMENTS)
_OPENS = re.compile(rf"<(?:{'|'.join(_ELEMENTS)})")  # what code or a comment holds stands nowhere
_TOLD_BY = 40  # characters at the start of an element's markup by which it is looked up
_STRAYS = re.compile(r"<(?:base|link|meta) ")
_LEAST_PIECES, _MOST_PIECES = 24, 6_000  # of an element worth remembering; a tag and a text are two
_LONGEST = 200_000  # characters
_ROUND = 256  # to whose multiple numbers are raised before a known element
_ALIGNED = 16 * _ROUND  # containers of a page until then; very many small elements must not make it large
_MOST_PLACES, _MOST_FACES = 3, 3
_MEETINGS = 3
_MOST_MET, _MOST_KEPT = 50_000, 200


@dataclass(slots=True)
class Part:
    """A known element: its markup, and what the walk made of it alone, for each face of the text around it
    and each way of cleaning text."""

    name: str  # the piece that stands for it
    markup: str
    sign: int  # the hash by which it was met
    composed: bool
    strays: bool
    read: "dict[tuple[Face, bool], PartLines]" = field(default_factory=dict)
    lays_out: bool | None = None  # whether a table around it is one of layout; None until that was asked
    _pieces: list[str] = field(default_factory=list)

    def keep(self, around: tuple[Face, bool], read: "PartLines") -> None:
        """Keeps what it reads as in text of a face; a page's own can be very many."""
        if len(self.read) >= _MOST_FACES:
            self.read.clear()
        self.read[around] = read

    @property
    def pieces(self) -> list[str]:
        """Its markup taken apart: tag, text, tag, … tag."""
        if not self._pieces:
            self._pieces = pieces_of(self.markup)[1:-1]
        return self._pieces


@dataclass(frozen=True, slots=True)
class PartLines:
    """The lines of an element and its containers, as if it stood alone on a page; its own container is number 1."""

    lines: tuple[Line, ...]
    parents: tuple[int, ...]
    figures: tuple[int, ...]
    asides: tuple[int, ...]
    paragraphs: int
    _placed: dict[tuple[int, int, int], list[Line]] = field(default_factory=dict)

    def add_to(self, page: Lines, paragraph: int, container: int) -> int:
        """Adds the element to a page, within a container; the number of the paragraph after it.

        Numbers go on from a round one, so that on most pages the element has the same and its lines are made once. Of a
        paragraph's number only which lines share it counts, of a container's that those within have higher ones.
        """
        parents = page.parents
        aligned = len(parents) < _ALIGNED
        if aligned:
            parents += [0] * (-len(parents) % _ROUND)
            paragraph += -paragraph % _ROUND
        base = len(parents) - 1
        at = (paragraph, base, 0 if self.parents else container)  # a table of data is a line and no container
        lines = self._placed.get(at)
        if lines is None:
            lines = [
                replace(
                    line,
                    paragraph=line.paragraph + paragraph,
                    container=line.container + base if line.container else container,
                )
                for line in self.lines
            ]
            if aligned:
                if len(self._placed) >= _MOST_PLACES:
                    self._placed.clear()
                self._placed[at] = lines
        page.lines += lines
        parents += [parent + base if parent else container for parent in self.parents]
        page.figures.update([number + base for number in self.figures])
        page.asides.update([number + base for number in self.asides])
        return paragraph + self.paragraphs


def take_all_apart(pieces: list[str], place: int, parts: dict[str, Part]) -> None:
    """Puts the own pieces of all known elements from a place on in their stead: at once, so that many cost no more."""
    rest: list[str] = []
    for piece in pieces[place:]:
        if piece in parts:
            rest += parts[piece].pieces
        else:
            rest.append(piece)
    pieces[place:] = rest


class Memory:
    """The elements met so far, by hash, and those kept."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self._kept: OrderedDict[str, Part] = OrderedDict()
        self._by_opening: dict[str, list[Part]] = {}
        self._named = 0

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """As if no page had been met."""
        self._met.clear()
        self._kept.clear()
        self._by_opening.clear()

    def take_apart(self, body: str) -> "Apart":
        """A page's body as text, tag, text, … text, where one piece stands for each known element."""
        pieces: list[str] = []
        parts: dict[str, Part] = {}
        fresh: list[str] = []
        done = 0
        found = self._find(body, 0) if self._kept else None
        while found is not None:
            place, part = found
            fresh.append(body[done:place])
            pieces += pieces_of(fresh[-1])
            pieces.append(part.name)
            parts[part.name] = part
            self._kept.move_to_end(part.name)
            done = place + len(part.markup)
            found = self._find(body, done)
        fresh.append(body[done:])
        pieces += pieces_of(fresh[-1])
        self._learn(pieces, parts)
        new = "\0".join(fresh)
        composed = all(part.composed for part in parts.values()) and is_composed(new)
        strays = any(part.strays for part in parts.values()) or _STRAYS.search(new) is not None
        return Apart(pieces, parts, composed, strays)

    def _find(self, body: str, start: int) -> tuple[int, Part] | None:
        """The first known element from a place on."""
        by_opening = self._by_opening
        for match in _OPENS.finditer(body, start):
            place = match.start()
            for part in by_opening.get(body[place : place + _TOLD_BY], ()):
                if body.startswith(part.markup, place):
                    return place, part
        return None

    def _learn(self, pieces: list[str], parts: dict[str, Part]) -> None:
        """Counts the elements of a page, and keeps the outermost of those that were met often enough."""
        if len(self._met) >= _MOST_MET:
            self._met.clear()
        met, known = self._met, KNOWN_TAGS
        opened: list[tuple[int, int, str]] = []  # place, hash so far, name
        again: list[tuple[int, int, int]] = []  # first place, last place, hash
        sign = 0
        for at in range(1, len(pieces), 2):
            piece = pieces[at]
            tag = known.get(piece) or tag_of(piece)
            if tag.opens:
                # An element that is not shown parts no text around it, so it is never told from its surroundings.
                opened.append((at, sign, "" if tag.does == SKIP else tag.name))
                sign = hash((piece, pieces[at + 1]))
            elif tag.does == CLOSE and opened:
                place, before, name = opened.pop()
                if name in _NAMES and _LEAST_PIECES <= at - place <= _MOST_PIECES:
                    meetings = met[sign] = met.get(sign, 0) + 1
                    if meetings >= _MEETINGS:
                        while again and again[-1][0] > place:
                            again.pop()
                        again.append((place, at, sign))
                sign = hash((before, sign, pieces[at + 1]))
            else:
                sign = hash((sign, parts[piece].sign if tag.does == PART else piece, pieces[at + 1]))
        for place, last, found in again[-_MOST_KEPT:]:
            self._keep(pieces[place : last + 1], parts, found)

    def _keep(self, pieces: list[str], parts: dict[str, Part], sign: int) -> None:
        markup = "".join(parts[piece].markup if piece in parts else piece for piece in pieces)
        alike = self._by_opening.get(markup[:_TOLD_BY], [])
        if len(markup) > _LONGEST or any(part.markup == markup for part in alike):
            return
        self._named += 1
        strays = _STRAYS.search(markup) is not None
        part = Part(f"{PART_PREFIX}{self._named}>", markup, sign, is_composed(markup), strays)
        self._kept[part.name] = part
        alike = sorted((*alike, part), key=lambda each: len(each.markup), reverse=True)
        self._by_opening[markup[:_TOLD_BY]] = alike
        if len(self._kept) > _MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            opening = oldest.markup[:_TOLD_BY]
            left = [each for each in self._by_opening.pop(opening) if each is not oldest]
            if left:
                self._by_opening[opening] = left


@dataclass(frozen=True, slots=True)
class Apart:
    """A body taken apart: its pieces, the known elements among them by the piece that stands for each, whether no
    letter of it needs to be composed, and whether tags that belong in a head stand in it."""

    pieces: list[str]
    parts: dict[str, Part]
    composed: bool
    strays: bool = False
