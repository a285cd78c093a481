"""What several test folders share: where the material beside the repository is, how tests are named, and what is made
light for all of them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from unittest.mock import patch

import pytest

# `make test-browser` runs these in an environment of its own, where the archive itself cannot be imported.
collect_ignore = [] if find_spec("playwright") else ["browser"]
WITH_ARCHIVE = find_spec("warcio") is not None

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material beside the repository; tests that need it are skipped in a clone that stands alone."""
    if not (SHARED / "samples").is_dir():
        pytest.skip("no ../shared beside this clone")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def documents_are_read_once() -> Iterator[None]:
    """A crawl of the demo site reads two documents, each in a process of its own; of the same bytes once is enough."""
    if not WITH_ARCHIVE:
        yield
        return
    from archive.attached import read_attached
    from archive.documents import read_document

    with patch.dict(read_attached.__kwdefaults__, read=cache(read_document)):
        yield


@pytest.fixture(scope="session", autouse=True)
def databases_are_hashed_by_a_light_process() -> Iterator[None]:
    """Each crawl seals its database twice, by a process of its own; of a small one Python's start would be most of
    that. tests/archive/test_seal.py has the real thing, and so has every command that is run as a process."""
    if not WITH_ARCHIVE or which("sha256sum") is None:
        yield
        return
    from archive import seal_file

    with patch.object(seal_file, "digest_of", hashed_lightly):
        yield


def hashed_lightly(path: Path) -> str:
    done = subprocess.run(["sha256sum", "--", str(path)], capture_output=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.decode())
    return done.stdout.lstrip(b"\\")[:64].decode()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes do not name a test: what is gzipped holds the time of day, and each worker would name it otherwise."""
    return argname if isinstance(val, bytes) else None
