"""An outside judge of WACZ packages: replayweb.page's viewer in a real browser shows an article and its photo.

    make judge-replay

Packages the demo's archive, serves it with the viewer on loopback, opens an article in headless Chromium with the
network shut off, and looks into the frame: the title must be there, and the article's photos must have been drawn.
Exit code 0 shown, 1 not shown, 0 with a word where Chromium, its driver or the viewer is not there. A picture of what
was seen is written beside the package.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.query import Archive, Record
from archive.wacz import write_wacz
from scraper.demonstration import demonstrate

_PATIENCE = 90.0  # seconds
_PIECE = 1 << 20
_LOOK = """
const seen = [];
function look(root) {
  for (const node of root.querySelectorAll('*')) {
    if (node.shadowRoot) look(node.shadowRoot);
    if (node.tagName !== 'IFRAME') continue;
    let inner = null;
    try { inner = node.contentDocument; } catch (error) { continue; }
    if (!inner) continue;
    if (/mp_\\/https?:/.test(inner.location.href)) {
      seen.push({
        text: inner.body ? inner.body.innerText : '',
        images: [...inner.images].map(image => [image.src, image.complete ? image.naturalWidth : 0]),
      });
    }
    look(inner);
  }
}
look(document);
return seen;
"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder, whole or in ranges (RFC 9110 14), as viewers of WACZ files ask for them."""

    def log_message(self, *_: object) -> None:
        """Nothing is said."""

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        size = path.stat().st_size
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        left = last - first + 1
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(left))
        self.end_headers()
        with path.open("rb") as file, contextlib.suppress(ConnectionError):  # the viewer may have seen enough
            file.seek(first)
            while left > 0 and (piece := file.read(min(left, _PIECE))):
                self.wfile.write(piece)
                left -= len(piece)

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on loopback; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def demo_package(folder: Path) -> tuple[Path, Record]:
    """A package of the demo's archive, and an article in it that has a photo."""
    archive = folder / "archive"
    demonstrate(archive, articles=24, edition=1, pause=lambda _: False, stopped=lambda: False, watch=lambda _: None)
    package = folder / "demo.wacz"
    write_wacz(archive, package, software="judge", created="2026-01-01T00:00:00Z")
    with Archive.open(archive) as opened:
        record = next(each for each in opened.records() if any(photo["sha256"] for photo in each.photos))
    return package, record


def see(base: str, record: Record, picture: Path, chromium: str, driver: str) -> dict[str, Any]:
    """What the browser shows of an article: the frame's text and images, once the title and a photo are there."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1400,1600",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(word)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    found: dict[str, Any] = {}
    try:
        browser.get(f"{base}/?source={quote('/demo.wacz', safe='')}#view=pages&url={quote(record.url, safe='')}")
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and not shown(record, found):
            time.sleep(0.5)
            frames = browser.execute_script(_LOOK)
            found = frames[0] if frames else found
        browser.save_screenshot(str(picture))
    finally:
        browser.quit()
    return found


def shown(record: Record, found: dict[str, Any]) -> bool:
    """Whether a frame shows an article: its title, its first paragraph, and all its captured photos drawn."""

    def flat(text: str) -> str:
        return " ".join(text.split()).casefold()

    text = flat(found.get("text", ""))
    drawn = [src for src, width in found.get("images", ()) if width > 0]
    photos = [photo["url"] for photo in record.photos if photo["sha256"]]
    pictures = all(any(src.endswith(url) for src in drawn) for url in photos)
    return flat(record.title) in text and flat(record.body[0]) in text and bool(photos) and pictures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("viewer", type=Path, help="folder of the npm package replaywebpage")
    parser.add_argument("--output", type=Path, help="where the picture goes")
    arguments = parser.parse_args()
    chromium, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not (chromium and driver and (arguments.viewer / "ui.js").is_file()):
        print("Skipped: Chromium, chromedriver or the viewer is not there.")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package, record = demo_package(folder)
        site = folder / "site"
        site.mkdir()
        for file in ("ui.js", "sw.js", "index.html"):
            shutil.copy(arguments.viewer / file, site / file)
        shutil.copy(package, site / package.name)
        picture = arguments.output or Path(tempfile.gettempdir()) / "susta-replay.png"
        with served(site) as base:
            found = see(base, record, picture, chromium, driver)
    good = shown(record, found)
    told = {
        "url": record.url,
        "title": record.title,
        "shown": good,
        "images": found.get("images"),
        "picture": str(picture),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
