"""How a day is written in Vietnamese, and how far the words of time around it reach. Day before month. Pure.

`07/12/2021`, `7 - 12 - 2021`, `7 tháng 12 năm 2021`, `12/5 năm 2022`, `12 tháng 5/2022`, `12 tháng Năm năm 2022`;
before it may stand `Sáng thứ Bảy (`, `Lúc 8 giờ 30 ngày`, `Trong hai ngày mùng 8 và`, `mùng 9 tháng Giêng (tức ngày`.
"""

import re
from datetime import date

_MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
DAY = (
    r"(?P<d>\d{1,2})\s{0,3}(?:[/.\-–]\s{0,3}(?P<m>\d{1,2})\s{0,3}(?:[/.\-–]|,?\s{0,3}năm)\s{0,3}"
    rf"|tháng\s{{0,3}}(?P<w>\d{{1,2}}|{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
    # `tháng 5, 2022` only where it cannot be two thousand of something
    r"(?:\s{0,3}[/.\-–]\s{0,3}|\s{0,3},?\s{0,3}năm\s{0,3}|,?\s{1,3}(?=\d{4}(?:\s{0,3}[,.;:)\]–-]|\s\d{1,2}[:h]|$))))"
    r"(?P<y>(?:19|20)\d\d)"
)
ANY_DAY = re.compile(rf"(?<!\d){DAY}(?!\d)", re.I)

_REACH = 48  # characters before a day in which one word of time is looked for
_MORE_WORDS = 8
_MONG = re.compile(r"\bm[ùồ]ng\s*$", re.I)
_ANOTHER_DAY = re.compile(
    r"(?<![\w/.])(?<!số )(?<!thứ )(?:m[ùồ]ng\s)?\d{1,2}"
    r"(?:\s?[/.]\s?\d{1,2}(?:\s?[/.]\s?\d{4})?|\stháng\s\d{1,2}(?:\snăm\s\d{4})?)?"
    r"\s*(?:,|(?:[-–]|và|đến(?: hết)?|tới)(?:\s?ngày\b)?)\s*(?:m[ùồ]ng\s)?$",
    re.I,
)
_LUNAR_DAY = re.compile(
    r"(?<!\w)(?:m[ùồ]ng\s)?\d{1,2}(?:\stháng\s\w+|/\d{1,2})(?:\snăm\s\w+\s\w+)?(?:\sâm lịch)?[\s,(]*$", re.I
)
_TIME_WORD = re.compile(
    r"(?<!\w)(?:ngày|buổi|rạng sáng|(?:sáng|trưa|chiều|tối|đêm|khuya)(?: hôm)?(?: nay| qua| sớm)?|cả ngày"
    r"|hôm(?: nay| qua)?|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật"
    r"|\d{1,2}\s?(?:giờ|h|g|:)\s?(?:\d{1,2})?(?:\s?phút)?"
    r"|lúc|đúng|khoảng|vào(?: hồi| lúc)?|(?:trong )?(?:các|suốt|hai|ba|bốn|\d{1,2}) ngày|trong|từ|tức(?: là)?)[\s,(]*$",
    re.I,
)


def iso_of(match: re.Match[str]) -> str | None:
    """The day of a match of `DAY` as YYYY-MM-DD; None where the calendar has no such day."""
    month = match["m"] or match["w"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month.lower()) + 1
    try:
        return date(int(match["y"]), number, int(match["d"])).isoformat()
    except ValueError:
        return None


def time_words_before(text: str, at: int) -> tuple[int, bool]:
    """Where the words of time that lead to the day at `at` begin, and whether they name an earlier day too."""
    start = _peel(_MONG, text, at)
    last = start
    for _ in range(_MORE_WORDS):
        before = _peel(_ANOTHER_DAY, text, last)
        if before == last:
            break
        last = before
    several = last != start
    start = last
    for _ in range(_MORE_WORDS):
        before = _peel(_TIME_WORD, text, start)
        if before == start:
            break
        start = before
        if text[start : start + 3].lower() == "tức":
            start = _peel(_LUNAR_DAY, text, start)
    return start, several


def _peel(pattern: re.Pattern[str], text: str, end: int) -> int:
    """Where a pattern begins that ends at `end`; `end` itself where there is none."""
    begin = max(0, end - _REACH)
    match = pattern.search(text[begin:end])
    return begin + match.start() if match else end
