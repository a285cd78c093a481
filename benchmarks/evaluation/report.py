"""The evaluation as tables to read and as plain values for JSON."""

import platform
from typing import Any

from evaluation.run import Scores
from evaluation.scoring import FIELDS, Tally

MEANINGS = {
    "title": "equal",
    "body": "paragraphs, as a multiset; exact: all of them in order",
    "words": "runs of three words of the body, wherever paragraphs are parted",
    "byline": "the same person, with or without the academic title; exact: as printed",
    "role": "the kind of byline",
    "affiliation": "the line below the name",
    "date": "the day the item is about, or none",
    "photos": "addresses, in order",
    "captions": "captions paired with their photo",
    "attachments": "addresses, in order",
    "tables": "whole tables, cell by cell",
    "refusals": "pages that are no articles, refused",
    "digest": "one digest for an article in all markups",
}


def machine() -> str:
    return f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}"


def overall(all_scores: list[Scores], groups: list[str], heading: str = "all markups") -> list[str]:
    """One table: a row a field, for each contender precision, recall, F1 and exact over all groups."""
    lines = [_row(heading, [scores.contender for scores in all_scores], 27)]
    lines.append(_row("", ["    P     R    F1 exact"] * len(all_scores), 27))
    for name in FIELDS:
        cells = [_four(scores.total(name, groups)) if name in scores.fields else "—" for scores in all_scores]
        lines.append(_row(name, cells, 27))
    lines.append(_row("frame lines", [str(sum(map(len, scores.strays.values()))) for scores in all_scores], 27))
    lines.append(
        _row("ms a page", [f"{1000 * scores.seconds / max(1, scores.pages):.1f}" for scores in all_scores], 27)
    )
    return lines


def by_markup(scores: Scores, groups: list[str]) -> list[str]:
    """One contender's table: a row a field, a column a markup, F1 and exact in each cell."""
    names = [group.rpartition("/")[2] for group in groups]
    width = max(12, *(len(name) + 2 for name in names))
    lines = [_row(scores.contender, names, width), _row("", ["   F1 exact"] * len(groups), width)]
    for name in FIELDS:
        if name in scores.fields:
            known = scores.tallies[name]
            cells = [f"{known[g].f1:.3f} {known[g].exactness:.3f}" if g in known else "—" for g in groups]
            lines.append(_row(name, cells, width))
    lines.append(_row("frame lines", [str(len(scores.strays.get(group, ()))) for group in groups], width))
    return lines


def faults(all_scores: list[Scores], groups: list[str]) -> list[str]:
    """How values went wrong: another in its place, one where there is none, none where there is one."""
    lines = [_row("wrong/invented/missing", [scores.contender for scores in all_scores], 18)]
    for name in ("title", "byline", "date"):
        cells = []
        for scores in all_scores:
            tally = scores.total(name, groups)
            cells.append(f"{tally.wrong}/{tally.invented}/{tally.missing}" if name in scores.fields else "—")
        lines.append(_row(name, cells, 18))
    return lines


def misses(scores: Scores) -> list[str]:
    """Every field that is not exact, page by page, with what was wanted and what was found."""
    lines = []
    for page, name, found in scores.misses:
        if name in ("words", "digest"):
            continue
        if page.truth is None or name == "refusals":
            due = "an article" if page.truth else f"a refusal ({', '.join(page.reasons) or 'any'})"
            lines.append(f"{page.name}: {name}: {found.reason or found.title!r} instead of {due}")
            continue
        key = {"captions": "photos"}.get(name, name)
        got = getattr(found, key)
        wanted = getattr(page.truth, {"role": "byline_role"}.get(key, key))
        if isinstance(wanted, tuple):
            free = set(page.truth.optional_lines)
            extra = [each for each in got if each not in wanted and each not in free]
            lacking = [each for each in wanted if each not in got and each not in free]
            lines.append(f"{page.name}: {name}: missing {lacking[:3]}, unwanted {extra[:3]}"[:600])
        else:
            lines.append(f"{page.name}: {name}: {got!r} instead of {wanted!r}")
    return lines


def as_values(all_scores: list[Scores], groups: list[str]) -> list[dict[str, Any]]:
    """The figures for `--json`."""
    return [
        {
            "contender": scores.contender,
            "cpu_seconds": round(scores.seconds, 3),
            "pages": scores.pages,
            "errors": scores.errors,
            "frame_lines": {group: len(lines) for group, lines in scores.strays.items()},
            "all": {name: scores.total(name, groups).figures() for name in FIELDS if name in scores.fields},
            "by_markup": {
                name: {
                    group: {
                        **tally.figures(),
                        "wrong": tally.wrong,
                        "invented": tally.invented,
                        "missing": tally.missing,
                    }
                    for group, tally in tallies.items()
                }
                for name, tallies in scores.tallies.items()
            },
        }
        for scores in all_scores
    ]


def _four(tally: Tally) -> str:
    """The figures; a dash for the precision of a contender that gave no value, and where no value is to be found."""
    figures = tally.figures() | ({} if tally.got else {"precision": None}) | ({} if tally.wanted else {"recall": None})
    return " ".join(f"{'—':>5}" if value is None else f"{value:.3f}" for value in figures.values())


def _row(name: str, cells: list[str], width: int) -> str:
    return f"{name:24}" + "".join(f"{cell:>{width}}" for cell in cells)
