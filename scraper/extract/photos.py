"""Pictures of the article and the captions that belong to them, however they are arranged. Pure.

A caption has no mark of its own on this site. It is told by its place (beside a picture, in the same paragraph, cell or
figure), its face (italic, centred, pushed in by NBSP) and its wording (no final full stop). Pages keep one habit,
captions below or captions above; below is assumed unless the page shows otherwise.
"""

import re
from dataclasses import dataclass

from archive.records import FieldReason, Photo
from scraper.extract.lines import Line, LineKind
from scraper.extract.names import are_persons, read_lead
from scraper.urls import media_address

_LONGEST_CAPTION = 350
_OPENS_CAPTION = re.compile(
    r"^(đồng chí|đ/c|các đồng chí|toàn cảnh|quang cảnh|các đại biểu|đại biểu|đại diện|ảnh|hình|một góc"
    r"|một số hình ảnh|mô hình|lãnh đạo)\b",
    re.I,
)
_ENUMERATED = re.compile(r"^(?:[-–•+*▪►✓]\s|\(?\d{1,2}[.)]\s|\(\d{1,2}\)|[a-zđ]\)\s|[IVX]{1,4}\.\s|bước \d)", re.I)
_CREDIT = re.compile(
    r"[(\[]?\s*\bảnh\s*(?P<colon>[:：])?\s*(?P<who>tư liệu(?: lịch sử)?|minh họa|minh hoạ|internet|st"
    r"|sưu tầm|[^\W\d_][^()\[\].:;]{1,60})\s*[)\]]?\s*\.?\s*$",
    re.I,
)
_ENDS_WITH_CREDIT = re.compile(r"(?:^|[.,(–-]|\s)\s*\(?\s*ảnh\s*(?:[:：]|tư liệu|minh h)[^.]{0,60}\.?\)?$", re.I)
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


def read_photos(lines: list[Line], base: str) -> Gallery:
    """Pairs the pictures among an article's lines with their captions."""
    groups = _groups(lines)
    above = _captions_stand_above(lines, groups)
    owned: dict[int, tuple[int, ...]] = {}
    taken: set[int] = set()
    for group in groups:
        for picture, caption in _pair(lines, group, taken, above=above).items():
            owned[picture] = caption
            taken.update(caption)
    photos: list[Photo] = []
    told: list[FieldReason | None] = []
    places: dict[int, int] = {}
    for index in (picture for group in groups for picture in group):
        address = media_address(lines[index].src, base)
        if address is None:
            continue
        words = " ".join(lines[i].text for i in owned.get(index, ())) or None
        places[index] = len(photos)
        photos.append(Photo(address, words, credit_in(words)))
        told.append(_told(lines, index, owned.get(index, ())))
    return Gallery(tuple(photos), places, frozenset(taken), tuple(told))


def _told(lines: list[Line], picture: int, caption: tuple[int, ...]) -> FieldReason | None:
    """How a caption was told: by its place, and by how much it looks like one."""
    if not caption:
        return None
    strength = _strength(lines, caption[0], lines[picture])
    rule = "figcaption" if strength == 3 else "above" if caption[0] < picture else "below"
    if lines[picture].paragraph == lines[caption[0]].paragraph:
        rule += ", same paragraph"
    return FieldReason(rule, {3: 0.99, 2: 0.95, 1: 0.8}.get(strength, 0.6))


def credit_in(caption: str | None) -> str | None:
    """The photographer or origin that a caption names at its end (`Ảnh: …`, `(ảnh …)`, `Ảnh tư liệu.`)."""
    match = _CREDIT.search(caption or "")
    if match is None:
        return None
    who = match["who"].strip(" .,–-")
    if match["colon"] or re.match(r"tư liệu|minh h|internet|sưu tầm", who, re.I):
        return who or None
    return who if are_persons(who) else None


def _groups(lines: list[Line]) -> list[list[int]]:
    """Runs of pictures with no text between."""
    groups: list[list[int]] = []
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is LineKind.PICTURE:
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


def _strength(lines: list[Line], index: int, picture: Line) -> int:
    """How much a line looks like the caption of a picture: 0 not at all, 3 certainly."""
    if not 0 <= index < len(lines):
        return 0
    line = lines[index]
    text = line.text
    if line.kind is not LineKind.TEXT or line.heading or line.linked > 0.5 or _ENUMERATED.match(text):
        return 0
    if line.caption and len(text) <= 2 * _LONGEST_CAPTION:
        return 3
    if len(text) > _LONGEST_CAPTION or are_persons(text):
        return 0
    if read_lead(text) and not re.match(r"^[(\[]?\s*ảnh", text, re.I):
        return 0
    finished = text.endswith((".", "!", "?", ":", ";", "…")) and not _ENDS_WITH_CREDIT.search(text)
    if finished and re.search(r"[.!?]\s+\S", text):
        return 2 if line.italic and line.align == "center" else 0
    if line.italic or line.align == "center" or line.indented:
        return 2
    if line.bold or line.listed:
        return 0
    same_paragraph = line.paragraph == picture.paragraph
    if finished:
        return 1 if same_paragraph and len(text) <= 160 else 0
    return 2 if same_paragraph or _OPENS_CAPTION.match(text) else 1


def _captions_stand_above(lines: list[Line], groups: list[list[int]]) -> bool:
    """The page's habit: whether more pictures have a caption only before them than only after them."""
    only_before = only_after = 0
    for group in groups:
        before = _strength(lines, group[0] - 1, lines[group[0]]) >= 2
        after = _strength(lines, group[-1] + 1, lines[group[-1]]) >= 1
        only_before += before and not after
        only_after += after and not before
    return only_before > only_after


def _pair(lines: list[Line], group: list[int], taken: set[int], *, above: bool) -> dict[int, tuple[int, ...]]:
    """Picture index -> caption line indexes, for one run of pictures."""
    if above:
        index = group[0] - 1
        if index not in taken and _strength(lines, index, lines[group[0]]) >= 2:
            return dict.fromkeys(group if _side_by_side(lines, group) else group[:1], (index,))
        return {}
    last = lines[group[-1]]
    captions: list[tuple[int, ...]] = []
    index = group[-1] + 1
    while len(captions) < len(group) and index not in taken and _strength(lines, index, last) >= 1:
        whole = _rest_of_caption(lines, index)
        if captions and _strength(lines, index, last) < 2:
            break
        captions.append(whole)
        index = whole[-1] + 1
    if not captions:
        index = group[0] - 1
        if index >= 0 and index not in taken and _stands_above(lines, index, lines[group[0]]):
            return {group[0]: (index,)}
        return {}
    if len(captions) == len(group):
        return dict(zip(group, captions, strict=True))
    together = tuple(captions[0])
    return dict.fromkeys(group if _side_by_side(lines, group) else group[-1:], together)


def _stands_above(lines: list[Line], index: int, picture: Line) -> bool:
    """Whether a line is the caption of the picture below it, which has none after it."""
    line = lines[index]
    strength = _strength(lines, index, picture)
    if index > 0 and lines[index - 1].kind is LineKind.PICTURE:
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
