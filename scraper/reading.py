"""What a stored response says, read with what is known of its site: the same for a crawl, a rebuild and an inspection.

Nothing here asks a clock, the network or a database, so readings can be made by any process, in any order.
"""

import hashlib
from dataclasses import dataclass, replace

from archive.records import Article, Refusal, RefusalReason
from archive.warc import StoredExchange, media_type
from scraper.absent import Absent
from scraper.challenge import CHALLENGE_STATUSES, challenge_in, is_looked_at
from scraper.config import Config
from scraper.content import decode_content
from scraper.directives import read_directives
from scraper.extract import Reading, read, with_second_opinion
from scraper.extract.frame import Frame

# Refusals that a frame may have caused; such a page is read once more without it.
_FRAME_MAY_BE_WRONG = (
    RefusalReason.NO_TITLE,
    RefusalReason.NO_BODY,
    RefusalReason.NO_ARTICLE_MARKS,
    RefusalReason.FORM,
    RefusalReason.EMPTY_SHELL,
    RefusalReason.NOT_FOUND,
)
_ONE_IN = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A page to be read, with the site's frame and what the site is known to say where there is nothing. `traits`:
    whether what the page lends to learning the frame is wanted too."""

    stored: StoredExchange
    frame: Frame
    absent: Absent
    traits: bool = False

    def answer(self, config: Config) -> Reading:
        """The reading, page and all."""
        return read_stored(self.stored, self.frame, config, self.absent)


class Readers:
    """Who makes readings: here, one at a time, when they are needed. `ahead` is how many may be asked for beforehand,
    `epoch` how often what was asked for became useless."""

    ahead = 0
    epoch = 0

    def __init__(self, config: Config) -> None:
        self._config = config

    def ask(self, question: Question) -> None:
        """Says that this will be asked for soon."""

    def read(self, question: Question) -> Reading:
        """The reading of a page."""
        return question.answer(self._config)

    def forget(self) -> None:
        """Says that a frame, or what a site says where there is nothing, has changed."""
        self.epoch += 1

    def close(self) -> None:
        """Lets go of what it takes to read."""


def read_stored(stored: StoredExchange, frame: Frame, config: Config, absent: Absent | None = None) -> Reading:
    """What a stored response says, read with a site's frame.

    `absent` is what the site is known to say where there is nothing.
    """
    capture = stored.capture
    if stored.refers_to and not capture.payload_sha256:
        return Reading(Refusal(capture.url, RefusalReason.UNDECODABLE, "the capture it refers to is not here"))
    whole = capture.status == 200 or (capture.status == 304 and stored.refers_to is not None)
    if not whole and capture.status not in CHALLENGE_STATUSES:
        return Reading(Refusal(capture.url, RefusalReason.HTTP_STATUS, str(capture.status)))
    content_type, coding = stored.header("content-type"), stored.header("content-encoding")
    markup = media_type(content_type) in ("", "text/html", "application/xhtml+xml")
    decoded = decode_content(stored.body, coding, config.page_limit, cut=capture.truncated, is_text=markup)
    if not whole:
        mark = challenge_in(None, decoded.body, capture.url, stored.headers)
        refused = (RefusalReason.CHALLENGE, mark) if mark else (RefusalReason.HTTP_STATUS, str(capture.status))
        return Reading(Refusal(capture.url, *refused))
    if decoded.problem:
        return Reading(Refusal(capture.url, RefusalReason.UNDECODABLE, decoded.problem))
    profile = config.profile.selectors
    reading = read(decoded.body, capture.url, content_type, frame, profile)
    if frame and isinstance(reading.outcome, Refusal) and reading.outcome.reason in _FRAME_MAY_BE_WRONG:
        reading = read(decoded.body, capture.url, content_type, Frame(), profile)
    if capture.status == 304 and isinstance(reading.outcome, Article):
        reading = replace(reading, outcome=replace(reading.outcome, views=None))  # the counter was not seen again
    if is_looked_at(reading.outcome) and (mark := challenge_in(reading, decoded.body, capture.url, stored.headers)):
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.CHALLENGE, mark))
    outcome = reading.outcome
    if absent and (
        absent.is_like(outcome) if isinstance(outcome, Article) else absent.is_shown_by(reading, capture.url)
    ):
        detail = "as for an address that cannot exist"
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.NOT_FOUND, detail))
    if (capture.truncated or decoded.cut) and isinstance(reading.outcome, Article):
        return replace(reading, outcome=Refusal(capture.url, RefusalReason.TRUNCATED))
    if config.crawl.obey_noarchive and isinstance(reading.outcome, Article):
        said = read_directives(reading.page, stored.headers).noarchive
        if said:
            return replace(reading, outcome=Refusal(capture.url, RefusalReason.NOARCHIVE, said))
    if isinstance(reading.outcome, Article) and (reading.outcome.doubts or _is_sampled(capture.url)):
        return with_second_opinion(reading)
    return reading


def _is_sampled(url: str) -> bool:
    """Whether a page is among those compared with a second opinion: one in so many, the same ones at every run."""
    return int(hashlib.sha256(url.encode()).hexdigest()[:8], 16) % _ONE_IN == 0
