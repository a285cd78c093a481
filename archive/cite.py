"""Citations of an article: text, BibTeX, RIS, CSL-JSON. Pure.

Each names authors, title, site, day, address, the source's credit, and the capture that the words rest on: its time and
the SHA-256 of its payload, so that anyone can tell whether they have the same bytes. What is not known is said to be
unknown (`[không rõ ngày]`, n.d.), never guessed. Names stay in their Vietnamese order and whole: nothing is inverted.

Text from pages is hostile: control characters are dropped, line breaks folded, and what BibTeX, TeX or RIS would act
upon is written so that they show it.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from archive.entries import Entry
from archive.people import people_of

NO_DATE = {"vi": "[không rõ ngày]", "en": "n.d."}
# TeX's special characters. A brace is counted by BibTeX even behind a backslash, so it needs a name.
_TEX = {
    "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
}  # fmt: skip
_TEX_TABLE = str.maketrans(_TEX)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says of an article; every text is one line without control characters."""

    key: str
    authors: tuple[str, ...]
    photographer: str | None
    origin: str | None
    title: str
    site: str
    organisation: str
    date: str | None
    url: str
    credit: str
    captured_at: str | None
    capture_id: int | None
    digest: str | None

    @property
    def captured_day(self) -> str | None:
        return self.captured_at[:10] if self.captured_at else None


def citation_of(entry: Entry, payload_sha256: str | None) -> Citation:
    """What to cite of an article as its newest revision has it; the digest is that of its capture's payload."""
    record = entry.record
    authors, photographer, origin = people_of(record)
    host = re.sub(r"[^a-z0-9]+", "-", record.site.lower()).strip("-")
    number = record.site_id if record.site_id is not None else f"a{entry.id}"
    return Citation(
        key=f"{host}-{number}",
        authors=tuple(map(_line, authors)),
        photographer=photographer and _line(photographer),
        origin=origin and _line(origin),
        title=_line(record.title),
        site=_line(record.source.name),
        organisation=_line(record.source.organisation),
        date=record.date,
        url=quote(_line(record.url), safe="/:?#[]@!$&'()*+,;=%~"),
        credit=_line(record.source.credit),
        captured_at=record.captured_at,
        capture_id=entry.capture_id,
        digest=payload_sha256,
    )


def _line(text: str) -> str:
    """Text on one line, without what steers a terminal or the direction of writing."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    shown = "".join(letter for letter in folded if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    return " ".join(shown.split())


def text(cited: Citation, language: str = "vi") -> str:
    """A citation to read, in Vietnamese or English."""
    words = _WORDS[language]
    day = _day(cited.date, language) if cited.date else NO_DATE[language]
    opening = f"{', '.join(cited.authors)} ({day}). “{cited.title}”" if cited.authors else f"“{cited.title}” ({day})"
    parts = [opening]
    if cited.origin:
        parts.append(f"{words['origin']} {cited.origin}")
    if cited.photographer:
        parts.append(f"{words['photo']}: {cited.photographer}")
    parts.append(", ".join(filter(None, (cited.site, cited.organisation))))
    return (
        ". ".join(part.rstrip(".") for part in parts) + f". {cited.url}. {_archived(cited, language)}. {cited.credit}."
    )


def bibtex(cited: Citation, language: str = "vi") -> str:
    """A BibTeX entry in UTF-8, for BibTeX and biblatex alike (`@misc` with `url` and `urldate`)."""
    fields: dict[str, str | None] = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in cited.authors) or None,
        "title": f"{{{_tex(cited.title)}}}",
        "organization": _tex(cited.organisation) or None,
        "howpublished": _tex(cited.site),
        "year": cited.date[:4] if cited.date else NO_DATE[language],
        "month": str(int(cited.date[5:7])) if cited.date else None,
        "day": str(int(cited.date[8:10])) if cited.date else None,
        "url": cited.url,
        "urldate": cited.captured_day,
        "note": _tex(_note(cited, language)),
    }
    lines = [f"  {name:12} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{cited.key},", *lines, "}"))


def ris(cited: Citation, language: str = "vi") -> str:
    """A RIS record of type ELEC (web page), lines ended by CRLF as the format asks."""
    year_to_day = cited.date.replace("-", "/") if cited.date else None
    tags: list[tuple[str, str | None]] = [("TY", "ELEC")]
    tags += [("AU", name) for name in cited.authors]
    tags += [
        ("TI", cited.title),
        ("T2", cited.site),
        ("PB", cited.organisation or None),
        ("PY", cited.date[:4] if cited.date else None),
        ("DA", year_to_day),
        ("UR", cited.url),
        ("Y2", cited.captured_day.replace("-", "/") if cited.captured_day else None),
        ("N1", _note(cited, language)),
        ("ID", cited.key),
        ("ER", ""),
    ]
    return "\r\n".join(f"{tag}  - {value}" for tag, value in tags if value is not None)


def csl_json(cited: Citation, language: str = "vi") -> str:
    """A CSL-JSON array of one item, as citation managers and pandoc read it."""
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "article-newspaper",
        "title": cited.title,
        "author": [{"literal": name} for name in cited.authors],
        "container-title": cited.site,
        "publisher": cited.organisation,
        "issued": _date_parts(cited.date) if cited.date else {"literal": NO_DATE[language]},
        "URL": cited.url,
        "accessed": _date_parts(cited.captured_day) if cited.captured_day else None,
        "archive": "susta-archive",
        "archive_location": _place(cited),
        "language": "vi",
        "note": _note(cited, language),
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1)


FORMATS: dict[str, Callable[[Citation, str], str]] = {"text": text, "bibtex": bibtex, "ris": ris, "csl-json": csl_json}
_WORDS = {
    "vi": {
        "origin": "Theo",
        "photo": "Ảnh",
        "archived": "Bản lưu",
        "capture": "lần chụp",
        "unknown": "không rõ thời điểm",
    },
    "en": {
        "origin": "From",
        "photo": "Photo",
        "archived": "Archived",
        "capture": "capture",
        "unknown": "at an unknown time",
    },
}


def _note(cited: Citation, language: str) -> str:
    words = _WORDS[language]
    said = [cited.credit, _archived(cited, language)]
    if not cited.date:
        said.append(NO_DATE[language])
    if cited.origin:
        said.append(f"{words['origin']} {cited.origin}")
    if cited.photographer:
        said.append(f"{words['photo']}: {cited.photographer}")
    return "; ".join(said)


def _archived(cited: Citation, language: str) -> str:
    words = _WORDS[language]
    return f"{words['archived']}: {cited.captured_at or words['unknown']}, {_place(cited, words['capture'])}".rstrip(
        ", "
    )


def _place(cited: Citation, word: str = "capture") -> str:
    capture = f"{word} {cited.capture_id}" if cited.capture_id is not None else ""
    return ", ".join(filter(None, (capture, f"sha256:{cited.digest}" if cited.digest else "")))


def _day(date: str, language: str) -> str:
    """A day as Vietnamese texts write it, day/month/year; in English, where that could be read otherwise, as ISO."""
    return "/".join(reversed(date.split("-"))) if language == "vi" else date


def _date_parts(date: str) -> dict[str, Any]:
    return {"date-parts": [[int(part) for part in date.split("-")]]}


def _tex(value: str) -> str:
    return value.translate(_TEX_TABLE)
