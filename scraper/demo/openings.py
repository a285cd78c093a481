"""The many ways in which the top and the end of an article vary: title repeated or not, bylines, datelines.

Each function takes a form by name and gives pieces or words; which article gets which form is decided in `compose`.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from scraper.demo.article import Byline, BylineLines, OpeningLine, Piece, TitleAgain
from scraper.demo.names import AFFILIATIONS, DEGREES, PEN_NAMES, PUBLISHERS, person
from scraper.demo.stock_common import KICKERS, ORGANISATION_LINES, OTHER_WORDINGS, SHORT_FORMS

TITLE_FORMS = (
    "same",
    "capitals",
    "two_lines",
    "two_paragraphs",
    "full_stop",
    "twice",
    "shortened",
    "glued",
    "after_kicker",
    "after_organisation",
    "none",
    "reworded",
)
BYLINE_FORMS = (
    "end_name",
    "top_name",
    "none",
    "top_position",
    "end_two",
    "top_degree",
    "text_and_photo",
    "from_publisher",
    "news_and_photo",
    "author_label",
    "top_indented",
    "source_label",
    "name_then_publisher",
    "photo_label",
)
DATE_FORMS = (
    "day",
    "morning",
    "essay",
    "two_days",
    "short_day",
    "lately",
    "resolution",
    "afternoon",
    "decree",
    "dashes",
)
DATED_FORMS = frozenset({"day", "morning", "two_days", "short_day", "afternoon", "dashes"})


def shorten(title: str) -> str:
    for long, short in SHORT_FORMS:
        if long in title:
            return title.replace(long, short)
    return title


def halves(text: str) -> tuple[str, str]:
    words = text.split(" ")
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def title_pieces(form: str, title: str, rng: random.Random) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """The pieces above the text, and those of their lines that may be counted in the body or not."""
    capitals = title.upper()
    kicker = rng.choice(KICKERS)
    match form:
        case "none":
            return (), ()
        case "same":
            return (TitleAgain(((title,),)),), ()
        case "capitals":
            return (TitleAgain(((capitals,),)),), ()
        case "two_lines":
            return (TitleAgain((halves(capitals),)),), ()
        case "two_paragraphs":
            first, second = halves(capitals)
            return (TitleAgain(((first,), (second,))),), ()
        case "full_stop":
            return (TitleAgain(((title + ".",),)),), ()
        case "twice":
            return (TitleAgain(((title,), (capitals,))),), ()
        case "shortened":
            return (TitleAgain(((shorten(title),),)),), (shorten(title),)
        case "glued":
            return (TitleAgain(((kicker + capitals,),)),), (kicker, kicker + capitals)
        case "after_kicker":
            return (OpeningLine(kicker), TitleAgain(((capitals,),))), (kicker,)
        case "after_organisation":
            line = rng.choice(ORGANISATION_LINES)
            return (OpeningLine(line), TitleAgain(((title,),))), (line,)
        case "reworded":
            line = rng.choice(OTHER_WORDINGS)
            return (OpeningLine(line),), (line,)
    raise ValueError(form)


def byline_pieces(form: str, rng: random.Random) -> tuple[Byline, BylineLines | None, tuple[str, ...]]:
    """The byline as a record, as lines on the page, and lines that may be counted in the body or not."""
    name, other = person(rng), person(rng)
    degree, affiliation, publisher = rng.choice(DEGREES), rng.choice(AFFILIATIONS), rng.choice(PUBLISHERS)
    learned = f"{degree} {name}"
    match form:
        case "none":
            return Byline(), None, ()
        case "end_name":
            pen = rng.choice(PEN_NAMES)
            return Byline(pen, "author"), BylineLines((pen,), True), ()
        case "top_name":
            return Byline(name, "author"), BylineLines((name,), False), ()
        case "top_position":
            return Byline(name, "author", affiliation), BylineLines((name, affiliation), False), ()
        case "top_degree":
            return Byline(learned, "author"), BylineLines((learned,), False), ()
        case "top_indented":
            return Byline(learned, "author", affiliation), BylineLines((learned, affiliation), False, indented=True), ()
        case "end_two":
            both = f"{name} - {other}"
            return Byline(both, "author"), BylineLines((both,), True), ()
        case "text_and_photo":
            return Byline(name, "text_and_photo"), BylineLines((f"Bài và ảnh: {name}",), True), ()
        case "news_and_photo":
            return Byline(name, "text_and_photo"), BylineLines((f"Tin, ảnh: {name}",), True), ()
        case "photo_label":
            return Byline(name, "photo"), BylineLines((f"Ảnh: {name}",), True), ()
        case "author_label":
            return Byline(name, "author"), BylineLines((f"Tác giả: {name}",), True), ()
        case "from_publisher":
            return Byline(publisher, "syndicated"), BylineLines((f"Theo {publisher}",), True), ()
        case "source_label":
            return Byline(publisher, "syndicated"), BylineLines((f"Nguồn: {publisher}",), True), ()
        case "name_then_publisher":
            line = f"Theo {publisher}"
            return Byline(name, "author"), BylineLines((name, line), True), (line,)
    raise ValueError(form)


def day_of(number: int) -> date:
    """Posting days rise with the number: eleven days apart at first, eight items a day in the bulk of a large site."""
    if number < 100:
        return date(2021, 1, 12) + timedelta(days=11 * number)
    return date(2024, 1, 12) + timedelta(days=(number - 100) // 8)


def dateline_words(form: str, day: date) -> tuple[str, tuple[date, ...]]:
    """The words that open a dated first sentence, and the days they say (the last is the article's)."""
    match form:
        case "day":
            return f"Ngày {day:%d/%m/%Y}, ", (day,)
        case "short_day":
            return f"Ngày {day.day}/{day.month}/{day.year}, ", (day,)
        case "morning":
            return f"Sáng ngày {day.day}/{day.month}/{day.year}, ", (day,)
        case "afternoon":
            return f"Chiều ngày {day:%d}/{day.month}/{day.year}, ", (day,)
        case "dashes":
            return f"Ngày {day.day}-{day.month}-{day.year}, ", (day,)
        case "two_days":
            last = day + timedelta(days=1)
            first = f"{day:%d}" if day.month == last.month else f"{day:%d/%m}"
            return f"Trong hai ngày {first} và {last:%d/%m/%Y}, ", (day, last)
    raise ValueError(form)
