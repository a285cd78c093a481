"""What a page of a hostile site may do, and what must become of it."""

import gzip
from collections.abc import Callable
from functools import cache

from hostile_site import FAULTY, PAGE, Fault, Wire, head, whole


def sends(data: bytes) -> Fault:
    """These bytes, then the end of the connection."""
    return lambda wire: wire.send(data)


def sends_then(data: bytes, then: Callable[[Wire], None]) -> Fault:
    def fault(wire: Wire) -> None:
        wire.send(data)
        then(wire)

    return fault


def drips(begin: bytes, drop: bytes) -> Fault:
    return sends_then(begin, lambda wire: wire.drip(drop))


def pours(begin: bytes, more: bytes) -> Fault:
    return sends_then(begin, lambda wire: wire.pour(more))


def redirects(location: str, status: str = "302 Found") -> Fault:
    return sends(whole(b"", f"Location: {location}", status=status))


def chunked(*chunks: bytes) -> bytes:
    return head("Transfer-Encoding: chunked") + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def bomb(page: bytes) -> bytes:
    """A page that unpacks to a hundred megabytes more."""
    return gzip.compress(page) + _zeros()


@cache
def _zeros() -> bytes:
    return gzip.compress(bytes(100_000_000))


def faults(path: str, page: bytes) -> dict[str, tuple[Fault, str]]:
    """What a page may do, and what becomes of it: an article, a refusal, a failure that the next run tries again."""
    half, length = page[: len(page) // 2], f"Content-Length: {len(page)}"
    return {
        # time
        "no first byte": (Wire.hang, "timeout"),
        "headers that drip": (drips(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), "timeout"),
        "interim answers that drip": (drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), "timeout"),
        "interim answers that pour": (pours(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500), "broken-answer"),
        "a body that drips": (drips(head("Content-Length: 100000") + half, b"x"), "broken-off"),
        "a body that drips from the start": (drips(head("Content-Length: 100000"), b"x"), "broken-off"),
        "a body that stops": (sends_then(head(length) + half, Wire.hang), "broken-off"),
        "no body after the head": (sends_then(head(length), Wire.hang), "timeout"),
        # size
        "a header without end": (pours(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 50_000), "broken-answer"),
        "headers without number": (pours(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 5_000), "broken-answer"),
        "a body without end": (pours(head(), page), "truncated"),
        "chunks without end": (pours(chunked(page), b"3e8\r\n" + b"a" * 1000 + b"\r\n"), "truncated"),
        "a bomb": (sends(whole(bomb(page), "Content-Encoding: gzip")), "truncated"),
        # length
        "a declared length that is too long": (sends(head(f"Content-Length: {len(page) + 500}") + page), "broken-off"),
        "a declared length that is too short": (
            sends_then(head(f"Content-Length: {len(page) - 9}") + page, lambda wire: wire.send(whole(b"no answer"))),
            "article",
        ),
        "chunks that end too soon": (sends(chunked(half)), "broken-off"),
        "a chunk size that is no number": (sends(chunked(half) + b"zz\r\nabc\r\n"), "broken-off"),
        "a first chunk size that is no number": (
            sends(head("Transfer-Encoding: chunked") + b"-1\r\nabc"),
            "broken-answer",
        ),
        "a chunk size beyond all numbers": (
            sends(head("Transfer-Encoding: chunked") + b"f" * 30 + b"\r\n" + page),
            "broken-answer",
        ),
        "two lengths": (sends(head("Content-Length: 5", length) + page), "broken-answer"),
        "a length that is no number": (sends(head("Content-Length: many") + page), "broken-answer"),
        "a length below zero": (sends(head("Content-Length: -1") + page), "broken-answer"),
        # ends
        "a reset before the answer": (Wire.reset, "broken-answer"),
        "a reset within the body": (sends_then(head(length) + half, Wire.reset), "broken-off"),
        "an end before the answer": (sends(b""), "broken-answer"),
        "an end within the head": (sends(b"HTTP/1.1 200 OK\r\nContent-Ty"), "broken-answer"),
        "a connection that is closed unsaid": (sends(whole(page)), "article"),
        # no HTTP
        "another protocol": (sends(b"SSH-2.0-OpenSSH_9.6\r\n"), "broken-answer"),
        "bytes": (sends(bytes(range(256)) * 20), "broken-answer"),
        "HTTP/0.9": (sends(page), "broken-answer"),
        "HTTP/1.0": (sends(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page), "article"),
        "a status of a thousand": (sends(b"HTTP/1.1 1000 OK\r\n\r\n"), "broken-answer"),
        "a status that nobody knows": (sends(whole(page, status="299 Odd")), "http-status"),
        "an interim answer before the answer": (sends(b"HTTP/1.1 103 Early Hints\r\n\r\n" + whole(page)), "article"),
        # headers
        "a null byte in a header": (sends(whole(page, "X-A: a\0b")), "broken-answer"),
        "a header without a colon": (sends(whole(page, "no colon")), "broken-answer"),
        "a header in two lines": (sends(whole(page, "X-A: a\r\n b")), "article"),
        "line feeds alone": (sends(whole(page).replace(b"\r\n", b"\n", 6)), "article"),
        "letters beyond ASCII in headers": (
            sends(whole(page, "X-Tên: Sơn".encode().decode("latin-1"))),
            "broken-answer",
        ),
        "values beyond ASCII": (sends(whole(page, "X-A: \xe1\xbb\x91")), "article"),
        "two types": (sends(whole(page, "Content-Type: text/plain")), "article"),
        "no type": (sends(whole(page, media_type=None)), "article"),
        "an empty charset": (sends(whole(page, media_type="text/html; charset=")), "article"),
        "a charset that is none": (sends(whole(page, media_type='text/html; charset="\xff"')), "article"),
        "a charset that is not the page's": (sends(whole(page, media_type="text/html; charset=utf-7")), "article"),
        # coding
        "gzip that is declared and is none": (sends(whole(page, "Content-Encoding: gzip")), "article"),
        "gzip that is none declared": (sends(whole(gzip.compress(page))), "article"),
        "gzip that ends too soon": (sends(whole(gzip.compress(page)[:-20], "Content-Encoding: gzip")), "undecodable"),
        "gzip in half a body": (
            sends(head(f"Content-Length: {len(page)}", "Content-Encoding: gzip") + gzip.compress(page)[:-20]),
            "broken-off",
        ),
        # answers that are none
        "an empty page": (sends(whole(b"")), "empty"),
        "401": (sends(whole(b"no", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized")), "http-status"),
        "407": (sends(whole(b"no", "Proxy-Authenticate: Basic", status="407 Proxy")), "http-status"),
        "a cookie of a megabyte's tenth": (sends(whole(page, f"Set-Cookie: a={'b' * 90_000}")), "article"),
        # redirects
        "a redirect to nowhere": (redirects(""), "redirect-to-itself"),
        "a redirect without a target": (sends(whole(b"", status="301 Moved")), "redirect-nowhere"),
        "a redirect to no address": (redirects("http://["), "redirect-nowhere"),
        "a redirect to a file": (redirects("file:///etc/passwd"), "redirect-nowhere"),
        "a redirect to a script": (redirects("javascript:alert(1)"), "redirect-nowhere"),
        "a redirect to itself": (redirects(path), "redirect-to-itself"),
        "a redirect to a private address": (redirects("http://10.0.0.1/"), "redirect-out-of-scope"),
        "a redirect to a port beyond all": (redirects("http://127.0.0.1:99999/"), "redirect-nowhere"),
        "a redirect to another host": (redirects("http://khac.test/"), "redirect-out-of-scope"),
        "a redirect to a user": (redirects("http://127.0.0.1@khac.test/"), "redirect-out-of-scope"),
        "a redirect longer than any address": (redirects("/" + "a" * 50_000), "redirect-nowhere"),
    }


FAULTS = faults(FAULTY.path, PAGE)
