"""The pages that extraction is scored on, each with its truth, and one digest over all of them.

The pinned part is the demo site in each of its markups and the folders of `tests/pages`: both are in the repository, so
a clone that stands alone scores the same pages. Demo pages are made without a server; nothing of the machine, port or
clock is in their bytes. Sample pages beside the repository are scored too when they are there, but never pinned.
"""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scraper.demo import MARKUPS, ExpectedArticle
from scraper.demo.editions import Library
from scraper.demo.pages import Pages, Visit

ROOT = Path(__file__).resolve().parents[2]
HOST = "susta.example"
ARTICLES = 40  # in each markup of the demo site
OTHER_PATHS = ("/", "/tim-kiem", "/dang-nhap", "/binh-chon", "/lien-he", "/thu-vien-anh", "/khong-co-trang-nay-99999")
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Truth:
    """The record that must come out of a page. `optional_lines` may stand in the body or not; `other_words` are the
    article's own too, but no part of the record that is scored."""

    title: str
    body: tuple[str, ...]
    byline: str | None = None
    byline_role: str | None = None
    affiliation: str | None = None
    date: str | None = None
    dates_also_right: tuple[str, ...] = ()
    photos: tuple[tuple[str, str | None], ...] = ()
    attachments: tuple[str, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    optional_lines: tuple[str, ...] = ()
    other_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the corpus. `truth` is None where no article may come out; `reasons` then are those a refusal may
    give, any where there is none. `same_as` joins pages that hold one article in several markups."""

    name: str
    group: str
    url: str
    content_type: str | None
    body: bytes
    truth: Truth | None
    reasons: tuple[str, ...] = ()
    same_as: str | None = None
    learns: bool = False


def demo_pages(articles: int = ARTICLES) -> list[Page]:
    """Every article of the demo site in each markup, and its pages that are no articles."""
    pages = []
    for markup in MARKUPS:
        edition = Library(articles).edition(1)
        site = Pages(edition, markup, HOST)
        truths = {truth.path: truth for truth in edition.expected()}
        categories = sorted({truth.category for truth in truths.values()})
        others = [*OTHER_PATHS, *(f"/{name}" for name in categories), f"/{categories[0]}?page=2"]
        for number, target in enumerate([*truths, *others], start=1):
            path, _, query = target.partition("?")
            asked = dict([query.split("=")]) if query else {}
            reply = site.answer(Visit(path, asked, f"http://{HOST}", number))
            truth = truths.get(target)
            known = _demo_truth(truth) if truth else None
            same = str(truth.site_id) if truth else None
            url = f"http://{HOST}{target}"
            name = f"demo-{markup}{target}"
            pages.append(Page(name, markup, url, reply.media_type, reply.body, known, same_as=same, learns=True))
    return pages


def _demo_truth(truth: ExpectedArticle) -> Truth:
    """A posting day is known to listings only; the page itself must give none."""
    return Truth(
        title=truth.title,
        body=truth.body,
        byline=truth.byline,
        byline_role=truth.byline_role,
        affiliation=truth.affiliation,
        date=truth.date if truth.date_kind == "dateline" else None,
        dates_also_right=truth.dates_also_right,
        photos=tuple((f"http://{HOST}{path}", caption) for path, caption in truth.photos),
        attachments=tuple(f"http://{HOST}{path}" for path, _ in truth.attachments),
        tables=truth.tables,
        optional_lines=truth.optional_lines,
        other_words=tuple(label for _, label in truth.attachments),
    )


def golden_pages(folder: Path = ROOT / "tests" / "pages") -> list[Page]:
    """The folders NN-name with page.html, expected.json and about.toml."""
    pages = []
    for about_file in sorted(folder.glob("*/about.toml")):
        about = tomllib.loads(about_file.read_text(encoding="utf-8"))
        expected = json.loads((about_file.parent / "expected.json").read_text(encoding="utf-8"))
        refusal = tuple(expected.get("refusal") or ())
        pages.append(
            Page(
                name=f"pages/{about_file.parent.name}",
                group=f"pages/{about.get('markup', 'other').partition(',')[0]}",
                url=about["url"],
                content_type=about.get("content_type"),
                body=(about_file.parent / "page.html").read_bytes(),
                truth=None if refusal else truth_of(expected),
                reasons=refusal,
            )
        )
    return pages


def sample_pages(folder: Path = ROOT.parent / "shared" / "samples") -> list[Page]:
    """The sample pages beside the repository; none in a clone that stands alone."""
    pages = []
    for expected_file in sorted(folder.glob("*/expected.json")):
        expected = json.loads(expected_file.read_text(encoding="utf-8"))
        body = (expected_file.parent / "page.html").read_bytes()
        name = f"samples/{expected_file.parent.name}"
        pages.append(Page(name, "samples", expected["url"], HTML, body, truth_of(expected)))
    return pages


def truth_of(expected: dict[str, Any]) -> Truth:
    """The truth in a record's JSON form."""
    photos = expected.get("photos") or []
    attachments = expected.get("attachments") or []
    tables = [table.get("rows") or [] for table in expected.get("tables") or []]
    return Truth(
        title=expected["title"],
        body=tuple(expected.get("body") or ()),
        byline=expected.get("byline"),
        byline_role=expected.get("byline_role"),
        affiliation=expected.get("affiliation"),
        date=expected.get("date"),
        dates_also_right=tuple(expected.get("dates_also_right") or ()),
        photos=tuple((photo["url"], photo.get("caption") or None) for photo in photos),
        attachments=tuple(each["url"] for each in attachments),
        tables=tuple(tuple(tuple(row) for row in rows) for rows in tables),
        optional_lines=tuple(expected.get("may_be_left_out_or_in") or ()),
        other_words=tuple(each.get("label") or "" for each in attachments),
    )


def corpus_sha256(pages: list[Page]) -> str:
    """Digest of all bytes and truths in order: the same on every machine, another when anything scored changes."""
    digest = hashlib.sha256()
    for page in pages:
        truth = asdict(page.truth) if page.truth else {"refusal": page.reasons}
        said = json.dumps([page.name, page.group, page.url, page.content_type, truth], ensure_ascii=False)
        for part in (said.encode(), page.body):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
