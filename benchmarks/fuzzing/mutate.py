"""Ways to damage a page. Each takes a random source, the page, and another page, and gives bytes; none keeps state.

They are what networks, editors, templates and copying do to pages (cuts, lost tags, wrong charsets, glued pages), taken
further than any of these would. Sizes stay bounded, so that a case says something about rules and not about memory;
benchmarks/hostile.py has the sizes.
"""

import re
from collections.abc import Callable
from random import Random

from fuzzing.pieces import ATTRIBUTES, CHARSETS, NAMES, OPENERS, TEXTS

Mutation = Callable[[Random, bytes, bytes], bytes]
LARGEST = 400_000  # bytes; a larger result is cut
_TAG = re.compile(rb"<[^>]{1,400}>")
_CLOSING = re.compile(rb"</[a-zA-Z0-9]+\s*>")
_ENTITY = re.compile(rb"&#?\w{1,12};")
_TEXT = re.compile(rb">([^<>]{3,400})<")


def _span(random: Random, body: bytes, longest: int = 4000) -> tuple[int, int]:
    start = random.randrange(len(body) + 1)
    return start, min(len(body), start + int(longest ** random.random()))


def _place(random: Random, body: bytes) -> int:
    """A place to insert something: mostly between tags, since anything else is text."""
    if random.random() < 0.7:
        found = body.find(b">", random.randrange(len(body) + 1))
        if found >= 0:
            return found + 1
    return random.randrange(len(body) + 1)


def _insert(body: bytes, place: int, piece: bytes) -> bytes:
    return body[:place] + piece + body[place:]


def flip_bytes(random: Random, body: bytes, _: bytes) -> bytes:
    changed = bytearray(body)
    for _each in range(int(200 ** random.random()) if body else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def delete_span(random: Random, body: bytes, _: bytes) -> bytes:
    start, end = _span(random, body)
    return body[:start] + body[end:]


def duplicate_span(random: Random, body: bytes, _: bytes) -> bytes:
    start, end = _span(random, body)
    return _insert(body, random.choice((end, _place(random, body))), body[start:end])


def repeat_fragment(random: Random, body: bytes, _: bytes) -> bytes:
    start, end = _span(random, body, 2000)
    return _insert(body, _place(random, body), body[start:end] * random.randrange(2, 40))


def splice(random: Random, body: bytes, other: bytes) -> bytes:
    start, end = sorted((random.randrange(len(other) + 1), random.randrange(len(other) + 1)))
    choice = random.random()
    if choice < 0.4:
        return _insert(body, _place(random, body), other[start:end])
    place = random.randrange(len(body) + 1)
    return body[:place] + other[start:] if choice < 0.8 else body + other


def truncate(random: Random, body: bytes, _: bytes) -> bytes:
    return body[: random.randrange(len(body) + 1)] if random.random() < 0.8 else body[random.randrange(len(body) + 1) :]


def shuffle_tags(random: Random, body: bytes, _: bytes) -> bytes:
    """Some tags change places with others."""
    spans = [match.span() for match in _TAG.finditer(body)]
    if len(spans) < 2:
        return body
    first = random.randrange(len(spans))
    some = spans[first : first + random.randrange(2, 60)]
    mixed = [body[start:end] for start, end in some]
    random.shuffle(mixed)
    parts, at = [], 0
    for (start, end), tag in zip(some, mixed, strict=True):
        parts += [body[at:start], tag]
        at = end
    return b"".join(parts) + body[at:]


def lose_tags(random: Random, body: bytes, _: bytes) -> bytes:
    """Closing tags, or any tags, are missing here and there."""
    pattern, share = random.choice((_CLOSING, _TAG)), random.random() ** 2
    return pattern.sub(lambda match: b"" if random.random() < share else match[0], body)


def insert_tags(random: Random, body: bytes, _: bytes) -> bytes:
    for _each in range(random.randrange(1, 12)):
        slash = b"/" if random.random() < 0.4 else b""
        attribute = b" " + random.choice(ATTRIBUTES) if random.random() < 0.3 else b""
        body = _insert(body, _place(random, body), b"<" + slash + random.choice(NAMES) + attribute + b">")
    return body


def open_without_end(random: Random, body: bytes, _: bytes) -> bytes:
    return _insert(body, _place(random, body), random.choice(OPENERS))


def rename_tags(random: Random, body: bytes, _: bytes) -> bytes:
    """One element name becomes another on all the page."""
    old, new = random.choice((b"p", b"div", b"span", b"td", b"h1", b"a", b"img", b"br")), random.choice(NAMES)
    return re.sub(rb"(</?)" + old + rb"\b", lambda match: match[1] + new, body)


def damage_attributes(random: Random, body: bytes, _: bytes) -> bytes:
    """Quotes and equal signs lost, and odd attributes added to some tags."""
    share = random.random() * 0.2

    def damage(match: re.Match[bytes]) -> bytes:
        if random.random() > share:
            return match[0]
        choice = random.random()
        if choice < 0.3:
            return match[0].replace(b'"', b"", random.randrange(1, 3))
        if choice < 0.4:
            return match[0].replace(b"=", b"", 1)
        return match[0][:-1] + b" " + random.choice(ATTRIBUTES) + b">"

    return _TAG.sub(damage, body)


def huge_attribute(random: Random, body: bytes, _: bytes) -> bytes:
    value = random.choice((b"a", b"&amp;", b"/", b" ", b"\xe1\xba\xa1", b"display:none;")) * random.randrange(10, 8000)
    name = random.choice((b"style", b"class", b"alt", b"href", b"src", b"title", b"id"))
    tag = random.choice((b"p", b"a", b"img", b"div"))
    return _insert(body, _place(random, body), b"<" + tag + b" " + name + b'="' + value + b'">')


def damage_entities(random: Random, body: bytes, _: bytes) -> bytes:
    odd = (b"&nbsp", b"&#xD800;", b"&#0;", b"&#99999999999;", b"&", b"&amp", b"&shy;", b"&zwj;", b"&#160;", b"&#7;")
    share = random.random()
    body = _ENTITY.sub(lambda match: random.choice(odd) if random.random() < share else match[0], body)
    for _each in range(random.randrange(1, 8)):
        body = _insert(body, _place(random, body), random.choice(odd))
    return body


def lie_about_charset(random: Random, body: bytes, _: bytes) -> bytes:
    """Another encoding, another declaration, or a byte order mark that is not true."""
    name = random.choice(CHARSETS)
    choice = random.random()
    if choice < 0.4:
        try:
            return body.decode("utf-8", "replace").encode(name, "replace")
        except (LookupError, UnicodeError):
            return body.decode("latin-1").encode()
    if choice < 0.7:
        return b'<meta charset="' + name.encode() + b'">' + re.sub(rb"<meta charset[^>]*>", b"", body)
    return random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"+/v8-")) + body


def nul_bytes(random: Random, body: bytes, _: bytes) -> bytes:
    for _each in range(random.randrange(1, 30)):
        body = _insert(
            body, random.randrange(len(body) + 1), random.choice((b"\x00", b"\x1b", b"\x08", b"\x7f", b"\x00" * 9))
        )
    return body


def nest_deep(random: Random, body: bytes, _: bytes) -> bytes:
    names = random.sample(NAMES, random.randrange(1, 4))
    depth = int(4000 ** random.random())
    opening = b"".join(b"<" + name + b">" for name in names)
    closing = b"".join(b"</" + name + b">" for name in reversed(names)) if random.random() < 0.5 else b""
    start, end = _span(random, body)
    return body[:start] + opening * depth + body[start:end] + closing * depth + body[end:]


def odd_text(random: Random, body: bytes, _: bytes) -> bytes:
    """Some texts become what no editor types."""
    share = random.random() ** 3

    def change(match: re.Match[bytes]) -> bytes:
        return b">" + random.choice(TEXTS).encode() + b"<" if random.random() < share else match[0]

    changed = _TEXT.sub(change, body)
    return changed if changed != body else _insert(body, _place(random, body), random.choice(TEXTS).encode())


def odd_words(random: Random, body: bytes, _: bytes) -> bytes:
    """Odd characters within words."""
    for _each in range(random.randrange(1, 20)):
        text = random.choice(TEXTS)
        at = random.randrange(len(text) + 1)
        body = _insert(body, random.randrange(len(body) + 1), text[at : at + 3].encode())
    return body


def base_address(random: Random, body: bytes, _: bytes) -> bytes:
    address = random.choice(
        (b"http://[", b"javascript:", b"//", b"\x00", b"https://khac.example/a/", b"a" * 3000, b"%")
    )
    return _insert(body, body.find(b"<head>") + 6, b'<base href="' + address + b'">')


def canonical_address(random: Random, body: bytes, _: bytes) -> bytes:
    address = random.choice((b"http://[", b"//", b"/a-1", b"?", b"https://susta.vn/x-1", b"\xff", b"http://a:b:c/"))
    return _insert(body, body.find(b"<head>") + 6, b'<link rel="canonical" href="' + address + b'">')


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    delete_span,
    duplicate_span,
    repeat_fragment,
    splice,
    truncate,
    shuffle_tags,
    lose_tags,
    insert_tags,
    open_without_end,
    rename_tags,
    damage_attributes,
    huge_attribute,
    damage_entities,
    lie_about_charset,
    nul_bytes,
    nest_deep,
    odd_text,
    odd_words,
    base_address,
    canonical_address,
)


def mutate(random: Random, body: bytes, other: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A page damaged in one to six ways, and their names."""
    names = []
    for _each in range(random.choice((1, 1, 2, 2, 3, 4, 6))):
        mutation = random.choice(MUTATIONS)
        body = mutation(random, body, other)[:LARGEST]
        names.append(mutation.__name__)
    return body, tuple(names)
