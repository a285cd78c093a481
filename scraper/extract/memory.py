"""What the pages read so far have in common: their elements that come again, found on a page before it is parsed. Pure
in effect, as `parts` says.

An element that reads alone is kept at its third meeting, since an article's own are met twice: by the crawl, and when
pages are derived again. Tried and rejected: parsing whole pages and comparing what the parser writes, which takes as
long as all the rules together.
"""

import contextlib
import re
from collections import OrderedDict

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.alone import FORMATTING, Known, Stood, alone_among
from scraper.extract.bounds import HARMLESS_DEPTH, formatting_in
from scraper.extract.code import MARK, cut_code, tags_in, without_code
from scraper.extract.parts import Cut, Part
from scraper.extract.tags import CLOSE, PART_PREFIX, SKIP, pieces_of, sent_pieces_of, tag_of
from scraper.extract.text import is_composed

_ELEMENTS = ("table", "ul", "ol", "nav", "header", "footer", "aside", "div", "section", "td")
_NAMES = frozenset(_ELEMENTS)
_OPENS = re.compile(rf"<(?:{'|'.join(_ELEMENTS)})".encode(), re.I)
_BODY = b"<body"  # before it, in small letters, nothing is looked for
_TOLD_BY = 40  # bytes at the start of an element's markup by which it is looked up
_LEAST_PIECES, _MOST_PIECES = 16, 6_000  # of an element worth remembering; a tag and a text are two
_LONGEST = 200_000  # bytes or characters
_MEETINGS = 3
_MOST_MET, _MOST_KEPT, _MOST_BARRED = 50_000, 200, 1_000
_MOST_HELD = 8_000_000  # bytes and characters of those kept
_LEARN_EVERY = 8  # pages, of those that have no more new on them than others
_LEARN_SELDOM = 64  # the same where nothing has come of it and pages stay as they were
_LEARN_ON = 3  # pages after one that taught something, or was unlike the one before
_STRANGE = 1.25  # as long as others what is new on a page, for one that is looked at for what may come again
_WORTH = 2  # as long as a stand-in for it is an element that saves time
_MOST_FORMATTING = 8  # kinds of formatting in an element
_MARK_SENT = MARK.encode()
_MOST_RARE = 200
_TAG = ord("<")


class Memory:
    """The elements met so far, by hash, and those kept."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self._kept: OrderedDict[str, Part] = OrderedDict()
        self._by_opening: dict[bytes, list[Part]] = {}
        self._barred: set[int] = set()
        self._named = self._pages = self._on = self._due = 0
        self._every = _LEARN_EVERY
        self._held = 0  # bytes as sent, and characters as the parser writes them
        self._usual = 0.0  # bytes that are new on a page
        self._expected: tuple[Part, ...] = ()  # those on the page before

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """As if no page had been met."""
        self._met.clear()
        self._kept.clear()
        self._by_opening.clear()
        self._barred.clear()
        self._expected = ()
        self._pages = self._on = self._due = self._held = 0
        self._every = _LEARN_EVERY
        self._usual = 0.0

    def cut(self, sent: bytes) -> Cut:
        """A page as sent, in UTF-8, with stand-ins for the known elements and the code in it."""
        if _holds_mark(sent):
            return Cut(sent)
        start = max(sent.find(_BODY), 0)
        found = self._find_expected(sent, start)
        cut, fresh = _with_stand_ins(sent, found)
        if cut.tags > HARMLESS_DEPTH:  # before anything is looked for at every tag
            return Cut(sent)
        if not found and self._kept and (found := self._find_all(sent, start)):
            cut, fresh = _with_stand_ins(sent, found)
        for part in cut.parts:
            self._kept.move_to_end(part.name)
        is_due = self._is_due(sum(map(len, fresh)), is_like=cut.parts == self._expected)
        self._expected = cut.parts
        if is_due:
            with contextlib.suppress(UnicodeDecodeError):  # it is in no UTF-8, and is read whole
                if self._learn([each.decode() for each in fresh], cut.parts):
                    self._every, self._on = _LEARN_EVERY, self._pages + _LEARN_ON
                    self._expected = ()  # so that what was kept now is found
                elif self._pages >= self._due:
                    self._every = min(2 * self._every, _LEARN_SELDOM)
            self._due = self._pages + self._every
        return cut

    def _is_due(self, length: int, *, is_like: bool) -> bool:
        """Whether to look at a page for what may come again: one that has more new on it than others, or in turn; and
        some where something changes, be it that one `is_like` the page before no more."""
        self._pages += 1
        strange = length > _STRANGE * self._usual
        self._usual += (length - self._usual) / _LEARN_EVERY
        if not is_like and self._every > _LEARN_EVERY:  # else pages take turns
            self._every, self._on = _LEARN_EVERY, self._pages + _LEARN_ON - 1
        return strange or self._pages <= self._on or self._pages >= self._due

    def bar(self, part: Part) -> None:
        """Keeps an element no more, since it stands where it cannot be told."""
        self._refuse(part.known)
        self._expected = ()
        if self._kept.pop(part.name, None) is not None:
            self._let_go(part)

    def _refuse(self, known: Known) -> None:
        if len(self._barred) >= _MOST_BARRED:
            self._barred.clear()
        self._barred.add(known.sign)

    def _find_expected(self, sent: bytes, start: int) -> list[tuple[int, Part]]:
        """The known elements of the page before, with their places, where all are there in order: pages that come
        together are most often alike, and to look for few texts takes a third of looking at every element. Else none.
        """
        found: list[tuple[int, Part]] = []
        for part in self._expected:
            opening = part.sent[:_TOLD_BY]
            start = sent.find(opening, start)
            while start >= 0 and not sent.startswith(part.sent, start):
                start = sent.find(opening, start + 1)
            if start < 0:
                return []
            found.append((start, part))
            start += len(part.sent)
        return found

    def _find_all(self, sent: bytes, start: int) -> list[tuple[int, Part]]:
        """The known elements from a place on, with their places."""
        found: list[tuple[int, Part]] = []
        by_opening = self._by_opening
        while match := _OPENS.search(sent, start):
            place, start = match.span()
            for part in by_opening.get(sent[place : place + _TOLD_BY], ()):
                if sent.startswith(part.sent, place):
                    found.append((place, part))
                    start = place + len(part.sent)
                    break
        return found

    def _learn(self, fresh: list[str], parts: tuple[Part, ...]) -> bool:
        """Counts the elements of a page, its known elements between what is new on it, and keeps the outermost of those
        that were met often enough; tells whether any was."""
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
        kept = False
        for element in again[-_MOST_KEPT:]:
            own = pieces[element.first : element.last + 1]
            sent = b"".join(by_name[piece].sent if piece in by_name else piece.encode() for piece in own)
            kept = self._keep(sent, Known(element.name, element.sign)) or kept
        return kept

    def _keep(self, sent: bytes, known: Known) -> bool:
        alike = self._by_opening.get(sent[:_TOLD_BY], [])
        if len(sent) > _LONGEST or any(part.sent == sent for part in alike):
            return False
        self._named += 1
        part = _part(f"{PART_PREFIX}{self._named}", sent, known)
        if part is None:
            self._refuse(known)
            return False
        self._kept[part.name] = part
        self._held += part.length
        self._by_opening[sent[:_TOLD_BY]] = sorted((*alike, part), key=lambda each: len(each.sent), reverse=True)
        while len(self._kept) > _MOST_KEPT or self._held > _MOST_HELD:
            self._let_go(self._kept.popitem(last=False)[1])
        return True

    def _let_go(self, part: Part) -> None:
        self._held -= part.length
        opening = part.sent[:_TOLD_BY]
        left = [each for each in self._by_opening.pop(opening) if each is not part]
        if left:
            self._by_opening[opening] = left


def _holds_mark(sent: bytes) -> bool:
    """Whether the mark is in a page. Its first byte is rare, and one byte is looked for in a tenth of the time that two
    take."""
    place = -1
    for _ in range(_MOST_RARE):
        place = sent.find(_MARK_SENT[0], place + 1)
        if place < 0 or sent.startswith(_MARK_SENT, place):
            return place >= 0
    return sent.find(_MARK_SENT, place) >= 0


def _with_stand_ins(sent: bytes, found: list[tuple[int, Part]]) -> tuple[Cut, list[bytes]]:
    """A page with stand-ins for elements found in it and for code, and what is new on it, before, between and after
    these elements, code and all."""
    fresh: list[bytes] = []
    short: list[bytes] = []
    code: list[bytes] = []
    done = tags = own = added = formatting = 0
    for number, (place, part) in enumerate([*found, (len(sent), None)]):
        new = sent[done:place]
        fresh.append(new)
        bare, cut = cut_code(new)
        code += cut
        own += bare.count(_TAG)
        short.append(bare)
        if part is None:
            break
        short += (part.stand_in[0], b"%d" % number, part.stand_in[1])
        tags += part.tags
        added += part.stand_in_tags
        formatting += part.formatting
        done = place + len(part.sent)
    own += tags_in(code)
    parts = tuple(part for _, part in found)
    return Cut(b"".join(short), parts, tags + own, own + added, formatting, tuple(code)), fresh


def _part(name: str, sent: bytes, known: Known) -> Part | None:
    """An element that reads alone, read alone; None where it is not shown, shows nothing, or a stand-in for it would be
    long."""
    around = ("<table><tbody><tr>", "</tr></tbody></table>") if known.name == "td" else ("", "")
    text = sent.decode()
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{around[0]}{text}{around[1]}").body
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
    before, after = f"{row[0]}<div>{MARK}", f";{kinds}</div>{row[1]}{pieces[-2]}"
    stand_in = (f"{text.partition('>')[0]}>{before}".encode(), after.encode())
    if len(sent) < _WORTH * sum(map(len, stand_in)) or len(markup) > _LONGEST or "\0" in text:
        return None
    told = (pieces[1] + before, after)
    tags = sum(each.count(_TAG) for each in stand_in)
    composed, formatting = is_composed(markup), formatting_in(text)
    return Part(name, sent, markup, known, composed, text.count("<"), formatting, stand_in, tags, told)


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
