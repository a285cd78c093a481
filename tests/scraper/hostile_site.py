"""A site on loopback that answers some addresses as no server should. Raw sockets: each fault is the bytes themselves.

`HostileSite` serves a home page and some articles, all well, and at `faults[path]` whatever a fault does with the
connection. `asked` lists what was asked for, in order, as `Host/path`.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from fake_site import FakeArticle, listing, some_articles

CERTIFICATES = Path(__file__).parent / "certificates"
FAULTY = FakeArticle(19999, "Bài viết mà máy chủ không chịu trả lời cho đúng")
PAGE = FAULTY.html().encode()
STEP = 0.02  # seconds between two drops of what drips


class Wire:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self._socket, self._closing = sock, closing

    def requests(self) -> Iterator[tuple[str, str]]:
        """(host, path) of each request on the connection."""
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                more = self._socket.recv(65536)
                if not more:
                    return
                received += more
            head, _, received = received.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            host = next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("host:"))
            yield host, lines[0].split(" ")[1]

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def drip(self, drop: bytes) -> None:
        """Sends a drop every so often, until the other side has had enough."""
        while not self._closing.wait(STEP):
            self.send(drop)

    def pour(self, data: bytes) -> None:
        """Sends something again and again, until the other side has had enough."""
        while not self._closing.is_set():
            self.send(data)

    def hang(self) -> None:
        """Says nothing until the other side goes away."""
        while self._socket.recv(65536):
            pass

    def reset(self) -> None:
        """Breaks the connection (RST) instead of closing it."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


Fault = Callable[[Wire], None]


@dataclass
class HostileSite:
    """The site; of TLS when it has a `certificate`. With `closes` each connection ends after an answer, unsaid; at the
    first request for what is in `dies_once` it is reset. `links` are what the home page shows besides the articles."""

    faults: dict[str, Fault] = field(default_factory=dict)
    links: tuple[str, ...] = (FAULTY.path,)
    certificate: Path | None = None
    closes: bool = False
    dies_once: set[str] = field(default_factory=set)
    articles: list[FakeArticle] = field(default_factory=lambda: some_articles(3))
    robots: bytes = b"User-agent: *\nDisallow:\n"
    asked: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._tls: ssl.SSLContext | None = None
        if self.certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(self.certificate)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/"

    def __enter__(self) -> "HostileSite":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for sock in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._thread.join(timeout=2)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return Counter(self.asked)[f"127.0.0.1:{self.port}{path}"]

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, StopIteration):
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = Wire(sock, self._closing)
            for host, path in wire.requests():
                self.asked.append(f"{host}{path}")
                if path in self.dies_once:
                    self.dies_once.discard(path)
                    wire.reset()
                    break
                if path in self.faults:
                    self.faults[path](wire)
                    break
                wire.send(self.answer(path))
                if self.closes:
                    break
        with contextlib.suppress(OSError):
            sock.close()

    def answer(self, path: str) -> bytes:
        """What a good server answers."""
        if path == "/robots.txt":
            return whole(self.robots, media_type="text/plain")
        if path == "/":
            # Turn by turn, so that faults stand between good pages.
            turns = zip_longest(self.links, (one.path for one in self.articles))
            return whole(listing([path for turn in turns for path in turn if path], heading="Trang chủ").encode())
        for one in self.articles:
            if path == one.path:
                return whole(one.html().encode())
        return whole(b"<h1>404</h1>", status="404 Not Found")


def head(*fields: str, status: str = "200 OK", media_type: str | None = "text/html; charset=utf-8") -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {media_type}"] if media_type else []), *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def whole(
    body: bytes, *fields: str, status: str = "200 OK", media_type: str | None = "text/html; charset=utf-8"
) -> bytes:
    """An answer as it should be."""
    return head(*fields, f"Content-Length: {len(body)}", status=status, media_type=media_type) + body


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port whose host takes no further connection: it neither accepts nor refuses."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
