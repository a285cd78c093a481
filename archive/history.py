"""The history of one article: its revisions and what each changed, when it was gone and came back, its counter over
time, its other addresses. Reads only; what changed is worked out from the records by `diff.py`.

    revisions ──► what each says, and from which capture by which extractor
    captures  ──► disappearances and returns (presence.py)
    views     ──► a series of measurements: never a change of what the article says
"""

from collections import Counter
from dataclasses import dataclass

from archive.diff import BlockChange, Kind, diff
from archive.events import Executes
from archive.presence import Gone, gone_times_of
from archive.records import Article, article_from_json


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of what an article says. `changed` is what is otherwise than in the one before, in a line; "" for the
    first."""

    number: int
    seen_at: str
    capture_id: int
    content_sha256: str
    extractor: str
    title: str
    changed: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """One reading of the view counter."""

    seen_at: str
    views: int
    capture_id: int


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """An address that leads to the article too; `reason` says how it was learned."""

    url: str
    reason: str
    first_seen: str


@dataclass(frozen=True, slots=True)
class History:
    """All that happened to an article, each list the oldest first."""

    id: int
    url: str
    title: str
    first_seen: str
    last_seen: str
    gone_since: str | None
    revisions: list[Revision]
    gone: list[Gone]
    views: list[Viewed]
    aliases: list[OtherAddress]


def history_of(db: Executes, article_id: int) -> History | None:
    """The history of an article; None when there is none of this id."""
    row = db.execute(
        "SELECT id, url, title, first_seen, last_seen, gone_since FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        return None
    views = db.execute(
        "SELECT seen_at, views, capture_id FROM views WHERE article_id = ? ORDER BY seen_at, capture_id", (article_id,)
    )
    aliases = db.execute(
        "SELECT url, reason, first_seen FROM aliases WHERE article_id = ? ORDER BY first_seen, url", (article_id,)
    )
    number, url, title, first_seen, last_seen, gone_since = row
    return History(
        number,
        url,
        title,
        first_seen,
        last_seen,
        gone_since,
        _revisions(db, article_id),
        gone_times_of(db, article_id, url),
        [Viewed(*each) for each in views.fetchall()],
        [OtherAddress(*each) for each in aliases.fetchall()],
    )


def count_revisions(db: Executes, article_id: int) -> int:
    """How many revisions an article has; they are numbered from 1."""
    return int(db.execute("SELECT count(*) FROM revisions WHERE article_id = ?", (article_id,)).fetchone()[0])


def revision_of(db: Executes, article_id: int, number: int) -> tuple[Article, str, int] | None:
    """(the whole record as it was then, when first seen, capture id) of a revision; None when there is none of this
    number."""
    row = db.execute(
        "SELECT record, seen_at, capture_id FROM revisions WHERE article_id = ? AND number = ?", (article_id, number)
    ).fetchone()
    return (article_from_json(row[0]), row[1], row[2]) if row else None


def _revisions(db: Executes, article_id: int) -> list[Revision]:
    found = []
    before: Article | None = None
    for *row, record in db.execute(
        "SELECT number, seen_at, capture_id, content_sha256, extractor, record FROM revisions WHERE article_id = ?"
        " ORDER BY number",
        (article_id,),
    ):
        article = article_from_json(record)
        changed = what_changed(diff(before, article)) if before else ""
        number, seen_at, capture_id, digest, extractor = row
        found.append(Revision(number, seen_at, capture_id, digest, extractor, article.title, changed))
        before = article
    return found


def what_changed(changes: list[BlockChange]) -> str:
    """What became of an article, in a line: `title, 2 paragraphs changed, 1 photo added, 1 caption changed`."""
    fields = [_plain(change.block) for change in changes if _is_field(change) and change.kind is not Kind.SAME]
    counts: Counter[tuple[str, Kind]] = Counter()
    for change in changes:
        if _is_field(change) or change.kind is Kind.SAME:
            continue
        if change.kind in (Kind.CHANGED, Kind.MOVED) and change.block in ("photo", "attachment"):
            for text in change.texts:
                if text.kind is not Kind.SAME:
                    counts[
                        (f"{'' if text.name == 'caption' else change.block + ' '}{_plain(text.name)}", text.kind)
                    ] += 1
            if change.kind is Kind.CHANGED:
                continue
        counts[(change.block, change.kind)] += 1
    parts = [f"{count} {_many(name, count)} {kind}" for (name, kind), count in counts.items()]
    return ", ".join(fields + parts) or "nothing that is shown"


def _is_field(change: BlockChange) -> bool:
    return change.before is None and change.after is None


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _many(name: str, count: int) -> str:
    plain = _plain(name)
    if count == 1:
        return plain
    return f"{plain}es" if plain.endswith("s") else f"{plain}s"
