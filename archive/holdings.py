"""What an archive holds and lacks, in numbers, for those who judge what a data set from it can bear. Reads only."""

from dataclasses import dataclass

from archive.events import Executes


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of articles, unless their names say otherwise."""

    articles: int
    gone: int
    changed: int
    first_day: str | None
    last_day: str | None
    first_capture: str | None
    last_capture: str | None
    without_date: int
    dates: dict[str, int]
    without_byline: int
    roles: dict[str, int]
    doubtful: int
    photos: int
    photos_missing: int
    photos_credited: int
    attachments: int
    attachments_missing: int
    refusals: dict[str, int]
    failures: dict[str, int]
    unread: int
    withdrawn: int
    extractors: dict[str, int]


def holdings_of(db: Executes) -> Holdings:
    """Counts over a whole archive. `refusals` are addresses by reason, those that are articles now left out; `failures`
    addresses that never gave an answer, by the reason of the last try; `unread` captured pages that nothing was read
    from yet."""

    def number(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0])

    def counts(sql: str) -> dict[str, int]:
        return dict(db.execute(sql).fetchall())

    articles, gone, without_date, without_byline, doubtful, first_day, last_day = db.execute(
        "SELECT count(*), count(gone_since), count(*) - count(date), count(*) - count(byline),"
        " coalesce(sum(doubt > 0), 0), min(date), max(date) FROM articles"
    ).fetchone()
    first_capture, last_capture = db.execute("SELECT min(fetched_at), max(fetched_at) FROM captures").fetchone()
    return Holdings(
        articles=articles,
        gone=gone,
        changed=number("SELECT count(*) FROM (SELECT 1 FROM revisions GROUP BY article_id HAVING count(*) > 1)"),
        first_day=first_day,
        last_day=last_day,
        first_capture=first_capture,
        last_capture=last_capture,
        without_date=without_date,
        dates=counts("SELECT date_kind, count(*) FROM articles WHERE date IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"),
        without_byline=without_byline,
        roles=counts(
            "SELECT coalesce(byline_role, '-'), count(*) FROM articles WHERE byline IS NOT NULL"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        doubtful=doubtful,
        photos=number("SELECT count(*) FROM photos"),
        photos_missing=number("SELECT count(*) FROM photos WHERE sha256 IS NULL"),
        photos_credited=number("SELECT count(*) FROM photos WHERE credit IS NOT NULL"),
        attachments=number("SELECT count(*) FROM attachments"),
        attachments_missing=number("SELECT count(*) FROM attachments WHERE sha256 IS NULL"),
        refusals=counts(
            "SELECT reason, count(DISTINCT url) FROM refusals WHERE url NOT IN (SELECT url FROM articles)"
            " GROUP BY reason ORDER BY 2 DESC, 1"
        ),
        failures=counts(
            "SELECT reason, count(*) FROM failures WHERE id IN (SELECT max(id) FROM failures GROUP BY url)"
            " AND url NOT IN (SELECT url FROM captures) GROUP BY reason ORDER BY 2 DESC, 1"
        ),
        unread=number(
            "SELECT count(*) FROM captures c WHERE role = 'page'"
            " AND NOT EXISTS (SELECT 1 FROM derivations d WHERE d.capture_id = c.id)"
        ),
        withdrawn=number("SELECT count(*) FROM withdrawals"),
        extractors=counts("SELECT extractor, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"),
    )
