"""What stands around an article on every page, in the order in which the site prints it."""

from composer import stock
from composer.article import slug
from composer.letters import spell
from composer.tags import Tags

OWNER = "TRANG THÔNG TIN ĐIỆN TỬ NỘI BỘ CỦA LIÊN HIỆP CÁC HỘI KHOA HỌC VÀ KỸ THUẬT TỈNH SƠN LA"
ADDRESS = "Địa chỉ: 56A Đường Lò Văn Giá, Tổ 3, Phường Chiềng Lề, Thành phố Sơn La, Tỉnh Sơn La"
TELEPHONE = "Điện thoại: 02123.858.268/ 02123.755.068 Fax:02123.755.068 Email: lienhiephoisonla@gmail.com"
NOTICE = 'Ghi rõ nguồn "Susta.vn" hoặc "Liên hiệp hội Sơn La" khi phát hành lại thông tin từ website này'


def said(text: str, tags: Tags) -> str:
    return spell(text, tags.style, tags.chance)


def top(tags: Tags) -> str:
    """The slider's four pictures and two adverts."""
    slides = [tags.wrap("a", tags.open("img", src=f"/slide/{n}.jpg", alt="No title..."), href="#") for n in range(1, 5)]
    adverts = [
        tags.wrap("a", tags.open("img", src=f"/qc/{n}.gif", alt="image advertisement"), href=f"/quang-cao/{n}")
        for n in (1, 2)
    ]
    if tags.style.widgets == "tables":
        cells = "".join(tags.wrap("td", slide) for slide in slides)
        return tags.wrap("table", tags.wrap("tr", cells)) + "".join(_box(advert, tags) for advert in adverts)
    return _box(" ".join(slides), tags) + "".join(_box(advert, tags) for advert in adverts)


def _box(inner: str, tags: Tags) -> str:
    if tags.style.widgets == "tables":
        return tags.wrap("table", tags.wrap("tr", tags.wrap("td", inner)), width="100%") + "\n"
    return tags.named("div" if tags.style.widgets == "lists" else "aside", inner) + "\n"


def _head(text: str, tags: Tags) -> str:
    name = {"lists": "div", "tables": "b", "boxes": "h4"}[tags.style.widgets]
    return tags.named(name, said(text, tags))


def _links(titles: tuple[str, ...], start: int, tags: Tags) -> str:
    anchors = [
        tags.wrap(
            "a",
            said(title, tags),
            href=f"/{stock.CATEGORIES[n % len(stock.CATEGORIES)]}/{slug(title)}-{start + n}",
        )
        for n, title in enumerate(titles)
    ]
    if tags.style.widgets == "tables":
        rows = "".join(tags.wrap("tr", tags.wrap("td", "• " + one)) for one in anchors)
        return tags.wrap("table", rows)
    if tags.style.widgets == "boxes":
        return "".join(tags.named("div", one) for one in anchors)
    return tags.wrap("ul", "".join(tags.wrap("li", one) for one in anchors))


def bottom(tags: Tags) -> str:
    """From the newest items to the condition for reuse."""
    films = (
        "Phóng sự: lớp học trên nương",
        "Nghệ nhân kể chuyện xòe",
        "Mẫu Thẻ Cũ Hết Hạn Sau Ngày 31/12/2025 | Hỏi đáp",
    )
    pieces = [
        _box(_head("Thông tin doanh nghiệp", tags) + _links(stock.SIDEBAR, 35_100, tags), tags),
        _box(_head("Tiêu điểm", tags) + tags.named("div", ""), tags),
        _box(_head("Xem & Nghe", tags) + _links(films, 36_000, tags) + tags.wrap("span", "1") + "&nbsp;", tags),
        _poll(tags),
        _box(_head("Đăng nhập", tags) + _login(tags), tags),
        _box(tags.open("img", src="/qc/chan-trang.png", alt="image banner"), tags),
        owner(tags),
    ]
    return "".join(pieces)


def _poll(tags: Tags) -> str:
    """The poll and the statistics; the poll's list is left open in most styles, so all that follows is nested in it."""
    ask = said("Làm thế nào bạn tìm thấy trang web này?", tags)
    vote = tags.wrap("a", said("Bình chọn", tags), href="javascript:void(0)")
    result = tags.wrap("a", said("Xem kết quả", tags), href="/binh-chon/ket-qua")
    numbers = ("Đang online: 9", "Hôm nay: 943", "Trong tuần: 11 122", "Tất cả: 14127456")
    statistics = _head("Thống kê truy cập", tags) + tags.wrap(
        "ul", "".join(tags.wrap("li", said(number, tags)) for number in numbers)
    )
    opened = _head("Bình chọn", tags) + tags.wrap("div", ask) + tags.open("ul") + tags.open("li") + vote + " " + result
    if tags.style.poll_closed:
        return _box(opened + tags.close("li") + tags.close("ul"), tags) + _box(statistics, tags)
    return tags.open("form", action="/binh-chon", method="post") + opened + statistics


def _login(tags: Tags) -> str:
    fields = tags.open("input", type="text", name="ten") + tags.open("input", type="password", name="mk")
    return tags.wrap("form", fields, action="/dang-nhap", method="post") + "&nbsp;"


def owner(tags: Tags) -> str:
    name = "td" if tags.style.widgets == "tables" else "p"
    lines = "".join(tags.wrap(name, said(line, tags)) for line in (OWNER, ADDRESS, TELEPHONE, NOTICE))
    if name == "td":
        lines = lines.replace(tags.close("td"), tags.close("td") + "</tr><tr>")
        return tags.wrap("table", tags.wrap("tr", lines))
    return tags.named("div", lines)
