"""Commands that read an archive: show, status, runs, review."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from archive.errors import ConfigError, ExitCode
from archive.query import Archive
from archive.records import DOUBTS, Doubt
from scraper.cli_history import WhichArgument, article_named, write_payload
from scraper.cli_options import (
    ArchiveOption,
    ConfigOption,
    JsonOption,
    folder_of,
    print_json,
    refuse_output,
    say,
)
from scraper.config import load_config
from scraper.console import article_text, history_text, safe, status_text
from scraper.files import write_photos
from scraper.frontier_view import read_counts
from scraper.history_view import why_lines
from scraper.urls import page_address

commands = typer.Typer()
# What `susta runs` prints of a run, and how wide.
_RUN_NUMBERS = {"fetched": 7, "new": 5, "changed": 7, "unchanged": 9, "refused": 7, "failed": 6, "media": 5}


@commands.command("show")
def show_command(
    what: WhichArgument,
    photos: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write the captured photos into this folder.")
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="Also say which capture, extractor and rule gave each field.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Write the exact bytes that the record was read from, and nothing else.")
    ] = False,
    revision: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="With --raw: the bytes of this revision.")
    ] = None,
    decoded: Annotated[bool, typer.Option("--decoded", help="With --raw: the content coding undone.")] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show one article, or the bytes that it was read from.

    \b
    Examples:
      susta show 1
      susta show https://susta.vn/tin-tuc-su-kien/ten-bai-20001 --json
      susta show 1 --photos photos/
      susta show 1 --why                     the rule behind each field
      susta show 1 --raw --decoded > page.html
      susta show 1 --raw --revision 1 | sha256sum
    """
    if raw and (as_json or why or photos is not None):
        raise ConfigError("--raw writes bytes: it goes with neither --json nor --why nor --photos")
    if not raw and (revision is not None or decoded):
        raise ConfigError("--revision and --decoded go with --raw")
    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(photos, folder, config)
    with Archive.open(folder) as opened:
        _stop_at_withdrawn(opened, what, as_json=as_json)
        article_id, record = article_named(opened, what)
        if raw:
            write_payload(opened, _capture_behind(opened, article_id, revision), settings, decoded=decoded)
            return
        provenance = opened.provenance(article_id)
        if as_json:
            print_json(record.as_dict() | ({"provenance": asdict(provenance)} if why else {}))
        else:
            print(article_text(record))
            print(history_text(opened.history(article_id)))
            if why:
                print(why_lines(provenance))
        if photos is not None:
            written = write_photos(opened, article_id, photos)
            say(f"{written} of {len(record.photos)} photos written to {photos}")


def _stop_at_withdrawn(opened: Archive, what: str, *, as_json: bool) -> None:
    """Says that an article was withdrawn, when and why, where it was; raises typer.Exit."""
    address = page_address(what, what) or what
    if opened.find(what) or opened.find(address) or not (stone := opened.withdrawn(what, address)):
        return
    if as_json:
        print_json({"withdrawn": asdict(stone)})
    say(f"{safe(stone.url)} was {safe(stone.said)}.")
    raise typer.Exit(ExitCode.NO_ARTICLE)


def _capture_behind(opened: Archive, article_id: int, revision: int | None) -> int:
    """The capture that an article's record, or one of its revisions, was read from."""
    if revision is None:
        return opened.provenance(article_id).capture_id
    found = opened.revision(article_id, revision)
    if found is None:
        raise ConfigError(f"Article {article_id} has {opened.revisions(article_id)} revisions, no revision {revision}")
    return found[2]


@commands.command("status")
def status_command(as_json: JsonOption = False, archive: ArchiveOption = None, config: ConfigOption = None) -> None:
    """Say what the archive holds.

    \b
    Examples:
      susta status
      susta status --json --archive data/demo
    """
    settings = load_config(config)
    folder = folder_of(archive, settings)
    with Archive.open(folder) as opened:
        status = opened.status()
    waiting = read_counts(folder)
    if as_json:
        print_json(status | {"frontier": waiting})
    else:
        print(status_text(status, waiting))


@commands.command("runs")
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
    with Archive.open(folder_of(archive, settings)) as opened:
        runs = opened.runs(limit)
    if as_json:
        print_json(runs)
        return
    print(
        "  run  kind    started               outcome      fetched    new  changed  unchanged  refused  failed  media"
    )
    for run in runs:
        numbers = "  ".join(f"{run[name]:{width}d}" for name, width in _RUN_NUMBERS.items())
        kind = run.get("kind", "crawl")  # an archive of an older version knows no other
        print(f"{run['id']:5d}  {kind:6}  {run['started_at'][:19]}Z  {run['outcome']:11}  {numbers}")


@commands.command("review")
def review_command(
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="At most so many, worst first.")] = 20,
    doubt: Annotated[
        Doubt | None, typer.Option(metavar="DOUBT", help=f"Only records with this doubt: {', '.join(Doubt)}.")
    ] = None,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """List the doubtful records, worst first, with what makes each doubtful.

    A doubt is no error: it says where a person should look. `susta inspect URL` shows why a page was read as it was.

    \b
    Examples:
      susta review
      susta review --doubt second-opinion-differs --limit 100
      susta review --json
    """
    settings = load_config(config)
    with Archive.open(folder_of(archive, settings)) as opened:
        found = opened.doubtful(limit=limit, only=doubt)
        articles = opened.count()
    if as_json:
        print_json(found)
        return
    for record in found:
        print(f"{record['doubt']:4.2f}  {record['id']:6d}  {safe(record['title'])}\n      {safe(record['url'])}")
        for code in record["doubts"]:
            print(f"      - {code}: {DOUBTS[Doubt(code)][1]}")
    if len(found) == limit:
        say(f"The first {limit}; --limit N shows more. `susta inspect URL` shows why a page was read as it was.")
    elif found:
        say(
            f"{len(found)} of {articles} records are doubtful. `susta inspect URL` shows why a page was read as it was."
        )
    else:
        say(f"None of {articles} records is doubtful{' in that way' if doubt else ''}.")
