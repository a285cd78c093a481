"""Persons whom an article names and who did not write it: in lists and prizes, below quotations and poems, as answers,
and those it tells of. Pure. `texts` are the indexes of an article's text lines, `place` counts them."""

import re

from scraper.extract.lines import Line
from scraper.extract.names import (
    are_persons,
    bare,
    first_of,
    has_surname,
    has_titles,
    is_name_shaped,
    is_place,
    may_sign,
    with_affiliation,
)
from scraper.extract.persons import PEN_NAMES
from scraper.extract.text import key

BULLET = re.compile(r"^(?:[-–—•●▪►✓+]|\(?\d{1,2}[.)]|[a-zđ]\))\s", re.I)
WRITER = re.compile(r"^người (?:viết|thực hiện)(?: bài)?\s*:?$", re.I)  # the lead of the name below
ENDS_TEXT = (".", "!", "?", "…", "”", '"', ")", "»", "/")
# What is asked here the next line answers.
_INTRODUCES = re.compile(
    r"(?::|\b(?:là|gồm|gồm có|như sau|tên sau)|\b(?:như sau|sau đây|dưới đây|tên sau)\s?[.…]{1,3})$"
    r"|^(?:(?:giải|hạng|huy chương) (?:nhất|nhì|ba|tư|đặc biệt|khuyến khích|phụ|tập thể|cá nhân|vàng|bạc|đồng|[abc])\b"
    r"|danh sách\b)[^.]{0,50}$",
    re.I,
)
_OF_PICTURES = re.compile(r"\b(?:hình ảnh|ảnh)\b", re.I)
_QUOTES = ('"', "“", "«", "‘", "'")
_ENDS_QUOTE = ("”", '"', "»", "’", "”.", '".')
# A quotation and nothing else, one that a few words introduce, or a line that goes on.
_QUOTED = re.compile(r"^[\"“«‘'](?:[^”\"»’]*|.*[”\"»’][.!]?\)?)$|:\s?[\"“«].*[”\"»][.!]?$|[,;:…]$")
_PORTRAIT = re.compile(
    r"^\(?(?:sinh (?:năm|ngày|tháng|quán)|năm sinh|ngày sinh|quê quán|nguyên quán|dân tộc\s?:)", re.I
)
_NAMES_ANOTHER = re.compile(r"\b(?:ông|bà|anh|chị|cô|thầy|đồng chí)\b", re.I)
_OF_A_BOOK = re.compile(r"\b(?:nhà xuất bản|nxb|cuốn sách|tập (?:thơ|truyện|sách|ký)|sách dày|bộ sách)\b", re.I)
MOST_AUTHORS = 4
_SHORT_ITEM = 24  # characters: no longer than this and unfinished, a line may be one of a list
_SHORT_HEADING = 80
_LONGEST_INTRODUCTION = 300
_LONGEST_QUOTATION = 160
_LONGEST_VERSE = 60


def is_set_apart(line: Line) -> bool:
    """Whether a line is set as a byline is: to the right, centred, pushed in, or in a face of its own."""
    return line.align in ("right", "center") or line.indented or line.bold or line.italic


def may_be_author(lines: list[Line], texts: list[int], place: int, name: str, told_of: str) -> bool:
    """Whether a name at the end is its author's: nobody told of, no item of a list, no answer, no place."""
    line = lines[texts[place]]
    if not may_sign(name) or is_item(lines, texts, place) or _signs_elsewhere(lines, texts, place):
        return False
    to_the_right = line.align == "right"
    if not to_the_right and (is_place(name) or _is_told_of(name, told_of)):
        return False
    if has_titles(first_of(name)) or has_surname(name) or is_set_apart(line):
        return True
    before = _directly_before(lines, texts, place)
    if before is None:
        return place > 0
    ended = before.text.endswith(ENDS_TEXT) or WRITER.match(before.text) is not None
    return ended or len(before.text) > _SHORT_ITEM


def is_pen_name_below(lines: list[Line], texts: list[int], place: int, name: str, told_of: str) -> bool:
    """Whether a last line names a season or a river that authors go by: below prose, where nothing speaks of it."""
    if name.lower() not in PEN_NAMES or is_item(lines, texts, place) or _is_told_of(name, told_of):
        return False
    before = lines[texts[place - 1]].text if place else ""
    if len(before) <= _LONGEST_VERSE or not before.endswith(ENDS_TEXT):
        return False
    return not any(name.lower() in lines[i].text.lower() for i in texts[:place])


def _is_told_of(name: str, told_of: str) -> bool:
    return bool(told_of) and f" {key(name)} " in told_of


def is_item(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether a line is one of a list, or answers the line above it."""
    index = texts[place]
    line = lines[index]
    to_the_right = line.align == "right"
    if not to_the_right and BULLET.match(line.text) and bare(line.text) == line.text.strip(" .,;*"):
        return True
    before = _directly_before(lines, texts, place)
    if before is None or to_the_right or authors_above(lines, texts, place):
        return False
    text = before.text
    if introduces(text) and not _OF_PICTURES.search(text):
        return True
    if line.listed and before.listed:
        return True
    if _alike(before, line) and (is_name_shaped(bare(text)) or are_persons(bare(text)) or with_affiliation(text)):
        return True
    if (
        not is_set_apart(line)
        and len(text) <= _LONGEST_QUOTATION
        and text[:1] in _QUOTES
        and text.endswith(_ENDS_QUOTE)
    ):
        return True  # whose words these are
    heads = (before.heading and not line.heading) or before.bold
    return bool(heads) and len(text) <= _SHORT_HEADING and not text.endswith(ENDS_TEXT)


def authors_above(lines: list[Line], texts: list[int], place: int) -> list[int]:
    """The lines of names above a name at the end that are its fellow authors': set apart as it is, below prose."""
    line = lines[texts[place]]
    if not is_set_apart(line) or not are_persons(bare(line.text)):
        return []
    first = place
    while first and place - first < MOST_AUTHORS:
        above = lines[texts[first - 1]]
        if not _alike(above, line) or not are_persons(bare(above.text)) or BULLET.match(above.text):
            break
        first -= 1
    prose = lines[texts[first - 1]] if first else None
    if prose is None or place - first >= MOST_AUTHORS or is_set_apart(prose) or not prose.text.endswith(ENDS_TEXT):
        return []
    return texts[first:place] if len(prose.text) > _LONGEST_VERSE and not introduces(prose.text) else []


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines are set alike."""
    return (one.bold, one.italic, one.align) == (other.bold, other.italic, other.align)


def _directly_before(lines: list[Line], texts: list[int], place: int) -> Line | None:
    """The text line above, unless a picture, a caption or a table stands between."""
    return lines[texts[place - 1]] if place and texts[place - 1] == texts[place] - 1 else None


def _signs_elsewhere(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether other names stand below other verses: poems of several authors, each signed."""
    before = _directly_before(lines, texts, place)
    if before is None or len(before.text) > _LONGEST_VERSE:
        return False
    line = lines[texts[place]]
    for earlier in range(2, place - 1):
        text = lines[texts[earlier]].text
        if not _alike(lines[texts[earlier]], line):
            continue
        if len(text) <= _LONGEST_VERSE and len(lines[texts[earlier - 1]].text) <= _LONGEST_VERSE:
            name = bare(text)
            if are_persons(name) and name != bare(line.text):
                return True
    return False


def tells_of_a_book(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether a last line `Tác giả: …` names who wrote the book that the article presents."""
    line = lines[texts[place]]
    if not line.text.lower().startswith("tác giả") or is_set_apart(line):
        return False
    return any(_OF_A_BOOK.search(lines[i].text[:400]) for i in texts[:2])


def tells_of_works(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether `Tác giả: …` near the top belongs to one of several works that the article describes."""
    line = lines[texts[place]]
    if not line.text.lower().startswith("tác giả"):
        return False
    before = lines[texts[place - 1]] if place else None
    heads = before is not None and not line.bold and (before.heading or before.bold) and line.align != "right"
    return bool(heads) or any(lines[i].text[:8].lower() == "tác giả:" for i in texts[place + 1 :])


def is_portrayed(lines: list[Line], texts: list[int], place: int, name: str, told_of: str) -> bool:
    """Whether a name at the top is that of the person the article is about."""
    below = lines[texts[place + 1]].text
    told = _PORTRAIT.match(below) is not None and _NAMES_ANOTHER.search(below[:200]) is None
    return told or _is_told_of(name, told_of)


def introduces(text: str) -> bool:
    """Whether the line below is named or listed by this one."""
    return len(text) <= _LONGEST_INTRODUCTION and _INTRODUCES.search(text) is not None


def is_quotation(text: str) -> bool:
    """Whether a line is a quotation or a verse, so that a name below it is where it comes from."""
    return len(text) <= _LONGEST_INTRODUCTION and _QUOTED.search(text) is not None
