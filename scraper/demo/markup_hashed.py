"""Markup 5: a compiled front end: div and span only, machine-made names, the title in a span, no paragraph anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import unquote

from scraper.demo.article import Article, Photo
from scraper.demo.markup import QUESTION, Frame, Kind, Link, Markup, Row

BLOCKS: dict[Kind, str] = {
    "text": '<div class="_1kQz">{}</div>',
    "centre": '<div class="_1kQz _c9Rt">{}</div>',
    "title": '<div class="_c9Rt"><b>{}</b></div>',
    "kicker": '<div class="_7mWd">{}</div>',
    "heading": '<div class="_1kQz"><b>{}</b></div>',
    "top_byline": '<div class="_b4Xe">{}</div>',
    "end_byline": '<div class="_1kQz _rT02">{}</div>',
}


class Hashed(Markup):
    name = "hashed"

    def article(self, item: Article, views: int) -> str:
        return f"""<div class="_9vLp" data-k="{item.site_id}"><div class="_t0Ja"><span>{self.text(item.title)}</span>
</div>
<div class="_u3Hs"><span>Lượt xem:</span> <span>{views}</span></div>
<div class="_k8Gy">{self.body(item)}</div></div>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def image(self, photo: Photo) -> str:
        src = unquote(photo.path) if "%E1" in photo.path else photo.path
        return f'<img class="_i5Nn" src="{self.base}{src}" alt="{photo.alt}" decoding="async">'

    def figure(self, image: str, caption: str) -> str:
        return f'<div class="_f1Zd"><div>{image}</div><div class="_f2Zd"><span>{caption}</span></div></div>'

    def box(self, image: str, caption: str) -> str:
        return f'<table class="_p6Ko"><tr><td>{image}</td></tr><tr><td>{caption}</td></tr></table>'

    def items(self, items: Sequence[str]) -> str:
        return (
            '<div class="_l2Yv" role="list">'
            + "".join(f'<div role="listitem"><span>{item}</span></div>' for item in items)
            + "</div>"
        )

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        made = "".join(
            "<tr>" + "".join(f"<td><span>{self.text(cell)}</span></td>" for cell in row) + "</tr>" for row in rows
        )
        return f'<div class="_w7Bq"><table>{made}</table></div>'

    def entry(self, row: Row) -> str:
        thumb = f'<img src="{row.thumbnail}" alt="">' if row.thumbnail else ""
        day = f'<span class="_d3Aa">{row.day}</span>' if row.day else ""
        link = f'<a href="{row.href}">{thumb}<span>{self.text(row.title)}</span></a>'
        return f'<div class="_e1Ff">{link}{day}<span>{self.text(row.summary)}</span></div>'

    def panel(self, heading: str, html: str) -> str:
        return f'<div class="_g4Ss"><div><span>{self.text(heading)}</span></div><div>{html}</div></div>'

    def section(self, heading: str, html: str) -> str:
        return f'<div class="_s5Tt"><div class="_s6Tt"><span>{heading}</span></div><div>{html}</div></div>'

    def links(self, links: Iterable[Link]) -> str:
        return "".join(
            f'<div class="_n7Uu"><a href="{escape(href)}"><span>{self.text(words)}</span></a></div>'
            for href, words in links
        )

    def lines(self, lines: Iterable[str]) -> str:
        return "".join(f"<div><span>{line}</span></div>" for line in lines)

    def poll(self) -> str:
        return (
            f'<div>{QUESTION}</div><div><a href="/binh-chon"><span>Bình chọn</span></a> '
            '<a href="/binh-chon?ket-qua=1"><span>Xem kết quả</span></a></div>'
        )

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = "".join(f'<div><img src="{src}" alt="No title..."></div>' for src in frame.banners)
        adverts = "".join(
            f'<div><a href="{href}"><img src="{src}" alt="image advertisement"></a></div>'
            for href, src in frame.adverts
        )
        owner = "".join(f"<div><span>{self.text(line)}</span></div>" for line in frame.owner)
        return f"""<!doctype html><html><head><meta charset="utf-8"><title>Liên hiệp hội Sơn La</title>
<style>._c9Rt{{text-align:center}}</style></head>
<body><div id="app"><div class="_h8Vv"><a href="/"><img src="/giao-dien/logo.png" alt=""></a>{slides}</div>
<div class="_h9Vv">{adverts}</div>
<div class="_m0Ww">{inner}</div><div class="_a1Xx">{self.sections(frame)}</div>
<div class="_o2Yy"><img src="{frame.footer_banner}" alt="image banner">{owner}</div></div><noscript>&nbsp;</noscript>
</body></html>"""
