"""The command that gives citations: `cite`."""

import sys
from typing import Annotated

import typer

from archive.cite import FORMATS, NO_DATE, citation_of
from archive.errors import ConfigError
from archive.query import Archive
from scraper.cli_history import WhichArgument, article_named
from scraper.cli_options import ArchiveOption, ConfigOption, folder_of
from scraper.config import load_config

commands = typer.Typer()


@commands.command("cite")
def cite_command(
    what: WhichArgument,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")] = "text",
    language: Annotated[
        str, typer.Option(metavar="LANGUAGE", help=f"The citation's own words: {' or '.join(NO_DATE)}.")
    ] = "vi",
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Cite one article: authors, title, site, day, address, credit, and the capture with its digest.

    \b
    Examples:
      susta cite 1
      susta cite https://susta.vn/tin-tuc-su-kien/ten-bai-20001 --format bibtex >> sources.bib
      susta cite 1 --format ris --language en
      susta cite 1 --format csl-json
    """
    if format_ not in FORMATS:
        raise ConfigError(f"--format: {format_!r} is none of {', '.join(FORMATS)}")
    if language not in NO_DATE:
        raise ConfigError(f"--language: {language!r} is none of {', '.join(NO_DATE)}")
    settings = load_config(config)
    with Archive.open(folder_of(archive, settings)) as opened:
        article_id, _ = article_named(opened, what)
        entry = opened.entry(str(article_id))
        assert entry is not None  # it was just found
        capture = opened.capture_row(entry.capture_id) if entry.capture_id is not None else None
        cited = citation_of(entry, capture["payload_sha256"] if capture else None)
    sys.stdout.write(FORMATS[format_](cited, language) + "\n")
