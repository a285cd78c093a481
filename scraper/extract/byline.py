"""Who wrote the article: the line that says so, at the top or at the end. Pure.

Most bylines here carry no label, only a place: after the title (a name, perhaps with a position or organisation below)
or as the last line. A signature (`TM. BAN THƯỜNG VỤ`, `CHỦ TỊCH`) is not a byline, nor is a person in a caption.
"""

import re
from dataclasses import dataclass

from archive.records import BylineRole
from scraper.extract.lines import Line, LineKind
from scraper.extract.names import (
    are_persons,
    has_surname,
    has_titles,
    is_pen_name,
    is_position,
    read_lead,
    with_affiliation,
)
from scraper.extract.text import is_capitals

_SIGNED = re.compile(
    r"^(t\.?m\.?|k\.?t\.?|t\.?l\.?|q\.)\s|^(chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|bí thư|trưởng ban"
    r"|hiệu trưởng|chánh văn phòng"
    r"|người ký|đã ký|\(đã ký\)|nơi nhận)",
    re.I,
)
_OPENS_TEXT = re.compile(r"^[\"“”«‘']|^(?:điều|chương|phần|mục)\s+[\dIVX]|^[\dIVX]+[.)]\s|^[-–•+*]\s", re.I)
_FOOTNOTE = re.compile(
    r"^(?:\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}\s*[.):]\s?(?=[^\W\d_]|\()|\*{1,3}\s?)\s*\S"
    r"|^(?:tài liệu tham khảo|chú thích|ghi chú)\b",
    re.I,
)
_MOST_AUTHORS = 4
_WITHIN = 4  # text lines at the top, and at the end, among which a byline is looked for


@dataclass(frozen=True, slots=True)
class Byline:
    """The name as printed, its role, and the affiliation below it; `lines` are the local indexes it takes up."""

    name: str
    role: BylineRole
    affiliation: str | None
    lines: frozenset[int]
    rule: str
    confidence: float


def find_byline(lines: list[Line], passed_over: frozenset[int]) -> Byline | None:
    """The byline among an article's lines. `passed_over` are those already known to be something else."""
    texts = [i for i, line in enumerate(lines) if line.kind is LineKind.TEXT and i not in passed_over]
    while texts and _FOOTNOTE.match(lines[texts[-1]].text):  # footnotes stand below the byline
        texts.pop()
    return _at_end(lines, texts) or _at_top(lines, texts)


def picked_byline(text: str, lines: list[Line]) -> Byline:
    """The byline that a profile's selector picked, its lead and affiliation told apart."""
    taken = frozenset(index for index, line in enumerate(lines) if line.text == text)
    lead = read_lead(text)
    if lead is not None:
        return Byline(*lead, None, taken, "profile", 1.0)
    name, affiliation = with_affiliation(text) or (text, None)
    return Byline(name, BylineRole.AUTHOR, affiliation, taken, "profile", 1.0)


def _at_end(lines: list[Line], texts: list[int]) -> Byline | None:
    for back, index in enumerate(reversed(texts[-_WITHIN:])):
        line = lines[index]
        place = len(texts) - 1 - back
        before = lines[texts[place - 1]] if place > 0 else None
        lead = read_lead(line.text)
        name = line.text.strip(" .,;*")
        if lead is not None:
            return _with_lead(lines, texts, place, lead)
        both = with_affiliation(line.text)
        if both is not None and (has_titles(both[0]) or _set_apart(line)) and not _signs(lines, texts, place):
            return Byline(both[0], BylineRole.AUTHOR, both[1], frozenset((index,)), "last-line", 0.9)
        pen_name = not back and place and line.align != "center" and _set_apart(line) and is_pen_name(name)
        if are_persons(name) or pen_name:
            if _signs(lines, texts, place):
                return None
            if before is None and not (has_surname(name) or _set_apart(line)):
                return None
            return _signed(lines, texts, place, name, "last-line")
        if not is_position(line.text):
            return None
    return None


def _signs(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether a name stands below the head of a signature."""
    return any(is_signature(lines[i]) for i in texts[max(0, place - 3) : place])


def _set_apart(line: Line) -> bool:
    """Whether a line is set as a byline is: to the right, centred, pushed in, or in a face of its own."""
    return line.align in ("right", "center") or line.indented or line.bold or line.italic


def is_signature(line: Line) -> bool:
    """Whether a line stands above a signature: in whose name, and the office, in capitals or bold."""
    if len(line.text) > 80 or not _SIGNED.match(line.text):
        return False
    return is_capitals(line.text) or line.bold or "ký" in line.text.lower()


def _with_lead(lines: list[Line], texts: list[int], place: int, lead: tuple[str, BylineRole]) -> Byline:
    """A line such as `Theo …`; where a bare name stands before it, the name is the author."""
    name, role = lead
    taken = {texts[place]}
    previous = texts[place - 1] if place > 0 else None
    if previous is not None:
        text = lines[previous].text.strip(" .,;*")
        second = read_lead(lines[previous].text)
        if role in (BylineRole.SYNDICATED, BylineRole.PHOTO) and are_persons(text):
            return Byline(text, BylineRole.AUTHOR, None, frozenset(taken | {previous}), "name-before-lead", 0.95)
        if second is not None and second[1] is not BylineRole.SYNDICATED:
            return Byline(*second, None, frozenset(taken | {previous}), "lead", 0.95)
    return Byline(name, role, None, frozenset(taken), "lead", 0.97)


def _signed(lines: list[Line], texts: list[int], place: int, name: str, rule: str) -> Byline:
    below = texts[place + 1 :]
    affiliation = " ".join(lines[i].text for i in below) or None
    confidence = 0.97 if has_surname(name) or lines[texts[place]].align == "right" else 0.9
    return Byline(name, BylineRole.AUTHOR, affiliation, frozenset((texts[place], *below)), rule, confidence)


def _at_top(lines: list[Line], texts: list[int]) -> Byline | None:
    for place, index in enumerate(texts[:_WITHIN]):
        line = lines[index]
        lead = read_lead(line.text)
        if lead is not None and len(texts) > place + 1:
            return Byline(*lead, *_affiliation(lines, texts, place), "lead-at-top", 0.95)
        name = line.text.strip(" .,;*")
        if are_persons(name) and _stands_out(line, name) and len(texts) > place + 1:
            return _named_at_top(lines, texts, place, name)
        both = with_affiliation(line.text)
        if both is not None and len(texts) > place + 1:
            return Byline(both[0], BylineRole.AUTHOR, both[1], frozenset((index,)), "after-title", 0.92)
        if len(line.text) > 150 or line.text.endswith("."):
            return None
    return None


def _named_at_top(lines: list[Line], texts: list[int], place: int, name: str) -> Byline:
    """One author, or several on lines of their own, with what stands below them."""
    names, last = [name], place
    while last + 2 < len(texts) and len(names) < _MOST_AUTHORS:
        line = lines[texts[last + 1]]
        following = line.text.strip(" .,;*")
        if not are_persons(following) or not _stands_out(line, following):
            break
        names.append(following)
        last += 1
    affiliation, below = _affiliation(lines, texts, last)
    taken = below | frozenset(texts[place : last + 1])
    return Byline(", ".join(names), BylineRole.AUTHOR, affiliation, taken, "after-title", 0.95)


def _stands_out(line: Line, name: str) -> bool:
    """Whether a name at the top is set as a byline is: known as a name, or set apart by its face."""
    return has_titles(name) or has_surname(name) or _set_apart(line)


def _affiliation(lines: list[Line], texts: list[int], place: int) -> tuple[str | None, frozenset[int]]:
    """The lines below a name at the top that say what the person is or where."""
    below: list[int] = []
    for index in texts[place + 1 : place + 3]:
        line = lines[index]
        alike = _set_apart(line) or len(line.text) <= 80
        if not (alike and is_position(line.text)) or index + 1 >= len(lines):
            break
        if (
            (line.heading and not lines[texts[place]].heading)
            or _OPENS_TEXT.match(line.text)
            or (below and line.italic != lines[below[0]].italic)
        ):
            break
        below.append(index)
    text = ", ".join(lines[i].text for i in below) or None
    return text, frozenset((texts[place], *below))
