"""From what is in the WARC files to what is in `archive.db`: one record at a time, in order, the same for all.

A crawl passes each exchange here right after it was written; after a crash the tail that is not yet in the database
passes here; a rebuild passes everything here. So the three agree by construction. Nothing here asks a clock or the
network.

At a run's end the frame is learned, and pages taken before it was known are derived again with it.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.captures import held_as, read_capture, with_payload
from archive.records import Article, Capture, Refusal, RefusalReason, Role, Source
from archive.revisions import Change, Derivation, add_redirect_alias, record, settle_date
from archive.store import RunCounts, Store
from archive.warc import StoredEvent, StoredExchange, media_type
from scraper.absent import Absent, absent_from, absent_from_row, is_same_probe, leads_alike
from scraper.challenge import CHALLENGE_STATUSES, challenge_in, is_looked_at
from scraper.config import Config
from scraper.content import decode_content
from scraper.directives import read_directives
from scraper.extract import EXTRACTOR, Reading, read, with_second_opinion
from scraper.extract.frame import Frame, Learner, frame_from_json
from scraper.extract.text import clean, key
from scraper.urls import host_of, redirect_target, site_id_of

_QUOTED = re.compile(r"[\"“”„«'‘]([^\"“”„«»'‘’]{2,60})[\"“”»'’]")
# Refusals that a frame may have caused; such a page is read once more without it.
_FRAME_MAY_BE_WRONG = (
    RefusalReason.NO_TITLE,
    RefusalReason.NO_BODY,
    RefusalReason.NO_ARTICLE_MARKS,
    RefusalReason.FORM,
    RefusalReason.EMPTY_SHELL,
    RefusalReason.NOT_FOUND,
)
_ONE_IN = 20
_SOON_READ_AGAIN = 200  # pages of an interrupted run, which must end within seconds; more are for the next run to learn
_NEWEST = 60  # articles whose pages a small run learns from, its own among them
RUN_STARTED, RUN_FINISHED, FETCH_FAILED = "run-started", "run-finished", "fetch-failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What working one response in came to. `reading` is None for what is no page, and for redirects; `nofollow` is
    where the page asks for none of its links to be followed. `said_before`: an article with another number says the
    same. `stored`: a list for machines, with its payload."""

    capture_id: int
    capture: Capture
    change: Change | None = None
    reading: Reading | None = None
    notice_differs: str | None = None
    nofollow: str = ""
    said_before: bool = False
    stored: StoredExchange | None = None


class Deriver:
    """Works WARC records into one archive."""

    def __init__(self, store: Store, warc_folder: Path, config: Config) -> None:
        self.store = store
        self.run_id = self._unfinished_run()
        self._seen_whole_run = False  # whether the learners saw every page of the run so far
        self._warc_folder = warc_folder
        self._config = config
        self._frames: dict[str, tuple[int | None, Frame]] = {}
        self._learners: dict[str, Learner] = {}
        self._absent: dict[str, tuple[int, Absent]] = {}  # with the capture of the probe
        self._absent_framed: dict[str, tuple[Frame, Absent]] = {}  # as read with the frame that was last asked for

    def take(self, stored: StoredExchange | StoredEvent) -> Taken | None:
        """Works one record in, whole or not at all, and moves the progress mark past it."""
        with self.store.transaction():
            if isinstance(stored, StoredEvent):
                self._take_event(stored)
                taken = None
                place = (stored.warc_file, stored.warc_offset + stored.warc_length)
            else:
                taken = self._take_exchange(stored)
                place = (stored.capture.warc_file, stored.capture.warc_offset + stored.capture.warc_length)
            self.store.set_progress(*place)
        return taken

    def _take_event(self, event: StoredEvent) -> None:
        data = event.data
        if event.name == RUN_STARTED:
            started = (data["at"], data["software"], tuple(data["start_urls"]))
            self.run_id = self.store.start_run(*started, kind=data.get("kind", "crawl"))
            self._learners, self._seen_whole_run = {}, True
        elif event.name == RUN_FINISHED and self.run_id is not None:
            if data["outcome"] != "interrupted" or self._pages_taken() <= _SOON_READ_AGAIN:
                self._learn(data["at"])
            counts = RunCounts(**data["counts"])
            self.store.finish_run(self.run_id, data["at"], data["outcome"], counts)
            self.run_id = None
        elif event.name == FETCH_FAILED:
            self.store.add_failure(data["url"], data["at"], data["reason"], data["detail"], self.run_id)

    def _pages_taken(self) -> int:
        row = self.store.one("SELECT count(*) FROM captures WHERE run_id IS ? AND role = 'page'", self.run_id)
        return int(row[0]) if row else 0

    def _unfinished_run(self) -> int | None:
        """The run that a killed process left open; what is worked in first belongs to it."""
        row = self.store.one("SELECT id FROM runs WHERE outcome = 'running' ORDER BY id DESC LIMIT 1")
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
        if capture.role is not Role.PAGE:
            return Taken(capture_id, capture)
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
        reading = self._read(stored, frame)
        change, differs = self._record(capture_id, capture, reading, frame_id)
        said_before = False
        if isinstance(reading.outcome, Article):
            said_before = self.store.says_as_another(reading.outcome)
            self._alias_redirects(capture)
            learner = self._learners.setdefault(site, Learner())
            if not learner.full and (traits := reading.traits()) is not None:
                learner.add(traits, frame)
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
            outcome = read_stored(stored, self._frame(site)[1], self._config).outcome
            absent = absent_from(outcome) if isinstance(outcome, Article) else absent
        self.store.add_not_found_page(site, capture_id, absent.target, absent.to_json() if absent.lines else None)
        self._absent[site] = (capture_id, absent)
        self._absent_framed.pop(site, None)

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
            outcome = read_stored(self._stored(capture_id), frame, self._config).outcome
            framed = absent_from(outcome) if isinstance(outcome, Article) else absent
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

    def _read(self, stored: StoredExchange, frame: Frame) -> Reading:
        return read_stored(stored, frame, self._config, self._absent_of(host_of(stored.capture.url), frame))

    def _record(
        self, capture_id: int, capture: Capture, reading: Reading, frame_id: int | None
    ) -> tuple[Change, str | None]:
        source, differs = source_for(host_of(capture.url), reading.notice, self._config)
        derivation = Derivation(reading.outcome, frame_id, EXTRACTOR)
        return record(self.store, capture_id, capture, derivation, source), differs

    def _alias_redirects(self, capture: Capture) -> None:
        for (url,) in self.store.db.execute(
            "SELECT DISTINCT url FROM captures WHERE location = ? AND role = 'page'", (capture.url,)
        ).fetchall():
            add_redirect_alias(self.store, url, capture.url, capture.fetched_at)

    def _learn(self, at: str) -> None:
        """Keeps what the run taught of each site's frame, and derives again what was read without it.

        A run large enough teaches alone; a smaller one together with the newest pages of the runs before it.
        """
        for site in self._sites():
            learner = self._learners.get(site) if self._seen_whole_run else None
            learner, shown = (learner, list[int]()) if learner else self._shown(site, self._pages_of_run(site))
            alone = learner.stands_alone
            if not alone:
                learner, shown = self._shown(site, self._newest_pages(site))
            known_id, known = self._frame(site)
            learned = learner.frame(known, alone=alone)
            if learned is not None:
                known_id = self.store.add_frame(site, at, self.run_id, learner.pages, learned.to_json())
                self._frames[site] = (known_id, learned)
            if known_id is not None:
                again = self._to_derive_again(site, known_id, shown if learned is not None else None)
                self._derive_again(known_id, self._frames[site][1], again)
        self._learners = {}

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
            "SELECT max(c.id) FROM captures c JOIN derivations d ON d.capture_id = c.id"
            " JOIN articles a ON a.id = d.article_id WHERE a.site = ? GROUP BY a.id ORDER BY 1 DESC LIMIT ?",
            (site, _NEWEST),
        ).fetchall()
        return sorted(capture_id for (capture_id,) in rows)

    def _shown(self, site: str, captures: list[int]) -> tuple[Learner, list[int]]:
        """A learner that was shown these captures, and they."""
        learner = Learner()
        frame = self._frame(site)[1]
        for capture_id in captures:
            traits = self._read(self._stored(capture_id), frame).traits()
            if traits is not None:
                learner.add(traits, frame)
        return learner, captures

    def _stored(self, capture_id: int) -> StoredExchange:
        return read_capture(self.store.db, self._warc_folder, capture_id)

    def _to_derive_again(self, site: str, frame_id: int, shown: list[int] | None) -> list[tuple[int, int | None]]:
        """Captures of a site to derive again, with the article each gave: those read without a frame and, where the
        frame is new (`shown` are the captures its learner saw), this run's, those, and those read with a frame learned
        from few."""
        rows = self.store.db.execute(
            "SELECT c.id, d.article_id, c.url FROM derivations d JOIN captures c ON c.id = d.capture_id"
            " LEFT JOIN frames f ON f.id = d.frame_id WHERE d.frame_id IS NOT ? AND d.refusal IS NOT 'http-status'"
            " AND (d.frame_id IS NULL OR (? AND ("
            "   f.pages < ? OR c.run_id IS ? OR c.id IN (SELECT value FROM json_each(?)))))"
            " ORDER BY c.id",
            (frame_id, shown is not None, Learner.ENOUGH, self.run_id, json.dumps(shown or [])),
        ).fetchall()
        return [(capture_id, article_id) for capture_id, article_id, url in rows if host_of(url) == site]

    def _derive_again(self, frame_id: int, frame: Frame, captures: list[tuple[int, int | None]]) -> None:
        """Derives captures with a frame."""
        for capture_id, article_id in captures:
            stored = self._stored(capture_id)
            reading = self._read(stored, frame)
            if article_id is not None and isinstance(reading.outcome, Refusal):
                reading = self._read(stored, Frame())  # a frame may trim an article, never take it away
            self._record(capture_id, stored.capture, reading, frame_id)


def read_stored(stored: StoredExchange, frame: Frame, config: Config, absent: Absent | None = None) -> Reading:
    """What a stored response says, read with a site's frame. The same for a crawl, a rebuild and an inspection.

    `absent` is what the site is known to say where there is nothing.
    """
    capture = stored.capture
    if stored.refers_to and not capture.payload_sha256:
        return Reading(Refusal(capture.url, RefusalReason.UNDECODABLE, "the capture it refers to is not here"))
    whole = capture.status == 200 or (capture.status == 304 and stored.refers_to is not None)
    if not whole and capture.status not in CHALLENGE_STATUSES:
        return Reading(Refusal(capture.url, RefusalReason.HTTP_STATUS, str(capture.status)))
    content_type, coding = stored.header("content-type"), stored.header("content-encoding")
    markup = media_type(content_type) in ("", "text/html", "application/xhtml+xml")
    decoded = decode_content(stored.body, coding, config.page_limit, cut=capture.truncated, is_text=markup)
    if not whole:
        mark = challenge_in(None, decoded.body, capture.url, stored.headers)
        refused = (RefusalReason.CHALLENGE, mark) if mark else (RefusalReason.HTTP_STATUS, str(capture.status))
        return Reading(Refusal(capture.url, *refused))
    if decoded.problem:
        return Reading(Refusal(capture.url, RefusalReason.UNDECODABLE, decoded.problem))
    profile = config.profile.selectors
    reading = read(decoded.body, capture.url, content_type, frame, profile)
    if frame and isinstance(reading.outcome, Refusal) and reading.outcome.reason in _FRAME_MAY_BE_WRONG:
        reading = read(decoded.body, capture.url, content_type, Frame(), profile)
    if capture.status == 304 and isinstance(reading.outcome, Article):
        reading = replace(reading, outcome=replace(reading.outcome, views=None))  # the counter was not seen again
    if is_looked_at(reading.outcome) and (mark := challenge_in(reading, decoded.body, capture.url, stored.headers)):
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.CHALLENGE, mark))
    if absent and isinstance(reading.outcome, Article) and absent.is_like(reading.outcome):
        detail = "as for an address that cannot exist"
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.NOT_FOUND, detail))
    if (capture.truncated or decoded.cut) and isinstance(reading.outcome, Article):
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.TRUNCATED))
    if config.crawl.obey_noarchive and isinstance(reading.outcome, Article):
        said = read_directives(reading.page, stored.headers).noarchive
        if said:
            return replace(reading, outcome=Refusal(capture.url, RefusalReason.NOARCHIVE, said))
    if isinstance(reading.outcome, Article) and (reading.outcome.doubts or _is_sampled(capture.url)):
        return with_second_opinion(reading)
    return reading


def _is_sampled(url: str) -> bool:
    """Whether a page is among those compared with a second opinion: one in so many, the same ones at every run."""
    return int(hashlib.sha256(url.encode()).hexdigest()[:8], 16) % _ONE_IN == 0


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
