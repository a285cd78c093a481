"""Vietnamese words as they are compared: without marks, and in one spelling of several. One character for one
character, so that a place in what comes out is the same place in the NFC text.

Kept apart because the search index, the search words and the slug rule must fold alike. Unicode decomposition does all
vowels; đ and Đ have no decomposition, and ð/Ð stand for them in some old texts.

    text ─► without_marks   Kĩ thuật ─► Ki thuat
         ─► folded          Kĩ thuật ─► ky thuat     as the index holds it: what is typed without marks finds all
         ─► one_spelling    Kĩ thuật ─► kỹ thuật     with its marks: what is typed with marks comes first
"""

import re
import unicodedata

# Every letter of the Latin blocks that has marks; a table, since this runs over all text.
_BARE = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(unicodedata.normalize("NFD", chr(code))) > 1
} | {ord(letter): bare for letter, bare in zip("đĐðÐ", "dDdD", strict=True)}

# The tone stands on the first vowel of these pairs in the older way of writing, on the second in the newer one (hòa,
# hoà; khỏe, khoẻ; thủy, thuỷ); "tòan" and "họăc" are slips of early word processors.
_PAIRS = (("o", "a"), ("o", "ă"), ("o", "e"), ("u", "y"))
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NEWER = {
    unicodedata.normalize("NFC", first + tone + second): unicodedata.normalize("NFC", first + second + tone)
    for first, second in _PAIRS
    for tone in _TONES
}
_OLDER_PLACE = re.compile("|".join(_NEWER))
# i and y are written for each other where they are the whole rhyme after one of these letters (kĩ thuật, kỹ thuật), and
# after qu (quí, quý). Elsewhere they make other words: hai and hay, thúi and thúy, chi, di, vi.
_I, _Y = "iìíỉĩị", "yỳýỷỹỵ"
_EDGE, _END = r"(?<![^\W_])", r"(?![^\W_])"
_I_FOR_Y = re.compile(rf"{_EDGE}(?:[hklmst][{_I}]|qu[{_I}](?:t|nh|ch|n|p|u)?){_END}")
_TO_Y = str.maketrans(_I, _Y)


def without_marks(text: str) -> str:
    """`text` in NFC with each letter replaced by its bare form: same length as the NFC text, so offsets carry over."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_BARE)


def folded(text: str) -> str:
    """`text` as words are compared: without marks, in small letters, y for an i that may stand for it. Same length as
    the NFC text; whatever parts words is left as it is."""
    return _y_for_i(_small(without_marks(text)))


def one_spelling(text: str) -> str:
    """`text` in small letters with its marks, in the newer way of placing tones, with đ for ð and y for an i that may
    stand for it: two texts that differ in nothing but these are equal then. Same length as the NFC text."""
    small = as_written(text)
    return _y_for_i(_OLDER_PLACE.sub(lambda match: _NEWER[match[0]], small))


def as_written(text: str) -> str:
    """`text` in NFC and small letters, with đ for ð: the spelling that was chosen, and nothing else. Same length."""
    return _small(unicodedata.normalize("NFC", text)).replace("ð", "đ")


def has_marks(text: str) -> bool:
    """Whether a letter of the text has a mark."""
    return without_marks(text) != unicodedata.normalize("NFC", text)


def _y_for_i(small: str) -> str:
    return _I_FOR_Y.sub(lambda match: match[0].translate(_TO_Y), small)


def _small(text: str) -> str:
    """Small letters, one for one: İ alone would become two characters."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)
