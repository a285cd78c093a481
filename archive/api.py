"""An archive for people who code: `archive.Archive` and what it gives. Reads only; docs/api.md tells it with examples.

    Archive.open(path) ──► articles, get, search ──► Article
                           history, revision, views, captures, photos, attachments, cite: of an article, whichever way
                           it is named (`Which`)

These names and fields stay as they are within a major version. Everything is done by `query.py` and what stands behind
it, which is the program's own and may change.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from archive import query, schema
from archive.entries import Entry, Filter, Record
from archive.errors import ArchiveUnusable, ConfigError
from archive.history import History, Viewed
from archive.search import Filters, Hit, Results

if TYPE_CHECKING:
    from archive import records
    from archive.warc import StoredExchange


@dataclass(frozen=True, slots=True)
class Article(Record):
    """An article as its newest revision has it: the fields of the exported record (docs/record.md), and its place in
    the archive. `capture_id` is the capture that the newest revision was read from, `captured_at` its time."""

    id: int
    revision: int
    capture_id: int | None
    first_seen: str
    last_seen: str
    gone_since: str | None

    @property
    def text(self) -> str:
        """The body as one text, its paragraphs apart by a blank line."""
        return "\n\n".join(self.body)

    @property
    def credit(self) -> str:
        """The line to print with any use."""
        return self.source.credit

    @property
    def notice(self) -> str:
        """The source's condition, in its own words."""
        return self.source.notice


@dataclass(frozen=True, slots=True)
class Capture:
    """A stored response: what was asked for, when, what came, and where it stands in the WARC files.

    `revisit_of` is the capture whose payload this one repeats, if it does. `removed` says that its bytes were taken out
    of the WARC files when its article was withdrawn.
    """

    id: int
    url: str
    fetched_at: str
    status: int
    role: str
    media_type: str
    payload_sha256: str
    payload_length: int
    warc_file: str
    warc_offset: int
    warc_length: int
    run_id: int | None
    revisit_of: int | None
    removed: bool
    _archive: "query.Archive" = field(repr=False, compare=False)

    def response(self) -> "StoredExchange":
        """What came: `.headers` in order, names as sent, and `.body`, the exact bytes of the payload with any content
        coding kept; for a revisit those of the capture that it repeats. Raises ArchiveUnusable where the bytes are not
        there, or damaged."""
        return self._archive.capture(self.id)

    def record(self, *, packed: bool = False) -> bytes:
        """The WARC record byte for byte: header, HTTP head, payload; `packed` as the gzip member that stands in the
        file. Raises ArchiveUnusable as `response`."""
        from archive.provenance import packed_record, unpacked_record
        from archive.warc import FOLDER_NAME

        row = self._archive.capture_row(self.id)
        if row is None or self.removed:
            raise ArchiveUnusable(f"The bytes of capture {self.id} are not in the archive any more")
        return b"".join((packed_record if packed else unpacked_record)(self._archive.folder / FOLDER_NAME, row))


@dataclass(frozen=True, slots=True)
class _File:
    """A picture or an attached document; `sha256` and `capture_id` are None while it was not captured."""

    position: int
    url: str
    sha256: str | None
    capture_id: int | None
    media_type: str | None
    _archive: "query.Archive" = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Its bytes as they were sent, whose SHA-256 is `sha256`. Raises ArchiveUnusable where it was not captured."""
        if self.capture_id is None:
            raise ArchiveUnusable(f"{self.url} was not captured", advice="`susta why URL` says what became of it.")
        return self._archive.capture(self.capture_id).body


@dataclass(frozen=True, slots=True)
class Photo(_File):
    """A picture of an article; `credit` is the photographer as the caption names them. The article's credit and
    condition are beside that; a picture may have other owners."""

    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class Attachment(_File):
    """A document that an article offers for download."""

    label: str | None


Which: TypeAlias = Article | Hit | int | str
"""An article, whichever way it is named: itself, a search's hit, `articles.id`, or any of its addresses."""


class Archive:
    """One archive, open for reading. Use it in a `with`, or close it."""

    def __init__(self, reader: query.Archive) -> None:
        """`Archive.open` is what makes one."""
        self._reader = reader

    @classmethod
    def open(cls, path: Path | str) -> "Archive":
        """Opens the archive in a folder, or whose `archive.db` is named. Nothing is ever written, and a crawl may go on
        meanwhile. Raises ArchiveUnusable when there is none, or it is damaged, foreign or of a newer version."""
        path = Path(path)
        database = path if path.is_file() else path / schema.DATABASE_NAME
        return cls(query.Archive(database.parent, schema.connect(database, read_only=True)))

    def close(self) -> None:
        """Closes it; what it gave can be used on, but no more bytes are read."""
        self._reader.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self._reader.folder

    @property
    def connection(self) -> sqlite3.Connection:
        """The database for SQL of one's own (docs/reference.md lists the tables), as for `pandas.read_sql_query`. It
        refuses to write."""
        return self._reader.connection

    def count(self) -> int:
        """How many articles there are."""
        return self._reader.count()

    def sources(self) -> list[dict[str, Any]]:
        """Whom to credit, and the conditions: site, name, organisation, notice, last_seen."""
        return self._reader.sources()

    def articles(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        category: str | None = None,
        query: str | None = None,
        byline: str | None = None,
        changed_since: str | None = None,
    ) -> Iterator[Article]:
        """The articles that pass every filter given, one at a time, newest first; the state of one moment.

        `since` and `until` are days (YYYY-MM-DD), inclusive; an article without a day is in no range. `category` is as
        in the address. `query` is what `search` takes. `byline` is a piece of the byline, marks and case aside.
        `changed_since` is a day or time: articles whose newest revision came later. Raises ConfigError for a day that
        is none, a filter that is empty, and a query without a word; TypeError for what is no text.
        """
        which = Filter(since, until, category, query, byline, changed_since)
        return map(_article, self._reader.entries(which))

    def get(self, what: Which) -> Article | None:
        """An article by its id or any of its addresses; None where there is none, or it was withdrawn."""
        found = self._reader.entry(_named(what))
        return _article(found) if found else None

    def search(
        self,
        words: str,
        *,
        since: str | None = None,
        until: str | None = None,
        category: str | None = None,
        byline: str | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Results:
        """The articles that `words` find (docs/search.md), best first: `hits` with id, url, title, date, byline, credit
        and `snippet`; `total` counts all. Any words are safe: what makes no sense is told in `notes`. Raises
        ConfigError for a day that is none and a filter that is empty, TypeError for what is no text."""
        if not isinstance(words, str):
            raise TypeError(f"words: a text is needed, not {type(words).__name__}")
        return self._reader.search(words, Filters(since, until, category, byline), limit=limit, offset=offset)

    def history(self, what: Which) -> History:
        """All that happened to an article: `revisions` with what each changed, `views`, times it was `gone`, other
        addresses. Raises LookupError where there is no such article."""
        found = self._reader.story(self._id(what))
        assert found is not None  # the article was just found
        return found

    def revision(self, what: Which, number: int) -> "records.Article":
        """The whole record as it was at a revision, numbered from 1. Raises LookupError where there is none."""
        found = self._reader.revision(self._id(what), number)
        if found is None:
            raise LookupError(f"There is no revision {number} of {_named(what)}")
        return found[0]

    def views(self, what: Which) -> list[Viewed]:
        """The view counter over time: `seen_at`, `views`. Raises LookupError where there is no such article."""
        return self.history(what).views

    def captures(self, what: Which) -> list[Capture]:
        """The captures of an article at any of its addresses, or of any other page by its address; oldest first. Empty
        where nothing was captured."""
        found = self._reader.entry(_named(what))
        rows = self._reader.captures_of(found.id) if found else self._reader.captures_at(_named(what))
        return [self._capture(row) for row in rows]

    def capture(self, capture_id: int) -> Capture:
        """A capture by its id. Raises LookupError where there is none."""
        row = self._reader.capture_row(capture_id)
        if row is None:
            raise LookupError(f"There is no capture {capture_id} in {self.folder}")
        return self._capture(row)

    def photos(self, what: Which) -> list[Photo]:
        """The pictures of an article in order. Raises LookupError where there is no such article."""
        rows = self._reader.files_of("photos", self._id(what))
        return [Photo(**self._file(row), caption=row["caption"], credit=row["credit"]) for row in rows]

    def attachments(self, what: Which) -> list[Attachment]:
        """The attached documents of an article in order. Raises LookupError where there is no such article."""
        rows = self._reader.files_of("attachments", self._id(what))
        return [Attachment(**self._file(row, row["media_type"]), label=row["label"]) for row in rows]

    def cite(self, what: Which, form: str = "text", language: str = "vi") -> str:
        """A citation with the credit and the capture's digest (docs/citing.md): `text`, `bibtex`, `ris` or `csl-json`,
        its own words in `vi` or `en`. Raises LookupError where there is no such article, ConfigError for another
        form or language."""
        from archive.cite import FORMATS, NO_DATE, citation_of

        if form not in FORMATS or language not in NO_DATE:
            raise ConfigError(f"{form!r} in {language!r} is no citation: {', '.join(FORMATS)}; {', '.join(NO_DATE)}")
        entry = self._reader.entry(str(self._id(what)))
        assert entry is not None  # its id was just found
        capture = self._reader.capture_row(entry.capture_id) if entry.capture_id is not None else None
        return FORMATS[form](citation_of(entry, capture["payload_sha256"] if capture else None), language)

    def _id(self, what: Which) -> int:
        found = self._reader.entry(_named(what))
        if found is None:
            raise LookupError(f"There is no article {_named(what)} in {self.folder}")
        return found.id

    def _file(self, row: sqlite3.Row, told: str | None = None) -> dict[str, Any]:
        """What photos and attachments share; `told` is the media type that the page gave."""
        names = ("position", "url", "sha256", "capture_id")
        return {name: row[name] for name in names} | {"media_type": row["type"] or told, "_archive": self._reader}

    def _capture(self, row: dict[str, Any]) -> Capture:
        # An archive of an early schema has no revisits and no removed bytes.
        known = {name: row.get(name) for name in Capture.__slots__ if name not in ("removed", "_archive")}
        return Capture(**known, removed=bool(row.get("removed")), _archive=self._reader)  # type: ignore[arg-type]


def _named(what: Which) -> str:
    return str(what.id) if isinstance(what, Article | Hit) else str(what)


def _article(entry: Entry) -> Article:
    values = {name: getattr(entry.record, name) for name in Record.__slots__}
    return Article(
        **values,
        id=entry.id,
        revision=entry.revision,
        capture_id=entry.capture_id,
        first_seen=entry.first_seen,
        last_seen=entry.last_seen,
        gone_since=entry.gone_since,
    )
