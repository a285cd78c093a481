"""Pages that are no articles, with the reason; and what a listing says of other pages."""

import pytest
from small import FRAME, PROSE, URL, page, paragraphs, uncounted

from archive.records import Article, Refusal, RefusalReason
from scraper.extract import extract, read


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"", "text/html", RefusalReason.EMPTY),
        (b"  \n", "text/html", RefusalReason.EMPTY),
        (b"%PDF-1.7 \x00\x01", "text/html", RefusalReason.BINARY),
        (b"\x89PNG\r\n\x1a\n", "text/html", RefusalReason.BINARY),
        (b"<p>x</p>", "application/pdf", RefusalReason.NOT_HTML),
        (b"just words", "text/html", RefusalReason.NOT_HTML),
        (b"<div></div>", "text/html", RefusalReason.EMPTY_SHELL),
        (page("", after="<p>x</p>"), "text/plain", RefusalReason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(body: bytes, kind: str, reason: RefusalReason) -> None:
    outcome = extract(body, URL, kind)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is reason


def test_not_found_with_status_200_is_refused() -> None:
    html = "<title>Thông báo</title><h1>Thông báo</h1><p>Trang bạn tìm không tồn tại hoặc đã bị xóa.</p>" + FRAME
    outcome = extract(html.encode(), URL, "text/html")
    assert isinstance(outcome, Refusal)
    assert outcome.reason is RefusalReason.NOT_FOUND


def test_a_day_goes_with_the_title_in_its_own_box_wherever_it_stands() -> None:
    def box(n: int, day: str, link: str) -> str:
        return f"<div>{day}<h3><a href='/tin-tuc/bai-so-{n}-2000{n}'>Bài số {n} của hội</a></h3>{link}</div>"

    bare = "".join(box(n, "", "") for n in range(1, 4))
    first = "".join(
        box(n, f"<p>0{n}/12/2021</p>", f"<a href='/tin-tuc/bai-so-{n}-2000{n}'>Đọc tiếp</a>") for n in (4, 5)
    )
    reading = read(f"<h1>Tin</h1>{bare}{first}".encode(), "https://susta.vn/tin-tuc", "text/html")
    assert {p.site_id: p.date for p in reading.postings} == {20004: "2021-12-04", 20005: "2021-12-05"}


def test_an_item_whose_link_carries_a_session_is_an_item() -> None:
    items = "".join(
        f"<h3><a href='/tin-tuc/bai-so-{n}-2000{n};jsessionid=AB12{n}'>Bài số {n} của hội</a> (0{n}/12/2021)</h3>"
        for n in range(1, 4)
    )
    reading = read(f"<h1>Tin</h1>{items}".encode(), "https://susta.vn/tin-tuc", "text/html")
    assert {p.url: p.date for p in reading.postings} == {
        f"https://susta.vn/tin-tuc/bai-so-{n}-2000{n}": f"2021-12-0{n}" for n in range(1, 4)
    }


def test_a_listing_of_one_item_with_a_counter_is_a_listing() -> None:
    item = "<h3><a href='/tu-lieu-sub/mot-bai-duy-nhat-30001'>Một bài duy nhất</a></h3><p>Lượt xem: 12</p>"
    html = f"<title>Tư liệu</title><h1>Tư liệu sub</h1>{item}<p>{PROSE[0]}</p>{FRAME}"
    outcome = extract(html.encode(), "https://susta.vn/tu-lieu-sub", "text/html")
    assert isinstance(outcome, Refusal)
    assert outcome.reason is RefusalReason.LISTING


def test_a_listing_gives_the_days_it_posts() -> None:
    items = "".join(
        f"<h3><a href='/tin-tuc-su-kien/bai-so-{n}-2000{n}'>Bài số {n} của hội</a></h3><span>0{n}/12/2021</span>"
        "<p>Ngày 1/1/2020, …</p>"
        for n in range(1, 6)
    )
    reading = read(f"<h1>Tin tức sự kiện</h1>{items}".encode(), "https://susta.vn/tin-tuc-su-kien", "text/html")
    assert isinstance(reading.outcome, Refusal)
    assert reading.outcome.reason is RefusalReason.LISTING
    assert sorted((p.site_id, p.date) for p in reading.postings) == [(20000 + n, f"2021-12-0{n}") for n in range(1, 6)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div id=app><p>Đang tải dữ liệu…</p></div>", RefusalReason.EMPTY_SHELL),
        ("<p>Chưa có bài viết nào trong chuyên mục này.</p>", RefusalReason.LISTING),
        ("<p>Đẹp: 120 phiếu (60%)</p><p>Xấu: 80 phiếu (40%)</p><p>Tổng số phiếu: 200</p>", RefusalReason.FORM),
        ("<p>Tên đăng nhập của bạn</p><input><p>Mật khẩu của bạn</p><input type=password>", RefusalReason.FORM),
        (
            "<p>Trang này và các đối tác lưu cookie trên thiết bị để nhớ lựa chọn của bạn.</p><button>Đồng ý</button>",
            RefusalReason.FORM,
        ),
        ("<p>Nội dung này đã bị xóa.</p>", RefusalReason.NOT_FOUND),
    ],
)
def test_what_says_hardly_anything_at_an_articles_address_is_none(body: str, reason: RefusalReason) -> None:
    outcome = uncounted(body)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is reason


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Hỏi đáp", paragraphs("Hỏi: " + PROSE[0], "Đáp: " + PROSE[1])),
        ("Góp ý", paragraphs(*PROSE, PROSE[0])),
        ("Cảnh báo lừa đảo chiếm đoạt mật khẩu", "<p>Không đưa mật khẩu cho bất cứ ai.</p>"),
        ("Hướng dẫn đăng nhập", "<p>Bước 1: Nhập tên đăng nhập.</p><p>Bước 2: Nhập mật khẩu.</p>"),
        (
            "Cookie là gì",
            paragraphs(
                "Cookie là mẩu dữ liệu lưu ở máy người đọc.", "Đồng ý hay từ chối là quyền của mỗi người.", *PROSE
            ),
        ),
        ("Kết quả sản xuất", paragraphs(PROSE[0], "Cà phê: tăng 12%", "Mận hậu: tăng 8%")),
    ],
)
def test_an_article_may_speak_of_what_visitors_are_asked(title: str, body: str) -> None:
    assert isinstance(uncounted(body, title=title), Article)
