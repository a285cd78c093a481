"""The site's frame: what recurs on its pages and is therefore not the article. Learned from the pages themselves. Pure.

Pages are counted by layout: those that share most of what stands around their articles. A line is frame when it stands,
word for word, on most pages of a layout and outside their articles. A line inside the article's own container is not
(one reporter may sign most of what a site prints), unless it stands at the article's very edge on practically every
page, as a slogan does, and is not worded like a byline. Lines alike but for their digits are counted too; they only
help to see where an article ends. Pictures count by address. Two pages are no evidence; a handful is.
"""

import json
from collections import Counter
from dataclasses import dataclass

from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.names import are_persons, read_lead
from scraper.extract.text import key, masked

_LEAST_PAGES = 5
_MOST = 0.6  # share of the pages a line must stand on
_LEAST_PAGES_TO_REPLACE = 30
_LEAST_PAGES_APART = 10
_MOST_APART = 0.9  # the same for a line among the article's, but in a container of its own
_LEAST_PAGES_AT_EDGE = 20
_MOST_AT_EDGE = 0.95  # the same for a line at the edge of the article's own container
_EDGE = 2  # lines at each end of an article
_SAME_LAYOUT = 0.5  # share of a layout's recurring lines that a page of it has
_MOST_LAYOUTS = 12
_LEAST_SHARE = 0.08  # of the pages, for a layout to teach anything
_MOST_PAGES = 400  # more pages add nothing; memory stays bounded
_SHORTEST_KEY = 2
_LONGEST = 400  # characters
_GOOD_PART = 0.4  # of the text in the fullest container


@dataclass(frozen=True, slots=True)
class Frame:
    """Keys of the recurring lines, word for word and with digits masked, and addresses of the recurring pictures.

    Empty: nothing is known yet.
    """

    lines: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lines or self.pictures)

    def holds(self, line: Line) -> bool:
        """Whether a line is part of the frame."""
        if line.kind is LineKind.PICTURE:
            return line.src in self.pictures
        return line.kind is LineKind.TEXT and bool(self.lines) and line_key(line) in self.lines

    def resembles(self, line: Line) -> bool:
        """Whether a line equals one of the frame but for its digits, as counters and clocks do."""
        return line.kind is LineKind.TEXT and bool(self.alike) and masked(line.text) in self.alike

    def to_json(self) -> str:
        """The frame as text, read back by `frame_from_json`."""
        parts = {"lines": sorted(self.lines), "alike": sorted(self.alike), "pictures": sorted(self.pictures)}
        return json.dumps(parts, ensure_ascii=False)


def frame_from_json(text: str) -> Frame:
    """The frame `Frame.to_json` wrote."""
    data = json.loads(text)
    return Frame(frozenset(data["lines"]), frozenset(data["alike"]), frozenset(data["pictures"]))


def line_key(line: Line) -> str:
    """What a line is compared by: its wording, and whether all of it is a link.

    The newest items are linked from every page; the same words as the title of their own page are not frame.
    """
    return f"{'@' if line.linked > 0.9 else ''}{key(line.text)}"


@dataclass(frozen=True, slots=True)
class Traits:
    """What one article page lends to learning: keys of its lines outside the article (word for word, and with digits
    masked), of those among the article's lines but in a container apart, of those at the article's edges, and its
    pictures outside."""

    outside: frozenset[str]
    alike: frozenset[str]
    apart: frozenset[str]
    edges: frozenset[str]
    pictures: frozenset[str]


def traits_of(page: Lines, title: int | None, start: int, end: int) -> Traits:
    """The traits of a page whose title is line `title` and whose article stands at `lines[start:end]`.

    Lines worded like a byline are left out: they recur without being frame.
    """
    outside, alike, apart, pictures, inner = set(), set(), set(), set(), []
    own = _own_containers(page, start, end)
    for index, line in enumerate(page.lines):
        inside = start <= index < end
        if line.kind is LineKind.PICTURE and line.src and not inside:
            pictures.add(line.src)
        elif line.kind is LineKind.TEXT and len(line.text) <= _LONGEST:
            name = line_key(line)
            in_title = title is not None and title <= index < start
            if len(name) < _SHORTEST_KEY or in_title or are_persons(line.text) or read_lead(line.text):
                continue
            if not inside:
                outside.add(name)
                if line.linked < 0.5 and "#" in (mask := masked(line.text)):
                    alike.add(mask)
                continue
            inner.append(name)
            if line.container not in own and page.parents[line.container] not in own:
                apart.add(name)
    edges = frozenset(inner[:_EDGE] + inner[-_EDGE:])
    return Traits(
        frozenset(outside), frozenset(alike), frozenset(apart - outside), edges - outside, frozenset(pictures)
    )


def _own_containers(page: Lines, start: int, end: int) -> set[int]:
    """The containers that hold a good part of the article's unlinked text, directly or one step below."""
    weights: Counter[int] = Counter()
    for line in page.lines[start:end]:
        if line.kind is LineKind.TEXT and line.linked < 0.5:
            for container in {line.container, page.parents[line.container]}:
                weights[container] += len(line.text)
    most = max(weights.values(), default=0)
    return {container for container, weight in weights.items() if weight >= _GOOD_PART * most}


class _Layout:
    """Counts what recurs over the pages of one layout."""

    def __init__(self) -> None:
        self.pages = 0
        self._outside: Counter[str] = Counter()
        self._alike: Counter[str] = Counter()
        self._apart: Counter[str] = Counter()
        self._edges: Counter[str] = Counter()
        self._pictures: Counter[str] = Counter()

    def add(self, traits: Traits) -> None:
        self.pages += 1
        self._outside.update(traits.outside)
        self._alike.update(traits.alike)
        self._apart.update(traits.apart)
        self._edges.update(traits.edges)
        self._pictures.update(traits.pictures)

    def shared(self, traits: Traits) -> float:
        """Share of the layout's recurring lines that a page has, 0 to 1."""
        floor = _MOST * self.pages
        recurring = [name for name, count in self._outside.items() if count >= floor]
        return sum(name in traits.outside for name in recurring) / len(recurring) if recurring else 1.0

    def frame(self) -> Frame:
        floor = max(3.0, _MOST * self.pages)
        lines = {name for name, count in self._outside.items() if count >= floor}
        if self.pages >= _LEAST_PAGES_APART:
            both = self._outside + self._apart
            lines |= {name for name, count in both.items() if count >= _MOST_APART * self.pages}
        if self.pages >= _LEAST_PAGES_AT_EDGE:
            every = self._outside + self._edges
            lines |= {name for name, count in every.items() if count >= _MOST_AT_EDGE * self.pages}
        alike = {name for name, count in self._alike.items() if count >= floor}
        pictures = {src for src, count in self._pictures.items() if count >= floor}
        return Frame(frozenset(lines), frozenset(alike), frozenset(pictures))


class Learner:
    """Learns the frame of a site from the article pages of one run, layout by layout."""

    def __init__(self) -> None:
        self.pages = 0
        self._layouts: list[_Layout] = []
        self._strange = 0

    @property
    def full(self) -> bool:
        """Whether more pages would be passed over."""
        return self.pages >= _MOST_PAGES

    def add(self, traits: Traits, known: Frame) -> None:
        """Takes one page in, read with the frame known so far; beyond the first few hundred, pages are passed over."""
        if self.full:
            return
        self.pages += 1
        self._layout_of(traits).add(traits)
        if known and len(known.lines & traits.outside) < 0.5 * len(known.lines):
            self._strange += 1

    def frame(self, known: Frame) -> Frame | None:
        """A frame worth replacing the known one with; None when there is none.

        A first frame takes five pages. A later one takes a run large enough to stand alone, or one whose pages mostly
        lack the known frame: the site was redesigned. Lines among the article's need more evidence.
        """
        least = _LEAST_PAGES if not known or self._strange > self.pages / 2 else _LEAST_PAGES_TO_REPLACE
        if self.pages < least:
            return None
        enough = max(_LEAST_PAGES, _LEAST_SHARE * self.pages)  # a few odd pages are no layout
        frames = [layout.frame() for layout in self._layouts if layout.pages >= enough]
        learned = Frame(
            frozenset().union(*(each.lines for each in frames)),
            frozenset().union(*(each.alike for each in frames)),
            frozenset().union(*(each.pictures for each in frames)),
        )
        return learned if learned and learned != known else None

    def _layout_of(self, traits: Traits) -> _Layout:
        """The layout that a page is most like; a new one where it is like none."""
        best = max(self._layouts, key=lambda layout: layout.shared(traits), default=None)
        if best is not None and (best.shared(traits) >= _SAME_LAYOUT or len(self._layouts) >= _MOST_LAYOUTS):
            return best
        self._layouts.append(_Layout())
        return self._layouts[-1]
