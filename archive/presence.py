"""Whether an article is there: its disappearances and returns, told by its captures in the order of their time.

    sighting   a capture, at any address, that gave the article
    absence    a capture of its own address that answered 404, 410, or what the site says where there is nothing

An article has disappeared when absences since the last sighting spread over GONE_AFTER; the next sighting is its
return. Nothing but the captures' own times counts, not the order in which they were worked in: deriving again changes
nothing, and a capture that others made years ago, taken in today, finds its place in the past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.events import EventType, Executes, note_event

GONE_AFTER = timedelta(days=3)  # an absence must repeat over this time before an article counts as gone
_ABSENCES = """
SELECT c.fetched_at, c.id FROM captures c LEFT JOIN derivations d ON d.capture_id = c.id
WHERE c.url = ? AND c.role = 'page' AND (c.status IN (404, 410) OR d.refusal = 'not-found')
ORDER BY c.fetched_at, c.id
"""
_SIGHTINGS = """
SELECT c.fetched_at, c.id FROM derivations d JOIN captures c ON c.id = d.capture_id WHERE d.article_id = ?
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture as far as presence goes."""

    at: str
    capture_id: int
    there: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A time that an article was not there. `since` is the first absence, `settled_at` the one after which it counted
    as gone; `returned_at` is None while it is gone still."""

    since: str
    capture_id: int
    settled_at: str
    returned_at: str | None = None
    returned_capture_id: int | None = None


def gone_times(seen: list[Seen]) -> list[Gone]:
    """The times that an article was gone, oldest first; `seen` are its sightings and absences, in any order."""
    times: list[Gone] = []
    first: Seen | None = None
    settled_at = ""
    for one in sorted(seen, key=lambda each: (each.at, each.capture_id)):
        if not one.there:
            first = first or one
            if not settled_at and moment(one.at) - moment(first.at) >= GONE_AFTER:
                settled_at = one.at
            continue
        if first and settled_at:
            times.append(Gone(first.at, first.capture_id, settled_at, one.at, one.capture_id))
        first, settled_at = None, ""
    if first and settled_at:
        times.append(Gone(first.at, first.capture_id, settled_at))
    return times


def gone_times_of(db: Executes, article_id: int, url: str) -> list[Gone]:
    """As `gone_times`, for an article and its canonical address."""
    absences = db.execute(_ABSENCES, (url,)).fetchall()
    if not absences:
        return []
    sightings = db.execute(_SIGHTINGS, (article_id,)).fetchall()
    seen = [(row, False) for row in absences] + [(row, True) for row in sightings]
    return gone_times([Seen(at, capture_id, there) for (at, capture_id), there in seen])


def settle_presence(db: Executes, article_id: int, extractor: str) -> None:
    """Writes `gone_since`, and the events of what became known: each disappearance and return once, however often this
    is asked for; those that no longer hold, since a capture of the time between came to light, are taken back."""
    row = db.execute("SELECT url, gone_since FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return
    url, known = row
    times = gone_times_of(db, article_id, url)
    gone_since = times[-1].since if times and times[-1].returned_at is None else None
    if gone_since != known:
        db.execute("UPDATE articles SET gone_since = ? WHERE id = ?", (gone_since, article_id))
    wanted = {(EventType.DISAPPEARED, one.since): one.capture_id for one in times}
    wanted |= {(EventType.RETURNED, one.returned_at): one.returned_capture_id or 0 for one in times if one.returned_at}
    noted = db.execute(
        "SELECT type, at, id FROM events WHERE target = ? AND type IN ('disappeared', 'returned')", (url,)
    ).fetchall()
    for type_, at, event_id in noted:
        if wanted.pop((EventType(type_), at), None) is None:
            db.execute("DELETE FROM events WHERE id = ?", (event_id,))
    for (event_type, at), capture_id in sorted(wanted.items(), key=lambda item: item[0][1]):
        detail = {"article_id": article_id, "capture_id": capture_id}
        note_event(db, event_type, at, _agent(db, capture_id) or extractor, url, detail=detail)


def _agent(db: Executes, capture_id: int) -> str:
    """The software of the run that made a capture."""
    row = db.execute(
        "SELECT r.software FROM captures c JOIN runs r ON r.id = c.run_id WHERE c.id = ?", (capture_id,)
    ).fetchone()
    return str(row[0]) if row else ""


def moment(text: str) -> datetime:
    """A time as captures have it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
