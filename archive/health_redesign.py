"""The alarm that matters most: the site was redesigned, and its pages are not read as they were.

Two comparisons, by parts (byline, captions, photos, doubts):

    losses     articles seen again, each beside what it had before: editors take a byline away now and then, not many
    shares     records that are new or changed, beside those of the 30 days before, category by category

While an alarm stands, both go by what was there before it began, so that a redesign does not become the habit. The
newest run counts alone when it has enough pages, else together with those of the week before it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.health_facts import Run
from archive.health_pages import PARTS, Page, PageBook
from archive.health_shares import Jump, judge, rate, rates_by
from archive.health_terms import Finding, Level, Standing, Thresholds, stamp

_WINDOW = timedelta(days=7)
_LEAST_PAST = 20  # records that there must be before a share of them says anything
_EDITS = 0.05  # the least chance that an article seen again has lost a part for a good reason
_FEW_KNOWN = 5  # so many articles seen again in one run may be judged alone
_PLAIN = 10  # an article beside itself is plainer evidence than records beside other records
_LOOK = "Look at `susta review` and at a page of the newest run (`susta inspect`)"
_ADVICE = (
    f"{_LOOK}. What was captured is safe. Update susta-archive, or set [profile] selectors, then `susta rebuild`; "
    "if all is well, `susta health --accept redesign`."
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is counted: of which pages, and which of them are hits."""

    name: str
    of: str  # what is counted, in words
    counts: Callable[[Page], bool]
    hit: Callable[[Page], bool]


_LOSSES = _Measure(
    "losses", "articles seen again lost a part", lambda page: page.was_known, lambda page: bool(page.lost)
)
_REFUSALS = _Measure(
    "refusals", "pages at articles' addresses gave no article", lambda _: True, lambda page: bool(page.refusal)
)
_SHARES = (
    _Measure(
        "doubtful",
        "new or changed records are doubtful",
        lambda page: page.is_new,
        lambda page: bool(page.now and page.now.doubtful),
    ),
    _Measure(
        "bylines",
        "new or changed records have no byline",
        lambda page: page.is_new,
        lambda page: bool(page.now and not page.now.byline),
    ),
    _Measure(
        "captions",
        "new or changed records with photos have no caption",
        lambda page: page.is_new and bool(page.now and page.now.photos),
        lambda page: bool(page.now and not page.now.captions),
    ),
    _Measure(
        "photos",
        "new or changed records have no photo",
        lambda page: page.is_new,
        lambda page: bool(page.now and not page.now.photos),
    ),
)


class Pages:
    """The article pages of the newest week and of the time before it, as one rule compares them."""

    def __init__(self, book: PageBook, runs: Sequence[Run], thresholds: Thresholds, standing: Standing) -> None:
        self._thresholds = thresholds
        ended = [run for run in runs if run.outcome != "running"]
        week = [run for run in ended if run.started > ended[-1].started - _WINDOW] if ended else []
        self.standing = standing if standing.level in (Level.WARNING, Level.CRITICAL) and standing.since else None
        since = self.standing.since if self.standing else None
        first = min(filter(None, (week[0].started if week else None, since)), default=datetime.max.replace(tzinfo=UTC))
        floor = standing.accepted or datetime.min.replace(tzinfo=UTC)
        begin = max(first - timedelta(days=thresholds.baseline_days), floor) if ended else floor
        past = [run for run in ended if begin <= run.started and (since is None or run.started < since)]
        self._runs = [run for run in week if run.started >= floor]
        self._started = {run.id: run.started for run in ended}
        loaded = book.pages(self._runs[0].id, self._runs[-1].id, floor, since) if self._runs else []
        self._by_run = {run.id: [page for page in loaded if page.run == run.id] for run in self._runs}
        self._past: list[Page] = []
        self._past_runs = past
        self._book, self._floor = book, max(begin, floor)

    def past(self, before_run: int) -> list[Page]:
        """The pages of the time to compare with, up to a run."""
        if not self._past and self._past_runs:
            first, last = self._past_runs[0].id, self._past_runs[-1].id
            self._past = self._book.pages(first, last, self._floor)
        return [page for page in self._past if page.run < before_run]

    def newest(self, measure: _Measure) -> tuple[list[Page], int]:
        """The newest run's pages that count, with those of the runs before it until they are enough; and the first of
        these runs."""
        found: list[Page] = []
        first = 0
        for run in reversed(self._runs):
            found += filter(measure.counts, self._by_run[run.id])
            first = run.id
            if len(found) >= self._thresholds.least_pages:
                break
        return found, first

    def started(self, run: int) -> str:
        return stamp(self._started[run]) if run in self._started else ""

    def losses(self) -> tuple[Jump, list[Page], int]:
        pages, first = self.newest(_LOSSES)
        past = [page for page in self.past(first) if page.was_known]
        chance = max(_EDITS, rate(sum(bool(page.lost) for page in past), len(past))) if past else _EDITS
        jump = self._losses_of(pages, chance, self._thresholds.least_pages)
        if self._runs and not jump.jumped and first != self._runs[-1].id:  # earlier runs may hide what this one shows
            newest = [page for page in self._by_run[self._runs[-1].id] if _LOSSES.counts(page)]
            alone = self._losses_of(newest, chance, min(_FEW_KNOWN, self._thresholds.least_pages))
            if alone.jumped:
                return alone, newest, self._runs[-1].id
        return jump, pages, first

    def _losses_of(self, pages: list[Page], chance: float, least: int) -> Jump:
        limits = self._thresholds
        hits, chances = sum(map(_LOSSES.hit, pages)), [chance] * len(pages)
        return judge(hits, chances, points=limits.jump_points, chance=_PLAIN * limits.jump_chance, least=least)

    def share(self, measure: _Measure, *, by_category: bool = True) -> tuple[Jump | None, list[Page], int]:
        """How a share compares; no jump where there is no past to compare with."""
        pages, first = self.newest(measure)
        past = [page for page in self.past(first) if measure.counts(page)]
        if len(past) < _LEAST_PAST:
            return None, pages, first
        rates = rates_by([(_category(page) if by_category else "", measure.hit(page)) for page in past])
        pages = [page for page in pages if (_category(page) if by_category else "") in rates]
        chances = [rates[_category(page) if by_category else ""] for page in pages]
        return self._judge(measure, pages, chances), pages, first

    def _judge(self, measure: _Measure, pages: list[Page], chances: list[float]) -> Jump:
        limits = self._thresholds
        hits = sum(map(measure.hit, pages))
        return judge(hits, chances, points=limits.jump_points, chance=limits.jump_chance, least=limits.least_pages)


def redesign(book: PageBook, runs: Sequence[Run], thresholds: Thresholds, standing: Standing) -> Finding:
    """Whether the newest pages lack what pages had before."""
    pages = Pages(book, runs, thresholds, standing)
    losses, seen, first = pages.losses()
    said, jumps, begins = [], 0, []
    figures: dict[str, Any] = {"losses": _figures(losses)}
    if losses.jumped:
        lost = Counter(part for page in seen for part in page.lost)
        parts = ", ".join(f"{PARTS.get(part, part)} {count} times" for part, count in lost.most_common())
        said.append(f"{_sentence(losses, _LOSSES.of)}: {parts}")
        begins.append(first)
        jumps += 2
    judged = losses.pages >= thresholds.least_pages
    for measure in _SHARES:
        jump, _, began = pages.share(measure)
        if jump is None:
            continue
        figures[measure.name] = _figures(jump)
        if jump.jumped:
            said.append(_sentence(jump, measure.of))
            begins.append(began)
            jumps += 1
    if said:
        level = Level.CRITICAL if jumps > 1 else Level.WARNING
        if pages.standing:  # weaker evidence of the same is no news
            level = max(level, pages.standing.level)
        figures["from"] = _from(pages, begins)
        return Finding("redesign", level, f"Was the site redesigned? {'; '.join(said)}", _ADVICE, figures)
    return _calm(
        "redesign", pages, figures, judged=judged, fine=f"{losses.pages} articles seen again have what they had"
    )


def refusals(book: PageBook, runs: Sequence[Run], thresholds: Thresholds, standing: Standing) -> Finding:
    """Whether articles' pages give no articles any more."""
    pages = Pages(book, runs, thresholds, standing)
    jump, of, first = pages.share(_REFUSALS, by_category=False)
    if jump is None:
        return Finding("refusals", Level.OK, "too few pages so far to know the usual share of refusals")
    figures: dict[str, Any] = {"refusals": _figures(jump)}
    if jump.jumped:
        reasons = Counter(page.refusal for page in of if page.refusal)
        why = ", ".join(f"{name} {count}" for name, count in reasons.most_common(5))
        figures |= {"reasons": dict(reasons), "from": _from(pages, [first])}
        advice = _ADVICE.replace("--accept redesign", "--accept refusals")
        if "challenge" in reasons:
            advice = "The site asks for proof of a browser: write to its operators. What was captured is safe."
        return Finding("refusals", Level.CRITICAL, f"{_sentence(jump, _REFUSALS.of)}: {why}", advice, figures)
    fine = f"{jump.count} of {jump.pages} pages at articles' addresses gave no article"
    return _calm("refusals", pages, figures, judged=jump.pages >= thresholds.least_pages, fine=fine)


def _calm(rule: str, pages: Pages, figures: dict[str, Any], *, judged: bool, fine: str) -> Finding:
    """No jump; but an alarm that stands is over only when enough pages say so."""
    standing = pages.standing
    if standing is None or judged or standing.since is None:
        return Finding(rule, Level.OK, fine, figures=figures)
    figures["from"] = stamp(standing.since)
    since = f"{standing.since:%Y-%m-%d}"
    return Finding(rule, standing.level, f"since {since}; too few pages came to say that it is over", _ADVICE, figures)


def _from(pages: Pages, first_runs: list[int]) -> str:
    """When the alarm began: with the earliest run that shows it, or, while it stands, as before."""
    if pages.standing and pages.standing.since:
        return stamp(pages.standing.since)
    return pages.started(min(first_runs))


def _category(page: Page) -> str:
    return page.now.category if page.now else ""


def _figures(jump: Jump) -> dict[str, Any]:
    return {"count": jump.count, "pages": jump.pages, "expected": jump.expected, "chance": jump.chance}


def _sentence(jump: Jump, words: str) -> str:
    return f"{jump.count} of {jump.pages} {words} ({jump.share:.0%}; to be expected: {jump.expected:.0%})"
