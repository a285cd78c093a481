"""`susta serve`: where it listens, what it says, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from archive.errors import ConfigError
from scraper.cli import run
from scraper.cli_serve import address_of, is_loopback, listen


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_address_answers_and_ends_cleanly(copied: Path, ending: signal.Signals) -> None:
    before = sorted(path.name for path in copied.iterdir())
    process = subprocess.Popen(
        [sys.executable, "-m", "scraper", "serve", "--archive", str(copied), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address, said
    assert httpx.get(address[0], timeout=60).status_code == 200
    assert httpx.get(f"{address[0]}no-such-table/1", timeout=60).status_code == 404  # and prints nothing
    process.send_signal(ending)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert (out, error) == ("", "Ended.\n")
    assert sorted(path.name for path in copied.iterdir()) == before


def test_it_listens_on_loopback_unless_asked_otherwise() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("192.0.2.7")
    assert not is_loopback("fe80::1%eth0")


def test_a_port_that_is_taken_is_said_with_what_to_do(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert run(["serve", "--archive", str(demo), "--port", str(taken.getsockname()[1])]) == 2
    assert "--port 0" in capsys.readouterr().err


def test_a_host_that_is_none_is_said() -> None:
    with pytest.raises(ConfigError, match="no address of this machine"):
        listen("no such host", 0)


def test_each_address_family_is_listened_at() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert address_of(listening)[0] == "127.0.0.1"


def test_a_folder_without_an_archive_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--archive", str(tmp_path), "--port", "0"]) == 4
    assert "There is no archive" in capsys.readouterr().err


def test_a_name_that_is_no_host_name_is_refused(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--archive", str(demo), "--port", "0", "--name", "*"]) == 2
    assert "no host name" in capsys.readouterr().err
