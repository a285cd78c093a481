"""The first look at files to import: every record passed once, what is in scope indexed, damage named."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from archive.foreign import Damaged, Fields, ForeignRecord, Sink, scan
from archive.foreign_files import ForeignFile, Part
from scraper.import_index import ImportIndex
from scraper.import_report import ImportedFile, ImportReport, ImportStep
from scraper.imported import Foreign, Passed, look_at, method_of
from scraper.urls import Scope

_EVERY = 1000  # records between two looks at the clock and the wish to stop
_CHUNK = 1 << 20


class Scanner:
    """Fills the index of one import."""

    def __init__(
        self,
        index: ImportIndex,
        scope: Scope,
        now: datetime,
        report: ImportReport,
        shall_end: Callable[[], bool],
        watch: Callable[[ImportStep], None],
    ) -> None:
        """`shall_end` is asked now and then, whether the import is to stop."""
        self._index, self._scope, self._now, self._report = index, scope, now, report
        self._shall_end, self._watch = shall_end, watch

    def scan(self, number: int, part: Part, told: ImportedFile) -> bool:
        """Looks through one part; False when it was stopped meanwhile. `told` is the file it belongs to."""
        try:
            return self._scan(number, part, told)
        except OSError as error:
            told.damaged += 1
            self._report.problem(f"{part.name} cannot be read: {error}")
            return not self._shall_end()

    def _scan(self, number: int, part: Part, told: ImportedFile) -> bool:
        looked: Foreign | Passed = Passed.OTHER_TYPE

        def want(fields: Fields, offset: int | None) -> Sink | bool:
            nonlocal looked
            looked = look_at(fields, self._scope, self._now)
            if looked is not Passed.REQUEST and not isinstance(looked, Foreign):
                return False
            return True if offset is not None and part.seekable else self._index.spool()

        with part.open() as file:
            for record in scan(file, want):
                self._report.seen += 1
                told.records += 1
                if isinstance(record, Damaged):
                    self._note_damage(number, part, told, record)
                else:
                    self._note(number, record, looked)
                if self._report.seen % _EVERY == 0:
                    self._watch(ImportStep(self._report.seen, None, self._report))
                    if self._shall_end():
                        return False
        self._compare(part)
        return not self._shall_end()

    def finish(self) -> None:
        """Ends the filling of the index."""
        self._index.finish()

    def _note(self, number: int, record: ForeignRecord, looked: Foreign | Passed) -> None:
        if isinstance(looked, Foreign):
            self._index.add(number, record.offset, record.fields, looked)
            return
        self._report.pass_over(looked)
        if looked is Passed.REQUEST:
            self._index.add_request(number, record.offset, record.fields, method_of(record.start))

    def _note_damage(self, number: int, part: Part, told: ImportedFile, damage: Damaged) -> None:
        self._index.drop()
        told.damaged += 1
        self._report.pass_over(Passed.DAMAGED)
        self._report.problem(f"{part.name} is damaged in the record at offset {damage.offset}: {damage.what}")
        if damage.checksum and (dropped := self._index.distrust(number)):
            self._report.pass_over(Passed.DAMAGED, dropped)
            self._report.problem(f"{part.name}: {dropped} records before that have no digest to be trusted by")

    def _compare(self, part: Part) -> None:
        """Whether a part of a package is what the package says it is."""
        if not part.said_sha256:
            return
        digest = hashlib.sha256()
        with part.open() as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
        if digest.hexdigest() != part.said_sha256:
            self._report.problem(f"{part.name} is not what datapackage.json says (SHA-256); it was altered since")


def parts_of_files(files: list[ForeignFile]) -> list[tuple[int, Part]]:
    """All parts in order, each with the number of its file."""
    return [(number, part) for number, file in enumerate(files) for part in file.parts]
