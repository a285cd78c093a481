"""An article in a style: the bytes a server would send."""

from dataclasses import dataclass
from random import Random

from composer.article import Written
from composer.blocks import body, words
from composer.frame import bottom, top
from composer.letters import declaration, encode, escaped
from composer.pictures import base_of
from composer.style import Style, settled
from composer.tags import Tags

_DOCTYPES = {
    "html5": "<!DOCTYPE html>\n",
    "xhtml": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n',
    "none": "",
}
_SHELLS = {
    "divs": "div",
    "tables": "table",
    "center": "center",
    "sections": "section",
    "custom": "x-khoi",
    "font": "font",
    "bare": "div",
    "form": "div",
}
_SCRIPT = "<script>var o={t:'<p>Lượt xem: 1</p>'};document.write('<h1>'+o.t+'</h1>')</script>"
_CSS = "<style>.a>p{margin:0} .b:after{content:'Đăng nhập'}</style>"
_COMMENTS = (
    "<!-- <p>Bản cũ của đoạn này đã bỏ.</p> -->",
    "<!--[if gte mso 9]><xml><w:Zoom>0</w:Zoom></xml><![endif]-->",
)
_HIDDEN = "<input type=hidden name=__VIEWSTATE value=dDwtMTYz><div style='display:none'>Bản nháp chưa duyệt</div>"


@dataclass(frozen=True)
class Served:
    """A page as it comes over the wire."""

    url: str
    content: bytes
    content_type: str


def head(title: str, style: Style, address: str) -> str:
    """The document's head; on sites of this kind <title> may be the article's, the site's, or not there."""
    site = "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La"
    said = {
        "same": title,
        "suffix": f"{title} - {site}",
        "prefix": f"{site} | {title}",
        "site": site,
        "missing": None,
    }[style.head_title]
    named = f"<title>{escaped(said)}</title>" if said else ""
    css = "<style>body{font:14px Arial}</style>" if style.clutter != "none" else ""
    return (
        declaration(style)
        + named
        + base_of(style)
        + css
        + f'<link rel="canonical" href="{address}">' * (style.seed % 2)
    )


def counter(views: int, tags: Tags) -> str:
    label = words("Lượt xem:", tags)
    match tags.style.counter:
        case "span pair":
            return tags.wrap("div", tags.wrap("span", label + " ") + tags.wrap("span", str(views)))
        case "italic":
            return tags.wrap("div", tags.wrap("i", f"{label} {views}"), align="right")
        case "p":
            return tags.wrap("p", f"{label} {views}")
        case "bold number":
            return tags.named("div", f"{label} " + tags.wrap("b", str(views)))
        case "same cell":
            return tags.open("br") + f"{label} {views}" + tags.open("br") * 2
        case "spaced":
            return tags.wrap("div", f"&nbsp;&nbsp;{label}&nbsp; {views}&nbsp;")
    return tags.wrap("div", f"{label} {views}")


def title_line(title: str, tags: Tags) -> str:
    said = words(title, tags)
    match tags.style.title:
        case "p strong":
            return tags.wrap("p", tags.wrap("strong", said))
        case "td":
            return tags.wrap("table", tags.wrap("tr", tags.wrap("td", tags.wrap("b", said))))
        case "font":
            return tags.wrap("div", tags.wrap("font", said, size="5", color="#cc0000"))
        case "b" | "span":
            return tags.wrap("div", tags.wrap(tags.style.title, said))
        case name:
            return tags.named(name, said)


def shelled(inner: str, tags: Tags, depth: int) -> str:
    name = _SHELLS[tags.style.shell]
    for _ in range(depth):
        if name == "table":
            inner = tags.wrap("table", tags.wrap("tr", tags.wrap("td", inner, valign="top")), width="100%")
        else:
            inner = tags.named(name, inner)
    return inner


def _cluttered(inner: str, style: Style) -> str:
    match style.clutter:
        case "scripts":
            return _CSS + inner + _SCRIPT
        case "comments":
            return _COMMENTS[0] + inner + _COMMENTS[1]
        case "hidden":
            return _HIDDEN + inner
        case "all":
            return _CSS + _COMMENTS[1] + _HIDDEN + inner + _SCRIPT + _COMMENTS[0]
    return inner


def whole(main: str, title: str, tags: Tags, address: str) -> str:
    """A page of the site with `main` in its middle."""
    style = tags.style
    if style.shell == "form":
        main = tags.wrap("form", main, action=address, method="post")
    inner = top(tags) + main + "\n" + bottom(tags)
    return (
        f"{_DOCTYPES[style.doctype]}{tags.open('html', lang='vi')}\n"
        f"{tags.wrap('head', head(title, style, address))}\n{tags.wrap('body', inner)}\n{tags.close('html')}\n"
    )


def serve(article: Written, style: Style) -> Served:
    """The article's page. The style is settled first, so that its truth can be told."""
    style = settled(style, article)
    tags = Tags(style, Random(style.seed))
    text = shelled(_cluttered(body(article, tags), style), tags, tags.chance.choice((0, 1, 1)) if style.depth else 0)
    main = shelled(title_line(article.title, tags) + counter(article.views, tags) + text, tags, style.depth)
    content, content_type = encode(whole(main, article.title, tags, article.url), style)
    return Served(article.url, content, content_type)
