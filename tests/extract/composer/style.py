"""A markup as a set of choices that do not know of each other. Ten sets have names: tests/pages uses those.

`Style(seed=7)` is the plainest; `random_style(Random(7))` and `styles()` draw every choice anew. `settled` takes back
the few choices with which a careful reader of the page could no longer tell the truth, and says why.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from hypothesis import strategies as st

from composer.article import Paragraph, Picture, Row, Written

CHOICES: dict[str, tuple[Any, ...]] = {
    "doctype": ("html5", "xhtml", "none"),
    "case": ("lower", "upper", "mixed"),
    "quotes": ("double", "single", "none"),
    "charset": (
        "both",
        "header",
        "meta",
        "bom",
        "undeclared",
        "late",
        "utf-16",
        "1258 header",
        "1258 meta",
        "1258 late",
    ),
    "letters": ("plain", "nfd", "zero width", "named", "numeric", "nbsp", "spans", "wrapped", "marks", "smart tags"),
    "shell": ("divs", "tables", "center", "sections", "custom", "font", "bare", "form"),
    "depth": (0, 1, 2, 4, 7),
    "names": ("none", "hashed", "words", "ids"),
    "head_title": ("same", "suffix", "prefix", "site", "missing"),
    "title": ("h1", "h2", "h4", "div", "b", "p strong", "td", "font", "span"),
    "counter": ("div", "span pair", "italic", "p", "bold number", "same cell", "spaced"),
    "paragraph": (
        "p",
        "div",
        "br",
        "br lines",
        "spans",
        "word",
        "row",
        "unclosed",
        "section",
        "custom",
        "h5",
        "nested",
        "blockquote",
    ),
    "indent": ("", "nbsp", "ideographic", "style"),
    "blank": ("", "nbsp", "br", "empty", "newline", "div br"),
    "heading": ("h2", "h3", "bold", "underlined", "plain", "styled"),
    "item": ("ul", "typed", "ul unclosed", "ul p", "menu", "one paragraph"),
    "table": ("th", "td", "p in td", "sections", "unclosed", "divided"),
    "picture": ("same", "next", "above", "figure", "table", "cell", "outside", "box", "dl", "floated"),
    "picture_link": (False, True),
    "picture_src": ("root", "whole", "scheme", "lazy", "lazy original", "lazy noscript", "sources", "base"),
    "alt": ("empty", "constant", "missing"),
    "caption": ("plain", "em", "centred", "centred em", "nbsp", "small", "named", "bold"),
    "row": ("two rows", "cells", "figures"),
    "byline": ("right", "bold", "nbsp", "plain", "em", "two lines", "joined"),
    "again": ("p strong", "div", "h3", "centred", "font"),
    "clutter": ("none", "scripts", "comments", "hidden", "all", "leaking", "stray", "split"),
    "widgets": ("lists", "tables", "boxes"),
    "poll_closed": (True, False),
    "address": ("path", "whole"),
}


LINES = ("br", "br lines", "spans")
"""Ways of marking paragraphs in which nothing but <br> parts them."""


@dataclass(frozen=True)
class Style:
    seed: int = 0
    doctype: str = "html5"
    case: str = "lower"
    quotes: str = "double"
    charset: str = "both"
    letters: str = "plain"
    shell: str = "divs"
    depth: int = 1
    names: str = "words"
    head_title: str = "same"
    title: str = "h1"
    counter: str = "div"
    paragraph: str = "p"
    indent: str = ""
    blank: str = ""
    heading: str = "bold"
    item: str = "typed"
    table: str = "td"
    picture: str = "same"
    picture_link: bool = False
    picture_src: str = "root"
    alt: str = "empty"
    caption: str = "em"
    row: str = "two rows"
    byline: str = "bold"
    again: str = "p strong"
    clutter: str = "none"
    widgets: str = "lists"
    poll_closed: bool = False
    address: str = "path"


assert {one.name for one in fields(Style)} == {"seed", *CHOICES}


def styles() -> st.SearchStrategy[Style]:
    drawn = {name: st.sampled_from(options) for name, options in CHOICES.items()}
    return st.builds(Style, seed=st.integers(0, 10**6), **drawn)


def settled(style: Style, article: Written) -> Style:
    """The style, without choices that would leave the truth of this article undecidable."""
    captions = [one.caption for one in article.pictures]
    changes: dict[str, Any] = {}
    if style.picture == "above" and not _may_stand_above(article):
        # A caption above its picture shows only where every picture has one and prose follows each picture: else it
        # reads as the caption of the picture before it, or as a subtitle.
        changes["picture"] = "next"
    picture = changes.get("picture", style.picture)
    in_lines = style.paragraph in LINES
    apart = picture in ("next", "above", "outside") or (in_lines and picture in ("same", "floated"))
    unmarked = style.caption in ("plain", "named")  # the rules for a class name are in a style sheet nobody has
    if style.caption == "centred" and style.shell == "center":
        unmarked = True  # where all is centred, that marks nothing
    if apart and style.caption == "bold":
        # A short bold line in a paragraph of its own is a heading as much as a caption.
        changes["caption"] = "centred em"
    if picture == "above" and style.caption == "small":
        unmarked = True  # above a picture a smaller letter alone may as well be a subtitle
    if apart and unmarked and any(caption and caption.endswith(".") for caption in captions):
        # Unmarked and ending like any sentence, in a paragraph of its own: nothing tells it from the text.
        changes["caption"] = "centred em"
    if in_lines and unmarked and None in captions:
        # Lines parted by <br> only: where some pictures have captions and others none, a mark must tell which.
        changes["caption"] = "em"
    if in_lines and style.heading in ("plain", "h2", "h3"):
        # A plain short line between lines is no heading for anyone; and <h2> inside a run of lines parts it anew.
        changes["heading"] = "bold"
    return replace(style, **changes)


def _may_stand_above(article: Written) -> bool:
    if any(isinstance(block, Row) for block in article.blocks) or not all(one.caption for one in article.pictures):
        return False
    places = [n for n, block in enumerate(article.blocks) if isinstance(block, Picture)]
    last = len(article.blocks) - 1
    return all(0 < n < last and isinstance(article.blocks[n - 1], Paragraph) for n in places) and not any(
        n + 1 in places for n in places
    )


NAMED: dict[str, Style] = {
    "plain-p": Style(seed=1),
    "word": Style(
        seed=2, paragraph="word", letters="spans", quotes="none", names="ids", picture="next", caption="centred em",
        shell="form", blank="nbsp", byline="right", title="h2", counter="p", clutter="comments", doctype="xhtml",
        head_title="suffix", table="p in td", item="typed", indent="style",
    ),
    "old-tables": Style(
        seed=3, shell="tables", depth=4, names="none", case="upper", paragraph="br", indent="nbsp", picture="table",
        title="td", counter="same cell", widgets="tables", doctype="none", head_title="site", quotes="none",
        byline="nbsp", again="font", caption="centred em", picture_src="whole", alt="constant", address="whole",
    ),
    "modern": Style(
        seed=4, shell="sections", names="hashed", paragraph="p", picture="figure", heading="h2", item="ul",
        table="sections", widgets="boxes", poll_closed=True, picture_src="lazy", byline="em", counter="span pair",
        title="h1", clutter="scripts", head_title="prefix", again="h3", row="figures",
    ),
    "elements": Style(
        seed=5, shell="custom", names="hashed", paragraph="custom", picture="box", caption="named", heading="styled",
        item="ul unclosed", table="th", title="div", counter="bold number", clutter="all", picture_link=True,
        byline="plain", again="div", picture_src="lazy original", widgets="boxes", depth=7, row="cells",
    ),
    "centred": Style(
        seed=6, shell="center", names="none", paragraph="div", picture="outside", caption="nbsp", quotes="single",
        title="font", counter="italic", heading="underlined", again="centred", blank="br", byline="right",
        doctype="none", case="mixed", picture_src="scheme", head_title="missing", item="menu",
    ),
    "rows": Style(
        seed=7, shell="tables", depth=2, names="words", paragraph="row", picture="cell", caption="small", title="b",
        counter="spaced", widgets="tables", letters="nbsp", byline="two lines", heading="bold", table="td",
        indent="nbsp", alt="missing", row="cells",
    ),
    "unclosed": Style(
        seed=8, shell="font", depth=4, names="ids", paragraph="unclosed", picture="next", caption="plain",
        heading="h3", item="ul unclosed", table="unclosed", title="h4", counter="div", quotes="none", case="upper",
        blank="empty", byline="bold", letters="wrapped", doctype="none", charset="meta",
    ),
    "lines": Style(
        seed=9, shell="divs", depth=7, names="hashed", paragraph="br lines", picture="same", caption="em",
        title="span", counter="div", letters="numeric", heading="bold", byline="right", blank="",
        picture_src="base", clutter="hidden", again="centred",
    ),
    "spans": Style(
        seed=10, shell="bare", depth=0, names="none", paragraph="spans", picture="dl", caption="plain",
        title="p strong", counter="p", letters="named", heading="styled", table="divided", widgets="tables",
    ),
}  # fmt: skip
