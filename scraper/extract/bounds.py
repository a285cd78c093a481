"""Markup that would cost its reader more than it is long, made harmless before the parser sees it. Pure.

Three things in HTML can be turned against a parser. Elements nest without limit, and finding what an end tag closes
walks up them: 40,000 open tags cost seconds. And formatting elements left open are made again in every
block that follows ("reconstruct the active formatting elements"): 80 KB of `<p><font color=1>x<p><font color=2>x…`
become eight million nodes and three gigabytes. And an attribute given twice counts once, so each is compared with all
before it. Pages people write come near none of these, so what goes beyond is taken out, or replaced by tags that hold
nothing: no text is lost.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import AnyStr

from scraper.extract.tags import VOID

_FORMATTING = re.compile(
    r"<(?:[bBiIuUsS]|[eE][mM]|[tT][tT]|[bB][iI][gG]|[cC][oO][dD][eE]|[fF][oO][nN][tT]|[sS][mM][aA][lL][lL]"
    r"|[sS][tT][rR][iI][kK][eE]|[sS][tT][rR][oO][nN][gG])[\s/>]"
)
# A tag with very many attributes is long, or hides its length by holding angle brackets in its values.
_LONG = 6000
_BRACKET_IN_VALUE = re.compile(r"=\s*(?:\"[^\"<]*<|'[^'<]*<)")
_AS_TEXT = ("<", ">", _BRACKET_IN_VALUE)
_AS_SENT = (b"<", b">", re.compile(_BRACKET_IN_VALUE.pattern.encode()))
_MOST_BRACKETS = 300
_MOST_ATTRIBUTES = 300
_WHOLE_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<code>script|style|textarea|title|xmp|iframe)\b.*?(?:</(?P=code)|\Z)"
    r"|(?P<open><[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^>=]|=\s*\"[^\"]*\"|=\s*'[^']*'|=)*+)",
    re.I | re.S,
)
_ATTRIBUTE = re.compile(r"[\s/]*[^\s/>=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?|=")
_MAY_FORMAT = re.compile(r"<[bBiIuUsSeEtTcCfF][\s>/mMiIoOtTgG]")  # the same and some more, told three times as fast
_HARMLESS_LENGTH = 100_000  # characters; attributes that hide their number are few thousand in so many
_FORMATTING_NAMES = frozenset(["b", "i", "u", "s", "em", "tt", "big", "code", "font", "small", "strike", "strong"])
# Closed by their like, or by what surrounds them, so that they nest only where something counted does.
_CLOSE_THEMSELVES = frozenset(["a", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "nobr"])
_TAG_OR_CODE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<code>script|style|textarea|title|xmp|iframe)\b.*?(?:</(?P=code)|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)",
    re.I | re.S,
)
_HARMLESS_TAGS = 600  # whatever they are
HARMLESS_DEPTH = 5_000  # tags, if all were nested
_DEEPEST = 400
_MOST_FORMATTING = 64  # elements left open at once
_MOST_NODES = 300_000  # formatting elements times tags: what reconstruction could make


def bounded(html: str) -> str:
    """`html` as it is, or with its tags beyond the bounds replaced. Linear; quick for the pages of people."""
    tags = html.count("<")
    if not hides_attributes(html):
        if is_harmless(tags, tags, html, 0):
            return html
    else:
        html = _WHOLE_TAG.sub(_with_few_attributes, html)
        tags = html.count("<")
    if tags <= _HARMLESS_TAGS:
        return html
    formatting = len(_FORMATTING.findall(html))
    if tags <= HARMLESS_DEPTH and formatting * tags <= _MOST_NODES:
        return html
    return _TAG_OR_CODE.sub(_Limiter(max(1, min(_MOST_FORMATTING, _MOST_NODES // tags))).replace, html)


def is_harmless(tags: int, left: int, rest: str, formatting: int, code: Iterable[bytes] = ()) -> bool:
    """Whether a page with so many tags, none of which `hides_attributes`, needs no closer look. Its tags of formatting
    are among the tags that are `left`; those in `rest`, those in `code`, which look like some, and as many more as
    `formatting` says."""
    if tags <= _HARMLESS_TAGS:
        return True
    if tags > HARMLESS_DEPTH:
        return False
    if (left + formatting) * tags <= _MOST_NODES:  # whatever the tags are
        return True
    return (formatting_in(rest) + sum(each.count(b"<") for each in code) + formatting) * tags <= _MOST_NODES


def formatting_in(html: str) -> int:
    """How many tags of formatting there are at most."""
    return len(_MAY_FORMAT.findall(html))


def hides_attributes(html: AnyStr) -> bool:
    """Whether a tag may have very many attributes. Takes text, and bytes in UTF-8."""
    less, greater, pattern = _AS_TEXT if isinstance(html, str) else _AS_SENT
    hidden = len(html) > _HARMLESS_LENGTH and len(pattern.findall(html)) > _MOST_BRACKETS
    return hidden or _has_long_tag(html, less, greater)


def _has_long_tag(html: AnyStr, less: AnyStr, greater: AnyStr) -> bool:
    """Whether a tag goes on for thousands of characters. Only a stretch without any `<` can be within one."""
    half, opened = _LONG // 2, -1
    for at in range(0, len(html), half):
        last = html.rfind(less, at, at + half)
        if last >= 0:
            opened = last
        elif opened >= 0:
            if html[opened + 1 : opened + 2].isalpha() and html.find(greater, opened, opened + _LONG) < 0:
                return True
            opened = -1  # looked at
    return False


def _with_few_attributes(match: re.Match[str]) -> str:
    given = match["attributes"]
    if given is None or len(given) < _MOST_ATTRIBUTES:
        return match[0]
    end = 0
    for count, attribute in enumerate(_ATTRIBUTE.finditer(given)):
        if count == _MOST_ATTRIBUTES:
            return f"{match['open']}{given[:end]}"
        end = attribute.end()
    return match[0]


class _Limiter:
    """Counts what is open while the tags of a page pass by, and empties those beyond the bounds."""

    def __init__(self, most_formatting: int) -> None:
        self._most_formatting = most_formatting
        self._open: Counter[str] = Counter()
        self._emptied: Counter[str] = Counter()
        self._depth = self._formatting = 0

    def replace(self, match: re.Match[str]) -> str:
        """The start of one tag: as it is, or that of a tag that holds nothing (<wbr> in a line, <hr> between)."""
        name = (match["name"] or "").lower()
        if not name or name in VOID or name in _CLOSE_THEMSELVES:
            return match[0]
        formatting = name in _FORMATTING_NAMES
        empty = "wbr" if formatting else "hr"
        if match["end"]:
            if self._emptied[name]:
                self._emptied[name] -= 1
                return f"</{empty}"
            if self._open[name]:
                self._count(name, -1, formatting=formatting)
            return match[0]
        if (self._formatting >= self._most_formatting) if formatting else (self._depth >= _DEEPEST):
            self._emptied[name] += 1
            return f"<{empty}"
        self._count(name, 1, formatting=formatting)
        return match[0]

    def _count(self, name: str, step: int, *, formatting: bool) -> None:
        self._open[name] += step
        if formatting:
            self._formatting += step
        else:
            self._depth += step
