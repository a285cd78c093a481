"""Floors that this project's own figures must not fall below, pinned with the corpus they were measured on.

A change that lowers a figure has to say so: `--pin` writes the file anew and prints what it lowered, and the difference
of `floors.json` is part of the change.
"""

import json
import math
import re
from pathlib import Path
from typing import Any

from evaluation.run import Scores
from evaluation.scoring import Tally

FILE = Path(__file__).resolve().parents[1] / "floors.json"
Floors = dict[str, dict[str, dict[str, dict[str, float]]]]
_PLACES = 10_000  # floors are kept at four decimals
_STRAYS = "lines of the frame"
_LEAF = re.compile(r'\{\s*((?:"[^"]+": [-\d.]+,?\s*)+)\}')  # an object that holds numbers only


def floors_of(scores: list[Scores]) -> Floors:
    """The measured figures as floors: contender, field, group, figure."""
    return {each.contender: {field: _figures(each.tallies[field]) for field in sorted(each.tallies)} for each in scores}


def _figures(tallies: dict[str, Tally]) -> dict[str, dict[str, float]]:
    return {
        group: {name: floored(value) for name, value in tally.figures().items()}
        for group, tally in sorted(tallies.items())
    }


def ceilings_of(scores: list[Scores]) -> dict[str, dict[str, int]]:
    """How many lines of the frame stood in the records, by contender and group: more is worse."""
    return {each.contender: {group: len(lines) for group, lines in sorted(each.strays.items())} for each in scores}


def floored(value: float) -> float:
    return math.floor(value * _PLACES) / _PLACES


def pinned(scores: list[Scores], sha256: str, pages: int) -> dict[str, Any]:
    """What `floors.json` holds."""
    return {
        "corpus_sha256": sha256,
        "pages": pages,
        "floors": floors_of(scores),
        "ceilings": {_STRAYS: ceilings_of(scores)},
    }


def shortfalls(scores: list[Scores], sha256: str, known: dict[str, Any]) -> list[str]:
    """Everything that is not as pinned, in words; empty when all is well."""
    found = []
    if known.get("corpus_sha256") != sha256:
        found.append(
            f"the corpus is {sha256}, pinned is {known.get('corpus_sha256')}: pages or truths were changed. If that"
            " is meant, run `.venv/bin/python benchmarks/evaluate.py --pin` and commit benchmarks/floors.json with it"
        )
    found += lowered(known.get("floors", {}), floors_of(scores))
    before = known.get("ceilings", {}).get(_STRAYS, {})
    for contender, groups in ceilings_of(scores).items():
        for group, count in groups.items():
            most = before.get(contender, {}).get(group, 0)
            if count > most:
                found.append(f"{contender}: {count} lines of the frame in records of markup {group}; at most {most}")
    return found


def lowered(before: Floors, after: Floors) -> list[str]:
    """Each figure that is below its floor, and each floor whose field or markup is no longer measured."""
    found = []
    for contender, fields in before.items():
        for field, groups in fields.items():
            for group, figures in groups.items():
                now = after.get(contender, {}).get(field, {}).get(group)
                if now is None:
                    found.append(f"{contender}: {field} in markup {group} is no longer measured")
                    continue
                found += [
                    f"{contender}: {field} in markup {group}: {name} is {now[name]:.4f}, floor {floor:.4f}"
                    for name, floor in figures.items()
                    if now[name] < floor
                ]
    return found


def load(file: Path = FILE) -> dict[str, Any]:
    """The pinned file; empty when there is none yet."""
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return data


def save(data: dict[str, Any], file: Path = FILE) -> None:
    """Writes the file whole, a figure's four numbers on one line so that a difference reads well."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    text = _LEAF.sub(lambda match: "{" + " ".join(match[1].split()) + "}", text)
    file.write_text(text + "\n", encoding="utf-8")
