"""Serves a made-up site from a process of its own, which ends when its standard input does.

    python -m crawling.serve portal --size 3000 [--core N] [--pause SECONDS]
    python -m crawling.serve varied --seed 7 --size 200

Prints the site's address. HTTP/1.1 with keep-alive; whole replies in one write. Whoever started it asks on the same
port, and is answered in JSON: `/-/count` for the number of requests so far, `/-/asked` for all their targets in order,
`/-/left` for how many pages and media files nobody has asked for yet, `/-/forget` to forget all that was asked.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

if __name__ == "__main__":  # the sites need more than a client of the server does
    from crawling.sites import Site, portal, varied
    from scraper.demo.pages import Reply

_ROOT = Path(__file__).resolve().parents[2]
_CONTROL = b"/-/"


@dataclass(frozen=True, slots=True)
class Served:
    """A site that is being served by another process."""

    base: str

    @property
    def count(self) -> int:
        return int(self._ask("count"))

    @property
    def left(self) -> int:
        return int(self._ask("left"))

    @property
    def asked(self) -> list[str]:
        found: list[str] = json.loads(self._ask("asked"))
        return found

    def forget(self) -> None:
        self._ask("forget")

    def _ask(self, what: str) -> bytes:
        with urllib.request.urlopen(f"{self.base}-/{what}") as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def served(kind: str, *, size: int, seed: int = 0, core: int | None = None, pause: float = 0.0) -> Iterator[Served]:
    """Serves a site for as long as the block runs."""
    command = [sys.executable, "-m", "crawling.serve", kind, f"--size={size}", f"--seed={seed}", f"--pause={pause}"]
    command += [] if core is None else [f"--core={core}"]
    paths = os.pathsep.join((str(_ROOT), str(_ROOT / "benchmarks")))
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}
    )
    with process:  # leaving it closes the pipes, which ends the server, and waits
        assert process.stdout is not None
        assert process.stdin is not None
        base = process.stdout.readline().strip()
        if not base:
            raise RuntimeError("the site could not be served")
        yield Served(base)
        process.stdin.close()


class _Server:
    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.asked: list[str] = []
        self._left: set[str] = set()
        self._site: Site | None = None

    def show(self, site: "Site") -> None:
        self._site, self._left, self.asked = site, {*site.pages, *site.media}, []

    def reply(self, target: bytes, head: bytes) -> bytes:
        if target.startswith(_CONTROL):
            return wire(Reply(200, "application/json", json.dumps(self._told(target)).encode()))
        assert self._site is not None
        address = target.decode("latin-1")
        self.asked.append(address)
        self._left.discard(address)
        reply = self._site.answer(address, len(self.asked))
        if not self._site.knows_validators or reply.status != 200:
            return wire(reply)
        tag = f'"{zlib.crc32(target):x}"'
        if f"if-none-match: {tag}".encode() in head.lower():
            reply = Reply(304, reply.media_type, b"")
        return wire(reply, tag)

    def _told(self, target: bytes) -> object:
        what = target.removeprefix(_CONTROL)
        if what == b"forget" and self._site is not None:
            self.show(self._site)
        return {b"count": len(self.asked), b"left": len(self._left), b"asked": self.asked}.get(what)


class _Connection(asyncio.Protocol):
    def __init__(self, server: _Server) -> None:
        self._server, self._held = server, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head, self._held = self._held[:end], self._held[end + 4 :]
            target = head.split(b" ", 2)[1]
            reply = self._server.reply(target, head)
            if self._server.pause and not target.startswith(_CONTROL):
                asyncio.get_running_loop().call_later(self._server.pause, self._send, reply)
            else:
                self._send(reply)
            if b"connection: close" in head.lower():
                self._transport.close()

    def _send(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(reply)


@lru_cache(maxsize=1 << 13)
def wire(reply: "Reply", tag: str = "") -> bytes:
    """A reply as it goes out."""
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", "Server: made-up"]
    if reply.status != 304:
        lines += [f"Content-Type: {reply.media_type}", f"Content-Length: {len(reply.body)}"]
    lines += [f"ETag: {tag}"] if tag else []
    return "\r\n".join([*lines, "", ""]).encode() + reply.body


async def _serve(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    server = _Server(options.pause)
    listening = await loop.create_server(lambda: _Connection(server), "127.0.0.1", 0)
    base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    server.show(portal(options.size, base) if options.kind == "portal" else varied(options.seed, options.size, base))
    print(base, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("portal", "varied"))
    parser.add_argument("--size", type=int, required=True, help="pages of a portal, articles of a varied site")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--core", type=int, help="the processor core to stay on")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    asyncio.run(_serve(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
