"""Runs contenders over pages and adds their scores up, by field and by group of pages."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from evaluation.contenders import Contender
from evaluation.corpus import Page
from evaluation.scoring import Found, Tally, score, stray_lines


@dataclass(slots=True)
class Scores:
    """One contender's figures. `strays` are the lines of the frame in its records, `errors` the pages it failed on, and
    `misses` (page, field, what was found) for every field that was not exact."""

    contender: str
    fields: tuple[str, ...]
    tallies: dict[str, dict[str, Tally]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Tally)))
    strays: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    misses: list[tuple[Page, str, Found]] = field(default_factory=list)
    seconds: float = 0.0
    pages: int = 0

    def total(self, name: str, groups: list[str]) -> Tally:
        """A field's tally over several groups."""
        whole = Tally()
        for group in groups:
            whole += self.tallies[name][group]
        return whole


def evaluate(contender: Contender, pages: list[Page]) -> Scores:
    """Scores one contender. Its CPU time is what it took to read the pages, without imports and learning."""
    scores = Scores(contender.name, contender.fields)
    reader = contender.prepare(pages)
    digests: dict[str, dict[str, str | None]] = defaultdict(dict)
    for page in pages:
        start = time.process_time()
        try:
            found = reader(page)
        except Exception as error:  # a contender's failure is its result on this page
            scores.errors.append(f"{page.name}: {type(error).__name__}: {error}"[:200])
            found = Found(refused=True)
        scores.seconds += time.process_time() - start
        scores.pages += 1
        for name, tally in score(page, found).items():
            if name in contender.fields:
                scores.tallies[name][page.group] += tally
                if tally.exact < tally.pages:
                    scores.misses.append((page, name, found))
        if page.truth is not None:
            scores.strays[page.group] += stray_lines(page.truth, found)
            if page.same_as:
                digests[page.same_as][page.group] = found.digest
    if "digest" in contender.fields:
        for group, tally in digest_tallies(digests).items():
            scores.tallies["digest"][group] = tally
    return scores


def digest_tallies(digests: dict[str, dict[str, str | None]]) -> dict[str, Tally]:
    """Whether the records of one article in several markups have one digest: a markup is right on an article when its
    digest is the one that most markups have."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for by_group in digests.values():
        values = [value for value in by_group.values() if value]
        usual = max(sorted(set(values)), key=values.count) if values else None
        for group, value in by_group.items():
            right = int(value is not None and value == usual)
            tallies[group] += Tally(right=right, got=int(value is not None), wanted=1, exact=right, pages=1)
    return tallies
