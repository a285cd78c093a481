"""Which of the articles found is best.

Of a few, all text is read and weighed here, as bm25 does it (k1 and b are FTS5's own): what FTS5 would read for that
are all places of every word in the whole index. Of more, FTS5 ranks them, by those words that not most articles hold.
"""

import json
import math
import re
import sqlite3
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from archive import search_expression as expression
from archive.fulltext import COLUMNS, FIELD_BREAK
from archive.search_query import Words
from archive.search_snippet import is_spelled, pattern_of, starts_of
from archive.vietnamese import one_spelling

_WEIGHTS = (10.0, 1.0, 3.0, 5.0, 0.5)  # title, body, captions, byline, files
_BM25 = ", ".join(map(str, (*_WEIGHTS, 1.0)))  # and `plain`
_K1, _B = 1.2, 0.75
_MOST_TEXT = 20_000  # characters of one article; attachments may go on
_MOST_LEAVES = 20
_SAMPLE = 1000  # newest articles that tell how common a word is
_COMMON = 0.1  # the share of them that hold a common word
_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM articles_fts WHERE rowid = ?"


@dataclass(frozen=True, slots=True)
class Weight:
    """What reading an article came to: how well it answers, and which of the words asked for are in it as spelled."""

    weight: float
    spelled: frozenset[Words]


def weigh(reader: sqlite3.Cursor, ids: list[int], leaves: list[Words]) -> dict[int, Weight]:
    """Reads each article, and weighs it."""
    patterns = [(leaf, pattern) for leaf in leaves[:_MOST_LEAVES] if (pattern := pattern_of([leaf]))]
    unread = frozenset(leaves[_MOST_LEAVES:])
    counts: dict[int, list[tuple[float, bool]]] = {}
    lengths: dict[int, int] = {}
    for article_id in ids:
        *texts, plain = reader.execute(_TEXTS, (article_id,)).fetchone()
        lengths[article_id] = len(plain)
        whole, starts = FIELD_BREAK.join(texts), starts_of(texts)
        counts[article_id] = [_count(leaf, pattern, plain[:_MOST_TEXT], whole, starts) for leaf, pattern in patterns]
    average = sum(lengths.values()) / len(lengths) or 1
    holding = Counter(place for found in counts.values() for place, (count, _) in enumerate(found) if count)
    weights = {}
    for article_id, found in counts.items():
        damp = _K1 * (1 - _B + _B * lengths[article_id] / average)
        parts = (
            math.log(1 + len(ids) / holding[place]) * (count * (_K1 + 1) / (count + damp))
            for place, (count, _) in enumerate(found)
            if count
        )
        spelled = {leaf for (leaf, _), (_, is_spelled) in zip(patterns, found, strict=True) if is_spelled}
        weights[article_id] = Weight(sum(parts), unread | spelled)
    return weights


def _count(leaf: Words, pattern: re.Pattern[str], plain: str, whole: str, starts: list[int]) -> tuple[float, bool]:
    """How often a word stands in an article, a field counting as much as it weighs; and whether it does so as typed."""
    typed = one_spelling(leaf.text.rstrip(" *"))
    count, spelled = 0.0, False
    for match in pattern.finditer(plain):
        count += _WEIGHTS[bisect_right(starts, match.start()) - 1]
        spelled = spelled or is_spelled(whole[match.start() : match.end()], typed)
    return count, spelled


def rank(reader: sqlite3.Cursor, ids: list[int], leaves: list[Words], newest: int) -> dict[int, float]:
    """The weight of each article by bm25, as far as less than common words tell them apart; none for the others."""
    telling = [leaf for leaf in leaves[:_MOST_LEAVES] if not _is_common(reader, leaf, newest)]
    if not telling:
        return {}
    rows = reader.execute(
        f"SELECT rowid, -bm25(articles_fts, {_BM25}) FROM articles_fts WHERE articles_fts MATCH ?"
        " AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))",
        (expression.ranking(telling), min(ids), max(ids), json.dumps(ids)),
    )
    return dict(rows.fetchall())


def _is_common(reader: sqlite3.Cursor, leaf: Words, newest: int) -> bool:
    """Whether a word, or each word of a phrase, stands in many articles: such is costly to count, and tells little."""
    least = min(
        reader.execute(
            "SELECT count(*) FROM articles_fts_marked WHERE articles_fts_marked MATCH ? AND rowid > ?",
            (expression.words_only(Words(word)) or f'"{word}"', newest - _SAMPLE),
        ).fetchone()[0]
        for word in leaf.words
    )
    return bool(least > _SAMPLE * _COMMON)
