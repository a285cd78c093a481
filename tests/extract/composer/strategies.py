"""Articles drawn by hypothesis from our own stock, and styles to print them in.

What is not drawn, since a careful reader of the page could not tell the truth either:

- a title said again in wholly other words: it may as well be a heading (kept for a page of its own in tests/pages);
- a heading, list item or short line after a picture without a caption: it reads as the caption;
- a single sentence beside a picture without a caption: captions too may be sentences, so there two make a paragraph
  (tests/pages has one sentence there, on a page whose other captions show how its captions look);
- a name at the end right after a picture without a caption, and `Ảnh: ...` at the end right after any picture;
- two pictures over one caption: whose it is, nobody said (a page of its own allows each reading);
- merged table cells: the contract does not say what they hold.
"""

from datetime import date

from hypothesis import strategies as st

from composer import stock
from composer.article import (
    Again,
    Block,
    Byline,
    Day,
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

DAYS = st.dates(date(2012, 1, 1), date(2026, 6, 30))
FLOWING = st.sampled_from(stock.PROSE + stock.TRAPS + stock.SLIPS + stock.DECREES + stock.NOTES)


@st.composite
def bylines(draw: st.DrawFn) -> Byline | None:
    kind = draw(st.sampled_from(["none", "name", "learned", "top", "top alone", "lead", "origin", "two"]))
    if kind == "none":
        return None
    if kind == "name":
        return Byline(draw(st.sampled_from(stock.NAMES)))
    if kind == "two":
        first, second = draw(st.lists(st.sampled_from(stock.NAMES), min_size=2, max_size=2, unique=True))
        return Byline(f"{first} - {second}")
    if kind == "lead":
        lead, role = draw(st.sampled_from(stock.LEADS))
        return Byline(draw(st.sampled_from(stock.NAMES)), role, lead=lead)
    if kind == "origin":
        lead, name = draw(st.sampled_from(stock.ORIGINS))
        return Byline(name, "syndicated", lead=lead)
    name = draw(st.sampled_from(stock.LEARNED))
    where = Where.END if kind == "learned" else Where.TOP
    return Byline(name, where=where, affiliation=draw(st.sampled_from(stock.AFFILIATIONS)) if kind == "top" else None)


@st.composite
def _pictures(draw: st.DrawFn, count: int) -> list[Picture]:
    paths = draw(st.lists(st.sampled_from(stock.PICTURES), min_size=count, max_size=count, unique=True))
    captions = st.one_of(st.none(), st.sampled_from(stock.CAPTIONS + stock.CAPTIONS_WITH_STOP))
    return [Picture(path, draw(captions)) for path in paths]


@st.composite
def _pieces(draw: st.DrawFn, prose: list[str]) -> list[Block]:
    """The middle of an article. Every picture is followed by running prose, see the module's list."""
    pictures = draw(_pictures(draw(st.integers(0, 3))))
    blocks: list[Block] = []
    kinds = ["prose", "prose", "heading", "short", "items", "poem", "table", "picture", "picture", "row"]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6)):
        if not prose:
            break
        first = Paragraph(prose.pop())
        follows: list[Block] = [first]
        if kind == "short":
            follows.append(Paragraph(draw(st.sampled_from(stock.SHORT))))
        elif kind == "heading":
            blocks.append(Heading(draw(st.sampled_from(stock.HEADINGS))))
        elif kind == "items":
            bullet = draw(st.sampled_from(["-", "-", "•", "+"]))
            chosen = draw(st.lists(st.sampled_from(stock.ITEMS), min_size=2, max_size=4, unique=True))
            follows += [Item(text, bullet) for text in chosen]
        elif kind == "poem":
            follows.append(Poem(draw(st.sampled_from(stock.POEMS))))
        elif kind == "table":
            follows.append(Table(draw(st.sampled_from(stock.TABLES))))
        elif kind == "picture" and pictures:
            picture = pictures.pop()
            if picture.caption is None:
                if len(prose) < 3:
                    break
                blocks.append(Paragraph(f"{prose.pop()} {prose.pop()}"))
                follows = [Paragraph(f"{first.text} {prose.pop()}")]
            blocks.append(picture)
        elif kind == "row" and len(pictures) >= 2:
            captions = draw(st.permutations(stock.CAPTIONS))
            pair = [Picture(pictures.pop().path, captions[n]) for n in range(2)]
            blocks.append(Row(tuple(pair)))
        blocks += follows
    return blocks


@st.composite
def _opening(draw: st.DrawFn) -> tuple[str | None, Day | None]:
    kind = draw(st.sampled_from(["dateline", "dateline", "decree", "undated", "prose"]))
    if kind == "prose":
        return None, None
    if kind == "decree":  # an essay that opens with another thing's day: no day of its own
        return draw(st.sampled_from(stock.DECREES)), None
    if kind == "undated":
        return draw(st.sampled_from(stock.UNDATED)), None
    day = draw(DAYS)
    lead, rest = draw(st.sampled_from(stock.DATELINES))
    return f"{lead.format(d=day.day, m=day.month, y=day.year)}, {rest}", Day(day.isoformat(), "dateline")


@st.composite
def _links(draw: st.DrawFn) -> list[Block]:
    if draw(st.integers(0, 3)):
        return []
    href, media_type = draw(st.sampled_from(stock.FILES))
    return [Link(href, "Tải về", media_type)]


@st.composite
def _document(draw: st.DrawFn, prose: list[str]) -> tuple[list[Block], Day]:
    """A plan or report as offices write it; who signs it is not the author."""
    day = draw(DAYS)
    signer = draw(st.sampled_from(stock.NAMES))
    head = ["Số: 115/KH-LHH", f"Sơn La, ngày {day.day:02} tháng {day.month:02} năm {day.year}"]
    tail: list[Block] = [Item("Như trên;"), Item("Lưu: VT, VP.")]
    signature = ["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH", signer]
    blocks: list[Block] = [
        *draw(_links()),
        *map(Paragraph, head),
        Heading("I. MỤC ĐÍCH, YÊU CẦU"),
        Paragraph(prose.pop()),
    ]
    blocks += [
        Heading("II. NỘI DUNG"),
        Paragraph(prose.pop()),
        Paragraph("Nơi nhận:"),
        *tail,
        *map(Paragraph, signature),
    ]
    return blocks, Day(day.isoformat(), "document")


@st.composite
def articles(draw: st.DrawFn) -> Written:
    title, shortened = draw(st.sampled_from(stock.TITLES))
    again = draw(st.sampled_from(list(Again)))
    with_kicker = again in (Again.GLUED, Again.AFTER_KICKER)
    prose = list(dict.fromkeys(draw(st.lists(FLOWING, min_size=5, max_size=14, unique=True))))
    kind = draw(st.sampled_from(["usual"] * 7 + ["document", "one line", "photos only"]))
    byline, day = draw(bylines()), None
    blocks: list[Block]
    if kind == "document":
        blocks, day = draw(_document(prose))
        byline = None
    elif kind == "one line":
        blocks = [*draw(_links()), Paragraph("Kính mời bạn đọc đón xem bản tin số mới của hội.")]
    elif kind == "photos only":
        captions = draw(st.permutations(stock.CAPTIONS))
        paths = draw(st.permutations(stock.PICTURES))
        blocks = [Picture(path, caption) for path, caption in zip(paths[:2], captions, strict=False)]
        byline = byline if byline and byline.where is Where.TOP else None
    else:
        opening, day = draw(_opening())
        blocks = [*draw(_links()), Paragraph(opening or prose.pop())]
        blocks += draw(_pieces(prose[:-1]))
        blocks.append(Paragraph(prose[-1]))
        if draw(st.booleans()):
            blocks.append(Paragraph(draw(st.sampled_from(stock.CLOSINGS))))
    return Written(
        site_id=draw(st.integers(10_000, 39_999)),
        category=draw(st.sampled_from(stock.CATEGORIES)),
        title=title,
        blocks=tuple(blocks),
        views=draw(st.integers(1, 99_999)),
        again=again,
        kicker=draw(st.sampled_from(stock.KICKERS)) if with_kicker else None,
        organisation=draw(st.sampled_from(stock.ORGANISATIONS)),
        shortened=shortened,
        byline=byline,
        day=day,
    )
