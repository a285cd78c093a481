"""Scores of found records against the truth: precision, recall, F1 and exact match, by field. Pure.

Every text of every contender is folded alike first (NFC, white space, zero-width characters, a leading bullet). Nothing
found where nothing is to be found is right and lowers no figure; something found there lowers precision.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from evaluation.corpus import Page, Truth

SHINGLE = 3  # words
FIELDS = (
    "title",
    "body",
    "words",
    "byline",
    "role",
    "affiliation",
    "date",
    "photos",
    "captions",
    "attachments",
    "tables",
    "refusals",
    "digest",
)
_DROPPED = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_BULLET = re.compile(r"^[-–•+*·▪●]\s+")
_CELL_EDGE = re.compile(r"\s*[|\t]\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """What one contender made of one page. A field it has no notion of is left as it is; `Contender.fields` says so."""

    refused: bool = False
    reason: str | None = None
    title: str | None = None
    body: tuple[str, ...] = ()
    byline: str | None = None
    role: str | None = None
    affiliation: str | None = None
    date: str | None = None
    photos: tuple[tuple[str, str | None], ...] = ()
    attachments: tuple[str, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    digest: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one field: `right` of `got` found things are among the `wanted` ones; `exact` of `pages` are wholly so.

    `wrong` counts values in the place of another, `invented` values where there is none, `missing` those not found.
    """

    right: int = 0
    got: int = 0
    wanted: int = 0
    exact: int = 0
    pages: int = 0
    wrong: int = 0
    invented: int = 0
    missing: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.got if self.got else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        total = self.got + self.wanted
        return 2 * self.right / total if total else 1.0

    @property
    def exactness(self) -> float:
        return self.exact / self.pages if self.pages else 1.0

    def figures(self) -> dict[str, float]:
        """The four figures by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, "exact": self.exactness}

    def __iadd__(self, other: "Tally") -> "Tally":
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def fold(text: str) -> str:
    """`text` as all contenders' texts are compared."""
    return " ".join(unicodedata.normalize("NFC", _DROPPED.sub("", text)).split())


def lines_of(texts: Iterable[str], leave_out: frozenset[str] = frozenset()) -> list[str]:
    """Folded lines without empty ones, bullets and lines that may be there or not."""
    folded = (fold(_BULLET.sub("", fold(text))) for text in texts)
    return [line for line in folded if line and line not in leave_out]


def shingles(texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    """Runs of three words over the whole text: indifferent to where paragraphs are parted."""
    words = re.findall(r"\w+", " ".join(texts).casefold())
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)) if words)


def score(page: Page, found: Found) -> dict[str, Tally]:
    """The tally of each field on one page. On a page that is no article only the refusal counts."""
    tallies = {"refusals": score_refusal(page, found)}
    if page.truth is None:
        return tallies
    truth = page.truth
    free = free_lines(truth)
    wanted, got = lines_of(truth.body, free), without_cells(lines_of(found.body, free), truth)
    tallies["title"] = one(fold(truth.title), fold(found.title or "") or None)
    tallies["body"] = many(wanted, got, ordered=True)
    tallies["words"] = counted(shingles(wanted), shingles(got))
    tallies["byline"] = one(truth.byline, found.byline, same=same_person)
    tallies["role"] = one(truth.byline_role, found.role)
    tallies["affiliation"] = one(truth.affiliation, found.affiliation)
    tallies["date"] = one(truth.date, found.date, also=truth.dates_also_right)
    # Either spelling of an address, with letters or percent-encoded, leads to the same file.
    true_photos, photos = ([(unquote(url), caption) for url, caption in each.photos] for each in (truth, found))
    tallies["photos"] = many([url for url, _ in true_photos], [url for url, _ in photos], ordered=True)
    tallies["captions"] = many(
        [pair for pair in true_photos if pair[1]], [pair for pair in photos if pair[1]], ordered=False
    )
    tallies["attachments"] = many(map(unquote, truth.attachments), map(unquote, found.attachments), ordered=True)
    tallies["tables"] = many(truth.tables, found.tables, ordered=True)
    return tallies


def score_refusal(page: Page, found: Found) -> Tally:
    """A refusal is what is looked for: refusing an article lowers precision, taking a page for one lowers recall."""
    due = page.truth is None
    right = due and found.refused
    exact = due == found.refused and (not page.reasons or found.reason in (None, *page.reasons))
    return Tally(
        right=int(right),
        got=int(found.refused),
        wanted=int(due),
        exact=int(exact),
        pages=1,
        invented=int(found.refused and not due),
        missing=int(due and not found.refused),
    )


def one(
    wanted: str | None,
    got: str | None,
    *,
    also: tuple[str, ...] = (),
    same: Callable[[str, str], bool] | None = None,
) -> Tally:
    """A field with one value or none. `same` says which other spellings count as right; exact stays exact."""
    exact = got == wanted or (got is not None and got in also)
    right = got is not None and wanted is not None and (exact or (same is not None and same(wanted, got)))
    return Tally(
        right=int(right),
        got=int(got is not None),
        wanted=int(wanted is not None),
        exact=int(exact),
        pages=1,
        wrong=int(got is not None and wanted is not None and not right),
        invented=int(got is not None and wanted is None and not exact),
        missing=int(got is None and wanted is not None),
    )


def many(wanted: Iterable[Hashable], got: Iterable[Hashable], *, ordered: bool) -> Tally:
    """A field with several values: counted as a multiset, exact only in the same order where order matters."""
    wanted, got = list(wanted), list(got)
    tally = counted(Counter(wanted), Counter(got))
    tally.exact = int(wanted == got if ordered else Counter(wanted) == Counter(got))
    return tally


def counted(wanted: Counter[Any], got: Counter[Any]) -> Tally:
    right = (wanted & got).total()
    return Tally(right, got.total(), wanted.total(), int(wanted == got), 1, missing=wanted.total() - right)


def same_person(wanted: str, got: str) -> bool:
    """Whether a byline names the same person with or without the academic title in front of the name."""
    wanted, got = fold(wanted).casefold(), fold(got).casefold()
    return wanted == got or (" " in got and wanted.endswith(f" {got}"))


def free_lines(truth: Truth) -> frozenset[str]:
    return frozenset(fold(line) for line in truth.optional_lines)


def without_cells(lines: list[str], truth: Truth) -> list[str]:
    """Lines without those that only print a data table: who has no field for tables has to put them somewhere."""
    cells = {fold(cell) for rows in truth.tables for row in rows for cell in row}
    if not cells:
        return lines
    said = set(lines_of(truth.body))
    joined = {fold(" ".join(row)) for rows in truth.tables for row in rows}

    def prints_cells(line: str) -> bool:
        parts = [part for part in _CELL_EDGE.split(line) if part and not re.fullmatch(r"[-:\s]+", part)]
        return line in joined or all(part in cells for part in parts)

    return [line for line in lines if line in said or not prints_cells(line)]


def stray_lines(truth: Truth, found: Found) -> list[str]:
    """Lines of the found body that the article does not say anywhere: text of the page around it."""
    said = [truth.title, *truth.body, *truth.optional_lines, *truth.other_words, truth.byline or ""]
    said += [truth.affiliation or "", *(caption or "" for _, caption in truth.photos)]
    said += [cell for rows in truth.tables for row in rows for cell in row]
    known = shingles([" ".join(said)])
    whole = " ".join(re.findall(r"\w+", " ".join(map(fold, said)).casefold()))
    strays = []
    for line in lines_of(found.body):
        words = " ".join(re.findall(r"\w+", line.casefold()))
        mine = shingles([line])
        if words and words not in whole and (mine & known).total() < 0.5 * mine.total():
            strays.append(line)
    return strays
