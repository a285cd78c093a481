"""What several tests of the pages need: our templates, and an archive served on loopback."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

import archive.browse
from archive.browse.serving import Serving
from scraper.cli_serve import address_of, listen

FOLDER = Path(archive.browse.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))
# Datasette's own files of script, on its own pages, and JSON-LD, which no browser runs, are the only exceptions.
FORBIDDEN_IN_TEMPLATES = re.compile(
    r"\|\s*safe|autoescape|Markup|\sstyle=|\son[a-z]+=|https?://"
    r'|<script(?! src="\{\{ base_url \}\}-/static/[\w.-]+" defer></script>)'
    r'(?! type="application/ld\+json">\{\{ linked\|tojson \}\}</script>)'
)


@contextmanager
def serving(folder: Path, **options: Any) -> Iterator[httpx.Client]:
    """A client of the archive in a folder, served on loopback."""
    with (
        closing(listen("127.0.0.1", 0)) as listening,
        closing(Serving(folder, **options)) as served,
        running(served, listening) as base,
        httpx.Client(base_url=base, timeout=30) as client,
    ):
        yield client


@contextmanager
def running(served: Serving, listening: socket.socket) -> Iterator[str]:
    """The address of what is served, in a thread of its own until it is left."""
    server = uvicorn.Server(uvicorn.Config(served.app, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        host, port = address_of(listening)
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
