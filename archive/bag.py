"""BagIt packages (RFC 8493) for deposit: everything an archive is made from, with digests that any tool can check.

    bagit.txt, bag-info.txt                        what this is, from whom, on which condition
    data/warc/*.warc.gz, data/archive.db (sealed)  the payload, which is an archive that can be opened as it is
    manifest-sha256.txt, manifest-sha512.txt       digests of the payload; tagmanifest-*.txt: of the rest

The payload is copied, or linked where that is asked for; originals are never moved nor changed. The database is a copy
of one moment, made after the list of WARC files, so that it knows all of them; where it knows of more (a crawl writes
meanwhile), it is made again from those in the bag.
"""

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive import schema
from archive.cdxj import finished_paths
from archive.errors import ArchiveUnusable, ConfigError
from archive.missing import missing_captures
from archive.own_files import refuse_own
from archive.seal_file import SEAL_SUFFIX, make_seal
from archive.store import DATABASE_NAME
from archive.wacz import Packaged, unfinished
from archive.warc import FOLDER_NAME
from archive.warc_reading import read_all
from archive.zipped import pieces_of, zipped

ALGORITHMS = ("sha256", "sha512")
SERIALISED = (".tar", ".zip")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # a bag is compared by its manifests; times would only make alike bags differ


def write_bag(
    folder: Path,
    output: Path,
    *,
    software: str,
    organisation: str,
    day: str,
    link: bool,
    make_database: Callable[[Path], None],
    watch: Callable[[str], None] = lambda _: None,
) -> Packaged:
    """Bags the archive in a folder, as a folder, or as one file where the output ends in .tar or .zip.

    `organisation` is who hands it over ("" where nobody says); `day` is today's date. `link`: hard links in place of
    copies, where both are on one disk. `make_database` makes `archive.db` anew in an archive's folder. Raises
    ConfigError where the output is there already or its folder is not, and ArchiveUnusable.
    """
    refuse_own(output, folder=folder)
    target = output.resolve()
    if target.exists():
        raise ConfigError(f"{output} is there already", advice="A bag is not written over: name another place.")
    if not target.parent.is_dir():
        raise ConfigError(f"Cannot write {output}: there is no folder {target.parent}", advice="Make it first.")
    paths = finished_paths(folder / FOLDER_NAME)
    if not paths:
        raise ArchiveUnusable(f"There is no finished WARC file in {folder / FOLDER_NAME} to package")
    serialised = target.suffix in SERIALISED
    made = Packaged("bagit", str(output), warc_files=len(paths), left_out=unfinished(folder))
    with closing(schema.connect(folder / DATABASE_NAME, read_only=True)) as db:
        made.lacks(missing_captures(db, folder / FOLDER_NAME))
    with _beside(target) as work:
        bag = work / (target.stem if serialised else target.name)
        payload = bag / "data" / FOLDER_NAME
        payload.mkdir(parents=True)
        for path in paths:
            watch(path.name)
            _bring(path, payload / path.name, link=link or serialised)
        watch(DATABASE_NAME)
        _bring_database(folder, bag / "data", make_database)
        info = _describe(bag / "data" / DATABASE_NAME, made)
        watch("the digests")
        info |= {"Source-Organization": organisation, "Bagging-Date": day, "Bag-Software-Agent": software}
        _write_tags(bag, info)
        if serialised:
            _serialise(bag, target)
        else:
            bag.rename(target)
    made.bytes = target.stat().st_size if serialised else sum(file.stat().st_size for file in _files(target))
    return made


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A working folder on the output's disk, gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _bring(source: Path, place: Path, *, link: bool) -> None:
    if link:
        try:
            os.link(source, place)
        except OSError:  # another disk, or one that knows no links
            pass
        else:
            return
    shutil.copyfile(source, place)
    place.chmod(0o444)


def _bring_database(folder: Path, data: Path, make_database: Callable[[Path], None]) -> None:
    place = data / DATABASE_NAME
    with (
        closing(schema.connect(folder / DATABASE_NAME, read_only=True)) as source,
        closing(sqlite3.connect(place, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that the file alone is the whole database
        if copy.execute("SELECT 1 FROM sqlite_schema WHERE name = 'seal'").fetchone():
            copy.execute("UPDATE seal SET writing = 0")  # nobody writes to the copy
    if not _agrees(place, data / FOLDER_NAME):
        place.unlink()
        make_database(data)
        for left in data.iterdir():
            if left.name not in (DATABASE_NAME, FOLDER_NAME):  # what the making left beside it
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    place.with_name(place.name + SEAL_SUFFIX).unlink(missing_ok=True)
    make_seal(place)
    place.chmod(0o444)


def _agrees(database: Path, warc_folder: Path) -> bool:
    """Whether a database holds what these WARC files do, and nothing beyond."""
    there = {path.name for path in finished_paths(warc_folder)}
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        named = {name for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures")}
        progress = db.execute("SELECT warc_file, warc_end FROM progress").fetchone() or ("", 0)
    known = progress[0] in there or not progress[0]
    return known and named <= there and next(read_all(warc_folder, progress), None) is None


def _describe(database: Path, made: Packaged) -> dict[str, str]:
    """What bag-info.txt says of the contents; counts them, too."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        made.articles, made.captures = (
            int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in ("articles", "captures")
        )
        sources = db.execute("SELECT DISTINCT name, organisation, notice FROM sources ORDER BY id").fetchall()
        days = db.execute("SELECT min(fetched_at), max(fetched_at) FROM captures").fetchone()
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
        kept = 0
        if "withdrawals" in tables:
            (kept,) = db.execute("SELECT count(*) FROM withdrawals WHERE bytes = 'kept'").fetchone()
    what = f"{made.articles} articles from {made.captures} captures in WARC files"
    said = [f"Web archive: {what}, and archive.db (SQLite), which was derived from them and can be made again."]
    said += [f"Condition of {name} ({of}), in its own words: {notice}." for name, of, notice in sources]
    if sources:
        said.append("It is a condition of attribution, not a Creative Commons licence.")
    if kept:
        said.append(
            f"The WARC files still hold the bytes of {kept} withdrawn articles: not to be published as they are."
        )
    info = {"External-Description": " ".join(said)}
    if days[0]:
        info["External-Identifier"] = f"captures {days[0]} to {days[1]}"
    return info


def _files(bag: Path) -> list[Path]:
    return sorted(path for path in bag.rglob("*") if path.is_file())


def _write_tags(bag: Path, info: dict[str, str]) -> None:
    """bagit.txt, bag-info.txt, and the manifests (RFC 8493, 2.1 to 2.2)."""
    payload = _files(bag / "data")
    size = sum(path.stat().st_size for path in payload)
    info |= {"Payload-Oxum": f"{size}.{len(payload)}", "Bag-Size": f"{size / 1_000_000:.1f} MB"}
    _manifests(bag, payload, "manifest")
    lines = (f"{name}: {' '.join(value.split())}\n" for name, value in info.items() if value)
    _write(bag / "bag-info.txt", "".join(lines))
    _write(bag / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _manifests(bag, [path for path in _files(bag) if path.parent == bag], "tagmanifest")


def _manifests(bag: Path, files: list[Path], kind: str) -> None:
    digests = {path: _digests(path) for path in files}
    for algorithm in ALGORITHMS:
        lines = (f"{found[algorithm]}  {path.relative_to(bag).as_posix()}\n" for path, found in digests.items())
        _write(bag / f"{kind}-{algorithm}.txt", "".join(lines))


def _digests(path: Path) -> dict[str, str]:
    digests = {name: hashlib.new(name) for name in ALGORITHMS}
    with path.open("rb") as file:
        for piece in pieces_of(file):
            for digest in digests.values():
                digest.update(piece)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _serialise(bag: Path, target: Path) -> None:
    """The bag as one file, in a folder of its own name within (RFC 8493, 4)."""
    if target.suffix == ".zip":
        with zipped(target, _ZIP_TIME) as package:
            for path in _files(bag):
                with path.open("rb") as payload:
                    name = f"{bag.name}/{path.relative_to(bag).as_posix()}"
                    package.add(name, pieces_of(payload), size=path.stat().st_size, stored=path.suffix == ".gz")
        return
    temporary = bag.parent / target.name
    with tarfile.open(temporary, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in _files(bag):
            entry = tarfile.TarInfo(f"{bag.name}/{path.relative_to(bag).as_posix()}")
            entry.size, entry.mode = path.stat().st_size, 0o444
            with path.open("rb") as payload:
                tar.addfile(entry, payload)
    _rename_durably(temporary, target)


def _rename_durably(temporary: Path, target: Path) -> None:
    descriptor = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.rename(target)
