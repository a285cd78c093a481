"""The events that runs leave: what was captured and derived, what a killed run left; the same after a rebuild."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_site import HTML, Reply, plain_site
from test_crawl import Crawling
from test_crawl_crashes import Crash, crash_after, site_of_crashes

from archive.warc import warc_paths
from scraper.rebuild import rebuild

TOLD_BY_WARC = "type IN ('captured', 'derived', 'disappeared', 'returned')"


def events(crawling: Crawling, where: str) -> list[Any]:
    rows = crawling.rows(f"SELECT type, target, outcome, detail FROM events WHERE {where} ORDER BY at, id")
    return [(type_, target, outcome, json.loads(detail)) for type_, target, outcome, detail in rows]


def test_a_run_says_what_it_captured_and_what_was_derived(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    (captured, derived) = events(crawling, "target = 'run 1'")
    ((captures, size),) = crawling.rows("SELECT count(*), sum(payload_length) FROM captures")
    assert captured == (
        *("captured", "run 1", "success"),
        {"outcome": "finished", "captures": captures, "bytes": size, "failures": 0},
    )
    assert derived[:3] == ("derived", "run 1", "success")
    assert derived[3]["articles"] == len(articles)
    assert derived[3]["pages"] == derived[3]["articles"] + derived[3]["refusals"]
    assert crawling.rows("SELECT DISTINCT agent FROM events WHERE type = 'captured'")[0].startswith("susta-archive/")
    assert crawling.rows("SELECT agent FROM events WHERE type = 'derived'") == crawling.rows(
        "SELECT DISTINCT extractor FROM articles"
    )


def test_a_killed_run_and_what_it_left_are_told(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, site_of_crashes()[0])
    with pytest.raises(Crash):
        crawling.run(crash_after(6))
    (path,) = warc_paths(tmp_path / "warc")
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00 half a record")
    path.rename(path.with_name(path.name + ".open"))
    crawling.run()
    assert events(crawling, "type = 'repaired'") == [("repaired", path.name, "success", {"bytes_cut": 18})]
    outcomes = [(target, outcome) for _, target, outcome, _ in events(crawling, "type = 'captured'")]
    assert sorted(outcomes) == [("run 1", "failure"), ("run 2", "success")]


def test_a_rebuild_tells_the_same_of_runs_and_of_what_was_gone(tmp_path: Path) -> None:
    site, (lost, *_) = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    site.pages[lost.path] = Reply("", 404)
    for _ in range(2):
        crawling.clock.pass_days(10)
        crawling.run(everything=True)
    site.pages[lost.path] = Reply(lost.html(), media_type=HTML)
    crawling.clock.pass_days(10)
    crawling.run(everything=True)
    before = events(crawling, TOLD_BY_WARC)
    assert [type_ for type_, target, _, _ in before if target.endswith(lost.path)] == ["disappeared", "returned"]
    rebuild(crawling.config, tmp_path)
    assert events(crawling, TOLD_BY_WARC) == before


def test_a_rebuild_notes_what_it_had_to_repair(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    crawling.run()
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00 half a record")
    path.rename(path.with_name(path.name + ".open"))
    rebuild(crawling.config, tmp_path)
    assert events(crawling, "type = 'repaired'") == [("repaired", path.name, "success", {"bytes_cut": 18})]
