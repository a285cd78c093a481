"""Putting a schedule in place, or taking it away: all of it or nothing.

A working schedule is never replaced by one that the machine does not accept: units are verified first, and what was
there comes back when a step fails.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

from archive import schema
from archive.errors import ConfigError, SustaError
from archive.schema import DATABASE_NAME
from scraper.scheduling import JOB_NAMES, MARK, block_of, crontab_with, refuse_anothers

SYSTEM_UNITS = Path("/etc/systemd/system")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command of the machine came to."""

    code: int
    out: str
    err: str


class Machine(Protocol):
    """Runs commands of the machine; `has` says whether there is such a program."""

    def has(self, program: str) -> bool: ...

    def run(self, words: Sequence[str], text: str = "") -> Said: ...


class ThisMachine:
    """The machine this runs on."""

    def has(self, program: str) -> bool:
        return shutil.which(program) is not None

    def run(self, words: Sequence[str], text: str = "") -> Said:
        try:
            done = subprocess.run(
                list(words), input=text, capture_output=True, text=True, timeout=120, check=False, errors="replace"
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Said(127, "", str(error))
        return Said(done.returncode, done.stdout, done.stderr)


def unit_folder(*, system: bool) -> Path:
    """Where units of the machine, or of whoever runs this, belong (systemd.unit(5), "Unit File Load Path")."""
    if system:
        return SYSTEM_UNITS
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def verify(machine: Machine, files: Mapping[str, str]) -> bool:
    """Has `systemd-analyze verify` look at units, where it is there; returns whether it was. Raises ConfigError with
    what it says. One's own units are looked at as the system's, which needs no session: the settings are the same."""
    if not machine.has("systemd-analyze"):
        return False
    with tempfile.TemporaryDirectory(prefix="susta-units-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        paths = [str(Path(folder) / name) for name in files if name.endswith((".service", ".timer"))]
        said = machine.run(["systemd-analyze", "--system", "verify", "--recursive-errors=no", *paths])
        if "unrecognized option" in said.err:  # before systemd 250
            said = machine.run(["systemd-analyze", "--system", "verify", *paths])
    if said.code:
        raise ConfigError(
            "systemd does not accept the schedule; nothing was changed",
            problems=tuple(line for line in said.err.splitlines() if line.strip())[:10],
            advice="Look at it with `susta schedule write DIR`.",
        )
    return True


def begin_archive(folder: Path, user: str | None) -> None:
    """Makes an archive without anything in it where there is none, so that audit and health of the first hours have
    one; of `user`, when root makes it for them. Raises ConfigError for a user that is not there, and OSError.

    A folder with WARC files has lost its database, which is not to be hidden: `susta rebuild` makes it again."""
    from archive.warc import FOLDER_NAME  # no other command must wait for what writes WARC files

    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)

    if not (folder / DATABASE_NAME).exists() and not (folder / FOLDER_NAME).exists():
        schema.connect(folder / DATABASE_NAME, create=True).close()
        made += list(folder.iterdir())
    _give(made, user)


def make_folders(folders: Iterable[Path], user: str | None) -> list[Path]:
    """Makes the folders that jobs write to where they are not there: the walls of a unit would let it make none.
    Returns those made, which belong to `user` when root makes them. Raises ConfigError for one that cannot be made."""
    made = []
    for folder in dict.fromkeys(folders):
        if folder.is_dir():
            continue
        new = [each for each in (folder, *folder.parents) if not each.exists()]
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise ConfigError(
                f"{folder}, which the schedule writes to, cannot be made: {error.strerror or error}",
                advice="Make it, with write access for who runs the schedule, or name another in the config.",
            ) from error
        _give(new, user)
        made.append(folder)
    return made


def _give(paths: Iterable[Path], user: str | None) -> None:
    """Gives what root made to who is to use it. Raises ConfigError for a user that is not there."""
    if user is None or os.geteuid() != 0:
        return
    try:
        for each in paths:
            shutil.chown(each, user)
    except LookupError as error:
        raise ConfigError(f"There is no user {user!r} here", advice="Name one with --run-as USER.") from error


def write_units(folder: Path, files: Mapping[str, str]) -> None:
    """Writes units, or a block of a crontab, into a folder, each whole. Raises ConfigError for a file there that is
    not ours, before any is touched, and OSError."""
    for name in files:
        if not is_ours(folder / name):
            raise ConfigError(
                f"{folder / name} was not written by `susta schedule`; nothing was changed",
                advice="Move it away, or choose another [schedule] name.",
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        new = folder / f".{name}.part"
        new.write_text(text, encoding="utf-8")
        new.replace(folder / name)


def is_ours(path: Path) -> bool:
    """Whether a file was written here, or is not there."""
    if path.is_symlink() and not path.exists():
        return False
    if not path.exists():
        return True
    lines = path.read_text("utf-8", "replace").splitlines()[:2] if path.is_file() else []
    return MARK in lines  # the first of a unit; of a block of a crontab the second


def installed(folder: Path, name: str) -> dict[str, str]:
    """The files of a schedule that are in place; not those of one whose name begins alike."""
    found = (folder / f"{name}-{job}.{kind}" for job in JOB_NAMES for kind in ("service", "timer", "toml"))
    ours = {path.name: path for path in found if path.is_file() and is_ours(path)}
    return {each: path.read_text(encoding="utf-8") for each, path in sorted(ours.items())}


def install_units(machine: Machine, folder: Path, name: str, files: Mapping[str, str], *, system: bool) -> bool:
    """Puts units in place and starts their timers; returns whether systemd verified them before. Raises ConfigError, or
    SustaError when systemd refuses them or the first look at health cannot be run; what was there is there again."""
    verified = verify(machine, files)
    before = installed(folder, name)
    stale = [each for each in before if each not in files]
    try:
        _stop(machine, stale, system=system)
        write_units(folder, files)
        for each in stale:
            (folder / each).unlink(missing_ok=True)
        _start(machine, files, system=system)
        health = f"{name}-health.service"
        if health in files:
            _try(machine, health, system=system)
    except (SustaError, OSError):
        _put_back(machine, folder, before, files, system=system)
        raise
    return verified


def remove_units(machine: Machine, folder: Path, name: str, *, system: bool) -> list[str]:
    """Stops the timers and takes the units away; returns their names. Runs that go on are left to end."""
    there = installed(folder, name)
    _stop(machine, there, system=system)
    for each in there:
        (folder / each).unlink(missing_ok=True)
    if there:
        _ask(machine, ["daemon-reload"], system=system)
    return list(there)


def _put_back(
    machine: Machine, folder: Path, before: Mapping[str, str], files: Mapping[str, str], *, system: bool
) -> None:
    new = [each for each in files if each not in before]
    machine.run(["systemctl", *_manager(system), "disable", "--now", *_timers(new)]) if _timers(new) else None
    for each in new:
        if is_ours(folder / each):
            (folder / each).unlink(missing_ok=True)
    write_units(folder, before) if before else None
    machine.run(["systemctl", *_manager(system), "daemon-reload"])
    if _timers(before):
        machine.run(["systemctl", *_manager(system), "enable", "--now", *_timers(before)])


def _start(machine: Machine, files: Iterable[str], *, system: bool) -> None:
    _ask(machine, ["daemon-reload"], system=system)
    timers = _timers(files)
    _ask(machine, ["enable", *timers], system=system)
    _ask(machine, ["restart", *timers], system=system)  # a running timer does not see its new times otherwise


def _stop(machine: Machine, files: Iterable[str], *, system: bool) -> None:
    if timers := _timers(files):
        _ask(machine, ["disable", "--now", *timers], system=system)


def _ask(machine: Machine, words: Sequence[str], *, system: bool) -> None:
    asked = ["systemctl", *_manager(system), *words]
    said = machine.run(asked)
    if said.code:
        _refused(asked, said)


def _refused(asked: Sequence[str], said: Said) -> NoReturn:
    raise SustaError(
        f"`{' '.join(asked)}` failed: {said.err.strip() or said.out.strip()}",
        advice="The schedule is as it was before. Without systemd, use `susta schedule install --cron`.",
    )


def _try(machine: Machine, unit: str, *, system: bool) -> None:
    """Runs a look at health once, to see whether the walls stand on this machine. Raises SustaError where it could not
    be run; that it ended with 1, 2 or 3, since it found something to tell, is no reason to have no schedule."""
    said = machine.run(["systemctl", *_manager(system), "start", unit])
    if said.code == 0:
        return
    shown = machine.run(["systemctl", *_manager(system), "show", "--property=Result,ExecMainStatus", unit]).out
    told = dict(line.partition("=")[::2] for line in shown.splitlines())
    if told.get("Result") == "exit-code" and told.get("ExecMainStatus") in ("1", "2", "3"):
        return
    _refused(["systemctl", *_manager(system), "start", unit], said)


def _timers(files: Iterable[str]) -> list[str]:
    return [each for each in files if each.endswith(".timer")]


def _manager(system: bool) -> list[str]:
    return ["--system"] if system else ["--user"]


def read_crontab(machine: Machine) -> str:
    """The crontab of whoever runs this; empty where there is none. Raises SustaError where cron does not say."""
    listed = machine.run(["crontab", "-l"])
    if listed.code and "no crontab" not in listed.err.lower():
        raise SustaError(
            f"The crontab cannot be read: {listed.err.strip() or 'no answer'}; nothing was changed",
            advice="Is cron installed? `susta schedule show --cron` prints the lines.",
        )
    return listed.out if not listed.code else ""


def install_crontab(machine: Machine, name: str, block: str, archive: Path | None = None) -> None:
    """Puts a block into the crontab of whoever runs this, or takes it out (""). Raises SustaError when cron refuses,
    and ConfigError where the block there is of another archive."""
    before = read_crontab(machine)
    if archive is not None:
        refuse_anothers(name, [block_of(before, name)], archive)
    after = crontab_with(before, name, block)
    if after == before:
        return
    said = machine.run(["crontab", "-"], after)
    if said.code:
        raise SustaError(f"cron does not accept the crontab: {said.err.strip()}; it is as it was")
