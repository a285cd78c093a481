"""`susta import` and `susta package` from the command line: what is said, on which stream, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_site import some_articles
from foreign_warcs import ForeignWarc

from archive.errors import ExitCode
from archive.lock import locked
from scraper.cli import run


class Command:
    """Runs command lines in a folder with a config for the fake site."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "config.toml").write_text('[site]\nstart_urls = ["http://susta.test/"]\n', encoding="utf-8")

    def __call__(self, *words: object) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = run([str(word) for word in words])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def json(self, *words: object) -> Any:
        code, out, _ = self(*words, "--json")
        assert code == ExitCode.DONE
        return json.loads(out)

    def warc(self, name: str = "other.warc.gz", *, cut: int = 0) -> Path:
        warc = ForeignWarc()
        for article in some_articles(3):
            warc.response(f"http://susta.test{article.path}", article.html())
        path = self.folder / name
        path.write_bytes(warc.data[: len(warc.data) - cut])
        return path


@pytest.fixture
def susta(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path, capsys)


def test_an_import_says_what_it_did(susta: Command) -> None:
    code, out, err = susta("import", susta.warc())
    assert code == ExitCode.DONE
    assert "taken          3 (3 pages" in out
    assert "new            3" in out
    assert err == ""
    assert susta.json("status")["articles"] == 3


def test_an_import_tells_a_program_in_json(susta: Command) -> None:
    report = susta.json("import", susta.warc())
    assert (report["seen"], report["taken"], report["new"], report["passed"]) == (
        7,
        3,
        3,
        {"other-type": 1, "request": 3},
    )
    assert susta.json("import", susta.warc())["passed"]["already-there"] == 3


def test_a_rehearsal_says_that_nothing_was_changed(susta: Command) -> None:
    code, out, _ = susta("import", "--dry-run", susta.warc())
    assert code == ExitCode.DONE
    assert "nothing was changed" in out
    assert not (susta.folder / "data").exists()


def test_damage_is_told_and_is_exit_code_1(susta: Command) -> None:
    code, out, _ = susta("import", susta.warc(cut=40))
    assert code == ExitCode.SOME_FAILED
    assert "problem: other.warc.gz is damaged in the record at offset" in out


@pytest.mark.parametrize("words", [("no.warc",), ("config.toml",), (), ("--host", "http://x/", "config.toml")])
def test_wrong_words_are_exit_code_2(susta: Command, words: tuple[str, ...]) -> None:
    code, out, err = susta("import", *words)
    assert (code, out) == (ExitCode.USAGE, "")
    assert err
    assert not (susta.folder / "data").exists()


def test_another_run_is_exit_code_5(susta: Command) -> None:
    path = susta.warc()
    with locked(susta.folder / "data", "crawl"):
        assert susta("import", path)[0] == ExitCode.LOCKED


def test_hosts_are_named_where_nothing_is_of_the_configured_ones(susta: Command) -> None:
    warc = ForeignWarc()
    warc.response("https://elsewhere.example/a", "x")
    (susta.folder / "b.warc.gz").write_bytes(warc.data)
    code, out, _ = susta("import", "b.warc.gz")
    assert code == ExitCode.DONE
    assert "--host" in out
