"""Damaged pages by number: the same (seed, number) is the same page on every machine."""

from random import Random

from evaluation.corpus import HTML, demo_pages, golden_pages

from fuzzing.invariants import Input
from fuzzing.mutate import mutate
from fuzzing.pieces import CHARSETS

_ARTICLES = 6  # of the demo site, in each markup
_URLS = (
    "https://susta.vn/kinh-te-du-lich/dac-trung-17100",
    "https://susta.vn/bai-viet-Nu-tri-thuc-2026.html",
    "https://susta.vn/1227/27461/54439/293909/tu-lieu-sub/mot-bai-15537",
    "https://susta.vn/a/b-99999999999999999999999999",
    "https://susta.vn/tu-lieu-sub?page=2",
    "https://susta.vn",
    "https://susta.vn/%zz%e1%ba/a-1",
    "https://susta.vn/\u1ea1/\u0111-1",
    "https://[::1]:8/x/y-1",
    "http://[/x-1",
    "HTTP://SUSTA.VN:80/A/B-1#x",
    "https://susta.vn/" + "a" * 3000 + "-1",
    "https://susta.vn/a/b-\u0661\u0662",
    "https://susta.vn/a/b-\u00b2",
    "//susta.vn/a-1",
    "",
    " ",
    "a",
    "https://susta.vn:port/x-1",
    "https://user:pass@susta.vn/a/b-1?c=d;e&f#g",
)


class Cases:
    """All cases of one seed. Undamaged pages are those of the demo site and of tests/pages."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.pages = demo_pages(_ARTICLES) + golden_pages()

    def case(self, number: int) -> tuple[Input, tuple[str, ...]]:
        """Case `number`, and the names of what was done to it."""
        random = Random(f"{self.seed}/{number}")
        page, other = random.choice(self.pages), random.choice(self.pages)
        body, names = mutate(random, page.body, other.body)
        url = page.url if random.random() < 0.85 else random.choice(_URLS)
        content_type = page.content_type if random.random() < 0.7 else _content_type(random)
        return Input(body, url, content_type), (page.name, *names)


def _content_type(random: Random) -> str | None:
    charset = random.choice(CHARSETS)
    return random.choice(
        (
            None,
            "",
            HTML,
            "text/html",
            f"text/html; charset={charset}",
            f'text/html; charset="{charset}',
            "text/html;charset=;charset=utf-8",
            "application/xhtml+xml",
            "TEXT/HTML;;;",
            "text/html; " + "x" * 5000,
            "\x00",
        )
    )
