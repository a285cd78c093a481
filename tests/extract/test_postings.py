"""Which title of a listing a printed day belongs to. A neighbour's day is worse than none."""

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.extract.postings import read_postings
from scraper.extract.walk import body_of, read_lines

CLOCK = "<div class=top><p>Thứ Năm, ngày 26/11/2026</p></div>"
WIDGET = "<div><h4>Lịch công tác</h4><p>30/11/2026</p></div>"


def title(n: int) -> str:
    return f"<a href='/tin-tuc/bai-so-{n}-2000{n}'>Bài số {n} của hội</a>"


def day(n: int) -> str:
    return f"0{n}/12/2021"


def days_of(html: str) -> dict[int, str]:
    lines = read_lines(body_of(LexborHTMLParser(html)))
    return {p.site_id or 0: p.date for p in read_postings(lines, "https://susta.vn/tin-tuc")}


def expected(*numbers: int) -> dict[int, str]:
    return {20000 + n: f"2021-12-0{n}" for n in numbers}


def title_first(*numbers: int) -> str:
    return "".join(f"<h3>{title(n)}</h3><p>{day(n)}</p>" for n in numbers)


def day_first(*numbers: int) -> str:
    return "".join(f"<p>{day(n)}</p><h3>{title(n)}</h3>" for n in numbers)


def boxes(*numbers: int) -> str:
    return "".join(f"<li><h3>{title(n)}</h3><div><p>{day(n)}</p></div><p>Tóm tắt.</p></li>" for n in numbers)


MENU = "<div><a href='/'>Trang chủ</a></div>"


@pytest.mark.parametrize(
    "items",
    [
        title_first(1, 2, 3),
        day_first(1, 2, 3),
        f"<div>{title_first(1, 2, 3)}</div>",
        f"<ul>{boxes(1, 2, 3)}</ul>",
        "".join(f"<div><p>{day(n)}</p><h3>{title(n)}</h3></div>" for n in (1, 2, 3)),
        "<table>" + "".join(f"<tr><td>{title(n)}<td>{day(n)}" for n in (1, 2, 3)) + "</table>",
        "<table>" + "".join(f"<tr><td>{day(n)}<td>{title(n)}" for n in (1, 2, 3)) + "</table>",
    ],
)
@pytest.mark.parametrize("above", ["", CLOCK, CLOCK + MENU, "<div><div><div><span>26/11/2026</span></div></div></div>"])
@pytest.mark.parametrize("below", ["", WIDGET, f"<ul><li>{title(8)}</li><li>{title(9)}</li></ul>{WIDGET}"])
def test_clocks_and_dated_boxes_take_no_part_in_a_list(above: str, items: str, below: str) -> None:
    assert days_of(above + items + below) == expected(1, 2, 3)


def test_titles_and_days_parted_by_breaks_alone_are_paired_by_their_order() -> None:
    assert days_of("<br>".join(f"{title(n)}<br>{day(n)}" for n in (1, 2, 3))) == expected(1, 2, 3)
    assert days_of("<br>".join(f"{day(n)}<br>{title(n)}" for n in (1, 2, 3))) == expected(1, 2, 3)


def test_a_clock_that_stands_just_like_the_items_days_leaves_none() -> None:
    assert days_of(f"26/11/2026<br>{'<br>'.join(f'{title(n)}<br>{day(n)}' for n in (1, 2, 3))}") == {}
    listed = "".join(f"<p>{title(n)}</p><p>{day(n)}</p>" for n in (1, 2, 3))
    assert days_of(f"<p>26/11/2026</p>{listed}") == {}
    assert days_of(f"<p>Thứ Năm, ngày 26/11/2026</p>{listed}<p>{title(4)}</p>") == {}


def test_a_list_out_of_step_gives_no_days() -> None:
    assert days_of(f"<h3>{title(1)}</h3>{title_first(2, 3)}") == {}
    assert days_of(f"{title_first(1, 2)}<p>09/12/2021</p>") == {}


def test_a_title_without_a_day_does_not_take_its_neighbours() -> None:
    bare = "".join(f"<li><h3>{title(n)}</h3></li>" for n in (1, 2, 3))
    assert days_of(f"<ul>{bare}{boxes(4, 5)}</ul>") == expected(4, 5)
    assert days_of(f"<ul>{boxes(4)}{bare}{boxes(5)}</ul>") == expected(4, 5)


@pytest.mark.parametrize("lone", [CLOCK, "<p>26/11/2026</p>", WIDGET])
def test_a_lone_day_among_several_titles_is_none_of_theirs(lone: str) -> None:
    listed = "".join(f"<h3>{title(n)}</h3>" for n in (1, 2, 3))
    assert days_of(lone + listed) == {}
    assert days_of(listed + lone) == {}
    assert days_of(f"<h3>{title(1)}</h3>{lone}<h3>{title(2)}</h3>") == {}


def test_a_lone_day_in_an_items_own_container_is_its_day() -> None:
    listed = "".join(f"<div><h3>{title(n)}</h3></div>" for n in (1, 2))
    assert days_of(f"{listed}<div><h3>{title(3)}</h3><p>{day(3)}</p></div>") == expected(3)


def test_a_clock_beside_the_newest_title_is_not_its_day() -> None:
    top = f"<div><p>Thứ Năm, ngày 26/11/2026</p><div>{title(9)}</div></div>"
    assert days_of(f"{top}<ul>{boxes(1, 2)}</ul>") == expected(1, 2)
    assert days_of(f"{top}<ul><li>{title(1)}</li><li>{title(2)}</li></ul>") == {}


def test_the_picture_and_read_on_links_of_an_item_are_no_other_titles() -> None:
    def item(n: int) -> str:
        return (
            f"<div><p>{title(n)}</p><p>{day(n)}</p><p>Tóm tắt</p><p>{title(n).replace('Bài', 'Đọc tiếp bài')}</p></div>"
        )

    assert days_of(f"{CLOCK}{item(1)}{item(2)}") == expected(1, 2)
    flat = "".join(item(n).removeprefix("<div>").removesuffix("</div>") for n in (1, 2))
    assert days_of(f"{CLOCK}{flat}") == expected(1, 2)


def test_a_page_with_one_item() -> None:
    assert days_of(f"{CLOCK}{MENU}<h1>Tin</h1><ul>{boxes(1)}</ul>") == expected(1)
    assert days_of(f"<div>{CLOCK}<h1>Tin</h1><h3>{title(1)}</h3><p>{day(1)}</p></div>") == expected(1)
    assert days_of(f"{CLOCK}{MENU}<h1>Tin</h1><h3>{title(1)}</h3><p>Tóm tắt.</p>") == {}
    assert days_of(f"<div>{CLOCK}<h1>Tin</h1><h3>{title(1)}</h3></div>") == {}


def test_a_day_on_the_titles_own_line_is_its_own_whatever_stands_around() -> None:
    listed = "".join(f"<p>{title(n)} ({day(n)})</p>" for n in (1, 2, 3))
    assert days_of(f"{CLOCK}{listed}<p>{title(4)}</p>{WIDGET}") == expected(1, 2, 3)


@pytest.mark.parametrize(
    "html",
    [
        "<p>07/12/2021</p>" * 100_000 + title(1),
        f"<p>{title(1)}</p>" * 50_000 + "<p>07/12/2021</p>" * 50_000,
        "".join(f"<p><a href='/a/b-{n}'>b</a></p><p>1/1/2021</p>" for n in range(1, 25_000)),
        "<div>" * 400 + "".join(f"<p><a href='/a/b-{n}'>b</a></p><p>1/1/2021</p>" for n in range(1, 15_000)),
        title(1) * 50_000 + " 07/12/2021",
    ],
)
def test_hostile_listings_are_read_in_time(html: str) -> None:
    lines = read_lines(body_of(LexborHTMLParser(html)))
    begun = time.process_time()
    read_postings(lines, "https://susta.vn/tin-tuc")
    assert time.process_time() - begun < 5
