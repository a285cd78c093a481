"""The full-text index of the articles' newest revisions, `articles_fts`: written at the end of each transaction, once
an article. Searching is in `query.py`.

FTS5 writes out all it was told at the next statement that may be undone alone; told at the end, it writes once.
"""

from functools import partial

from archive.records import Article
from archive.store import Store
from archive.vietnamese import without_marks


def index(store: Store, article_id: int, article: Article) -> None:
    """Has an article found by what it says now."""
    store.before_commit(("index", article_id), partial(_write, store, article_id, article))


def _write(store: Store, article_id: int, article: Article) -> None:
    """Nothing for an article that was taken away meanwhile."""
    if not store.one("SELECT 1 FROM articles WHERE id = ?", article_id):
        return
    store.db.execute("DELETE FROM articles_fts WHERE rowid = ?", (article_id,))
    store.db.execute(
        "INSERT INTO articles_fts (rowid, title, body, captions, byline, plain) VALUES (?, ?, ?, ?, ?, ?)",
        (article_id, *indexed_texts(article)),
    )


def indexed_texts(article: Article) -> tuple[str, str, str, str, str]:
    """Full text (title, body, captions, byline, plain): the words as written, and once more without marks for words
    typed without them."""
    body = "\n".join(article.body)
    cells = "\n".join(" ".join(row) for table in article.tables for row in table)
    captions = "\n".join(photo.caption for photo in article.photos if photo.caption)
    byline = " ".join(filter(None, (article.byline, article.affiliation)))
    spoken = "\n".join(filter(None, (body, cells)))
    return article.title, spoken, captions, byline, without_marks("\n".join((article.title, spoken, captions, byline)))
