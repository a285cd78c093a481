"""Pages that stand in for the page asked for until a visitor has run a script, kept a cookie or solved a riddle. Pure.

No list of vendors: a challenge is known by what it must do. It has hardly anything to read, and a script that sets a
cookie and asks anew, an answer that sets a cookie and leads back to itself, a riddle to solve, or words that say so. An
article that only mentions such words has text of its own and is never one. A page that is merely empty keeps the
reason `empty-shell`, but counts as one of these when a host is watched.
"""

import re
from collections import defaultdict, deque
from collections.abc import Sequence

from archive.records import Article, Refusal, RefusalReason
from scraper.extract import Reading
from scraper.extract.lines import LineKind
from scraper.extract.page import Page, parse_page
from scraper.urls import page_address

# Statuses that challenges come with besides 200.
CHALLENGE_STATUSES = (403, 429, 503)
_LITTLE = 700  # characters to read on the whole page; the wordiest of these pages have about 500
_TINY = 250  # an article's page has more in its frame alone
_SETS_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=(?!=)|\bcookieStore\.set\b")
_ASKS_ANEW = re.compile(
    r"\blocation\s*(?:\.\s*(?:href|search|hash)\s*)?=(?!=)|\blocation\s*\.\s*(?:reload|replace|assign)\b"
    r"|\.submit\s*\(|\bXMLHttpRequest\b|\bfetch\s*\("
)
_RIDDLE = re.compile(r"captcha|turnstile|challenge-?(?:platform|form|widget)|cdn-cgi/challenge", re.I)
_REFRESH = re.compile(r"^\s*\d*\s*(?:[;,]\s*(?:url\s*=)?\s*[\"']?\s*(?P<target>[^\"'\s]*))?", re.I)
_WORDS = re.compile(
    r"checking (?:your browser|if the site connection)|just a moment|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?"
    r"(?:human|not a (?:ro)?bot)|are you (?:a )?(?:human|(?:ro)?bot)|i'?m not a robot|not a robot|security check"
    r"|(?:enable|turn on|requires?|without) (?:javascript|cookies)|ddos protection|captcha|pardon our interruption"
    r"|(?:đang )?kiểm tra trình duyệt|xác (?:minh|thực|nhận)[^.]{0,40}(?:con người|người thật|người máy|robot|truy cập)"
    r"|không phải (?:là )?(?:người máy|robot|máy)|bảo vệ chống (?:ddos|tấn công)|chống (?:ddos|bot)\b"
    r"|(?:bật|kích hoạt|cho phép|hỗ trợ|tắt)(?: tính năng)? (?:java ?script|cookies?)|mã (?:bảo mật|captcha)"
    r"|(?:nhập|gõ)[^.]{0,30}(?:mã xác nhận|mã xác thực|ký tự (?:trong|bên|dưới))",
    re.I,
)
_ASKS_FOR_SCRIPT = re.compile(r"java\s?script|cookies?\b", re.I)


def challenge_in(reading: Reading | None, body: bytes, url: str, headers: Sequence[tuple[str, str]]) -> str | None:
    """By which mark an answer is a challenge; None when it is none.

    `reading` is what extraction made of it (None where only the status was looked at), `body` the page free of content
    coding.
    """
    named = {name.lower(): value for name, value in headers}
    if named.get("cf-mitigated", "").strip().lower() == "challenge":  # Cloudflare: "Detect a challenge page response"
        return "cf-mitigated"
    page = reading.page if reading is not None else None
    if reading is None and body and b"<" in body[: 1 << 16] and b"\x00" not in body[:1024]:
        page = parse_page(body, url, named.get("content-type"))
    if page is None:
        return None
    texts = [line.text for line in page.lines.lines if line.kind is LineKind.TEXT]
    length = sum(map(len, texts))
    read_as_article = reading is not None and isinstance(reading.outcome, Article)
    if length > (_TINY if read_as_article else _LITTLE):
        return None
    mark = _acts(page, url, named)
    if mark or read_as_article or _is_not_found(reading):
        return mark
    return _says(page, texts, length)


def _is_not_found(reading: Reading | None) -> bool:
    outcome = reading.outcome if reading is not None else None
    return isinstance(outcome, Refusal) and outcome.reason is RefusalReason.NOT_FOUND


def _acts(page: Page, url: str, headers: dict[str, str]) -> str | None:
    """A page that makes its visitor ask again with a cookie."""
    scripts = "\n".join(node.text() or "" for node in page.tree.css("script:not([src])"))
    anew = _ASKS_ANEW.search(scripts) is not None or page.tree.css_first("form[action]") is not None
    if _SETS_COOKIE.search(scripts) and (anew or _leads_back(page, url, headers)):
        return "a script sets a cookie and asks anew"
    if "set-cookie" in headers and _leads_back(page, url, headers):
        return "sets a cookie and leads back to itself"
    if "set-cookie" in headers and re.search(r"\blocation\s*\.\s*reload\b", scripts):
        return "sets a cookie, and a script asks anew"
    return None


def _leads_back(page: Page, url: str, headers: dict[str, str]) -> bool:
    """Whether a refresh, in the head or in a header, asks for the very same page again."""
    wishes = [node.attributes.get("content") or "" for node in page.tree.css("meta[http-equiv='refresh' i]")]
    for wish in (*wishes, *filter(None, (headers.get("refresh"),))):
        match = _REFRESH.match(wish)
        target = match["target"] if match else None
        if not target or page_address(target, page.base) == page_address(url, url):
            return True
    return False


def _says(page: Page, texts: list[str], length: int) -> str | None:
    """A page that says what it wants of its visitor: in words, beside a script, form or refresh that it wants it for.
    One that has fields for a password or a message is a form, though it holds a riddle too."""
    if page.tree.css_first("input[type='password' i], textarea:not([name*='captcha' i])") is not None:
        return None
    said = " ".join((*page.head.titles, *texts))
    active = page.tree.css_first("script, form, iframe, meta[http-equiv='refresh' i]") is not None
    if active and _WORDS.search(said):
        return "says that the visitor is checked"
    silent = " ".join(node.text(separator=" ") or "" for node in page.tree.css("noscript"))
    if page.tree.css_first("script") is not None and length < _TINY and _ASKS_FOR_SCRIPT.search(silent):
        return "a noscript asks for JavaScript"
    if active and length < _TINY and _RIDDLE.search(page.html):
        return "holds a riddle"
    if not page.lines.lines and page.tree.css_first("script") is not None:
        return "nothing to read, and a script"
    return None


def is_looked_at(outcome: Article | Refusal) -> bool:
    """Whether an outcome may hide a challenge: a list of articles does not."""
    return isinstance(outcome, Article) or outcome.reason is not RefusalReason.LISTING


# How a host is watched: most of so many last answers, or all of a run's first ones.
_WATCHED, _ENOUGH, _SHARE, _FIRST = 30, 20, 0.6, 8
_NOT_THE_PAGE = (RefusalReason.CHALLENGE, RefusalReason.EMPTY_SHELL)


ADVICE = (
    "Ask the site's operator to let this crawler's User-Agent through, or try again later with a longer"
    " [crawl] delay_seconds; see docs/politeness.md."
)


class ChallengeWatch:
    """Counts, host by host, how many of a run's page answers were challenges or empty shells."""

    def __init__(self) -> None:
        self._last: defaultdict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=_WATCHED))
        self._seen: defaultdict[str, int] = defaultdict(int)

    def note(self, host: str, outcome: Article | Refusal | None) -> str | None:
        """Takes one page answer in; says why the host should be left alone, once it should.

        `outcome` is None for a redirect.
        """
        last = self._last[host]
        last.append(isinstance(outcome, Refusal) and outcome.reason in _NOT_THE_PAGE)
        self._seen[host] += 1
        bad = sum(last)
        first = self._seen[host] == _FIRST == bad
        if not first and (len(last) < _ENOUGH or bad < _SHARE * len(last)):
            return None
        return (
            f"{bad} of its last {len(last)} answers were no pages but challenges or empty shells: the site asks its"
            f" visitors to run a script or keep a cookie, which this crawler does not. {ADVICE}"
        )
