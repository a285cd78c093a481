"""The wire as httpx sees it: a request in, an answer out, and no step of it without an end in time.

    Fetcher ─► Transport ─► httpcore: HTTP ─► connection.py: sockets ─► watch.py: each wait on them

One connection is kept, since a host is asked one thing at a time; one pool over many origins can hang
(encode/httpcore#1110). A server that drips headers, or interim answers (1xx) without end, holds nobody longer than any
other: httpx's own time-outs are for one read each, so many reads could take for ever.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from scraper.connection import TLS_VERSION, Backend
from scraper.urls import host_of
from scraper.watch import Patience, StaleConnection, Surroundings, Watch

_KEPT_ALIVE = 60.0  # seconds that an idle connection is used again
PEER = "peer"  # the response extension that names the address connected to
TLS = "tls"  # and that for the version of TLS, None in plain text


class Transport(httpx.BaseTransport):
    """Asks one thing at a time, in plain text or TLS. Used by one thread at a time."""

    def __init__(self, patience: Patience, surroundings: Surroundings, tls: ssl.SSLContext) -> None:
        self._watch = Watch(patience, surroundings)
        self._backend = Backend(self._watch, surroundings)
        self._tls = tls
        self._connection: httpcore.HTTPConnection | None = None
        self._origin: httpcore.Origin | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is read from the response's stream. Raises what `watch.py` defines, or an
        httpx.TransportError that says at which step it failed.

        A connection that is seen to be closed before anything is sent is replaced. StaleConnection is raised when only
        the request showed it, or when an answer stood on it before this was asked (RFC 9112 6.3); then none is kept.
        """
        asked = httpcore.Request(
            request.method, _target(request.url), headers=request.headers.raw, content=request.stream
        )
        self._watch.begin(host_of(str(request.url)))
        reused = self._take_connection(asked.url.origin)
        try:
            try:
                answer = self._ask(asked)
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError) as error:
                if not reused or self._watch.received:
                    raise
                raise StaleConnection(str(error) or type(error).__name__) from error
            if reused and not self._watch.received:
                raise StaleConnection("an answer stood on it before")
        except Exception as error:
            self._drop()
            raise _as_httpx(error) from error
        self._watch.head_is_read()
        assert isinstance(answer.stream, Iterable)
        extensions = {name: answer.extensions[name] for name in ("http_version", "reason_phrase")}
        stream = answer.extensions.get("network_stream")
        tls = stream.get_extra_info(TLS_VERSION) if stream is not None else None
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, self._watch, self._drop),
            extensions=extensions | {PEER: self._backend.peer, TLS: tls},
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
    """An answer's body, its errors in httpx's words. A connection on which more came than the answer says is not used
    again: the rest would be taken for the next answer. Servers that count letters instead of bytes do that."""

    def __init__(self, answer: httpcore.Response, watch: Watch, drop: Callable[[], None]) -> None:
        self._answer, self._watch, self._drop = answer, watch, drop

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self._answer.stream, Iterable)
        size = 0
        try:
            for chunk in self._answer.stream:
                size += len(chunk)
                yield chunk
        except Exception as error:
            self._drop()
            raise _as_httpx(error) from error
        if any(name.lower() == b"content-length" for name, _ in self._answer.headers) and self._watch.came_after(size):
            self._drop()

    def close(self) -> None:
        self._answer.close()


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
