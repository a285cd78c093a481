"""When a host may be asked again. Pure: told of moments and answers, it says how long; whoever asks does the waiting.

    between two requests    the longest of: the configured delay; what robots.txt asks (Crawl-delay); what the server's
                            own speed and distress call for, up to a bound
    Retry-After             holds besides
    failures in a row       a rest, twice as long the next time; after the third the host is left alone for the run

Without a configured delay nothing adapts and no rest is long: what the server asks for in so many words still holds.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

FAILURES_BEFORE_REST = 8  # addresses in a row
RESTS = 3
_REST = 20  # delays
_EASED = 0.8  # what a good answer leaves of the distress
_LASTS = 24 * 3600.0  # seconds; how long the next runs know of slowness and distress
_CLOCKS_DIFFER = 3600.0  # seconds; by so much clocks may differ without one being wrong
_VALUE = re.compile(r"\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,)?[^,]+", re.I)  # of a list; dates have a comma too
LONGEST_ASKED = (
    7 * 24 * 3600.0
)  # seconds; Retry-After counts as no more, so that one answer never bars a host for years


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


@dataclass(frozen=True, slots=True)
class Memory:
    """What the next run is to know of a host's pace. Moments are seconds since 1970: `not_before` is what the server
    asked for, `ended` when it last answered."""

    not_before: float = 0.0
    ended: float = 0.0
    crawl_delay: float = 0.0
    took: float = 0.0
    distress: float = 1.0


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

    def recall(self, memory: Memory, now: float, since: float) -> None:
        """Goes on where an earlier run was. `now` is the moment by this run's clock, `since` the same one in seconds
        since 1970. What a clock that was set meanwhile makes absurd is bounded, and what it says of the future is
        forgotten: a host would be left alone until then."""
        if memory.ended > since + _CLOCKS_DIFFER:
            return
        self.not_before = min(memory.not_before - since, LONGEST_ASKED) + now
        age = max(0.0, since - memory.ended)
        if age < _LASTS:
            self._ended, self.crawl_delay = now - age, memory.crawl_delay
            self._took, self._distress = memory.took, max(1.0, memory.distress)

    def memory(self, now: float, since: float) -> Memory | None:
        """What the next run is to know; None where that would change nothing, since the host was not asked, or has no
        pause to keep. The arguments are those of `recall`."""
        if self._ended is None or not (self.delay or self.not_before > now):
            return None
        ended = self._ended - now + since
        return Memory(self.not_before - now + since, ended, self.crawl_delay, self._took, self._distress)

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
    """Seconds that a Retry-After header asks to wait (RFC 9110 10.2.3: seconds or a date), at most LONGEST_ASKED; None
    when it says nothing. Of several values, as a header that was sent twice is read, the longest wait holds."""
    found = (_wait(text.strip(), now) for text in _VALUE.findall(value or ""))
    waits = [wait for wait in found if wait is not None]
    return min(max(waits), LONGEST_ASKED) if waits else None


def _wait(text: str, now: datetime) -> float | None:
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text):
        return float(text)
    moment = _moment(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _moment(text: str) -> datetime | None:
    """The moment of an HTTP date in any of its three forms (RFC 9110 5.6.7), read as UTC where no zone is named."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
