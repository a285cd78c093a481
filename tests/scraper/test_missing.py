"""What is lost with a WARC file that is missing is told by what is written without it, in words and as exit code."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_site import PNG, Clock, Reply, config_for, plain_site, some_articles

from archive.errors import ExitCode
from archive.warc import FOLDER_NAME, warc_paths
from scraper.cli import run
from scraper.crawl import crawl


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs, a WARC file each: the first holds all pages and a picture, the second what was asked for again."""
    monkeypatch.chdir(tmp_path)
    first, *others = some_articles(3)
    site, _ = plain_site([replace(first, photos=(("/a.png", "Toàn cảnh"),)), *others])
    site.pages["/a.png"] = Reply(PNG, media_type="image/png")
    clock = Clock()
    for _ in range(2):
        crawl(config_for(site), tmp_path / "data", world=site.world(clock), everything=True)
        clock.pass_days(10)
    assert len(warc_paths(tmp_path / "data" / FOLDER_NAME)) == 2
    return tmp_path / "data"


def lose_first_file(data: Path) -> int:
    """Removes the first WARC file; returns how many captures it held."""
    path = warc_paths(data / FOLDER_NAME)[0]
    path.unlink()
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return int(db.execute("SELECT count(*) FROM captures WHERE warc_file = ?", (path.name,)).fetchone()[0])


def test_markdown_without_its_pictures_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["export", "--format", "markdown", "--archive", str(data), "--output"]
    assert run([*words, "whole"]) == ExitCode.DONE
    assert "could not be read" not in capsys.readouterr().err
    lose_first_file(data)
    assert run([*words, "lacking"]) == ExitCode.SOME_FAILED
    said = capsys.readouterr().err
    assert "3 records written to lacking\n1 captured picture is not in it, since it could not be read: " in said
    assert Path("lacking/index.md").is_file()


@pytest.mark.parametrize("form", ["wacz", "bagit"])
def test_a_package_without_its_captures_says_so(data: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["package", "--format", form, "--archive", str(data), "--json", "-o"]
    assert run([*words, "whole"]) == ExitCode.DONE
    whole = json.loads(capsys.readouterr().out)
    assert whole["missing"] == 0
    lost = lose_first_file(data)
    assert run([*words, "lacking"]) == ExitCode.SOME_FAILED
    said = capsys.readouterr()
    made = json.loads(said.out)
    assert made["missing"] == lost
    assert made["captures"] == whole["captures"] - lost
    assert made["left_out"][0].startswith(f"{lost} captures in susta-000001-")
    assert f"{lost} captures are not in it: their WARC files are missing." in said.err


def test_a_package_counts_the_articles_that_are_in_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        second = warc_paths(data / FOLDER_NAME)[1].name
        sql = (
            "SELECT count(DISTINCT article_id) FROM derivations d JOIN captures c ON c.id = d.capture_id"
            " WHERE c.warc_file = ?"
        )
        (held,) = db.execute(sql, (second,)).fetchone()
    lose_first_file(data)
    assert run(["package", "--archive", str(data), "--json", "-o", "a.wacz"]) == ExitCode.SOME_FAILED
    assert json.loads(capsys.readouterr().out)["articles"] == held
