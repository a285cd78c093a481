"""Which rules hold where: robots.txt asked for, its redirects followed, and kept for a day (RFC 9309 2.3, 2.4)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.warc import Exchange
from scraper.fetch import FailureReason, FetchFailure
from scraper.robots import Rules, read_answer, unreachable
from scraper.urls import host_of, media_address

_REDIRECTS = 5  # RFC 9309 2.3.1.2
_LASTS = 24 * 3600.0  # seconds; RFC 9309 2.4


@dataclass(slots=True)
class Lookup:
    """The rules for an address, and the answers had on the way to them; `stopped` instead when robots.txt was not asked
    for: the run was stopped, or the host asked to be left alone."""

    rules: Rules
    exchanges: list[Exchange] = field(default_factory=list)
    stopped: FetchFailure | None = None


class RobotsBook:
    """The rules of all origins (scheme and host) of a run. Any thread may look something up."""

    def __init__(
        self,
        ask: Callable[[str], Exchange | FetchFailure],
        may_ask: Callable[[str], bool],
        clock: Callable[[], float],
    ) -> None:
        """`ask` asks for an address in its host's pace; `may_ask` says whether an address is within the scope."""
        self._ask, self._may_ask, self._clock = ask, may_ask, clock
        self._known: dict[str, tuple[Rules, float]] = {}
        self._lock = threading.Lock()

    def look_up(self, url: str) -> Lookup:
        """The rules that hold for an address; robots.txt is asked for when they are not known or a day old."""
        origin = _origin_of(url)
        with self._lock:
            known = self._known.get(origin)
        now = self._clock()
        if known is not None and now - known[1] < _LASTS:
            return Lookup(known[0])
        return self._read(origin, now)

    def _read(self, origin: str, now: float) -> Lookup:
        """Follows redirects from an origin's robots.txt; what they lead to holds for each origin on the way whose own
        robots.txt it was, since that has fewer redirects before it."""
        found = Lookup(unreachable(f"more than {_REDIRECTS} redirects"))
        address, passed = f"{origin}/robots.txt", []
        for _ in range(_REDIRECTS + 1):
            passed.append(address)
            answer = self._ask(address)
            if isinstance(answer, FetchFailure):
                found.rules = unreachable(f"{answer.reason}: {answer.detail}")
                if answer.reason in (FailureReason.STOPPED, FailureReason.RESTING):
                    found.stopped = answer
                    return found
                break
            found.exchanges.append(answer)
            location = answer.header("location")
            if not (300 <= answer.status < 400 and location):
                found.rules = read_answer(answer)
                break
            target = media_address(location, address)
            if target is None or not (host_of(target) == host_of(origin) or self._may_ask(target)):
                # It may well forbid something; whoever crawls can put the host into the config.
                found.rules = unreachable(f"it redirects to {location[:200]}, which may not be asked for")
                break
            address = target
        with self._lock:
            for each in passed:
                if each == f"{_origin_of(each)}/robots.txt":
                    self._known[_origin_of(each)] = (found.rules, now)
        return found


def _origin_of(url: str) -> str:
    return f"{url.partition('://')[0]}://{host_of(url)}"
