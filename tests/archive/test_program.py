"""The digest of the program itself: another program, another digest."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import archive
from archive.program import program_digest
from scraper import rebuild
from scraper.config import Config


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's sources, to change."""
    place = tmp_path / "archive"
    shutil.copytree(archive.__path__[0], place, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sys.modules["archive"], "__path__", [str(place)])
    return place


@pytest.mark.usefixtures("copied")
def test_one_program_has_one_digest_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    there = program_digest(["archive"])
    monkeypatch.undo()
    assert program_digest(["archive"]) == there != program_digest(["archive"], ["selectolax"])
    assert program_digest(["archive", "scraper"]) == program_digest(["scraper", "archive"]) != there


def test_any_change_of_a_source_changes_it(copied: Path) -> None:
    before = program_digest(["archive"])
    path = copied / "browse" / "texts.py"
    path.write_bytes(path.read_bytes() + b"#")
    changed = program_digest(["archive"])
    path.rename(copied / "texts_too.py")
    assert len({before, changed, program_digest(["archive"])}) == 3


def test_what_cannot_be_read_has_none(copied: Path) -> None:
    with pytest.raises(PackageNotFoundError):
        program_digest(["archive"], ["no such library"])
    shutil.rmtree(copied)
    with pytest.raises(OSError, match="no sources"):
        program_digest(["archive"])
    assert rebuild._maker(Config()) != rebuild._maker(Config())  # so no rebuild goes on with another's
