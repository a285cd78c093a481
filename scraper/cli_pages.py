"""Commands that read one page: extract, inspect."""

from pathlib import Path
from typing import Annotated

import typer

from archive.errors import ConfigError, ExitCode
from archive.query import Archive, record_of
from archive.records import Refusal
from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, Stopping, folder_of, print_json, say
from scraper.config import load_config
from scraper.console import safe
from scraper.urls import page_address

commands = typer.Typer()


@commands.command("extract")
def extract_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved HTML page.")],
    url: Annotated[str, typer.Option(metavar="URL", help="The address it was saved from.")],
    content_type: Annotated[
        str, typer.Option(metavar="TYPE", help="The Content-Type it came with; a charset in it counts.")
    ] = "text/html",
    config: ConfigOption = None,
) -> None:
    """Turn one saved page into its JSON record; a page that is no article gives its reason and exit code 3.

    \b
    Examples:
      susta extract page.html --url https://susta.vn/tin-tuc-su-kien/ten-bai-20001
      susta extract page.html --url https://susta.vn/... --content-type "text/html; charset=windows-1258"
    """
    from scraper.derive import source_for
    from scraper.extract import extract as extract_article
    from scraper.inspection import read_file

    settings = load_config(config)
    _refuse_no_address(url, "--url")
    body = read_file(file)
    outcome = extract_article(body, url, content_type, profile=settings.profile.selectors)
    if isinstance(outcome, Refusal):
        print_json({"url": outcome.url, "reason": str(outcome.reason), "detail": outcome.detail})
        raise typer.Exit(ExitCode.NO_ARTICLE)
    source, differs = source_for(outcome.site, outcome.notice, settings)
    if differs:
        say(f"The page states another condition than the configured one: {safe(differs)}")
    print_json(record_of(outcome, source).as_dict())


@commands.command("inspect")
def inspect_command(
    what: Annotated[
        str, typer.Argument(metavar="FILE|URL|ID", help="A saved HTML page, an address, or the id of an article.")
    ],
    url: Annotated[str | None, typer.Option(metavar="URL", help="For a file: the address it was saved from.")] = None,
    content_type: Annotated[
        str, typer.Option(metavar="TYPE", help="For a file: the Content-Type it came with.")
    ] = "text/html",
    every: Annotated[
        bool, typer.Option("--all", help="Show every line of the page, also far from the article.")
    ] = False,
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show why a page is read as it is: each line with what became of it, each field with its rule and evidence.

    An address is looked up in the archive; one that is not there is asked for, politely, and not kept. A file is read
    with what the archive named by --archive knows of its site, if one is named.
    What trafilatura reads on the page stands beside it as a second opinion.

    \b
    Examples:
      susta inspect https://susta.vn/tin-tuc-su-kien/ten-bai-20001
      susta inspect page.html --url https://susta.vn/tin-tuc-su-kien/ten-bai-20001 --all
      susta inspect page.html --url https://susta.vn/... --json
      susta inspect 17 --archive data     an article as `susta review` lists it
    """
    from scraper.fetch import World
    from scraper.inspection import inspect_archived, inspect_fetched, inspect_file
    from scraper.inspection_view import show_inspection

    settings = load_config(config)
    if what.isdecimal() and not Path(what).exists():
        what = _address_of(what, folder_of(archive, settings))
    if what.startswith(("http://", "https://")):
        _refuse_no_address(what, "The address")
        inspection = inspect_archived(what, folder_of(archive, settings), settings)
        if inspection is None:
            say(f"{safe(what)} is not in the archive; asking the site for it …")
            with Stopping() as stopping:
                world = World(pause=stopping.event.wait, stopped=stopping.event.is_set)
                inspection = inspect_fetched(what, settings, world)
    else:
        if not Path(what).is_file():
            raise ConfigError(f"{safe(what)} is no file; an address begins with https://, and an id is a number")
        if url is None:
            raise ConfigError("A file needs --url, the address it was saved from: the title is told by it")
        _refuse_no_address(url, "--url")
        inspection = inspect_file(Path(what), url, content_type, settings, archive)
    if as_json:
        print_json(inspection.as_dict())
    else:
        show_inspection(inspection, every=every)
    if isinstance(inspection.reading.outcome, Refusal):
        raise typer.Exit(ExitCode.NO_ARTICLE)


def _refuse_no_address(url: str, where: str) -> None:
    """Raises ConfigError, naming where it was typed, unless a text is a whole http(s) address."""
    if page_address(url, "") is None:
        raise ConfigError(f"{where}: {safe(url)} is no whole http(s) address, such as https://susta.vn/tin-tuc/bai-1")


def _address_of(article_id: str, folder: Path) -> str:
    """The address of an article by its id. Raises ConfigError when the archive has none."""
    with Archive.open(folder) as opened:
        found = opened.find(article_id)
    if found is None:
        raise ConfigError(f"No article {article_id} in {folder}, and no file of that name")
    return found[1].url
