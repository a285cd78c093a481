"""What a page asks of robots, in `<meta name="robots">` and `X-Robots-Tag`. Pure.

The words are those of the HTML standard's and Google's robots meta specification (there is no RFC): `noindex`,
`nofollow`, `none` (both), `noarchive` and Bing's `nocache` (keep no copy). A page may say several, for all robots or
for one by name; what is said for all and for us adds up, and the stricter wins. What each leads to here is in
docs/politeness.md. `noindex` and `unavailable_after` speak of what a search engine shows, and change nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.config import AGENT_NAME
from scraper.extract.page import Page

# `name: value` is a rule with a value where the name is one of these; any other name before a colon is a robot's.
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_ROBOT = re.compile(r"\s*([a-z][a-z0-9_.-]*)\s*:\s*(.*)", re.I | re.S)
_FOR_ALL = ("robots", "*")
_KEEP_NO_COPY = ("noarchive", "nocache")


@dataclass(frozen=True, slots=True)
class Directives:
    """What a page asks: `nofollow` and `noarchive` are where it says so (`meta robots: none`), or "" where it does
    not."""

    nofollow: str = ""
    noarchive: str = ""


def read_directives(page: Page | None, headers: Iterable[tuple[str, str]]) -> Directives:
    """What a page and the headers it came with ask of this crawler. `page` is None for what is not HTML."""
    said: list[tuple[str, str]] = []  # a word and where it stands
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            said += [(word, "X-Robots-Tag") for word in _words_of_header(value)]
    for name, content in _metas(page) if page is not None else ():
        said += [(word, f"meta {name}") for word in re.split(r"[\s,;]+", content.lower())]
    nofollow = next((f"{where}: {word}" for word, where in said if word in ("nofollow", "none")), "")
    noarchive = next((f"{where}: {word}" for word, where in said if word in _KEEP_NO_COPY), "")
    return Directives(nofollow, noarchive)


def _metas(page: Page) -> list[tuple[str, str]]:
    """The (name, content) of the page's metas for robots. The body is searched only where tags of a head stand in it,
    since looking through a whole tree costs as much as parsing it."""
    tree = page.outline
    nodes = tree.head.css("meta[name][content]") if tree.head is not None else []
    if page.lines.strays and tree.body is not None:
        nodes = nodes + tree.body.css("meta[name][content]")
    pairs = [
        ((node.attributes.get("name") or "").strip().lower(), node.attributes.get("content") or "") for node in nodes
    ]
    return [(name, content) for name, content in pairs if name in ("robots", AGENT_NAME)]


def _words_of_header(value: str) -> list[str]:
    """The words of one X-Robots-Tag header that are meant for us. A robot's name before a colon holds for the words
    after it, until the next name; a date has colons and commas of its own."""
    ours, words = True, []
    for piece in value.lower().split(","):
        named = _ROBOT.fullmatch(piece)
        if named and named[1] in _VALUED:
            continue
        if named:
            ours, piece = named[1] in (*_FOR_ALL, AGENT_NAME), named[2]
            if piece.strip().startswith(tuple(f"{name}:" for name in _VALUED)):
                continue
        if ours:
            words += piece.split()
    return words
