"""Lets others judge an archive: is what was written what their tools read? One function a judge; exit 1 on any no.

Crawls the demo site twice (the second time its later edition, with conditional requests), adds bodies in content
codings, and asks: fastwarc (digests), gzip, warcio, cdxj-indexer (the same index), surt (the same keys), and pywb
(every capture replayed byte for byte, revisits too). Tools that are not ours live in an environment of their own
(`requirements-judges.lock`); without it, their verdict is "not asked" and the exit code 1.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import fastwarc.warc

from archive.cdxj import write_cdxj
from archive.records import Role
from archive.surt import surt
from archive.warc import FOLDER_NAME, Exchange, Original, StoredExchange, WarcFiles, warc_paths
from archive.warc_reading import read_all
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.crawl import crawl
from scraper.demo import DemoSite
from scraper.fetch import World

HOST = "susta.example"
JUDGES = Path(__file__).resolve().parents[1] / ".venv-judges" / "bin"
HELPER = Path(__file__).with_name("judging") / "replay.py"


class NotAsked(Exception):
    """The judge is not installed."""


class Disagrees(Exception):
    """A judge says no; the message says to what."""


def make_archive(folder: Path) -> None:
    """Two crawls of the demo site, a day apart, and bodies in content codings after them."""
    config = Config(
        site=SiteSettings(start_urls=[f"http://{HOST}/"], media_hosts=[]),
        crawl=CrawlSettings(delay_seconds=0.0, contact="judges"),
    )
    for edition in (1, 2):
        with DemoSite(articles=40, edition=edition, host_name=HOST) as site:
            port = int(site.base_url.rstrip("/").rpartition(":")[2])
            world = World(
                pause=lambda _: False,
                stopped=lambda: False,
                connect_to={HOST: ("127.0.0.1", port)},
                now=lambda later=edition: datetime.now(UTC) + timedelta(days=later - 1),  # type: ignore[misc]
            )
            crawl(config, folder, everything=edition > 1, world=world)
    files = WarcFiles(folder / FOLDER_NAME, software="judges")
    page = "<html><p>Xin chào</p></html>".encode() * 50
    coded = {"gzip": gzip.compress(page, mtime=0), "deflate": zlib.compress(page)}
    for coding, body in coded.items():
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}"
        )
        url = f"http://{HOST}/coded/{coding}"
        request = f"GET /coded/{coding} HTTP/1.1\r\nHost: {HOST}".encode()
        first = Exchange(url, "2026-11-22T02:00:00Z", Role.PAGE, 200, request, head.encode(), body, "127.0.0.1")
        files.append(first)
        again = Exchange(url, "2026-11-23T02:00:00Z", Role.PAGE, 200, request, head.encode(), body, "127.0.0.1")
        files.append(again, Original(url, first.fetched_at, hashlib.sha256(body).hexdigest(), len(body), "text/html"))
    files.close()


def captures(warcs: Path) -> Iterator[tuple[StoredExchange, bytes]]:
    """Each capture with the payload it stands for."""
    bodies: dict[tuple[str, str], bytes] = {}
    for stored in read_all(warcs):
        if isinstance(stored, StoredExchange):
            if stored.refers_to is None:
                bodies[stored.capture.url, stored.capture.fetched_at] = stored.body
            yield stored, bodies[stored.refers_to] if stored.refers_to else stored.body


def asked_of(program: str, *arguments: str, given: object = None) -> str:
    """What a program of the judges' environment prints."""
    path = JUDGES / program
    if not path.exists():
        raise NotAsked(f"{path} is not there")
    done = subprocess.run(
        [str(path), *arguments], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise Disagrees(f"{program} exits {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    return done.stdout


def by_fastwarc(warcs: Path) -> str:
    """Every record is read and fits its digests."""
    count = 0
    for path in warc_paths(warcs):
        for record in fastwarc.warc.ArchiveIterator(str(path), parse_http=False):
            count += 1
            if not record.verify_block_digest():
                raise Disagrees(f"a block in {path.name} at {record.stream_pos}")
    return f"fastwarc {version('fastwarc')}: {count} records, all digests right"


def by_gzip(warcs: Path) -> str:
    """`gzip -t` finds no damage."""
    if not (program := shutil.which("gzip")):
        raise NotAsked("gzip is not there")
    paths = [str(path) for path in warc_paths(warcs)]
    done = subprocess.run([program, "-t", *paths], capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        raise Disagrees(done.stderr)
    named = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return f"{named}: {len(paths)} files whole"


def by_warcio(warcs: Path) -> str:
    """`warcio check` finds no digest wrong."""
    paths = [str(path) for path in warc_paths(warcs)]
    said = asked_of("warcio", "check", "-v", *paths)
    if "fail" in said or not said.count("digest pass"):
        raise Disagrees(said[-500:])
    return f"warcio {asked_of('warcio', '--version').split()[-1]}: {said.count('digest pass')} digests right"


def by_cdxj_indexer(warcs: Path) -> str:
    """Its index is ours, byte for byte."""
    theirs = asked_of("cdxj-indexer", "-s", str(warcs))
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as file:
        write_cdxj(warcs, file)
        file.seek(0)
        ours = file.read()
    if ours != theirs:
        differing = sorted(set(ours.splitlines()) ^ set(theirs.splitlines()))
        raise Disagrees(f"{len(differing)} lines differ, such as {differing[:2]}")
    return f"cdxj-indexer: {len(ours.splitlines())} lines, the same"


def by_surt(warcs: Path) -> str:
    """The keys of all addresses, and of odd ones, are the same."""
    odd = [
        f"{scheme}{user}{host}{port}/{path}"
        for scheme in ("http://", "HTTPS://")
        for user in ("", "a:b@")
        for host in ("www.susta.vn", "SUSTA.vn", "www2.a.b", "127.0.0.1", "bücher.example", "2130706433")
        for port in ("", ":80", ":443", ":8080")
        for path in (
            "",
            "A/../b//c/",
            "t%C3%AAn%2520x",
            "?b=2&a=1&A",
            "x?",
            "(" + "a" * 24 + ")/t.aspx?sid=" + "0" * 32,
        )
    ]
    urls = [*odd, *sorted({stored.capture.url for stored, _ in captures(warcs)})]
    said = json.loads(asked_of("python", str(HELPER), "surt", given=urls))
    differing = [url for url, key in zip(urls, said["result"], strict=True) if surt(url) != key]
    if differing:
        raise Disagrees(f"{len(differing)} keys differ, such as that of {differing[0]}")
    return f"surt {said['version']}: {len(urls)} keys, the same"


def by_pywb(warcs: Path) -> str:
    """Every capture comes back with the bytes that were captured."""
    by_place: dict[tuple[str, str], list[tuple[StoredExchange, bytes]]] = {}
    for each, body in captures(warcs):
        by_place.setdefault((_timestamp(each.capture.fetched_at), each.capture.url), []).append((each, body))
    # Which of two captures within one second a replay shows is not laid down; none may be passed over in silence.
    wanted = list(by_place)
    stored = [found[0] for found in by_place.values() if len(found) == 1]
    if len(stored) < len(wanted):
        raise Disagrees(f"{len(wanted) - len(stored)} addresses were captured twice within a second; ask again")
    with tempfile.TemporaryDirectory() as name:
        index = Path(name) / "index.cdxj"
        with index.open("w", encoding="utf-8", newline="\n") as out:
            write_cdxj(warcs, out)
        said = json.loads(asked_of("python", str(HELPER), "pywb", str(index), f"{warcs}/", given=wanted))
    wrong = []
    for (each, body), place, (status, sha256) in zip(stored, wanted, said["result"], strict=True):
        expected = 200 if each.refers_to else each.capture.status  # a page that is unchanged is shown as it was
        if (status, sha256) != (expected, hashlib.sha256(body).hexdigest()):
            wrong.append(f"{' '.join(place)} (status {status} for {each.capture.status})")
    if wrong:
        raise Disagrees(f"{len(wrong)} of {len(stored)} captures, such as {wrong[:3]}")
    revisits = sum(each.refers_to is not None for each, _ in stored)
    return f"pywb {said['version']}: {len(stored)} captures replayed byte for byte, {revisits} of them revisits"


def _timestamp(at: str) -> str:
    return "".join(letter for letter in at if letter.isdigit())[:14]


JUDGED_BY: tuple[Callable[[Path], str], ...] = (
    by_fastwarc,
    by_gzip,
    by_warcio,
    by_cdxj_indexer,
    by_surt,
    by_pywb,
)


def main() -> int:
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_archive(folder)
        for judge in JUDGED_BY:
            try:
                print("agrees   ", judge(folder / FOLDER_NAME), flush=True)
            except (Disagrees, NotAsked) as error:
                failed = True
                word = "DISAGREES" if isinstance(error, Disagrees) else "not asked"
                print(word, f"{judge.__name__}: {error}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
