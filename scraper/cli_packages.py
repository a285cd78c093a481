"""Commands that carry an archive from one house to another: package, import."""

import os
import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive import __version__
from archive.errors import ConfigError, ExitCode
from archive.events import EventType
from archive.place import in_a_bag
from archive.query import Filter
from archive.seal import note_aside
from scraper.cli_options import (
    MISSING_ADVICE,
    ArchiveOption,
    BylineOption,
    CategoryOption,
    ConfigOption,
    JsonOption,
    SinceOption,
    Stopping,
    UntilOption,
    folder_of,
    print_json,
    refuse_output,
    say,
)
from scraper.config import AGENT_NAME, Config, load_config, parse_config
from scraper.console import safe

if TYPE_CHECKING:
    from archive.wacz import Packaged
    from scraper.import_report import ImportReport, ImportStep


class Format(StrEnum):
    """What a package can be."""

    WACZ = "wacz"
    BAGIT = "bagit"


commands = typer.Typer()
_SOFTWARE = f"{AGENT_NAME}/{__version__}"


@commands.command("package")
def package_command(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="Only these articles, by any of their addresses.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="wacz opens in a browser; bagit is for deposit.")
    ] = Format.WACZ,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write it (default: a name of its own in exports/)."
        ),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    category: CategoryOption = None,
    byline: BylineOption = None,
    link: Annotated[
        bool, typer.Option("--link", help="bagit: hard links in place of copies, where both are on one disk.")
    ] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Make a package that others can open and check without this program.

    WACZ 1.1.1: the captures with an index, the articles' titles and texts, and the site's condition, for any viewer of
    web archives, such as replayweb.page. Of the whole archive, or of chosen articles with their photos and files.
    BagIt (RFC 8493): the WARC files and archive.db with their digests, as a folder, or as one file where the output
    ends in .tar or .zip. While a crawl goes on, what it is writing is left out, and said to be.

    \b
    Examples:
      susta package --output susta.wacz
      susta package --since 2021-01-01 --category tin-tuc-su-kien -o 2021.wacz
      susta package https://susta.vn/tin-tuc-su-kien/ten-bai-20001 -o one.wacz
      susta package --format bagit --output deposit/susta-2026
    """
    from scraper.urls import page_address

    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(output, folder, config)
    which = Filter(since, until, category, byline=byline)
    chosen = tuple(page_address(url, url) or url for url in urls or ())
    if format_ is Format.BAGIT and (chosen or which != Filter()):
        raise ConfigError("A bag holds the whole archive; of a selection, make a WACZ package (`--format wacz`)")
    if link and format_ is Format.WACZ:
        raise ConfigError("--link is for `--format bagit`")
    quiet = as_json or not sys.stderr.isatty()
    made = _package(settings, folder, format_, output, which, chosen, link=link, quiet=quiet)
    _note(settings, folder, made)
    print_json(asdict(made)) if as_json else print(package_text(made))
    if made.missing:
        say(f"{made.missing} captures are not in it: their WARC files are missing. {MISSING_ADVICE}")
        raise typer.Exit(ExitCode.SOME_FAILED)


def _package(
    settings: Config,
    folder: Path,
    format_: Format,
    output: Path | None,
    which: Filter,
    urls: tuple[str, ...],
    *,
    link: bool,
    quiet: bool,
) -> "Packaged":
    from archive.bag import write_bag
    from archive.wacz import write_wacz

    now = _now()
    place = output or _default_place(folder, format_, now)
    watch = (lambda _: None) if quiet else _tell
    if format_ is Format.WACZ:
        created = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        filters = which if which != Filter() else None
        return write_wacz(folder, place, software=_SOFTWARE, created=created, which=filters, urls=urls, watch=watch)
    return write_bag(
        folder,
        place,
        software=_SOFTWARE,
        organisation=settings.archive.operator,
        day=f"{now:%Y-%m-%d}",
        link=link,
        make_database=lambda data: _make_database(settings, data),
        watch=watch,
    )


def _note(settings: Config, folder: Path, made: "Packaged") -> None:
    """Keeps in the archive that a package was made, where the archive can be written."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    detail = {name: value for name, value in asdict(made).items() if name != "output" and value}
    note_aside(folder, EventType.PACKAGED, at, settings.agent, Path(made.output).name, detail=detail)


def _now() -> datetime:
    """The time that a package says it was made: now, or what SOURCE_DATE_EPOCH says, as for any reproducible build."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if re.fullmatch(r"[0-9]{1,11}", fixed) else datetime.now(UTC)


def _default_place(folder: Path, format_: Format, now: datetime) -> Path:
    if in_a_bag(folder):
        raise ConfigError(f"{folder} is in a bag, which must not change", advice="Name a place with --output.")
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    return exports / f"susta-{now:%Y%m%dT%H%M%SZ}{'.wacz' if format_ is Format.WACZ else ''}"


def _make_database(settings: Config, folder: Path) -> None:
    from scraper.rebuild import rebuild

    say("Not all that archive.db knows goes into the bag; it is made again from the WARC files that do.")
    rebuild(settings, folder)


def _tell(what: str) -> None:
    say(f"… {safe(what)}")


def package_text(made: "Packaged") -> str:
    """What a package holds, for people."""
    what = f"{made.format}, {made.bytes / 1_000_000:.1f} MB"
    lines = [f"{made.articles} articles in {made.captures} captures packaged into {safe(made.output)} ({what})"]
    if made.sha256:
        lines.append(f"  sha256    {made.sha256}")
    lines += [f"  left out  {safe(what)}" for what in made.left_out]
    return "\n".join(lines)


@commands.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="WARC files (.warc, .warc.gz) or WACZ packages.")],
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Also take pages of this host; may be repeated."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be taken and what not; change nothing.")
    ] = False,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Take in captures that others made (wget, Browsertrix, Wayback exports), and derive articles from them.

    What is of the configured hosts is kept byte for byte, with its date, and worked in from the oldest to the newest;
    the rest is passed over and counted. An archive may begin from an import alone. The same file imported twice adds
    nothing, so an import that was stopped, or found a damaged file, is simply run again.

    \b
    Examples:
      susta import old-crawl.warc.gz                   into the configured archive
      susta import --dry-run wayback/*.warc.gz         what would be taken, and what not
      susta import --host old.susta.vn collection.wacz
      susta import --json site.warc --archive data
    """
    from scraper.fetch import World
    from scraper.importing import import_files

    settings = load_config(config)
    hosts = tuple(each.lower() for each in host or ())
    if hosts:
        parse_config({"site": {"allowed_hosts": list(hosts)}}, where="The command line")
    progress = _ImportProgress(quiet=quiet or as_json)
    with Stopping() as stopping:
        world = World(pause=stopping.event.wait, stopped=stopping.event.is_set)
        report = import_files(
            settings,
            tuple(files),
            folder_of(archive, settings),
            hosts=hosts,
            dry_run=dry_run,
            world=world,
            watch=progress.show,
        )
    progress.end()
    print_json(report.as_dict()) if as_json else print(import_text(report))
    if report.outcome == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)
    if report.outcome == "disk-low":
        raise typer.Exit(ExitCode.ARCHIVE_UNUSABLE)
    if report.damaged:
        raise typer.Exit(ExitCode.SOME_FAILED)


class _ImportProgress:
    """One line on a terminal, rewritten as the import goes on."""

    def __init__(self, *, quiet: bool) -> None:
        self._shows = not quiet and sys.stderr.isatty()
        self._shown = False

    def show(self, step: "ImportStep") -> None:
        if not self._shows or step.done % 20:
            return
        self._shown = True
        what = f"{step.done} records looked at" if step.total is None else f"{step.done} of {step.total} worked in"
        new = f", {step.report.new} new articles" if step.total is not None else ""
        print(f"\r{what}{new} ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            say("")


def import_text(report: "ImportReport") -> str:
    """What an import did, for people."""
    from scraper.imported import PASSED_MEANINGS, Passed

    named = ", ".join(safe(file.name) for file in report.files)
    if report.dry_run:
        lines = [f"Would be imported from {named} (nothing was changed)"]
    else:
        lines = [f"Import {'of ' + named if report.run is None else f'{report.run} of {named}'}: {report.outcome}"]
    megabytes = report.bytes / 1_000_000
    lines += [
        f"  records seen   {report.seen}",
        f"  taken          {report.taken} ({report.pages} pages, {report.media} media files, {megabytes:.1f} MB)",
        f"  passed over    {sum(report.passed.values())}",
    ]
    lines += [
        f"    {name:18} {count:8d}  {PASSED_MEANINGS[Passed(name)]}"
        for name, count in sorted(report.passed.items(), key=lambda item: -item[1])
    ]
    if not report.dry_run:
        lines += [
            f"  new            {report.new}",
            f"  changed        {report.changed}",
            f"  unchanged      {report.unchanged}",
            f"  known already  {report.aliases} (other addresses of articles)",
            f"  refused        {sum(report.refused.values())}",
            f"  queued         {report.queued} addresses for the next crawl",
        ]
    lines += [f"  repaired: {safe(text)}" for text in report.repaired]
    lines += [f"  problem: {safe(text)}" for text in report.problems]
    if not report.taken and report.passed.get(Passed.OTHER_HOST):
        lines.append("Nothing is of the configured hosts. Name others with --host, or in the config's [site].")
    if report.outcome == "interrupted":
        lines.append("Stopped. What was taken is saved; the same command goes on from here.")
    return "\n".join(lines)
