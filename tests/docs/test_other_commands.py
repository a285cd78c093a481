"""Command lines of README, docs and help texts that change something, ask a site or end otherwise than well: each is
run, with what they name (addresses, files, folders) made to be there."""

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from test_recipes import RUN_HERE, is_harmless

from archive import Archive
from scraper import cli_schedule
from scraper.cli import run
from scraper.demo import DemoSite

sys.path.append(str(Path(__file__).resolve().parents[1] / "scraper"))
from fake_machine import FakeMachine

# Run elsewhere: until it is stopped (tests/browse/test_serve.py), from top to bottom (test_walkthroughs.py), with a
# person who answers (tests/scraper/test_doctor.py).
ELSEWHERE = {"serve", "demo", "init"}
# What need not end with 0 here: health of an archive that is minutes old, a trap that was never closed.
ALSO_WELL = {"health": {0, 1}, "doctor": {0, 1}, "crawl --reopen": {2}}
MANY = ("wayback/*.warc.gz",)  # what a shell would take for several files


def others() -> list[tuple[str, ...]]:
    return sorted({words for words in RUN_HERE if words[0] not in ELSEWHERE and not is_harmless(words)})


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(articles=3) as served:
        yield served


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, site: DemoSite) -> Path:
    """A desk with an archive of the served site in `data` and in `data/demo`, a config, and files to import."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "config.toml").write_text(
        f'[site]\nstart_urls = ["{site.base_url}"]\n[crawl]\ncontact = "archive@example.org"\ndelay_seconds = 0\n',
        encoding="utf-8",
    )
    shutil.copy(folder / "config.toml", folder / "mine.toml")
    of_it = ["--archive", str(folder / "data"), "--config", str(folder / "config.toml")]
    with redirect_stdout(io.StringIO()):
        assert run(["crawl", "--quiet", *of_it]) == 0
        assert run(["package", "--output", str(folder / "collection.wacz"), *of_it]) == 0
    shutil.copytree(folder / "data", folder / "demo")
    shutil.move(folder / "demo", folder / "data" / "demo")
    (warc,) = (folder / "data" / "warc").iterdir()
    (folder / "wayback").mkdir()
    for name in ("old-crawl.warc.gz", "site.warc", "wayback/one.warc.gz"):
        shutil.copy(warc, folder / name)
    with Archive.open(folder / "data") as opened:
        article = next(iter(opened.articles(since="2021-01-01")))
        (folder / "page.html").write_bytes(opened.capture(article.capture_id).response().body)
        (folder / "address").write_text(article.url, encoding="utf-8")
        (folder / "category").write_text(article.category or "", encoding="utf-8")
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(prepared, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setattr(cli_schedule, "ThisMachine", FakeMachine)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path


def as_here(words: tuple[str, ...], desk: Path, site: DemoSite) -> list[str]:
    """A command line with what it names put in the place of what the documentation names."""
    address = (desk / "desk" / "address").read_text(encoding="utf-8")
    category = (desk / "desk" / "category").read_text(encoding="utf-8")
    made: list[str] = []
    for word in words:
        if word in MANY:
            made += map(str, Path().glob(word))
        elif word.startswith("https://susta.vn/"):
            made.append(address if "ten-bai" in word or word.endswith("...") else site.base_url + word[17:])
        elif word.startswith("deposit/"):
            Path("deposit").mkdir()
            made.append(word)
        elif word.startswith("http://127.0.0.1:8000"):
            made.append(site.base_url)
        elif word.startswith(("/mnt/", "/srv/", "../")):
            made.append(str(desk / "elsewhere" / word.strip("./").replace("/", "-")))
        else:
            known = {"17": "1", "old.susta.vn": "127.0.0.1", "tin-tuc-su-kien": category}
            made.append(known.get(word, word))
    return [*made, "--yes"] if words[0] == "withdraw" and "--reason" in words and "--yes" not in words else made


@pytest.mark.parametrize("words", others(), ids=" ".join)
def test_it_runs(
    words: tuple[str, ...],
    desk: Path,
    site: DemoSite,
    capfd: pytest.CaptureFixture[str],
) -> None:
    line = as_here(words, desk, site)
    code = run(line)
    told = capfd.readouterr()
    well = ALSO_WELL.get(" ".join(words[:2]), ALSO_WELL.get(words[0], {0}))
    assert code in well, (
        line,
        told.out[-500:],
        told.err[-500:],
    )
    assert "Traceback" not in told.err
