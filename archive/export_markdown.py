"""Markdown (CommonMark with GitHub's tables), a folder an article with its pictures and files beside the text.

    DIR/index.md                                     every article, newest first
    DIR/articles/000012/article.md                   YAML front matter, then the text with pictures in place
    DIR/articles/000012/photo-01-1a2b3c4d5e6f.jpg    a captured picture, named by its digest

Names come from the archive's own numbers and digests, and from a table of endings: nothing from a page reaches a path.
Text from pages is escaped, so that it is shown and never is markup.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from archive.entries import Entry, Filter
from archive.errors import ArchiveUnusable
from archive.payload_type import identified_type
from archive.query import Archive
from archive.writing import whole_folder

# By what the bytes are, not by what anybody called them.
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$^=])|^([ \t]*)([-+:])|^([ \t]*\d+)([.)])", re.MULTILINE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SAFE_SCHEMES = ("http://", "https://")


def write_markdown(
    archive: Archive, which: Filter, folder: Path, *, unread: Callable[[ArchiveUnusable], None] = lambda _: None
) -> int:
    """Writes a folder of articles, whole or not at all; returns how many. Raises ConfigError when it is there already.

    A picture whose bytes are damaged or gone is named by its address alone, as one that was never captured;
    `unread` is told of each, but of those that were removed by choice.
    """
    count = 0
    with whole_folder(folder) as new, (new / "index.md").open("w", encoding="utf-8", newline="\n") as index:
        index.write("# Articles\n\n")
        for entry in archive.entries(which):
            _write_article(archive, entry, new / "articles" / f"{entry.id:06d}", unread)
            day = entry.record.date or "no date   "
            link = f"[{escape(entry.record.title)}](articles/{entry.id:06d}/article.md)"
            index.write(f"- {day} {link} ({escape(entry.record.source.credit)})\n")
            count += 1
        index.write("".join(f"\n{line}\n" for line in _conditions(archive)))
    return count


def _write_article(archive: Archive, entry: Entry, folder: Path, unread: Callable[[ArchiveUnusable], None]) -> None:
    folder.mkdir(parents=True)
    pictures = dict(_pictures(archive, entry, folder, unread))
    with (folder / "article.md").open("w", encoding="utf-8", newline="\n") as out:
        write_article(entry, pictures, out)


def _pictures(
    archive: Archive, entry: Entry, folder: Path, unread: Callable[[ArchiveUnusable], None]
) -> Iterator[tuple[int, str]]:
    """Writes the captured pictures of an article; gives (position, file name)."""
    for position, sha256, _, capture_id in archive.captured_photos(entry.id):
        try:
            payload = archive.capture(capture_id).body
        except ArchiveUnusable as error:
            if not (archive.capture_row(capture_id) or {}).get("removed"):
                unread(error)
            continue
        if (ending := ENDINGS.get(identified_type(payload) or "")) and re.fullmatch(r"[0-9a-f]{64}", sha256):
            name = f"photo-{position + 1:02d}-{sha256[:12]}{ending}"
            (folder / name).write_bytes(payload)
            yield position, name


def write_article(entry: Entry, pictures: dict[int, str], out: IO[str]) -> None:
    """One article; `pictures` has the file names of those photos (by position) that stand beside it."""
    record = entry.record
    out.write("---\n")
    for name, value in _front_matter(entry).items():
        if value is not None:
            out.write(f"{name}: {_yaml(value)}\n")
    out.write(f"---\n\n# {escape(record.title)}\n\n")
    if record.byline:
        out.write(f"*{escape(', '.join(filter(None, (record.byline, record.affiliation))))}*\n\n")
    for block in entry.blocks:
        out.write(_block(block, record.photos, pictures))
    for attachment in record.attachments:
        out.write(f"- {_link(attachment['label'], attachment['url'])}\n")
    source = record.source
    out.write(f"\n---\n\n{escape(source.credit)}: {_link(record.url, record.url)}\n\n> {escape(source.notice)}\n")


def _front_matter(entry: Entry) -> dict[str, Any]:
    record = entry.record
    fields = (
        "title", "url", "site_id", "category", "byline", "byline_role", "affiliation", "date", "date_kind", "views",
        "captured_at", "content_sha256",
    )  # fmt: skip
    said: dict[str, Any] = {"id": entry.id} | {name: getattr(record, name) for name in fields}
    return said | {"credit": record.source.credit, "rights": record.source.notice, "source": record.source.url}


def _block(block: dict[str, Any], photos: list[dict[str, Any]], pictures: dict[int, str]) -> str:
    if "rows" in block:
        return _table(block["rows"])
    if "photo" in block:
        position = block["photo"]
        return _photo(photos[position], pictures.get(position)) if 0 <= position < len(photos) else ""
    before = {"heading": "## ", "list_item": "- "}.get(block["kind"], "")
    return f"{before}{escape(block['text'])}\n\n"


def _photo(photo: dict[str, Any], name: str | None) -> str:
    caption = escape(photo["caption"] or "")
    shown = f"![{caption}]({name})" if name else _link(photo["caption"] or "photo (not captured)", photo["url"])
    return f"{shown}\n\n" + (f"*{caption}*\n\n" if caption and name else "")


def _table(rows: list[list[str]]) -> str:
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    lines = ["| " + " | ".join(escape(cell) for cell in (*row, *[""] * (width - len(row)))) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines) + "\n\n"


def _link(label: str, url: str) -> str:
    """A link; its label alone where the address is none of the web's."""
    shown = escape(label)
    if not url.lower().startswith(_SAFE_SCHEMES):
        return shown
    return f"[{shown}](<{quote(url, safe='/:?#[]@!$&()*+,;=%~')}>)"


def escape(text: str) -> str:
    """Text as one line of Markdown that shows it as it is."""
    folded = _UNSEEN.sub("\ufffd", " ".join(text.split("\n"))).replace("\t", " ").strip()
    return _SPECIAL.sub(_escaped, folded)


def _escaped(found: re.Match[str]) -> str:
    special, space, sign, number, end = found.groups()
    if special:
        return f"\\{special}"
    return f"{space}\\{sign}" if sign else f"{number}\\{end}"


def _yaml(value: Any) -> str:
    """A JSON value is YAML; what YAML forbids in a file is written as its number."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _conditions(archive: Archive) -> Iterator[str]:
    for source in archive.sources():
        yield f"{escape(source['name'])}, {escape(source['organisation'])}: {escape(source['notice'])}"
