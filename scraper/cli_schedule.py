"""The commands that have the machine run an archive by itself: schedule show, write, install, remove."""

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from archive.errors import ConfigError, ExitCode, SustaError
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json, say
from scraper.config import DEFAULT_NAME, Config, load_config
from scraper.console import safe
from scraper.in_place import InPlace, Kind, all_in_place, kind_of, refuse_second, take_away
from scraper.installing import (
    Machine,
    ThisMachine,
    begin_archive,
    install_crontab,
    install_units,
    installed,
    make_folders,
    read_crontab,
    unit_folder,
    verify,
    write_units,
)
from scraper.scheduling import (
    Place,
    block_of,
    crontab_block,
    jobs_of,
    next_times,
    refuse_anothers,
    refuse_odd_times,
    settled,
    units,
)

commands = typer.Typer()
schedule = typer.Typer(
    help="Have this machine crawl, audit, back up and look after the archive by itself, at the times of [schedule].",
    no_args_is_help=True,
)
commands.add_typer(schedule, name="schedule")

SystemOption = Annotated[bool, typer.Option("--system", help="Units of the machine (as root), not one's own.")]
CronOption = Annotated[bool, typer.Option("--cron", help="Lines of a crontab, where there is no systemd.")]
RunAsOption = Annotated[
    str | None, typer.Option("--run-as", metavar="USER", help="With --system: who runs it (default: who called sudo).")
]


@schedule.command("show")
def show_command(
    system: SystemOption = False,
    run_as: RunAsOption = None,
    cron: CronOption = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show what is done when, what is in place, and what `install` would write.

    \b
    Examples:
      susta schedule show
      susta schedule show --cron
      susta schedule show --json
    """
    settings, place = _asked(archive, config, _folder(system, cron), _user(system, run_as))
    now = datetime.now(UTC)
    times = next_times(settings, jobs_of(settings, place), now)
    found, this = all_in_place(ThisMachine()), (kind_of(system=system, cron=cron), settings.schedule.name)
    there = next((each.files for each in found if (each.kind, each.name) == this), {})
    others = [each for each in found if each.archive == place.archive and (each.kind, each.name) != this]
    files = {"crontab": crontab_block(settings, place, local_zone())} if cron else units(settings, place)
    if as_json:
        besides = {"others": [{"kind": each.kind, "name": each.name} for each in others]}
        print_json(_as_json(settings, place, times, files, there) | besides)
        return
    print("\n".join(_shown(settings, place, times)))
    if cron:
        print(files["crontab"], end="")
    if there or not others:
        print(f"In place: {_standing(files, there)}")
    if others:
        too = "In place too" if there else "In place"
        print(f"{too}: {', '.join(map(str, others))}; `susta schedule remove` takes all away")
    try:
        refuse_odd_times(settings, now.date())
    except ConfigError as error:
        say(f"{error.problems[0]}. {error.advice}")


@schedule.command("write")
def write_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the files; it is made.")],
    system: SystemOption = False,
    run_as: RunAsOption = None,
    cron: CronOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the files into a folder, to look at or to put in place by other means.

    \b
    Examples:
      susta schedule write units/
      susta schedule write units/ --system --run-as archive
      susta schedule write units/ --cron
    """
    settings, place = _asked(archive, config, None, _user(system, run_as))
    refuse_odd_times(settings, datetime.now(UTC).date())
    if cron:
        files = {f"{settings.schedule.name}.crontab": crontab_block(settings, place, local_zone())}
        write_units(folder, files)
    else:
        files = units(settings, place)
        verified = verify(ThisMachine(), files)
        write_units(folder, files)
        say("Verified by systemd-analyze." if verified else "systemd-analyze is not here, so nothing was verified.")
    print("\n".join(str(folder / name) for name in files))


@schedule.command("install")
def install_command(
    system: SystemOption = False,
    run_as: RunAsOption = None,
    cron: CronOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Put the schedule in place and start it, in place of the one that was there.

    A config with mistakes, or units that systemd does not accept, change nothing.

    \b
    Examples:
      susta schedule install
      sudo susta schedule install --system --config /srv/archive/config.toml
      susta schedule install --cron
    """
    settings, place = _asked(archive, config, _folder(system, cron), _user(system, run_as))
    now = datetime.now(UTC)
    refuse_odd_times(settings, now.date())
    name, machine, folder = settings.schedule.name, ThisMachine(), unit_folder(system=system)
    refuse_second(all_in_place(machine), kind_of(system=system, cron=cron), name, place.archive)
    if cron:
        refuse_anothers(name, [block_of(read_crontab(machine), name)], place.archive)
        _begin(settings, place)
        install_crontab(machine, name, crontab_block(settings, place, local_zone()), place.archive)
    else:
        refuse_anothers(name, installed(folder, name).values(), place.archive)
        _begin(settings, place)
        files = units(settings, place)
        verified = install_units(machine, folder, name, files, system=system)
        say(f"{len(files)} files in {folder}" + (", verified by systemd-analyze." if verified else "."))
    print("\n".join(_shown(settings, place, next_times(settings, jobs_of(settings, place), now))))
    for remark in remarks(settings, machine, system=system, cron=cron):
        say(remark)


@schedule.command("remove")
def remove_command(
    system: SystemOption = False,
    cron: CronOption = False,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="The schedule of this name, whatever the config says or is."),
    ] = None,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Stop the schedule and take it away; the archive stays as it is, and a run that goes on ends by itself.

    Every kind that is in place goes: units of one's own, units of the machine, lines of the crontab. It needs no config
    that can be read. Exit 1 when something could not be taken away.

    \b
    Examples:
      susta schedule remove
      susta schedule remove --cron
      susta schedule remove --name susta
    """
    machine, unread = ThisMachine(), dict[Kind, str]()
    kinds = {kind_of(system=system, cron=cron)} if system or cron else set(Kind)
    found = [each for each in all_in_place(machine, unread.__setitem__) if each.kind in kinds]
    chosen = [each for each in found if each.name == name] if name else _meant(found, archive, config)
    if not chosen:
        there = f" In place are: {', '.join(map(str, found))}; name one with --name." if found else ""
        say(f"There is no such schedule in place.{there}")
    problems = [f"Perhaps still in place: {kind}: {why}" for kind, why in unread.items() if kind in kinds]
    for each in chosen:
        try:
            say(f"Removed: {', '.join(take_away(machine, each))}")
        except (SustaError, OSError) as error:
            problems.append(f"Still in place: {each}: {error}. {getattr(error, 'advice', '')}".rstrip())
    for problem in problems:
        say(safe(problem))
    if problems:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _meant(found: list[InPlace], archive: Path | None, config: Path | None) -> list[InPlace]:
    """The schedules of this archive or config. Raises the config's ConfigError where it cannot be read and none of
    those that are in place names it."""
    file = settled(config or Path(DEFAULT_NAME))
    try:
        settings = load_config(config)
    except ConfigError as error:
        folder = settled(archive) if archive else file.parent / Config().archive.folder
        chosen = [each for each in found if each.archive == folder or each.names(file)]
        if not chosen and found:
            advice = f"Name the schedule with --name NAME; in place are {', '.join(map(str, found))}."
            raise ConfigError(str(error), problems=error.problems, advice=advice) from error
        if chosen:
            say(f"Note: {error}. What is in place names it, and goes.")
        return chosen
    folder, name = settled(folder_of(archive, settings)), settings.schedule.name
    return [
        each
        for each in found
        if each.archive == folder
        or each.names(file)
        or (each.name == name and (each.archive is None or not each.archive.exists()))
    ]


def _begin(settings: Config, place: Place) -> None:
    """Makes the archive, and the folders that its schedule writes to, where they are not there yet."""
    begin_archive(place.archive, place.user)
    for made in make_folders([path for job in jobs_of(settings, place) for path in job.writes], place.user):
        say(f"Made the folder {safe(str(made))}")


def _folder(system: bool, cron: bool) -> Path | None:
    return None if cron else unit_folder(system=system)


def _user(system: bool, run_as: str | None) -> str | None:
    """Who runs units of the machine. Raises ConfigError for root, which a crawl has no need of."""
    if not system:
        if run_as is not None:
            raise ConfigError("--run-as goes with --system")
        return None
    user = run_as or os.environ.get("SUDO_USER") or getpass.getuser()
    if user == "root" and run_as is None:
        raise ConfigError("A crawl has no need of root", advice="Name who runs it with --run-as USER.")
    if not user.isprintable() or not user or " " in user or "%" in user:
        raise ConfigError(f"{user!r} is no name of a user")
    return user


def _asked(archive: Path | None, config: Path | None, folder: Path | None, user: str | None) -> tuple[Config, Place]:
    settings = load_config(config)
    named = config or (Path(DEFAULT_NAME) if Path(DEFAULT_NAME).exists() else None)
    found = settled(named) if named else None
    place = Place(program(), found, settled(folder_of(archive, settings)), user, folder)
    return settings, place


def program() -> tuple[str, ...]:
    """The words that start this program, from wherever it is started."""
    script = Path(sys.executable).parent / "susta"
    return (str(script),) if script.exists() else (sys.executable, "-P", "-m", "scraper")


def local_zone() -> str | None:
    """The machine's time zone, by the name of its file; None when that is not known."""
    path = os.path.realpath("/etc/localtime")
    return path.partition("zoneinfo/")[2] or None


def _shown(settings: Config, place: Place, times: dict[str, datetime]) -> list[str]:
    zone = ZoneInfo(settings.schedule.time_zone)
    lines = [f"Archive {safe(str(place.archive))}, times of {zone.key}:"]
    for job in jobs_of(settings, place):
        if job.when is None:
            lines.append(f"  {job.name:8} every {settings.schedule.health_hours} h")
        else:
            lines.append(f"  {job.name:8} next {times[job.name].astimezone(zone):%a %Y-%m-%d %H:%M}")
    return lines


def _standing(files: dict[str, str], there: dict[str, str]) -> str:
    if not there:
        return "nothing yet; `susta schedule install` would write " + ", ".join(files)
    if there == files:
        return "this schedule"
    return "another schedule; `susta schedule install` would put this one in its place"


def _as_json(
    settings: Config, place: Place, times: dict[str, datetime], files: dict[str, str], there: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": settings.schedule.name,
        "archive": str(place.archive),
        "time_zone": settings.schedule.time_zone,
        "jobs": [
            {
                "name": job.name,
                "command": [*place.program, *job.words],
                "next": times[job.name].strftime("%Y-%m-%dT%H:%M:%SZ") if job.name in times else None,
            }
            for job in jobs_of(settings, place)
        ],
        "files": files,
        "installed": sorted(there),
        "current": there == files,
    }


def remarks(settings: Config, machine: Machine, *, system: bool, cron: bool) -> list[str]:
    """What else a person should know once the schedule is in place."""
    found = []
    if not settings.health.hook:
        who = "cron mails what changes" if cron else "a failed unit is all that tells of trouble"
        found.append(f"Note: [health] hook is empty; {who}. See docs/scheduling.md.")
    if not settings.crawl.contact:
        found.append("Note: [crawl] contact is empty; set it so that the site can reach you.")
    if settings.schedule.backup_to is None:
        found.append("Note: [schedule] backup_to is empty; no backup is made.")
    if cron and local_zone() != settings.schedule.time_zone:
        found.append(
            f"Note: the machine's time zone is {local_zone() or 'not known'}. cronie reads CRON_TZ; the cron of "
            "Debian, Ubuntu and BusyBox takes the machine's time. Set [schedule] time_zone to the machine's, or use "
            "systemd."
        )
    if not system and not cron and machine.has("loginctl"):
        said = machine.run(["loginctl", "show-user", getpass.getuser(), "--property=Linger"])
        if "yes" not in said.out:
            found.append("Note: timers of one's own run only while one is logged in, until `loginctl enable-linger`.")
    return found
