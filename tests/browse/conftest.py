"""A demo archive of two visits, the same with markup in every text, and a client of it served on loopback."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browse_support import serving
from poisoning import poison

from scraper.demonstration import demonstrate


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo archive that was crawled twice, so that some articles have two revisions."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    for edition in (1, 2):
        demonstrate(
            folder,
            articles=24,
            edition=edition,
            pause=threading.Event().wait,
            stopped=lambda: False,
            watch=lambda _: None,
        )
    return folder


@pytest.fixture(scope="session")
def client(demo: Path) -> Iterator[httpx.Client]:
    """A client of the demo archive."""
    with serving(demo) as client:
        yield client


@pytest.fixture(scope="session")
def hostile(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive with markup and scripts in every text of every table that takes it."""
    folder = tmp_path_factory.mktemp("hostile") / "archive"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    poison(folder / "archive.db")
    return folder


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo archive, without what a reader keeps beside the database while it reads."""
    folder = tmp_path / "archive"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    return folder
