"""Readings made ahead, on all cores: processes that read pages and nothing else, and their one asker.

    asker: question ──► the worker with the least to do ──► reading ──► asker, who takes them in whatever order he likes

A worker is a program of its own, `reading_worker`, so that it is the same whatever program started it. It ends when its
asker does, however that ends, and hears no Ctrl-C. What a worker that died would have read is read here.
"""

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from scraper.config import Config
from scraper.extract import Reading
from scraper.packing import Packed, pack_page, unpack_reading
from scraper.reading import Question, Readers

_AHEAD = 24  # questions a worker; enough that it never waits while one page takes long
_KEPT = 4  # times as many questions as are asked ahead, before the oldest is given up
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from scraper.reading_worker import serve; serve(int(sys.argv[2]))"
)


@dataclass(slots=True)
class _Worker:
    process: "subprocess.Popen[bytes]"
    connection: Connection
    asked: set[int] = field(default_factory=set)  # tickets without an answer
    known: dict[Any, int] = field(default_factory=dict)  # frames and absences it has, with their numbers


class Workers(Readers):
    """Readings made by several processes."""

    def __init__(self, config: Config, count: int) -> None:
        super().__init__(config)
        self._workers: list[_Worker] = []
        self._asked: dict[tuple[str, int], tuple[int, Question]] = {}  # by the place of the page
        self._answers: dict[int, Packed | None] = {}
        self._tickets = 0
        self._awaited: set[int] = set()  # tickets whose answers somebody may still take
        try:
            with contextlib.suppress(OSError):  # no room for more processes: those that are there do it, or none
                for _ in range(count):
                    self._workers.append(_started(config))
        except BaseException:
            self.close()
            raise
        self.ahead = _AHEAD * len(self._workers)

    def ask(self, question: Question) -> None:
        """Sends a question to the worker with the least to do."""
        if not self._workers:
            return
        self._collect(0)
        worker = min(self._workers, key=lambda each: len(each.asked), default=None)
        if worker is None:  # the last one was just found dead
            return
        self._tickets += 1
        capture = question.stored.capture
        try:
            frame, absent = (_told(worker, each) for each in (question.frame, question.absent))
            page = pack_page(question.stored)
            worker.connection.send(("ask", self._tickets, page, frame, absent, question.traits))
        except OSError:
            self._lose(worker)
            return
        worker.asked.add(self._tickets)
        self._awaited.add(self._tickets)
        place = (capture.warc_file, capture.warc_offset)
        self._give_up(self._asked.get(place, (0, question))[0])
        self._asked[place] = (self._tickets, question)
        if len(self._asked) > _KEPT * self.ahead:  # nobody came for the oldest
            self._give_up(self._asked.pop(next(iter(self._asked)))[0])

    def read(self, question: Question) -> Reading:
        """What a worker read, where it was asked just this; else it is read here."""
        capture = question.stored.capture
        ticket, asked = self._asked.pop((capture.warc_file, capture.warc_offset), (0, None))
        if asked is None or asked != question:
            self._give_up(ticket)
            return super().read(question)
        while ticket not in self._answers and any(ticket in worker.asked for worker in self._workers):
            self._collect(None)
        packed = self._answers.get(ticket)
        self._give_up(ticket)
        return unpack_reading(packed) if packed else super().read(question)

    def forget(self) -> None:
        """What was asked is not worth reading any more."""
        super().forget()
        self._asked.clear()
        self._answers.clear()
        self._awaited.clear()
        for worker in self._workers.copy():
            worker.known.clear()
            try:
                worker.connection.send(("forget", self._tickets))
            except OSError:
                self._lose(worker)

    def close(self) -> None:
        """Ends the workers."""
        for worker in self._workers.copy():
            self._lose(worker)
        self.ahead = 0

    def _collect(self, timeout: float | None) -> None:
        """Takes in what workers have sent; with None, waits until one has."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for ready in wait(list(by_connection), timeout):
            worker = by_connection[ready]  # type: ignore[index]
            try:
                while worker.connection.poll():
                    ticket, packed = worker.connection.recv()
                    worker.asked.discard(ticket)
                    if ticket in self._awaited:
                        self._answers[ticket] = packed
            except (EOFError, OSError):
                self._lose(worker)

    def _give_up(self, ticket: int) -> None:
        self._awaited.discard(ticket)
        self._answers.pop(ticket, None)

    def _lose(self, worker: _Worker) -> None:
        """Goes on without a worker: one that died, by itself or for lack of memory, or is not needed any more."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()  # it has nothing to lose
        worker.process.wait()


def _started(config: Config) -> _Worker:
    ours, theirs = Pipe()
    try:
        place = [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), str(theirs.fileno())]
        process = subprocess.Popen(
            place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    with contextlib.suppress(OSError):  # it died at once; found out when it is asked
        ours.send(config)
    return _Worker(process, ours)


def _told(worker: _Worker, what: Any) -> int:
    """The number under which a worker knows a frame or an absence; it is told when it does not."""
    number = worker.known.get(what)
    if number is None:
        number = worker.known[what] = len(worker.known)
        worker.connection.send(("know", number, what))
    return number
