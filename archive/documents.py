"""The text of a document, from its bytes: PDF by pypdf, Word's .docx by python-docx. Files are hostile: they are read
in a process of their own, with limits on its time and memory, and of the text no more is taken than MOST_TEXT.

    bytes ─► read_document ─► python -m archive.documents (limits set, then the libraries) ─► one JSON object ─► Reading

What cannot be read is said to be so: a scanned PDF has no text, Word's older .doc is not read at all.
"""

import io
import json
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from importlib.metadata import version

MOST_BYTES = 50_000_000
MOST_TEXT = 1_000_000  # characters
_MOST_PAGES = 3000
_MOST_XML = 60_000_000  # bytes of a .docx, unpacked
_SECONDS = 60  # of CPU; as long again is waited
_MEMORY = 1 << 30
_WORD = re.compile(r"[^\W_]")
_DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200d\u2060\ufeff\u00ad\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")


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
    Outcome.LOCKED: "encrypted",
    Outcome.BROKEN: "damaged, so that its text cannot be found",
    Outcome.TOO_LARGE: "larger than what is read",
    Outcome.TOO_COSTLY: "reading it took more time or memory than is given to one document",
    Outcome.NOT_READABLE: "neither PDF nor .docx; Word's files from before 2007 (.doc) are not read",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says: its text in NFC, a line a line, "" where there is none; its pages, if it has any; and what
    read it."""

    outcome: Outcome
    text: str = ""
    pages: int | None = None
    reader: str = ""


def read_document(payload: bytes, *, seconds: int = _SECONDS, memory: int = _MEMORY) -> Reading:
    """Reads a document in a process of its own, within `seconds` of CPU time and `memory` bytes. Never raises for what
    is in it."""
    kind = _kind(payload)
    if kind is None:
        return Reading(Outcome.NOT_READABLE)
    if len(payload) > MOST_BYTES:
        return Reading(Outcome.TOO_LARGE)
    command = [sys.executable, "-I", "-m", "archive.documents", kind, str(seconds), str(memory)]
    try:
        done = subprocess.run(command, input=payload, capture_output=True, timeout=2 * seconds, check=False)
    except subprocess.TimeoutExpired:
        return Reading(Outcome.TOO_COSTLY)
    try:
        said = json.loads(done.stdout)
        return Reading(Outcome(said["outcome"]), said["text"], said["pages"], said["reader"])
    except (ValueError, KeyError):  # ended by a limit before it could say anything
        return Reading(Outcome.TOO_COSTLY)


def _kind(payload: bytes) -> str | None:
    """By the bytes, not by a name: readers take a PDF's header within the first 1024 bytes (ISO 32000-1, H.3.4.1)."""
    if b"%PDF-" in payload[:1024]:
        return "pdf"
    return "docx" if payload.startswith(b"PK\x03\x04") and b"word/" in payload else None


def _read(kind: str, payload: bytes) -> Reading:
    """In the process of its own."""
    try:
        return _pdf(payload) if kind == "pdf" else _docx(payload)
    except MemoryError:
        return Reading(Outcome.TOO_COSTLY)
    except RecursionError:
        return Reading(Outcome.TOO_COSTLY)
    except Exception:  # whatever a library makes of a damaged file
        return Reading(Outcome.BROKEN)


def _pdf(payload: bytes) -> Reading:
    import pypdf

    reader = f"pypdf {version('pypdf')}"
    document = pypdf.PdfReader(io.BytesIO(payload))
    try:
        if document.is_encrypted and not document.decrypt(""):
            return Reading(Outcome.LOCKED, reader=reader)
    except (pypdf.errors.PyPdfError, NotImplementedError):
        return Reading(Outcome.LOCKED, reader=reader)
    pages = len(document.pages)
    unread = []

    def texts() -> Iterator[str]:
        for number in range(min(pages, _MOST_PAGES)):
            try:
                yield document.pages[number].extract_text()
            except (MemoryError, RecursionError):
                raise
            except Exception:  # one damaged page is no reason to leave the others
                unread.append(number)

    reading = _reading(texts(), pages, reader)
    return replace(reading, outcome=Outcome.BROKEN) if unread and not reading.text else reading


def _docx(payload: bytes) -> Reading:
    import docx
    from docx.oxml.ns import qn

    reader = f"python-docx {version('python-docx')}"
    with zipfile.ZipFile(io.BytesIO(payload)) as packed:
        if "word/document.xml" not in packed.namelist():
            return Reading(Outcome.NOT_READABLE)
        if sum(member.file_size for member in packed.infolist()) > _MOST_XML + MOST_BYTES:
            return Reading(Outcome.TOO_LARGE)
    body = docx.Document(io.BytesIO(payload)).element.body
    paragraphs = ("".join(run.text or "" for run in each.iter(qn("w:t"))) for each in body.iter(qn("w:p")))
    return _reading(paragraphs, None, reader)


def _reading(pieces: Iterator[str], pages: int | None, reader: str) -> Reading:
    """Takes text in until there is enough of it."""
    taken, length = [], 0
    outcome = Outcome.READ
    for piece in pieces:
        taken.append(piece)
        length += len(piece)
        if length > MOST_TEXT:
            outcome = Outcome.CUT
            break
    text = tidy("\n".join(taken))[:MOST_TEXT]
    if not _WORD.search(text):
        return Reading(Outcome.NO_TEXT, "", pages, reader)
    return Reading(outcome, text, pages, reader)


def tidy(text: str) -> str:
    """NFC, white space folded, empty lines and characters that are none to read dropped."""
    text = _BLANKS.sub(
        " ", _DROPPED.sub("", unicodedata.normalize("NFC", text.replace("\r", "\n").replace("\f", "\n")))
    )
    return "\n".join(filter(None, (line.strip() for line in text.split("\n"))))


def _main() -> None:
    kind, seconds, memory = sys.argv[1:]
    payload = sys.stdin.buffer.read(MOST_BYTES + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    json.dump(asdict(_read(kind, payload)), sys.stdout)


if __name__ == "__main__":
    _main()
