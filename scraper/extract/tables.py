"""Tables of data, told from tables that only lay out a page. Pure.

A table is data when it has two rows and two columns of short text, no picture, form or table inside, and is not a list
of links. The scan stops at the first sign of layout, so that tables nested in tables cost no more than flat ones.
"""

from scraper.extract.parts import Part, take_all_apart
from scraper.extract.tags import CLOSE, KNOWN_TAGS, PART, SKIP, after_element, tag_of, text_in
from scraper.extract.text import clean

_LAYOUT_SIGNS = frozenset(("table", "img", "form", "video", "object", "h1", "h2", "input", "ul", "ol"))
_SPACED = frozenset(("br", "p", "div", "li"))
_CELLS = frozenset(("td", "th"))
_LONGEST_CELL = 1500  # characters
_MOST_PIECES = 60_000


def data_rows(
    pieces: list[str], place: int, parts: dict[str, Part]
) -> tuple[tuple[tuple[str, ...], ...], str, int] | None:
    """The cells of the table opened at `place`, row by row, header included, its caption, and the place of its closing
    tag; None when the table is layout. Known elements (`parts`) among the pieces are taken apart where they have to be
    read."""
    rows: list[list[list[str]]] = []
    caption: list[str] = []
    linked = total = within_link = 0
    at, known = place + 2, KNOWN_TAGS
    while at < len(pieces):
        piece = pieces[at]
        tag = known.get(piece) or tag_of(piece)
        if tag.does == PART:
            if _lays_out(parts[piece]):
                return None
            take_all_apart(pieces, at, parts)
            continue
        if at - place > 2 * _MOST_PIECES:
            return None
        name = tag.name
        if name in _LAYOUT_SIGNS:
            break
        if tag.does == CLOSE:
            within_link -= name == "a"
        elif name == "tr":
            rows.append([])
        elif name in _CELLS:
            if not rows:
                rows.append([])
            rows[-1].append([])
        elif name == "a":
            within_link += 1
        elif tag.does == SKIP:
            at = after_element(pieces, at)
        elif name in _SPACED and rows and rows[-1]:
            rows[-1][-1].append(" ")
        text = pieces[at + 1]
        if text and not rows:
            caption.append(text_in(text))
        if text and rows and rows[-1]:
            text = text_in(text)
            rows[-1][-1].append(text)
            total += len(text.strip())
            linked += len(text.strip()) if within_link > 0 else 0
        at += 2
    if at >= len(pieces) or pieces[at] != "</table>":
        return None
    cells = _data(rows, linked, total)
    return (cells, clean("".join(caption)), at) if cells else None


def _lays_out(part: Part) -> bool:
    """Whether a known element holds a sign of layout, as the scan of a table would meet it."""
    if part.lays_out is None:
        pieces, at = part.pieces, 0
        while at < len(pieces) and (tag := tag_of(pieces[at])).name not in _LAYOUT_SIGNS:
            if tag.does == SKIP:
                at = after_element(pieces, at)
            at += 2
        part.lays_out = at < len(pieces)
    return part.lays_out


def _data(rows: list[list[list[str]]], linked: int, total: int) -> tuple[tuple[str, ...], ...] | None:
    cells = tuple(tuple(clean("".join(cell)) for cell in row) for row in rows if row)
    cells = tuple(row for row in cells if any(row))
    if len(cells) < 2 or max((len(row) for row in cells), default=0) < 2 or not total:
        return None
    filled = [cell for row in cells for cell in row if cell]
    several = sum(1 for row in cells if len([cell for cell in row if cell]) >= 2)
    if any(len(cell) > _LONGEST_CELL for cell in filled) or several < 2 or linked > total / 2:
        return None
    return cells
