"""Runs the notebook docs/corpus.ipynb from top to bottom and keeps what it shows: `make notebook`.

    python docs/notebook.py            on an archive made for it: the demo site, visited six times over four months
    python docs/notebook.py DIR        on the archive in a folder, which is only read; the notebook is left as it is

The archive that is made is the same each time, days and counters included, so that a notebook whose cells did not
change stays as it is but for what a new version of a plotting library draws otherwise. Needs what
requirements-notebook.lock has; no network.
"""

import hashlib
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbclient
import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scraper.config import Config, CrawlSettings, SiteSettings  # noqa: E402
from scraper.crawl import crawl  # noqa: E402
from scraper.demo import DemoSite  # noqa: E402
from scraper.fetch import World  # noqa: E402

NOTEBOOK = ROOT / "docs" / "corpus.ipynb"
_HOST = "susta.example"
_ARTICLES = 95
_FIRST_VISIT = datetime(2024, 2, 5, 2, tzinfo=UTC)
_VISITS = (0, 7, 21, 42, 77, 119)  # days after the first


def make_archive(folder: Path) -> None:
    """Crawls the demo site as if months lay between the visits; from the third on it is the later edition."""
    config = Config(
        site=SiteSettings(start_urls=[f"http://{_HOST}/"], media_hosts=[]),
        crawl=CrawlSettings(delay_seconds=0.0, contact="demo"),
    )
    with DemoSite(articles=_ARTICLES, edition=1, host_name=_HOST) as site:
        port = int(site.base_url.rstrip("/").rpartition(":")[2])
        for number, days in enumerate(_VISITS):
            site.edition = 1 if number < 2 else 2
            now = _FIRST_VISIT + timedelta(days=days)
            world = World(
                pause=lambda _: False,
                stopped=lambda: False,
                now=lambda now=now: now,  # type: ignore[misc]
                connect_to={_HOST: ("127.0.0.1", port)},
            )
            crawl(config, folder, everything=number > 0, world=world, watch=lambda _: None)


def digest_of(notebook: Any) -> str:
    """What tells whether outputs are those of the cells beside them."""
    return hashlib.sha256("\0".join(cell.source for cell in notebook.cells).encode()).hexdigest()


def execute(notebook: Any, archive: Path) -> None:
    """Runs every cell; raises nbclient.exceptions.CellExecutionError at the first that fails."""
    os.environ |= {"SUSTA_ARCHIVE": str(archive.resolve()), "PYTHONPATH": str(ROOT)}
    place = {"metadata": {"path": ROOT / "docs"}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()


def tidied(notebook: Any) -> Any:
    """A notebook without what differs from run to run."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "susta": {"cells_sha256": digest_of(notebook)},
    }
    return notebook


def main() -> int:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    if sys.argv[1:]:
        execute(notebook, Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        make_archive(Path(folder))
        execute(notebook, Path(folder))
    before = NOTEBOOK.read_text(encoding="utf-8")
    text = nbformat.writes(tidied(notebook)) + "\n"
    if text != before:
        NOTEBOOK.write_text(text, encoding="utf-8")
        print(f"wrote {NOTEBOOK.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
