"""The archive in a folder as an ASGI app: Datasette with our plugin, settings and guard. Nothing listens here."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from datasette import handle_exception
from datasette.plugins import pm

from archive import schema
from archive.browse import overview, plugin
from archive.browse.database import NAME, ReadOnlyDatabase
from archive.browse.guard import App, guarded
from archive.browse.metadata import metadata
from archive.browse.pages import FOLDER
from archive.schema import DATABASE_NAME

_SETTINGS = {
    "allow_download": False,
    "default_cache_ttl": 0,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
    "sql_time_limit_ms": 2000,
    "template_debug": False,
    "truncate_cells_html": 300,
}


class Serving:
    """What is served: `app` answers requests, `close` ends it once no request is left."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        """Opens the archive in a folder; `names` are host names to answer under besides addresses. Raises
        ArchiveUnusable as schema.connect does."""
        path = folder / DATABASE_NAME
        with closing(schema.connect(path, read_only=True)) as connection:
            connection.row_factory = sqlite3.Row
            sources = overview.sources(connection)
        handle_exception.rich = None  # where it is installed, Datasette prints each 404 as a traceback with all values
        if not pm.is_registered(plugin):
            pm.register(plugin, name="susta")
        self.datasette = plugin.Served(
            files=[],
            metadata=metadata(sources, NAME),
            settings=_SETTINGS,
            template_dir=str(FOLDER / "templates" / "datasette"),
            static_mounts=[(plugin.STATIC, str(FOLDER / "static"))],
        )
        self.datasette.folder = folder
        self.datasette.overviews = {}
        self.datasette.columns = {}
        self.datasette.remove_database("_memory")
        self._database = ReadOnlyDatabase(self.datasette, path)
        self.datasette.add_database(self._database, name=NAME)
        self.app: App = guarded(self.datasette.app(), names)

    def close(self) -> None:
        """Closes the archive; beside archive.db nothing is left."""
        if self.datasette.executor is not None:
            self.datasette.executor.shutdown()
        self._database.close()
