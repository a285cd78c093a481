"""Markup 3: layout tables and font tags of the early 2000s; running text without paragraphs, parted by two line
breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from scraper.demo.article import Article, Photo
from scraper.demo.markup import QUESTION, Frame, Kind, Link, Markup, Row, choices

BLOCKS: dict[Kind, str] = {
    "text": "{}<br><br>",
    "centre": "<center>{}</center><br>",
    "title": "<center><b>{}</b></center><br>",
    "kicker": "<center>{}</center><br>",
    "heading": "<b>{}</b><br><br>",
    "top_byline": '<div align="right"><b>{}</b></div><br>',
    "end_byline": '<div align="right"><b>{}</b></div>',
}


class Tables(Markup):
    name = "tables"

    def article(self, item: Article, views: int) -> str:
        return f"""<table width="100%" border="0" cellspacing="0" cellpadding="4">
<tr><td><font face="Arial" size="4" color="#990000"><b>{self.text(item.title)}</b></font></td></tr>
<tr><td align="right"><font size="1" color="gray">Lượt xem: {views}</font></td></tr>
<tr><td align="justify"><font face="Times New Roman" size="3">
{self.body(item)}
</font></td></tr></table>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def typed_items(self, items: Sequence[str]) -> str:
        return "<br>\n".join("- " + self.text(item) for item in items) + "<br><br>"

    def image(self, photo: Photo) -> str:
        return f'<img src="{photo.path}" border="0" width="450" alt="{photo.alt}">'

    def figure(self, image: str, caption: str) -> str:
        return (
            f'<table align="center" border="0" width="460"><tr><td align="center">{image}</td></tr>'
            f'<tr><td align="center"><font size="2"><i>{caption}</i></font></td></tr></table><br>'
        )

    def box(self, image: str, caption: str) -> str:
        return f'<table align="center" border="0"><tr><td>{image}</td></tr><tr><td>{caption}</td></tr></table><br>'

    def items(self, items: Sequence[str]) -> str:
        return "<ul>" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        made = "".join(
            "<tr>" + "".join(f'<td><font size="2">{self.text(cell)}</font></td>' for cell in row) + "</tr>\n"
            for row in rows
        )
        return f'<table border="1" width="90%" align="center" cellpadding="3">\n{made}</table><br>'

    def entry(self, row: Row) -> str:
        thumb = f'<img src="{row.thumbnail}" width="120" align="left" hspace="5">' if row.thumbnail else ""
        day = f'<font size="1" color="gray">{row.day}</font>' if row.day else ""
        return f"""<tr><td>{thumb}<a href="{row.href}"><font size="3"><b>{self.text(row.title)}</b></font></a> {day}<br>
<font size="2">{self.text(row.summary)}</font><hr size="1"></td></tr>"""

    def panel(self, heading: str, html: str) -> str:
        return f"""<table width="100%"><tr><td bgcolor="#eeeeee"><font size="4"><b>{self.text(heading)}</b></font>
</td></tr>
{html if html.startswith("<tr>") else f"<tr><td>{html}</td></tr>"}</table>"""

    def numbers(self, links: Sequence[Link], current: int) -> str:
        return f'<tr><td align="center">{super().numbers(links, current)}</td></tr>'

    def section(self, heading: str, html: str) -> str:
        head = f'<td bgcolor="#003399"><font color="white"><b>{heading}</b></font></td>'
        return f'<table width="100%" border="0"><tr>{head}</tr><tr><td>{html}</td></tr></table>'

    def links(self, links: Iterable[Link]) -> str:
        return "\n".join(
            f'<img src="/giao-dien/cham.png" width="6"> <a href="{escape(href)}">{self.text(words)}</a><br>'
            for href, words in links
        )

    def lines(self, lines: Iterable[str]) -> str:
        return "<br>".join(lines)

    def poll(self) -> str:
        return choices(QUESTION, close=False)

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = "".join(f'<td><img src="{src}" alt="No title..."></td>' for src in frame.banners)
        adverts = "<br>".join(
            f'<a href="{href}"><img src="{src}" border="0" alt="image advertisement"></a>'
            for href, src in frame.adverts
        )
        owner = "<br>".join(self.text(line) for line in frame.owner)
        return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Trang thông tin điện tử</title>
</head>
<body bgcolor="#ffffff" topmargin="0"><table width="980" align="center" border="0">
<tr><td colspan="2"><a href="/"><img src="/giao-dien/logo.png" border="0"></a><table><tr>{slides}</tr></table></td></tr>
<tr><td colspan="2">{adverts}</td></tr>
<tr valign="top"><td width="700">
{inner}
</td><td width="280">{self.sections(frame)}</td></tr>
<tr><td colspan="2" align="center"><img src="{frame.footer_banner}" alt="image banner"><br>
<font size="2">{owner}</font></td></tr>
</table></body></html>"""
