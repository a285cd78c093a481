"""The articles of one demo site, in its two editions.

Edition 1 is the site at a first visit. Edition 2 is the same site at a later one: three articles edited (a sentence,
a title, a caption), five new ones on top, two gone.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace

from scraper.demo.article import Article, ExpectedArticle, Paragraph, Photo, truth
from scraper.demo.compose import SAME_TITLE, compose

EDITIONS = (1, 2)
NEW_ARTICLES = 5
NEW_SENTENCE_END = ", theo số liệu được ban biên tập cập nhật sau."
NEW_CAPTION_END = " (ban biên tập chú thích lại)"
NEW_TITLE_START = "Nhìn lại: "


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that is reachable at one visit."""

    articles: tuple[Article, ...]
    """Newest first."""
    by_path: dict[str, Article]
    former_paths: dict[int, tuple[str, ...]]

    def expected(self) -> list[ExpectedArticle]:
        return [truth(article, self.former_paths.get(article.site_id, ())) for article in self.articles]


class Library:
    def __init__(self, count: int) -> None:
        if count < 1:
            raise ValueError("a demo site needs at least one article")
        self.count = count
        self._all: list[Article] = []
        titles: set[str] = set()
        for number in range(count + NEW_ARTICLES):
            article = compose(number, titles)
            titles.add(article.title)
            self._all.append(article)
        self._editions: dict[int, Edition] = {}

    def edition(self, number: int) -> Edition:
        if number not in EDITIONS:
            raise ValueError(f"the demo site has editions {EDITIONS}, not {number}")
        if number not in self._editions:
            self._editions[number] = make_edition(self._all[: self.count], {}) if number == 1 else self._second()
        return self._editions[number]

    def _second(self) -> Edition:
        old = self._all[: self.count]
        newest_first = old[::-1]
        edits: dict[int, Article] = {}
        retitled = first(newest_first, edits, can_be_retitled)
        if retitled:
            edits[retitled.number] = compose(retitled.number, frozenset(), new_title=NEW_TITLE_START + retitled.title)
        reworded = first(newest_first, edits, has_prose)
        if reworded:
            edits[reworded.number] = with_changed_sentence(reworded)
        recaptioned = first(newest_first, edits, has_caption)
        if recaptioned:
            edits[recaptioned.number] = with_new_caption(recaptioned)
        gone: list[int] = []
        for _ in range(2 if self.count >= 8 else 0):
            unlucky = first(newest_first, {*edits, *gone}, is_plain)
            if unlucky:
                gone.append(unlucky.number)
        kept = [edits.get(article.number, article) for article in old if article.number not in gone]
        former = {retitled.site_id: retitled.paths} if retitled else {}
        return make_edition(kept + self._all[self.count :], former)


def make_edition(oldest_first: list[Article], former_paths: dict[int, tuple[str, ...]]) -> Edition:
    by_path = {path: article for article in oldest_first for path in article.paths}
    for article in oldest_first:
        by_path.update(dict.fromkeys(former_paths.get(article.site_id, ()), article))
    return Edition(tuple(reversed(oldest_first)), by_path, former_paths)


def first(articles: Iterable[Article], taken: Container[int], wanted: Callable[[Article], bool]) -> Article | None:
    return next((article for article in articles if article.number not in taken and wanted(article)), None)


def is_plain(article: Article) -> bool:
    """Neither of the pair with one title nor under two categories, so that an edit shows one change only."""
    return len(article.categories) == 1 and article.number not in {*SAME_TITLE, *SAME_TITLE.values()}


def can_be_retitled(article: Article) -> bool:
    return is_plain(article) and article.title_form in {"same", "capitals", "none"} and has_prose(article)


def has_prose(article: Article) -> bool:
    return is_plain(article) and sum(isinstance(piece, Paragraph) for piece in article.pieces) > 4


def has_caption(article: Article) -> bool:
    return is_plain(article) and any(photo.caption for photo in article.photos)


def with_changed_sentence(article: Article) -> Article:
    place = max(place for place, piece in enumerate(article.pieces) if isinstance(piece, Paragraph))
    paragraph = article.pieces[place]
    assert isinstance(paragraph, Paragraph)
    changed = replace(paragraph, text=paragraph.text.removesuffix(".") + NEW_SENTENCE_END)
    return replace(article, pieces=(*article.pieces[:place], changed, *article.pieces[place + 1 :]))


def with_new_caption(article: Article) -> Article:
    place = next(place for place, piece in enumerate(article.pieces) if isinstance(piece, Photo) and piece.caption)
    photo = article.pieces[place]
    assert isinstance(photo, Photo)
    assert photo.caption
    changed = replace(photo, caption=photo.caption.removesuffix(".") + NEW_CAPTION_END)
    return replace(article, pieces=(*article.pieces[:place], changed, *article.pieces[place + 1 :]))
