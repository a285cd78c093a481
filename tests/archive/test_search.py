"""Search: what finds what, in what order, and how it is shown; every letter of Vietnamese; any input."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import file_articles, full_article, make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.query import Archive
from archive.records import Article, Attachment, Block, BlockKind, DateKind, Photo
from archive.search import Filters
from archive.search_candidates import Limits, all_found, best_of, candidates
from archive.search_query import parse

Open = Callable[..., Archive]


@pytest.fixture
def open_with(tmp_path: Path) -> Iterator[Open]:
    """Opens an archive that holds the given articles."""
    opened: list[Archive] = []

    def open_one(*articles: Article) -> Archive:
        opened.append(file_articles(tmp_path, *articles))
        return opened[-1]

    yield open_one
    for archive in opened:
        archive.close()


def numbered(site_id: int, *texts: str, **fields: Any) -> Article:
    return make_article(*texts, url=f"https://susta.vn/tin-tuc/bai-{site_id}", site_id=site_id, **fields)


def found(archive: Archive, query: str, filters: Filters | None = None, **page: int) -> list[int]:
    """Ids of the articles found, best first."""
    return [hit.id for hit in archive.search(query, filters or Filters(), **page).hits]


# Every letter

MARKED = (
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)


def bare(letter: str) -> str:
    return letter.replace("đ", "d").replace("Đ", "D") if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One article for each marked letter of Vietnamese, in a word of its own."""
    articles = [numbered(n, f"Trước t{letter}q{n}x sau.", title=f"Bài {n}") for n, letter in enumerate(MARKED, start=1)]
    with file_articles(tmp_path_factory.mktemp("letters"), *articles) as archive:
        yield archive


def test_there_are_67_marked_letters_in_each_case() -> None:
    assert len(set(MARKED)) == 134
    assert MARKED[:67].upper() == MARKED[67:]


@pytest.mark.parametrize(("number", "letter"), list(enumerate(MARKED, start=1)))
def test_a_word_is_found_with_and_without_its_mark(letters: Archive, number: int, letter: str) -> None:
    other_case = letter.swapcase()
    for typed in (letter, bare(letter), other_case, bare(other_case), unicodedata.normalize("NFD", letter)):
        (hit,) = letters.search(f"t{typed}q{number}x").hits
        assert hit.id == number
        assert hit.snippet == f"Trước [t{letter}q{number}x] sau."


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One article for each marked letter, in a word that is the same for all of one bare letter."""
    articles = [numbered(n, f"x{letter}x.", title=f"Bài {n}") for n, letter in enumerate(MARKED, start=1)]
    with file_articles(tmp_path_factory.mktemp("alike"), *articles) as archive:
        yield archive


@pytest.mark.parametrize(("number", "letter"), list(enumerate(MARKED, start=1)))
def test_each_letter_typed_comes_before_all_that_differ_in_marks(alike: Archive, number: int, letter: str) -> None:
    ids = found(alike, f"x{letter}x", limit=200)
    assert set(ids[:2]) == {(number - 1) % 67 + 1, (number - 1) % 67 + 68}  # in both cases
    assert set(ids) == {n for n, other in enumerate(MARKED, start=1) if bare(other).lower() == bare(letter).lower()}


@pytest.mark.parametrize(
    "typed", ["Ðông", "ðông", "Đông", "đông", "dong", "ĐÔNG", unicodedata.normalize("NFD", "Đông")]
)
def test_the_letters_that_stand_for_d_with_stroke_in_old_texts(open_with: Open, typed: str) -> None:
    archive = open_with(numbered(1, "Phương Ðông"), numbered(2, "Phương Đông"), numbered(3, "Cánh dong"))
    marked = typed != "dong"
    assert set(found(archive, typed)) == {1, 2, 3}
    assert not marked or set(found(archive, typed)[:2]) == {1, 2}


# What finds what

SEARCHED = (
    numbered(1, "Hội nghị khoa học và công nghệ tỉnh Sơn La.", title="Hội nghị"),
    numbered(2, "Công nghệ và khoa học là động lực.", title="Động lực"),
    numbered(3, "Căn cứ Quyết định số 1234/QĐ-UBND ngày 07/12/2021, Nghị quyết 27-NQ/TW.", title="Quyết định"),
    numbered(4, "Hợi là con giáp cuối. Tăng 4,47% lên 16.083 người.", title="Con giáp"),
    full_article(url="https://susta.vn/tin-tuc/bai-5", site_id=5),
    numbered(6, "Kĩ thuật canh tác; sĩ quan; hoà bình; thuỷ lợi; khoẻ mạnh; quí vị.", title="I/y, mới"),
    numbered(7, "Kỹ thuật canh tác; sỹ quan; hòa bình; thủy lợi; khỏe mạnh; quý vị.", title="Y, cũ"),
    numbered(8, "Hai người hay thúi chí; tai mắt.", title="Chữ khác"),
    numbered(9, "Thúy dùng tay hái chè.", title="Chữ khác nữa"),
    numbered(10, "Điện Biên Phủ đón đồng chí Bí thư.", title="Đồng chí"),
)
FINDS = [
    ("khoa học", {1, 2}),
    ("KHOA HOC", {1, 2}),
    ("học khoa", {1, 2}),
    ('"khoa học và công nghệ"', {1}),
    ("“khoa học và công nghệ”", {1}),
    ('"hoc va cong nghe" tinh', {1}),
    ('"nghệ khoa"', set()),
    ("công nghệ động lực", {2}),
    ("khoa thiếu", set()),
    ("hoi", {1, 4, 5}),
    ("Dien Bien", {10}),
    ("dien bien phu", {10}),
    ("dong chi", {10}),
    ('"dong chi bi thu"', {10}),
    ("DONG CHI", {10}),
    # documents, numbers
    ("1234/QĐ-UBND", {3}),
    ("1234/qd-ubnd", {3}),
    ("1234", {3}),
    ("QĐ-UBND 07/12/2021", {3}),
    ("UBND-QĐ", set()),
    ("27-NQ/TW", {3}),
    ("27-nq/tw", {3}),
    ("27 NQ TW", {3}),
    ("27-TW", set()),
    ("4,47%", {4}),
    ("4.47", {4}),
    ("47,4%", set()),
    ("16.083", {4}),
    ("16083", set()),
    # other fields
    ("cây chè", {5}),
    ("đại biểu", {5}),
    ("Cao Thị Hạnh", {5}),
    ("tây bắc", {5}),
    # spellings
    ("kĩ thuật", {6, 7}),
    ("kỹ thuật", {6, 7}),
    ("ki thuat", {6, 7}),
    ("ky thuat", {6, 7}),
    ('"sĩ quan"', {6, 7}),
    ('"sy quan"', {6, 7}),
    ("hoà bình", {6, 7}),
    ("hòa bình", {6, 7}),
    ("thủy lợi", {6, 7}),
    ("thuỷ lợi", {6, 7}),
    ("khoẻ", {6, 7}),
    ("khỏe", {6, 7}),
    ("quí vị", {6, 7}),
    ("quý vị", {6, 7}),
    ("ki*", {6, 7}),
    # other words
    ("hai", {8, 9}),
    ("hay", {8}),
    ("thúy", {6, 7, 9}),
    ("thúi", {8}),
    ("tay", {5, 9}),
    ("tai", {8}),
    ("chy", set()),
    # operators
    ("hội OR động", {1, 2, 4, 5, 10}),
    ("khoa AND lực", {2}),
    ("khoa NOT lực", {1}),
    ("khoa NOT (lực OR tỉnh)", set()),
    ("(lực OR tỉnh) khoa", {1, 2}),
    ("hội NOT hợi", {1, 5}),
    ("hội NOT hoi", set()),
    ("không NOT khoa", set()),
    ("and or not", set()),
    ("ngh*", {1, 2, 3, 5}),
    ('"khoa ho"*', {1, 2}),
    ("đồn*", {2, 5, 10}),
    ("NEAR(khoa nghệ, 5)", {1, 2}),
    ("NEAR(khoa lực, 1)", set()),
    ("NEAR(khoa lực, 3)", {2}),
    ('NEAR("khoa học" "công nghệ", 1)', {1, 2}),
    ('NEAR("khoa hoc" son, 9)', {1}),
    # punctuation separates words
    ("(khoa) học!", {1, 2}),
    ("khoa-học", {1, 2}),
    ("khoa:học", {1, 2}),
    ("«khoa học»", {1, 2}),
    # no phrase goes from one field into another
    ('"hội nghị hội nghị"', set()),
]  # fmt: skip


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with file_articles(tmp_path_factory.mktemp("searched"), *SEARCHED) as archive:
        yield archive


@pytest.mark.parametrize(("query", "expected"), FINDS)
def test_what_finds_what(searched: Archive, query: str, expected: set[int]) -> None:
    results = searched.search(query)
    assert {hit.id for hit in results.hits} == expected
    assert (results.total, results.more) == (len(expected), False)


@pytest.mark.parametrize(("query", "expected"), [case for case in FINDS if "“" not in case[0]])
def test_decomposed_letters_find_the_same(searched: Archive, query: str, expected: set[int]) -> None:
    assert set(found(searched, unicodedata.normalize("NFD", query))) == expected


# Of many articles, not all are weighed: the same finds the same, by other ways


def found_within(archive: Archive, query: str, limits: Limits, wanted: int = 1000) -> list[int]:
    understood = parse(query)
    assert understood.node
    reader = archive._db.cursor()
    reader.row_factory = None
    return list(candidates(reader, understood.node, understood.leaves, Filters(), wanted, limits).ids)


@pytest.mark.parametrize(("query", "expected"), FINDS)
def test_ranked_by_the_index_the_same_is_found(searched: Archive, query: str, expected: set[int]) -> None:
    assert set(found_within(searched, query, Limits(weighed=0))) == expected


@pytest.mark.parametrize(("query", "expected"), FINDS)
def test_of_too_many_to_be_ranked_some_of_the_same_are_found(searched: Archive, query: str, expected: set[int]) -> None:
    ids = found_within(searched, query, Limits(ranked=2, weighed=0))
    assert set(ids) <= expected
    assert len(ids) >= min(2, len(expected))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("limits", [Limits(weighed=0), Limits(ranked=2, weighed=0), Limits(ranked=1, weighed=0)])
@pytest.mark.parametrize(("query", "first"), [("Hợi", 4), ("động", 2), ("đồng", 10), ("thúi", 8)])
def test_however_many_are_found_what_was_typed_with_marks_comes_first(
    searched: Archive, query: str, first: int, limits: Limits
) -> None:
    assert found_within(searched, query, limits, 1) == [first]


@pytest.mark.parametrize("limits", [Limits(), Limits(weighed=0), Limits(ranked=2, weighed=0)])
@pytest.mark.parametrize(("query", "expected"), FINDS)
def test_what_is_known_to_be_found_comes_in_the_same_order(
    searched: Archive, query: str, expected: set[int], limits: Limits
) -> None:
    reader, understood = searched._db.cursor(), parse(query)
    reader.row_factory = None
    assert understood.node
    known = all_found(reader, understood.node)
    assert known == sorted(expected, reverse=True)
    leaves = understood.leaves
    best = candidates(reader, understood.node, leaves, Filters(), 10, limits).ids
    assert best_of(reader, understood.node, leaves, known, 10, limits)[: len(best)] == list(best)
    assert set(best_of(reader, understood.node, leaves, known[::2], 10, limits)) == set(known[::2])


def test_of_too_many_those_with_the_words_in_the_title_come_first(open_with: Open) -> None:
    articles = [numbered(n, "Chè ở đây.", title="Khác") for n in range(1, 9)]
    articles[2] = numbered(3, "Khác.", title="Chè")
    articles[4] = numbered(5, "Khác.", title="Khác", byline="Chè")
    assert found_within(open_with(*articles), "che", Limits(ranked=3, weighed=0)) == [5, 3, 8, 7, 6]


# In what order


@pytest.mark.parametrize(
    ("query", "first"), [("hội", 1), ("Hợi", 4), ("động", 2), ("đồng", 10), ("tai", 8), ("thúi", 8), ("Thúy", 9)]
)
def test_what_was_typed_with_its_marks_comes_first(searched: Archive, query: str, first: int) -> None:
    assert found(searched, query)[0] == first


def test_all_words_spelled_as_typed_come_before_some_of_them(open_with: Open) -> None:
    archive = open_with(
        numbered(1, "Hội thao. Khác hẳn.", title="Hội thao, hội thao"),
        numbered(2, "Nhiều chữ khác trước khi nói đến hội và sau đó đến thảo."),
    )
    assert found(archive, "hội thảo") == [2, 1]
    assert found(archive, "hoi thao") == [1, 2]


def test_a_word_without_marks_beside_marked_ones_is_meant_as_it_is(open_with: Open) -> None:
    archive = open_with(numbered(1, "Tỉnh Sơn là", title="Sơn là tỉnh"), numbered(2, "Thuộc về tỉnh miền núi Sơn La"))
    assert found(archive, "tỉnh Sơn La") == [2, 1]


@pytest.mark.parametrize("query", ["che", "chè", "do", "đỏ"])
def test_title_caption_and_byline_count_more_than_the_text(open_with: Open, query: str) -> None:
    photo = Photo("https://susta.vn/1.jpg", "Chè đỏ")
    archive = open_with(
        numbered(1, "Chè đỏ ở đây.", title="Khác"),
        numbered(2, "Khác ở đây.", title="Chè đỏ"),
        numbered(3, "Khác ở đây.", title="Khác", photos=(photo,)),
        numbered(4, "Khác ở đây.", title="Khác", byline="Chè Đỏ"),
    )
    ranked = found(archive, query)
    assert ranked[0] == 2
    assert ranked[-1] == 1


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (2, 2), (5, 3)])
def test_no_more_hits_than_asked_for(open_with: Open, limit: int, expected: int) -> None:
    archive = open_with(*(numbered(n, "Chè.") for n in (1, 2, 3)))
    results = archive.search("chè", limit=limit)
    assert len(results.hits) == expected
    assert results.total == 3


def test_pages_follow_on_each_other(open_with: Open) -> None:
    archive = open_with(*(numbered(n, "Chè. " * n + "Bè. " * (7 - n)) for n in range(1, 7)))
    everything = found(archive, "che", limit=6)
    assert [found(archive, "che", limit=2, offset=offset) for offset in (0, 2, 4, 6)] == [
        everything[:2], everything[2:4], everything[4:], [],
    ]  # fmt: skip


def test_the_newest_revision_is_searched(open_with: Open) -> None:
    archive = open_with(make_article("Cũ kỹ"), make_article("Mới mẻ"))
    assert [len(found(archive, words)) for words in ("cũ kỹ", "mới mẻ")] == [0, 1]


# Filters

FILTERED = (
    numbered(1, "Chè.", date="2021-01-01", date_kind=DateKind.DATELINE, date_evidence="x", byline="TS. Cao Thị Hạnh"),
    numbered(2, "Chè.", category="tu-lieu", date="2021-06-01", date_kind=DateKind.DATELINE, date_evidence="x",
             photos=(Photo("https://susta.vn/1.jpg"),)),
    numbered(3, "Chè.", attachments=(Attachment("https://susta.vn/1.pdf", "Tải về"),), byline="Đặng Thị Hạnh"),
    numbered(4, "Chè.", blocks=(Block(BlockKind.PARAGRAPH, 'Chè "kind": "table"'),
                                Block(BlockKind.TABLE, rows=(("1", "2"),)))),
    numbered(5, 'Chè "kind": "table".', date="2022-01-01", date_kind=DateKind.DATELINE, date_evidence="x"),
)  # fmt: skip


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with file_articles(tmp_path_factory.mktemp("filtered"), *FILTERED) as archive:
        yield archive


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {1, 2, 3, 4, 5}),
        (Filters(since="2021-06-01"), {2, 5}),
        (Filters(until="2021-06-01"), {1, 2}),
        (Filters(since="2021-01-02", until="2021-12-31"), {2}),
        (Filters(category="tu-lieu"), {2}),
        (Filters(category="tin-tuc", since="2021-06-01"), {5}),
        (Filters(category="' OR 1 --"), set()),
        (Filters(byline="cao thi hanh"), {1}),
        (Filters(byline="Hạnh"), {1, 3}),
        (Filters(byline="dang"), {3}),
        (Filters(byline="Đặng"), {3}),
        (Filters(byline='" OR chè'), set()),
        (Filters(has_photo=True), {2}),
        (Filters(has_photo=False), {1, 3, 4, 5}),
        (Filters(has_attachment=True), {3}),
        (Filters(has_attachment=False), {1, 2, 4, 5}),
        (Filters(has_table=True), {4}),
        (Filters(has_table=False), {1, 2, 3, 5}),
        (Filters(has_photo=True, has_table=True), set()),
    ],
    ids=str,
)
@pytest.mark.parametrize("query", ["chè", "che OR be"])
def test_filters(filtered: Archive, query: str, filters: Filters, expected: set[int]) -> None:
    assert set(found(filtered, query, filters)) == expected


# How it is shown


def test_a_hit_names_the_article_and_its_credit(open_with: Open) -> None:
    (hit,) = open_with(full_article()).search("ngoặc kép").hits
    assert (hit.id, hit.url, hit.title, hit.date) == (1, full_article().url, "Một bài viết", "2021-12-07")
    assert (hit.category, hit.byline, hit.credit) == ("tin-tuc", "TS. Cao Thị Hạnh", "Nguồn: Susta.vn")
    assert hit.as_dict()["snippet"] == hit.snippet


words = st.lists(st.sampled_from(["Hội", "nghị", "khoa", "Đại-biểu", "Sơn", "La", "“chè”", "1234/QĐ"]), max_size=60)


@given(before=words, after=words)
@settings(max_examples=25, deadline=None)
def test_snippets_are_original_text_around_the_hit(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str]
) -> None:
    text = " ".join([*before, "Đường", *after])
    with file_articles(tmp_path_factory.mktemp("snippet"), make_article(text)) as archive:
        (hit,) = archive.search("duong").hits
    assert "[Đường]" in hit.snippet
    assert [hit.excerpt.text[start:end] for start, end in hit.excerpt.marks] == ["Đường"]
    assert hit.excerpt.text.removeprefix("… ").removesuffix(" …") in text
    assert hit.excerpt.text.startswith("… ") or text.startswith(hit.excerpt.text.removesuffix(" …"))


@pytest.mark.parametrize(
    ("query", "snippet", "place"),
    [
        ("bieu", "Đại [biểu] dự họp", "caption"),
        ("ten chung", "[Tên] [chung]", "title"),
        ("hạnh", "TS. Cao Thị [Hạnh]", "byline"),
        ("thân", "Trong [thân] bài, ăn sáng, ăn trưa.", "text"),
        ('"thân bài"', "Trong [thân bài], ăn sáng, ăn trưa.", "text"),
        ("an", "Trong thân bài, [ăn] sáng, [ăn] trưa.", "text"),
        ("bài tru*", "Trong thân [bài], ăn sáng, ăn [trưa].", "text"),
    ],
)
def test_a_snippet_is_from_where_the_words_stand(open_with: Open, query: str, snippet: str, place: str) -> None:
    photo = Photo("https://susta.vn/1.jpg", "Đại biểu dự họp")
    text = "Trong thân bài, ăn sáng, ăn trưa."
    article = make_article(text, title="Tên chung", byline="TS. Cao Thị Hạnh", photos=(photo,))
    (hit,) = open_with(article).search(query).hits
    assert (hit.snippet, hit.excerpt.place) == (snippet, place)


def test_the_spelling_that_was_typed_is_shown_where_both_are_there(open_with: Open) -> None:
    far = "Chữ khác ở giữa. " * 30
    (hit,) = open_with(make_article(f"Hỏi han. {far} Hội nghị.")).search("hội").hits
    assert hit.snippet.endswith("[Hội] nghị.")


def test_what_stands_together_is_shown_before_what_comes_first(open_with: Open) -> None:
    far = "Chữ khác ở giữa. " * 30
    (hit,) = open_with(make_article(f"Khoa mục. {far} Khoa nghiên cứu học tập.")).search("khoa học").hits
    assert hit.snippet.endswith("[Khoa] nghiên cứu [học] tập.")


# Any input

HOSTILE = [
    "", " ", '"', '""', '"""', "(", ")", "(((", "NEAR", "NEAR(khoa học, 2)", "NEAR(", "NEAR()", "NEAR(,)", "NEAR(a, b)",
    "NEAR(NEAR(a b) c)", "NEAR((a) b, 99999999999)", "*", "*khoa", "^khoa", "k*", "**", "a * b", '"*"', '"a"*',
    "AND", "OR", "NOT", "AND OR NOT", "khoa AND", "NOT khoa", "khoa OR", "OR khoa", "khoa NOT", "khoa NOT NOT học",
    "(khoa", "khoa)", ")khoa(", "() khoa", "NOT (a) OR b", "title:khoa", "{title body}: khoa", "-khoa", "+khoa",
    "a + b", "'", "';--", "\\", "%", "_", "\0", "khoa\0học", "\x01\x1f\x7f", "\n\t", "\u200b", "\u0301", "\ufeff",
    "\U0010ffff",
    "😀", "khoa 😀 học", "ﬁ", "İ", "ß", "\ud800", "ـ", "q\u0323uan", "\ue000", "\U0001e900 hội", "hội\U0001e900",
    "a" * 10_000, "a " * 5_000, "a." * 5_000, '"' * 10_000, "(" * 10_000, ")" * 10_000, "(a " * 3_000, '"a ' * 3_333,
    "đ" * 10_000, "NOT " * 2_500, "a OR " * 2_000, "a NOT " * 2_000, "NEAR(" * 2_000, "đ* " * 2_000, "dong " * 150,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query[:12]))
def test_any_input_is_safe(searched: Archive, query: str) -> None:
    results = searched.search(query)
    assert results.hits or results.notes or any(character.isalnum() for character in query)


@given(st.text(st.characters() | st.sampled_from('"()*^:{}-+ khoaọcđ') | st.sampled_from(MARKED), max_size=40)
       | st.lists(st.sampled_from(["AND", "OR", "NOT", "NEAR(", "(", ")", '"', "*", ",", "5", "khoa", "đồng", "hoà"]),
                  max_size=12).map(" ".join))  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_any_text_is_safe(searched: Archive, query: str) -> None:
    searched.search(query)


@pytest.mark.parametrize("query", ["", " ", '"', "()", "*", "-", "\0", "_", "😀", '" "', "NEAR(, 5)"])
def test_input_without_a_letter_or_digit_finds_nothing_and_says_so(searched: Archive, query: str) -> None:
    results = searched.search(query)
    assert (results.hits, results.total) == ((), 0)
    assert results.notes


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ('"khoa học', "quotation mark is not closed"),
        ("(khoa", "parenthesis is not closed"),
        ("khoa)", "closing parenthesis has no opening one"),
        ("NOT khoa", "NOT takes away from what is found"),
        ("khoa NOT", "NOT stands before a word"),
        ("OR khoa", "OR stands between two words"),
        ("NEAR(khoa, 5)", "NEAR needs two words"),
        ("khoa " * 300, "first 200 words"),
        ("khoa" * 2000, "first 4000 characters"),
        ("😀", "no word to search for"),
    ],
)
def test_what_is_passed_over_is_said(searched: Archive, query: str, note: str) -> None:
    (said, *_) = searched.search(query).notes
    assert note in said


# Any article is found by any phrase of its own text

texts = st.lists(
    st.text(st.sampled_from("aăâdđeêioôơuưyhklmnqst" + MARKED), min_size=1, max_size=7)
    | st.sampled_from(
        ["hoà", "hòa", "kĩ", "quí", "27-NQ/TW", "4,47%", "ðông", "Ðiện", "AND", "q\u0323uan", "…", "(a)"]
    ),
    min_size=1,
    max_size=30,
)


@given(words=texts, data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_article_is_found_by_any_phrase_of_its_own_text(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    phrase = " ".join(words[first : last + 1])
    if not any(character.isalnum() for character in phrase):
        return
    with file_articles(tmp_path_factory.mktemp("own"), numbered(1, " ".join(words)), numbered(2, "Khác.")) as archive:
        for way in (phrase, bare_of(phrase), phrase.upper(), phrase.lower()):
            for form in ("NFC", "NFD"):
                assert 1 in found(archive, f'"{unicodedata.normalize(form, way)}"'), (way, form)


def bare_of(text: str) -> str:
    """As someone without a Vietnamese keyboard types it."""
    decomposed = unicodedata.normalize("NFD", text)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(str.maketrans("đĐðÐ", "dDdD"))
