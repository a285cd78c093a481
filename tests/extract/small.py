"""The smallest pages that show a rule of extraction: one made-up article, in the frame known of the site."""

from archive.records import Article, Refusal
from scraper.extract import extract
from scraper.extract.frame import Frame
from scraper.extract.lines import Line, LineKind
from scraper.urls import slug_of

URL = "https://susta.vn/khoa-hoc-cong-nghe/nguoi-dan-ban-na-trong-dau-tay-20777"
TITLE = "Người dân bản Nà trồng dâu tây"
PROSE = (
    "Vụ này bà con bản Nà xuống giống sớm hơn mọi năm nửa tháng, nhờ vậy quả chín đúng dịp khách lên nhiều.",
    "Cán bộ khuyến nông hướng dẫn từng hộ cách phủ màng, tưới nhỏ giọt và ghi chép chi phí hằng ngày.",
)
FRAME = "<div>Thông tin doanh nghiệp</div><ul><li><a href='/a/b-1'>Tin mới của hội</a></li></ul><div>Đăng nhập</div>"


def page(body: str, *, title: str = TITLE, after: str = FRAME) -> bytes:
    return f"<title>{title}</title><div>{title}</div><div>Lượt xem: 538</div>{body}{after}".encode()


def article(*parts: str, title: str = TITLE, url: str = URL, frame: Frame = Frame()) -> Article:  # noqa: B008
    """The article whose body is these parts: text as a paragraph each, markup as it stands."""
    body = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    outcome = extract(page(body, title=title), url, "text/html; charset=utf-8", frame)
    assert isinstance(outcome, Article), outcome
    return outcome


def ending(*parts: str) -> Article:
    """The article that ends with these parts, below prose."""
    return article(*PROSE, *parts)


def amid_prose(markup: str) -> Article:
    return article(PROSE[0], markup, PROSE[1])


def uncounted(body: str, *, title: str = TITLE) -> Article | Refusal:
    """What a page without a view counter is, whose address spells its title."""
    html = f"<title>{title}</title><h2>{title}</h2>{body}{FRAME}"
    return extract(html.encode(), f"https://susta.vn/tin-tuc/{slug_of(title)}-20777", "text/html; charset=utf-8")


def lines_of(*texts: str) -> list[Line]:
    return [Line(LineKind.TEXT, text, number, 0) for number, text in enumerate(texts)]


def has_none(got: Article, *last: str) -> bool:
    """Whether there is no byline, and what stood last is still in the body."""
    return (got.byline, got.affiliation) == (None, None) and got.body[-len(last) :] == last


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def right(text: str) -> str:
    return f"<p style='text-align:right'><b>{text}</b></p>"
