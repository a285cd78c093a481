"""Vietnamese words as they are compared: without marks, and in one spelling of several. One character for one
character, so that a place in what comes out is the same place in the NFC text.

Kept apart because the search index, the search words and the slug rule must fold alike. Unicode decomposition does all
vowels; đ and Đ have no decomposition, and ð/Ð stand for them in some old texts.

    text ─► without_marks   Kĩ thuật ─► Ki thuat
         ─► folded          Kĩ thuật ─► ky thuat     as the index holds it: what is typed without marks finds all
         ─► one_spelling    Kĩ thuật ─► kỹ thuật     with its marks: what is typed with marks comes first
"""

import codecs
import re
import unicodedata

# Every letter of the Latin blocks that has marks; a table, since this runs over all text.
_BARE = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(unicodedata.normalize("NFD", chr(code))) > 1
} | {ord(letter): bare for letter, bare in zip("đĐðÐ", "dDdD", strict=True)}

_TONES = "\u0300\u0301\u0303\u0309\u0323"
# Ordinary text as a character set of 256, each its own composed form: in bytes, what a character becomes is looked up
# in a tenth of the time that a table of characters takes. Text with any other character goes the longer way.
_LETTERS = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES))
_MARKED = "".join(letter for letter in f"{_LETTERS}đ" if not letter.isascii())
_OTHERS = "\u00a0“”‘’–—…•«»°ðÐ²³·×″′üöç"
_COMMON = "".join(("\0\t\n\r", *map(chr, range(0x20, 0x7F)), _MARKED, _MARKED.upper(), _OTHERS))
_BYTES = codecs.charmap_build(_COMMON)
_COMMON_BARE = _COMMON.translate(_BARE)
_COMMON_SMALL = _COMMON_BARE.lower()
_IN_WORDS = bytes(ord(small) if small.isascii() and small.isalnum() else ord(" ") for small in _COMMON_SMALL)
_NO_WORD = re.compile(r"[^0-9a-z]+")

# The tone stands on the first vowel of these pairs in the older way of writing, on the second in the newer one (hòa,
# hoà; khỏe, khoẻ; thủy, thuỷ); "tòan" and "họăc" are slips of early word processors.
_PAIRS = (("o", "a"), ("o", "ă"), ("o", "e"), ("u", "y"))
_NEWER = {
    unicodedata.normalize("NFC", first + tone + second): unicodedata.normalize("NFC", first + second + tone)
    for first, second in _PAIRS
    for tone in _TONES
}
_OLDER_PLACE = re.compile("|".join(_NEWER))
# i and y are written for each other where they are the whole rhyme after one of these letters (kĩ thuật, kỹ thuật), and
# after qu (quí, quý). Elsewhere they make other words: hai and hay, thúi and thúy, chi, di, vi.
_I, _Y = "iìíỉĩị", "yỳýỷỹỵ"
_EDGE, _END = r"(?<![^\W_]{})", r"(?![^\W_])"  # an edge so many characters before
# What is rare is looked for first, and then what stands before it.
_I_FOR_Y = re.compile(
    rf"[{_I}](?:(?<=[hklmst].){_EDGE.format('..')}|(?<=qu.){_EDGE.format('...')}(?:t|nh|ch|n|p|u)?){_END}", re.S
)
_TO_Y = str.maketrans(_I, _Y)


def without_marks(text: str) -> str:
    """`text` in NFC with each letter replaced by its bare form: same length as the NFC text, so offsets carry over."""
    if text.isascii():
        return text
    try:
        return codecs.charmap_decode(codecs.charmap_encode(text, "strict", _BYTES)[0], "strict", _COMMON_BARE)[0]
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", text).translate(_BARE)


def bare_words(text: str) -> str:
    """The words of `text` without marks, in small letters, set apart by one space: only letters and digits count."""
    try:
        return b" ".join(codecs.charmap_encode(text, "strict", _BYTES)[0].translate(_IN_WORDS).split()).decode()
    except UnicodeEncodeError:
        return _NO_WORD.sub(" ", without_marks(text).lower()).strip()


def folded(text: str) -> str:
    """`text` as words are compared: without marks, in small letters, y for an i that may stand for it. Same length as
    the NFC text; whatever parts words is left as it is."""
    try:
        small = codecs.charmap_decode(codecs.charmap_encode(text, "strict", _BYTES)[0], "strict", _COMMON_SMALL)[0]
    except UnicodeEncodeError:
        small = _small(without_marks(text))
    return _y_for_i(small)


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
