"""A database that is none of ours is refused by every command that opens archives, and left as it is."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from test_crawl import Crawling
from test_crawl_crashes import site_of_crashes

from archive.schema import SCHEMA_VERSION
from scraper.cli import run

ADDRESS = "http://susta.test/khoa-hoc-cong-nghe/bai-1"
COMMANDS: dict[str, list[str]] = {
    "backup": ["backup", "COPY"],
    "crawl": ["crawl", "http://127.0.0.1:9/"],
    "crawl --dry-run": ["crawl", "--dry-run", "http://127.0.0.1:9/"],
    "export": ["export"],
    "inspect": ["inspect", ADDRESS],
    "rebuild": ["rebuild"],
    "review": ["review"],
    "runs": ["runs"],
    "search": ["search", "cà phê"],
    "show": ["show", "1"],
    "status": ["status"],
    "why": ["why", ADDRESS],
    "withdraw": ["withdraw", "1", "--reason", "x", "--yes"],
    "withdraw --list": ["withdraw", "--list"],
}


def foreign(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE letters (text)")
    other.execute("INSERT INTO letters VALUES ('thư')")
    other.commit()
    other.close()


def newer(path: Path) -> None:
    ours = sqlite3.connect(path)
    ours.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    ours.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"What is written here is no database. " * 200)


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "letter.txt").write_text("thư")


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("elsewhere.db"))


def link_to_foreign(path: Path) -> None:
    foreign(path)
    path.rename(path.with_name("other.db"))
    path.symlink_to(path.with_name("other.db"))


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096] + os.urandom(30_000))


def unreadable(path: Path) -> None:
    path.chmod(0)


BAD: dict[str, Callable[[Path], None]] = {
    "another program's": foreign,
    "a newer version's": newer,
    "no database": no_database,
    "a directory": directory,
    "a link to nothing": dangling,
    "a link to another program's": link_to_foreign,
    "unreadable": unreadable,
}
# A rebuild is there for what is lost.
MENDED = {("rebuild", "no database"), ("rebuild", "a link to nothing")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    crawling = Crawling(tmp_path_factory.mktemp("whole"), site_of_crashes()[0])
    crawling.run()
    return crawling.folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    made = tmp_path / "data"
    for path in whole.rglob("*"):
        target = made / path.relative_to(whole)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            target.write_bytes(path.read_bytes())
    return made


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file, link and folder with what it holds, but for the lock and for what SQLite keeps while one is open."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"link to {os.readlink(path)}"
        elif path.is_dir():
            found[name] = "folder"
        elif path.name != ".lock" and not path.name.startswith("frontier.db-"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if os.access(path, os.R_OK) else "unreadable"
    return found


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_database_is_refused_and_left_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, bad: str
) -> None:
    if bad == "unreadable" and os.geteuid() == 0:
        pytest.skip("root may read anything")
    BAD[bad](folder / "archive.db")
    before = fingerprint(folder)
    words = [str(tmp_path / "copy") if word == "COPY" else word for word in COMMANDS[command]]
    code = run([*words, "--archive", str(folder)])
    said = capsys.readouterr()
    if (command, bad) in MENDED:
        assert code == 0
        return
    assert code == 4, said.err
    assert "archive.db" in said.err
    assert said.out == ""
    assert fingerprint(folder) == before
    assert not (tmp_path / "copy" / "archive.db").exists()


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - {"crawl", "crawl --dry-run", "rebuild"}))
def test_an_empty_file_is_no_archive(folder: Path, tmp_path: Path, command: str) -> None:
    (folder / "archive.db").write_bytes(b"")
    before = fingerprint(folder)
    words = [str(tmp_path / "copy") if word == "COPY" else word for word in COMMANDS[command]]
    assert run([*words, "--archive", str(folder)]) == 4
    assert fingerprint(folder) == before


@pytest.mark.parametrize("command", ["export", "show", "status", "withdraw"])
def test_a_damaged_database_ends_a_command_with_its_code(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    torn(folder / "archive.db")
    assert run([*COMMANDS[command], "--archive", str(folder)]) == 4
    assert "rebuild" in capsys.readouterr().err
    assert run(["rebuild", "--archive", str(folder)]) == 0
    assert run(["status", "--archive", str(folder)]) == 0
