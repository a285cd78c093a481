"""How long a host is left alone between requests, and when altogether. Pure: told of each answer, it says the pause.

The pause is the longest of what the config asks, what robots.txt asks (`Crawl-delay`), and a multiple of the time the
last answer took (as Heritrix and Scrapy's AutoThrottle do), within the config's bound. Distress (429, 503, time-outs,
refused connections) doubles it; good answers bring it back by half the way each. A configured pause of 0 turns all of
that off: then `Crawl-delay` alone holds.
"""

from dataclasses import dataclass, field

_FIRST_WAIT = 1.0  # seconds that distress begins to double from, where the pause is shorter
_TROUBLES = 8  # host-level failures in a row, before the host is left alone for a while
_RESTS = 3  # such whiles in a row, before it is left alone for the rest of the run
_REST = 20.0  # pauses that the first while lasts; each next one twice as long


@dataclass(slots=True)
class Pace:
    """The pace of one host. `least`, `asked` (of robots.txt) and `most` are seconds; `factor` multiplies the time of an
    answer."""

    least: float
    most: float
    factor: float
    asked: float = 0.0
    _adapted: float = 0.0
    _troubles: int = field(default=0)
    _rests: int = field(default=0)

    @property
    def delay(self) -> float:
        """Seconds to leave between the end of one answer and the next request."""
        return max(self.least, self.asked, self._adapted)

    @property
    def given_up(self) -> bool:
        """Whether the host failed so often that the run should leave it alone."""
        return self._rests >= _RESTS

    def answered(self, seconds: float, *, distress: bool) -> None:
        """Takes in how long an answer took, and whether it showed distress."""
        if self.least == 0:
            return
        most = max(self.most, self.least, self.asked)
        if distress:
            self._adapted = min(max(self.delay, _FIRST_WAIT) * 2, most)
        else:
            target = min(self.factor * seconds, most)
            self._adapted = max(target, (self._adapted + target) / 2)

    def failed(self, failed: bool) -> float:
        """Takes in whether the host as a whole failed; returns for how long to leave it alone now (0: not at all)."""
        if not failed:
            self._troubles = self._rests = 0
            return 0.0
        self._troubles += 1
        if self._troubles % _TROUBLES:
            return 0.0
        self._rests += 1
        return _REST * self.delay * 2 ** (self._rests - 1) if self.least else 0.0
