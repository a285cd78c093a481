"""The log of a run: one JSON object a line for each event; it never stops a crawl."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from fake_site import PNG, Clock, FakeArticle, FakeSite, Reply, listing, plain_site
from test_crawl import Crawling

from archive.errors import ConfigError
from scraper.config import Config
from scraper.log import EVENTS, RunLog

PICTURED = FakeArticle(30001, "Bài có ảnh về mùa cà phê chè", photos=(("/a.png", "Toàn cảnh buổi lễ"),))


def logging(crawling: Crawling, file: Path) -> Crawling:
    settings = crawling.config.archive.model_copy(update={"log_file": file})
    crawling.config = crawling.config.model_copy(update={"archive": settings})
    return crawling


def events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_run_is_told_from_its_start_to_its_finish(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([PICTURED.path, "/hong", "/kin"]), PICTURED.path: PICTURED.html()})
    site.pages |= {"/a.png": Reply(PNG, media_type="image/png"), "/hong": OSError("no route")}
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /kin", media_type="text/plain")
    crawling = logging(Crawling(tmp_path / "data", site, attempts=1), tmp_path / "log.jsonl")
    report = crawling.run()
    told = events(tmp_path / "log.jsonl")
    assert {event["event"] for event in told} <= EVENTS.keys()
    assert (told[0]["event"], told[0]["start_urls"]) == ("run-started", [site.base])
    last = told[-1]
    assert (last["event"], last["outcome"], last["fetched"], last["new"]) == ("run-finished", "finished", 2, 1)
    assert all(event["run"] == 1 and event["time"] == "2026-01-05T02:00:00.000000Z" for event in told)
    answers = {event["url"].removeprefix(site.base[:-1]): event for event in told if event["event"] == "answer"}
    assert {target: one["outcome"] for target, one in answers.items() if one["kind"] not in ("sitemap", "probe")} == {
        "/robots.txt": "robots", "/": "home", PICTURED.path: "new", "/a.png": "media",
    }  # fmt: skip
    assert answers["/"]["new_links"] == 3
    assert answers["/a.png"] | {"seconds": 0} == {
        "time": "2026-01-05T02:00:00.000000Z", "event": "answer", "run": 1, "url": "http://susta.test/a.png",
        "host": "susta.test", "kind": "media", "status": 200, "outcome": "media", "bytes": len(PNG), "seconds": 0,
        "new_links": 0,
    }  # fmt: skip
    (failure,) = [event for event in told if event["event"] == "failure"]
    assert (failure["url"], "no route" in failure["detail"]) == ("http://susta.test/hong", True)
    (forbidden,) = [event for event in told if event["event"] == "not-asked"]
    assert (forbidden["url"], forbidden["reason"]) == ("http://susta.test/kin", "robots")
    assert report.problems


def test_a_crawl_delay_that_is_no_time_is_told(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([])})
    site.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 5 \x1b[2Jdays", media_type="text/plain")
    report = logging(Crawling(tmp_path / "data", site), tmp_path / "log.jsonl").run()
    (told,) = [event for event in events(tmp_path / "log.jsonl") if event["event"] == "crawl-delay-ignored"]
    assert (told["url"], told["value"]) == ("http://susta.test/robots.txt", "5 \x1b[2Jdays")
    assert "Crawl-delay '5 \\x1b[2Jdays' is no time" in report.problems[0]


def test_traps_and_rests_are_told(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing(["/lich/x-0", "http://anh.test/a"])})
    site.otherwise = lambda target: listing([f"/lich/x-{int(target.rpartition('-')[2]) + 1}"])
    site.pages["http://anh.test/robots.txt"] = Reply("", 503)
    crawling = logging(Crawling(tmp_path / "data", site, allowed_hosts=["anh.test"]), tmp_path / "log.jsonl")
    report = crawling.run()
    told = events(tmp_path / "log.jsonl")
    assert [event["pattern"] for event in told if event["event"] == "trap"] == report.traps
    assert [event["host"] for event in told if event["event"] == "rest"] == ["anh.test"]
    assert report.rested.keys() == {"anh.test"}


def test_runs_are_appended(tmp_path: Path) -> None:
    crawling = logging(Crawling(tmp_path / "data", plain_site()[0]), tmp_path / "log.jsonl")
    (tmp_path / "log.jsonl").write_text('{"mine": 1}\n', encoding="utf-8")
    crawling.run()
    crawling.run()
    told = events(tmp_path / "log.jsonl")
    assert told[0] == {"mine": 1}
    assert {event["run"] for event in told[1:]} == {1, 2}


def test_a_log_that_cannot_be_opened_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    crawling = logging(Crawling(tmp_path / "data", plain_site()[0]), tmp_path / "none" / "log.jsonl")
    with pytest.raises(ConfigError, match="Cannot write the log"):
        crawling.run()
    assert crawling.site.asked == []
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_log_stops_no_crawl_and_is_told_once(tmp_path: Path) -> None:
    site, articles = plain_site()
    report = logging(Crawling(tmp_path / "data", site), Path("/dev/full")).run()
    assert (report.outcome, report.new) == ("finished", len(articles))
    (problem,) = report.problems
    assert "/dev/full could not be written" in problem


def test_after_a_torn_line_the_next_stands_on_its_own(tmp_path: Path) -> None:
    answers = iter([5, OSError(errno.ENOSPC, "No space left on device"), None, None])

    def write(file: int, content: bytes) -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return os.write(file, content[:answer])

    log = RunLog(tmp_path / "log", lambda: Clock().moment, write=write)
    for event in ("answer", "failure", "trap", "rest"):
        log.add(event, 1, url="Sơn La \udcff")
    log.close()
    torn, *whole = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert torn == '{"tim'
    assert [json.loads(line)["event"] for line in whole] == ["trap", "rest"]
    assert "only a part" in log.problem


def test_the_log_may_be_named_in_the_config_beside_it(tmp_path: Path) -> None:
    from scraper.config import load_config

    (tmp_path / "mine.toml").write_text('[archive]\nlog_file = "crawl.jsonl"\n', encoding="utf-8")
    assert load_config(tmp_path / "mine.toml").archive.log_file == tmp_path / "crawl.jsonl"
    assert Config().archive.log_file is None
