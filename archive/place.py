"""Where a database should be: told before anything there is opened or made."""

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
