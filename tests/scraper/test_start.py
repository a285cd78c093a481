"""Commands that only read an archive must not wait for what only a crawl, an audit or an extraction needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from scraper.cli import run

_SLOW = {"fastwarc", "httpx", "lxml", "protego", "rich", "selectolax", "sqlite_utils", "trafilatura", "warcio"}
_TELL = "import sys; from scraper.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    assert run(["demo", "--pages", "3", "--archive", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("words", [["--help"], ["status"], ["search", "hội thảo"], ["show", "1"], ["history", "1"]])
def test_what_reads_an_archive_imports_nothing_slow(words: list[str], archive: Path) -> None:
    of_archive = [] if words == ["--help"] else ["--archive", str(archive)]
    done = subprocess.run(
        [sys.executable, "-c", _TELL, *words, *of_archive], capture_output=True, text=True, timeout=60, check=False
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "typer" in loaded, done.stderr
    assert not loaded & _SLOW
