"""Markdown that shows a page's text as text, with pictures beside it, under names that no page has a say in."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import ADDRESS, SOURCE, Desk, file_articles, full_article, make_article, make_exchange, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from archive.entries import ALL, Entry, Filter
from archive.errors import ConfigError
from archive.export_markdown import escape, write_article, write_markdown
from archive.query import Archive, record_of
from archive.records import Article, Attachment, Capture, Photo, Role
from archive.store import Store
from archive.warc import FOLDER_NAME, WarcFiles

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
RENDER = MarkdownIt("commonmark").enable("table")
HOSTILE = "<script>alert(1)</script> ![x](http://evil/x.png) [y](javascript:z) `c` *e* # h | t"


def entry_of_article(article: Article) -> Entry:
    blocks = [
        {"kind": "table", "rows": [list(row) for row in block.rows]}
        if block.rows
        else {"kind": "photo", "photo": block.photo}
        if block.photo is not None
        else {"kind": str(block.kind), "text": block.text}
        for block in article.blocks
    ]
    return Entry(1, record_of(article, SOURCE), blocks, 1, 1, moment(), moment(), None)


def markdown_of(article: Article, pictures: dict[int, str] | None = None) -> str:
    out = io.StringIO()
    write_article(entry_of_article(article), pictures or {}, out)
    return out.getvalue()


def body_of(text: str) -> str:
    return text.split("---\n", 2)[2]


def front_matter(text: str) -> dict[str, Any]:
    lines = text.split("---\n", 2)[1].splitlines()
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}


def test_an_article_reads_in_order_with_its_pictures_in_place() -> None:
    html = RENDER.render(body_of(markdown_of(full_article(), {0: "photo-01-aaaa.jpg"})))
    order = ["<h1>Một bài viết", "TS. Cao Thị Hạnh, Trường", "<h2>I. Mở đầu", "Đoạn đầu",
             'src="photo-01-aaaa.jpg"', "<li>Mục một", "<th>TT", "<td>Cây chè", 'href="https://susta.vn/tep/1.pdf"',
             "Nguồn: Susta.vn"]  # fmt: skip
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert f"<blockquote>\n<p>{SOURCE.notice}" in html


def test_a_picture_that_was_not_captured_is_a_link() -> None:
    html = RENDER.render(body_of(markdown_of(full_article())))
    assert "<img" not in html
    assert '<a href="https://susta.vn/anh/1.jpg">Đại biểu dự hội nghị</a>' in html


def test_the_front_matter_has_address_digest_credit_and_condition() -> None:
    said = front_matter(markdown_of(full_article()))
    assert said["url"] == ADDRESS
    assert said["content_sha256"] == full_article().content_sha256
    assert (said["credit"], said["rights"]) == ("Nguồn: Susta.vn", SOURCE.notice)


def test_a_title_cannot_leave_the_front_matter() -> None:
    text = markdown_of(make_article(title='a"\n---\nurl: "http://evil/\x85\u2028'))
    assert front_matter(text)["title"] == 'a"\n---\nurl: "http://evil/\x85\u2028'
    assert front_matter(text)["url"] == ADDRESS


def test_nothing_of_a_page_is_markup() -> None:
    photo = Photo("javascript:alert(1)", HOSTILE)
    article = make_article(
        HOSTILE, title=HOSTILE, byline=HOSTILE, photos=(photo,), attachments=(Attachment("data:text/html,x", HOSTILE),)
    )
    html = RENDER.render(body_of(markdown_of(article)))
    assert not re.search(r"<(script|img|code|a)\b(?! href=\"https://susta\.vn/)", html)
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("text", ["# Một", "- hai", "1. ba", "12) bốn", "+ năm", "> sáu", "a\n===", "    bảy", "|a|b|"])
def test_a_paragraph_stays_a_paragraph(text: str) -> None:
    assert re.fullmatch(r"<p>[^<]*</p>\n", RENDER.render(escape(text)))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab1 .-+*_`~[]()<>!#|\\&;:=\n\t\"'/đ") | st.characters(categories=["L", "P", "S"])))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    """The text between the tags is the text that was given, white space folded."""
    (inline,) = [token for token in RENDER.parse(f"x{escape(text)}") if token.type == "inline"]
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    shown = "".join(child.content for child in inline.children or ())
    assert shown.split() == f"x{text.strip()}".split()


@pytest.fixture
def with_pictures(tmp_path: Path) -> Path:
    """An article with a captured picture, a file that calls itself one, and one that was never captured."""
    folder = tmp_path / "archive"
    store = Store(folder)
    files = WarcFiles(folder / FOLDER_NAME, software="test")
    desk = Desk(store)
    photos = tuple(Photo(f"https://susta.vn/anh/../../{name}") for name in ("a.png", "b.png", "c.png"))
    desk.take(make_article("Đoạn.", title="../../../etc/passwd", photos=photos))
    for url, payload in ((photos[0].url, PNG), (photos[1].url, b"<html>no picture</html>")):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png"
        stored = files.append(make_exchange(payload, url=url, head=head, role=Role.MEDIA))
        assert isinstance(stored, Capture)
        with store.transaction():
            capture_id = store.add_capture(stored, None)
            store.db.execute(
                "UPDATE photos SET sha256 = ?, capture_id = ? WHERE url = ?", (stored.payload_sha256, capture_id, url)
            )
    files.close()
    store.close()
    return folder


def test_pictures_stand_beside_their_article_under_names_of_ours(with_pictures: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    with Archive.open(with_pictures) as archive:
        assert write_markdown(archive, ALL, target) == 1
    names = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    assert len(names) == 3
    assert names[0] == "articles/000001/article.md"
    assert re.fullmatch(r"articles/000001/photo-01-[0-9a-f]{12}\.png", names[1])
    assert (target / names[1]).read_bytes() == PNG
    assert names[2] == "index.md"
    assert "(articles/000001/article.md)" in (target / "index.md").read_text(encoding="utf-8")


def test_a_folder_that_is_there_is_left_as_it_is(with_pictures: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with Archive.open(with_pictures) as archive, pytest.raises(ConfigError, match="there already"):
        write_markdown(archive, ALL, target)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


def test_what_fails_leaves_no_folder(with_pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.export_markdown.write_article", lambda *_: 1 / 0)
    with Archive.open(with_pictures) as archive, pytest.raises(ZeroDivisionError):
        write_markdown(archive, ALL, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"archive"}


def test_filters_hold(tmp_path: Path) -> None:
    other = replace(full_article(), url="https://susta.vn/a/b-9", site_id=9, category="a")
    with file_articles(tmp_path / "archive", full_article(), other) as archive:
        assert write_markdown(archive, Filter(category="a"), tmp_path / "out") == 1
