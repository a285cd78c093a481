"""Commands that care for an archive: withdraw, backup. What does the work is imported where it is done."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import ConfigError, ExitCode
from archive.events import EventType
from archive.seal import note_aside
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json, refuse_output, say
from scraper.config import Config, load_config
from scraper.console import safe

if TYPE_CHECKING:
    from archive.backup import BackedUp
    from archive.withdrawal_plan import Plan
    from scraper.withdrawing import Beside, Wish, Withdrawal

commands = typer.Typer()


@commands.command("withdraw")
def withdraw_command(
    what: Annotated[
        str | None, typer.Argument(metavar="URL|ID", help="An article's address (any of them) or its id.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the archive for good.")] = "",
    remove_bytes: Annotated[
        bool, typer.Option("--remove-bytes", help="Also remove what was captured of it from the WARC files.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List what was withdrawn, when and why; change nothing.")
    ] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Take an article out of the archive for good; a tombstone stays that says when and why.

    Its text leaves archive.db altogether: record, revisions, full text and every trace in the file. Its addresses are
    kept, so that the archive can answer for them; the crawl asks for none of them again, and a rebuild respects it. The
    bytes that were captured stay in the WARC files unless --remove-bytes is given, which writes those files anew.
    Exports, packages and backups made before are yours to deal with.

    \b
    Examples:
      susta withdraw https://susta.vn/tin-tuc/ten-bai-20001 --reason "asked for by the author"
      susta withdraw 17 --reason "court order 12/2026" --remove-bytes --yes
      susta withdraw --list --json
    """
    settings = load_config(config)
    folder = folder_of(archive, settings)
    if list_:
        _list(folder, as_json=as_json)
        return
    if not what or not what.strip():
        raise ConfigError("Nothing was named: an article's address or id is needed, or --list")
    if not reason.strip():
        raise ConfigError("--reason is needed: it is what the archive will say of the article from now on")
    from scraper.withdrawing import Wish

    _withdraw(settings, folder, Wish(what.strip(), " ".join(reason.split()), remove_bytes), yes=yes, as_json=as_json)


def _list(folder: Path, *, as_json: bool) -> None:
    from scraper.withdrawing import withdrawn_articles

    stones = withdrawn_articles(folder)
    if as_json:
        print_json([asdict(stone) for stone in stones])
        return
    for stone in stones:
        print(f"{stone.article_id:6d}  {safe(stone.url)}\n        {safe(stone.said)}")
    say(f"{len(stones)} withdrawn")


def _withdraw(settings: Config, folder: Path, wish: "Wish", *, yes: bool, as_json: bool) -> None:
    """Shows what will be done, asks, does it, and says what was done."""
    from scraper.withdrawing import withdraw_article

    refused: list[Plan] = []

    def agree(plan: "Plan", beside: "Beside") -> bool:
        say(plan_text(plan, beside, remove_bytes=wish.remove_bytes))
        if yes or (sys.stdin.isatty() and typer.confirm("Withdraw it?", err=True)):
            return True
        refused.append(plan)
        return False

    done = withdraw_article(settings, folder, wish, agree=agree, now=lambda: datetime.now(UTC), watch=_watch)
    if refused:
        say("Nothing was changed." + ("" if sys.stdin.isatty() else " To do it without being asked, add --yes."))
        raise typer.Exit(ExitCode.USAGE)
    if done is None:
        say(f"No article {safe(wish.what)!r} in {folder}. Try `susta search WORDS`, or `susta withdraw --list`.")
        raise typer.Exit(ExitCode.NO_ARTICLE)
    print_json(asdict(done)) if as_json else print(done_text(done))
    if not done.purged:
        say("Another program is reading archive.db, or the disk is full: the text is out of every table, but its bytes")
        say("may still be in the file. Run the same command again, or any crawl, before you publish the file.")
        raise typer.Exit(ExitCode.SOME_FAILED)


@commands.command("backup")
def backup_command(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or that of an earlier backup.")],
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Also read again what is in the backup already (always: what is copied).")
    ] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy the archive into another folder, also while a crawl goes on.

    The copy is an archive itself: look at it with --archive DIR, and restore it by copying it back. Into the folder of
    an earlier backup, only what is new is copied, so a nightly job is quick; an interrupted backup leaves the earlier
    one usable, and the next one makes it good.

    \b
    Examples:
      susta backup /mnt/backup/susta
      susta backup /mnt/backup/susta --thorough --json
    """
    from archive.backup import back_up
    from scraper.removing import stamp

    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(target, folder, config)
    at = stamp(datetime.now(UTC))
    done = back_up(folder, target, at, thorough=thorough, watch=_show_bytes)
    detail = asdict(done) | {"target": target.resolve().name}
    note_aside(folder, EventType.BACKED_UP, at, settings.agent, "archive", detail=detail)
    if as_json:
        print_json(asdict(done))
    else:
        print(backup_text(done))


def _show_bytes(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done / 1e6:,.0f} of {total / 1e6:,.0f} MB", end=end, file=sys.stderr, flush=True)


def backup_text(done: "BackedUp") -> str:
    """What was copied, for people."""
    lines = [
        f"{safe(done.target)}: {done.articles} articles, {done.captures} captures, {done.bytes_altogether:,} bytes",
        f"  {done.copied} WARC files copied ({done.bytes_copied:,} bytes), {done.kept} were there already",
    ]
    if done.replaced:
        lines.append(f"  copied again, since they are not what they were: {', '.join(map(safe, done.replaced))}")
    if done.lost:
        lines.append(f"  kept, though the archive has them no more: {', '.join(map(safe, done.lost))}")
    return "\n".join(lines)


def _watch(doing: str) -> None:
    if sys.stderr.isatty():
        say(f"… {doing}")


def plan_text(plan: "Plan", beside: "Beside", *, remove_bytes: bool) -> str:
    """What is about to happen, for people."""
    lines = [f"To be withdrawn: {safe(plan.url)} (id {plan.article_id})"]
    if plan.title:
        lines += [f"  “{safe(plan.title)}”, {plan.revisions} revision{'' if plan.revisions == 1 else 's'}"]
    lines += [f"  also known as {safe(url)}" for url in plan.addresses if url != plan.url]
    if not plan.before:
        lines.append("  Its text leaves archive.db for good. Its addresses, the reason and the time stay.")
    if remove_bytes:
        files = f"{len(plan.files)} WARC file{'' if len(plan.files) == 1 else 's'}"
        lines.append(f"  {len(plan.pages)} page and {len(plan.media)} media captures are removed from {files}.")
        if plan.needed_elsewhere:
            lines.append(f"  Captures that stay, since another article has the same bytes: {plan.needed_elsewhere}.")
        lines.append("  This cannot be undone.")
    else:
        lines.append("  What was captured of it stays in the WARC files (--remove-bytes would remove it).")
    lines += [f"  {safe(name)}, a copy of the database that holds its text, is removed." for name in beside.copies]
    lines += [f"  {safe(name)} holds it: remove that file, or write it anew." for name in beside.exports]
    lines.append("  Other exports, packages and backups made before may hold it: they are not touched.")
    return "\n".join(lines)


def done_text(done: "Withdrawal") -> str:
    """What was done, for people."""
    lines = [f"{safe(done.tombstone.url)}: {safe(done.tombstone.said)}"]
    if done.captures:
        lines.append(f"Captures removed: {done.captures}.")
    lines += [f"  {each.file}: {each.bytes_before:,} bytes, now {each.bytes_after:,}" for each in done.rewritten]
    lines += [f"  {safe(name)} still holds it: remove that file, or write it anew." for name in done.exports]
    return "\n".join(lines)
