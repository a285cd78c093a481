"""Who wrote the article: the line that says so, at the top or at the end. Pure.

Most bylines here carry no label, only a place: after the title (a name, perhaps with a position or organisation below)
or as the last line. A signature (`TM. BAN THƯỜNG VỤ`, `CHỦ TỊCH`) is not a byline, nor is a person in a caption.
"""

import re
from dataclasses import dataclass

from archive.records import BylineRole
from scraper.extract.bystanders import (
    BULLET,
    ENDS_TEXT,
    MOST_AUTHORS,
    WRITER,
    authors_above,
    introduces,
    is_item,
    is_pen_name_below,
    is_portrayed,
    is_quotation,
    is_set_apart,
    may_be_author,
    tells_of_a_book,
    tells_of_works,
)
from scraper.extract.lines import Line, LineKind
from scraper.extract.names import (
    are_persons,
    bare,
    first_of,
    has_surname,
    has_titles,
    is_desk,
    is_given_name,
    is_initials,
    is_pen_name,
    is_person,
    is_position,
    may_sign,
    opens_organisation,
    read_lead,
    with_affiliation,
)
from scraper.extract.text import is_capitals, key

_FOR_OTHERS = (
    r"(?:t\s?[./]?\s?m|k\s?[./]?\s?t|t\s?[./]?\s?l|t\.?\s?u\.?\s?q|q)\s?[./]?\s"
    r"|(?:thay mặt|thừa lệnh|thừa ủy quyền|ký thay)\s"
)
_OFFICE = (
    r"(?:(?:phó|q\.|quyền|nguyên) ?)*(?:chủ tịch|tổng giám đốc|giám đốc|bí thư|tổng biên tập|chủ nhiệm|chủ tọa|chủ toạ"
    r"|chủ trì|chủ hộ|thư ký|kế toán|thủ quỹ|chánh văn phòng|chánh thanh tra"
    r"|(?:hiệu|tổ|viện|thủ|bộ|thứ|đội|cục|vụ|chi cục|nhóm|đoàn) trưởng"
    r"|trưởng (?:ban|bản|thôn|xóm|phòng|khoa|đoàn|nhóm|tiểu ban|trạm|tiểu khu|dòng họ|họ))"
)
_PERSONS_ACT = (
    r"người (?:ký|làm|viết đơn|lập|báo cáo|đề nghị|duyệt|kiểm tra|nhận|giao|khai|trình|xác nhận|ghi|cam kết"
    r"|đăng ký|yêu cầu|đại diện|được|phụ trách)|đại diện|xác nhận"
)
# The head of a signature, where its face (capitals, bold) says that it is one.
_SIGNED = re.compile(rf"^(?:{_FOR_OTHERS}|{_OFFICE}\b|{_PERSONS_ACT}|nơi nhận|\(?(?:đã )?ký\b)", re.I)
_SIGNED_IN_BOLD = re.compile(rf"^(?:{_FOR_OTHERS}|{_OFFICE}(?: [^.,:;!?\d]{{1,50}})?$)", re.I)
_WHO_SIGNS = re.compile(r"^NGƯỜI [^\W\d_][^.,:;!?\d]{1,30}$")
_MARKED_AS_SIGNED = re.compile(r"^\(?(?:đã ký|ký,|ký tên|ký và)|người ký|nơi nhận", re.I)
# The same in any face: nothing on the line but the office, in whose name, or where copies go.
_OFFICE_ALONE = re.compile(rf"^(?:(?:{_OFFICE}|{_PERSONS_ACT})(?: [^.,:;!?\d]{{1,50}})?$|nơi nhận\b)", re.I)
_IN_WHOSE_NAME = re.compile(r"^(?:T[./]?M|K[./]?T|T[./]?L|T\.?U\.?Q)(?:[./] ?| )[^\W\d_a-z].{2,70}$|^Nơi nhận\b")
_PLACE_AND_DAY = re.compile(
    r"^\(?(?:[^\W\d_][^\d,;:.!?]{1,35},\s*)?(?:(?:đêm|sáng|chiều|tối|cuối|đầu|mùa) )?"
    r"(?:(?:ngày|tháng|năm|xuân|hè|hạ|thu|đông) ?)?(?:[\d./ -]|tháng|năm){0,20}\b(?:19|20)\d\d\)?\.?$",
    re.I,
)
_OPENS_TEXT = re.compile(r"^[\"“”«‘']|^(?:điều|chương|phần|mục)\s+[\dIVX]|^[\dIVX]+[.)]\s|^[-–•+*]\s", re.I)
_FOOTNOTE = re.compile(
    r"^(?:\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}\s*[.):]\s?(?=[^\W\d_]|\()|\*{1,3}\s?)\s*\S"
    r"|^(?:tài liệu tham khảo|chú thích|ghi chú)\b",
    re.I,
)
_LONGEST_OFFICE = 80
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


def find_byline(lines: list[Line], passed_over: frozenset[int], title: str = "") -> Byline | None:
    """The byline among an article's lines. `passed_over` are those already known to be something else; who is named in
    `title` is written of and writes nothing."""
    texts = [i for i, line in enumerate(lines) if line.kind is LineKind.TEXT and i not in passed_over]
    while texts and _FOOTNOTE.match(lines[texts[-1]].text) and not _is_starred_name(lines, texts):
        texts.pop()  # footnotes stand below the byline
    whole = texts
    if len(texts) > 1 and _is_place_and_day(lines[texts[-1]].text):
        texts = texts[:-1]
    told_of = f" {key(title)} " if title else ""
    return _at_end(lines, texts, told_of) or _at_top(lines, whole, told_of)


def _is_starred_name(lines: list[Line], texts: list[int]) -> bool:
    """Whether the last line is a name behind a star, and no star refers to it."""
    text = lines[texts[-1]].text
    if not text.startswith("*") or not are_persons(bare(text)):
        return False
    return not any(lines[i].text.endswith(("*", "*)")) for i in texts[:-1])


def _is_place_and_day(text: str) -> bool:
    """Whether a line only says where and when a text was written (`Mộc Châu, 12/3/2023`)."""
    return len(text) <= 60 and _PLACE_AND_DAY.match(text) is not None and read_lead(text) is None


def picked_byline(text: str, lines: list[Line]) -> Byline:
    """The byline that a profile's selector picked, its lead and affiliation told apart."""
    taken = frozenset(index for index, line in enumerate(lines) if line.text == text)
    lead = read_lead(text)
    if lead is not None:
        return Byline(*lead, None, taken, "profile", 1.0)
    name, affiliation = with_affiliation(text) or (text, None)
    return Byline(name, BylineRole.AUTHOR, affiliation, taken, "profile", 1.0)


def _at_end(lines: list[Line], texts: list[int], told_of: str) -> Byline | None:
    for back, index in enumerate(reversed(texts[-_WITHIN:])):
        line = lines[index]
        place = len(texts) - 1 - back
        lead = read_lead(line.text)
        if lead is not None:
            return None if tells_of_a_book(lines, texts, place) else _with_lead(lines, texts, place, lead)
        name = bare(line.text)
        if not back and is_desk(name):
            return None if is_item(lines, texts, place) else _alone(name, index, "desk", 0.95)
        both = with_affiliation(line.text)
        if both is not None and _may_stand_with_affiliation(lines, texts, place, both):
            return _with_affiliations(lines, texts, place, both)
        if both is not None and is_item(lines, texts, place):
            return None
        if not back and is_pen_name_below(lines, texts, place, name, told_of) and not _signs(lines, texts, place):
            return _alone(name, index, "last-line", 0.8)
        if are_persons(name) or (not back and place and _is_bare_pen_name(line, name)):
            if _signs(lines, texts, place) or not may_be_author(lines, texts, place, name, told_of):
                return None
            return _signed(lines, texts, place, name, "last-line")
        if not is_position(line.text) or BULLET.match(line.text):
            return None
    return None


def _with_affiliations(lines: list[Line], texts: list[int], place: int, both: tuple[str, str]) -> Byline:
    """The author of a last line that holds an affiliation too, and those of such lines above it, set alike."""
    found, line = [both], lines[texts[place]]
    while is_set_apart(line) and len(found) < min(place, MOST_AUTHORS):
        above = lines[texts[place - len(found)]]
        other = with_affiliation(above.text) if above.align == line.align and above.bold == line.bold else None
        if other is None or BULLET.match(above.text):
            break
        found.insert(0, other)
    names, places = zip(*found, strict=True)
    taken = frozenset(texts[place - len(found) + 1 : place + 1])
    return Byline(", ".join(names), BylineRole.AUTHOR, "; ".join(dict.fromkeys(places)), taken, "last-line", 0.9)


def _alone(name: str, index: int, rule: str, confidence: float) -> Byline:
    return Byline(name, BylineRole.AUTHOR, None, frozenset((index,)), rule, confidence)


def _is_bare_pen_name(line: Line, name: str) -> bool:
    """Whether a last line is a name that would be none elsewhere: in capitals, or cut to initials."""
    if is_initials(name):
        return True
    return line.align != "center" and is_pen_name(name) and (is_set_apart(line) or is_given_name(name))


def _may_stand_with_affiliation(lines: list[Line], texts: list[int], place: int, both: tuple[str, str]) -> bool:
    """Whether name and affiliation on the last line are a byline: by its face, its title, or where below."""
    line = lines[texts[place]]
    before = lines[texts[place - 1]] if place else None
    if _signs(lines, texts, place) or is_item(lines, texts, place):
        return False
    if has_titles(both[0]) or is_set_apart(line):
        return True
    below_prose = before is not None and before.text.endswith(ENDS_TEXT)
    return below_prose and opens_organisation(both[1]) and has_surname(both[0])


def _signs(lines: list[Line], texts: list[int], place: int) -> bool:
    """Whether a name stands below the head of a signature, or right above the office in capitals."""
    above = [lines[i] for i in reversed(texts[max(0, place - 8) : place])]
    if any(is_signature(line) for line in above[:3]) or any(_IN_WHOSE_NAME.match(line.text) for line in above):
        return True
    below = lines[texts[place + 1]].text if place + 1 < len(texts) else ""
    if below and is_capitals(below) and _OFFICE_ALONE.match(below):
        return True
    for line in above[:4]:
        text = line.text
        if len(text) > _LONGEST_OFFICE:
            return False
        if _OFFICE_ALONE.match(text) or (_WHO_SIGNS.match(text) and is_capitals(text) and not WRITER.match(text)):
            return True
        if text.endswith((".", "!", "?", "…")):
            return False
    return False


def is_signature(line: Line) -> bool:
    """Whether a line stands above a signature: in whose name, and the office, in capitals or bold."""
    if len(line.text) > 80 or not _SIGNED.match(line.text) or WRITER.match(line.text):
        return False
    if is_capitals(line.text) or _MARKED_AS_SIGNED.search(line.text):
        return True
    return line.bold and _SIGNED_IN_BOLD.match(line.text) is not None


def _with_lead(lines: list[Line], texts: list[int], place: int, lead: tuple[str, BylineRole]) -> Byline:
    """A line such as `Theo …`; where a bare name stands before it, the name is the author."""
    name, role = lead
    taken = {texts[place]}
    previous = texts[place - 1] if place > 0 else None
    if previous is not None:
        text = bare(lines[previous].text)
        second = read_lead(lines[previous].text)
        if role in (BylineRole.SYNDICATED, BylineRole.PHOTO) and are_persons(text):
            return Byline(text, BylineRole.AUTHOR, None, frozenset(taken | {previous}), "name-before-lead", 0.95)
        if second is not None and second[1] is not BylineRole.SYNDICATED:
            return Byline(*second, None, frozenset(taken | {previous}), "lead", 0.95)
    return Byline(name, role, None, frozenset(taken), "lead", 0.97)


def _signed(lines: list[Line], texts: list[int], place: int, name: str, rule: str) -> Byline:
    below = texts[place + 1 :]
    affiliation = _unbracketed(" ".join(lines[i].text for i in below)) or None
    name = name.strip("-–— ")
    confidence = 0.97 if has_surname(name) or lines[texts[place]].align == "right" else 0.9
    above = authors_above(lines, texts, place)
    names, first = [*(bare(lines[i].text) for i in above), name], place - len(above)
    offices = [affiliation] if affiliation else []
    while offices and not above and first >= 2 and len(names) < MOST_AUTHORS:  # another, with an office of his own
        who, office = (lines[i] for i in texts[first - 2 : first])
        other = bare(who.text)
        if not (_is_set_like(who, lines[texts[place]]) and is_person(other) and is_position(office.text)):
            break
        if not (has_titles(other) or has_surname(other)) or BULLET.match(office.text):
            break
        names.insert(0, other)
        offices.insert(0, _unbracketed(office.text))
        first -= 2
    taken = frozenset((*texts[first : place + 1], *below))
    return Byline(", ".join(names), BylineRole.AUTHOR, "; ".join(offices) or None, taken, rule, confidence)


def _is_set_like(line: Line, other: Line) -> bool:
    return (line.align, line.bold, line.heading) == (other.align, other.bold, other.heading)


def _unbracketed(text: str) -> str:
    """An affiliation without the brackets around it."""
    inner = text[1:-1]
    return inner.strip() if text[:1] == "(" and text[-1:] == ")" and "(" not in inner else text


def _at_top(lines: list[Line], texts: list[int], told_of: str) -> Byline | None:
    for place, index in enumerate(texts[:_WITHIN]):
        if len(texts) <= place + 1:
            return None
        line = lines[index]
        before = lines[texts[place - 1]] if place else None
        # A name below a quotation is where it comes from, unless it has an author's titles.
        quoted = before is not None and is_quotation(before.text) and not has_titles(first_of(bare(line.text)))
        if before is not None and introduces(before.text):
            return None
        lead = read_lead(line.text)
        if lead is not None:
            if tells_of_works(lines, texts, place):
                return None
            return Byline(*lead, *_affiliation(lines, texts, place), "lead-at-top", 0.95)
        name = bare(line.text)
        both = None if BULLET.match(line.text) else with_affiliation(line.text)
        if quoted or BULLET.match(line.text) or is_portrayed(lines, texts, place, both[0] if both else name, told_of):
            both, name = None, ""
        if both is None and are_persons(name) and may_sign(name) and _stands_out(line, name):
            return _named_at_top(lines, texts, place, name)
        if both is not None:
            return _with_affiliations_at_top(lines, texts, place, both)
        if len(line.text) > 150 or line.text.endswith("."):
            return None
    return None


def _with_affiliations_at_top(lines: list[Line], texts: list[int], place: int, both: tuple[str, str]) -> Byline:
    """The author of a line that holds an affiliation too, and those of such lines below it, set alike."""
    found = [both]
    for index in texts[place + 1 : -1][: MOST_AUTHORS - 1]:
        other = with_affiliation(lines[index].text)
        if other is None or not _is_set_like(lines[index], lines[texts[place]]):
            break
        found.append(other)
    names, offices = zip(*found, strict=True)
    taken = frozenset(texts[place : place + len(found)])
    return Byline(", ".join(names), BylineRole.AUTHOR, "; ".join(dict.fromkeys(offices)), taken, "after-title", 0.92)


def _named_at_top(lines: list[Line], texts: list[int], place: int, name: str) -> Byline | None:
    """One author, or several on lines of their own, each perhaps with an affiliation below; None for a mere list. The
    affiliations of several are parted by semicolons, in the order of the names."""
    names, last = [name], place
    affiliations: list[str] = []
    taken = {texts[place]}
    while True:
        affiliation, below = _affiliation(lines, texts, last)
        if affiliation is not None:
            affiliations.append(affiliation)
            taken |= below
            last += len(below) - 1
        following = _also_named(lines, texts, place, last + 1)
        # Once a name has an affiliation below it, only a name that has one too is another author's.
        if not following or (affiliations and _affiliation(lines, texts, last + 1)[0] is None):
            break
        names.append(following)
        last += 1
        taken.add(texts[last])
    if last + 1 >= len(texts) or len(names) > MOST_AUTHORS:
        return None
    stated = "; ".join(affiliations) or None
    return Byline(", ".join(names), BylineRole.AUTHOR, stated, frozenset(taken), "after-title", 0.95)


def _also_named(lines: list[Line], texts: list[int], first: int, place: int) -> str:
    """The name on a line below the first author's, in the same face; an empty text for any other line."""
    if place >= len(texts):
        return ""
    line, like = lines[texts[place]], lines[texts[first]]
    name = bare(line.text)
    return name if _is_set_like(line, like) and are_persons(name) and _stands_out(line, name) else ""


def _stands_out(line: Line, name: str) -> bool:
    """Whether a name at the top is set as a byline is: known as a name, or set apart by its face."""
    first = first_of(name)
    return has_titles(first) or has_surname(first) or is_set_apart(line)


def _affiliation(lines: list[Line], texts: list[int], place: int) -> tuple[str | None, frozenset[int]]:
    """The lines below a name at the top that say what the person is or where."""
    below: list[int] = []
    for index in texts[place + 1 : place + 3]:
        line = lines[index]
        alike = is_set_apart(line) or len(line.text) <= 80
        if not (alike and is_position(line.text)) or index + 1 >= len(lines):
            break
        if (
            (line.heading and not lines[texts[place]].heading)
            or _OPENS_TEXT.match(line.text)
            or (below and line.italic != lines[below[0]].italic)
        ):
            break
        below.append(index)
    text = ", ".join(_unbracketed(lines[i].text) for i in below) or None
    return text, frozenset((texts[place], *below))
