"""The day an article says it is about. Right or none: a wrong day is worse than no day. Pure.

A dateline opens the article's first paragraph (`Ngày 07/12/2021, …`, `Sáng thứ Bảy (26/8/2023), …`) or follows a lead
in its first sentence (`Thực hiện Kế hoạch số …, ngày 20/4/2022, …`). Not datelines: days of decrees (`Nghị quyết số …
ngày …`), the day something was issued, begins to hold or may be handed in, days of history or of a speaker's story.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from archive.records import DateKind
from scraper.extract.days import ANY_DAY, DAY, iso_of, time_words_before
from scraper.extract.vocabulary import DOCUMENT_HEAD

_EARLIEST_YEAR = 2005  # the site's articles are later; an earlier day in an opening is history
_EARLY_YEARS = 2011  # before it, only where the sentence reports an event
_LOOKED_AT = 700  # characters of a paragraph
_CANDIDATES = 6  # days of a first sentence
_BRIEF = 40  # a shorter text is a kicker or a byline rather than a paragraph
_LONGEST_LEAD = 200
_LONGEST_EVENT = 31  # days

# A sentence's end; an initial or a title (`TS.`, `P.`) ends none.
_STOP = re.compile(r"(?<![A-ZĐ])[.!?…](?=\s|$)|;")
_JUNK = re.compile(r"^(?:\(\d{1,2}\)\s*)?[\s*–-]*(?:[(\[]\s*$)?")
_QUOTES = "“”\"„«‘'"
_DOC = (
    r"(?:bộ luật|luật(?! sư| gia)|pháp lệnh|hiến pháp|nghị định|nghị quyết|thông tư|quyết định|chỉ thị|kết luận"
    r"|sắc lệnh|lệnh|công điện|công văn|văn bản|thông báo|hướng dẫn)"
)
_HAPPENED = re.compile(
    r"\b(?:(?<!ban )tổ chức|khai mạc|bế mạc|diễn ra|tiến hành|(?<!quy chế )(?<!chương trình )phối hợp|làm việc|tham dự"
    r"|tham gia|đến thăm|tới thăm|(?<!ban )kiểm tra|khảo sát|dự(?! thảo| án| kiến| báo| toán)|trao"
    r"|tiếp(?! tục| theo| nhận| cận)|(?<!kỳ )(?<!phiên )(?<!cuộc )họp|phát động|ra mắt|công bố(?! luật| lệnh)"
    r"|tập huấn)\b",
    re.I,
)
# A letter without a number that calls for something is the news itself.
_LAUNCHES = r"(?:công văn|văn bản|thư) (?:phát động|kêu gọi|vận động)\b"
_ISSUED = re.compile(
    rf"\b(?:ban hành|ký (?:ban hành|{_DOC})|(?:ra|có) (?!{_LAUNCHES})(?:{_DOC}|lời kêu gọi)|ra đời|phê duyệt|hiệu lực"
    rf"|ghi danh|thông qua (?:toàn văn |dự án |dự thảo )?{_DOC}|công bố (?:luật|lệnh)|được (?:thành lập|công nhận)"
    r"|(?:cho phép|chính thức|quyết định) thành lập|unesco công nhận|quyết định lấy|trở thành"
    r"|chính thức (?:vận hành|được áp dụng|áp dụng))\b",
    re.I,
)
_LAW_AS_SUBJECT = re.compile(
    rf"^(?:tại [^,.;]{{3,80}}, )?(?:toàn văn |dự thảo )?{_DOC}\b[^.;]{{0,150}}?"
    r"\b(?:thông qua|ban hành|ra đời|hiệu lực|phê duyệt|được ký|công bố|thay thế|nêu|chỉ|quy định|xác định)\b",
    re.I,
)
_CENTRAL = re.compile(
    r"^[\s)]*(?:bộ chính trị|ban bí thư|ban chấp hành trung ương|quốc hội|ủy ban thường vụ quốc hội|chính phủ|thủ tướng"
    r"|chủ tịch nước|chủ tịch hồ chí minh|bác hồ|trung ương đảng|đảng ta|nước ta)",
    re.I,
)
_WINDOW = re.compile(
    r"\b(?:(?:nhận|nộp|gửi) (?:hồ sơ|bài|tác phẩm|sản phẩm|giải pháp|đăng ký)|mở (?:cổng|đăng ký)"
    r"|đăng ký (?:dự thi|tham gia)|hết hạn|hạn (?:chót|cuối)|(?:được|bắt đầu) áp dụng|thu phí)\b",
    re.I,
)
_NUMERAL = r"(?:\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|nhiều|mấy)"
_NUMBER = rf"(?:hơn |gần |tròn |đúng )?{_NUMERAL}(?: {_NUMERAL}){{0,2}}"
_LOOKS_BACK = re.compile(
    rf"[.;!?…]\s+(?:(?:trải qua |qua |sau |suốt |trong )?{_NUMBER} năm (?:qua|sau|trôi qua|đã qua|nay)\b"
    rf"|(?:trải qua|qua|sau|suốt) {_NUMBER} năm\b|từ (?:đó|ấy) (?:đến|tới) nay|(?:kể )?từ ngày (?:đó|ấy)"
    rf"|kể từ (?:đó|khi)|nhìn lại (?:{_NUMBER} năm|chặng đường)|(?:đến|tới) nay(?:,| đã| sau){{1,2}} {_NUMBER} năm)",
    re.I,
)
_THENCE = re.compile(r"^[^.;!?]*[.;!?]\s+từ (?:đó|ấy),", re.I)
_ANNIVERSARY = re.compile(rf"\b(?:tổng kết|sơ kết|kỷ niệm|đánh giá|gặp mặt|{_NUMBER} năm)\b", re.I)
_TOLD = re.compile(
    r"^tôi\b|\b(?:nhớ lại|kể lại|hồi tưởng|bấy giờ)\b|\btôi\b.*\bkể\b|\b(?:hôm|ngày|khi|lúc|năm|hồi|đêm|buổi) ấy\b",
    re.I,
)

_AGENCY = re.compile(r"^(?:[^,.;:()\d]{2,30})?\([^()\d]{2,30}\)\s*[:–-]?\s*")
_SITE = re.compile(r"(?:[\w-]{2,30}\.){1,3}(?:vn|com|net|org)", re.I)
_PLACE = re.compile(r"^(?:(?:thành phố|tp\.?|huyện|tỉnh|xã|thị xã|bản)\s)?(?P<name>[^\W\d_][\w. ]{1,25})$", re.I)
_SHORT_LEAD = re.compile(
    r"(?:vừa qua|mới đây|vừa rồi|hôm (?:nay|qua)|(?:cuối )?tuần qua|theo kế hoạch|diễn ra|trong khuôn khổ [^.]{3,80}"
    r"|(?:tại|ở) [^.;:]{3,80}|(?:thực hiện|theo) (?:chương trình|kế hoạch) (?:công tác|năm)[^.\d]{0,40}(?:\d{4})?"
    # not years: what comes after those is history
    rf"|sau (?:hơn |gần |đúng )?(?:{_NUMERAL} ){{1,2}}(?:thời gian|ngày|tuần|tháng)[^.;:()\d]{{0,60}})",
    re.I,
)
_GROUND = re.compile(
    r"^(?:theo\b(?! (?:báo cáo|thông tin|số liệu|thống kê|nguồn tin|ghi nhận|kết quả|lời|quy định|đó)\b)"
    r"|(?:thực hiện|căn cứ|hưởng ứng|triển khai|tiếp tục|nhằm|để|nhân|được sự|hòa chung|hoà chung|hướng tới|chào mừng"
    r"|kỷ niệm|với mục đích|trong (?:không khí|khuôn khổ)|thiết thực)\b)",
    re.I,
)
_ORDER = re.compile(r"theo|căn cứ|thực hiện", re.I)
_CITED = re.compile(rf"\b{_DOC}\b[^,]*$", re.I)
_NUMBERED = re.compile(r"\bsố[\s:]+\S+$", re.I)
_PLAN = re.compile(r"^(?:theo|thực hiện|triển khai) (?:kế hoạch|chương trình) số[\s:]+\S+$", re.I)
_OF_WHOM = re.compile(r"^[\s,)]*(?:của|về việc)\b", re.I)
_HELD = re.compile(
    r"^(?:liên hiệp hội|liên minh|hội|sở|ubnd|ủy ban|trường|trung tâm|tỉnh đoàn|ban|chi hội|câu lạc bộ|viện"
    r"|công đoàn)\b[^.,;()\d]{0,60}\b(?:đã|vừa) (?:long trọng |phối hợp [^.,;()\d]{3,60} )?"
    r"(?:tổ chức|khai mạc|bế mạc|trao|ra mắt|ký kết|tập huấn|họp|phát động)\b[^.,;()\d]{3,120}$",
    re.I,
)
_PAST = re.compile(
    r"\b(?:lần thứ nhất|đầu tiên|thành lập|ra đời|khởi công|truyền thống|lịch sử|năm qua|trước đây)\b", re.I
)

_IS = re.compile(
    r"[\s)]*là\s(?!\s*(?:buổi|lễ|phiên|ngày (?:làm việc|hội|khai mạc|diễn ra)))"
)  # what the day is known for
_PART_OF_DAY = re.compile(r"(?:sáng|trưa|chiều|tối)\b", re.I)  # as no document has
_DAY_AND_MONTH = re.compile(r"(?<![\d/])(\d{1,2})\s?/\s?(\d{1,2})(?!\s?[/\d])")
_SINCE = re.compile(r"\btừ\b", re.I)
_LUNAR = re.compile(r"[\s(]*âm lịch", re.I)
_DAYS = re.compile(r"(?:hai|ba|bốn|\d{1,2}) ngày\b.*\d.*\d", re.I)
_AT_A_PLACE = re.compile(r"\s*[,)]|\s+(?:tại|ở)\b")
_WHEN = re.compile(r"vào|sáng|trưa|chiều|tối|trong", re.I)
_WHERE = re.compile(r"\s*(?:tại|ở|với)\b|\s*[,.]")
_PARTING = re.compile(r",\s+|\s+[–-]\s+|:\s*")
_NUMBER_LINE = re.compile(r"số\s*[:：]\s*\d+", re.I)

_PLACE_AND_DAY = re.compile(rf"^(?P<place>[^\W\d_][\w. ]{{2,25}}),\s*(?P<words>ngày\s+{DAY})\.?$", re.I)
_FROM_A_PAPER = re.compile(r"(?:theo|nguồn|báo|tạp chí)\b", re.I)
_SIGNED = re.compile(
    r"^(?:t/?m|tl|kt|tuq)\b|^\(?đã ký|^(?:phó )?(?:chủ tịch|giám đốc|hiệu trưởng|bí thư|tổng thư ký|chánh văn phòng"
    r"|trưởng ban|thủ trưởng)|^ban (?:tổ chức|thường vụ|chấp hành|biên tập|chỉ đạo|giám hiệu|chủ nhiệm)\b|^hội đồng\b",
    re.I,
)
_CLOCK = r"(?:lúc\s*)?\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AP]M)?"
_POSTED_LINE = re.compile(
    r"^(?:(?:ngày|thời gian)?\s*(?:đăng(?: tin| bài| tải)?|cập nhật|gửi|phát hành|xuất bản)\s*[:：]?\s*)?"
    rf"(?:(?:thứ \w+|chủ nhật)[,\s]+)?(?:ngày\s+)?(?:{_CLOCK}[\s,|–-]*)?(?:ngày\s+)?{DAY}(?:[\s,|–-]*{_CLOCK})?$",
    re.I,
)
_DAY_FIRST = re.compile(rf"^[\s(\[|:–-]*{DAY}(?!\d)", re.I)
_DAY_LAST = re.compile(rf"(?<!\d){DAY}[\s)\]|:–-]*$", re.I)
_BESIDE = 60  # characters next to a title in which its day stands


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the words it rests on. `iso` is YYYY-MM-DD."""

    iso: str
    kind: DateKind
    evidence: str
    rule: str
    confidence: float


def dateline(paragraph: str) -> Day | None:
    """The dateline that opens a paragraph or stands in its first sentence after a lead, or None."""
    text = paragraph[:_LOOKED_AT]
    if text.lstrip(" ([–-")[:1] in _QUOTES:  # a speaker's day; also an empty text
        return None
    stop = _STOP.search(text)
    for match in islice(ANY_DAY.finditer(text, 0, stop.start() if stop else len(text)), _CANDIDATES):
        start, several = time_words_before(text, match.start())
        iso = iso_of(match)
        if iso is None or int(iso[:4]) < _EARLIEST_YEAR:
            continue
        words, after = text[start : match.end()], text[match.end() :]
        rule = _rule_of(text[:start], words, after)
        if rule is None:
            continue
        if _SINCE.search(words) and not several:  # since that day, or its end follows
            continue
        if _IS.match(after) or (several and _is_period(words, iso)):
            return None
        if not _is_reported(after, int(iso[:4])):
            return None
        if "(" in words and ")" not in words and after.startswith(")"):
            words += ")"
        return Day(iso, DateKind.DATELINE, words.strip(" ,("), *rule)
    return None


def _is_period(words: str, iso: str) -> bool:
    """Whether words name a first and a last day so far apart that something is reported of the time between."""
    first = next(filter(None, map(iso_of, ANY_DAY.finditer(words))), iso)
    if first == iso and (short := _DAY_AND_MONTH.search(words)):
        first = f"{iso[:4]}-{int(short[2]):02}-{int(short[1]):02}"
    try:
        return (date.fromisoformat(iso) - date.fromisoformat(first)).days > _LONGEST_EVENT
    except ValueError:
        return False


def _rule_of(before: str, words: str, after: str) -> tuple[str, float] | None:
    """The rule, with its confidence, by which a day after such a beginning is a dateline."""
    if _OF_WHOM.match(after) or _LUNAR.match(after):
        return None
    lead = _JUNK.sub("", before, count=1)
    if not lead:
        return "opening", 0.97
    bare = words[:1].isdigit()
    if _is_lead(lead, bare=bare) or (lead.strip().lower() == "sau" and _DAYS.match(words)):
        return "opening-after-lead", 0.9
    lead, comma = lead.rstrip(), lead.rstrip().endswith(",")
    if comma and _GROUND.match(lead) and not bare and (_AT_A_PLACE.match(after) or _PART_OF_DAY.match(words)):
        lead = lead.rstrip(" ,")
        if (not _NUMBERED.search(lead) or _PLAN.match(lead)) and _HAPPENED.search(after[:300]):
            return "after-grounds", 0.9
    if _HELD.match(lead) and _WHEN.match(words):
        told_where = _WHERE.match(after)
        return ("after-event", 0.85) if told_where and not _PAST.search(lead) else None
    return None


def _is_lead(lead: str, *, bare: bool) -> bool:
    """Whether a beginning is nothing but leads: an agency, a place, `Vừa qua`, and grounds that a comma ends. A bare
    day (`…, 5/6/2022, …`) may be part of the grounds."""
    lead = _AGENCY.sub("", lead, count=1)
    place, mark, rest = _first_of(lead)
    if mark and (_is_place(place) or _SITE.fullmatch(place)):
        lead = rest
    *clauses, last = (clause.strip(" (–:-") for clause in lead.split(","))
    for clause in clauses:
        ground = not bare and 3 <= len(clause) <= 160 and _GROUND.match(clause) and not _ORDER.match(clause)
        if not (ground or _SHORT_LEAD.fullmatch(clause)) or _NUMBERED.search(clause):
            return False
    return not last or (_SHORT_LEAD.fullmatch(last) is not None and not _CITED.search(last))


def _first_of(lead: str) -> tuple[str, str, str]:
    """What stands before the first comma, dash or colon, that mark, and what follows."""
    match = _PARTING.search(lead)
    return (lead[: match.start()], match[0], lead[match.end() :]) if match else (lead, "", "")


def _is_place(text: str) -> bool:
    """Whether a text is written like a place or an agency: `Sơn La`, `huyện Mai Sơn`, `SLO`."""
    match = _PLACE.match(text)
    words = match["name"].split() if match else []
    return bool(words) and all(word[0].isupper() for word in words) and (len(words) > 1 or text.isupper())


def _is_reported(after: str, year: int) -> bool:
    """Whether what follows a day tells of that day as news: no law, no window, no history, no story."""
    told = after.lstrip(" ,.;:)]–-")
    stop = _STOP.search(told)
    sentence = told[: stop.start()] if stop else told
    if not any(map(str.isalpha, sentence)) or (_CENTRAL.match(after) and not after.lstrip(" )").startswith(",")):
        return False
    event = _HAPPENED.search(sentence)
    if _LAW_AS_SUBJECT.match(sentence) or (event is None and year < _EARLY_YEARS):
        return False
    for other in (_ISSUED.search(sentence[:160]), _WINDOW.search(sentence)):
        if other and not (event and event.start() < other.start()):
            return False
    if _TOLD.search(sentence) or 0 <= told.find("”") < (told.find("“") % (_LOOKED_AT + 1)):
        return False
    if _LOOKS_BACK.search(after) and not _ANNIVERSARY.search(sentence):
        return False
    return event is not None or not _THENCE.match(told)


def brief_dateline(text: str) -> Day | None:
    """The dateline of a text too short for a paragraph, where it is a sentence, no entry of a list of days."""
    day = dateline(text) if len(text) < _BRIEF else None
    if day is None or f"{day.evidence}:" in text:
        return None
    return day if text.endswith((".", "!")) or _HAPPENED.search(text) else None


def dateline_below(lead: str, paragraph: str) -> Day | None:
    """The dateline that opens a report below a plain lead of one short sentence."""
    stop = _STOP.search(lead)
    if len(lead) > _LONGEST_LEAD or (stop and stop.end() < len(lead)) or ANY_DAY.search(lead) or not lead.endswith("."):
        return None
    day = dateline(paragraph)
    if (
        day is None
        or day.rule != "opening"
        or int(day.iso[:4]) < _EARLY_YEARS
        or _PAST.search(lead.replace("Lần đầu tiên", ""))
    ):
        return None
    stop = _STOP.search(paragraph)
    first = paragraph[: stop.start()] if stop else paragraph
    if _PAST.search(first) or not _HAPPENED.search(first):
        return None
    return Day(day.iso, day.kind, day.evidence, "opening-below-lead", 0.85)


def document_day(lines: list[str]) -> Day | None:
    """The day a document gives itself (`Sơn La, ngày 12 tháng 3 năm 2022`): in a head that shows it is one, alone on
    top, or at the end above a signature."""
    head = lines[:14]
    proven = any(DOCUMENT_HEAD.search(line) or _NUMBER_LINE.match(line) for line in head)
    if proven and (day := next(filter(None, map(_place_and_day, head)), None)):
        return day
    own = [day for line in lines[:3] if (day := _place_and_day(line))]
    tail = lines[-8:]
    for number, line in enumerate(tail):
        if (day := _place_and_day(line)) and any(map(_SIGNED.match, tail[number + 1 : number + 4])):
            own.append(day)
    return next((day for day in own if int(day.iso[:4]) >= _EARLIEST_YEAR), None)


def _place_and_day(line: str) -> Day | None:
    match = _PLACE_AND_DAY.match(line) if len(line) <= 80 else None
    iso = iso_of(match) if match and _is_place(match["place"]) and not _FROM_A_PAPER.match(line) else None
    return Day(iso, DateKind.DOCUMENT, line, "document-line", 0.95) if iso else None


def posted_line(text: str) -> Day | None:
    """The day of a line that holds nothing but a day (and an hour, or the word `Ngày đăng`)."""
    match = _POSTED_LINE.match(text) if len(text) <= 70 else None
    iso = iso_of(match) if match else None
    return Day(iso, DateKind.POSTED, text, "day-line", 0.9) if iso else None


def picked_day(text: str) -> Day | None:
    """The day within what a profile's selector picked: when the page says it was posted."""
    match = ANY_DAY.search(text)
    iso = iso_of(match) if match else None
    return Day(iso, DateKind.POSTED, text, "profile", 1.0) if iso else None


def day_beside(text: str, title: str) -> tuple[str, str] | None:
    """The day that stands right before or right after a title within a longer text, as (ISO, words)."""
    before, _, after = text.partition(title)
    match = _DAY_FIRST.search(after[:_BESIDE]) or _DAY_LAST.search(before[-_BESIDE:])
    iso = iso_of(match) if match else None
    return (iso, match[0].strip(" ()[]|:–-")) if match and iso else None


def lone_day(text: str) -> tuple[str, str] | None:
    """The day of a text that says hardly more than a day, as (ISO, words): `(07/12/2021)`, `Đăng lúc 8:30,
    7/12/2021`."""
    match = ANY_DAY.search(text) if len(text) <= 70 and not text.endswith(("…", "...")) else None
    iso = iso_of(match) if match else None
    if match is None or iso is None:
        return None
    rest = re.sub(r"[\W\d_]+", " ", text[: match.start()] + " " + text[match.end() :]).strip()
    return (iso, match[0]) if len(rest) <= 24 and not ANY_DAY.search(text, match.end()) else None
