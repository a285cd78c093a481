"""history, diff, capture, events and `show --raw`: what they print, byte for byte where they promise it."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_site import HTML, FakeArticle, FakeSite, Reply, listing, some_articles
from test_crawl import Crawling

from scraper.cli import run


@dataclass(frozen=True)
class Said:
    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


Susta = Callable[..., Said]


class Lived:
    """An archive of three runs: an article is edited, one is never changed, one disappears and returns."""

    def __init__(self, folder: Path) -> None:
        self.edited, self.steady, self.lost, *_ = some_articles(4)
        self.site = FakeSite()
        self.crawling = Crawling(folder, self.site)
        self.publish(self.edited, views=7)
        self.crawling.run()
        self.crawling.clock.pass_days(10)
        self.edited_again = FakeArticle(self.edited.number, self.edited.title, words="Câu này mới được sửa hôm nay.")
        self.publish(self.edited_again, views=90)
        self.site.pages[self.lost.path] = Reply("", 404)
        self.crawling.run(everything=True)
        self.crawling.clock.pass_days(10)
        self.crawling.run(everything=True)
        self.site.pages[self.lost.path] = Reply(self.lost.html(), media_type=HTML)
        self.crawling.clock.pass_days(10)
        self.crawling.run(everything=True)

    def publish(self, edited: FakeArticle, views: int) -> None:
        shown = [edited, self.steady, self.lost]
        self.site.pages["/"] = listing([one.path for one in shown])
        for one in shown:
            coded = one is edited
            body = gzip.compress(one.html(views=views).encode(), mtime=0) if coded else one.html(views=views)
            headers = (("Content-Encoding", "gzip"),) if coded else ()
            self.site.pages[one.path] = Reply(body, media_type=HTML, headers=headers)

    def url(self, one: FakeArticle) -> str:
        return self.site.base[:-1] + one.path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def susta(lived: Lived, capfdbinary: pytest.CaptureFixture[bytes]) -> Susta:
    def call(*words: object) -> Said:
        capfdbinary.readouterr()
        code = run([*map(str, words), "--archive", str(lived.crawling.folder)])
        streams = capfdbinary.readouterr()
        return Said(code, streams.out, streams.err.decode())

    return call


def page_captures(lived: Lived, one: FakeArticle) -> list[int]:
    return lived.crawling.rows("SELECT id FROM captures WHERE url = ? ORDER BY id", lived.url(one))


def test_a_history_tells_what_happened_in_the_order_of_time(lived: Lived, susta: Susta) -> None:
    said = susta("history", lived.url(lived.lost))
    told = [word for word in said.out.split() if word in ("revision", "disappeared", "returned")]
    assert (said.code, told) == (0, ["revision", "disappeared", "returned"])
    edited = susta("history", lived.url(lived.edited), "--json").json
    assert [one["number"] for one in edited["revisions"]] == [1, 2]
    assert edited["revisions"][1]["changed"]
    assert [one["views"] for one in edited["views"]][::3] == [7, 90]


def test_a_diff_shows_the_words_that_changed(lived: Lived, susta: Susta) -> None:
    last = susta("diff", lived.url(lived.edited))
    assert "{+" in last.out
    assert "sửa hôm nay" in last.out
    assert "\x1b" not in last.out
    for pair in ((), (2,), (1,), (1, 2)):
        assert susta("diff", lived.url(lived.edited), *pair).out == last.out
    back = susta("diff", lived.url(lived.edited), 2, 1, "--json").json
    assert (back["from"]["number"], back["to"]["number"]) == (2, 1)
    texts = [segment for change in back["changes"] for text in change["texts"] for segment in text["segments"]]
    assert any(one["kind"] == "removed" and "sửa hôm nay" in one["text"] for one in texts)


def test_a_diff_of_a_single_revision_says_so(lived: Lived, susta: Susta) -> None:
    said = susta("diff", lived.url(lived.steady))
    assert (said.code, said.out) == (0, "")
    assert "one revision only" in said.err
    assert susta("diff", lived.url(lived.steady), "--json").json["changes"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("diff", "1", "9"), 2),
        (("diff", "1", "0"), 2),
        (("diff", "1", "1", "2", "1"), 2),
        (("diff", "no-such"), 3),
        (("history", "no-such"), 3),
        (("capture", "99999"), 3),
        (("capture", "99999", "--raw"), 3),
        (("capture", "99999", "--record"), 3),
        (("capture", "1", "--raw", "--record"), 2),
        (("capture", "1", "--decoded"), 2),
        (("show", "1", "--raw", "--why"), 2),
        (("show", "1", "--raw", "--revision", "9"), 2),
        (("show", "1", "--revision", "1"), 2),
        (("events", "--since", "yesterday"), 2),
        (("events", "--type", "no-such"), 2),
    ],
)
def test_what_is_not_there_is_told_on_standard_error(susta: Susta, words: tuple[str, ...], code: int) -> None:
    said = susta(*words)
    assert (said.code, said.raw) == (code, b"")
    assert said.err


@pytest.mark.parametrize("what", ["capture", "show"])
def test_bytes_are_no_json(susta: Susta, what: str) -> None:
    said = susta(what, "1", "--raw", "--json")
    assert (said.code, json.loads(said.raw)["error"]["exit_code"]) == (2, 2)


def test_raw_bytes_are_those_the_site_sent(lived: Lived, susta: Susta) -> None:
    url = lived.url(lived.edited)
    sent = [gzip.compress(one.html(views=views).encode(), mtime=0) for one, views in
            ((lived.edited, 7), (lived.edited_again, 90))]  # fmt: skip
    assert [susta("show", url, "--raw", "--revision", number).raw for number in (1, 2)] == sent
    assert susta("show", url, "--raw").raw == sent[1]
    assert susta("show", url, "--raw", "--decoded").raw == gzip.decompress(sent[1])
    assert susta("capture", page_captures(lived, lived.edited)[0], "--raw").raw == sent[0]


def test_a_revisit_gives_the_payload_it_refers_to_and_says_so(lived: Lived, susta: Susta) -> None:
    first, *_, last = page_captures(lived, lived.steady)[:2] + page_captures(lived, lived.edited)[-2:]
    said = susta("capture", last, "--raw")
    digest = lived.crawling.rows("SELECT payload_sha256 FROM captures WHERE id = ?", last)
    assert [hashlib.sha256(said.raw).hexdigest()] == digest
    assert "revisit" in said.err
    assert susta("capture", last, "--json").json["stands_for"]["id"] < last
    assert "revisit" not in susta("capture", first, "--raw").err


def test_a_capture_shows_its_record_its_heads_and_what_came_of_it(lived: Lived, susta: Susta) -> None:
    number = page_captures(lived, lived.edited)[0]
    view = susta("capture", number, "--json").json
    assert view["request"]["http"][0] == f"GET {lived.edited.path} HTTP/1.1"
    assert "Content-Encoding: gzip" in view["response"]["http"]
    assert (view["derived"]["revision"], view["run"]["id"], view["removed"]) == (1, 1, False)
    assert view["derived"]["reasons"]["title"]["rule"]
    text = susta("capture", number).out
    assert f"offset {view['row']['warc_offset']}" in text
    assert "Content-Encoding: gzip" in text


def test_the_record_is_written_as_it_stands_in_its_file(lived: Lived, susta: Susta) -> None:
    number = page_captures(lived, lived.edited)[0]
    packed, unpacked = susta("capture", number, "--record").raw, susta("capture", number, "--record", "--decoded").raw
    ((name, offset, length),) = lived.crawling.rows(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id = ?", number
    )
    file = (lived.crawling.folder / "warc" / name).read_bytes()
    assert packed == file[offset : offset + length]
    assert gzip.decompress(packed) == unpacked
    assert unpacked.startswith(b"WARC/1.1\r\n")


def test_why_a_record_says_what_it_says(lived: Lived, susta: Susta) -> None:
    said = susta("show", lived.url(lived.edited), "--why", "--json").json["provenance"]
    assert said["capture_id"] == page_captures(lived, lived.edited)[1]
    assert said["reasons"]["title"][0]
    assert f"From capture {said['capture_id']}" in susta("show", lived.url(lived.edited), "--why").out


def test_events_are_listed_newest_first_and_may_be_chosen(lived: Lived, susta: Susta) -> None:
    everything = susta("events", "--limit", 100, "--json").json
    assert [one["at"] for one in everything] == sorted((one["at"] for one in everything), reverse=True)
    assert [one["type"] for one in everything].count("captured") == 4
    captured = susta("events", "--type", "captured", "--target", "run 1", "--json").json
    assert captured[0]["detail"]["captures"] == len(lived.crawling.rows("SELECT id FROM captures WHERE run_id = 1"))
    gone = susta("events", "--target", lived.url(lived.lost), "--json").json
    assert [one["type"] for one in gone] == ["returned", "disappeared"]
    assert gone[0]["agent"].startswith("susta-archive/")
    assert len(susta("events", "--limit", 1).out.splitlines()) == 1
    assert susta("events", "--since", "2999-01-01").err.startswith("No such event")


def test_bytes_that_were_removed_are_said_to_be(lived: Lived, susta: Susta) -> None:
    number = page_captures(lived, lived.steady)[0]
    with sqlite3.connect(lived.crawling.folder / "archive.db") as database:
        database.execute("UPDATE captures SET removed = 1 WHERE id = ?", (number,))
    database.close()
    for words in (("capture", number, "--raw"), ("capture", number, "--record")):
        said = susta(*words)
        assert (said.code, said.raw) == (1, b"")
        assert "removed" in said.err
    assert "removed from the WARC files" in susta("capture", number).out
    with sqlite3.connect(lived.crawling.folder / "archive.db") as database:
        database.execute("UPDATE captures SET removed = 0 WHERE id = ?", (number,))
    database.close()


def test_nothing_from_a_page_steers_the_terminal(lived: Lived, susta: Susta) -> None:
    with sqlite3.connect(lived.crawling.folder / "archive.db") as database:
        database.execute("UPDATE events SET agent = 'x' || char(27) || '[2J'")
    database.close()
    assert "\x1b" not in susta("events").out


def test_an_export_is_an_event_with_its_digest(susta: Susta, tmp_path: Path) -> None:
    written = susta("export", "--format", "jsonl", "--category", "no-such").raw + susta("export").raw
    target = tmp_path / "out.csv"
    assert susta("export", "--format", "csv", "--output", target).code == 0
    csv_event, json_event, empty = susta("events", "--type", "exported", "--json").json
    assert csv_event["detail"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert json_event["detail"] == {
        "format": "json",
        "filter": {},
        "records": 3,
        "sha256": hashlib.sha256(written).hexdigest(),
    }
    assert (empty["detail"]["filter"], empty["detail"]["records"]) == ({"category": "no-such"}, 0)
