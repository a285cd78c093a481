"""The commands that write records out: `export` and `release`."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.entries import Filter
from archive.errors import ArchiveUnusable, ConfigError, ExitCode
from archive.events import EventType
from archive.export import FORMATS, MARKDOWN, WRITERS
from archive.export_markdown import write_markdown
from archive.query import Archive
from archive.release import write_release
from archive.seal import note_aside
from archive.writing import Digested, whole_file
from scraper.cli_options import (
    MISSING_ADVICE,
    ArchiveOption,
    BylineOption,
    CategoryOption,
    ConfigOption,
    SinceOption,
    UntilOption,
    folder_of,
    refuse_output,
    say,
)
from scraper.config import load_config
from scraper.console import safe

commands = typer.Typer()

QueryOption = Annotated[
    str | None, typer.Option(metavar="WORDS", help="Articles that `susta search` finds by these words.")
]
ChangedOption = Annotated[
    str | None, typer.Option(metavar="TIME", help="Articles new or changed after this day or time (UTC if not told).")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="File (or, for markdown, new folder) to write."),
]


@commands.command("export")
def export_command(
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")] = "json",
    output: OutputOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    category: CategoryOption = None,
    query: QueryOption = None,
    byline: BylineOption = None,
    changed_since: ChangedOption = None,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the articles out, each with the source's credit and condition.

    To standard output without --output; what is named there is written whole or not at all. Filters may be combined:
    an article must pass all of them.

    \b
    Examples:
      susta export > articles.json
      susta export --format jsonl --output articles.jsonl
      susta export --format csv --since 2021-01-01 --category tin-tuc-su-kien -o 2021.csv
      susta export --format parquet --query "nông thôn mới" -o nong-thon.parquet
      susta export --format markdown --byline hanh -o hanh/
      susta export --format jsonl --changed-since 2026-11-01T06:00:00Z
    """
    settings = load_config(config)
    if format_ not in FORMATS:
        raise ConfigError(f"--format: {format_!r} is none of {', '.join(FORMATS)}")
    if format_ == MARKDOWN and output is None:
        raise ConfigError("--format markdown writes a folder", advice="Name a new one with --output DIR.")
    which = Filter(since, until, category, query, byline, changed_since)
    folder = folder_of(archive, settings)
    refuse_output(output, folder, config)
    with Archive.open(folder) as opened:
        unread: list[ArchiveUnusable] = []
        count, digest = _write(opened, which, format_, output, unread.append)
    asked = {name: value for name, value in asdict(which).items() if value is not None}
    detail = {"format": format_, "filter": asked, "records": count} | ({"sha256": digest} if digest else {})
    note_aside(folder, EventType.EXPORTED, _now(), settings.agent, "archive", detail=detail)
    if output is not None:
        say(f"{count} records written to {output}")
    elif not count:
        say("0 records: no article in this archive is of that kind. `susta status` lists the categories.")
    if unread:
        many = f"{len(unread)} captured pictures are not in it, since they"
        words = many if len(unread) > 1 else "1 captured picture is not in it, since it"
        say(f"{words} could not be read: {safe(str(unread[0]))}")
        say(MISSING_ADVICE)
        raise typer.Exit(ExitCode.SOME_FAILED)


@commands.command("release")
def release_command(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the release.")],
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Make a data set to publish: data, description, data statement, citation, checksums.

    All articles as JSON Lines and Parquet, a Frictionless datapackage.json, CITATION.cff, SHA256SUMS, and a README.md
    that says how the data came about, what is missing, and under which condition it may be used. Written whole or not
    at all.

    \b
    Examples:
      susta release susta-2026-11
      cd susta-2026-11 && sha256sum -c SHA256SUMS
    """
    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(target, folder, config)
    now = _now()
    with Archive.open(folder) as opened:
        count = write_release(opened, target, now)
    digest = hashlib.sha256((target / "SHA256SUMS").read_bytes()).hexdigest()
    detail = {"format": "release", "filter": {}, "records": count, "sha256": digest}
    note_aside(folder, EventType.EXPORTED, now, settings.agent, "archive", detail=detail)
    say(f"{count} records written to {target}")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _write(
    opened: Archive, which: Filter, form: str, output: Path | None, unread: Callable[[ArchiveUnusable], None]
) -> tuple[int, str | None]:
    """(how many records, the SHA-256 of what was written; None for a folder)."""
    if form == MARKDOWN:
        assert output is not None  # seen to above
        return write_markdown(opened, which, output, unread=unread), None
    if output is None:
        out = Digested(sys.stdout.buffer)
        count = WRITERS[form](opened, which, out.file)
        sys.stdout.flush()
        return count, out.sha256
    with whole_file(output) as file:
        out = Digested(file)
        return WRITERS[form](opened, which, out.file), out.sha256
