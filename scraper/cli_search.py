"""The command that searches the articles."""

import os
import sys
from dataclasses import replace
from typing import Annotated

import typer

from archive.errors import ConfigError
from archive.query import Archive
from archive.search import Filters, Hit, Results
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json, say
from scraper.config import load_config
from scraper.console import safe

commands = typer.Typer()

_FOUND = ("\x1b[1;33m", "\x1b[0m")
_FAINT = ("\x1b[2m", "\x1b[0m")
_PLAIN = ("[", "]")


_Since = Annotated[str | None, typer.Option(metavar="DAY", help="Articles of this day (YYYY-MM-DD) or later.")]
_Until = Annotated[str | None, typer.Option(metavar="DAY", help="Articles of this day or earlier.")]
_Category = Annotated[str | None, typer.Option(metavar="NAME", help="Articles of this category (as in the address).")]
_Byline = Annotated[
    str | None, typer.Option(metavar="WORDS", help="Articles whose byline has these words, marks or not.")
]
_Photo = Annotated[bool | None, typer.Option("--photo/--no-photo", help="Articles with (without) a photo.")]
_Attachment = Annotated[
    bool | None, typer.Option("--attachment/--no-attachment", help="Articles with (without) an attached document.")
]
_Table = Annotated[bool | None, typer.Option("--table/--no-table", help="Articles with (without) a table.")]


@commands.command("search")
def search_command(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words, or "a phrase in quotes".')],
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="At most so many results.")] = 20,
    offset: Annotated[int, typer.Option(min=0, max=100_000, metavar="N", help="Pass over so many first.")] = 0,
    since: _Since = None,
    until: _Until = None,
    category: _Category = None,
    byline: _Byline = None,
    photo: _Photo = None,
    attachment: _Attachment = None,
    table: _Table = None,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Find articles by words, with or without Vietnamese marks; all the words must be there, best first.

    Titles, texts, table cells, captions, bylines and attached documents are searched. Words typed with marks find that
    spelling first. In capitals: AND, OR, NOT, NEAR; a word that ends in * stands for all that begin so.

    \b
    Examples:
      susta search hoi thao
      susta search '"đồng chí Bí thư"' --limit 5
      susta search Điện Biên --since 2021-01-01 --photo
      susta search 27-NQ/TW
      susta search 'NEAR(khoa học, 5) NOT (hội OR nghị*)'
      susta search cà phê --byline "cao thi hanh" --json
    """
    settings = load_config(config)
    typed = " ".join(words)
    if not typed.strip():
        raise ConfigError("There are no words to search for", advice="`susta search --help` has examples.")
    filters = Filters(since, until, category, byline, photo, attachment, table)
    with Archive.open(folder_of(archive, settings)) as opened:
        results = opened.search(typed, filters, limit=limit, offset=offset)
    for note in results.notes:
        say(safe(note))
    if as_json:
        print_json([hit.as_dict() for hit in results.hits])
        return
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for hit in results.hits:
        print(hit_text(hit, colour=colour))
    say(counted(results, offset))


def hit_text(hit: Hit, *, colour: bool) -> str:
    """A result as a person reads it on a terminal: what was found in colour, or in brackets where there is none."""
    before, after = _FOUND if colour else _PLAIN
    faint, plain = _FAINT if colour else ("", "")
    where = {"caption": "caption: ", "byline": "byline: ", "title": "title: "}.get(hit.excerpt.place, "")
    if hit.excerpt.place == "attachment":
        where = f"in the attachment {safe(hit.attachment or '')!r}: "
    return (
        f"{hit.id:6d}  {hit.date or '          '}  {safe(hit.title)}\n        {faint}{safe(hit.url)}{plain}\n"
        f"        {faint}{where}{plain}{_marked(hit, before, after)}\n        {faint}{safe(hit.credit)}{plain}"
    )


def _marked(hit: Hit, before: str, after: str) -> str:
    """What steers a terminal is taken out of the text before our own marks go in; `safe` goes character by character,
    so places stay."""
    return replace(hit.excerpt, text=safe(hit.excerpt.text)).marked(before, after)


def counted(results: Results, offset: int) -> str:
    """How much was found, and how to see more."""
    shown = len(results.hits)
    if not results.total:
        return "" if results.notes else "Nothing found. Try fewer words, or without marks."
    if offset and not shown:
        return f"{results.total} found, so none is left after the first {offset} (--offset)."
    many = f"more than {results.total}" if results.more else str(results.total)
    if offset + shown < results.total or (results.more and shown):
        return f"{offset + 1} to {offset + shown} of {many} found; --offset {offset + shown} shows the next."
    return f"{many} found"
