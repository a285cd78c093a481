"""`susta report`: one page that stands alone, tells what came since the last, and lets nothing of a page through."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive.health import examine, unknown
from archive.health_terms import Thresholds
from archive.report_charts import bars, every_month, heat, lines
from archive.report_facts import report_facts
from archive.report_page import page
from scraper.cli import run
from scraper.reporting import answer_times, last_report

VOID = {"meta", "br", "line", "rect", "circle", "polyline"}
EVIL = "<script>alert(1)</script>\"'&"


class Reader(HTMLParser):
    """The elements of a page, with what could ask for something elsewhere; complains about elements left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "action", "background") or name.startswith("on"):
                self.asked.append((tag, name))
            if name == "href":
                (self.links.append(value or "") if tag == "a" else self.asked.append((tag, name)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1:] == [tag]
            self.open.pop()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "archive"
    assert run(["demo", "--archive", str(folder), "--pages", "10"]) == 0
    assert run(["demo", "--archive", str(folder), "--pages", "10", "--second-visit"]) == 0
    return folder


@pytest.fixture(scope="module")
def written(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("out") / "report.html"
    assert run(["report", "--archive", str(archive), "--output", str(output)]) == 0
    return output.read_text(encoding="utf-8")


def test_the_page_stands_alone(written: str) -> None:
    reader = Reader(written)
    assert reader.open == []
    assert reader.asked == []
    assert not {"script", "iframe", "object", "embed", "form", "img", "base", "link"} & reader.names
    assert "default-src 'none'" in written
    assert "@import" not in written
    assert "url(" not in written
    assert {link.partition("://")[0] for link in reader.links} <= {"http", "https"}


def test_it_says_what_is_new_and_changed_with_links_and_credit(written: str, archive: Path) -> None:
    db = sqlite3.connect(archive / "archive.db")
    titles = [title for (title,) in db.execute("SELECT title FROM articles")]
    (changed,) = db.execute("SELECT count(*) FROM revisions WHERE number > 1").fetchone()
    db.close()
    assert changed
    assert f"New: {len(titles)} articles" in written
    assert f"Changed: {changed} revisions" in written
    assert "<ins>" in written or "<del>" in written
    assert "Nguồn: " in written
    assert written.count("<svg class=") >= 4


def test_the_next_report_tells_what_came_since_the_last(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    words = ["report", "--archive", str(archive), "--output", str(output)]
    assert run(words) == 0
    until = last_report(output)
    assert until is not None
    assert datetime.now(UTC) - until < timedelta(minutes=2)
    assert run(words) == 0
    assert "New: 0 articles" in output.read_text(encoding="utf-8")
    assert f"{until:%Y-%m-%d}" in output.read_text(encoding="utf-8")


def test_json_is_one_value_and_writes_no_page(
    archive: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run(["report", "--archive", str(archive), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["totals"]["articles"] == said["new_count"] == len(said["new"])
    assert said["health"]["state"] == "ok"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--since", "yesterday"], ["--since", "2999-01-01"], ["--output", "no/such/folder/r.html"]]
)
def test_what_cannot_be_is_said(
    archive: Path, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--archive", str(archive), *words]) == 2


def test_without_an_archive_there_is_no_report(tmp_path: Path) -> None:
    assert run(["report", "--archive", str(tmp_path / "none")]) == 4


def test_nothing_of_a_hostile_page_gets_through(archive: Path) -> None:
    db = sqlite3.connect(":memory:")
    disk = sqlite3.connect(archive / "archive.db")
    disk.backup(db)
    disk.close()
    now = datetime.now(UTC)
    db.execute("UPDATE articles SET title = ?1, byline = ?1, category = ?1, doubt = 0.9, doubts = '[\"x\"]'", (EVIL,))
    db.execute("UPDATE articles SET url = 'javascript:alert(1)//' || id")
    db.execute("UPDATE sources SET notice = ?1 || notice, name = ?1", (EVIL,))
    db.execute("INSERT INTO failures (url, failed_at, reason, detail) VALUES ('a', ?, ?, '')", (now.isoformat(), EVIL))
    facts = report_facts(db, now - timedelta(days=1), now + timedelta(hours=1))
    text = page(facts, unknown(now, EVIL, EVIL), [(EVIL, 1.0)])
    reader = Reader(text)
    assert "script" not in reader.names
    assert reader.asked == []
    assert [link for link in reader.links if link.startswith("javascript")] == []
    assert EVIL not in text


def test_an_empty_archive_has_a_page_too(tmp_path: Path) -> None:
    from archive import schema

    db = schema.connect(tmp_path / "archive.db", create=True)
    now = datetime.now(UTC)
    text = page(report_facts(db, now - timedelta(days=7), now), unknown(now, "nothing yet"))
    assert Reader(text).open == []
    assert "New: 0 articles" in text


def test_all_articles_are_counted_by_category_and_time(archive: Path) -> None:
    """Months of this year and the last, years before, and what is older together: none is left out."""
    with sqlite3.connect(f"file:{archive / 'archive.db'}?mode=ro", uri=True) as db:
        now = datetime(2024, 3, 5, tzinfo=UTC)
        coverage = report_facts(db, now - timedelta(days=7), now).coverage
        later = report_facts(db, now, now.replace(year=2034)).coverage
        (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    for each in (coverage, later):
        assert sum(map(sum, each.counts.values())) == articles
    assert "2023-01" in coverage.times
    assert all(len(time) == 4 for time in coverage.times if time < "2023")
    assert later.times[0].startswith("to 2023")
    shades = heat(["2021", "2022-01"], {"a": [100, 5], "b": [20, 1]})
    assert re.findall(r'<td class="h(\d)">(\d+)', shades) == [("5", "100"), ("5", "5"), ("1", "20"), ("1", "1")]


def test_commands_in_an_advice_are_shown_as_such(archive: Path) -> None:
    with sqlite3.connect(f"file:{archive / 'archive.db'}?mode=ro", uri=True) as db:
        now = datetime.now(UTC)
        facts = report_facts(db, now - timedelta(days=7), now)
        later = now + timedelta(days=90)
        health = examine(db, later, Thresholds(), free=10**12, lock_held=lambda: False, standing={})
    text = page(facts, health)
    assert "<code>susta schedule show</code>" in text
    assert "`" not in text


def test_charts_are_drawn_to_scale() -> None:
    drawn = bars("a & b", [("2026-01", 10), ("2026-02", 5), ("2026-03", 0)])
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert heights[0] == 2 * heights[1] > heights[2] == 0
    assert "a &amp; b" in drawn
    assert bars("a", []) == lines("a", [], {}) == heat([], {}) == ""


def test_months_without_articles_are_shown_as_such() -> None:
    filled = every_month([("2025-11", 3), ("2026-02", 1)])
    assert filled == [("2025-11", 3), ("2025-12", 0), ("2026-01", 0), ("2026-02", 1)]
    assert every_month([]) == []


def test_a_line_has_a_gap_where_nothing_is_known() -> None:
    drawn = lines("a", ["1", "2", "3", "4"], {"x": [0.5, None, 0.25, 1.0]})
    assert drawn.count("<polyline") == 2
    assert Reader(drawn).open == []


def test_answer_times_are_read_from_the_log(tmp_path: Path) -> None:
    log = tmp_path / "crawl.jsonl"
    rows = [
        {"event": "answer", "run": run_id, "seconds": seconds} for run_id, seconds in ((1, 1.0), (1, 3.0), (2, 0.5))
    ]
    text = "\n".join([*map(json.dumps, rows), '{"event": "answer", "run": 2', '{"event": "answer"}', ""])
    log.write_text(text, encoding="utf-8")
    assert answer_times(log) == [("1", 2.0), ("2", 0.5)]
    assert answer_times(None) == answer_times(tmp_path / "none") == []
