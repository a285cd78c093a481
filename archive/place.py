"""Where a database stands: what is odd about the place is told before anything there is opened, made or written."""

import os
from pathlib import Path

from archive.errors import ArchiveUnusable


def refuse_odd_place(path: Path) -> None:
    """Raises ArchiveUnusable for a link that leads nowhere (a disk that is not there?) and for what is no file. Nothing
    at all is no fault."""
    if path.is_symlink() and not path.exists():
        raise ArchiveUnusable(
            f"{path} is a link to {os.readlink(path)}, which is not there",
            advice="Is a disk missing? Otherwise remove the link; `susta rebuild` makes the database anew.",
        )
    if path.exists() and not path.is_file():
        raise ArchiveUnusable(f"{path} is no file", advice="Choose another folder with --archive DIR.")


def log_of(database: Path) -> Path:
    """Where SQLite keeps a database's write-ahead log: beside the file itself, wherever links lead to it."""
    target = database.resolve()
    return target.with_name(target.name + "-wal")


def in_a_bag(folder: Path) -> bool:
    """Whether a folder is, or lies in, the payload of a BagIt bag (RFC 8493, 2.1.2), of which no byte may change."""
    place = folder.resolve()
    return any(each.name == "data" and os.path.isfile(each.parent / "bagit.txt") for each in (place, *place.parents))
