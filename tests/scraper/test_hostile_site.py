"""Whatever one address, or one host, does to a crawl: the rest of the site is taken whole, within the time allowed, and
nothing beyond the allowed hosts is asked for."""

import gzip
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from fake_site import FakeArticle, some_articles
from hostile_faults import FAULTS, FAULTY, PAGE, faults, redirects, sends
from hostile_site import CERTIFICATES, HostileSite, Wire, full_backlog, head, whole

from archive.errors import NothingCrawled
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.crawl import crawl
from scraper.fetch import World
from scraper.report import Report

BREAKS_OFF = PAGE[: len(PAGE) // 2]
PATIENCE = 0.2  # seconds for each step; all of a request has twice that


@dataclass
class Hostile:
    """A crawl of a hostile site, and what it came to."""

    folder: Path
    site: HostileSite
    names: list[str] = field(default_factory=list)

    def run(self, world: dict[str, object] | None = None, **settings: object) -> Report:
        site_keys = {key: settings.pop(key) for key in ("allowed_hosts",) if key in settings}
        chosen = {
            "delay_seconds": 0, "attempts": 2, "timeout_seconds": PATIENCE, "total_timeout_seconds": 2 * PATIENCE,
            "max_page_megabytes": 0.5,
        } | settings  # fmt: skip
        config = Config(
            site=SiteSettings(start_urls=[self.site.base], media_hosts=[], **site_keys),  # type: ignore[arg-type]
            crawl=CrawlSettings(**chosen),  # type: ignore[arg-type]
        )
        there = {"pause": lambda _: False, "stopped": lambda: False, "resolver": self.resolve} | (world or {})
        return crawl(config, self.folder, world=World(**there))  # type: ignore[arg-type]

    def resolve(self, name: str, _: int) -> list[str]:
        self.names.append(name)
        return [name]

    def rows(self, sql: str) -> list[str]:
        db = sqlite3.connect(self.folder / "archive.db")
        found = db.execute(sql).fetchall()
        db.close()
        return [str(row[0]) for row in found]

    def articles(self) -> set[str]:
        return {url.removeprefix(self.site.base[:-1]) for url in self.rows("SELECT url FROM articles")}

    def has_the_rest(self) -> bool:
        """Whether the well-behaved part of the site was taken whole, and nobody else was looked for."""
        return {one.path for one in self.site.articles} <= self.articles() and set(self.names) <= {"127.0.0.1"}

    def outcome(self, path: str) -> str:
        """What became of a page, as `susta why` would say: an article, a refusal, or why it was not had."""
        if path in self.articles():
            return "article"
        db = sqlite3.connect(self.folder / "frontier.db")
        (reason,) = db.execute("SELECT reason FROM addresses WHERE url = ?", (self.site.base[:-1] + path,)).fetchone()
        db.close()
        return str(reason)


@dataclass
class Outcome:
    """What came of a crawl of a site with every fault, each between two good pages."""

    hostile: Hostile
    report: Report
    of_fault: dict[str, str]
    seconds: float


@pytest.fixture(scope="module")
def every_fault(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    pages = {name: FakeArticle(10_000 + number, f"Bài thứ {number} mà máy chủ không trả lời cho đúng")
             for number, name in enumerate(FAULTS)}  # fmt: skip
    does = {one.path: faults(one.path, one.html().encode())[name][0] for name, one in pages.items()}
    links = tuple(does)
    with HostileSite(does, links=links, articles=some_articles(len(links))) as site:
        hostile = Hostile(tmp_path_factory.mktemp("hostile"), site)
        began = time.monotonic()
        report = hostile.run()
        seconds = time.monotonic() - began
    return Outcome(hostile, report, {name: hostile.outcome(one.path) for name, one in pages.items()}, seconds)


POURED = ("interim answers that pour", "a header without end", "headers without number")


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_page_becomes_what_it_should(every_fault: Outcome, name: str) -> None:
    # What pours is ended by count or by time, whichever limit a busy machine reaches first.
    also = {"timeout"} if name in POURED else set()
    assert every_fault.of_fault[name] in {FAULTS[name][1], *also}


def test_faulty_pages_harm_no_other(every_fault: Outcome) -> None:
    assert every_fault.hostile.has_the_rest()
    assert (every_fault.report.outcome, every_fault.report.waiting) == ("finished", 0)


def test_faulty_pages_hold_a_crawl_no_longer_than_allowed(every_fault: Outcome) -> None:
    assert every_fault.seconds < 2 * 2 * PATIENCE * 10 + 15


@pytest.mark.parametrize("name", ["no first byte", "a body that stops", "a reset within the body", "HTTP/0.9"])
def test_what_failed_is_had_at_the_next_run(tmp_path: Path, name: str) -> None:
    with HostileSite({FAULTY.path: FAULTS[name][0]}) as site:
        hostile = Hostile(tmp_path, site)
        hostile.run()
        assert site.times(FAULTY.path) == 2
        site.faults = {FAULTY.path: sends(whole(PAGE))}
        assert hostile.run().new == 1


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("a body that drips", "time"), ("a reset within the body", "disconnect"), ("a body without end", "length"),
        ("a chunk size that is no number", "unspecified"),
    ],
)  # fmt: skip
def test_what_came_of_a_body_is_kept_and_marked(tmp_path: Path, name: str, mark: str) -> None:
    with HostileSite({FAULTY.path: FAULTS[name][0]}) as site:
        hostile = Hostile(tmp_path, site)
        hostile.run()
    assert hostile.rows(f"SELECT truncated FROM captures WHERE url LIKE '%{FAULTY.path}'") == ["1"]
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / "warc").iterdir())
    assert kept.count(f"WARC-Truncated: {mark}\r\n".encode()) == 1
    assert BREAKS_OFF in kept


def test_links_of_a_page_that_broke_off_are_followed(tmp_path: Path) -> None:
    further = FAULTY.path.replace("19999", "19998")
    listed = f'<h2>Tin</h2><a href="{further}">Bài khác</a>'.encode()
    faults = {"/tin": sends(head("Content-Length: 9999") + listed), further: sends(whole(PAGE))}
    with HostileSite(faults, links=("/tin",)) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run()
        assert hostile.has_the_rest()
    assert (further in hostile.articles(), report.failed) == (True, {"broken-off": 1})


# Redirects in a row, and where they lead


def test_redirects_in_a_circle_end(tmp_path: Path) -> None:
    with HostileSite({FAULTY.path: redirects("/vong"), "/vong": redirects(FAULTY.path)}) as site:
        hostile = Hostile(tmp_path, site)
        hostile.run()
        assert hostile.has_the_rest()
        assert (site.times(FAULTY.path), site.times("/vong")) == (1, 1)


def test_redirects_without_end_are_followed_up_to_ten(tmp_path: Path) -> None:
    hops = [FAULTY.path, *(f"/hop/{number:x}x" for number in range(30))]
    faults = {hop: redirects(target) for hop, target in pairwise(hops)}
    with HostileSite(faults) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run()
        assert hostile.has_the_rest()
        assert sum(site.times(hop) for hop in hops) == 11
    assert report.skipped == {"redirect": 10, "redirect-chain": 1}


@pytest.fixture
def bystander() -> Iterator[HostileSite]:
    with HostileSite() as site:
        yield site


def test_another_port_of_the_host_is_another_host(tmp_path: Path, bystander: HostileSite) -> None:
    links = (FAULTY.path, f"{bystander.base}tin", f"http://127.0.0.1:{bystander.port}/bai-20001")
    with HostileSite({FAULTY.path: redirects(bystander.base)}, links=links) as site:
        hostile = Hostile(tmp_path, site)
        hostile.run()
        assert hostile.has_the_rest()
    assert bystander.connections == 0


def test_a_robots_txt_that_redirects_to_another_port_is_not_looked_for_there(
    tmp_path: Path, bystander: HostileSite
) -> None:
    with (
        HostileSite({"/robots.txt": redirects(f"{bystander.base}robots.txt")}) as site,
        pytest.raises(NothingCrawled, match="may not be asked for"),
    ):
        Hostile(tmp_path, site).run()
    assert bystander.connections == 0


def test_an_allowed_host_whose_name_leads_to_a_private_address_is_not_asked(
    tmp_path: Path, bystander: HostileSite
) -> None:
    inside = f"noi-bo.test:{bystander.port}"
    with HostileSite(links=(f"http://{inside}/a", FAULTY.path)) as site:
        hostile = Hostile(tmp_path, site)
        where = {"127.0.0.1": ["127.0.0.1"], "noi-bo.test": ["127.0.0.1", "::ffff:127.0.0.1"]}
        report = hostile.run({"resolver": lambda name, _: where[name]}, allowed_hosts=[inside])
        assert hostile.has_the_rest()
    assert bystander.connections == 0
    assert any("private" in problem or "blocked-address" in problem for problem in report.problems)


# Hosts that cannot be had


def test_a_host_that_takes_no_connection_holds_up_no_other(tmp_path: Path) -> None:
    with full_backlog() as port, HostileSite(links=(f"http://127.0.0.1:{port}/a",)) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run(allowed_hosts=[f"127.0.0.1:{port}"])
        assert hostile.has_the_rest()
    assert any("no connection" in problem for problem in report.problems)


def test_a_name_that_is_never_resolved_holds_up_no_other(tmp_path: Path) -> None:
    never = threading.Event()

    def resolve(name: str, _: int) -> list[str]:
        if name != "127.0.0.1":
            never.wait(20)
        return [name]

    with HostileSite(links=("http://cham.test/a",)) as site:
        hostile = Hostile(tmp_path, site)
        began = time.monotonic()
        report = hostile.run({"resolver": resolve}, allowed_hosts=["cham.test"])
        took = time.monotonic() - began
        assert hostile.has_the_rest()
    never.set()
    assert took < 5
    assert any("dns" in problem for problem in report.problems)


def test_a_name_that_is_none_holds_up_no_other(tmp_path: Path) -> None:
    def resolve(name: str, _: int) -> list[str]:
        if name != "127.0.0.1":
            raise socket.gaierror(-2, "Name or service not known")
        return [name]

    with HostileSite(links=("http://khong-co.test/a",)) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run({"resolver": resolve}, allowed_hosts=["khong-co.test"])
        assert hostile.has_the_rest()
    assert any("Name or service not known" in problem for problem in report.problems)


def test_a_host_that_keeps_failing_ends_the_run_with_what_it_has(tmp_path: Path) -> None:
    links = tuple(f"/hong/bai-viet-{number}-{30_000 + number}" for number in range(40))
    with HostileSite(dict.fromkeys(links, Wire.reset), links=links, articles=[]) as site:
        report = Hostile(tmp_path, site).run(attempts=1)
    assert report.outcome == "finished"
    assert (report.failed, report.waiting) == ({"broken-answer": 24}, 16)
    assert any("left alone" in problem for problem in report.problems)


# Connections that are kept


def test_a_server_that_closes_each_connection_unsaid_is_no_trouble(tmp_path: Path) -> None:
    with HostileSite(closes=True, links=()) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run(attempts=1)
        assert (hostile.has_the_rest(), report.failed) == (True, {})


def test_a_connection_that_dies_as_it_is_used_again_is_replaced_unseen(tmp_path: Path) -> None:
    with HostileSite(links=()) as site:
        dies = {one.path for one in site.articles}
        site.dies_once = set(dies)
        hostile = Hostile(tmp_path, site)
        report = hostile.run(attempts=1)
        assert (hostile.has_the_rest(), report.failed) == (True, {})
        assert [site.times(path) for path in dies] == [2, 2, 2]


def test_what_stands_behind_an_answer_is_never_taken_for_the_next(tmp_path: Path) -> None:
    """A server that counts letters, of which Vietnamese ones have two or three bytes; and one that sends more still."""

    def too_much(wire: Wire) -> None:
        wire.send(head(f"Content-Length: {len(PAGE) - 200}") + PAGE + whole(b"<h1>A stranger</h1>"))
        for _ in wire.requests():
            wire.send(whole(b"<h1>A stranger</h1>"))

    with HostileSite({FAULTY.path: too_much}) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run(attempts=1)
        assert (hostile.has_the_rest(), report.failed) == (True, {})


# TLS


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        ("self-signed.pem", "self-signed"),
        ("expired.pem", "unable to get local issuer certificate"),
        ("incomplete-chain.pem", "unable to get local issuer certificate"),
    ],
)
def test_an_invalid_certificate_is_refused_and_said(tmp_path: Path, certificate: str, said: str) -> None:
    with (
        HostileSite(certificate=CERTIFICATES / certificate) as site,
        pytest.raises(NothingCrawled, match=said.replace("-", ".")),
    ):
        Hostile(tmp_path, site).run()
    assert site.asked == []


def test_an_expired_certificate_is_refused_whoever_is_trusted(tmp_path: Path) -> None:
    with (
        HostileSite(certificate=CERTIFICATES / "expired.pem") as site,
        pytest.raises(NothingCrawled, match="expired"),
    ):
        Hostile(tmp_path, site).run(ca_file=CERTIFICATES / "between.pem")
    assert site.asked == []


def test_an_incomplete_chain_is_accepted_with_the_missing_certificate(tmp_path: Path) -> None:
    with HostileSite(certificate=CERTIFICATES / "incomplete-chain.pem", links=()) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run(ca_file=CERTIFICATES / "between.pem")
        assert (hostile.has_the_rest(), report.failed) == (True, {})


@pytest.mark.parametrize("name", ["no first byte", "headers that drip", "a body that drips", "a reset within the body"])
def test_faults_within_tls_are_survived_too(tmp_path: Path, name: str) -> None:
    fault, becomes = FAULTS[name]
    with HostileSite({FAULTY.path: fault}, certificate=CERTIFICATES / "incomplete-chain.pem") as site:
        hostile = Hostile(tmp_path, site)
        hostile.run(ca_file=CERTIFICATES / "between.pem")
        assert (hostile.has_the_rest(), hostile.outcome(FAULTY.path)) == (True, becomes)


def test_a_server_that_speaks_no_tls_holds_up_no_other(tmp_path: Path, bystander: HostileSite) -> None:
    plain = f"127.0.0.1:{bystander.port}"
    with HostileSite(links=(f"https://{plain}/a",)) as site:
        hostile = Hostile(tmp_path, site)
        report = hostile.run(allowed_hosts=[plain])
        assert hostile.has_the_rest()
    assert any("tls" in problem or "timeout" in problem for problem in report.problems)


# The wish to stop


@pytest.mark.parametrize("name", ["no first byte", "headers that drip", "a body that drips"])
def test_a_wish_to_stop_ends_a_wait_within_a_second(tmp_path: Path, name: str) -> None:
    stop = threading.Event()
    fault = FAULTS[name][0]

    def then_stop(wire: Wire) -> None:
        stop.set()
        fault(wire)

    with HostileSite({FAULTY.path: then_stop}) as site:
        hostile = Hostile(tmp_path, site)
        began = time.monotonic()
        report = hostile.run({"stopped": stop.is_set}, timeout_seconds=30, total_timeout_seconds=60)
        assert time.monotonic() - began < 5
    assert report.outcome == "interrupted"
    assert report.failed == {}
