"""The full-text indexes of the articles' newest revisions, written at the end of each transaction, once an article.

    articles_fts          the texts as they are, field by field, and all of it once more in `plain`: folded (see
                          vietnamese.py), so that what is typed without marks finds all
    articles_fts_marked   which words an article holds, with their marks: what is typed with marks comes first; and
                          folded, since it finds words, wherever they stand, in a third of the time. It holds no text,
                          and what it would read it from, the view articles_marked, has none: so what is to go must be
                          told word by word, as `remove` does

Searching is in `search.py`. FTS5 writes out all it was told at the next statement that may be undone alone; told at the
end, it writes once.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol
from unicodedata import normalize

from archive.records import Article
from archive.vietnamese import as_written, folded, one_spelling

if TYPE_CHECKING:  # the store opens the schema, whose newest migration is written with what stands here
    from archive.store import Store

COLUMNS = ("title", "body", "captions", "byline", "files", "plain")
FILE_BREAK = "\f"  # between the texts of two attachments
# Between two fields in `plain`; a character for private use is a word to FTS5, so no phrase goes from one into another.
FIELD_BREAK = "\n\ue000\n"
# Before a folded word in articles_fts_marked, so that it is none of the words with their marks; for private use too.
FOLDED_MARK = "\ue001"
APART_MARK = "\ue002"  # for one in title, captions or byline
# Combining marks that no letter took in and that part no word for FTS5 (the masks of `sqlite3Fts5UnicodeIsdiacritic`).
_PASSED_OVER = {0x300 + bit: None for bit in range(50) if (0x08029FDF | 0x000361F8 << 32) >> bit & 1}
_WORD = re.compile(r"[^\W_]+")
# Text of documents that no article attaches any more.
FORGET_FILES = "DELETE FROM attachment_texts WHERE sha256 NOT IN (SELECT sha256 FROM attachments WHERE sha256 NOT NULL)"
_SELECT = f"SELECT {', '.join(COLUMNS[:-1])} FROM articles_fts WHERE rowid = ?"
_INSERT = f"INSERT INTO articles_fts (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)"

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 1 << 15, 40  # pieces of text between blanks; characters of one

Texts = tuple[str, str, str, str, str]
"""Title, text with table cells, captions, byline with affiliation, text of attached documents."""


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


def index(store: "Store", article_id: int, article: Article) -> None:
    """Has an article found by what it says now."""
    store.before_commit(("index", article_id), partial(_index, store, article_id, article))


def _index(store: "Store", article_id: int, article: Article) -> None:
    """Nothing for an article that was taken away meanwhile."""
    if store.one("SELECT 1 FROM articles WHERE id = ?", article_id):
        texts = texts_of(article, files_of(store.db, article_id))
        write(store.db, article_id, texts, None if texts[4] else found_by(article))


def found_by(article: Article) -> tuple[str, str]:
    """`plain_of` and `marked_words` of an article without attached text; made once, by whichever process is asked
    first."""

    def texts() -> Texts:
        return texts_of(article, "")

    return article.once("plain", lambda: plain_of(texts())), article.once("words", lambda: marked_words(texts()))


def write(db: Executes, article_id: int, texts: Texts, folded_texts: tuple[str, str] | None = None) -> None:
    """Puts an article's texts in place of those that are there; `folded_texts` are `plain_of` and `marked_words` of
    them, where these were made before. Within the caller's transaction."""
    remove(db, article_id)
    plain, words = folded_texts or (plain_of(texts), marked_words(texts))
    db.execute(_INSERT, (article_id, *texts, plain))
    db.execute("INSERT INTO articles_fts_marked (rowid, words) VALUES (?, ?)", (article_id, words))


def remove(db: Executes, article_id: int) -> None:
    """Takes an article out of both indexes; does nothing where it is in none."""
    texts = db.execute(_SELECT, (article_id,)).fetchone()
    if texts is None:
        return
    db.execute(
        "INSERT INTO articles_fts_marked (articles_fts_marked, rowid, words) VALUES ('delete', ?, ?)",
        (article_id, marked_words(texts)),
    )
    db.execute("DELETE FROM articles_fts WHERE rowid = ?", (article_id,))


def write_files(db: Executes, article_id: int) -> None:
    """Brings what an article is found by up to date with the text of its attachments."""
    texts = db.execute(_SELECT, (article_id,)).fetchone()
    if texts is not None and texts[4] != (files := files_of(db, article_id)):
        write(db, article_id, (*texts[:4], files))


def files_of(db: Executes, article_id: int) -> str:
    """The text of an article's attached documents in their order, an empty one where there is none."""
    rows = db.execute(
        "SELECT coalesce(t.text, '') FROM attachments a LEFT JOIN attachment_texts t ON t.sha256 = a.sha256"
        " WHERE a.article_id = ? ORDER BY a.position",
        (article_id,),
    ).fetchall()
    return FILE_BREAK.join(text for (text,) in rows) if any(text for (text,) in rows) else ""


def texts_of(article: Article, files: str) -> Texts:
    """What an article is found by."""
    cells = "\n".join(" ".join(row) for table in article.tables for row in table)
    captions = "\n".join(photo.caption for photo in article.photos if photo.caption)
    byline = " ".join(filter(None, (article.byline, article.affiliation)))
    spoken = "\n".join(filter(None, ("\n".join(article.body), cells)))
    title, spoken, captions, byline = (normalize("NFC", text) for text in (article.title, spoken, captions, byline))
    return title, spoken, captions, byline, files


def plain_of(texts: Iterable[str]) -> str:
    """All texts, folded: a place in it is the same place in the texts, joined by FIELD_BREAK."""
    return "\n".join(map(folded, FIELD_BREAK.join(texts).split("\n")))  # a line with a rare character alone takes long


def marked_words(texts: Sequence[str]) -> str:
    """The words of the texts, each once: as they are written, in the one spelling of several, and folded, with
    FOLDED_MARK before them, and once more with APART_MARK if they stand in title, captions or byline."""
    return " ".join(words_held(texts))


def words_held(texts: Sequence[str]) -> set[str]:
    """The words that `marked_words` gives. Taken piece by piece between blanks, across which no rule of spelling looks:
    most pieces come again in every article, and what was met last is remembered."""
    held = set[str]()
    apart = set[str]().union(*(text.split() for text in (texts[0], *texts[2:4])))
    pieces = apart.union(*(text.split() for text in (texts[1], *texts[4:])))
    for words_of, among in ((_words_of, pieces), (_words_apart, apart)):
        if among and len(max(among, key=len)) > _LONGEST_REMEMBERED:
            lengthy = {piece for piece in among if len(piece) > _LONGEST_REMEMBERED}
            held.update(*map(words_of.__wrapped__, lengthy))
            among = among - lengthy
        held.update(*map(words_of, among))
    return held


def folded_words(text: str) -> list[str]:
    """As FTS5 cuts `plain` into words."""
    return _WORD.findall(folded(text).translate(_PASSED_OVER))


@lru_cache(_MOST_REMEMBERED)
def _words_of(piece: str) -> frozenset[str]:
    bare = (FOLDED_MARK + word for word in folded_words(piece))
    return frozenset((*_WORD.findall(as_written(piece)), *_WORD.findall(one_spelling(piece)), *bare))


@lru_cache(_MOST_REMEMBERED)
def _words_apart(piece: str) -> frozenset[str]:
    return frozenset(APART_MARK + word for word in folded_words(piece))
