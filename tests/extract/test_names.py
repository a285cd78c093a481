"""Names, leads, affiliations and desks as they are printed."""

import time

import pytest
from small import PROSE, article, ending, has_none, lines_of, right

from archive.records import BylineRole
from scraper.extract.byline import find_byline
from scraper.extract.names import are_persons, bare, is_desk, is_initials, is_person, read_lead, with_affiliation

AUTHOR = BylineRole.AUTHOR


@pytest.mark.parametrize("text", ["Sơn La", "Kết quả đạt được", "Hội Nông Dân", "Đoàn Thanh niên", "PV", "Năm 2021"])
def test_no_person(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    "text", ["Hải Thành", "PGS.TS. Quàng Đức Đạt", "Giàng A Phương", "LÒ THỊ HAI", "Bạc Xuân Trường"]
)
def test_a_person(text: str) -> None:
    assert is_person(text)


def test_persons_and_leads_do_not_swallow_prose() -> None:
    assert not are_persons("Theo đó, các đại biểu đã thống nhất")
    assert read_lead("Theo đó, các đại biểu đã thống nhất nhiều nội dung") is None
    assert read_lead("Theo báo cáo, năm 2021 toàn tỉnh có 12 dự án") is None


@pytest.mark.parametrize("name", ["Hương Ban", "Ban Mai Hương", "Hoài Bản", "Xuân Trường", "Hồ Xuân Trường"])
def test_a_word_for_organisations_may_be_part_of_a_name(name: str) -> None:
    assert ending(name).byline == name


@pytest.mark.parametrize("text", ["Công Đoàn", "Hội Nông Dân", "Học Viện", "Ban Tổ Chức", "Văn Phòng", "Nhà Trường"])
def test_organisations_are_no_persons(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Xuân Tùng./.", "Xuân Tùng"),
        ("ThS. Lò Thị Xoan (*)", "ThS. Lò Thị Xoan"),
        ("(Hải Thành)", "Hải Thành"),
        ("- Hải Thành -", "Hải Thành"),
        ("- Hải Thành", "- Hải Thành"),
        ("Đinh Thị Hường (Mường)", "Đinh Thị Hường (Mường)"),
    ],
)
def test_bare(printed: str, name: str) -> None:
    assert bare(printed) == name


@pytest.mark.parametrize("last", ["L.V.H", "L.V.H.", "N.T.Lan", "Ng. Lan", "Ng.V.Tám"])
def test_initials_sign_an_article(last: str) -> None:
    got = ending(last)
    assert (got.byline, got.body) == (last.rstrip("."), PROSE)


@pytest.mark.parametrize("text", ["H. Mai Sơn", "T.M", "KT.", "TP. Sơn La", "v.v", "A.", "Q. GIÁM ĐỐC", "1.2.3"])
def test_abbreviations_are_no_initials(text: str) -> None:
    assert not is_initials(text)


@pytest.mark.parametrize("last", ["Lò Mai/Cà Ón", "Lò Mai + Cà Ón", "Lò Mai & Cà Ón", "Lò Mai và Cà Ón"])
def test_several_names_in_one_line(last: str) -> None:
    assert ending(last).byline == last


def test_a_plain_line_in_capitals_is_a_byline_if_made_of_given_names() -> None:
    assert ending("HẢI THÀNH").byline == "HẢI THÀNH"
    assert ending("KẾT QUẢ").byline is None
    assert ending("THÀNH CÔNG").byline is None


@pytest.mark.parametrize("name", ["Nhà giáo Ưu tú Nguyễn Văn Đệ", "Lương y Tòng Văn Chiêu", "Nghệ nhân Lò Văn Pâng"])
def test_titles_stay_with_the_name(name: str) -> None:
    assert article(name, *PROSE).byline == name


@pytest.mark.parametrize(
    ("last", "name", "role"),
    [
        ("Bài, ảnh Quỳnh Nga", "Quỳnh Nga", BylineRole.TEXT_AND_PHOTO),
        ("Ảnh Lò Mai", "Lò Mai", BylineRole.PHOTO),
        ("Chùm ảnh: Thế Hải", "Thế Hải", BylineRole.PHOTO),
        ("Ghi chép của Hờ Bá Sinh", "Hờ Bá Sinh", AUTHOR),
        ("Bài viết của TS. Lò Mai", "TS. Lò Mai", AUTHOR),
        ("Tiến Lực biên soạn", "Tiến Lực", AUTHOR),
        ("Thu Hà (tổng hợp)", "Thu Hà", AUTHOR),
        ("Lò Mai (sưu tầm)", "Lò Mai", AUTHOR),
        ("Thanh Vân (Theo VnExpress)", "Thanh Vân", AUTHOR),
        ("Thơ: Lò Mai", "Lò Mai", AUTHOR),
        ("Cộng tác viên: Kiều Duy Khánh", "Kiều Duy Khánh", AUTHOR),
        ("CTV Cháo Láo Lở", "Cháo Láo Lở", AUTHOR),
        ("PV Lò Mai", "Lò Mai", AUTHOR),
        ("Nguồn: Báo Sơn La", "Báo Sơn La", BylineRole.SYNDICATED),
        ("Nguồn: baosonla.vn", "baosonla.vn", BylineRole.SYNDICATED),
        ("(Nguồn: Internet)", "Internet", BylineRole.SYNDICATED),
    ],
)
def test_a_lead_gives_the_role_and_is_no_part_of_the_name(last: str, name: str, role: BylineRole) -> None:
    got = ending(last)
    assert (got.byline, got.byline_role, got.body) == (name, role, PROSE)


@pytest.mark.parametrize(
    ("last", "names"),
    [
        ("Tin: Mai Linh - Ảnh: Minh Tú", "Mai Linh - Minh Tú"),
        ("Tin: Lò Mai; ảnh: Cà Ón", "Lò Mai; Cà Ón"),
        ("Bài: Lò Mai. Ảnh: Cà Ón", "Lò Mai, Cà Ón"),
    ],
)
def test_text_and_photo_by_two_are_both_names_and_one_role(last: str, names: str) -> None:
    """The mark between the names stays; where it was a full stop or none, it is a comma."""
    assert read_lead(last) == (names, BylineRole.TEXT_AND_PHOTO)


@pytest.mark.parametrize(
    "text",
    [
        "Nguồn: nước mưa, nước suối, nước mó",
        "Nguồn: Ngân sách tỉnh và vốn đối ứng",
        "Nguồn gen quý ấy cần được giữ lại",
        "Thơ: tiếng nói của lòng người",
        "Nội dung: phủ màng và tưới nước",
        "Bài học lớn",
        "Tin Vui",
        "Ảnh tư liệu",
        "Ảnh Bác Hồ",
        "Thơ của người vùng cao",
        "Phóng viên: Xin cảm ơn ông!",
        "Phóng viên: Thưa ông, vì sao ông dạy không lấy tiền?",
        "Cả bản cùng thực hiện",
    ],
)
def test_no_lead(text: str) -> None:
    assert read_lead(text) is None


def test_the_last_question_of_an_interview_is_no_byline() -> None:
    assert ending("Phóng viên: Xin cảm ơn ông!", "Thu Thảo (thực hiện)").byline == "Thu Thảo"


@pytest.mark.parametrize(
    ("last", "name", "affiliation"),
    [
        ("Hà Thị Kim Oanh (Bệnh viện Tâm thần tỉnh)", "Hà Thị Kim Oanh", "Bệnh viện Tâm thần tỉnh"),
        ("Nguyễn Thành Công - Chi cục Chăn nuôi, Thú y", "Nguyễn Thành Công", "Chi cục Chăn nuôi, Thú y"),
        ("Hoàng Văn Thành, Phòng Lao động huyện", "Hoàng Văn Thành", "Phòng Lao động huyện"),
        ("Lò Mai/Báo Sơn La", "Lò Mai", "Báo Sơn La"),
        ("Lò Mai - Văn phòng Liên hiệp hội", "Lò Mai", "Văn phòng Liên hiệp hội"),
    ],
)
def test_name_and_organisation_in_a_plain_last_line(last: str, name: str, affiliation: str) -> None:
    got = ending(last)
    assert (got.byline, got.affiliation, got.body) == (name, affiliation, PROSE)


@pytest.mark.parametrize("last", ["Lò Văn Tám – Giải Nhì", "Lò Văn Tám, bản Nà", "Bà Lò Thị Piếng, Hội Phụ nữ xã"])
def test_a_name_and_anything_else_is_no_byline(last: str) -> None:
    assert has_none(ending(last), last)


def test_the_last_of_a_list_of_names_and_organisations_is_no_byline() -> None:
    last = "Cà Thị Ón - Hội Phụ nữ xã"
    assert has_none(ending("Lò Văn Tám - Hội Nông dân xã", last), last)


def test_two_lines_of_name_and_organisation_set_apart_are_two_authors() -> None:
    got = ending(right("TS. Lò Mai - Viện Dân tộc học"), right("Cà Thị Ón - Trường Đại học Tây Bắc"))
    assert (got.byline, got.body) == ("TS. Lò Mai, Cà Thị Ón", PROSE)
    assert got.affiliation == "Viện Dân tộc học; Trường Đại học Tây Bắc"


def test_brackets_around_an_affiliation_are_left_out() -> None:
    for got in (
        ending("Đặng Thị Nái", "(Hội Văn học Nghệ thuật Sơn La)"),
        article("Đặng Thị Nái", "(Hội Văn học Nghệ thuật Sơn La)", *PROSE),
    ):
        assert (got.byline, got.affiliation) == ("Đặng Thị Nái", "Hội Văn học Nghệ thuật Sơn La")


def test_two_authors_at_the_top_each_with_an_affiliation() -> None:
    got = article(
        "Hà Thị Lương", "Trung tâm Ứng dụng tiến bộ khoa học", "Tẩn Láo San", "Trường Cao đẳng Sơn La", *PROSE
    )
    assert got.byline == "Hà Thị Lương, Tẩn Láo San"
    assert got.affiliation == "Trung tâm Ứng dụng tiến bộ khoa học; Trường Cao đẳng Sơn La"
    assert got.body == PROSE


def test_two_titled_authors_in_one_line_at_the_top() -> None:
    got = article("TS. Hà Minh Hoàng, ThS. Lò Thị Hồng Nhung", "Trường Đại học Tây Bắc", *PROSE)
    assert (got.byline, got.affiliation) == ("TS. Hà Minh Hoàng, ThS. Lò Thị Hồng Nhung", "Trường Đại học Tây Bắc")


@pytest.mark.parametrize(
    "text",
    [
        "PV",
        "P.V",
        "(PV)",
        "BBT",
        "CTV",
        "Nhóm PV",
        "Nhóm phóng viên",
        "NHÓM PHÓNG VIÊN",
        "Phóng viên",
        "Ban Biên tập",
        "Ban biên tập Bản tin",
        "Nhóm tác giả",
        "Ban Biên tập Trang tin điện tử",
    ],
)
def test_a_desk_is_the_byline_where_it_stands_last(text: str) -> None:
    assert is_desk(text)
    got = ending(text)
    assert (got.byline, got.byline_role, got.body) == (bare(text), AUTHOR, PROSE)


@pytest.mark.parametrize(
    "text", ["PV Lò Mai", "Phóng viên ảnh", "Nhóm nghiên cứu", "Ban Biên tập gồm năm người", "Ban Tổ chức"]
)
def test_no_desk(text: str) -> None:
    assert not is_desk(text)


def test_a_desk_elsewhere_is_no_byline() -> None:
    assert article("PV", *PROSE).byline is None
    assert ending("Bài dự thi gửi về:", "Ban Biên tập").byline is None


@pytest.mark.parametrize(
    "piece", ["A ", "Lò ", "(", "a, ", "- ", "Lò Mai, ", "TS. ", "A.", "“", ": ", "/", "ngày ", "Bài, "]
)
def test_time_is_linear_on_hostile_lines(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    started = time.process_time()
    for length in (60, 100, 119, 139, 320, len(text)):
        cut = text[:length]
        for asked in (are_persons, bare, is_desk, is_initials, read_lead, with_affiliation):
            asked(cut)
        find_byline(lines_of(cut, *PROSE, cut), frozenset(), cut)
    assert time.process_time() - started < 2
