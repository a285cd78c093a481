"""The title said again at the top of the body, never twice alike: found and taken off, with what stands around it.
Pure.

Seen on the site: same case, capitals, on two lines or paragraphs, with a full stop, twice, shortened, glued to a kicker
without a space, after a kicker, after the organisation's name in capitals, or in other words altogether (which stays).
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from archive.records import BylineRole
from archive.vietnamese import without_marks
from scraper.extract.lines import Line, LineKind
from scraper.extract.names import are_persons, first_of, has_titles, read_lead
from scraper.extract.text import is_capitals, key

_WITHIN = 14  # text lines at the top among which the title is looked for
_LONGEST_KICKER = 160
_APART = 12  # lines between two that say one title
_LONGEST_HEAD = 500  # characters
_MOST_LINES = 4  # that say the title together
_PARTING = frozenset(':–—-.!?”"»|')
_OPENING = 8  # letters and digits of the title that one of them has
_ALIKE = 0.75  # share of words in common, in order, for a shortened title
_ABBREVIATIONS = {
    "khcn": "khoa hoc cong nghe",
    "kh cn": "khoa hoc va cong nghe",
    "kh kt": "khoa hoc va ky thuat",
    "khkt": "khoa hoc ky thuat",
    "lhh": "lien hiep hoi",
    "ubnd": "uy ban nhan dan",
}
_ABBREVIATION_WORDS = frozenset(name.partition(" ")[0] for name in _ABBREVIATIONS)
_ABBREVIATED = re.compile(rf"\b(?:{'|'.join(_ABBREVIATIONS)})\b")


@dataclass(frozen=True, slots=True)
class Repeats:
    """Local indexes of the lines that say the title again (or lead to it), and the kicker."""

    lines: frozenset[int]
    kicker: str | None


def find_repeats(lines: list[Line], title: str) -> Repeats:
    """Looks for the title at the top of an article's lines, up to its first running text."""
    taken: set[int] = set()
    kicker: str | None = None
    wanted, squashed = _expand(key(title)), key(title).replace(" ", "")
    longest = len(title) + 2 * _LONGEST_KICKER
    top = _top(lines)
    worded = {i for i in top if len(lines[i].text) <= longest and _has_opening(lines[i].text, squashed[:_OPENING])}
    last = max((i for i in top if i in worded or _is_set_apart(lines[i])), default=-1)
    if last < 0:
        return Repeats(frozenset(), None)
    texts: list[int] = []
    below = 0  # of those that may say the title together with the last that may begin it
    for i in top:
        if below == _MOST_LINES - 1:
            break
        if not _names_author(lines[i].text) or _expand(key(lines[i].text)) == wanted:
            texts.append(i)
            below += i > last
    place = 0
    while place < len(texts):
        # What is neither set as a title is nor worded like it says no title.
        if worded.isdisjoint(texts[place : place + _MOST_LINES]) and not _is_set_apart(lines[texts[place]]):
            place += 1
            continue
        length, lead, exact = _match(lines, texts, place, wanted, squashed, longest)
        if not length:
            place += 1
            continue
        before = [i for i in texts[:place] if i not in taken]
        if before and all(_is_kicker(lines[i]) for i in before):
            taken.update(before)
            kicker = kicker or " ".join(lines[i].text for i in before)
        elif before and not exact:
            place += 1
            continue
        taken.update(texts[place : place + length])
        kicker = kicker or lead
        place += length
    return Repeats(frozenset(taken), kicker)


def _top(lines: list[Line]) -> list[int]:
    """Text lines before the first running text."""
    found: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is LineKind.TABLE or len(found) == _WITHIN:
            break
        if line.kind is LineKind.TEXT:
            found.append(index)
            if len(line.text) > 400:
                break
    return found


def _match(
    lines: list[Line], texts: list[int], place: int, wanted: str, squashed: str, longest: int
) -> tuple[int, str | None, bool]:
    """How many lines from `place` say the title (0: none), a kicker glued before it, and whether nothing else is said.
    The title comes as a `key` written out and as one without spaces; `longest` bounds what may say it."""
    joined = bare = ""
    spans: list[tuple[int, str, str]] = []
    if len(lines[texts[place]].text) > longest:
        return 0, None, False
    for index in texts[place : place + _MOST_LINES]:
        if spans and index - texts[place] > _APART:
            break
        if spans and len(joined) + len(lines[index].text) > longest:
            break
        joined = f"{joined} {lines[index].text}".strip()
        bare = f"{bare} {key(lines[index].text)}".strip()
        spans.append((index, joined, _expand(bare)))
    for length, (_, _, said) in enumerate(spans, start=1):
        if said == wanted:
            return length, None, True
    for length, (_, text, said) in enumerate(spans, start=1):
        bare = said.replace(" ", "")
        if bare.endswith(squashed) and len(squashed) >= 12 and len(bare) - len(squashed) <= _LONGEST_KICKER:
            at = _title_starts(text, len(squashed))
            starts = [len(said) + 1 for _, said, _ in spans[: length - 1]]
            below = at in starts and not text[:at].rstrip().endswith((".", ";", ","))  # the kicker has lines of its own
            if below or _is_parted(text, at, lines[texts[place]]):
                return length, text[:at].strip(' –-:.“"«(') or None, False
    for length, (index, _, said) in enumerate(spans, start=1):
        if _shortened(said, wanted, lines[texts[place] : index + 1]):
            return length, None, False
    return 0, None, False


def _has_opening(text: str, opening: str) -> bool:
    return opening in key(text[:_LONGEST_HEAD]).replace(" ", "")


def _expand(wording: str) -> str:
    """A `key` with the abbreviations of the site's titles written out."""
    if _ABBREVIATION_WORDS.isdisjoint(wording.split()):
        return wording
    return _ABBREVIATED.sub(lambda match: _ABBREVIATIONS[match[0]], wording)


def _shortened(said: str, wanted: str, lines: list[Line]) -> bool:
    """Whether the words are the title's, some left out: only for lines set as a title is."""
    a, b = said.split(), wanted.split()
    if len(a) < 3 or len(b) < 3 or not 0.4 <= len(a) / len(b) <= 1.6:
        return False
    title = set(b)
    shared = sum(word in title for word in a)
    if shared < len(a) and 2 * shared < _ALIKE * (len(a) + len(b)):  # more can they not have in common, in order
        return False
    if not all(_is_set_apart(line) for line in lines if line.kind is LineKind.TEXT):
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() >= _ALIKE or (
        len(a) >= 4 and a[0] == b[0] and sum(match.size for match in matcher.get_matching_blocks()) == len(a)
    )


def _is_set_apart(line: Line) -> bool:
    return line.bold or line.heading > 0 or line.align == "center" or is_capitals(line.text)


def _title_starts(text: str, squashed_length: int) -> int:
    """Where in `text` its last `squashed_length` letters and digits begin."""
    bare = without_marks(text)
    left, index = squashed_length, len(bare)
    while left and index:
        index -= 1
        left -= bare[index].isascii() and bare[index].isalnum()
    return index


def _is_parted(text: str, at: int, line: Line) -> bool:
    """Whether something sets a title apart from what stands before it in a text: a lost space, capitals, or a mark in a
    line that is set as a title is. A sentence may well end with the words of the title."""
    before, title = text[:at], text[at:]
    if not before[-1:].isspace() or is_capitals(title):
        return True
    return before.rstrip()[-1:] in _PARTING and (_is_set_apart(line) or is_capitals(before))


def _names_author(text: str) -> bool:
    """Whether a line above the title is who wrote it (`Truyện ngắn của …`, a name with titles) rather than a kicker."""
    lead = read_lead(text)
    if lead is not None:
        return lead[1] is not BylineRole.SYNDICATED and are_persons(lead[0])
    return are_persons(text) and has_titles(first_of(text))


def _is_kicker(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST_KICKER or text.endswith((".", ";", ",")):
        return False
    return is_capitals(text) or line.bold or line.italic or line.align in ("center", "right") or line.heading > 0
