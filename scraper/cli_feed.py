"""The command that lets others follow an archive: feed."""

import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from archive.days import refuse_odd_text
from archive.errors import ConfigError
from archive.feed import MOST, NEWEST, atom, newest
from archive.query import Archive
from archive.writing import whole_file
from scraper.cli_options import ArchiveOption, CategoryOption, ConfigOption, folder_of, refuse_output, say
from scraper.config import load_config

commands = typer.Typer()


@commands.command("feed")
def feed_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="File to write (default: standard output).")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, metavar="N", help="How many articles at most.")] = NEWEST,
    category: CategoryOption = None,
    address: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where the feed will be published, for it to say so.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="URL", help="Where `susta serve` shows the archive: entries link to it too."),
    ] = None,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Write an Atom feed (RFC 4287) of the articles that came or changed last, for others to follow.

    Each entry has the whole text, the source's credit and condition, and leads to the original. Withdrawn articles are
    told as deleted. A file is written whole or not at all, and left as it is while nothing has changed. `susta serve`
    has the same at /feed.atom.

    \b
    Examples:
      susta feed > susta.atom
      susta feed susta.atom --limit 100
      susta feed news.atom --category tin-tuc-su-kien --url https://example.org/news.atom
    """
    for name, url in (("--url", address), ("--base", base)):
        _check(name, url)
    refuse_odd_text("category", category)
    settings = load_config(config)
    folder = folder_of(archive, settings)
    refuse_output(file, folder, config)
    with Archive.open(folder) as opened:
        feed = newest(opened, limit=limit, category=category)
    document = atom(feed, address=address, base=base)
    if file is None:
        sys.stdout.buffer.write(document)
        sys.stdout.flush()
        return
    if file.is_file() and file.read_bytes() == document:
        say(f"{file} is up to date")
        return
    with whole_file(file) as out:
        out.write(document)
    say(f"{len(feed.entries)} articles written to {file}")


def _check(name: str, url: str | None) -> None:
    """Raises ConfigError for what is no address of the web."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable() or " " in url:
        raise ConfigError(f"{name}: {url!r} is no address like https://example.org/feed.atom")
