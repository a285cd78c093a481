"""Addresses that move, join and part: what an article was seen to say is never lost on the way."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import ADDRESS, SOURCE, Desk, full_article, make_article

from archive.errors import ArchiveUnusable
from archive.presence import GONE_AFTER
from archive.records import Photo, Refusal, RefusalReason
from archive.schema import connect
from archive.store import Store
from archive.warc import FOLDER_NAME, WarcFiles, warc_paths
from archive.warc_reading import read_all

OTHER = "https://susta.vn/khac/ten-khac-7"
HTML = "https://susta.vn/tin-tuc/bai-viet-7.html"
REFUSAL = Refusal(ADDRESS, RefusalReason.NO_BODY)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store(tmp_path))
    yield desk
    desk.store.close()


def texts(desk: Desk) -> list[str]:
    letters = {make_article(letter).content_sha256: letter for letter in "ABCD"}
    return [
        letters[sha256] for (sha256,) in desk.rows("SELECT content_sha256 FROM revisions ORDER BY article_id, number")
    ]


def test_an_alias_takes_over_with_all_it_said_when_the_address_is_gone(desk: Desk) -> None:
    desk.take(make_article("A"))
    desk.take(make_article("C", url=OTHER))
    desk.answer(404)
    desk.take(make_article("D", url=OTHER))
    assert desk.values("SELECT url FROM articles") == [OTHER]
    assert texts(desk)[-1] == "D"
    assert "C" in texts(desk)


def test_an_alias_stands_in_when_the_first_capture_turns_out_to_be_no_article(desk: Desk) -> None:
    first = desk.capture(ADDRESS)
    desk.derive(first, make_article("A"))
    desk.take(make_article("C", url=OTHER))
    desk.derive(first, REFUSAL)
    assert texts(desk) == ["C"]


def test_two_articles_that_turn_out_to_be_one_are_joined(desk: Desk) -> None:
    desk.take(make_article("A", url=HTML))
    desk.take(make_article("B"))
    assert desk.values("SELECT count(*) FROM articles") == [2]
    capture = desk.capture(HTML)
    desk.derive(capture, make_article("B"))  # its page names the other address as canonical
    assert desk.values("SELECT url FROM articles") == [ADDRESS]
    assert desk.values("SELECT url FROM aliases") == [HTML]
    assert texts(desk) == ["B"]


def test_what_an_earlier_canonical_address_said_in_earlier_runs_stays_history(desk: Desk) -> None:
    long = "Đoạn văn đủ dài để hai trang giống nhau không phải do tình cờ. " * 5
    old, new = make_article(long, url=HTML), make_article(long + "Thêm.", url=HTML)
    desk.take(old)
    desk.take(new)
    desk.take(replace(new, url=ADDRESS))
    found = desk.rows("SELECT url, count(*) FROM revisions r JOIN articles a ON a.id = r.article_id GROUP BY url")
    assert found == [(ADDRESS, 2)]


def test_a_changed_condition_is_kept_although_the_text_is_the_same(desk: Desk) -> None:
    desk.take(make_article("A"))
    other = replace(SOURCE, notice="Chỉ được trích dẫn khi có văn bản đồng ý của Susta.vn")
    desk.derive(desk.capture(), make_article("A"), other)
    assert desk.values("SELECT s.notice FROM articles a JOIN sources s ON s.id = a.source_id") == [other.notice]
    assert desk.values("SELECT count(*) FROM sources") == [2]
    assert len(desk.revisions()) == 1


def test_deriving_an_old_capture_again_changes_neither_the_source_nor_the_absence(desk: Desk) -> None:
    first = desk.capture(day=0)
    desk.derive(first, make_article("A"))
    newer = replace(SOURCE, notice="Điều kiện mới: ghi rõ nguồn khi đăng lại")
    desk.derive(desk.capture(day=1), make_article("B"), newer)
    desk.answer(404, day=2)
    desk.answer(404, day=3 + GONE_AFTER.days)
    before = desk.rows("SELECT source_id, gone_since, last_seen FROM articles")
    assert before[0][1] is not None
    desk.derive(first, make_article("A"))
    assert desk.rows("SELECT source_id, gone_since, last_seen FROM articles") == before


@pytest.mark.parametrize("order", ["page first", "media first", "target first"])
def test_a_photo_behind_a_redirect_keeps_its_bytes_in_any_order(desk: Desk, order: str) -> None:
    asked, kept = "https://susta.vn/anh/a.jpg", "https://susta.vn/kho/b.jpg"
    article = full_article(photos=(Photo(asked, "Chú thích"),))
    if order == "page first":
        desk.take(article)
    if order == "target first":
        desk.picture(kept, "bytes")
    desk.picture(asked, "", status=302, location=kept)
    desk.picture(kept, "bytes")
    if order != "page first":
        desk.take(article)
    first = desk.values("SELECT sha256 FROM photos")
    assert first[0] is not None
    desk.take(full_article(photos=(Photo(asked, "Chú thích khác"),)))
    assert desk.values("SELECT sha256 FROM photos") == first


def test_a_page_in_place_of_a_picture_is_not_its_bytes(desk: Desk) -> None:
    asked = "https://susta.vn/anh/a.jpg"
    desk.take(full_article(photos=(Photo(asked, "Chú thích"),)))
    desk.picture(asked, "<p>Không tìm thấy</p>", media_type="text/html")
    assert desk.values("SELECT sha256 FROM photos") == [None]


def text_of(seed: int) -> str:
    """A text of sixty words that shares hardly four in a row with another's."""
    draw = random.Random(seed)
    words = (
        "nông",
        "dân",
        "vườn",
        "đồi",
        "hợp",
        "tác",
        "mùa",
        "vụ",
        "giống",
        "cây",
        "kỹ",
        "thuật",
        "tưới",
        "tiêu",
        "bản",
    )
    return " ".join(draw.choice(words) for _ in range(60)) + "."


ONE = make_article(text_of(1), title="Hội thảo nâng cao chất lượng cà phê")
ELSEWHERE = "https://susta.vn/su-kien/ra-quan-trong-cay-7"


@pytest.mark.parametrize(
    ("title", "text", "same"),
    [
        ("Ra quân trồng cây đầu xuân", text_of(2), False),
        ("Hội thảo nâng cao chất lượng chè", text_of(2), False),
        ("Ra quân trồng cây đầu xuân", "Tin ngắn.", False),
        ("Hội thảo nâng cao chất lượng cà phê", text_of(1), True),
        ("Hội thảo nâng cao chất lượng cà phê Sơn La", text_of(1), True),
        ("Ra quân trồng cây đầu xuân", text_of(1) + " " + text_of(3), True),
        ("HỘI THẢO nâng cao chất lượng cà-phê!", text_of(2), True),
        ("Hội thảo nâng cao chất lượng cà phê chè", "Tin ngắn.", True),
    ],
)
def test_one_number_in_two_categories_is_one_article_only_where_it_says_so(
    desk: Desk, title: str, text: str, same: bool
) -> None:
    desk.take(ONE)
    desk.take(make_article(text, title=title, url=ELSEWHERE, category="su-kien"))
    assert desk.values("SELECT count(*) FROM articles") == [1 if same else 2]
    assert desk.values("SELECT title FROM articles WHERE id = 1") == [ONE.title]
    assert desk.values("SELECT url FROM aliases") == ([ELSEWHERE] if same else [])
    shared = '["number-shared"]'
    assert desk.values("SELECT doubts FROM articles ORDER BY id") == (["[]"] if same else ["[]", shared])


def test_articles_with_one_number_stay_apart_and_say_so_when_they_come_again(desk: Desk) -> None:
    other = make_article(text_of(2), title="Ra quân trồng cây đầu xuân", url=ELSEWHERE)
    for _ in range(2):
        desk.take(ONE)
        desk.take(other)
    desk.take(make_article(text_of(2), title=other.title, url="https://susta.vn/tin/ra-quan-7"))
    assert desk.values("SELECT title FROM articles ORDER BY id") == [ONE.title, other.title]
    assert desk.rows("SELECT article_id, url FROM aliases") == [(2, "https://susta.vn/tin/ra-quan-7")]
    assert desk.values("SELECT count(*) FROM revisions") == [2]
    desk.take(make_article(text_of(1), title=ONE.title + " Sơn La"))  # a change takes the doubt up
    assert [json.loads(said) for said in desk.values("SELECT doubts FROM articles")] == [["number-shared"]] * 2
    assert desk.values("SELECT min(doubt) > 0 FROM articles") == [1]


def test_articles_with_one_number_keep_each_its_own_day(desk: Desk) -> None:
    undated = {"date": None, "date_kind": None, "date_evidence": None}
    desk.take(replace(ONE, **undated))
    desk.take(make_article(text_of(2), title="Ra quân trồng cây", url=ELSEWHERE, **undated))
    desk.post("2020-01-02", url=ADDRESS)
    assert desk.values("SELECT date FROM articles ORDER BY id") == ["2020-01-02", None]
    desk.post("2021-03-04", url=ELSEWHERE)
    assert desk.values("SELECT date FROM articles ORDER BY id") == ["2020-01-02", "2021-03-04"]


def test_an_answer_without_bytes_is_no_picture_and_takes_none_away(desk: Desk) -> None:
    asked = "https://susta.vn/anh/a.jpg"
    desk.take(full_article(photos=(Photo(asked, "Chú thích"),)))
    desk.picture(asked, "")
    assert desk.values("SELECT sha256 FROM photos") == [None]
    desk.picture(asked, "bytes")
    kept = desk.values("SELECT sha256 FROM photos")
    assert kept != [None]
    desk.picture(asked, "")
    desk.take(full_article(photos=(Photo(asked, "Chú thích khác"),)))
    assert desk.values("SELECT sha256 FROM photos") == kept


def test_a_posting_under_a_redirected_address_counts_in_either_order(desk: Desk) -> None:
    old = "https://susta.vn/cu/bai.html"
    desk.take(make_article("A", date=None, date_kind=None, date_evidence=None))
    desk.post("2020-01-02", url=old, site_id=None)
    desk.redirect(old, ADDRESS)
    assert desk.rows("SELECT date, date_kind FROM articles") == [("2020-01-02", "posted")]


def test_a_refused_database_is_left_as_it_is_with_its_log(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.db.execute("PRAGMA user_version = 999")
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.db.execute("INSERT INTO progress VALUES (1, 'x', 1)")
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    assert any(name.endswith("-wal") for name in files)
    with pytest.raises(ArchiveUnusable, match="newer version"):
        connect(store.path, create=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")} == files
    store.db.close()


@pytest.mark.parametrize("cut", [1, 9, 60])
def test_a_finished_file_that_was_cut_is_named_and_not_believed(tmp_path: Path, cut: int) -> None:
    from builders import make_exchange

    folder = tmp_path / FOLDER_NAME
    files = WarcFiles(folder, software="test")
    files.append(make_exchange(bytes(range(256)) * 20))
    files.close()
    (path,) = warc_paths(folder)
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:-cut])
    with pytest.raises(ArchiveUnusable, match=r"offset \d+"):
        list(read_all(folder))
    path.write_bytes(whole + whole[:7])
    with pytest.raises(ArchiveUnusable, match=r"offset \d+"):
        list(read_all(folder))
