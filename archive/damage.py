"""What the audit can find: stable codes, what each means, and what to do. Codes are never given a second meaning.

`A..` is damage (exit 1); `N..` is a remark: worth knowing, and nothing is lost (exit 0).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

KEPT_OF_A_KIND = 100  # findings of one code that are kept whole for one file; more are counted


class Code(StrEnum):
    """A kind of finding: its stable code. Its name in lower case names it for people and in tests/bad_archives."""

    MISSING_FILE = "A01"
    FOREIGN_FILE = "A02"
    CUT_MEMBER = "A03"
    BAD_MEMBER = "A04"
    FILE_SIZE = "A05"
    FILE_DIGEST = "A06"
    RECORD_COUNT = "A07"
    MALFORMED_RECORD = "A08"
    BLOCK_DIGEST = "A09"
    PAYLOAD_DIGEST = "A10"
    ROW_WITHOUT_RECORD = "A11"
    RECORD_WITHOUT_ROW = "A12"
    ROW_DIFFERS = "A13"
    REVISIT_TARGET = "A14"
    PROGRESS_MARK = "A15"
    MEDIA_TIE = "A16"
    ARTICLE_STATE = "A17"
    CONTENT_DIGEST = "A18"
    CREDIT = "A19"
    DERIVATION = "A20"
    SIGHTINGS = "A21"
    ALIAS = "A22"
    FULL_TEXT = "A23"
    DATABASE_INTEGRITY = "A24"
    FOREIGN_KEY = "A25"
    SEAL_BROKEN = "A26"
    DATABASE_UNUSABLE = "A27"
    FRONTIER = "A28"
    UNFINISHED_FILE = "N01"
    NOT_SEALED = "N02"
    NOT_YET_RECORDED = "N03"
    NOT_REGISTERED = "N04"
    NOT_NOTED = "N05"
    OLDER_SCHEMA = "N06"

    @property
    def words(self) -> str:
        """Its name in words."""
        return self.name.lower().replace("_", " ")

    @property
    def is_damage(self) -> bool:
        return self.value.startswith("A")


_COPY = "Restore the file from a copy (its name and SHA-256 are in warc_files and in the next file's opening)."
_REBUILD = "`susta rebuild` makes archive.db again from the WARC files."

# Each code: what it means, and what to do.
MEANINGS: dict[Code, tuple[str, str]] = {
    Code.MISSING_FILE: ("a WARC file that the archive knows of is not there", _COPY),
    Code.FOREIGN_FILE: (
        "something lies in warc/ that this program did not put there, or under a name it does not give",
        "Move it elsewhere, or give it its own name again; `susta import FILE` takes in WARC files that others made.",
    ),
    Code.CUT_MEMBER: ("a finished WARC file ends within a record", _COPY),
    Code.BAD_MEMBER: ("a record does not unpack, or its gzip checksum is wrong: bytes were altered", _COPY),
    Code.FILE_SIZE: ("a WARC file has another size than when it was finished", _COPY),
    Code.FILE_DIGEST: ("a WARC file's SHA-256 is not the one it had when it was finished", _COPY),
    Code.RECORD_COUNT: ("a WARC file holds another number of records than when it was finished", _COPY),
    Code.MALFORMED_RECORD: ("a gzip member is no WARC record as this program writes them", _COPY),
    Code.BLOCK_DIGEST: ("a record's block does not match its WARC-Block-Digest", _COPY),
    Code.PAYLOAD_DIGEST: ("a response's payload does not match its WARC-Payload-Digest", _COPY),
    Code.ROW_WITHOUT_RECORD: (
        "archive.db names a response where no such record is",
        "If the WARC file is damaged or missing, restore it; else " + _REBUILD,
    ),
    Code.RECORD_WITHOUT_ROW: ("a response was worked in, but archive.db has no row for it", _REBUILD),
    Code.ROW_DIFFERS: ("a row of captures says otherwise than the record it is of", _REBUILD),
    Code.REVISIT_TARGET: ("a revisit refers to another capture in archive.db than in the WARC file", _REBUILD),
    Code.PROGRESS_MARK: ("the mark up to where WARC files are worked in names a place that is not there", _REBUILD),
    Code.MEDIA_TIE: ("a photo or attachment is tied to bytes that are not those of its address", _REBUILD),
    Code.ARTICLE_STATE: ("an article is not what its newest revision says, or revisions are not in order", _REBUILD),
    Code.CONTENT_DIGEST: ("a record does not match its content_sha256", _REBUILD),
    Code.CREDIT: ("an article's credit is not its source's, or a source's condition not that of its digest", _REBUILD),
    Code.DERIVATION: ("derivations, refusals and captures disagree about what a page gave", _REBUILD),
    Code.SIGHTINGS: ("view counts or the days an article was seen disagree with its captures", _REBUILD),
    Code.ALIAS: ("an address is that of an article and another one's alias", _REBUILD),
    Code.FULL_TEXT: ("the full-text index does not hold what the articles say: searches may miss or mislead", _REBUILD),
    Code.DATABASE_INTEGRITY: ("SQLite finds archive.db damaged", _REBUILD),
    Code.FOREIGN_KEY: ("a row refers to one that is not there", _REBUILD),
    Code.SEAL_BROKEN: (
        "archive.db is not byte for byte what was sealed: damaged, or changed from outside",
        _REBUILD + " If you changed it on purpose, remove archive.db.sha256 and archive.db.sha256.broken.",
    ),
    Code.DATABASE_UNUSABLE: ("archive.db is missing or cannot be opened, though the WARC files are there", _REBUILD),
    Code.FRONTIER: (
        "the crawl's state, frontier.db, is damaged",
        "Remove it; the next crawl finds its addresses again. Nothing captured is lost.",
    ),
    Code.UNFINISHED_FILE: ("a WARC file is being written, or a killed run left it", "The next crawl finishes it."),
    Code.NOT_SEALED: (
        "archive.db has no seal: a run writes now or was killed, or somebody read while it ended",
        "The next crawl seals it.",
    ),
    Code.NOT_YET_RECORDED: (
        "records at the end of the WARC files are not in archive.db yet",
        "The next crawl works them in.",
    ),
    Code.NOT_REGISTERED: (
        "nothing knows the digest of a finished file yet, so that only its records' own were checked",
        "The next crawl takes it.",
    ),
    Code.NOT_NOTED: ("this audit could not be noted in the archive", "Nothing, on read-only media or in a bag."),
    Code.OLDER_SCHEMA: (
        "archive.db was made by an older version; rows were not compared with records",
        "The next crawl brings it up to date, with a backup first.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its code, what exactly, and where: a file and offset, or a row (`articles 12`)."""

    code: Code
    what: str
    file: str = ""
    offset: int | None = None
    row: str = ""

    @property
    def where(self) -> str:
        place = f"{self.file}, offset {self.offset}" if self.offset is not None else self.file
        return ", ".join(filter(None, (place, self.row)))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        means, advice = MEANINGS[self.code]
        return {
            "code": str(self.code),
            "name": self.code.name.lower(),
            "file": self.file or None,
            "offset": self.offset,
            "row": self.row or None,
            "what": self.what,
            "means": means,
            "advice": advice,
        }


@dataclass(slots=True)
class Findings:
    """Findings as they come; of many of one kind the first are kept and all are counted, so that memory is bounded."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[Code] = field(default_factory=Counter)

    def add(self, code: Code, what: str, *, file: str = "", offset: int | None = None, row: str = "") -> None:
        self.counts[code] += 1
        if self.counts[code] <= KEPT_OF_A_KIND:
            self.kept.append(Finding(code, what, file, offset, row))

    def take(self, other: "Findings") -> None:
        self.kept += other.kept
        self.counts.update(other.counts)

    def sort(self, names: Iterable[str] = ()) -> None:
        """By code and place, whatever order the work was done in."""
        self.kept.sort(key=lambda found: (str(found.code), found.file, found.offset or 0, found.row))
