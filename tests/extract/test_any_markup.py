"""One article in any markup is one record: articles and markups drawn by chance, one test a field.

The markup is put together by tests/extract/composer, which shares nothing with the extractor. What a careful reader of
a page could not tell either is not drawn; composer/strategies.py and composer/style.py say what that is.
"""

import os
from typing import Any
from urllib.parse import unquote

import pytest
from composer.article import Written, digest, record
from composer.others import OTHERS, serve_other
from composer.page import serve
from composer.strategies import articles
from composer.style import NAMED, Style, styles
from hypothesis import HealthCheck, given, settings

from archive.records import Article, Refusal
from scraper.extract import extract

settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("chance", settings.get_profile("ci"), derandomize=False, max_examples=2_000)
# The same examples each time: a change is not refused for a fault it did not make. SUSTA_CHANCE=1 looks for new ones.
PROFILE = settings.get_profile("chance" if os.environ.get("SUSTA_CHANCE") else "ci")
any_page = given(article=articles(), style=styles())


def read(article: Written, style: Style) -> Article:
    served = serve(article, style)
    outcome = extract(served.content, served.url, served.content_type)
    assert isinstance(outcome, Article), outcome
    return outcome


def plain(address: str) -> str:
    """An address with its letters as letters: either spelling leads to the same file."""
    return unquote(address)


def photos_of(wanted: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(plain(one["url"]), one["caption"]) for one in wanted["photos"]]


@any_page
@PROFILE
def test_title(article: Written, style: Style) -> None:
    assert read(article, style).title == record(article)["title"]


@any_page
@PROFILE
def test_address_and_counter(article: Written, style: Style) -> None:
    got, wanted = read(article, style), record(article)
    assert (got.url, got.site_id, got.category) == (wanted["url"], wanted["site_id"], wanted["category"])
    assert got.views == wanted["views"]


@any_page
@PROFILE
def test_body(article: Written, style: Style) -> None:
    assert list(read(article, style).body) == record(article)["body"]


@any_page
@PROFILE
def test_byline(article: Written, style: Style) -> None:
    got, wanted = read(article, style), record(article)
    assert (got.byline, got.byline_role) == (wanted["byline"], wanted["byline_role"])


@any_page
@PROFILE
def test_affiliation(article: Written, style: Style) -> None:
    assert read(article, style).affiliation == record(article)["affiliation"]


@any_page
@PROFILE
def test_date(article: Written, style: Style) -> None:
    got, wanted = read(article, style), record(article)
    assert (got.date, got.date_kind) == (wanted["date"], wanted["date_kind"])


@any_page
@PROFILE
def test_photos_with_their_captions(article: Written, style: Style) -> None:
    assert [(plain(one.url), one.caption) for one in read(article, style).photos] == photos_of(record(article))


@any_page
@PROFILE
def test_attachments(article: Written, style: Style) -> None:
    got = [(plain(one.url), one.label, one.media_type) for one in read(article, style).attachments]
    wanted = record(article)["attachments"]
    assert got == [(plain(one["url"]), one["label"], one["media_type"]) for one in wanted]


@any_page
@PROFILE
def test_tables(article: Written, style: Style) -> None:
    got = [[list(row) for row in rows] for rows in read(article, style).tables]
    assert got == [one["rows"] for one in record(article)["tables"]]


@any_page
@PROFILE
def test_kicker(article: Written, style: Style) -> None:
    if article.kicker:
        assert read(article, style).kicker == article.kicker


@given(article=articles(), first=styles(), second=styles())
@PROFILE
def test_the_same_digest_in_two_markups(article: Written, first: Style, second: Style) -> None:
    found = {read(article, first).content_sha256, read(article, second).content_sha256}
    assert found == {digest(record(article))}


@pytest.mark.parametrize("kind", OTHERS)
@given(style=styles())
@settings(PROFILE, max_examples=25)
def test_no_other_page_is_an_article(kind: str, style: Style) -> None:
    served = serve_other(kind, style)
    assert isinstance(extract(served.content, served.url, served.content_type), Refusal)


def test_the_named_markups_are_unlike_each_other() -> None:
    assert len(NAMED) >= 8
    for name, style in NAMED.items():
        for other, unlike in NAMED.items():
            if name < other:
                differ = sum(value != getattr(unlike, key) for key, value in vars(style).items())
                assert differ >= 8, (name, other)
