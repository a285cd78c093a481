"""What no output may take the place of: the files that an archive is made of, and the config in use.

    archive.db, frontier.db and what stands beside them (-wal, .sha256, …)   everything below warc/
    health.json, audited.json, backup.json, .lock

Whatever else stands in an archive's folder, above all `exports/`, is for people to write and to replace.
"""

from collections.abc import Iterator
from pathlib import Path

from archive.errors import ConfigError
from archive.lock import LOCK_NAME
from archive.schema import DATABASE_NAME

_ADVICE = "Name another place, for example in the archive's exports folder."


def refuse_own(output: Path, *, folder: Path | None = None, config: Path | None = None) -> None:
    """Raises ConfigError where an output would take the place of an archive's own file, or of the config in use.

    `folder` is the archive in use; any other is known by its `archive.db`. Links are followed, and of the archive in
    use a hard link to one of its files is refused as well.
    """
    try:
        target = output.resolve()
        for holder in _archives(target, folder):
            if target == holder or (target.is_relative_to(holder) and _is_own(target.relative_to(holder).parts[0])):
                raise ConfigError(f"{output} is, or would be, part of the archive in {holder}", advice=_ADVICE)
        for own in _own_files(folder) if folder else ():
            if _same(target, own):
                raise ConfigError(f"{output} is {own.name}, a part of the archive in {folder}", advice=_ADVICE)
        if config and (target == config.resolve() or _same(target, config)):
            raise ConfigError(f"{output} is the config in use", advice="Name another file.")
    except (OSError, RuntimeError) as error:  # links in a circle, or a folder that may not be read
        raise ConfigError(f"Cannot write {output}: {getattr(error, 'strerror', None) or error}") from error


def _archives(target: Path, folder: Path | None) -> Iterator[Path]:
    """The archives that a place may be in: the one in use, and those whose folder is above it."""
    if folder:
        yield folder.resolve()
    yield from (above for above in target.parents if (above / DATABASE_NAME).exists())


def _is_own(name: str) -> bool:
    from archive.backup import FRONTIER_NAME, MANIFEST  # whoever writes nothing need not wait for these
    from archive.check_memory import MEMORY_NAME
    from archive.health_state import STATE_NAME
    from archive.warc import FOLDER_NAME

    databases = (DATABASE_NAME, FRONTIER_NAME)
    return name in (STATE_NAME, MEMORY_NAME, LOCK_NAME, MANIFEST, FOLDER_NAME, *databases) or name.startswith(
        tuple(each + mark for each in databases for mark in "-.")
    )


def _own_files(folder: Path) -> Iterator[Path]:
    """The files that an archive is made of; of its WARC files also the folder, which may be a link to elsewhere."""
    from archive.warc import FOLDER_NAME

    if folder.is_dir():
        yield from (path for path in folder.iterdir() if _is_own(path.name))
    if (warc := folder / FOLDER_NAME).is_dir():
        yield from warc.rglob("*")


def _same(target: Path, own: Path) -> bool:
    """Whether a place is a file, or in a folder, that already is the archive's, under whichever name."""
    if own.is_dir():
        return target.is_relative_to(own.resolve())
    return target.exists() and own.exists() and target.samefile(own)
