"""Pictures of the article and the captions that belong to them, however they are arranged. Pure.

A caption has no mark of its own on this site. It is told by its place (beside a picture, in the same paragraph, cell or
figure), its face (italic, centred, pushed in by NBSP) and its wording (no final full stop). Pages keep one habit,
captions below or captions above; below is assumed unless the page shows otherwise.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from archive.records import FieldReason, Photo
from scraper.extract.byline import is_signature
from scraper.extract.lines import FLOATED, Line, LineKind, Lines
from scraper.extract.names import LOWER, UPPER, are_persons, is_desk, read_lead
from scraper.urls import media_address

_LONGEST_CAPTION = 350
_OPENS_CAPTION = re.compile(
    r"^(đồng chí|đ/c|các đồng chí|toàn cảnh|quang cảnh|các đại biểu|đại biểu|đại diện|ảnh|hình|một góc"
    r"|một số hình ảnh|mô hình|lãnh đạo)\b",
    re.I,
)
_SPOKEN_OF = re.compile(r"^(?:ông|bà|anh|chị|em|cô|bác|thầy)\s", re.I)  # a byline has no such word before its name
_ENUMERATED = re.compile(r"^(?:[-–•+*▪►✓]\s|\(?\d{1,2}[.)]\s|\(\d{1,2}\)|[a-zđ]\)\s|[IVX]{1,4}\.\s|bước \d)", re.I)
_CREDIT = re.compile(
    r"[(\[]?\s*\bảnh\s*(?P<colon>[:：])?\s*(?P<who>tư liệu(?: lịch sử)?|minh họa|minh hoạ|internet|st"
    r"|sưu tầm|[^\W\d_][^()\[\].:;]{1,60})\s*[)\]]?\s*\.?\s*$",
    re.I,
)
_ENDS_WITH_CREDIT = re.compile(r"(?:^|[.,(–-]|\s)\s*\(?\s*ảnh\s*(?:[:：]|tư liệu|minh h)[^.]{0,60}\.?\)?$", re.I)
_CREDIT_ALONE = re.compile(r"^[(\[]?\s*ảnh\s*[:：]\s*[^.:;]{2,50}\.?$", re.I)
_NO_PERSON = re.compile(r"tư liệu|minh h|internet|sưu tầm", re.I)
_OPENS_WITH_PHOTO = re.compile(r"^[(\[]?\s*ảnh", re.I)
_STOPS = (".", "!", "?", ":", ";", "…")
_TWO_SENTENCES = re.compile(rf"(?:[{LOWER}]{{2}}|[{LOWER}] |[\d%)”\"])[.!?…][\s”\"]*(?=[{UPPER}])")
_STOP_WITHIN = re.compile(r"[.!?…][\s”\"A-Z\u00c0-\uffff]")
_PROSE = 80  # characters from which a finished line shows how the article's prose is set
_LARGEST_HEADINGS = 4  # smaller ones head no section; editors set captions in them
_LONGEST_BOXED = 220
_SHORT = 120
_BOX_DEPTH = 4  # containers around a picture that may be its box
_BOX_TEXTS = 4
_BOX_LINES = 12
_SMALLEST = 40  # pixels; smaller declared pictures are icons


@dataclass(frozen=True, slots=True)
class Gallery:
    """Photos in order, the local index of each one's line, and the indexes of the lines that are captions.

    `told` is, for each photo, how its caption was told and how sure that is; None for one without.
    """

    photos: tuple[Photo, ...]
    places: dict[int, int]
    captions: frozenset[int]
    told: tuple[FieldReason | None, ...] = ()


def read_photos(lines: list[Line], page: Lines, base: str) -> Gallery:
    """Pairs the pictures among an article's lines with their captions. `page` tells what holds what."""
    pictures = [index for index, line in enumerate(lines) if line.kind is LineKind.PICTURE and _is_photo(line)]
    if not pictures:
        return Gallery((), {}, frozenset())
    look = _Look(lines, page)
    owned = _in_boxes(look, pictures)
    taken = {index for caption in owned.values() for index in caption}
    groups = _groups(lines, owned)
    above = _captions_stand_above(look, groups, taken)
    for group in groups:
        for picture, caption in _pair(look, group, taken, above=above).items():
            owned[picture] = caption
            taken.update(caption)
    for picture, caption in owned.items():
        below = _credit_below(look, caption, taken)
        if below is not None:
            owned[picture] = (*caption, below)
            taken.add(below)
    photos: list[Photo] = []
    told: list[FieldReason | None] = []
    places: dict[int, int] = {}
    for index in pictures:
        address = media_address(lines[index].src, base)
        if address is None:
            continue
        words = " ".join(lines[i].text for i in owned.get(index, ())) or None
        places[index] = len(photos)
        photos.append(Photo(address, words, credit_in(words)))
        told.append(_told(look, index, owned.get(index, ())))
    return Gallery(tuple(photos), places, frozenset(taken), tuple(told))


def _credit_below(look: "_Look", caption: tuple[int, ...], taken: set[int]) -> int | None:
    """The line below a caption that only names the photographer; as the article's last line it is the byline."""
    index = max(caption, default=-2) + 1
    lines = look.lines
    if index < 1 or index in taken or index + 1 >= len(lines) or lines[index].kind is not LineKind.TEXT:
        return None
    alone = _CREDIT_ALONE.match(lines[index].text) is not None
    return index if alone and any(line.kind is LineKind.TEXT for line in lines[index + 1 :]) else None


class _Look:
    """An article's lines, and how its prose is set: a face that prose has too marks no caption."""

    def __init__(self, lines: list[Line], page: Lines) -> None:
        self.lines = lines
        self.page = page
        self.texts = indented = centred = italic = bold = headed = finished = 0
        all_headed = all_bold = True
        long: list[int] = []
        for index, line in enumerate(lines):
            if line.kind is LineKind.PICTURE:
                continue
            self.texts += 1
            if line.kind is LineKind.TEXT:
                all_headed = all_headed and line.heading > 0
                all_bold = all_bold and (line.bold or line.heading > 0)  # a heading is so by nature
            if len(line.text) < _PROSE:
                continue
            long.append(index)
            if line.text.endswith(_STOPS):
                finished += 1
                indented += line.indented
                centred += line.align == "center"
                italic += line.italic
                bold += line.bold
                headed += line.heading > 0
        least = max(2, 0.3 * finished)
        self.indent_marks = indented < least
        self.centre_marks = centred < least
        self.italics_mark = italic < least
        self.headings_mark = headed < least and not all_headed
        self.bold_marks = bold < least and not all_bold
        self._first_long, self._last_long = (long[0], long[-1]) if long else (len(lines), -1)
        self._caption_faces = {
            _face(line)
            for picture, line in pairwise(lines)
            if picture.kind is LineKind.PICTURE and line.kind is LineKind.TEXT and not are_persons(line.text)
        }

    def strength(self, index: int, picture: Line, *, below: bool = True) -> int:
        """How much a line looks like the caption of a picture: 0 not at all, 3 certainly. `below` tells which side of
        the picture it stands on: above, a sentence that is pushed in is the prose before it."""
        if not 0 <= index < len(self.lines):
            return 0
        line = self.lines[index]
        text = line.text
        if line.kind is not LineKind.TEXT or line.linked > 0.5 or _ENUMERATED.match(text):
            return 0
        if line.heading and self.headings_mark and line.heading <= _LARGEST_HEADINGS:
            return 0
        if line.caption and len(text) <= 2 * _LONGEST_CAPTION:
            return 3
        if (
            len(text) > _LONGEST_CAPTION
            or is_desk(text)
            or (are_persons(text) and not (below and self._is_portrayed(index)))
        ):
            return 0
        if (read_lead(text) and not _OPENS_WITH_PHOTO.match(text)) or is_signature(line):
            return 0
        italic = line.italic and self.italics_mark
        centred = line.align == "center" and self.centre_marks
        finished = text.endswith(_STOPS) and not _ENDS_WITH_CREDIT.search(text)
        if text.endswith((":", ";")) and not (italic or centred):
            return 0
        if finished and _is_several(text):
            return 2 if italic and centred else 0
        pushed = line.indented and self.indent_marks and (not finished or (below and len(text) <= _SHORT))
        if italic or centred or pushed:
            return 2
        if (line.bold and self.bold_marks) or line.listed:
            return 0
        same_paragraph = line.paragraph == picture.paragraph
        if finished and picture.align == FLOATED and same_paragraph:
            return 0
        if finished:
            return 1 if same_paragraph and len(text) <= (160 if _OPENS_CAPTION.match(text) else 100) else 0
        return 2 if same_paragraph or _OPENS_CAPTION.match(text) else 1

    def _is_portrayed(self, index: int) -> bool:
        """Whether a name below a picture is the person in it, not the author: prose stands before and after it, or a
        byline comes after it, or it is set as another picture's caption is, and as no prose."""
        lines = self.lines
        if _SPOKEN_OF.match(lines[index].text):
            return True
        if index == 0 or lines[index - 1].kind is not LineKind.PICTURE:
            return False
        after = next((line for line in lines[index + 1 : index + 1 + _BOX_LINES] if line.kind is LineKind.TEXT), None)
        if after is not None and self._first_long < index < self._last_long:
            return True
        if after is not None and (are_persons(after.text) or read_lead(after.text)):
            return True
        line = lines[index]
        marked = (line.italic and self.italics_mark) or (line.align == "center" and self.centre_marks)
        return marked and _face(line) in self._caption_faces

    def within(self, index: int, container: int) -> bool:
        """Whether a container holds a line, at any depth. The number of a container is higher than of any around it."""
        own = self.lines[index].container
        while own > container:
            own = self.page.parents[own]
        return own == container

    def strength_above(self, picture: int) -> int:
        """The same for the line above a picture; the last of several lines of a paragraph, as of a verse, is none."""
        index = picture - 1
        if index > 0 and self.lines[index - 1].kind is LineKind.TEXT:
            line = self.lines[index]
            if self.lines[index - 1].paragraph == line.paragraph != self.lines[picture].paragraph:
                return 0
        return self.strength(index, self.lines[picture], below=False)

    def alike(self, one: int, other: int) -> bool:
        """Whether two lines are set alike, as the captions of neighbouring pictures are."""
        return _face(self.lines[one]) == _face(self.lines[other])


def _in_boxes(look: _Look, pictures: list[int]) -> dict[int, tuple[int, ...]]:
    """Captions that stand with their picture in a box of their own: a figure, a table's cell, an editor's wrapper."""
    owned: dict[int, tuple[int, ...]] = {}
    for picture in pictures:
        container = look.lines[picture].container
        for _ in range(_BOX_DEPTH):
            box = _box(look, picture, container) if container else None
            if box is None:
                break
            if container in look.page.figures or _is_box(look, box):
                captions = _captions_in(look, box, figure=container in look.page.figures)
                if captions:
                    owned.update(dict.fromkeys(box.pictures, captions))
                break
            container = look.page.parents[container]
    return owned


@dataclass(slots=True)
class _Box:
    """The pictures and texts within a container, at any depth."""

    pictures: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)


def _box(look: _Look, picture: int, container: int) -> _Box | None:
    """What a container around a picture holds; None when that is much, or all there is of the article."""
    first = last = picture
    while first > 0 and last - first < _BOX_LINES and look.within(first - 1, container):
        first -= 1
    while last + 1 < len(look.lines) and last - first < _BOX_LINES and look.within(last + 1, container):
        last += 1
    if last - first >= _BOX_LINES:
        return None
    box = _Box()
    for index in range(first, last + 1):
        (box.pictures if look.lines[index].kind is LineKind.PICTURE else box.texts).append(index)
    alone = len(box.texts) == look.texts  # nothing but the picture's box: the article itself
    return box if len(box.texts) <= _BOX_TEXTS and not alone else None


def _is_box(look: _Look, box: _Box) -> bool:
    """Whether a container holds one picture and, after it, one line that may well be its caption."""
    if len(box.pictures) != 1 or len(box.texts) != 1 or box.texts[0] < box.pictures[0]:
        return False
    picture, line = look.lines[box.pictures[0]], look.lines[box.texts[0]]
    if picture.align == FLOATED and line.paragraph == picture.paragraph:  # text runs beside it: judged by its wording
        return False
    return _may_be_boxed(line)


def _captions_in(look: _Look, box: _Box, *, figure: bool) -> tuple[int, ...]:
    texts = [index for index in box.texts if look.lines[index].caption] or box.texts
    if not figure or not texts:
        return tuple(texts)
    if sum(len(look.lines[index].text) for index in texts) > 2 * _LONGEST_CAPTION:
        return ()
    return tuple(texts)


def _is_several(text: str) -> bool:
    """Whether a text is more than one sentence, not counting the credit at its end."""
    if _STOP_WITHIN.search(text) is None:
        return False
    return _TWO_SENTENCES.search(_ENDS_WITH_CREDIT.sub("", text) if _may_credit(text) else text) is not None


def _may_credit(text: str) -> bool:
    return "ảnh" in text.lower()


def _face(line: Line) -> tuple[bool, bool, str, bool]:
    """How a line is set, as far as captions are told by it."""
    return line.italic, line.bold, line.align, line.caption


def _may_be_boxed(line: Line) -> bool:
    text = line.text
    if line.kind is not LineKind.TEXT or line.heading or line.linked > 0.5 or _ENUMERATED.match(text):
        return False
    if len(text) > _LONGEST_BOXED or are_persons(text) or is_desk(text) or _is_several(text):
        return False
    return read_lead(text) is None or _OPENS_WITH_PHOTO.match(text) is not None


def _told(look: _Look, picture: int, caption: tuple[int, ...]) -> FieldReason | None:
    """How a caption was told: by its place, and by how much it looks like one."""
    if not caption:
        return None
    lines = look.lines
    strength = look.strength(caption[0], lines[picture])
    rule = "figcaption" if strength == 3 else "above" if caption[0] < picture else "below"
    if lines[picture].paragraph == lines[caption[0]].paragraph:
        rule += ", same paragraph"
    return FieldReason(rule, {3: 0.99, 2: 0.95, 1: 0.8}.get(strength, 0.6))


def credit_in(caption: str | None) -> str | None:
    """The photographer or origin that a caption names at its end (`Ảnh: …`, `(ảnh …)`, `Ảnh tư liệu.`)."""
    match = _CREDIT.search(caption) if caption and _may_credit(caption) else None
    if match is None:
        return None
    who = match["who"].strip(" .,–-")
    if match["colon"] or _NO_PERSON.match(who):
        return who or None
    return who if are_persons(who) else None


def _groups(lines: list[Line], owned: dict[int, tuple[int, ...]]) -> list[list[int]]:
    """Runs of pictures with no text between and no caption yet."""
    groups: list[list[int]] = []
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is LineKind.PICTURE and index not in owned:
            if _is_photo(line):
                run.append(index)
        elif run:
            groups.append(run)
            run = []
    if run:
        groups.append(run)
    return groups


def _is_photo(line: Line) -> bool:
    width, height = line.size
    return bool(line.src) and not (0 < width < _SMALLEST or 0 < height < _SMALLEST)


def _captions_stand_above(look: _Look, groups: list[list[int]], taken: set[int]) -> bool:
    """The page's habit: whether more pictures have a caption only before them than only after them."""
    only_before = only_after = 0
    for group in groups:
        before = group[0] - 1 not in taken and look.strength_above(group[0]) >= 2
        after = group[-1] + 1 not in taken and look.strength(group[-1] + 1, look.lines[group[-1]]) >= 1
        only_before += before and not after
        only_after += after and not before
    return only_before > only_after


def _pair(look: _Look, group: list[int], taken: set[int], *, above: bool) -> dict[int, tuple[int, ...]]:
    """Picture index -> caption line indexes, for one run of pictures."""
    lines = look.lines
    if above:
        index = group[0] - 1
        if index not in taken and look.strength_above(group[0]) >= 2:
            return dict.fromkeys(group if _side_by_side(lines, group) else group[:1], (index,))
        return {}
    last = lines[group[-1]]
    captions: list[tuple[int, ...]] = []
    index = group[-1] + 1
    if row := _row_below(look, group, taken):
        return row
    while len(captions) < len(group) and index not in taken and look.strength(index, last) >= 1:
        if captions and not (look.strength(index, last) >= 2 and look.alike(captions[0][0], index)):
            break
        captions.append(_rest_of_caption(lines, index))
        index = captions[-1][-1] + 1
    if not captions:
        index = group[0] - 1
        if index >= 0 and index not in taken and _stands_above(look, group[0]):
            return {group[0]: (index,)}
        return {}
    if len(captions) == len(group):
        return dict(zip(group, captions, strict=True))
    together = tuple(captions[0])
    return dict.fromkeys(group if _side_by_side(lines, group) else group[-1:], together)


def _row_below(look: _Look, group: list[int], taken: set[int]) -> dict[int, tuple[int, ...]]:
    """Captions in the cells of the row below pictures that stand in the cells of a row."""
    below = list(range(group[-1] + 1, group[-1] + 1 + len(group)))
    if len(group) < 2 or below[-1] >= len(look.lines) or not taken.isdisjoint(below):
        return {}
    parents, rows = look.page.parents, set[int]()
    for places in (group, below):
        cells = {look.lines[index].container for index in places}
        around = {parents[cell] for cell in cells}
        if len(cells) < len(places) or len(around) != 1:
            return {}
        rows |= around
    if len(rows) != 2:  # paragraphs one below the other
        return {}
    if not all(_may_be_boxed(look.lines[index]) for index in below):
        return {}
    return {picture: (caption,) for picture, caption in zip(group, below, strict=True)}


def _stands_above(look: _Look, picture: int) -> bool:
    """Whether the line above a picture, which has no caption after it, is its caption."""
    index = picture - 1
    line = look.lines[index]
    strength = look.strength_above(picture)
    before = look.lines[index - 1] if index > 0 else None
    if before is not None and before.kind is LineKind.PICTURE:
        return False
    return strength >= 2 or (strength == 1 and len(line.text.split()) >= 6 and not line.text.endswith("."))


def _side_by_side(lines: list[Line], group: list[int]) -> bool:
    """Whether the pictures of a run share a paragraph, so that one caption speaks for all."""
    return len({lines[index].paragraph for index in group}) == 1


def _rest_of_caption(lines: list[Line], index: int) -> tuple[int, ...]:
    """A caption's line and the short lines that go on in the same paragraph (a break inside the caption)."""
    whole = [index]
    while index + 1 < len(lines):
        following = lines[index + 1]
        same = following.kind is LineKind.TEXT and following.paragraph == lines[index].paragraph
        if not same or len(following.text) > 160 or following.italic != lines[index].italic:
            break
        if not (
            following.text[:1].islower() or following.text[:1] in "(–-" or _ENDS_WITH_CREDIT.search(following.text)
        ):
            break
        index += 1
        whole.append(index)
    return tuple(whole)
