"""What runs tell each other of hosts: a table of `frontier.db`, so that no new run forgets what a server asked for.

A Retry-After, the pause, and the distress it rests on outlive the run that met them, also when it was killed.
"""

import sqlite3
from collections.abc import Mapping

from scraper.pace import Memory

# An addition that older versions of this program do not look at, so the frontier's version stays.
_TABLE = """
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY,
    not_before REAL NOT NULL,
    ended REAL NOT NULL,
    crawl_delay REAL NOT NULL,
    took REAL NOT NULL,
    distress REAL NOT NULL
) STRICT
"""


class HostMemories:
    """The table, on the frontier's own connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute(_TABLE)

    def all(self) -> dict[str, Memory]:
        """What is known, by host."""
        rows = self._db.execute("SELECT host, not_before, ended, crawl_delay, took, distress FROM hosts")
        return {host: Memory(*values) for host, *values in rows}

    def remember(self, memories: Mapping[str, Memory]) -> None:
        """Keeps what is known of hosts by now."""
        self._db.executemany(
            "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?, ?)",
            [(host, m.not_before, m.ended, m.crawl_delay, m.took, m.distress) for host, m in memories.items()],
        )
