"""The day an article says it is about. Right or none: a wrong day is worse than no day. Pure.

A dateline opens the article's first paragraph (`Ngày 07/12/2021, …`, `Sáng ngày 12/6/2020, …`, `(23/6/2018) …`); day
comes before month. Not datelines: days of decrees (`Nghị quyết số … ngày …`), an essay that opens with a day on which
something was issued or which is history, days later in the text.
"""

import re
from dataclasses import dataclass
from datetime import date

from archive.records import DateKind
from scraper.extract.vocabulary import DOCUMENT_HEAD

_EARLIEST_YEAR = 2005  # the site's articles are later; an earlier day in an opening is history
_DMY = r"(?P<d{n}>\d{{1,2}})\s*[/.\-–]\s*(?P<m{n}>\d{{1,2}})\s*[/.\-–]\s*(?P<y{n}>(?:19|20)\d\d)"
_WORDS = r"(?P<d{n}>\d{{1,2}})\s*tháng\s*(?P<m{n}>\d{{1,2}})\s*(?:năm\s*)?(?:,\s*)?(?P<y{n}>(?:19|20)\d\d)"
_DAY = f"(?:{_DMY.format(n=1)}|{_WORDS.format(n=2)})"
_SEVERAL_DAYS = (
    r"(?:(?:từ\s+)?(?:ngày\s+)?\d{1,2}(?:\s*[/.]\s*\d{1,2})?(?:\s*(?:[-–,]|và|đến(?: hết)?(?: ngày)?)\s*(?:ngày\s+)?))"
)
_PART_OF_DAY = r"(?:(?:buổi\s+)?(?:sáng|trưa|chiều|tối|đêm)(?:\s+(?:hôm\s+)?nay)?|cả ngày|hôm nay|rạng sáng)"
_OPENING = re.compile(
    r"^(?:\(\d{1,2}\)\s*)?[\"“(\[\s–-]*"
    r"(?P<before>(?:(?:vừa qua|mới đây|vừa rồi|hôm nay|theo kế hoạch|trong khuôn khổ [^,.]{3,80}|(?:tại"
    r"|ở) [^,.;:]{3,80}"
    r"|(?:hòa chung|nhân|hướng tới|chào mừng|kỷ niệm|nhằm|để|được sự|với mục đích|tiếp tục)\b[^,.;:]{3,120}(?=,)"
    r"|(?:thực hiện|theo) (?:chương trình"
    r"|kế hoạch) (?:công tác|năm)[^,.\d]{0,40}(?:\d{4})?"
    r"|[^,.;:\d]{2,30}\((?:susta|tbsl|bsl)[^)]*\)|\([^()\d]{2,30}\))\s*[,:–-]?\s*)*"
    r"(?:[^\W\d_][\w ]{1,25}(?:,\s+|\s+[–-]\s+|:\s+))?)"
    rf"(?P<words>(?:vào\s+)?(?:{_PART_OF_DAY}[\s,(]+)*(?:vào\s+)?(?:(?:trong\s+)?(?:các|hai|ba|bốn|\d{{1,2}})\s+)?"
    rf"(?:(?:từ\s+)?ngày\s+)?{_SEVERAL_DAYS}{{0,3}}"
    rf"{_DAY})",
    re.I,
)
# The day after a clause that says on what ground: `Thực hiện Kế hoạch số … ngày … của …, ngày 23/01/2019, Hội …`.
_AFTER_GROUNDS = re.compile(
    r"^(?:thực hiện|căn cứ|theo|hưởng ứng|triển khai|tiếp tục|nhằm|để|nhân|được sự)\b"
    r"(?P<ground>(?:[^.;!?]|\.(?!\s)){10,400}?),\s+"
    rf"(?P<words>(?:vào\s+)?(?:(?:{_PART_OF_DAY}[\s,(]+)+(?:ngày\s+)?"
    r"|(?:trong\s+)?(?:(?:các|hai|ba|bốn|\d{1,2})\s+)?ngày\s+)"
    rf"{_SEVERAL_DAYS}{{0,3}}{_DAY})(?=\s*[,)]|\s+(?:tại|ở)\b)",
    re.I,
)
_NUMBERED = re.compile(r"\bsố[\s:]+\S+$", re.I)
_ISSUED = re.compile(
    r"^[\s,)]*(?:[^.;]{0,90}?)\b(?:ban hành|ký quyết định|ký ban hành|ký sắc lệnh|ra (?:nghị quyết"
    r"|quyết định|lời kêu gọi|chỉ thị|đời)"
    r"|thông qua (?:luật|nghị quyết)|phê duyệt|có hiệu lực|được thành lập|được công nhận|quyết định lấy"
    r"|đã trở thành)\b",
    re.I,
)
_HAPPENED = re.compile(
    r"\b(tổ chức|khai mạc|bế mạc|diễn ra|tiến hành|phối hợp|làm việc|tham dự|tham gia|đến thăm|kiểm tra"
    r"|khảo sát|dự|trao|tiếp"
    r"|họp|phát động|ra mắt|công bố|tới thăm|tập huấn)\b",
    re.I,
)
_CENTRAL = re.compile(
    r"^[\s,)]*(?:bộ chính trị|ban bí thư|ban chấp hành trung ương|quốc hội|ủy ban thường vụ quốc hội"
    r"|chính phủ|thủ tướng"
    r"|chủ tịch nước|chủ tịch hồ chí minh|bác hồ|trung ương đảng|đảng ta|nước ta)",
    re.I,
)
_PLACE_AND_DAY = re.compile(rf"^[^\W\d_][\w ]{{2,25}},\s*(?P<words>ngày\s+{_DAY})\.?$", re.I)
_CLOCK = r"(?:lúc\s*)?\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AP]M)?"
_POSTED_LINE = re.compile(
    r"^(?:(?:ngày|thời gian)?\s*(?:đăng(?: tin| bài| tải)?|cập nhật|gửi|phát hành|xuất bản)\s*[:：]?\s*)?"
    rf"(?:(?:thứ \w+|chủ nhật)[,\s]+)?(?:ngày\s+)?(?:{_CLOCK}[\s,|–-]*)?(?:ngày\s+)?{_DAY}(?:[\s,|–-]*{_CLOCK})?$",
    re.I,
)
_ANY_DAY = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_DAY_FIRST = re.compile(rf"^[\s(\[|:–-]*{_DAY}(?!\d)")
_DAY_LAST = re.compile(rf"(?<!\d){_DAY}[\s)\]|:–-]*$")


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the words it rests on. `iso` is YYYY-MM-DD."""

    iso: str
    kind: DateKind
    evidence: str
    rule: str
    confidence: float


def dateline(paragraph: str) -> Day | None:
    """The dateline that opens a paragraph, or None."""
    match = _OPENING.match(paragraph)
    if match is None:
        return _after_grounds(paragraph)
    iso = _iso(match)
    if iso is None or int(iso[:4]) < _EARLIEST_YEAR:
        return None
    rest = re.split(r"[.;!?](?:\s|$)", paragraph[match.end() :], maxsplit=1)[0]
    if _CENTRAL.match(rest) and not rest.lstrip().startswith(","):
        return None
    issued = _ISSUED.match(rest)
    if issued and not _HAPPENED.search(rest[: issued.end()]):
        return None
    evidence = match["words"].strip()
    opens = match.start("words") <= 2
    return Day(iso, DateKind.DATELINE, evidence, "opening" if opens else "opening-after-lead", 0.97 if opens else 0.9)


def _after_grounds(paragraph: str) -> Day | None:
    """The day an item gives after saying on what ground something was held; not the day of the ground itself."""
    match = _AFTER_GROUNDS.match(paragraph[:600])
    if (
        match is None
        or _NUMBERED.search(match["ground"])
        or not _HAPPENED.search(paragraph[match.end() : match.end() + 300])
    ):
        return None
    iso = _iso(match)
    if iso is None or int(iso[:4]) < _EARLIEST_YEAR:
        return None
    return Day(iso, DateKind.DATELINE, match["words"].strip(), "after-grounds", 0.9)


def document_day(lines: list[str]) -> Day | None:
    """The day a document gives itself (`Sơn La, ngày 12 tháng 3 năm 2022`), where its head shows it is one."""
    head = lines[:14]
    if not any(DOCUMENT_HEAD.search(line) or re.match(r"^số\s*[:：]\s*\d+", line, re.I) for line in head):
        return None
    for line in head:
        match = _PLACE_AND_DAY.match(line)
        iso = _iso(match) if match else None
        if match and iso:
            return Day(iso, DateKind.DOCUMENT, line, "document-head", 0.95)
    return None


def posted_line(text: str) -> Day | None:
    """The day of a line that holds nothing but a day (and an hour, or the word `Ngày đăng`)."""
    match = _POSTED_LINE.match(text) if len(text) <= 70 else None
    iso = _iso(match) if match else None
    return Day(iso, DateKind.POSTED, text, "day-line", 0.9) if iso else None


def picked_day(text: str) -> Day | None:
    """The day within what a profile's selector picked: when the page says it was posted."""
    match = _ANY_DAY.search(text)
    iso = _iso(match) if match else None
    return Day(iso, DateKind.POSTED, text, "profile", 1.0) if iso else None


def day_beside(text: str, title: str) -> tuple[str, str] | None:
    """The day that stands right before or right after a title within a longer text, as (ISO, words)."""
    before, _, after = text.partition(title)
    match = _DAY_FIRST.search(after) or _DAY_LAST.search(before)
    iso = _iso(match) if match else None
    return (iso, match[0].strip(" ()[]|:–-")) if match and iso else None


def lone_day(text: str) -> tuple[str, str] | None:
    """The day of a text that says hardly more than a day, as (ISO, words): `(07/12/2021)`, `Đăng lúc 8:30,
    7/12/2021`."""
    match = _ANY_DAY.search(text) if len(text) <= 70 and not text.endswith(("…", "...")) else None
    iso = _iso(match) if match else None
    if match is None or iso is None:
        return None
    rest = re.sub(r"[\W\d_]+", " ", text[: match.start()] + " " + text[match.end() :]).strip()
    return (iso, match[0]) if len(rest) <= 24 and not _ANY_DAY.search(text, match.end()) else None


def _iso(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    n = "1" if groups.get("d1") else "2"
    try:
        return date(int(groups[f"y{n}"]), int(groups[f"m{n}"]), int(groups[f"d{n}"])).isoformat()
    except ValueError:
        return None
