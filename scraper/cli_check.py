"""The command that audits an archive: check."""

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from archive import __version__
from archive.errors import ConfigError, ExitCode
from archive.records import Role
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json
from scraper.config import AGENT_NAME, load_config
from scraper.console import safe
from scraper.urls import redirect_target

if TYPE_CHECKING:
    from archive.check import AuditReport
    from archive.damage import Finding

commands = typer.Typer()


@commands.command("check")
def check_command(
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the N WARC files that were audited longest ago.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only WARC files with records of this day (YYYY-MM-DD) or later.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only what is due, so that all is audited within [audit] every_days.")
    ] = False,
    afresh: Annotated[bool, typer.Option("--afresh", help="Read in full, whatever earlier audits found.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, metavar="N", help="Processes that read (default: one a core).")
    ] = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only what was found.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Audit the archive: are these still the bytes that were captured, and does everything agree with them?

    Every WARC file's size, SHA-256, records and digests; every row beside its record; pictures, revisions, full text,
    and archive.db itself. Damage is named by its code, with what to do; exit 1. Nothing is changed, but the audit is
    noted in `events`, and what is sound in audited.json: of that the next audit takes the digests, and reads in full
    only what has changed. A crawl may run meanwhile.

    \b
    Examples:
      susta check                     everything
      susta check --due               daily: everything within [audit] every_days (default 30)
      susta check --sample 10         the ten WARC files longest unaudited
      susta check --since 2026-11-01  what was written since that day
      susta check --afresh            everything in full, as if never audited
      susta check --json --archive data/demo
    """
    from archive.check import check
    from archive.check_schedule import Which
    from scraper.progress import AuditProgress

    _refuse_odd_wishes(sample, since, due=due)
    settings = load_config(config)
    operator = f" ({settings.archive.operator})" if settings.archive.operator else ""
    with AuditProgress(quiet=quiet or as_json) as progress:
        report = check(
            folder_of(archive, settings),
            now=datetime.now(UTC),
            agent=f"{AGENT_NAME}/{__version__}{operator}",
            which=Which(sample, since, settings.audit.every_days if due else None),
            jobs=jobs or os.cpu_count() or 1,
            afresh=afresh,
            resolve=resolve,
            watch=progress.show,
        )
    _tell(report, as_json=as_json)


def _tell(report: "AuditReport", *, as_json: bool) -> None:
    """Prints the report; exits with 1 where there is damage."""
    if as_json:
        print_json(report.as_dict())
    else:
        print(_text(report))
    if report.damages:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _refuse_odd_wishes(sample: int | None, since: str | None, *, due: bool) -> None:
    if sum((sample is not None, since is not None, due)) > 1:
        raise ConfigError("Only one of --sample, --since and --due can be asked for")
    if since is not None:
        try:
            date.fromisoformat(since)
        except ValueError as error:
            raise ConfigError(f"--since: {since!r} is no day of the form YYYY-MM-DD") from error


def resolve(url: str, location: str, role: str) -> str | None:
    """Where a redirect leads, as the crawl notes it."""
    return redirect_target(url, location, is_media=role == Role.MEDIA)


def _text(report: "AuditReport") -> str:
    """What an audit came to, for people: each kind of damage with its places, what it means and what to do."""
    lines = []
    for found in (report.damages, report.remarks):
        for code in dict.fromkeys(each.code for each in found):
            lines += _about([each for each in found if each.code is code], report.findings.counts[code])
    of = f" of {report.of_files}" if report.files != report.of_files else ""
    what = f"{report.files}{of} WARC files, {report.records} records, {report.captures} captures"
    what += ", archive.db" if report.database else ""
    kinds = len({found.code for found in report.damages})
    count = sum(count for code, count in report.findings.counts.items() if code.is_damage)
    ended = f"DAMAGED: {count} findings of {kinds} kinds" if kinds else "Clean"
    lines.append(f"{ended}. Audited: {what}, {report.bytes / 1_000_000:.1f} MB.")
    if report.recalled_files or report.recalled_parts:
        parts = f" and {report.recalled_parts} parts of archive.db" if report.database else ""
        lines.append(
            f"{report.recalled_files} of the files{parts} are, by their digests, as an earlier audit found them sound"
            " (--afresh reads them again)."
        )
    return "\n".join(lines)


def _about(found: "list[Finding]", count: int) -> list[str]:
    from archive.damage import MEANINGS

    code = found[0].code
    means, advice = MEANINGS[code]
    lines = [f"{code} {code.words}: {means}"]
    lines += [f"  {safe(each.where)}: {safe(each.what)}" if each.where else f"  {safe(each.what)}" for each in found]
    if count > len(found):
        lines.append(f"  and {count - len(found)} more")
    return [*lines, f"  -> {advice}"]
