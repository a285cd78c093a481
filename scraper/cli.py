"""The command line: words in, calls to the rest, text and exit codes out. The one `except` of the project is here."""

import io
import json
import os
import signal
import sqlite3
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from archive import __version__
from archive.errors import ArchiveUnusable, ConfigError, ExitCode, NothingCrawled, SustaError
from archive.export import WRITERS
from archive.query import Archive, Filter, record_of
from archive.records import Refusal
from scraper.config import Config, load_config, parse_config
from scraper.console import CrawlProgress, article_text, history_text, safe, status_text, summary
from scraper.crawl import crawl
from scraper.derive import source_for
from scraper.extract import extract as extract_article
from scraper.fetch import World
from scraper.files import write_file, write_photos
from scraper.frontier import read_counts
from scraper.report import Report
from scraper.urls import page_address

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

ArchiveOption = Annotated[
    Path | None, typer.Option("--archive", metavar="DIR", help="The archive's folder (default: the config's).")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Config file (default: ./config.toml if it is there).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else on standard output.")]


def _folder(archive: Path | None, config: Config) -> Path:
    return archive if archive is not None else config.archive.folder


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class _Stopping:
    """Turns Ctrl-C and SIGTERM into a wish to stop, which the crawl honours within seconds; a second Ctrl-C insists."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "_Stopping":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._wish)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _wish(self, _number: int, _frame: FrameType | None) -> None:
        if self.event.is_set():
            raise KeyboardInterrupt
        self.event.set()
        _say("Stopping; what was fetched is saved …")


def _exit_after(report: Report) -> None:
    if report.outcome == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)
    if report.failed:
        raise typer.Exit(ExitCode.SOME_FAILED)


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
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Make one polite, incremental, resumable run.

    What is new or due is fetched, kept in WARC files, and worked into archive.db. Ctrl-C saves; the same command goes
    on.

    \b
    Examples:
      susta crawl --limit 20                 a first look
      susta crawl                            everything that is new or due
      susta crawl --json --archive data      the report for a program
      susta crawl http://127.0.0.1:8000/     another site of the same kind
    """
    settings = load_config(config)
    starts = tuple(urls or ())
    if starts:
        parse_config({"site": {"start_urls": list(starts)}}, where="The command line")
    if not settings.crawl.contact and not quiet:
        _say("Note: [crawl] contact is empty in the config; set it so that the site can reach you.")
    with _Stopping() as stopping, CrawlProgress(quiet=quiet or as_json) as progress:
        world = World(pause=stopping.event.wait, stopped=stopping.event.is_set)
        try:
            report = crawl(
                settings,
                _folder(archive, settings),
                start_urls=starts,
                limit=limit,
                everything=everything,
                world=world,
                watch=progress.show,
            )
        except NothingCrawled as error:
            if as_json and isinstance(error.report, Report):
                _print_json(asdict(error.report))
            raise
    if as_json:
        _print_json(asdict(report))
    else:
        print(summary(report))
    _exit_after(report)


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

    with _Stopping() as stopping, CrawlProgress() as progress:
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
    _exit_after(demonstration.report)


@app.command("extract")
def extract_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved HTML page.")],
    url: Annotated[str, typer.Option(metavar="URL", help="The address it was saved from.")],
    content_type: Annotated[
        str, typer.Option(metavar="TYPE", help="The Content-Type it came with; a charset in it counts.")
    ] = "text/html",
    config: ConfigOption = None,
) -> None:
    """Turn one saved page into its JSON record; a page that is no article gives its reason and exit code 3.

    \b
    Examples:
      susta extract page.html --url https://susta.vn/tin-tuc-su-kien/ten-bai-20001
      susta extract page.html --url https://susta.vn/... --content-type "text/html; charset=windows-1258"
    """
    settings = load_config(config)
    parse_config({"site": {"start_urls": [url]}}, where="The command line")
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"Cannot read {file}: {error.strerror}") from error
    outcome = extract_article(body, url, content_type)
    if isinstance(outcome, Refusal):
        _print_json({"url": outcome.url, "reason": str(outcome.reason), "detail": outcome.detail})
        raise typer.Exit(ExitCode.NO_ARTICLE)
    source, differs = source_for(outcome.site, outcome.notice, settings)
    if differs:
        _say(f"The page states another condition than the configured one: {safe(differs)}")
    _print_json(record_of(outcome, source).as_dict())


@app.command("export")
def export_command(
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"One of: {', '.join(WRITERS)}.")] = "json",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write (default: standard output).")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Articles of this day (YYYY-MM-DD) or later.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Articles of this day or earlier.")] = None,
    category: Annotated[
        str | None, typer.Option(metavar="NAME", help="Articles of this category (as in the address).")
    ] = None,
    byline: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Articles whose byline has these words, marks or not.")
    ] = None,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the articles out, each with the source's credit and condition.

    \b
    Examples:
      susta export > articles.json
      susta export --format jsonl --output articles.jsonl
      susta export --format csv --since 2021-01-01 --category tin-tuc-su-kien -o 2021.csv
    """
    settings = load_config(config)
    if format_ not in WRITERS:
        raise ConfigError(f"--format: {format_!r} is none of {', '.join(WRITERS)}")
    for name, day in (("--since", since), ("--until", until)):
        if day is not None:
            _check_day(name, day)
    if since and until and since > until:
        raise ConfigError(f"--since {since} is later than --until {until}")
    which = Filter(since, until, category, byline)
    with Archive.open(_folder(archive, settings)) as opened:
        if output is None:
            sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
            count = WRITERS[format_](opened.records(which), sys.stdout)
        else:
            count = write_file(output, lambda out: WRITERS[format_](opened.records(which), out))
    if output is not None:
        _say(f"{count} records written to {output}")
    elif not count:
        _say("0 records: no article in this archive is of that kind. `susta status` lists the categories.")


def _check_day(name: str, day: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ConfigError(f"{name}: {day!r} is no day of the form YYYY-MM-DD") from error


@app.command("show")
def show_command(
    what: Annotated[str, typer.Argument(metavar="URL|ID", help="An article's address (any of them) or its id.")],
    photos: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write the captured photos into this folder.")
    ] = None,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show one article.

    \b
    Examples:
      susta show 1
      susta show https://susta.vn/tin-tuc-su-kien/ten-bai-20001 --json
      susta show 1 --photos photos/
    """
    settings = load_config(config)
    folder = _folder(archive, settings)
    with Archive.open(folder) as opened:
        found = opened.find(what) or opened.find(page_address(what, what) or what)
        if found is None:
            others = opened.ids_of_number(what)
            hint = f"The article whose address ends in {what} has the id {others[0]}. " if others else ""
            _say(f"No article {what!r} in {folder}. {hint}Try `susta search WORDS`, or `susta status`.")
            raise typer.Exit(ExitCode.NO_ARTICLE)
        article_id, record = found
        if as_json:
            _print_json(record.as_dict())
        else:
            print(article_text(record))
            print(history_text(opened.history(article_id)))
        if photos is not None:
            written = write_photos(opened, article_id, folder, photos)
            _say(f"{written} of {len(record.photos)} photos written to {photos}")


@app.command("search")
def search_command(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words, or "a phrase in quotes".')],
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="At most so many results.")] = 20,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Find articles by words, with or without Vietnamese marks; all the words must be there.

    \b
    Examples:
      susta search hoi thao
      susta search '"đồng chí Bí thư"' --limit 5
      susta search Điện Biên --json
    """
    settings = load_config(config)
    asked = " ".join(words)
    with Archive.open(_folder(archive, settings)) as opened:
        hits = opened.search(asked, limit=limit)
    if as_json:
        _print_json([asdict(hit) for hit in hits])
        return
    for hit in hits:
        print(f"{hit.id:6d}  {hit.date or '          '}  {safe(hit.title)}\n        {safe(hit.url)}")
        print(f"        {safe(hit.snippet)}\n        {safe(hit.credit)}")
    if len(hits) == limit:
        _say(f"The first {limit}; --limit N shows more.")
    else:
        _say(f"{len(hits)} found" if hits else _no_hits(asked))


def _no_hits(asked: str) -> str:
    if not any(character.isalnum() for character in asked):
        return f"{asked!r} has no word to search for."
    return "Nothing found. Try fewer words, or without marks."


@app.command("status")
def status_command(as_json: JsonOption = False, archive: ArchiveOption = None, config: ConfigOption = None) -> None:
    """Say what the archive holds.

    \b
    Examples:
      susta status
      susta status --json --archive data/demo
    """
    settings = load_config(config)
    folder = _folder(archive, settings)
    with Archive.open(folder) as opened:
        status = opened.status()
    waiting = read_counts(folder)
    if as_json:
        _print_json(status | {"frontier": waiting})
    else:
        print(status_text(status, waiting))


@app.command("runs")
def runs_command(
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, metavar="N", help="At most so many, newest first.")] = 20,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """List the past runs and what each did.

    \b
    Examples:
      susta runs
      susta runs --limit 5 --json
    """
    settings = load_config(config)
    with Archive.open(_folder(archive, settings)) as opened:
        runs = opened.runs(limit)
    if as_json:
        _print_json(runs)
        return
    print("  run  started               outcome      fetched    new  changed  unchanged  refused  failed  media")
    for run in runs:
        print(
            f"{run['id']:5d}  {run['started_at'][:19]}Z  {run['outcome']:11}  {run['fetched']:7d}  {run['new']:5d}"
            f"  {run['changed']:7d}  {run['unchanged']:9d}  {run['refused']:7d}  {run['failed']:6d}  {run['media']:5d}"
        )


@app.command("rebuild")
def rebuild_command(as_json: JsonOption = False, archive: ArchiveOption = None, config: ConfigOption = None) -> None:
    """Make archive.db again from the WARC files alone; the old one is replaced only when the new one is whole.

    \b
    Examples:
      susta rebuild
      susta rebuild --archive data/demo
    """
    from scraper.rebuild import rebuild

    settings = load_config(config)
    folder = _folder(archive, settings)

    def watch(records: int, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{records} records, {100 * done / max(total, 1):.0f} %", end="", file=sys.stderr, flush=True)

    counts = rebuild(settings, folder, watch=watch)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if as_json:
        _print_json(counts)
    else:
        print("Rebuilt: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


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
    """Runs one command line and returns its exit code; every error becomes a message here and nowhere else."""
    try:
        code = app(args=arguments, prog_name="susta", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except typer.TyperException as error:
        show = getattr(error, "show", None)  # usage errors know how to show themselves with the command's usage
        show() if show else _say(f"Error: {error}")
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        _say("Interrupted. What was fetched is saved; the same command goes on.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except SustaError as error:
        return _explain(error)
    except sqlite3.Error as error:
        return _explain(_database_trouble(error))
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        message = f"Cannot go on: {named}{error.strerror or error}"
        return _explain(ArchiveUnusable(message, advice="Is the disk full, or the place not yours to write to?"))


def _database_trouble(error: sqlite3.Error) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"The archive's database cannot be used: {error}",
        advice="Is the disk full, or the folder read-only? If the file is damaged, `susta rebuild` makes it again.",
    )


def _explain(error: SustaError) -> int:
    _say(f"Error: {safe(str(error))}")
    for problem in getattr(error, "problems", ()):
        _say(f"  {safe(problem)}")
    if error.advice:
        _say(error.advice)
    return error.exit_code


if __name__ == "__main__":
    main()
