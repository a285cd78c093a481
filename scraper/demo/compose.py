"""Writes the demo's articles: decides which forms article number N has, then fills them from the text stock.

Article N depends on N alone (and on which titles are taken by lower numbers), so asking for more articles only adds.
The remainders below spread the forms so that the default number shows every one of them.
"""

from __future__ import annotations

import random
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta

from scraper.demo import stock_common as common
from scraper.demo import stock_ideas, stock_land, stock_past, stock_people
from scraper.demo.article import (
    ARRANGEMENTS,
    Arrangement,
    Article,
    Bullets,
    DataTable,
    Download,
    Heading,
    Paragraph,
    Photo,
    Piece,
)
from scraper.demo.names import COMMUNES, PLACES, SCHOOLS, Slots
from scraper.demo.openings import (
    BYLINE_FORMS,
    DATE_FORMS,
    DATED_FORMS,
    TITLE_FORMS,
    byline_pieces,
    dateline_words,
    day_of,
    shorten,
    title_pieces,
)
from scraper.demo.topic import Topic

TOPICS: tuple[Topic, ...] = stock_land.TOPICS + stock_people.TOPICS + stock_ideas.TOPICS + stock_past.TOPICS
PHOTO_COUNTS = (0, 1, 2, 3, 1, 4, 0, 2, 6, 1, 5)
PDF_NAMES = ("quy-che", "huong-dan", "ke-hoach", "thong-bao")
SAME_TITLE = {34: 22}
"""The one deliberate pair of articles with the same title."""


@dataclass(slots=True)
class Draft:
    """One article while it is being written."""

    number: int
    rng: random.Random
    topic: Topic
    slots: Slots
    unused: list[str] = field(default_factory=list)
    unused_captions: list[str] = field(default_factory=list)

    def fill(self, template: str) -> str:
        return self.slots.fill(template)

    def sentence(self) -> str:
        if not self.unused:
            stock = self.topic.sentences + common.GENERAL_SENTENCES
            self.unused = self.rng.sample(stock, len(stock))
        return self.fill(self.unused.pop())

    def caption(self) -> str:
        if not self.unused_captions:
            self.unused_captions = self.rng.sample(self.topic.captions, len(self.topic.captions))
        return self.fill(self.unused_captions.pop())

    def prose(self, count: int) -> str:
        return " ".join(self.sentence() for _ in range(count))


def site_id(number: int) -> int:
    """Sparse and growing, as on the site."""
    return 15000 + 37 * number + random.Random(f"id-{number}").randint(1, 36)


def draw(number: int, taken: AbstractSet[str]) -> tuple[Draft, str]:
    """A draft with its fixed words, and a title nobody has yet."""
    subject = SAME_TITLE.get(number, number)
    topic = TOPICS[(subject * 4 + subject // 11) % len(TOPICS)]
    title = ""
    for attempt in range(40):
        rng = random.Random(f"subject-{subject}-{attempt}")
        fixed = {
            "home": rng.choice(PLACES),
            "commune": rng.choice(COMMUNES),
            "school": rng.choice(SCHOOLS),
            "host": rng.choice(topic.hosts),
            "theme": rng.choice(topic.themes),
        }
        slots = Slots(rng, fixed)
        templates = common.PHOTO_HEADLINES if subject % 24 == 11 else topic.titles
        title = slots.fill(rng.choice(templates))
        shortened_too = TITLE_FORMS[subject % 12] != "shortened" or attempt > 20 or shorten(title) != title
        if (title not in taken or subject != number) and shortened_too:
            break
    else:
        title += f" (kỳ {number})"
    slots.rng = random.Random(f"text-{number}")
    return Draft(number, slots.rng, topic, slots), title


def opening(draft: Draft, form: str) -> tuple[str, tuple[str, ...]]:
    """The first sentence and the days (ISO) it says the article is about."""
    rng = draft.rng
    if form in DATED_FORMS:
        words, days = dateline_words(form, day_of(draft.number))
        first = rng.choice(draft.topic.news).format_map(draft.slots)
        return f"{words}{first}.", tuple(day.isoformat() for day in days)
    if form == "lately":
        return f"Vừa qua, {rng.choice(draft.topic.news).format_map(draft.slots)}.", ()
    if form == "resolution":
        day = f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/{rng.randint(2008, 2019)}"
        return rng.choice(common.DECREE_OPENINGS).format_map({"day": day, "theme": draft.slots["theme"]}), ()
    with_decree = [text for text in draft.topic.essays if "{decree}" in text]
    return draft.fill(rng.choice(with_decree if form == "decree" and with_decree else draft.topic.essays)), ()


def text_units(draft: Draft, first: str, least: int) -> list[list[Piece]]:
    """The running text in units that a photo must not split."""
    n, rng = draft.number, draft.rng
    texts = [f"{first} {draft.prose(rng.randint(1, 2))}"]
    texts += [draft.prose(rng.randint(2, 4)) for _ in range(max(least, rng.randint(2, 6)))]
    if n % 6 == 4:
        texts[1] = texts[1].removesuffix(".") + rng.choice(common.FOOTNOTES).format_map(draft.slots)
    if n % 7 == 3:
        texts[0] = texts[0].replace(". ", ".", 1)
    if n % 12 == 10:
        texts[1:4] = [f"({mark}) {text}" for mark, text in enumerate(texts[1:4], 1)]
    if n % 24 == 8:
        texts.insert(1, rng.choice(common.OWN_WORDS).format_map(draft.slots))
    units: list[list[Piece]] = [[Paragraph(text)] for text in texts]
    if n % 9 == 5:
        linked = f"{draft.sentence()} {draft.fill(common.LINKED_SENTENCE)}"
        units.append([Paragraph(linked, common.LINKED_WORDS, "https://thuvien.example.net/so-hoa/tai-lieu-15321")])
    add_headings(draft, units)
    add_lists(draft, units)
    units.append([Paragraph(f"{draft.sentence()} {draft.fill(rng.choice(draft.topic.closings))}")])
    return units


def add_headings(draft: Draft, units: list[list[Piece]]) -> None:
    if draft.number % 4 != 1:
        return
    heads = draft.rng.sample(draft.topic.headings, 2)
    for mark, (place, head) in enumerate(zip((1, 3), heads, strict=True), 1):
        units[min(place, len(units) - 1)].insert(0, Heading(f"{mark}. {head}" if draft.number % 8 == 5 else head))


def add_lists(draft: Draft, units: list[list[Piece]]) -> None:
    n, rng, topic = draft.number, draft.rng, draft.topic
    if n % 5 == 2:
        items = [item.format_map(draft.slots) for item in rng.sample(topic.bullets, 3)]
        items[-1] = items[-1].removesuffix(";") + "."
        lead = f"{draft.sentence()} {draft.fill(common.LIST_LEAD)}"
        units.insert(2, [Paragraph(lead), Bullets(tuple(items), typed=n % 2 == 0)])
    if n % 12 == 3:
        rows = tuple(tuple(cell.format_map(draft.slots) for cell in row) for row in rng.choice(common.TABLES))
        lead = f"{draft.sentence()} {draft.fill(common.TABLE_LEAD)}"
        units.insert(2, [Paragraph(lead), DataTable(rows)])


def photo_path(number: int, place: int) -> str:
    """Plain names, names with a space and brackets, names with Vietnamese letters (as they travel, percent-encoded)."""
    mark = number + place
    ending = "gif" if mark % 11 == 4 else "jpg" if mark % 5 == 1 else "png"
    folder = f"/storage/sla/{day_of(number).year}"
    names = (
        f"{site_id(number)}-{place}",
        f"anh%20{site_id(number)}%20({place})",
        f"h%E1%BB%99i-th%E1%BA%A3o-{site_id(number)}-{place}",
    )
    return f"{folder}/{names[mark % 3]}.{ending}"


def make_photo(draft: Draft, place: int, arrangement: Arrangement, captioned: bool) -> Photo:
    caption = None
    if captioned:
        caption = draft.caption()
        if (draft.number + place) % 5 == 3 and not caption.endswith("."):
            caption += draft.rng.choice(common.CREDITS).format_map(draft.slots)
    return Photo(photo_path(draft.number, place), caption, arrangement, ("", "anh tin bai")[(draft.number + place) % 2])


def is_prose(piece: Piece) -> bool:
    return isinstance(piece, Paragraph) and not piece.text.endswith(":")


def with_photos(draft: Draft, units: list[list[Piece]], count: int, at_end: bool) -> list[Piece]:
    """Puts photos into gaps of the text.

    A photo without caption, or with its caption above, only stands between two full paragraphs: anywhere else no
    reader could tell what belongs to it. `at_end` allows one below the last paragraph.
    """
    inner = [gap for gap in range(1, len(units)) if is_prose(units[gap - 1][-1]) and is_prose(units[gap][0])]
    places = [0, *inner, len(units)] if at_end else [0, *inner]
    gaps = sorted(draft.rng.sample(places, min(count, len(places))))
    pieces: list[Piece] = []
    for gap in range(len(units) + 1):
        if gap in gaps:
            place = gaps.index(gap)
            arrangement = ARRANGEMENTS[(draft.number * 3 + place) % len(ARRANGEMENTS)]
            captioned = gap not in inner or (draft.number + place * 2) % 6 != 1
            if gap not in inner and arrangement == "above":
                arrangement = "below"
            pieces.append(make_photo(draft, place, arrangement, captioned))
        if gap < len(units):
            pieces.extend(units[gap])
    return pieces


def downloads(number: int) -> tuple[Download, ...]:
    """One link before the text, or two after it."""

    def link(place: int, label: str) -> Download:
        name = f"{PDF_NAMES[(number + place) % len(PDF_NAMES)]}-{site_id(number)}.pdf"
        return Download(f"/tai-ve/{site_id(number)}/{name}", label.format(name=name))

    if number % 24 in (5, 9):
        return (link(0, "Tải về"),)
    return (link(0, "Tải về: {name}"), link(1, "Tải về: {name}")) if number % 24 == 21 else ()


def text_of(draft: Draft, date_form: str, photo_at_end: bool) -> tuple[list[Piece], tuple[str, ...]]:
    """The pieces between the top of the body and its end, and the days its dateline says."""
    n, rng = draft.number, draft.rng
    files = downloads(n)
    match n % 24:
        case 5:
            signed: list[Piece] = [Paragraph(line) for line in (*common.SIGNATURE_HEADS, draft.fill("{person}"))]
            return [*files, *(Paragraph(draft.fill(line)) for line in common.DOCUMENT_LINES), *signed], ()
        case 11:
            arrangement: Arrangement = ("same", "below", "italic")[n // 24 % 3]
            return [make_photo(draft, place, arrangement, True) for place in range(4)], ()
        case 17:
            return [Paragraph(draft.fill(rng.choice(common.SHORT_ITEMS)))], ()
    first, days = opening(draft, date_form)
    count = PHOTO_COUNTS[n % len(PHOTO_COUNTS)]
    pieces = with_photos(draft, text_units(draft, first, count), count, photo_at_end)
    return ([*files, *pieces] if len(files) == 1 else [*pieces, *files]), days


def compose(number: int, taken: AbstractSet[str] = frozenset(), new_title: str | None = None) -> Article:
    draft, title = draw(number, taken)
    title = new_title or title
    plain = number % 24 in (5, 11, 17)
    title_form = TITLE_FORMS[number % len(TITLE_FORMS)]
    if title_form == "shortened" and shorten(title) == title:
        title_form = "capitals"
    byline_form = "none" if plain else BYLINE_FORMS[(number * 5 + number // 12) % len(BYLINE_FORMS)]
    date_form = DATE_FORMS[(number * 3 + number // 10) % len(DATE_FORMS)]
    top, optional = title_pieces(title_form, title, draft.rng)
    byline, lines, more_optional = byline_pieces(byline_form, draft.rng)
    # `Ảnh: somebody` right below a photo would be that photo's credit, not the article's byline.
    text, days = text_of(draft, date_form, photo_at_end=byline_form != "photo_label")
    above: list[Piece] = [lines] if lines and not lines.at_end else []
    below: list[Piece] = [lines] if lines and lines.at_end else []
    posted = day_of(number) + timedelta(days=max(number % 3, int(date_form == "two_days")))
    hidden = number % 16 == 14 or (date_form == "resolution" and number % 2 == 0)
    return Article(
        number=number,
        site_id=site_id(number),
        categories=categories(number, draft.topic),
        title=title,
        byline=byline,
        dateline=days[-1] if days else None,
        dates_also_right=days[:-1],
        posted=None if hidden else posted.isoformat(),
        pieces=(*top, *above, *text, *below),
        title_form=title_form,
        byline_form=byline_form,
        optional_lines=optional + more_optional,
    )


def categories(number: int, topic: Topic) -> tuple[str, ...]:
    """One category; for a few items, a second one where the same item is found too."""
    own = topic.categories[number // len(TOPICS) % len(topic.categories)]
    if number % 36 != 10:
        return (own,)
    return (own, "tin-tuc-su-kien" if own != "tin-tuc-su-kien" else "tu-lieu-sub")
