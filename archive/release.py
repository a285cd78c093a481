"""A data set release: a folder to publish or deposit as it is, with all that a reader needs to judge and to cite it.

    DIR/data/articles.jsonl, articles.parquet   every article, the credit and the condition in each row
    DIR/datapackage.json                        Frictionless Data Package: types, sizes, digests, sources
    DIR/CITATION.cff                            how to cite it (Citation File Format 1.2.0)
    DIR/README.md                               the data statement (release_texts.py)
    DIR/SHA256SUMS                              for `sha256sum -c`

Both data files and all counts are of one moment. The folder is written whole or not at all.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.entries import ALL, Record
from archive.errors import ConfigError
from archive.export import WRITERS
from archive.query import Archive
from archive.release_texts import citation_cff, readme, title_of
from archive.writing import Digested, whole_folder

_DATA = {"jsonl": "data/articles.jsonl", "parquet": "data/articles.parquet"}
_MEDIA_TYPES = {"jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
_SUMS = "SHA256SUMS"
# Table Schema's types; what is not named is a string.
_TYPES = {
    "site_id": "integer", "views": "integer", "date": "date", "captured_at": "datetime",
    "body": "array", "photos": "array", "attachments": "array", "tables": "array", "source": "object",
}  # fmt: skip
_ALWAYS = {"url", "site", "title", "body", "photos", "attachments", "tables", "source", "content_sha256", "extractor"}


def write_release(archive: Archive, folder: Path, now: str) -> int:
    """Writes a release into a new folder; returns how many articles. `now` is the time of it, UTC, ISO 8601 with `Z`.

    Raises ConfigError when the archive holds no article, the folder is there already, or pyarrow is not installed.
    """
    with archive.one_moment(), whole_folder(folder) as new:
        sources, holdings = archive.sources(), archive.holdings()
        if not holdings.articles:
            raise ConfigError(f"{archive.folder} holds no article: there is nothing to release")
        (new / "data").mkdir()
        resources = [_write_data(archive, new, form) for form in _DATA]
        package = _package(sources, resources, now)
        texts = {
            "datapackage.json": json.dumps(package, ensure_ascii=False, indent=1) + "\n",
            "CITATION.cff": citation_cff(sources, holdings, now),
            "README.md": readme(sources, holdings, now),
        }
        for name, text in texts.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        (new / _SUMS).write_text("".join(_sums(new)), encoding="utf-8", newline="\n")
        return holdings.articles


def _write_data(archive: Archive, new: Path, form: str) -> dict[str, Any]:
    """Writes one data file; gives its description as a resource of the package."""
    path = new / _DATA[form]
    with path.open("wb", buffering=1 << 20) as file:
        out = Digested(file)
        WRITERS[form](archive, ALL, out.file)
    said: dict[str, Any] = {
        "name": f"articles-{form}",
        "path": _DATA[form],
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{out.sha256}",
    }
    if form == "parquet":  # it holds its own schema; Frictionless tools check size and digest of a file
        said |= {"profile": "data-resource", "type": "file"}
    else:
        said |= {"profile": "tabular-data-resource", "encoding": "utf-8", "dialect": {"json": {"keyed": True}}}
        said["schema"] = {"fields": list(_fields()), "primaryKey": ["url"]}
    return said


def _fields() -> Iterator[dict[str, Any]]:
    for name in Record.__slots__:
        field: dict[str, Any] = {"name": name, "type": _TYPES.get(name, "string")}
        if name in _ALWAYS:
            field["constraints"] = {"required": True}
        yield field


def _package(sources: list[dict[str, Any]], resources: list[dict[str, Any]], now: str) -> dict[str, Any]:
    notices = "\n".join(dict.fromkeys(source["notice"] for source in sources))
    return {
        "profile": "data-package",
        "name": "articles",
        "title": title_of(sources),
        "description": "Articles with the credit and the condition of their source in each row; see README.md.",
        "version": now[:10],
        "created": now,
        "licenses": [{"name": "other", "title": notices, "path": "README.md"}],
        "rights": notices,
        "sources": [
            {"title": f"{source['name']}, {source['organisation']}".rstrip(", "), "path": f"https://{source['site']}/"}
            for source in sources
        ],
        "resources": resources,
    }


def _sums(folder: Path) -> Iterator[str]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SUMS):
        with path.open("rb") as file:
            yield f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}\n"
