"""Every article of the demo site, in each of its markups, against the truth it was made from: one test a field.

The demo site's renderers share no code and no vocabulary with the extractor (held by test_architecture).
"""

from collections.abc import Iterator
from functools import cache

import httpx
import pytest

from archive.records import Article
from scraper.demo import MARKUPS, DemoSite, ExpectedArticle
from scraper.extract import extract

HOST = "http://susta.example"
ARTICLES = 90


@cache
def outcomes(markup: str) -> list[tuple[ExpectedArticle, Article]]:
    """(truth, what was extracted without any frame) for each article of the site in one markup."""
    pairs = []
    with DemoSite(articles=ARTICLES, markup=markup) as site, httpx.Client() as client:
        for truth in site.expected():
            answer = client.get(site.base_url.rstrip("/") + truth.path, headers={"Host": "susta.example"})
            outcome = extract(answer.content, HOST + truth.path, answer.headers["content-type"])
            assert isinstance(outcome, Article), (truth.path, outcome)
            pairs.append((truth, outcome))
    return pairs


@pytest.fixture(params=MARKUPS)
def pairs(request: pytest.FixtureRequest) -> Iterator[list[tuple[ExpectedArticle, Article]]]:
    return outcomes(request.param)


def test_title(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    assert [got.title for _, got in pairs] == [truth.title for truth, _ in pairs]


def test_byline_with_role_and_affiliation(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        found = (got.byline, got.byline_role, got.affiliation)
        assert found == (truth.byline, truth.byline_role, truth.affiliation), truth.path


def test_dateline_right_or_none(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        own = truth.date if truth.date_kind == "dateline" else None  # posting days are known to listings only
        assert got.date == own or got.date in truth.dates_also_right, (truth.path, got.date_evidence)


def test_body_without_anything_else(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        free = set(truth.optional_lines)
        body = [line for line in got.body if line not in free]
        assert body == [line for line in truth.body if line not in free], truth.path


def test_photos_with_their_captions(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        assert [(p.url.removeprefix(HOST), p.caption) for p in got.photos] == list(truth.photos), truth.path


def test_attachments(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        assert [a.url.removeprefix(HOST) for a in got.attachments] == [path for path, _ in truth.attachments], (
            truth.path
        )


def test_tables(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        assert got.tables == truth.tables, truth.path


def test_counter_and_address(pairs: list[tuple[ExpectedArticle, Article]]) -> None:
    for truth, got in pairs:
        assert got.views is not None
        assert (got.site_id, got.category) == (truth.site_id, truth.category)


def test_the_record_does_not_depend_on_the_markup() -> None:
    digests: dict[int, set[str]] = {}
    for markup in MARKUPS:
        for truth, got in outcomes(markup):
            digests.setdefault(truth.site_id, set()).add(got.content_sha256)
    unlike = {number: len(found) for number, found in digests.items() if len(found) > 1}
    assert not unlike


@pytest.mark.parametrize("markup", MARKUPS)
def test_no_other_page_is_taken_for_an_article(markup: str) -> None:
    with DemoSite(articles=40, markup=markup) as site, httpx.Client(base_url=site.base_url) as client:
        categories = {truth.category for truth in site.expected()}
        paths = ["/", *(f"/{category}" for category in sorted(categories)), "/tim-kiem", "/dang-nhap", "/binh-chon"]
        paths += [f"/{sorted(categories)[0]}?page=2", "/khong-co-trang-nay-99999", "/lien-he", "/thu-vien-anh"]
        for path in paths:
            answer = client.get(path)
            outcome = extract(answer.content, HOST + path, answer.headers["content-type"])
            assert not isinstance(outcome, Article), (path, outcome)
