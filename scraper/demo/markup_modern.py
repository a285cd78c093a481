"""Markup 1: a present-day page in HTML5, with article, h1 and figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from scraper.demo.article import Article, Photo
from scraper.demo.markup import QUESTION, Frame, Kind, Link, Markup, Row, choices

BLOCKS: dict[Kind, str] = {
    "text": "<p>{}</p>",
    "centre": '<p class="u-center">{}</p>',
    "title": "<p><strong>{}</strong></p>",
    "kicker": '<p class="u-kicker">{}</p>',
    "heading": "<h2>{}</h2>",
    "top_byline": "<p><strong>{}</strong></p>",
    "end_byline": '<p class="u-right"><strong>{}</strong></p>',
}


class Modern(Markup):
    name = "modern"

    def article(self, item: Article, views: int) -> str:
        return f"""<article class="post">
<header class="post__head"><h1 class="post__title">{self.text(item.title)}</h1>
<p class="post__views">Lượt xem: {views}</p></header>
<div class="post__text">
{self.body(item)}
</div>
</article>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def image(self, photo: Photo) -> str:
        return f'<img src="{photo.path}" alt="{photo.alt}" loading="lazy" width="640">'

    def figure(self, image: str, caption: str) -> str:
        return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"

    def box(self, image: str, caption: str) -> str:
        return f'<table class="u-photo"><tbody><tr><td>{image}</td></tr><tr><td>{caption}</td></tr></tbody></table>'

    def items(self, items: Sequence[str]) -> str:
        return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        head = "".join(f'<th scope="col">{self.text(cell)}</th>' for cell in rows[0])
        rest = "\n".join("<tr>" + "".join(f"<td>{self.text(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
        return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rest}\n</tbody></table>"

    def entry(self, row: Row) -> str:
        day = f'<time datetime="{"-".join(reversed(row.day.split("/")))}">{row.day}</time>' if row.day else ""
        thumb = f'<img src="{row.thumbnail}" alt="" width="160">' if row.thumbnail else ""
        link = f'<h3><a href="{row.href}">{self.text(row.title)}</a></h3>'
        return f'<article class="card">{thumb}{link}{day}<p>{self.text(row.summary)}</p></article>'

    def panel(self, heading: str, html: str) -> str:
        return f'<section class="panel"><h1>{self.text(heading)}</h1>\n{html}\n</section>'

    def numbers(self, links: Sequence[Link], current: int) -> str:
        items = "".join(
            f'<li><span aria-current="page">{words}</span></li>'
            if words == str(current)
            else f'<li><a href="{href}">{words}</a></li>'
            for href, words in links
        )
        return f'<nav aria-label="Trang"><ol class="pages">{items}</ol></nav>'

    def section(self, heading: str, html: str) -> str:
        return f'<section class="box"><h2>{heading}</h2>{html}</section>'

    def links(self, links: Iterable[Link]) -> str:
        return (
            "<ul>"
            + "".join(f'<li><a href="{escape(href)}">{self.text(words)}</a></li>' for href, words in links)
            + "</ul>"
        )

    def lines(self, lines: Iterable[str]) -> str:
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"

    def poll(self) -> str:
        return choices(f"<p>{QUESTION}</p>", close=True)

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = "".join(f'<a href="#"><img src="{src}" alt="No title..."></a>\n' for src in frame.banners)
        adverts = "".join(
            f'<a href="{href}" rel="nofollow"><img src="{src}" alt="image advertisement"></a>\n'
            for href, src in frame.adverts
        )
        owner = "".join(f"<p>{self.text(line)}</p>" for line in frame.owner)
        return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{self.text(title)} | Liên hiệp hội Sơn La</title>
<meta name="viewport" content="width=device-width"><link rel="canonical" href="{self.base}{path}"></head>
<body><header class="top"><a href="/"><img src="/giao-dien/logo.png" alt=""></a>{slides}</header>
<div class="ads">{adverts}</div>
<main>
{inner}
</main>
<aside>{self.sections(frame)}</aside>
<footer><img src="{frame.footer_banner}" alt="image banner">{owner}</footer></body></html>"""
