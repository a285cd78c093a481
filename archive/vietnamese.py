"""Vietnamese letters without their marks, one character for one character.

Kept apart because the search index, the search words and the slug rule must fold alike. Unicode decomposition does all
vowels; đ and Đ have no decomposition, and ð/Ð stand for them in some old texts.
"""

import unicodedata

_BARRED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def without_marks(text: str) -> str:
    """`text` in NFC with each letter replaced by its bare form: same length as the NFC text, so offsets carry over."""
    return "".join(_bare(character) for character in unicodedata.normalize("NFC", text).translate(_BARRED))


def _bare(character: str) -> str:
    if character < "\x80":
        return character
    decomposed = unicodedata.normalize("NFD", character)
    return decomposed[0] if len(decomposed) > 1 and unicodedata.combining(decomposed[1]) else character
