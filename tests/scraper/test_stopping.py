"""Ctrl-C and SIGTERM, sent to a real process that crawls a slow server: it stops within seconds, with all saved."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fake_site import FakeArticle, listing

from archive.warc import StoredExchange
from archive.warc_reading import read_all
from scraper.cli_options import Stopping

ARTICLES = [FakeArticle(20001 + place, f"Bài viết số {place} về mùa vụ của huyện") for place in range(12)]


class SlowSite:
    """Answers each article at once until so many were asked for; from then on it says nothing for a long time."""

    def __init__(self) -> None:
        self.asked = 0
        self.patient_for = 4
        self.silent = threading.Event()  # set once a request is being left without an answer
        self.over = threading.Event()
        site = self
        pages = {"/": listing([one.path for one in ARTICLES])} | {one.path: one.html() for one in ARTICLES}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path, "").encode()
                site.asked += self.path in pages
                if site.asked > site.patient_for:
                    site.silent.set()
                    site.over.wait(60)
                    return
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[SlowSite]:
    serving = SlowSite()
    yield serving
    serving.close()


@pytest.fixture
def start(tmp_path: Path, site: SlowSite) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Begins a crawl in a process of its own; one that is left is killed at the end."""
    config = tmp_path / "mine.toml"
    config.write_text("[crawl]\ndelay_seconds = 0\nattempts = 1\n[site]\nmedia_hosts = []\n", encoding="utf-8")
    words = ["crawl", site.url, "--config", str(config), "--archive", str(tmp_path / "data"), "-q"]
    begun: list[subprocess.Popen[str]] = []

    def begin() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return sorted(title for (title,) in db.execute("SELECT title FROM articles"))


def captures(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return int(db.execute("SELECT count(*) FROM captures").fetchone()[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_run_that_is_told_to_stop_ends_within_seconds_and_the_next_goes_on(
    tmp_path: Path, site: SlowSite, start: Callable[[], "subprocess.Popen[str]"], number: int
) -> None:
    process = start()
    assert site.silent.wait(30)
    told_at = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - told_at < 5
    assert process.returncode == 130
    assert "Stopping" in err
    assert "The same command goes on from here" in out
    data = tmp_path / "data"
    assert not list(data.rglob("*.open"))
    assert not list(data.rglob("*-wal"))
    assert sum(isinstance(one, StoredExchange) for one in read_all(data / "warc")) == captures(data)
    assert len(titles(data)) == 3
    site.patient_for = 1000
    process = start()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert titles(data) == sorted(one.title for one in ARTICLES)


def test_a_second_ctrl_c_leaves_at_once_and_loses_nothing(
    tmp_path: Path, site: SlowSite, start: Callable[[], "subprocess.Popen[str]"]
) -> None:
    process = start()
    assert site.silent.wait(30)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    site.patient_for = 1000
    process = start()
    process.communicate(timeout=60)
    assert process.returncode == 0
    data = tmp_path / "data"
    assert titles(data) == sorted(one.title for one in ARTICLES)
    assert sum(isinstance(one, StoredExchange) for one in read_all(data / "warc")) == captures(data)


def test_the_second_wish_ends_the_process_and_the_first_only_asks(capfd: pytest.CaptureFixture[str]) -> None:
    left: list[int] = []
    with Stopping(leave=left.append) as stopping:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.event.wait(5)
        assert left == []
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):  # a handler runs between two steps of the main thread
            if left:
                break
    assert left == [130]
    assert "Left at once" in capfd.readouterr().err
