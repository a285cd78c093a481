"""Tables of data, told from tables that only lay out a page. Pure.

A table is data when it has two rows and two columns of short text, no picture, form or table inside, and is not a list
of links. The scan stops at the first sign of layout, so that tables nested in tables cost no more than flat ones.
"""

from selectolax.lexbor import LexborNode

from scraper.extract.text import clean

_LAYOUT_SIGNS = frozenset(("table", "img", "form", "iframe", "video", "object", "h1", "h2", "input", "ul", "ol"))
_SILENT = frozenset(("script", "style", "noscript", "template", "-comment"))
_LONGEST_CELL = 1500  # characters
_MOST_NODES = 60_000


def data_rows(table: LexborNode) -> tuple[tuple[str, ...], ...] | None:
    """The cells of a table of data, row by row, header included; None when the table is layout."""
    rows: list[list[list[str]]] = []
    linked = total = 0
    for seen, node in enumerate(table.traverse(include_text=True), start=1):
        tag = node.tag
        if seen > _MOST_NODES or (tag in _LAYOUT_SIGNS and seen > 1):
            return None
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th"):
            if not rows:
                rows.append([])
            rows[-1].append([])
        elif tag == "-text":
            text = node.text_content or ""
            parent = node.parent
            if rows and rows[-1] and (parent is None or parent.tag not in _SILENT):
                rows[-1][-1].append(text)
                total += len(text.strip())
                linked += len(text.strip()) if parent is not None and parent.tag == "a" else 0
        elif rows and rows[-1] and tag in ("br", "p", "div", "li"):
            rows[-1][-1].append(" ")
    cells = tuple(tuple(clean("".join(cell)) for cell in row) for row in rows if row)
    cells = tuple(row for row in cells if any(row))
    if len(cells) < 2 or max((len(row) for row in cells), default=0) < 2 or not total:
        return None
    filled = [cell for row in cells for cell in row if cell]
    several = sum(1 for row in cells if len([cell for cell in row if cell]) >= 2)
    if any(len(cell) > _LONGEST_CELL for cell in filled) or several < 2 or linked > total / 2:
        return None
    return cells
