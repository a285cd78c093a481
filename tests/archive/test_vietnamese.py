"""Letters without their marks, one for one, so that places in the bare text are places in the text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.vietnamese import bare_words, folded, without_marks

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


ordinary = st.text("aăâđĐðÐồỞỹÝeiquhklTC129 .,;:-–—“”…\n\t\u00a0²·çÉ") | st.text() | vietnamese


@given(ordinary)
def test_what_a_letter_becomes_does_not_depend_on_the_text_around_it(text: str) -> None:
    unknown = "\u4e00"  # no letter of any Latin script, so that no short way can be taken
    assert without_marks(text + unknown) == without_marks(text) + unknown
    assert folded(f"{text} {unknown}") == f"{folded(text)} {unknown}"
    assert bare_words(f"{text} {unknown}") == bare_words(text)


@given(ordinary)
def test_bare_words_are_the_letters_and_digits_without_marks(text: str) -> None:
    assert bare_words(text).split() == re.findall("[0-9a-z]+", without_marks(text).lower())
    assert bare_words(text) == " ".join(bare_words(text).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kĩ thuật, kỹ thuật", "ky thuat, ky thuat"),
        ("Quí, quít, quính, quíu; quia", "quy, quyt, quynh, quyu; quia"),
        ("hai HI chi thi ti i-li li_a", "hai hy chi thi ty i-ly ly_a"),
        ("i", "i"),
        ("(mí)", "(my)"),
        ("aquí", "aqui"),
    ],
)
def test_i_is_y_where_it_is_the_whole_rhyme(text: str, expected: str) -> None:
    assert folded(text) == expected
    assert folded(f"\u4e00 {text} \u4e00") == f"\u4e00 {expected} \u4e00"
