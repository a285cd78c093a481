"""Which parameters of an address say nothing of the page, and which may be its own."""

import pytest

from scraper.urls import page_address

HERE = "https://susta.vn/tin-tuc/bai-1"


@pytest.mark.parametrize(
    "idle",
    [
        "utm_source=x", "utm_campaign=y", "fbclid=1", "gclid=1", "_ga=1", "zarsrc=30", "PHPSESSID=ab", "jsessionid=ab",
        "sid=9f8e7d6c", "session_id=1", "sessid=1", "token=eyJhbGciOiJIUzI1NiJ9", "print=1", "share=fb", "chia-se=1",
        "sid=q3v8k1m2n4b5c6x7z8l9k0j1h2", "session=0123456789abcdef0123456789abcdef", "sort=moi-nhat",
        "ref=facebook.com",         "sid=2f1c9e3a-77aa-4c1e-9b1d-0123456789ab", "msclkid=1", "dir=ASC",
        "sort_by=date", "order=asc", "orderby=x", "sap-xep=cu", "dir=desc", "ref=home", "replytocom=3",
    ],
)  # fmt: skip
def test_sessions_campaigns_and_views_of_a_page_are_dropped(idle: str) -> None:
    assert page_address(f"/a?{idle}", HERE) == "https://susta.vn/a"
    assert page_address(f"/a?{idle}&page=2", HERE) == page_address(f"/a?page=2&{idle}", HERE)


@pytest.mark.parametrize("kept", ["page=2", "id=5", "nam=2024&thang=3", "danh-muc=7", "x=", "inside=1", "order-no=4"])
def test_parameters_that_may_matter_stay(kept: str) -> None:
    assert page_address(f"/a?{kept}", HERE) == f"https://susta.vn/a?{kept}"


@pytest.mark.parametrize(
    "own",
    [
        "sid=123",
        "sid=4",
        "in=12",
        "ref=77",
        "token=5",
        "dir=van-ban",
        "session=3",
        "sid=bai-viet-12",
        "sid=",
        "ref=vb-12",
    ],
)
def test_what_may_be_a_pages_own_number_is_no_session(own: str) -> None:
    assert page_address(f"/modules.php?file=article&{own}", HERE) == (
        f"https://susta.vn/modules.php?{'&'.join(sorted(['file=article', own]))}"
    )


@pytest.mark.parametrize("idle", ["sid=9f", "in=1", "ref=77", "token=z", "dir=van-ban", "session=3"])
def test_where_the_path_has_an_articles_number_nothing_else_is_one(idle: str) -> None:
    assert page_address(f"/tin/bai-20001?{idle}", HERE) == "https://susta.vn/tin/bai-20001"
    assert page_address(f"/bai-viet-Nu-2026.html?{idle}", HERE) == "https://susta.vn/bai-viet-Nu-2026.html"
