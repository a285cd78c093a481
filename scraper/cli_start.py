"""The commands that begin an archive: init, doctor."""

import shlex
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.errors import ConfigError, ExitCode
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, Stopping, folder_of, print_json, say
from scraper.config import DEFAULT_NAME, Config, load_config
from scraper.console import safe
from scraper.doctor import Check, Verdict, machine_checks
from scraper.starting import CONTACT_IS, Answers, config_of, is_contact, write_config

commands = typer.Typer()
_SIGNS = {Verdict.FINE: "ok", Verdict.REMARK: "note", Verdict.AMISS: "AMISS"}


@commands.command("doctor")
def doctor_command(
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of the site.")] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Check this machine and the site: Python, SQLite, disk, clock, letters; then robots.txt and one article.

    The site is asked for a few pages, as politely as a crawl does, until one article was read; nothing of it is kept.
    Exit 0 when all is well, 6 when the site cannot be crawled, 1 when something else is amiss.

    \b
    Examples:
      susta doctor
      susta doctor --offline
      susta doctor --json --config mine.toml
    """
    settings = load_config(config)
    checks = _examine(settings, folder_of(archive, settings), offline=offline, quiet=as_json)
    if as_json:
        print_json([each.as_dict() for each in checks])
    raise typer.Exit(exit_code_of(checks))


def exit_code_of(checks: Iterable[Check]) -> ExitCode:
    """What a caller is told."""
    amiss = {each.name for each in checks if each.verdict is Verdict.AMISS}
    if not amiss:
        return ExitCode.DONE
    return ExitCode.NOTHING_CRAWLED if amiss <= {"site", "robots.txt"} else ExitCode.SOME_FAILED


def _examine(settings: Config, folder: Path, *, offline: bool, quiet: bool) -> list[Check]:
    """Makes the checks, each shown as it is made."""
    checks = []
    for check in machine_checks(settings, folder, datetime.now(UTC)):
        checks.append(check)
        if not quiet:
            print(check_text(check), flush=True)
    if not offline:
        from scraper.doctor_site import site_checks
        from scraper.fetch import World

        if not quiet:
            say(f"Asking {safe(settings.site.start_urls[0])}, in the pace of a crawl …")
        with Stopping() as stopping:
            for check in site_checks(settings, World(pause=stopping.event.wait, stopped=stopping.event.is_set)):
                checks.append(check)
                if not quiet:
                    print(check_text(check), flush=True)
    return checks


def check_text(check: Check) -> str:
    """One check, for people."""
    lines = [f"{_SIGNS[check.verdict]:>5}  {check.name}: {safe(check.said)}"]
    lines += [f"         {safe(line)}" for line in check.lines]
    lines += [f"       -> {check.advice}"] if check.advice else []
    return "\n".join(lines)


@commands.command("init")
def init_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new config (default: here).")] = Path(),
    contact: Annotated[
        str, typer.Option(metavar="ADDRESS", help="E-mail or web address at which the site can reach you.")
    ] = "",
    operator: Annotated[
        str, typer.Option(metavar="NAME", help="Who runs the archive; written into each WARC file.")
    ] = "",
    data: Annotated[str, typer.Option(metavar="DIR", help="Folder of the archive (default: data).")] = "",
    start_url: Annotated[str, typer.Option(metavar="URL", help="Where a crawl starts (default: susta.vn).")] = "",
    crawl_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When to crawl by itself, such as 02:30; '' for never.")
    ] = None,
    time_zone: Annotated[str, typer.Option(metavar="ZONE", help="The zone of that time.")] = "",
    backup_to: Annotated[str, typer.Option(metavar="DIR", help="Folder of a nightly backup.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is given, and defaults.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a config; the old one is kept beside it.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of the site when checking.")] = False,
) -> None:
    """Begin an archive: ask what has to be known, write a commented config.toml, and check it with the doctor.

    \b
    Examples:
      susta init                                           asks
      susta init --contact archive@example.org --yes       asks nothing
      susta init /srv/susta --contact archive@example.org --crawl-at 01:15 --backup-to /mnt/backup/susta --yes
    """
    path = folder / DEFAULT_NAME
    answers = Answers(contact, operator, data, start_url, crawl_at, time_zone, backup_to)
    if path.exists() and not force:
        write_config(path, "", force=False)  # says so before anything is asked
    if not yes:
        answers = _ask(answers)
    text, _ = config_of(answers)
    write_config(path, text, force=force)
    say(f"Wrote {safe(str(path))}. Every setting stands in it, with what it means.")
    settings = load_config(path)
    checks = _examine(settings, settings.archive.folder, offline=offline, quiet=False)
    code = exit_code_of(checks)
    named = "" if folder == Path() else f" --config {safe(shlex.quote(str(path)))}"
    say("Go on with:")
    say(f"  susta crawl{named} --limit 20      a first archive")
    say(f"  susta schedule install{named}      every night by itself")
    raise typer.Exit(code)


def _ask(answers: Answers) -> Answers:
    """Asks for what was not given. Raises ConfigError where nobody can answer."""
    if not sys.stdin.isatty():
        raise ConfigError("There is nobody to ask", advice="Give the answers as options, and --yes.")
    ask = typer.prompt
    contact = answers.contact or ask(
        "E-mail or web address at which the site can reach you", value_proc=_contact, err=True
    )
    operator = answers.operator or ask("Who runs the archive (may be empty)", default="", show_default=False, err=True)
    folder = answers.folder or ask("Folder of the archive", default="data", err=True)
    crawl_at = answers.crawl_at
    if crawl_at is None:
        crawl_at = ask("When to crawl by itself, once installed", default="02:30", err=True)
    given = replace(answers, contact=contact, operator=operator, folder=folder, crawl_at=crawl_at)
    return replace(given, contact=given.contact.strip(), operator=given.operator.strip())


def _contact(text: str) -> str:
    """What was answered, if it is a contact; else it is asked for again."""
    if not is_contact(text.strip()):
        raise typer.BadParameter(CONTACT_IS)
    return text.strip()
