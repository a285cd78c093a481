"""When a page is due again. Pure.

An article that did not change waits half as long again as the time before, one that changed a fifth less, between
bounds (the policy of incremental crawlers such as Heritrix and news-crawl). Start pages and listings' first pages need
no date: every run asks for them.
"""

from scraper.config import RevisitSettings
from scraper.frontier import Kind

_DAY = 86_400.0


def next_interval(kind: Kind, *, changed: bool, before: float | None, settings: RevisitSettings) -> float | None:
    """Seconds until a page is due again, given the interval before (None at its first fetch); None: never by date."""
    if kind is Kind.MEDIA:
        return None
    if before is None:
        days = settings.article_days if kind is Kind.ARTICLE else settings.page_days
        return days * _DAY
    interval = before * (0.8 if changed else 1.5)
    return min(max(interval, settings.least_days * _DAY), settings.most_days * _DAY)
