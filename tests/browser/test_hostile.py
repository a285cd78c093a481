"""An archive with scripts and markup in every text: all of it is shown as text, none of it runs or asks for more."""

import pytest
from conftest import Open
from playwright.sync_api import Page, expect
from poisoning import PAYLOAD

PAGES = [
    "/",
    "/search",
    "/search?q=script+alert",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&byline=%22%3E%3Cimg+src=x+onerror=alert(1)%3E",
    "/doc/3",
    "/doc/3/revision/1",
    "/doc/3/compare/1/2",
    "/capture/3",
    "/archive",
    "/archive/articles?_facet=category",
    "/archive/articles/3",
    "/archive/sources",
    "/archive/photos?_labels=on",
    "/archive?sql=select+title,+body,+url+from+articles",
    "/archive?sql=select+'<script>alert(1)</script>'+as+\"<img+src=x+onerror=alert(1)>\"",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_hostile_archive_is_more_than_text(hostile: str, open_page: Open, path: str) -> None:
    page = open_page(hostile + path)
    assert foreign(page) == []
    if "q=" not in path and "/capture/" not in path and path != "/archive":
        assert "<script>alert(1)</script>" in page.inner_text("body")


def foreign(page: Page) -> list[str]:
    """Elements and attributes that no page of ours or of Datasette's has, but the payload would make."""
    return page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(one =>
            (one.tagName === 'SCRIPT' && one.type !== 'application/ld+json' &&
                !one.src.startsWith(location.origin + '/')) ||
            (one.tagName === 'IMG' && !one.getAttribute('src').startsWith('/doc/')) ||
            [...one.attributes].some(each => each.name.startsWith('on')) ||
            (one.href && /^(javascript|data|vbscript):/i.test(one.href))
        ).map(one => one.outerHTML.slice(0, 200))"""
    )


def test_a_title_is_its_own_text_to_the_last_letter(hostile: str, open_page: Open) -> None:
    page = open_page(f"{hostile}/doc/3")
    expect(page.get_by_role("heading", level=1)).to_contain_text(PAYLOAD)
    assert page.title().endswith(PAYLOAD)


def test_links_of_a_hostile_archive_lead_to_its_pages_or_to_addresses(hostile: str, open_page: Open) -> None:
    for path in ("/", "/search", "/doc/3", "/archive/articles"):
        page = open_page(hostile + path)
        links = page.eval_on_selector_all("a", "all => all.map(one => one.href)")
        assert links
        assert all(link.startswith((f"{hostile}/", "http://susta.example/", "https://datasette.io/")) for link in links)
