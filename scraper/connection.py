"""Sockets for httpcore to speak HTTP over: they never block, and lead to permitted addresses only.

Where a name leads is decided here, on the address that is connected to: it cannot turn to another one in between.
"""

import errno
import os
import select
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from scraper.resolve import is_public, resolve_in_time
from scraper.watch import BadCertificate, NoSuchName, PrivateAddress, Stopped, Surroundings, Watch

TLS_VERSION = "tls_version"  # of a stream's extra info: as `ssl` names it, such as TLSv1.3


class Backend(httpcore.NetworkBackend):
    """Makes connections, to permitted addresses only."""

    def __init__(self, watch: Watch, surroundings: Surroundings) -> None:
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

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
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
        self._watch.note(data)
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
        """What httpcore asks a connection: whether it is idle no more. And what we ask: which TLS it speaks."""
        if info == "is_readable":
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(0))
        if info == TLS_VERSION and isinstance(self._socket, ssl.SSLSocket):
            return self._socket.version()
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
