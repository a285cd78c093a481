"""What the machine needs to run an archive by itself, as texts: systemd units (systemd.service(5), systemd.timer(5))
or a block of a crontab (crontab(5)). Pure: a config and a place in, files out; installing.py puts them in place.

    crawl ─ audit ─ backup ─ report   each at its time of [schedule], one service and one timer each
    health                            every [schedule] health_hours, whatever the others did

Two crawls never overlap: the archive's lock sees to that, whoever starts them.
"""

import json
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.errors import ConfigError, ExitCode
from scraper.config import Config
from scraper.when import When, parse_when

MARK = "# Written by `susta schedule`: change [schedule] in the config and install again."
OF_ARCHIVE = "# Of the archive "
JOB_NAMES = ("crawl", "audit", "backup", "report", "health")
_TAME = re.compile(r"[A-Za-z0-9_@+=:,./-]+")
_FINE = (ExitCode.SOME_FAILED, ExitCode.LOCKED, ExitCode.INTERRUPTED)  # ends of a crawl that are no fault of the unit


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are on this machine: the program's words, the config (None: there is none), and the archive, all
    absolute; `user` runs system units (None: units of one's own); `units` is the folder of the units, where it is
    known."""

    program: tuple[str, ...]
    config: Path | None
    archive: Path
    user: str | None = None
    units: Path | None = None


def settled(path: Path) -> Path:
    """A path as a unit wants it: absolute, and without `..`, which systemd takes for a mistake."""
    whole = path.absolute()
    return whole.resolve() if ".." in whole.parts else whole


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that is done again and again. `writes` are the folders it writes to; `when` None: every so many
    hours."""

    name: str
    words: tuple[str, ...]
    when: When | None
    writes: tuple[Path, ...]
    online: bool = False


def jobs_of(config: Config, place: Place) -> list[Job]:
    """What is to be done by itself, in the order of the day's work. Raises ConfigError where a time of day comes twice
    or not at all when clocks are changed."""
    schedule, archive = config.schedule, place.archive
    of = ("--archive", str(archive), *(("--config", str(place.config)) if place.config else ()))
    log = (settled(config.archive.log_file).parent,) if config.archive.log_file else ()
    found = [
        Job("crawl", ("crawl", "--quiet", *of), _time(schedule.crawl), (archive, *log), online=True),
        Job("audit", ("check", "--due", "--quiet", *of), _time(schedule.audit), (archive,)),
    ]
    if schedule.backup_to is not None:
        target = settled(schedule.backup_to)
        found.append(Job("backup", ("backup", str(target), *of), _time(schedule.backup), (archive, target)))
    if schedule.report_to is not None:
        target = settled(schedule.report_to)
        words = ("report", "--output", str(target), *of)
        found.append(Job("report", words, _time(schedule.report), (archive, target.parent)))
    found = [job for job in found if job.when is not None]
    if schedule.health_hours:
        told = (settled(config.health.metrics_file).parent,) if config.health.metrics_file else ()
        kept = place.units / fallback_name(config) if place.units else None
        words = ("health", "--changed", *of, *(("--fallback", str(kept)) if kept else ()))
        found.append(Job("health", words, None, (archive, *told), online=True))
    return found


def _time(text: str) -> When | None:
    return parse_when(text) if text else None


def refuse_odd_times(config: Config, today: date) -> None:
    """Raises ConfigError for times that the clock of the zone leaves out or shows twice within two years."""
    schedule = config.schedule
    zone = ZoneInfo(schedule.time_zone)
    problems = []
    for key in ("crawl", "audit", "backup", "report"):
        when = _time(getattr(schedule, key))
        for day, times in (when.odd_days(zone, today) if when else [])[:1]:
            how = "not at all" if times == 0 else "twice"
            problems.append(f"schedule.{key}: it is {when.hour:02d}:{when.minute:02d} {how} on {day} ({zone.key})")  # type: ignore[union-attr]
    if problems:
        raise ConfigError(
            "The schedule would leave out or double a run when clocks are changed; nothing was changed",
            problems=tuple(problems),
            advice="Choose another hour, or a zone without daylight saving time ([schedule] time_zone).",
        )


def next_times(config: Config, jobs: Sequence[Job], now: datetime) -> dict[str, datetime]:
    """When each job that has a time of day comes next (UTC)."""
    zone = ZoneInfo(config.schedule.time_zone)
    first = now.astimezone(zone).date() - timedelta(days=1)
    found = {}
    for job in jobs:
        if job.when is not None:
            found[job.name] = next(moment for moment in job.when.moments(zone, first, 400) if moment > now)
    return found


# systemd


def units(config: Config, place: Place) -> dict[str, str]:
    """Each unit's file name and text. Raises ConfigError for paths that no unit can name."""
    found = {}
    for job in jobs_of(config, place):
        name = f"{config.schedule.name}-{job.name}"
        found[f"{name}.service"] = _service(config, place, job)
        found[f"{name}.timer"] = _timer(config, job)
    if place.units is not None and config.schedule.health_hours:
        found[fallback_name(config)] = fallback_config(config)
    return found


def fallback_name(config: Config) -> str:
    return f"{config.schedule.name}-health.toml"


def fallback_config(config: Config) -> str:
    """The little that `health` needs to tell of a config that was broken later."""
    health = config.health
    lines = [
        MARK,
        "[health]",
        f"hook = {json.dumps(list(health.hook))}",
        f"hook_timeout_seconds = {health.hook_timeout_seconds!r}",
    ]
    if health.metrics_file:
        lines.append(f"metrics_file = {json.dumps(str(settled(health.metrics_file)))}")
    return "\n".join([*lines, "[schedule]", f'name = "{config.schedule.name}"', ""])


def _service(config: Config, place: Place, job: Job) -> str:
    schedule = config.schedule
    online = job.online and place.user is not None
    lines = [MARK, f"{OF_ARCHIVE}{place.archive}", "[Unit]", f"Description=susta-archive {schedule.name}: {job.name}"]
    lines += ["Wants=network-online.target", "After=network-online.target"] if online else []
    lines += ["", "[Service]", "Type=oneshot"]
    lines += [f"User={place.user}"] if place.user else []
    lines += [
        f"WorkingDirectory={_plain_path(place.archive.parent)}",
        f"ExecStart={' '.join(_word(word, command=True) for word in (*place.program, *job.words))}",
    ]
    fine = _FINE if job.name == "crawl" else (1, 2, 3) if job.name == "health" and config.health.hook else ()
    lines += [f"SuccessExitStatus={' '.join(str(int(code)) for code in fine)}"] if fine else []
    lines += [
        "# A first crawl may take days; it stops within seconds when asked to.",
        "TimeoutStartSec=infinity",
        "TimeoutStopSec=2min",
        "Nice=10",
        f"MemoryMax={schedule.memory_megabytes}M",
        f"CPUQuota={schedule.cpu_percent}%",
    ]
    lines += _cage(config, place, job)
    return "\n".join(lines) + "\n"


def _cage(config: Config, place: Place, job: Job) -> list[str]:
    """What the service may not do. A hook is the operator's own program, such as `sendmail`, which needs its own
    rights: with one, `health` keeps only the wide walls."""
    writes = f"ReadWritePaths={' '.join('-' * (path != place.archive) + _word(str(path)) for path in job.writes)}"
    writes = re.sub(r'([ =])-"', r'\1"-', writes)
    if job.name == "health" and config.health.hook:
        return ["PrivateTmp=yes", "ProtectSystem=full", writes] if place.user else []
    lines = ["NoNewPrivileges=yes"]
    lines += (
        [] if place.user else ["# Units of one's own have these walls only in a user namespace.", "PrivateUsers=yes"]
    )
    lines += ["ProtectSystem=strict", writes, "PrivateTmp=yes", "PrivateDevices=yes"]
    lines += [] if job.online else ["PrivateNetwork=yes"]
    lines += [
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectControlGroups=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
    ]
    if place.user:
        lines += ["ProtectKernelLogs=yes", "ProtectClock=yes", "ProtectHostname=yes", "CapabilityBoundingSet="]
    return lines


def _timer(config: Config, job: Job) -> str:
    schedule = config.schedule
    lines = [MARK, "[Unit]", f"Description=susta-archive {schedule.name}: when to {job.name}", "", "[Timer]"]
    if job.when is None:
        hours = "*" if schedule.health_hours == 1 else f"0/{schedule.health_hours}"
        lines += [f"OnCalendar=*-*-* {hours}:17:00 {schedule.time_zone}"]
    else:
        lines += [f"OnCalendar={job.when.on_calendar(schedule.time_zone)}"]
        lines += [f"RandomizedDelaySec={schedule.delay_minutes}min"] if schedule.delay_minutes else []
    lines += ["# What was missed while the machine was off is done when it is on again.", "Persistent=true"]
    return "\n".join([*lines, "AccuracySec=1min", "", "[Install]", "WantedBy=timers.target", ""])


def _word(text: str, *, command: bool = False) -> str:
    """A word as systemd reads it (systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers"; in commands also
    "Command lines" of systemd.service(5))."""
    if not text.isprintable():
        raise ConfigError(f"{text!r} cannot be named in a schedule", advice="Use a path of printable letters.")
    if _TAME.fullmatch(text):
        return text
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text.replace("$", "$$") if command else text}"'


def _plain_path(path: Path) -> str:
    """A path in a setting that takes one and no quotes."""
    text = str(path)
    if not text.isprintable() or text != text.strip():
        raise ConfigError(f"{text!r} cannot be named in a schedule", advice="Use a path of printable letters.")
    return text.replace("%", "%%")


# cron


def crontab_block(config: Config, place: Place, local_zone: str | None) -> str:
    """The lines of a crontab, between marks. `local_zone` is the machine's (None: not known); where it differs from the
    schedule's, CRON_TZ says which is meant, to those crons that know it."""
    schedule = config.schedule
    lines = [begin_mark(schedule.name), MARK, f"{OF_ARCHIVE}{place.archive}"]
    if local_zone != schedule.time_zone:
        lines += [
            "# cronie reads CRON_TZ; the cron of Debian, Ubuntu and BusyBox does not, and takes the machine's time.",
            f"CRON_TZ={schedule.time_zone}",
        ]
    for job in jobs_of(config, place):
        fields = (
            job.when.cron()
            if job.when
            else f"17 {'*' if schedule.health_hours == 1 else f'*/{schedule.health_hours}'} * * *"
        )
        command = shlex.join((*place.program, *job.words)).replace("%", "\\%")
        if not command.isprintable():
            raise ConfigError(f"{command!r} cannot stand in a crontab", advice="Use paths of printable letters.")
        # Cron mails what is printed: of health what changed, of the others what went wrong.
        lines.append(f"{fields} {command}" + ("" if job.name == "health" else " >/dev/null"))
    return "\n".join([*lines, end_mark(schedule.name), ""])


def refuse_anothers(name: str, texts: Iterable[str], archive: Path) -> None:
    """Raises ConfigError where what is in place under this name is of another archive that is still there: its schedule
    would end, and nobody would hear of it."""
    for line in (line for text in texts for line in text.splitlines() if line.startswith(OF_ARCHIVE)):
        other = Path(line.removeprefix(OF_ARCHIVE))
        if other != archive and other.exists():
            raise ConfigError(
                f"There is a schedule {name!r} of another archive, {other}; nothing was changed",
                advice="Give this one a name of its own ([schedule] name), or remove the other one's first.",
            )


def names_config(text: str, config: Path) -> bool:
    """Whether a unit or a block of a crontab has a job that reads this config."""
    try:
        words = (_word(str(config), command=True), shlex.quote(str(config)).replace("%", "\\%"))
    except ConfigError:  # no schedule can name it
        return False
    return any(f" --config {word} " in f"{line} " for line in text.splitlines() for word in words)


def block_of(crontab: str, name: str) -> str:
    """Our block of a crontab; empty where there is none."""
    lines = crontab.splitlines()
    begin = next((place for place, line in enumerate(lines) if line.strip() == begin_mark(name)), len(lines))
    end = next((place for place, line in enumerate(lines) if line.strip() == end_mark(name) and place > begin), begin)
    return "\n".join(lines[begin:end])


def begin_mark(name: str) -> str:
    return f"# begin {name} (susta-archive)"


def end_mark(name: str) -> str:
    return f"# end {name} (susta-archive)"


def crontab_with(crontab: str, name: str, block: str) -> str:
    """A crontab with our block in it, at its end and once, or without it (""); all other lines stay as they are.

    Raises ConfigError where a block has no end: somebody edited it.
    """
    kept, inside = [], False
    for line in crontab.splitlines():
        if line.strip() == begin_mark(name):
            inside = True
        elif line.strip() == end_mark(name) and inside:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise ConfigError(
            f"The crontab has {begin_mark(name)!r} and no end of it; nothing was changed",
            advice="Take the line out with `crontab -e`.",
        )
    text = "\n".join(kept)
    return (text + "\n" if text else "") + block
