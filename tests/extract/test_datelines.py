"""Which day of an article is its dateline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import FRAME, PROSE, URL, article, page, paragraphs

from archive.records import Article, DateKind
from scraper.extract import extract
from scraper.extract.dates import dateline, lone_day, posted_line


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Ngày 07/12/2021, Liên hiệp hội đã làm việc với huyện.", "2021-12-07"),
        ("Ngày 7/3/2022, đoàn công tác tới bản.", "2022-03-07"),
        ("Sáng ngày 26-8-2022, tại hội trường diễn ra lễ trao giải.", "2022-08-26"),
        ("Trong hai ngày 04 và 5/5/2021, Sở tổ chức tập huấn.", "2021-05-05"),
        ("Từ ngày 3 đến ngày 5/6/2020, tại xã Nà Ớt, lớp học được mở.", "2020-06-05"),
        ("Ngày 7 tháng 12 năm 2021, đoàn tới thăm.", "2021-12-07"),
        ("(23/6/2018) Hội Luật gia tổ chức tọa đàm.", "2018-06-23"),
        ("Vừa qua, ngày 10.09.2023, Hội tổ chức lớp học.", "2023-09-10"),
        ("Ngày 22/10/2019 Bộ Chính trị đã ban hành Nghị quyết về phát triển.", None),
        ("Thực hiện Nghị quyết số 27-NQ/TW ngày 08/6/2008 của Ban Chấp hành Trung ương, hội đã họp.", None),
        ("Kể từ ngày 24/6/2015, khi dự án bắt đầu, bà con đã quen.", None),
        ("Ngày 19/8/1945, nhân dân Sơn La giành chính quyền.", None),
        ("Ngày 31/6/2022, không có trong lịch.", None),
        ("Ngày 12/13/2022, tháng mười ba cũng không.", None),
        ("Năm 2021, hội kết nạp thêm hội viên.", None),
    ],
)
def test_datelines_right_or_none(opening: str, day: str | None) -> None:
    found = dateline(opening)
    assert (found.iso if found else None) == day


def test_the_evidence_of_a_day_is_its_words() -> None:
    got = article(paragraphs("Ngày 07/12/2021, Liên hiệp hội đã tới làm việc với bà con.", *PROSE))
    assert (got.date, got.date_kind, got.date_evidence) == ("2021-12-07", DateKind.DATELINE, "Ngày 07/12/2021")


def test_days_of_the_sidebar_never_win() -> None:
    after = FRAME + "<div>Xem &amp; Nghe</div><a href=/v>Sổ hộ khẩu hết giá trị sau ngày 31/12/2022</a>"
    outcome = extract(page(paragraphs(*PROSE), after=after), URL, "text/html")
    assert isinstance(outcome, Article)
    assert outcome.date is None


@given(st.dates(min_value=__import__("datetime").date(2005, 1, 1), max_value=__import__("datetime").date(2040, 1, 1)))
def test_day_comes_before_month(day: object) -> None:
    found = dateline(f"Ngày {day.day}/{day.month}/{day.year}, đoàn tới thăm bản.")  # type: ignore[attr-defined]
    assert found is not None
    assert found.iso == str(day)


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers_of_days(text: str) -> None:
    dateline(text)
    lone_day(text)
    posted_line(text)


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Chào mừng kỷ niệm ngày thành lập Đảng 3/2/2020, các cấp hội tổ chức nhiều hoạt động ở cơ sở.", None),
        ("Chào mừng ngày thành lập Đảng, ngày 1/2/2020, hội tổ chức hội thảo tại huyện Mai Sơn.", "2020-02-01"),
        ("Căn cứ Quyết định số 12/QĐ-UBND, ngày 5/3/2019, của UBND tỉnh, hội tổ chức tập huấn cho bà con.", None),
        ("Thực hiện Kế hoạch số 92/KH-LHH ngày 28/12/2018 của hội, ngày 23/01/2019, hội tổ chức.", "2019-01-23"),
        ("Để kịp tổng kết trước ngày 30/11/2021, hội yêu cầu các đơn vị gửi báo cáo về văn phòng.", None),
        ("Sáng nay (2/6/2024), Hội Luật gia tổ chức hội nghị tại thành phố Sơn La.", "2024-06-02"),
        ("(Sơn La) - Ngày 10/01/2023, Hội Luật gia tổ chức hội nghị tại thành phố Sơn La.", "2023-01-10"),
        ("Trong 02 ngày 25 và 26/8/2022, Hội Làm vườn tỉnh tổ chức tập huấn kỹ thuật tỉa cành.", "2022-08-26"),
    ],
)
def test_a_dateline_after_a_lead_is_told_from_the_days_in_the_lead(opening: str, day: str | None) -> None:
    assert article(paragraphs(opening, *PROSE)).date == day


NEWS = "Ngày 12/5/2022, Hội Làm vườn mở lớp ghép mắt nhãn cho ba mươi hộ dân bản Nà."


@pytest.mark.parametrize(
    "lead",
    [
        "<p>HỘI LÀM VƯỜN ĐƯA KỸ THUẬT MỚI VỀ VỚI BÀ CON VÙNG CAO</p>",
        "<p>HỘI LÀM VƯỜN ĐƯA KỸ THUẬT MỚI VỀ VỚI BÀ CON</p><p>NHIỀU HỘ DÂN HỌC GHÉP MẮT NHÃN NGAY TẠI VƯỜN</p>",
        "<p align=center>Hội Làm vườn đưa kỹ thuật mới về với bà con vùng cao</p>",
    ],
)
def test_the_dateline_stands_below_a_title_in_other_words(lead: str) -> None:
    assert article(f"{lead}<p>{NEWS}</p>").date == "2022-05-12"


def test_a_heading_of_a_history_gives_no_dateline() -> None:
    assert article("<p>Quá trình hình thành và phát triển của trại giống bản Nà</p>", NEWS).date is None
    law = "Ngày 27/11/2023, Luật Căn cước được Quốc hội khóa XV thông qua, gồm 7 chương, 46 điều."
    assert article("<p>MỘT SỐ ĐIỂM MỚI MÀ NGƯỜI DÂN CẦN BIẾT VỀ CĂN CƯỚC</p>", law).date is None


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Sau ba tháng thi công, ngày 5/6/2021, bà con bản Nà khánh thành bể nước.", "2021-06-05"),
        ("Sau gần 2 tuần thu hái, sáng 5/6/2021, hợp tác xã tổ chức họp xã viên.", "2021-06-05"),
        ("Sau 5 năm đàm phán, ngày 11/1/2007, nước ta gia nhập tổ chức này.", None),
        ("Sau 2 tháng thực hiện Chỉ thị số 5 ngày 12/3/2021, các chi hội họp.", None),
        ("Susta.vn - Sáng 5/6/2021, Hội Làm vườn phát động trồng cây.", "2021-06-05"),
        ("vusta.vn: Ngày 5/6/2021, Hội Làm vườn phát động trồng cây.", "2021-06-05"),
        ("Ngày 5/6/2021, Công đoàn ngành đã có công văn kêu gọi quyên góp sách cho trường bản.", "2021-06-05"),
        ("Ngày 5/6/2021, Sở đã có công văn số 45 hướng dẫn thu phí.", None),
        ("Ngày 5/6/2021, Sở đã có công văn đề nghị các huyện báo cáo.", None),
    ],
)
def test_what_may_stand_before_a_dateline_and_what_letter_is_news(opening: str, day: str | None) -> None:
    found = dateline(opening)
    assert (found.iso if found else None) == day
