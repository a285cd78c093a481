"""Markup 4: text pasted from a word processor: MsoNormal, o:p, conditional comments, words cut in two by language
spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from zlib import crc32

from scraper.demo.article import Article, Photo
from scraper.demo.markup import QUESTION, Frame, Kind, Link, Markup, Row, choices

STYLE = "margin-bottom:6.0pt;text-align:justify;line-height:115%"
FONT = "font-size:13.0pt;font-family:&quot;Times New Roman&quot;,serif"
RIGHT = "<p class=MsoNormal align=right style='text-align:right'>"
EMPTY = "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
BLOCKS: dict[Kind, str] = {
    "text": f"<p class=\"MsoNormal\" style='{STYLE}'><span style='{FONT}'>{{}}<o:p></o:p></span></p>",
    "centre": f"<p class=MsoNormal align=center><span style='{FONT}'>{{}}<o:p></o:p></span></p>",
    "title": "<p class=MsoTitle align=center style='text-align:center'><b><span>{}<o:p></o:p></span></b></p>",
    "kicker": "<p class=MsoNormal align=center><span style='font-size:12.0pt'>{}</span></p>",
    "heading": f"<p class=MsoNormal style='{STYLE}'><b><span style='{FONT}'>{{}}<o:p></o:p></span></b></p>",
    "top_byline": f"{RIGHT}<b><i><span>{{}}<o:p></o:p></span></i></b></p>",
    "end_byline": f"{EMPTY}\n{RIGHT}<b><span>{{}}<o:p></o:p></span></b></p>",
}


class Word(Markup):
    name = "word"

    def text(self, words: str) -> str:
        return " ".join(cut(word) for word in super().text(words).split(" "))

    def article(self, item: Article, views: int) -> str:
        return f"""<div id="chitiet"><h2 class="contentheading">{escape(item.title, quote=False)}</h2>
<div class="hits"><small>Lượt xem: {views}</small></div>
<div class="WordSection1"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml>
<![endif]-->
{self.body(item)}
<p class=MsoNormal><o:p>&nbsp;</o:p></p></div></div>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def image(self, photo: Photo) -> str:
        return (
            '<!--[if gte vml 1]><v:shape id="_x0000_i1026"></v:shape><![endif]--><![if !vml]>'
            f'<img width=624 height=416 src="{photo.path}" '
            f'alt="{photo.alt}" v:shapes="_x0000_i1026"><![endif]>'
        )

    def figure(self, image: str, caption: str) -> str:
        return self.box(image, f"<i>{caption}</i>")

    def box(self, image: str, caption: str) -> str:
        return (
            "<table class=MsoTableGrid border=0 cellspacing=0 align=center>"
            f"<tr><td width=640 valign=top>{self.block(image, 'centre')}</td></tr>"
            f"<tr><td width=640 valign=top>{self.block(caption, 'centre')}</td></tr></table>\n{EMPTY}"
        )

    def items(self, items: Sequence[str]) -> str:
        made = "".join(
            f"<li class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>{item}<o:p></o:p></span></li>\n"
            for item in items
        )
        return f"<ul style='margin-top:0cm' type=disc>\n{made}</ul>"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        cell = "<td valign=top style='border:solid 1.0pt'><p class=MsoNormal><span>{}<o:p></o:p></span></p></td>"
        made = "".join("<tr>" + "".join(cell.format(self.text(words)) for words in row) + "</tr>\n" for row in rows)
        return f"<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0>\n{made}</table>"

    def entry(self, row: Row) -> str:
        thumb = f'<img class="fl" src="{row.thumbnail}" alt="">' if row.thumbnail else ""
        day = f"<span class=createdate>{row.day}</span>" if row.day else ""
        title, summary = escape(row.title, quote=False), escape(row.summary, quote=False)
        link = f'<a class="catlink" href="{self.base}{row.href}">{title}</a>'
        return f'<li class="catrow">{day} {link}{thumb}<div>{summary}</div></li>'

    def panel(self, heading: str, html: str) -> str:
        head = f'<h2 class="componentheading">{escape(heading)}</h2>'
        return f'<div class="component">{head}<ul class="blog">{html}</ul></div>'

    def section(self, heading: str, html: str) -> str:
        return f'<div class="moduletable"><h3>{heading}</h3>{html}</div>'

    def links(self, links: Iterable[Link]) -> str:
        return (
            '<ul class="latest">'
            + "".join(f'<li><a href="{escape(href)}">{escape(words)}</a></li>' for href, words in links)
            + "</ul>"
        )

    def lines(self, lines: Iterable[str]) -> str:
        return "".join(f"<div>{line}</div>" for line in lines)

    def poll(self) -> str:
        return choices(f"<strong>{QUESTION}</strong>", close=True)

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = "".join(f'<li><img src="{src}" alt="No title..."></li>' for src in frame.banners)
        adverts = "".join(
            f'<a href="{href}"><img src="{src}" alt="image advertisement"></a>' for href, src in frame.adverts
        )
        owner = "".join(f"<p align=center>{escape(line, quote=False)}</p>" for line in frame.owner)
        return f"""<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>{escape(title)}</title></head>
<body id="shadow"><div id="wrap">
<div id="logo"><a href="{self.base}/"><img src="/giao-dien/logo.png" alt=""></a></div><ul id="slider">{slides}</ul>
<div id="adv">{adverts}</div>
<div id="main">{inner}
<p><a href="{escape(path)}?print=1" rel="nofollow"><img src="/giao-dien/in.png" alt="" title="In trang"></a></p></div>
<div id="right">{self.sections(frame)}</div>
<div id="foot"><img src="{frame.footer_banner}" alt="image banner">{owner}</div></div></body></html>"""


def cut(word: str) -> str:
    """A few words, always the same ones, fall into two runs."""
    if len(word) < 4 or not word.isalpha() or crc32(word.encode()) % 9:
        return word
    return f'{word[:2]}<span lang=VI style="mso-bidi-font-weight:bold">{word[2:]}</span>'
