"""What differs between two records of an article: by block, and within blocks by word. Pure.

    fields (title, byline, date …)   one to one
    blocks                           equal ones first, then those most alike between them; what is left was added,
                                     removed or moved
    tables                           rows as blocks are, cells as words are
    texts                            words, in segments that are the same, removed or added

Texts are compared in NFC. A word is a run of letters and digits with their marks; every other character with its marks
stands alone, so nothing is cut between a letter and its mark. All costs are bounded: see `_align`.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from archive.records import Article, BlockKind

FIELDS = (
    "title", "kicker", "category", "byline", "byline_role", "affiliation", "date", "date_kind", "date_evidence",
)  # fmt: skip
_SPOKEN = (str(BlockKind.PARAGRAPH), str(BlockKind.HEADING), str(BlockKind.LIST_ITEM))
_ALIKE = 0.35  # the share of words that two blocks must have in common to be one that was edited
_MOST_PAIRED = 250_000  # pairs of blocks looked at for likeness; beyond, what is not equal is added and removed
_SMALL = 40_000  # pairs of items that difflib is given at once, whose worst case is cubic
_MOST_WORK = 2_000_000  # and in one comparison


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; `kind` is same, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a block: the `text` of a paragraph or field, the `caption`, `credit` and `address` of a photo, the
    `label`, `media_type` and `address` of an attachment, the `cell` of a table with the row and column (from 1) where
    it stands now, or stood. The segments that are not added give the text before, those not removed the text after."""

    name: str
    kind: Kind
    segments: tuple[Segment, ...]
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class BlockChange:
    """What became of a field, a block or an attachment. `block` is the field's name, the block's kind, or `attachment`;
    `was` the block's kind before, where another; `before` and `after` are its places (from 0) among the blocks or
    attachments, None for fields and where it was not there. A moved one may have changed too."""

    block: str
    kind: Kind
    texts: tuple[Text, ...]
    before: int | None = None
    after: int | None = None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block or attachment to compare: its texts by name, or its rows."""

    block: str
    texts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def family(self) -> str:
        return "spoken" if self.block in _SPOKEN else self.block

    def words(self) -> frozenset[str]:
        texts = [text for name, text in self.texts if name != "address"] + [cell for row in self.rows for cell in row]
        return frozenset(word for text in texts for word in words_of(text) if not word.isspace())


def diff(before: Article, after: Article) -> list[BlockChange]:
    """What became of every field, block and attachment, those that are the same included, in the order of `after`;
    what was removed stands where it was."""
    changes = []
    for name in FIELDS:
        old, new = (str(getattr(article, name) or "") for article in (before, after))
        if old or new:
            text = _text("text", old, new)
            changes.append(BlockChange(name, text.kind, (text,)))
    changes += _compare(_blocks(before), _blocks(after))
    changes += _compare(_attachments(before), _attachments(after))
    return changes


def words_of(text: str) -> list[str]:
    """A text in NFC as words, runs of white space, and single other characters; joined they are the text again."""
    words: list[str] = []
    last = ""
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if words and (category[0] == "M" or category == "Cf"):  # marks and joiners belong to what they follow
            words[-1] += character
            continue
        kind = "word" if category[0] in "LN" else "space" if character.isspace() else ""
        if kind and kind == last:
            words[-1] += character
        else:
            words.append(character)
        last = kind
    return words


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """From one text to the other, by words. What is the same between two changes but holds no word is counted to
    them, so that a sentence written anew reads as one change."""
    before, after = unicodedata.normalize("NFC", before), unicodedata.normalize("NFC", after)
    if before == after:
        return (Segment(Kind.SAME, before),) if before else ()
    old, new = words_of(before), words_of(after)
    runs: list[tuple[list[str], list[str], list[str]]] = [([], [], [])]  # removed, added, then the same
    for i, j in _equal_and_else(old, new):
        if i is not None and j is not None:
            runs[-1][2].append(old[i])
            continue
        if any(map(_is_word, runs[-1][2])):
            runs.append(([], [], []))
        elif runs[-1][2] and (runs[-1][0] or runs[-1][1]):
            for side in runs[-1][:2]:
                side += runs[-1][2]
            runs[-1][2].clear()
        elif runs[-1][2]:
            runs.append(([], [], []))
        if i is not None:
            runs[-1][0].append(old[i])
        elif j is not None:
            runs[-1][1].append(new[j])
    kinds = (Kind.REMOVED, Kind.ADDED, Kind.SAME)
    found = (Segment(kind, "".join(words)) for run in runs for kind, words in zip(kinds, run, strict=True) if words)
    return tuple(found)


def _is_word(word: str) -> bool:
    return word[0].isalnum()


def _equal_and_else(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Every item of both sides in order: (i, j) where equal, (i, None) or (None, j) elsewhere."""
    i = j = 0
    for start, other, length in [*_matches(old, new), (len(old), len(new), 0)]:
        yield from ((place, None) for place in range(i, start))
        yield from ((None, place) for place in range(j, other))
        yield from zip(range(start, start + length), range(other, other + length), strict=True)
        i, j = start + length, other + length


def _text(name: str, before: str, after: str, row: int | None = None, column: int | None = None) -> Text:
    if unicodedata.normalize("NFC", before) == unicodedata.normalize("NFC", after):
        kind = Kind.SAME
    else:
        kind = Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED
    found = segments(before, after) if kind is not Kind.SAME else segments(after, after)
    return Text(name, kind, found, row, column)


def _blocks(article: Article) -> list[_Piece]:
    pieces = []
    for block in article.blocks:
        if block.kind is BlockKind.TABLE:
            pieces.append(_Piece(str(block.kind), (), block.rows))
        elif block.kind is BlockKind.PHOTO and block.photo is not None:
            photo = article.photos[block.photo]
            said = (("caption", photo.caption or ""), ("credit", photo.credit or ""), ("address", photo.url))
            pieces.append(_Piece(str(block.kind), said))
        else:
            pieces.append(_Piece(str(block.kind), (("text", block.text),)))
    return pieces


def _attachments(article: Article) -> list[_Piece]:
    return [
        _Piece("attachment", (("label", one.label), ("media_type", one.media_type or ""), ("address", one.url)))
        for one in article.attachments
    ]


def _compare(before: list[_Piece], after: list[_Piece]) -> list[BlockChange]:
    """What became of each piece, in order; removed and added ones that are one and the same have moved."""
    old_words, new_words = [piece.words() for piece in before], [piece.words() for piece in after]

    def likeness(i: int, j: int) -> float:
        if before[i].family != after[j].family:
            return 0.0
        same_file = before[i].texts[-1:] == after[j].texts[-1:] and before[i].family in ("photo", "attachment")
        return 1.0 if same_file else _share(old_words[i], new_words[j])

    pairs = _align(before, after, likeness)
    gone = [i for i, j in pairs if j is None and i is not None]
    come = [j for i, j in pairs if i is None and j is not None]
    moved = _moves(gone, come, before, after, likeness)
    taken = set(moved.values())
    changes = []
    for i, j in pairs:
        if i is None and j is not None and j in moved:
            changes.append(_change(before, after, moved[j], j, has_moved=True))
        elif j is not None or i not in taken:
            changes.append(_change(before, after, i, j))
    return changes


def _moves(
    gone: list[int],
    come: list[int],
    before: list[_Piece],
    after: list[_Piece],
    likeness: Callable[[int, int], float],
) -> dict[int, int]:
    """The place after to the place before of pieces that moved: equal ones first, then the most alike."""
    moved: dict[int, int] = {}
    left: dict[_Piece, list[int]] = {}
    for i in reversed(gone):
        left.setdefault(before[i], []).append(i)
    for j in come:
        if left.get(after[j]):
            moved[j] = left[after[j]].pop()
    rest = [i for places in left.values() for i in places]
    if len(rest) * len(come) <= _SMALL:
        scored = [(likeness(i, j), -i, -j) for i in rest for j in come if j not in moved]
        for score, i, j in sorted(scored, reverse=True):
            if score >= 2 * _ALIKE and -j not in moved and -i not in moved.values():
                moved[-j] = -i
    return moved


def _change(
    before: list[_Piece], after: list[_Piece], i: int | None, j: int | None, *, has_moved: bool = False
) -> BlockChange:
    old = before[i] if i is not None else None
    new = after[j] if j is not None else None
    kept = new or old
    assert kept is not None
    if kept.rows or kept.block == BlockKind.TABLE:
        texts = tuple(_table(old.rows if old else (), new.rows if new else ()))
    else:
        was, now = dict(old.texts if old else ()), dict(new.texts if new else ())
        texts = tuple(
            _text(name, was.get(name, ""), now.get(name, ""))
            for name, _ in kept.texts
            if was.get(name) or now.get(name)
        )
    other = old.block if old and new and old.block != new.block else None
    if old is None or new is None:
        kind = Kind.ADDED if old is None else Kind.REMOVED
    elif has_moved:
        kind = Kind.MOVED
    else:
        kind = Kind.CHANGED if other or any(text.kind is not Kind.SAME for text in texts) else Kind.SAME
    return BlockChange(kept.block, kind, texts, i, j, other)


def _table(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> Iterator[Text]:
    """The cells of a table, row by row."""
    old_words = [frozenset(word for cell in row for word in words_of(cell)) for row in before]
    new_words = [frozenset(word for cell in row for word in words_of(cell)) for row in after]
    for i, j in _align(before, after, lambda i, j: _share(old_words[i], new_words[j])):
        old = before[i] if i is not None else ()
        new = after[j] if j is not None else ()
        row = (j if j is not None else i or 0) + 1
        same_width = len(old) == len(new)
        cells = [(n, n) for n in range(len(old))] if same_width else _align(old, new, _any_two)
        for was, now in cells:
            column = (now if now is not None else was or 0) + 1
            yield _text("cell", old[was] if was is not None else "", new[now] if now is not None else "", row, column)


def _any_two(i: int, j: int) -> float:
    return 1.0 / (1 + abs(i - j))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two have in common, 0 to 1."""
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _align(
    before: Sequence[Hashable], after: Sequence[Hashable], likeness: Callable[[int, int], float]
) -> list[tuple[int | None, int | None]]:
    """Every item of both sides in order, paired where equal, or else alike."""
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    for start, other, length in [*_matches(before, after), (len(before), len(after), 0)]:
        pairs += _pair(range(i, start), range(j, other), likeness)
        pairs += zip(range(start, start + length), range(other, other + length), strict=True)
        i, j = start + length, other + length
    return pairs


def _pair(old: range, new: range, likeness: Callable[[int, int], float]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs the most alike of two stretches without crossing; the sum of likeness is the greatest there is."""
    if len(old) * len(new) > _MOST_PAIRED:
        yield from ((i, None) for i in old)
        yield from ((None, j) for j in new)
        return
    scores = [[likeness(i, j) for j in new] for i in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, score = best[i], best[i + 1], scores[i]
        for j in range(len(new) - 1, -1, -1):
            paired = score[j] + below[j + 1] if score[j] >= _ALIKE else 0.0
            row[j] = max(paired, below[j], row[j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if scores[i][j] >= _ALIKE and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((place, None) for place in old[i:])
    yield from ((None, place) for place in new[j:])


def _matches(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Equal stretches as (place before, place after, length), in order.

    First what is at both ends; then what stands once on each side, in the longest order that both share (patience
    diff, n log n); difflib only within the small gaps between. A gap too large for it counts as wholly changed.
    """
    found: list[tuple[int, int, int]] = []
    work = 0
    todo = [(0, len(before), 0, len(after))]
    while todo:
        low, high, other_low, other_high = todo.pop()
        while low < high and other_low < other_high and before[low] == after[other_low]:
            found.append((low, other_low, 1))
            low, other_low = low + 1, other_low + 1
        while low < high and other_low < other_high and before[high - 1] == after[other_high - 1]:
            high, other_high = high - 1, other_high - 1
            found.append((high, other_high, 1))
        size = (high - low) * (other_high - other_low)
        if not size:
            continue
        anchors = _unique_in_order(before, after, range(low, high), range(other_low, other_high))
        if anchors:
            ends = [(low - 1, other_low - 1), *anchors, (high, other_high)]
            found += [(i, j, 1) for i, j in anchors]
            todo += [(a + 1, c, b + 1, d) for (a, b), (c, d) in pairwise(ends)]
        elif size <= _SMALL and work + size <= _MOST_WORK:
            work += size
            matcher = SequenceMatcher(None, before[low:high], after[other_low:other_high], autojunk=False)
            found += [(low + i, other_low + j, length) for i, j, length in matcher.get_matching_blocks() if length]
    return sorted(found)


def _unique_in_order(
    before: Sequence[Hashable], after: Sequence[Hashable], old: range, new: range
) -> list[tuple[int, int]]:
    """Places of what stands once in each stretch: the longest row of them that is in order on both sides."""
    places: dict[Hashable, list[int]] = {}
    for j in new:
        places.setdefault(after[j], []).append(j)
    counts: dict[Hashable, int] = {}
    for i in old:
        counts[before[i]] = counts.get(before[i], 0) + 1
    pairs = [(i, places[before[i]][0]) for i in old if counts[before[i]] == 1 and len(places.get(before[i], ())) == 1]
    tails: list[int] = []  # the lowest last place after, by length of row
    last: list[int] = []  # which pair that is
    previous = [-1] * len(pairs)
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        previous[at] = last[length - 1] if length else -1
        tails[length : length + 1] = [j]
        last[length : length + 1] = [at]
    row = []
    at = last[-1] if last else -1
    while at >= 0:
        row.append(pairs[at])
        at = previous[at]
    return row[::-1]
