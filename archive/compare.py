"""What differs between two databases of one archive, field by field: what a newer extractor changed.

Compared are the newest revision of each article, its id, and how many revisions, addresses and counted views it has;
and which pages are refused for what reason.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

_PLAIN = (
    *("id", "site_id", "category", "title", "kicker", "body", "byline", "byline_role", "affiliation"),
    *("date", "date_kind", "credit", "gone_since"),
)
_COUNTED = ("revisions", "aliases", "views")
_LISTED = {
    "captions": ("photos", "caption"),
    "photos": ("photos", "url"),
    "attachments": ("attachments", "label"),
    "files": ("attachments", "url"),
}
FIELDS = (*_PLAIN, *_COUNTED, "layout", "tables", *_LISTED)
_MOST_EXAMPLES = 20
_Key = TypeVar("_Key", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one article before and after."""

    url: str
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Comparison:
    """`articles` counts those in both, `fields` those that differ in each field, `examples` shows some; `gained` and
    `lost` are addresses of articles that only one of the two has; `refusals_gained` and `refusals_lost` count, by
    reason, the addresses refused for it in only one; `extractors` are the versions on each side."""

    articles: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    examples: list[Difference] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refusals_gained: dict[str, int] = field(default_factory=dict)
    refusals_lost: dict[str, int] = field(default_factory=dict)
    extractors: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def same(self) -> bool:
        """Whether no article differs in any field, and no page is refused that was not, or no longer."""
        return not (self.fields or self.gained or self.lost or self.refusals_gained or self.refusals_lost)


def compare(before: Path, after: Path) -> Comparison:
    """Compares the newest revisions of all articles. Raises sqlite3.DatabaseError when a file cannot be read."""
    result = Comparison()
    old, new = _open(before), _open(after)
    try:
        result.extractors = (_extractors(old), _extractors(new))
        for url, one, other in _merged(_articles(old), _articles(new)):
            if one is None:
                result.gained.append(url)
            elif other is None:
                result.lost.append(url)
            else:
                result.articles += 1
                _note(result, url, one, other)
        for (_, reason), was, is_ in _merged(_refusals(old), _refusals(new)):
            if was is None or is_ is None:
                counts = result.refusals_gained if was is None else result.refusals_lost
                counts[reason] = counts.get(reason, 0) + 1
    finally:
        old.close()
        new.close()
    return result


def _note(result: Comparison, url: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    if one == other:
        return
    one, other = _spelled_out(one), _spelled_out(other)
    for name in FIELDS:
        if one[name] != other[name]:
            result.fields[name] = result.fields.get(name, 0) + 1
            if len(result.examples) < _MOST_EXAMPLES:
                result.examples.append(Difference(url, name, one[name], other[name]))


def _spelled_out(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its lists read; most rows are equal as they are."""
    blocks = json.loads(row["blocks"])
    said = row | {name: json.loads(row[name]) for name in _LISTED}
    said["layout"] = [block["kind"] for block in blocks]
    said["tables"] = [block["rows"] for block in blocks if block["kind"] == "table"]
    return said


def _merged(
    old: Iterator[tuple[_Key, dict[str, Any]]], new: Iterator[tuple[_Key, dict[str, Any]]]
) -> Iterator[tuple[_Key, dict[str, Any] | None, dict[str, Any] | None]]:
    """Both sides by key, in order; one row of each in memory at a time."""
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], None
            one = next(old, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(new, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(old, None), next(new, None)


def _articles(database: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    counts = [f"(SELECT count(*) FROM {table} WHERE article_id = a.id) AS {table}" for table in _COUNTED]
    lists = [
        f"(SELECT json_group_array({column}) FROM"
        f" (SELECT {column} FROM {table} WHERE article_id = a.id ORDER BY position)) AS {name}"
        for name, (table, column) in _LISTED.items()
    ]
    columns = ", ".join([*_PLAIN, "blocks", *counts, *lists])
    for row in database.execute(f"SELECT url, {columns} FROM articles a ORDER BY url"):
        yield row["url"], dict(row)


def _refusals(database: sqlite3.Connection) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for url, reason in database.execute("SELECT DISTINCT url, reason FROM refusals ORDER BY url, reason"):
        yield (url, reason), {}


def _extractors(database: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(name for (name,) in database.execute("SELECT DISTINCT extractor FROM articles ORDER BY 1"))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
