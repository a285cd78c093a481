"""The half of susta-archive that lasts: records, WARC files, the SQLite archive, search and export.

Nothing in this package imports `scraper` or touches the network, so an archive can be opened, searched and exported
years later without the crawler. What `__all__` names is for people who code (docs/api.md); it is imported when it is
first asked for, so that a program that needs one module of the package waits for no other.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.api import Archive, Article, Attachment, Capture, Photo
    from archive.entries import CreditedSource
    from archive.errors import ArchiveUnusable, ConfigError, SustaError
    from archive.history import History, Revision, Viewed
    from archive.search import Hit, Results

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "ArchiveUnusable",
    "Article",
    "Attachment",
    "Capture",
    "ConfigError",
    "CreditedSource",
    "History",
    "Hit",
    "Photo",
    "Results",
    "Revision",
    "SustaError",
    "Viewed",
]

_HOMES = {
    "archive.api": ("Archive", "Article", "Attachment", "Capture", "Photo"),
    "archive.entries": ("CreditedSource",),
    "archive.errors": ("ArchiveUnusable", "ConfigError", "SustaError"),
    "archive.history": ("History", "Revision", "Viewed"),
    "archive.search": ("Hit", "Results"),
}


def __getattr__(name: str) -> Any:
    """A public name, from the module that it is at home in (PEP 562)."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'archive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
