"""No output takes the place of a file that the archive is made of, nor of the config in use."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from fake_site import some_articles
from foreign_warcs import ForeignWarc

from archive.errors import ConfigError, ExitCode
from archive.own_files import refuse_own
from archive.writing import whole_file, whole_folder
from scraper.cli import run

OWN = ("archive.db", "archive.db-wal", "archive.db.sha256", "frontier.db", "health.json", ".lock", "backup.json",
       "warc/new.jsonl", "warc/deep/er.jsonl", "warc")  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(
        '[site]\nstart_urls = ["http://susta.test/"]\n[archive]\nfolder = "data"\n', encoding="utf-8"
    )
    warc = ForeignWarc()
    for article in some_articles(2):
        warc.response(f"http://susta.test{article.path}", article.html())
    Path("other.warc.gz").write_bytes(warc.data)
    assert run(["import", "--quiet", "other.warc.gz"]) == ExitCode.DONE
    return tmp_path / "data"


def warc_of(data: Path) -> Path:
    return next((data / "warc").glob("*.warc.gz"))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


COMMANDS = {
    "export": ("export", "--format", "jsonl", "--output"),
    "export markdown": ("export", "--format", "markdown", "--output"),
    "feed": ("feed",),
    "report": ("report", "-o"),
    "package": ("package", "-o"),
    "package bagit": ("package", "--format", "bagit", "-o"),
    "release": ("release",),
    "backup": ("backup",),
    "show photos": ("show", "1", "--photos"),
    "crawl log": ("crawl", "--dry-run", "--log"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_writes_over_the_archive(data: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = digests(data)
    for own in (*OWN, f"warc/{warc_of(data).name}"):
        assert run([*COMMANDS[command], str(data / own)]) == ExitCode.USAGE, own
        assert "Error: " in capsys.readouterr().err
    assert digests(data) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_writes_over_the_config_in_use(data: Path, command: str) -> None:
    config, other = data.parent / "config.toml", data.parent / "other.toml"
    before = config.read_bytes()
    assert run([*COMMANDS[command], "config.toml"]) == ExitCode.USAGE
    config.rename(other)
    assert run([*COMMANDS[command], "other.toml", "--config", "other.toml"]) == ExitCode.USAGE
    assert other.read_bytes() == before


def test_links_to_the_archive_are_refused_too(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warc = warc_of(data)
    (tmp_path / "soft").symlink_to(warc)
    (tmp_path / "folder").symlink_to(data)
    (tmp_path / "hard").hardlink_to(warc)
    before = warc.read_bytes()
    for name in ("soft", "hard", f"folder/warc/{warc.name}", "folder/archive.db"):
        assert run(["export", "--output", str(tmp_path / name)]) == ExitCode.USAGE, name
        assert "part of the archive" in capsys.readouterr().err
    assert warc.read_bytes() == before


def test_a_warc_folder_on_another_disk_is_as_safe(data: Path, tmp_path: Path) -> None:
    os.rename(data / "warc", tmp_path / "large")
    (data / "warc").symlink_to(tmp_path / "large")
    with pytest.raises(ConfigError):
        refuse_own(tmp_path / "large" / "new.jsonl", folder=data)


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(ConfigError, match="Cannot write"), whole_file(tmp_path / "one" / "out"):
        pass


def test_an_archive_that_is_not_in_use_is_as_safe(data: Path) -> None:
    with pytest.raises(ConfigError, match="part of the archive"), whole_file(warc_of(data)):
        pass
    with pytest.raises(ConfigError, match="part of the archive"), whole_folder(data / "warc" / "new"):
        pass


def test_exports_and_other_places_are_for_people(data: Path, tmp_path: Path) -> None:
    (data / "exports").mkdir(exist_ok=True)
    for place in (data / "exports" / "archive.db", data / "articles.jsonl", tmp_path / "archive.db"):
        assert run(["export", "--format", "jsonl", "--output", str(place)]) == ExitCode.DONE
        assert place.is_file()
    assert run(["report"]) == ExitCode.DONE
    assert run(["package"]) == ExitCode.DONE
