"""Text as a reader sees it, and only that: what is folded, what is dropped, what stays. Pure.

Folded: runs of white space and NBSP to one space. Dropped: zero-width and control characters. Composed: NFC.
Repaired: the Icelandic ð and Ð where a Vietnamese đ was meant, which old fonts and typists confuse. Everything else
stays as written: spelling, tone placement, glued words (design: "spelling and spacing errors kept").
"""

import operator
import re
import unicodedata
from functools import lru_cache

from archive.vietnamese import bare_words, without_marks

# Zero-width characters, the soft hyphen, and control characters: nothing a reader sees. White space is folded later.
_DROPPED = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_UNSPLIT = "\u180e"  # white space in older Unicode, and to no one since
_MARK_BYTES = (b"\xcc", b"\xcd")
# Composing a letter under very many marks costs the square of their number; no letter has more than a few.
_MARKS = re.compile("([\u0300-\u036f]{16})[\u0300-\u036f]+")
_NUMBERS = re.compile(r"[0-9]+(?: [0-9]+)*")
_WORD = re.compile(r"[^\W\d_]+")
# What follows đ in a Vietnamese syllable, its marks taken off: vowels, then perhaps one of the eight endings.
_RHYME = re.compile(
    r"(?:a|e|i|o|u|y|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oe|oi|oo|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uye)"
    r"(?:c|ch|m|n|ng|nh|p|t)?"
)
_VIETNAMESE_LETTERS = frozenset("abcdefghiklmnopqrstuvxyăâđêôơư")
_VOWELS = frozenset("AEIOUY")
_LONGEST_INITIALS = 8
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def clean(text: str) -> str:
    """`text` on one line, ready to be kept."""
    if _DROPPED.search(text):
        text = _DROPPED.sub("", text)
    if not text.isascii():
        text = _MARKS.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text.replace(_UNSPLIT, " "))
        if "ð" in text or "Ð" in text:
            text = _WORD.sub(_with_d, text)
    return " ".join(text.split())


def is_composed(text: str) -> bool:
    """Whether a text of any length needs no letter composed or repaired, tags taken out of it or not: asked once a
    page."""
    if "ð" in text or "Ð" in text or not unicodedata.is_normalized("NFC", text):
        return False
    written = text.encode("utf-8", "surrogatepass")  # combining marks, U+0300 to U+036F, begin with one of two bytes
    return _MARK_BYTES[0] not in written and _MARK_BYTES[1] not in written


def clean_composed(text: str) -> str:
    """As `clean`, for a part of a text that `is_composed`, which most are."""
    if text.isprintable() and "  " not in text:  # no white space but single spaces
        return text.strip(" ")
    folded = " ".join(text.split())
    return folded if folded.isprintable() else clean(text)


def _with_d(match: re.Match[str]) -> str:
    """A word with ð as đ where all the rest of it is a Vietnamese syllable, or initials (`QÐ-UBND`, `Ð/c`); any other
    word as it is."""
    word = match[0]
    if "ð" not in word and "Ð" not in word:
        return word
    if word.isupper() and len(word) <= _LONGEST_INITIALS and _VOWELS.isdisjoint(without_marks(word)):
        return word.replace("Ð", "Đ")
    rest = word[1:].lower()
    toneless = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", rest)))
    if word[0] not in "ðÐ" or not _VIETNAMESE_LETTERS.issuperset(toneless):
        return word
    if not _RHYME.fullmatch(without_marks(rest)):
        return word
    return ("đ" if word[0] == "ð" else "Đ") + word[1:]


@lru_cache(maxsize=1 << 14)  # the frame's lines come again on every page
def key(text: str) -> str:
    """`text` for comparing wording only: bare lower-case letters and digits, words set apart by one space."""
    return bare_words(text)


@lru_cache(maxsize=1 << 14)
def masked(text: str) -> str:
    """`key` with digits masked, so that a counter equals itself at the next visit."""
    return _NUMBERS.sub("#", key(text))


@lru_cache(maxsize=1 << 12)
def is_capitals(text: str) -> bool:
    """Whether the letters of `text` are nearly all capitals."""
    if text[1:12].islower():
        return False
    most = 0.1 * len(text)
    if len(text) > 80 and _small_letters(text[: len(text) // 4]) > most:  # most prose is told by its opening
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= 4 and _small_letters(text) <= 0.1 * letters


def _small_letters(text: str) -> int:
    """How many letters would change as capitals: what has no case stays, as capitals do."""
    return sum(map(operator.ne, text, text.upper()))
