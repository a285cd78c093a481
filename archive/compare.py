"""What differs between two databases of one archive, field by field: what a newer extractor changed."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PLAIN = ("title", "kicker", "body", "byline", "byline_role", "affiliation", "date", "date_kind")
FIELDS = (*_PLAIN, "tables", "captions", "attachments")
_MOST_EXAMPLES = 20


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
    `lost` are addresses of articles that only one of the two has; `extractors` are the versions on each side."""

    articles: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    examples: list[Difference] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    extractors: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def same(self) -> bool:
        """Whether no article differs in any field."""
        return not (self.fields or self.gained or self.lost)


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
    finally:
        old.close()
        new.close()
    return result


def _note(result: Comparison, url: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    for name in FIELDS:
        if one[name] != other[name]:
            result.fields[name] = result.fields.get(name, 0) + 1
            if len(result.examples) < _MOST_EXAMPLES:
                result.examples.append(Difference(url, name, one[name], other[name]))


def _merged(
    old: Iterator[tuple[str, dict[str, Any]]], new: Iterator[tuple[str, dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Both sides by address, in order; one article of each in memory at a time."""
    one, other = next(old, None), next(new, None)
    while one or other:
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
    rows = database.execute(f"SELECT id, url, blocks, {', '.join(_PLAIN)} FROM articles ORDER BY url")
    for row in rows:
        said = {name: row[name] for name in _PLAIN}
        said["tables"] = [block["rows"] for block in json.loads(row["blocks"]) if block["kind"] == "table"]
        said["captions"] = _column(database, "SELECT caption FROM photos", row["id"])
        said["attachments"] = _column(database, "SELECT label FROM attachments", row["id"])
        yield row["url"], said


def _column(database: sqlite3.Connection, select: str, article_id: int) -> list[str | None]:
    rows = database.execute(f"{select} WHERE article_id = ? ORDER BY position", (article_id,))
    return [value for (value,) in rows]


def _extractors(database: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(name for (name,) in database.execute("SELECT DISTINCT extractor FROM articles ORDER BY 1"))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
