"""Articles laid out as one list, a paragraph an item: there, standing in a list says nothing of a line. Pure."""

from collections.abc import Set
from dataclasses import replace

from scraper.extract.lines import Line, LineKind, Lines

_PROSE = 60  # characters


def without_layout_list(lines: list[Line], page: Lines, titles: Set[int]) -> list[Line]:
    """An article's lines; where all of it stands in the items of one list, prose or the title said again (`titles`)
    among it, no line of that list counts as listed. Lists within its items stay lists."""
    texts = [index for index, line in enumerate(lines) if line.kind is LineKind.TEXT]
    if not texts or not lines[texts[0]].listed:
        return lines
    whole = [i for i in texts if lines[i].listed and (i in titles or len(lines[i].text) >= _PROSE)]
    if not whole:
        return lines
    depth = min(_depth(page, lines[i]) for i in whole)
    if any(not lines[i].listed and _depth(page, lines[i]) <= depth for i in texts):
        return lines
    # An item holds its text directly, or in a paragraph; what stands deeper is in a list or table of its own.
    return [replace(line, listed=False) if line.listed and _depth(page, line) <= depth + 1 else line for line in lines]


def _depth(page: Lines, line: Line) -> int:
    """How many containers stand around a line."""
    depth, container = 0, line.container
    while container:
        depth, container = depth + 1, page.parents[container]
    return depth
