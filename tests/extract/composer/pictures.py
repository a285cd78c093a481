"""How a picture and its caption are arranged."""

from urllib.parse import quote

from composer.article import SITE, Picture, Row
from composer.letters import spell
from composer.style import LINES, Style
from composer.tags import Tags

_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def image(picture: Picture, tags: Tags) -> str:
    style = tags.style
    whole = picture.url
    path = picture.path
    if style.charset.startswith("1258"):  # its letters are two characters each, which would be another address
        path, whole = quote(path, safe="/:%()"), quote(whole, safe="/:%()")
    if style.picture_src in ("whole", "lazy original") or path.startswith("https:"):
        path = whole
    if style.picture_src == "scheme":
        path = whole.removeprefix("https:")
    elif style.picture_src == "base" and path.startswith("/"):
        path = path.removeprefix("/")  # the page's <base> is the site's root
    alt = {"empty": "", "constant": "anh tin bai", "missing": None}[style.alt]
    if style.picture_src == "lazy":
        drawn = tags.open("img", src=_NOTHING, data_src=path, alt=alt, loading="lazy")
    elif style.picture_src == "lazy original":
        drawn = tags.open("img", klass="lazy", data_original=path, alt=alt)
    elif style.picture_src == "lazy noscript":
        drawn = tags.open("img", src=_NOTHING, data_src=path, alt=alt)
        drawn += tags.wrap("noscript", tags.open("img", src=path, alt=alt))
    elif style.picture_src == "sources":
        drawn = tags.open("source", srcset=path, type="image/jpeg") + tags.open("img", src=path, alt=alt)
        drawn = tags.wrap("picture", drawn)
    else:
        drawn = tags.open("img", src=path, alt=alt, width="600", border="0")
    return tags.wrap("a", drawn, href=path, target="_blank") if style.picture_link else drawn


def caption_words(text: str, tags: Tags) -> str:
    """A caption with the mark this style gives it inside a line."""
    words = spell(text, tags.style, tags.chance)
    match tags.style.caption:
        case "em" | "centred em":
            return tags.wrap(tags.chance.choice(("em", "i")), words)
        case "nbsp":
            return "&nbsp;" * 24 + words
        case "small":
            return tags.wrap("font", words, size="2")
        case "bold":
            return tags.wrap("b", words)
        case "named":
            return tags.wrap("span", words, klass=f"c{tags.chance.randrange(999)}")
    return words


def _caption_attributes(style: Style) -> dict[str, str | None]:
    return {"align": "center"} if style.caption in ("centred", "centred em") else {}


def photo(picture: Picture, tags: Tags) -> str:
    """The picture with its caption, as one or more pieces of the body."""
    style, drawn = tags.style, image(picture, tags)
    words = picture.caption and caption_words(picture.caption, tags)
    extra = _caption_attributes(style)
    match style.picture:
        case "figure":
            below = tags.wrap("figcaption", words) if words else ""
            return tags.wrap("figure", drawn + below)
        case "table":
            rows = [drawn, *([words] if words else [])]
            cells = "".join(tags.wrap("tr", tags.wrap("td", cell, align="center")) for cell in rows)
            return tags.wrap("table", cells, width="500", align="center")
        case "cell":
            inner = drawn + (tags.open("br") + words if words else "")
            return tags.wrap("table", tags.wrap("tr", tags.wrap("td", inner)), border="0")
        case "box":
            return tags.named("div", drawn + (tags.wrap("p", words, **extra) if words else ""))
        case "dl":
            return tags.wrap("dl", tags.wrap("dt", drawn) + (tags.wrap("dd", words) if words else ""))
    if style.paragraph in LINES:
        return _in_lines(drawn, words, tags)
    pieces = [_piece(drawn, tags)]
    if style.picture in ("same", "floated") and words:
        pieces = [_piece(drawn + tags.open("br") + words, tags, **extra)]
    elif style.picture == "outside":
        pieces = [_piece(drawn, tags) if style.paragraph == "row" else drawn]
    if words and style.picture not in ("same", "floated"):
        pieces.append(_piece(words, tags, **extra))
    return "".join(reversed(pieces) if style.picture == "above" else pieces)


def _in_lines(drawn: str, words: str | None, tags: Tags) -> str:
    """Picture and caption as two lines, the caption centred by a block only where it is to be centred."""
    gap = tags.open("br")
    if words and tags.style.caption in ("centred", "centred em"):
        words = tags.wrap("div", words, align="center")
        return words + drawn + gap * 2 if tags.style.picture == "above" else drawn + words
    order = [drawn, *([words] if words else [])]
    if tags.style.picture == "above":
        order.reverse()
    return gap.join(order) + gap * 2


def _piece(inner: str, tags: Tags, **extra: str | None) -> str:
    if tags.style.paragraph == "row":
        return tags.wrap("tr", tags.wrap("td", inner, **extra))
    if tags.style.paragraph == "unclosed":
        return tags.open("p", **extra) + inner
    name = {"div": "div", "custom": "x-dong", "section": "section"}.get(tags.style.paragraph, "p")
    return tags.wrap(name, inner, **extra)


def photo_row(row: Row, tags: Tags) -> str:
    """Pictures side by side, each over its own caption."""
    pairs = [(image(one, tags), caption_words(one.caption or "", tags)) for one in row.pictures]
    if tags.style.row == "figures":
        return tags.named("div", "".join(tags.wrap("figure", a + tags.wrap("figcaption", b)) for a, b in pairs))
    if tags.style.row == "cells":
        cells = "".join(tags.wrap("td", a + tags.open("br") + b) for a, b in pairs)
        return tags.wrap("table", tags.wrap("tr", cells))
    upper = "".join(tags.wrap("td", a) for a, _ in pairs)
    lower = "".join(tags.wrap("td", b) for _, b in pairs)
    return tags.wrap("table", tags.wrap("tr", upper) + tags.wrap("tr", lower))


def base_of(style: Style) -> str:
    return f'<base href="{SITE}/">' if style.picture_src == "base" else ""
