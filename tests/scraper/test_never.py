"""What is never followed, told by an address's words; and articles about such things, which are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_site import Reply, listing, plain_site
from hypothesis import given, settings
from hypothesis import strategies as st
from test_crawl import Crawling

from scraper.urls import may_follow, why_never
from scraper.why_words import NEVER

ACTIONS = {
    "account": [
        "/dang-nhap", "/dangnhap", "/DangNhap.aspx", "/Đăng-nhập", "/dang_nhap.html", "/dang-nhap-he-thong", "/login",
        "/user-login", "/UserLogin.aspx", "/member/login.php", "/log-in", "/signin", "/wp-login.php", "/thoat",
        "/Thoát", "/dang-xuat", "/logout.jsp", "/log-off", "/dang-ky", "/dang-ky-thanh-vien", "/dang-ky-nhan-tin",
        "/register", "/sign-up", "/quen-mat-khau", "/forgot-password", "/doi-mat-khau", "/tai-khoan", "/my-account",
        "/Default.aspx?ctl=Login", "/tabid/88/ctl/Login/Default.aspx", "/index.php?act=login", "/?action=logout",
        "/index.php?nv=users&op=login", "/index.php?r=user/login", "/?option=com_login", "/x?page=dang-nhap",
        "/x?login=1", "/index.php?act=dangky",
    ],
    "poll": [
        "/voting?vid=3", "/tham-do-y-kien?chon=2", "/thăm-dò-ý-kiến?chon=2", "/Vote.ashx?id=1", "/VoteHandler.ashx?v=1",
        "/rate.php?id=7&star=5", "/rating/7", "/binh-chon", "/binhchon.aspx", "/gui-binh-chon", "/poll-3", "/poll/3",
        "/submit-vote", "/bo-phieu", "/index.php?option=com_poll&id=4", "/index.php?task=vote&id=4", "/x?vote_id=3",
        "/trung-cau-y-kien", "/binh-chon-12.html", "/like/12",
    ],
    "search": [
        "/tim-kiem", "/timkiem.html", "/search", "/Search.aspx", "/tim-kiem-nang-cao", "/search-results", "/tin?q=a",
        "/tin?keywords=cam", "/tin?keyword=cam", "/tin?tu-khoa=cam", "/tin?searchword=cam", "/index.php?module=search",
        "/index.php?option=com_search", "/?s=cam", "/x?TuKhoa=cam",
    ],
    "sharing": ["/chia-se/1", "/share/facebook", "/share.php?u=1", "/x?task=share"],
    "printing": ["/in-bai/1", "/print/12", "/print-view.php?id=1", "/index.php?view=print", "/printer-friendly/1"],
    "mail": ["/gui-email", "/sendmail.php", "/gui-cho-ban-be?id=1", "/send-to-friend/1", "/email-this?id=2"],
    "cart": ["/gio-hang", "/cart", "/add-to-cart?id=1", "/thanh-toan"],
    "administration": ["/admin", "/quan-tri", "/wp-admin/post.php", "/administrator/index.php"],
    "riddle": ["/captcha", "/ma-xac-nhan.ashx"],
    "change": [
        "/delete?id=3", "/tin-tuc/delete/3", "/edit.php?id=3", "/node/12/edit", "/xoa-bai-viet?id=3", "/xoa?id=3",
        "/index.php?action=delete&id=3", "/index.php?act=sua&id=3", "/x?delete=3", "/unsubscribe?m=a",
        "/comment/reply/12", "/add-comment?id=3",
    ],
    "returning": ["/x?returnUrl=%2F", "/x?ReturnURL=/", "/x?redirect_to=/", "/x?return=aHR0"],
}  # fmt: skip
FOLLOWED = [
    "/ket-qua-tham-do-y-kien-12.html",
    "/tim-kiem-tai-nang-tre-345.html",
    "/tin-tuc/dang-nhap-bang-ung-dung-moi-20001",
    "/tin-tuc/ket-qua-binh-chon-2024-20002",
    "/khoa-hoc-cong-nghe/tim-kiem-20003",
    "/van-hoa/tham-do-y-kien-20004",
    "/tin-tuc/dang-ky-thanh-vien-20005",
    "/bai-viet-Dang-ky-nhan-hieu-ca-phe-2026.html",
    "/1227/27461/54439/293909/tin-tuc/chia-se-kinh-nghiem-nuoi-ca",
    "/tin-tuc/search-for-talent-20006",
    "/thoat-ngheo",
    "/tin-tuc/thoat-ngheo-ben-vung-20007",
    "/sua",
    "/nong-san/sua-20008",
    "/danh-gia",
    "/binh-luan",
    "/khao-sat-dia-chat",
    "/cuoc-thi-sang-tao",
    "/tu-van-tham-van",
    "/lien-he",
    "/y-kien-nhan-dan",
    "/bo-phieu-tin-nhiem-34.html",
    "/tin-tuc?page=2",
    "/index.php?module=news&op=detail&id=3",
    "/index.php?option=com_content&view=article&id=345",
    "/Default.aspx?tabid=88&ctl=Details&mid=440&ItemID=12",
    "/van-ban?nam=2024&thang=5",
    "/x?page=dang-ky-nhan-hieu",
    "/x?name=login",
    "/x?vid=3",
]


@pytest.mark.parametrize(("path", "rule"), [(path, rule) for rule, paths in ACTIONS.items() for path in paths])
def test_what_does_something_is_never_followed(path: str, rule: str) -> None:
    found = why_never(f"https://susta.vn{path}")
    assert found is not None
    assert found[0] == rule
    assert rule in NEVER
    assert not may_follow(f"https://susta.vn{path}")


@pytest.mark.parametrize("path", FOLLOWED)
def test_what_speaks_of_such_things_is_followed(path: str) -> None:
    assert why_never(f"https://susta.vn{path}") is None


NAMES = st.sampled_from([
    "dang-nhap", "dang-xuat", "dang-ky", "binh-chon", "tham-do-y-kien", "tim-kiem", "chia-se", "login", "logout",
    "vote", "search", "share", "delete", "edit", "register", "xoa", "gio-hang", "print", "rate", "bo-phieu",
])  # fmt: skip
WORDS = st.lists(st.sampled_from(["ca-phe", "nong-dan", "giong", "dat-doc", "tre", "son-la"]), min_size=1, max_size=4)
IDS = st.integers(1, 99999)


@settings(database=None)
@given(name=NAMES, words=WORDS, before=st.booleans(), number=IDS)
def test_an_article_with_such_words_in_its_slug_is_followed(
    name: str, words: list[str], before: bool, number: int
) -> None:
    slug = "-".join([*words, name] if before else [name, *words])
    for path in (
        f"/tin-tuc/{slug}-{number}",
        f"/{slug}-{number}.html",
        f"/tin-tuc/{slug}",
        f"/{slug}",
        f"/x?page={slug}",
    ):
        assert may_follow(f"https://susta.vn{path}"), path
    assert may_follow(f"https://susta.vn/tin-tuc/{name}-{number}")


@settings(database=None)
@given(
    name=NAMES,
    spelling=st.sampled_from([str.lower, str.title, str.upper]),
    separator=st.sampled_from(["-", "_", "", "%20", "."]),
    extension=st.sampled_from(["", ".html", ".aspx", ".ashx", ".php", "/", "/12", "/bai-viet-nay-12"]),
    query=st.sampled_from(["", "?id=3", "?page=2"]),
)
def test_an_action_is_one_in_any_spelling(
    name: str, spelling: Callable[[str], str], separator: str, extension: str, query: str
) -> None:
    path = f"/tin/{separator.join(spelling(name).split('-'))}{extension}{query}"
    assert not may_follow(f"https://susta.vn{path}"), path
    value = separator.join(spelling(name).split("-"))
    for key in ("action", "act", "task", "ctl", "op", "module"):
        assert not may_follow(f"https://susta.vn/index.php?id=4&{key}={value}")


@settings(database=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_are_an_answer(part: str, value: str) -> None:
    found = why_never(f"https://susta.vn/{part}?act={value}")
    assert found is None or found[0] in NEVER


@pytest.mark.parametrize("target", ["/dang-nhap?returnurl=/xem/1", "/binh-chon?vote=2", "/index.php?act=logout"])
def test_a_redirect_does_not_lead_there_either(tmp_path: Path, target: str) -> None:
    site, articles = plain_site()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", "/xem/1"])
    site.pages["/xem/1"] = Reply("", 302, headers=(("Location", target),))
    report = Crawling(tmp_path, site).run()
    assert (report.new, report.skipped) == (len(articles), {"redirect-never-followed": 1})
    assert target not in site.asked_pages()
