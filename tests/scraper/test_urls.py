"""One spelling for each page, and what an address alone can tell."""

import re
import string
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from scraper import urls
from scraper.urls import (
    category_of,
    family_of,
    host_of,
    is_media_file,
    make_scope,
    may_follow,
    media_address,
    page_address,
    page_number_of,
    pattern_of,
    site_id_of,
    slug_in,
    slug_of,
)

HERE = "https://susta.vn/tin-tuc/trang"
SCOPE = make_scope(("https://susta.vn/",), (), ("storage-vnportal.vnpt.vn",))
freely = settings(deadline=None, database=None, max_examples=60)


@pytest.mark.parametrize(
    ("href", "spelling"),
    [
        ("https://susta.vn", "https://susta.vn/"),
        ("/a#doan-2", "https://susta.vn/a"),
        ("#", HERE),
        ("", HERE),
        ("a", "https://susta.vn/tin-tuc/a"),
        ("../a", "https://susta.vn/a"),
        ("/a/./b/../c", "https://susta.vn/a/c"),
        ("//susta.vn/a", "https://susta.vn/a"),
        ("?page=2", "https://susta.vn/tin-tuc/trang?page=2"),
        ("https://susta.vn//a///b", "https://susta.vn/a/b"),
        ("https://susta.vn:443/a", "https://susta.vn/a"),
        ("http://susta.vn:80/a", "https://susta.vn/a"),
        ("HTTPS://SUSTA.VN/a", "https://susta.vn/a"),
        ("https://susta.vn./a", "https://susta.vn/a"),
        ("/a/", "https://susta.vn/a"),
        ("/a/?x=1", "https://susta.vn/a?x=1"),
        (" /a\n", "https://susta.vn/a"),
        ("\\a\\b", "https://susta.vn/a/b"),
    ],
)
def test_an_address_has_one_spelling(href: str, spelling: str) -> None:
    assert page_address(href, HERE, SCOPE) == spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/tin/b%C3%A0i-12", "/tin/bài-12"),
        ("/tin/b%c3%a0i-12", "/tin/bài-12"),
        ("/a%20b", "/a b"),
        ("/%7Euser", "/~user"),
        ("/%61bc", "/abc"),
        ("/x?q1=%C3%A0", "/x?q1=à"),
        ("/x?b=2&a=1", "/x?a=1&b=2"),
        ("/x?", "/x"),
        ("/Tin-Tuc/Ten-Bai-20001", "/tin-tuc/ten-bai-20001"),
    ],
)
def test_twins_are_one_page(one: str, other: str) -> None:
    assert page_address(one, HERE, SCOPE) == page_address(other, HERE, SCOPE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a%2Fb", "/a/b"),
        ("/a%3Fb", "/a?b"),
        ("/x?a=1", "/x?a=2"),
        ("/x?a=1", "/x"),
        ("/bai-viet-Nu-2026.html", "/bai-viet-nu-2026.html"),
        ("/tin/bai-20001", "/tin/bai-20002"),
        ("https://susta.vn:8443/a", "https://susta.vn/a"),
    ],
)
def test_what_may_be_another_page_stays_another_address(one: str, other: str) -> None:
    assert page_address(one, HERE, SCOPE) != page_address(other, HERE, SCOPE)


@pytest.mark.parametrize(
    "href",
    [
        "/(S(ab12cd34))/tin/b-12",
        "/(A(x)F(y)S(z))/tin/b-12",
        "/tin/b-12;jsessionid=AB12",
        "/tin/b-12;JSESSIONID=AB12?print=1",
        "/tin;sid=4/b-12",
        "/tin/b-12;phpsessid=",
    ],
)
def test_sessions_in_the_path_are_dropped(href: str) -> None:
    assert page_address(href, HERE) == "https://susta.vn/tin/b-12"


@pytest.mark.parametrize(
    "href", ["http://susta.vn/a", "http://www.susta.vn/a", "https://www.susta.vn/a", "HTTP://WWW.SUSTA.VN:80/a"]
)
def test_other_spellings_of_a_start_host_are_the_start_host(href: str) -> None:
    assert page_address(href, HERE, SCOPE) == "https://susta.vn/a"


def test_a_start_host_with_www_draws_the_bare_one_to_it() -> None:
    scope = make_scope(("http://www.susta.vn/",), (), ())
    assert page_address("https://susta.vn/a", "http://www.susta.vn/", scope) == "http://www.susta.vn/a"


@pytest.mark.parametrize("host", ["thuanchau.sonla.gov.vn", "m.susta.vn", "susta.vn.example.com", "xsusta.vn"])
def test_hosts_that_are_no_start_host_keep_their_spelling(host: str) -> None:
    address = page_address(f"http://{host}/a", HERE, SCOPE)
    assert address == f"http://{host}/a"
    assert not SCOPE.allows_page(address)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)", "mailto:a@susta.vn", "tel:+84212", "data:text/html,x", "ftp://susta.vn/a", "file:///etc",
        "http://", "http://susta.vn:99999/", "http://[::1/", "https://" + "a" * 2500,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(href: str) -> None:
    assert page_address(href, HERE) is None
    assert media_address(href, HERE) is None


letters = st.text(st.sampled_from(string.ascii_letters + string.digits + "àđÊ -_.~%/?&=#;+'\"()[]@:!$*,|\\^`{}<>"))


@freely
@example("E;/")
@example(";]/")
@example(";2'/")
@example(".;f/")
@given(letters)
def test_the_spelling_of_a_spelling_is_itself(href: str) -> None:
    once = page_address("https://susta.vn/" + href.lstrip("/\\"), HERE, SCOPE)
    assert once is None or page_address(once, once, SCOPE) == once


@freely
@given(st.text(max_size=60))
def test_any_text_gives_an_address_or_none(href: str) -> None:
    address = page_address(href, HERE, SCOPE)
    assert address is None or re.fullmatch(r"https?://[!-~]+", address)
    if address:
        site_id_of(address), category_of(address), pattern_of(address), page_number_of(address), may_follow(address)


@pytest.mark.parametrize(
    ("href", "sent"),
    [
        ("/anh/hội thảo (1).jpg", "https://susta.vn/anh/h%E1%BB%99i%20th%E1%BA%A3o%20(1).jpg"),
        ("/anh/h%E1%BB%99i%20th%E1%BA%A3o.jpg", "https://susta.vn/anh/h%E1%BB%99i%20th%E1%BA%A3o.jpg"),
        ("/ANH/Mot.JPG?w=3&utm_source=x#t", "https://susta.vn/ANH/Mot.JPG?w=3&utm_source=x"),
        ("//storage-vnportal.vnpt.vn/sla/a.png", "https://storage-vnportal.vnpt.vn/sla/a.png"),
    ],
)
def test_a_picture_is_asked_for_as_the_page_means_it(href: str, sent: str) -> None:
    assert media_address(href, HERE) == sent


@pytest.mark.parametrize(
    ("url", "number", "category", "slug"),
    [
        (
            "https://susta.vn/kinh-te-du-lich/dac-trung-va-du-dia-tang-truong-kinh-te-cua-son-la-17100",
            17100,
            "kinh-te-du-lich",
            "dac-trung-va-du-dia-tang-truong-kinh-te-cua-son-la",
        ),
        (
            "https://susta.vn/hoc-tap-va-lam-theo-bac-ho/gan-bo-mat-thiet-de-xung-dang-la-nguoi-day-t-17379",
            17379,
            "hoc-tap-va-lam-theo-bac-ho",
            "gan-bo-mat-thiet-de-xung-dang-la-nguoi-day-t",
        ),
        (
            "https://susta.vn/van-hoa-xa-hoi-moi-truong/phong-trao-cach-mang-1940-1975-27819",
            27819,
            "van-hoa-xa-hoi-moi-truong",
            "phong-trao-cach-mang-1940-1975",
        ),
        (
            "https://susta.vn/bai-viet-Nu-tri-thuc-voi-su-nghiep-xy-dung-v-phat-trien-tinh-Son-La-2026.html",
            2026,
            None,
            "bai-viet-nu-tri-thuc-voi-su-nghiep-xy-dung-v-phat-trien-tinh-son-la",
        ),
        ("https://susta.vn/1227/27461/54439/293909/tin-tuc/ten-bai-20001", 20001, "tin-tuc", "ten-bai"),
        ("/tin-tuc/ten-bai-20001", 20001, "tin-tuc", "ten-bai"),
        ("https://susta.vn/tin-tuc/ten-bai-20001/", 20001, "tin-tuc", "ten-bai"),
        ("https://susta.vn/tin-tuc/cut-at-a-dash--30093", 30093, "tin-tuc", "cut-at-a-dash-"),
        ("https://susta.vn/tin-tuc", None, None, "tin-tuc"),
        ("https://susta.vn/cong-bo-nam-2024", None, None, "cong-bo-nam"),
        ("https://susta.vn/tin-tuc/page-2", None, "tin-tuc", "page"),
        ("https://susta.vn/tin-tuc/trang/2", None, "trang", "2"),
        ("https://susta.vn/", None, None, ""),
        ("https://susta.vn/1227/27461", None, None, "27461"),
    ],
)
def test_what_an_articles_address_tells(url: str, number: int | None, category: str | None, slug: str) -> None:
    assert (site_id_of(url), category_of(url), slug_in(url)) == (number, category, slug)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (
            "Đặc trưng và dư địa tăng trưởng kinh tế của Sơn La",
            "dac-trung-va-du-dia-tang-truong-kinh-te-cua-son-la",
        ),
        (
            "Liên hiệp các hội Khoa học và Kỹ thuật Việt Nam thăm và làm việc với Tỉnh Sơn La",
            "lien-hiep-cac-hoi-khoa-hoc-va-ky-thuat-viet-nam-tham-va-lam-viec-voi-tinh-son-la",
        ),
        (
            "Phong trào thi đua lao động sáng tạo của trí thức Sơn La 2015-2018",
            "phong-trao-thi-dua-lao-dong-sang-tao-cua-tri-thuc-son-la-2015-2018",
        ),
        ("Quy trình thành lập hội và hồ sơ, thủ tục (2024)", "quy-trinh-thanh-lap-hoi-va-ho-so-thu-tuc-2024"),
        ("Vì sao cây mắc ca được mùa mà người trồng chưa vui?", "vi-sao-cay-mac-ca-duoc-mua-ma-nguoi-trong-chua-vui"),
        ("ĐẶC SẢN TÂY BẮC", "dac-san-tay-bac"),
        ("“Vệ sĩ” của con trẻ", "-ve-si-cua-con-tre"),
        ("Giữ_gạch_dưới", "giu_gach_duoi"),
        (
            "Ứng dụng tủ thuốc thông minh tại huyện Thuận Châu: hiệu quả và những vấn đề đặt ra đối với công tác kỳ",
            "ung-dung-tu-thuoc-thong-minh-tai-huyen-thuan-chau-hieu-qua-va-nhung-van-de-dat-ra-doi-voi-cong-t",
        ),
    ],
)  # fmt: skip
def test_the_slug_rule_of_the_site(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@freely
@given(st.text(max_size=150))
def test_a_slug_fits_into_an_address(title: str) -> None:
    slug = slug_of(title)
    assert re.fullmatch(r"[a-z0-9_-]{0,96}", slug)
    assert site_id_of(f"/tin/{slug}-15537") == 15537


@freely
@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ ", min_size=1, max_size=80))
def test_capitals_and_decomposed_letters_have_the_same_slug(title: str) -> None:
    import unicodedata

    assert slug_of(title) == slug_of(title.upper()) == slug_of(unicodedata.normalize("NFD", title))


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("/tin?page=3", 3), ("/tin?trang=12", 12), ("/tin?p=4", 4), ("/tin?PageIndex=7", 7), ("/tin?page_no=2", 2),
        ("/tin?start=20", 20), ("/tin/page/5", 5), ("/tin/trang-6", 6), ("/tin/p8", 8), ("/tin/trang/9/", 9),
        ("/tin", None), ("/tin?page=", None), ("/tin?page=cuoi", None), ("/tin?id=3", None), ("/tin/bai-20001", None),
    ],
)  # fmt: skip
def test_which_page_of_a_listing(url: str, number: int | None) -> None:
    assert page_number_of(f"https://susta.vn{url}") == number


@pytest.mark.parametrize(
    ("path", "follow"),
    [
        ("/", True),
        ("/tin-tuc", True),
        ("/tin-tuc?page=2", True),
        ("/tin-tuc/dang-nhap-bang-ung-dung-moi-20001", True),
        ("/tin-tuc/ket-qua-binh-chon-2024-20002", True),
        ("/thu-vien-anh", True),
        ("/van-ban?nam=2024&thang=5", True),
        ("/bai-viet-Nu-tri-thuc-2026.html", True),
        ("/dang-nhap", False),
        ("/dangnhap", False),
        ("/Dang-Nhap.aspx", False),
        ("/%C4%91%C4%83ng-nh%E1%BA%ADp", False),
        ("/login.php", False),
        ("/dang-xuat", False),
        ("/binh-chon?ket-qua=1", False),
        ("/poll/3", False),
        ("/tim-kiem", False),
        ("/tin?q=abc", False),
        ("/tin?tukhoa=abc", False),
        ("/x?returnUrl=%2F", False),
        ("/share/facebook", False),
        ("/in-bai/20001", False),
        ("/admin", False),
        ("/tep/quy-che.pdf", False),
        ("/anh/mot.JPG", False),
        ("/rss.xml", False),
        ("/tin/tin/tin", False),
        ("/a/b/a/b/a/b", False),
        ("/" + "/".join("abcdefghijklm"), False),
    ],
)
def test_which_links_may_be_pages(path: str, follow: bool) -> None:
    assert may_follow(f"https://susta.vn{path}") is follow


@pytest.mark.parametrize(
    ("url", "media"), [("/a.jpg", True), ("/a.PDF?x=1", True), ("/a.docx", True), ("/a", False), ("/a.html", False)]
)
def test_which_addresses_end_like_files(url: str, media: bool) -> None:
    assert is_media_file(f"https://susta.vn{url}") is media


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/tin/mot-bai-20001", "/tin/bai-khac-20002"),
        ("/lich?nam=2024&thang=1", "/lich?nam=2031&thang=12"),
        ("/lich/2024/01/05", "/lich/1999/12/31"),
        ("/tin?page=2", "/tin?page=3"),
        ("/t/0a1b2c3d4e5f", "/t/ffff0000aaaa1111"),
        ("/t/0a1b2c3d4e5f/tin", "/t/ffff0000aaaa1111/tin"),
        ("/tin?mau=do&co=to", "/tin?co=nho&nam=2024&mau=xanh"),
    ],
)
def test_one_family_of_addresses(one: str, other: str) -> None:
    assert pattern_of(f"https://susta.vn{one}") == pattern_of(f"https://susta.vn{other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://susta.vn/tin", "https://susta.vn/tin?page=2"),
        ("https://susta.vn/lich.aspx?thang=1", "https://susta.vn/lich.aspx?nam=1"),
        ("https://susta.vn/tin", "https://susta.vn:8443/tin"),
        ("https://susta.vn/tin/a-1", "https://susta.vn/van-ban/a-1"),
    ],
)
def test_different_families(one: str, other: str) -> None:
    assert pattern_of(one) != pattern_of(other)


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("/tin", None),
        ("/tin?page=2", None),
        ("/tin?nam=2024&page=2", "susta.vn/**?nam"),
        ("/s/0a1b2c3d4e/tin/bai-20001", "susta.vn/s/~/**"),
        ("/tin/0a1b2c3d4e", None),
        ("/tin/a/b/c", "susta.vn/tin/**"),
        ("/tin/a/b/c/d/e", "susta.vn/tin/**"),
        ("/tin/a/trang-2", None),
        ("/tin/a/bai-20001", None),
        ("/tin/a/b/bai-20001", None),
        ("/1227/27461/54439/293909/tin-tuc/ten-bai", None),
    ],
)
def test_the_wider_family_of_what_copies_pages(path: str, family: str | None) -> None:
    assert family_of(f"https://susta.vn{path}") == family


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://susta.vn/a", "susta.vn"),
        ("https://SUSTA.vn:443/", "susta.vn"),
        ("http://susta.vn:80", "susta.vn"),
        ("http://susta.vn:443/", "susta.vn:443"),
        ("https://susta.vn:8443/", "susta.vn:8443"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("http://[::1]/", "[::1]"),
        ("/tin", ""),
        ("http://susta.vn:99999/", ""),
        ("http://[::1/", ""),
    ],
)
def test_a_host_is_a_name_with_its_port_unless_that_is_the_usual_one(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_scope_knows_hosts_for_pages_and_hosts_for_media_only() -> None:
    scope = make_scope(("http://127.0.0.1:8000/",), ("thuanchau.sonla.gov.vn",), ("storage-vnportal.vnpt.vn",))
    asked = {
        "http://127.0.0.1:8000/a": (True, True),
        "http://127.0.0.1:8001/a": (False, False),
        "http://127.0.0.1/a": (False, False),
        "http://localhost:8000/a": (False, False),
        "https://thuanchau.sonla.gov.vn/a": (True, True),
        "https://thuanchau.sonla.gov.vn:444/a": (False, False),
        "https://storage-vnportal.vnpt.vn/a.jpg": (False, True),
        "https://example.com/a.jpg": (False, False),
    }
    assert {url: (scope.allows_page(url), scope.allows_media(url)) for url in asked} == asked


PIECES = (
    "a",
    "B",
    "1",
    "/",
    "//",
    ".",
    "..",
    "%20",
    "%e1%BB%9B",
    "(1)",
    "-",
    "_",
    "~",
    "=",
    ",",
    "?x",
    "#",
    ";",
    "'",
    " ",
)
STARTS = ("", "/", "https://susta.vn/", "http://127.0.0.1:8080/", "http://susta.vn:99999/", "//cdn.vn/")


@given(
    st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from((HERE, "ftp://a.vn/b", ""))
)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_addresses_joined_the_short_way_are_those_of_the_long_one(start: str, pieces: list[str], base: str) -> None:
    href = start + "".join(pieces)
    found = media_address(href, base)
    if found is not None:
        assert found.startswith("http")
        assert ":99999" not in found
        assert found == safe_url_string(urldefrag(urljoin(base, href.strip())).url).replace("'", "%27")


def test_what_is_too_long_to_be_an_address_is_not_remembered() -> None:
    """A page may hold links of a megabyte each, such as pictures written out in them."""
    before = urls._site_id_of.cache_info().currsize
    assert site_id_of("data:image/png;base64," + "A" * 3000 + "/tin/bai-12") == 12
    assert urls._site_id_of.cache_info().currsize == before


@given(
    st.sampled_from(("", "/", "/a")),
    st.lists(st.sampled_from((*PIECES, "\\", "\t", "ệ", "²", ":")), max_size=7),
    st.sampled_from((HERE, "https://susta.vn/x/y?z#t", "http://[::1]:81/a", "http://a:b@c.vn/d", "ftp://a.vn/b", "")),
)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_a_path_from_the_root_leads_where_it_does_from_any_page_of_its_host(
    start: str, pieces: list[str], base: str
) -> None:
    href = start + "".join(pieces)
    absolute = media_address(href, base)
    assert page_address(href, base) == (absolute and urls._page_spelling(absolute, None))


@freely
@given(
    st.from_regex(urls._PLAIN_PAGE, fullmatch=True)
    | st.builds(
        "{}://{}{}".format,
        st.sampled_from(["http", "https"]),
        st.sampled_from(["susta.vn", "www.susta.vn", "a-b.org", "xn--a-8ga.vn", "1.2.3.4", "0x7f.1", "susta.vn:8080"]),
        st.from_regex(r"(/[a-z0-9_-]{1,8}){1,4}", fullmatch=True),
    ),
    st.sampled_from([None, make_scope(("https://susta.vn/", "http://www.a-b.org/"), (), ())]),
)
def test_plain_addresses_are_spelled_as_when_taken_apart(url: str, scope: urls.Scope | None) -> None:
    assert urls._spelled(url, scope) == urls._spelled_in_parts(url, scope)


def test_two_start_addresses_of_one_site_have_one_home() -> None:
    scope = make_scope(("http://susta.vn/", "https://www.susta.vn/"), (), ())
    for path in ("/tin/bai-1", "/tin/bài-1"):
        starts = ("http://susta.vn", "https://www.susta.vn")
        found = {page_address(f"{start}{path}", "http://susta.vn/", scope) for start in starts}
        assert len(found) == 1
    assert urls._spelled("http://susta.vn/a", scope) == urls._spelled_in_parts("http://susta.vn/a", scope)
