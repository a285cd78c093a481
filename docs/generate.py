"""Writes the parts of the documentation that the code knows best, so that the two cannot disagree.

    python docs/generate.py            writes
    python docs/generate.py --check    changes nothing; fails with a diff where something is not current

Between `<!-- generated: NAME -->` and `<!-- end -->` in README.md and docs/*.md stands what the function PARTS[NAME]
gives; config.toml is written whole from the settings' own defaults and descriptions.
"""

import argparse
import ast
import contextlib
import difflib
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import typer.main  # noqa: E402

from archive import schema  # noqa: E402
from archive.damage import MEANINGS  # noqa: E402
from archive.errors import EXIT_MEANINGS  # noqa: E402
from archive.events import EVENT_MEANINGS  # noqa: E402
from archive.health_terms import RULES  # noqa: E402
from archive.presence import GONE_AFTER  # noqa: E402
from archive.records import DOUBTS, REFUSAL_MEANINGS  # noqa: E402
from scraper.cli import app, run  # noqa: E402
from scraper.config_file import settings, shipped_config, toml  # noqa: E402
from scraper.fetch import FAILURE_MEANINGS  # noqa: E402
from scraper.imported import PASSED_MEANINGS  # noqa: E402
from scraper.log import EVENTS  # noqa: E402
from scraper.traps import PATIENT_LIMIT, TRAP_LIMIT  # noqa: E402

_PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.S)
_WIDTH = 100  # columns of help texts

# What each table is for. A table that is missing here stops the generator, so that none stays unexplained.
TABLE_PURPOSES = {
    "aliases": "Other addresses of an article: redirects, earlier addresses, the same item under a second category.",
    "articles": "The newest revision of each article. `blocks` is a JSON array of its pieces in order; `reasons` says "
    "which rule gave a field and how sure it is (0 to 1); `doubts` what makes the record worth a look.",
    "articles_fts": "Full text (FTS5). `rowid` is `articles.id`; `files` is the text of attached documents; `plain` "
    "holds all the words without Vietnamese marks, with y for an i that may stand for it. See search.md.",
    "articles_fts_marked": "Full text (FTS5): which words an article holds, with their marks. `rowid` is "
    "`articles.id`; it gives back no text.",
    "articles_marked": "View: what `articles_fts_marked` gives back when it is read, an id and no text.",
    "articles_with_credit": "View: `articles` with the source's name, organisation and condition beside each row.",
    "attachment_texts": "The text of attached documents, by the SHA-256 of their bytes; `outcome` says whether and why "
    "not it could be read.",
    "attachments": "Files an article offers for download. `sha256` and `capture_id` are there once it was captured.",
    "capture_events": "View: what was done to each capture, in the form of `events`: when it was captured, and what "
    "was derived from it by which extractor.",
    "captures": "Every stored response, whatever its status, and its place in the WARC files. `revisit_of` names the "
    "capture that holds the same payload, where this one only refers to it (a WARC revisit record); `removed` is "
    "1 where its bytes were taken out of the WARC files with a withdrawn article, 2 where they are still to be.",
    "derivations": "What each captured page gave: an article or a refusal, read with which frame.",
    "events": "What was done to the archive, when, by which agent, with what outcome; after PREMIS 3.0. `detail` is "
    "JSON.",
    "failures": "Pages that could not be fetched at all.",
    "frames": "What runs learned of the site's recurring parts.",
    "not_found_pages": "What a site answered for an address that cannot exist: where it redirected, or what it said.",
    "photos": "Pictures of an article in order. `sha256` and `capture_id` are there once it was captured.",
    "postings": "Days that listings give for their items.",
    "progress": "One row: up to where the WARC files have been worked into this database.",
    "refusals": "Captured pages that are no article, and why.",
    "revisions": "Each change of what an article says. `record` is the whole record as it was then, as JSON.",
    "runs": "Each run of the crawler and what it did.",
    "seal": "One row: whether a run is writing now, so that the digest of archive.db beside it does not hold yet.",
    "sources": "Whom to credit, and the site's condition in its own words; a changed condition is a new row.",
    "views": "The view counter over time, one row a capture.",
    "warc_files": "Each finished WARC file: its size in bytes, its SHA-256, and how many records it holds.",
    "withdrawals": "Articles that were taken out of the archive, when, by whom and why (tombstones); `bytes` says "
    "whether what was captured was kept, `purged` whether the file was made anew since, so that no byte of the text is "
    "left in it.",
    "withdrawn_addresses": "Every address of a withdrawn article.",
    "withdrawn_lines": "SHA-256 of lines of a withdrawn article that stand on other pages too, as its title does in a "
    "sidebar: what is learned of the site's frame holds the digest in place of the words.",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    text = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    text.insert(1, "|" + " --- |" * len(lines[0]))
    return "\n".join(text)


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0]


def commands() -> Iterator[tuple[tuple[str, ...], str]]:
    """Each command's words and its help, in the order the program lists them; groups are walked into."""

    def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        inner = getattr(command, "commands", None)
        if words:
            yield words, command.help or ""
        for name, each in (inner or {}).items():
            if not each.hidden:
                yield from walk(each, (*words, name))

    yield from walk(typer.main.get_command(app), ())


def help_text(words: tuple[str, ...]) -> str:
    """What `susta WORDS --help` prints."""
    out = io.StringIO()
    fixed = {"COLUMNS": str(_WIDTH), "NO_COLOR": "1", "TERM": "dumb"}
    with mock.patch.dict(os.environ, fixed), contextlib.redirect_stdout(out):
        run([*words, "--help"])
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def part_commands() -> str:
    rows = ((f"`susta {' '.join(words)}`", first_sentence(text)) for words, text in commands())
    return table(("command", "what it does"), rows)


def part_help() -> str:
    return "\n\n".join(f"### susta {' '.join(words)}\n\n```text\n{help_text(words)}\n```" for words, _ in commands())


def part_settings() -> str:
    rows = (
        (f"`{section}.{key}`", f"`{toml(default)}`" if toml(default) else "not set", meaning)
        for section, key, default, meaning in settings()
    )
    return table(("setting", "default", "meaning"), rows)


def part_exit_codes() -> str:
    return table(("code", "meaning"), ((str(int(code)), text) for code, text in EXIT_MEANINGS.items()))


def part_refusals() -> str:
    return table(("reason", "meaning"), ((f"`{reason}`", text) for reason, text in REFUSAL_MEANINGS.items()))


def part_damages() -> str:
    rows = ((f"`{code}`", code.words, *(_capital(text) for text in texts)) for code, texts in MEANINGS.items())
    return table(("code", "name", "what it means", "what to do"), rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def part_doubts() -> str:
    rows = ((f"`{doubt}`", f"{weight:.2f}", text) for doubt, (weight, text) in DOUBTS.items())
    return table(("doubt", "weight", "meaning"), rows)


def part_failures() -> str:
    return table(("reason", "meaning"), ((f"`{reason}`", text) for reason, text in FAILURE_MEANINGS.items()))


def part_passed() -> str:
    return table(("reason", "meaning"), ((f"`{reason}`", text) for reason, text in PASSED_MEANINGS.items()))


def part_limits() -> str:
    rows = (
        ("fetches in a row within one family of addresses that bring no article and no link to one", TRAP_LIMIT),
        ("the same for articles that a listing shows, and for the top level", PATIENT_LIMIT),
        ("days over which a 404 or 410 must repeat before an article counts as gone", GONE_AFTER.days),
    )
    return table(("what", "how many"), ((what, str(number)) for what, number in rows))


def part_events() -> str:
    return table(("type", "meaning"), ((f"`{type_}`", text) for type_, text in EVENT_MEANINGS.items()))


def part_rules() -> str:
    return table(("rule", "speaks when"), ((f"`{rule}`", text) for rule, text in RULES.items()))


def part_log() -> str:
    return table(("event", "holds"), ((f"`{event}`", text) for event, text in EVENTS.items()))


def part_tables() -> str:
    """The tables and views of a fresh archive.db with their columns."""
    with tempfile.TemporaryDirectory() as folder:
        connection = schema.connect(Path(folder) / "archive.db", create=True)
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
            )
            if not name.startswith(("_", "sqlite_")) and not re.match(r"articles_fts(_marked)?_(?!marked$)", name)
        ]
        texts = []
        for name in names:
            if name not in TABLE_PURPOSES:
                raise SystemExit(f"docs/generate.py: say in TABLE_PURPOSES what the table {name} is for")
            columns = connection.execute(
                f"SELECT name, type, [notnull], pk FROM pragma_table_info('{name}')"
            ).fetchall()
            rows = (
                (f"`{column}`", kind.lower(), "" if not (needed or key) else "key" if key else "always there")
                for column, kind, needed, key in columns
            )
            texts.append(f"### {name}\n\n{TABLE_PURPOSES[name]}\n\n{table(('column', 'type', ''), rows)}")
        connection.close()
    return "\n\n".join(texts)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the product but the demo site's own, with its syntax tree."""
    for package in ("archive", "scraper"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("scraper/demo/") or name == "scraper/demo/__init__.py":
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def part_modules() -> str:
    rows = ((f"`{name}`", first_sentence(ast.get_docstring(tree) or "")) for name, tree in modules())
    return table(("module", "what it is for"), rows)


def part_libraries() -> str:
    """Each outside library and the modules that import it."""
    homes: dict[str, list[str]] = {}
    for name, tree in modules():
        imported: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])
        for library in imported - set(sys.stdlib_module_names) - {"archive", "scraper"}:
            homes.setdefault(library, []).append(f"`{name}`")
    return table(("library", "imported by"), ((library, ", ".join(homes[library])) for library in sorted(homes)))


PARTS: dict[str, Callable[[], str]] = {
    "commands": part_commands,
    "damages": part_damages,
    "doubts": part_doubts,
    "events": part_events,
    "exit-codes": part_exit_codes,
    "failures": part_failures,
    "help": part_help,
    "libraries": part_libraries,
    "limits": part_limits,
    "log": part_log,
    "modules": part_modules,
    "passed": part_passed,
    "refusals": part_refusals,
    "rules": part_rules,
    "settings": part_settings,
    "tables": part_tables,
}


def filled(text: str, where: str = "") -> str:
    """A page with its generated parts written anew."""

    def fill(match: re.Match[str]) -> str:
        if match["name"] not in PARTS:
            raise SystemExit(f"{where}: there is no part {match['name']!r}; known: {', '.join(sorted(PARTS))}")
        return f"{match[1]}\n{PARTS[match['name']]()}\n\n{match[3]}"

    return _PART.sub(fill, text)


def pages() -> list[Path]:
    """The pages of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def outputs() -> dict[Path, str]:
    """Each file this program writes, and what should stand in it."""
    wanted = {page: filled(page.read_text(encoding="utf-8"), page.name) for page in pages()}
    return wanted | {ROOT / "config.toml": shipped_config()}


def stale() -> list[str]:
    """A diff for each file that is not current."""
    found = []
    for path, wanted in outputs().items():
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present != wanted:
            name = path.relative_to(ROOT).as_posix()
            diff = difflib.unified_diff(
                present.splitlines(keepends=True), wanted.splitlines(keepends=True), name, f"{name} (generated)"
            )
            found.append("".join(diff))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the generated parts of the documentation.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail with a diff where something is stale")
    if parser.parse_args().check:
        diffs = stale()
        if diffs:
            print("\n".join(diffs))
            print("The documentation is not current: run `make docs`.", file=sys.stderr)
        return int(bool(diffs))
    for path, text in outputs().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
