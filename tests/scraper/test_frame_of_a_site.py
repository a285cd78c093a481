"""The frame of a site over the life of an archive: learned, kept at a redesign, and the same after a rebuild."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.config import parse_config
from scraper.crawl import crawl
from scraper.demo import DemoSite
from scraper.fetch import World
from scraper.rebuild import rebuild
from scraper.report import Report

CONFIG = parse_config({"site": {"start_urls": ["http://susta.example/"]}, "crawl": {"delay_seconds": 0}})
DERIVED = ("articles", "revisions", "photos", "attachments", "frames", "derivations", "refusals", "views", "aliases")


def visit(folder: Path, *, markup: str | None = None, edition: int = 1, **options: Any) -> Report:
    never = threading.Event()
    with DemoSite(articles=24, markup=markup, edition=edition) as site:
        port = int(site.base_url.rstrip("/").rpartition(":")[2])
        world = World(pause=never.wait, stopped=never.is_set, connect_to={"susta.example": ("127.0.0.1", port)})
        return crawl(CONFIG, folder, world=world, **options)


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return {table: opened.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in DERIVED}


def test_many_short_runs_learn_what_none_of_them_could_alone(tmp_path: Path) -> None:
    for _ in range(4):
        visit(tmp_path, limit=4)
    kept = rows(tmp_path)
    assert len(kept["frames"]) == 1
    rebuild(CONFIG, tmp_path)
    assert rows(tmp_path) == kept


@pytest.mark.parametrize("markups", [("portal", "hashed"), ("tables", "modern"), (None, "broken")])
def test_a_redesign_changes_no_article_and_no_frame_of_the_time_before(
    tmp_path: Path, markups: tuple[str | None, str]
) -> None:
    first, second = markups
    assert visit(tmp_path, markup=first).new == 24
    frames = rows(tmp_path)["frames"]
    after = visit(tmp_path, markup=second, everything=True)
    assert (after.new, after.changed) == (0, 0)
    kept = rows(tmp_path)
    assert kept["frames"][: len(frames)] == frames
    assert len(kept["revisions"]) == 24
    rebuild(CONFIG, tmp_path)
    assert rows(tmp_path) == kept


def test_what_was_edited_is_what_changed(tmp_path: Path) -> None:
    visit(tmp_path)
    after = visit(tmp_path, edition=2, everything=True)
    assert (after.new, after.changed, len(after.changes)) == (5, 3, 3)
