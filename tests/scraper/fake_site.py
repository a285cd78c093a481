"""A site as a function of the request, and a clock that only moves when told to.

    site = FakeSite()
    site.pages["/"] = listing([...])
    report = crawl(config_for(site), folder, world=site.world(Clock()))

Every host "resolves" to a documentation address (RFC 5737) and is answered here, so nothing leaves the process and a
request to a host that should be left alone shows in `site.asked`.
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape

import httpx

from scraper.config import Config, CrawlSettings, RevisitSettings, SiteSettings
from scraper.fetch import World
from scraper.urls import slug_of

HTML = "text/html; charset=utf-8"
NOTICE = 'Ghi rõ nguồn "Susta.vn" hoặc "Liên hiệp hội Sơn La" khi phát hành lại thông tin từ website này'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
PDF = b"%PDF-1.4\n" + b"x" * 200
# robots.txt, the sitemap, and the address that cannot exist
BESIDES = re.compile(r"/robots\.txt$|/sitemap\.xml$|/khong-co-trang-nay-[a-z]+-9\d+$")
PEER = "192.0.2.1"
ALLOW_ALL = b"User-agent: *\nDisallow:\n"


@dataclass(frozen=True)
class Reply:
    """What a page of the fake site answers; `stream` stands in for `body` where the bytes themselves are the test."""

    body: bytes | str = b""
    status: int = 200
    media_type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    stream: Iterator[bytes] | None = None

    def response(self) -> httpx.Response:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        named = [("Content-Type", self.media_type)] if self.media_type else []
        return httpx.Response(
            self.status,
            headers=[*named, *self.headers],
            stream=_Stream(self.stream or iter([body])),
            extensions={"peer": PEER},
        )


class _Stream(httpx.SyncByteStream):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


Page = Reply | str | bytes | Exception | Callable[[int], "Page"]
"""A reply, its body alone, an error of the transport, or what a page is at its n-th visit (1 first)."""


@dataclass
class FakeSite:
    """`pages` maps a request target (`/a?b=1`), or a whole address for other hosts, to what is answered there.

    `otherwise` answers what is in no page. `asked` lists every address asked for, in order, robots.txt included.
    """

    host: str = "susta.test"
    pages: dict[str, Page] = field(default_factory=dict)
    otherwise: Callable[[str], Page] = lambda _: Reply("<h1>404</h1><p>Không tìm thấy trang</p>", 404)
    asked: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    _visits: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.pages.setdefault("/robots.txt", Reply(ALLOW_ALL, media_type="text/plain"))

    @property
    def base(self) -> str:
        return f"http://{self.host}/"

    def answer(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        url = f"{request.url.scheme}://{request.headers['host']}{target}"
        with self._lock:
            self.asked.append(url)
            self.requests.append(request)
            self._visits[url] += 1
            visit = self._visits[url]
        own = request.headers["host"] == self.host
        page = self.pages.get(url) or (self.pages.get(target) if own else None)
        page = self.otherwise(target if own else url) if page is None else page
        while callable(page):
            page = page(visit)
        if isinstance(page, Exception):
            raise page
        return (page if isinstance(page, Reply) else Reply(page)).response()

    def world(self, clock: Clock) -> World:
        return World(
            pause=clock.pause,
            stopped=lambda: clock.stop,
            now=lambda: clock.moment,
            clock=clock.seconds,
            connect_to=Everywhere(),
            transport=httpx.MockTransport(self.answer),
        )

    def asked_pages(self) -> list[str]:
        """Targets asked for on the site itself, without what every run asks for besides pages; addresses elsewhere
        whole."""
        return [url.removeprefix(self.base[:-1]) for url in self.asked if not BESIDES.search(url)]

    def forget(self) -> None:
        self.asked.clear()
        self.requests.clear()


class Everywhere(Mapping[str, tuple[str, int]]):
    """Any host, at a documentation address."""

    def __getitem__(self, host: str) -> tuple[str, int]:
        return "192.0.2.1", 80

    def __contains__(self, host: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Clock:
    """Time that passes only by pauses and by `pass_days`; `stop` is the wish to stop."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
        self.pauses: list[float] = []
        self.stop = False
        self._lock = threading.Lock()

    def pause(self, seconds: float) -> bool:
        with self._lock:
            self.pauses.append(seconds)
            self.moment += timedelta(seconds=seconds)
        return self.stop

    def seconds(self) -> float:
        return self.moment.timestamp()

    def pass_days(self, days: float) -> None:
        self.moment += timedelta(days=days)


def config_for(site: FakeSite, **settings: object) -> Config:
    """A config for crawling the fake site: no delay, no media hosts, unless told otherwise.

    Settings are named by their key, whatever their section.
    """
    chosen: dict[str, object] = {"delay_seconds": 0.0, "start_urls": [site.base], "media_hosts": [], "attempts": 2}
    chosen |= settings
    sections = {"site": SiteSettings, "crawl": CrawlSettings, "revisit": RevisitSettings}
    made = {
        name: section(**{key: chosen.pop(key) for key in list(chosen) if key in section.model_fields})
        for name, section in sections.items()
    }
    assert not chosen, f"no such settings: {chosen}"
    return Config(**made)


TITLES = (
    "Hội thảo nâng cao chất lượng cà phê chè huyện Sông Mã",
    "Trung tâm Khuyến nông tỉnh tổ chức lớp tập huấn nghiệp vụ",
    "Huyện Sốp Cộp nâng cao chất lượng bò sữa, hướng tới xuất khẩu",
    "Vì sao cây mắc ca được mùa mà người trồng chưa vui?",
    "Phong trào thi đua lao động sáng tạo của trí thức Sơn La 2015-2018",
    "Quy trình thành lập hội và hồ sơ, thủ tục kèm theo",
)
WORDS = tuple(
    "nông dân vườn đồi hợp tác mùa vụ giống cây kỹ thuật tưới tiêu phân bón huyện xã bản làng học viên cán bộ lớp học "  # noqa: SIM905
    "thu hoạch chế biến thị trường nhãn hiệu chất lượng năng suất đất dốc mưa nắng rừng suối đường điện trường".split()
)


@dataclass(frozen=True)
class FakeArticle:
    """An article of the fake site in the form of the real one: title, counter, body."""

    number: int
    title: str
    category: str = "khoa-hoc-cong-nghe"
    words: str = ""
    photos: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    notice: str = NOTICE

    @property
    def path(self) -> str:
        return f"/{self.category}/{slug_of(self.title)}-{self.number}"

    def html(self, views: int = 7, links: Sequence[str] = ()) -> str:
        pictures = "".join(
            f'<p><img src="{escape(src)}" alt=""></p><p><i>{escape(caption)}</i></p>' for src, caption in self.photos
        )
        files = "".join(f'<p><a href="{escape(href)}">{escape(label)}</a></p>' for href, label in self.attachments)
        body = "".join(f"<p>{escape(text)}</p>" for text in (*self.paragraphs(), self.words) if text)
        return page(
            f"<h1>{escape(self.title)}</h1><p>Lượt xem: {views}</p><div>{files}{pictures}{body}</div>",
            title=self.title,
            links=links,
            notice=self.notice,
        )

    def paragraphs(self) -> tuple[str, ...]:
        """Three that no other article has."""
        draw = random.Random(self.number)
        return tuple(" ".join(draw.choices(WORDS, k=24)).capitalize() + "." for _ in range(3))


def page(main: str, *, title: str = "Liên hiệp hội Sơn La", links: Sequence[str] = (), notice: str = NOTICE) -> str:
    """A page of the fake site around its main part."""
    items = "".join(f'<li><a href="{escape(href)}">{escape(_label(href))}</a></li>' for href in links)
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>'
        f'<div><a href="/">Trang chủ</a></div>{main}'
        f"<h3>Thông tin doanh nghiệp</h3><ul>{items}</ul><h3>Thống kê truy cập</h3><p>Hôm nay: 943</p>"
        f"<footer><p>{escape(notice)}</p></footer></body></html>"
    )


def _label(href: str) -> str:
    return re.sub(r"[-/?=&]+", " ", href).strip().capitalize() or "Trang chủ"


def listing(links: Sequence[str], *, next_page: str | None = None, heading: str = "Khoa học công nghệ") -> str:
    """A list of links, with a link to its next page."""
    items = "".join(f'<div><h4><a href="{escape(href)}">{escape(_label(href))}</a></h4></div>' for href in links)
    pager = f'<div><a href="{escape(next_page)}">Trang sau</a></div>' if next_page else ""
    return page(f"<h2>{escape(heading)}</h2>{items}{pager}")


def some_articles(count: int = 4, *, first: int = 20001) -> list[FakeArticle]:
    return [
        FakeArticle(first + place * 7, f"{TITLES[place % len(TITLES)]}{f' kỳ {place}' if place >= 6 else ''}")
        for place in range(count)
    ]


def plain_site(articles: Sequence[FakeArticle] | None = None) -> tuple[FakeSite, list[FakeArticle]]:
    """Home, one listing and its articles."""
    chosen = list(some_articles() if articles is None else articles)
    site = FakeSite()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", chosen[0].path], heading="Trang chủ")
    site.pages["/khoa-hoc-cong-nghe"] = listing([one.path for one in chosen])
    for one in chosen:
        site.pages[one.path] = one.html()
    return site, chosen
