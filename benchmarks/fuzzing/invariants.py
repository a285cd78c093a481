"""What holds of the outcome of every page, whatever its bytes."""

import re
import signal
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from archive.records import Article, BlockKind, Refusal, RefusalReason, article_from_json
from scraper.extract import Reading, extract, read
from scraper.extract.bounds import bounded

# CPU time that a page may take: no page of the demo site needs a tenth of it.
SECONDS_A_PAGE = 0.1
SECONDS_A_BYTE = 9e-6
MOST_OVER = 6  # times the limit, for two readings and the checks: after that nothing is waited for
LARGEST_NUMBER = 2**63 - 1  # what SQLite can hold
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\u180e\x00-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ETH = str.maketrans("ðÐ", "đĐ")  # what extraction repairs


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: of which kind, alike on all pages, and the words of this page."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


@dataclass(frozen=True, slots=True)
class Input:
    """What extraction is given."""

    body: bytes
    url: str
    content_type: str | None


class TooSlowError(BaseException):
    """Not an `Exception`, so that extraction does not make a refusal of it."""


def violations(given: Input) -> list[Fault]:
    """What does not hold for this input; empty when all does. In the main thread only: a signal ends what takes too
    long."""
    limit = SECONDS_A_PAGE + SECONDS_A_BYTE * len(given.body)
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_OVER * limit)
    try:
        start = time.process_time()
        reading = read(given.body, given.url, given.content_type)
        seconds = time.process_time() - start
        start = time.process_time()
        again = extract(given.body, given.url, given.content_type)
        seconds = min(seconds, time.process_time() - start)
        found = [*_wrong_with(reading), *_not_in_the_tree(reading)]
    except TooSlowError:
        return [
            Fault("time", f"over {MOST_OVER * limit:.1f} s of CPU for {len(given.body)} bytes, limit {limit:.2f} s")
        ]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if again != reading.outcome:
        found.append(Fault("twice: the same bytes gave another outcome"))
    if seconds > limit:
        found.append(Fault("time", f"{seconds:.2f} s of CPU for {len(given.body)} bytes, limit {limit:.2f} s"))
    return found


def _stop(*_: object) -> None:
    raise TooSlowError


def _wrong_with(reading: Reading) -> Iterator[Fault]:
    outcome = reading.outcome
    if isinstance(outcome, Refusal):
        if outcome.reason is RefusalReason.EXTRACTOR_ERROR:
            name, _, detail = outcome.detail.partition(": ")
            yield Fault(f"crash: {name}", detail)
        yield from _text_faults("refusal detail", outcome.detail, kept=False)
        return
    yield from _wrong_texts(outcome)
    yield from _wrong_blocks(outcome)
    yield from _wrong_values(outcome)
    yield from _not_on_the_page(reading, outcome)
    try:
        if article_from_json(outcome.to_json()) != outcome:
            yield Fault("json: read back, the record is another")
        outcome.to_json().encode()
        len(outcome.content_sha256)
    except (ValueError, TypeError, KeyError) as error:
        yield Fault("json", f"{type(error).__name__}: {error}")


def _wrong_texts(article: Article) -> Iterator[Fault]:
    if not article.title:
        yield Fault("title: empty")
    texts = [("title", article.title), *(("body", text) for text in article.body)]
    texts += [("table", cell) for rows in article.tables for row in rows for cell in row]
    texts += [("caption", photo.caption) for photo in article.photos if photo.caption is not None]
    texts += [("photo credit", photo.credit) for photo in article.photos if photo.credit is not None]
    texts += [("label", attachment.label) for attachment in article.attachments]
    for name in ("kicker", "byline", "affiliation", "date_evidence", "notice"):
        value = getattr(article, name)
        if value is not None:
            texts.append((name, value))
            if not value:
                yield Fault(f"{name}: empty, which None should say")
    if any(photo.caption == "" for photo in article.photos):
        yield Fault("caption: empty, which None should say")
    for name, text in texts:
        yield from _text_faults(name, text)


@lru_cache(maxsize=1 << 14)
def _text_faults(name: str, text: str, *, kept: bool = True) -> tuple[Fault, ...]:
    found = []
    try:
        text.encode()
    except UnicodeEncodeError:
        found.append(Fault(f"{name}: not encodable", repr(text[:80])))
    if kept:
        if not unicodedata.is_normalized("NFC", text):
            found.append(Fault(f"{name}: not NFC", repr(text[:80])))
        if _ZERO_WIDTH.search(text):
            found.append(Fault(f"{name}: zero-width characters", repr(text[:80])))
        if any(unicodedata.category(letter) == "Cc" for letter in set(text)):
            found.append(Fault(f"{name}: control characters", repr(text[:80])))
        if text != " ".join(text.split()):
            found.append(Fault(f"{name}: white space not folded", repr(text[:80])))
    return tuple(found)


def _wrong_blocks(article: Article) -> Iterator[Fault]:
    shown = [block.photo for block in article.blocks if block.kind is BlockKind.PHOTO]
    if any(place is None or not 0 <= place < len(article.photos) for place in shown):
        yield Fault("blocks: not a photo of the article", f"{shown} of {len(article.photos)}")
    if len(set(shown)) < len(shown):
        yield Fault("blocks: a photo twice", str(shown))
    for block in article.blocks:
        if block.kind is not BlockKind.PHOTO and block.photo is not None:
            yield Fault("blocks: a photo in another kind of block", block.kind)
        if (block.kind is BlockKind.TABLE) != bool(block.rows):
            yield Fault("blocks: rows or none", block.kind)
        if (block.kind in (BlockKind.TABLE, BlockKind.PHOTO)) == bool(block.text):
            yield Fault("blocks: text or none", f"{block.kind}: {block.text[:60]!r}")


def _wrong_values(article: Article) -> Iterator[Fault]:
    if article.date is not None:
        try:
            if date.fromisoformat(article.date).isoformat() != article.date:
                yield Fault("date: not ISO", article.date)
        except ValueError:
            yield Fault("date: not ISO", article.date)
    given = {article.date is None, article.date_kind is None, article.date_evidence is None}
    if len(given) > 1:
        yield Fault("date: kind and evidence", f"{article.date}, {article.date_kind}, {article.date_evidence!r}")
    if (article.byline is None) != (article.byline_role is None):
        yield Fault("byline: role", f"{article.byline!r} with {article.byline_role!r}")
    for name in ("views", "site_id"):
        number = getattr(article, name)
        if number is not None and not 0 <= number <= LARGEST_NUMBER:
            yield Fault(f"{name}: out of range", str(number))
    addresses = [photo.url for photo in article.photos] + [attachment.url for attachment in article.attachments]
    for address in (article.url, *addresses):
        if not address or re.search(r"[\x00-\x20\x7f-\x9f]", address):
            yield Fault("address", repr(address[:100]))
        yield from _text_faults("address", address, kept=False)
    if any(not 0 <= reason.confidence <= 1 for reason in article.reasons.values()):
        yield Fault("reasons: a confidence outside 0 to 1")


def _not_on_the_page(reading: Reading, article: Article) -> Iterator[Fault]:
    """Texts of the record that the page does not say: invented, or put together from parts that do not follow."""
    if reading.page is None:
        yield Fault("page: an article without one")
        return
    if article.reasons["body"].rule == "second-opinion":
        return
    page = _squeezed(" ".join(line.text for line in reading.page.lines.lines))
    texts = [("body", text) for text in article.body]
    texts += [("caption", photo.caption) for photo in article.photos if photo.caption]
    texts += [("date_evidence", article.date_evidence)] if article.date_evidence else []
    for name, text in texts:
        if _squeezed(text) not in page:
            yield Fault(f"{name}: not on the page", repr(text[:80]))


def _not_in_the_tree(reading: Reading) -> Iterator[Fault]:
    """Lines with markup in them that the parsed page does not show as text: tags taken for words."""
    if reading.page is None:
        return
    doubtful = [line.text for line in reading.page.lines.lines if _MARKUP.search(line.text)]
    if not doubtful:
        return
    tree = LexborHTMLParser(bounded(reading.page.html))  # as deep as extraction read it
    tree.strip_tags(["script", "style", "iframe", "noembed", "noframes"])  # code parts no text that stands around it
    said = _squeezed(tree.body.text() if tree.body is not None else "")
    for text in doubtful:
        if any(_squeezed(piece) not in said for piece in _MARKUP.findall(text)):
            yield Fault("page: tags taken for text", repr(text[:80]))
            return


def _squeezed(text: str) -> str:
    text = _UNSEEN.sub("", text.translate(_ETH))
    return "".join(unicodedata.normalize("NFC", text).split())
