"""Every page of tests/pages against the record written beside it: one test a page and field.

The records were written by hand or reviewed by a person. Where the contract leaves two readings open, expected.json
says so: `may_be_left_out_or_in` (lines of the body), `dates_also_right`, `captions_also_right`, `not_checked` (fields).
"""

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "pages"))

from folders import fields_of, folders, readable

from archive.records import Article, Refusal

FOLDERS = {folder.path.name: folder for folder in folders()}
FIELDS = (
    "url",
    "site_id",
    "category",
    "title",
    "kicker",
    "byline",
    "byline_role",
    "affiliation",
    "date",
    "date_kind",
    "body",
    "photos",
    "attachments",
    "tables",
    "views",
)
WANTED = {name: readable(folder.expected) for name, folder in FOLDERS.items()}
ARTICLES = [name for name, wanted in WANTED.items() if "refusal" not in wanted]
REFUSED = [name for name, wanted in WANTED.items() if "refusal" in wanted]
CASES = [
    (name, field)
    for name in ARTICLES
    for field in FIELDS
    if field in WANTED[name] and field not in WANTED[name].get("not_checked", [])
]


@cache
def outcome(name: str) -> Article | Refusal:
    return FOLDERS[name].outcome()


@pytest.mark.parametrize(("name", "field"), CASES, ids=[f"{name}:{field}" for name, field in CASES])
def test_field(name: str, field: str) -> None:
    found, wanted = outcome(name), WANTED[name]
    assert isinstance(found, Article), found
    got: Any = fields_of(found)[field]
    want: Any = wanted[field]
    if field == "body":
        free = set(wanted.get("may_be_left_out_or_in", []))
        got, want = ([line for line in lines if line not in free] for lines in (got, want))
    if field == "date" and got in wanted.get("dates_also_right", []):
        return
    if field == "photos" and [photo["caption"] for photo in got] in wanted.get("captions_also_right", []):
        got, want = ([photo["url"] for photo in photos] for photos in (got, want))
    assert got == want


@pytest.mark.parametrize("name", REFUSED)
def test_refusal(name: str) -> None:
    found = outcome(name)
    assert isinstance(found, Refusal), found
    assert found.reason in WANTED[name]["refusal"]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_person_has_reviewed_the_record(name: str) -> None:
    assert FOLDERS[name].about["reviewed"], (
        f"tests/pages/{name}/expected.json is what the extractor found, which proves nothing. Read page.html beside"
        " it, mend every field that is wrong, then set reviewed = true in about.toml."
    )


def test_there_are_pages_in_many_markups() -> None:
    made = {folder.about["markup"].split(",")[0] for folder in FOLDERS.values()}
    assert len(FOLDERS) >= 64
    assert len(made) >= 8


def test_every_page_says_what_it_shows() -> None:
    for name, folder in FOLDERS.items():
        assert set(folder.about) >= {"url", "content_type", "markup", "shows", "reviewed"}, name
