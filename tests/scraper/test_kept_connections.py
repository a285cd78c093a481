"""A connection is kept between requests; where the server closed it meanwhile, the pause holds for the next try too."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from archive.records import Role
from archive.warc import Exchange
from scraper.fetch import Fetcher, Limits, World, trust
from scraper.pace import PaceSettings

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class ClosingServer:
    """Answers the first request of a connection and keeps it open; closes it once a second has come, unanswered."""

    def __init__(self) -> None:
        self.came: list[float] = []  # the moment of each request
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    @contextmanager
    def serving(self) -> Iterator[None]:
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        yield
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            for place in range(2):
                if not connection.recv(65536):
                    return
                self.came.append(time.monotonic())
                if place == 0:
                    connection.sendall(ANSWER)


@contextmanager
def asking(server: ClosingServer, delay: float, pauses: list[float]) -> Iterator[Fetcher]:
    fetcher = Fetcher(
        user_agent="a",
        limits=Limits(attempts=1),
        world=World(pause=lambda seconds: pauses.append(seconds) is not None, stopped=lambda: False),
        private_hosts=frozenset((f"127.0.0.1:{server.port}",)),
        tls=trust(None),
        pace=PaceSettings(delay),
    )
    with server.serving():
        yield fetcher
        fetcher.close()


@pytest.mark.parametrize("delay", [0.0, 5.0])
def test_a_request_that_a_closed_connection_swallowed_is_counted_and_sent_again_after_the_pause(delay: float) -> None:
    server, pauses = ClosingServer(), list[float]()
    with asking(server, delay, pauses) as fetcher:
        answers = [fetcher.fetch(f"http://127.0.0.1:{server.port}/{name}", Role.PAGE) for name in "ab"]
    assert all(isinstance(answer, Exchange) and answer.body == b"ok" for answer in answers)
    assert fetcher.requests == len(server.came) == 3
    # Before the second request, and before it is sent again.
    assert [round(pause) for pause in pauses if pause] == ([5, 5] if delay else [])


def test_it_is_no_failure_of_the_host() -> None:
    server = ClosingServer()
    with asking(server, 5.0, []) as fetcher:
        for name in "abcdefghij":
            assert isinstance(fetcher.fetch(f"http://127.0.0.1:{server.port}/{name}", Role.PAGE), Exchange)
        assert fetcher.pace.delay == 5.0
        assert not fetcher.pace.given_up
