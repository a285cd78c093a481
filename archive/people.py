"""Who a byline names, for citations and metadata: authors, photographer, or the origin of a syndicated text. Pure.

A record keeps the byline as printed. Citations name people without academic titles, and one by one; names stay in their
Vietnamese order, which has no "family name, given name".
"""

import re

from archive.entries import Record

# Academic and honorary titles as Vietnamese bylines abbreviate them; they may stand in a row (PGS.TS., GS, TSKH.).
_TITLE = (
    r"(?:GS|PGS|TSKH|TS|ThS|Th\.S|CN|KS|BS|BSCKI{1,2}|DS|NGND|NGƯT|NSND|NSƯT|LS|KTS|CVCC|Thạc sĩ|Thạc sỹ"
    r"|Tiến sĩ|Tiến sỹ|Giáo sư|Phó giáo sư|Kỹ sư|Bác sĩ|Luật sư|Nhà báo|Đ/c|Đồng chí)"
)
_LEADING = re.compile(rf"^(?:{_TITLE}(?:\s*[.,:]\s*|\s+|(?=\.)))+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;&/|]|\s[-–—]\s|\s(?:và|cùng)\s)\s*")


def people_of(record: Record) -> tuple[list[str], str | None, str | None]:
    """(authors of the text, photographer alone, origin of a syndicated text)."""
    if not record.byline:
        return [], None, None
    if record.byline_role == "syndicated":
        return [], None, record.byline
    names = names_in(record.byline)
    if record.byline_role == "photo":
        return [], ", ".join(names), None
    return names, None, None


def names_in(byline: str) -> list[str]:
    """The names in a byline, without academic titles; the byline itself where nothing would be left of it."""
    folded = " ".join(byline.split())
    # A title is no name of its own: "PGS, TS. Nguyễn Văn A" is one person.
    parts = [_LEADING.sub("", part).strip(" .") for part in _BETWEEN.split(_LEADING.sub("", folded))]
    names = [part for part in parts if part and not re.fullmatch(_TITLE, part, re.IGNORECASE)]
    return list(dict.fromkeys(names)) or [folded]
