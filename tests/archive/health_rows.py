"""An archive's rows as nightly runs leave them, written straight into the tables: years of them in seconds.

nights = Nights(tmp_path)
nights.run([page(7), page(8, byline=False)], new=1)
nights.look().level
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import schema
from archive.health import Health, examine
from archive.health_state import Change, State, changes
from archive.health_terms import Finding, Level, Thresholds, stamp

NOTICE = 'Ghi rõ nguồn "Susta.vn" khi phát hành lại'
SOFTWARE = "susta-archive/test"
FREE = 50_000_000_000


@dataclass(frozen=True)
class Page:
    """One article's page as it was read: which parts its record has, or why it gave none."""

    number: int
    category: str = "tin-tuc"
    byline: bool = True
    photos: int = 1
    captions: bool = True
    doubtful: bool = False
    edition: int = 0
    refusal: str = ""
    size: int = 20_000

    @property
    def url(self) -> str:
        return f"https://susta.vn/{self.category}/bai-{self.number}"

    def record(self) -> dict[str, Any]:
        """As `Article.to_json` writes it, as far as health reads it."""
        photo = {"url": "https://susta.vn/a.jpg", "caption": "Toàn cảnh" if self.captions else None, "credit": None}
        return {
            "category": self.category,
            "byline": "Hải Thành" if self.byline else None,
            "date": "2026-01-05",
            "photos": [photo] * self.photos,
            "doubts": ["title-unsure"] if self.doubtful else [],
            "blocks": [{"kind": "paragraph", "text": f"Bản {self.edition}. " + "Một đoạn văn. " * 40}],
        }


def pages(count: int, *, first: int = 100, **fields: Any) -> list[Page]:
    return [Page(first + place, **fields) for place in range(count)]


class Nights:
    """One archive, and a clock that goes on from night to night."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.folder, self.limits = folder, Thresholds(notice=NOTICE, **limits)
        self.db: sqlite3.Connection = schema.connect(folder / "archive.db", create=True)
        self.now = datetime(2026, 1, 1, 19, 30, tzinfo=UTC)
        self.state, self.told = State(), list[tuple[datetime, Change]]()
        self.free, self.lock_held = FREE, False
        self._read: list[tuple[int, int, Page]] = []  # (capture, article, what was read)
        self.db.execute(
            "INSERT INTO sources VALUES (1, 'susta.vn', 'Susta.vn', 'Hội', ?, 'a', ?, ?)",
            (NOTICE, stamp(self.now), stamp(self.now)),
        )

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def run(
        self,
        seen: Sequence[Page] = (),
        *,
        new: int = 0,
        outcome: str = "finished",
        failed: int = 0,
        hours: float = 1.0,
    ) -> int:
        """A run that captured these pages, and took so long; the clock stands at its end."""
        started, ended = self.now, self.now + timedelta(hours=hours)
        finished = None if outcome in ("running", "crashed") else stamp(ended)
        row = (stamp(started), finished, outcome, SOFTWARE, "[]", len(seen), new, failed)
        cursor = self.db.execute(
            "INSERT INTO runs (started_at, finished_at, outcome, software, start_urls, fetched, new, failed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        run_id = int(cursor.lastrowid or 0)
        self.db.execute("BEGIN")
        for place, page in enumerate(seen):
            self._capture(run_id, page, started + timedelta(seconds=place + 1))
        self.db.execute("COMMIT")
        self.now = ended
        return run_id

    def _capture(self, run_id: int, page: Page, at: datetime) -> None:
        text = json.dumps(page.record(), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        (serial,) = self.db.execute("SELECT coalesce(max(id), 0) + 1 FROM captures").fetchone()
        self.db.execute(
            "INSERT INTO captures (id, url, fetched_at, status, role, media_type, payload_sha256, payload_length,"
            " warc_file, warc_offset, warc_length, run_id)"
            " VALUES (?, ?, ?, 200, 'page', 'text/html', ?, 1, 'w', ?, ?, ?)",
            (serial, page.url, stamp(at), digest, serial, page.size, run_id),
        )
        known = self.db.execute("SELECT id, content_sha256 FROM articles WHERE url = ?", (page.url,)).fetchone()
        article_id = known[0] if known else None
        if page.refusal:
            self._derivation(serial, None, None, page.refusal)
            return
        if known is None:
            article_id = self._article(page, serial, digest, stamp(at))
        if known is None or known[1] != digest:
            (number,) = self.db.execute(
                "SELECT count(*) + 1 FROM revisions WHERE article_id = ?", (article_id,)
            ).fetchone()
            self.db.execute(
                "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, 'x', ?)",
                (article_id, number, stamp(at), serial, digest, text),
            )
            self.db.execute("UPDATE articles SET content_sha256 = ? WHERE id = ?", (digest, article_id))
        self._read.append((serial, int(article_id or 0), page))
        self._derivation(serial, article_id, digest, None)

    def rebuild(self, read_again: Callable[[Page], Page], wrong: Callable[[Page], bool]) -> None:
        """As `susta rebuild` by a version that reads pages better: what was read wrongly is read again."""
        for capture, article, page in [each for each in self._read if wrong(each[2])]:
            text = json.dumps(read_again(page).record(), ensure_ascii=False)
            digest = hashlib.sha256(text.encode()).hexdigest()
            self.db.execute("UPDATE derivations SET content_sha256 = ? WHERE capture_id = ?", (digest, capture))
            row = (digest, text, capture)
            self.db.execute("UPDATE revisions SET content_sha256 = ?, record = ? WHERE capture_id = ?", row)
            self.db.execute("UPDATE articles SET content_sha256 = ? WHERE id = ?", (digest, article))

    def _article(self, page: Page, capture: int, digest: str, at: str) -> int:
        cursor = self.db.execute(
            "INSERT INTO articles (site, url, category, title, body, blocks, reasons, credit, source_id, capture_id,"
            " content_sha256, extractor, first_seen, last_seen)"
            " VALUES ('susta.vn', ?, ?, 'Bài', 'a', '[]', '{}', 'Nguồn', 1, ?, ?, 'x', ?, ?)",
            (page.url, page.category, capture, digest, at, at),
        )
        return int(cursor.lastrowid or 0)

    def _derivation(self, capture: int, article: int | None, digest: str | None, refusal: str | None) -> None:
        self.db.execute(
            "INSERT INTO derivations (capture_id, article_id, content_sha256, refusal, extractor)"
            " VALUES (?, ?, ?, ?, 'x')",
            (capture, article, digest, refusal),
        )

    def warc_file(self, name: str) -> None:
        self.db.execute("INSERT INTO warc_files VALUES (?, 1000, 'x', 1)", (name,))

    def audit(self, *, failed: bool = False, names: Sequence[str] | None = None, through: str = "") -> None:
        detail: dict[str, Any] = {"database": names is None, "found": {"bad-member": 2} if failed else {}}
        detail |= {"through": through} if names is None else {"names": list(names)}
        self.db.execute(
            "INSERT INTO events (type, at, agent, target, outcome, detail) VALUES ('checked', ?, ?, 'archive', ?, ?)",
            (stamp(self.now), SOFTWARE, "failure" if failed else "success", json.dumps(detail)),
        )

    def backup(self, *, outcome: str = "success") -> None:
        self.db.execute(
            "INSERT INTO events (type, at, agent, target, outcome, detail)"
            " VALUES ('backed-up', ?, ?, 'archive', ?, '{}')",
            (stamp(self.now), SOFTWARE, outcome),
        )

    def state_notice(self, text: str) -> None:
        """The site states a condition, for the first time or again."""
        at = stamp(self.now)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.db.execute(
            "INSERT INTO sources (site, name, organisation, notice, notice_sha256, first_seen, last_seen)"
            " VALUES ('susta.vn', 'Susta.vn', 'Hội', ?, ?, ?, ?)"
            " ON CONFLICT (site, notice_sha256) DO UPDATE SET last_seen = excluded.last_seen",
            (text, digest, at, at),
        )

    def set_limits(self, **limits: Any) -> None:
        self.limits = replace(self.limits, **limits)

    def look(self) -> Health:
        """What is to be said now; the state is not touched."""
        return examine(
            self.db,
            self.now,
            self.limits,
            free=self.free,
            lock_held=lambda: self.lock_held,
            standing=self.state.standing(),
        )

    def finding(self, rule: str) -> Finding:
        return next(each for each in self.look().findings if each.rule == rule)

    def level(self, rule: str) -> Level:
        return self.finding(rule).level

    def tell(self) -> list[Change]:
        """Looks, and notes what is told."""
        health = self.look()
        found = changes(self.state, health)
        self.told += [(self.now, each) for each in found]
        self.state = self.state.after(health)
        return found
