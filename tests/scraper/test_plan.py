"""A dry run: what would be asked for, in order, with the reason; nothing is asked for and nothing changes."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_site import BESIDES, FakeArticle, FakeSite, Reply, listing, plain_site
from test_crawl import Crawling

from archive.errors import ArchiveUnusable
from scraper.plan import REASONS, Plan, plan
from scraper.plan_view import plan_text


def plan_of(crawling: Crawling, **wishes: Any) -> Plan:
    return plan(crawling.config, crawling.folder, now=crawling.clock.moment, **wishes)


def told(crawling: Crawling, **wishes: Any) -> list[tuple[str, str]]:
    """(target, reason) of each address, in order; without sitemaps and probes."""
    found = [each for each in plan_of(crawling, **wishes).addresses if not BESIDES.search(each.url)]
    return [(planned.url.removeprefix(crawling.site.base[:-1]), planned.reason) for planned in found]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_without_an_archive_the_start_addresses_are_told_and_none_is_made(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path / "data", FakeSite())
    assert told(crawling) == [("/", "start")]
    assert told(crawling, start_urls=("http://susta.test/tin", "http://susta.test/tin/")) == [("/tin", "start")]
    assert not (tmp_path / "data").exists()


def test_nothing_is_asked_for_and_every_file_stays_as_it_is(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    crawling.run()
    crawling.site.forget()
    crawling.clock.pass_days(30)
    before = bytes_of(tmp_path)
    assert len(told(crawling, everything=True)) == 6
    assert bytes_of(tmp_path) == before
    assert crawling.site.asked == []


def test_what_robots_txt_forbids_is_counted_apart_and_uses_up_no_limit(tmp_path: Path) -> None:
    site, articles = plain_site()
    closed = [one.path for one in articles[:2]]
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    site.pages["/robots.txt"] = Reply(f"User-agent: *\n{rules}", media_type="text/plain")
    site.pages[articles[2].path] = Reply("", 500)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    planned = plan_of(crawling, limit=3)
    assert [each.url.removeprefix(site.base[:-1]) for each in planned.addresses if each.kind == "article"] == [
        articles[2].path
    ]
    assert (planned.pages, planned.forbidden) == (3, {site.host: 2})
    assert f"2 more are forbidden by the robots.txt of {site.host}" in plan_text(planned)
    crawling.run(limit=3)
    assert set(site.asked_pages()) == {each.url.removeprefix(site.base[:-1]) for each in planned.addresses} - {
        path for path in (each.url.removeprefix(site.base[:-1]) for each in planned.addresses) if BESIDES.search(path)
    }


def test_each_address_has_its_reason(tmp_path: Path) -> None:
    site, articles = plain_site()
    closed, broken = articles[0].path, articles[1].path
    site.pages["/robots.txt"] = Reply(f"User-agent: *\nDisallow: {closed}\n", media_type="text/plain")
    site.pages[broken] = Reply("", 500)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert told(crawling) == [
        ("/", "start"),
        ("/khoa-hoc-cong-nghe", "listing"),
        (broken, "failed-before"),
    ]
    assert {planned.detail for planned in plan_of(crawling).addresses} == {"", "http-500"}
    assert [reason for _, reason in told(crawling, everything=True)].count("all") == 2
    crawling.clock.pass_days(30)
    assert [reason for _, reason in told(crawling)].count("due") == 3, "the listing too"


def test_what_a_limited_run_left_is_new(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run(limit=3)
    assert told(crawling)[2:] == [(one.path, "new") for one in articles[1:]]
    assert len(told(crawling, limit=3)) == 3


def test_an_address_that_was_being_asked_for_when_a_run_was_killed(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path, plain_site()[0])
    crawling.run()
    with closing(sqlite3.connect(tmp_path / "frontier.db")) as db:
        db.execute("UPDATE addresses SET state = 'leased' WHERE kind = 'listing'")
        db.commit()
    assert ("/khoa-hoc-cong-nghe", "interrupted") in told(crawling)


def test_the_plan_is_what_the_run_then_asks_for_in_that_order(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/khoa-hoc-cong-nghe"] = listing([one.path for one in [FakeArticle(9, "Bài"), *plain_site()[1]]])
    crawling = Crawling(tmp_path, site)
    crawling.run()
    crawling.clock.pass_days(30)
    planned = [each.url for each in plan_of(crawling).addresses]
    crawling.run()
    assert [url for url in site.asked if not url.endswith("/robots.txt")] == planned
    assert any("khong-co-trang-nay" in url for url in planned), "the same probe, too"


def test_hosts_that_a_run_may_not_ask_any_more_are_counted_apart(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/"] = listing(["/khoa-hoc-cong-nghe", "http://huyen.test/a"])
    crawling = Crawling(tmp_path, site, allowed_hosts=["huyen.test"])
    crawling.run(limit=1)
    crawling.config = Crawling(tmp_path, site).config
    planned = plan_of(crawling)
    assert planned.out_of_scope == {"huyen.test": 1}
    assert planned.counts == {"susta.test": {"start": 1, "probe": 1, "sitemap": 1, "page": 1}}


def test_an_archive_that_a_run_would_refuse_is_refused(tmp_path: Path) -> None:
    for name in ("frontier.db", "archive.db"):
        with closing(sqlite3.connect(tmp_path / name)) as db:
            db.execute("CREATE TABLE a (b)")
        with pytest.raises(ArchiveUnusable):
            plan_of(Crawling(tmp_path, FakeSite()))
        (tmp_path / name).unlink()


def test_a_trap_to_be_opened_again_is_told(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([f"/lich/{number}/x" for number in range(80)])})
    site.otherwise = lambda target: listing([f"{target}/y"]) if target.startswith("/lich") else Reply("", 404)
    crawling = Crawling(tmp_path, site)
    (pattern, *_) = crawling.run().traps
    assert "reopened" not in dict(told(crawling)).values()
    again = plan_of(crawling, reopen=(pattern,)).addresses
    assert {"start", "reopened"} <= {planned.reason for planned in again}
    assert {planned.reason for planned in again} <= REASONS.keys()
