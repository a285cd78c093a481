"""Pages that are no article, in any style: each must be refused."""

from collections.abc import Callable
from random import Random

from composer import stock
from composer.article import SITE, slug
from composer.frame import said
from composer.letters import encode
from composer.page import Served, shelled, whole
from composer.style import Style
from composer.tags import Tags

Maker = Callable[[Tags], tuple[str, str, str]]
"""(path, title, main part) of a page."""


def _heading(text: str, tags: Tags) -> str:
    return tags.named(tags.chance.choice(("h1", "h2", "div")), said(text, tags))


def _entry(n: int, tags: Tags, *, day: bool, summary: bool) -> str:
    title = stock.SIDEBAR[n % len(stock.SIDEBAR)]
    address = f"/{stock.CATEGORIES[n % len(stock.CATEGORIES)]}/{slug(title)}-{22_000 + n}"
    inner = tags.wrap(tags.chance.choice(("h3", "b", "div")), tags.wrap("a", said(title, tags), href=address))
    if day:
        inner += tags.wrap("span", f"{n + 1:02}/09/2023")
    if summary:
        inner += tags.wrap("p", said(stock.PROSE[n % len(stock.PROSE)], tags))
    return tags.named("div", inner)


def listing(tags: Tags) -> tuple[str, str, str]:
    entries = "".join(_entry(n, tags, day=True, summary=True) for n in range(10))
    pages = "".join(tags.wrap("a", str(n), href=f"/khoa-hoc-cong-nghe?page={n}") + " " for n in range(1, 6))
    return "/khoa-hoc-cong-nghe", "Khoa học - Công nghệ", _heading("Khoa học - Công nghệ", tags) + entries + pages


def home(tags: Tags) -> tuple[str, str, str]:
    blocks = [
        _heading(name, tags) + "".join(_entry(n * 4 + k, tags, day=False, summary=k == 0) for k in range(4))
        for n, name in enumerate(("Tin tức - Sự kiện", "Kinh tế - Du lịch", "Tư vấn, thẩm vấn"))
    ]
    return "/", "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La", "".join(blocks)


def search_results(tags: Tags) -> tuple[str, str, str]:
    found = tags.wrap("p", said("Tìm thấy 8 kết quả cho từ khóa “mận hậu”", tags))
    entries = "".join(_entry(n, tags, day=False, summary=True) for n in range(8))
    return "/tim-kiem?q=m%E1%BA%ADn", "Kết quả tìm kiếm", _heading("Kết quả tìm kiếm", tags) + found + entries


def gallery(tags: Tags) -> tuple[str, str, str]:
    albums = []
    for n in range(9):
        shown = tags.open("img", src=f"/album/{n}.jpg", alt="")
        name = said(stock.CAPTIONS[n % len(stock.CAPTIONS)], tags)
        albums.append(
            tags.named("div", tags.wrap("a", shown + tags.open("br") + name, href=f"/thu-vien-anh/album-{n}"))
        )
    return "/thu-vien-anh", "Thư viện ảnh", _heading("Thư viện ảnh", tags) + "".join(albums)


def login(tags: Tags) -> tuple[str, str, str]:
    fields = said("Tên đăng nhập", tags) + tags.open("input", name="u") + said("Mật khẩu", tags)
    fields += tags.open("input", type="password", name="p") + tags.wrap("a", said("Quên mật khẩu?", tags), href="/quen")
    return "/dang-nhap", "Đăng nhập", _heading("Đăng nhập", tags) + tags.wrap("form", fields, method="post")


def poll_result(tags: Tags) -> tuple[str, str, str]:
    answers = (("Qua bạn bè", "412", "41,2%"), ("Qua công cụ tìm kiếm", "388", "38,8%"), ("Khác", "200", "20,0%"))
    rows = "".join(tags.wrap("tr", "".join(tags.wrap("td", said(c, tags)) for c in row)) for row in answers)
    ask = tags.wrap("p", said("Làm thế nào bạn tìm thấy trang web này?", tags))
    return (
        "/binh-chon/ket-qua",
        "Kết quả bình chọn",
        _heading("Kết quả bình chọn", tags) + ask + tags.wrap("table", rows),
    )


def not_found(tags: Tags) -> tuple[str, str, str]:
    sentences = (
        "Trang bạn yêu cầu không tồn tại hoặc đã được chuyển đi nơi khác.",
        "Không tìm thấy nội dung. Bài viết có thể đã bị gỡ bỏ.",
        "Nội dung bạn tìm không còn trên hệ thống. Vui lòng quay lại trang chủ.",
    )
    text = tags.wrap("p", said(tags.chance.choice(sentences), tags))
    title = tags.chance.choice(("Thông báo", "Không tìm thấy trang", "Lỗi 404"))
    return "/kinh-te-du-lich/bai-da-xoa-20991", title, _heading(title, tags) + text


def consent(tags: Tags) -> tuple[str, str, str]:
    """A wall before the page: asks to accept cookies, at an article's address."""
    text = tags.wrap("p", said("Website sử dụng cookie để nâng cao trải nghiệm. Bạn có đồng ý tiếp tục không?", tags))
    buttons = tags.wrap("button", said("Đồng ý", tags)) + tags.wrap("button", said("Từ chối", tags))
    return (
        "/kinh-te-du-lich/mua-man-hau-20992",
        "Chính sách cookie",
        _heading("Chính sách cookie", tags) + text + buttons,
    )


def shell(tags: Tags) -> tuple[str, str, str]:
    """The page of a browser application before its script has run."""
    return "/kinh-te-du-lich/mua-man-hau-20993", "", tags.wrap("div", "", id="root")


def contact(tags: Tags) -> tuple[str, str, str]:
    labels = ("Họ và tên", "Thư điện tử", "Nội dung góp ý")
    fields = "".join(
        tags.wrap("p", said(label, tags) + tags.open("input", name=f"f{n}")) for n, label in enumerate(labels)
    )
    return "/lien-he", "Liên hệ", _heading("Liên hệ", tags) + tags.wrap("form", fields + "<button>Gửi</button>")


OTHERS: dict[str, Maker] = {
    "listing": listing,
    "home": home,
    "search results": search_results,
    "gallery index": gallery,
    "login": login,
    "poll result": poll_result,
    "not found": not_found,
    "consent page": consent,
    "empty shell": shell,
    "contact form": contact,
}
BARE = ("empty shell", "consent page")
"""These come without the site's frame."""


def serve_other(kind: str, style: Style) -> Served:
    tags = Tags(style, Random(style.seed))
    path, title, main = OTHERS[kind](tags)
    if kind in BARE:
        script = "<script src=/app.js></script><noscript>Trang này cần JavaScript.</noscript>"
        head = f"<head><meta charset=utf-8><title>{title}</title></head>"
        page = f"<!DOCTYPE html><html>{head}<body>{main}{script}</body></html>"
        if style.charset.startswith("1258"):
            page = page.replace("<meta charset=utf-8>", "")
    else:
        page = whole(shelled(main, tags, style.depth), title, tags, SITE + path)
    content, content_type = encode(page, style)
    return Served(SITE + path, content, content_type)
