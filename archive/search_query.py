"""What a person types to search, understood: words, "phrases", AND, OR, NOT, prefix*, NEAR(a b, 5), parentheses.

Any text is understood somehow, and what was passed over is said: nothing typed can be an error. Operators are written
in capitals; NOT binds tighter than AND, AND tighter than OR, as in FTS5. Punctuation separates words, and words that
nothing but punctuation separates belong together: `27-NQ/TW` and `4,47%` are phrases.

    typed ─► parse ─► Words | Near | All | Any | Without ─► search_expression: for FTS5
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_WORDS = 200
MOST_CHARACTERS = 4000
_DEEPEST = 30  # parentheses within parentheses; FTS5's own limit is 256
_NEAR_WITHIN = 10  # words between, where no number is given (sqlite.org/fts5.html, 3.6)
_MOST_NEAR = 1000

_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_TOKEN = re.compile(r'NEAR\s*\(|"[^"]*"?\*?|[()]|[^\s"()]+')
_WORD = re.compile(r"[^\W_]+")
_NEAR_END = re.compile(r",\s*(\d{1,9})\s*$")


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row, as they were typed; of the last, only the beginning where `prefix` is set."""

    text: str
    prefix: bool = False

    @property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases with at most `within` words between the first and the last of them, in any order."""

    parts: tuple[Words, ...]
    within: int


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any_:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """What `of` finds and `without` does not."""

    of: "Node"
    without: "Node"


Node = Words | Near | All | Any_ | Without


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood; `node` is None where nothing is left to search for. `notes` say what was passed over."""

    node: Node | None
    notes: tuple[str, ...] = ()

    @property
    def leaves(self) -> list[Words]:
        """The words that an article may be found by, without those behind NOT."""
        return list(_leaves(self.node)) if self.node else []


def parse(typed: str) -> Query:
    """Understands what was typed. Never raises; text without a letter or digit gives a query with no node."""
    text = unicodedata.normalize("NFC", typed.replace("\0", " ").encode("utf-8", "replace").decode())
    notes: list[str] = []
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        notes.append(f"Only the first {MOST_CHARACTERS} characters are searched for.")
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        notes.append("A quotation mark is not closed; the phrase goes on to the end.")
    parser = _Parser(_TOKEN.findall(text), notes)
    node = parser.any_of(0)
    while not parser.at_end:  # a closing parenthesis too many
        parser.note("A closing parenthesis has no opening one.")
        parser.take()
        node = _joined(All, [part for part in (node, parser.any_of(0)) if part])
    if node is None and not notes:
        notes.append(f"There is no word to search for in {typed[:100]!r}.")
    return Query(node, tuple(dict.fromkeys(notes)))


@dataclass(slots=True)
class _Parser:
    """Descends through the tokens. Each method gives what it understood, or None where nothing is left of it."""

    tokens: list[str]
    notes: list[str]
    place: int = 0
    words: int = field(default=0)

    @property
    def at_end(self) -> bool:
        return self.place >= len(self.tokens)

    @property
    def token(self) -> str:
        return "" if self.at_end else self.tokens[self.place]

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def note(self, text: str) -> None:
        self.notes.append(text)

    def any_of(self, depth: int) -> Node | None:
        parts = []
        while True:
            part = self.all_of(depth)
            if part is not None:
                parts.append(part)
            if self.token != "OR":
                return _joined(Any_, parts)
            self.take()
            if part is None or self.token in ("", ")", "OR", "AND"):
                self.note("OR stands between two words, or is passed over.")

    def all_of(self, depth: int) -> Node | None:
        parts: list[Node] = []
        without: list[Node] = []
        while not self.at_end and self.token not in (")", "OR"):
            if self.token == "AND":
                self.take()
            elif self.token == "NOT":
                self.take()
                while self.token in ("NOT", "AND"):
                    self.take()
                part = None if self.token in ("", ")", "OR") else self.one(depth)
                if part is None:
                    self.note("NOT stands before a word, or is passed over.")
                else:
                    without.append(part)
            elif (part := self.one(depth)) is not None:
                parts.append(part)
        of = _joined(All, parts)
        if of is None and without:
            self.note("NOT takes away from what is found: put what to search for beside it.")
            return None
        taken = _joined(Any_, without)
        return Without(of, taken) if of and taken else of

    def one(self, depth: int) -> Node | None:
        token = self.take()
        if token == "(":
            return self.inside(depth)
        if token.startswith("NEAR") and token.endswith("("):
            return self.near()
        return self.leaf(token)

    def inside(self, depth: int) -> Node | None:
        if depth >= _DEEPEST:
            self.note(f"More than {_DEEPEST} parentheses within each other are passed over.")
            return None
        node = self.any_of(depth + 1)
        if self.token == ")":
            self.take()
        else:
            self.note("A parenthesis is not closed.")
        return node

    def near(self) -> Node | None:
        inner: list[str] = []
        while not self.at_end and self.token != ")":
            inner.append(self.take())
        if self.at_end:
            self.note("A parenthesis is not closed.")
        else:
            self.take()
        within = _NEAR_WITHIN
        if found := _NEAR_END.search(" ".join(inner)):
            within = min(int(found[1]), _MOST_NEAR)
            inner = _TOKEN.findall(" ".join(inner)[: found.start()])
        parts = [leaf for token in inner if (leaf := self.leaf(token)) is not None]
        if len(parts) == 1:
            self.note("NEAR needs two words or phrases at least.")
            return parts[0]
        return Near(tuple(parts), within) if parts else None

    def leaf(self, token: str) -> Words | None:
        leaf = Words(token.replace('"', " ").strip(), prefix=token.endswith("*"))
        count = len(leaf.words)
        if not count:
            return None
        if self.words + count > MOST_WORDS:
            self.note(f"Only the first {MOST_WORDS} words are searched for.")
            leaf = Words(" ".join(leaf.words[: MOST_WORDS - self.words]))
        self.words += count
        return leaf if leaf.words else None


def _joined(kind: type[All] | type[Any_], parts: list[Node]) -> Node | None:
    if len(parts) > 1:
        return kind(tuple(parts))
    return parts[0] if parts else None


def _leaves(node: Node) -> Iterator[Words]:
    match node:
        case Words():
            yield node
        case Near() | All() | Any_():
            for part in node.parts:
                yield from _leaves(part)
        case Without():
            yield from _leaves(node.of)
