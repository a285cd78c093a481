"""The words around what was found, as they stand in the article, and where in it they stand.

What is searched in is `plain`, which has a place for each place of the texts; what is shown is the texts.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.fulltext import FIELD_BREAK, FILE_BREAK
from archive.search_query import Words
from archive.vietnamese import folded, one_spelling

_AROUND = 90  # characters on each side of what was found
_MOST_LEAVES = 40
_MOST_MATCHES = 400  # looked at in one article
_BETWEEN = re.compile(r"[\W_]+")
_PLACES = ("title", "text", "caption", "byline", "attachment")
_SHOWN_FIRST = {"text": 0, "caption": 1, "title": 2, "byline": 3, "attachment": 4}


@dataclass(frozen=True, slots=True)
class Snippet:
    """Original text, white space folded, with `marks` (start, end) where it holds what was searched for. `place` is
    title, text, caption, byline or attachment; `attachment` the attachment's place among the article's, from 0."""

    text: str
    marks: tuple[tuple[int, int], ...]
    place: str
    attachment: int | None = None

    def marked(self, before: str = "[", after: str = "]") -> str:
        """The text with marks around what was found."""
        pieces, last = [], 0
        for start, end in self.marks:
            pieces += [self.text[last:start], before, self.text[start:end], after]
            last = end
        return "".join([*pieces, self.text[last:]])


def pattern_of(leaves: list[Words]) -> re.Pattern[str] | None:
    """Finds the words and phrases in folded text, where the index does: letters and digits make words."""
    parts = []
    for leaf in sorted(leaves[:_MOST_LEAVES], key=lambda leaf: -len(leaf.text)):
        words = [re.escape(word) for word in Words(folded(leaf.text)).words]
        if words:
            # That no letter stands before is looked at last: so the letters themselves are what is looked for first.
            first = rf"{words[0]}(?<![^\W_]{words[0]})"
            parts.append(r"[\W_]+".join((first, *words[1:])) + (r"[^\W_]*" if leaf.prefix else r"(?![^\W_])"))
    return re.compile("|".join(parts)) if parts else None


def snippet_of(texts: tuple[str, ...], plain: str, pattern: re.Pattern[str] | None, leaves: list[Words]) -> Snippet:
    """The best place to show of an article found: `texts` are its fields, `plain` the same folded (see fulltext.py).

    Best is where most of what was asked for stands together, spelled as it was typed; among equals the text before
    captions, title, byline and attachments.
    """
    matches = _matches(pattern, plain, len(plain) - len(texts[-1]), len(leaves)) if pattern else []
    if not matches:
        text = texts[1] or texts[0]
        return Snippet(_tidy(text[: 2 * _AROUND]) + (" …" if len(text) > 2 * _AROUND else ""), (), "text")
    starts = starts_of(texts)
    typed = {one_spelling(leaf.text.rstrip(" *")) for leaf in leaves}
    whole = FIELD_BREAK.join(texts)
    spelled = {span for span in matches if any(is_spelled(whole[slice(*span)], each) for each in typed)}
    best = max(_windows(matches, starts), key=lambda window: _worth(window, plain, spelled))
    return _shown(best, matches, texts, starts)


def is_spelled(found: str, typed: str) -> bool:
    """Whether what was found is what was typed, in one spelling (`vietnamese.one_spelling`), or goes on from it.
    Punctuation between words is none of a spelling."""
    words = _BETWEEN.sub(" ", one_spelling(found))
    return words.startswith(_BETWEEN.sub(" ", typed))


def _matches(pattern: re.Pattern[str], plain: str, files_at: int, wanted: int) -> list[tuple[int, int]]:
    """Where the pattern is found; in attachments, which may be long, only where not all that is wanted is elsewhere."""
    found: list[tuple[int, int]] = []
    for start, end in ((0, files_at), (files_at, len(plain))):
        found += (match.span() for match in itertools.islice(pattern.finditer(plain, start, end), _MOST_MATCHES))
        if len({plain[a:b] for a, b in found}) >= wanted:
            break
    return found


def starts_of(texts: Sequence[str]) -> list[int]:
    """Where each field begins in `plain`, and where one more would."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + len(FIELD_BREAK))
    return starts


@dataclass(frozen=True, slots=True)
class _Window:
    """Matches that can be shown together, all in one field."""

    field: int
    matches: tuple[tuple[int, int], ...]


def _windows(matches: list[tuple[int, int]], starts: list[int]) -> list[_Window]:
    """One beginning at each match."""
    windows = []
    for first, (start, end) in enumerate(matches):
        field = next(number for number, (a, b) in enumerate(pairwise(starts)) if a <= start < b)
        limit = min(end + _AROUND, starts[field + 1])
        inside = [span for span in matches[first : first + 12] if span[1] <= limit] or [(start, end)]
        windows.append(_Window(field, tuple(inside)))
    return windows


def _worth(window: _Window, plain: str, spelled: set[tuple[int, int]]) -> tuple[int, int, int, int]:
    words = {plain[start:end] for start, end in window.matches}
    as_typed = {plain[start:end] for start, end in window.matches if (start, end) in spelled}
    return len(words), len(as_typed), -_SHOWN_FIRST[_PLACES[window.field]], -window.matches[0][0]


def _shown(window: _Window, matches: list[tuple[int, int]], texts: tuple[str, ...], starts: list[int]) -> Snippet:
    base, text = starts[window.field], texts[window.field]
    first, last = window.matches[0][0] - base, window.matches[0][1] - base
    attachment = text.count(FILE_BREAK, 0, first) if _PLACES[window.field] == "attachment" else None
    low = text.rfind(FILE_BREAK, 0, first) + 1 if attachment is not None else 0
    high = text.find(FILE_BREAK, last) if attachment is not None else -1
    high = len(text) if high < 0 else high
    start, end = max(low, first - _AROUND), min(high, last + _AROUND)
    while start > low and not text[start - 1].isspace() and first - start < 2 * _AROUND:
        start -= 1
    while end < high and not text[end].isspace() and end - last < 2 * _AROUND:
        end += 1
    pieces, marks, at = ["… "] if start > low else [], [], start
    length = sum(map(len, pieces))
    for a, b in ((a - base, b - base) for a, b in matches):
        if start <= a and b <= end and a >= at:
            before, found = _tidy(text[at:a], length == 0), _tidy(text[a:b])
            marks.append((length + len(before), length + len(before) + len(found)))
            pieces += [before, found]
            length += len(before) + len(found)
            at = b
    pieces += [_tidy(text[at:end]).rstrip(), " …" if end < high else ""]
    return Snippet("".join(pieces), tuple(marks), _PLACES[window.field], attachment)


def _tidy(text: str, leading: bool = False) -> str:
    """White space folded into one blank each."""
    text = re.sub(r"\s+", " ", text)
    return text.lstrip() if leading else text
