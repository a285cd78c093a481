"""The day an article says it is about: what is one, and what looks like one and is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, DateKind
from scraper.extract import extract
from scraper.extract.dates import dateline, dateline_below, document_day, lone_day, posted_line

PROSE = (
    "Bà con trong bản vẫn quen làm theo kinh nghiệm, nên việc thay đổi cách canh tác cần thời gian và những mô hình.",
    "Theo các chuyên gia, muốn giữ được giá bán ổn định thì khâu bảo quản sau thu hoạch phải được đầu tư ngay.",
)
HELD = "Hội Làm vườn tỉnh tổ chức lớp tập huấn ghép cành."


def day_of(opening: str) -> str | None:
    found = dateline(opening)
    return found.iso if found else None


def article(*texts: str) -> Article:
    body = "".join(f"<p>{text}</p>" for text in texts)
    html = f"<title>Tin từ cơ sở</title><h1>Tin từ cơ sở hội vùng cao</h1><p>Lượt xem: 5</p>{body}<div>Đăng nhập</div>"
    outcome = extract(html.encode(), "https://susta.vn/tin-tuc/tin-tu-co-so-hoi-vung-cao-20001", "text/html")
    assert isinstance(outcome, Article), outcome
    return outcome


# What is no dateline


@pytest.mark.parametrize(
    "opening",
    [
        "Ngày 27/11/2023, Luật Căn cước được Quốc hội khóa XV thông qua, gồm 7 chương, 46 điều.",
        "Ngày 27/11/2023, tại kỳ họp thứ sáu, Luật Căn cước được thông qua với đa số tán thành.",
        "Sáng 27/11/2023, với 90% đại biểu tán thành, Quốc hội biểu quyết thông qua Luật Viễn thông.",
        "Tại Kỳ họp bất thường, ngày 18/01/2024, Quốc hội đã thông qua Luật Đất đai (sửa đổi) gồm 16 chương.",
        "Ngày 12/5/2022, Thông tư số 70 của Bộ Tài chính được ban hành.",
        "Ngày 27/11/2023, Bộ Tài chính có Thông tư số 70 hướng dẫn thu phí cấp mã số vùng trồng.",
        "Ngày 27/11/2023, Bộ trưởng Bộ Y tế ký Thông tư số 22 quy định giá khám bệnh.",
        "Ngày 27/11/2023, Chủ tịch nước ký Lệnh công bố Luật Căn cước.",
        "Chiều 31/3/2022, Thủ tướng Chính phủ đã ký Quyết định số 411/QĐ-TTg phê duyệt Chiến lược.",
        "Ngày 03/8/2010, Ban Bí thư ra Thông báo kết luận số 353 về đề án.",
        "Ngày 12/5/2022, Nghị quyết của Ban Thường vụ chỉ rõ ba khâu đột phá.",
        "Ngày 12/5/2014, Hội được UBND tỉnh cho phép thành lập với 78 hội viên.",
    ],
)
def test_the_day_a_law_or_a_circular_was_made_is_no_dateline(opening: str) -> None:
    assert day_of(opening) is None


@pytest.mark.parametrize(
    "opening",
    [
        "Ngày 12/5/2022, Luật gia Lò Văn Hặc tới thăm trường.",
        "Ngày 12/5/2022, Hội Luật gia tổ chức tuyên truyền Luật Căn cước được Quốc hội thông qua.",
        "Ngày 12/5/2022, Liên hiệp hội tổ chức hội thảo góp ý dự thảo Luật Đất đai.",
        "Ngày 12/5/2022, Hội Nữ trí thức công bố quyết định thành lập chi hội mới.",
        "Ngày 12/5/2022, Thủ tướng Chính phủ đến thăm Trường Đại học Tây Bắc.",
        "Ngày 12/5/2022, hai đơn vị ký kết chương trình phối hợp.",
    ],
)
def test_news_that_names_a_law_or_a_decision_has_its_dateline(opening: str) -> None:
    assert day_of(opening) == "2022-05-12"


@pytest.mark.parametrize(
    "next_words",
    [
        "Mười năm qua, hai bên đã làm được nhiều việc.",
        "Gần mười năm trôi qua, vườn mận đã thành rừng.",
        "Từ đó đến nay, các bản có nhiều cách gìn giữ di sản.",
        "Năm năm sau, ông đã có chiếc thuyền mới.",
        "Sau năm năm thực hiện nghị quyết, hội đã lớn mạnh.",
        "Nhìn lại hai năm chống dịch, có thể rút ra nhiều bài học.",
        "Đến nay đã tròn 10 năm.",
    ],
)
def test_a_paragraph_that_looks_back_opens_with_history(next_words: str) -> None:
    assert day_of(f"Ngày 15/6/2013, hai bên ký quy chế phối hợp. {next_words}") is None


def test_a_report_of_an_anniversary_may_look_back() -> None:
    told = "Ngày 12/5/2022, Hội Luật gia tổ chức hội nghị tổng kết 5 năm. Sau 5 năm thực hiện, việc gì cũng rõ."
    assert day_of(told) == "2022-05-12"


def test_thenceforth_after_an_event_is_a_consequence_and_after_a_change_history() -> None:
    assert day_of(f"Ngày 12/5/2022, {HELD} Từ đó, hội viên nắm được quy trình.") == "2022-05-12"
    assert day_of("Ngày 1/7/2025, đường điện về bản. Từ đó, cuộc sống đổi thay.") is None
    assert day_of("Ngày 1/7/2025, chính quyền hai cấp chính thức vận hành, trí thức đứng trước yêu cầu mới.") is None


def test_in_years_before_the_site_only_an_event_is_news() -> None:
    assert day_of("Ngày 02/12/2008, công trình khởi công, hàng vạn người dân nhường đất cho dòng điện.") is None
    assert day_of("Ngày 02/12/2008, Liên hiệp hội tổ chức đại hội.") == "2008-12-02"


@pytest.mark.parametrize(
    "opening",
    [
        "“Ngày 12/5/2012 tôi về nhận công tác, hôm ấy mưa to lắm”, chị Hạng Thị Say mở đầu câu chuyện.",
        '"Ngày 12/5/2022, tôi được kết nạp", anh Páo nói.',
        "Ngày 12/5/2022, tôi được kết nạp Đảng”, anh Páo nói.",
        "Ngày 12/5/2012 tôi về nhận công tác ở xã này, hôm ấy mưa to lắm, chị Hạng Thị Say kể lại.",
    ],
)
def test_what_a_speaker_tells_is_no_dateline(opening: str) -> None:
    assert day_of(opening) is None


@pytest.mark.parametrize(
    "opening",
    [
        "Từ ngày 12/5/2022, mức phí mới được áp dụng đối với các cơ sở chế biến nông sản.",
        "Từ 7 giờ ngày 12/5/2022, cuộc thi mở cổng đăng ký.",
        "Từ ngày 12/5/2022 đến ngày 30/5/2022, Ban Tổ chức nhận hồ sơ dự thi của các tác giả.",
        "Từ ngày 1/7 đến ngày 31/7/2022, thí sinh đăng ký dự thi trên trang của hội.",
        "Ngày 01/8/2024, Luật Đất đai (sửa đổi) chính thức có hiệu lực thi hành.",
        "Hạn nộp: ngày 12/5/2022.",
        "Sau ngày 12/5/2022, hồ sơ không được nhận.",
        "Đến sáng ngày 12/5/2022, toàn tỉnh ghi nhận 40 ca.",
    ],
)
def test_validity_and_windows_are_no_datelines(opening: str) -> None:
    assert day_of(opening) is None


@pytest.mark.parametrize(
    "opening",
    [
        "Theo Công văn số 20-CV/TU, ngày 03/5/2022, Hội Làm vườn tổ chức góp ý.",
        "Tại Quyết định ngày 12/5/2022, UBND tỉnh giao hội chủ trì.",
        "Theo báo cáo của Sở, ngày 12/5/2022, toàn tỉnh tổ chức 3 lớp tập huấn.",
        "Hội Tin học tỉnh được thành lập ngày 11/8/2006 theo Quyết định số 1890/QĐ-UBND, hiện có 320 hội viên.",
        "Hội Làm vườn đã tổ chức đại hội lần thứ nhất vào ngày 14/4/2013 tại Mai Sơn.",
        "Liên hiệp hội sẽ tổ chức hội nghị vào ngày 14/4/2023 tại hội trường.",
        "Hưởng ứng Ngày Môi trường thế giới, 5/6/2022, hội tổ chức ra quân.",
        "Nhân kỷ niệm 10 năm ngày thành lập hội (12/5/2012 - 12/5/2022), các chi hội tổ chức nhiều hoạt động.",
        "Ngày 12/5, 2022 đoàn viên ra quân trồng cây.",
        "Ngày 12 tháng 5, 2022 cây sơn tra được trồng.",
        "Ngày mùng 10 tháng 3 năm 2022 âm lịch, bản Mòng mở hội.",
        "Ngày 10 tháng Giêng năm 2022, bản Mòng mở hội.",
        "Sơn La, ngày 12/5/2022",
    ],
)
def test_cited_days_lunar_days_and_numbers_are_no_datelines(opening: str) -> None:
    assert day_of(opening) is None


# What is a dateline


@pytest.mark.parametrize(
    ("opening", "evidence"),
    [
        ("Ngày mùng 12/5/2022", "Ngày mùng 12/5/2022"),
        ("Ngày mồng 12 tháng 5 năm 2022", "Ngày mồng 12 tháng 5 năm 2022"),
        ("Trong hai ngày mùng 11 và mùng 12/5/2022", "Trong hai ngày mùng 11 và mùng 12/5/2022"),
        ("Ngày 12 tháng 5/2022", "Ngày 12 tháng 5/2022"),
        ("Ngày 12/5 năm 2022", "Ngày 12/5 năm 2022"),
        ("Ngày12/5/2022", "Ngày12/5/2022"),
        ("Ngày 12 tháng Năm năm 2022", "Ngày 12 tháng Năm năm 2022"),
        ("Sáng thứ Năm (12/5/2022)", "Sáng thứ Năm (12/5/2022)"),
        ("Trong 3 ngày (10 - 12/5/2022)", "Trong 3 ngày (10 - 12/5/2022)"),
        ("Vừa qua (ngày 12/5/2022)", "ngày 12/5/2022"),
        ("Sáng mùng 9 tháng Giêng (tức ngày 12/5/2022)", "Sáng mùng 9 tháng Giêng (tức ngày 12/5/2022)"),
        ("Lúc 8 giờ ngày 12/5/2022", "Lúc 8 giờ ngày 12/5/2022"),
        ("Đúng 7 giờ 30 phút sáng 12/5/2022", "Đúng 7 giờ 30 phút sáng 12/5/2022"),
        ("8h30 ngày 12/5/2022", "8h30 ngày 12/5/2022"),
        ("Diễn ra từ ngày 10 đến ngày 12 tháng 5 năm 2022", "từ ngày 10 đến ngày 12 tháng 5 năm 2022"),
        ("Sau 10 ngày (từ 03/5 đến 12/5/2022)", "10 ngày (từ 03/5 đến 12/5/2022)"),
        ("Từ ngày 10/5/2022 đến ngày 12/5/2022", "Từ ngày 10/5/2022 đến ngày 12/5/2022"),
        ("Trong không khí cả nước hướng tới năm học mới, sáng ngày 12/5/2022", "sáng ngày 12/5/2022"),
        ("Theo Kế hoạch số 12/KH-LHH, ngày 12/5/2022", "ngày 12/5/2022"),
        ("Hưởng ứng lời kêu gọi của tỉnh, sáng 12/5/2022", "sáng 12/5/2022"),
        ("huyện Mai Sơn, ngày 12/5/2022", "ngày 12/5/2022"),
    ],
)
def test_the_ways_a_dateline_is_written(opening: str, evidence: str) -> None:
    found = dateline(f"{opening}, {HELD}")
    assert found is not None
    assert (found.iso, found.evidence) == ("2022-05-12", evidence)


def test_an_event_may_stand_before_its_day() -> None:
    found = dateline("Liên hiệp hội đã tổ chức lễ khen thưởng hội viên vào ngày 14/4/2023 tại hội trường cơ quan.")
    assert found is not None
    assert (found.iso, found.evidence) == ("2023-04-14", "vào ngày 14/4/2023")


def test_a_brief_first_paragraph_has_its_dateline() -> None:
    assert article("Ngày 12/5/2022, hội mở lớp.", *PROSE).date == "2022-05-12"
    assert article("Ngày 12/5/2022: Đại hội lần hai", *PROSE).date is None


def test_a_dateline_stands_below_a_plain_lead_of_one_sentence() -> None:
    lead = "Lần đầu tiên, học sinh tiểu học được tự tay lắp rô-bốt trong một ngày hội."
    told = "Ngày 02/12/2023, trường Tiểu học Quyết Thắng tổ chức ngày hội STEM với 18 gian trải nghiệm."
    assert article(lead, told, *PROSE).date == "2023-12-02"
    assert dateline_below("Hội có bề dày truyền thống.", told) is None
    assert dateline_below(lead, "Ngày 12/5/2012, hội tổ chức đại hội lần thứ nhất.") is None
    assert dateline_below(lead, "Trước đó, ngày 03/5/2021, Ban Thường vụ đã họp bàn.") is None
    assert dateline_below(f"{lead} {PROSE[0]}", told) is None


# Documents and lines


def test_a_documents_own_day_stands_on_top_or_above_the_signature() -> None:
    line = "Sơn La, ngày 14 tháng 6 năm 2022"
    on_top = article(line, *PROSE)
    assert (on_top.date, on_top.date_kind, on_top.date_evidence) == ("2022-06-14", DateKind.DOCUMENT, line)
    for signature in ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH LIÊN HIỆP HỘI", "BAN TỔ CHỨC"):
        found = document_day([*PROSE, *PROSE, line, signature, "Hoàng Thị Duyên"])
        assert found is not None
        assert found.iso == "2022-06-14"
    assert document_day([*PROSE, *PROSE, line, "Hoàng Thị Duyên"]) is None
    assert document_day([*PROSE, *PROSE, line, *PROSE, *PROSE, *PROSE, *PROSE, "CHỦ TỊCH"]) is None
    assert document_day(["Hà Nội, ngày 15 tháng 10 năm 1968", *PROSE]) is None
    assert document_day(["Hạn nộp, ngày 14 tháng 6 năm 2022", *PROSE]) is None


@given(st.text(alphabet="0123456789/.-–, ()ngàythángnămsáuvàđếntừmùg“”;:h\n", max_size=300))
def test_no_heap_of_the_words_of_days_breaks_the_readers(text: str) -> None:
    for reader in (dateline, lone_day, posted_line):
        reader(text)
    document_day([text])


@pytest.mark.parametrize(
    "piece", ["12, ", "ngày ", "(", "1/1/2020 ", "ký quyết định ", "hai ", "số 12, ngày 1/1/2020 ", ". "]
)
def test_hostile_paragraphs_take_no_time(piece: str) -> None:
    begun = time.process_time()
    for opening in ("", "Theo ", "Hội đã tổ chức "):
        dateline(opening + piece * 100_000)
        dateline(f"{opening}{piece * 40}12/5/2022, {piece * 100_000}")
        dateline_below(piece * 100_000, piece * 100_000)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Từ ngày 01/01/2022 đến ngày 31/12/2022, các hội đã kết nạp hơn hai trăm hội viên.", None),
        ("Từ ngày 01/01/2015 đến 31/12/2020, toàn tỉnh đã trồng mới hàng nghìn héc ta rừng.", None),
        ("Từ 01/01/2022 - 30/6/2022, trung tâm đã xử lý hơn một nghìn mẫu nước.", None),
        ("Từ ngày 05/01 đến ngày 09/6/2022, Hội đã tổ chức các lớp tập huấn.", None),
        ("Từ ngày 5/6 đến ngày 9/6/2022, Hội đã tổ chức lớp tập huấn.", "2022-06-09"),
        ("Từ ngày 28/5/2022 đến ngày 02/6/2022, Hội đã tổ chức lớp tập huấn.", "2022-06-02"),
    ],
)
def test_a_time_that_is_reported_of_is_no_event_of_some_days(opening: str, day: str | None) -> None:
    assert day_of(opening) == day


@pytest.mark.parametrize(
    "opening",
    ["Ngày 12/5/2015 là ngày không thể quên đối với gia đình ông.", "Ngày 02/9/2022 là Quốc khánh lần thứ 77."],
)
def test_a_day_that_is_told_of_is_no_dateline(opening: str) -> None:
    assert day_of(opening) is None


@pytest.mark.parametrize(
    "opening",
    [
        "Ngày 12/3/2023, là ngày làm việc thứ hai, đoàn công tác đã đến thăm bản Nà.",
        "Sáng 12/3/2023 là buổi khai mạc hội thi, Hội đã tổ chức đón các đoàn.",
    ],
)
def test_a_day_on_which_something_was_held_is_one(opening: str) -> None:
    assert day_of(opening) == "2023-03-12"


def test_a_part_of_a_day_is_the_news_and_not_the_document_named_before_it() -> None:
    plan = "Thực hiện Kế hoạch số 12/KH-LHH ngày 10/01/2022, sáng 20/4/2022 Hội đã tổ chức hội thảo."
    assert day_of(plan) == "2022-04-20"
