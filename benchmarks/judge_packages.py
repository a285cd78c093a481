"""Outside judges of packages and imports: `wacz validate` and `bagit` on what `susta package` makes, and an archive
that is imported from what wget captured, beside one that was crawled.

    make judge-packages

Each judge is also shown a package with one byte changed, which it must not pass. Exit code 0 all agree, 1 one does not;
a tool that is not there is passed over with a word.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.bag import write_bag
from archive.query import Archive, Filter
from archive.wacz import write_wacz
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.crawl import crawl
from scraper.demo import DemoSite
from scraper.fetch import World
from scraper.importing import import_files

_ARTICLES = 24
_CREATED = "2026-01-01T00:00:00Z"
WORLD = World(pause=lambda _: False, stopped=lambda: False)


@dataclass(frozen=True)
class Verdict:
    """What a judge says of one thing; `good` is None where the judge is not there."""

    what: str
    good: bool | None
    said: str = ""


def config_for(site: DemoSite) -> Config:
    return Config(
        site=SiteSettings(start_urls=[site.base_url], media_hosts=[]),
        crawl=CrawlSettings(delay_seconds=0.0, contact="judge"),
    )


def tool(name: str) -> str | None:
    """A tool beside this Python, or on the path."""
    own = Path(sys.executable).with_name(name)
    return str(own) if own.exists() else shutil.which(name)


def run(*words: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, cwd=folder)


def told(verdicts: Iterable[Verdict]) -> bool:
    """Prints them; whether none is bad."""
    good = True
    for verdict in verdicts:
        word = {True: "good", False: "BAD", None: "not there"}[verdict.good]
        print(f"{word:10} {verdict.what}")
        if verdict.good is False:
            good = False
            print(verdict.said)
    return good


def no_database(_: Path) -> None:
    raise AssertionError("nobody writes, so the copy of the database agrees")


def judge_wacz(folder: Path, archive: Path) -> Iterator[Verdict]:
    """Of the whole archive and of a selection; and one with a byte of its WARC file changed."""
    wacz = tool("wacz")
    if wacz is None:
        yield Verdict("wacz validate", None)
        return
    with Archive.open(archive) as opened:
        category = next(record.category for record in opened.records() if record.category)
    chosen: dict[str, Filter | None] = {"whole archive": None, "selection": Filter(category=category)}
    for number, (what, which) in enumerate(chosen.items()):
        package = folder / f"{number}.wacz"
        write_wacz(archive, package, software="judge", created=_CREATED, which=which)
        done = run(wacz, "validate", "-f", package)
        good = done.returncode == 0 and "Validation succeeded" in done.stdout
        yield Verdict(f"wacz validate, {what}", good, done.stdout + done.stderr)
    changed = folder / "changed.wacz"
    with zipfile.ZipFile(folder / "0.wacz") as before, zipfile.ZipFile(changed, "w") as after:
        for info in before.infolist():
            data = bytearray(before.read(info))
            if info.filename.endswith(".warc.gz"):
                data[len(data) // 2] ^= 1
            after.writestr(info, bytes(data))
    done = run(wacz, "validate", "-f", changed)
    yield Verdict("wacz validate finds a changed byte", "Validation succeeded" not in done.stdout, done.stdout)


def judge_bag(folder: Path, archive: Path) -> Iterator[Verdict]:
    """As a folder and as a file; and one with a byte changed."""
    bagit = tool("bagit.py")
    if bagit is None:
        yield Verdict("bagit", None)
        return
    for name in ("bag", "packed.tar"):
        write_bag(
            archive,
            folder / name,
            software="judge",
            organisation="Judge",
            day="2026-01-01",
            link=False,
            make_database=no_database,
        )
    with tarfile.open(folder / "packed.tar") as tar:
        tar.extractall(folder, filter="data")
    for name in ("bag", "packed"):
        done = run(bagit, "--validate", folder / name)
        yield Verdict(f"bagit --validate, {name}", done.returncode == 0, done.stderr)
    database = folder / "bag" / "data" / "archive.db"
    database.chmod(0o644)
    data = bytearray(database.read_bytes())
    data[len(data) // 2] ^= 1
    database.write_bytes(data)
    yield Verdict("bagit finds a changed byte", run(bagit, "--validate", folder / "bag").returncode != 0)


def judge_wget(folder: Path, site: DemoSite, archive: Path) -> Iterator[Verdict]:
    """What wget captured of the same site, gzipped and plain, the second time with revisit records."""
    if shutil.which("wget") is None:
        yield Verdict("wget", None)
        return
    words = ["wget", "-q", "-r", "-l", "8", "-p", "-e", "robots=off", "--delete-after", "-P", folder / "out"]
    first, second = folder / "first", folder / "second"
    run(*words, "--warc-cdx", f"--warc-file={first}", site.base_url)
    run(*words, "--no-warc-compression", f"--warc-dedup={first}.cdx", f"--warc-file={second}", site.base_url)
    files = (first.with_suffix(".warc.gz"), second.with_suffix(".warc"))
    imported = folder / "imported"
    report = import_files(config_for(site), files, imported, world=WORLD)
    yield Verdict("wget: every record is whole", not report.damaged, "; ".join(report.problems))
    yield Verdict("wget: revisits stand for their originals", report.identical > 0)
    with Archive.open(archive) as crawled, Archive.open(imported) as opened:
        for what, told in COMPARED.items():
            wanted, found = (sorted(map(told, each.records()), key=str) for each in (crawled, opened))
            yield Verdict(f"wget: {len(wanted)} articles have the same {what}", bool(wanted) and wanted == found)


COMPARED: dict[str, Callable[..., object]] = {
    "digests": lambda record: (record.url, record.content_sha256),
    "photos": lambda record: (record.url, [(photo["url"], photo["sha256"]) for photo in record.photos]),
    "attachments": lambda record: (record.url, [(each["url"], each["sha256"]) for each in record.attachments]),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as name, DemoSite(articles=_ARTICLES, edition=1) as site:
        folder = Path(name)
        archive = folder / "archive"
        crawl(config_for(site), archive, world=WORLD)
        judges = judge_wacz(folder, archive), judge_bag(folder, archive), judge_wget(folder, site, archive)
        return 0 if told(itertools.chain(*judges)) else 1


if __name__ == "__main__":
    sys.exit(main())
