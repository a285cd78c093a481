"""What the revisit policy asks of a site and how soon it sees edits: years of nights in seconds, by the policy alone.

    python benchmarks/freshness.py [--articles 5000] [--years 3] [--seed 1]

The site is made up: articles of the last twelve years; new ones at random, 1.5 a day; three in twenty edited once in
their first days, and each edited every fifty years on average. `scraper.revisit` says when each is due, as in a crawl;
[revisit] effort limits how many are asked for. What is told is of the last year. Pictures, listings, robots.txt and
sitemaps are not counted.
"""

import argparse
import random
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scraper.addresses import Kind
from scraper.config import RevisitSettings
from scraper.revisit import next_interval

_DAY = 86_400.0
_NEW_A_DAY, _EDITED_EARLY, _EDITS_A_DAY = 1.5, 0.15, 1 / 50 / 365
_WINDOW = 30  # days over which effort is reckoned (scraper/allowance.py)


@dataclass(slots=True)
class Page:
    """An article: days of edits that are not seen yet, when it was last asked for, and when it is due."""

    edits: list[float]
    asked: float
    interval: float

    @property
    def due(self) -> float:
        return self.asked + self.interval


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one year: articles new, edits found with how many days late, visits that found nothing, edits not seen."""

    new: int
    late: list[float]
    idle: int
    unseen: int


def edits_of(draw: random.Random, published: float, end: float) -> list[float]:
    days = [published + draw.expovariate(1.0)] if draw.random() < _EDITED_EARLY else []
    day = published
    while (day := day + draw.expovariate(_EDITS_A_DAY)) < end:
        days.append(day)
    return sorted(days)


def live(settings: RevisitSettings, articles: int, years: int, seed: int, *, dated: bool) -> Seen:
    """Nights over so many years; `dated`: a sitemap tells of each edit."""
    draw, end = random.Random(seed), years * 365
    pages = []
    for _ in range(articles):
        age = draw.random() * 12 * 365
        first = next_interval(Kind.ARTICLE, changed=True, before=None, settings=settings, age=age * _DAY) or 0.0
        pages.append(Page([day for day in edits_of(draw, -age, end) if day > 0], 0.0, first / _DAY))
    nights: list[tuple[int, list[float], int]] = []
    for today in range(1, end):
        fresh = sum(draw.random() < _NEW_A_DAY / 20 for _ in range(20))
        told = [page for page in pages if dated and page.edits and page.edits[0] <= today]
        due = sorted((page for page in pages if page.due <= today), key=lambda page: (page.due - today) / page.interval)
        if settings.effort:
            found = sum(new + len(late) for new, late, _ in nights[-_WINDOW:])
            due = due[: max(0, int(found * settings.effort - sum(idle for *_, idle in nights[-_WINDOW:])))]
        late, idle = list[float](), 0
        for page in {id(page): page for page in (*told, *due)}.values():
            changed = bool(page.edits and page.edits[0] <= today)
            idle += not changed
            late += [today - page.edits[0]] if changed else []
            page.edits = [day for day in page.edits if day > today]
            before = page.interval * _DAY
            page.interval = (next_interval(Kind.ARTICLE, changed=changed, before=before, settings=settings) or 0) / _DAY
            page.asked = today
        for _ in range(fresh):
            edits = [day for day in edits_of(draw, today - draw.random(), end) if day > today]
            pages.append(Page(edits, today, settings.article_days))
        nights.append((fresh, late, idle))
    last = nights[-365:]
    unseen = sum(1 for page in pages for day in page.edits if day <= end - settings.most_days)
    return Seen(
        sum(n for n, *_ in last), [day for _, each, _ in last for day in each], sum(i for *_, i in last), unseen
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("effort  sitemap   requests a night  per new or changed  edits seen  days late: median, 95 of 100  unseen")
    for effort in (0.0, 3.0, 1.0, 0.3):
        for dated in (False, True):
            seen = live(RevisitSettings(effort=effort), options.articles, options.years, options.seed, dated=dated)
            late, found = sorted(seen.late), seen.new + len(seen.late)
            print(
                f"{effort or 'all due':>7} {'dated' if dated else 'no dates':>9} {(found + seen.idle) / 365:17.1f}"
                f" {(found + seen.idle) / found:19.2f} {len(late):11} {statistics.median(late):19.1f},"
                f" {late[int(len(late) * 0.95)]:8.1f} {seen.unseen:7}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
