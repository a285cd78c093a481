"""The title of a page: the line that its address spells, that its head names, that its view counter follows. Pure.

Facts of wording, not of markup: the slug rule reproduces the address from the title (site facts), and the counter's
words are known. A heading's rank and a link around the line only tip the scales.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scraper.extract import vocabulary as words
from scraper.extract.dates import posted_line
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.text import is_capitals, key
from scraper.urls import site_id_of, slug_in, slug_of

_NEAR = 6  # text lines within which title and counter belong together
_SHORTEST_TITLE, _LONGEST_TITLE = 2, 300
_MOST_TITLE_LINES = 5
_OPENING = 6  # letters and digits by which most lines are told to be no title
_OTHER = " "  # no line begins with it
_PROSE = 60  # characters from which an unlinked line with a sentence in it reads as prose


def _spellings() -> dict[str, str]:
    """For each bare letter and digit, the characters that `key` makes it of."""
    found: dict[str, str] = {}
    for code in (*range(0x30, 0x250), *range(0x1E00, 0x1F00)):
        bare = key(chr(code))
        found[bare] = found.get(bare, "") + chr(code)
    return found


_SPELT = _spellings()


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's <head> says, cleaned: candidates for the title, and the canonical address."""

    titles: tuple[str, ...] = ()
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """The title, the lines it takes up (`first` to `last`), the rule that told it, and how sure that is."""

    first: int
    last: int
    text: str
    rule: str
    confidence: float


def find_counters(page: Lines) -> dict[int, int]:
    """The lines that show a view count, with the count; -1 where a label has no number."""
    found, lines = {}, page.lines
    seen = [(start + at, number) for start, run in page.over(_counters, _counters) for at, number in run]
    for index, number in seen:
        if number == -1 and index + 1 < len(lines):  # the number may stand on the next line
            digits = lines[index + 1].text.replace(".", "").replace(",", "").replace(" ", "")
            number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else -1
        found[index] = number
    return found


def _counters(lines: Sequence[Line]) -> list[tuple[int, int]]:
    numbers = [words.counter_of(line.text) for line in lines]
    return [(at, number) for at, number in enumerate(numbers) if number is not None]


def find_title(page: Lines, url: str, head: Head, counters: dict[int, int]) -> Title | None:
    """The page's title, or None when none can be told. `counters` as `find_counters` gives them."""
    return _title_among(page, url, head, counters) or _title_in_head(page.lines, url, head, counters)


def picked_title(lines: list[Line], text: str, found: Title | None) -> Title:
    """The title that a profile's selector picked, at the line that says it, else where the rules saw one."""
    place = next((index for index, line in enumerate(lines) if line.text == text), None)
    if place is None:
        place = found.first if found else -1
    last = found.last if found and found.first == place else place
    return Title(place, last, text, "profile", 1.0)


def counter_after(
    lines: list[Line], last: int, counters: dict[int, int], framed: frozenset[int] = frozenset()
) -> int | None:
    """The counter that follows a title before any prose does; lines of the frame (`framed`) are passed over."""
    seen = 0
    for index in range(last + 1, len(lines)):
        if index in counters:
            return index
        if index in framed:
            continue
        if lines[index].kind is LineKind.TEXT:
            seen += 1
        if seen > _NEAR or is_prose(lines[index]):
            return None
    return None


def _title_among(page: Lines, url: str, head: Head, counters: dict[int, int]) -> Title | None:
    """The line, or the lines of one paragraph, that have most in favour of them."""
    lines, slug = page.lines, slug_in(url).strip("-")
    named = {key(text) for text in head.titles}
    has_id = site_id_of(url) is not None
    before_counter = _lines_before_counters(lines, counters)
    best: tuple[float, int, int, str] | None = None
    openings = tuple({_opening(slug), *map(_opening, named)} - {""})
    for first, last, text in _title_candidates(page, openings, before_counter):
        score, line = 0.0, lines[first]
        if slug and _same_slug(text, slug):
            score += 6 if has_id else 3
        wording = key(text)
        if wording in named or any(name.startswith(wording + " ") for name in named if len(wording) > 20):
            score += 4
        score += {1: 3, 2: 2, 3: 1}.get(line.heading, 0)
        score += 4 if last in before_counter else 0
        score -= 4 if line.linked > 0.9 else 0
        score -= 2 if line.listed else 0
        if best is None or score > best[0]:
            best = (score, first, last, text)
    if best is None or best[0] < 4:
        return None
    score, first, last, text = best
    first, last, text = _earlier(lines, first, last, text)
    rule = "address" if slug and _same_slug(text, slug) else "head" if key(text) in named else "counter"
    return Title(first, last, text, rule, 0.99 if score >= 9 else 0.9 if score >= 6 else 0.6)


def _earlier(lines: list[Line], first: int, last: int, text: str) -> tuple[int, int, str]:
    """The same title a little further up, where it only seems to be the one that the counter follows: below an article
    without prose the counter follows the title said again."""
    wording = key(text)
    for seen, index in enumerate(range(first - 1, max(first - 2 * _NEAR, -1), -1), start=1):
        line = lines[index]
        if line.kind is not LineKind.TEXT:
            break
        if key(line.text) == wording and line.linked < 0.5 and not line.listed:
            return index, index, line.text
        between = posted_line(line.text) or words.is_control(line.text) or len(line.text) <= _LONGEST_TITLE
        if seen > 3 or line.linked > 0.5 or is_prose(line) or not between:
            break
    return first, last, text


def _title_in_head(lines: list[Line], url: str, head: Head, counters: dict[int, int]) -> Title | None:
    """The title that the page's head spells as its address does, where no line says it (it may be a picture)."""
    slug = slug_in(url).strip("-")
    title = next((text for text in head.titles if slug and _same_slug(text, slug)), None)
    if title is None or site_id_of(url) is None:
        return None
    prose = next((index for index, line in enumerate(lines) if is_prose(line)), None)
    before = min(counters) if len(counters) == 1 else prose
    return None if not before else Title(before - 1, before - 1, title, "head-alone", 0.9)


def _title_candidates(page: Lines, openings: tuple[str, ...], others: set[int]) -> list[tuple[int, int, str]]:
    """Lines and joined lines of one paragraph that could be a title: they open as one of what they are compared with
    does (`openings`, as `_opening` gives them), or end with one of the lines `others`."""
    found, lines = [], page.lines
    initials = set(_OTHER).union(*(_SPELT.get(opening[0], "") for opening in openings))
    near = {index - back for index in others for back in range(_MOST_TITLE_LINES) if index >= back}
    places = near.copy()  # of lines that are told by one letter: most are the frame's
    for start, by_initial in page.over(_by_initial, _by_initial):
        for initial in initials.intersection(by_initial):
            places.update([start + at for at in by_initial[initial]])
    for index in sorted(places):
        line = lines[index]
        if not _SHORTEST_TITLE <= len(line.text) <= _LONGEST_TITLE:
            continue
        own = _opening(line.text)
        short = len(own) < _OPENING and any(each.startswith(own) for each in openings)
        if not (short or own.startswith(openings) or index in near):
            continue
        if words.counter_of(line.text) is None and not words.is_owner_line(line.text):
            found.append((index, index, line.text))
        text, last = line.text, index
        while last + 1 < len(lines) and last - index + 1 < _MOST_TITLE_LINES:
            following = lines[last + 1]
            if following.kind is not LineKind.TEXT or following.paragraph != line.paragraph:
                break
            text, last = f"{text} {following.text}", last + 1
            if len(text) <= _LONGEST_TITLE:
                found.append((index, last, text))
    return found


def _by_initial(lines: Sequence[Line]) -> dict[str, list[int]]:
    """The places of lines by the letter or digit they begin with, `_OTHER` for any other character."""
    found: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        first = line.text[:1]
        if first:
            found.setdefault(first if first.isalnum() else _OTHER, []).append(at)
    return found


@lru_cache(maxsize=1 << 14)  # the frame's lines come again on every page
def _opening(text: str) -> str:
    """The first few letters and digits of a text's `key`, without spaces."""
    return key(text[:40]).replace(" ", "")[:_OPENING]


def _lines_before_counters(lines: list[Line], counters: dict[int, int]) -> set[int]:
    """For each counter the text line just before it, passing over days and controls."""
    found = set()
    for counter in counters:
        index = counter - 1
        while index >= 0 and counter - index < _NEAR:
            line = lines[index]
            if line.kind is LineKind.TEXT and not posted_line(line.text) and not words.is_control(line.text):
                found.add(index)
                break
            index -= 1
    return found


def _same_slug(text: str, slug: str) -> bool:
    own = slug_of(text).strip("-")
    return own == slug or (len(slug) >= 90 and own.startswith(slug)) or (len(own) >= 90 and slug.startswith(own))


def is_prose(line: Line) -> bool:
    """Whether a line reads as running text of an article."""
    text = line.text
    if line.kind is not LineKind.TEXT or len(text) < _PROSE or line.linked > 0.5:
        return False
    return not is_capitals(text) and not words.is_owner_line(text)
