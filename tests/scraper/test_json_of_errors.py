"""With --json there is one JSON value on standard output however a command ends."""
# ruff: noqa: F811  fixtures that are imported

from pathlib import Path

import pytest
from test_cli import Susta, closed_port, polite_enough, susta  # noqa: F401

from archive.errors import ExitCode
from archive.lock import locked


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


@pytest.mark.parametrize(
    ("config", "words", "code", "said"),
    [
        ("[crawl]\ndelay_secs = 1\n", (), ExitCode.USAGE, "delay_secs"),
        ("", ("--limit", "0"), ExitCode.USAGE, "--limit"),
        ("", ("--no-such-option",), ExitCode.USAGE, "no-such-option"),
        ("", ("ftp://x/",), ExitCode.USAGE, "ftp://x/"),
        ("", ("--reopen", "zzz"), ExitCode.USAGE, "zzz"),
        ("[crawl]\nmin_free_megabytes = 999999999\n", (), ExitCode.ARCHIVE_UNUSABLE, "free disk space"),
    ],
)
def test_a_crawl_that_does_not_start_says_why(
    susta: Susta,
    mine: Path,
    config: str,
    words: tuple[str, ...],
    code: ExitCode,
    said: str,
) -> None:
    mine.write_text(config, encoding="utf-8")
    answer = susta("crawl", "--json", "--config", mine, *words)
    error = answer.json["error"]
    assert (answer.code, answer.json["outcome"], error["exit_code"]) == (code, "not-started", code)
    assert said in error["message"] + "".join(error["problems"])


def test_a_crawl_that_finds_the_archive_locked_says_so(susta: Susta, tmp_path: Path) -> None:
    with locked(tmp_path / "data", "crawl"):
        answer = susta("crawl", "--json", "--archive", tmp_path / "data", "http://127.0.0.1:9/")
    assert (answer.code, answer.json["outcome"]) == (ExitCode.LOCKED, "not-started")
    assert answer.json["error"]["exit_code"] == ExitCode.LOCKED


def test_an_archive_that_cannot_be_used_is_said(susta: Susta, tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"no database at all" * 100)
    answer = susta("status", "--json", "--archive", tmp_path)
    assert (answer.code, answer.json["error"]["exit_code"]) == (ExitCode.ARCHIVE_UNUSABLE, ExitCode.ARCHIVE_UNUSABLE)
    assert answer.json["error"]["advice"]


def test_a_run_to_which_nothing_came_has_its_report_and_the_error(
    susta: Susta,
    polite_enough: Path,
) -> None:
    answer = susta("crawl", f"http://127.0.0.1:{closed_port()}/", "--config", polite_enough, "--json")
    assert (answer.json["outcome"], answer.json["run"]) == ("nothing-crawled", 1)
    assert answer.json["error"]["exit_code"] == answer.code == ExitCode.NOTHING_CRAWLED


def test_without_json_standard_output_stays_empty(susta: Susta, mine: Path) -> None:
    mine.write_text("[crawl]\ndelay_secs = 1\n", encoding="utf-8")
    assert susta("crawl", "--config", mine).out == ""
