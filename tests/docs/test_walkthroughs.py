"""The tutorial and the how-to guides work as they are written: each line of their shell blocks, in order."""

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from documents import ROOT, blocks, words_of

from scraper.cli import run

FILES = re.compile(r"`((?:archive|scraper|tests|benchmarks)/[\w/]+\.py)`")
PLAIN = ("cp", "mv", "rm", "mkdir")  # what the guides use besides


def lines_of(page: str) -> list[str]:
    found = blocks("sh", pages=[ROOT / "docs" / page])
    return [line for block in found for line in block.text.replace("\n   ", "\n").splitlines() if line.strip()]


def follow(line: str) -> int:
    """Runs a line as a person would in a shell; gives its exit code."""
    words = words_of(line)
    if words is not None:
        return run(words)
    assert line.split()[0] in PLAIN, line
    return subprocess.run(line, shell=True, check=False).returncode


@pytest.fixture
def an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def an_archive(an_empty_folder: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A folder with a config and the archive it names, as the guides have it before them."""
    (an_empty_folder / "config.toml").write_text('[site]\nstart_urls = ["http://susta.example/"]\n', encoding="utf-8")
    assert run(["demo", "--pages", "12", "--archive", "data"]) == 0
    capfd.readouterr()
    return an_empty_folder


@pytest.mark.usefixtures("an_empty_folder")
def test_the_tutorial_can_be_followed(capfd: pytest.CaptureFixture[str]) -> None:
    for line in lines_of("tutorial.md"):
        assert follow(line) == 0, line
        said = capfd.readouterr()
        assert "Traceback" not in said.err, line
    for made in ("articles.csv", "dataset/datapackage.json", "demo.wacz", "copy/archive.db", "report.html"):
        assert Path(made).stat().st_size > 500, made


@pytest.mark.usefixtures("an_archive")
def test_the_guides_can_be_followed(capfd: pytest.CaptureFixture[str]) -> None:
    for line in lines_of("how-to.md"):
        assert follow(line) == 0, (line, capfd.readouterr())
    database = sqlite3.connect("data/archive.db")
    for block in blocks("sql", pages=[ROOT / "docs" / "how-to.md"]):
        database.execute(block.text).fetchall()
    database.close()
    assert {path.name for path in Path().iterdir()} >= {"aside", "copy", "moved", "dataset", "susta.wacz", "deposit"}


@pytest.mark.usefixtures("an_archive")
def test_a_line_that_fails_would_be_noticed() -> None:
    assert follow("susta show 4711") != 0
    assert follow("cp no-such-file elsewhere") != 0


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    named = FILES.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
