"""What several test folders share: where the material beside the repository is, and how tests are named."""

from importlib.util import find_spec
from pathlib import Path

import pytest

# `make test-browser` runs these in an environment of its own.
collect_ignore = [] if find_spec("playwright") else ["browser"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material beside the repository; tests that need it are skipped in a clone that stands alone."""
    if not (SHARED / "samples").is_dir():
        pytest.skip("no ../shared beside this clone")
    return SHARED


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes do not name a test: what is gzipped holds the time of day, and each worker would name it otherwise."""
    return argname if isinstance(val, bytes) else None
