"""The one real page, in two invented markups, and the made-up samples: where they lie beside the repository."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.query import record_of
from archive.records import Article
from scraper.config import Config
from scraper.derive import source_for
from scraper.extract import extract


def record_from(page: Path, url: str) -> dict[str, Any]:
    outcome = extract(page.read_bytes(), url, "text/html")
    assert isinstance(outcome, Article), outcome
    source, differs = source_for(outcome.site, outcome.notice, Config())
    assert differs is None
    return record_of(outcome, source).as_dict()


def has(got: Any, wanted: Any) -> bool:
    """Whether `got` says all that `wanted` says; it may have further keys."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(key in got and has(got[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(has, got, wanted))
    return bool(got == wanted)


@pytest.mark.parametrize("name", ["page-a.html", "page-b.html"])
def test_the_real_page_gives_the_expected_record_in_every_key(shared: Path, name: str) -> None:
    expected = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    record = record_from(shared / "seed" / name, expected["url"])
    wrong = {key: record.get(key) for key, value in expected.items() if not has(record.get(key), value)}
    assert not wrong


def test_one_article_in_two_markups_has_one_digest(shared: Path) -> None:
    expected = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    digests = {
        record_from(shared / "seed" / name, expected["url"])["content_sha256"]
        for name in ("page-a.html", "page-b.html")
    }
    assert len(digests) == 1


def test_every_sample_gives_its_record(shared: Path) -> None:
    wrong = []
    folders = sorted(path.parent for path in (shared / "samples").glob("*/expected.json"))
    assert len(folders) >= 28
    for folder in folders:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        record = record_from(folder / "page.html", expected["url"])
        free = set(expected["may_be_left_out_or_in"])
        for lines in (record["body"], expected["body"]):
            lines[:] = [line for line in lines if line not in free]
        if record["date"] in expected["dates_also_right"]:
            expected["date"] = record["date"]
        fields = set(expected) - {"may_be_left_out_or_in", "dates_also_right"}
        wrong += [(folder.name, field) for field in fields if not has(record.get(field), expected[field])]
    assert not wrong
