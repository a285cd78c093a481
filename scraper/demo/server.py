"""The HTTP side of the demo: HTTP/1.1 with keep-alive on loopback, conditional requests for files, and a log of what
was asked.

Replies go out in one write with Nagle's delay off: otherwise each small reply on a kept-alive connection waits some
forty milliseconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scraper.demo.pages import Reply

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
Answer = Callable[[str, str, str, dict[str, str]], Reply]
"""(method, target, host as sent or empty, headers in lower case) to a reply."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, answer: Answer) -> None:
        self.answer = answer
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.lock:
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.lock:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news; anything else is a mistake in the demo."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def close_connections(self) -> None:
        """Kept-alive connections would go on answering after the site has stopped."""
        with self.lock:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(self.command, self.path, host if HOST.fullmatch(host) else "", headers)
        if reply.changed is None:
            self.send(reply, [])
            return
        tag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
        changed = datetime.combine(reply.changed, time(9), UTC)
        validators = [("ETag", tag), ("Last-Modified", format_datetime(changed, usegmt=True))]
        if is_unchanged(headers, tag, changed):
            self.send(Reply(304, reply.media_type, b""), validators)
        else:
            self.send(reply, validators)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Forms lead nowhere. The body is not read, so the connection cannot be used again."""
        self.server.answer(self.command, self.path, "", {})
        self.close_connection = True
        self.send(Reply(405, "text/plain; charset=utf-8", b"405\n"), [("Allow", "GET, HEAD"), ("Connection", "close")])

    def send(self, reply: Reply, headers: list[tuple[str, str]]) -> None:
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def version_string(self) -> str:
        return "susta-demo"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class names it)
        """Silent: the site keeps its own log."""


def is_unchanged(headers: dict[str, str], tag: str, changed: datetime) -> bool:
    if "if-none-match" in headers:
        tags = [one.strip().removeprefix("W/") for one in headers["if-none-match"].split(",")]
        return tag in tags or "*" in tags
    if "if-modified-since" in headers:
        with contextlib.suppress(ValueError, TypeError):
            since = parsedate_to_datetime(headers["if-modified-since"])
            return changed <= (since if since.tzinfo else since.replace(tzinfo=UTC))
    return False


def split_target(target: str) -> tuple[str, dict[str, str]]:
    """Path and query of a request target. A raw non-ASCII path reaches us read as Latin-1."""
    with contextlib.suppress(ValueError):
        parts = urlsplit("//host" + target if target.startswith("/") else target)
        path = parts.path
        with contextlib.suppress(UnicodeError):
            path = path.encode("latin-1").decode()
        return path, dict(parse_qsl(parts.query, keep_blank_values=True))
    return "", {}
