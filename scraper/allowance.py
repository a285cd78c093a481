"""How many articles a run may ask for only because their time has come, so that what a site is asked for stays in
proportion to what is found there ([revisit] effort).

Over the last 30 days, answers that said nothing new may be `effort` times as many as articles found new or changed.
The harvest, in which every article is new, gives no credit for later. Articles that a list for machines says changed,
new ones, listings, and articles that were not there last time are asked for in any case.
"""

import sqlite3
from datetime import datetime, timedelta

from scraper.config import RevisitSettings

_DAYS = 30
_SINCE_THE_HARVEST = """
SELECT coalesce(sum(new + changed), 0), coalesce(sum(unchanged), 0) FROM runs
WHERE kind = 'crawl' AND started_at >= ?
AND id > (SELECT min(id) FROM runs WHERE kind = 'crawl' AND outcome = 'finished')
"""


def visits_allowed(db: sqlite3.Connection, settings: RevisitSettings, now: datetime) -> int | None:
    """How many of the articles that are due a run may ask for; None: all of them."""
    if not settings.effort:
        return None
    since = (now - timedelta(days=_DAYS)).isoformat(timespec="seconds").replace("+00:00", "Z")
    found, idle = db.execute(_SINCE_THE_HARVEST, (since,)).fetchone()
    return max(0, int(found * settings.effort - idle + 1e-9))
