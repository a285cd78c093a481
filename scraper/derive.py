"""From what is in the WARC files to what is in `archive.db`: one record at a time, in order, the same for all.

A crawl passes each exchange here right after it was written; after a crash the tail that is not yet in the database
passes here; a rebuild passes everything here. So the three agree by construction. Nothing here asks a clock or the
network.

At a run's end the frame is learned, and pages taken before it was known are derived again with it. A run that shows
many pages of a site teaches its frame as soon as it has shown enough, so that the greater part is derived only once.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.captures import held_as, read_capture, with_payload
from archive.dating import settle_date
from archive.events import note_crashed_runs, note_imports, note_run
from archive.records import Article, Capture, Refusal, RefusalReason, Role, Source
from archive.removed import CAPTURE_REMOVED, Learned
from archive.revisions import Change, Derivation, add_redirect_alias, record
from archive.store import RunCounts, Store
from archive.warc import StoredEvent, StoredExchange
from archive.withdrawal import WITHDRAWN, refuse
from scraper.absent import Absent, absent_from, absent_from_row, is_same_probe, leads_alike
from scraper.config import Config
from scraper.directives import read_directives
from scraper.extract import EXTRACTOR, Reading
from scraper.extract.frame import Frame, Learner, frame_from_json
from scraper.extract.text import clean, key
from scraper.reading import Question, Readers, read_stored
from scraper.urls import host_of, redirect_target, site_id_of
from scraper.withdrawn import Withdrawn, refusal_of

_QUOTED = re.compile(r"[\"“”„«'‘]([^\"“”„«»'‘’]{2,60})[\"“”»'’]")
_SOON_READ_AGAIN = 200  # pages of an interrupted run, which must end within seconds; more are for the next run to learn
_SHOWN = 200  # pages with status 200 of a site, in one run, after which its frame is learned without waiting
_NEWEST = 60  # articles whose pages a small run learns from, its own among them
RUN_STARTED, RUN_FINISHED, FETCH_FAILED = "run-started", "run-finished", "fetch-failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What working one response in came to. `reading` is None for what is no page, and for redirects; `nofollow` is
    where the page asks for none of its links to be followed. `said_before`: an article with another number says the
    same. `stored`: a list for machines, with its payload. `has_file`: there is a picture or file of this address,
    redirects followed, now or from before."""

    capture_id: int
    capture: Capture
    change: Change | None = None
    reading: Reading | None = None
    notice_differs: str | None = None
    nofollow: str = ""
    said_before: bool = False
    stored: StoredExchange | None = None
    has_file: bool = False


class Deriver:
    """Works WARC records into one archive."""

    def __init__(self, store: Store, warc_folder: Path, config: Config, readers: Readers | None = None) -> None:
        """`readers` make the readings of pages; without them they are made here."""
        self.store = store
        self._readers = readers or Readers(config)
        self.run_id = self._unfinished_run()
        self._seen_whole_run = False  # whether the learners saw every page of the run so far
        self._warc_folder = warc_folder
        self._config = config
        self._frames: dict[str, tuple[int | None, Frame]] = {}
        self._learners: dict[str, Learner] = {}
        self._shown_pages: Counter[str] | None = None  # of the run, by site; counted when first asked for
        self._taught: set[str] = set()  # the sites whose frame the run has taught before its end
        self._withdrawn = Withdrawn(store, warc_folder)
        self._absent: dict[str, tuple[int, Absent]] = {}  # with the capture of the probe
        self._absent_framed: dict[str, tuple[Frame, Absent]] = {}  # as read with the frame that was last asked for

    def take(self, stored: StoredExchange | StoredEvent) -> Taken | None:
        """Works one record in, whole or not at all, and moves the progress mark past it."""
        with self.store.transaction():
            return self.work_in(stored)

    def work_in(self, stored: StoredExchange | StoredEvent) -> Taken | None:
        """As `take`, within the caller's transaction."""
        if isinstance(stored, StoredEvent):
            self._take_event(stored)
            if stored.name == CAPTURE_REMOVED and (stored.data["role"], stored.data["status"]) == (Role.PAGE, 200):
                self._note_shown(host_of(stored.data["url"]), stored.data["fetched_at"])
            self.store.set_progress(stored.warc_file, stored.warc_offset + stored.warc_length)
            return None
        taken, capture = self._take_exchange(stored), stored.capture
        if capture.role is Role.PAGE and capture.status == 200:
            self._note_shown(host_of(capture.url), capture.fetched_at)
        self.store.set_progress(capture.warc_file, capture.warc_offset + capture.warc_length)
        return taken

    def foresee(self, stored: StoredExchange | StoredEvent) -> None:
        """Has a page's reading made ahead, by what is known now. Where more is known by the time the page is taken, it
        is read anew: what is foreseen changes no row."""
        if isinstance(stored, StoredEvent) or stored.capture.role is not Role.PAGE:
            return
        if stored.capture.status in (200, 304):
            site = host_of(stored.capture.url)
            whole, _ = self._with_payload(stored)
            self._readers.ask(self._question(whole, self._frame(site)[1], traits=self._wants_traits(site)))

    def _take_event(self, event: StoredEvent) -> None:
        data = event.data
        if event.name == RUN_STARTED:
            note_crashed_runs(self.store.db)
            started = (data["at"], data["software"], tuple(data["start_urls"]))
            self.run_id = self.store.start_run(*started, kind=data.get("kind", "crawl"))
            self._learners, self._seen_whole_run = {}, True
            self._shown_pages, self._taught = Counter(), set()
        elif event.name == RUN_FINISHED and self.run_id is not None:
            if data["outcome"] != "interrupted" or self._pages_taken() <= _SOON_READ_AGAIN:
                self._learn(data["at"])
            counts = RunCounts(**data["counts"])
            self.store.finish_run(self.run_id, data["at"], data["outcome"], counts)
            note_run(self.store.db, self.run_id, data["at"])
            note_imports(self.store.db, data.get("imported", ()), self.run_id, data["at"], data.get("agent", ""))
            self.run_id = None
        elif event.name == FETCH_FAILED:
            self.store.add_failure(data["url"], data["at"], data["reason"], data["detail"], self.run_id)
        elif event.name == WITHDRAWN:
            self._withdrawn.take(event)
            self._frames, self._absent, self._absent_framed = {}, {}, {}  # lines may have been taken out of them
            self._readers.forget()
        elif event.name == CAPTURE_REMOVED:
            self._withdrawn.take_removed(event, self.run_id, self._frame(host_of(data["url"]))[0])

    def _pages_taken(self) -> int:
        row = self.store.one("SELECT count(*) FROM captures WHERE run_id IS ? AND role = 'page'", self.run_id)
        return int(row[0]) if row else 0

    def _unfinished_run(self) -> int | None:
        """The run that was left open, by a killed process or on a full disk; what is worked in first belongs to it."""
        row = self.store.one("SELECT id FROM runs WHERE finished_at IS NULL AND id = (SELECT max(id) FROM runs)")
        return int(row[0]) if row else None

    def _take_exchange(self, stored: StoredExchange) -> Taken:
        stored, revisit_of = self._with_payload(stored)
        capture = stored.capture
        if capture.location is not None:
            capture = replace(capture, location=_resolved(capture))
        capture_id = self.store.add_capture(capture, self.run_id, revisit_of)
        if capture.role is Role.PROBE:
            self._take_probe(capture_id, stored)
        if capture.role is Role.SITEMAP:
            return Taken(capture_id, capture, stored=stored)
        if capture.role is Role.MEDIA:
            return Taken(capture_id, capture, has_file=self.store.media_at(capture.url)[0] is not None)
        if capture.role is not Role.PAGE:
            return Taken(capture_id, capture)
        if self._withdrawn.is_address(capture.url):
            reading = refusal_of(capture)
            change, _ = self._record(capture_id, capture, reading, None)
            return Taken(capture_id, capture, change, reading)
        if 300 <= capture.status < 400 and capture.status != 304:
            if capture.location and self._leads_to_nothing(capture):
                detail = f"leads to {capture.location}, as an address that cannot exist does"
                gone = Reading(Refusal(capture.url, RefusalReason.NOT_FOUND, detail))
                change, _ = self._record(capture_id, capture, gone, None)
                return Taken(capture_id, capture, change)
            if capture.location:
                add_redirect_alias(self.store, capture.url, capture.location, capture.fetched_at)
            return Taken(capture_id, capture)
        site = host_of(capture.url)
        frame_id, frame = self._frame(site)
        wanted = self._wants_traits(site)
        reading = self._withdrawn.judged(self._readers.read(self._question(stored, frame, traits=wanted)))
        change, differs = self._record(capture_id, capture, reading, frame_id)
        said_before = False
        if isinstance(reading.outcome, Article):
            said_before = self.store.says_as_another(reading.outcome)
            self._alias_redirects(capture)
            if wanted and (traits := reading.traits()) is not None:
                self._learners.setdefault(site, Learner()).add(self._withdrawn.veiled(traits), frame)
        if reading.postings:
            for article_id in self.store.add_postings(reading.postings, capture_id):
                settle_date(self.store, article_id)
        nofollow = read_directives(reading.page, stored.headers).nofollow
        return Taken(capture_id, capture, change, reading, differs, nofollow, said_before)

    def _take_probe(self, capture_id: int, stored: StoredExchange) -> None:
        """Keeps what a site says of an address that cannot exist; an honest 404 too, since it may have learned."""
        capture = stored.capture
        site = host_of(capture.url)
        absent = Absent()
        if 300 <= capture.status < 400 and (target := _resolved(capture)):
            if is_same_probe(capture.url, target):
                return
            absent = Absent(target=target)
        elif capture.status == 200:
            absent = absent_from(read_stored(stored, self._frame(site)[1], self._config), capture.url)
        self.store.add_not_found_page(site, capture_id, absent.target, absent.to_json())
        self._absent[site] = (capture_id, absent)
        self._absent_framed.pop(site, None)
        self._readers.forget()

    def _absent_of(self, site: str, frame: Frame | None = None) -> Absent:
        """What a site says where there is nothing; with a frame, as the probe's page reads with it: what the frame
        takes away from a page must be taken from both."""
        if site not in self._absent:
            row = self.store.not_found_page(site)
            self._absent[site] = (row[0], absent_from_row(*row[1:])) if row else (0, Absent())
        capture_id, absent = self._absent[site]
        if frame is None or not absent.lines:
            return absent
        read_with, framed = self._absent_framed.get(site, (None, absent))
        if read_with is not frame:
            stored = self._stored(capture_id)
            reading = read_stored(stored, frame, self._config)
            framed = absent_from(reading, stored.capture.url) if isinstance(reading.outcome, Article) else absent
            self._absent_framed[site] = (frame, framed)
        return framed

    def _leads_to_nothing(self, capture: Capture) -> bool:
        """Whether an article's address redirects to where addresses that cannot exist do, or to the home page."""
        if site_id_of(capture.url) is None or capture.location is None:
            return False
        site = host_of(capture.url)
        home = urlsplit(capture.location).path in ("", "/") and not urlsplit(capture.location).query
        if home and host_of(capture.location).removeprefix("www.") == site.removeprefix("www."):
            return True
        target = self._absent_of(site).target
        if target is None:
            return False
        (probe,) = self.store.one("SELECT url FROM captures WHERE id = ?", self._absent[site][0]) or ("",)
        return leads_alike(capture.url, capture.location, probe, target)

    def _with_payload(self, stored: StoredExchange) -> tuple[StoredExchange, int | None]:
        """A response as it is, or a revisit with the payload it stands for and the id of the capture that holds it."""
        if stored.refers_to is None:
            return stored, None
        held = held_as(self.store.db, *stored.refers_to)
        if held is None:
            return stored, None  # a record from elsewhere; it is refused as one without a payload
        if stored.body or stored.capture.role not in (Role.PAGE, Role.SITEMAP):
            return stored.standing_for(held.original, [], stored.body), held.id
        return with_payload(stored, held, self._warc_folder), held.id

    def _frame(self, site: str) -> tuple[int | None, Frame]:
        if site not in self._frames:
            row = self.store.latest_frame(site)
            self._frames[site] = (row[0], frame_from_json(row[1])) if row else (None, Frame())
        return self._frames[site]

    def _question(self, stored: StoredExchange, frame: Frame, *, traits: bool = False) -> Question:
        return Question(stored, frame, self._absent_of(host_of(stored.capture.url), frame), traits)

    def _read(self, stored: StoredExchange, frame: Frame) -> Reading:
        return self._readers.read(self._question(stored, frame))

    def _read_each(
        self, captures: Iterable[int], frame: Frame, *, traits: bool = False
    ) -> Iterator[tuple[int, StoredExchange, Reading]]:
        """Captures with their readings, in order; some are asked for ahead of the one that is given."""
        waiting: deque[tuple[int, Question]] = deque()
        for capture_id in captures:
            waiting.append((capture_id, self._question(self._stored(capture_id), frame, traits=traits)))
            self._readers.ask(waiting[-1][1])
            if len(waiting) > self._readers.ahead:
                first, question = waiting.popleft()
                yield first, question.stored, self._readers.read(question)
        for first, question in waiting:
            yield first, question.stored, self._readers.read(question)

    def _record(
        self, capture_id: int, capture: Capture, reading: Reading, frame_id: int | None
    ) -> tuple[Change, str | None]:
        source, differs = source_for(host_of(capture.url), reading.notice, self._config)
        outcome = reading.outcome
        if isinstance(outcome, Refusal) and outcome.reason is RefusalReason.WITHDRAWN:
            source_id = self.store.source_id(source, capture.fetched_at)
            refuse(self.store, capture_id, capture, source_id, outcome.detail or None)
            return Change.REFUSED, differs
        derivation = Derivation(reading.outcome, frame_id, EXTRACTOR)
        return record(self.store, capture_id, capture, derivation, source), differs

    def _alias_redirects(self, capture: Capture) -> None:
        for (url,) in self.store.db.execute(
            "SELECT DISTINCT url FROM captures WHERE location = ? AND role = 'page'", (capture.url,)
        ).fetchall():
            add_redirect_alias(self.store, url, capture.url, capture.fetched_at)

    def _wants_traits(self, site: str) -> bool:
        """Whether the next page of a site is to be shown to its learner."""
        learner = self._learners.get(site)
        return self._seen_whole_run and site not in self._taught and not (learner and learner.full)

    def _note_shown(self, site: str, at: str) -> None:
        """Learns a site's frame when a run has shown enough of it. What counts is how many pages came, not what they
        say, so that the moment is the same after a crash."""
        if self._shown_pages is None:
            rows = self.store.db.execute(
                "SELECT url FROM captures WHERE run_id IS ? AND role = 'page' AND status = 200", (self.run_id,)
            ).fetchall()
            self._shown_pages = Counter(host_of(url) for (url,) in rows)
        else:
            self._shown_pages[site] += 1
        if self._shown_pages[site] == _SHOWN and self.run_id is not None:
            self._learn_of(site, at, early=True)

    def _learn(self, at: str) -> None:
        """Keeps what the run taught of each site's frame, and derives again what was read without it."""
        for site in self._sites():
            early = self.store.one(
                "SELECT 1 FROM frames WHERE site = ? AND run_id = ? AND pages >= ?", site, self.run_id, Learner.ENOUGH
            )
            if not early:
                self._learn_of(site, at)
        self._learners = {}

    def _learn_of(self, site: str, at: str, *, early: bool = False) -> None:
        """A run large enough teaches alone; a smaller one, at its end, with the newest pages of the runs before it."""
        known_id, known = self._frame(site)
        before = self._withdrawn.learned(site)
        if before is None:
            found = self._learned(site, known, early=early)
        else:  # pages it was learned from are not there any more
            found = self._learned_before(site, before, early=early)
        if found is None:
            return
        pages, learned, shown = found
        if learned is not None:
            known_id = self.store.add_frame(site, at, self.run_id, pages, learned.to_json())
            self._frames[site] = (known_id, learned)
            self._readers.forget()
            if early:
                self._taught.add(site)
        if known_id is not None:
            again = self._to_derive_again(site, known_id, shown if learned is not None else None)
            self._derive_again(known_id, self._frames[site][1], again)

    def _learned(self, site: str, known: Frame, *, early: bool) -> tuple[int, Frame | None, list[int]] | None:
        """(pages, frame, captures shown) of what this run teaches of a site; None where it is too early to tell."""
        learner = self._learners.get(site) if self._seen_whole_run else None
        learner, shown = (learner, list[int]()) if learner else self._shown(site, self._pages_of_run(site))
        alone = learner.stands_alone
        if early and not alone:
            return None
        if not alone:
            learner, shown = self._shown(site, self._newest_pages(site))
        return learner.pages, learner.frame(known, alone=alone), shown

    def _learned_before(self, site: str, before: Learned, *, early: bool) -> tuple[int, Frame | None, list[int]] | None:
        """The same as it was told when bytes were removed."""
        own = self._pages_of_run(site)
        alone = len(own) >= Learner.ENOUGH
        if early and not alone:
            return None
        pages, lines = before.get(self.run_id, (0, ""))
        shown = own if alone else self._newest_pages(site)
        return pages, frame_from_json(lines) if lines else None, shown

    def _sites(self) -> list[str]:
        """The sites of which this run captured article pages."""
        rows = self.store.db.execute(
            "SELECT DISTINCT a.site FROM captures c JOIN derivations d ON d.capture_id = c.id"
            " JOIN articles a ON a.id = d.article_id WHERE c.run_id IS ?",
            (self.run_id,),
        ).fetchall()
        return sorted(site for (site,) in rows)

    def _pages_of_run(self, site: str) -> list[int]:
        """This run's captures of a site's articles, in order: asked for after a crash, which forgets what was seen."""
        rows = self.store.db.execute(
            "SELECT c.id FROM captures c JOIN derivations d ON d.capture_id = c.id"
            " JOIN articles a ON a.id = d.article_id WHERE c.run_id IS ? AND a.site = ? ORDER BY c.id LIMIT ?",
            (self.run_id, site, Learner.MOST),
        ).fetchall()
        return [capture_id for (capture_id,) in rows]

    def _newest_pages(self, site: str) -> list[int]:
        """The captures of a site's newest article pages, one for each article, oldest first."""
        rows = self.store.db.execute(
            "SELECT c.id, max(c.fetched_at || printf('%20d', c.id)) FROM captures c"
            " JOIN derivations d ON d.capture_id = c.id"
            " JOIN articles a ON a.id = d.article_id WHERE a.site = ? GROUP BY a.id ORDER BY 2 DESC LIMIT ?",
            (site, _NEWEST),
        ).fetchall()
        return sorted(capture_id for capture_id, _ in rows)

    def _shown(self, site: str, captures: list[int]) -> tuple[Learner, list[int]]:
        """A learner that was shown these captures, and they."""
        learner = Learner()
        frame = self._frame(site)[1]
        for _, _, reading in self._read_each(captures, frame, traits=True):
            if (traits := reading.traits()) is not None:
                learner.add(self._withdrawn.veiled(traits), frame)
        return learner, captures

    def _stored(self, capture_id: int) -> StoredExchange:
        return read_capture(self.store.db, self._warc_folder, capture_id)

    def _to_derive_again(self, site: str, frame_id: int, shown: list[int] | None) -> list[tuple[int, int | None]]:
        """Captures of a site to derive again, with the article each gave: those read without a frame and, where the
        frame is new (`shown` are the captures its learner saw), this run's, those, and those read with a frame learned
        from few."""
        rows = self.store.db.execute(
            "SELECT c.id, d.article_id, c.url FROM derivations d JOIN captures c ON c.id = d.capture_id"
            " LEFT JOIN frames f ON f.id = d.frame_id WHERE d.frame_id IS NOT ? AND c.removed <> 1"
            " AND coalesce(d.refusal, '') NOT IN ('http-status', 'withdrawn')"
            " AND (d.frame_id IS NULL OR (? AND ("
            "   f.pages < ? OR c.run_id IS ? OR c.id IN (SELECT value FROM json_each(?)))))"
            " ORDER BY c.id",
            (frame_id, shown is not None, Learner.ENOUGH, self.run_id, json.dumps(shown or [])),
        ).fetchall()
        return [(capture_id, article_id) for capture_id, article_id, url in rows if host_of(url) == site]

    def _derive_again(self, frame_id: int, frame: Frame, captures: list[tuple[int, int | None]]) -> None:
        """Derives captures with a frame."""
        article_of = dict(captures)
        for capture_id, stored, reading in self._read_each(article_of, frame):
            if article_of[capture_id] is not None and isinstance(reading.outcome, Refusal):
                reading = self._read(stored, Frame())  # a frame may trim an article, never take it away
            self._record(capture_id, stored.capture, reading, frame_id)


def _resolved(capture: Capture) -> str | None:
    return redirect_target(capture.url, capture.location or "", is_media=capture.role is Role.MEDIA)


def source_for(site: str, notice: str | None, config: Config) -> tuple[Source, str | None]:
    """Whom to credit for a page, and the page's notice where it is not the configured one.

    The condition is the page's own; the configured text stands in where the page has none. The name to print is the
    first one the condition puts in quotes.
    """
    settings = config.source
    said = notice or settings.notice
    quoted = _QUOTED.search(said)
    same = key(said) == key(settings.notice)
    name = settings.name if same or not quoted else clean(quoted[1])
    return Source(site, name, settings.organisation, said), None if same else said
