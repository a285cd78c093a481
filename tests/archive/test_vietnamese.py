"""Letters without their marks, one for one, so that places in the bare text are places in the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.vietnamese import without_marks

vietnamese = st.text("aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ xX1\u0300\u0301\u0309\u0303\u0323\u0302\u0306\u031b")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Đường lên đỉnh Olympia", "Duong len dinh Olympia"),
        ("Tiếng Việt", "Tieng Viet"),
        ("TRƯỜNG ĐẠI HỌC TÂY BẮC", "TRUONG DAI HOC TAY BAC"),
        ("ằẳẵặắ ềểễệế ờởỡợớ ừửữựứ", "aaaaa eeeee ooooo uuuuu"),
        ("1234/QĐ-UBND", "1234/QD-UBND"),
        ("“–…”", "“–…”"),
        ("", ""),
    ],
)
def test_letters_lose_their_marks_and_nothing_else(marked: str, expected: str) -> None:
    assert without_marks(marked) == expected
    assert without_marks(unicodedata.normalize("NFD", marked)) == expected


@given(st.text() | vietnamese)
def test_places_carry_over(text: str) -> None:
    assert len(without_marks(text)) == len(unicodedata.normalize("NFC", text))


@given(st.text() | vietnamese)
def test_each_letter_is_folded_by_itself(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    for letter, bare in zip(composed, without_marks(text), strict=True):
        assert without_marks(letter) == bare or unicodedata.normalize("NFC", letter) != letter


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert without_marks(text) == text


@given(vietnamese)
def test_composed_and_decomposed_letters_fold_alike(text: str) -> None:
    assert without_marks(unicodedata.normalize("NFD", text)) == without_marks(text)
