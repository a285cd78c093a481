"""How a run ends to which not one page came, and one that leaves pages waiting; and what it says then."""

from pathlib import Path

import httpx
import pytest
from fake_site import ALLOW_ALL, Clock, FakeSite, Reply, config_for, listing, plain_site
from test_crawl import Crawling, redirect

from archive.errors import ExitCode, NothingCrawled
from scraper.cli import exit_code_after
from scraper.crawl import Report
from scraper.inspection import inspect_fetched

ELSEWHERE = "http://elsewhere.test/trang-chu"


def site_of(start: Reply) -> FakeSite:
    return FakeSite(pages={"/": start, "/robots.txt": Reply(ALLOW_ALL, media_type="text/plain")})


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451, 204, 206, 304, 429, 500, 503])
def test_a_start_page_that_does_not_come_is_no_success(tmp_path: Path, status: int) -> None:
    body = "" if status in (204, 304) else "<h1>Từ chối</h1>"
    with pytest.raises(NothingCrawled, match=str(status)) as caught:
        Crawling(tmp_path, site_of(Reply(body, status))).run()
    assert caught.value.exit_code == ExitCode.NOTHING_CRAWLED
    assert isinstance(caught.value.report, Report)
    assert caught.value.report.outcome == "nothing-crawled"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_site_that_leads_elsewhere_is_no_success_and_elsewhere_is_named(tmp_path: Path, status: int) -> None:
    site = site_of(redirect(ELSEWHERE, status))
    with pytest.raises(NothingCrawled, match=f"leads to {ELSEWHERE}.*allowed_hosts"):
        Crawling(tmp_path, site).run()
    assert not any(url.startswith("http://elsewhere.test") for url in site.asked)


def test_an_empty_page_is_none(tmp_path: Path) -> None:
    with pytest.raises(NothingCrawled):
        Crawling(tmp_path, site_of(Reply(""))).run()


def test_what_a_sitemap_leads_to_is_a_success_and_the_start_page_is_named(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages["/"] = Reply("<h1>Từ chối</h1>", 403)
    urls = "".join(f"<url><loc>{site.base[:-1]}{one.path}</loc></url>" for one in articles)
    site.pages["/sitemap.xml"] = Reply(f"<urlset>{urls}</urlset>", media_type="text/xml")
    report = Crawling(tmp_path, site).run()
    assert (report.outcome, report.new) == ("finished", len(articles))
    assert f"{site.base}: the server answered 403" in report.problems
    assert exit_code_after(report) == ExitCode.DONE


def test_a_limit_that_ends_at_a_redirect_is_a_limit(tmp_path: Path) -> None:
    site, _ = plain_site()
    site.pages["/trang-chu"], site.pages["/"] = site.pages["/"], redirect("/trang-chu")
    assert Crawling(tmp_path, site).run(limit=1).outcome == "limit"


def test_an_unchanged_site_is_a_success(tmp_path: Path) -> None:
    site, _ = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    assert exit_code_after(crawling.run()) == ExitCode.DONE


def test_a_run_that_leaves_pages_of_a_host_waiting_is_partial(tmp_path: Path) -> None:
    site, articles = plain_site()
    site.pages[articles[0].path] = lambda visit: Reply("", 503, headers=(("Retry-After", "3600"),))
    site.pages["/"] = listing([one.path for one in articles])
    report = Crawling(tmp_path, site, attempts=1).run()
    report.failed.clear()
    assert report.waiting > 0
    assert exit_code_after(report) == ExitCode.SOME_FAILED


def test_a_host_that_rests_with_nothing_waiting_leaves_nothing_out() -> None:
    report = Report(outcome="finished", rested={"a.test": "left alone"})
    assert exit_code_after(report) == ExitCode.DONE


def test_what_came_in_place_of_a_page_can_still_be_inspected() -> None:
    site = site_of(Reply(""))
    inspection = inspect_fetched(site.base, config_for(site), site.world(Clock()))
    assert "empty" in str(inspection.as_dict())
    site.pages["/"] = httpx.ConnectError("refused")
    with pytest.raises(NothingCrawled):
        inspect_fetched(site.base, config_for(site), site.world(Clock()))
