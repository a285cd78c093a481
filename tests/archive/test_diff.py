"""What changed between two records: which block, which words, and what it may cost to find out."""

from __future__ import annotations

import random
import time
import unicodedata
from dataclasses import replace

import pytest
from builders import full_article, make_article, paragraphs
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.diff import BlockChange, Kind, Segment, diff, segments, words_of
from archive.records import Article, Attachment, Block, BlockKind, Photo

SAME, CHANGED, ADDED, REMOVED, MOVED = Kind.SAME, Kind.CHANGED, Kind.ADDED, Kind.REMOVED, Kind.MOVED
LETTERS = st.text(alphabet="aăâđêôơư ẩộ\u0301\u0323.,;-1०ि\u200d\n", max_size=60)


def plain(found: tuple[Segment, ...]) -> str:
    marks = {SAME: ("", ""), REMOVED: ("[-", "-]"), ADDED: ("{+", "+}")}
    return "".join(f"{marks[one.kind][0]}{one.text}{marks[one.kind][1]}" for one in found)


def changed(before: Article, after: Article) -> list[BlockChange]:
    return [one for one in diff(before, after) if one.kind is not SAME]


def told(before: Article, after: Article) -> list[tuple[str, Kind]]:
    return [(one.block, one.kind) for one in changed(before, after)]


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hội thảo, ngày 7/12", ["Hội", " ", "thảo", ",", " ", "ngày", " ", "7", "/", "12"]),
        ("co\u0302\u0323ng", ["cộng"]),  # composed first
        ("x\u0323\u0302y z", ["x\u0323\u0302y", " ", "z"]),  # marks that nothing composes stay with their letter
        ("हिन्दी", ["हिन्दी"]),
        ("a  b", ["a", "  ", "b"]),
        (".\u0301a", [".\u0301", "a"]),
        ("", []),
    ],
)
def test_a_word_is_a_run_of_letters_and_digits_with_their_marks(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(text=LETTERS)
def test_no_word_begins_with_a_mark_and_joined_they_are_the_text(text: str) -> None:
    words = words_of(text)
    assert "".join(words) == unicodedata.normalize("NFC", text)
    assert not any(unicodedata.combining(word[0]) for word in words[1:])


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("hội thảo khoa học", "hội nghị khoa học", "hội [-thảo-]{+nghị+} khoa học"),
        ("Sơn La", "Sơn Lã", "Sơn [-La-]{+Lã+}"),  # never within a letter and its mark
        ("một câu", "một câu.", "một câu{+.+}"),
        ("ngày 7", "ngày 8", "ngày [-7-]{+8+}"),
        ("Lời cũ viết vậy.", "Câu mới khác hẳn.", "[-Lời cũ viết vậy-]{+Câu mới khác hẳn+}."),
        ("a ,b", "a, b", "a[- ,-]{+, +}b"),
        ("", "mới", "{+mới+}"),
        ("cũ", "", "[-cũ-]"),
        ("hội", unicodedata.normalize("NFD", "hội"), "hội"),
    ],
)
def test_what_changed_is_shown_by_words(before: str, after: str, shown: str) -> None:
    assert plain(segments(before, after)) == shown


@given(before=LETTERS, after=LETTERS)
def test_the_segments_give_both_texts_back(before: str, after: str) -> None:
    found = segments(before, after)
    kept = {kind: "".join(one.text for one in found if one.kind in (SAME, kind)) for kind in (REMOVED, ADDED)}
    assert kept[REMOVED] == unicodedata.normalize("NFC", before)
    assert kept[ADDED] == unicodedata.normalize("NFC", after)
    assert all(one.text for one in found)


# Blocks


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({}, []),
        ({"views": 999}, []),
        ({"title": "Tên khác"}, [("title", CHANGED)]),
        ({"kicker": "Tin vắn"}, [("kicker", ADDED)]),
        ({"byline": None}, [("byline", REMOVED)]),
        ({"date": "2021-12-08"}, [("date", CHANGED)]),
        ({"photos": (Photo("https://susta.vn/anh/1.jpg", "Chú thích mới", "Ảnh: Hà Nam"),)}, [("photo", CHANGED)]),
        ({"photos": (Photo("https://susta.vn/anh/2.jpg", "Đại biểu dự hội nghị", None),)}, [("photo", CHANGED)]),
        ({"attachments": ()}, [("attachment", REMOVED)]),
        ({"attachments": (Attachment("https://susta.vn/tep/1.pdf", "Tải tệp"),)}, [("attachment", CHANGED)]),
    ],
)
def test_every_part_of_a_record_is_compared(fields: dict[str, object], what: list[tuple[str, Kind]]) -> None:
    assert told(full_article(), replace(full_article(), **fields)) == what  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("A B C", "A X B C", [("paragraph", ADDED, None, 1)]),
        ("A B C", "A C", [("paragraph", REMOVED, 1, None)]),
        ("A B C", "C A B", [("paragraph", MOVED, 2, 0)]),
        ("A A A", "A A", [("paragraph", REMOVED, 2, None)]),
    ],
)
def test_blocks_come_go_and_move(before: str, after: str, what: list[tuple[str, Kind, int | None, int | None]]) -> None:
    found = changed(make_article(*before.split()), make_article(*after.split()))
    assert [(one.block, one.kind, one.before, one.after) for one in found] == what


def test_an_edited_paragraph_is_told_from_one_written_anew() -> None:
    old = make_article("Hội nghị khai mạc sáng nay tại thành phố Sơn La.", "Đoạn hai nói chuyện khác hẳn.")
    new = make_article("Một đoạn chưa từng có.", "Hội nghị khai mạc chiều nay tại thành phố Sơn La.", *old.body[1:])
    added, edited = changed(old, new)
    assert (added.kind, edited.kind) == (ADDED, CHANGED)
    assert plain(edited.texts[0].segments) == "Hội nghị khai mạc [-sáng-]{+chiều+} nay tại thành phố Sơn La."


def test_a_paragraph_that_became_a_heading_says_what_it_was() -> None:
    (change,) = changed(make_article("Mở đầu"), make_article(blocks=(Block(BlockKind.HEADING, "Mở đầu"),)))
    assert (change.block, change.was, change.kind) == ("heading", "paragraph", CHANGED)


def table(*rows: tuple[str, ...]) -> Article:
    return make_article(blocks=(Block(BlockKind.TABLE, rows=rows),))


def test_tables_are_compared_by_row_and_cell() -> None:
    old = table(("TT", "Tên", "Giải"), ("1", "Cây chè", "Nhất"), ("2", "Cây mận", "Nhì"))
    new = table(("TT", "Tên", "Giải"), ("0", "Cây cà phê"), ("1", "Cây chè cổ thụ", "Nhất"), ("2", "Cây mận", "Nhì"))
    (change,) = changed(old, new)
    cells = [(one.row, one.column, plain(one.segments)) for one in change.texts if one.kind is not SAME]
    assert cells == [(2, 1, "{+0+}"), (2, 2, "{+Cây cà phê+}"), (3, 2, "Cây chè{+ cổ thụ+}")]


TEXTS = st.lists(st.text(alphabet="ab c", min_size=1, max_size=8), min_size=1, max_size=8)


@given(before=TEXTS, after=TEXTS)
@settings(max_examples=200)
def test_every_block_of_both_sides_is_told_of_once(before: list[str], after: list[str]) -> None:
    found = diff(make_article(*before), make_article(*after))
    blocks = [one for one in found if one.block == "paragraph"]
    assert sorted(one.before for one in blocks if one.before is not None) == list(range(len(before)))
    assert [one.after for one in blocks if one.after is not None] == list(range(len(after)))
    for one in blocks:
        (text,) = one.texts
        kept = {kind: "".join(part.text for part in text.segments if part.kind in (SAME, kind)) for kind in Kind}
        assert one.before is None or kept[REMOVED] == before[one.before]
        assert one.after is None or kept[ADDED] == after[one.after]


# Cost

DRAW = random.Random(7)
VOCABULARY = ["hội", "thảo", "khoa", "học", "công", "nghệ", "tỉnh", "năm", ",", "."] + [f"từ{n}" for n in range(800)]


def text_of(count: int) -> str:
    return " ".join(DRAW.choices(VOCABULARY, k=count))


def edited(text: str, every: int) -> str:
    words = text.split(" ")
    words[every // 2 :: every] = ["sửa"] * len(words[every // 2 :: every])
    return " ".join(words)


LONG = [text_of(40) for _ in range(250)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LONG, [edited(text, 30) for text in LONG]),
        (LONG, [text_of(40) for _ in range(250)]),
        (LONG, LONG[::-1]),
        ([" ".join(LONG)], [edited(" ".join(LONG), 20)]),
        ([" ".join(LONG)], [text_of(10_000)]),
        (["a b " * 5000], ["b a a " * 3333]),
        (["một"] * 10_000, ["hai", *["một", "ba"] * 5_000]),
    ],
    ids=["every paragraph edited", "all anew", "reversed", "one paragraph", "one anew", "two words", "ten thousand"],
)
def test_ten_thousand_words_cost_little(before: list[str], after: list[str]) -> None:
    old, new = make_article(blocks=paragraphs(*before)), make_article(blocks=paragraphs(*after))
    started = time.process_time()
    diff(old, new)
    assert time.process_time() - started < 2  # a tenth of it on a quiet machine; without bounds, minutes
