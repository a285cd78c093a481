"""What a site says where there is nothing: learned by asking for an address that cannot exist. Pure.

Many sites answer status 200, or redirect to the home page, for any address. A run asks each start host once for an
address in the form of an article's; what comes is kept (`not_found_pages`), and whatever later says the same, or leads
to the same place, is no article. Compared is the text that the probe reads as, never the page around it, so that a
short article in the same frame is not mistaken for it.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from archive.records import Article
from scraper.extract.text import key

_ENOUGH = 0.8  # the share of letters in lines that both have; a line may echo the address asked for


@dataclass(frozen=True, slots=True)
class Absent:
    """What a site answers for an address that cannot exist: where it redirects, or the lines of what it says."""

    target: str | None = None
    lines: frozenset[str] = frozenset()

    def is_like(self, article: Article) -> bool:
        """Whether a record says what the probe said."""
        if not self.lines:
            return False
        lines = lines_of(article)
        both = sum(map(len, lines & self.lines))
        return both >= _ENOUGH * max(sum(map(len, lines)), sum(map(len, self.lines))) > 0

    def to_json(self) -> str:
        return json.dumps(sorted(self.lines), ensure_ascii=False)


def lines_of(article: Article) -> frozenset[str]:
    """The lines of a record with numbers masked: clocks, counters and the number asked for differ."""
    texts = (article.title, *article.body, *(photo.caption or photo.url for photo in article.photos))
    return frozenset(re.sub(r"[0-9]+", "#", key(text)) for text in texts if text)


def probe_address(home: str, category: str, run: int) -> str:
    """An address of a host (`scheme://host`) in the form of an article's, that cannot exist; another at each run."""
    token = hashlib.sha256(f"{home} {run}".encode()).hexdigest()
    words = re.sub(r"[^a-f]", "", token)[:12] or "khong"
    return f"{home}/{category}/khong-co-trang-nay-{words}-{900_000_000 + int(token[:6], 16)}"


def absent_from_row(target: str | None, record: str | None) -> Absent:
    """What `not_found_pages` holds of a probe."""
    return Absent(target, frozenset(json.loads(record) if record else ()))
