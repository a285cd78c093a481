"""One host, asked politely: one request at a time in its own pace, again where that is worth it. The home of tenacity.

    Fetcher.fetch(url) ─► Exchange        whatever the status; redirects are not followed here
                       └► FetchFailure    a value: no answer could be had, and why

When to ask is `pace.py`'s to say, how long each step may take `watch.py`'s, what is kept `captured.py`'s.
"""

import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import httpx
from tenacity import RetryCallState, Retrying, retry_if_result, wait_random_exponential

from archive.records import Role
from archive.warc import Exchange
from scraper.captured import DISCONNECT, LENGTH, protocols, read_body, request_head, response_head
from scraper.pace import FAILURES_BEFORE_REST, Pace, PaceSettings, Sign, retry_after
from scraper.resolve import Resolver, addresses_of
from scraper.room import free_bytes
from scraper.transport import PEER, Transport
from scraper.urls import host_of
from scraper.watch import (
    BadCertificate,
    NoSuchName,
    Patience,
    PrivateAddress,
    StaleConnection,
    Stopped,
    Surroundings,
    TooLate,
)

_TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_DISTRESS = frozenset((429, 503))
_NO_SIGN = frozenset((408, 425, 500, 502, 504))  # not at ease, and not in distress
_NO_GATEWAY = frozenset((502, 504))  # a machine in between speaks


class FailureReason(StrEnum):
    """Why there is no answer."""

    DNS = "dns"
    BLOCKED_ADDRESS = "blocked-address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken-answer"
    RESTING = "resting"
    STOPPED = "stopped"


FAILURE_MEANINGS: dict[FailureReason, str] = {
    FailureReason.DNS: "the host's name could not be resolved",
    FailureReason.BLOCKED_ADDRESS: "the host's name resolves to a private address, which only start hosts may",
    FailureReason.CONNECT: "no connection could be made",
    FailureReason.TLS: "the secure connection failed, for instance because of an invalid certificate",
    FailureReason.TIMEOUT: "the server took longer than the config allows",
    FailureReason.BROKEN: "the answer broke off or was not HTTP",
    FailureReason.RESTING: "the server asked to be left alone for longer than a run may wait, or kept failing",
    FailureReason.STOPPED: "the run was stopped meanwhile",
}
_WORTH_ANOTHER_TRY = frozenset((FailureReason.CONNECT, FailureReason.TIMEOUT, FailureReason.BROKEN, FailureReason.DNS))
_DISTRESSED = frozenset((FailureReason.CONNECT, FailureReason.TIMEOUT, FailureReason.BROKEN))
_HOST_FAILED = _WORTH_ANOTHER_TRY | {FailureReason.TLS}
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """No answer, and why."""

    url: str
    reason: FailureReason
    detail: str
    at: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request; times in seconds, sizes in bytes."""

    patience: Patience = Patience()  # noqa: RUF009  a value
    attempts: int = 3
    max_retry_wait: float = 120.0
    max_bytes: Mapping[Role, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """What the fetcher takes from outside, so that tests neither sleep nor resolve names.

    `pause` waits so many seconds and returns True when the run was stopped meanwhile. `connect_to` maps a host to the
    (address, port) to connect to instead of resolving it. `free_bytes` says how much may still be written in a folder.
    """

    pause: Callable[[float], bool]
    stopped: Callable[[], bool]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    clock: Callable[[], float] = time.monotonic
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    resolver: Resolver = addresses_of
    transport: httpx.BaseTransport | None = None
    free_bytes: Callable[[Path], int] = free_bytes


class Fetcher:
    """Asks one host, one thing at a time, whoever calls."""

    def __init__(
        self,
        *,
        user_agent: str,
        limits: Limits,
        world: World,
        private_hosts: frozenset[str],
        tls: ssl.SSLContext,
        pace: PaceSettings = PaceSettings(),  # noqa: B008  a value
    ) -> None:
        """`private_hosts` may live at private addresses; no other host may. `tls` is from `trust`."""
        self._limits, self._world = limits, world
        self._alone = threading.Lock()
        self.pace = Pace(pace)
        self.requests, self.seconds = 0, 0.0  # how many were sent, and what the last took until its whole answer
        self._transport = world.transport or Transport(
            limits.patience,
            Surroundings(world.stopped, world.clock, world.resolver, world.connect_to, private_hosts),
            tls,
        )
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
            "Connection": "keep-alive",
        }

    def close(self) -> None:
        self._transport.close()

    def fetch(self, url: str, role: Role, headers: Mapping[str, str] = _NO_HEADERS) -> Exchange | FetchFailure:
        """Asks for an address once the host's pause is over, again where that is worth it, and gives the best answer:
        a whole one before one that broke off, that before none.

        `headers` are further request fields, such as validators (RFC 9110 13.1).
        """
        with self._alone:
            if (resting := self._resting(url)) is not None:
                return resting
            wait = self.pace.wait(self._world.clock())
            if wait > 0:
                self._world.pause(wait)
            tries: list[Exchange | FetchFailure] = []
            retrying = Retrying(
                retry=retry_if_result(lambda answer: _is_worth_another_try(answer, role)),
                stop=self._should_stop,
                wait=self._wait,
                sleep=self._sleep,
                retry_error_callback=lambda _: None,
            )
            retrying(lambda: self._note(tries, self._try(url, role, headers)))
            best = max(reversed(tries), key=_worth)
            self.pace.settled(self._world.clock(), _sign_of_host(best))
            return best

    def _resting(self, url: str) -> FetchFailure | None:
        """Why the host is not to be asked any more in this run, if it is not."""
        wait = self.pace.not_before - self._world.clock()
        if wait > self._limits.max_retry_wait:
            until = (self._world.now() + timedelta(seconds=wait)).astimezone(UTC)
            detail = f"{host_of(url)} asked to be left alone for {wait:.0f} s more, until {until:%Y-%m-%d %H:%M}Z"
        elif self.pace.given_up:
            detail = f"{host_of(url)} failed {FAILURES_BEFORE_REST} times in a row, and again after each rest"
        else:
            return None
        return self._failure(url, FailureReason.RESTING, detail)

    def _note(self, tries: list[Exchange | FetchFailure], answer: Exchange | FetchFailure) -> Exchange | FetchFailure:
        tries.append(answer)
        return answer

    def _should_stop(self, state: RetryCallState) -> bool:
        """After the last attempt, or when the server wants to be left alone for longer than a run may wait."""
        asked = self.pace.not_before - self._world.clock()
        return state.attempt_number >= self._limits.attempts or asked > self._limits.max_retry_wait

    def _sleep(self, seconds: float) -> None:
        self._world.pause(seconds)

    def _wait(self, state: RetryCallState) -> float:
        """Exponential back-off with full jitter, at least the host's pause and what Retry-After asks."""
        answer = state.outcome.result() if state.outcome else None
        wait = self.pace.wait(self._world.clock())
        if self.pace.not_before > self._world.clock() or (isinstance(answer, Exchange) and answer.status == 200):
            return wait
        return max(wait, min(wait_random_exponential(multiplier=1, max=30)(state), self._limits.max_retry_wait))

    def _try(self, url: str, role: Role, headers: Mapping[str, str]) -> Exchange | FetchFailure:
        if self._world.stopped():
            return self._failure(url, FailureReason.STOPPED, "before it was asked for")
        began = self._world.clock()
        self.requests += 1
        try:
            answer = self._ask(url, role, headers)
        except StaleConnection:
            # No failure, but a request that the server may have seen: the pause holds. A new connection is never stale.
            self.pace.answered(self._world.clock(), 0.0, Sign.NEITHER)
            self._world.pause(self.pace.wait(self._world.clock()))
            return self._try(url, role, headers)
        ended = self._world.clock()
        self.seconds = ended - began
        self.pace.answered(ended, self.seconds, _sign_of_try(answer))
        if isinstance(answer, Exchange) and answer.status in _TRY_AGAIN:
            values = [value for name, value in answer.headers if name.lower() == "retry-after"]
            asked = retry_after(", ".join(values), self._world.now())
            if asked:
                self.pace.asked_to_wait(ended + asked)
        return answer

    def _ask(self, url: str, role: Role, more: Mapping[str, str]) -> Exchange | FetchFailure:
        """Sends one request. Raises StaleConnection where it was sent on a connection that was none any more."""
        coding = "identity" if role is Role.MEDIA else "gzip, deflate"
        at = _stamp(self._world.now())
        try:
            request = httpx.Request(
                "GET", url, headers={"Host": host_of(url), **self._headers, "Accept-Encoding": coding, **more}
            )
            response = self._transport.handle_request(request)
            try:
                limit = self._limits.max_bytes.get(role, 20_000_000)
                body, truncated = read_body(response, limit, self._still())
            finally:
                response.close()
        except StaleConnection:
            raise
        except Stopped as error:
            return self._failure(url, FailureReason.STOPPED, str(error))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._failure(url, _reason(error), _describe(error))
        return Exchange(
            url=url,
            fetched_at=at,
            role=role,
            status=response.status_code,
            request_head=request_head(request),
            response_head=response_head(response),
            body=body,
            ip=response.extensions.get(PEER),
            truncated=truncated,
            protocols=protocols(response),
        )

    def _still(self) -> Callable[[], None]:
        """Raises, between two pieces, when the run was stopped or the whole took too long."""
        total = self._limits.patience.total
        until = self._world.clock() + total

        def still() -> None:
            if self._world.stopped():
                raise Stopped("while reading the answer")
            if self._world.clock() > until:
                raise TooLate(f"the answer took longer than {total:g} s")

        return still

    def _failure(self, url: str, reason: FailureReason, detail: str) -> FetchFailure:
        return FetchFailure(url, reason, detail, _stamp(self._world.now()))


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Which certificates are believed: the usual ones, and those in `ca_file`, also where a server leaves out the
    certificates in between. One for all hosts."""
    if ca_file is None:
        return _usual_trust()
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=str(ca_file))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # one in between is enough
    return context


@cache
def _usual_trust() -> ssl.SSLContext:
    """Made once, which takes longer than many a crawl of a small site asks for pages."""
    return ssl.create_default_context()


def is_broken_off(exchange: Exchange) -> bool:
    """Whether a page came in part only, by no limit of ours, so that another try may bring the rest."""
    return exchange.status == 200 and exchange.truncated not in ("", LENGTH)


def _is_worth_another_try(answer: Exchange | FetchFailure, role: Role) -> bool:
    if isinstance(answer, FetchFailure):
        return answer.reason in _WORTH_ANOTHER_TRY
    empty = answer.status == 200 and not answer.body and role is Role.PAGE
    return answer.status in _TRY_AGAIN or empty or is_broken_off(answer)


def _worth(answer: Exchange | FetchFailure) -> int:
    """Which of several tries counts; a wish to stop before all else, since then nothing is settled."""
    if isinstance(answer, FetchFailure):
        return 4 if answer.reason is FailureReason.STOPPED else 0
    if is_broken_off(answer):
        return 2
    return 1 if answer.status in _TRY_AGAIN or (answer.status == 200 and not answer.body) else 3


def _sign_of_try(answer: Exchange | FetchFailure) -> Sign:
    """Whether one answer was what a server at ease gives."""
    if isinstance(answer, FetchFailure):
        return Sign.DISTRESS if answer.reason in _DISTRESSED else Sign.NEITHER
    if answer.status in _DISTRESS or answer.truncated == DISCONNECT:
        return Sign.DISTRESS
    return Sign.NEITHER if answer.truncated or answer.status in _NO_SIGN else Sign.WELL


def _sign_of_host(answer: Exchange | FetchFailure) -> Sign:
    """Whether it is the host that fails, not one of its pages; a page that came in part tells neither."""
    if isinstance(answer, FetchFailure):
        return Sign.DISTRESS if answer.reason in _HOST_FAILED else Sign.NEITHER
    if answer.status in _DISTRESS:
        return Sign.DISTRESS
    return Sign.NEITHER if is_broken_off(answer) or answer.status in _NO_GATEWAY else Sign.WELL


def _reason(error: Exception) -> FailureReason:
    """Foreign errors, mapped in one place."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    text = f"{error} {error.__cause__}"
    if "CERTIFICATE" in text or "SSL" in text:
        return FailureReason.TLS
    return FailureReason.CONNECT if isinstance(error, httpx.ConnectError) else FailureReason.BROKEN


_REASONS: tuple[tuple[type[Exception], FailureReason], ...] = (
    (NoSuchName, FailureReason.DNS),
    (httpx.InvalidURL, FailureReason.DNS),  # a name can be no name at all
    (PrivateAddress, FailureReason.BLOCKED_ADDRESS),
    (BadCertificate, FailureReason.TLS),
    (ssl.SSLError, FailureReason.TLS),
    (httpx.TimeoutException, FailureReason.TIMEOUT),
)


def _describe(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error) or type(error).__name__)[:300]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
