"""Vietnamese names and bylines: is this line who wrote the article? Pure.

A name is two to five capitalised syllables, perhaps behind academic titles. A bare line of that form is a byline only
at the places where bylines stand (right after the title, or last), which `byline.py` decides.
"""

import re
from functools import lru_cache

from archive.records import BylineRole
from scraper.extract.persons import (
    GIVEN,
    NEVER_FIRST,
    NO_NAMES,
    OF_HISTORY,
    OF_ORGANISATIONS,
    OWN_PLACES,
    PLACES,
    SURNAMES,
)

# Longest first, so that PGS.TS. is not cut into PGS and a rest.
_TITLES = (
    r"(?:(?:GS|PGS|TSKH|TS|Th\.?S|ThS|(?:BS|DS|ĐD|CN)?\.?\s?(?:CK|CHUYÊN KHOA |[Cc]huyên khoa )(?:II|I|1|2)"
    r"|BS|BSCK|KS|CN|LS|KTS|DS|DSCK|ĐD|NGƯT|NGND|NSƯT|NSND|NNƯT|AHLĐ|Ths|Ts|Gs|Pgs|Bs|Ks"
    r"|TTƯT|TTND|(?:Nhà giáo|Thầy thuốc|Nghệ nhân|Nghệ sĩ|Nghệ sỹ) (?:[Ưư]u tú|[Nn]hân dân)|Nghệ nhân|Nhà giáo|Lương y"
    r"|Nhà báo|Nhà văn|Nhà thơ|Nhạc sĩ|Nhạc sỹ|Họa sĩ|Hoạ sĩ|Nhà sử học|Nhà khoa học|Dược sĩ|Dược sỹ|Kiến trúc sư"
    r"|Thiếu tướng|Nhà nghiên cứu|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Kỹ sư|Luật sư|Cử nhân"
    r"|Giáo sư|Phó Giáo sư|Cộng tác viên|CTV|PV|Phóng viên|NCS|GVCC|GVC|(?:Đại|Thượng|Trung) tướng"
    r"|(?:Đại|Thượng|Trung|Thiếu) (?:tá|[uú][yý])|(?:Thượng|Trung|Hạ) s[ĩỹ]"
    r"|(?:ĐẠI|THƯỢNG|TRUNG|THIẾU) (?:TƯỚNG|TÁ|[UÚ][YÝ])|TIẾN S[ĨỸ]|THẠC S[ĨỸ]|BÁC S[ĨỸ]|KỸ SƯ)\b[.,:]?\s*)"
)
_LETTERS = [chr(code) for code in (*range(0x41, 0x7B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
UPPER = "".join(letter for letter in _LETTERS if letter.isupper())
LOWER = "".join(letter for letter in _LETTERS if letter.islower())
_SYLLABLE = rf"[{UPPER}][{LOWER}'’]*"
_NAME = rf"{_SYLLABLE}(?:[ -]{_SYLLABLE}){{1,4}}"
_NAME_CAPITALS = rf"[{UPPER}]{{1,8}}(?: [{UPPER}]{{1,8}}){{1,4}}"
_PERSON = re.compile(rf"^(?P<titles>{_TITLES}{{0,4}})(?P<name>{_NAME}|{_NAME_CAPITALS})(?: ?\([^()]{{2,40}}\))?$")
_INITIAL = rf"[{UPPER}][gh]?\."
_INITIALS = re.compile(
    rf"^(?:(?:{_INITIAL} ?){{2,3}}(?:[{UPPER}]|{_SYLLABLE}(?: {_SYLLABLE})?)?"
    rf"|{_INITIAL} ?{_SYLLABLE}(?: {_SYLLABLE})?|[{UPPER}]\.[{UPPER}])$"
)
_NO_INITIALS = frozenset(("t.m", "k.t", "t.l", "t.p", "t.ư", "t.w"))
_SEVERAL = re.compile(r"\s*(?:[-–—,;&/+]|\bvà\b)\s*")
_BY_SEMICOLON = re.compile(r"\s*;\s*")
_SAYS = re.compile(
    r"\b(?:cho rằng|cho biết|chia sẻ|khẳng định|phát biểu|nói|nhấn mạnh|là|đã|đang|sẽ|được|bên|trao|tặng|cùng)\b", re.I
)
_NO_PEN_NAMES = frozenset(
    (
        "kết",
        "quả",
        "luận",
        "hết",
        "phụ",
        "lục",
        "chú",
        "thích",
        "trân",
        "trọng",
        "cảm",
        "ơn",
        "tài",
        "liệu",
        "thông",
        "báo",
    )
)
_QUOTES = ('"', "“", "”", "«", "‘")
_NO_POSITION = re.compile(r"\d{2}/|\bđã\b")
_LONGEST_NAME = 60
_LONGEST_NAMES = 320  # characters: five of the longest
# Not how authors sign; `Anh Thư` and `Hai Hà` may.
_SPOKEN_OF = re.compile(r"^(?:ông|bà|anh|chị|em|cô|chú|bác|thầy|đồng chí|đ/c|các|hai)\b", re.I)
_SPOKEN_OF_ALONE = re.compile(
    r"^(?:(?:ông|bà|chị|bác|thầy|đồng chí|đ/c|các)\s|(?:anh|em|cô|chú)(?: giáo)? \w+ \w)", re.I
)
_NAME_ENDS = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*,\s+|\s+\((?=[^()]+\)$)|\s*/\s*")
_BODIES = re.compile(
    r"^(đoàn (thanh niên|đại biểu|công tác|trường|khối|viên)|vụ |sở |viện )"
)  # open like a family name
_ORGANISATION = re.compile(
    r"\b(hội|liên hiệp|ban|sở|ủy ban|uỷ ban|ubnd|trường|trung tâm|báo|tạp chí|cổng|đài|viện|công ty|phòng"
    r"|khoa|huyện|tỉnh|xã"
    r"|thành phố|bản|cục|vụ|chi cục|bảo tàng|thư viện|bệnh viện|đảng|đoàn|tổ|nhóm|quỹ|hợp tác xã|đơn vị"
    r"|thôn|chi bộ|website)\b",
    re.I,
)
_POSITION = re.compile(
    r"\b(chuyên viên|giám đốc|chủ tịch|phó|trưởng|hiệu trưởng|giảng viên|nghiên cứu viên|cán bộ|bí thư"
    r"|nguyên|ủy viên|uỷ viên"
    r"|thư ký|chánh|cộng tác viên|phóng viên|biên tập viên|giáo viên|hội viên|kỹ sư|bác sĩ|bác sỹ)\b",
    re.I,
)
_OPENS_ORGANISATION = re.compile(
    r"^(?:liên hiệp|(?:chi |trung ương |tỉnh )?hội|ban(?! mai)|sở|ubnd|ủy ban|uỷ ban|trường|trung tâm|báo|tạp chí|cổng"
    r"|đài|viện|học viện|công ty|văn phòng|liên minh|phòng|khoa|cục|chi cục|tổng cục|bảo tàng|thư viện|bệnh viện"
    r"|hợp tác xã|đại học|công an|huyện ủy|huyện uỷ|thành ủy|tỉnh ủy|tỉnh đoàn|(?:ttxvn|vov\d?|vtv\d?)$)(?=\s|$)",
    re.I,
)
_PART = r"tin|bài|ảnh|text|clip|video"
_PARTS = rf"(?:{_PART})(?:(?:\s*(?:,|và|-|–|/|&|\+)\s*|\s+)(?:tin|bài|ảnh|clip|video|viết))*"
_REPORTER = r"cộng tác viên|ctv|(?:nhóm )?(?:pv|phóng viên)"
_GENRE = (
    r"thơ|nhạc|truyện ngắn|bút ký|bút kí|ký|ký sự|ghi chép|tản văn|phóng sự|tùy bút|tuỳ bút|tạp văn|tạp bút|sáng tác"
    r"|chùm ảnh|phóng sự ảnh|bài dự thi|bài viết"
)
_DONE = (
    r"tổng hợp|sưu tầm|biên soạn|sưu tầm và biên soạn|biên dịch|lược dịch|dịch|thực hiện|lược ghi|ghi|giới thiệu"
    r"|st|t/h|ctv|pv"
)
_DONE_ENDS = (")", *_DONE.split("|"))
_LEAD = re.compile(
    rf"^[(\[]?\s*(?P<lead>{_PARTS}"
    r"|tác giả(?: bài viết| bài)?|người viết|(?:người )?thực hiện|biên soạn|sưu tầm|tổng hợp|người đưa tin"
    r"|nguồn(?: tin)?|trích nguồn|nhóm tác giả)"
    r"\s*[:：]\s*(?P<rest>.+?)\s*[)\]]?$",
    re.I,
)
# These are leads only before names, and nothing but names.
_LEAD_OF_NAMES = re.compile(
    rf"^[(\[]?\s*(?P<lead>{_GENRE}|{_REPORTER}|viết|đưa tin|nội dung)\s*[:：]\s*(?P<rest>.+)$", re.I
)
_LEAD_BARE = re.compile(rf"^[(\[]?\s*(?P<lead>{_PARTS}|chùm ảnh|{_REPORTER}|thực hiện|biên soạn)\s+(?P<rest>.+)$", re.I)
_LEAD_OF = re.compile(rf"^[(\[]?\s*(?P<lead>{_GENRE}|{_PARTS}) của\s+(?P<rest>.+)$", re.I)
_DONE_BY = re.compile(rf"^[(\[]?\s*(?P<rest>[^()]{{3,60}}?)\s*(?:\((?:{_DONE})\)|[-–,]?\s(?:{_DONE}))$", re.I)
_TAKEN_BY = re.compile(r"^(?P<rest>[^()]{3,60}?)\s*\((?:theo|nguồn:?|dẫn theo)\s[^()]{2,50}\)$", re.I)
_SECOND_LEAD = re.compile(
    r"\s*(?P<mark>[-–—;,./&|]?)\s*\b(?P<lead>(?:tin|bài|ảnh|clip|video)(?:\s*(?:,|và)\s*(?:tin|bài|ảnh|clip|video))?)\s*[:：]\s*",
    re.I,
)
# A full stop may stand within an address on the web (`Theo dangcongsan.vn`), and before the closing bracket.
_FROM = re.compile(
    r"^[(\[]?\s*(?P<lead>theo|nguồn)\s*[:：]?\s+(?P<rest>(?:[^.!?]|\.(?=[a-z])){2,80}?)\s*\.?[)\]]?\.?$", re.I
)
_LEAD_FROM = re.compile(r"^[(\[]?\s*(?:theo|nguồn)\s*[:：]?\s+", re.I)
_NAMED_PAPER = re.compile(
    r"(?i:báo|tạp chí|đài|cổng(?: thông tin| ttđt)?|bản tin|trang(?: tin)?|website)"
    rf"(?i: điện tử)?\s+[{UPPER}]"
)
_ISSUE = re.compile(  # of a paper: its day, its number, or both
    r"\s*,?\s*(?:(?:số(?: ra)?(?: ngày)?|ra ngày|ngày)\s+[\d./-]+(?:,? (?:ra )?ngày [\d./-]+)?"
    r"|\(\d{1,2}[./-]\d{1,2}(?:[./-]\d{4})?)\s*\)?\.?$",
    re.I,
)
_PAPER = re.compile(
    r"^(?:báo|tạp chí|cổng|trang|website|bản tin|đài|internet|sưu tầm|tổng hợp|https?://|[\w-]+(?:\.[\w-]+)+(?:/\S*)?$)",
    re.I,
)
_SUPPLY = re.compile(r"\b(?:ngân sách|kinh phí|vốn|nước|thu|chi)\b")  # what a `Nguồn: …` of another kind is of
_NO_SOURCE = re.compile(r",|\bđã\b|\bsẽ\b|\d")
_PUPIL = re.compile(r"\bhọc sinh\b|\blớp \d", re.I)
_SYNDICATED = re.compile(r"^(nguồn|theo|trích|sưu tầm|tổng hợp)", re.I)
_DESK = re.compile(
    r"^(?:p\.?v|ctv|pv\s?[-,&]\s?ctv|phóng viên|cộng tác viên"
    r"|(?:nhóm|tổ) (?:pv|p\.v|phóng viên|tác giả|biên tập|ctv|cộng tác viên|biên soạn)"
    r"|(?:ban biên tập|ban bt|bbt|tòa soạn|toà soạn)"
    r"(?: (?:bản tin|trang tin|website|tạp chí|cổng)\b[^.,:;!?]{0,60})?)$",
    re.I,
)
_LONGEST_DESK = 90
_FOOTNOTE_MARK = re.compile(r"\s*\((?:\*{1,3}|\d)\)$")


def bare(text: str) -> str:
    """A name without the marks around it: `(Hải Thành)`, `Hải Thành./.`, `Hải Thành (*)`, `- Hải Thành -`."""
    text = text.strip(" .,;*")
    if text.endswith(("/", ")")):
        text = _FOOTNOTE_MARK.sub("", text.rstrip("/").rstrip(" .")).rstrip(" *.")
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and not any(mark in text[1:-1] for mark in "()[]"):
        text = text[1:-1].strip(" .,;*")
    if text[:1] in ("-", "–", "—") and text[-1:] in ("-", "–", "—"):
        text = text.strip(" -–—")
    return text


def is_person(text: str) -> bool:
    """Whether the whole text is the name of one person, with or without titles."""
    text = text.strip(" .,;*–-")
    match = _PERSON.match(text) if len(text) <= _LONGEST_NAME else None
    if not match:
        return False
    name = match["name"].lower()
    if name in OWN_PLACES or _BODIES.match(name):
        return False
    if match["titles"]:
        return True
    first = name.replace("-", " ").split(" ", 1)[0]
    if first in NEVER_FIRST or _SPOKEN_OF_ALONE.match(name):
        return False
    if match["name"].isupper():  # a line in capitals is more often a heading than a name
        return first in SURNAMES
    return first in SURNAMES or not _names_organisation(name)


def _names_organisation(name: str) -> bool:
    """Whether a word for organisations makes a name one of theirs; `Xuân Trường` and `Ban Mai` are persons."""
    match = _ORGANISATION.search(name)
    if match is None or name.startswith("ban mai"):
        return False
    ends_two = match.end() == len(name) and name.count(" ") == 1 and match.start() > 0
    return not ends_two or name.split(" ")[0] in OF_ORGANISATIONS


def is_pen_name(text: str) -> bool:
    """Whether a text in capitals may be a pen name (`MẠNH HÀ`): of a name's form, and no place or organisation."""
    text = text.strip(" .,;*–-")
    if not re.fullmatch(_NAME_CAPITALS, text) or len(text.split()) > 3:
        return False
    name = text.lower()
    if not _NO_PEN_NAMES.isdisjoint(re.findall(r"\w+", name)):
        return False
    if name in PLACES or name in NO_NAMES or name.split(" ")[0] in NEVER_FIRST:
        return False
    return not (_BODIES.match(name) or _ORGANISATION.search(name) or _POSITION.search(name))


def is_given_name(text: str) -> bool:
    """Whether a text is two syllables that names are made of (`HẢI THÀNH`): enough for a plain line in capitals."""
    syllables = text.lower().split()
    return len(syllables) == 2 and GIVEN.issuperset(syllables) and may_sign(text) and " ".join(syllables) not in PLACES


def is_initials(text: str) -> bool:
    """Whether a text is a name cut to initials (`L.V.H`, `N.T.Lan`, `Ng. Lan`)."""
    if len(text) > 40 or "." not in text[:3] or text.lower() in _NO_INITIALS or is_place(text.split(".", 1)[1].strip()):
        return False
    return not is_desk(text) and _INITIALS.match(text) is not None


def is_place(text: str) -> bool:
    """Whether a text is the name of a place, though it may also be someone's."""
    return text.lower() in PLACES


def may_sign(text: str) -> bool:
    """Whether a text of a name's form may be an author's: no saying, and nobody of history."""
    name = text.lower()
    return name not in NO_NAMES and name not in OF_HISTORY


def is_name_shaped(text: str) -> bool:
    """Whether a short text is of a name's form, whatever it names."""
    return len(text) <= _LONGEST_NAME and _PERSON.match(text) is not None


@lru_cache(maxsize=1 << 8)
def is_desk(text: str) -> bool:
    """Whether the whole line is a collective or anonymous byline: `PV`, `Nhóm phóng viên`, `Ban Biên tập`."""
    return len(text) <= _LONGEST_DESK and _DESK.match(bare(text)) is not None


def has_titles(text: str) -> bool:
    """Whether a person's name stands behind an academic or professional title."""
    match = _PERSON.match(text.strip(" .,;*–-"))
    return bool(match and match["titles"])


def has_surname(text: str) -> bool:
    """Whether a name opens with a Vietnamese family name (those of the north-west's peoples included)."""
    match = _PERSON.match(text.strip(" .,;*–-"))
    return match is not None and re.split(r"[ -]", match["name"])[0].lower() in SURNAMES


@lru_cache(maxsize=1 << 10)  # asked of a line wherever a byline or a caption may stand
def are_persons(text: str) -> bool:
    """Whether the text is one or several names and nothing else."""
    if len(text) > _LONGEST_NAMES:
        return False
    if is_person(text):
        return True
    names = text.strip(" .;*")
    # A comma may stand within titles (`PGS, TS Giàng Thị Máy`), so a semicolon parts names before anything else does.
    for mark in (_BY_SEMICOLON, _SEVERAL):
        first = mark.split(names, maxsplit=1)[0]
        if first and not is_person(first):
            continue
        parts = [part for part in mark.split(names) if part]
        if 2 <= len(parts) <= 5 and all(is_person(part) for part in parts):
            return True
    return False


def first_of(text: str) -> str:
    """The first of several names."""
    return _SEVERAL.split(text, maxsplit=1)[0] if len(text) <= _LONGEST_NAMES else text


def with_affiliation(text: str) -> tuple[str, str] | None:
    """The name and the affiliation of a line that holds both (`TS. Lò Thị Mai - Viện Dân tộc học`); None for others."""
    if len(text) > 140 or text.endswith(".") or _SAYS.search(text) or _SPOKEN_OF.match(text):
        return None
    for match in _NAME_ENDS.finditer(text):
        name, rest = text[: match.start()].strip(), text[match.end() :].strip(" .)")
        if not name or not (is_person(name) or are_persons(name)) or are_persons(rest):
            continue
        if (has_titles(name) or has_surname(name)) and is_position(rest):
            return name, rest
        if match[0].strip() != "," and opens_organisation(rest):
            return name, rest
    return None


def opens_organisation(text: str) -> bool:
    """Whether a text opens with the word of an organisation, as an affiliation does."""
    return _OPENS_ORGANISATION.match(text) is not None


def is_position(text: str) -> bool:
    """Whether a short line is a position or an organisation: what stands below an author's name."""
    if len(text) > 120 or text.endswith((".", ":", ";", "!", "?")) or text[:1] in _QUOTES or _NO_POSITION.search(text):
        return False
    return bool(_POSITION.search(text) or _ORGANISATION.search(text))


@lru_cache(maxsize=1 << 10)
def read_lead(text: str) -> tuple[str, BylineRole] | None:
    """The name and role of a line with a lead such as `Bài và ảnh: …`, `Theo …`, `Nguồn: …`; None without one."""
    if len(text) > 120:
        return None
    match = _LEAD.match(text) if ":" in text or "：" in text else None
    if match is None:
        return _lead_of_names(text) or _from(text)
    lead, rest = match["lead"], match["rest"]
    if lead.lower().startswith(("nguồn", "trích")):
        return _named(lead, rest) if _is_source(rest) and _SUPPLY.search(rest.lower()) is None else None
    if lead.lower().startswith("tác giả") and _PUPIL.search(rest):  # of a work that the article tells of
        return None
    second = _SECOND_LEAD.search(rest)
    if second is not None and second.start() > 0 and second.end() < len(rest):
        mark = second["mark"].replace(".", "").replace("|", "")
        between = f" {mark} " if mark in ("-", "–", "—", "/", "&") else f"{mark or ','} "
        rest = rest[: second.start()].strip() + between + rest[second.end() :]
        lead += " " + second["lead"]
    return _named(lead, rest)


def _named(lead: str, rest: str) -> tuple[str, BylineRole] | None:
    name = bare(rest).strip("–- ")
    if name.count("(") > name.count(")"):  # the bracket at the end closed one of the name's
        name += ")"
    return (name, _role(lead)) if name and len(name) <= 80 else None


def _is_source(rest: str) -> bool:
    """Whether `Nguồn: …` names a paper, an organisation or a person: what has a name of its own."""
    return rest[0].isupper() or _PAPER.match(rest) is not None


def _from(text: str) -> tuple[str, BylineRole] | None:
    """A lead `Theo …` or `Nguồn …`, with or without a colon."""
    issue = _ISSUE.search(text)
    if issue and _NAMED_PAPER.match(_LEAD_FROM.sub("", text, count=1)):
        text = text[: issue.start()]
    match = _FROM.match(text)
    if match is None or _NO_SOURCE.search(match["rest"]) or not _is_source(match["rest"]):
        return None  # `Nguồn gen quý ấy …` is prose
    return _named(match["lead"], match["rest"])


def _lead_of_names(text: str) -> tuple[str, BylineRole] | None:
    """A lead or a remark beside a name that counts only where nothing but names is left: `Bài, ảnh Quỳnh Nga`,
    `Thơ: Lò Mai`, `Ghi chép của Hờ Bá Sinh`, `Tiến Lực biên soạn`, `Thu Hà (tổng hợp)`."""
    text = text.strip(" .;*/")
    if not text or text[-1:] in ":?!" or len(text) > 100:
        return None
    for pattern in (_LEAD_OF_NAMES, _LEAD_OF, _LEAD_BARE):
        match = pattern.match(text)
        if match is None:
            continue
        name = bare(match["rest"].rstrip(")]") if text[0] in "([" else match["rest"])
        sure = (
            has_surname(first_of(name))
            or pattern is not _LEAD_BARE
            or match["lead"].lower() not in ("tin", "bài", "video", "clip")
        )
        if sure and are_persons(name) and may_sign(name) and not is_place(name):
            return name, _role(match["lead"])
    for pattern, ends in ((_DONE_BY, _DONE_ENDS), (_TAKEN_BY, ")")):
        match = pattern.match(text) if text.lower().endswith(ends) else None
        if match is not None and are_persons(match["rest"]) and may_sign(match["rest"]):
            return match["rest"], BylineRole.AUTHOR
    return None


def _role(lead: str) -> BylineRole:
    lead = lead.lower()
    if _SYNDICATED.match(lead):
        return BylineRole.SYNDICATED
    if "ảnh" in lead:
        return BylineRole.TEXT_AND_PHOTO if re.search("tin|bài", lead) else BylineRole.PHOTO
    return BylineRole.AUTHOR
