"""Looking into how pages were read: `inspect`, `review`, the run's summary, a rebuild's changes, the site's profile."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_site import FakeArticle, page

from archive.compare import compare
from archive.records import DOUBTS, Article, Doubt, Refusal
from scraper.cli import run
from scraper.config import parse_config
from scraper.demo import DemoSite
from scraper.extract import extract, read, with_second_opinion
from scraper.extract.frame import Frame
from scraper.extract.profile import Profile
from scraper.extract.second import compare as compare_readings
from scraper.extract.trace import explain

ONE = FakeArticle(
    20001, "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã", photos=(("/a.png", "Toàn cảnh buổi làm việc"),)
)
URL = f"https://susta.vn{ONE.path}"
HTML = "text/html; charset=utf-8"
SENTENCE = "Bà con xuống giống sớm hơn mọi năm nửa tháng, nhờ vậy quả chín đúng dịp khách lên nhiều nhất trong vụ {}."


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive, crawled once; only read."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    assert run(["demo", "--archive", str(folder), "--pages", "12"]) == 0
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    code = run([str(word) for word in words])
    return code, capsys.readouterr().out


def some_url(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return str(opened.execute("SELECT url FROM articles WHERE byline IS NOT NULL ORDER BY id").fetchone()[0])


# Why each line was taken or dropped


def test_every_line_has_a_fate_and_the_body_is_those_that_went_into_it() -> None:
    reading = read(ONE.html().encode(), URL, HTML)
    assert isinstance(reading.outcome, Article)
    assert reading.page is not None
    fates = explain(reading, Frame())
    assert [fate.number for fate in fates] == list(range(len(reading.page.lines.lines)))
    assert all(fate.rule for fate in fates)
    assert [fate.text for fate in fates if fate.field == "body"] == list(reading.outcome.body)
    assert [fate.text for fate in fates if fate.field == "title"] == [reading.outcome.title]
    assert [fate.text for fate in fates if fate.field == "photos.caption"] == ["Toàn cảnh buổi làm việc"]
    assert sum(fate.field == "views" for fate in fates) == 1
    end = next(fate for fate in fates if "the article ends here" in fate.rule)
    assert max(fate.number for fate in fates if fate.field) < end.number


def test_a_page_that_is_no_article_still_tells_its_lines() -> None:
    reading = read(page("<h1>Đăng nhập</h1><p>Mật khẩu</p>").encode(), "https://susta.vn/dang-nhap", HTML)
    assert isinstance(reading.outcome, Refusal)
    assert {fate.field for fate in explain(reading, Frame())} <= {None, "title", "views", "date"}


def test_each_field_names_the_rule_that_gave_it_or_that_none_did() -> None:
    outcome = extract(ONE.html().encode(), URL, HTML)
    assert isinstance(outcome, Article)
    assert {"title", "body", "byline", "date", "views", "photos.0.caption"} <= set(outcome.reasons)
    assert all(0 <= reason.confidence <= 1 and reason.rule for reason in outcome.reasons.values())


# The second opinion


def article_page(paragraphs: list[str], beside: str = "") -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return page(f"<h1>{ONE.title}</h1><div>Lượt xem: 7</div>{body}{beside}", title=ONE.title).encode()


def test_a_second_reading_that_agrees_is_no_doubt() -> None:
    reading = read(article_page([SENTENCE.format(n) for n in range(8)]), URL, HTML)
    assert with_second_opinion(reading) == reading


def test_a_second_reading_that_finds_much_more_is_a_doubt() -> None:
    more = "".join(f"<p>{SENTENCE.format(n).replace('Bà con', 'Hội viên')}</p>" for n in range(60, 90))
    links = "".join(f"<p><a href='/a/b-{n}'>Tin mới của hội</a></p>" for n in range(9))
    cut = f"<h3>Tiêu điểm</h3><div>{links}</div>"  # what our rules take for the end
    reading = read(article_page([SENTENCE.format(n) for n in range(3)], cut + more), URL, HTML)
    assert isinstance(reading.outcome, Article)
    assert reading.page is not None
    assert compare_readings(reading.outcome, reading.page.html).strong
    doubted = with_second_opinion(reading).outcome
    assert isinstance(doubted, Article)
    assert Doubt.SECOND_DIFFERS in doubted.doubts
    assert doubted.content_sha256 == reading.outcome.content_sha256  # a doubt changes nothing in the record


# Doubts


@pytest.mark.parametrize(
    ("html", "doubt"),
    [
        (article_page([SENTENCE.format(1)]).replace("Lượt xem: 7".encode(), b""), Doubt.NO_COUNTER),
        (article_page(["Ngắn."]), Doubt.THIN_BODY),
        (article_page([SENTENCE.format("má»›i á»Ÿ báº£n")]), Doubt.LETTERS_GARBLED),
        (article_page([SENTENCE.format(1)]).replace("quả".encode(), b"qu\xe1"), Doubt.LETTERS_LOST),
    ],
)
def test_signs_that_a_rule_may_have_erred_are_kept_as_doubts(html: bytes, doubt: Doubt) -> None:
    outcome = extract(html, URL, HTML)
    assert isinstance(outcome, Article)
    assert doubt in outcome.doubts


def test_an_ordinary_article_has_no_doubt() -> None:
    outcome = extract(ONE.html().encode(), URL, HTML)
    assert isinstance(outcome, Article)
    assert outcome.doubts == ()


# Commands


def test_inspect_says_what_the_archive_says_also_of_a_day_that_a_listing_gave(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(demo / "archive.db")) as opened:
        rows = opened.execute("SELECT id, url, date, date_kind, byline FROM articles").fetchall()
    assert any(kind == "posted" for _, _, _, kind, _ in rows)
    for article_id, url, day, kind, byline in rows:
        found = json.loads(said(capsys, "inspect", article_id, "--archive", demo, "--json")[1])
        record = found["record"]
        assert (record["url"], record["date"], record["date_kind"], record["byline"]) == (url, day, kind, byline)
        assert ("listing" in found["reasons"]["date"]["rule"]) == (kind == "posted")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("inspect", "nowhere.html"), "nowhere.html is no file"),
        (("inspect", "99999"), "No article 99999"),
        (("inspect", __file__), "needs --url"),
        (("inspect", __file__, "--url", "notaurl"), "--url: notaurl is no whole http(s) address"),
        (("extract", __file__, "--url", "ftp://susta.vn/a-1"), "--url: ftp://susta.vn/a-1 is no whole"),
    ],
)
def test_what_cannot_be_inspected_is_named(
    demo: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    archive = ("--archive", str(demo)) if words[0] == "inspect" else ()
    capsys.readouterr()
    assert run([*words, *archive]) == 2
    assert complaint in " ".join(capsys.readouterr().err.split())


def test_a_very_long_page_is_inspected_in_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long.html"
    file.write_text(ONE.html().replace("</h1>", "</h1>" + f"<p>{'Một dòng dài ' * 80}</p>" * 3_000))
    code, out = said(capsys, "inspect", file, "--url", URL, "--all")
    assert code == 0
    assert "too long for trafilatura" in out
    assert "more lines (--json has them all)" in out
    assert out.count("\n") < 5_000


def test_inspect_an_archived_page(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = some_url(demo)
    code, out = said(capsys, "inspect", url, "--archive", demo, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["record"]["url"] == url
    assert found["frame_known"]
    assert found["reasons"]["byline"]["rule"]
    assert found["second_opinion"]["ours_shared"] >= 0
    assert {line["field"] for line in found["lines"]} >= {"title", "body", "byline", None}
    code, out = said(capsys, "inspect", url, "--archive", demo)
    assert code == 0
    assert "lines after the article (--all shows them)" in out
    assert found["record"]["byline"] in out
    assert "lines after" not in said(capsys, "inspect", url, "--archive", demo, "--all")[1]


def test_inspect_a_file_and_a_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.html"
    file.write_text(ONE.html(), encoding="utf-8")
    assert said(capsys, "inspect", file, "--url", URL)[0] == 0
    code, out = said(capsys, "inspect", file, "--url", "https://susta.vn/", "--json")
    assert (code, json.loads(out)["refusal"]["reason"]) == (3, "home")
    assert run(["inspect", str(file)]) == 2
    assert "--url" in capsys.readouterr().err


def test_inspect_asks_the_site_for_what_is_not_archived_and_keeps_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    with DemoSite(articles=4) as site:
        config.write_text(f"[site]\nstart_urls = ['{site.base_url}']\n[crawl]\ndelay_seconds = 0\n", encoding="utf-8")
        url = site.base_url.rstrip("/") + site.expected()[0].path
        code, out = said(capsys, "inspect", url, "--config", config, "--archive", tmp_path / "none", "--json")
    assert code == 0
    assert json.loads(out)["record"]["title"] == site.expected()[0].title
    assert not (tmp_path / "none").exists()


def test_terminal_codes_of_a_page_reach_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.html"
    file.write_text(ONE.html().replace("</p>", " \x1b[2J\x1b]0;x\x07 [bold red]x[/]</p>", 1), encoding="utf-8")
    _, out = said(capsys, "inspect", file, "--url", URL, "--all")
    assert "\x1b[2J" not in out
    assert "[bold red]" in out


def test_review_lists_the_worst_first(tmp_path: Path, demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "archive.db").write_bytes((demo / "archive.db").read_bytes())
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as opened:
        opened.execute("UPDATE articles SET doubts = '[\"thin-body\"]', doubt = 0.1 WHERE id = 2")
        opened.execute('UPDATE articles SET doubts = \'["frame-in-body","thin-body"]\', doubt = 0.73 WHERE id = 5')
    _, out = said(capsys, "review", "--archive", tmp_path, "--json")
    assert [record["id"] for record in json.loads(out)] == [5, 2]
    _, out = said(capsys, "review", "--archive", tmp_path, "--doubt", "frame-in-body")
    assert DOUBTS[Doubt.FRAME_IN_BODY][1] in out
    assert said(capsys, "review", "--archive", demo)[1] == ""


def test_a_runs_summary_says_how_well_pages_were_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DemoSite(articles=12) as site:
        config = tmp_path / "mine.toml"
        config.write_text("[crawl]\ndelay_seconds = 0\n", encoding="utf-8")
        words = ("crawl", site.base_url, "--config", config, "--archive", tmp_path / "a")
        _, out = said(capsys, *words, "--json")
        understood = json.loads(out)["understood"]
        bylines = sum(truth.byline is not None for truth in site.expected())
        assert (understood["articles"], understood["byline"]) == (12, bylines)
        assert understood["captions"] <= understood["photos"]
        _, out = said(capsys, *words, "--all")
        assert "understood     12 articles: title 100%" in out


def test_a_rebuild_says_what_differs_field_by_field(
    tmp_path: Path, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in demo.rglob("*"):
        if path.is_file() and "exports" not in path.parts:
            (tmp_path / path.relative_to(demo)).parent.mkdir(exist_ok=True)
            (tmp_path / path.relative_to(demo)).write_bytes(path.read_bytes())
    assert "Nothing differs" in said(capsys, "rebuild", "--archive", tmp_path)[1]
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as opened:
        opened.execute("UPDATE articles SET byline = 'Người khác', extractor = 'susta-0' WHERE id = 3")
        opened.execute("DELETE FROM articles WHERE id = 4")
        opened.execute("UPDATE photos SET url = url || '?x' WHERE article_id = 5 AND position = 0")
        opened.execute("UPDATE refusals SET reason = 'no-body' WHERE reason = 'home'")
    _, out = said(capsys, "rebuild", "--archive", tmp_path, "--json")
    changes = json.loads(out)["changes"]
    assert changes["fields"] == {"byline": 1, "photos": 1}
    assert (changes["refusals_gained"], changes["refusals_lost"]) == ({"home": 1}, {"no-body": 1})
    assert changes["examples"][0]["before"] == "Người khác"
    assert len(changes["gained"]) == 1
    assert not changes["lost"]
    assert compare(tmp_path / "archive.db", tmp_path / "archive.db").same


# The site's profile


PROFILED = f"""<title>Trang</title><div id=x9><b>{ONE.title}</b></div><div>Lượt xem: 3</div>
<i id=who>Bài và ảnh: Lò Thị Mai</i><u id=when>Đăng ngày 5/6/2021 08:00</u>
<div class=a><p>{SENTENCE.format(1)}</p><p>Lời rao thường trực của trang, không thuộc bài nào cả, in giữa bài.</p>
<div class=b><p>{SENTENCE.format(2)}</p></div></div>""".encode()


def test_a_profile_overrides_a_field_and_only_that() -> None:
    plain = extract(PROFILED, URL, HTML)
    assert isinstance(plain, Article)
    picked = extract(PROFILED, URL, HTML, profile=Profile(title="#x9", body="div.b", byline="#who", date="#when"))
    assert isinstance(picked, Article)
    assert picked.body == (SENTENCE.format(2),)
    assert (picked.byline, picked.byline_role, picked.date) == ("Lò Thị Mai", "text_and_photo", "2021-06-05")
    assert {picked.reasons[name].rule for name in ("title", "byline", "date")} == {"profile"}
    assert picked.views == plain.views == 3
    nothing = extract(PROFILED, URL, HTML, profile=Profile(body=".no-such"))
    assert isinstance(nothing, Article)
    assert nothing.content_sha256 == plain.content_sha256


def test_a_selector_that_is_none_is_a_mistake_in_the_config() -> None:
    settings: dict[str, Any] = {"profile": {"title": "div[[", "body": "div > p"}}
    with pytest.raises(Exception, match="1 mistake") as caught:
        parse_config(settings)
    assert "profile.title" in caught.value.problems[0]  # type: ignore[attr-defined]
