"""When a host may be asked again. Pure: told of moments and answers, it says how long; whoever asks does the waiting.

    between two requests    the longest of: the configured delay; what robots.txt asks (Crawl-delay); what the server's
                            own speed and distress call for, up to a bound
    Retry-After             holds besides
    failures in a row       a rest, twice as long the next time; after the third the host is left alone for the run

Without a configured delay nothing adapts and no rest is long: what the server asks for in so many words still holds.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum

FAILURES_BEFORE_REST = 8  # addresses in a row
RESTS = 3
_REST = 20  # delays
_EASED = 0.8  # what a good answer leaves of the distress


class Sign(Enum):
    """What an answer, or none, says of the host."""

    WELL = "well"
    NEITHER = "neither"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class PaceSettings:
    """`delay` is the least pause in seconds; the pause is also at least `factor` times what the last good answer took,
    as long as that is at most `most`."""

    delay: float = 0.0
    factor: float = 0.0
    most: float = 60.0


class Pace:
    """The pace of one host."""

    def __init__(self, settings: PaceSettings) -> None:
        self._settings = settings
        self.crawl_delay = 0.0  # what robots.txt asks for, already capped; set by whoever read it
        self.not_before = 0.0  # the server asked to be left alone until then (Retry-After)
        self._took = 0.0
        self._distress = 1.0  # by how much the pause is multiplied
        self._ended: float | None = None
        self._failed_in_row = 0
        self._rests = 0
        self._rests_until = 0.0

    @property
    def delay(self) -> float:
        """The pause after an answer, in seconds, as things stand."""
        asked = max(self._settings.delay, self.crawl_delay)
        if not self._settings.delay:
            return asked
        wanted = max(asked, self._settings.factor * self._took) * self._distress
        return max(asked, min(wanted, self._settings.most))

    @property
    def given_up(self) -> bool:
        """Whether the host failed so often in a row that it is left alone for the rest of the run."""
        return self._rests >= RESTS

    def wait(self, now: float) -> float:
        """Seconds until the next request may begin."""
        ended = self._ended + self.delay if self._ended is not None else now
        return max(0.0, ended - now, self.not_before - now, self._rests_until - now)

    def answered(self, now: float, took: float, sign: Sign) -> None:
        """Takes notice of the end of a request, whatever came of it."""
        self._ended = now
        if sign is Sign.WELL:
            self._took = took
            self._distress = max(1.0, self._distress * _EASED)
        elif sign is Sign.DISTRESS and self._settings.delay and self.delay < self._settings.most:
            self._distress *= 2

    def asked_to_wait(self, until: float) -> None:
        """The server named a moment before which it wants no request."""
        self.not_before = max(self.not_before, until)

    def settled(self, now: float, sign: Sign) -> None:
        """Takes notice of what an address came to after all tries."""
        if sign is Sign.WELL:
            self._failed_in_row = self._rests = 0
        elif sign is Sign.DISTRESS:
            self._failed_in_row += 1
        if self._failed_in_row >= FAILURES_BEFORE_REST:
            self._failed_in_row = 0
            self._rests_until = now + _REST * self._settings.delay * 2**self._rests
            self._rests += 1


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110 10.2.3: seconds or a date); None when it says
    nothing."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None
