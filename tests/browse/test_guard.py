"""What holds for every answer: who may ask, by which method, and what a browser may do with it."""

import re
from pathlib import Path

import httpx
import pytest
from browse_support import FORBIDDEN_IN_TEMPLATES, TEMPLATES

from archive.browse.datasette_pages import without_inline
from archive.browse.guard import PAGE_POLICY, host_allowed


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8001", "127.0.0.1", "localhost:80", "LOCALHOST", "[::1]:8001", "192.0.2.7", "archive.example."]
)
def test_addresses_localhost_and_named_hosts_are_answered(host: str) -> None:
    assert host_allowed(host, ["archive.example"])


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "archive.example@evil", "a:b:c", "[::1"],
)
def test_a_name_that_was_pointed_here_is_not_answered(host: str) -> None:
    assert not host_allowed(host, ["archive.example"])


def test_a_foreign_host_header_gets_nothing_of_the_archive(client: httpx.Client) -> None:
    answer = client.get("/archive/articles.json", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "articles" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_reading_is_answered(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/archive")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("tool", ["plugins", "databases.json", "permissions", "messages", "threads", "auth-token"])
def test_the_tools_of_datasette_are_closed(client: httpx.Client, tool: str) -> None:
    assert client.get(f"/-/{tool}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/search", "/doc/1", "/doc/999999", "/capture/1", "/archive", "/archive/articles", "/nothing/here", "/x.json",
     "/archive.json?sql=nonsense", "/-/plugins", "/assets/site.css", "/lang/en"],
)  # fmt: skip
def test_every_answer_has_a_strict_policy(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/doc/1", "/capture/1", "/doc/999999"])
def test_our_own_pages_allow_no_script_at_all(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "script-src" not in PAGE_POLICY
    assert not re.search(r'<script(?! type="application/ld\+json">)', answer.text)
    assert not re.search(r"\s(?:style|on[a-z]+)=", answer.text)


def test_datasettes_pages_hold_nothing_inline(client: httpx.Client) -> None:
    for path in ("/archive", "/archive/articles", "/archive/articles/1", "/archive?sql=select+1", "/-/metadata"):
        text = client.get(path).text
        assert not re.search(r"<script>|<style", text), path
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), path
        assert '<html lang="en">' in text


def test_what_stands_inline_in_a_template_is_taken_out_and_nothing_else() -> None:
    source = (
        '<a style="height: {{ n|length + 2 }}em" href="{{ x }}">x</a><script>a\nb</script><script src="/a.js"></script>'
    )
    assert without_inline(source) == '<a href="{{ x }}">x</a><script src="/a.js"></script>'


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_of_ours_writes_a_value_unescaped(path: Path) -> None:
    assert not FORBIDDEN_IN_TEMPLATES.search(path.read_text(encoding="utf-8"))
