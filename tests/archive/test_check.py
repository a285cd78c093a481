"""The fixity audit: a healthy archive is clean in all its states, and every damage is found and named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bad_archives import RULES, Rule, audit, codes, copy_of, damage, make_healthy

from archive.damage import MEANINGS, Code

FLIPS = 60
CUTS = 20


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_healthy(tmp_path_factory.mktemp("healthy") / "archive")


@pytest.fixture
def folder(healthy: Path, tmp_path: Path) -> Path:
    return copy_of(healthy, tmp_path / "archive")


def rules() -> list[Path]:
    return [path.parent for path in sorted(RULES.glob("*/rule.toml"))]


def test_a_healthy_archive_is_clean(folder: Path) -> None:
    report = audit(folder)
    assert codes(report) == []
    assert report.noted
    assert codes(audit(folder)) == []


@pytest.mark.parametrize("rule_folder", rules(), ids=lambda path: path.name)
def test_each_damage_is_named_with_its_place(folder: Path, rule_folder: Path) -> None:
    rule = Rule.read(rule_folder)
    names = damage(folder, rule)
    report = audit(folder)
    assert codes(report) == rule.expect["codes"]
    assert bool(report.damages) == any(code.startswith("A") for code in rule.expect["codes"])
    found = [each for each in report.findings.kept if each.code is rule.code]
    for key in ("file", "row", "offset"):
        if key in rule.expect:
            wanted = rule.expect[key]
            wanted = wanted.format(**names) if isinstance(wanted, str) else wanted
            assert wanted in [getattr(each, key) for each in found]


def test_every_code_has_a_rule_and_a_text() -> None:
    assert {path.name for path in rules()} == {f"{code}_{code.name.lower()}" for code in Code}
    assert set(MEANINGS) == set(Code)


def test_every_flipped_byte_and_every_cut_is_found(folder: Path) -> None:
    chance = random.Random(20261126)
    files = [folder / "archive.db", *sorted((folder / "warc").iterdir())]
    sizes = [path.stat().st_size for path in files]
    before = {path: path.read_bytes() for path in (*files, folder / "archive.db.sha256")}
    for turn in range(FLIPS + CUTS):
        path = chance.choices(files, sizes)[0]
        data = bytearray(before[path])
        place = chance.randrange(len(data))
        if turn < FLIPS:
            data[place] ^= 1 << chance.randrange(8)
        else:
            del data[place:]
        path.write_bytes(data)
        report = audit(folder)
        assert report.damages, f"{path.name}, {'flip' if turn < FLIPS else 'cut'} at {place}"
        for each, content in before.items():
            each.write_bytes(content)
        (folder / "archive.db.sha256.broken").unlink(missing_ok=True)
