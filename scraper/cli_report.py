"""The command that tells a person over coffee how the archive is: report."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.errors import ConfigError
from scraper.cli_options import (
    ArchiveOption,
    ConfigOption,
    JsonOption,
    folder_of,
    make_folder_of,
    print_json,
    refuse_output,
    say,
)
from scraper.config import load_config

commands = typer.Typer()


@commands.command("report")
def report_command(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the page here (default: exports/report.html)."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Tell from this day (YYYY-MM-DD) on (default: the last report, else a week)."),
    ] = None,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Write one HTML page on how the archive is: what is new, changed and gone, and how everything stands.

    The page stands alone, asks nothing of the network and prints well. A report in place of an earlier one tells what
    came since that. With --json the same as one JSON value, and no page unless --output names one.

    \b
    Examples:
      susta report
      susta report --output report.html --since 2026-11-01
      susta report --json
    """
    from scraper.reporting import last_report, make_report, write_report

    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(output, folder, config)
    target = output or (None if as_json else folder / "exports" / "report.html")
    begin = _day(since) if since else last_report(target) if target else None
    facts, text, values = make_report(settings, folder, datetime.now(UTC), begin)
    if target is not None:
        configured = settings.schedule.report_to
        if output is None or (configured is not None and output.absolute() == configured.absolute()):
            make_folder_of(target)
        write_report(target, text)
        say(f"{facts.new_count} new, {facts.changed_count} changed since {facts.since[:10]}: {target}")
    if as_json:
        print_json(values)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise ConfigError(f"--since: {text!r} is no day of the form YYYY-MM-DD") from error
