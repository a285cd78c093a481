"""The program of a process that reads pages for another (`workers.py`): questions in, readings out, nothing else.

Questions are taken from the pipe by a thread of their own, so that whoever asks never waits for a page to be read; when
the pipe ends, so does the process, at once.
"""

import os
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from scraper.config import Config
from scraper.packing import Packed, pack_reading, unpack_page
from scraper.reading import Question


def serve(descriptor: int) -> None:
    """Answers what comes through the pipe until it ends."""
    connection = Connection(descriptor)
    try:
        config: Config = connection.recv()
        _Worker(connection, config).work()
    except (EOFError, OSError):
        os._exit(0)


class _Worker:
    def __init__(self, connection: Connection, config: Config) -> None:
        self._connection, self._config = connection, config
        self._questions: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
        self._forgotten = 0  # tickets up to this one are not worth an answer

    def work(self) -> None:
        Thread(target=self._listen, daemon=True).start()
        known: dict[int, Any] = {}
        while True:
            match self._questions.get():
                case ("forget", _):
                    known.clear()
                case ("know", number, what):
                    known[number] = what
                case ("ask", ticket, page, frame, absent, traits):
                    question = Question(unpack_page(page), known[frame], known[absent], traits)
                    self._connection.send((ticket, self._answer(ticket, question)))

    def _answer(self, ticket: int, question: Question) -> Packed | None:
        """The reading; None for what is forgotten or fails here, so that the asker meets the failure himself."""
        if ticket <= self._forgotten:
            return None
        try:
            return pack_reading(question.answer(self._config), traits=question.traits)
        except Exception:
            return None

    def _listen(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if message[0] == "forget":
                    self._forgotten = message[1]
                self._questions.put(message)
        except (EOFError, OSError):
            os._exit(0)
