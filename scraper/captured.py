"""From a response to what is kept of it: its heads, and its body as far as it came."""

from collections.abc import Callable

import httpx

from scraper.transport import TLS

# What httpx has undone; the header is kept under another name, since the body no longer is what it says.
_UNDONE = (b"transfer-encoding",)
# Why a body is not whole, in the words of WARC 1.1 (5.13).
LENGTH, TIME, DISCONNECT, UNSPECIFIED = "length", "time", "disconnect", "unspecified"


def read_body(response: httpx.Response, limit: int, still: Callable[[], None]) -> tuple[bytes, str]:
    """The body without transfer coding and why it is not whole ("" when it is): longer than `limit` bytes, too slow, or
    broken off. `still` is asked after each piece and raises when time is up or the run is stopped.

    Raises what the transport does when not one byte came, and at a wish to stop.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in response.stream:  # type: ignore[union-attr]
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                return b"".join(chunks)[:limit], LENGTH
            still()
    except (httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError, OSError) as error:
        if not size:
            raise
        return b"".join(chunks), _why(error)
    return b"".join(chunks), ""


def _why(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return TIME
    if isinstance(error, httpx.ProtocolError) and "peer closed" not in str(error):
        return UNSPECIFIED  # no HTTP any more, such as a chunk size that is no number
    return DISCONNECT


def request_head(request: httpx.Request) -> bytes:
    """Request line and headers as they were sent."""
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % pair for pair in request.headers.raw]
    return b"\r\n".join(lines)


def response_head(response: httpx.Response) -> bytes:
    """Status line and headers as sent, but for the transfer coding: its header is renamed."""
    version = response.extensions.get("http_version", b"HTTP/1.1")
    phrase = response.extensions.get("reason_phrase", response.reason_phrase.encode())
    lines = [b"%s %d %s" % (version, response.status_code, phrase)]
    for name, value in response.headers.raw:
        if name.lower() in _UNDONE:
            name = b"X-Archive-Orig-" + name
        lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join(lines)


def protocols(response: httpx.Response) -> tuple[str, ...]:
    """What was spoken, the upper first, in the words of the IIPC's WARC-Protocol field: `http/1.1`, `tls/1.3`."""
    version = response.extensions.get("http_version", b"HTTP/1.1").decode("ascii", "replace").lower()
    tls = response.extensions.get(TLS)
    if not tls:
        return (version,)
    number = tls.removeprefix("TLSv")
    return (version, f"tls/{number if '.' in number else number + '.0'}")
