"""What the documentation tells people to type works: commands, SQL and Python, on a small archive of the demo site."""

import io
import json
import sqlite3
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main
from documents import FOLLOWED, PAGES, README, ROOT, Block, blocks, help_examples, shell_commands

from archive.query import Archive
from archive.warc import FOLDER_NAME
from archive.warc_reading import read_one
from scraper.cli import app, run

DEMO = Path("data") / "demo"
# Commands that only read, or write into the folder they are run in.
HARMLESS = {
    "history",
    "diff",
    "capture",
    "events",
    "status",
    "runs",
    "search",
    "show",
    "cite",
    "release",
    "export",
    "feed",
    "extract",
    "rebuild",
    "check",
    "report",
}
SHOWN = [tuple(words) for words in (*shell_commands(), *help_examples())]
ALONE = [page for page in PAGES if page not in FOLLOWED]
RUN_HERE = [tuple(words) for words in (*shell_commands(pages=ALONE), *help_examples())]


def is_harmless(words: tuple[str, ...]) -> bool:
    """A page must stand beside `extract`, and an article behind an address; both are made up in the examples."""
    return words[0] in HARMLESS and not any(word.startswith("https://susta.vn/") for word in words)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of the demo site, a config that names it, and a saved page."""
    folder = tmp_path_factory.mktemp("desk")
    with redirect_stdout(io.StringIO()):
        assert run(["demo", "--pages", "12", "--archive", str(folder / DEMO)]) == 0
        assert run(["demo", "--pages", "12", "--archive", str(folder / DEMO), "--second-visit"]) == 0
    (folder / "config.toml").write_text(f'[archive]\nfolder = "{DEMO.as_posix()}"\n', encoding="utf-8")
    with sqlite3.connect(folder / DEMO / "archive.db") as database:
        file, offset = database.execute(
            "SELECT warc_file, warc_offset FROM captures c JOIN articles a ON a.capture_id = c.id WHERE a.id = 1"
        ).fetchone()
    database.close()
    (folder / "page.html").write_bytes(read_one(folder / DEMO / FOLDER_NAME, file, offset).body)
    return folder


@pytest.fixture
def at_desk(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)


def parse(words: tuple[str, ...]) -> None:
    """Reads a command line as the program would, without doing anything. Raises a usage error when it is wrong."""
    command: Any = typer.main.get_command(app)
    context, rest = None, list(words)
    while hasattr(command, "resolve_command"):
        context = command.make_context("susta", rest, parent=context)
        name, command, rest = command.resolve_command(context, rest)
        assert command is not None, name
    command.make_context(name, rest, parent=context)


def test_a_wrong_command_line_would_be_noticed() -> None:
    with pytest.raises(typer.TyperException):
        parse(("export", "--no-such-option"))
    with pytest.raises(typer.TyperException):
        parse(("no-such-command",))


@pytest.mark.parametrize("words", sorted(set(SHOWN)), ids=" ".join)
def test_every_command_line_shown_is_understood(words: tuple[str, ...]) -> None:
    parse(words)


@pytest.mark.usefixtures("at_desk")
@pytest.mark.parametrize("words", sorted({words for words in RUN_HERE if is_harmless(words)}), ids=" ".join)
def test_harmless_command_lines_work(words: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(list(words)) == 0
    said = capfd.readouterr().out
    if "--json" in words:
        json.loads(said)


def test_the_first_commands_of_the_readme_are_among_those_that_ran() -> None:
    ran = {words[0] for words in RUN_HERE if is_harmless(words)}
    assert {"status", "search", "show", "export", "rebuild"} <= ran


@pytest.mark.usefixtures("at_desk")
def test_a_saved_page_gives_its_record(capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(DEMO) as archive:
        found = archive.find("1")
    assert found is not None
    assert run(["extract", "page.html", "--url", found[1].url]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == found[1].title


@pytest.mark.usefixtures("at_desk")
@pytest.mark.parametrize("block", blocks("sql", pages=[README, ROOT / "docs" / "provenance.md"]), ids=str)
def test_every_sql_recipe_gives_rows(block: Block) -> None:
    database = sqlite3.connect(f"{(DEMO / 'archive.db').resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = database.execute(block.text).fetchall()
    finally:
        database.close()
    assert rows


def test_there_is_a_recipe_for_the_full_text_table_and_for_the_view() -> None:
    recipes = "\n".join(block.text for block in blocks("sql", pages=[README]))
    assert "articles_fts" in recipes
    assert "articles_with_credit" in recipes


@pytest.mark.usefixtures("at_desk")
@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_every_python_recipe_runs(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block.text, block.page.name, "exec"), {"__name__": "recipe"})
    assert "print(" not in block.text or capsys.readouterr().out.strip()
