"""How a piece of the body is marked up: running text, lists, poems, tables, links, bylines, titles said again."""

from itertools import groupby

from composer.article import (
    Again,
    Block,
    Byline,
    Fixed,
    Heading,
    Item,
    Link,
    Paragraph,
    Picture,
    Poem,
    Row,
    Table,
    Where,
    Written,
)
from composer.letters import escaped, spell
from composer.pictures import image, photo, photo_row
from composer.style import LINES
from composer.tags import Tags

_BLANKS = {
    "": "",
    "nbsp": "<p>&nbsp;</p>",
    "br": "<br>",
    "empty": "<p></p>",
    "newline": "\n\n",
    "div br": "<div><br></div>",
}


def words(text: str, tags: Tags) -> str:
    return spell(text, tags.style, tags.chance)


def paragraph(inner: str, tags: Tags, align: str | None = None) -> str:
    """One piece of running text, in this style's way."""
    style = tags.style
    indent = {"nbsp": "&nbsp;" * 5, "ideographic": "\u3000"}.get(style.indent, "") if align is None else ""
    inner = indent + inner
    css = "text-indent: 1cm; text-align: justify" if style.indent == "style" and align is None else None
    match style.paragraph:
        case "nested":
            text = tags.wrap("p", inner, align=align)
            for _ in range(tags.chance.choice((1, 1, 2, 3))):
                text = tags.named("div", text)
            return text
        case "div" | "section" | "h5" | "blockquote":
            return tags.wrap(style.paragraph, inner, align=align, style=css)
        case "custom":
            return tags.wrap("x-dong", inner)
        case "br":
            return _aligned(inner, tags, align) or inner + tags.open("br") * 2
        case "br lines":
            return _aligned(inner, tags, align) or inner + tags.open("br")
        case "spans":
            return _aligned(inner, tags, align) or tags.wrap("span", inner) + tags.open("br")
        case "word":
            text = f"<span style='font-size:14.0pt;mso-fareast-language:VI'>{inner}<o:p></o:p></span>"
            return tags.wrap("p", text, klass="MsoNormal", align=align, style="margin:6.0pt 0cm;mso-pagination:none")
        case "row":
            return tags.wrap("tr", tags.wrap("td", inner, align=align))
        case "unclosed":
            return tags.open("p", align=align, style=css) + inner + "\n"
    return tags.wrap("p", inner, align=align, style=css)


def _aligned(inner: str, tags: Tags, align: str | None) -> str:
    """Among lines parted by <br>, a line that stands elsewhere is a block of its own."""
    return tags.wrap("div", inner, align=align) if align else ""


def heading(block: Heading, tags: Tags) -> str:
    text, style = words(block.text, tags), tags.style
    if style.paragraph in ("row",) and style.heading in ("h2", "h3"):
        return tags.wrap("tr", tags.wrap("td", tags.wrap(style.heading, text)))
    if style.heading in ("h2", "h3"):
        return tags.wrap(style.heading, text)
    marked = {
        "bold": tags.wrap("b", text),
        "underlined": tags.wrap("u", tags.wrap("strong", text)),
        "styled": tags.wrap("span", text, style="font-weight: bold"),
    }.get(style.heading, text)
    return paragraph(marked, tags)


def _breakout(inner: str, tags: Tags) -> str:
    """A block that is no paragraph, where it may stand."""
    return tags.wrap("tr", tags.wrap("td", inner)) if tags.style.paragraph == "row" else inner


def items(run: list[Item], tags: Tags) -> str:
    style = tags.style
    if style.item == "typed":
        return "".join(paragraph(escaped(one.bullet) + " " + words(one.text, tags), tags) for one in run)
    close = "" if style.item == "ul unclosed" else tags.close("li")
    texts = [words(one.text, tags) for one in run]
    if style.item == "one paragraph":
        typed = [escaped(one.bullet) + " " + text for one, text in zip(run, texts, strict=True)]
        return paragraph(tags.open("br").join(typed), tags)
    if style.item == "ul p":
        texts = [tags.wrap("p", text) for text in texts]
    inner = "".join(tags.open("li") + text + close for text in texts)
    return _breakout(tags.wrap("menu" if style.item == "menu" else "ul", inner), tags)


def poem(block: Poem, tags: Tags) -> str:
    """Lines parted by <br>; in a style of lines these are lines like others."""
    return paragraph(tags.wrap("i", tags.open("br").join(words(line, tags) for line in block.lines)), tags)


def table(block: Table, tags: Tags) -> str:
    form = tags.style.table
    rows = []
    for n, row in enumerate(block.rows):
        name = "th" if n == 0 and form in ("th", "sections") else "td"
        cells = [words(cell, tags) or "&nbsp;" for cell in row]
        if form == "p in td":
            cells = [tags.wrap("p", cell, klass="MsoNormal") for cell in cells]
        elif form == "divided":
            cells = [tags.wrap("div", tags.wrap("b" if n == 0 else "span", cell)) for cell in cells]
        if form == "unclosed":
            rows.append(tags.open("tr") + "".join(tags.open(name) + cell for cell in cells))
        else:
            rows.append(tags.wrap("tr", "".join(tags.wrap(name, cell) for cell in cells)))
    inner = "".join(rows)
    if form == "sections":
        inner = tags.wrap("thead", rows[0]) + tags.wrap("tbody", "".join(rows[1:]))
    return _breakout(tags.wrap("table", inner, border="1"), tags)


def link(block: Link, tags: Tags) -> str:
    href = block.url if tags.style.picture_src == "whole" else block.href
    return paragraph(tags.wrap("a", words(block.label, tags), href=href), tags, align="left")


def byline(block: Byline, tags: Tags) -> str:
    lines = [words(line, tags) for line in (block.line, block.affiliation) if line]
    style = tags.style
    marks = {"bold": "b", "right": "strong", "nbsp": "b", "em": "em", "two lines": "b"}
    if style.byline in marks:
        lines = [tags.wrap(marks[style.byline], line) for line in lines]
    if style.byline == "nbsp":
        lines = ["&nbsp;" * 30 + line for line in lines]
    if style.byline == "two lines":
        lines = [tags.open("br").join(lines)]
    align = "right" if style.byline in ("right", "two lines") else "left" if style.paragraph in LINES else None
    return "".join(paragraph(line, tags, align=align) for line in lines)


def again(article: Written, tags: Tags) -> str:
    """The title said once more at the top of the body, in its own way, and what stands before it."""
    title, capitals = article.title, article.title.upper()
    said = title.split(" ")
    cut = article.cut or (len(said) + 1) // 2
    halves = [" ".join(said[:cut]).upper(), " ".join(said[cut:]).upper()]
    br = tags.open("br")
    match article.again:
        case Again.NONE:
            return ""
        case Again.SAME:
            return _shown(words(title, tags), tags)
        case Again.CAPITALS:
            return _shown(words(capitals, tags), tags)
        case Again.TWO_LINES:
            return _shown(br.join(words(half, tags) for half in halves), tags)
        case Again.TWO_PARAGRAPHS:
            return "".join(_shown(words(half, tags), tags) for half in halves)
        case Again.FULL_STOP:
            return _shown(words(title + ".", tags), tags)
        case Again.TWICE:
            return paragraph(words(title, tags), tags, align="left") + _shown(words(capitals, tags), tags)
        case Again.SHORTENED:
            return _shown(words(article.shortened.upper(), tags), tags)
        case Again.GLUED:
            return _shown(words(article.kicker or "", tags) + words(capitals, tags), tags)
        case Again.AFTER_KICKER:
            return paragraph(words(article.kicker or "", tags), tags, align="center") + _shown(
                words(capitals, tags), tags
            )
        case Again.AFTER_ORGANISATION:
            return _shown(words(article.organisation, tags), tags) + _shown(words(capitals, tags), tags)


def _shown(inner: str, tags: Tags) -> str:
    match tags.style.again:
        case "h3":
            return _breakout(tags.wrap("h3", inner), tags)
        case "div":
            return _breakout(tags.wrap("div", tags.wrap("b", inner)), tags)
        case "centred":
            return _breakout(tags.wrap("center", tags.wrap("b", inner)), tags)
        case "font":
            inner = tags.wrap("font", tags.wrap("b", inner), size="4")
            return paragraph(inner, tags, align="center")
    return paragraph(tags.wrap("strong", inner), tags, align="center")


def body(article: Written, tags: Tags) -> str:
    """All between the counter and the widgets."""
    pieces = [again(article, tags)]
    if article.byline and article.byline.where is Where.TOP:
        pieces.append(byline(article.byline, tags))
    blocks = list(article.blocks)
    signed = article.byline if article.byline and article.byline.where is Where.END else None
    joined = signed and tags.style.byline == "joined" and isinstance(blocks[-1], Paragraph)
    last = blocks.pop() if joined else None
    for kind, group in groupby(_floated(blocks, tags), type):
        run = list(group)
        if kind is Item:
            pieces.append(items([one for one in run if isinstance(one, Item)], tags))
        else:
            pieces += [_block(one, tags) for one in run]
    if signed and isinstance(last, Paragraph):  # the name on a line of its own in the last paragraph
        lines = [last.text, signed.line, *([signed.affiliation] if signed.affiliation else [])]
        pieces.append(paragraph(tags.open("br").join(words(line, tags) for line in lines), tags))
    elif signed:
        pieces.append(byline(signed, tags))
    pieces = [piece for piece in pieces if piece]
    blank = _BLANKS[tags.style.blank]
    if tags.style.paragraph == "row":  # between rows nothing but rows may stand
        blank = "<tr><td>&nbsp;</td></tr>" if tags.style.blank == "nbsp" else ""
    if tags.style.clutter == "stray" and tags.style.paragraph != "row":
        blank += "</span></font>"
    done = [piece + (blank if tags.chance.random() < 0.4 else "\n") for piece in pieces]
    html = "".join(done)
    if tags.style.paragraph == "row":
        return tags.wrap("table", html, width="100%", border="0")
    if tags.style.clutter == "split":  # as if the summary had a slot of its own
        return tags.named("div", "".join(done[:2])) + tags.named("div", "".join(done[2:]))
    if tags.style.clutter == "leaking":  # never closed, so all that follows is bold
        return tags.open("b") + html
    return html


def _floated(blocks: list[Block], tags: Tags) -> list[Block]:
    """A picture without a caption at the head of the paragraph that follows it, in a style that floats pictures."""
    if tags.style.picture != "floated" or tags.style.paragraph in LINES:
        return blocks
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, Paragraph) and isinstance(before, Picture) and before.caption is None:
            shown = paragraph(image(before, tags) + words(block.text, tags), tags, align="left")
            found[-1] = Fixed(shown, (block.text,), (before,))
        else:
            found.append(block)
    return found


def _block(block: Block, tags: Tags) -> str:
    match block:
        case Paragraph():
            return paragraph(words(block.text, tags), tags)
        case Heading():
            return heading(block, tags)
        case Poem():
            return poem(block, tags)
        case Table():
            return table(block, tags)
        case Picture():
            return _breakout_picture(photo(block, tags), tags)
        case Row():
            return _breakout(photo_row(block, tags), tags)
        case Link():
            return link(block, tags)
        case Fixed():
            row = tags.style.paragraph == "row" and block.html[:3].lower() == "<tr"
            return block.html if row else _breakout(block.html, tags)
        case Item():
            return items([block], tags)


def _breakout_picture(drawn: str, tags: Tags) -> str:
    grouped = tags.style.picture in ("figure", "table", "cell", "box", "dl")
    return _breakout(drawn, tags) if grouped else drawn
