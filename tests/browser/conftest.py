"""A demo archive and a hostile one, each served by `susta serve`, and Chromium to look at them with.

Runs in an environment of its own (`make test-browser`), with the command of the main one. Every page is watched: an
error in the console, or a request to another host, fails the test that opened it.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SUSTA = os.environ.get("SUSTA", str(ROOT / ".venv" / "bin" / "susta"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
AXE = Path(os.environ.get("AXE", ROOT / ".venv-browser" / "node_modules" / "axe-core" / "axe.min.js"))
SCREENSHOTS = os.environ.get("SCREENSHOTS")
sys.path.insert(0, str(ROOT / "tests" / "browse"))

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "archive"
    for visit in ([], ["--second-visit"]):
        subprocess.run(
            [SUSTA, "demo", "--archive", str(folder), "--pages", "40", *visit], check=True, capture_output=True
        )
    return folder


@pytest.fixture(scope="session")
def hostile_folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from poisoning import poison

    folder = tmp_path_factory.mktemp("hostile") / "archive"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    poison(folder / "archive.db")
    return folder


def served(folder: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [SUSTA, "serve", "--archive", str(folder), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = re.search(r"(http://\S+?)/ ", process.stdout.readline())
    assert said
    yield said[1]
    process.terminate()
    assert process.wait(timeout=60) == 0
    process.stdout.close()


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[str]:
    """The address of the demo archive."""
    yield from served(demo)


@pytest.fixture(scope="session")
def hostile(hostile_folder: Path) -> Iterator[str]:
    """The address of the archive with scripts in every text."""
    yield from served(hostile_folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens an address in a browser of its own: `phone`, `dark`, without `scripts`. `missing` allows the console to
    say that the page itself is not there."""
    contexts = []
    said: list[str] = []
    asked: list[tuple[str, str]] = []

    def open_(
        url: str, *, phone: bool = False, dark: bool = False, scripts: bool = True, missing: bool = False
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            has_touch=phone,
        )
        contexts.append(context)
        page = context.new_page()
        host = re.match(r"http://[^/]+", url)
        assert host
        page.on("console", lambda message: said.append(message.text) if _is_trouble(message, missing) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: asked.append((host[0], request.url)))
        page.goto(url, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []
    assert [url for base, url in asked if not url.startswith(f"{base}/") and not url.startswith("data:image/svg")] == []


def _is_trouble(message: Any, missing: bool) -> bool:
    return message.type in ("error", "warning") and not (missing and "Failed to load resource" in message.text)


def shoot(page: Page, name: str) -> None:
    """Keeps a picture of a page where SCREENSHOTS names a folder."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a page, in a line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {preload: false, resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
