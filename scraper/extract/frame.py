"""The site's frame: what recurs on its pages and is therefore not the article. Learned from the pages themselves. Pure.

Pages are counted by layout (those that share most of what stands around their articles), within a layout by category,
and once more by the newest, since a site changes. A line is frame when it stands, word for word, on most pages of such
a group outside their articles, or on nearly all of them in a container apart from the article's own. A line inside the
article's own container is text or a byline, however often it recurs (one reporter may sign most of what a site prints):
it is noted as a doubt. Only on pages that hold all they have in one container, where a place tells nothing, a line at
the article's very edge on practically every page is frame. Lines alike but for their digits are counted too; they only
help to see where an article ends. Pictures count by address. Two pages are no evidence; a handful is.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from archive.veil import VEIL, veil
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.names import are_persons, is_desk, read_lead
from scraper.extract.text import key, masked
from scraper.urls import site_id_of

_LEAST_PAGES = 5
_MOST = 0.6  # share of the pages a line must stand on outside the articles
_MOST_APART = 0.9  # share of the pages for a line also among the article's, where it stands apart on most
_FEW_PAGES = 10  # where a line among the article's must stand on every one
_LEAST_PAGES_AT_EDGE = 20
_MOST_AT_EDGE = 0.95  # the same for a line at the edge of an article that has no container of its own
_MOST_OF_CATEGORY = 0.9
_NEWEST = (8, 16)  # pages that are looked at by themselves too
_EDGE = 2  # lines at each end of an article
_FLAT = 2  # lines after an article, in the container that holds it, that show it to have none of its own
_SAME_LAYOUT = 0.5  # share of a layout's recurring lines that a page of it has
_MOST_LAYOUTS = 12
_SETTLED = 16  # pages from which a layout's recurring lines hardly change
_LEAST_SHARE = 0.08  # of the pages, for a layout to teach anything
_MOST_LENT = 2_000  # lines outside the article, on each side of it, that a page lends to learning
_SHORTEST_KEY = 2
_LONGEST = 400  # characters of a line of the frame
_GOOD_PART = 0.4  # of the text in the fullest container
_PICTURE = "!"  # before the name of a picture; no line's begins so
_PARTS = ("lines", "alike", "pictures", "inside")
_MOST_LINES = 4_000  # of an earlier frame; beyond, only those are kept that a page shown has


@dataclass(frozen=True, slots=True)
class Frame:
    """Keys of the recurring lines, word for word and with digits masked, and addresses of the recurring pictures;
    `inside` are the keys of lines that recur in the articles themselves and are no frame. `has_veils` says whether one
    of the lines is a digest, in place of words that were withdrawn.

    Empty: nothing is known yet.
    """

    lines: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    has_veils: bool = field(default=False, init=False, compare=False)
    _names: frozenset[str] = field(default=frozenset(), init=False, repr=False, compare=False)
    _own: object = field(default_factory=object, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_veils", any(VEIL in name[: len(VEIL) + 1] for name in self.lines))
        object.__setattr__(self, "_names", self.lines | {f"{_PICTURE}{name}" for name in self.pictures})

    def __bool__(self) -> bool:
        return bool(self.lines or self.pictures)

    def holds(self, line: Line) -> bool:
        """Whether a line is part of the frame."""
        return bool(self._among([line]).places)

    def places(self, page: Lines, title: str) -> frozenset[int]:
        """Which lines of a page are part of the frame. Not those that say its title: the newest items' titles stand on
        every page, and each on a page of its own."""
        named = key(title)
        found: set[int] = set()
        for start, held in page.over(self._own, self._among):
            found.update(held.places if not start else _moved(held.places, start))
            for name in (named, f"@{named}"):
                found.difference_update([start + at for at in held.named.get(name, ())])
        return frozenset(found)

    def _among(self, lines: Sequence[Line]) -> "_Held":
        """The lines of the frame among some."""
        names = list(map(name_of, lines))
        held = self._names
        places = [
            at for at, name in enumerate(names) if name in held or (self.has_veils and name and veil(name) in held)
        ]
        named: dict[str, list[int]] = {}
        for at in places:
            named.setdefault(names[at], []).append(at)
        return _Held(range(len(lines)) if len(places) == len(lines) else places, named)

    def resembling(self, lines: list[Line], title: str, framed: frozenset[int]) -> frozenset[int]:
        """Which lines, but for those that are `framed` and those that say the page's title, equal one of the frame but
        for their digits, as counters and clocks do."""
        if not self.alike:
            return frozenset()
        named = key(title)
        rest = [(index, line) for index, line in enumerate(lines) if index not in framed and line.kind is LineKind.TEXT]
        return frozenset(index for index, line in rest if masked(line.text) in self.alike and key(line.text) != named)

    def to_json(self) -> str:
        """The frame as text, read back by `frame_from_json`."""
        parts = {name: sorted(getattr(self, name)) for name in _PARTS}
        return json.dumps(parts, ensure_ascii=False)

    def joined(self, other: "Frame") -> "Frame":
        """What either holds, but for lines that are frame in one."""
        lines = self.lines | other.lines
        inside = (self.inside | other.inside) - lines
        return Frame(lines, self.alike | other.alike, self.pictures | other.pictures, inside)


class _Held(NamedTuple):
    """Lines of the frame among some: their places, a range where all are, and the same by name."""

    places: Sequence[int]
    named: dict[str, list[int]]


def _moved(places: Sequence[int], by: int) -> Sequence[int]:
    return range(by, by + len(places)) if isinstance(places, range) else [by + at for at in places]


def frame_from_json(text: str) -> Frame:
    """The frame `Frame.to_json` wrote."""
    data = json.loads(text)
    lines, alike, pictures, inside = (frozenset(data.get(name, ())) for name in _PARTS)
    return Frame(lines, alike, pictures, inside)


def line_key(line: Line) -> str:
    """What a line is compared by: its wording, and whether all of it is a link.

    The newest items are linked from every page; the same words as the title of their own page are not frame.
    """
    return f"{'@' if line.linked > 0.9 else ''}{key(line.text)}"


def name_of(line: Line) -> str:
    """The name by which a frame knows a line; "" for what no frame holds."""
    if line.kind is LineKind.TEXT:
        return line_key(line) if len(line.text) <= _LONGEST else ""
    return f"{_PICTURE}{picture_key(line)}" if line.kind is LineKind.PICTURE else ""


def picture_key(line: Line) -> str:
    """What a picture is compared by: its address, and whether it links to an article, as the thumbnails of the newest
    items do; the same picture in the item itself is not frame."""
    return f"{'@' if any(site_id_of(link.href) is not None for link in line.links) else ''}{line.src}"


@dataclass(frozen=True, slots=True)
class Traits:
    """What one article page lends to learning: keys of its lines outside the article (word for word, and with digits
    masked), of those among the article's lines but in a container apart, of those in the article's own container, of
    those at its edges where it has no container of its own, and its pictures outside. `category` groups pages."""

    outside: frozenset[str]
    alike: frozenset[str]
    apart: frozenset[str]
    inner: frozenset[str]
    edges: frozenset[str]
    pictures: frozenset[str]
    category: str = ""


def traits_of(page: Lines, title: int | None, start: int, end: int, category: str = "") -> Traits:
    """The traits of a page whose title is line `title` and whose article stands at `lines[start:end]`.

    Lines worded like a byline are left out: they recur without being frame.
    """
    outside: set[str] = set()
    alike: set[str] = set()
    apart: set[str] = set()
    pictures: set[str] = set()
    inner: list[str] = []
    own = _own_containers(page, start, end)
    first = max(0, start - _MOST_LENT)
    for index, line in enumerate(page.lines[first : end + _MOST_LENT], start=first):
        inside = start <= index < end
        if len(inner) + len(apart) > _MOST_LENT and inside:
            continue
        if line.kind is LineKind.PICTURE and line.src and not inside:
            pictures.add(picture_key(line))
        elif line.kind is LineKind.TEXT and len(line.text) > _LONGEST:
            if inside:  # never frame, and shows that articles differ
                inner.append(f"{key(line.text[:_LONGEST])} …")
        elif line.kind is LineKind.TEXT:
            name = line_key(line)
            in_title = title is not None and title <= index < start
            if len(name) < _SHORTEST_KEY or in_title or is_byline_wording(line.text):
                continue
            if not inside:
                outside.add(name)
                if line.linked < 0.5 and "#" in (mask := masked(line.text)):
                    alike.add(mask)
            elif page.within(line, own):
                inner.append(name)
            else:
                apart.add(name)
    edges = frozenset(inner[:_EDGE] + inner[-_EDGE:]) if _is_flat(page, own, end) else frozenset[str]()
    return Traits(
        frozenset(outside),
        frozenset(alike),
        frozenset(apart - outside),
        frozenset(inner) - outside - apart,
        edges - outside,
        frozenset(pictures),
        category,
    )


def is_byline_wording(text: str) -> bool:
    """Whether a line is worded as only bylines are, wherever it stands."""
    return are_persons(text) or read_lead(text) is not None or is_desk(text)


def _is_flat(page: Lines, own: set[int], end: int) -> bool:
    """Whether what follows an article stands in the very container that holds it."""
    after = [line for line in page.lines[end:] if line.kind is LineKind.TEXT]
    return sum(page.within(line, own) for line in after) >= _FLAT


def _own_containers(page: Lines, start: int, end: int) -> set[int]:
    """The containers that hold a good part of the article's unlinked text, directly or one step below."""
    weights: Counter[int] = Counter()
    for line in page.lines[start:end]:
        if line.kind is LineKind.TEXT and line.linked < 0.5:
            for container in {line.container, page.parents[line.container]}:
                weights[container] += len(line.text)
    most = max(weights.values(), default=0)
    return {container for container, weight in weights.items() if weight >= _GOOD_PART * most}


class _Group:
    """Counts what recurs over some pages."""

    def __init__(self) -> None:
        self.pages = 0
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("outside", "alike", "apart", "inner", "edges", "pictures")
        }
        self._bodies: list[frozenset[str]] = []

    def add(self, traits: Traits) -> None:
        self.pages += 1
        for name, counter in self._counts.items():
            counter.update(getattr(traits, name))
        self._bodies.append(traits.inner)

    def recurring(self) -> list[str]:
        """The lines outside articles that most pages have."""
        floor = _MOST * self.pages
        return [name for name, count in self._counts["outside"].items() if count >= floor]

    def frame(self, most: float = _MOST) -> Frame:
        """The frame of these pages alone; `most` is the share of them that a line outside articles must stand on."""
        outside, apart, inner = self._counts["outside"], self._counts["apart"], self._counts["inner"]
        floor = max(3.0, most * self.pages)
        lines = {name for name, count in outside.items() if count >= floor}
        if self.pages >= _LEAST_PAGES:
            # On a page with little text a box may weigh as much as the article, and seem its own.
            nearly_all = self.pages if self.pages < _FEW_PAGES else _MOST_APART * self.pages
            lines |= {
                name
                for name, count in apart.items()
                if count + outside[name] + inner[name] >= nearly_all and count + outside[name] >= _MOST * self.pages
            }
        if self.pages >= _LEAST_PAGES_AT_EDGE:
            lines |= {
                name
                for name, count in self._counts["edges"].items()
                if count + outside[name] >= _MOST_AT_EDGE * self.pages
            }
        inside = {name for name, count in inner.items() if count >= max(4.0, _MOST * self.pages)} - lines
        if inside and sum(bool(body) and body <= inside for body in self._bodies) >= _MOST * self.pages:
            lines |= inside  # most articles would be the same: they were looked for at a wrong place
            inside = set()
        alike = {name for name, count in self._counts["alike"].items() if count >= floor}
        pictures = {src for src, count in self._counts["pictures"].items() if count >= floor}
        return Frame(frozenset(lines), frozenset(alike), frozenset(pictures), frozenset(inside))


class _Layout(_Group):
    """The pages that share most of what stands around their articles, together and by category."""

    def __init__(self) -> None:
        super().__init__()
        self._categories: dict[str, _Group] = {}
        self._recurring: frozenset[str] = frozenset()

    def add(self, traits: Traits) -> None:
        super().add(traits)
        if self.pages < _SETTLED or self.pages % _SETTLED == 0:
            self._recurring = frozenset(self.recurring())
        if traits.category:
            self._categories.setdefault(traits.category, _Group()).add(traits)

    def shared(self, traits: Traits) -> float:
        """Share of the layout's recurring lines that a page has, 0 to 1."""
        recurring = self._recurring
        return len(recurring & traits.outside) / len(recurring) if recurring else 1.0

    def frame(self, most: float = _MOST) -> Frame:
        found = super().frame(most)
        for group in self._categories.values():
            if _LEAST_PAGES <= group.pages < self.pages:
                found = found.joined(replace(group.frame(_MOST_OF_CATEGORY), inside=frozenset()))
        return found


class Learner:
    """Learns the frame of a site from article pages, oldest first: layout by layout, and the newest pages once more by
    themselves."""

    ENOUGH = 30  # pages of one run that may replace what earlier runs learned
    MOST = 400  # more pages add nothing; memory stays bounded

    def __init__(self) -> None:
        self._pages: list[Traits] = []
        self._strange = 0

    @property
    def pages(self) -> int:
        """How many pages it was shown."""
        return len(self._pages)

    @property
    def full(self) -> bool:
        """Whether more pages would be passed over."""
        return self.pages >= self.MOST

    @property
    def stands_alone(self) -> bool:
        """Whether its pages are enough to replace what earlier runs learned."""
        return self.pages >= self.ENOUGH

    def add(self, traits: Traits, known: Frame) -> None:
        """Takes one page in, read with the frame known so far; beyond the first few hundred, pages are passed over."""
        if self.full:
            return
        self._pages.append(traits)
        if known and len(known.lines & traits.outside) < 0.5 * len(known.lines):
            self._strange += 1

    def frame(self, known: Frame, *, alone: bool) -> Frame | None:
        """A frame worth replacing the known one with; None when there is none.

        A first frame takes five pages. With `alone` the pages are of one run, and replace what was known when they are
        enough; otherwise they are the newest of several runs, and what they teach is added when it changes how one of
        them reads, or when most lack the known frame, since the site was redesigned.
        """
        if self.pages < _LEAST_PAGES:
            return None
        learned = _frame_of(self._pages)
        for count in _NEWEST:
            if count < self.pages:
                learned = learned.joined(replace(_frame_of(self._pages[-count:]), inside=frozenset()))
        if known and not (alone and self.stands_alone):
            fresh = learned.lines - known.lines
            matters = any(fresh & (page.apart | page.inner) for page in self._pages)
            if not matters and self._strange <= self.pages / 2:
                return None
            learned = learned.joined(self._still_seen(known))
        return learned if learned and learned != known else None

    def _still_seen(self, known: Frame) -> Frame:
        """An earlier frame, or, where it has grown large over the years, what of it stands on one of the pages."""
        if len(known.lines) + len(known.alike) + len(known.pictures) + len(known.inside) <= _MOST_LINES:
            return known
        seen: dict[str, set[str]] = {"lines": set(), "alike": set(), "pictures": set(), "inside": set()}
        for page in self._pages:
            seen["lines"] |= page.outside | page.apart
            seen["alike"] |= page.alike
            seen["pictures"] |= page.pictures
            seen["inside"] |= page.inner
        return Frame(**{name: getattr(known, name) & there for name, there in seen.items()})


def _frame_of(pages: Sequence[Traits]) -> Frame:
    """What recurs on pages, layout by layout; a few odd pages are no layout."""
    layouts: list[_Layout] = []
    for traits in pages:
        _layout_of(layouts, traits).add(traits)
    enough = max(_LEAST_PAGES, _LEAST_SHARE * len(pages))
    found = Frame()
    for layout in layouts:
        if layout.pages >= enough:
            found = found.joined(layout.frame())
    return found


def _layout_of(layouts: list[_Layout], traits: Traits) -> _Layout:
    """The layout that a page is most like; a new one where it is like none."""
    shares = [layout.shared(traits) for layout in layouts]
    most = max(shares, default=0.0)
    if layouts and (most >= _SAME_LAYOUT or len(layouts) >= _MOST_LAYOUTS):
        return layouts[shares.index(most)]
    layouts.append(_Layout())
    return layouts[-1]
