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

from archive import search_expression as expression
from archive.fulltext import COLUMNS, FIELD_BREAK
from archive.search_query import Words
from archive.search_snippet import pattern_of

_WEIGHTS = (10.0, 1.0, 3.0, 5.0, 0.5)  # title, body, captions, byline, files
_BM25 = ", ".join(map(str, (*_WEIGHTS, 1.0)))  # and `plain`
_K1, _B = 1.2, 0.75
_MOST_TEXT = 20_000  # characters of one article; attachments may go on
_MOST_LEAVES = 20
_SAMPLE = 1000  # newest articles that tell how common a word is
_COMMON = 0.2  # the share of them that hold a common word
_LENGTHS = ", ".join(f"length({column})" for column in COLUMNS[:-1])


def weigh(reader: sqlite3.Cursor, ids: list[int], leaves: list[Words]) -> dict[int, float]:
    """The weight of each article, by reading it."""
    patterns = [pattern for leaf in leaves[:_MOST_LEAVES] if (pattern := pattern_of([leaf]))]
    counts: dict[int, list[float]] = {}
    lengths: dict[int, int] = {}
    for article_id in ids:
        row = reader.execute(
            f"SELECT substr(plain, 1, {_MOST_TEXT}), {_LENGTHS} FROM articles_fts WHERE rowid = ?", (article_id,)
        ).fetchone()
        lengths[article_id] = sum(row[1:])
        counts[article_id] = [_count(pattern, row[0], row[1:]) for pattern in patterns]
    average = sum(lengths.values()) / len(lengths) or 1
    holding = Counter(place for found in counts.values() for place, count in enumerate(found) if count)
    return {
        article_id: sum(
            math.log(1 + len(ids) / holding[place])
            * (count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * lengths[article_id] / average)))
            for place, count in enumerate(found)
            if count
        )
        for article_id, found in counts.items()
    }


def _count(pattern: re.Pattern[str], plain: str, lengths: tuple[int, ...]) -> float:
    """How often a word stands in an article, a field counting as much as it weighs."""
    starts = [0]
    for length in lengths[:-1]:
        starts.append(starts[-1] + length + len(FIELD_BREAK))
    return sum(_WEIGHTS[bisect_right(starts, match.start()) - 1] for match in pattern.finditer(plain))


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
