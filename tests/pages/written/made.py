"""What a hand-written page is, and the filling that the point of a page does not depend on."""

from dataclasses import dataclass, field
from typing import Any

from composer import stock
from composer.article import Block, Paragraph, Written


@dataclass(frozen=True)
class Page:
    """`extra` goes into expected.json as it is; `changes` are choices in which the page departs from its markup."""

    name: str
    shows: str
    article: Written
    markup: str
    changes: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    content_type: str | None = None


@dataclass(frozen=True)
class NoArticle:
    """A page that must be refused; `reasons` are those that would be right."""

    name: str
    shows: str
    kind: str
    markup: str
    reasons: tuple[str, ...]
    changes: dict[str, Any] = field(default_factory=dict)


# Paragraphs as long as those of real articles: two or three sentences each.
LONG = tuple(" ".join(stock.PROSE[n : n + 2]) for n in range(0, len(stock.PROSE), 2))


def fill(start: int, count: int = 3) -> list[Block]:
    """Running text without anything special in it."""
    return [Paragraph(LONG[(start + n) % len(LONG)]) for n in range(count)]


def written(number: int, title: str, *blocks: Block, category: str = "", **said: Any) -> Written:
    """An article numbered `number`, in a category that follows from it unless one is named."""
    return Written(
        site_id=20_000 + number * 37,
        category=category or stock.CATEGORIES[number % len(stock.CATEGORIES)],
        title=title,
        blocks=tuple(blocks),
        views=300 + number * 13,
        **said,
    )
