"""Commands that say where a record comes from and what became of it: history, diff, capture, events."""

import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from archive.diff import Kind, diff
from archive.errors import ConfigError, ExitCode
from archive.events import EventType
from archive.history import what_changed
from archive.query import Archive, Record
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json, say
from scraper.config import Config, load_config
from scraper.console import safe
from scraper.content import decode_content
from scraper.history_view import capture_text, diff_text, events_text, timeline
from scraper.urls import page_address

commands = typer.Typer()

WhichArgument = Annotated[str, typer.Argument(metavar="URL|ID", help="An article's address (any of them) or its id.")]


def article_named(opened: Archive, what: str) -> tuple[int, Record]:
    """The article with this id or address; says so and ends with code 3 when there is none."""
    found = opened.find(what) or opened.find(page_address(what, what) or what)
    if found is None:
        others = opened.ids_of_number(what)
        hint = f"The article whose address ends in {what} has the id {others[0]}. " if others else ""
        say(f"No article {what!r} in {opened.folder}. {hint}Try `susta search WORDS`, or `susta status`.")
        raise typer.Exit(ExitCode.NO_ARTICLE)
    return found


@commands.command("history")
def history_command(
    what: WhichArgument, as_json: JsonOption = False, archive: ArchiveOption = None, config: ConfigOption = None
) -> None:
    """Say what happened to an article: every revision and what it changed, disappearances, returns, its counter.

    \b
    Examples:
      susta history 1
      susta history https://susta.vn/tin-tuc-su-kien/ten-bai-20001
      susta history 1 --json
    """
    with Archive.open(folder_of(archive, load_config(config))) as opened:
        history = opened.story(article_named(opened, what)[0])
    assert history is not None
    if as_json:
        print_json(asdict(history))
        return
    print(timeline(history))
    if len(history.revisions) > 1:
        say(f"`susta diff {history.id}` shows what the last revision changed, `susta diff {history.id} A B` any two.")


@commands.command("diff")
def diff_command(
    what: WhichArgument,
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="[A [B]]", help="Revisions, as `susta history` numbers them (default: the last two)."),
    ] = None,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show what changed between two revisions of an article, block by block and word by word.

    One number shows what that revision changed. On a terminal what was removed is red and struck through, what was
    added green; elsewhere they stand as [-removed-] and {+added+}.

    \b
    Examples:
      susta diff 1              the last change
      susta diff 1 2            what revision 2 changed
      susta diff 1 1 2 --json   any two, for a program
    """
    with Archive.open(folder_of(archive, load_config(config))) as opened:
        article_id, record = article_named(opened, what)
        count = opened.revisions(article_id)
        pair = _pair(numbers or [], count, article_id)
        found = [opened.revision(article_id, number) for number in pair]
    about: dict[str, Any] = {"id": article_id, "url": record.url, "revisions": count}
    if len(found) < 2 or found[0] is None or found[1] is None:
        if as_json:
            print_json(about | {"from": None, "to": 1, "changes": []})
        say(f"Article {article_id} has one revision only: nothing of it has changed since it was first seen.")
        return
    (before, before_at, before_capture), (after, after_at, after_capture) = found[0], found[1]
    changes = diff(before, after)
    if as_json:
        about["from"] = {"number": pair[0], "seen_at": before_at, "capture_id": before_capture}
        about["to"] = {"number": pair[1], "seen_at": after_at, "capture_id": after_capture}
        print_json(about | {"changes": [asdict(one) for one in changes if one.kind is not Kind.SAME]})
        return
    print(f"{safe(record.url)}: revision {pair[0]} ({before_at[:19]}Z) to {pair[1]} ({after_at[:19]}Z)")
    print(what_changed(changes))
    print(diff_text(changes, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ))


def _pair(numbers: list[int], count: int, article_id: int) -> list[int]:
    """The two revisions to compare; one where there is no other."""
    if len(numbers) > 2:
        raise ConfigError("Name two revisions at most, as in `susta diff 1 2 3`")
    for number in numbers:
        if not 1 <= number <= count:
            there = "revision 1 only" if count == 1 else f"revisions 1 to {count}"
            raise ConfigError(f"Article {article_id} has {there}, no revision {number}")
    if count == 1:
        return [1]
    if not numbers:
        return [count - 1, count]
    if len(numbers) == 1:
        return [numbers[0] - 1, numbers[0]] if numbers[0] > 1 else [1, 2]
    return numbers


@commands.command("capture")
def capture_command(
    capture_id: Annotated[int, typer.Argument(metavar="ID", help="A capture's number (`captures.id`).")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the payload's bytes, its content coding kept.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Write the WARC record as it stands in its file, one gzip member.")
    ] = False,
    decoded: Annotated[
        bool, typer.Option("--decoded", help="With --raw or --record: the content coding, or the gzip, undone.")
    ] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show a capture: its place in the WARC files, its heads as sent, what was derived from it, its run.

    `susta history` and `susta why` name the captures of an article or address. A revisit gives the payload of the
    capture it refers to, and says so.

    \b
    Examples:
      susta capture 17
      susta capture 17 --raw --decoded > page.html
      susta capture 17 --record | gzip -dc
    """
    if raw + record + as_json > 1:
        raise ConfigError("--raw, --record and --json exclude each other")
    if decoded and not (raw or record):
        raise ConfigError("--decoded goes with --raw or --record")
    settings = load_config(config)
    folder = folder_of(archive, settings)
    with Archive.open(folder) as opened:
        if raw:
            write_payload(opened, capture_id, settings, decoded=decoded)
            return
        if record:
            _write_record(opened, capture_id, unpacked=decoded)
            return
        view = opened.capture_view(capture_id)
    if view is None:
        raise _no_capture(capture_id, folder)
    print_json(asdict(view) | {"removed": view.removed}) if as_json else print(capture_text(view))


def _write_record(opened: Archive, capture_id: int, *, unpacked: bool) -> None:
    row = opened.capture_row(capture_id)
    if row is None:
        raise _no_capture(capture_id, opened.folder)
    refuse_removed(row)
    from archive.provenance import packed_record, unpacked_record
    from archive.warc import FOLDER_NAME

    for chunk in (unpacked_record if unpacked else packed_record)(opened.folder / FOLDER_NAME, row):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def _no_capture(capture_id: int, folder: Path) -> typer.Exit:
    say(f"No capture {capture_id} in {folder}. `susta history URL` and `susta why URL` name captures.")
    return typer.Exit(ExitCode.NO_ARTICLE)


def refuse_removed(row: dict[str, Any]) -> None:
    """Ends with code 1 where a capture's bytes were taken out of the WARC files."""
    if row.get("removed"):
        say(f"The bytes of capture {row['id']} were removed from the WARC files when its article was withdrawn.")
        raise typer.Exit(ExitCode.SOME_FAILED)


def write_payload(opened: Archive, capture_id: int, config: Config, *, decoded: bool) -> None:
    """Writes a capture's payload to standard output, byte for byte; with `decoded`, its content coding undone."""
    row = opened.capture_row(capture_id)
    if row is None:
        raise _no_capture(capture_id, opened.folder)
    refuse_removed(row)
    if row.get("revisit_of") is not None:
        refuse_removed(opened.capture_row(row["revisit_of"]) or {})
        say(f"Capture {capture_id} is a revisit: these are the bytes of capture {row['revisit_of']}.")
    stored = opened.capture(capture_id)
    body = stored.body
    if decoded:
        coding = stored.header("content-encoding")
        undone = decode_content(body, coding, config.page_limit, cut=stored.capture.truncated, is_text=True)
        if undone.problem:
            raise ConfigError(f"The content coding of capture {capture_id} cannot be undone: {undone.problem}")
        body = undone.body
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


@commands.command("events")
def events_command(
    type_: Annotated[
        EventType | None, typer.Option("--type", metavar="TYPE", help=f"Only these: {', '.join(EventType)}.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="On this day (YYYY-MM-DD) or later.")] = None,
    target: Annotated[
        str | None, typer.Option(metavar="X", help="Only of this object: archive, `run 3`, a file's name, an address.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, metavar="N", help="At most so many, newest first.")] = 20,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """List what was done to the archive, newest first: captured, checked, exported, repaired, and so on.

    \b
    Examples:
      susta events
      susta events --type checked --since 2026-01-01
      susta events --target "run 3" --json
    """
    if since is not None:
        try:
            date.fromisoformat(since)
        except ValueError as error:
            raise ConfigError(f"--since: {since!r} is no day of the form YYYY-MM-DD") from error
    with Archive.open(folder_of(archive, load_config(config))) as opened:
        found = opened.events(only=type_, since=since, target=target, limit=limit)
    if as_json:
        print_json([asdict(event) for event in found])
    elif found:
        print(events_text(found))
        if len(found) == limit:
            say(f"The newest {limit}; --limit N shows more.")
    else:
        say("No such event.")
