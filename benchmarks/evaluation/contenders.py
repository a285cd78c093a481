"""Who is scored: this project with and without a learned frame, and other extractors with the options that suit them.

The others get the page's text already decoded, so that none fails on the charset. One that is not installed is reported
and passed over.
"""

import html
import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from archive.records import Article
from evaluation.corpus import Page
from evaluation.scoring import FIELDS, Found, fold
from scraper.extract import EXTRACTOR, extract, read
from scraper.extract.charset import decode
from scraper.extract.frame import Frame, Learner

Reader = Callable[[Page], Found]
_PEER_FIELDS = ("title", "body", "words", "refusals")
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|br|figure|figcaption|td|th)\b[^>]*>", re.I
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Contender:
    """`prepare` imports what it needs and gives the reader; it may look at all pages, as a crawl does before it derives
    again. A field outside `fields` is printed as a dash."""

    name: str
    version: str
    fields: tuple[str, ...]
    prepare: Callable[[list[Page]], Reader]


def ours() -> list[Contender]:
    release = version("susta-archive") if _installed("susta-archive") else "this tree"
    mark = f"{release}, {EXTRACTOR}"
    return [
        Contender("susta", mark, FIELDS, lambda _: read_ours),
        Contender("susta + frame", mark, FIELDS, with_learned_frame),
    ]


def peers() -> tuple[list[Contender], list[str]]:
    """The other extractors that can run here, and why the rest cannot."""
    known = (
        ("trafilatura", "trafilatura", (*_PEER_FIELDS, "byline", "date"), _trafilatura),
        ("newspaper4k", "newspaper", (*_PEER_FIELDS, "byline", "date"), _newspaper),
        ("readability-lxml", "readability", (*_PEER_FIELDS, "byline"), _readability),
        ("resiliparse", "resiliparse.extract.html2text", ("body", "words", "refusals"), _resiliparse),
    )
    found, absent = [], []
    for name, module, fields, prepare in known:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import_module(module)
            found.append(Contender(name, version(name), fields, prepare))
        except Exception as error:  # a peer that cannot even be imported must not stop the others
            absent.append(f"{name}: {type(error).__name__}: {error}")
    logging.disable(logging.WARNING)
    return found, absent


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def read_ours(page: Page, frame: Frame | None = None) -> Found:
    outcome = extract(page.body, page.url, page.content_type, frame or Frame())
    if not isinstance(outcome, Article):
        return Found(refused=True, reason=str(outcome.reason))
    return Found(
        title=outcome.title,
        body=outcome.body,
        byline=outcome.byline,
        role=outcome.byline_role,
        affiliation=outcome.affiliation,
        date=outcome.date,
        photos=tuple((photo.url, photo.caption) for photo in outcome.photos),
        attachments=tuple(attachment.url for attachment in outcome.attachments),
        tables=outcome.tables,
        digest=outcome.content_sha256,
    )


def learned_frame(pages: list[Page]) -> Frame:
    """What a crawl of these pages learns of the site's recurring parts."""
    learner = Learner()
    for page in pages:
        traits = read(page.body, page.url, page.content_type).traits()
        if traits is not None:
            learner.add(traits, Frame())
    return learner.frame(Frame(), alone=True) or Frame()


def with_learned_frame(pages: list[Page]) -> Reader:
    groups = sorted({page.group for page in pages if page.learns})
    frames = {name: learned_frame([page for page in pages if page.group == name]) for name in groups}
    return lambda page: read_ours(page, frames.get(page.group))


def _text(page: Page) -> str:
    return decode(page.body, page.content_type)[0]


def _found(title: Any, body: list[str], byline: Any = None, date: Any = None) -> Found:
    """What a peer gives; no text at all is its way of refusing."""
    lines = tuple(filter(None, map(fold, body)))
    name = fold(str(byline)) if byline else None
    return Found(refused=not lines, title=str(title or "") or None, body=lines, byline=name or None, date=date or None)


def _trafilatura(_: list[Page]) -> Reader:
    from trafilatura import bare_extraction

    def run(page: Page) -> Found:
        got: Any = bare_extraction(
            _text(page), url=page.url, with_metadata=True, include_comments=False, include_tables=False
        )
        if got is None:
            return Found(refused=True)
        return _found(got.title, (got.text or "").splitlines(), got.author, got.date)

    return run


def _newspaper(_: list[Page]) -> Reader:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import newspaper

    def run(page: Page) -> Found:
        article = newspaper.Article(page.url, language="vi", fetch_images=False)
        article.download(input_html=_text(page))
        article.parse()
        day = article.publish_date.date().isoformat() if article.publish_date else None
        return _found(article.title, article.text.splitlines(), ", ".join(article.authors), day)

    return run


def _readability(_: list[Page]) -> Reader:
    from readability import Document

    def run(page: Page) -> Found:
        document = Document(_text(page))
        author = document.author()
        parted = _BLOCK.sub("\x00", document.summary().replace("\n", " "))
        lines = html.unescape(_TAG.sub("", parted)).split("\x00")
        return _found(document.short_title(), lines, None if author.startswith("[no-") else author)

    return run


def _resiliparse(_: list[Page]) -> Reader:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def run(page: Page) -> Found:
        tree = HTMLTree.parse(_text(page))
        text = extract_plain_text(
            tree, main_content=True, alt_texts=False, links=False, form_fields=False, list_bullets=False
        )
        return _found(None, text.splitlines())

    return run
