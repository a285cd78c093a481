"""The command that answers why a page is missing, or there."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli_options import ArchiveOption, ConfigOption, JsonOption, folder_of, print_json
from scraper.config import load_config
from scraper.console import safe

if TYPE_CHECKING:
    from scraper.why import Why

commands = typer.Typer()


@commands.command("why")
def why_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="A whole address, in any spelling.")],
    as_json: JsonOption = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Say why an address was or was not fetched.

    The answer is one of: fetched (and what it gave, and when it is due again), failed, waiting, being-asked, robots,
    trap (and how to open it again), out-of-scope, never-followed, never-found, withdrawn; with what to do about it.
    Nothing is asked of the site, and it works while a crawl does.

    \b
    Examples:
      susta why https://susta.vn/tin-tuc-su-kien/ten-bai-20001
      susta why "https://susta.vn/lich?thang=13" --json
      susta why https://susta.vn/dang-nhap --archive data
    """
    from scraper.why import why

    settings = load_config(config)
    answer = why(url, settings, folder_of(archive, settings), datetime.now(UTC))
    if as_json:
        print_json(asdict(answer))
    else:
        print(why_text(answer))


def why_text(answer: "Why") -> str:
    """The answer for people: what it is, why, what to do; then what is held of it."""
    lines = [f"{safe(answer.url)}", f"{answer.verdict}: {safe(answer.said)}"]
    lines += [safe(line) for line in (answer.due, answer.advice) if line]
    held = answer.captures_altogether
    if held:
        lines.append(f"{held} capture{'' if held == 1 else 's'}, the newest first:")
    for caught in answer.captures:
        gave = caught.refusal or (f"article {caught.article_id}" if caught.article_id is not None else caught.role)
        new = f", revision {caught.revision}" if caught.revision is not None else ""
        run = f"run {caught.run}" if caught.run is not None else "no run"
        lines.append(f"  {caught.id:6d}  {caught.fetched_at[:19]}Z  {caught.status}  {run}  {gave}{new}")
    return "\n".join(lines)
