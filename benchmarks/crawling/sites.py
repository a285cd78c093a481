"""Made-up sites to crawl, whose every page is known: from the demo site's articles and markups.

`portal`: a few thousand pages of the weight of a Vietnamese public portal, each with some 260 links to others of them,
written once. `varied`: a few hundred articles drawn by a seed, in a markup drawn by it, with pictures large enough to
fill WARC files, counters that move at every visit, and links that must not be followed.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from html import escape
from random import Random

from scraper.demo.article import Article
from scraper.demo.editions import Edition, Library, make_edition
from scraper.demo.markups import MARKUPS
from scraper.demo.pages import ITEMS_A_PAGE, Pages, Reply, Visit
from scraper.demo.server import split_target

HOST = "susta.example"
NOISE = 24_000  # bytes added to each picture, which no compression makes smaller
LINKS, WEIGHT = 260, 50_000  # of a portal's page
_MENU, _NEWEST = 90, 40  # links alike on every page of the portal
_LINK = re.compile(r'(<a\b[^>]*\bhref=")([^"]*)(")')
_BODY, _BODY_END, _HEAD_END = re.compile(r"<body\b[^>]*>"), re.compile(r"</body>"), re.compile(r"</head>")


@dataclass(frozen=True, slots=True)
class Site:
    """`answer(target, number)` gives the reply to the site's `number`-th request. `pages` are the targets of the pages
    that a complete crawl has; `articles` maps the number of each to its addresses; `media` maps the targets of the
    articles' pictures and files to their digests. Where the site `knows_validators`, pages come with an ETag, and only
    once to who sends it back."""

    answer: Callable[[str, int], Reply]
    pages: frozenset[str]
    articles: Mapping[int, tuple[str, ...]]
    media: Mapping[str, str] = field(default_factory=dict)
    knows_validators: bool = False


def portal(pages: int, base: str) -> Site:
    """A site of just so many pages, each written beforehand, so that its server costs little."""
    edition = _edition_of(pages)
    made = Pages(edition, "portal", HOST)
    listings = _listings(made)
    targets = ["/", "/thu-vien-anh", "/lien-he", *listings, *edition.by_path]
    known = frozenset(targets)
    replies = {}
    for number, target in enumerate(targets):
        path, query = split_target(target)
        status, html = made.html(path, Visit(path, query, base.rstrip("/"), number))
        assert status == 200, target
        replies[target] = Reply(200, "text/html; charset=utf-8", _as_portal(html, number, known, listings, edition))
    missing = Reply(404, "text/html; charset=utf-8", b"<h1>404</h1>")
    robots = made.answer(Visit("/robots.txt", {}, base, 0))
    replies["/robots.txt"] = robots
    return Site(
        lambda target, _: replies.get(target, missing),
        known,
        {article.site_id: article.paths for article in edition.articles},
    )


def _edition_of(pages: int) -> Edition:
    """As many articles as make a site of so many pages, their listings counted."""
    chosen: list[Article] = []
    in_category: Counter[str] = Counter()
    addresses = 3  # home, gallery, contact
    for article in Library(pages).edition(1).articles[::-1]:
        in_category.update(article.categories)
        addresses += len(article.paths)
        if addresses + sum(-(-count // ITEMS_A_PAGE) for count in in_category.values()) > pages:
            break
        chosen.append(article)
    return make_edition(chosen, {})


def _listings(made: Pages) -> list[str]:
    found = []
    for category in made.categories:
        count = sum(category in article.categories for article in made.edition.articles)
        found.append(f"/{category}")
        found += [f"/{category}?page={number}" for number in range(2, -(-count // ITEMS_A_PAGE) + 1)]
    return found


def _as_portal(html: str, number: int, known: frozenset[str], listings: list[str], edition: Edition) -> bytes:
    """A page with the menu and the lists of a portal around it, up to LINKS links and WEIGHT bytes. Links that lead to
    no page of the site lead nowhere, so that every crawler has the same pages before it."""
    html = _LINK.sub(lambda link: link[0] if _is_known(link[2], known) else f"{link[1]}#{link[3]}", html)
    random = Random(number)
    menu = "".join(f'<li><a href="{escape(url)}">{escape(url[1:])}</a></li>' for url in listings[:_MENU])
    newest = edition.articles[:_NEWEST]
    others = max(0, LINKS - html.count("<a ") - min(_MENU, len(listings)) - len(newest))
    drawn = [random.choice(edition.articles) for _ in range(others)]
    side = f"<h3>Tin mới nhất</h3><ul>{_items(newest)}</ul><h3>Tin liên quan</h3><ul>{_items(drawn)}</ul>"
    html = _BODY.sub(lambda body: f'{body[0]}<nav id="menu"><ul>{menu}</ul></nav>', html, count=1)
    html = _BODY_END.sub(lambda end: f'<aside id="ben">{side}</aside>{end[0]}', html, count=1)
    lacking = WEIGHT - len(html.encode()) - len("<script></script>")
    code = "".join(f'portal.on("ready.{place}","{random.randrange(10**9):x}");' for place in range(lacking // 24))
    html = _HEAD_END.sub(lambda end: f"<script>{code[: max(0, lacking)]}</script>{end[0]}", html, count=1)
    return html.encode()


def _is_known(href: str, known: frozenset[str]) -> bool:
    return href.replace("&amp;", "&") in known


def _items(articles: list[Article] | tuple[Article, ...]) -> str:
    return "".join(
        f'<li><a class="tin" href="{article.paths[0]}">{escape(article.title[:40])}</a></li>' for article in articles
    )


def varied(seed: int, articles: int, base: str) -> Site:
    """A site drawn by a seed: other articles, pictures, listings and markup for each."""
    random = Random(seed)
    whole = Library(articles * 3).edition(1).articles[::-1]
    chosen = [whole[place] for place in sorted(random.sample(range(len(whole)), articles))]
    edition = make_edition(chosen, {})
    made = Pages(edition, random.choice([None, *MARKUPS]), HOST)

    def answer(target: str, number: int) -> Reply:
        path, query = split_target(target)
        reply = made.answer(Visit(path, query, base.rstrip("/"), number))
        if not reply.media_type.startswith("image/"):
            return reply
        return Reply(reply.status, reply.media_type, reply.body + _noise(path), reply.changed)

    media = [photo.path for article in chosen for photo in article.photos]
    media += [download.path for article in chosen for download in article.downloads]
    return Site(
        answer,
        frozenset(["/", *_listings(made), *edition.by_path]),
        {article.site_id: article.paths for article in chosen},
        {target: sha256(answer(target, 0).body).hexdigest() for target in media},
        knows_validators=seed % 2 == 1,
    )


@lru_cache(maxsize=2000)
def _noise(path: str) -> bytes:
    return Random(path).randbytes(NOISE)
