"""The house: who may import what, and how large a room may be."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path for name in ("archive", "scraper") for path in (ROOT / name).rglob("*.py"))

# Each outside library and the only modules that may import it.
HOMES: dict[str, set[str]] = {
    "charset_normalizer": {"scraper.extract.charset"},
    "datasette": {"archive.browse.database", "archive.browse.plugin", "archive.browse.serving"},
    "docx": {"archive.documents"},
    "fastwarc": {"archive.check_unchanged", "archive.warc_reading"},
    "fpdf": {"scraper.demo.make_files"},
    "httpcore": {"scraper.connection", "scraper.transport"},
    "httpx": {"scraper.captured", "scraper.connection", "scraper.fetch", "scraper.transport", "scraper.watch"},
    "jinja2": {"archive.browse.datasette_pages", "archive.browse.pages", "archive.browse.plugin"},
    "lxml": {"scraper.feeds"},
    "markupsafe": {"archive.browse.plugin"},
    "PIL": {"scraper.demo.make_files"},
    "protego": {"scraper.robots"},
    "pyarrow": {"archive.export_parquet"},
    "pydantic": {"scraper.config", "scraper.config_schedule"},
    "pypdf": {"archive.documents"},
    "rich": {"scraper.progress", "scraper.inspection_view", "scraper.rebuild_view"},
    "selectolax": {"scraper.extract.memory", "scraper.extract.page", "scraper.extract.profile", "scraper.extract.walk"},
    "sqlite_utils": {"archive.migrating", "archive.migration_search", "archive.schema", "archive.store"},
    "tenacity": {"scraper.fetch"},
    "trafilatura": {"scraper.extract.second"},
    "typer": {
        "scraper.cli",
        "scraper.cli_archive",
        "scraper.cli_care",
        "scraper.cli_check",
        "scraper.cli_cite",
        "scraper.cli_export",
        "scraper.cli_feed",
        "scraper.cli_health",
        "scraper.cli_history",
        "scraper.cli_options",
        "scraper.cli_packages",
        "scraper.cli_pages",
        "scraper.cli_report",
        "scraper.cli_serve",
        "scraper.cli_search",
        "scraper.cli_schedule",
        "scraper.cli_start",
        "scraper.cli_why",
    },
    "uvicorn": {"scraper.cli_serve"},
    "w3lib": {"scraper.urls"},
    "warcio": {"archive.warc"},
    "zlib_ng": {"archive.check_members"},
}
NETWORK = {"socket", "ssl", "http", "urllib.request", "httpx", "ftplib", "smtplib", "asyncio"}
# The lock names the machine of its holder; no connection is made.
NETWORK_EXCEPT = {("archive.lock", "socket")}
# Extraction is pure: bytes in, record out.
IMPURE = NETWORK | {"os", "io", "pathlib", "shutil", "subprocess", "sqlite3", "time", "random", "tempfile", "threading"}

PURE = ("urls", "never", "reading", "robots", "robots_text", "pace", "revisit", "content", "links", "feeds", "absent")


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_outside_libraries_are_imported_only_at_home(path: Path) -> None:
    outside = roots(imports_of(path)) - set(sys.stdlib_module_names) - {"archive", "scraper", ""}
    for library in outside:
        assert library in HOMES, f"{library} has no home yet; add it to the table"
        assert module_name(path) in HOMES[library]


def test_the_table_of_homes_is_not_stale() -> None:
    imported = {module_name(path): roots(imports_of(path)) for path in MODULES}
    for library, homes in HOMES.items():
        for home in homes:
            assert library in imported.get(home, set()), f"{home} no longer imports {library}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(ROOT).parts[0] == "archive"], ids=module_name)
def test_the_archive_knows_neither_the_scraper_nor_the_network(path: Path) -> None:
    imported = imports_of(path)
    assert "scraper" not in roots(imported)
    for name in (imported | roots(imported)) & NETWORK:
        assert (module_name(path), name) in NETWORK_EXCEPT


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if "extract" in p.parts or p.stem in PURE],
    ids=module_name,
)
def test_extraction_and_rules_are_pure(path: Path) -> None:
    assert not (imports_of(path) | roots(imports_of(path))) & IMPURE


@pytest.mark.parametrize("path", [p for p in MODULES if "demo" not in p.parts], ids=module_name)
def test_nothing_but_the_demonstration_knows_the_demo_site(path: Path) -> None:
    if any(name.startswith("scraper.demo.") or name == "scraper.demo" for name in imports_of(path)):
        assert module_name(path) == "scraper.demonstration"


@pytest.mark.parametrize("path", [p for p in MODULES if "demo" in p.parts], ids=module_name)
def test_the_demo_site_shares_nothing_with_what_reads_it(path: Path) -> None:
    ours = {name for name in imports_of(path) if name.partition(".")[0] in ("archive", "scraper")}
    assert all(name.startswith("scraper.demo") for name in ours)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_every_module_says_what_it_is_for_and_stays_a_room_of_one_purpose(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no module docstring"
    assert len(text.splitlines()) <= 500


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_function_is_longer_than_sixty_lines_nor_takes_more_than_eight_things(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            command = any("command" in ast.dump(decorator) for decorator in node.decorator_list)
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"
            count = len(node.args.args) + len(node.args.kwonlyargs)
            assert command or count <= 8, f"{node.name} takes {count}"


def test_importing_does_nothing() -> None:
    """No module reads the environment, opens a file or starts a thread when imported."""
    acting = {"open", "print", "Thread", "getenv"}
    for path in MODULES:
        if path.stem == "__main__":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                name = getattr(node.value.func, "id", getattr(node.value.func, "attr", ""))
                assert name not in acting, f"{path}: {name}() at import"
