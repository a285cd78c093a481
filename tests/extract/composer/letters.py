"""How a text is spelled in HTML, and a page in bytes. Whatever is done here, the record's text is the same."""

import html
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from random import Random

from composer.style import Style

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_NAMED = {
    "à": "agrave", "á": "aacute", "â": "acirc", "ã": "atilde", "è": "egrave", "é": "eacute", "ê": "ecirc",
    "ì": "igrave", "í": "iacute", "ò": "ograve", "ó": "oacute", "ô": "ocirc", "õ": "otilde", "ù": "ugrave",
    "ú": "uacute", "ý": "yacute", "À": "Agrave", "Á": "Aacute", "Â": "Acirc", "Ô": "Ocirc", "Ê": "Ecirc",
    "–": "ndash", "“": "ldquo", "”": "rdquo", "…": "hellip",
}  # fmt: skip


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _between(text: str, chance: Random, share: float, make: Callable[[], str]) -> str:
    """`text` with something put between two letters of a word, now and then."""
    parts = [text[:1]]
    for before, letter in pairwise(text):
        inside = before.isalpha() and letter.isalpha() and chance.random() < share
        parts.append((make() if inside else "") + letter)
    return "".join(parts)


def _split_by_spans(text: str, chance: Random) -> str:
    """As Word exports do it: a span that begins and ends within a word."""
    words = text.split(" ")
    for n, word in enumerate(words):
        if len(word) > 2 and word.isalpha() and chance.random() < 0.15:
            at = chance.randrange(1, len(word))
            words[n] = f"{word[:at]}<span lang=EN-US style='font-size:13.0pt'>{escaped(word[at:])}</span>"
        else:
            words[n] = escaped(word)
    return " ".join(words)


def _marked(text: str, chance: Random) -> str:
    """A few words in bold or italics, sometimes with the blank inside the tag."""
    words = [escaped(word) for word in text.split(" ")]
    for n in range(1, len(words) - 1):
        if chance.random() < 0.08:
            tag = chance.choice(("b", "i", "u", "em", "strong", "font"))
            blank = chance.choice(("", " "))
            words[n] = f"<{tag}>{words[n]}{blank}</{tag}>"
    return " ".join(words)


def spell(text: str, style: Style, chance: Random) -> str:
    """A text as HTML."""
    match style.letters:
        case "nfd":
            return escaped(unicodedata.normalize("NFD", text))
        case "zero width":
            return escaped(_between(text, chance, 0.06, lambda: chance.choice(INVISIBLE)))
        case "named":
            return "".join(f"&{_NAMED[c]};" if c in _NAMED else escaped(c) for c in text)
        case "numeric":
            coded = ("&#{};", "&#x{:x};", "&#X{:X};")
            return "".join(chance.choice(coded).format(ord(c)) if ord(c) > 255 else escaped(c) for c in text)
        case "nbsp":
            spaces = [" ", " ", "&nbsp;", "&nbsp; ", "\u00a0", "&#160;"]
            return re.sub(" ", lambda _: chance.choice(spaces), escaped(text))
        case "spans":
            return _split_by_spans(text, chance)
        case "wrapped":
            return re.sub(" ", lambda _: "\r\n    " if chance.random() < 0.12 else " ", escaped(text))
        case "marks":
            return _marked(text, chance)
        case "smart tags":
            named = re.compile(r"(?<=\s)\w+ \w+(?=\s)")
            return named.sub(lambda m: f'<st1:place w:st="on">{m[0]}</st1:place>', escaped(text), count=2)
    return escaped(text)


def _old_vietnamese(text: str) -> bytes:
    """windows-1258 writes a vowel and its tone apart; what it lacks becomes a character reference."""
    spread = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            letter.encode("cp1258")
            spread.append(letter)
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", letter)
            tones = [mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323"]
            vowel = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in tones))
            spread.append(vowel + "".join(tones))
    return "".join(spread).encode("cp1258", "xmlcharrefreplace")


def encode(page: str, style: Style) -> tuple[bytes, str]:
    """The page's bytes and the content type that the server sends with them."""
    if style.charset.startswith("1258"):
        named = style.charset == "1258 header"
        return _old_vietnamese(page), "text/html; charset=windows-1258" if named else "text/html"
    if style.charset == "utf-16":
        return page.encode("utf-16"), "text/html; charset=utf-16"
    body = page.encode()
    if style.charset == "bom":
        return b"\xef\xbb\xbf" + body, "text/html"
    return body, "text/html; charset=utf-8" if style.charset in ("both", "header") else "text/html"


def declaration(style: Style) -> str:
    """What the page's head says of its charset."""
    name = {
        "both": "utf-8",
        "meta": "utf-8",
        "late": "utf-8",
        "1258 meta": "windows-1258",
        "1258 late": "windows-1258",
    }.get(style.charset)
    if name is None:
        return ""
    late = "<!--" + " cms " * 400 + "-->" if style.charset.endswith("late") else ""
    if style.seed % 2:
        return f'{late}<meta http-equiv="Content-Type" content="text/html; charset={name}">'
    return f'{late}<meta charset="{name}">'
