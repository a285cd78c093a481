"""`susta search`: what it prints for a person and for a program, its filters, and what it says of nothing found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.query import Archive
from scraper.cli import run
from scraper.demonstration import demonstrate


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched") / "data"
    demonstrate(folder, articles=30, edition=1, pause=lambda _: False, stopped=lambda: False, watch=lambda _: None)
    return folder


Search = Callable[..., tuple[int, str, str]]


@pytest.fixture
def search(demo: Path, capsys: pytest.CaptureFixture[str]) -> Search:
    """Runs `susta search`; gives its exit code and what it printed."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["search", *arguments, "--archive", str(demo)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def hits(search: Search, *arguments: str) -> list[dict[str, Any]]:
    code, out, _ = search(*arguments, "--json", "--limit", "100")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_for_a_program_it_is_one_list_of_objects(search: Search) -> None:
    found = hits(search, "hội thảo")
    assert found
    assert {"id", "url", "title", "date", "category", "byline", "credit", "snippet", "excerpt"} <= found[0].keys()
    excerpt = found[0]["excerpt"]
    for start, end in excerpt["marks"]:
        assert f"[{excerpt['text'][start:end]}]" in found[0]["snippet"]


def test_for_a_person_each_result_has_its_place_and_credit(search: Search) -> None:
    code, out, err = search("hoi thao", "--limit", "1")
    assert code == 0
    assert out.count("Nguồn: Susta.vn") == 1
    assert "[" in out
    assert "\x1b" not in out
    assert "--offset 1 shows the next" in err


def test_the_next_page_goes_on(search: Search) -> None:
    everything = [hit["id"] for hit in hits(search, "hoi")]
    _, out, _ = search("hoi", "--json", "--limit", "2", "--offset", "1")
    assert [hit["id"] for hit in json.loads(out)] == everything[1:3]


def test_filters_take_away_and_add_up(search: Search, demo: Path) -> None:
    everything = {hit["id"] for hit in hits(search, "và")}
    for name in ("photo", "attachment", "table"):
        with_it = {hit["id"] for hit in hits(search, "và", f"--{name}")}
        without = {hit["id"] for hit in hits(search, "và", f"--no-{name}")}
        assert with_it | without == everything
        assert not with_it & without
    with Archive.open(demo) as archive:
        record = next(record for record in archive.records() if record.byline and record.date and record.category)
    assert record.date
    assert record.byline
    assert record.category
    narrow = hits(search, "và", "--since", record.date, "--until", record.date, "--byline", record.byline.upper(),
                  "--category", record.category)  # fmt: skip
    assert record.url in {hit["url"] for hit in narrow}
    assert {hit["date"] for hit in narrow} == {record.date}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", "--since", "2021"), "'2021' is no day"),
        (("a", "--until", "2021-13-01"), "'2021-13-01' is no day"),
        (("a", "--since", "2022-01-01", "--until", "2021-01-01"), "later than until"),
        (("a", "--since", "20210101"), "'20210101' is no day"),
    ],
)
def test_days_that_are_none_are_wrong_usage(search: Search, arguments: tuple[str, ...], message: str) -> None:
    code, _, err = search(*arguments)
    assert code == 2
    assert message in err


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("khongcotunay", "Nothing found"),
        ("...", "no word to search for"),
        ('"hội thảo', "quotation mark is not closed"),
        ("NOT hội", "NOT takes away"),
        ("\x1b[31m", "Nothing found"),
    ],
)
def test_what_is_amiss_is_said(search: Search, query: str, said: str) -> None:
    code, _, err = search(query)
    assert code == 0
    assert said in err
    assert "\x1b" not in err


@pytest.mark.parametrize("command", [("search", "a"), ("export", "--format", "jsonl"), ("package",)])
@pytest.mark.parametrize("option", ["since", "until", "category", "byline"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_filter_is_told_alike_everywhere(
    demo: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], option: str, empty: str
) -> None:
    assert run([*command, f"--{option}", empty, "--archive", str(demo)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"Error: {option} is empty")


@pytest.mark.parametrize(
    "words", [("search", ""), ("search", " ", ""), ("export", "--query", " "), ("feed", "--category", "")]
)
def test_empty_words_are_wrong_usage(demo: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert run([*words, "--archive", str(demo)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")


def test_an_offset_beyond_the_results_is_told(search: Search) -> None:
    total = len(hits(search, "và"))
    code, out, err = search("và", "--offset", "1000")
    assert (code, out) == (0, "")
    assert err.strip() == f"{total} found, so none is left after the first 1000 (--offset)."


def test_words_that_look_like_an_option_are_helped(search: Search, demo: Path) -> None:
    code, _, err = search("-hội")
    assert code == 2
    assert "put -- before the words: susta search -- -WORD" in err
    code, _, err = search("--hoi")
    assert code == 2
    assert "susta search -- " not in err
    assert run(["search", "--archive", str(demo), "--", "-hội"]) == 0
