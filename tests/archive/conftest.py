"""A small healthy archive, made once, and a copy of it to damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_archives import copy_of, make_healthy


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_healthy(tmp_path_factory.mktemp("healthy") / "archive")


@pytest.fixture
def folder(healthy: Path, tmp_path: Path) -> Path:
    return copy_of(healthy, tmp_path / "archive")
