"""The pages of this folder: what each holds and how its parts are read."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive.records import Article, Refusal
from scraper.extract import extract

HERE = Path(__file__).resolve().parent
PAGE, EXPECTED, ABOUT = "page.html", "expected.json", "about.toml"


@dataclass(frozen=True)
class Folder:
    """One page: its bytes, where it came from, and the record that must come out."""

    path: Path

    @property
    def about(self) -> dict[str, Any]:
        return tomllib.loads((self.path / ABOUT).read_text(encoding="utf-8"))

    @property
    def expected(self) -> dict[str, Any]:
        wanted: dict[str, Any] = json.loads((self.path / EXPECTED).read_text(encoding="utf-8"))
        return wanted

    def outcome(self) -> Article | Refusal:
        about = self.about
        return extract((self.path / PAGE).read_bytes(), about["url"], about["content_type"] or None)


def folders(where: Path = HERE) -> list[Folder]:
    return [Folder(path) for path in sorted(where.iterdir()) if (path / PAGE).is_file()]


def fields_of(article: Article) -> dict[str, Any]:
    """What of a record a page decides, in the form of expected.json."""
    return {
        "url": article.url,
        "site_id": article.site_id,
        "category": article.category,
        "title": article.title,
        "kicker": article.kicker,
        "byline": article.byline,
        "byline_role": article.byline_role,
        "affiliation": article.affiliation,
        "date": article.date,
        "date_kind": article.date_kind,
        "body": list(article.body),
        "photos": [{"url": unquote(photo.url), "caption": photo.caption} for photo in article.photos],
        "attachments": [
            {"url": unquote(one.url), "label": one.label, "media_type": one.media_type} for one in article.attachments
        ],
        "tables": [{"rows": [list(row) for row in rows]} for rows in article.tables],
        "views": article.views,
    }


def readable(wanted: dict[str, Any]) -> dict[str, Any]:
    """The same with every address in letters: `%20` and a blank lead to one file."""
    for one in [*wanted.get("photos", []), *wanted.get("attachments", [])]:
        one["url"] = unquote(one["url"])
    return wanted
