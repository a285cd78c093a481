"""What reading an attached document may come to."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of reading a document; the texts are in OUTCOME_MEANINGS."""

    READ = "read"
    CUT = "cut"
    NO_TEXT = "no-text"
    LOCKED = "locked"
    BROKEN = "broken"
    TOO_LARGE = "too-large"
    TOO_COSTLY = "too-costly"
    NOT_READABLE = "not-readable"


OUTCOME_MEANINGS: dict[Outcome, str] = {
    Outcome.READ: "its text is searched",
    Outcome.CUT: "the beginning of its text is searched; the rest is beyond the limit",
    Outcome.NO_TEXT: "pages without text, as a scanner makes them",
    Outcome.LOCKED: "a password is needed to read it",
    Outcome.BROKEN: "damaged, or not what its name says",
    Outcome.TOO_LARGE: "larger than what is read",
    Outcome.TOO_COSTLY: "reading it took more time or memory than is given to one document",
    Outcome.NOT_READABLE: "a format that is not read, such as Word's before 2007 (.doc)",
}
