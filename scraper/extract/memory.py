"""What the pages read so far have in common: their elements that come again, found on a page before it is parsed. Pure
in effect, as `parts` says.

An element that reads alone is kept at its third meeting, since an article's own are met twice: by the crawl, and when
pages are derived again. Tried and rejected: parsing whole pages and comparing what the parser writes, which takes as
long as all the rules together.
"""

import re
from collections import OrderedDict

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.alone import FORMATTING, Known, Stood, alone_among
from scraper.extract.bounds import formatting_in
from scraper.extract.parts import Cut, Part
from scraper.extract.tags import CLOSE, PART_PREFIX, SKIP, pieces_of, sent_pieces_of, tag_of, without_code
from scraper.extract.text import is_composed

_ELEMENTS = ("table", "ul", "ol", "nav", "header", "footer", "aside", "div", "section", "td")
_NAMES = frozenset(_ELEMENTS)
_OPENS = re.compile(rf"<(?:{'|'.join(_ELEMENTS)})", re.I)
_BODY = re.compile(r"<body\b", re.I)
_TOLD_BY = 40  # characters at the start of an element's markup by which it is looked up
_LEAST_PIECES, _MOST_PIECES = 16, 6_000  # of an element worth remembering; a tag and a text are two
_LONGEST = 200_000  # characters
_MEETINGS = 3
_MOST_MET, _MOST_KEPT, _MOST_BARRED = 50_000, 200, 1_000
_MOST_HELD = 8_000_000  # characters of those kept
_LEARN_EVERY = 8  # pages, of those that have no more new on them than others
_LEARN_SELDOM = 64  # the same where nothing comes of it any more
_LEARN_ON = 3  # pages after one that taught something
_STRANGE = 1.25  # as long as others what is new on a page, for one that is looked at for what may come again
_WORTH = 2  # as long as a stand-in for it is an element that saves time
_MOST_FORMATTING = 8  # kinds of formatting in an element
# A page that has it is read whole, and no character reference makes it: this one's makes € (HTML standard 13.2.5.80).
_MARK = "\x80"


class Memory:
    """The elements met so far, by hash, and those kept."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self._kept: OrderedDict[str, Part] = OrderedDict()
        self._by_opening: dict[str, list[Part]] = {}
        self._barred: set[int] = set()
        self._named = self._pages = self._learned = self._due = 0
        self._every = _LEARN_EVERY
        self._held = 0  # characters, as sent and as the parser writes them
        self._usual = 0.0  # characters that are new on a page
        self._expected: list[Part] = []  # those on the page before

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """As if no page had been met."""
        self._met.clear()
        self._kept.clear()
        self._by_opening.clear()
        self._barred.clear()
        self._expected.clear()
        self._pages = self._learned = self._due = self._held = 0
        self._every = _LEARN_EVERY
        self._usual = 0.0

    def cut(self, html: str) -> Cut:
        """A page as sent, with stand-ins for the known elements in it."""
        if _MARK in html:
            return Cut(html)
        self._pages += 1
        body = _BODY.search(html)
        start = body.start() if body else 0
        found = self._find_all(html, start)
        fresh: list[str] = []
        short = [html[:start]]
        for number, (place, part) in enumerate(found):
            fresh.append(html[start:place])
            short += (fresh[-1], part.stand_in[0], str(number), part.stand_in[1])
            start = place + len(part.sent)
        fresh.append(html[start:])
        short.append(fresh[-1])
        parts = [part for _, part in found]
        length = sum(map(len, fresh))
        strange = length > _STRANGE * self._usual
        self._usual += (length - self._usual) / _LEARN_EVERY
        self._expected = parts
        if strange or self._pages < self._learned + _LEARN_ON or self._pages >= self._due:
            self._learn(fresh, parts)
            taught = self._learned == self._pages
            self._every = _LEARN_EVERY if taught else min(2 * self._every, _LEARN_SELDOM)
            self._due = self._pages + self._every
            if taught:
                self._expected = []  # so that what was kept now is found
        return Cut("".join(short), tuple(parts), sum(part.formatting for part in parts))

    def bar(self, part: Part) -> None:
        """Keeps an element no more, since it stands where it cannot be told."""
        self._refuse(part.known)
        self._expected = []
        if self._kept.pop(part.name, None) is not None:
            self._let_go(part)

    def _refuse(self, known: Known) -> None:
        if len(self._barred) >= _MOST_BARRED:
            self._barred.clear()
        self._barred.add(known.sign)

    def _find_all(self, html: str, start: int) -> list[tuple[int, Part]]:
        """The known elements from a place on, with their places."""
        found = self._find_expected(html, start)
        if not found and self._kept:
            while one := self._find_any(html, start):
                found.append(one)
                start = one[0] + len(one[1].sent)
        for _, part in found:
            self._kept.move_to_end(part.name)
        return found

    def _find_expected(self, html: str, start: int) -> list[tuple[int, Part]]:
        """The known elements of the page before, where all are there in order: pages that come together are most often
        alike, and looking for few texts takes a third of looking at every element. Else none."""
        found: list[tuple[int, Part]] = []
        for part in self._expected:
            opening = part.sent[:_TOLD_BY]
            start = html.find(opening, start)
            while start >= 0 and not html.startswith(part.sent, start):
                start = html.find(opening, start + 1)
            if start < 0:
                return []
            found.append((start, part))
            start += len(part.sent)
        return found

    def _find_any(self, html: str, start: int) -> tuple[int, Part] | None:
        """The first known element from a place on."""
        by_opening = self._by_opening
        for match in _OPENS.finditer(html, start):
            place = match.start()
            for part in by_opening.get(html[place : place + _TOLD_BY], ()):
                if html.startswith(part.sent, place):
                    return place, part
        return None

    def _learn(self, fresh: list[str], parts: list[Part]) -> None:
        """Counts the elements of a page, its known elements between what is new on it, and keeps the outermost of those
        that were met often enough."""
        if len(self._met) >= _MOST_MET:
            self._met.clear()
        met = self._met
        pieces = sent_pieces_of(fresh[0])
        for part, after in zip(parts, fresh[1:], strict=True):
            pieces.append(part.name)
            pieces += sent_pieces_of(after)
        by_name = {part.name: part for part in parts}
        again: list[Stood] = []
        for element in alone_among(pieces, {part.name: part.known for part in parts}):
            if element.name not in _NAMES or not _LEAST_PIECES <= element.last - element.first <= _MOST_PIECES:
                continue
            meetings = met[element.sign] = met.get(element.sign, 0) + 1
            if meetings >= _MEETINGS and element.sign not in self._barred:
                while again and again[-1].first > element.first:
                    again.pop()
                again.append(element)
        for element in again[-_MOST_KEPT:]:
            own = pieces[element.first : element.last + 1]
            sent = "".join(by_name[piece].sent if piece in by_name else piece for piece in own)
            self._keep(sent, Known(element.name, element.sign))

    def _keep(self, sent: str, known: Known) -> None:
        alike = self._by_opening.get(sent[:_TOLD_BY], [])
        if len(sent) > _LONGEST or any(part.sent == sent for part in alike):
            return
        self._named += 1
        part = _part(f"{PART_PREFIX}{self._named}", sent, known)
        if part is None:
            self._refuse(known)
            return
        self._learned = self._pages
        self._kept[part.name] = part
        self._held += part.length
        self._by_opening[sent[:_TOLD_BY]] = sorted((*alike, part), key=lambda each: len(each.sent), reverse=True)
        while len(self._kept) > _MOST_KEPT or self._held > _MOST_HELD:
            self._let_go(self._kept.popitem(last=False)[1])

    def _let_go(self, part: Part) -> None:
        self._held -= part.length
        opening = part.sent[:_TOLD_BY]
        left = [each for each in self._by_opening.pop(opening) if each is not part]
        if left:
            self._by_opening[opening] = left


def _part(name: str, sent: str, known: Known) -> Part | None:
    """An element that reads alone, read alone; None where it is not shown, shows nothing, or a stand-in for it would be
    long."""
    around = ("<table><tbody><tr>", "</tr></tbody></table>") if known.name == "td" else ("", "")
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{around[0]}{sent}{around[1]}").body
    written = without_code((body.html or "") if body is not None else "")
    markup = written.removeprefix(f"<body>{around[0]}").removesuffix(f"{around[1]}</body>")
    pieces = pieces_of(markup)
    kinds = _kinds(pieces)
    # What is not shown parts no text around it, so it is never told from its surroundings.
    hidden = tag_of(pieces[1]).does == SKIP
    moved = pieces[0] or pieces[-1]  # to where the element is not
    if hidden or moved or kinds is None or not any(piece.strip() for piece in pieces[2:-1:2]):
        return None
    row = ("<tbody><tr><td>", "</td></tr></tbody>") if known.name == "table" else ("", "")
    # The text comes first, so that formatting and links left open before come out with it.
    before, after = f"{row[0]}<div>{_MARK}", f";{kinds}</div>{row[1]}{pieces[-2]}"
    stand_in, told = (f"{sent.partition('>')[0]}>{before}", after), (pieces[1] + before, after)
    if len(sent) < _WORTH * sum(map(len, stand_in)) or len(markup) > _LONGEST or "\0" in sent:
        return None
    return Part(name, sent, markup, known, is_composed(markup), formatting_in(sent), stand_in, told)


def _kinds(pieces: list[str]) -> str | None:
    """Of each kind of tag in an element that asks what is open around it one, with nothing in it: a link, a table, and
    each formatting outside its own tables, since the parser counts how often the same is open, and leaves the fourth
    out ("the Noah's Ark clause"). None where there are very many, or one within another of its name."""
    kinds: dict[str, str] = {}
    opened: list[str] = []
    tables = 0
    for piece in pieces[1:-1:2]:
        tag = tag_of(piece)
        if tag.name == "table":
            tables += -1 if tag.does == CLOSE else 1
            if piece != pieces[1]:
                kinds["table"] = "<table></table>"
        elif tag.name == "a" and not tables:
            kinds["a"] = "<a></a>"
        elif tag.name in FORMATTING and tag.does == CLOSE:
            opened = opened[:-1]
        elif tag.name in FORMATTING:
            if tag.name in opened or len(kinds) > _MOST_FORMATTING:
                return None
            opened.append(tag.name)
            if not tables:
                kinds[piece] = f"{piece}</{tag.name}>"
    return "".join(kinds.values())


MEMORY = Memory()
