"""This program to the letter, and what it rests on: for what is kept only as long as the same program would make it
again."""

import hashlib
import platform
import sqlite3
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path


def program_digest(packages: Iterable[str], libraries: Iterable[str] = ()) -> str:
    """SHA-256 (hex) of the sources of imported packages, of Python's and SQLite's versions, and of the versions of
    libraries. Raises OSError where there are no sources to be read, PackageNotFoundError for a library that is not
    there."""
    digest = hashlib.sha256(f"{platform.python_version()} {sqlite3.sqlite_version}\n".encode())
    for library in libraries:
        digest.update(f"{library} {version(library)}\n".encode())
    for package in sorted(packages):
        home = Path(sys.modules[package].__path__[0])
        sources = sorted(home.rglob("*.py"))
        if not sources:
            raise OSError(f"there are no sources in {home}")
        for path in sources:
            source = path.read_bytes()
            digest.update(f"{package}/{path.relative_to(home).as_posix()} {len(source)}\n".encode())
            digest.update(source)
    return digest.hexdigest()
