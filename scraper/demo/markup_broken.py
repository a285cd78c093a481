"""Markup 6: bare HTML that was never valid: upper-case tags, nothing closed, attributes without quotes, no doctype."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scraper.demo.article import Article, BylineLines, Download, Paragraph, Photo
from scraper.demo.markup import NBSP_RUN, QUESTION, Frame, Kind, Link, Markup, Row

BLOCKS: dict[Kind, str] = {
    "text": "<P ALIGN=justify>{}",
    "centre": "<P ALIGN=center>{}",
    "title": "<P ALIGN=center><B>{}</B>",
    "kicker": "<P ALIGN=center>{}",
    "heading": "<P><B>{}</B>",
    "top_byline": "<P ALIGN=right><B>{}</B>",
    "end_byline": "<P ALIGN=right><B>{}</B>",
}


class Broken(Markup):
    name = "broken"
    br = "<BR>"

    def article(self, item: Article, views: int) -> str:
        return f"""<CENTER><FONT SIZE=5 COLOR=navy><B>{self.text(item.title)}</B></FONT></CENTER>
<P ALIGN=right><SMALL>Lượt xem: {views}</SMALL>
{self.body(item)}
<P><HR>"""

    def block(self, html: str, kind: Kind) -> str:
        return BLOCKS[kind].format(html)

    def linked(self, paragraph: Paragraph) -> str:
        if not paragraph.linked_words:
            return self.text(paragraph.text)
        words = self.text(paragraph.linked_words)
        return self.text(paragraph.text).replace(words, f"<A HREF={paragraph.href}>{words}</A>", 1)

    def byline(self, byline: BylineLines) -> str:
        indent = NBSP_RUN if byline.indented else ""
        kind: Kind = "end_byline" if byline.at_end else "top_byline"
        return self.block(self.br.join(indent + self.text(line) for line in byline.lines), kind)

    def image(self, photo: Photo) -> str:
        alt = f' ALT="{photo.alt}"' if photo.alt else ""
        return f"<IMG SRC={photo.path} WIDTH=480{alt}>"

    def photo(self, photo: Photo) -> str:
        if photo.arrangement == "outside" and photo.caption:
            return f"<CENTER>{self.image(photo)}</CENTER>\n" + self.block(self.text(photo.caption), "centre")
        return super().photo(photo)

    def figure(self, image: str, caption: str) -> str:
        return f"<CENTER><TABLE WIDTH=500><TR><TD>{image}<TR><TD><I>{caption}</I></TABLE></CENTER>"

    def box(self, image: str, caption: str) -> str:
        return f"<CENTER><TABLE><TR><TD ALIGN=center>{image}<TR><TD ALIGN=center>{caption}</TABLE></CENTER>"

    def items(self, items: Sequence[str]) -> str:
        return "<UL>" + "".join(f"<LI>{item}\n" for item in items) + "</UL>"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        made = "".join("<TR>" + "".join(f"<TD>{self.text(cell)}" for cell in row) + "\n" for row in rows)
        return f"<CENTER><TABLE BORDER=1 WIDTH=90%>\n{made}</TABLE></CENTER>"

    def download(self, download: Download) -> str:
        return self.block(f"<A HREF={download.path}>{self.text(download.label)}</A>", "text")

    def entry(self, row: Row) -> str:
        thumb = f"<IMG SRC={row.thumbnail} WIDTH=110 ALIGN=left>" if row.thumbnail else ""
        day = f" <I>{row.day}</I>" if row.day else ""
        return f"<LI>{thumb}<A HREF={row.href}>{self.text(row.title)}</A>{day}<BR>{self.text(row.summary)}"

    def panel(self, heading: str, html: str) -> str:
        return f"<H2>{self.text(heading)}</H2><UL>{html}</UL>"

    def section(self, heading: str, html: str) -> str:
        return f"<H4>{heading}</H4>{html}"

    def links(self, links: Iterable[Link]) -> str:
        return "<UL>" + "".join(f"<LI><A HREF={href}>{self.text(words)}</A>\n" for href, words in links) + "</UL>"

    def lines(self, lines: Iterable[str]) -> str:
        return "<UL>" + "".join(f"<LI>{line}\n" for line in lines) + "</UL>"

    def poll(self) -> str:
        return f"{QUESTION}<UL><LI><A HREF=/binh-chon>Bình chọn</A> <A HREF=/binh-chon?ket-qua=1>Xem kết quả</A>"

    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        slides = "".join(f"<IMG SRC={src} ALT='No title...'>\n" for src in frame.banners)
        adverts = "".join(
            f"<A HREF={href}><IMG SRC={src} ALT='image advertisement'></A>\n" for href, src in frame.adverts
        )
        owner = "".join(f"<P ALIGN=center>{self.text(line)}" for line in frame.owner)
        return f"""<HTML><HEAD><TITLE>TRANG CHU</TITLE><META CHARSET=utf-8>
<BODY BGCOLOR=white><A HREF=/><IMG SRC=/giao-dien/logo.png></A>
{slides}{adverts}<DIV>
{inner}
</DIV>
{self.sections(frame)}
<P><IMG SRC={frame.footer_banner} ALT='image banner'>
{owner}"""
