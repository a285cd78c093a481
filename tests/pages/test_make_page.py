"""`make page`: what it makes, and what it says when it cannot."""

import json
import tomllib
from pathlib import Path

import pytest
from folders import Folder, fields_of, folders
from make_page import Mistake, main, make

from archive.records import Article

URL = "https://susta.vn/khoa-hoc-cong-nghe/nha-luoi-tren-doi-20777"
HTML = (
    "<meta charset=utf-8><h1>Nhà lưới trên đồi</h1><p>Lượt xem: 5</p>"
    "<p>Ba năm nay, nhà lưới giúp bà con trồng rau quanh năm mà không sợ sương muối hay mưa đá.</p>"
    "<p>Thông tin doanh nghiệp</p><ul><li><a href=/a/b-1>Tin mới của hội</a></ul>"
)


@pytest.fixture
def saved(tmp_path: Path) -> str:
    file = tmp_path / "saved.html"
    file.write_text(HTML, encoding="utf-8")
    return str(file)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    return tmp_path / "pages"


def test_a_new_page_is_numbered_and_not_yet_reviewed(saved: str, shelf: Path) -> None:
    (shelf / "041-other").mkdir()
    folder, what = make(saved, URL, "", "text/html", shelf)
    assert (folder.name, what) == ("042-nha-luoi-tren-doi-20777", "an article")
    about = tomllib.loads((folder / "about.toml").read_text(encoding="utf-8"))
    assert about["url"] == URL
    assert about["reviewed"] is False
    (made,) = folders(shelf)
    outcome = made.outcome()
    assert isinstance(outcome, Article)
    assert json.loads((folder / "expected.json").read_text(encoding="utf-8")) == fields_of(outcome)


def test_a_refused_page_is_kept_with_its_reason(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "shell.html").write_text("<html><div id=root></div></html>", encoding="utf-8")
    folder, what = make(str(tmp_path / "shell.html"), URL, "empty-shell", "text/html", shelf)
    assert what.startswith("refused")
    assert Folder(folder).expected["refusal"]


@pytest.mark.parametrize(
    ("file", "url", "name", "says"),
    [
        ("", URL, "", "Name the saved file"),
        ("saved", "", "", "Give its address"),
        ("saved", "susta.vn/a/b-1", "", "begins with https://"),
        ("nothing.html", URL, "", "There is no nothing.html"),
        (".", URL, "", "not a file"),
        ("saved", URL, "Ảnh 1", "cannot name a folder"),
        ("saved", URL, "taken", "is there already"),
    ],
)
def test_mistakes_say_what_to_do(saved: str, shelf: Path, file: str, url: str, name: str, says: str) -> None:
    (shelf / "007-taken").mkdir()
    with pytest.raises(Mistake, match=says):
        make(saved if file == "saved" else file, url, name, "text/html", shelf)
    assert [path.name for path in shelf.iterdir()] == ["007-taken"]


def test_an_empty_file_is_no_page(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "empty.html").write_text("\n", encoding="utf-8")
    with pytest.raises(Mistake, match="is empty"):
        make(str(tmp_path / "empty.html"), URL, "", "text/html", shelf)


def test_the_command_exits_2_on_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", "nothing.html", "--url", URL]) == 2
    assert "There is no nothing.html" in capsys.readouterr().err
