"""Addresses: one spelling for each page, and what an address alone can tell. Pure.

What the addresses of this site look like is in the shared site facts: `/<category>/<slug>-<id>`, where the number that
ends the address is the identity; an older form `/bai-viet-<slug>-<id>.html`; older still a path of numbers before the
category. Nothing here decides what a page is: only its content does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from archive.vietnamese import without_marks
from scraper.never import action_of_path, action_of_query

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

_T = TypeVar("_T")
_NO_SLUG = re.compile(r"[^a-zA-Z0-9_]+")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
# An address that is safe as it is.
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9_.~-]*)+")
_MOST_SPELLINGS = 4
# What joins with any address by being put behind its host.
_PLAIN_PATH = re.compile(
    r"(?P<origin>https?://[a-z0-9.-]+(?::[0-9]+)?)?(?P<path>(?:/(?:[A-Za-z0-9_~(),=@+-]|%[0-9A-Fa-f]{2})"
    r"(?:[A-Za-z0-9_.~(),=@+-]|%[0-9A-Fa-f]{2})*)+)"
)
# Parameters that never change what a page says: sessions, campaigns, and other views of the same page.
_IDLE_PARAMETER = re.compile(
    r"^(utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|igshid|_ga|_gl|mc_[ce]id|zarsrc|phpsessid|jsessionid"
    r"|aspsessionid\w*|sess(ion)?_?id|print|ban-?in|preview|share|chia-?se|replytocom|sort(_?by)?|order(_?by)?|sap-?xep"
    r"|referr?er)$",
    re.I,
)
# Those that on some sites are a session or a view, and on others the page's own number (`sid` is an article's in
# PHP-Nuke and early NukeViet): idle with such a value, and where an article's number stands in the path.
_DOUBTFUL_PARAMETER = re.compile(r"^(sid|sess(ion)?|token|in|ref|dir)$", re.I)
_SESSION = re.compile(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z_+/=-]{16,}|[0-9]{20,}")
_VIEW = {"dir": re.compile(r"(asc|desc)(ending)?", re.I), "ref": re.compile(r"[a-z]+(\.[a-z]+)*", re.I)}
_PATH_SESSION = re.compile(
    r";(jsessionid|phpsessid|sid)=[^/?;]*|(?<=/)\((?:[A-Z]\([^()/]*\))+\)(?=/|$)", re.I
)  # also ASP.NET's
# A part of a path that no person wrote: a session, a digest, an identifier.
_TOKEN = re.compile(r"(?=[^/]*\d)(?=[^/]*[a-z])(?:[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4,}){2,}|[0-9a-z_]{20,})", re.I)
_PROGRAM = re.compile(r"\.(php|aspx?|jsp|do|cgi|html?)$|^/?$", re.I)
_DEEP = 3  # parts of a path
_PAGE_PARAMETER = re.compile(r"^(page|trang|p|pg|paged|page_?(no|num|index|number)|currentpage|cp|start|offset)$", re.I)
_PAGE_SEGMENT = re.compile(r"/(?:(?:page|trang|p)[-/]?(\d{1,4}))/?$", re.I)
_NUMBER_AT_END = re.compile(r"-(\d{1,12})(\.html?)?$", re.I)
_MEDIA_FILE = re.compile(
    r"\.(jpe?g|png|gif|webp|bmp|svg|ico|tiff?|avif|pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z|gz|mp3|mp4|m4a|wav|avi"
    r"|mov|flv|wmv|webm|css|js|json|woff2?|ttf|eot|xml|rss|atom|txt|csv|exe|apk)$",
    re.I,
)
# Most addresses of pages, which are in normal form.
_PLAIN_PAGE = re.compile(r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?!80/|443/)[1-9][0-9]{0,3})?)(?:/[a-z0-9_-]+)+")
_LONGEST_ADDRESS = 2000  # characters
_REMEMBERED = 1 << 14  # addresses: the same menu and sidebar links stand on every page
_DEEPEST, _OFTEN = 12, 3  # parts of a path; how often one part may stand in it is less than this
_USUAL_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which hosts a crawl may ask: `page_hosts` for pages, `media_hosts` besides for pictures and attachments.

    `homes` maps other spellings of a start host (`www.`, the other scheme) to `scheme://host`.
    """

    page_hosts: frozenset[str]
    media_hosts: frozenset[str]
    homes: tuple[tuple[str, str], ...] = ()

    def home_of(self, url: str) -> str | None:
        """`scheme://host` that this spelling of a start host stands for; None for other hosts."""
        return dict(self.homes).get(f"{urlsplit(url).scheme}://{host_of(url)}")

    def moved(self, url: str) -> "Scope":
        """The scope once a start host has been seen to live at another spelling of its name, that of `url`."""
        old = self.home_of(url)
        new = f"{urlsplit(url).scheme}://{host_of(url)}"
        homes = tuple((spelling, new if home == old else home) for spelling, home in self.homes)
        return Scope(self.page_hosts | {host_of(url)}, self.media_hosts, homes)

    def allows_page(self, url: str) -> bool:
        return host_of(url) in self.page_hosts

    def allows_media(self, url: str) -> bool:
        host = host_of(url)
        return host in self.page_hosts or host in self.media_hosts


def make_scope(start_urls: tuple[str, ...], allowed_hosts: tuple[str, ...], media_hosts: tuple[str, ...]) -> Scope:
    """The scope of a crawl from its settings."""
    homes = []
    for url in start_urls:
        parts = urlsplit(url)
        host = host_of(url)
        bare = host.removeprefix("www.")
        for spelling in (bare, f"www.{bare}"):
            for scheme in ("http", "https"):
                homes.append((f"{scheme}://{spelling}", f"{parts.scheme}://{host}"))  # noqa: PERF401
    hosts = frozenset(host_of(url) for url in start_urls) | frozenset(allowed_hosts)
    return Scope(hosts, frozenset(media_hosts), tuple(homes))


def _asked(rule: "_lru_cache_wrapper[_T]", url: str) -> _T:
    """What a rule that remembers says of an address; what is too long to be one is not kept."""
    return rule(url) if len(url) <= _LONGEST_ADDRESS else rule.__wrapped__(url)


def parts_of(url: str) -> SplitResult:
    """The parts of an address; all of them empty when it is broken beyond taking apart, as links of pages may be."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def host_of(url: str) -> str:
    """Host with its port when that is not the scheme's usual one, lower case; "" when the address is broken."""
    return _asked(_host_of, url)


@lru_cache(maxsize=_REMEMBERED)
def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _USUAL_PORT.get(parts.scheme)) else f"{host}:{port}"


def media_address(href: str, base: str) -> str | None:
    """Absolute http(s) address of a picture or file as the page means it, percent-encoded; None when it is none."""
    href = href.strip().replace("\\", "/")
    plain = _PLAIN_PATH.fullmatch(href)
    if plain and (origin := plain["origin"] or _origin_of(base)) and _is_origin(origin):
        url = f"{origin}{plain['path']}"
        return url if len(url) <= _LONGEST_ADDRESS else None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or len(url) > _LONGEST_ADDRESS:
            return None
        if not _HOST.fullmatch(parts.hostname or "") or parts.port == 0:  # a port beyond all raises ValueError
            return None
        if _PLAIN_ADDRESS.fullmatch(url):
            return url
        return str(safe_url_string(urlunsplit(parts._replace(fragment="")))).replace("'", "%27")
    except ValueError:
        return None


@lru_cache(maxsize=1 << 10)
def _origin_of(base: str) -> str:
    """Scheme and host of an address, as it writes them."""
    parts = parts_of(base)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=1 << 10)
def _is_origin(origin: str) -> bool:
    """Whether addresses under an origin need no more than their path looked at."""
    return media_address(f"{origin}/.", origin) == f"{origin}/."


def page_address(href: str, base: str, scope: Scope | None = None) -> str | None:
    """The one spelling under which a page is known; None when `href` is no http(s) address.

    Joined with `base`; scheme, host and percent-encoding in normal form (RFC 3986 6.2.2); without fragment, session and
    view parameters, doubled or trailing slashes; query sorted. Addresses of today's article form are lower case, since
    the slug rule makes them so.
    """
    if href.startswith("/") and href[1:2].isalnum() and len(href) <= _LONGEST_ADDRESS:
        return _rooted_address(href, _origin_of(base), scope)
    absolute = media_address(href, base)
    return None if absolute is None else _page_spelling(absolute, scope)


@lru_cache(maxsize=_REMEMBERED)
def _rooted_address(href: str, origin: str, scope: Scope | None) -> str | None:
    """Where a path leads that begins at the host's root: the same from every page of a host."""
    absolute = media_address(href, f"{origin}/")
    return None if absolute is None else _page_spelling(absolute, scope)


@lru_cache(maxsize=1 << 15)  # the same menu and sidebar links stand on every page
def _page_spelling(absolute: str, scope: Scope | None) -> str | None:
    """An address spelled anew until it stays: taking something off its end can bare something else to spell, such as a
    parameter of the path (`;`)."""
    spelling: str | None = absolute
    for _ in range(_MOST_SPELLINGS):
        before, spelling = spelling, _spelled(spelling, scope) if spelling else None
        if spelling == before:
            break
    return spelling


def _spelled(absolute: str, scope: Scope | None) -> str | None:
    plain = _PLAIN_PAGE.fullmatch(absolute)
    if plain is None:
        return _spelled_in_parts(absolute, scope)
    home = dict(scope.homes).get(plain[1], plain[1]) if scope else plain[1]
    return f"{home}{absolute[plain.end(1) :]}"


def _spelled_in_parts(absolute: str, scope: Scope | None) -> str | None:
    try:
        parts = urlsplit(str(canonicalize_url(absolute)))
        host = host_of(urlunsplit(parts))
    except ValueError:
        return None
    if scope is not None:
        home = dict(scope.homes).get(f"{parts.scheme}://{host}")
        if home:
            scheme, _, host = home.partition("://")
            parts = parts._replace(scheme=scheme)
    path = re.sub(r"/{2,}", "/", _PATH_SESSION.sub("", parts.path)) or "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    if re.fullmatch(r"/[^/.]+/[^/]*-\d+", path):
        path = path.lower() if "%" not in path else path
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    pairs = [(key, value) for key, value in pairs if not _idle(key, value, path)]
    return urlunsplit((parts.scheme, host, path, urlencode(pairs), "")).replace("'", "%27")


def _idle(key: str, value: str, path: str) -> bool:
    """Whether a parameter leaves the page at a path what it is."""
    if _IDLE_PARAMETER.match(key):
        return True
    if not _DOUBTFUL_PARAMETER.match(key):
        return False
    view = _VIEW.get(key.lower())
    looks_idle = _TOKEN.fullmatch(value) or _SESSION.fullmatch(value) or (view and view.fullmatch(value))
    return bool(looks_idle) or site_id_of(path) is not None


def may_follow(url: str) -> bool:
    """Whether a link may be a page worth asking for. False for log-in, poll, search, share and file addresses, and for
    paths that repeat themselves (the mark of a looping site)."""
    return _asked(_may_follow, url)


@lru_cache(maxsize=_REMEMBERED)
def _may_follow(url: str) -> bool:
    return why_never(url) is None


def why_never(url: str) -> tuple[str, str] | None:
    """By which rule a link is never followed, and what in the address it rests on; None where it may be.

    The rules: those of `never.py` (`account`, `poll`, `search`, `sharing`, `printing`, `mail`, `riddle`, `cart`,
    `administration`, `change`, `returning`), `file`, `too-deep`, `loop`.
    """
    parts = parts_of(url)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    action = action_of_path(segments, is_article=site_id_of(url) is not None)
    action = action or action_of_query(parse_qsl(parts.query, keep_blank_values=True))
    if action:
        return action
    if segments and (match := _MEDIA_FILE.search(segments[-1])):
        return "file", match[0]
    if len(segments) > _DEEPEST:
        return "too-deep", f"{len(segments)} parts"
    return next((("loop", segment) for segment in segments if segments.count(segment) >= _OFTEN), None)


def is_media_file(url: str) -> bool:
    """Whether the address ends like a picture or document file."""
    return _MEDIA_FILE.search(parts_of(url).path) is not None


def site_id_of(url: str) -> int | None:
    """The number that ends an article's address, in today's form and the older `.html` one; None for other forms.

    Takes relative addresses too, and those with a session in them, as links have them.
    """
    return _asked(_site_id_of, url)


@lru_cache(maxsize=_REMEMBERED)
def _site_id_of(url: str) -> int | None:
    path = "/" + _PATH_SESSION.sub("", parts_of(url).path).strip("/")
    match = _NUMBER_AT_END.search(path)
    if match is None or _PAGE_SEGMENT.search(path) or path.count("/") < (1 if match[2] else 2):
        return None
    return int(match[1])


def category_of(url: str) -> str | None:
    """The category an article's address names: the segment before the last one. None where there is none."""
    segments = [unquote(segment) for segment in parts_of(url).path.split("/") if segment]
    if len(segments) < 2 or segments[-2].isdigit():
        return None
    return segments[-2]


@lru_cache(maxsize=1 << 8)  # a title stands several times on its page
def slug_of(title: str) -> str:
    """A title as it stands in an address (site fact: reproduces 11 of 11 real ones, before the number is added)."""
    bare = _NO_SLUG.sub("-", without_marks(title))
    return bare.rstrip("-").lower()[:96]


def words_of(url: str) -> str:
    """The words of an address's first segment, bare and parted by a space: what part of the site it names."""
    first = parts_of(url).path.strip("/").partition("/")[0]
    return re.sub(r"[^a-z0-9]+", " ", without_marks(unquote(first)).lower()).strip()


def slug_in(url: str) -> str:
    """The slug part of an article's address, without its number; "" where there is none."""
    last = parts_of(url).path.rstrip("/").rpartition("/")[2]
    return _NUMBER_AT_END.sub("", last).lower() if _NUMBER_AT_END.search(last) else last.lower()


def page_number_of(url: str) -> int | None:
    """Which page of a listing an address asks for, where it says so; None for a first page, numbered or not."""
    parts = parts_of(url)
    number = None
    for key, value in parse_qsl(parts.query):
        if _PAGE_PARAMETER.match(key) and re.fullmatch(r"[0-9]{1,6}", value):
            number = int(value)
    match = _PAGE_SEGMENT.search(parts.path)
    if number is None and match:
        number = int(match[1])
    return number if number is not None and number > 1 else None


def family_of(url: str) -> str | None:
    """A wider family than the pattern, for what makes endless copies of pages in ever other forms: all addresses of a
    host with the same parameters, whatever their path; all below a part that looks like a session; all deep paths below
    one first part that are no article's. None for other addresses."""
    parts = parts_of(url)
    keys = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    copying = sorted(key for key in keys if not _PAGE_PARAMETER.match(key))
    segments = [segment for segment in _PAGE_SEGMENT.sub("", parts.path).split("/") if segment]
    token = next((place for place, segment in enumerate(segments[:-1]) if _TOKEN.fullmatch(segment)), None)
    if token is not None:
        return "/".join((host_of(url), *segments[:token], "~", "**"))
    if copying:
        return f"{host_of(url)}/**?{'&'.join(copying)}"
    if len(segments) >= _DEEP and site_id_of(url) is None and not segments[0].isdigit():
        return f"{host_of(url)}/{segments[0]}/**"
    return None


def pattern_of(url: str) -> str:
    """The family an address belongs to, for telling traps: numbers, slugs, sessions and last segments masked. Pages of
    a listing, articles, and the rest are families of their own. Parameters that narrow or sort a section are one family
    in any number and order; the names of those of a program (`/index.php?module=…`) are kept."""
    return _asked(_pattern_of, url)


@lru_cache(maxsize=_REMEMBERED)
def _pattern_of(url: str) -> str:
    parts = parts_of(url)
    path = _PAGE_SEGMENT.sub("", parts.path)
    numbered = "/page-#" if path != parts.path else ""
    segments = [segment for segment in path.split("/") if segment]
    masked = ["~" if _TOKEN.fullmatch(segment) else re.sub(r"[0-9]+", "#", segment) for segment in segments]
    if segments and not numbered:
        if _NUMBER_AT_END.search(segments[-1]):
            masked[-1] = "*-#"
        elif (len(segments) > 1 or not parts.query) and re.search(r"[^\W\d_]", segments[-1]):
            masked[-1] = "*"
    keys = sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)})
    if any(not _PAGE_PARAMETER.match(key) for key in keys) and not _PROGRAM.search(parts.path):
        keys = ["**"]
    return f"{host_of(url)}/{'/'.join(masked)}{numbered}?{'&'.join(keys)}"


def redirect_target(url: str, location: str, *, is_media: bool) -> str | None:
    """Where a redirect leads, in the spelling a page is known under; as sent for media, and where the server insists on
    a spelling of its own (a slash at the end). None for no address."""
    as_sent = media_address(location, url)
    if is_media or as_sent is None:
        return as_sent
    known = page_address(as_sent, url)
    return as_sent if known == page_address(url, url) else known
