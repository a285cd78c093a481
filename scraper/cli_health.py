"""The command that says whether the archive is well: health."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import ConfigError, SustaError
from archive.health_terms import RULES, Level
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json, say
from scraper.config import load_config
from scraper.console import safe

if TYPE_CHECKING:
    from archive.health import Health
    from scraper.looking import Looked

commands = typer.Typer()
UNKNOWN = int(Level.UNKNOWN)


@commands.command("health")
def health_command(
    look_only: Annotated[
        bool, typer.Option("--look", help="Only look: run no hook, write neither state nor metrics.")
    ] = False,
    accepted: Annotated[
        str | None, typer.Option("--accept", metavar="RULE", help="Take what this rule says as the new usual.")
    ] = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing while all is well.")] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="Print nothing unless something is not as it was said last time.")
    ] = False,
    fallback: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Whom to tell when the config has mistakes; written by `susta schedule`."),
    ] = None,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Say whether the archive is well: exit 0 OK, 1 warning, 2 critical, 3 unknown or no archive.

    Rules watch for silence: runs that stopped, news that stopped, pages that are read worse than before (the site was
    redesigned), a changed notice, audits, the disk, the clock. Whenever one says something else than before, the
    command in [health] hook is told.

    \b
    Examples:
      susta health                      one line for a monitoring system, then the rules
      susta health --json               all figures, for a program
      susta health --look               without telling anybody
      susta health --accept redesign    a person looked, and this is the new usual
    """
    from archive.health import unknown
    from scraper.looking import Looked, accept, look, look_and_tell

    now = datetime.now(UTC)
    try:
        settings = load_config(config)
        folder = folder_of(archive, settings)
        if accepted is not None:
            if accepted not in RULES:
                raise ConfigError(f"There is no rule {accepted!r}", advice=f"There are: {', '.join(RULES)}.")
            accept(folder, accepted, now)
        looked = Looked(look(settings, folder, now)) if look_only else look_and_tell(settings, folder, now)
    except SustaError as error:
        problems = "; ".join(getattr(error, "problems", ()))
        health = unknown(now, f"{error}{f': {problems}' if problems else ''}", error.advice)
        looked = _tell_of_config(health, archive, fallback)
    except Exception as error:  # whatever it is, a monitoring system must not take it for a warning
        looked = Looked(unknown(now, f"susta health failed: {type(error).__name__}: {error}"))
    if not changed or looked.changes or looked.problems:
        _show(looked, as_json=as_json, quiet=quiet)
    raise typer.Exit(int(looked.health.level))


def _tell_of_config(health: "Health", archive: Path | None, fallback: Path | None) -> "Looked":
    """Tells the hook of the time when the config was whole; nobody, where none is known."""
    from scraper.looking import Looked, look_and_tell

    if fallback is None or archive is None:
        return Looked(health)
    try:
        return look_and_tell(load_config(fallback), archive, health.at, health=health)
    except SustaError as error:
        return Looked(health, problems=[f"nobody was told: {error}"])


def _show(looked: "Looked", *, as_json: bool, quiet: bool) -> None:
    if as_json:
        changed = [each.as_dict() for each in looked.changes]
        print_json(looked.health.as_dict() | {"changes": changed, "problems": looked.problems})
    elif looked.health.level or not quiet:
        print(health_text(looked.health))
    for problem in looked.problems:
        say(safe(problem))


def health_text(health: "Health") -> str:
    """For people and monitoring systems: the state and its reasons on the first line, then each rule, worst first."""
    bad = sorted((each for each in health.findings if each.level), key=lambda each: -each.level)
    reasons = "; ".join(f"{each.rule}: {each.reason}" for each in bad) or "all is well"
    lines = [_line(f"{health.level.name}: {reasons}".replace("|", "/"))]  # what follows a bar would be read as figures
    for each in bad:
        lines.append(_line(f"  {each.level.name:8} {each.rule}: {each.reason}"))
        lines += [_line(f"           -> {each.advice}")] if each.advice else []
    lines += [_line(f"  {'OK':8} {each.rule}: {each.reason}") for each in health.findings if not each.level]
    return "\n".join(lines)


def _line(text: str) -> str:
    return safe(" ".join(text.split("\n")))


def is_asked_for(arguments: list[str]) -> bool:
    """Whether a command line is one of `health`, whose exit code is read by monitoring systems."""
    return next((word for word in arguments if not word.startswith("-")), "") == "health"
