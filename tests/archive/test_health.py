"""The rules of health, one at a time: when each speaks, and when it must not."""

import json
import random
from pathlib import Path

import pytest
from health_rows import NOTICE, Nights, Page, pages

from archive.errors import ArchiveUnusable
from archive.health_terms import RULES, Level

OK, WARNING, CRITICAL = Level.OK, Level.WARNING, Level.CRITICAL


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def month(nights: Nights, *, days: int = 30, seen: int = 12, new: int = 1) -> None:
    """A harvest, and so many quiet nights after it: a fifth of the records have no byline, as ever."""
    nights.run([Page(100 + n, byline=n % 5 > 0) for n in range(60)], new=60)
    nights.audit()
    for night in range(days):
        nights.pass_time(hours=23)
        again = [Page(n, byline=n % 5 > 0) for n in (100 + (night * seen + place) % 60 for place in range(seen))]
        fresh = [Page(1000 + night * 10 + place, byline=(night + place) % 5 > 0) for place in range(new)]
        nights.run([*again, *fresh], new=len(fresh))


# Without history


def test_an_empty_archive_is_well(nights: Nights) -> None:
    assert nights.look().level is OK
    assert {each.rule for each in nights.look().findings} == set(RULES)


def test_an_archive_that_was_crawled_once_is_well_whatever_its_pages_are_like(nights: Nights) -> None:
    nights.state_notice("Một điều kiện khác với cấu hình")
    nights.run(pages(50, byline=False, captions=False, doubtful=True), new=50, failed=40)
    assert nights.look().level is OK


def test_a_rule_that_is_off_says_nothing(nights: Nights) -> None:
    nights.set_limits(off=frozenset({"disk"}))
    nights.free = 0
    assert nights.look().level is OK
    assert "disk" not in {each.rule for each in nights.look().findings}


def test_an_archive_of_an_older_schema_is_not_judged(nights: Nights) -> None:
    nights.db.execute("PRAGMA user_version = 3")
    with pytest.raises(ArchiveUnusable, match="older"):
        nights.look()


# Runs


@pytest.mark.parametrize(("hours", "level"), [(49, OK), (51, WARNING), (121, CRITICAL)])
def test_silence_of_runs_is_told_with_what_to_do(nights: Nights, hours: float, level: Level) -> None:
    nights.run(pages(3), new=3)
    nights.pass_time(hours=hours)
    found = nights.finding("runs")
    assert found.level is level
    assert level is OK or ("none was started" in found.reason and "susta schedule show" in found.advice)


@pytest.mark.parametrize("outcome", ["nothing-crawled", "interrupted", "disk-low", "crashed"])
def test_runs_that_fail_are_no_runs(nights: Nights, outcome: str) -> None:
    nights.run(pages(3), new=3)
    for _ in range(3):
        assert nights.level("runs") is OK
        nights.pass_time(hours=20)
        nights.run(outcome=outcome)
    found = nights.finding("runs")
    assert found.level is WARNING
    assert f"3 tried, the last ended: {outcome}" in found.reason


def test_an_archive_without_any_good_run_is_silent_too(nights: Nights) -> None:
    nights.run(outcome="interrupted", failed=1)
    assert nights.finding("runs").reason == "no run has ended well yet"
    assert nights.level("runs") is OK
    nights.pass_time(hours=60)
    assert nights.level("runs") is WARNING


def test_a_first_run_that_crawled_nothing_is_no_good_run(nights: Nights) -> None:
    nights.run(outcome="nothing-crawled", failed=1)
    found = nights.finding("runs")
    assert found.level is WARNING
    assert found.reason == "no run has ended well yet, since 1 h; 1 tried, the last ended: nothing-crawled"
    assert "susta doctor" in found.advice
    nights.pass_time(hours=50)
    assert nights.level("runs") is CRITICAL
    nights.run(pages(3), new=3)
    assert nights.level("runs") is OK


def test_a_schedule_that_never_starts_a_run_is_told(nights: Nights) -> None:
    """From the first look on; the alarm stays where it began, and the first good run ends it."""
    assert nights.tell() == []
    nights.pass_time(hours=40)
    assert nights.tell() == []
    told = []
    for _ in range(30):
        nights.pass_time(hours=6)
        told += [(each.rule, each.before, each.now) for each in nights.tell()]
    assert told == [("runs", OK, WARNING), ("runs", WARNING, CRITICAL)]
    assert "no run was ever started" in nights.finding("runs").reason
    nights.run(pages(5), new=5)
    assert [(each.rule, each.now) for each in nights.tell()] == [("runs", OK)]


def test_a_long_run_that_goes_on_and_captures_is_as_good_as_one_that_ended(nights: Nights) -> None:
    nights.run(pages(3), outcome="running", hours=0)
    nights.lock_held = True
    nights.pass_time(hours=150)
    assert (nights.level("runs"), nights.level("unfinished")) == (CRITICAL, CRITICAL)
    nights.db.execute("UPDATE captures SET fetched_at = '2026-01-08T01:00:00Z'")
    assert (nights.level("runs"), nights.level("unfinished")) == (OK, OK)


def test_a_run_whose_process_is_dead_is_told_and_the_next_one_ends_it(nights: Nights) -> None:
    nights.run(pages(3), outcome="running")
    assert nights.level("unfinished") is WARNING
    nights.db.execute("UPDATE runs SET outcome = 'crashed'")
    nights.pass_time(hours=20)
    nights.run(pages(3))
    assert nights.look().level is OK


def test_a_run_in_the_future_is_told_and_does_not_hide_silence(nights: Nights) -> None:
    nights.run(pages(3), new=3)
    nights.pass_time(days=4000)
    nights.run(pages(3))
    nights.pass_time(days=-3995)
    assert (nights.level("clock"), nights.level("runs")) == (WARNING, CRITICAL)


def test_clocks_that_differ_by_minutes_are_no_jump(nights: Nights) -> None:
    nights.run(pages(3), new=3)
    nights.pass_time(hours=-1.5)
    assert nights.look().level is OK


# News


def test_a_quiet_site_is_told_by_its_own_habit(nights: Nights) -> None:
    month(nights, days=40)
    for night in range(13):
        nights.pass_time(hours=23)
        nights.run(pages(12))
        assert nights.level("news") is OK, night
    for _ in range(3):
        nights.pass_time(hours=23)
        nights.run(pages(12))
    assert nights.level("news") is WARNING


def test_a_site_that_has_news_every_other_week_may_be_quiet_for_a_month(nights: Nights) -> None:
    nights.run(pages(20), new=20)
    for night in range(200):
        nights.pass_time(hours=23)
        nights.run(pages(3), new=int(night % 14 == 0))
    for night in range(24):
        nights.pass_time(hours=23)
        nights.run(pages(3))
        assert nights.level("news") is OK, night
    for _ in range(10):
        nights.pass_time(hours=23)
        nights.run(pages(3))
    assert nights.level("news") is WARNING


def test_time_that_nobody_watched_is_no_quiet_time(nights: Nights) -> None:
    month(nights, days=40)
    nights.pass_time(days=20)
    nights.run(pages(12))
    assert nights.level("news") is OK


# Failures and refusals


def test_a_night_of_failures_is_told_and_one_of_few_pages_is_not(nights: Nights) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run(pages(1), failed=2)
    assert nights.level("failures") is OK
    nights.pass_time(hours=23)
    nights.run(pages(20), failed=15)
    found = nights.finding("failures")
    assert found.level is WARNING
    assert "15 of 35" in found.reason


def test_articles_that_give_none_are_told_with_the_reasons(nights: Nights) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run(pages(9, refusal="no-body"))
    found = nights.finding("refusals")
    assert found.level is CRITICAL
    assert "9 of 9" in found.reason
    assert "no-body 9" in found.reason
    assert nights.level("redesign") is CRITICAL


@pytest.mark.parametrize("refusal", ["not-found", "http-status", "withdrawn"])
def test_pages_that_are_not_there_are_no_refusals(nights: Nights, refusal: str) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run([*pages(9, refusal=refusal), *pages(3)])
    assert nights.level("refusals") is OK


# The redesign alarm


@pytest.mark.parametrize(
    "fields",
    [{"byline": False}, {"captions": False}, {"photos": 0}, {"refusal": "no-title"}],
    ids=["bylines", "captions", "photos", "articles"],
)
def test_a_redesign_is_told_by_its_first_run(nights: Nights, fields: dict[str, object]) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run([Page(n, edition=1, **fields) for n in range(100, 110)])  # type: ignore[arg-type]
    found = nights.finding("redesign")
    assert found.level is CRITICAL
    assert "susta rebuild" in found.advice


def test_a_redesign_is_told_by_new_articles_alone(nights: Nights) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run(pages(12, first=5000, byline=False), new=12)
    assert nights.level("redesign") is WARNING
    nights.pass_time(hours=23)
    nights.run(pages(12, first=6000, byline=False, doubtful=True), new=12)
    assert nights.level("redesign") is CRITICAL


def test_a_run_of_few_pages_never_raises_it(nights: Nights) -> None:
    month(nights, seen=1, new=0, days=30)
    nights.pass_time(hours=23)
    nights.run([Page(n, byline=False, edition=1) for n in (101, 102, 103)])
    assert nights.level("redesign") is OK


def test_few_pages_a_night_add_up_to_enough(nights: Nights) -> None:
    month(nights)
    told = []
    for night in range(4):
        nights.pass_time(hours=23)
        first = 101 + night * 4
        nights.run([Page(n, byline=False, captions=False, edition=1) for n in range(first, first + 4)])
        told.append(nights.level("redesign"))
    assert told[0] is OK
    assert told[-1] is CRITICAL


@pytest.mark.parametrize("known", [0, 6])
def test_a_category_that_never_has_bylines_may_have_many_news(nights: Nights, known: int) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run(pages(known, first=7000, category="van-ban", byline=False, photos=0), new=known)
    nights.pass_time(hours=23)
    nights.run(pages(25, first=7500, category="van-ban", byline=False, photos=0), new=25)
    assert nights.level("redesign") is OK


def test_editors_who_take_a_byline_away_now_and_then_raise_no_alarm(nights: Nights) -> None:
    month(nights)
    nights.pass_time(hours=23)
    nights.run([Page(n, byline=n % 5 > 0 and n > 102, edition=n % 2) for n in range(100, 130)])
    assert nights.level("redesign") is OK


def redesigned(nights: Nights, count: int = 12, *, fixed: bool = False, first: int = 100, edition: int = 1) -> None:
    nights.pass_time(hours=23)
    found = [
        Page(first + n, byline=fixed and (first + n) % 5 > 0, captions=fixed, edition=edition) for n in range(count)
    ]
    nights.run(found)
    nights.audit()


def test_an_alarm_that_stands_is_told_once_and_is_over_when_pages_are_read_well_again(nights: Nights) -> None:
    nights.set_limits(off=frozenset({"news"}))
    month(nights)
    assert nights.tell() == []
    redesigned(nights)
    assert [each.rule for each in nights.tell()] == ["redesign"]
    for _ in range(40):  # the same pages again, read as badly, long after the month to compare with
        redesigned(nights)
        assert nights.tell() == []
    redesigned(nights, 3, fixed=True, edition=2)
    assert nights.tell() == []  # too few to say that it is over
    redesigned(nights, 20, fixed=True, edition=2)
    assert [(each.before, each.now) for each in nights.tell()] == [(CRITICAL, OK)]


def test_weaker_evidence_of_the_same_is_no_news(nights: Nights) -> None:
    """A night on which the redesign shows less plainly neither lowers the alarm nor tells it anew."""
    month(nights, new=3)
    redesigned(nights)
    assert [(each.rule, each.now) for each in nights.tell()] == [("redesign", CRITICAL)]
    nights.pass_time(hours=23)
    well = [Page(n, byline=n % 5 > 0, edition=3) for n in range(100, 120)]
    nights.run([*well, *pages(20, first=30_000, captions=False)], new=20)  # no losses; one part is lacking
    found = nights.finding("redesign")
    assert "no caption" in found.reason
    assert "lost a part" not in found.reason
    assert nights.tell() == []


def test_what_a_person_accepted_is_the_new_usual(nights: Nights) -> None:
    month(nights)
    redesigned(nights)
    nights.tell()
    nights.state = nights.state.accept("redesign", nights.now)
    assert nights.tell()[0].now is OK
    for _ in range(3):
        redesigned(nights, 20, first=120)
        assert nights.level("redesign") is OK


def test_months_of_the_same_raise_nothing(nights: Nights) -> None:
    draw = random.Random(7)
    month(nights)
    for night in range(60):
        nights.pass_time(hours=23)
        again = [
            Page(draw.randrange(100, 160), edition=int(draw.random() < 0.1), byline=draw.random() > 0.2)
            for _ in range(12)
        ]
        fresh = [
            Page(20_000 + night * 5 + n, byline=draw.random() > 0.2, doubtful=draw.random() < 0.1)
            for n in range(draw.randrange(5))
        ]
        nights.run([*again, *fresh], new=len(fresh), failed=draw.randrange(2))
        nights.audit()
        assert nights.tell() == []


# Notice, audit, disk


def test_a_changed_condition_is_told_until_it_is_known(nights: Nights) -> None:
    month(nights, days=2)
    nights.pass_time(hours=23)
    nights.run(pages(3))
    nights.state_notice("Cấm sao chép dưới mọi hình thức")
    found = nights.finding("notice")
    assert found.level is WARNING
    assert "Cấm sao chép" in found.reason
    nights.set_limits(notice="Cấm  sao chép dưới mọi hình thức ")
    assert nights.level("notice") is OK
    nights.set_limits(notice=NOTICE)
    nights.state = nights.state.accept("notice", nights.now)
    assert nights.level("notice") is OK


def test_a_condition_that_is_not_stated_any_more_is_no_change(nights: Nights) -> None:
    month(nights, days=2)
    nights.state_notice("Cấm sao chép")
    nights.pass_time(days=31)
    nights.run(pages(3))
    assert nights.level("notice") is OK


def test_an_audit_is_overdue_a_quarter_after_its_time(nights: Nights) -> None:
    nights.run(pages(3), new=3)
    nights.warc_file("susta-000001-20260101T193000Z.warc.gz")
    nights.pass_time(days=38)
    assert nights.level("audit") is OK
    nights.pass_time(days=1)
    assert nights.level("audit") is WARNING
    nights.audit(names=["susta-000001-20260101T193000Z.warc.gz"])
    assert "archive.db" in nights.finding("audit").reason
    nights.audit(through="susta-000001-20260101T193000Z.warc.gz")
    assert nights.level("audit") is OK


def test_damage_is_told_until_an_audit_of_the_same_finds_it_gone(nights: Nights) -> None:
    nights.run(pages(3), new=3)
    one, two = "susta-000001-20260101T193000Z.warc.gz", "susta-000002-20260102T193000Z.warc.gz"
    nights.audit(failed=True, names=[one])
    assert nights.level("audit") is CRITICAL
    nights.pass_time(hours=1)
    nights.audit(names=[two])
    assert nights.level("audit") is CRITICAL
    nights.pass_time(hours=1)
    nights.audit(through=two)
    assert nights.level("audit") is OK


def test_the_disk_is_judged_by_growth_after_the_harvest(nights: Nights) -> None:
    nights.free = 20_000_000_000
    nights.run(pages(60, size=100_000_000), new=60)
    for night in range(10):
        assert nights.level("disk") is OK
        nights.pass_time(hours=23)
        nights.run([Page(9000 + night, size=100_000_000)], new=1)
    assert nights.level("disk") is OK
    for free, level in ((3_000_000_000, WARNING), (700_000_000, CRITICAL), (1_000_000, CRITICAL)):
        nights.free = free
        assert nights.level("disk") is level
    assert "a run needs 64" in nights.finding("disk").reason


def test_a_run_that_stopped_for_the_disk_is_told_until_there_is_room(nights: Nights) -> None:
    nights.run(pages(3), outcome="disk-low")
    nights.free = 70_000_000
    assert nights.level("disk") is CRITICAL
    nights.free = 900_000_000
    assert nights.level("disk") is OK


def test_what_is_said_is_plain_json(nights: Nights) -> None:
    month(nights, days=3)
    said = json.loads(json.dumps(nights.look().as_dict()))
    assert said["state"] == "ok"
    assert said["exit_code"] == 0
    assert {each["rule"] for each in said["rules"]} == set(RULES)
