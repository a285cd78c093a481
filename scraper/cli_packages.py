"""Commands that carry an archive from one house to another: package, import."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from archive.errors import ExitCode
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, Stopping, folder_of, print_json, say
from scraper.config import load_config, parse_config
from scraper.console import safe
from scraper.fetch import World
from scraper.import_report import ImportReport, ImportStep
from scraper.imported import PASSED_MEANINGS, Passed
from scraper.importing import import_files

commands = typer.Typer()


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

    def show(self, step: ImportStep) -> None:
        if not self._shows or step.done % 20:
            return
        self._shown = True
        what = f"{step.done} records looked at" if step.total is None else f"{step.done} of {step.total} worked in"
        new = f", {step.report.new} new articles" if step.total is not None else ""
        print(f"\r{what}{new} ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            say("")


def import_text(report: ImportReport) -> str:
    """What an import did, for people."""
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
