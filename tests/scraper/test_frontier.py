"""What is asked for next, what is remembered, and which moves there are."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from archive.errors import ArchiveUnusable
from scraper.addresses import MOVES, Answer, Found, Item, Kind, State
from scraper.frontier import Frontier
from scraper.frontier_tables import DATABASE_NAME

DAY = 86_400.0
NOW = 1_767_578_400.0
HOST = "susta.test"


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    opened = Frontier(tmp_path)
    yield opened
    opened.close()


def found(path: str, kind: Kind = Kind.PAGE, *, host: str = HOST, pattern: str = "p", page: int | None = None) -> Found:
    return Found(f"http://{host}{path}", host, kind, pattern, page)


def done(kind: Kind = Kind.PAGE, *, due: float | None = NOW + DAY, run: int = 1, digest: str | None = None) -> Answer:
    return Answer(200, kind, due, DAY, run, None, digest)


def claimed(frontier: Frontier, host: str = HOST) -> Item:
    item = frontier.claim(host)
    assert item is not None
    return item


def claim_all(frontier: Frontier) -> list[str]:
    """Paths in the order they are handed out; all of them answered."""
    paths = []
    while item := frontier.claim(HOST):
        paths.append(item.url.removeprefix(f"http://{HOST}"))
        frontier.answer(item, done(item.kind))
    return paths


def visit(frontier: Frontier, each: Found, answer: Answer) -> None:
    frontier.add([each], "x", NOW)
    frontier.answer(claimed(frontier), answer)


# Moves


ENDINGS = {
    "answer": (State.DONE, lambda frontier, item: frontier.answer(item, done())),
    "fail": (State.FAILED, lambda frontier, item: frontier.fail(item, 1, "timeout")),
    "skip": (State.SKIPPED, lambda frontier, item: frontier.skip(item, "robots")),
    "give_back": (State.QUEUED, lambda frontier, item: frontier.give_back(item)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_lease_ends_once(frontier: Frontier, ending: str) -> None:
    state, end = ENDINGS[ending]
    frontier.add([found("/a")], "x", NOW)
    item = claimed(frontier)
    end(frontier, item)
    assert frontier.counts() == {state: 1}
    for _, again in ENDINGS.values():
        with pytest.raises(AssertionError, match="is not leased"):
            again(frontier, item)


def test_the_table_of_moves_leaves_no_dead_end_and_leases_only_what_waits() -> None:
    assert MOVES.keys() == set(State)
    assert all(MOVES.values())
    assert {state for state, moves in MOVES.items() if State.LEASED in moves} == {State.QUEUED}


@pytest.mark.parametrize(("column", "value"), [("state", "lost"), ("kind", "odd"), ("state", None)])
def test_the_file_takes_no_other_state_or_kind(frontier: Frontier, tmp_path: Path, column: str, value: object) -> None:
    frontier.add([found("/a")], "x", NOW)
    with sqlite3.connect(tmp_path / DATABASE_NAME) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(f"UPDATE addresses SET {column} = ?", (value,))
    other.close()


# Order


def test_start_pages_first_then_media_then_listings_then_articles_then_the_rest(frontier: Frontier) -> None:
    kinds = [Kind.PAGE, Kind.ARTICLE, Kind.LISTING, Kind.MEDIA, Kind.START]
    frontier.add([found(f"/{kind}{number}", kind) for number in (1, 2) for kind in kinds], "x", NOW)
    assert claim_all(frontier) == [f"/{kind}{number}" for kind in reversed(kinds) for number in (1, 2)]


def test_within_a_kind_the_first_found_goes_first(frontier: Frontier) -> None:
    frontier.add([found(f"/{number}") for number in (3, 1, 2)], "x", NOW)
    assert claim_all(frontier) == ["/3", "/1", "/2"]


def test_each_host_has_its_own_queue(frontier: Frontier) -> None:
    frontier.add([found("/a"), found("/b", host="media.test")], "x", NOW)
    assert frontier.waiting() == {HOST: 1, "media.test": 1}
    assert claimed(frontier, "media.test").url == "http://media.test/b"
    assert frontier.claim("media.test") is None
    assert frontier.claim("unknown.test") is None
    assert frontier.waiting() == {HOST: 1}


def test_media_alone_can_be_asked_for(frontier: Frontier) -> None:
    frontier.add([found("/a"), found("/b.jpg", Kind.MEDIA)], "x", NOW)
    assert frontier.waiting(media_only=True) == {HOST: 1}
    item = frontier.claim(HOST, media_only=True)
    assert item is not None
    assert item.kind is Kind.MEDIA
    assert frontier.claim(HOST, media_only=True) is None


def test_a_leased_address_is_handed_out_once(frontier: Frontier) -> None:
    frontier.add([found("/a")], "x", NOW)
    assert claimed(frontier).first_time
    assert frontier.claim(HOST) is None


# Addresses


def test_an_address_has_one_row_and_is_new_once(frontier: Frontier) -> None:
    assert frontier.add([found("/a"), found("/b"), found("/a")], "x", NOW) == [f"http://{HOST}/a", f"http://{HOST}/b"]
    assert frontier.add([found("/a", Kind.ARTICLE), found("/c")], "y", NOW) == [f"http://{HOST}/c"]
    assert sum(frontier.counts().values()) == 3


def test_finding_an_address_again_does_not_ask_for_it_again(frontier: Frontier) -> None:
    visit(frontier, found("/a"), done())
    frontier.add([found("/a")], "y", NOW)
    assert frontier.counts() == {State.DONE: 1}


# Runs


def test_a_lease_of_a_killed_run_is_given_back_at_the_next(tmp_path: Path) -> None:
    killed = Frontier(tmp_path)
    killed.add([found("/a"), found("/b")], "x", NOW)
    claimed(killed)
    reopened = Frontier(tmp_path)
    reopened.begin_run(NOW, [])
    assert claim_all(reopened) == ["/a", "/b"]
    reopened.close()
    killed.close()


def test_what_failed_is_tried_again_at_the_next_run_and_not_before(frontier: Frontier) -> None:
    frontier.add([found("/a")], "x", NOW)
    frontier.fail(claimed(frontier), 1, "timeout")
    assert frontier.claim(HOST) is None
    frontier.begin_run(NOW, [])
    assert claim_all(frontier) == ["/a"]


@pytest.mark.parametrize(("reason", "again"), [("robots", ["/a"]), ("trap", [])])
def test_what_robots_txt_forbade_is_looked_at_again_a_trap_is_not(
    frontier: Frontier, reason: str, again: list[str]
) -> None:
    frontier.add([found("/a")], "x", NOW)
    frontier.skip(claimed(frontier), reason)
    frontier.begin_run(NOW, [])
    assert claim_all(frontier) == again


@pytest.mark.parametrize(
    ("days", "paths"), [(0.99, []), (1, ["/in-1"]), (7, ["/in-1", "/in-7"]), (3650, ["/in-1", "/in-7"])]
)
def test_a_page_is_asked_for_when_it_is_due(frontier: Frontier, days: float, paths: list[str]) -> None:
    visit(frontier, found("/in-1"), done(due=NOW + DAY))
    visit(frontier, found("/in-7"), done(due=NOW + 7 * DAY))
    visit(frontier, found("/never"), done(due=None))
    frontier.begin_run(NOW + days * DAY, [])
    assert claim_all(frontier) == paths


def test_everything_asks_for_every_page_with_a_date(frontier: Frontier) -> None:
    visit(frontier, found("/far"), done(due=NOW + 180 * DAY))
    visit(frontier, found("/a.jpg", Kind.MEDIA), done(Kind.MEDIA, due=None))
    frontier.begin_run(NOW, [], everything=True)
    assert claim_all(frontier) == ["/far"]


def test_every_run_asks_for_start_pages_and_first_pages_of_listings(frontier: Frontier) -> None:
    far = NOW + 180 * DAY
    visit(frontier, found("/", Kind.START), done(Kind.START, due=far))
    visit(frontier, found("/tin"), done(Kind.LISTING, due=far, digest="d1"))
    visit(frontier, found("/tin?page=2", page=2), done(Kind.LISTING, due=far, digest="d2"))
    visit(frontier, found("/bai-1"), done(Kind.ARTICLE, due=far))
    for _ in range(3):
        frontier.begin_run(NOW, [found("/", Kind.START)])
        assert claim_all(frontier) == ["/", "/tin"]


def test_a_start_page_that_was_known_as_another_kind_goes_first(frontier: Frontier) -> None:
    visit(frontier, found("/tin"), done())
    frontier.add([found("/a", Kind.START)], "x", NOW)
    frontier.begin_run(NOW, [found("/tin", Kind.START)])
    assert set(claim_all(frontier)) == {"/tin", "/a"}


def test_a_start_page_is_asked_for_whatever_became_of_it(frontier: Frontier) -> None:
    for reason in ("robots", "trap"):
        frontier.begin_run(NOW, [found("/", Kind.START)])
        frontier.skip(claimed(frontier), reason)
    frontier.begin_run(NOW, [found("/", Kind.START)])
    assert claim_all(frontier) == ["/"]


def test_known_pages_can_be_asked_for_again_once_a_run(frontier: Frontier) -> None:
    visit(frontier, found("/tin?page=2", page=2), done(run=1))
    url = f"http://{HOST}/tin?page=2"
    frontier.ask_again([url], run=1)
    assert frontier.claim(HOST) is None
    frontier.ask_again([url, "http://unknown.test/"], run=2)
    assert frontier.waiting() == {HOST: 1}
    frontier.answer(claimed(frontier), done(run=2))
    frontier.ask_again([url], run=2)
    assert frontier.claim(HOST) is None


def test_an_item_carries_what_was_learned_of_it(frontier: Frontier) -> None:
    frontier.add([Found(f"http://{HOST}/a?page=3", HOST, Kind.PAGE, "fam", 3, 2)], "x", NOW)
    first = claimed(frontier)
    assert (first.pattern, first.page_number, first.hops, first.interval, first.first_time) == ("fam", 3, 2, None, True)
    frontier.answer(first, Answer(200, Kind.LISTING, NOW, 5 * DAY, 1))
    frontier.begin_run(NOW, [])
    second = claimed(frontier)
    assert (second.kind, second.interval, second.first_time) == (Kind.LISTING, 5 * DAY, False)


# Traps


def fetch_family(frontier: Frontier, fruits: str, *, limit: int = 4, family: str | None = None) -> list[bool]:
    """Notes first fetches of one pattern: `+` brought something, `-` did not, `=` says nothing either way."""
    item = Item(1, "", HOST, Kind.PAGE, "cal", None, 0, None, True, family)
    weights = {"+": None, "-": 1.0, "=": 0.0}
    return [bool(frontier.note_fetch(item, weight=weights[fruit], limit=limit, now=NOW)) for fruit in fruits]


@pytest.mark.parametrize(
    ("fruits", "closes_at"),
    [
        ("----", 3),
        ("---+----", 7),
        ("+---+---+---", None),
        ("---", None),
        ("------", 3),
        ("========", None),
        ("=-=-=-=-", 7),
    ],
)
def test_a_family_closes_after_so_many_fruitless_fetches_in_a_row(
    frontier: Frontier, fruits: str, closes_at: int | None
) -> None:
    closings = fetch_family(frontier, fruits)
    assert [number for number, closed in enumerate(closings) if closed] == ([] if closes_at is None else [closes_at])


def test_a_parameter_that_copies_every_page_is_closed_whatever_the_path(frontier: Frontier) -> None:
    fetch_family(frontier, "----", family="x?zx")
    other = found("/khac?zx=9", pattern="unlike")
    assert frontier.add([replace(other, family="x?zx"), found("/khac", pattern="unlike")], "x", NOW) == [
        f"http://{HOST}/khac"
    ]


def test_a_closed_family_is_no_more_asked_for_and_stays_closed_when_reopened(tmp_path: Path) -> None:
    first = Frontier(tmp_path)
    first.add([found("/lich/1", pattern="cal"), found("/tin", pattern="other")], "x", NOW)
    fetch_family(first, "----")
    assert claim_all(first) == ["/tin"]
    first.close()
    second = Frontier(tmp_path)
    second.begin_run(NOW, [])
    assert second.add([found("/lich/2", pattern="cal"), found("/van-ban", pattern="other")], "x", NOW) == [
        f"http://{HOST}/van-ban"
    ]
    assert claim_all(second) == ["/van-ban"]
    second.close()


def test_a_page_that_leads_where_another_of_its_family_leads_repeats_it(frontier: Frontier) -> None:
    visit(frontier, found("/tin?page=9", pattern="fam"), done(digest="same"))
    frontier.add([found("/tin?page=10", pattern="fam"), found("/van-ban", pattern="other")], "x", NOW)
    ten, other = claimed(frontier), claimed(frontier)
    assert frontier.repeats(ten, "same") == 1
    assert not frontier.repeats(ten, "different")
    assert not frontier.repeats(other, "same")
    frontier.answer(ten, done(digest="own"))
    assert not frontier.repeats(ten, "own")


# The file


def test_a_file_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE addresses (a)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveUnusable, match="not a frontier"):
        Frontier(tmp_path)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    Frontier(tmp_path).close()
    path = tmp_path / DATABASE_NAME
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveUnusable, match="version 99") as caught:
        Frontier(tmp_path)
    assert "Update" in caught.value.advice
    assert path.read_bytes() == before


def test_bytes_that_are_no_database_are_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    path.write_bytes(b"not a database " * 100)
    with pytest.raises(ArchiveUnusable):
        Frontier(tmp_path)
    assert path.read_bytes() == b"not a database " * 100


def test_an_empty_file_is_a_new_frontier(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()
    opened = Frontier(tmp_path)
    assert opened.counts() == {}
    opened.close()


def test_twenty_thousand_addresses_stay_fast(frontier: Frontier) -> None:
    started = time.process_time()
    for batch in range(200):
        frontier.add([found(f"/tin/bai-{batch * 100 + n}", Kind.ARTICLE) for n in range(100)], "x", NOW)
    adding = time.process_time() - started
    started = time.process_time()
    for _ in range(2000):
        frontier.answer(claimed(frontier), done(Kind.ARTICLE))
    claiming = time.process_time() - started
    assert frontier.counts() == {State.QUEUED: 18_000, State.DONE: 2000}
    assert adding < 5
    assert claiming < 5


# Any course of events


class AnyCourse(RuleBasedStateMachine):
    """Whatever happens, each address stands once, in one state, and only leased ones can be answered."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.frontier = Frontier(Path(self.folder.name))
        self.known: set[str] = set()
        self.leased: list[Item] = []

    def teardown(self) -> None:
        self.frontier.close()
        self.folder.cleanup()

    @rule(
        path=sampled_from(["/a", "/b", "/c", "/d"]),
        kind=sampled_from([kind for kind in Kind if kind is not Kind.PROBE]),
    )
    def add(self, path: str, kind: Kind) -> None:
        each = found(path, kind)
        new = self.frontier.add([each], "x", NOW)
        assert bool(new) == (each.url not in self.known)
        self.known.add(each.url)

    @rule()
    def claim(self) -> None:
        item = self.frontier.claim(HOST)
        if item:
            assert item.url not in {other.url for other in self.leased}
            self.leased.append(item)

    @precondition(lambda self: self.leased)
    @rule(ending=sampled_from(sorted(ENDINGS)))
    def end(self, ending: str) -> None:
        ENDINGS[ending][1](self.frontier, self.leased.pop())

    @rule()
    def next_run(self) -> None:
        self.frontier.begin_run(NOW, [])
        self.leased.clear()

    @invariant()
    def counts_agree(self) -> None:
        counts = self.frontier.counts()
        assert sum(counts.values()) == len(self.known)
        assert counts.get(State.LEASED, 0) == len(self.leased)
        assert sum(self.frontier.waiting().values()) == counts.get(State.QUEUED, 0)
        media = self.frontier.waiting(media_only=True).get(HOST, 0)
        assert 0 <= media <= counts.get(State.QUEUED, 0)


AnyCourse.TestCase.settings = settings(deadline=None, database=None, max_examples=12, stateful_step_count=20)
TestAnyCourse = AnyCourse.TestCase


def test_a_frontier_of_version_1_goes_on_with_all_it_knew(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path)
    visit(frontier, found("/a", Kind.LISTING), done(Kind.LISTING))
    frontier.add([found("/b", Kind.ARTICLE)], "x", NOW)
    frontier.close()
    path = tmp_path / DATABASE_NAME
    with sqlite3.connect(path) as old:  # as version 1 made it: it knew neither probes nor sitemaps
        (definition,) = old.execute("SELECT sql FROM sqlite_master WHERE name = 'addresses'").fetchone()
        old.execute("PRAGMA writable_schema = ON")
        narrower = definition.replace("'probe', 'sitemap', ", "")
        assert narrower != definition
        old.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'addresses'", (narrower,))
        old.execute("PRAGMA user_version = 1")
    old.close()
    again = Frontier(tmp_path)
    assert again.counts() == {State.DONE: 1, State.QUEUED: 1}
    again.add([found("/sitemap.xml", Kind.SITEMAP)], "x", NOW)
    assert claim_all(again) == ["/sitemap.xml", "/b"]
    again.close()
