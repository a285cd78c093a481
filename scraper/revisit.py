"""When a page is due again. Pure.

An article that did not change waits half as long again as the time before, one that changed a fifth less, between
bounds (the policy of incremental crawlers such as Heritrix and news-crawl). The first wait of an old article is a tenth
of its age, since what has stood for years will hardly change next week (the heuristic of RFC 9111 4.2.2). A known
article that is suddenly not there is looked for again soon, so that its absence is certain within days. An error that
may be of one day (401, 403, a picture that is none) is tried again at the next run, then after hours, after days, and
ever more rarely, so that it neither hides a page for long nor costs a request for ever. Start pages and
listings' first pages need no date: every run asks for them.
"""

from scraper.addresses import Kind
from scraper.config import RevisitSettings

_DAY = 86_400.0
_SHARE_OF_AGE = 0.1


def next_interval(
    kind: Kind, *, changed: bool, before: float | None, settings: RevisitSettings, age: float = 0.0
) -> float | None:
    """Seconds until a page is due again, given the interval before (None at its first fetch); None: never by date.

    `age` is how many seconds ago the article was published, where that is known.
    """
    if kind is Kind.MEDIA:
        return None
    least, most = settings.least_days * _DAY, settings.most_days * _DAY
    if before is not None:
        return min(max(before * (0.8 if changed else 1.5), least), most)
    if kind is not Kind.ARTICLE:
        return settings.page_days * _DAY
    first = settings.article_days * _DAY
    return max(first, min(age * _SHARE_OF_AGE, most)) if first else first  # 0: at every run, whatever its age


def interval_when_absent(before: float | None, *, known: bool, first: bool, settings: RevisitSettings) -> float:
    """Seconds until an article's address that answered 404 or 410 is looked for again; half as long again each time.

    `known`: it was an article once, so that its absence should be certain within days; `first`: it was there, or not
    yet asked for, the time before.
    """
    least, most = settings.least_days * _DAY, settings.most_days * _DAY
    if first:
        return least if known else min(max(settings.article_days * _DAY, least), most)
    return min(max((before or 0.0) * 1.5, least), most)


def interval_of_error(before: float | None, settings: RevisitSettings) -> float:
    """Seconds until an address that answered with an error is asked for again: 0 (at the next run) after the first one
    in a row, then a quarter of the least interval, then twice as long each time. `before` is the interval after the
    error before; None for the first one."""
    if before is None:
        return 0.0
    return min(before * 2 or settings.least_days * _DAY / 4, settings.most_days * _DAY)
