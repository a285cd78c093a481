"""The documentation is held against the code: generated parts, links, and that nothing is left out."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer.main
from documents import PAGES, README, ROOT, text_of, without_code, written_by_hand

from archive.errors import EXIT_MEANINGS
from archive.export import CSV_COLUMNS
from archive.query import CreditedSource, Record
from archive.records import DOUBTS, REFUSAL_MEANINGS, BylineRole, DateKind
from scraper.cli import app
from scraper.config import Config, load_config
from scraper.fetch import FAILURE_MEANINGS
from scraper.imported import PASSED_MEANINGS

REFERENCE = ROOT / "docs" / "reference.md"
RECORD = ROOT / "docs" / "record.md"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text_of(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_generated_parts_are_current() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_check_says_what_is_not_current(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("archive", "scraper"):
        (copy / name).symlink_to(ROOT / name)
    (copy / "docs").mkdir()
    (copy / "docs" / "generate.py").write_bytes((ROOT / "docs" / "generate.py").read_bytes())
    (copy / "README.md").write_text("<!-- generated: exit-codes -->\nold\n<!-- end -->\n", encoding="utf-8")
    command = [sys.executable, str(copy / "docs" / "generate.py")]
    before = subprocess.run([*command, "--check"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert before.returncode == 1
    assert "-old" in before.stdout
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*command, "--check"], capture_output=True, check=False).returncode == 0


def test_the_shipped_config_says_exactly_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert (ROOT / "config.toml").is_file()
    assert load_config() == Config()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(there), f"{page.name}: no heading for {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:archive|scraper|tests|docs|\.ci)/[\w./-]*)`", written_by_hand(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_test_command_stands_on_a_line_of_its_own() -> None:
    assert re.search(r"^```sh\nmake test\n```$", text_of(README), re.M)


def commands(command: Any, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    return [words] * bool(words) + [each for name in inner for each in commands(inner[name], (*words, name))]


@pytest.mark.parametrize("words", commands(typer.main.get_command(app)), ids=" ".join)
def test_every_command_is_documented(words: tuple[str, ...]) -> None:
    assert f"`susta {' '.join(words)}`" in text_of(README)
    assert f"### susta {' '.join(words)}\n" in text_of(README)


def test_every_setting_is_documented_and_in_the_shipped_config() -> None:
    config = text_of(ROOT / "config.toml")
    for section, info in Config.model_fields.items():
        model: Any = info.annotation
        assert f"[{section}]" in config
        for key, field in model.model_fields.items():
            assert field.description, f"{section}.{key} has no description"
            assert f"`{section}.{key}`" in text_of(README)
            assert re.search(rf"^(# )?{key} =", config, re.M)


def test_every_exit_code_and_reason_is_documented() -> None:
    for code in EXIT_MEANINGS:
        assert f"| {int(code)} |" in text_of(README)
    for refusal in REFUSAL_MEANINGS:
        assert f"`{refusal}`" in text_of(README)
    for failure in FAILURE_MEANINGS:
        assert f"`{failure}`" in text_of(REFERENCE)
    for doubt in DOUBTS:
        assert f"`{doubt}`" in text_of(REFERENCE)
    for passed in PASSED_MEANINGS:
        assert f"`{passed}`" in text_of(REFERENCE)


def test_the_record_is_documented_field_by_field() -> None:
    text = text_of(RECORD)
    documented = re.findall(r"^\| `(\w+)` \|", text, re.M)
    assert sorted(documented) == sorted(field.name for field in fields(Record))
    for name in (field.name for field in fields(CreditedSource)):
        assert f"`{name}`" in text
    for value in (*BylineRole, *DateKind):
        assert f"`{value}`" in text
    extra = set(CSV_COLUMNS) - {field.name for field in fields(Record)}
    assert all(f"`{column}`" in text for column in extra)


def test_the_condition_stands_in_the_readme_in_the_sites_own_words() -> None:
    assert f"> {Config().source.notice}" in text_of(README)
