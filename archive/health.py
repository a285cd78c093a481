"""Is the archive well? Every rule's finding, from an archive opened for reading, at a time that is a parameter.

    facts (health_facts, health_pages) ─► rules (health_rules, health_redesign) ─► Health ─► state, hook, metrics

A rule that has no history yet passes. What was said before comes in as `Standing`s, so that an alarm that stands is
measured against the time before it; keeping them is health_state.py's.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from archive import health_redesign, health_rules
from archive.errors import ArchiveUnusable
from archive.health_facts import Facts, read_facts
from archive.health_pages import PageBook
from archive.health_terms import RULES, Finding, Level, Standing, Thresholds, stamp

_NEWLY = Standing()
_LEAST_SCHEMA = 4


@dataclass(frozen=True, slots=True)
class Health:
    """What all rules say together: the worst of them, each finding, and figures for whoever draws curves."""

    at: datetime
    findings: tuple[Finding, ...]
    figures: Mapping[str, float]

    @property
    def level(self) -> Level:
        return max((each.level for each in self.findings), default=Level.OK)

    def as_dict(self) -> dict[str, Any]:
        """As JSON values: `state` (ok, warning, critical, unknown), its exit code, and each rule's finding."""
        rules = [asdict(each) | {"level": each.level.word} for each in self.findings]
        return {
            "state": self.level.word,
            "exit_code": int(self.level),
            "at": stamp(self.at),
            "reasons": [f"{each.rule}: {each.reason}" for each in self.findings if each.level],
            "rules": rules,
            "figures": dict(self.figures),
        }


def unknown(at: datetime, reason: str, advice: str = "") -> Health:
    """What is to be said where there is no archive, or none that can be read."""
    return Health(at, (Finding("archive", Level.UNKNOWN, reason, advice),), {})


def examine(
    db: sqlite3.Connection,
    now: datetime,
    limits: Thresholds,
    *,
    free: int,
    lock_held: Callable[[], bool],
    standing: Mapping[str, Standing],
) -> Health:
    """Applies every rule that is not switched off. `free` are the bytes that may still be written; `lock_held` says
    whether a run is alive, and is asked only when one is said to be running.

    Raises ArchiveUnusable for an archive of an older schema, sqlite3.Error for a damaged one.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version < _LEAST_SCHEMA:
        raise ArchiveUnusable(
            f"The archive was made by an older version (schema {version})",
            advice="The next `susta crawl` brings it up to date.",
        )
    facts = read_facts(db, now - timedelta(days=30))
    held = bool(facts.runs) and facts.runs[-1].outcome == "running" and lock_held()
    book = PageBook(db)
    said = {rule: standing.get(rule, _NEWLY) for rule in RULES}
    rules: dict[str, Callable[[], Finding]] = {
        "runs": lambda: health_rules.runs(facts, now, limits, said["runs"], lock_held=held),
        "unfinished": lambda: health_rules.unfinished(facts, now, limits, lock_held=held),
        "news": lambda: health_rules.news(facts, now, limits),
        "failures": lambda: health_rules.failures(facts, limits),
        "refusals": lambda: health_redesign.refusals(book, facts.runs, limits, said["refusals"]),
        "redesign": lambda: health_redesign.redesign(book, facts.runs, limits, said["redesign"]),
        "notice": lambda: health_rules.notice(facts, now, limits, said["notice"]),
        "audit": lambda: health_rules.audit(facts, now, limits),
        "backup": lambda: health_rules.backup(facts, now, limits, said["backup"]),
        "disk": lambda: health_rules.disk(facts, now, limits, free),
        "clock": lambda: health_rules.clock(facts, now),
    }
    findings = tuple(rule() for name, rule in rules.items() if name not in limits.off)
    return Health(now, findings, _figures(db, facts, free))


def _figures(db: sqlite3.Connection, facts: Facts, free: int) -> dict[str, float]:
    """Numbers for metrics, by their names without the prefix."""
    success = next((run for run in reversed(facts.runs) if run.is_success), None)
    news = next((run for run in reversed(facts.runs) if run.new), None)
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    (gone,) = db.execute("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL").fetchone()
    (doubtful,) = db.execute("SELECT count(*) FROM articles WHERE doubt > 0").fetchone()
    (captures,) = db.execute("SELECT count(*) FROM captures").fetchone()
    (size,) = db.execute("SELECT coalesce(sum(bytes), 0) FROM warc_files").fetchone()
    figures: dict[str, float] = {
        "articles": articles,
        "articles_gone": gone,
        "articles_doubtful": doubtful,
        "captures": captures,
        "warc_bytes": size,
        "disk_free_bytes": free,
    }
    if success:
        figures["last_success_timestamp_seconds"] = success.ended.timestamp()
    if news:
        figures["last_new_article_timestamp_seconds"] = news.ended.timestamp()
    if facts.runs:
        last = facts.runs[-1]
        figures |= {
            "last_run_fetched": last.fetched,
            "last_run_new": last.new,
            "last_run_failed": last.failed,
            "last_run_start_timestamp_seconds": last.started.timestamp(),
        }
        if last.finished:
            figures["last_run_duration_seconds"] = (last.finished - last.started).total_seconds()
    return figures
