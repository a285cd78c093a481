"""`susta import` and `susta package` from the command line: what is said, on which stream, with which exit code."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
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


# susta package


def test_a_package_is_made_and_told(susta: Command) -> None:
    susta("import", susta.warc())
    code, out, err = susta("package", "--output", "a.wacz")
    assert (code, err) == (ExitCode.DONE, "")
    assert "3 articles in 3 captures packaged into a.wacz (wacz" in out
    assert zipfile.is_zipfile(susta.folder / "a.wacz")


def test_a_package_without_a_name_is_put_into_exports(susta: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    susta("import", susta.warc())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    told = susta.json("package")
    assert told["output"] == "data/exports/susta-20260202T024000Z.wacz"
    first = (susta.folder / told["output"]).read_bytes()
    assert susta.json("package")["sha256"] == told["sha256"] == hashlib.sha256(first).hexdigest()
    assert susta.json("package", "--format", "bagit")["output"] == "data/exports/susta-20260202T024000Z"


def test_a_package_is_an_event(susta: Command) -> None:
    susta("import", susta.warc())
    susta("package", "--output", "a.wacz")
    susta("package", "--format", "bagit", "--output", "bag")
    connection = sqlite3.connect(susta.folder / "data" / "archive.db")
    found = connection.execute("SELECT target, outcome, detail FROM events WHERE type = 'packaged'").fetchall()
    connection.close()
    assert [(target, outcome) for target, outcome, _ in found] == [("a.wacz", "success"), ("bag", "success")]
    digest = hashlib.sha256((susta.folder / "a.wacz").read_bytes()).hexdigest()
    assert json.loads(found[0][2])["sha256"] == digest
    assert str(susta.folder) not in found[0][2]


def test_a_selection_is_packaged(susta: Command) -> None:
    susta("import", susta.warc())
    one = some_articles(3)[1]
    assert susta.json("package", f"http://susta.test{one.path}?utm_source=x", "-o", "a.wacz")["articles"] == 1
    assert susta.json("package", "--category", one.category, "-o", "a.wacz")["articles"] == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--format", "zip"), ExitCode.USAGE),
        (("--since", "yesterday"), ExitCode.USAGE),
        (("--since", "2022-01-01", "--until", "2021-01-01"), ExitCode.USAGE),
        (("--category", "no-such"), ExitCode.USAGE),
        (("http://susta.test/nowhere",), ExitCode.USAGE),
        (("--format", "bagit", "--category", "khoa-hoc-cong-nghe"), ExitCode.USAGE),
        (("--link",), ExitCode.USAGE),
        (("-o", "nowhere/a.wacz"), ExitCode.USAGE),
        (("-o", "data"), ExitCode.USAGE),
        (("--format", "bagit", "-o", "data"), ExitCode.USAGE),
        (("--archive", "nowhere"), ExitCode.ARCHIVE_UNUSABLE),
        (("--archive", "nowhere", "--format", "bagit"), ExitCode.ARCHIVE_UNUSABLE),
    ],
)
def test_what_cannot_be_packaged_is_told(susta: Command, words: tuple[str, ...], code: ExitCode) -> None:
    susta("import", susta.warc())
    there = sorted(susta.folder.rglob("*"))
    found, out, err = susta("package", *words)
    assert (found, out) == (code, "")
    assert err
    besides = ("exports", "archive.db-shm", "archive.db-wal")  # an empty folder, and what any reader of SQLite leaves
    assert [path for path in sorted(susta.folder.rglob("*")) if path.name not in besides] == there
