"""WACZ packages (version 1.1.1, specs.webrecorder.net/wacz/1.1.1): captures that open in a browser, without us.

    archive/*.warc.gz           the WARC files as they are; of a selection, its records verbatim in one file
    indexes/index.cdx.gz, .idx  the CDXJ index in blocks, and where each block begins
    pages/pages.jsonl           the articles, with title, text and credit; pages/extraPages.jsonl: lists and the like
    datapackage.json            all of these with size and SHA-256; whom to credit, and the condition
    datapackage-digest.json     the SHA-256 of that

Written in one pass and in pieces, whatever the size. The same captures give the same bytes but for `created`.
"""

import hashlib
import json
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from archive.cdxj import finished_paths, sorted_lines
from archive.errors import ArchiveUnusable, ConfigError
from archive.missing import said_missing
from archive.query import Filter
from archive.selection import PageEntry, Selection, select
from archive.warc import FOLDER_NAME, OPEN_SUFFIX, warc_paths
from archive.warc_copy import copied_records
from archive.zipped import Entry, Zipped, pieces_of, zipped

VERSION = "1.1.1"
SELECTION_NAME = "selection.warc.gz"
_LINES_IN_BLOCK = 1024  # of the index; what a viewer loads to look up one address
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|&~-])")


@dataclass(slots=True)
class Packaged:
    """What a package came to. `left_out` says what of the archive is not in it, in words; `missing` counts the captures
    among that which are lost with a WARC file that is not there."""

    format: str
    output: str
    articles: int = 0
    captures: int = 0
    warc_files: int = 0
    bytes: int = 0
    sha256: str = ""
    left_out: list[str] = field(default_factory=list)
    missing: int = 0

    def lacks(self, missing: dict[str, int]) -> None:
        """Notes captures that could not be had (see missing_captures)."""
        self.missing = sum(missing.values())
        self.left_out += said_missing(missing)


def write_wacz(
    folder: Path,
    output: Path,
    *,
    software: str,
    created: str,
    which: Filter | None = None,
    urls: tuple[str, ...] = (),
    watch: Callable[[str], None] = lambda _: None,
) -> Packaged:
    """Packages the archive in a folder, or of it the articles that `which` and `urls` choose.

    `software` made it and `created` is the time of that (UTC, ISO 8601 with `Z`); `watch` is told what is written.
    Finished WARC files are taken; of one that is being written, nothing. Raises ConfigError (see `select`, `zipped`),
    and ArchiveUnusable when a record cannot be read; at the output's place is then what was there before.
    """
    paths = finished_paths(folder / FOLDER_NAME)
    if not paths:
        raise ArchiveUnusable(f"There is no finished WARC file in {folder / FOLDER_NAME} to package")
    made = Packaged("wacz", str(output), left_out=unfinished(folder))
    with ExitStack() as stack:
        with select(folder, [path.name for path in paths], which, urls) as selection:
            made.articles, made.captures = selection.articles, selection.captures
            if not made.captures:
                raise ArchiveUnusable("Nothing that was chosen is in a finished WARC file; package it after the run")
            made.lacks(selection.missing)
            if selection.withdrawn:
                made.left_out.append(f"{selection.withdrawn} captures of withdrawn articles")
            watch("the pages")
            contents = _contents(stack, selection, software=software, created=created)
            if selection.everything and not selection.withdrawn:
                files = {path: path.name for path in paths}
            else:
                watch("the chosen records")
                files = {stack.enter_context(_one_file(folder, output, selection)): SELECTION_NAME}
        # The database is let go of before what takes long: a crawl could not fold its log in meanwhile.
        made.warc_files = len(files)
        with zipped(output, _zip_time(contents.manifest["modified"])) as package:
            _fill(package, contents, files, watch)
    made.bytes = output.stat().st_size
    with output.open("rb") as file:
        made.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return made


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the database gives for a package: files of pages by name, and the manifest, without its resources."""

    pages: dict[str, IO[bytes]]
    manifest: dict[str, Any]


def _contents(stack: ExitStack, selection: Selection, *, software: str, created: str) -> _Contents:
    articles = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
    others = {"format": "json-pages-1.0", "id": "extraPages", "title": "Other pages", "hasText": False}
    pages: dict[str, IO[bytes]] = {}
    for name, header, entries in (
        ("pages", articles, selection.article_pages()),
        ("extraPages", others, selection.other_pages()),
    ):
        pages[name] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (closed with the stack)
        pages[name].writelines(_page_lines(header, entries))
        pages[name].seek(0)
    return _Contents(pages, _datapackage(selection, software=software, created=created))


def unfinished(folder: Path) -> list[str]:
    """The WARC files of an archive that no package takes, and why."""
    names = [path.name for path in warc_paths(folder / FOLDER_NAME) if path.name.endswith(OPEN_SUFFIX)]
    return [f"{name}, which is being written (or was left by a run that was killed)" for name in names]


@contextmanager
def _one_file(folder: Path, output: Path, selection: Selection) -> Iterator[Path]:
    """The chosen records as one WARC file, which is gone afterwards."""
    if not output.resolve().parent.is_dir():
        raise ConfigError(
            f"Cannot write {output}: there is no folder {output.resolve().parent}", advice="Make it first."
        )
    with tempfile.NamedTemporaryFile(prefix=".records-", suffix=".warc.gz", dir=output.resolve().parent) as file:
        file.writelines(copied_records(folder / FOLDER_NAME, selection.places()))
        file.flush()
        yield Path(file.name)


def _fill(package: Zipped, contents: _Contents, files: dict[Path, str], watch: Callable[[str], None]) -> None:
    """Writes all the entries. `files` are the WARC files, with the name of each in the package."""
    resources = []
    before = {path: _identity(path) for path in files}
    for path, name in files.items():
        watch(name)
        with path.open("rb") as file:
            size = path.stat().st_size
            resources.append(package.add(f"archive/{name}", pieces_of(file), size=size, stored=True))
    watch("the index")
    resources += _add_index(package, files)
    for path in files:
        if _identity(path) != before[path]:
            raise ArchiveUnusable(
                f"{path} was changed while it was packaged", advice="Nothing was written; run it again."
            )
    for name, pages in contents.pages.items():
        resources.append(package.add(f"pages/{name}.jsonl", pieces_of(pages)))
    listed = [
        {
            "name": entry.path.rpartition("/")[2].lower(),
            "path": entry.path,
            "hash": f"sha256:{entry.sha256}",
            "bytes": entry.bytes,
        }
        for entry in resources
    ]
    entry = package.add("datapackage.json", [_json(contents.manifest | {"resources": listed})])
    package.add("datapackage-digest.json", [_json({"path": entry.path, "hash": f"sha256:{entry.sha256}"})])


def _identity(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _add_index(package: Zipped, files: dict[Path, str]) -> list[Entry]:
    """The CDXJ index in gzip members of so many lines each, and the first line and place of each member ("ZipNum")."""
    begins = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n"]

    def blocks() -> Iterator[bytes]:
        lines = _index_lines(files)
        offset = 0
        while block := list(islice(lines, _LINES_IN_BLOCK)):
            packer = zlib.compressobj(wbits=31)
            packed = packer.compress("".join(f"{line}\n" for line in block).encode()) + packer.flush()
            place = {
                "offset": offset,
                "length": len(packed),
                "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}",
                "filename": "index.cdx.gz",
            }
            begins.append(f"{block[0].partition('{')[0].strip()} {json.dumps(place)}\n")
            offset += len(packed)
            yield packed

    index = package.add("indexes/index.cdx.gz", blocks(), stored=True)
    return [index, package.add("indexes/index.idx", (line.encode() for line in begins))]


def _index_lines(files: dict[Path, str]) -> Iterator[str]:
    for line in sorted_lines(next(iter(files)).parent, files=files):
        key, brace, entry = line.partition("{")
        told = json.loads(brace + entry)
        told["filename"] = next(name for path, name in files.items() if path.name == told["filename"])
        yield f"{key}{json.dumps(told)}"


def _page_lines(header: dict[str, Any], pages: Iterable[PageEntry]) -> Iterator[bytes]:
    yield _line(header)
    for page in pages:
        told = {"url": page.url, "ts": _to_the_second(page.captured_at), "title": page.title, "text": page.text}
        told |= {
            "credit": page.credit,
            "id": hashlib.sha256(f"{page.url} {page.captured_at}".encode()).hexdigest()[:20],
        }
        yield _line({name: value for name, value in told.items() if value is not None})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _datapackage(selection: Selection, *, software: str, created: str) -> dict[str, Any]:
    """The manifest (Frictionless Data Package), with the credit and the condition: the site's own words, which are not
    a licence that has a name."""
    sources = selection.sources()
    names = ", ".join(dict.fromkeys(source["name"] for source in sources)) or "a web archive"
    which = "the whole archive" if selection.everything else "a selection"
    manifest: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": f"{names}: {selection.articles} articles, {which}",
        "description": _description(selection, sources),
        "created": _to_the_second(created),
        "modified": _to_the_second(selection.newest),
        "software": software,
        "sources": [_frictionless(source, source["organisation"] or source["name"]) for source in sources],
        "licenses": [_frictionless(source, source["notice"]) for source in sources],
    }
    if main := selection.home() or next(selection.article_pages(), None):
        manifest |= {"mainPageUrl": main.url, "mainPageDate": _to_the_second(main.captured_at)}
    return {name: value for name, value in manifest.items() if value != []}


def _frictionless(source: dict[str, Any], title: str) -> dict[str, str]:
    """A source or licence as Frictionless has them: a title, and a path that leads to it."""
    return {"title": title, "path": f"{source['scheme'] or 'https'}://{source['site']}/"}


def _description(selection: Selection, sources: list[dict[str, Any]]) -> str:
    """Markdown; what the site says is quoted so that none of it is markup."""
    text = f"{selection.articles} articles in {selection.captures} captures, the newest of {selection.newest}."
    for source in sources:
        said = {name: _as_text(value or "") for name, value in source.items()}
        text += (
            f"\n\n**Condition of {said['name']}** ({said['organisation']}), in its own words:\n\n> {said['notice']}"
            f"\n\nPrint beside whatever is taken from here: {said['credit'] or said['name']}. This is a condition of"
            " attribution, not a Creative Commons licence."
        )
    return text


def _as_text(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _to_the_second(date: str) -> str:
    """A time as RFC 3339 to the second, which is how finely an index tells captures apart."""
    return re.sub(r"\.\d+(?=Z)", "", date)


def _zip_time(date: str) -> tuple[int, int, int, int, int, int]:
    """A time as ZIP entries have it, which begin in 1980."""
    year, month, day, hour, minute, second = (int(part) for part in re.findall(r"\d+", date)[:6])
    return (max(year, 1980), month, day, hour, minute, second)
