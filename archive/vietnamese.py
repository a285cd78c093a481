"""Vietnamese letters without their marks, one character for one character.

Kept apart because the search index, the search words and the slug rule must fold alike. Unicode decomposition does all
vowels; đ and Đ have no decomposition, and ð/Ð stand for them in some old texts.
"""

import unicodedata

# Every letter of the Latin blocks that has marks; a table, since this runs over all text.
_BARE = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(unicodedata.normalize("NFD", chr(code))) > 1
} | {ord(letter): bare for letter, bare in zip("đĐðÐ", "dDdD", strict=True)}


def without_marks(text: str) -> str:
    """`text` in NFC with each letter replaced by its bare form: same length as the NFC text, so offsets carry over."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_BARE)
