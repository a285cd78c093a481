"""A small healthy archive, made once, a copy of it to damage, and audits in small parts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bad_archives import copy_of, make_healthy


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_healthy(tmp_path_factory.mktemp("healthy") / "archive")


@pytest.fixture
def folder(healthy: Path, tmp_path: Path) -> Path:
    return copy_of(healthy, tmp_path / "archive")


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audits with two jobs are made in small parts, by threads, which start sooner than processes."""
    monkeypatch.setattr("archive.check_work._LEAST_FOR_POOL", 0)
    monkeypatch.setattr("archive.check_parts.LEAST", 2_000)
    monkeypatch.setattr("archive.check_work._pool", ThreadPoolExecutor)
