"""Times what one request costs: pages of 50 KB from a server of its own process on loopback, over one kept connection.

.venv/bin/python benchmarks/fetch_cost.py [REQUESTS]
"""

import multiprocessing
import socket
import sys
import time

from archive.records import Role
from archive.warc import Exchange
from scraper.fetch import Fetcher, Limits, World, trust

BODY = b"<p>noi dung cua trang</p>" * 2000
HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 26 Nov 2026 15:00:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
    b"Cache-Control: private\r\nSet-Cookie: a=b; path=/\r\nContent-Length: %d\r\n\r\n" % len(BODY)
)


def serve(listener: socket.socket) -> None:
    """Answers every request of every connection with the same page."""
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while data := connection.recv(65536):
            received += data
            while b"\r\n\r\n" in received:
                received = received.partition(b"\r\n\r\n")[2]
                connection.sendall(HEAD + BODY)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = multiprocessing.Process(target=serve, args=(listener,), daemon=True)
        server.start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        world = World(pause=lambda _: False, stopped=lambda: False)
        fetcher = Fetcher(
            user_agent="bench", limits=Limits(), world=world, private_hosts=frozenset((host,)), tls=trust(None)
        )
        for number in range(count + 50):
            if number == 50:
                cpu, wall = time.process_time(), time.perf_counter()
            answer = fetcher.fetch(f"http://{host}/tin-tuc/bai-viet-{number}", Role.PAGE)
            assert isinstance(answer, Exchange), answer
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(f"{cpu / count * 1000:.3f} ms CPU, {wall / count * 1000:.3f} ms a request of {len(BODY)} bytes")
        fetcher.close()
        server.kill()


if __name__ == "__main__":
    main()
