"""A researcher's way through the demo archive: look, search, narrow down, read, compare, query."""

import re
import statistics

import pytest
from conftest import Open, axe, shoot
from playwright.sync_api import Page, expect

OURS = {
    "start": "/",
    "search": "/search?q=hoi+thao",
    "all": "/search",
    "nothing": "/search?q=khongcotunao",
    "article": "/doc/3",
    "revision": "/doc/3/revision/1",
    "compare": "/doc/3/compare/1/2",
    "capture": "/capture/3",
}
DATASETTES = {
    "tables": "/archive",
    "table": "/archive/articles?_facet=category",
    "row": "/archive/articles/3",
    "sql": "/archive?sql=select+id,+title+from+articles",
    "query": "/archive/who-wrote-what",
}


def test_search_narrow_down_read_and_compare(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/")
    page.get_by_role("searchbox").fill("hoi thao")
    page.get_by_role("button", name="Tìm").click()
    found = count_of(page)
    assert found > 1
    assert page.locator("mark").first.inner_text().lower() in ("hội", "thảo", "hội thảo")
    page.get_by_role("complementary").get_by_role("link").first.click()
    assert 0 < count_of(page) < found
    expect(page.get_by_role("searchbox")).to_have_value("hoi thao")
    page.locator(".chips a").first.click()
    assert count_of(page) == found
    page.goto(f"{site}/doc/3")
    page.get_by_role("link", name=re.compile("So sánh với bản trước")).click()
    assert page.locator("ins, del").count() > 0
    page.get_by_role("heading", level=1).get_by_role("link").click()
    assert page.url == f"{site}/doc/3"


def count_of(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("#count").inner_text().split(" ")[0]))


def test_photos_are_shown_in_place_from_the_archives_own_bytes(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/search?has=photo")
    page.locator(".hits a").first.click()
    for image in page.locator("figure img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") == int(image.get_attribute("width") or 0) > 0
        assert (image.get_attribute("src") or "").startswith("/doc/")
    assert page.locator("figure img").count() > 0
    assert page.locator("figure figcaption").count() > 0


def test_an_attachment_is_downloaded_never_opened(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/search?has=attachment")
    page.locator(".hits a").first.click()
    with page.expect_download() as download:
        page.locator(".files a").first.click()
    assert download.value.suggested_filename.endswith((".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", OURS)
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    site: str, open_page: Open, name: str, phone: bool, dark: bool
) -> None:
    page = open_page(site + OURS[name], phone=phone, dark=dark)
    shoot(page, f"{name}-{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}")
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", DATASETTES)
def test_datasettes_pages_work_under_the_policy(site: str, open_page: Open, name: str) -> None:
    page = open_page(site + DATASETTES[name])
    shoot(page, f"datasette-{name}")
    assert axe(page) == []


def test_sql_is_typed_formatted_and_run(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/archive")
    page.get_by_label("SQL", exact=True).fill("select count(*) as how_many from articles")
    page.get_by_role("button", name="Format SQL").click()
    assert "\n" in page.get_by_label("SQL", exact=True).input_value()
    page.get_by_role("button", name="Run SQL").click()
    expect(page.locator("th", has_text="how_many")).to_be_visible()


def test_the_menu_of_a_column_opens(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/archive/photos")
    page.locator("th .dropdown-menu-icon").first.click()
    expect(page.get_by_role("link", name="Sort descending")).to_be_visible()


def test_the_keyboard_alone_is_enough(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("hội thảo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    for _ in range(40):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "what has the focus is not seen"
        if page.evaluate("!!document.activeElement.closest('.hits')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/*")
    expect(page.get_by_role("article")).to_be_visible()


def test_everything_of_ours_works_without_scripts(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/", scripts=False)
    page.get_by_role("searchbox").fill("khoa hoc")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("complementary").get_by_role("link").first.click()
    page.locator(".hits a").first.click()
    expect(page.get_by_role("article")).to_be_visible()
    expect(page.get_by_text("Ghi rõ nguồn").first).to_be_visible()
    page.goto(f"{site}/doc/3/compare/1/2")
    assert page.locator("ins, del").count() > 0


def test_the_language_of_the_page_changes_and_the_articles_stays(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/doc/3")
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site}/doc/3"
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text("About this record")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert page.locator("h1").get_attribute("lang") == "vi"
    assert axe(page) == []


def test_print_has_the_article_its_credit_and_address_and_no_menus(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/doc/3")
    page.emulate_media(media="print")
    shoot(page, "article-print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("footer.credit")).to_be_visible()
    expect(page.locator("a.address")).to_be_visible()


def test_a_citation_is_taken_whole_and_has_no_frame_on_paper(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/doc/3")
    cited = page.locator(".cited")
    cited.click()
    assert page.evaluate("String(getSelection())").strip() == cited.inner_text().strip()
    page.emulate_media(media="print")
    expect(cited).to_have_css("border-top-width", "0px")
    expect(page.get_by_text("articles/3")).to_be_hidden()


def test_the_feed_is_found_from_the_start_page(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/")
    named = page.locator('link[rel="alternate"][type="application/atom+xml"]').get_attribute("href")
    link = page.get_by_role("link", name=re.compile("Atom"))
    assert link.get_attribute("href") == named == "/feed.atom"
    answer = page.request.get(f"{site}/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert f'href="{site}/doc/3"' in answer.text()


def test_what_is_not_there_is_said(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/doc/999999", missing=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có trang này")
    assert axe(page) == []


def test_the_first_page_of_results_is_there_within_300_ms(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/")
    times = []
    for words in ("hoi+thao", "khoa+hoc", "Sơn+La", "ca+phe", "huyen"):
        page.goto(f"{site}/search?q={words}", wait_until="load")
        times.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
    print("first page of results, ms:", sorted(round(each) for each in times))
    assert statistics.median(times) < 300
