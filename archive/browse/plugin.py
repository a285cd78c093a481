"""Our Datasette plugin: the addresses that are ours, and which page answers at each. docs/browsing.md lists them.

Each page is made in one of Datasette's threads, on its read-only connection: from the archive to values (overview,
finding, reading, comparing), from values to HTML (pages).
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from jinja2 import Environment
from markupsafe import Markup

from archive.browse import article, charts, citing, comparing, finding, following, media, overview, pages, texts
from archive.browse.database import NAME
from archive.browse.datasette_pages import WithoutInline
from archive.browse.facets import Columns, columns_of
from archive.browse.guard import MEDIA_POLICY, PAGE_POLICY
from archive.errors import ArchiveUnusable
from archive.place import log_of
from archive.query import Archive
from archive.schema import DATABASE_NAME
from archive.search import refuse_older

T = TypeVar("T")

STATIC = "assets"
_log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a page comes to: a template and its values, or a file, or another address."""

    template: str = ""
    values: dict[str, Any] | None = None
    status: int = 200
    file: media.Payload | None = None
    inline: bool = False
    to: str = ""
    headers: dict[str, str] | None = None  # of a file


class Served(Datasette):  # type: ignore[misc]  # Datasette has no types
    """Datasette with the archive that it serves."""

    folder: Path
    overviews: dict[tuple[int, ...], overview.Overview]
    columns: dict[tuple[int, ...], Columns]


class Asked(NamedTuple):
    """What a page is made from: the archive, its connection, and what the address says."""

    archive: Archive
    db: sqlite3.Connection
    request: Request
    served: Served

    @property
    def language(self) -> str:
        return pages.language_of(self.request.cookies)

    def number(self, name: str) -> int:
        return int(self.request.url_vars[name])


Page = Callable[[Asked], Answer]


def start_page(asked: Asked) -> Answer:
    found = _overview(asked)
    years = [(year, found.grid.of_year(year)) for year in found.grid.years]
    return Answer("start.html", {"o": found, "chart": charts.bars(years)})


def _overview(asked: Asked) -> overview.Overview:
    """Counted anew only when something was written since."""
    return _kept(asked, asked.served.overviews, overview.overview)


def _kept(asked: Asked, kept: dict[tuple[int, ...], T], read: Callable[[sqlite3.Connection], T]) -> T:
    """What was read from the archive as it stands; the state is looked at first, so that it is never newer."""
    state = _state(asked.archive.folder / DATABASE_NAME)
    if (found := kept.get(state)) is None:
        found = read(asked.db)
        kept.clear()
        kept[state] = found
    return found


def _state(path: Path) -> tuple[int, ...]:
    """What changes whenever something is written to a database or its write-ahead log."""
    return tuple(value for stat in _stats(path) for value in (stat.st_ino, stat.st_mtime_ns, stat.st_size))


def _written(path: Path) -> float:
    """When something was last written to a database or its write-ahead log."""
    return max((stat.st_mtime for stat in _stats(path)), default=0)


def _stats(path: Path) -> Iterator[os.stat_result]:
    for each in (path, log_of(path)):
        with contextlib.suppress(FileNotFoundError):
            yield each.stat()


def search_page(asked: Asked) -> Answer:
    try:
        refuse_older(asked.db.cursor())
    except ArchiveUnusable:
        return Answer("older.html", {}, 503)
    wish = finding.wish_of({name: asked.request.args.getlist(name) for name in asked.request.args})
    columns = _kept(asked, asked.served.columns, columns_of)
    return Answer(
        "search.html", {"f": finding.find(asked.db, wish, columns), "PAGE": finding.PAGE, "MOST": finding.MOST}
    )


def article_page(asked: Asked) -> Answer:
    number = asked.number("number") if "number" in asked.request.url_vars else None
    found = article.reading(asked.archive, asked.db, asked.number("id"), number)
    if found is not None:
        cited = citing.citation(asked.archive, found.id, asked.language)
        linked = citing.linked_data(asked.archive, found.id)
        return Answer("article.html", {"a": found, "cited": cited, "linked": linked, "endings": citing.ENDINGS})
    return _withdrawn(asked, str(asked.number("id")))


def _withdrawn(asked: Asked, *whats: str) -> Answer:
    """The tombstone of an article, or that there is nothing."""
    stone = asked.archive.withdrawn(*whats)
    return Answer("withdrawn.html", {"stone": stone}, 410) if stone else Answer("missing.html", {}, 404)


def address_page(asked: Asked) -> Answer:
    """/doc?url=…: to the article with an address."""
    url = asked.request.args.get("url") or ""
    found = asked.archive.find(url) if url and not url.isdecimal() else None
    return Answer(to=f"/doc/{found[0]}") if found else _withdrawn(asked, url)


def citation_page(asked: Asked) -> Answer:
    """A citation as a file for a reference manager."""
    number, ending = asked.number("id"), asked.request.url_vars["ending"]
    found = citing.citation_file(asked.archive, number, ending, asked.language)
    return Answer(file=found) if found else _withdrawn(asked, str(number))


def compare_page(asked: Asked) -> Answer:
    numbers = asked.number("id"), asked.number("before"), asked.number("after")
    found = comparing.comparison(asked.archive, *numbers)
    return Answer("compare.html", {"c": found}) if found else _withdrawn(asked, str(numbers[0]))


def media_page(asked: Asked, kind: str) -> Answer:
    sha256 = asked.request.url_vars["sha256"]
    capture_id = media.capture_of(asked.db, asked.number("id"), kind, sha256)
    found = media.payload(asked.archive, capture_id) if capture_id is not None else None
    if found is None or (kind == "photo" and found.media_type not in media.PICTURE_TYPES):
        return Answer("missing.html", {}, 404)
    return Answer(file=found, inline=kind == "photo")


def capture_page(asked: Asked) -> Answer:
    number = asked.number("id")
    row = asked.archive.capture_row(number)
    if row is None:
        return Answer("missing.html", {}, 404)
    try:
        view, trouble = asked.archive.capture_view(number), ""
    except ArchiveUnusable as error:
        view, trouble = None, str(error)
    return Answer("capture.html", {"row": row, "view": view, "trouble": trouble})


def feed_page(asked: Asked) -> Answer:
    """New and changed articles as an Atom feed; nothing but that it is the same, to who has it already."""
    request = asked.request
    path = request.path + (f"?{request.query_string}" if request.query_string else "")
    wishes = {name: request.args.get(name) or "" for name in ("limit", "category")}
    body = following.document(asked.archive, f"{request.scheme}://{request.host}", path, wishes)
    headers = following.validators(body, _written(asked.archive.folder / DATABASE_NAME)) | {"Cache-Control": "no-cache"}
    status = 304 if following.has_it(request.headers, headers) else 200
    file = media.Payload(b"" if status == 304 else body, following.CONTENT_TYPE, "feed.atom")
    return Answer(file=file, inline=True, status=status, headers=headers)


_ID = r"(?P<id>[0-9]{1,15})"
_SHA = r"(?P<sha256>[0-9a-f]{64})"
ROUTES: tuple[tuple[str, Page], ...] = (
    (r"/$", start_page),
    (r"/search$", search_page),
    (r"/feed\.atom$", feed_page),
    (r"/doc$", address_page),
    (rf"/doc/{_ID}$", article_page),
    (rf"/doc/{_ID}/revision/(?P<number>[0-9]{{1,9}})$", article_page),
    (rf"/doc/{_ID}/compare/(?P<before>[0-9]{{1,9}})/(?P<after>[0-9]{{1,9}})$", compare_page),
    (rf"/doc/{_ID}/cite\.(?P<ending>{'|'.join(citing.ENDINGS)})$", citation_page),
    (rf"/doc/{_ID}/photo/{_SHA}$", partial(media_page, kind="photo")),
    (rf"/doc/{_ID}/file/{_SHA}$", partial(media_page, kind="file")),
    (rf"/capture/{_ID}$", capture_page),
)


def _made(page: Page, served: Served, request: Request, connection: sqlite3.Connection) -> Response:
    """One page, from the request to the response; in a thread of Datasette's."""
    asked = Asked(Archive(served.folder, connection), connection, request, served)
    try:
        answer = page(asked)
    except ArchiveUnusable as error:
        answer = Answer("trouble.html", {"said": str(error), "advice": error.advice}, 500)
    if answer.file is not None:
        return _file(answer.file, answer)
    if answer.to:
        return Response.redirect(answer.to)
    here = request.path + (f"?{request.query_string}" if request.query_string else "")
    values = {"sources": overview.sources(connection), "here": here} | (answer.values or {})
    html = pages.page(answer.template, asked.language, **values)
    return Response.html(html, answer.status, {"Content-Security-Policy": PAGE_POLICY})


def _file(payload: media.Payload, answer: Answer) -> Response:
    headers = {
        "Content-Security-Policy": MEDIA_POLICY,
        "Content-Disposition": media.disposition("inline" if answer.inline else "attachment", payload.name),
        "Cache-Control": "private, max-age=3600",
    }
    return Response(payload.body, answer.status, headers | (answer.headers or {}), content_type=payload.media_type)


def _view(page: Page) -> Callable[[Served, Request], Awaitable[Response]]:
    async def view(datasette: Served, request: Request) -> Response:
        made = partial(_made, page, datasette, request)
        response: Response = await datasette.get_database(NAME).execute_fn(made)
        return response

    return view


async def choose_language(request: Request) -> Response:
    """/lang/en?to=/doc/1: keeps the choice in a cookie, and goes back to where it was made."""
    to = request.args.get("to") or "/"
    response = Response.redirect(to if pages.is_local(to) else "/")
    response.set_cookie(pages.LANGUAGE_COOKIE, request.url_vars["lang"], path="/", samesite="strict")
    return response


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    languages = "|".join(texts.LANGUAGES)
    return [*((path, _view(page)) for path, page in ROUTES), (rf"/lang/(?P<lang>{languages})$", choose_language)]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment) -> None:
    env.add_extension(WithoutInline)
    env.globals.update(pages.helpers(texts.LANGUAGES[0]))  # where a page fails, no other values are at hand


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(request: Request | None) -> dict[str, Any]:
    """What our frame around Datasette's pages needs."""
    cookies = request.cookies if request else {}
    return pages.helpers(pages.language_of(cookies)) | {"here": request.path if request else "/"}


@hookimpl  # type: ignore[untyped-decorator]
def extra_css_urls() -> list[str]:
    return [f"/{STATIC}/datasette.css"]


@hookimpl  # type: ignore[untyped-decorator]
def extra_js_urls() -> list[str]:
    return [f"/{STATIC}/datasette.js"]


_LINKS = {"articles": "/doc/", "articles_with_credit": "/doc/", "captures": "/capture/"}
_COLUMNS = {"article_id": "/doc/", "capture_id": "/capture/"}


def link_of(table: str | None, column: str, value: object) -> str | None:
    """Where a cell of Datasette's tables leads on our pages."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    start = _LINKS.get(table or "") if column == "id" else _COLUMNS.get(column)
    return f"{start}{value}" if start else None


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object, column: str, table: str | None) -> Markup | None:
    """Numbers of articles and captures lead to our pages; every other cell is Datasette's, which escapes it."""
    to = link_of(table, column, value)
    return Markup('<a href="{}">{}</a>').format(to, value) if to else None


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(request: Request, exception: Exception) -> Response:
    """An error as our own page, in words alone: Datasette's may hold HTML with a script, and prints all it knows."""
    status = getattr(exception, "status", 500)
    if status >= 500:
        _log.error("%s %s", request.method, request.path, exc_info=exception)
    said = _said(exception)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status, "title": None}, status=status)
    template = "missing.html" if status == 404 else "trouble.html"
    values = {"sources": (), "here": "/", "said": said, "advice": ""}
    html = pages.page(template, pages.language_of(request.cookies), **values)
    return Response.html(html, status, {"Content-Security-Policy": PAGE_POLICY})


def _said(exception: Exception) -> str:
    if getattr(exception, "message_is_html", False):
        return str(getattr(exception, "title", None) or "The query took too long")
    return str(getattr(exception, "message", None) or exception)
