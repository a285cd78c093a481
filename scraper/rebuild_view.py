"""What a person sees of a rebuild: how far it is, and at its end what differs from before. Progress goes to standard
error, and only to a terminal."""

import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from archive.compare import Comparison
from scraper.console import safe
from scraper.rebuild import Pace


class RebuildProgress:
    """Live progress on a terminal, nothing elsewhere but what is worth saying once."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._started = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}"),
            *([BarColumn(bar_width=24)] if self._console.width >= 100 else []),
            TaskProgressColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting", total=None)

    def __enter__(self) -> "RebuildProgress":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, pace: Pace) -> None:
        """Takes in how far the rebuild is."""
        if pace.note and not self._quiet:
            self._console.print(safe(pace.note), markup=False)
        rate = pace.pages / max(time.monotonic() - self._started, 0.001)
        told = f"{pace.records} records, {rate:.0f} pages/s" if pace.records else "starting"
        self._progress.update(self._task, completed=pace.done, total=pace.total, description=told)


def changes_text(changes: Comparison | None) -> str:
    """What a rebuild changed, field by field, with some examples."""
    if changes is None:
        return "There was no readable database before to compare with."
    versions = " / ".join(", ".join(side) or "none" for side in changes.extractors)
    if changes.same:
        return f"Nothing differs from before in {changes.articles} articles (extractor before / now: {versions})."
    lines = [f"What differs from before (extractor before / now: {versions}), of {changes.articles} articles in both:"]
    lines += [f"  {name:12} {count}" for name, count in sorted(changes.fields.items(), key=lambda item: -item[1])]
    for name, addresses in (("gained", changes.gained), ("lost", changes.lost)):
        if addresses:
            lines.append(f"  {name:12} {len(addresses)} articles, such as {safe(addresses[0])}")
    for name, reasons in (("newly refused", changes.refusals_gained), ("not refused now", changes.refusals_lost)):
        if reasons:
            told = ", ".join(
                f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda item: -item[1])
            )
            lines.append(f"  {name}: {sum(reasons.values())} pages ({told})")
    for example in changes.examples[:10]:
        lines.append(f"  {safe(example.url)}\n    {example.field}: {_short(example.before)} → {_short(example.after)}")
    return "\n".join(lines)


def _short(value: object) -> str:
    text = safe(str(value)) if value is not None else "none"
    return text if len(text) <= 120 else f"{text[:119]}…"
