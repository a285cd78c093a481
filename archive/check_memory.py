"""What earlier audits found sound, in `audited.json` beside `archive.db`: so that only what changed is read in full.

An audit looks at parts: a WARC file with its rows, a range of articles, the full-text indexes. What it says of one
follows from bytes and rows alone. Of each part without fault a proof is kept: digests of all that was looked at. A part
that has the same proof again is sound by it; any other is read in full. So an audit with a memory finds whatever one
without finds, however the change came about.

Once everything was found sound, `archive.db` as it is after the audit was noted in it is remembered too, by its own
digest: while that and its seal hold, no row is looked at. That the digest was taken of what had been looked at, and the
one event, rests on the moments between the two; so after some days the rows are looked at all the same.

The memory counts for the code that made it and the schema it was made of (`key_of`), and for nothing else. It may be
deleted at any time; one that is damaged is as none.
"""

import hashlib
import json
import marshal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

from archive.program import program_digest
from archive.writing import write_whole

MEMORY_NAME = "audited.json"
_FORM = 1  # of the file
_BITS = 256
_WHOLE = "archive.db"
_LOOKED_WITHIN = timedelta(days=7)
_RESTS_ON = ("FastWARC", "zlib-ng", "sqlite-utils", "w3lib")


@dataclass(frozen=True, slots=True)
class Sound:
    """A part that was found without fault: its proof, and what its audit told beside findings (for JSON)."""

    proof: str
    told: Mapping[str, Any] = field(default_factory=dict)


Memory = Mapping[str, Sound]
"""Sound parts by their names."""


def recall(folder: Path, key: str) -> Memory:
    """What was remembered under the same key; nothing where there is none, or it is damaged."""
    place = folder / MEMORY_NAME
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        kept = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
        if key and (kept["form"], kept["of"]) == (_FORM, key) and kept["sha256"] == _digest(kept["parts"]):
            return {name: Sound(proof, told) for name, (proof, told) in kept["parts"].items()}
    return {}


def remember(folder: Path, key: str, parts: Memory) -> None:
    """Keeps the parts in place of what was kept. Raises OSError."""
    kept = {name: [each.proof, each.told] for name, each in sorted(parts.items())}
    write_whole(
        folder / MEMORY_NAME,
        json.dumps({"form": _FORM, "of": key, "sha256": _digest(kept), "parts": kept}, indent=0) + "\n",
    )


def key_of(schema: str, *functions: Callable[..., Any] | None) -> str:
    """What a memory counts for: a digest of a database's schema, and of the code that audits, which is this package and
    those that the functions are of, with what they rest on. Empty where the code cannot be read, and then nothing is
    remembered."""
    try:
        modules = (__name__, *(each.__module__ for each in functions if each is not None))
        program = program_digest({module.partition(".")[0] for module in modules}, _RESTS_ON)
    except (OSError, PackageNotFoundError, AttributeError, KeyError):  # a function of no package has no sources here
        return ""
    return hashlib.sha256(f"{program}\n{schema}".encode("utf-8", "surrogatepass")).hexdigest()


def with_whole(parts: Memory, digest: str, looked_at: datetime) -> Memory:
    """Sound parts, with `archive.db` itself, whose rows were last looked at at that time."""
    return {**parts, _WHOLE: Sound(digest, {"files": _proofs(parts), "looked_at": looked_at.isoformat()})}


def looked_at(parts: Memory, digest: str | None, now: datetime) -> datetime | None:
    """When the rows of the database with this digest were last looked at, where they need not be again: all parts are
    those that were sound then, and that was not long ago."""
    whole = parts.get(_WHOLE)
    if whole is None or whole.proof != digest or whole.told.get("files") != _proofs(parts):
        return None
    at = datetime.fromisoformat(whole.told["looked_at"])
    return at if timedelta(0) <= now - at < _LOOKED_WITHIN else None


def row_sum(rows: Iterable[tuple[Any, ...]]) -> int:
    """A digest of rows in any order, so that those of parts add up (`added`) to that of the whole."""
    return added(int.from_bytes(hashlib.sha256(packed(row)).digest(), "big") for row in rows)


def added(sums: Iterable[int]) -> int:
    """The sum of digests, itself as long as one."""
    return sum(sums) % (1 << _BITS)


def packed(row: tuple[Any, ...]) -> bytes:
    """A row's values and their types as bytes; version 2 of marshal's form has no references, so that the same values
    always give the same bytes. Nothing is ever read back."""
    return marshal.dumps(row, 2)


def _proofs(parts: Memory) -> str:
    return _digest({name: each.proof for name, each in parts.items() if name != _WHOLE})


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
