"""The crawl: the only module that knows the whole picture.

    frontier ─► lanes (one a host: pace, robots.txt, fetch) ─► WARC, fsync ─► derive: archive.db, one transaction
       ▲                                                                                 │
       └──────────── new links, pictures, attachments ◄──────────────────────────────────┘  then the frontier is marked

The order that loses nothing: append to the WARC and fsync; one transaction in archive.db; mark the frontier. A crash
at any point repeats work: a WARC tail not yet in archive.db is worked in at the next start, an unmarked address is
asked again. One thread writes; lanes only fetch.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import __version__
from archive.attached import read_attached
from archive.captures import Held, Validators, original_of, validators
from archive.errors import ArchiveUnusable, ConfigError, NothingCrawled, SustaError, is_disk_full, trouble_with
from archive.events import note_repairs
from archive.lock import locked
from archive.store import Store
from archive.warc import FOLDER_NAME, Exchange, Original, StoredEvent, StoredExchange, WarcFiles
from archive.warc_files import register_files
from archive.warc_reading import read_all, read_record_id, repair_leftovers
from scraper.addresses import Item, Kind
from scraper.allowance import visits_allowed
from scraper.answers import Answers
from scraper.challenge import ADVICE, ChallengeWatch
from scraper.config import AGENT_NAME, Config, public_settings
from scraper.derive import FETCH_FAILED, RUN_FINISHED, RUN_STARTED, Deriver, Taken
from scraper.fetch import FailureReason, FetchFailure, World
from scraper.frontier import Frontier
from scraper.frontier_view import closed_traps
from scraper.journal import Journal
from scraper.lanes import Done, Forbidden, Lanes
from scraper.log import RunLog
from scraper.removing import finish_removals
from scraper.report import Report, Step
from scraper.robots import read_answer
from scraper.room import Room
from scraper.starts import first_addresses, private_hosts, roots_of, scope_of, sitemaps_and_probes
from scraper.urls import host_of, redirect_target
from scraper.withdrawn import withholding


def crawl(
    config: Config,
    folder: Path,
    *,
    start_urls: tuple[str, ...] = (),
    limit: int | None = None,
    everything: bool = False,
    reopen: tuple[str, ...] = (),
    world: World,
    watch: Callable[[Step], None] = lambda _: None,
) -> Report:
    """One polite, incremental, resumable run on the archive in `folder`.

    `start_urls` replace the configured ones; `limit` is in pages; `everything` asks for every known page again,
    whatever the schedule says; `reopen` names closed traps to open again. Raises LockHeld, ArchiveUnusable (also when
    there is too little room on the disk), ConfigError for a pattern that is no closed trap or a log that cannot be
    written, and NothingCrawled when not one page could be had.
    """
    wishes = _Wishes(tuple(start_urls) or tuple(config.site.start_urls), limit, everything, reopen)
    room = Room(folder, int(config.crawl.min_free_megabytes * 1_000_000), world.free_bytes)
    if shortage := room.shortage():
        raise ArchiveUnusable(f"{shortage}; nothing was started", advice=_MAKE_ROOM)
    refuse_unknown_traps(folder, reopen)
    log = RunLog(config.archive.log_file, world.now) if config.archive.log_file else None
    try:
        with locked(folder, "crawl"):
            run = _Run(config, folder, wishes, world, room, log, watch)
            try:
                return run.go()
            finally:
                run.close()
    finally:
        if log is not None:
            log.close()


_MAKE_ROOM = "Make room, or set [crawl] min_free_megabytes lower; the archive is unharmed, run again later."


def refuse_unknown_traps(folder: Path, patterns: tuple[str, ...]) -> None:
    """Raises ConfigError, naming the closed traps there are, for patterns that are none."""
    closed = closed_traps(folder) if patterns else {}
    problems = tuple(f"--reopen: {pattern!r} is no closed trap" for pattern in patterns if pattern not in closed)
    if problems:
        there = ", ".join(repr(pattern) for pattern in list(closed)[:20]) or "none"
        raise ConfigError(
            "Nothing was started",
            problems=problems,
            advice=f"Closed are: {there}. `susta why URL` names the trap of an address.",
        )


def catch_up(deriver: Deriver, store: Store, warc_folder: Path, stopped: Callable[[], bool] = lambda: False) -> int:
    """Works in what a killed run had written to the WARC files but not to the database; returns how many records.

    Raises KeyboardInterrupt when the run is stopped meanwhile: what is not worked in yet is at the next start.
    """
    count = 0
    for stored in read_all(warc_folder, store.progress()):
        if stopped():
            raise KeyboardInterrupt
        deriver.take(stored)
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was asked of a run; see `crawl`."""

    starts: tuple[str, ...]
    limit: int | None
    everything: bool
    reopen: tuple[str, ...]


class _Run:
    def __init__(
        self,
        config: Config,
        folder: Path,
        wishes: _Wishes,
        world: World,
        room: Room,
        log: RunLog | None,
        watch: Callable[[Step], None],
    ) -> None:
        self.config, self.folder, self.wishes, self.world, self.watch = config, folder, wishes, world, watch
        self.limit, self.room = wishes.limit, room
        scope = scope_of(config, wishes.starts)
        self.starts = first_addresses(wishes.starts, scope)
        self.report = Report()
        self.journal = Journal(self.report, log, world.now)
        warc_folder = folder / FOLDER_NAME
        self.store = Store(folder)
        self.deriver = Deriver(self.store, warc_folder, config)
        self._make_good(warc_folder)
        self.frontier = Frontier(folder)
        is_withheld = withholding(self.store)
        self.frontier.withhold(is_withheld)
        for found in self.starts:
            if is_withheld(found.url, found.kind, ""):
                self.report.problem(f"{found.url} was withdrawn from the archive and is not asked for")
        self.report.reopened = [pattern for pattern in wishes.reopen if self.frontier.reopen(pattern)]
        self.answers = Answers(config, scope, self.frontier, self.report, world.now)
        self.warc = WarcFiles(
            warc_folder,
            software=f"{AGENT_NAME}/{__version__}",
            operator=config.archive.operator,
            max_bytes=config.archive.warc_max_megabytes * 1_000_000,
            info={
                "http-header-user-agent": config.user_agent,
                "description": f"Captures of {', '.join(found.url for found in self.starts)}",
            },
            settings=public_settings(config),
        )
        private = private_hosts(wishes.starts, config)
        self.lanes = Lanes(
            config, world, private_hosts=private, may_ask=self._may_ask, memories=self.frontier.hosts.all()
        )
        self.run_id = 0
        self.claimed_pages = 0
        self.challenges = ChallengeWatch()
        self.resting: set[str] = set()

    def _make_good(self, warc_folder: Path) -> None:
        """What a killed run or a cut withdrawal left half done is done to its end."""
        repaired = repair_leftovers(warc_folder)
        cuts = [(each.file, each.cut) for each in repaired]
        note_repairs(self.store.db, cuts, _stamp(self.world.now()), f"{AGENT_NAME}/{__version__}")
        self.report.repaired = [
            f"{name}: cut by {cut} bytes to its last whole record; they are set aside as {set_aside}"
            for name, cut, set_aside in repaired
            if set_aside
        ]
        register_files(self.store.db, warc_folder, self.world.stopped)
        caught_up = catch_up(self.deriver, self.store, warc_folder, self.world.stopped)
        if caught_up:
            self.report.repaired.append(f"{caught_up} records of an unfinished run worked into archive.db")
        try:
            finish_removals(self.store, self.deriver, self.config, warc_folder, self.world.now())
        except ArchiveUnusable as error:  # no reason not to crawl; it is said at every run until it can be done
            self.report.problem(f"bytes of a withdrawn article could not be removed yet: {error}")

    def close(self) -> None:
        """Leaves everything as it should be found; on a full disk each part that still can."""
        self.lanes.close()
        self.room.release()
        for step in (self.warc.close, self._register, self._read_attached, self.frontier.close, self.store.close):
            with contextlib.suppress(OSError, sqlite3.Error):
                step()

    def _register(self) -> None:
        register_files(self.store.db, self.warc.folder)

    def _read_attached(self) -> None:
        read_attached(self.store, self.warc.folder, stopped=self.world.stopped)

    def go(self) -> Report:
        try:
            self.room.set_aside()
            self._begin()
            outcome = self._work()
            self._finish(outcome)
        except (SustaError, OSError, sqlite3.Error) as error:
            raise self._broken_off(error) from error
        if outcome == "nothing-crawled":
            why = "; ".join(self.report.problems[:3]) or "the start addresses could not be asked for"
            raise NothingCrawled(
                f"Nothing could be crawled from {', '.join(found.url for found in self.starts)}: {why}",
                advice=ADVICE
                if self.report.refused.get("challenge")
                else "Check the address, the network and robots.txt; the archive is unharmed, run again later.",
                report=self.report,
            )
        return self.report

    def _broken_off(self, error: SustaError | OSError | sqlite3.Error) -> SustaError:
        """Says in the run's row, and in the WARC files, how it ended, as far as that can still be written; what is to
        be raised has the report."""
        found = error if isinstance(error, SustaError) else trouble_with(error)
        outcome = "disk-low" if is_disk_full(error) else "crashed"
        self.report.problem(str(found))
        self.room.release()
        if self.run_id:
            try:
                catch_up(self.deriver, self.store, self.warc.folder)  # nothing may be overtaken by the run's end
                self._finish(outcome)
            except (SustaError, OSError, sqlite3.Error):
                with contextlib.suppress(sqlite3.Error):
                    self.store.note_outcome(self.run_id, outcome)
        self.report.outcome = outcome if self.run_id else "not-started"
        found.report = self.report
        return found

    def _outcome(self) -> str:
        """How a run ended that was not cut short by the disk."""
        if self.world.stopped():
            return "interrupted"
        full = self.limit is not None and self.claimed_pages >= self.limit and self._waiting()
        if not self.report.had and not (full and self.report.skipped.get("redirect")):
            return "nothing-crawled"
        return "limit" if full else "finished"

    def _begin(self) -> None:
        at = _stamp(self.world.now())
        software = f"{AGENT_NAME}/{__version__}"
        self._event(RUN_STARTED, {"at": at, "software": software, "start_urls": [found.url for found in self.starts]})
        assert self.deriver.run_id is not None
        self.run_id = self.report.run = self.answers.run_id = self.deriver.run_id
        self.report.started_at = at
        now = self.world.now().timestamp()
        if self._ran_in_the_future():
            self.frontier.mend_times(now)
        allowed = visits_allowed(self.store.db.conn, self.config.revisit, self.world.now())
        self.frontier.begin_run(now, self.starts, self.wishes.everything, allowed)
        besides = sitemaps_and_probes(self.starts, self.store.largest_category, self.run_id)
        self.frontier.add(besides, "start", now)
        self.journal.begin([found.url for found in self.starts], self.limit, software)

    def _ran_in_the_future(self) -> bool:
        """Whether the clock was ahead in an earlier run, by more than clocks may differ."""
        (newest,) = self.store.db.execute("SELECT max(started_at) FROM runs").fetchone()
        return str(newest) > _stamp(self.world.now() + timedelta(hours=1))

    def _finish(self, outcome: str) -> None:
        self.lanes.stop()
        self.frontier.hosts.remember(self.lanes.memories())
        for item in self.lanes.unanswered():
            self.frontier.give_back(item)
        at = _stamp(self.world.now())
        self.report.outcome, self.report.finished_at = outcome, at
        waiting = self._waiting(resting=True)
        self.report.waiting = sum(waiting.values())
        self.journal.finish(waiting)
        hosts = {host: asdict(figures) for host, figures in self.report.hosts.items()}
        self._event(
            RUN_FINISHED, {"at": at, "outcome": outcome, "counts": asdict(self.report.counts()), "hosts": hosts}
        )
        self.report.understood = self.store.understood(self.run_id)

    def _event(self, name: str, data: dict[str, object]) -> None:
        event: StoredEvent = self.warc.append_event(name, str(data["at"]), data)
        self.deriver.take(event)

    def _work(self) -> str:
        """Keeps every lane busy until nothing is left to ask for, or the run is stopped; says how it ended."""
        while not self.world.stopped():
            self._fill_lanes()
            if not self.lanes.busy:
                break
            done = self.lanes.next_done()
            if done is None:
                continue
            if not self.world.stopped() and isinstance(done.outcome, Exchange):
                self._fill_lanes()  # the next request is on its way while this answer is worked in
            self._settle(done)
            if shortage := self.room.shortage(self.report.bytes):
                self.report.problem(f"{shortage}; the run stopped")
                return "disk-low"
        return self._outcome()

    def _fill_lanes(self) -> None:
        full = self.limit is not None and self.claimed_pages >= self.limit
        for host in self._waiting(media_only=full):
            if self.lanes.is_busy(host):
                continue
            item = self.frontier.claim(host, media_only=full)
            if item is None:
                continue
            if item.kind.is_page:
                self.claimed_pages += 1
                full = self.limit is not None and self.claimed_pages >= self.limit
            self.lanes.submit(item, self._validators(item))

    def _may_ask(self, url: str) -> bool:
        """Whether a host's robots.txt may be looked for at another address: within the scope, or at another spelling
        of a start host."""
        return self.answers.scope.allows_media(url) or self.answers.scope.home_of(url) is not None

    def _validators(self, item: Item) -> Validators | None:
        """What to ask a known page with, so that it need not come again unchanged. Once its payload is older than the
        longest interval it is asked for whole: a server may be wrong about what changed."""
        if item.first_time or item.kind in (Kind.MEDIA, Kind.PROBE):
            return None
        found = validators(self.store.db, item.url)
        if found is None:
            return None
        age = self.world.now() - datetime.fromisoformat(found.fetched_at)
        return found if age <= timedelta(days=self.config.revisit.most_days) else None

    def _waiting(self, *, media_only: bool = False, resting: bool = False) -> dict[str, int]:
        """Queued addresses by host, for hosts that this run may ask: earlier runs may have known others.
        With `resting`, also for those that are left alone by now."""
        waiting = self.frontier.waiting(media_only=media_only)
        known = self.answers.scope.page_hosts | self.answers.scope.media_hosts
        return {
            host: count for host, count in waiting.items() if host in known and (resting or host not in self.resting)
        }

    def _settle(self, done: Done) -> None:
        self.journal.asked(done)
        self.frontier.hosts.remember(self.lanes.memories())
        for exchange in done.robots:
            self._keep(exchange)
            rules = read_answer(exchange)
            self.journal.robots(exchange, rules.odd_delays)
            if any(host_of(url) == host_of(exchange.url) for url in roots_of(self.starts)):
                self.answers.queue_sitemaps(rules.sitemaps, exchange.url)
        item = done.item
        if not isinstance(done.outcome, Exchange) and item.kind.is_page:
            self.claimed_pages -= 1  # the limit counts pages fetched
        match done.outcome:
            case Exchange():
                self._settle_answer(done, done.outcome)
            case Forbidden():
                self._settle_forbidden(item, done.outcome)
            case FetchFailure(reason=FailureReason.STOPPED):
                self.frontier.give_back(item)
            case FetchFailure(reason=FailureReason.RESTING):
                self.frontier.give_back(item)
                self._rest(item.host, f"left alone: {done.outcome.detail}")
            case FetchFailure():
                self._settle_failure(item, done.outcome)

    def _settle_answer(self, done: Done, exchange: Exchange) -> None:
        item = done.item
        taken = self._keep(exchange, done.asked)
        before = self.answers.queued
        word = self.answers.settle(item, exchange, taken)
        self.journal.answer(done, exchange, word, self.answers.queued - before)
        if item.kind is Kind.START:
            self._note_start(item, exchange.status, taken.capture.location)
        if item.kind.is_page:
            why = self.challenges.note(item.host, taken.reading.outcome if taken.reading else None)
            if why and item.host not in self.resting:
                self._rest(item.host, why)
        self._show(item.url, word)

    def _note_start(self, item: Item, status: int, location: str | None) -> None:
        """Says where a run could not begin, for answers that are no failures."""
        target = redirect_target(item.url, location, is_media=False) if location and 300 <= status < 400 else None
        if target and not self._may_ask(target):
            self.report.problem(
                f"{item.url}: leads to {target}, which may not be asked for; [site] allowed_hosts could name its host"
            )
        elif target is None and status not in (200, 304, 408, 425, 429) and status < 500:
            self.report.problem(f"{item.url}: the server answered {status}")

    def _rest(self, host: str, why: str) -> None:
        """Leaves a host alone for the rest of the run; its addresses wait for the next."""
        self.resting.add(host)
        self.report.problem(f"{host}: {why}")
        self.journal.rest(host, why)

    def _keep(self, exchange: Exchange, asked: Validators | None = None) -> Taken:
        """WARC first and durable, then archive.db. A payload that is kept already is referred to, not kept again."""
        digest = hashlib.sha256(exchange.body).hexdigest()
        held = original_of(self.store.db, exchange, digest, asked)
        capture = self.warc.append(exchange, self._referred_to(held) if held else None)
        self._count_bytes(exchange, held)
        refers_to = (held.original.url, held.original.fetched_at) if held else None
        taken = self.deriver.take(StoredExchange(capture, exchange.headers, exchange.body, refers_to))
        assert taken is not None
        return taken

    def _referred_to(self, held: Held) -> Original:
        record_id = read_record_id(self.warc.folder, held.warc_file, held.warc_offset)
        return replace(held.original, record_id=record_id)

    def _count_bytes(self, exchange: Exchange, held: Held | None) -> None:
        self.report.bytes += len(exchange.body)
        if held and exchange.status == 304:
            self.report.not_modified += 1
            self.report.saved += held.original.payload_length
        elif held:
            self.report.identical += 1

    def _settle_forbidden(self, item: Item, result: Forbidden) -> None:
        """robots.txt says no, or could not be had, in which case the host is left alone for this run."""
        if result.reason == "robots":
            self.journal.not_asked(item, "robots")
            self.frontier.skip(item, "robots")
            if item.kind.is_page or item.kind is Kind.MEDIA:
                self.report.count("skipped", "robots")
                self.report.problem(f"{item.url}: robots.txt forbids it")
        else:
            self.journal.not_asked(item, "robots-unreachable")
            self.frontier.fail(item, self.run_id, "robots-unreachable")
            self.report.count("failed", "robots-unreachable")
            self._rest(item.host, f"robots.txt could not be had ({result.detail}), so nothing may be asked for")
        self._show(item.url, result.reason)

    def _settle_failure(self, item: Item, failure: FetchFailure) -> None:
        self._event(
            FETCH_FAILED,
            {"at": failure.at, "url": failure.url, "reason": str(failure.reason), "detail": failure.detail},
        )
        self.journal.failure(item, failure)
        self.frontier.fail(item, self.run_id, str(failure.reason))
        if item.kind.is_page or item.kind is Kind.MEDIA:
            self.report.count("failed", str(failure.reason))
        self.report.problem(f"{item.url}: {failure.reason} ({failure.detail})")
        self._show(item.url, str(failure.reason))

    def _show(self, url: str, what: str) -> None:
        self.watch(Step(url, what, self.report, sum(self._waiting().values())))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
