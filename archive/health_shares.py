"""Whether a share jumped, or a few pages just fell out so: exact tails of the binomial and Poisson-binomial laws.

A jump must be large (so many points above what was to be expected) and no accident (less likely than `chance`, had
nothing changed). So a run of few pages, or one category without bylines, raises no alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jump:
    """A share that was looked at: `count` of `pages`, where `expected` (0 to 1) was to be expected, and how likely that
    many or more are then. `jumped` is the verdict."""

    count: int
    pages: int
    expected: float
    chance: float
    jumped: bool

    @property
    def share(self) -> float:
        return self.count / self.pages if self.pages else 0.0


def tail(count: int, chances: Sequence[float]) -> float:
    """How likely `count` or more of independent events are, each with its own chance (Poisson-binomial law)."""
    if count <= 0:
        return 1.0
    if count > len(chances):
        return 0.0
    # law[k] is how likely k events are so far, and law[count] that many or more.
    law = [1.0] + [0.0] * count
    for chance in chances:
        law[count] += law[count - 1] * chance
        for k in range(count - 1, 0, -1):
            law[k] += (law[k - 1] - law[k]) * chance
        law[0] *= 1 - chance
    return min(1.0, law[count])


def judge(count: int, chances: Sequence[float], *, points: float, chance: float, least: int) -> Jump:
    """Compares a count with what each page's chance gives to expect. Fewer pages than `least` are never judged, and
    three fifths of that many must be amiss, so that a few pages among others of earlier runs raise nothing."""
    pages = len(chances)
    expected = sum(chances) / pages if pages else 0.0
    likely = tail(count, chances)
    enough = pages >= least and count * 5 >= least * 3
    large = enough and 100 * (count / pages - expected) >= points
    return Jump(count, pages, round(expected, 4), likely, large and likely < chance)


def rate(count: int, pages: int, least: float = 0.02) -> float:
    """The chance of the next page, from so many of so many: a little pessimistic (rule of succession), so that what
    never happened yet is no impossibility."""
    return max(least, (count + 1) / (pages + 2))


def rates_by(groups: Sequence[tuple[str, bool]], *, least: int = 3, weight: float = 2.0) -> dict[str, float]:
    """The chance in each group of at least so many, drawn toward that of all as if `weight` pages of that kind had been
    seen beside. A group that was seen less often has no past to be compared with, and is left out."""
    overall = rate(sum(hit for _, hit in groups), len(groups))
    found = {}
    for name in {name for name, _ in groups}:
        hits = [hit for each, hit in groups if each == name]
        if len(hits) >= least:
            found[name] = max(0.02, (sum(hits) + weight * overall) / (len(hits) + weight))
    return found
