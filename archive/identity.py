"""Whether an address that ends in a known article's number is that article. Pure, but for one query.

The number is the identity (site fact): a slug follows its title when that is edited, and one article may stand in two
categories. But two articles with one number, as a migration or an import can leave them, must not become one, or the
later would overwrite what is on record of the earlier. So the number alone is believed only where what is said agrees:
the same content, the same title, or a good part of the text; where there is hardly any text, a title much like it.
"""

import re

from archive.records import Article
from archive.store import Store
from archive.vietnamese import without_marks

_LEAST_WORDS = 40  # of both texts, for telling by them
_WORDS_TOGETHER = 4
_SAME_TEXT = 0.3  # the share of the shorter text that the other has
_SAME_TITLE = 0.6  # the share of the words of both titles that both have


def of_number(store: Store, article: Article) -> tuple[int, str] | None:
    """(id, address) of the article on record with the same number that a page is; None where there is none. Older
    addresses (`.html`) have numbers of another kind."""
    rows = store.db.execute(
        "SELECT id, url, content_sha256, title, body FROM articles"
        " WHERE site = ? AND site_id = ? AND url NOT LIKE '%.htm%' ORDER BY id",
        (article.site, article.site_id),
    ).fetchall()
    body = "\n".join(article.body)
    for article_id, url, content_sha256, title, text in rows:
        if content_sha256 == article.content_sha256 or is_same(title, text, article.title, body):
            return article_id, url
    return None


def shares_number(store: Store, article: Article, article_id: int | None) -> bool:
    """Whether another article on record has the number of this one; `article_id` is its own id, once it has one."""
    row = store.one(
        "SELECT 1 FROM articles WHERE site = ? AND site_id = ? AND url NOT LIKE '%.htm%' AND id IS NOT ? LIMIT 1",
        article.site,
        article.site_id,
        article_id,
    )
    return row is not None and ".htm" not in article.url.lower()


def is_same(title: str, body: str, other_title: str, other_body: str) -> bool:
    """Whether two records with one number are of one article, by what they say."""
    words, other_words = _words(title), _words(other_title)
    if words == other_words:
        return True
    text, other_text = _words(body), _words(other_body)
    if min(len(text), len(other_text)) >= _LEAST_WORDS:
        runs, other_runs = _runs(text), _runs(other_text)
        return len(runs & other_runs) >= _SAME_TEXT * min(len(runs), len(other_runs))
    either = set(words) | set(other_words)
    return len(set(words) & set(other_words)) >= _SAME_TITLE * len(either)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", without_marks(text).casefold())


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + _WORDS_TOGETHER]) for at in range(len(words) - _WORDS_TOGETHER + 1))
