"""Sort keys of addresses: what means one page has one key. `make judges` compares them with the `surt` package's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.surt import surt


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://susta.vn/", "vn,susta)/"),
        ("https://susta.vn", "vn,susta)/"),
        ("http://www.susta.vn/tin-tuc", "vn,susta)/tin-tuc"),
        ("https://www2.SUSTA.vn/Tin-Tuc/", "vn,susta)/tin-tuc"),
        ("https://susta.vn:443/a", "vn,susta)/a"),
        ("http://susta.vn:8080/a", "vn,susta:8080)/a"),
        ("https://nguoi:mat@susta.vn/a#giua", "vn,susta)/a"),
        ("https://susta.vn/a/./b/../c//d", "vn,susta)/a/c/d"),
        ("https://susta.vn/t%C3%AAn%20g%E1%BB%8Di", "vn,susta)/t%c3%aan%20g%e1%bb%8di"),
        ("https://susta.vn/tên gọi", "vn,susta)/t%c3%aan%20g%e1%bb%8di"),
        ("https://susta.vn/%2541", "vn,susta)/a"),
        ("https://susta.vn/?b=2&a&a=1", "vn,susta)/?a&a=1&b=2"),
        ("https://susta.vn/a?", "vn,susta)/a"),
        ("https://susta.vn/a?PHPSESSID=" + "0" * 32 + "&x=1", "vn,susta)/a?x=1"),
        ("https://susta.vn/(S(" + "a" * 24 + "))/tin.aspx", "vn,susta)/tin.aspx"),
        ("http://127.0.0.1:8000/a", "1,0,0,127:8000)/a"),
        ("http://2130706433/a", "1,0,0,127)/a"),
        ("https://bücher.example/", "example,xn--bcher-kva)/"),
        ("urn:susta-archive:run-started", "urn:susta-archive:run-started"),
        ("susta.vn/a", "vn,susta)/a"),
        ("", "-"),
        ("http://susta.vn:cong/", "http://susta.vn:cong/"),
    ],
)
def test_the_key_of_an_address(url: str, key: str) -> None:
    assert surt(url) == key


@given(st.text(max_size=40))
def test_whatever_the_address_there_is_a_key_and_none_breaks_a_line(path: str) -> None:
    key = surt("https://susta.vn/" + path.lstrip())
    assert key.startswith("vn,susta)/")
    assert key.isascii()
    assert not set(key) & set(" \t\r\n")
