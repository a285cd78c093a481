"""Builds the sdist, and from it the wheel, and tries the wheel as a stranger would. Exit 1 if anything is amiss.

    make release-check        (or: python benchmarks/release_check.py [--python PATH]... [--keep DIR])

Every file of the packages that is under version control must be in both. The wheel is then installed with
constraints.txt, and nothing else, into an empty environment on each Python from 3.11 that is at hand (on the PATH, and
those of pyenv), where `susta` crawls the demo site, audits, searches, exports, reports, serves and writes a schedule,
in a folder that knows nothing of the sources. Pythons that are not there are passed over, and said to be.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST, NEWEST = 11, 15  # minor versions of Python 3 that are looked for
PACKAGES = ("archive/", "scraper/")
FOR_DEVELOPERS = {"pytest", "mypy", "ruff", "hypothesis", "pybtex", "rispy", "fpdf2", "pyarrow"}


class Amiss(Exception):
    """What does not hold, in a sentence."""


@dataclass(frozen=True, slots=True)
class Python:
    """One Python of this machine."""

    path: Path
    version: str

    def __str__(self) -> str:
        return f"Python {self.version}"


def said(words: Sequence[str | Path], *, cwd: Path, codes: Sequence[int] = (0,)) -> str:
    """What a command prints, run away from the sources. Raises Amiss when its exit code is none of `codes`."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode not in codes:
        told = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Amiss(f"`{' '.join(map(str, words))}` ended with {done.returncode}:\n{told}")
    return done.stdout


def pythons(named: Sequence[Path]) -> Iterator[Python]:
    """One of each minor version at hand, the oldest first; those named, where any are."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for minor in range(OLDEST, NEWEST + 1):
        found = [each for each in (shutil.which(f"python3.{minor}"),) if each]
        found += [str(each) for each in sorted(pyenv.glob(f"3.{minor}.*/bin/python3.{minor}"), reverse=True)]
        at_hand = next(filter(None, map(_python, found)), None) if not named else None
        if at_hand:
            yield at_hand
        elif not named:
            print(f"Python 3.{minor} is not at hand; passed over")
    for path in named:
        if not (python := _python(str(path))):
            raise Amiss(f"{path} is no Python that makes environments")
        yield python


def _python(path: str) -> Python | None:
    """None where it does not run (a shim of pyenv without its Python) or cannot make an environment."""
    ask = "import ensurepip, sqlite3, venv, sys; print(sys.executable); print(sys.version.split()[0])"
    done = subprocess.run([path, "-c", ask], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    executable, version = done.stdout.split()
    return Python(Path(executable), version)


def build(folder: Path) -> tuple[Path, Path]:
    """The sdist and the wheel that is built from it, of what is under version control and as it stands on the disk."""
    source = folder / "source"
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    said([sys.executable, "-m", "build", "--no-isolation", source, "--outdir", folder / "dist"], cwd=folder)
    (sdist,), (wheel,) = (folder / "dist").glob("*.tar.gz"), (folder / "dist").glob("*.whl")
    return sdist, wheel


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def compare(sdist: Path, wheel: Path) -> None:
    """Raises Amiss for files that are not in both, and for any that belongs in neither."""
    with tarfile.open(sdist) as packed:
        in_sdist = {member.name.partition("/")[2] for member in packed if member.isfile()}
    in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = set(tracked())
    of_packages = {name for name in wanted if name.startswith(PACKAGES)}
    left = {name for name in wanted if not name.startswith((".ci/", ".git"))} - in_sdist
    for what, names in (
        ("not in the sdist", left),
        ("not in the wheel", of_packages - in_wheel),
        ("in the wheel without being in the packages", in_wheel - of_packages),
    ):
        if names:
            raise Amiss(f"{what}: {', '.join(sorted(names)[:10])}")
    print(f"{sdist.name}: {len(in_sdist)} files, {sdist.stat().st_size:,} bytes; all that is under version control")
    print(f"{wheel.name}: {len(in_wheel)} files, {wheel.stat().st_size:,} bytes; built from the sdist")


def install(python: Python, wheel: Path, folder: Path) -> Path:
    """An environment with the wheel and what it needs, in the tested versions; returns its folder of programs."""
    said([python.path, "-m", "venv", folder / "env"], cwd=folder)
    programs = folder / "env" / "bin"
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check"]
    said([*pip, "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel], cwd=folder)
    said([*pip, "check"], cwd=folder)
    names = {each["name"].lower() for each in json.loads(said([*pip, "list", "--format", "json"], cwd=folder))}
    if names & FOR_DEVELOPERS:
        raise Amiss(f"installed though only developers need it: {', '.join(sorted(names & FOR_DEVELOPERS))}")
    return programs


def try_out(programs: Path, desk: Path) -> str:
    """Raises Amiss where a command does not do what it is for; returns the program's version."""
    susta, archive = programs / "susta", ("--archive", "data")

    def run(*words: str) -> str:
        return said([susta, *words], cwd=desk)

    version = run("--version").split()[-1]
    run("demo", *archive)
    run("demo", "--second-visit", *archive)
    run("check", *archive)
    articles = json.loads(run("export", *archive))
    found = json.loads(run("search", "hoi thao", "--json", *archive))
    if not articles or not found or any("Susta.vn" not in each["source"]["credit"] for each in articles):
        raise Amiss(f"{len(articles)} articles exported, {len(found)} found, or one without its credit")
    run("rebuild", "--quiet", *archive)
    run("report", "--output", "report.html", *archive)
    run("init", ".", "--contact", "archive@example.org", "--yes", "--offline")
    run("schedule", "write", "units")
    command = next(
        line for line in (desk / "units" / "susta-crawl.service").read_text().splitlines() if "ExecStart=" in line
    )
    if str(programs) not in command:
        raise Amiss(f"the schedule runs another program: {command}")
    show_in_a_browser([str(susta), "serve", "--port", "0", *archive], desk)
    complete(susta, desk)
    return version


def show_in_a_browser(words: Sequence[str], desk: Path) -> None:
    """Templates and styles are in the wheel: the start page and its style sheet come."""
    with subprocess.Popen(words, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            match = next(filter(None, (re.search(r"http://[\w.:]+/", line) for line in server.stdout)), None)
            if match is None:
                raise Amiss("`susta serve` did not say where it listens")
            page = _got(match[0]).decode()
            style = re.search(r'href="(/[^"]+\.css)', page)
            if style is None or not _got(match[0].rstrip("/") + style[1]):
                raise Amiss("the start page of `susta serve` has no style sheet")
        finally:
            server.terminate()


def _got(url: str) -> bytes:
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return bytes(answer.read())
        except ConnectionError:
            time.sleep(0.1)
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise Amiss(f"{url}: {error}") from error
            time.sleep(0.1)
    raise Amiss(f"{url} did not answer")


def complete(susta: Path, desk: Path) -> None:
    """Shells are told which commands begin like what was typed."""
    shell = ["env", "_SUSTA_COMPLETE=complete_bash", "COMP_WORDS=susta sched", "COMP_CWORD=1", str(susta)]
    if said(shell, cwd=desk).split() != ["schedule"]:
        raise Amiss("`susta sched` is not completed to `susta schedule`")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", type=Path, action="append", default=[], help="only this Python; may be repeated")
    parser.add_argument("--keep", type=Path, help="put sdist and wheel here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="susta-release-") as name:
        folder = Path(name)
        try:
            sdist, wheel = build(folder)
            compare(sdist, wheel)
            tried = 0
            for python in pythons(options.python):
                place = folder / f"python-{python.version}"
                (place / "desk").mkdir(parents=True)
                began = time.monotonic()
                version = try_out(install(python, wheel, place), place / "desk")
                shutil.rmtree(place)
                print(f"{python}: susta-archive {version} works ({time.monotonic() - began:.0f} s)", flush=True)
                tried += 1
        except Amiss as amiss:
            print(f"AMISS: {amiss}")
            return 1
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for each in (sdist, wheel):
                shutil.copy2(each, options.keep)
    return 0 if tried else 1


if __name__ == "__main__":
    sys.exit(main())
