"""The text of documents: what is read, what is said of the rest, and hostile files that cost no more than allowed."""

from __future__ import annotations

import unicodedata

import pytest
from documents_made import assembled, pdf, stream, with_part, word
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents import MOST_BYTES, MOST_TEXT, OUTCOME_MEANINGS, Outcome, read_document, tidy

OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def test_a_pdf_is_read_page_by_page() -> None:
    reading = read_document(pdf("Quyết định số 27-NQ/TW\nvề đội ngũ trí thức", "Điện Biên, trang hai"))
    assert reading.outcome is Outcome.READ
    assert reading.text.split("\n") == ["Quyết định số 27-NQ/TW", "về đội ngũ trí thức", "Điện Biên, trang hai"]
    assert reading.pages == 2
    assert reading.reader.startswith("pypdf ")


def test_a_word_document_is_read_with_its_tables() -> None:
    reading = read_document(word("Kế hoạch năm 2021", "Điều 1.", rows=(("TT", "Tên"), ("1", "Cây chè"))))
    assert (reading.outcome, reading.pages) == (Outcome.READ, None)
    assert reading.text.split("\n") == ["Kế hoạch năm 2021", "Điều 1.", "TT", "Tên", "1", "Cây chè"]


def test_text_is_composed_whatever_the_document_holds() -> None:
    decomposed = unicodedata.normalize("NFD", "Đồng chí Bí thư")
    assert read_document(word(decomposed)).text == "Đồng chí Bí thư"


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        (pdf(""), Outcome.NO_TEXT),
        (pdf("", "", ""), Outcome.NO_TEXT),
        (pdf(". . ."), Outcome.NO_TEXT),
        (word(""), Outcome.NO_TEXT),
        (pdf("Mật", encrypt=True), Outcome.LOCKED),
        (OLD_WORD, Outcome.NOT_READABLE),
        (b"", Outcome.NOT_READABLE),
        (b"<html>", Outcome.NOT_READABLE),
        (b"{\\rtf1", Outcome.NOT_READABLE),
        (b"PK\x03\x04 word/", Outcome.BROKEN),
        (b"%PDF-1.4", Outcome.BROKEN),
        (word("Chè")[:2000], Outcome.BROKEN),
        (b"%PDF-1.4" + bytes(MOST_BYTES), Outcome.TOO_LARGE),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_what_cannot_be_read_is_said_to_be_so(payload: bytes, outcome: Outcome) -> None:
    reading = read_document(payload)
    assert (reading.outcome, reading.text) == (outcome, "")
    assert OUTCOME_MEANINGS[outcome]


# Hostile


def test_a_pdf_of_endless_text_is_cut() -> None:
    line = "BT /F1 12 Tf 50 700 Td (" + "A" * 500 + ") Tj ET\n"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 40 /Kids [" + b"4 0 R " * 40 + b"] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        stream(line.encode() * 100),
    ]
    reading = read_document(assembled(objects))
    assert reading.outcome is Outcome.CUT
    assert len(reading.text) == MOST_TEXT


def test_a_stream_that_unpacks_without_end_costs_no_more_than_its_limit() -> None:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        stream(bytes(200_000_000)),
    ]
    assert read_document(assembled(objects), memory=400 << 20).text == ""


def test_a_reading_that_takes_too_long_is_ended() -> None:
    many = pdf(*["(x) " * 2000] * 400)
    assert read_document(many, seconds=1).outcome is Outcome.TOO_COSTLY


def test_pages_that_name_themselves_end() -> None:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]
    assert read_document(assembled(objects), seconds=5).outcome in (
        Outcome.BROKEN,
        Outcome.TOO_COSTLY,
        Outcome.NO_TEXT,
    )


def test_a_word_document_that_unpacks_without_end_is_not_unpacked() -> None:
    bomb = with_part(word("Chè"), "word/media/image1.png", bytes(120_000_000))
    assert read_document(bomb).outcome is Outcome.TOO_LARGE


def test_entities_are_neither_fetched_nor_multiplied() -> None:
    many = b"".join(b'<!ENTITY e%d "&e%d;&e%d;&e%d;&e%d;">' % (n + 1, n, n, n, n) for n in range(20))
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY e0 "chexanh">'
        + many
        + b"]>"
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>&f;&e20; Con</w:t></w:r></w:p></w:body></w:document>"
    )
    reading = read_document(with_part(word("Chè"), "word/document.xml", xml))
    assert "root" not in reading.text
    assert "chexanh" not in reading.text


@given(st.text(max_size=200))
def test_tidied_text_is_tidy(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert not any(line != line.strip() or not line for line in tidied.split("\n") if tidied)
    tidied.encode()


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_a_damaged_document_is_no_reason_to_stop(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([pdf("Chè xanh", "Cà phê"), word("Chè xanh")])))
    for place in data.draw(st.lists(st.integers(10, len(whole) - 1), min_size=1, max_size=20)):
        whole[place] = data.draw(st.integers(0, 255))
    assert read_document(bytes(whole)).outcome in Outcome
