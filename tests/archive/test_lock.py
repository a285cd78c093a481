"""One run at a time: another process is refused, with the holder named; the lock dies with its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.errors import ArchiveUnusable, ExitCode, LockHeld
from archive.lock import locked

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from archive.lock import locked
with locked(Path(sys.argv[1]), "crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_and_the_holder_is_named(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(LockHeld) as refusal, locked(tmp_path, "rebuild"):
            pass
        assert f"crawl, process {process.pid} on " in str(refusal.value)
        assert str(tmp_path) in str(refusal.value)
        assert refusal.value.advice
        assert refusal.value.exit_code == ExitCode.LOCKED


def test_being_refused_does_not_take_the_holders_name(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        for _ in range(2):
            with pytest.raises(LockHeld, match=f"process {process.pid} "), locked(tmp_path, "rebuild"):
                pass


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        with locked(tmp_path, "crawl"):
            assert f"process {os.getpid()} " in (tmp_path / ".lock").read_text()


def test_the_lock_is_free_when_the_work_ends_or_fails(tmp_path: Path) -> None:
    with locked(tmp_path, "crawl"):
        pass
    assert (tmp_path / ".lock").read_text() == ""
    with pytest.raises(KeyError), locked(tmp_path, "crawl"):
        raise KeyError
    with locked(tmp_path, "crawl"):
        pass


def test_one_process_does_not_hold_it_twice(tmp_path: Path) -> None:
    with locked(tmp_path, "crawl"), pytest.raises(LockHeld), locked(tmp_path, "rebuild"):
        pass


def test_two_archives_have_two_locks(tmp_path: Path) -> None:
    with locked(tmp_path / "one", "crawl"), locked(tmp_path / "two", "crawl"):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveUnusable), locked(tmp_path / "file" / "archive", "crawl"):
        pass
