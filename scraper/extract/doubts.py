"""What makes a record worth a person's look: signs on the page or in the record that a rule may have erred. Pure.

A doubt changes nothing in the record; it is kept with it, and `susta review` lists the worst first.
"""

import re

from archive.records import Article, Doubt
from scraper.extract import vocabulary as words
from scraper.extract.byline import is_signature
from scraper.extract.frame import Frame
from scraper.extract.lines import Line
from scraper.extract.names import are_persons
from scraper.extract.region import Region
from scraper.extract.text import key
from scraper.urls import site_id_of

_SURE = 0.9
_THIN = 60  # characters
_LINKED_LINES = 3
# UTF-8 read as Windows-1252 and encoded again: what Vietnamese letters become.
_GARBLED = re.compile("á[º»][\u0080-\u00bf\u0152-\u2122]|Ä\u2018|Ä\u0090|Æ°|Æ¡|Ã[\u0080-\u00bf]")


def find_doubts(article: Article, lines: tuple[Line, ...], region: Region, frame: Frame) -> tuple[Doubt, ...]:
    """The doubts about a record just read. `lines` are those of the article; `frame` is what was known of the
    site's."""
    body = article.body
    length = sum(map(len, body))
    bare = not (article.photos or article.tables or article.attachments)
    linked = sum(1 for line in lines if line.linked > 0.9 and any(site_id_of(link.href) for link in line.links))
    text = f"{article.title} {' '.join(body)}"
    found = {
        Doubt.TITLE_UNSURE: region.title.confidence < _SURE,
        Doubt.NO_COUNTER: not region.counted,
        Doubt.END_UNSURE: (region.ended_by == "page-end" and not frame) or region.is_below,
        Doubt.BODY_SECOND: article.reasons["body"].rule == "second-opinion",
        Doubt.FRAME_IN_BODY: any(_is_worded_like_frame(entry) for entry in body if len(entry) <= 60),
        Doubt.RECURS: bool(frame.inside) and any(key(entry) in frame.inside for entry in body if len(entry) <= 400),
        Doubt.NAME_IN_BODY: article.byline is None and _ends_with_name(body, lines),
        Doubt.LINKS_IN_BODY: linked >= _LINKED_LINES,
        Doubt.THIN_BODY: bare and length < _THIN,
        Doubt.BYLINE_UNSURE: article.byline is not None and article.reasons["byline"].confidence < _SURE,
        Doubt.DATE_UNSURE: article.date is not None and article.reasons["date"].confidence < _SURE,
        Doubt.CAPTION_UNSURE: any(
            reason.confidence < 0.7 for name, reason in article.reasons.items() if name.startswith("photos.")
        ),
        Doubt.LETTERS_LOST: "\ufffd" in text,
        Doubt.LETTERS_GARBLED: _GARBLED.search(text) is not None,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _ends_with_name(body: tuple[str, ...], lines: tuple[Line, ...]) -> bool:
    """Whether one of a body's last lines is a name that no head of a signature stands above."""
    return len(body) > 1 and any(map(are_persons, body[-3:])) and not any(map(is_signature, lines[-8:]))


def _is_worded_like_frame(text: str) -> bool:
    return (
        words.is_control(text)
        or words.STATISTICS.match(text) is not None
        or words.is_banner(text)
        or words.is_notice(text)
        or (words.is_site_heading(text))
    )
