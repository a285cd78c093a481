"""An inspection as a person reads it on a terminal, in colour where there is one. Goes to standard output."""

from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.records import DOUBTS, REFUSAL_MEANINGS, Article
from scraper.console import safe
from scraper.extract.second import is_too_long
from scraper.extract.trace import Fate
from scraper.inspection import Inspection

_NEAR = 2  # lines outside the article shown on each side of it
_WIDTH = 140  # columns where nobody watches
_MOST = 2_000  # lines shown
_LONGEST = 160  # characters of a line
_STYLES = {
    "title": "bold green",
    "body": "",
    "byline": "magenta",
    "date": "magenta",
    "views": "cyan",
    "kicker": "yellow",
}


def show_inspection(inspection: Inspection, *, every: bool) -> None:
    """Prints fields with their evidence, doubts, the second opinion, and the page's lines."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH)
    console.print(Text(safe(inspection.url), style="bold"))
    frame = (
        "the site's frame is known" if inspection.framed else "no frame known: the words of the site facts do the work"
    )
    console.print(Text(f"{safe(inspection.origin)}; {frame}", style="dim"))
    outcome = inspection.reading.outcome
    if isinstance(outcome, Article):
        console.print(_fields(outcome))
        _show_doubts(console, outcome)
        _show_second(console, inspection)
    else:
        detail = f" ({safe(outcome.detail)})" if outcome.detail else ""
        console.print(Text(f"No article: {outcome.reason}{detail}", style="bold red"))
        console.print(Text(REFUSAL_MEANINGS[outcome.reason]))
    if inspection.fates:
        console.print(_lines(inspection.fates, every=every))


def _fields(article: Article) -> Table:
    table = Table(title="Fields", title_justify="left", box=None, padding=(0, 1), show_edge=False)
    for name in ("field", "value", "rule", "sure"):
        table.add_column(name, overflow="fold", justify="right" if name == "sure" else "left")
    values = {
        "title": article.title,
        "kicker": article.kicker,
        "byline": article.byline and f"{article.byline} ({article.byline_role})",
        "affiliation": article.affiliation,
        "date": article.date and f"{article.date} ({article.date_kind}: {article.date_evidence})",
        "views": article.views,
        "body": f"{len(article.body)} entries, {sum(map(len, article.body))} characters, {len(article.tables)} tables",
        "attachments": "; ".join(attachment.label for attachment in article.attachments) or None,
    }
    for number, photo in enumerate(article.photos):
        values[f"photos.{number}.caption"] = photo.caption
    for name, value in values.items():
        reason = article.reasons.get(name)
        if value is None and reason is None:
            continue
        sure = f"{reason.confidence:.2f}" if reason else ""
        shown = Text(safe(str(value))) if value is not None else Text("none", style="dim")
        table.add_row(Text(name, style="bold"), shown, Text(safe(reason.rule) if reason else ""), Text(sure))
    return table


def _show_doubts(console: Console, article: Article) -> None:
    if not article.doubts:
        console.print(Text("Doubts: none", style="green"))
    for doubt in article.doubts:
        console.print(Text(f"Doubt: {doubt}: {DOUBTS[doubt][1]}", style="bold yellow"))


def _show_second(console: Console, inspection: Inspection) -> None:
    second = inspection.second
    if second is None:
        return
    if not second.paragraphs:
        page = inspection.reading.page
        asked = page is None or not is_too_long(page.html)
        said = "trafilatura finds no text on this page" if asked else "not asked, the page is too long for trafilatura"
        console.print(Text(f"Second opinion: {said}"))
        return
    shared, more = f"{second.ours_shared:.0%}", f"{second.theirs_more:.0%}"
    verdict = "disagrees strongly" if second.strong else "agrees"
    console.print(
        Text(
            f"Second opinion: trafilatura has {shared} of our words, and {more} more that our record lacks: {verdict}",
            style="bold yellow" if second.strong else "",
        )
    )
    if second.strong:
        for paragraph in second.paragraphs[:6]:
            console.print(Text(f"  trafilatura: {_cut(paragraph)}", style="dim"))


def _lines(fates: list[Fate], *, every: bool) -> Table:
    table = Table(title="Lines of the page", title_justify="left", box=None, padding=(0, 1), show_edge=False)
    table.add_column("line", justify="right", style="dim")
    table.add_column("field", no_wrap=True)
    table.add_column("text", overflow="fold", ratio=3)
    table.add_column("why", overflow="fold", ratio=2)
    taken = [fate.number for fate in fates if fate.field]
    first, last = (min(taken) - _NEAR, max(taken) + _NEAR) if taken else (0, len(fates))
    for shown, run in groupby(fates, lambda fate: every or first <= fate.number <= last):
        group = list(run)
        if not shown:
            where = "before" if group[0].number < first else "after"
            note = f"… {len(group)} lines {where} the article (--all shows them)"
            table.add_row("", "", Text(note, style="dim"), "")
            continue
        for fate in group[:_MOST]:
            table.add_row(*_row(fate))
        if len(group) > _MOST:
            table.add_row("", "", Text(f"… {len(group) - _MOST} more lines (--json has them all)", style="dim"), "")
    return table


def _row(fate: Fate) -> tuple[Text, Text, Text, Text]:
    style = _STYLES.get(fate.field or "", "cyan") if fate.field else "dim"
    text = _cut(fate.text) if fate.kind != "picture" else f"[{fate.src}] {fate.text}".strip()
    face = f"  [{fate.face}]" if fate.face else ""
    return (
        Text(str(fate.number)),
        Text(fate.field or "-", style=style),
        Text(safe(text), style=style).append(face, style="dim"),
        Text(safe(fate.rule), style="dim"),
    )


def _cut(text: str) -> str:
    return safe(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
