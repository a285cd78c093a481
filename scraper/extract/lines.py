"""What a page is made of for everything after the walk: lines in order, whatever markup made them.

A line is what stands between two breaks on the screen: text, a picture, or a table of data. It knows its paragraph
(lines parted by a single <br> share one), its place, links and alignment, but not its tags, so that `<p>`, `<div>`,
layout tables, `<br>` pairs, Word's spans and broken markup come out alike.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class LineKind(StrEnum):
    TEXT = "text"
    PICTURE = "picture"
    TABLE = "table"


class Link(NamedTuple):
    """A link within a line: its address as written, and its text."""

    href: str
    text: str


class Face(NamedTuple):
    """How text is set: what the elements around it say, the innermost first. `typed` text breaks where it did as
    typed."""

    heading: int = 0
    listed: bool = False
    caption: bool = False
    align: str = ""
    bold: bool = False
    italic: bool = False
    typed: bool = False


PLAIN = Face()
_MOST_FACTS = 16
FLOATED = "floated"  # the alignment of a picture that text runs beside


@dataclass(slots=True)
class Line:
    """One line of a page. `container` is a number in `Lines.parents`; `heading` is 1 to 6, 0 for none; `linked` is the
    share of the text that is link text, 0 to 1."""

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
    linked: float = 0.0
    src: str = ""
    alt: str = ""
    size: tuple[int, int] = (0, 0)
    rows: tuple[tuple[str, ...], ...] = ()


class Run(NamedTuple):
    """Lines of an element that is known from other pages: where they begin and end on this one, and what was found out
    about them before."""

    start: int
    end: int
    facts: dict[Any, Any]


@dataclass(slots=True)
class Lines:
    """The lines of a page and, for each container, the one around it (`parents[0]` is 0, the page itself). `figures`
    are the containers that say they hold a picture with its caption, `asides` those that say they are beside the matter
    (`aside`, `nav`, `footer`; HTML standard 4.3). `strays` tells that tags of a head stand in the body: text in a head
    makes the rest of it part of the body. `runs` are the lines of known elements, in order."""

    lines: list[Line] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    figures: set[int] = field(default_factory=set)
    asides: set[int] = field(default_factory=set)
    strays: bool = False
    runs: list[Run] = field(default_factory=list)

    def over(self, what: object, find: Callable[[Sequence[Line]], T]) -> list[tuple[int, T]]:
        """What `find` makes of the page's lines, taken run by run, each with where the run begins. Of a known element
        it is made once and kept under the name `what`, so it must depend on what the lines say alone."""
        lines, done = self.lines, 0
        found: list[tuple[int, T]] = []
        for start, end, facts in self.runs:
            if done < start:
                found.append((done, find(lines[done:start])))
            if what not in facts:
                if len(facts) >= _MOST_FACTS:  # of frames that are no more
                    facts.clear()
                facts[what] = find(lines[start:end])
            found.append((start, facts[what]))
            done = end
        found.append((done, find(lines[done:])))
        return found

    def within(self, line: Line, containers: Set[int]) -> bool:
        """Whether a line stands in one of some containers, directly or one step below."""
        return line.container in containers or self.parents[line.container] in containers
