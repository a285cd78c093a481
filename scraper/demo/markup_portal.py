"""Markup 2: a portal product of the 2010s: nested div modules, generated names, inline styles, empty paragraphs, NBSP
in running text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import unquote

from scraper.demo.article import Article, BylineLines, Photo
from scraper.demo.markup import NBSP_RUN, QUESTION, Frame, Kind, Link, Markup, Row, choices

BLOCKS: dict[Kind, str] = {
    "text": '<p style="text-align:justify">{}</p>',
    "centre": '<p style="text-align:center">{}</p>\n<p>&nbsp;</p>',
    "title": '<p style="text-align:center"><strong><span style="font-size:16px">{}</span></strong></p>',
    "kicker": '<p style="text-align:center">{}</p>',
    "heading": '<p style="text-align:justify"><strong>{}</strong></p>',
    "top_byline": '<p style="text-align:right"><em>{}</em></p>',
    "end_byline": '<p>&nbsp;</p>\n<p style="text-align:right"><strong>{}</strong></p>\n<p>&nbsp;</p>',
}


class Portal(Markup):
    name = "portal"
    br = "<br />\n"

    def text(self, words: str) -> str:
        """Every eleventh space is a non-breaking one, as editors of such products leave them."""
        parts = super().text(words).split(" ")
        return parts[0] + "".join(
            ("&nbsp;" if place % 11 == 0 else " ") + part for place, part in enumerate(parts[1:], 1)
        )

    def article(self, item: Article, views: int) -> str:
        return f"""<div class="mod-3f9a" id="ctl00_{item.site_id}"><div class="mod-3f9a-in">
<div class="x-tit-71c">{self.text(item.title)}</div>
<div class="x-cnt-0d2"><span>Lượt xem: {views}</span></div>
<div class="x-bdy-e40"><div>
{self.body(item)}
</div></div></div></div>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def byline(self, byline: BylineLines) -> str:
        indent = NBSP_RUN if byline.indented else ""
        kind: Kind = "end_byline" if byline.at_end else "top_byline"
        return self.block(self.br.join(indent + self.text(line) for line in byline.lines), kind)

    def image(self, photo: Photo) -> str:
        src = unquote(photo.path) if "%E1" in photo.path else photo.path
        host = self.base if sum(photo.path.encode()) % 3 == 0 else ""
        return f'<img alt="{photo.alt}" src="{host}{src}" style="width:600px;height:400px" />'

    def figure(self, image: str, caption: str) -> str:
        return f'<figure class="x-fig-5b8">{image}<figcaption>{caption}</figcaption></figure>'

    def box(self, image: str, caption: str) -> str:
        return (
            '<table align="center" cellpadding="3" class="x-pic-9aa"><tbody>'
            f'<tr><td style="text-align:center">{image}</td></tr>'
            f'<tr><td style="text-align:center">{caption}</td></tr></tbody></table>'
        )

    def items(self, items: Sequence[str]) -> str:
        return (
            '<ul class="x-lst-77e">'
            + "".join(f'<li style="text-align:justify">{item}</li>' for item in items)
            + "</ul>"
        )

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        made = "".join(
            "<tr>"
            + "".join(
                f'<td style="border:1px solid"><p style="text-align:center">{self.text(cell)}</p></td>' for cell in row
            )
            + "</tr>\n"
            for row in rows
        )
        return f'<table border="1" cellspacing="0" style="width:100%"><tbody>\n{made}</tbody></table>\n<p>&nbsp;</p>'

    def entry(self, row: Row) -> str:
        thumb = f'<a href="{row.href}"><img src="{row.thumbnail}" alt=""></a>' if row.thumbnail else ""
        day = f'<span class="l-day-12f">({row.day})</span>' if row.day else ""
        return (
            f'<div class="l-itm-3e1">{thumb}<div class="l-ttl-55a">'
            f'<a href="{row.href}">{escape(row.title)}</a> {day}</div>'
            f'<div class="l-sum-8d0">{escape(row.summary)}</div></div>'
        )

    def panel(self, heading: str, html: str) -> str:
        return f'<div class="mod-91c"><div class="h-0aa">{escape(heading)}</div><div>{html}</div></div>'

    def section(self, heading: str, html: str) -> str:
        return f'<div class="w-4c2"><div class="w-4c2-h">{heading}</div><div class="w-4c2-b">{html}</div></div>'

    def links(self, links: Iterable[Link]) -> str:
        return (
            '<ul class="w-ul-d13">'
            + "".join(f'<li><a href="{escape(href)}">{escape(words)}</a></li>' for href, words in links)
            + "</ul>"
        )

    def lines(self, lines: Iterable[str]) -> str:
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"

    def poll(self) -> str:
        return choices(f"<div>{QUESTION}</div>", close=False)

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = " ".join(
            f'<div class="s-{place}b"><img src="{src}" alt="No title..."></div>'
            for place, src in enumerate(frame.banners)
        )
        adverts = "".join(
            f'<div class="a-6f0"><a href="{href}"><img src="{src}" alt="image advertisement"></a></div>'
            for href, src in frame.adverts
        )
        owner = "".join(f"<div>&nbsp;{escape(line, quote=False)}</div>" for line in frame.owner)
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{escape(title)}</title><link rel="canonical" href="{self.base}{path}" />
<style>.x-bdy-e40 p{{margin:6px 0}}</style></head>
<body><form method="post" action="{path}"><input type="hidden" name="__VIEWSTATE" value="dDwtMTI3OTMzNDM4NDs7Pg==" />
<div class="r-top-2a"><a href="/"><img src="/giao-dien/logo.png" alt="" /></a>{slides}</div>
<div class="r-adv">{adverts}</div>
<div class="r-mid">{inner}</div></form>
<div class="r-sid">{self.sections(frame)}
<div class="r-ban"><img src="{frame.footer_banner}" alt="image banner" /></div><div class="r-own">{owner}</div></div>
<script>var trang = {{"id": 1, "tieuDe": "không phải nội dung bài"}};</script></body></html>"""
