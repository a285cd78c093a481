"""One request, politely, and its answer as it came over the wire. The one home of httpx and tenacity.

    Fetcher.fetch(url) ─► Exchange        whatever the status; redirects are not followed here
                       └► FetchFailure    a value: no answer could be had, and why

The host's name is resolved here and the address checked before anything is sent, and that address is the one connected
to, so a name cannot turn to another address in between. Limits hold while reading. One small client a host, since one
pool over many origins can hang (encode/httpcore#1110).
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

import httpx
from tenacity import RetryCallState, Retrying, retry_if_result, wait_random_exponential

from archive.records import Role
from archive.warc import Exchange
from scraper.room import free_bytes
from scraper.urls import host_of

_TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_HOP_HEADERS = (b"transfer-encoding",)


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
    FailureReason.RESTING: "the server asked to be left alone for longer than a run may wait",
    FailureReason.STOPPED: "the run was stopped meanwhile",
}
_WORTH_ANOTHER_TRY = frozenset((FailureReason.CONNECT, FailureReason.TIMEOUT, FailureReason.BROKEN, FailureReason.DNS))


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

    timeout: float = 30.0
    total_timeout: float = 300.0
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
    transport: httpx.BaseTransport | None = None
    free_bytes: Callable[[Path], int] = free_bytes


class Fetcher:
    """Asks one host. Used by one thread at a time."""

    def __init__(
        self,
        *,
        user_agent: str,
        limits: Limits,
        world: World,
        private_hosts: frozenset[str],
        tls: ssl.SSLContext,
    ) -> None:
        """`private_hosts` may live at private addresses; no other host may. `tls` is from `trust`."""
        self._limits, self._world, self._private_hosts = limits, world, private_hosts
        self.delay = 0.0  # least seconds between the starts of two tries; set by whoever paces the host
        self.requests, self.seconds = 0, 0.0  # how many were sent, and what the last took until its whole answer
        self.not_before = 0.0  # by the world's clock: the server asked to be left alone until then
        # The transport is asked directly: a client would act on redirects and cookies, even when told not to.
        self._transport = world.transport or httpx.HTTPTransport(
            verify=tls,
            trust_env=False,
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=60),
        )
        self._client = httpx.Client(
            transport=self._transport,
            timeout=httpx.Timeout(limits.timeout),
            headers={
                "User-Agent": user_agent,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "vi,en;q=0.5",
            },
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def fetch(self, url: str, role: Role, headers: Mapping[str, str] | None = None) -> Exchange | FetchFailure:
        """Asks for an address, again after a pause where that is worth it, and gives the last answer.

        `headers` are further request fields, such as validators (RFC 9110 13.1).
        """
        retrying = Retrying(
            retry=retry_if_result(lambda answer: _is_worth_another_try(answer, role)),
            stop=self._should_stop,
            wait=self._wait,
            sleep=self._sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        answer: Exchange | FetchFailure = retrying(self._try, url, role, headers or {})
        return answer

    def _should_stop(self, state: RetryCallState) -> bool:
        """After the last attempt, or when the server wants to be left alone for longer than a run may wait."""
        asked = self.not_before - self._world.clock()
        return state.attempt_number >= self._limits.attempts or asked > self._limits.max_retry_wait

    def _sleep(self, seconds: float) -> None:
        self._world.pause(seconds)

    def _wait(self, state: RetryCallState) -> float:
        """Back-off with jitter, at least the host's delay, at least what Retry-After asks, within the config's
        bound."""
        answer = state.outcome.result() if state.outcome else None
        if isinstance(answer, Exchange) and answer.status == 200:
            return self.delay
        asked = max(0.0, self.not_before - self._world.clock())
        backoff = (
            0.0 if asked else min(wait_random_exponential(multiplier=1, max=30)(state), self._limits.max_retry_wait)
        )
        return max(self.delay, backoff, asked)

    def _try(self, url: str, role: Role, headers: Mapping[str, str]) -> Exchange | FetchFailure:
        if self._world.stopped():
            return self._failure(url, FailureReason.STOPPED, "before it was asked for")
        host = host_of(url)
        try:
            address, port = self._resolve(url, host)
        except (OSError, UnicodeError, httpx.InvalidURL) as error:  # a name can be no name at all
            return self._failure(url, FailureReason.DNS, f"{host}: {error}")
        if address is None:
            return self._failure(url, FailureReason.BLOCKED_ADDRESS, host)
        return self._ask(url, (address, port), role, headers)

    def _resolve(self, url: str, host: str) -> tuple[str | None, int]:
        """The address to connect to; None when only forbidden ones are there. Raises OSError when the name has none."""
        if host in self._world.connect_to:
            return self._world.connect_to[host]
        parsed = httpx.URL(url)
        port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
        name = parsed.host
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host not in self._private_hosts:
            addresses = [address for address in addresses if ipaddress.ip_address(address.partition("%")[0]).is_global]
        return (addresses[0] if addresses else None), port

    def _ask(self, url: str, place: tuple[str, int], role: Role, more: Mapping[str, str]) -> Exchange | FetchFailure:
        target = httpx.URL(url)
        address, port = place
        headers = {
            "Host": host_of(url),
            "Accept-Encoding": "identity" if role is Role.MEDIA else "gzip, deflate",
        } | dict(more)
        request = self._client.build_request(
            "GET",
            target.copy_with(host=address, port=port),
            headers=headers,
            extensions={"sni_hostname": target.host},
        )
        at, began = _stamp(self._world.now()), self._world.clock()
        self.requests += 1
        try:
            response = self._transport.handle_request(request)
            try:
                body, truncated = self._read(response, role)
            finally:
                response.close()
        except _Stopped:
            return self._failure(url, FailureReason.STOPPED, "while reading the answer")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._failure(url, _reason(error), _describe(error))
        self.seconds = self._world.clock() - began
        self._note_retry_after(response)
        return Exchange(
            url=url,
            fetched_at=at,
            role=role,
            status=response.status_code,
            request_head=_request_head(request, target),
            response_head=_response_head(response),
            body=body,
            ip=address,
            truncated=truncated,
        )

    def _note_retry_after(self, response: httpx.Response) -> None:
        if response.status_code in _TRY_AGAIN:
            asked = retry_after(response.headers.get("retry-after"), self._world.now())
            if asked:
                self.not_before = max(self.not_before, self._world.clock() + asked)

    def _read(self, response: httpx.Response, role: Role) -> tuple[bytes, bool]:
        """The body without transfer coding, cut at the role's limit. Raises httpx.ReadTimeout past the total time."""
        limit = self._limits.max_bytes.get(role, 20_000_000)
        until = self._world.clock() + self._limits.total_timeout
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_raw():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                return b"".join(chunks)[:limit], True
            if self._world.stopped():
                raise _Stopped
            if self._world.clock() > until:
                raise httpx.ReadTimeout(f"the answer took longer than {self._limits.total_timeout:g} s")
        return b"".join(chunks), False

    def _failure(self, url: str, reason: FailureReason, detail: str) -> FetchFailure:
        return FetchFailure(url, reason, detail, _stamp(self._world.now()))


class _Stopped(Exception):
    """The run was stopped while an answer was being read."""


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Which certificates are believed: the usual ones, and those in `ca_file`. One for all hosts; making it is slow."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


def _is_worth_another_try(answer: Exchange | FetchFailure, role: Role) -> bool:
    if isinstance(answer, FetchFailure):
        return answer.reason in _WORTH_ANOTHER_TRY
    return answer.status in _TRY_AGAIN or (answer.status == 200 and not answer.body and role is Role.PAGE)


def _reason(error: Exception) -> FailureReason:
    """Foreign errors, mapped in one place."""
    text = f"{error} {error.__cause__}"
    if "CERTIFICATE" in text or "SSL" in text or isinstance(error, ssl.SSLError):
        return FailureReason.TLS
    if isinstance(error, httpx.TimeoutException):
        return FailureReason.TIMEOUT
    if isinstance(error, httpx.ConnectError):
        return FailureReason.CONNECT
    return FailureReason.BROKEN


def _describe(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error) or type(error).__name__)[:300]


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


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _request_head(request: httpx.Request, target: httpx.URL) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target.raw_path)]
    pairs = sorted(request.headers.raw, key=lambda pair: pair[0].lower() != b"host")  # as h11 sends them: Host first
    lines += [b"%s: %s" % pair for pair in pairs]
    return b"\r\n".join(lines)


def _response_head(response: httpx.Response) -> bytes:
    """Status line and headers as sent, but for the transfer coding, which httpx has undone: its header is renamed."""
    version = response.extensions.get("http_version", b"HTTP/1.1")
    phrase = response.extensions.get("reason_phrase", response.reason_phrase.encode())
    lines = [b"%s %d %s" % (version, response.status_code, phrase)]
    for name, value in response.headers.raw:
        if name.lower() in _HOP_HEADERS:
            name = b"X-Archive-Orig-" + name
        lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join(lines)
