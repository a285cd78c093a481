"""Schema 5: what search needs. The full text has the text of attached documents, spellings with their marks have an
index of their own, and filters find their rows without reading texts. The text is taken over from the old index; that
of documents follows at the end of the next run."""

from typing import TYPE_CHECKING

from archive.documents import Outcome
from archive.fulltext import write
from archive.migrating import each
from archive.tables import one_of

if TYPE_CHECKING:
    from sqlite_utils import Database

HAS_TABLE = """instr(blocks, '"kind": "table"') > 0"""  # as `revisions.article_columns` writes them

_TABLES = f"""
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, body, captions, byline, files, plain,
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIEW articles_marked AS SELECT id, NULL AS words FROM articles;
CREATE VIRTUAL TABLE articles_fts_marked USING fts5(
    words,
    content = 'articles_marked', content_rowid = 'id', columnsize = 0, detail = none,
    prefix = '3 4',
    tokenize = "unicode61 remove_diacritics 0"
);
CREATE TABLE attachment_texts (
    sha256 TEXT PRIMARY KEY,
    outcome TEXT NOT NULL {one_of("outcome", Outcome)},
    pages INTEGER,
    text TEXT NOT NULL,
    reader TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_filters ON articles(category, date);
CREATE INDEX articles_by_id ON articles(id, category, date);
CREATE INDEX articles_with_tables ON articles(id) WHERE {HAS_TABLE}
"""


def make_search(database: "Database") -> None:
    """Within the caller's transaction."""
    database.execute("ALTER TABLE articles_fts RENAME TO articles_fts_before")
    each(database, _TABLES)
    for article_id, *texts in database.execute("SELECT rowid, title, body, captions, byline FROM articles_fts_before"):
        title, body, captions, byline = texts
        write(database, article_id, (title, body, captions, byline, ""))
    database.execute("DROP TABLE articles_fts_before")
