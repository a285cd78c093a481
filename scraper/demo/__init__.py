"""A demo site inside the package: our own Vietnamese articles in the forms of susta.vn, served over real HTTP on
loopback.

    with DemoSite() as site:
        print(site.base_url)        # http://127.0.0.1:PORT/
        truth = site.expected()     # the record that must come out of each article

It shows a newcomer what the crawler does without touching the network, and gives tests a site whose truth is known.
It shares no code with the crawler or the extractor: a mistake made in both places alike would otherwise pass for
correct.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

from scraper.demo.article import ExpectedArticle, slug
from scraper.demo.editions import EDITIONS, Library
from scraper.demo.markups import MARKUPS
from scraper.demo.pages import NOTICE, Pages, Reply, Visit
from scraper.demo.server import Server, split_target

__all__ = ["EDITIONS", "MARKUPS", "NOTICE", "DemoSite", "ExpectedArticle", "RequestSeen", "slug"]

HEADERS_SEEN = (
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "referer",
    "cookie",
    "authorization",
)


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One request as the site got it; `path` has the query with it, header names are in lower case."""

    time: float
    method: str
    path: str
    headers: Mapping[str, str]


class DemoSite:
    """The demo site; serves in daemon threads between `start` and `stop`, or inside a `with` block.

    `articles` is how many there are at the first edition; `markup` forces one of `MARKUPS` for the whole site (else
    articles are mixed); `port` 0 takes a free one, which a later `start` of the same object takes again; `host_name`
    stands in the owner's address and in absolute links when a request names no host.
    """

    def __init__(
        self,
        *,
        articles: int = 72,
        markup: str | None = None,
        edition: int = 1,
        port: int = 0,
        host_name: str = "susta.example",
    ) -> None:
        if markup is not None and markup not in MARKUPS:
            raise ValueError(f"no markup {markup!r}; there are {', '.join(MARKUPS)}")
        self.markup = markup
        self.host_name = host_name
        self._port = port
        self._library = Library(articles)
        self._lock = threading.Lock()
        self._pages: dict[int, Pages] = {}
        self._requests: list[RequestSeen] = []
        self._visits = 0
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.edition = edition

    @property
    def edition(self) -> int:
        """Which visit the site is at, 1 or 2; may be set while it serves."""
        return self._edition

    @edition.setter
    def edition(self, number: int) -> None:
        edition = self._library.edition(number)
        with self._lock:
            if number not in self._pages:
                self._pages[number] = Pages(edition, self.markup, self.host_name)
            self._edition = number

    @property
    def base_url(self) -> str:
        """Address of the home page, with a slash at the end."""
        if not self._port:
            raise RuntimeError("the demo site has no address before it is started")
        return f"http://127.0.0.1:{self._port}/"

    @property
    def requests(self) -> list[RequestSeen]:
        """A copy of the log of all requests so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def forget_requests(self) -> None:
        with self._lock:
            self._requests.clear()

    def expected(self, edition: int | None = None) -> list[ExpectedArticle]:
        """The truth about every article of an edition (the current one unless told), newest first."""
        return self._library.edition(edition or self._edition).expected()

    def start(self) -> None:
        if self._server:
            return
        self._server = Server(self._port, self._answer)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="demo-site", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server.close_connections()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answer(self, method: str, target: str, host: str, headers: dict[str, str]) -> Reply:
        seen = RequestSeen(
            time.monotonic(),
            method,
            target,
            MappingProxyType({name: headers[name] for name in HEADERS_SEEN if name in headers}),
        )
        with self._lock:
            self._requests.append(seen)
            self._visits += 1
            number, pages = self._visits, self._pages[self._edition]
        path, query = split_target(target)
        return pages.answer(Visit(path, query, f"http://{host or self.host_name}", number))
