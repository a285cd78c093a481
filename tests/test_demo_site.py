"""The demo site keeps what it promises: real pages and files, a known truth, six unlike markups, a second edition."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from PIL import Image

from scraper.demo import MARKUPS, NOTICE, DemoSite, ExpectedArticle, slug
from scraper.demo.article import ARRANGEMENTS, Article
from scraper.demo.editions import Library
from scraper.demo.make_files import DOCUMENTS
from scraper.demo.markups import CLASSES
from scraper.demo.openings import BYLINE_FORMS, TITLE_FORMS
from scraper.demo.pictures import shipped


class PageReader(HTMLParser):
    """Text, links, pictures and class names, read by the standard library alone."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.classes: set[str] = set()
        self._pieces: list[str] = []
        self.feed(html)
        self.close()
        self.text = fold("".join(self._pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.classes.update(values.get("class", "").split())
        if "href" in values:
            self.links.append(values["href"])
        if tag == "img":
            self.pictures.append((values["src"], values.get("alt", "")))

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)


def fold(text: str) -> str:
    return " ".join(text.split())


def is_listed(address: str) -> bool:
    """Pages a polite crawler may fetch: robots.txt keeps it from the others."""
    return not address.startswith(("/tim-kiem", "/dang-nhap", "/binh-chon"))


def walk(client: httpx.Client, base: str) -> dict[str, httpx.Response]:
    """Every address of the site that links and pictures lead to."""
    seen: dict[str, httpx.Response] = {}
    waiting = ["/"]
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen[target] = client.get(target)
        if "html" not in seen[target].headers["Content-Type"]:
            continue
        page = PageReader(seen[target].text)
        for link in page.links + [source for source, _ in page.pictures]:
            parts = urlsplit(urljoin(urljoin(base, target), link))
            if parts.netloc == urlsplit(base).netloc and is_listed(parts.path):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture(scope="module")
def client(site: DemoSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.base_url, trust_env=False) as made:
        yield made


@pytest.fixture(scope="module")
def walked(site: DemoSite, client: httpx.Client) -> dict[str, httpx.Response]:
    return walk(client, site.base_url)


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return Library(72).edition(1).articles


# ---- what is on the site ----


def test_links_lead_to_every_article_photo_and_attachment(site: DemoSite, walked: dict[str, httpx.Response]) -> None:
    truth = site.expected()
    wanted = {path for one in truth for path in (one.path, *one.also_at)}
    wanted |= {path for one in truth for path, _ in one.photos + one.attachments}
    reached = {httpx.URL(path).raw_path.decode() for path in walked}
    assert {httpx.URL(path).raw_path.decode() for path in wanted} <= reached
    assert {response.status_code for response in walked.values()} == {200}


def test_there_is_enough_of_everything(site: DemoSite, articles: tuple[Article, ...]) -> None:
    truth = site.expected()
    assert len(truth) >= 60
    assert len({one.category for one in truth}) >= 9
    assert {article.title_form for article in articles} == set(TITLE_FORMS)
    assert {article.byline_form for article in articles} == set(BYLINE_FORMS)
    assert {one.byline_role for one in truth} == {"author", "text_and_photo", "photo", "syndicated", None}
    assert {one.date_kind for one in truth} == {"dateline", "posted", None}
    arrangements = {photo.arrangement for article in articles for photo in article.photos if photo.caption}
    assert arrangements == set(ARRANGEMENTS)
    assert {min(len(one.photos), 6) for one in truth} == set(range(7))
    assert any(caption is None for one in truth for _, caption in one.photos)
    assert sum(bool(one.tables) for one in truth) >= 3
    assert {len(one.attachments) for one in truth} == {0, 1, 2}
    assert any(not one.body and one.photos for one in truth), "an item of photos only"
    assert any(len(one.body) == 1 for one in truth), "an item of one line"
    assert any(one.also_at for one in truth), "an item under two categories"


def test_titles_are_unique_but_for_one_pair() -> None:
    titles = Counter(article.title for article in Library(1500).edition(1).articles)
    assert sorted(titles.values())[-2:] == [1, 2]


def test_the_text_holds_the_sites_traps(site: DemoSite) -> None:
    texts = [line for one in site.expected() for line in one.body]
    assert any(re.search(r"Ngày \d+/\d+/20\d\d (Bộ Chính trị|Ban Bí thư|Quốc hội) ", line) for line in texts)
    assert any(re.search(r"[a-zà-ỹ]\.[A-ZÀ-Ỹ]", line) for line in texts), "words glued by a lost space"
    assert any(re.search(r"\[\d+, tr\. \d+-\d+\]", line) for line in texts)
    assert any(line.startswith("(1) ") for line in texts)
    assert any("Đăng nhập" in line and "Lượt xem" in line and "Bình chọn" in line for line in texts)
    essay = next(one for one in site.expected() if one.body and re.match(r"Ngày \d+/\d+/20\d\d \w+ \w+", one.body[0]))
    assert essay.date_kind != "dateline"


def test_articles_differ() -> None:
    """No paragraph of running text stands in two articles."""
    lines = Counter(line for one in Library(200).edition(1).expected() for line in set(one.body) if len(line) > 150)
    assert lines.most_common(1)[0][1] == 1


# ---- the truth is on the page ----


@pytest.mark.parametrize("markup", MARKUPS)
def test_every_markup_shows_the_whole_truth(markup: str) -> None:
    with DemoSite(markup=markup) as one_look, httpx.Client(base_url=one_look.base_url, trust_env=False) as client:
        for truth in one_look.expected():
            response = client.get(truth.path)
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            check_page(PageReader(response.text), truth, one_look.base_url)


def check_page(page: PageReader, truth: ExpectedArticle, base: str) -> None:
    captions = [caption for _, caption in truth.photos if caption]
    cells = [cell for table in truth.tables for row in table for cell in row]
    labels = [label for _, label in truth.attachments]
    for words in (truth.title, *truth.body, *captions, *cells, *labels, NOTICE):
        assert words in page.text, f"{truth.path}: {words!r}"
    for name in (truth.byline, truth.affiliation):
        assert name is None or name in page.text
    sources = [httpx.URL(urljoin(base, source)).raw_path.decode() for source, _ in page.pictures]
    assert [source for source in sources if f"{truth.site_id}" in source] == [
        httpx.URL(path).raw_path.decode() for path, _ in truth.photos
    ]


def test_the_body_stands_between_the_view_counter_and_the_sidebar_in_order(
    site: DemoSite, client: httpx.Client
) -> None:
    for truth in site.expected():
        text = PageReader(client.get(truth.path).text).text
        place = text.index("Lượt xem:", text.index(truth.title))
        for line in truth.body:
            place = text.index(line, place)
        assert place < text.rindex("Thông tin doanh nghiệp")


def test_the_frame_is_the_sites(site: DemoSite, client: httpx.Client) -> None:
    for truth in site.expected()[:12]:
        page = PageReader(client.get(truth.path).text)
        alts = Counter(alt for _, alt in page.pictures)
        assert (alts["No title..."], alts["image advertisement"], alts["image banner"]) == (4, 2, 1)
        after = page.text[page.text.rindex("Thông tin doanh nghiệp") :]
        order = ["Tiêu điểm", "Xem & Nghe", "Bình chọn", "Xem kết quả", "Thống kê truy cập", "Tất cả:", "Đăng nhập"]
        places = [after.index(words) for words in (*order, "TRANG THÔNG TIN", NOTICE)]
        assert places == sorted(places)
        assert sum(newest.title in after for newest in site.expected()[:20]) == 20


def test_counters_move_at_every_visit(client: httpx.Client, site: DemoSite) -> None:
    path = site.expected()[0].path
    texts = [PageReader(client.get(path).text).text for _ in range(2)]
    for pattern in (
        r"Lượt xem: (\d+)",
        r"Đang online: (\d+)",
        r"Hôm nay: (\d+)",
        r"Trong tuần: ([\d ]+)",
        r"Tất cả: (\d+)",
    ):
        first, second = (re.search(pattern, text) for text in texts)
        assert first
        assert second
        assert first[1] != second[1]


# ---- markups ----


def test_no_two_markups_share_a_class_name_in_the_article(articles: tuple[Article, ...]) -> None:
    names = {
        name: set().union(*(PageReader(made("http://x").article(item, 1)).classes for item in articles))
        for name, made in CLASSES.items()
    }
    for one in MARKUPS:
        for other in MARKUPS:
            assert one == other or not names[one] & names[other]


def test_articles_come_in_a_mix_unless_a_markup_is_forced(site: DemoSite, client: httpx.Client) -> None:
    marks = {
        "modern": '<article class="post">',
        "portal": "mod-3f9a",
        "tables": '<font face="Arial"',
        "word": "MsoNormal",
        "hashed": "_9vLp",
        "broken": "<P ALIGN=right>",
    }
    pages = [client.get(truth.path).text for truth in site.expected()]
    assert all(sum(mark in page for page in pages) >= 4 for mark in marks.values())
    with pytest.raises(ValueError, match="no markup"):
        DemoSite(markup="unheard-of")


# ---- files ----


def test_pictures_are_real_and_all_different(site: DemoSite, client: httpx.Client) -> None:
    bodies = []
    for path, _ in (photo for one in site.expected() for photo in one.photos):
        response = client.get(path)
        image = Image.open(io.BytesIO(response.content))
        image.load()
        assert response.headers["Content-Type"] == f"image/{(image.format or '').lower()}"
        assert image.width >= 320
        assert image.height >= 200
        bodies.append(response.content)
    assert len(set(bodies)) == len(bodies)


def test_documents_are_real_and_small(site: DemoSite, client: httpx.Client) -> None:
    paths = [path for one in site.expected() for path, _ in one.attachments]
    assert paths
    for path in paths:
        response = client.get(path)
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")
        assert len(response.content) < 60_000


def test_documents_hold_their_words() -> None:
    """The text layer of a PDF is glyph numbers and a map to Unicode; every letter of the text must be in the map."""
    for name, (title, lines) in DOCUMENTS.items():
        letters = set()
        for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", shipped(f"{name}.pdf"), re.DOTALL):
            try:
                plain = zlib.decompress(stream)
            except zlib.error:
                plain = stream
            if b"beginbfchar" in plain:
                letters |= {int(code, 16) for code in re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]{4})>", plain)}
        assert {ord(letter) for letter in title + "".join(lines)} <= letters


def test_files_answer_conditional_requests(site: DemoSite, client: httpx.Client) -> None:
    path = next(photo[0] for one in site.expected() for photo in one.photos)
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(first.content)))


# ---- other pages ----


def test_listings_carry_days_and_pages(site: DemoSite, client: httpx.Client) -> None:
    truth = site.expected()
    category, count = Counter(path.split("/")[1] for one in truth for path in (one.path, *one.also_at)).most_common(1)[
        0
    ]
    first = client.get(f"/{category}")
    last_number = -(-count // 10)
    assert f"/{category}?page={last_number}" in PageReader(first.text).links
    last, beyond = (client.get(f"/{category}?page={number}") for number in (last_number, last_number + 40))
    links = [[link for link in PageReader(page.text).links if "page=" not in link] for page in (last, beyond)]
    assert links[0] == links[1]
    newest = next(one for one in truth if one.category == category and one.date_kind)
    assert newest.path in first.text
    assert re.search(r"\b\d\d/\d\d/20\d\d\b", first.text)


def test_posting_days_are_on_the_listings(site: DemoSite, walked: dict[str, httpx.Response]) -> None:
    listings = " ".join(
        response.text for path, response in walked.items() if re.fullmatch(r"/[a-z-]+(\?page=\d+)?", path)
    )
    for one in site.expected():
        if one.date_kind == "posted" and one.date:
            assert "/".join(reversed(one.date.split("-"))) in listings


def test_a_missing_page_is_a_404_and_forms_lead_nowhere(client: httpx.Client) -> None:
    missing = client.get("/kinh-te-du-lich/khong-co-bai-nay-99999999")
    assert missing.status_code == 404
    assert "Không tìm thấy trang" in missing.text
    assert client.get("/..%2f..%2fetc/passwd").status_code == 404
    assert client.post("/dang-nhap", data={"ten": "a"}).status_code == 405


def test_robots_names_what_is_off_limits(client: httpx.Client) -> None:
    robots = client.get("/robots.txt")
    assert robots.headers["Content-Type"] == "text/plain; charset=utf-8"
    for path in ("/tim-kiem", "/dang-nhap", "/binh-chon"):
        assert f"Disallow: {path}" in robots.text
        assert client.get(path).status_code == 200


def test_links_follow_the_host_the_client_named() -> None:
    with DemoSite(markup="word") as named, httpx.Client(base_url=named.base_url, trust_env=False) as client:
        page = client.get("/", headers={"Host": "susta.example:8080"})
        assert "http://susta.example:8080/" in page.text
        assert "127.0.0.1" not in page.text
        odd = client.get("/", headers={"Host": 'x"><b>'})
        assert 'x"><b>' not in odd.text


def test_slugs_follow_the_sites_rule(site: DemoSite) -> None:
    assert (
        slug("Đặc trưng và dư địa tăng trưởng kinh tế của Sơn La")
        == "dac-trung-va-du-dia-tang-truong-kinh-te-cua-son-la"
    )
    assert slug("Sơn La – 10 năm (2010-2020)!") == "son-la-10-nam-2010-2020"
    for one in site.expected():
        assert one.path == f"/{one.category}/{slug(one.title)}-{one.site_id}"
        assert re.fullmatch(r"/[a-z-]+/[a-z0-9_-]{1,96}-\d{5,}", one.path)
    assert any(len(slug(one.title)) == 96 for one in site.expected())


# ---- editions, numbers, the log ----


def test_more_articles_only_add() -> None:
    small, large = Library(30).edition(1).expected(), Library(300).edition(1).expected()
    assert large[-30:] == small
    assert [one.site_id for one in large] == sorted({one.site_id for one in large}, reverse=True)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 13])
def test_small_sites_work_in_both_editions(count: int) -> None:
    with DemoSite(articles=count, edition=2) as small, httpx.Client(base_url=small.base_url, trust_env=False) as client:
        assert len(small.expected(1)) == count
        assert {one.path for one in small.expected()} <= set(walk(client, small.base_url))
    with pytest.raises(ValueError, match="at least one"):
        DemoSite(articles=0)


def test_the_second_edition_edits_adds_and_removes() -> None:
    with DemoSite() as moving, httpx.Client(base_url=moving.base_url, trust_env=False) as client:
        before = {one.site_id: one for one in moving.expected(1)}
        after = {one.site_id: one for one in moving.expected(2)}
        gone, added = before.keys() - after.keys(), after.keys() - before.keys()
        edited = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        assert (len(gone), len(added), len(edited)) == (2, 5, 3)
        assert {client.get(after[key].path).status_code for key in added} == {404}
        moving.edition = 2
        assert {client.get(after[key].path).status_code for key in added} == {200}
        assert {client.get(before[key].path).status_code for key in gone} == {404}
        assert {one.site_id for one in moving.expected()[:5]} == added
        home = PageReader(client.get("/").text)
        assert {after[key].path for key in added} <= set(home.links) | {urlsplit(link).path for link in home.links}
        changes = {
            name for key in edited for name in ("title", "body", "photos") if differs(before[key], after[key], name)
        }
        assert changes == {"title", "body", "photos"}
        retitled = next(key for key in edited if before[key].title != after[key].title)
        assert before[retitled].path != after[retitled].path
        assert before[retitled].path in after[retitled].also_at
        assert after[retitled].title in PageReader(client.get(before[retitled].path).text).text
        with pytest.raises(ValueError, match="editions"):
            moving.edition = 3


def differs(one: ExpectedArticle, other: ExpectedArticle, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def test_the_log_holds_every_request_in_order(client: httpx.Client, site: DemoSite) -> None:
    site.forget_requests()
    client.get("/lien-he?a=1", headers={"User-Agent": "test/1"})
    client.head("/robots.txt")
    first, second = site.requests
    assert (first.method, first.path, first.headers["user-agent"]) == ("GET", "/lien-he?a=1", "test/1")
    assert (second.method, second.path) == ("HEAD", "/robots.txt")
    assert first.time <= second.time


def test_a_stopped_site_is_silent_and_can_start_again() -> None:
    site = DemoSite(articles=3)
    with pytest.raises(RuntimeError):
        _ = site.base_url
    site.start()
    address = site.base_url
    with httpx.Client(trust_env=False) as client:
        assert client.get(address).status_code == 200
        site.stop()
        with pytest.raises(httpx.TransportError):
            client.get(address)
        site.start()
        assert site.base_url == address
        assert client.get(address).status_code == 200
    site.stop()
