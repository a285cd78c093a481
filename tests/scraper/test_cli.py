"""The command line: what goes to which stream, and which exit code tells what."""

import contextlib
import csv
import hashlib
import io
import json
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_site import NOTICE, FakeArticle, listing

from archive.errors import ExitCode
from archive.lock import locked
from scraper import rebuild
from scraper.cli import run
from scraper.demo import DemoSite

COMMANDS = (
    "crawl",
    "demo",
    "extract",
    "inspect",
    "export",
    "show",
    "why",
    "search",
    "status",
    "runs",
    "review",
    "rebuild",
    "history",
    "diff",
    "capture",
    "events",
    "import",
    "package",
    "health",
    "report",
    "init",
    "doctor",
)
ASKED_WHY = ("why", "https://susta.vn/tin-tuc-su-kien/ten-bai-20001")
READING = [
    ASKED_WHY,
    ("export",),
    ("cite", "1"),
    ("show", "1"),
    ("search", "a"),
    ("status",),
    ("runs",),
    ("review",),
    ("history", "1"),
    ("diff", "1"),
    ("capture", "1"),
    ("events",),
]
NOTED = {"export"}  # reading that is an event of the archive
ONE = FakeArticle(
    20001, "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã", photos=(("/a.png", "Toàn cảnh buổi làm việc"),)
)
URL = f"https://susta.vn{ONE.path}"


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value; anything else on it is an error."""
        return json.loads(self.out)


Susta = Callable[..., Said]


@pytest.fixture
def susta(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Susta:
    """Runs a command line in an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Said:
        capsys.readouterr()
        code = run([str(word) for word in words])
        streams = capsys.readouterr()
        return Said(code, streams.out, streams.err)

    return call


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive, crawled once; only read."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    assert run(["demo", "--archive", str(folder), "--pages", "8"]) == 0
    return folder


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(articles=6) as serving:
        yield serving


@pytest.fixture
def polite_enough(tmp_path: Path) -> Path:
    """A config for sites on this machine."""
    file = tmp_path / "mine.toml"
    file.write_text("[crawl]\ndelay_seconds = 0\nattempts = 1\n[site]\nmedia_hosts = []\n", encoding="utf-8")
    return file


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# Help and wrong words


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(susta: Susta, command: str) -> None:
    said = susta(command, "--help")
    assert said.code == 0
    assert f"susta {command}" in said.out.partition("Examples:")[2]


def test_help_and_version(susta: Susta) -> None:
    assert all(command in susta("--help").out for command in COMMANDS)
    assert re.fullmatch(r"susta-archive \d+\.\d+\S*\n", susta("--version").out)


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command",),
        ("crawl", "--no-such-option"),
        ("crawl", "--limit", "0"),
        ("crawl", "--limit", "many"),
        ("crawl", "ftp://susta.vn/"),
        ("crawl", "susta.vn"),
        ("crawl", "https://susta.vn/", "mailto:a@susta.vn"),
        ("extract", "page.html"),
        ("extract", "absent.html", "--url", URL),
        ("extract", "absent.html", "--url", "susta.vn"),
        ("export", "--format", "docx"),
        ("cite", "1", "--format", "docx"),
        ("cite", "1", "--language", "fr"),
        ("export", "--since", "yesterday"),
        ("export", "--until", "2021-13-01"),
        ("export", "--changed-since", "lately"),
        ("export", "--format", "markdown"),
        ("search",),
        ("show",),
        ("why",),
        ("crawl", "--config", "absent.toml"),
        ("status", "--config", "absent.toml"),
    ],
)
def test_wrong_words_are_told_on_standard_error_and_nothing_is_started(
    susta: Susta, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = susta(*words)
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert said.err
    assert "Traceback" not in said.err
    assert not list(tmp_path.iterdir())


def test_a_config_with_mistakes_tells_each_and_starts_nothing(susta: Susta, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[crawl]\ndelay_seconds = -1\nno_such = 2\n[site]\nstart_urls = ['x']\n", encoding="utf-8")
    said = susta("crawl", "--config", file)
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert all(
        place in said.err for place in ("crawl.delay_seconds", "crawl.no_such", "site.start_urls[0]", "3 mistakes")
    )
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_without_an_archive_reading_commands_say_so_and_make_none(
    susta: Susta, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = susta(*words, "--archive", tmp_path / "none")
    assert (said.code, said.out) == (ExitCode.ARCHIVE_UNUSABLE, "")
    assert "There is no archive" in said.err
    assert "--archive DIR" in said.err
    assert not (tmp_path / "none").exists()


def test_rebuild_without_warc_files_says_so(susta: Susta, tmp_path: Path) -> None:
    said = susta("rebuild", "--archive", tmp_path / "none")
    assert (said.code, said.out) == (ExitCode.ARCHIVE_UNUSABLE, "")
    assert "no WARC files" in said.err


# Archives that cannot be used


@pytest.mark.parametrize("words", [*READING, ("crawl", "http://127.0.0.1:1/")], ids=lambda words: words[0])
@pytest.mark.parametrize("kind", ["newer", "foreign", "damaged"])
def test_an_archive_that_cannot_be_used_is_told_and_left_as_it_is(
    susta: Susta, tmp_path: Path, words: tuple[str, ...], kind: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "archive.db"
    if kind == "damaged":
        path.write_bytes(b"no database at all " * 300)
    else:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE a (b)")
        connection.execute(f"PRAGMA application_id = {0x53555354 if kind == 'newer' else 7}")
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
        connection.close()
    before = path.read_bytes()
    said = susta(*words)
    assert (said.code, said.out) == (ExitCode.ARCHIVE_UNUSABLE, "")
    assert "Error: " in said.err
    assert "Traceback" not in said.err
    assert path.read_bytes() == before


def test_the_advice_follows_the_error(susta: Susta, tmp_path: Path) -> None:
    said = susta("status", "--archive", tmp_path / "none")
    error, advice = said.err.splitlines()
    assert error.startswith("Error: ")
    assert "susta crawl" in advice


@pytest.mark.parametrize("words", [("crawl", "http://127.0.0.1:1/"), ("rebuild",)], ids=lambda words: words[0])
def test_one_run_at_a_time(susta: Susta, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "data" / "warc").mkdir(parents=True)
    (tmp_path / "data" / "warc" / "susta-000001-20260105T020000Z.warc.gz").touch()
    with locked(tmp_path / "data", "crawl"):
        said = susta(*words)
    assert (said.code, said.out) == (ExitCode.LOCKED, "")
    assert "Another run" in said.err
    assert not (tmp_path / "data" / "archive.db").exists()


# crawl


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_site_that_cannot_be_reached(susta: Susta, tmp_path: Path, polite_enough: Path, as_json: tuple[str]) -> None:
    said = susta("crawl", f"http://127.0.0.1:{closed_port()}/", "--config", polite_enough, *as_json)
    assert said.code == ExitCode.NOTHING_CRAWLED
    assert said.json["outcome"] == "nothing-crawled" if as_json else not said.out
    assert "Nothing could be crawled" in said.err
    assert "Check the address" in said.err
    data = tmp_path / "data"
    assert not list(data.rglob("*.open"))
    assert not list(data.rglob("*-wal"))
    assert susta("status", "--archive", data, "--json").json["articles"] == 0
    assert susta("rebuild", "--archive", data).code == 0


def test_a_crawl_prints_its_report_as_the_one_json_value(susta: Susta, site: DemoSite, polite_enough: Path) -> None:
    said = susta("crawl", site.base_url, "--config", polite_enough, "--json")
    report = said.json
    assert said.code == 0
    assert (report["outcome"], report["new"], report["failed"]) == ("finished", 6, {})
    again = susta("crawl", site.base_url, "--config", polite_enough, "--json")
    assert (again.code, again.json["new"], again.json["run"]) == (0, 0, 2)


def test_a_crawl_for_people_ends_with_a_summary(susta: Susta, site: DemoSite, polite_enough: Path) -> None:
    said = susta("crawl", site.base_url, "--config", polite_enough, "--limit", 3)
    assert said.code == 0
    assert re.search(r"pages fetched +3\b", said.out)
    assert "contact is empty" in said.err
    assert "contact" not in susta("crawl", site.base_url, "--config", polite_enough, "-q").err


def test_some_pages_failed(susta: Susta, polite_enough: Path) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Failing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = {"/robots.txt": 404, "/": 200}.get(self.path, 500)
            body = listing(["/hong/bai-20001"]).encode() if status == 200 else b"x"
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        said = susta("crawl", f"http://127.0.0.1:{server.server_port}/", "--config", polite_enough, "--json")
    finally:
        server.shutdown()
        server.server_close()
    assert said.code == ExitCode.SOME_FAILED
    assert said.json["failed"] == {"http-500": 1}


def test_a_dry_run_says_what_would_be_asked_for(
    susta: Susta, site: DemoSite, tmp_path: Path, polite_enough: Path
) -> None:
    words = ("crawl", site.base_url, "--config", polite_enough, "--dry-run")
    first = susta(*words, "--json").json
    assert first["addresses"][0] == (
        {"url": site.base_url, "host": site.base_url.split("/")[2], "kind": "start", "reason": "start", "detail": ""}
    )
    assert [each["kind"] for each in first["addresses"]] == ["start", "probe", "sitemap"]
    assert not (tmp_path / "data").exists()
    susta("crawl", site.base_url, "--config", polite_enough, "--limit", 3)
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    said = susta(*words)
    assert (said.code, said.err) == (0, "")
    assert re.search(r"^start  start  http", said.out, re.M)
    assert re.search(r"^new  article  http", said.out, re.M)
    assert susta(*words, "--json", "--all").json["pages"] > 3
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()} == before


def test_a_crawl_may_be_logged(susta: Susta, site: DemoSite, tmp_path: Path, polite_enough: Path) -> None:
    words = ("crawl", site.base_url, "--config", polite_enough, "--limit", 3, "--json")
    report = susta(*words, "--log", tmp_path / "crawl.jsonl").json
    lines = [json.loads(line) for line in (tmp_path / "crawl.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (lines[0]["event"], lines[-1]["event"], lines[-1]["fetched"]) == ("run-started", "run-finished", 3)
    (host,) = report["hosts"].values()
    assert host["requests"] == report["requests"] >= 4
    assert 0 <= host["median_seconds"] <= host["worst_seconds"] < 60
    said = susta(*words, "--log", tmp_path / "none" / "crawl.jsonl")
    assert (said.code, said.json["outcome"]) == (ExitCode.USAGE, "not-started")


def test_a_trap_that_is_not_closed_cannot_be_opened(susta: Susta, tmp_path: Path, polite_enough: Path) -> None:
    for also in ((), ("--dry-run",)):
        said = susta("crawl", "http://127.0.0.1:1/", "--config", polite_enough, "--reopen", "susta.vn/lich/*?", *also)
        assert (said.code, said.out) == (ExitCode.USAGE, "")
        assert "susta.vn/lich/*?" in said.err
    assert not (tmp_path / "data").exists()


def test_with_too_little_disk_space_nothing_is_started(susta: Susta, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[crawl]\nmin_free_megabytes = 1e12\n", encoding="utf-8")
    said = susta("crawl", "http://127.0.0.1:1/", "--config", file)
    assert (said.code, said.out) == (ExitCode.ARCHIVE_UNUSABLE, "")
    assert "free disk space" in said.err
    assert list(tmp_path.iterdir()) == [file]


def test_why_answers_in_words_and_in_json(susta: Susta, archive: Path) -> None:
    url = susta("show", 1, "--archive", archive, "--json").json["url"]
    answer = susta("why", url, "--archive", archive, "--json")
    assert (answer.code, answer.json["verdict"], answer.json["article"]["id"]) == (0, "fetched", 1)
    said = susta("why", url, "--archive", archive)
    assert said.out.splitlines()[0] == url
    assert said.out.splitlines()[1].startswith("fetched: It answered 200")
    assert susta("why", "https://elsewhere.test/\x1b[1m", "--archive", archive).code == 0
    assert susta("why", "susta.vn", "--archive", archive).code == ExitCode.USAGE


# extract


def test_a_saved_page_becomes_its_record(susta: Susta, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(ONE.html(views=538), encoding="utf-8")
    said = susta("extract", "page.html", "--url", URL)
    record = said.json
    assert said.code == 0
    assert (record["title"], record["site_id"], record["views"]) == (ONE.title, 20001, 538)
    assert record["body"] == list(ONE.paragraphs())
    assert record["photos"][0]["caption"] == "Toàn cảnh buổi làm việc"
    assert record["source"]["credit"] == "Nguồn: Susta.vn"
    assert list(record) == [
        "url", "site", "site_id", "category", "title", "byline", "byline_role", "affiliation", "date", "date_kind",
        "date_evidence", "body", "photos", "attachments", "tables", "views", "source", "captured_at", "content_sha256",
        "extractor",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "url", "reason"),
    [
        (listing([f"/tin/bai-so-{number}" for number in range(20001, 20009)]), "https://susta.vn/tin", "listing"),
        ("<p>chào</p>", "https://susta.vn/", "home"),
        ("", URL, "empty"),
        ("%PDF-1.4 xyz", URL, "binary"),
    ],
)
def test_a_page_that_is_no_article_tells_its_reason(
    susta: Susta, tmp_path: Path, body: str, url: str, reason: str
) -> None:
    (tmp_path / "page.html").write_text(body, encoding="utf-8")
    said = susta("extract", "page.html", "--url", url)
    assert said.code == ExitCode.NO_ARTICLE
    assert said.json["reason"] == reason


def test_the_charset_of_a_saved_page_may_be_given(susta: Susta, tmp_path: Path) -> None:
    body = ONE.html().replace('<meta charset="utf-8">', "").encode("utf-16-le")
    (tmp_path / "page.html").write_bytes(body)
    said = susta("extract", "page.html", "--url", URL, "--content-type", "text/html; charset=utf-16-le")
    assert said.json["title"] == ONE.title


def test_a_condition_that_differs_is_told_beside_the_record(susta: Susta, tmp_path: Path) -> None:
    other = FakeArticle(ONE.number, ONE.title, notice=NOTICE.replace("Susta.vn", "Cổng tri thức"))
    (tmp_path / "page.html").write_text(other.html(), encoding="utf-8")
    said = susta("extract", "page.html", "--url", URL)
    assert said.json["source"]["notice"] == other.notice
    assert other.notice in said.err


# Reading an archive


def test_export_writes_the_same_records_in_every_form(susta: Susta, archive: Path) -> None:
    records = susta("export", "--archive", archive).json
    lines = susta("export", "--archive", archive, "--format", "jsonl").out.splitlines()
    table = list(
        csv.DictReader(io.StringIO(susta("export", "--archive", archive, "--format", "csv").out.lstrip("\ufeff")))
    )
    assert len(records) == 8
    assert [json.loads(line) for line in lines] == records
    assert [row["url"] for row in table] == [record["url"] for record in records]
    assert all(record["source"]["credit"] and record["source"]["notice"] for record in records)
    assert all(row["credit"] and row["notice"] for row in table)


def test_export_into_a_file_says_how_many(susta: Susta, archive: Path, tmp_path: Path) -> None:
    said = susta("export", "--archive", archive, "--format", "jsonl", "--output", tmp_path / "a.jsonl")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("8 records written")
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 8
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_export_into_a_place_that_cannot_be_written(susta: Susta, archive: Path, tmp_path: Path) -> None:
    said = susta("export", "--archive", archive, "--output", tmp_path / "none" / "a.json")
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert "there is no folder" in said.err


def test_export_into_a_folder_and_into_a_binary_file(susta: Susta, archive: Path, tmp_path: Path) -> None:
    records = susta("export", "--archive", archive).json
    susta("export", "--archive", archive, "--format", "markdown", "--output", tmp_path / "md")
    assert len(list((tmp_path / "md" / "articles").iterdir())) == len(records)
    again = susta("export", "--archive", archive, "--format", "markdown", "--output", tmp_path / "md")
    assert again.code == 2
    assert "there already" in again.err
    susta("export", "--archive", archive, "--format", "parquet", "--output", tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def test_cite_gives_the_digest_of_the_captured_bytes(susta: Susta, archive: Path) -> None:
    (item,) = susta("cite", "1", "--archive", archive, "--format", "csl-json").json
    shown = susta("capture", item["archive_location"].split()[1].rstrip(","), "--archive", archive, "--json").json
    assert item["archive_location"].endswith(f"sha256:{shown['row']['payload_sha256']}")
    assert item["URL"] in susta("cite", item["URL"], "--archive", archive).out
    assert susta("cite", "99999", "--archive", archive).code == 3


def test_release_is_an_event_and_is_never_written_over_another(susta: Susta, archive: Path, tmp_path: Path) -> None:
    said = susta("release", tmp_path / "out", "--archive", archive)
    assert (said.code, said.out) == (0, "")
    sums = hashlib.sha256((tmp_path / "out" / "SHA256SUMS").read_bytes()).hexdigest()
    newest = susta("events", "--type", "exported", "--limit", "1", "--archive", archive, "--json").json[0]
    assert (newest["detail"]["format"], newest["detail"]["sha256"]) == ("release", sums)
    again = susta("release", tmp_path / "out", "--archive", archive)
    assert again.code == 2
    assert "there already" in again.err


def test_export_takes_filters(susta: Susta, archive: Path) -> None:
    every = susta("export", "--archive", archive).json
    category = every[0]["category"]
    chosen = susta("export", "--archive", archive, "--category", category).json
    assert chosen == [record for record in every if record["category"] == category]
    dated = sorted(record["date"] for record in every if record["date"])
    middle = dated[len(dated) // 2]
    since = susta("export", "--archive", archive, "--since", middle).json
    assert sorted(record["date"] for record in since) == [day for day in dated if day >= middle]
    assert susta("export", "--archive", archive, "--category", "khong-co").json == []


def test_show_finds_an_article_by_id_and_by_address(susta: Susta, archive: Path) -> None:
    by_id = susta("show", 1, "--archive", archive, "--json")
    by_url = susta("show", by_id.json["url"], "--archive", archive, "--json")
    assert by_id.json == by_url.json
    text = susta("show", 1, "--archive", archive).out
    assert by_id.json["title"] in text
    assert by_id.json["source"]["credit"] in text
    assert by_id.json["source"]["notice"] in text


@pytest.mark.parametrize("what", ["999", "https://susta.vn/none", "0", "-", "x y"])
def test_show_of_what_is_not_there(susta: Susta, archive: Path, what: str) -> None:
    said = susta("show", what, "--archive", archive)
    assert (said.code, said.out) == (ExitCode.NO_ARTICLE, "")
    assert "No article" in said.err


def test_show_writes_the_captured_photos(susta: Susta, archive: Path, tmp_path: Path) -> None:
    from hashlib import sha256

    with sqlite3.connect(archive / "archive.db") as connection:
        ((article_id, count),) = connection.execute(
            "SELECT article_id, count(*) FROM photos GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        ).fetchall()
        digests = connection.execute(
            "SELECT sha256 FROM photos WHERE article_id = ? ORDER BY position", (article_id,)
        ).fetchall()
    connection.close()
    said = susta("show", article_id, "--archive", archive, "--photos", tmp_path / "photos")
    files = sorted((tmp_path / "photos").iterdir())
    assert f"{count} of {count} photos" in said.err
    assert [(sha256(file.read_bytes()).hexdigest(),) for file in files] == digests
    assert {file.suffix for file in files} <= {".jpg", ".png", ".gif"}


def test_search_prints_objects_best_first(susta: Susta, archive: Path) -> None:
    words = susta("show", 1, "--archive", archive, "--json").json["title"].split()[:4]
    hits = susta("search", *words, "--archive", archive, "--json").json
    assert hits
    assert all({"url", "title", "date", "snippet"} <= hit.keys() for hit in hits)
    assert len(susta("search", "huyen", "--limit", 2, "--archive", archive, "--json").json) <= 2
    assert susta("search", *words, "--archive", archive).code == 0


@pytest.mark.parametrize("words", ["khongcotunay", '"', "' OR 1=1 --", "NEAR(", "*", "a AND", "title:x", "%", "-x"])
def test_any_search_is_safe_and_nothing_found_is_an_empty_list(susta: Susta, archive: Path, words: str) -> None:
    said = susta("search", "--archive", archive, "--json", "--", words)
    assert said.code == 0
    assert isinstance(said.json, list)


def test_status_and_runs(susta: Susta, archive: Path) -> None:
    status = susta("status", "--archive", archive, "--json").json
    (only,) = susta("runs", "--archive", archive, "--json").json
    assert (status["articles"], status["revisions"], status["runs"]) == (8, 8, 1)
    assert set(status["frontier"]) == {"done"}
    assert (only["id"], only["outcome"], only["new"]) == (1, "finished", 8)
    assert "8" in susta("status", "--archive", archive).out
    assert "finished" in susta("runs", "--archive", archive).out


@pytest.mark.parametrize("words", [words for words in READING if words[0] not in NOTED], ids=lambda words: words[0])
def test_reading_changes_nothing(susta: Susta, archive: Path, words: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in archive.rglob("*.*") if path.is_file()}
    susta(*words, "--archive", archive)
    assert {path: path.read_bytes() for path in archive.rglob("*.*") if path.is_file()} == before


# demo and rebuild


def test_the_demo_twice_and_its_second_visit(susta: Susta, tmp_path: Path) -> None:
    first = susta("demo", "--pages", 8)
    assert first.code == 0
    assert "8 records exported" in first.out
    assert "Nguồn: " in first.out
    again = susta("demo", "--pages", 8)
    assert (again.code, "\n  new            0\n" in again.out) == (0, True)
    later = susta("demo", "--pages", 8, "--second-visit")
    assert later.code == 0
    runs = susta("runs", "--archive", "data/demo", "--json").json
    assert [one["new"] for one in runs][1:] == [0, 8]
    assert runs[0]["new"] > 0
    assert runs[0]["changed"] > 0
    before = susta("export", "--archive", "data/demo").out
    (tmp_path / "data" / "demo" / "archive.db").unlink()
    rebuilt = susta("rebuild", "--archive", "data/demo", "--json")
    assert (rebuilt.code, rebuilt.json["runs"]) == (0, 3)
    assert susta("export", "--archive", "data/demo").out == before


def test_a_rebuild_that_is_interrupted_says_so_and_goes_on(
    susta: Susta, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shutil.copytree(archive, tmp_path / "copy")
    before = susta("export", "--archive", archive).out
    monkeypatch.setattr(rebuild, "_AT_ONCE", 0.0)
    monkeypatch.setattr(rebuild, "_TELL_EACH", 0.0)
    with monkeypatch.context() as patched:
        left = iter(range(4, -1, -1))

        def tell(_: object) -> None:
            if next(left) == 0:
                raise KeyboardInterrupt

        patched.setattr(rebuild._Filling, "_tell", tell)
        said = susta("rebuild", "--archive", archive, "--jobs", 1)
    assert (said.code, said.out) == (ExitCode.INTERRUPTED, "")
    assert "goes on from here" in said.err
    assert susta("export", "--archive", archive).out == before
    said = susta("rebuild", "--archive", archive, "--jobs", 2)
    assert said.code == 0
    assert said.err.strip() == "Going on with an earlier rebuild that was cut off."
    assert "Nothing differs from before" in said.out
    assert susta("export", "--archive", archive).out == before
    again = susta("rebuild", "--archive", archive, "--json")
    assert (again.err, again.json["resumed"], again.json["changes"]["fields"]) == ("", False, {})


def test_a_rebuild_replaces_neither_a_newer_archive_nor_one_whose_files_are_missing(
    susta: Susta, archive: Path, tmp_path: Path
) -> None:
    archive = shutil.copytree(archive, tmp_path / "copy")
    database = archive / "archive.db"
    with contextlib.closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA user_version = 99")
    before = database.read_bytes()
    said = susta("rebuild", "--archive", archive)
    assert (said.code, database.read_bytes()) == (ExitCode.ARCHIVE_UNUSABLE, before)
    with contextlib.closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA user_version = 1")
    first = sorted((archive / "warc").iterdir())[0]
    first.rename(archive / first.name)
    said = susta("rebuild", "--archive", archive)
    assert said.code == ExitCode.ARCHIVE_UNUSABLE
    (archive / first.name).rename(first)
    assert susta("rebuild", "--archive", archive).code == 0
