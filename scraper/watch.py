"""The time over one request: the one place where anything waits for a socket.

Each wait, for a connection, a TLS handshake, a first byte or a further one, ends at the step's own limit, at the
deadline of the whole request, and within a second of the wish to stop. What has come so far is counted here too.
"""

import re
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from scraper.resolve import Resolver, addresses_of

_LOOKS_UP = 0.5  # seconds between two looks at the wish to stop
_MOST_HEAD = 256 * 1024  # bytes before the end of an answer's head, interim answers among them
_BLANK_LINE = re.compile(rb"\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.\d 1\d\d")


class Stopped(httpx.TransportError):
    """The run was stopped meanwhile."""


class NoSuchName(httpx.ConnectError):
    """The host's name has no address, or none could be learned in time."""


class PrivateAddress(httpx.ConnectError):
    """The host's name leads to private addresses only."""


class BadCertificate(httpx.ConnectError):
    """The secure connection failed."""


class TooLate(httpx.ReadTimeout):
    """The whole request took longer than it may."""


class StaleConnection(httpx.RemoteProtocolError):
    """The kept connection that a request was sent on was closed meanwhile, or an old answer stood on it. The request
    may be sent again on a new one (RFC 9110 9.2.2, RFC 9112 9.3.1)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest waits, in seconds: for a connection (name, address and TLS handshake each), for the first byte of an
    answer, for each further piece, and for the whole request."""

    connect: float = 10.0
    first_byte: float = 30.0
    piece: float = 30.0
    total: float = 300.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the wire takes from outside. `connect_to` maps a host to the (address, port) to connect to instead of
    resolving it; `private_hosts` may live at private addresses, no other host may."""

    stopped: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    resolver: Resolver = addresses_of
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    private_hosts: frozenset[str] = frozenset()


class Watch:
    """The time over one request, and what has come of its answer so far."""

    def __init__(self, patience: Patience, surroundings: Surroundings) -> None:
        self.patience, self.clock, self.stopped = patience, surroundings.clock, surroundings.stopped
        self.host = ""
        self.received = 0
        self._until = 0.0
        self._head: bytearray | None = bytearray()  # what came so far, as long as the head is not read
        self._head_end = 0

    def begin(self, host: str) -> None:
        self.host, self.received, self._head = host, 0, bytearray()
        self._until = self.clock() + self.patience.total

    def left(self, seconds: float) -> float:
        """So many seconds, or what is left of the whole request. Raises TooLate when nothing is."""
        left = self._until - self.clock()
        if left <= 0:
            raise TooLate(f"the answer took longer than {self.patience.total:g} s")
        return min(seconds, left)

    def note(self, data: bytes) -> None:
        """Takes notice of what came. Raises httpx.RemoteProtocolError when a head does not end."""
        self.received += len(data)
        if self._head is not None:
            self._head += data
            if len(self._head) > _MOST_HEAD:
                raise httpx.RemoteProtocolError(f"the head of the answer is longer than {_MOST_HEAD} bytes")

    def head_is_read(self) -> None:
        """Finds where it ended, interim answers (1xx) before it included."""
        assert self._head is not None
        self._head_end, end = len(self._head), 0
        while blank := _BLANK_LINE.search(self._head, end):
            interim = _INTERIM.match(self._head, end)
            end = blank.end()
            if not interim:
                self._head_end = end
                break
        self._head = None

    def came_after(self, size: int) -> bool:
        """Whether more came than a head and a body of so many bytes."""
        return self.received > self._head_end + size

    def wait(self, sock: socket.socket, event: int, seconds: float, late: Exception) -> None:
        """Waits until a socket is ready for an event, at most so many seconds; raises `late` then, TooLate at the
        request's deadline, Stopped when the run is."""
        poll = select.poll()
        poll.register(sock, event)
        began = self.clock()
        while True:
            if self.stopped():
                raise Stopped("while waiting for the server")
            left = self.left(began + seconds - self.clock())
            if left <= 0:
                raise late
            if poll.poll(min(left, _LOOKS_UP) * 1000):
                return
