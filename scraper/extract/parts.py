"""Parts of pages that come again, as menus and sidebars do: what is known of them, and pages with stand-ins for them.

Pure in effect: a part reads alone (`alone`), so what it reads as depends on its own markup only, and remembering it
changes the time taken and nothing else. On a page as sent a short stand-in takes its place; the parser then says
whether that stands where elements and text may, and only what is new is parsed, split into tags and walked.
"""

import re
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, NamedTuple

from scraper.extract.alone import Known
from scraper.extract.lines import Face, Line, Lines, Run
from scraper.extract.tags import pieces_of
from scraper.extract.text import is_composed

_STRAYS = re.compile(r"<(?:base|link|meta) ")
_ROUND = 256  # to whose multiple numbers are raised before a known element
_ALIGNED = 16 * _ROUND  # containers of a page until then; very many small elements must not make it large
_PADDING = [0] * _ROUND
_OTHERS = attrgetter(*(each.name for each in fields(Line)[4:]))  # all but kind, text, paragraph, container
_MOST_PLACES, _MOST_FACES = 3, 3


@dataclass(slots=True)
class Part:
    """A known element: its markup as sent and as the parser writes it, and what the walk made of it alone, for each
    face of the text around it and each way of cleaning text."""

    name: str  # the piece that stands for it
    sent: bytes  # in UTF-8
    markup: str
    known: Known
    composed: bool
    tags: int  # as `bounds` counts them
    formatting: int  # tags of formatting, likewise
    stand_in: tuple[bytes, bytes]  # what stands for it as sent, before and after its number
    stand_in_tags: int
    told: tuple[str, str]  # the same as the parser writes it
    read: "dict[tuple[Face, bool], PartLines]" = field(default_factory=dict)
    lays_out: bool | None = None  # whether a table around it is one of layout; None until that was asked
    _pieces: list[str] = field(default_factory=list)

    def keep(self, around: tuple[Face, bool], read: "PartLines") -> None:
        """Keeps what it reads as in text of a face; a page's own can be very many."""
        if len(self.read) >= _MOST_FACES:
            self.read.clear()
        self.read[around] = read

    @property
    def length(self) -> int:
        """Bytes and characters that are kept of it."""
        return len(self.sent) + len(self.markup)

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
    facts: dict[Any, Any] = field(default_factory=dict)  # see `Lines.over`
    _placed: "dict[tuple[int, int, int], Placed]" = field(default_factory=dict)

    def add_to(self, page: Lines, paragraph: int, container: int) -> int:
        """Adds the element to a page, within a container; the number of the paragraph after it.

        Numbers go on from a round one, so that on most pages the element has the same and its lines are made once. Of a
        paragraph's number only which lines share it counts, of a container's that those within have higher ones.
        """
        parents = page.parents
        aligned = len(parents) < _ALIGNED
        if aligned:
            parents += _PADDING[: -len(parents) % _ROUND]
            paragraph += -paragraph % _ROUND
        base = len(parents)
        at = (paragraph, base, 0 if self.parents else container)  # a table of data is a line and no container
        placed = self._placed.get(at)
        if placed is None:
            placed = self._place(paragraph, base - 1, container)
            if aligned:
                if len(self._placed) >= _MOST_PLACES:
                    self._placed.clear()
                self._placed[at] = placed
        start = len(page.lines)
        page.lines += placed.lines
        page.runs.append(Run(start, len(page.lines), self.facts))
        parents += placed.parents
        for number in placed.outermost:
            parents[number] = container
        page.figures.update(placed.figures)
        page.asides.update(placed.asides)
        return paragraph + self.paragraphs

    def _place(self, paragraph: int, base: int, container: int) -> "Placed":
        lines = [
            Line(
                line.kind,
                line.text,
                line.paragraph + paragraph,
                line.container + base if line.container else container,
                *_OTHERS(line),
            )
            for line in self.lines
        ]
        return Placed(
            lines,
            [parent + base if parent else 0 for parent in self.parents],
            [number for number, parent in enumerate(self.parents, start=base + 1) if not parent],
            [number + base for number in self.figures],
            [number + base for number in self.asides],
        )


class Placed(NamedTuple):
    """The lines of an element with the numbers they have on a page, and its containers; the outermost of those stand in
    one that is not the element's."""

    lines: list[Line]
    parents: list[int]
    outermost: list[int]
    figures: list[int]
    asides: list[int]


def take_all_apart(pieces: list[str], place: int, parts: dict[str, Part]) -> None:
    """Puts the own pieces of all known elements from a place on in their stead: at once, so that many cost no more."""
    rest: list[str] = []
    for piece in pieces[place:]:
        if piece in parts:
            rest += parts[piece].pieces
        else:
            rest.append(piece)
    pieces[place:] = rest


@dataclass(frozen=True, slots=True)
class Apart:
    """A body taken apart: its pieces, the known elements among them by the piece that stands for each, whether no
    letter of it needs to be composed, and whether tags that belong in a head stand in it."""

    pieces: list[str]
    parts: dict[str, Part]
    composed: bool
    strays: bool


def apart_whole(body: str) -> Apart:
    """A body, as the parser writes it and without code, taken apart where nothing in it is known."""
    return Apart(pieces_of(body), {}, is_composed(body), _STRAYS.search(body) is not None)


@dataclass(frozen=True, slots=True)
class Cut:
    """A page as sent, in UTF-8, with stand-ins for the known elements in it, in order, and for code; how many tags it
    had with those, how many it has now, and how many of formatting stand in the elements, as `bounds` counts; and the
    code that was cut out."""

    sent: bytes
    parts: tuple[Part, ...] = ()
    tags: int = 0
    left: int = 0
    formatting: int = 0
    code: tuple[bytes, ...] = ()

    def apart(self, body: str) -> Apart | Part:
        """The body that the parser made of `sent`, as it writes it and without code, taken apart; or the first known
        element whose stand-in did not come out as it went in, so that the page is to be read whole.

        It does not in a comment, a script, an attribute or a list of options; nor where the parser moves it; nor where
        formatting or a link that was left open would reach into the element, since the stand-in holds text, and one of
        each kind of tag in it that asks what is open around it.
        """
        pieces: list[str] = []
        fresh: list[str] = []
        done = 0
        for number, part in enumerate(self.parts):
            told = f"{part.told[0]}{number}{part.told[1]}"
            place = body.find(told, done)
            if place < 0:
                return part
            fresh.append(body[done:place])
            pieces += pieces_of(fresh[-1])
            pieces.append(part.name)
            done = place + len(told)
        fresh.append(body[done:])
        pieces += pieces_of(fresh[-1])
        new = "\0".join(fresh)
        composed = all(part.composed for part in self.parts) and is_composed(new)
        return Apart(pieces, {part.name: part for part in self.parts}, composed, _STRAYS.search(new) is not None)
