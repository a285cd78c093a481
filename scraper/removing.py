"""Finishing what a withdrawal with its bytes began: at the start of every command that writes, before anything else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import __version__
from archive.removal import Rewritten, removals_due, remove_bytes
from archive.store import Store
from archive.warc import WarcFiles
from scraper.config import AGENT_NAME, Config
from scraper.derive import Deriver


def stamp(moment: datetime) -> str:
    """A time as the archive writes it: UTC, ISO 8601 with `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def agent_of(config: Config) -> str:
    """Software and version, with the operator where one is configured."""
    operator = f", {config.archive.operator}" if config.archive.operator else ""
    return f"{AGENT_NAME}/{__version__}{operator}"


def warc_writer(config: Config, warc_folder: Path) -> WarcFiles:
    """The archive's WARC files, for appending to a new one."""
    return WarcFiles(
        warc_folder,
        software=f"{AGENT_NAME}/{__version__}",
        operator=config.archive.operator,
        max_bytes=config.archive.warc_max_megabytes * 1_000_000,
    )


def finish_removals(
    store: Store,
    deriver: Deriver,
    config: Config,
    warc_folder: Path,
    now: datetime,
    watch: Callable[[int, int], None] = lambda *_: None,
) -> list[Rewritten]:
    """Rewrites the WARC files that hold bytes to remove (see `archive.removal`). All files must be finished and worked
    in."""
    if not removals_due(store):
        return []
    writer = warc_writer(config, warc_folder)

    def append(name: str, data: dict[str, Any]) -> None:
        deriver.take(writer.append_event(name, data["at"], data))

    try:
        return remove_bytes(store, warc_folder, stamp(now), append, watch)
    finally:
        writer.close()
