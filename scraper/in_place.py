"""Which schedules are in place on this machine, of whichever kind, name and archive, and taking them away.

Read from what is in place itself, so that a schedule can be stopped when its config cannot be read.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import ConfigError, SustaError
from scraper.installing import Machine, install_crontab, installed, read_crontab, remove_units, unit_folder
from scraper.scheduling import JOB_NAMES, OF_ARCHIVE, begin_mark, block_of, end_mark, names_config

_UNIT = re.compile(rf"([a-z0-9][a-z0-9-]*)-(?:{'|'.join(JOB_NAMES)})\.(?:service|timer|toml)")
_BEGIN = re.compile(re.escape(begin_mark("NAME")).replace("NAME", "([a-z0-9-]+)"))


class Kind(StrEnum):
    """Where a schedule stands."""

    OWN = "units of one's own"
    SYSTEM = "units of the machine"
    CRON = "lines of the crontab"


def kind_of(*, system: bool, cron: bool) -> Kind:
    """The kind that options ask for."""
    return Kind.CRON if cron else Kind.SYSTEM if system else Kind.OWN


@dataclass(frozen=True, slots=True)
class InPlace:
    """One schedule that is in place; `files` are its texts by file name (of a crontab: the block)."""

    kind: Kind
    name: str
    files: dict[str, str]

    def __str__(self) -> str:
        return f"{self.kind} ({self.name})"

    @property
    def archive(self) -> Path | None:
        """The archive it is of; None where it does not say."""
        lines = (line for text in self.files.values() for line in text.splitlines())
        return next((Path(line.removeprefix(OF_ARCHIVE)) for line in lines if line.startswith(OF_ARCHIVE)), None)

    def names(self, config: Path) -> bool:
        """Whether its jobs read this config."""
        return any(names_config(text, config) for text in self.files.values())


def all_in_place(machine: Machine, unseen: Callable[[Kind, str], None] = lambda *_: None) -> list[InPlace]:
    """Every schedule of this program that can be seen by who runs this. `unseen` is told of a kind that is there and
    cannot be read, and why."""
    return [*_units(Kind.OWN, unseen), *_units(Kind.SYSTEM, unseen), *_blocks(machine, unseen)]


def _units(kind: Kind, unseen: Callable[[Kind, str], None]) -> Iterator[InPlace]:
    folder = unit_folder(system=kind is Kind.SYSTEM)
    try:
        names = {found[1] for path in folder.glob("*") if (found := _UNIT.fullmatch(path.name))}
        for name in sorted(names):
            if files := installed(folder, name):
                yield InPlace(kind, name, files)
    except OSError as error:
        unseen(kind, f"{error.filename or folder} cannot be read: {error.strerror or error}")


def _blocks(machine: Machine, unseen: Callable[[Kind, str], None]) -> Iterator[InPlace]:
    if not machine.has("crontab"):
        return
    try:
        text = read_crontab(machine)
    except SustaError as error:
        unseen(Kind.CRON, str(error))
        return
    names = dict.fromkeys(found[1] for line in text.splitlines() if (found := _BEGIN.fullmatch(line.strip())))
    for name in names:
        block = block_of(text, name)
        yield InPlace(Kind.CRON, name, {"crontab": f"{block}\n{end_mark(name)}\n" if block else ""})


def refuse_second(found: list[InPlace], kind: Kind, name: str, archive: Path) -> None:
    """Raises ConfigError where the archive has a schedule of another kind or name: with two, everything would be done
    twice, and taking one away would leave the other."""
    others = [each for each in found if each.archive == archive and (each.kind, each.name) != (kind, name)]
    if others:
        raise ConfigError(
            f"This archive has a schedule already: {', '.join(map(str, others))}; nothing was changed",
            advice="Take it away with `susta schedule remove`, then install again.",
        )


def take_away(machine: Machine, one: InPlace) -> list[str]:
    """Stops a schedule and takes it away; returns the names of what is gone. Raises SustaError, or OSError, where that
    is refused."""
    if one.kind is Kind.CRON:
        install_crontab(machine, one.name, "")
        return [str(one)]
    system = one.kind is Kind.SYSTEM
    if system and os.geteuid() != 0:
        raise SustaError("only root may", advice=f"Run `sudo susta schedule remove --system --name {one.name}`.")
    return remove_units(machine, unit_folder(system=system), one.name, system=system)
