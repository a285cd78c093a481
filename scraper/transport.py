"""The wire: connections whose every step ends in time. The one home of httpcore, and of sockets.

httpcore speaks HTTP; what it reads and writes goes through a stream of ours over a socket that never blocks. Each wait
on it, for a connection, a TLS handshake, a first byte or a further one, passes through `_Watch.wait` alone, which ends
at the step's own limit, at the deadline of the whole request, and within a second of the wish to stop. So a server that
drips headers, or interim answers (1xx) without end, holds nobody longer than any other.

Where a name leads is decided here, on the address that is connected to: it cannot turn to another one in between.
One connection is kept, since a host is asked one thing at a time; one pool over many origins can hang
(encode/httpcore#1110).
"""

import errno
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from scraper.resolve import Resolver, addresses_of, is_public, resolve_in_time
from scraper.urls import host_of

_LOOKS_UP = 0.5  # seconds between two looks at the wish to stop
_MOST_HEAD = 256 * 1024  # bytes before the end of an answer's head, interim answers among them
_KEPT_ALIVE = 60.0  # seconds that an idle connection is used again
PEER = "peer"  # the response extension that names the address connected to


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


class Transport(httpx.BaseTransport):
    """Asks one thing at a time, in plain text or TLS. Used by one thread at a time."""

    def __init__(self, patience: Patience, surroundings: Surroundings, tls: ssl.SSLContext) -> None:
        self._watch = _Watch(patience, surroundings)
        self._backend = _Backend(self._watch, surroundings)
        self._tls = tls
        self._connection: httpcore.HTTPConnection | None = None
        self._origin: httpcore.Origin | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is read from the response's stream. Raises what is defined above, or an
        httpx.TransportError that says at which step it failed.

        A connection that the server closed while it was idle is replaced, unseen by the caller; so is one on which
        more stood than the last answer (RFC 9112 6.3: it is no answer to this request).
        """
        asked = httpcore.Request(
            request.method, _target(request.url), headers=request.headers.raw, content=request.stream
        )
        self._watch.begin(host_of(str(request.url)))
        reused = self._take_connection(asked.url.origin)
        try:
            try:
                answer = self._ask(asked)
                trusted = not reused or self._watch.received
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
                if not reused:
                    raise
                trusted = False
            if not trusted:
                self._drop()
                self._take_connection(asked.url.origin)
                answer = self._ask(asked)
        except Exception as error:
            self._drop()
            raise _as_httpx(error) from error
        self._watch.head_is_read()
        assert isinstance(answer.stream, Iterable)
        extensions = {name: answer.extensions[name] for name in ("http_version", "reason_phrase")}
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, self._drop),
            extensions=extensions | {PEER: self._backend.peer},
        )

    def close(self) -> None:
        self._drop()

    def _ask(self, asked: httpcore.Request) -> httpcore.Response:
        assert self._connection is not None
        return self._connection.handle_request(asked)

    def _take_connection(self, origin: httpcore.Origin) -> bool:
        """Sees to it that there is a connection; says whether it was used before."""
        kept = self._connection
        if kept is not None and self._origin == origin and kept.is_available() and not kept.has_expired():
            return True
        self._drop()
        self._origin = origin
        self._connection = httpcore.HTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=_KEPT_ALIVE, network_backend=self._backend
        )
        return False

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Body(httpx.SyncByteStream):
    """An answer's body, its errors in httpx's words."""

    def __init__(self, answer: httpcore.Response, drop: Callable[[], None]) -> None:
        self._answer, self._drop = answer, drop

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self._answer.stream, Iterable)
        try:
            yield from self._answer.stream
        except Exception as error:
            self._drop()
            raise _as_httpx(error) from error

    def close(self) -> None:
        self._answer.close()


class _Watch:
    """The time over one request, and what has come of its answer so far."""

    def __init__(self, patience: Patience, surroundings: Surroundings) -> None:
        self.patience, self.clock, self.stopped = patience, surroundings.clock, surroundings.stopped
        self.host = ""
        self.received = 0
        self._until = 0.0
        self._in_head = True

    def begin(self, host: str) -> None:
        self.host, self.received, self._in_head = host, 0, True
        self._until = self.clock() + self.patience.total

    def left(self, seconds: float) -> float:
        """So many seconds, or what is left of the whole request. Raises TooLate when nothing is."""
        left = self._until - self.clock()
        if left <= 0:
            raise TooLate(f"the answer took longer than {self.patience.total:g} s")
        return min(seconds, left)

    def note(self, count: int) -> None:
        """Takes notice of bytes that came. Raises httpx.RemoteProtocolError when a head does not end."""
        self.received += count
        if self._in_head and self.received > _MOST_HEAD:
            raise httpx.RemoteProtocolError(f"the head of the answer is longer than {_MOST_HEAD} bytes")

    def head_is_read(self) -> None:
        self._in_head = False

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


class _Backend(httpcore.NetworkBackend):
    """Makes connections, to permitted addresses only."""

    def __init__(self, watch: _Watch, surroundings: Surroundings) -> None:
        self._watch, self._around = watch, surroundings
        self.peer = ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries the host's addresses in order, the one that worked last first."""
        addresses, port = self._addresses(host, port)
        addresses.sort(key=lambda address: address != self.peer)
        failure: Exception | None = None
        for address in addresses:
            try:
                sock = self._connect(address, port)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = failure or error
                continue
            self.peer = address
            return _Stream(sock, self._watch)
        raise failure or NoSuchName(f"{host}: no address")

    def _addresses(self, name: str, port: int) -> tuple[list[str], int]:
        host = self._watch.host
        if host in self._around.connect_to:
            address, port = self._around.connect_to[host]
            return [address], port
        seconds = self._watch.left(self._watch.patience.connect)
        try:
            found = resolve_in_time(self._around.resolver, name, port, seconds, self._watch.stopped)
        except (OSError, UnicodeError, ValueError) as error:  # a name can be no name at all
            raise NoSuchName(f"{name}: {error}") from error
        if found is None:
            if self._watch.stopped():
                raise Stopped("while a name was looked up")
            raise NoSuchName(f"{name}: no answer within {seconds:g} s")
        if host not in self._around.private_hosts:
            permitted = [address for address in found if is_public(address)]
            if found and not permitted:
                raise PrivateAddress(f"{host} is at {', '.join(found[:3])}")
            found = permitted
        return found, port

    def _connect(self, address: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        seconds = self._watch.patience.connect
        sock: socket.socket | None = None
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = sock.connect_ex((address, port))
            if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
                self._watch.wait(
                    sock, select.POLLOUT, seconds, httpx.ConnectTimeout(f"{address}: no connection in {seconds:g} s")
                )
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, os.strerror(code))
        except BaseException as error:
            if sock is not None:
                sock.close()
            if isinstance(error, OSError):
                raise httpx.ConnectError(f"{address}: {error.strerror or error}") from error
            raise
        return sock


class _Stream(httpcore.NetworkStream):
    """A socket that never blocks, read and written within the watch's limits."""

    def __init__(self, sock: socket.socket, watch: _Watch) -> None:
        self._socket, self._watch = sock, watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        patience = self._watch.patience
        seconds = patience.piece if self._watch.received else patience.first_byte
        late = httpx.ReadTimeout(f"nothing came for {seconds:g} s")
        self._watch.left(seconds)  # what comes without any wait must come in time too
        try:
            data: bytes = self._when_ready(lambda: self._socket.recv(max_bytes), select.POLLIN, seconds, late)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        self._watch.note(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        seconds = self._watch.patience.piece
        late = httpx.WriteTimeout(f"the request could not be sent for {seconds:g} s")
        view = memoryview(buffer)
        while view:
            try:
                sent = self._when_ready(lambda: self._socket.send(view), select.POLLOUT, seconds, late)  # noqa: B023
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error
            view = view[sent:]

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = self._watch.patience.connect
        late = httpx.ConnectTimeout(f"no TLS handshake in {seconds:g} s")
        try:
            secured = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
        except (OSError, ValueError) as error:
            self.close()
            raise BadCertificate(str(error)) from error
        try:
            self._handshake(secured, seconds, late)
        except BaseException as error:
            secured.close()
            if isinstance(error, ssl.SSLError | ssl.CertificateError):
                raise BadCertificate(str(error)) from error
            if isinstance(error, OSError):
                raise httpx.ConnectError(f"TLS handshake: {error}") from error
            raise
        return _Stream(secured, self._watch)

    def _handshake(self, secured: ssl.SSLSocket, seconds: float, late: Exception) -> None:
        """All of its steps together within so many seconds: a handshake can drip too."""
        until = self._watch.clock() + seconds
        while True:
            try:
                secured.do_handshake()
            except ssl.SSLWantReadError:
                event = select.POLLIN
            except ssl.SSLWantWriteError:
                event = select.POLLOUT
            else:
                return
            self._watch.wait(secured, event, until - self._watch.clock(), late)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks a connection: whether it is idle no more, and its TLS object."""
        if info == "is_readable":
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(0))
        return None

    def _when_ready(self, act: Callable[[], Any], event: int, seconds: float, late: Exception) -> Any:
        """Does a thing as soon as the socket lets it; TLS may have to read before it can write, and the reverse."""
        while True:
            try:
                return act()
            except (BlockingIOError, InterruptedError):
                wanted = event
            except ssl.SSLWantReadError:
                wanted = select.POLLIN
            except ssl.SSLWantWriteError:
                wanted = select.POLLOUT
            self._watch.wait(self._socket, wanted, seconds, late)


def _target(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _as_httpx(error: Exception) -> Exception:
    """httpcore's errors in httpx's words; others as they are."""
    for known, meant in _MEANINGS.items():
        if isinstance(error, known):
            return meant(str(error) or type(error).__name__)
    return error


_MEANINGS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}
