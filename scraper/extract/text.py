"""Text as a reader sees it, and only that: what is folded, what is dropped, what stays. Pure.

Folded: runs of white space and NBSP to one space. Dropped: zero-width characters and soft hyphens. Composed: NFC.
Everything else stays as written: spelling, tone placement, glued words (design: "spelling and spacing errors kept").
"""

import re
import unicodedata
from functools import lru_cache

from archive.vietnamese import without_marks

_DROPPED = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_WHITE = re.compile(r"[\s\u00a0\u0085\u180e]+")
_WORDS = re.compile(r"[^0-9a-z]+")


def clean(text: str) -> str:
    """`text` on one line, ready to be kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    return _WHITE.sub(" ", text).strip()


@lru_cache(maxsize=1 << 14)  # the frame's lines come again on every page
def key(text: str) -> str:
    """`text` for comparing wording only: bare lower-case letters and digits, words set apart by one space."""
    return _WORDS.sub(" ", without_marks(text).lower()).strip()


@lru_cache(maxsize=1 << 14)
def masked(text: str) -> str:
    """`key` with digits masked, so that a counter equals itself at the next visit."""
    return re.sub(r"\d+( \d+)*", "#", key(text))


def is_capitals(text: str) -> bool:
    """Whether the letters of `text` are nearly all capitals."""
    if text[1:12].islower():
        return False
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and sum(character.isupper() for character in letters) >= 0.9 * len(letters)
