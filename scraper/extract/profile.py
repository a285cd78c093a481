"""Selectors a user may set for a site whose pages the rules read wrongly: each overrides one field. Pure.

None is known to be needed for susta.vn. The first element that a selector matches is read like the rest of the
page, into lines; where it matches nothing the rules decide, as if it were not set.
"""

from dataclasses import dataclass, fields

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.extract.lines import LineKind, Lines
from scraper.extract.walk import body_of, read_lines


@dataclass(frozen=True, slots=True)
class Profile:
    """CSS selectors by field; "" leaves a field to the rules."""

    title: str = ""
    body: str = ""
    byline: str = ""
    date: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Picked:
    """What a profile's selectors picked on a page; None where nothing was."""

    title: str | None = None
    body: Lines | None = None
    byline: str | None = None
    date: str | None = None


def pick(tree: LexborHTMLParser, profile: Profile) -> Picked:
    """Applies a profile to a parsed page."""
    return Picked(
        title=_text(tree, profile.title),
        body=_lines(tree, profile.body),
        byline=_text(tree, profile.byline),
        date=_text(tree, profile.date),
    )


def is_selector(text: str) -> bool:
    """Whether a text is a CSS selector that can be applied."""
    try:
        LexborHTMLParser("<p>").css_first(text)
    except (SelectolaxError, ValueError):
        return False
    return True


def _lines(tree: LexborHTMLParser, selector: str) -> Lines | None:
    node = tree.css_first(selector) if selector else None
    if node is None:
        return None
    lines = read_lines(body_of(LexborHTMLParser(f"<body>{node.html or ''}")))
    return lines if lines.lines else None


def _text(tree: LexborHTMLParser, selector: str) -> str | None:
    lines = _lines(tree, selector)
    texts = [line.text for line in lines.lines if line.kind is LineKind.TEXT] if lines else []
    return " ".join(texts) or None
