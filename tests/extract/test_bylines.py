"""Who wrote an article and who is only named in it, each rule on the smallest page that shows it, and its trap."""

import pytest
from small import PROSE, article, ending, has_none, lines_of, right

from archive.records import BylineRole
from scraper.extract.byline import find_byline

AUTHOR = BylineRole.AUTHOR


def centred(text: str) -> str:
    return f"<p align=center>{text}</p>"


# Lists of names


@pytest.mark.parametrize(
    "above",
    [
        ("Giải Nhất", "Lò Văn Ính", "Giải Nhì"),
        ("Các hộ được hỗ trợ gồm:", "Lò Văn Tám"),
        ("Đại hội đã bầu Ban Chấp hành gồm các ông, bà có tên sau:", "Hà Thị Vui", "Mùa A Súa"),
        ("Ba hội viên được trao huy hiệu đợt này là", "Nguyễn Viết Tấn", "Cầm Thị Inh"),
        ("Có tên dưới đây.",),
        ("<p><b>Giải Khuyến khích</b></p>",),
        ("<h3>Hộ tiêu biểu</h3>",),
    ],
)
def test_the_last_name_of_a_list_is_no_byline(above: tuple[str, ...]) -> None:
    assert has_none(ending(*above, "Cầm Văn Đông"), "Cầm Văn Đông")


def test_a_name_set_apart_below_a_list_of_names_is_a_byline() -> None:
    got = ending("Các hộ được hỗ trợ gồm:", "Lò Văn Tám", "Cà Thị Ón", right("Hải Thành"))
    assert (got.byline, got.body[-1]) == ("Hải Thành", "Cà Thị Ón")


@pytest.mark.parametrize("face", ["<p style='text-align:right'>{}</p>", "<p><b>{}</b></p>", "<p><i>{}</i></p>"])
def test_two_names_set_apart_below_prose_are_two_authors(face: str) -> None:
    got = ending(face.format("Hải Thành"), face.format("Minh Thu"))
    assert (got.byline, got.body) == ("Hải Thành, Minh Thu", PROSE)


@pytest.mark.parametrize("item", ["- Vừ Thị Dua", "+ Lò Văn Tám", "1. Lò Văn Tám", "- Ông Sùng A Khua - Tổ trưởng"])
def test_an_item_is_no_byline(item: str) -> None:
    assert ending(item).byline is None
    assert article(item, *PROSE).byline is None


@pytest.mark.parametrize("last", ["- Hải Thành -", "– Hải Thành –", "* Hải Thành", "(Hải Thành)", "[Hải Thành]"])
def test_a_name_within_marks_is_a_byline_without_them(last: str) -> None:
    got = ending(last)
    assert (got.byline, got.body) == ("Hải Thành", PROSE)


def test_a_name_below_a_list_of_things_is_a_byline() -> None:
    assert ending("- Phủ màng", "- Tưới nhỏ giọt từ đầu vụ đến cuối vụ", "Hải Thành").byline == "Hải Thành"


def test_a_list_at_the_top_is_no_byline() -> None:
    names = ("Lò Văn Ính", "Hà Thị Vui", "Mùa A Súa", "Bùi Quang Huy", "Cầm Thị Inh")
    assert article(*names, *PROSE).byline is None
    assert article("Ban Chấp hành gồm:", *names[:2], *PROSE).byline is None
    assert article(*names[:3]).byline is None


@pytest.mark.parametrize("prize", ["Giải Ba", "Giải Khuyến Khích", "Hạng Nhất"])
def test_a_prize_and_what_won_it_are_no_byline(prize: str) -> None:
    won = "“Bản không khói”, tác giả Lò Hương"
    assert has_none(ending(f"<p><b>{prize}</b></p>", won), prize, won)


def test_poems_of_several_authors_have_no_one_author() -> None:
    first = (
        "<p><b>Xuân bản Mòng</b></p>",
        "Hoa đào nở sớm bên hiên,",
        "Tiếng khèn ai thổi gọi miền nhớ thương.",
        "Lò Cao",
    )
    second = (
        "<p><b>Đêm hội</b></p>",
        "Vòng xòe nối mãi không thôi,",
        "Trăng lên đỉnh núi, trăng ngồi đợi ai.",
        "Trần Mỹ",
    )
    got = article(*first, *second)
    assert got.byline is None
    assert {"Lò Cao", "Trần Mỹ"} <= set(got.body)
    assert article(*second).byline == "Trần Mỹ"


# Signatures


@pytest.mark.parametrize(
    "head",
    [
        ("TRƯỞNG BẢN",),
        ("THƯ KÝ",),
        ("NGƯỜI LÀM ĐƠN", "(Ký, ghi rõ họ tên)"),
        ("NGƯỜI BÁO CÁO",),
        ("T/M BAN CHẤP HÀNH",),
        ("TM. BAN CHẤP HÀNH", "Lần thứ nhất"),
        ("TUQ. CHỦ TỊCH",),
        ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
        ("Chủ tịch",),
        ("Chủ tịch", "(Đã ký)"),
        ("Phó Chủ tịch Hội Làm vườn",),
        ("CHỦ NHIỆM CÂU LẠC BỘ",),
        ("Người lập biểu",),
        ("Nơi nhận: - Như trên; - Lưu VP.", "Văn phòng"),
    ],
)
@pytest.mark.parametrize("face", ["<p>{}</p>", "<p align=center>{}</p>", "<p align=right><b>{}</b></p>"])
def test_who_signs_a_document_is_no_author(head: tuple[str, ...], face: str) -> None:
    assert ending(*(face.format(line) for line in (*head, "Lò Văn Tám"))).byline is None


def test_a_name_above_the_office_in_capitals_is_a_signature() -> None:
    assert ending("Lò Văn Tám", "CHỦ TỊCH").byline is None


@pytest.mark.parametrize(
    "above",
    [
        "Chủ tịch hội đã giao việc cho từng chi hội, nhờ vậy vườn mẫu nào cũng có người trông.",
        "<p><b>Người giữ lửa ở bản Nà</b></p><p>Ngọn lửa ấy còn cháy.</p>",
        "<p><b>NGƯỜI GIỮ LỬA Ở BẢN NÀ</b></p><p>Ngọn lửa ấy còn cháy.</p>",
        "<p><b>Chủ tịch Hồ Chí Minh nói: cán bộ là gốc</b></p><p>Lời ấy còn vang.</p>",
        "Người viết",
        "TMĐT giúp bà con bán quả.",
    ],
)
def test_offices_in_prose_and_headings_sign_nothing(above: str) -> None:
    assert ending(above, "Hải Thành").byline == "Hải Thành"


# Persons that an article tells of


@pytest.mark.parametrize(
    "quotation",
    [
        "“Việc gì có lợi cho dân, ta phải hết sức làm.”",
        "Bác dạy: “Học, học nữa, học mãi.”",
        "Đường lên Tây Bắc xa vời,",
        "“Có tài mà không có đức là người vô dụng",
    ],
)
def test_a_name_below_a_quotation_at_the_top_is_the_quotations(quotation: str) -> None:
    assert article(quotation, "Lò Văn Mười", *PROSE).byline is None


def test_the_author_may_stand_below_a_quotation_and_its_source() -> None:
    got = article("“Việc gì có lợi cho dân, ta phải hết sức làm.”", "Hồ Chí Minh", "TS. Cà Thị Hoan", *PROSE)
    assert got.byline == "TS. Cà Thị Hoan"


def test_a_title_that_quotes_is_no_quotation() -> None:
    assert article("“Xuân về trên bản”", "TS. Cà Thị Hoan", *PROSE).byline == "TS. Cà Thị Hoan"
    assert article("Hội thảo “Bảo tồn nhà sàn”", "TS. Cà Thị Hoan", *PROSE).byline == "TS. Cà Thị Hoan"


def test_words_quoted_last_are_signed_by_whose_they_are() -> None:
    assert has_none(ending("“Học, học nữa, học mãi.”", "V.I. Lênin"), "V.I. Lênin")
    assert has_none(ending("“Rừng là vàng.”", "Lò Văn Mười"), "Lò Văn Mười")
    assert ending("“Rừng là vàng”, ông Mười nói.", "Hải Thành").byline == "Hải Thành"


@pytest.mark.parametrize("name", ["Hồ Chí Minh", "Võ Nguyên Giáp", "Tô Hiệu"])
def test_nobody_of_history_is_an_author(name: str) -> None:
    assert ending(name).byline is None
    assert article(name, *PROSE).byline is None


def test_who_is_named_in_the_title_is_no_author() -> None:
    lines = lines_of("Lò Văn Mười", *PROSE)
    assert find_byline(lines, frozenset(), "Chân dung nhà giáo Lò Văn Mười") is None
    assert find_byline(lines_of(*PROSE, "Lò Văn Mười"), frozenset(), "Ông LÒ VĂN MƯỜI và cây đàn") is None
    found = find_byline(lines, frozenset(), "Chân dung nhà giáo Lò Văn Mườn")
    assert found is not None
    assert found.name == "Lò Văn Mười"


def test_who_is_portrayed_below_the_name_is_no_author() -> None:
    life = "Sinh năm 1941 tại xã Chiềng Ly, huyện Thuận Châu; dân tộc Thái; Nhà giáo Ưu tú."
    assert article("Lò Văn Mười", life, *PROSE).byline is None
    assert article("Lò Văn Mười", f"Sinh năm 1941, ông Tám {PROSE[0].lower()}", *PROSE).byline == "Lò Văn Mười"


@pytest.mark.parametrize("asks", ["Du khách dừng chân lâu nhất trước một cái tên:", "Người đạt giải Nhất là"])
def test_an_answer_is_no_byline(asks: str) -> None:
    assert has_none(ending(asks, "Bùi Văn Nọi"), "Bùi Văn Nọi")


@pytest.mark.parametrize("prose", ["Nghề ấy được truyền lại cho đời sau.", "Mời xem hình ảnh:<br><img src=/a.jpg>"])
def test_what_asks_nothing_is_answered_by_nobody(prose: str) -> None:
    assert ending(prose, "Hải Thành").byline == "Hải Thành"


@pytest.mark.parametrize("name", ["Ông Sùng A Khua", "Bà Lò Thị Piếng", "Đồng chí Cầm Văn Yến", "Anh Lò Văn Tám"])
def test_nobody_signs_as_spoken_of(name: str) -> None:
    assert has_none(ending(name), name)


def test_pen_names_may_open_like_a_form_of_address() -> None:
    assert ending("Anh Thư").byline == "Anh Thư"


def test_the_author_of_a_work_that_is_described_is_not_the_articles() -> None:
    works = ("<p><b>Máy bóc bẹ ngô</b></p>", "Tác giả: Lò Văn Minh", "Máy chạy bằng mô-tơ nhỏ, bóc được 80 kg một giờ.")
    assert article(*works, *PROSE).byline is None
    again = ("Thùng rác biết nói", "Tác giả: Hoàng Gia Bảo", PROSE[0])
    assert article("Máy bóc bẹ ngô", "Tác giả: Lò Văn Minh", PROSE[1], *again).byline is None
    assert ending("Tác giả: Lò Văn Minh, học sinh lớp 9A").byline is None
    assert article("Tác giả: Lò Văn Minh", *PROSE).byline == "Lò Văn Minh"


def test_the_author_of_a_book_that_is_presented_is_not_the_articles() -> None:
    book = "Nhà xuất bản vừa ra mắt cuốn sách dày 320 trang về tục lệ người Thái đen."
    assert has_none(article(book, *PROSE, "Tác giả: Lò Xuân Dừa"), "Tác giả: Lò Xuân Dừa")
    assert article(book, *PROSE, right("Tác giả: Lò Xuân Dừa")).byline == "Lò Xuân Dừa"


# Places, days, sayings


@pytest.mark.parametrize(
    "last",
    [
        "Sông Đà",
        "Tà Xùa",
        "Nà Sản",
        "Hua La",
        "Lào Cai",
        "Tân Lập",
        "Trung Thu",
        "Quế Lâm",
        "Chiều Mộc Châu",
        "Xuân Hè",
    ],
)
def test_places_and_sayings_are_no_bylines(last: str) -> None:
    assert has_none(ending(last), last)


def test_a_short_unfinished_line_above_makes_a_list_of_an_unknown_name() -> None:
    assert has_none(ending("Ngẫu hứng Mường La", "Ngàn Thương"), "Ngàn Thương")
    assert ending("Ngàn Thương").byline == "Ngàn Thương"


def test_a_name_that_is_also_a_place_is_a_byline_where_it_is_set_as_one() -> None:
    assert ending(right("Thái Bình")).byline == "Thái Bình"
    assert ending("Thái Bình").byline is None


@pytest.mark.parametrize(
    "below", ["Mộc Châu, 12/3/2023", "Sốp Cộp, tháng 3/2021", "Sơn La, mùa xuân 2022", "Tháng 5 năm 2020"]
)
def test_where_and_when_it_was_written_hides_no_author_and_is_no_affiliation(below: str) -> None:
    got = ending("Hoàng Lương", below)
    assert (got.byline, got.affiliation) == ("Hoàng Lương", None)
    assert below in got.body


def test_a_last_sentence_that_ends_in_a_year_is_no_such_line() -> None:
    assert ending("Hoàng Lương", "Dự án kết thúc năm 2023.").byline is None


# Names as they are printed


# Leads


# Affiliations


# Collective bylines


# Hostile text


# Names and titles


@pytest.mark.parametrize("name", ["Tráng A Chu", "TRÁNG A CHU"])
def test_a_name_that_differs_from_a_control_by_its_marks_is_kept(name: str) -> None:
    assert (ending(name).byline, ending(name).body) == (name, PROSE)
    assert article(name, *PROSE).byline == name
    assert (ending("Trang chủ").byline, ending("Trang chủ").body) == (None, PROSE)


@pytest.mark.parametrize(
    "name",
    [
        "Trung úy Lò Thị Diệu",
        "Trung uý Lò Thị Diệu",
        "Trung tướng Vì Văn An",
        "Thượng sĩ Lò Văn Ún",
        "ĐẠI TÁ VÌ VĂN AN",
        "Bác sỹ chuyên khoa II Tòng Thị Kiên",
        "BS chuyên khoa II Tòng Thị Kiên",
        "NCS. Lò Mai Cương",
        "GVC. ThS. Lò Mai Cương",
        "GVCC. TS. Cao Thị Hậu",
    ],
)
def test_ranks_and_degrees_stand_before_a_name(name: str) -> None:
    assert (ending(name).byline, ending(name).body) == (name, PROSE)


def test_a_battle_is_no_author() -> None:
    assert has_none(ending(right("Điện Biên Phủ")), "Điện Biên Phủ")


@pytest.mark.parametrize(
    "tail",
    [", ngày 12/3/2022", " ngày 12/3/2022", " (12/3/2022)", ", số ra ngày 12/3/2022", ", ngày 12/3", " số 1234", ""],
)
def test_the_day_and_number_of_a_paper_are_no_part_of_its_name_and_no_day_of_the_article(tail: str) -> None:
    for line in (f"Theo Báo Sơn La{tail}", f"(Theo Báo Sơn La{tail})")[: 1 if ")" in tail else 2]:
        got = ending(line)
        assert (got.byline, got.byline_role, got.body) == ("Báo Sơn La", BylineRole.SYNDICATED, PROSE)
        assert (got.date, article(PROSE[0], line).date) == (None, None)


def test_two_authors_each_with_an_office() -> None:
    names, offices = "TS. Cao Thị Hậu, ThS. Lò Văn Ún", "Trường Đại học Tây Bắc; Sở Khoa học và Công nghệ"
    below = ending("TS. Cao Thị Hậu", "Trường Đại học Tây Bắc", "ThS. Lò Văn Ún", "Sở Khoa học và Công nghệ")
    for mark in (" - ", ", "):
        lines = (f"TS. Cao Thị Hậu{mark}Trường Đại học Tây Bắc", f"ThS. Lò Văn Ún{mark}Sở Khoa học và Công nghệ")
        for got in (below, article(*lines, *PROSE)):
            assert (got.byline, got.affiliation, got.body) == (names, offices, PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "Theo báo cáo ngày 12/3/2023",
        "Theo báo cáo của UBND tỉnh ngày 12/3/2023",
        "Nguồn báo động số 3",
        "Theo đài quan sát ngày 12/3",
        "Theo bản tin dự báo số 12 ngày 3/4/2020",
    ],
)
def test_what_a_report_or_a_station_says_is_no_paper(line: str) -> None:
    assert has_none(ending(line), line)
