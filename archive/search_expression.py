"""From what was understood to what FTS5 is asked: several expressions for one query. All text goes in quoted, so that
FTS5 never meets an operator that we did not write.

    matching     which articles: over `plain`, which holds all words without marks, i/y in one spelling
    words_only   the same over articles_fts_marked, where only words are asked for: a third of the work
    spelling     those that hold the words with the marks they were typed with: over articles_fts_marked
    standing     those that hold the words in title, captions or byline: there too
    ranking      what bm25 counts: over these fields and `plain`
"""

import itertools
import re
from collections.abc import Set

from archive.fulltext import APART_MARK, FOLDED_MARK
from archive.search_query import All, Any_, Near, Node, Without, Words
from archive.vietnamese import as_written, folded, has_marks, one_spelling

APART = "title captions byline"  # the columns that weigh more than the text
_MOST_VARIANTS = 8
# What FTS5 (Unicode 6.1) and Python surely cut into the same words.
_PLAIN_LETTERS = re.compile(r"[0-9a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
_Y = re.compile(r"(?:[hklmst]|qu)y")


def matching(node: Node) -> str:
    """Which articles a query finds, whatever marks it was typed with."""
    return f"plain : ({_written(node)})"


def standing(node: Node) -> str:
    """Which articles hold its words in title, captions or byline, wherever there, for articles_fts_marked; "" where
    nothing can be said."""
    match node:
        case Words():
            words = [word for word in Words(folded(node.text)).words if _PLAIN_LETTERS.fullmatch(word)]
            last = len(words) - 1
            quoted = (_quoted(APART_MARK + word, node.prefix and place == last) for place, word in enumerate(words))
            return " AND ".join(quoted)
        case Near() | All():
            return " AND ".join(f"({part})" for part in map(standing, node.parts) if part)
        case Any_():
            parts = [standing(part) for part in node.parts]
            return " OR ".join(f"({part})" for part in parts) if all(parts) else ""
        case Without():
            of, without = standing(node.of), _words_without(node)
            return f"({of}) NOT ({without})" if of and without else of


def _words_without(node: Without) -> str:
    """What is not to be there, for articles_fts_marked: meant as it is spelled, where it was typed with marks."""
    without = words_only(node.without)
    return spelling(node.without) if without and is_marked(node.without) else without


def byline_holds(words: list[str]) -> str:
    """Articles whose byline holds all the words, with or without marks."""
    return "byline : (" + " AND ".join(_variants_of(Words(word)) for word in words) + ")"


def ranking(leaves: list[Words]) -> str:
    """What bm25 counts of these words."""
    parts = []
    for leaf in leaves:
        parts.append(f"{{{APART} plain}} : {_plain(leaf)}")
        others = [text for text in _variants(leaf) if text != folded(leaf.text)]
        if others:
            parts.append(f"{{{APART}}} : ({' OR '.join(_quoted(text, leaf.prefix) for text in others)})")
    return " OR ".join(f"({part})" for part in parts)


def words_only(node: Node) -> str:
    """Which articles a query of nothing but words finds, for articles_fts_marked, which knows no places; "" where the
    places of words matter."""
    match node:
        case Words():
            words = [word for word in Words(folded(node.text)).words if _PLAIN_LETTERS.fullmatch(word)]
            whole = len(words) == 1 and words[0] == folded(node.text).strip(" *")
            return _quoted(FOLDED_MARK + words[0], node.prefix) if whole else ""
        case Near():
            return ""
        case All() | Any_():
            parts = [words_only(part) for part in node.parts]
            joint = " AND " if isinstance(node, All) else " OR "
            return joint.join(f"({part})" for part in parts) if all(parts) else ""
        case Without():
            of, without = words_only(node.of), _words_without(node)
            return f"({of}) NOT ({without})" if of and without else ""


def is_marked(node: Node) -> bool:
    """Whether any of the words to find was typed with a mark: then each is meant as it was typed."""
    return any(has_marks(leaf.text) for leaf in _positive(node))


def is_met(node: Node, spelled: Set[Words]) -> bool:
    """Whether a query is met by such of its words as are spelled as they were typed."""
    match node:
        case Words():
            return node in spelled
        case Near() | All():
            return all(is_met(part, spelled) for part in node.parts)
        case Any_():
            return any(is_met(part, spelled) for part in node.parts)
        case Without():
            return is_met(node.of, spelled)


def spelling(node: Node) -> str:
    """Which articles hold the words as they are spelled, somewhere; "" where nothing can be said."""
    match node:
        case Words():
            words = [word for word in Words(one_spelling(node.text)).words if _PLAIN_LETTERS.fullmatch(word)]
            ends = node.prefix and bool(words)
            quoted = [f'"{word}"' for word in words]
            return " AND ".join([*quoted[:-1], f"{quoted[-1]} *"] if ends else quoted)
        case Near() | All():
            return " AND ".join(f"({part})" for part in map(spelling, node.parts) if part)
        case Any_():
            parts = [spelling(part) for part in node.parts]
            return " OR ".join(f"({part})" for part in parts) if all(parts) else ""
        case Without():
            return spelling(node.of)


def _positive(node: Node) -> list[Words]:
    match node:
        case Words():
            return [node]
        case Near() | All() | Any_():
            return [leaf for part in node.parts for leaf in _positive(part)]
        case Without():
            return _positive(node.of)


def _written(node: Node) -> str:
    match node:
        case Words():
            return _plain(node)
        case Near():
            return f"NEAR({' '.join(_plain(part) for part in node.parts)}, {node.within})"
        case All():
            return " AND ".join(f"({_written(part)})" for part in node.parts)
        case Any_():
            return " OR ".join(f"({_written(part)})" for part in node.parts)
        case Without():
            return f"({_written(node.of)}) NOT ({_written(node.without)})"


def _plain(leaf: Words) -> str:
    return _quoted(folded(leaf.text), leaf.prefix)


def _variants_of(leaf: Words) -> str:
    return "(" + " OR ".join(_quoted(text, leaf.prefix) for text in _variants(leaf)) + ")"


def _variants(leaf: Words) -> list[str]:
    """The ways in which words may stand in the columns of original text, of which FTS5 takes the marks but not the
    stroke of đ, and in which i and y are as they were written."""
    marked = has_marks(leaf.text)
    written = as_written(leaf.text).split()
    choices = [_choices(folded(word), None if not marked else word[0] == "đ") for word in written]
    few = 1
    for choice in choices:
        few *= len(choice)
    if few > _MOST_VARIANTS:
        texts = {" ".join(choice[0] for choice in choices), " ".join(choice[-1] for choice in choices)}
    else:
        texts = {" ".join(words) for words in itertools.product(*choices)}
    return sorted(texts)


def _choices(word: str, stroke: bool | None) -> list[str]:
    """A folded word as it may be written: `stroke` says whether a d at its beginning is đ, None that it may be."""
    found = [word]
    if word.startswith("d") and stroke is not False:
        found = ["đ" + word[1:]] if stroke else [word, "đ" + word[1:]]
    if _Y.match(word):
        found += [each.replace("y", "i", 1) for each in found]
    return found


def _quoted(text: str, prefix: bool) -> str:
    text = text.replace('"', " ")
    return f'"{text}" *' if prefix else f'"{text}"'
