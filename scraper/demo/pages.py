"""Every page of the demo site as a function of the edition, the address and the visit number.

Nothing here knows sockets, and no address ever becomes a file name: what can be asked for stands in `Edition.by_path`
or in a table made from the articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import unquote

from scraper.demo.article import Article
from scraper.demo.editions import Edition
from scraper.demo.markup import Frame, Listing, Markup, Row
from scraper.demo.markups import markup_for
from scraper.demo.pictures import MEDIA_TYPES, picture, shipped
from scraper.demo.stock_common import CATEGORY_NAMES, PARTNERS, VIDEOS

ITEMS_A_PAGE = 10
SIDEBAR_ITEMS = 20
NOTICE = 'Ghi rõ nguồn "Susta.vn" hoặc "Liên hiệp hội Sơn La" khi phát hành lại thông tin từ website này'
ROBOTS = "User-agent: *\nDisallow: /tim-kiem\nDisallow: /dang-nhap\nDisallow: /binh-chon\n"
PICTURES_OF_FRAME = {
    **{f"/storage/sla/banner/slide{place}.png": (980, 220) for place in range(4)},
    "/storage/sla/banner/qc0.png": (300, 250),
    "/storage/sla/banner/qc1.png": (300, 90),
    "/storage/sla/banner/chan-trang.png": (980, 60),
    "/giao-dien/logo.png": (96, 96),
    "/giao-dien/cham.png": (6, 6),
    "/giao-dien/in.png": (16, 16),
}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    media_type: str
    body: bytes
    changed: date | None = None
    """The day a file was put there; pages, which change at every visit, have none."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request asks for."""

    path: str
    query: Mapping[str, str]
    base: str
    number: int
    """How many requests the site has had; every counter on a page moves with it."""


class Pages:
    def __init__(self, edition: Edition, forced_markup: str | None, host_name: str) -> None:
        self.edition = edition
        self.forced = forced_markup
        self.host_name = host_name
        self.categories = [
            name for name in CATEGORY_NAMES if any(name in article.categories for article in edition.articles)
        ]
        self.files: dict[str, tuple[str, Article]] = {}
        for article in edition.articles:
            for path in (
                *(photo.path for photo in article.photos),
                *(link.path for link in article.downloads),
                *thumbnail(article),
            ):
                self.files[unquote(path)] = (path, article)

    def answer(self, visit: Visit) -> Reply:
        path = unquote(visit.path)
        if path in PICTURES_OF_FRAME:
            return Reply(200, "image/png", picture(path, *PICTURES_OF_FRAME[path]), date(2020, 5, 4))
        if path in self.files:
            return self.file(*self.files[path])
        if path == "/robots.txt":
            return Reply(200, "text/plain; charset=utf-8", ROBOTS.encode())
        status, html = self.html(path, visit)
        return Reply(status, "text/html; charset=utf-8", html.encode())

    def file(self, path: str, article: Article) -> Reply:
        ending = path.rsplit(".", 1)[-1]
        if ending == "pdf":
            body = shipped(path.rsplit("/", 1)[-1].rsplit("-", 1)[0] + ".pdf")
        elif path.startswith("/anh-nho/"):
            body = picture(path, 120, 80)
        else:
            body = picture(path)
        return Reply(
            200, MEDIA_TYPES[ending], body, date.fromisoformat(article.posted or article.dateline or "2021-01-02")
        )

    def html(self, path: str, visit: Visit) -> tuple[int, str]:
        article = self.edition.by_path.get(path)
        if article:
            return 200, self.article(article, visit)
        markup = markup_for(path, self.forced, visit.base)
        makers = {
            "/": self.home,
            "/tim-kiem": self.search,
            "/dang-nhap": self.login,
            "/binh-chon": self.poll,
            "/thu-vien-anh": self.gallery,
            "/lien-he": self.contact,
        }
        status = 200
        if path in makers:
            title, inner = makers[path](markup, visit)
        elif path[1:] in self.categories:
            title, inner = self.category(markup, path[1:], visit)
        else:
            status, title, inner = (
                404,
                "Không tìm thấy trang",
                markup.panel(
                    "Không tìm thấy trang",
                    "<p>Địa chỉ này không có trên trang thông tin điện tử, hoặc nội dung đã được gỡ.</p>",
                ),
            )
        return status, markup.page(title, inner, self.frame(visit), path)

    def article(self, article: Article, visit: Visit) -> str:
        markup = markup_for(str(article.site_id), self.forced, visit.base)
        inner = markup.article(article, 100 + article.site_id % 700 + visit.number)
        if "print" in visit.query:
            head = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>In</title></head>'
            return f"{head}<body>{inner}<hr>{escape(NOTICE)}</body></html>"
        return markup.page(article.title, inner, self.frame(visit), article.paths[0])

    def frame(self, visit: Visit) -> Frame:
        number = visit.number
        total = f"{14_127_456 + number}"
        week = f"{11_122 + number:,}".replace(",", " ")
        return Frame(
            banners=tuple(f"/storage/sla/banner/slide{place}.png" for place in range(4)),
            adverts=(
                ("https://quangcao.example.com/?chien-dich=7", "/storage/sla/banner/qc0.png"),
                ("https://quangcao.example.net/nong-san", "/storage/sla/banner/qc1.png"),
            ),
            newest=tuple((article.paths[0], article.title) for article in self.edition.articles[:SIDEBAR_ITEMS]),
            videos=VIDEOS,
            counters=(
                f"Đang online: {3 + number * 7 % 41}",
                f"Hôm nay: {943 + number}",
                f"Trong tuần: {week}",
                f"Tất cả: {total}",
            ),
            footer_banner="/storage/sla/banner/chan-trang.png",
            owner=(
                "TRANG THÔNG TIN ĐIỆN TỬ NỘI BỘ CỦA LIÊN HIỆP CÁC HỘI KHOA HỌC VÀ KỸ THUẬT TỈNH SƠN LA",
                "Địa chỉ: Số 0 Đường Hoa Ban, Tổ 1, Phường Chiềng Lề, Thành phố Sơn La, Tỉnh Sơn La",
                f"Điện thoại: 0212.000.0000            Email: vanphong@{self.host_name}",
                NOTICE,
            ),
        )

    def category(self, markup: Markup, category: str, visit: Visit) -> tuple[str, str]:
        found = [article for article in self.edition.articles if category in article.categories]
        pages = -(-len(found) // ITEMS_A_PAGE)
        asked = visit.query.get("page", "1")
        page = min(max(int(asked[:6]) if asked.isascii() and asked.isdigit() else 1, 1), pages)
        rows = tuple(row(article, category) for article in found[(page - 1) * ITEMS_A_PAGE : page * ITEMS_A_PAGE])
        name = CATEGORY_NAMES[category]
        return name, markup.listing(Listing(name, f"/{category}", rows, page, pages))

    def home(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        rows = tuple(
            row(article, article.categories[0], with_day=False) for article in self.edition.articles[:ITEMS_A_PAGE]
        )
        topics = [(f"/{category}", CATEGORY_NAMES[category]) for category in self.categories]
        others = [("/thu-vien-anh", "Thư viện ảnh"), ("/lien-he", "Liên hệ"), *PARTNERS]
        search = '<form action="/tim-kiem" method="get"><input name="q"></form>'
        return "Trang chủ", "\n".join(
            (
                markup.panel("Chuyên mục", markup.links(topics)),
                markup.listing(Listing("Tin mới", "/", rows, 1, 1)),
                markup.panel("Liên kết", markup.links(others) + search),
            )
        )

    def search(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        words = visit.query.get("q", "")
        found = [article for article in self.edition.articles if words and words.lower() in article.title.lower()][
            :ITEMS_A_PAGE
        ]
        form = f'<form action="/tim-kiem" method="get"><input name="q" value="{escape(words)}"></form>'
        links = markup.links((article.paths[0], article.title) for article in found)
        return "Tìm kiếm", markup.panel("Tìm kiếm", f"{form}<p>Tìm thấy {len(found)} kết quả.</p>{links}")

    def login(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        form = (
            '<form method="post" action="/dang-nhap"><label>Tên <input name="ten"></label>'
            '<label>Mật khẩu <input name="khoa" type="password"></label></form>'
        )
        return "Đăng nhập", markup.panel("Đăng nhập", form)

    def poll(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        answers = (("Qua máy tìm kiếm", 412), ("Bạn bè giới thiệu", 233), ("Cách khác", 87 + visit.number))
        table = "".join(f"<tr><td>{words}</td><td>{votes} phiếu</td></tr>" for words, votes in answers)
        return "Kết quả bình chọn", markup.panel("Kết quả bình chọn", f'<table border="1">{table}</table>')

    def gallery(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        albums = [article for article in self.edition.articles if article.photos][:24]
        cells = "".join(
            f'<a href="{article.paths[0]}"><img src="{thumbnail(article)[0]}" alt=""></a> {escape(article.title)}<br>'
            for article in albums
        )
        return "Thư viện ảnh", markup.panel("Thư viện ảnh", cells)

    def contact(self, markup: Markup, visit: Visit) -> tuple[str, str]:
        words = (
            "<p>Đây là trang minh họa đi kèm phần mềm; "
            "bài viết, tên người và số liệu đều do người làm phần mềm soạn ra.</p>"
            f"<p>Thư điện tử: vanphong@{escape(self.host_name)}</p>"
        )
        return "Liên hệ", markup.panel("Liên hệ", words)


def row(article: Article, category: str, *, with_day: bool = True) -> Row:
    path = next((path for path in article.paths if path.startswith(f"/{category}/")), article.paths[0])
    day = f"{date.fromisoformat(article.posted):%d/%m/%Y}" if article.posted and with_day else ""
    return Row(path, article.title, day, article.summary, (*thumbnail(article), "")[0])


def thumbnail(article: Article) -> tuple[str, ...]:
    return (f"/anh-nho/{article.site_id}.png",) if article.photos else ()
