"""Vietnamese names and bylines: is this line who wrote the article? Pure.

A name is two to five capitalised syllables, perhaps behind academic titles. A bare line of that form is a byline only
at the places where bylines stand (right after the title, or last), which `byline.py` decides.
"""

import re
from functools import lru_cache

from archive.records import BylineRole

# Longest first, so that PGS.TS. is not cut into PGS and a rest.
_TITLES = (
    r"(?:(?:GS|PGS|TSKH|TS|Th\.?S|ThS|(?:BS|DS|ĐD|CN)?\.?\s?(?:CK|CHUYÊN KHOA )(?:II|I|1|2)|BS|BSCK|KS|CN|LS|KTS|DS"
    r"|DSCK|ĐD|NGƯT|NGND|NSƯT|NSND|NNƯT|AHLĐ|Ths|Ts|Gs|Pgs|Bs|Ks"
    r"|TTƯT|TTND|Nhà báo|Nhà văn|Nhà nghiên cứu|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Kỹ sư|Luật sư|Cử nhân"
    r"|Giáo sư|Phó Giáo sư|Cộng tác viên|CTV|PV|Phóng viên|Đại tá|Thượng tá|Trung tá|Thiếu tá)\b[.,:]?\s*)"
)
_LETTERS = [chr(code) for code in (*range(0x41, 0x7B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
UPPER = "".join(letter for letter in _LETTERS if letter.isupper())
LOWER = "".join(letter for letter in _LETTERS if letter.islower())
_SYLLABLE = rf"[{UPPER}][{LOWER}'’]*"
_NAME = rf"{_SYLLABLE}(?:[ -]{_SYLLABLE}){{1,4}}"
_NAME_CAPITALS = rf"[{UPPER}]{{1,8}}(?: [{UPPER}]{{1,8}}){{1,4}}"
_PERSON = re.compile(rf"^(?P<titles>{_TITLES}{{0,4}})(?P<name>{_NAME}|{_NAME_CAPITALS})(?: ?\([^()]{{2,40}}\))?$")
_SEVERAL = re.compile(r"\s*(?:[-–—,;&]|\bvà\b)\s*")
_BY_SEMICOLON = re.compile(r"\s*;\s*")
_SAYS = re.compile(
    r"\b(?:cho rằng|cho biết|chia sẻ|khẳng định|phát biểu|nói|nhấn mạnh|là|đã|đang|sẽ|được|bên|trao|tặng|cùng)\b", re.I
)
_NO_PEN_NAMES = frozenset(
    [
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
    ]
)
_LONGEST_NAMES = 320  # characters: five of the longest
_SPOKEN_OF = re.compile(r"^(?:ông|bà|anh|chị|em|cô|chú|bác|thầy|đồng chí|đ/c|các|hai)\b", re.I)  # not how authors sign
_NAME_ENDS = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*,\s+|\s+\((?=[^()]+\)$)")
_SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đào",
        "đoàn",
        "vương",
        "trịnh",
        "trương",
        "đinh",
        "lâm",
        "phùng",
        "mai",
        "tô",
        "hà",
        "tạ",
        "cao",
        "chu",
        "lưu",
        "lương",
        "thái",
        "tăng",
        "quách",
        "khổng",
        "kiều",
        "nghiêm",
        "thạch",
        "la",
        "mạc",
        "tống",
        "hứa",
        "triệu",
        "nông",
        "ma",
        "lò",
        "cầm",
        "quàng",
        "tòng",
        "vì",
        "mùa",
        "giàng",
        "thào",
        "sùng",
        "vàng",
        "bạc",
        "điêu",
        "đèo",
        "lường",
        "lừ",
        "lèo",
        "cà",
        "hờ",
        "hạng",
        "tráng",
        "sồng",
        "vừ",
        "ly",
        "phàng",
        "và",
        "lầu",
        "bàn",
        "tếnh",
        "sa",
        "hoa",
        "bế",
        "âu",
        "lục",
        "cà",
        "đàm",
        "đồng",
        "tòng",
        "lộc",
        "ngần",
        "khà",
        "vi",
        "cút",
        "hạ",
        "thân",
        "tiêu",
        "từ",
        "viên",
        "doãn",
        "giang",
        "khuất",
        "nhâm",
        "quản",
        "thiều",
        "tôn",
        "ông",
        "hầu",
        "mè",
        "mào",
        "mòng",
    ]
)
# Words that open or close places and organisations, in lower case; a line made of them is no person.
_NOT_PERSONS = re.compile(
    r"^(sơn la|việt nam|hà nội|điện biên|lai châu|hòa bình|hoà bình|mộc châu|mai sơn|yên châu|thuận châu|quỳnh nhai"
    r"|mường la|bắc yên|phù yên|sông mã|sốp cộp|vân hồ|vân nam|tây bắc|trung ương|quốc hội|chính phủ|bộ chính trị)$"
)
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
_LEAD = re.compile(
    r"^[(\[]?\s*(?P<lead>(?:tin|bài|ảnh|text|clip|video)(?:(?:\s*(?:,|và|-|–|/|&|\+)\s*|\s+)(?:tin|bài|ảnh|clip|video|viết))*"
    r"|tác giả(?: bài viết| bài)?|người viết|(?:người )?thực hiện|biên soạn|sưu tầm|tổng hợp|người đưa tin"
    r"|nguồn(?: tin)?|trích nguồn|nhóm (?:pv|phóng viên|tác giả)|pv|phóng viên)"
    r"\s*[:：]\s*(?P<rest>.+?)\s*[)\]]?$",
    re.I,
)
# A full stop may stand within an address on the web (`Theo dangcongsan.vn`), and before the closing bracket.
_FROM = re.compile(
    r"^[(\[]?\s*(?P<lead>theo|nguồn)\s*[:：]?\s+(?P<rest>(?:[^.!?]|\.(?=[a-z])){2,80}?)\s*\.?[)\]]?\.?$", re.I
)
_PAPER = re.compile(r"^(?:báo|tạp chí|cổng|trang|website|bản tin|đài|[\w-]+(?:\.[\w-]+)+(?:/\S*)?$)", re.I)
_SYNDICATED = re.compile(r"^(nguồn|theo|trích|sưu tầm|tổng hợp)", re.I)


def is_person(text: str) -> bool:
    """Whether the whole text is the name of one person, with or without titles."""
    text = text.strip(" .,;*–-")
    match = _PERSON.match(text)
    if not match or len(text) > 60:
        return False
    name = match["name"].lower()
    if _NOT_PERSONS.match(name) or _BODIES.match(name):
        return False
    known = bool(match["titles"]) or re.split(r"[ -]", name)[0] in _SURNAMES
    if match["name"].isupper():  # a line in capitals is more often a heading than a name
        return known
    return known or not _ORGANISATION.search(name)


def is_pen_name(text: str) -> bool:
    """Whether a text in capitals may be a pen name (`MẠNH HÀ`): of a name's form, and no place or organisation."""
    text = text.strip(" .,;*–-")
    if not re.fullmatch(_NAME_CAPITALS, text) or len(text.split()) > 3:
        return False
    name = text.lower()
    if not _NO_PEN_NAMES.isdisjoint(re.findall(r"\w+", name)):
        return False
    return not (_NOT_PERSONS.match(name) or _BODIES.match(name) or _ORGANISATION.search(name) or _POSITION.search(name))


_DESK = re.compile(r"(?:nhóm )?(?:pv|p\.v\.?|phóng viên)|ban biên tập|bbt|ctv|cộng tác viên|nhóm tác giả", re.I)


def is_desk(text: str) -> bool:
    """Whether the whole text is a byline without a person's name (`Nhóm PV`, `Ban Biên tập`)."""
    return len(text) <= 40 and _DESK.fullmatch(text.strip(" .,;*–-()")) is not None


def has_titles(text: str) -> bool:
    """Whether a person's name stands behind an academic or professional title."""
    match = _PERSON.match(text.strip(" .,;*–-"))
    return bool(match and match["titles"])


def has_surname(text: str) -> bool:
    """Whether a name opens with a Vietnamese family name (those of the north-west's peoples included)."""
    match = _PERSON.match(text.strip(" .,;*–-"))
    return bool(match) and match is not None and re.split(r"[ -]", match["name"])[0].lower() in _SURNAMES


@lru_cache(maxsize=1 << 10)  # asked of a line wherever a byline or a caption may stand
def are_persons(text: str) -> bool:
    """Whether the text is one or several names and nothing else."""
    if len(text) > _LONGEST_NAMES:
        return False
    if is_person(text):
        return True
    bare = text.strip(" .;*")
    # A comma may stand within titles (`PGS, TS Giàng Thị Máy`), so a semicolon parts names before anything else does.
    for mark in (_BY_SEMICOLON, _SEVERAL):
        parts = [part for part in mark.split(bare) if part]
        if 2 <= len(parts) <= 5 and all(is_person(part) for part in parts):
            return True
    return False


def with_affiliation(text: str) -> tuple[str, str] | None:
    """The name and the affiliation of a line that holds both (`TS. Lò Thị Mai - Viện Dân tộc học`); None for others."""
    if len(text) > 140 or text.endswith(".") or _SAYS.search(text) or _SPOKEN_OF.match(text):
        return None
    for match in _NAME_ENDS.finditer(text):
        name, rest = text[: match.start()].strip(), text[match.end() :].strip(" .)")
        known = has_titles(name) or has_surname(name)
        if known and are_persons(name) and not are_persons(rest) and is_position(rest):
            return name, rest
    return None


def is_position(text: str) -> bool:
    """Whether a short line is a position or an organisation: what stands below an author's name."""
    if len(text) > 120 or text.endswith((".", ":", ";", "!", "?")) or re.search(r"\d{2}/|\bđã\b", text):
        return False
    return bool(_POSITION.search(text) or _ORGANISATION.search(text))


@lru_cache(maxsize=1 << 10)
def read_lead(text: str) -> tuple[str, BylineRole] | None:
    """The name and role of a line with a lead such as `Bài và ảnh: …`, `Theo …`, `Nguồn: …`; None without one."""
    if len(text) > 120:
        return None
    match = _LEAD.match(text)
    if match is None:
        match = _FROM.match(text)
        if match is None or re.search(r",|\bđã\b|\bsẽ\b|\d", match["rest"]):
            return None
        if not (match["rest"][0].isupper() or _PAPER.match(match["rest"])):  # `Nguồn gen quý ấy …` is prose
            return None
    name = match["rest"].strip(" .,;*–-") or None
    if name is None or len(name) > 80:
        return None
    return name, _role(match["lead"])


def _role(lead: str) -> BylineRole:
    lead = lead.lower()
    if _SYNDICATED.match(lead):
        return BylineRole.SYNDICATED
    if "ảnh" in lead:
        return BylineRole.TEXT_AND_PHOTO if re.search("tin|bài", lead) else BylineRole.PHOTO
    return BylineRole.AUTHOR
