"""The site's frame: what recurs on its pages and is therefore not the article. Learned from the pages themselves. Pure.

A line counts as frame when it stands (digits masked) on most of the pages read together, except where its wording is
that of a byline: one reporter may sign nearly everything. Pictures count by address. Two pages are no evidence; a
handful is.
"""

import json
from collections import Counter
from dataclasses import dataclass

from scraper.extract.lines import Line, LineKind
from scraper.extract.names import are_persons, read_lead
from scraper.extract.text import masked

_LEAST_PAGES = 5
_MOST = 0.6  # share of the pages a line must stand on
_LEAST_PAGES_TO_REPLACE = 30
_LEAST_PAGES_INSIDE = 10
_MOST_INSIDE = 0.9  # the same for a line that so far counted as the article's own
_MOST_PAGES = 400  # more pages add nothing; memory stays bounded
_SHORTEST_KEY = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """Keys of the recurring lines and addresses of the recurring pictures. Empty: nothing is known yet."""

    lines: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lines or self.pictures)

    def holds(self, line: Line) -> bool:
        """Whether a line is part of the frame."""
        if line.kind is LineKind.PICTURE:
            return line.src in self.pictures
        return line.kind is LineKind.TEXT and bool(self.lines) and line_key(line) in self.lines

    def to_json(self) -> str:
        """The frame as text, read back by `frame_from_json`."""
        return json.dumps({"lines": sorted(self.lines), "pictures": sorted(self.pictures)}, ensure_ascii=False)


def frame_from_json(text: str) -> Frame:
    """The frame `Frame.to_json` wrote."""
    data = json.loads(text)
    return Frame(frozenset(data["lines"]), frozenset(data["pictures"]))


def line_key(line: Line) -> str:
    """What a line is compared by: its wording with digits masked, and whether all of it is a link.

    The newest items are linked from every page; the same words as the title of their own page are not frame.
    """
    return f"{'@' if line.linked > 0.9 else ''}{masked(line.text)}"


@dataclass(frozen=True, slots=True)
class Traits:
    """What one article page lends to learning: the distinct keys of its lines outside the article and inside it, and
    its pictures outside it."""

    outside: frozenset[str]
    inside: frozenset[str]
    pictures: frozenset[str]


def traits_of(lines: list[Line], start: int, end: int) -> Traits:
    """The traits of a page whose article stands at `lines[start:end]`.

    Lines worded like a byline are left out: they recur without being frame.
    """
    texts: tuple[set[str], set[str]] = (set(), set())
    pictures = set()
    for index, line in enumerate(lines):
        inside = start <= index < end
        if line.kind is LineKind.PICTURE and line.src and not inside:
            pictures.add(line.src)
        elif line.kind is LineKind.TEXT and len(line.text) <= 400:
            key = line_key(line)
            if len(key) >= _SHORTEST_KEY and not are_persons(line.text) and not read_lead(line.text):
                texts[inside].add(key)
    return Traits(frozenset(texts[False]), frozenset(texts[True] - texts[False]), frozenset(pictures))


class Learner:
    """Counts what recurs over the article pages of one run."""

    def __init__(self) -> None:
        self.pages = 0
        self._outside: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._pictures: Counter[str] = Counter()
        self._strange = 0

    def add(self, traits: Traits, known: Frame) -> None:
        """Takes one page in, read with the frame known so far; beyond the first few hundred, pages are passed over."""
        if self.pages >= _MOST_PAGES:
            return
        self.pages += 1
        self._outside.update(traits.outside)
        self._inside.update(traits.inside)
        self._pictures.update(traits.pictures)
        if known and len(known.lines & traits.outside) < 0.5 * len(known.lines):
            self._strange += 1

    def frame(self, known: Frame) -> Frame | None:
        """A frame worth replacing the known one with; None when there is none.

        A first frame takes five pages. A later one takes a run large enough to stand alone, or one whose pages mostly
        lack the known frame: the site was redesigned. Lines inside the article need more evidence than those around it.
        """
        least = _LEAST_PAGES if not known or self._strange > self.pages / 2 else _LEAST_PAGES_TO_REPLACE
        if self.pages < least:
            return None
        lines = {key for key, count in self._outside.items() if count >= max(3.0, _MOST * self.pages)}
        if self.pages >= _LEAST_PAGES_INSIDE:
            both = self._outside + self._inside
            lines |= {key for key, count in both.items() if count >= _MOST_INSIDE * self.pages}
        pictures = {src for src, count in self._pictures.items() if count >= max(3.0, _MOST * self.pages)}
        learned = Frame(frozenset(lines), frozenset(pictures))
        return learned if learned and learned != known else None
