"""A data set release: whole, described, credited, checkable; its statement counts what is there and what is not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import yaml
from builders import SITE, SOURCE, Desk, full_article, make_article, moment

from archive.entries import Record
from archive.errors import ConfigError
from archive.export import WRITERS
from archive.query import Archive
from archive.records import BylineRole, Photo, Refusal, RefusalReason
from archive.release import write_release
from archive.store import Store

NOW = moment(10)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles, one of them by others, one gone, one that changed; refusals, a failure, a page that none read."""
    folder = tmp_path_factory.mktemp("archive")
    store = Store(folder)
    desk = Desk(store)
    desk.take(full_article())
    desk.take(full_article(title="Một bài viết khác hẳn"))
    desk.take(
        make_article(
            "Đoạn.",
            url=f"https://{SITE}/tin/bai-8",
            site_id=8,
            byline="Báo Sơn La",
            byline_role=BylineRole.SYNDICATED,
            photos=(Photo("https://susta.vn/2.jpg", "Hội nghị", "Ảnh: Hà Nam"),),
        )
    )
    desk.take(make_article(url=f"https://{SITE}/tin/bai-9", site_id=9))
    desk.take(Refusal(f"https://{SITE}/tin", RefusalReason.LISTING))
    desk.capture(f"https://{SITE}/chua-doc")
    with store.transaction():
        for at in (1, 2):
            store.insert(
                "failures",
                {
                    "url": f"https://{SITE}/x",
                    "failed_at": moment(at),
                    "reason": "timeout",
                    "detail": "",
                    "run_id": None,
                },
            )
    store.close()
    return folder


@pytest.fixture(scope="module")
def release(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("release") / "susta"
    with Archive.open(archive) as opened:
        assert write_release(opened, target, NOW) == 3
    return target


def package(release: Path) -> dict[str, Any]:
    return dict(json.loads((release / "datapackage.json").read_text(encoding="utf-8")))


def test_it_has_these_files_and_no_others(release: Path) -> None:
    names = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert names == {
        "README.md", "CITATION.cff", "datapackage.json", "SHA256SUMS", "data/articles.jsonl", "data/articles.parquet",
    }  # fmt: skip


def test_sha256sum_finds_every_file_whole(release: Path) -> None:
    said = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=release, capture_output=True, text=True, check=True)
    assert said.stdout.count(": OK") == 5


def test_both_data_files_have_every_record_with_its_credit(release: Path) -> None:
    lines = [json.loads(line) for line in (release / "data" / "articles.jsonl").read_bytes().splitlines()]
    rows = pyarrow.parquet.read_table(release / "data" / "articles.parquet").to_pylist()
    assert [line["url"] for line in lines] == [row["url"] for row in rows]
    assert len(rows) == 3
    for row in (*lines, *rows):
        assert (row["source"]["credit"], row["source"]["notice"]) == ("Nguồn: Susta.vn", SOURCE.notice)


def test_the_package_describes_what_is_there(release: Path) -> None:
    for resource in package(release)["resources"]:
        data = (release / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    fields = package(release)["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == list(Record.__slots__)


def test_the_package_names_the_source_and_no_known_licence(release: Path) -> None:
    said = package(release)
    assert said["licenses"] == [{"name": "other", "title": SOURCE.notice, "path": "README.md"}]
    assert said["sources"] == [{"title": "Susta.vn, Liên hiệp các hội", "path": "https://susta.vn/"}]


def test_the_citation_is_yaml_with_what_is_required(release: Path) -> None:
    said = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(said)  # the schema's required keys
    assert said["cff-version"] == "1.2.0"
    assert not {"license", "license-url"} & set(said)  # there is no text of a licence
    assert SOURCE.notice in said["message"]
    assert said["type"] == "dataset"
    assert said["date-released"] == NOW[:10]
    assert said["authors"] == [{"name": "Liên hiệp các hội"}]
    assert SOURCE.notice in said["abstract"]
    assert "license" not in said  # it takes SPDX names only


@pytest.mark.parametrize(
    "words",
    [
        "3 articles, as they stood",
        SOURCE.notice,
        "1 articles were seen to change",
        "- 1 addresses never gave an answer (timeout 1).",
        "- 1 addresses gave a page that is no article",
        "- 1: a list of links to articles",
        "- 1 captured pages were not read yet.",
        "- 2 of 2 photos and 1 of 1 attached files were not captured.",
        "- 1 articles have no byline, 2 no date",
        "- 1: the work of others",
        "2 photos name their own origin",
        "## Personal data",
    ],
)
def test_the_statement_counts_what_is_there_and_what_is_missing(release: Path, words: str) -> None:
    assert words in (release / "README.md").read_text(encoding="utf-8")


def test_a_folder_with_something_in_it_is_left_alone(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with Archive.open(archive) as opened, pytest.raises(ConfigError, match="there already"):
        write_release(opened, tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_fails_leaves_nothing(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.release.readme", lambda *_: 1 / 0)
    with Archive.open(archive) as opened, pytest.raises(ZeroDivisionError):
        write_release(opened, tmp_path / "out", NOW)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_archive_gives_no_release(tmp_path: Path) -> None:
    Store(tmp_path / "archive").close()
    with Archive.open(tmp_path / "archive") as opened, pytest.raises(ConfigError, match="no article"):
        write_release(opened, tmp_path / "out", NOW)
    assert not (tmp_path / "out").exists()


def test_a_release_is_of_one_moment(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that goes while the first file is written is in both, and in the counts."""
    folder = tmp_path / "archive"
    shutil.copytree(archive, folder)
    write = WRITERS["jsonl"]

    def write_and_lose_one(*arguments: Any) -> int:
        count = write(*arguments)
        store = Store(folder)
        with store.transaction():
            store.db.execute("DELETE FROM articles WHERE site_id = 9")
        store.close()
        return count

    monkeypatch.setitem(WRITERS, "jsonl", write_and_lose_one)
    with Archive.open(folder) as opened:
        assert write_release(opened, tmp_path / "out", NOW) == 3
        assert opened.count() == 2
    assert pyarrow.parquet.read_metadata(tmp_path / "out" / "data" / "articles.parquet").num_rows == 3
