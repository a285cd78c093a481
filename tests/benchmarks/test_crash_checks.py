"""The crash test's own eyes: an archive that is whole passes, and each kind of damage is seen."""

import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from crash import crawl_command
from crawling.killing import Pace, Phase, instant, run_until
from crawling.power import cut_power, member_starts
from crawling.serve import Served, served
from crawling.sites import Site, portal, varied
from crawling.verify import Found, repeats, verify

ARTICLES = 6
_SECOND = (
    "INSERT INTO revisions SELECT article_id, 2, seen_at, capture_id, content_sha256, extractor, record"
    " FROM revisions WHERE article_id = 1"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served("varied", size=ARTICLES, seed=3) as one:
        yield one


@pytest.fixture(scope="module")
def site(server: Served) -> Site:
    return varied(3, ARTICLES, server.base)


@pytest.fixture(scope="module")
def crawled(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled")
    for _ in range(2):  # the second run's answers are revisits
        subprocess.run(crawl_command(server, folder, folder / "archive"), check=True, capture_output=True)
    return folder / "archive"


@pytest.fixture
def archive(crawled: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    for path in crawled.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(crawled)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return tmp_path


def change(archive: Path, sql: str, name: str = "archive.db") -> None:
    db = sqlite3.connect(archive / name)
    db.execute(sql)
    db.commit()
    db.close()


def looked_at(archive: Path, server: Served, site: Site) -> Found:
    return verify(archive, server.base, site)


def test_an_archive_that_is_whole_passes(archive: Path, server: Served, site: Site) -> None:
    found = looked_at(archive, server, site)
    assert list(found.lines()) == []
    assert found.is_whole
    assert found.articles == ARTICLES


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ("DELETE FROM articles WHERE id = 1", "lost: article"),
        ("DELETE FROM captures WHERE role = 'page' AND status = 200 AND id > 3", "lost: page"),
        ("DELETE FROM captures WHERE role = 'media'", "lost: media file"),
        ("DELETE FROM captures WHERE role = 'robots'", "has the row None"),
        ("UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 2", "no response at"),
        ("UPDATE captures SET payload_sha256 = 'other' WHERE role = 'page' AND id < 4", "has the row"),
        ("UPDATE captures SET payload_sha256 = 'other' WHERE revisit_of IS NOT NULL AND status = 304", "has the row"),
        ("UPDATE photos SET sha256 = NULL", "is not tied to its bytes"),
        ("DELETE FROM articles_fts", "not in the full text"),
        (_SECOND, "doubled: revisions of"),
    ],
)
def test_each_damage_to_the_database_is_seen(archive: Path, server: Served, site: Site, sql: str, seen: str) -> None:
    change(archive, sql)
    assert any(seen in line for line in looked_at(archive, server, site).lines())


def test_an_article_that_is_there_twice_is_seen(archive: Path, server: Served, site: Site) -> None:
    change(archive, "UPDATE articles SET site_id = (SELECT site_id FROM articles WHERE id = 1) WHERE id = 2")
    assert any(line.startswith("doubled: article") for line in looked_at(archive, server, site).lines())


def test_an_address_left_in_the_frontier_is_seen(archive: Path, server: Served, site: Site) -> None:
    change(archive, "UPDATE addresses SET state = 'leased' WHERE id = (SELECT max(id) FROM addresses)", "frontier.db")
    assert "lost: 1 addresses are still leased" in looked_at(archive, server, site).lines()


@pytest.mark.parametrize(("kept", "seen"), [(-1, "fails gzip -t"), (0, "no response at")])
def test_a_cut_warc_file_is_seen(archive: Path, server: Served, site: Site, kept: int, seen: str) -> None:
    path = next((archive / "warc").iterdir())
    path.write_bytes(path.read_bytes()[:kept])
    assert any(seen in line for line in looked_at(archive, server, site).lines())


def test_a_warc_file_left_open_is_seen(archive: Path, server: Served, site: Site) -> None:
    path = next((archive / "warc").iterdir())
    path.rename(path.with_name(path.name + ".open"))
    assert any("was left behind" in line for line in looked_at(archive, server, site).lines())


def test_requests_made_twice_are_told_from_those_each_run_makes(site: Site) -> None:
    article = next(iter(site.articles.values()))[0]
    assert repeats(["/robots.txt", "/", article, "/robots.txt", "/", article, article], site) == (2, 2)


# Killing and cutting


def test_a_killed_process_is_told_from_one_that_ended(tmp_path: Path) -> None:
    forever = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert run_until(lambda: True, forever, log=tmp_path / "log")
    assert not run_until(lambda: False, [sys.executable, "-c", ""], log=tmp_path / "log")


def test_the_end_of_a_crawl_comes_when_everything_was_asked_for(server: Served, site: Site, tmp_path: Path) -> None:
    server.forget()
    is_time = instant(Phase.ENDING, Pace(0.0, 0.0, 10), server, tmp_path, Random(0))
    assert not is_time()
    assert server.left == len(site.pages) + len(site.media)


def test_a_power_cut_takes_the_last_exchange_and_nothing_that_is_in_the_database(archive: Path) -> None:
    """Nothing at all, where the database is whole; up to an exchange, where it is behind."""
    path = max((archive / "warc").iterdir())
    opened = path.rename(path.with_name(path.name + ".open"))
    opened.chmod(0o644)
    whole = opened.read_bytes()
    cut_power(archive, Random(0))
    assert opened.read_bytes() == whole
    change(archive, "UPDATE progress SET warc_end = 100")
    cut_power(archive, Random(0))
    last_two = member_starts(whole)[-3]
    assert last_two <= opened.stat().st_size < len(whole)


def test_members_of_a_file_are_told_from_a_torn_tail() -> None:
    one, other = gzip.compress(b"one"), gzip.compress(b"other")
    assert member_starts(one + other) == [0, len(one), len(one + other)]
    assert member_starts(one + other[:-3]) == [0, len(one)]


# Sites


def test_a_portal_has_just_so_many_pages_each_with_its_links_and_weight() -> None:
    made = portal(200, "http://127.0.0.1:1/")
    assert len(made.pages) == 200
    for target in made.pages:
        reply = made.answer(target, 1)
        assert reply.status == 200
        assert reply.body.count(b"<a ") == 260
        assert 49_900 <= len(reply.body) < 56_000


def test_a_seed_makes_one_site_and_another_seed_another() -> None:
    one, again, other = (varied(seed, 5, "http://127.0.0.1:1/") for seed in (1, 1, 2))
    assert one.pages == again.pages != other.pages
    assert one.media == again.media
