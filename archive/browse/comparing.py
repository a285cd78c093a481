"""What the page that compares two revisions shows: what became of each field and block, word by word. No HTML."""

from dataclasses import dataclass

from archive.diff import BlockChange, Kind, Text, diff
from archive.query import Archive


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of one piece; `same` pieces in a row are only counted (`block` is "")."""

    block: str
    kind: str
    texts: tuple[Text, ...] = ()
    same: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions of an article beside each other."""

    id: int
    title: str
    before: int
    after: int
    before_at: str
    after_at: str
    before_capture: int
    after_capture: int
    count: int
    pieces: tuple[Shown, ...]

    @property
    def differs(self) -> bool:
        return any(piece.block for piece in self.pieces)


def comparison(archive: Archive, article_id: int, before: int, after: int) -> Comparison | None:
    """Two revisions of an article; None where one of them is not there."""
    old, new = archive.revision(article_id, before), archive.revision(article_id, after)
    if old is None or new is None:
        return None
    pieces = tuple(_shown(diff(old[0], new[0])))
    count = archive.revisions(article_id)
    return Comparison(article_id, new[0].title, before, after, old[1], new[1], old[2], new[2], count, pieces)


def _shown(changes: list[BlockChange]) -> list[Shown]:
    shown: list[Shown] = []
    for change in changes:
        is_field = change.before is None and change.after is None
        if change.kind is Kind.SAME:
            if is_field:
                continue
            if shown and shown[-1].same:
                shown.append(Shown("", "same", same=shown.pop().same + 1))
            else:
                shown.append(Shown("", "same", same=1))
            continue
        shown.append(
            Shown(change.block, str(change.kind), tuple(text for text in change.texts if _tells(change, text)))
        )
    return shown


def _tells(change: BlockChange, text: Text) -> bool:
    """Whether a text of a changed piece is shown: what changed, and of what has several texts nothing else."""
    if text.kind is Kind.SAME:
        return len(change.texts) == 1 or (change.kind is Kind.MOVED and text.name not in ("address", "cell"))
    return text.name != "address" or change.kind is Kind.CHANGED
