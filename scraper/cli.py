"""The command line: words in, calls to the rest, text and exit codes out. The one `except` of the project is here.

What only some commands need (the crawl, fetching) is imported where it is used: `susta status` must not wait for it.
"""

import io
import os
import sqlite3
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from archive import __version__
from archive.errors import ExitCode, SustaError, trouble_with
from scraper import (
    cli_archive,
    cli_care,
    cli_check,
    cli_cite,
    cli_export,
    cli_feed,
    cli_health,
    cli_history,
    cli_packages,
    cli_pages,
    cli_report,
    cli_schedule,
    cli_search,
    cli_serve,
    cli_start,
    cli_why,
)
from scraper.cli_options import (
    ArchiveOption,
    ConfigOption,
    JsonOption,
    Stopping,
    folder_of,
    make_folder_of,
    print_json,
    refuse_output,
    say,
)
from scraper.config import Config, load_config, parse_config
from scraper.console import article_text, safe, summary

if TYPE_CHECKING:
    from scraper.report import Report

app = typer.Typer(
    name="susta",
    help="Archive the articles of susta.vn: crawl politely, keep every byte, export clean records with the source's "
    "credit.\n\nStart with `susta demo`, which needs no network, or `susta crawl --limit 20`.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class Wishes(TypedDict):
    """What was asked of a run, for `crawl` and `plan` alike."""

    start_urls: tuple[str, ...]
    limit: int | None
    everything: bool
    reopen: tuple[str, ...]


def exit_code_after(report: "Report") -> ExitCode:
    """What a run tells its caller, if something of the site came."""
    if report.outcome == "interrupted":
        return ExitCode.INTERRUPTED
    if report.outcome == "disk-low":
        return ExitCode.ARCHIVE_UNUSABLE
    return ExitCode.SOME_FAILED if report.is_partial else ExitCode.DONE


@app.command("crawl")
def crawl_command(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Start addresses in place of the configured ones.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Stop after this many pages; media of their articles follow.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Ask for every known page again, whatever the schedule says.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked for and why; ask for nothing, change nothing.")
    ] = False,
    reopen: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Open a closed trap again, as `susta why` names it; may be repeated."),
    ] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append the run's events to this file, as JSON lines.")
    ] = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Make one polite, incremental, resumable run.

    What is new or due is fetched, kept in WARC files, and worked into archive.db. Ctrl-C or SIGTERM saves and ends the
    run within seconds, and the same command goes on; a second Ctrl-C leaves at once, and loses nothing either.

    \b
    Examples:
      susta crawl --limit 20                 a first look
      susta crawl                            everything that is new or due
      susta crawl --dry-run                  what that would ask for, without asking
      susta crawl --log crawl.jsonl          with a log of every answer
      susta crawl --reopen "susta.vn/lich/*?"   also what a trap was closed for
      susta crawl --json --archive data      the report for a program
      susta crawl http://127.0.0.1:8000/     another site of the same kind
    """
    from scraper.crawl import refuse_unknown_traps
    from scraper.plan import plan
    from scraper.plan_view import plan_text

    settings = _logging_to(load_config(config), log)
    starts = tuple(urls or ())
    if starts:
        parse_config({"site": {"start_urls": list(starts)}}, where="The command line")
    folder = folder_of(archive, settings)
    wishes: Wishes = {"start_urls": starts, "limit": limit, "everything": everything, "reopen": tuple(reopen or ())}
    refuse_output(log, folder, config)
    if dry_run:
        refuse_unknown_traps(folder, wishes["reopen"])
        planned = plan(settings, folder, now=datetime.now(UTC), **wishes)
        print_json(asdict(planned) | {"counts": planned.counts}) if as_json else print(plan_text(planned))
    else:
        make_folder_of(None if log else settings.archive.log_file)
        _crawl(settings, folder, wishes, as_json=as_json, quiet=quiet)


def _logging_to(settings: Config, log: Path | None) -> Config:
    """The settings, with a log that the command line names in place of theirs."""
    if log is None:
        return settings
    return settings.model_copy(update={"archive": settings.archive.model_copy(update={"log_file": log})})


def _crawl(settings: Config, folder: Path, wishes: Wishes, *, as_json: bool, quiet: bool) -> None:
    """One run from the command line: progress, report, exit code."""
    from scraper.crawl import crawl
    from scraper.fetch import World

    if not settings.crawl.contact and not quiet:
        say("Note: [crawl] contact is empty in the config; set it so that the site can reach you.")
    from scraper.progress import CrawlProgress

    with Stopping() as stopping, CrawlProgress(quiet=quiet or as_json) as progress:
        world = World(pause=stopping.event.wait, stopped=stopping.event.is_set)
        report = crawl(settings, folder, world=world, watch=progress.show, **wishes)
    if as_json:
        print_json(asdict(report))
    else:
        print(summary(report))
    raise typer.Exit(exit_code_after(report))


@app.command("demo")
def demo_command(
    archive: Annotated[Path, typer.Option("--archive", metavar="DIR", help="The archive's folder.")] = Path(
        "data/demo"
    ),
    pages: Annotated[int, typer.Option(min=1, max=5000, metavar="N", help="How many articles the demo site has.")] = 72,
    second_visit: Annotated[
        bool, typer.Option("--second-visit", help="The site some days later: edited, new and deleted articles.")
    ] = False,
) -> None:
    """Crawl the embedded demo site: a real server on this machine, no network needed.

    \b
    Examples:
      susta demo                     a first archive in data/demo
      susta demo                     again: nothing new
      susta demo --second-visit      some articles were edited, added, deleted
      susta search "hoi thao" --archive data/demo
    """
    from scraper.demonstration import demonstrate
    from scraper.progress import CrawlProgress

    with Stopping() as stopping, CrawlProgress() as progress:
        demonstration = demonstrate(
            archive,
            articles=pages,
            edition=2 if second_visit else 1,
            pause=stopping.event.wait,
            stopped=stopping.event.is_set,
            watch=progress.show,
        )
    print(summary(demonstration.report))
    print()
    print(article_text(demonstration.sample))
    print()
    print(f"{demonstration.exported} records exported to {demonstration.export_file}")
    print("Go on with:")
    print(f"  susta status --archive {archive}")
    print(f'  susta search "hội thảo" --archive {archive}')
    print(f"  susta show 1 --archive {archive}")
    raise typer.Exit(exit_code_after(demonstration.report))


app.add_typer(cli_pages.commands)
app.add_typer(cli_archive.commands)
app.add_typer(cli_export.commands)
app.add_typer(cli_cite.commands)
app.add_typer(cli_feed.commands)
app.add_typer(cli_search.commands)
app.add_typer(cli_check.commands)
app.add_typer(cli_why.commands)
app.add_typer(cli_history.commands)
app.add_typer(cli_care.commands)
app.add_typer(cli_packages.commands)
app.add_typer(cli_serve.commands)
app.add_typer(cli_health.commands)
app.add_typer(cli_schedule.commands)
app.add_typer(cli_start.commands)
app.add_typer(cli_report.commands)


@app.command("rebuild")
def rebuild_command(
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, max=64, metavar="N", help="Processes that read pages (default: one a core)."
        ),
    ] = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Make archive.db again from the WARC files alone; the old one is replaced only when the new one is whole.

    Every capture is read with this version's rules, on all cores; what differs from before is said, field by field.
    Interrupt it when you like: the same command goes on where it was.

    \b
    Examples:
      susta rebuild
      susta rebuild --archive data/demo
      susta rebuild --jobs 1           leave the other cores alone
      susta rebuild --json             what there is now and what differs, for a program
    """
    from scraper.rebuild import rebuild
    from scraper.rebuild_view import RebuildProgress, changes_text

    settings = load_config(config)
    folder = folder_of(archive, settings)
    cores = jobs or len(os.sched_getaffinity(0))
    try:
        with RebuildProgress(quiet=quiet or as_json) as progress:
            rebuilt = rebuild(settings, folder, jobs=cores, watch=progress.show)
    except KeyboardInterrupt:
        say("Interrupted. The old archive.db is as it was; `susta rebuild` goes on from here.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if as_json:
        about = {"resumed": rebuilt.resumed, "anew": rebuilt.anew, "kept_events": rebuilt.kept_events}
        print_json(rebuilt.counts | about | {"changes": asdict(rebuilt.changes) if rebuilt.changes else None})
    else:
        print("Rebuilt: " + ", ".join(f"{count} {name}" for name, count in rebuilt.counts.items()))
        print(changes_text(rebuilt.changes))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"susta-archive {__version__}")
        raise typer.Exit


def main() -> None:
    """The `susta` command."""
    for stream in (sys.stdout, sys.stderr):  # Vietnamese, whatever the locale says
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run([os.fsencode(argument).decode("utf-8", "replace") for argument in sys.argv[1:]]))


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code; every error becomes a message here and nowhere else, with --json
    also the one JSON value. To monitoring systems, which read the code of `health`, an error is UNKNOWN."""
    try:
        code = int(app(args=arguments, prog_name="susta", standalone_mode=False) or 0)
        sys.stdout.flush()
        return code
    except BaseException as error:
        code = _ended(error, as_json="--json" in arguments)
    return cli_health.UNKNOWN if cli_health.is_asked_for(arguments) else code


def _ended(error: BaseException, *, as_json: bool) -> int:
    """Says how a command ended that did not come to its own end; what is nobody's error goes on."""
    try:
        raise error
    except typer.TyperException as error:
        show = getattr(error, "show", None)  # usage errors know how to show themselves with the command's usage
        show() if show else say(f"Error: {error}")
        asked = getattr(error, "ctx", None)
        option = getattr(error, "option_name", "--")
        if not option.startswith("--") and asked is not None and asked.info_name == "search":
            say("A word that begins with - looks like an option; put -- before the words: susta search -- -WORD")
        return _told(SustaError(error.format_message()), ExitCode.USAGE, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        text = "Interrupted. What was fetched is saved; the same command goes on."
        say(text)
        return _told(SustaError(text), ExitCode.INTERRUPTED, as_json=as_json, outcome="interrupted")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except SustaError as error:
        return _explain(error, as_json=as_json)
    except (sqlite3.Error, OSError) as error:
        return _explain(trouble_with(error), as_json=as_json)


def _explain(error: SustaError, *, as_json: bool) -> int:
    say(f"Error: {safe(str(error))}")
    for problem in getattr(error, "problems", ()):
        say(f"  {safe(problem)}")
    if error.advice:
        say(error.advice)
    return _told(error, error.exit_code, as_json=as_json)


def _told(error: SustaError, code: ExitCode, *, as_json: bool, outcome: str = "not-started") -> ExitCode:
    """For programs: what was done until then, or that nothing was, and the error."""
    if as_json:
        from scraper.report import Report

        done = asdict(error.report) if isinstance(error.report, Report) else {"outcome": outcome}
        problems = list(getattr(error, "problems", ()))
        said = {"message": str(error), "problems": problems, "advice": error.advice, "exit_code": int(code)}
        print_json(done | {"error": said})
    return code


if __name__ == "__main__":
    main()
