"""Installing: the wheel has all it needs, the constraints are what was tested, and three commands lead to a schedule.

What takes minutes, an installation on every Python, is `make release-check`.
"""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest
from documents import README, ROOT, text_of

from scraper import cli_schedule
from scraper.cli import run
from scraper.installing import Said, ThisMachine, installed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


def canonical(name: str) -> str:
    """As PEP 503 compares names of distributions."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    return {canonical(name): version for name, version in PINNED.findall((ROOT / file).read_text(encoding="utf-8"))}


def three_commands() -> list[list[str]]:
    """What the README says leads from a clone to a nightly schedule."""
    after = text_of(README).partition("From a clone to a crawl every night in three commands:")[2]
    lines = after.partition("```sh\n")[2].partition("```")[0].splitlines()
    return [shlex.split(line) for line in lines]


class NoSystemctl(ThisMachine):
    """This machine, but nothing is started on it; `systemd-analyze verify` is the real one where it is there."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def has(self, program: str) -> bool:
        return program == "systemctl" or super().has(program)

    def run(self, words: Sequence[str], text: str = "") -> Said:
        self.asked.append(list(words))
        return super().run(words, text) if words[0] == "systemd-analyze" else Said(0, "", "")


def test_three_commands_lead_from_a_clone_to_a_nightly_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setup, init, install = three_commands()
    planned = subprocess.run(
        ["make", "--dry-run", "--always-make", *setup[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "venv .venv" in planned
    assert "--no-build-isolation -e ." in planned
    assert PROJECT["project"]["scripts"] == {"susta": "scraper.cli:main"}  # so that .venv/bin/susta is there
    assert [init[0], install[0]] == [".venv/bin/susta"] * 2

    machine = NoSystemctl()
    monkeypatch.setattr(cli_schedule, "ThisMachine", lambda: machine)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "clone").mkdir()
    monkeypatch.chdir(tmp_path / "clone")
    assert run([*init[1:], "--offline"]) == 0  # the site is not asked by a test
    assert run(install[1:]) == 0, capsys.readouterr().err
    units = installed(tmp_path / "home" / "systemd" / "user", "susta")
    enabled = next(words for words in machine.asked if "enable" in words)
    assert enabled[:3] == ["systemctl", "--user", "enable"]
    assert {"susta-crawl.timer", "susta-audit.timer", "susta-health.timer"} <= set(enabled)
    command = next(line for line in units["susta-crawl.service"].splitlines() if line.startswith("ExecStart="))
    assert f"--config {tmp_path}/sonla/config.toml" in command
    assert f"--archive {tmp_path}/sonla/data" in command
    assert any(words[0] == "systemd-analyze" for words in machine.asked) is (
        shutil.which("systemd-analyze") is not None
    )


def test_the_wheel_has_every_file_of_the_packages() -> None:
    """Modules are taken by package; other files only where [tool.setuptools.package-data] names them."""
    setuptools = PROJECT["tool"]["setuptools"]
    left = []
    for top in ("archive", "scraper"):
        for path in (ROOT / top).rglob("*"):
            package = ".".join(path.parent.relative_to(ROOT).parts)
            if not path.is_file() or path.suffix == ".pyc":
                continue
            named = setuptools["package-data"].get(package, [])
            if package not in setuptools["packages"] or (
                path.suffix != ".py" and not any(fnmatch(path.name, pattern) for pattern in named)
            ):
                left.append(str(path.relative_to(ROOT)))
    assert left == []


def test_the_constraints_are_the_tested_versions() -> None:
    constraints, locked = pins("constraints.txt"), pins("requirements.lock")
    assert {name: locked.get(name) for name in constraints} == constraints
    needed = [re.match(r"[A-Za-z0-9._-]+", each) for each in PROJECT["project"]["dependencies"]]
    assert {canonical(each[0]) for each in needed if each} <= constraints.keys()
    assert {"pytest", "mypy", "ruff"} & constraints.keys() == set()


@pytest.mark.parametrize("file", ["constraints.txt", *sorted(path.name for path in ROOT.glob("requirements*.lock"))])
def test_no_lock_names_a_host_or_a_path(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(r"://|index-url|find-links|^-e |^/", text, re.M) is None


@pytest.mark.parametrize(
    ("typed", "offered"), [("susta sched", {"schedule"}), ("susta ca", {"capture"}), ("susta schedule in", {"install"})]
)
def test_shells_complete_commands(typed: str, offered: set[str]) -> None:
    words = {"_SUSTA_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    code = "import sys; sys.argv = ['susta']; from scraper.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=words, cwd=ROOT, check=True)
    assert set(done.stdout.split()) == offered


def test_each_tested_python_is_said() -> None:
    """The classifiers name the Pythons that a release was tried on, the oldest first, none older than required."""
    said = [name.rpartition(" ")[2] for name in PROJECT["project"]["classifiers"] if ":: 3." in name]
    assert said[0] == PROJECT["project"]["requires-python"].removeprefix(">=")
    assert said == sorted(said, key=lambda each: int(each.partition(".")[2]))
