"""Pages that stand in for the page asked for: known by what they do, never an answer, a reason to stop."""

from pathlib import Path

import pytest
from fake_site import HTML, FakeArticle, FakeSite, Reply, listing, plain_site, some_articles
from test_crawl import Crawling
from test_crawl_crashes import assert_rebuild_agrees

from archive.errors import NothingCrawled
from archive.records import Article, Capture, Refusal, Role
from archive.warc import StoredExchange
from scraper.challenge import ChallengeWatch
from scraper.config import Config
from scraper.extract.frame import Frame
from scraper.reading import read_stored

URL = "https://susta.vn/khoa-hoc-cong-nghe/hoi-thao-nang-cao-chat-luong-ca-phe-che-20001"
ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè")
COOKIE_SCRIPT = (
    '<html><body><script>document.cookie="D1N=9f3a; path=/"; window.location.reload(true);</script></body></html>'
)
CHALLENGES = {
    "a cookie and a reload": COOKIE_SCRIPT,
    "a cookie and the address again": "<script>document.cookie='a=1';location.href=location.href</script>",
    "a cookie and a form sent": "<form action='/x'></form>"
    "<script>document['cookie']='a';document.forms[0].submit()</script>",
    "English": "<title>Just a moment...</title><h1>Checking your browser before accessing susta.vn</h1>"
    "<p>This process is automatic.</p><script src='/c.js'></script>",
    "Vietnamese": "<title>Vui lòng chờ</title><p>Hệ thống đang kiểm tra trình duyệt của bạn trước khi truy cập.</p>"
    "<script>var a=1</script>",
    "a riddle": "<form method=post><p>Vui lòng nhập mã xác nhận trong hình để tiếp tục</p>"
    "<img src=/cap.png><input name=c></form>",
    "not a robot": "<p>Xác minh bạn không phải là robot</p><div class=h-captcha></div><script src=h.js></script>",
    "a widget alone": "<div class='cf-turnstile' data-sitekey=x></div><p>susta.vn</p><script src=/t.js></script>",
    "noscript": "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    "<script src=a.js></script>",
    "noscript in Vietnamese": "<p>Đang tải…</p><noscript>Trình duyệt của bạn cần bật JavaScript.</noscript>"
    "<script></script>",
    "nothing but a script": "<html><head><script src='/app.js'></script></head><body><div id=app></div></body></html>",
    "a refresh to itself after a script": "<meta http-equiv=refresh content='1'>"
    "<script>document.cookie='x=1'</script><p>…</p>",
}
OTHERS = {
    "an article": ONE.html(),
    "an article about captchas": FakeArticle(
        20001,
        ONE.title,
        words="Người dùng nhập mã xác nhận, captcha, xác minh mình không phải robot và bật JavaScript.",
    ).html(),
    "an article whose frame sets a cookie and has a noscript": ONE.html().replace(
        "</body>",
        "<noscript>Hãy bật JavaScript</noscript><script>document.cookie='v=1';location.hash='#a'</script></body>",
    ),
    "a listing": listing([f"/tin/bai-so-{number}" for number in range(20001, 20012)]),
    "a log-in": "<h1>Đăng nhập</h1><form action=/in><label>Mật khẩu</label><input type=password>"
    "<p>Mã captcha</p></form>",
    "a message form": "<h1>Liên hệ</h1><form action=/m><textarea name=loi></textarea>"
    "<p>Nhập mã xác nhận trong hình</p></form>",
    "not found": "<h1>Không tìm thấy trang</h1><p>Trang bạn tìm không tồn tại hoặc đã được chuyển đi nơi khác, mời về"
    " trang chủ.</p><script>var a</script>"
    "<noscript>JavaScript</noscript>",
    "empty": "<div></div>",
    "a bare text": "<p>Trang đang được cập nhật nội dung.</p>",
}


def outcome_of(
    body: str, *, status: int = 200, headers: tuple[tuple[str, str], ...] = (), url: str = URL
) -> Article | Refusal:
    capture = Capture(url, "2026-01-05T02:00:00Z", status, Role.PAGE, "text/html", "", len(body), "", 0, 0)
    stored = StoredExchange(capture, [("Content-Type", HTML), *headers], body.encode())
    return read_stored(stored, Frame(), Config()).outcome


def reason_of(body: str, **given: object) -> str:
    outcome = outcome_of(body, **given)  # type: ignore[arg-type]
    return "article" if isinstance(outcome, Article) else str(outcome.reason)


# What is one


@pytest.mark.parametrize("body", CHALLENGES.values(), ids=CHALLENGES.keys())
def test_a_challenge_is_refused_by_name_at_any_address(body: str) -> None:
    for url in (URL, "https://susta.vn/", "https://susta.vn/khoa-hoc-cong-nghe"):
        assert reason_of(body, url=url) == "challenge"


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_challenge_with_another_status_is_one_too(status: int) -> None:
    assert reason_of(CHALLENGES["English"], status=status) == "challenge"
    assert reason_of("<h1>403 Forbidden</h1>", status=status) == "http-status"
    assert reason_of("", status=status) == "http-status"
    assert reason_of("no markup, just a moment", status=status) == "http-status"


def test_a_server_that_says_so_in_a_header_is_believed() -> None:
    assert reason_of("<h1>Forbidden</h1>", status=403, headers=(("CF-Mitigated", "challenge"),)) == "challenge"


def test_a_cookie_set_on_a_page_that_leads_back_to_itself() -> None:
    cookie = ("Set-Cookie", "visited=1; path=/")
    refresh = f'<meta http-equiv="refresh" content="2;url={URL}"><p>Xin chờ</p>'
    assert reason_of(refresh, headers=(cookie,)) == "challenge"
    assert reason_of("<p>Xin chờ</p>", headers=(cookie, ("Refresh", "1"))) == "challenge"
    assert reason_of(refresh) != "challenge"
    assert reason_of(refresh.replace(URL, "/trang-chu"), headers=(cookie,)) != "challenge"


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS.keys())
@pytest.mark.parametrize("headers", [(), (("Set-Cookie", "session=1"),)], ids=["", "with a session"])
def test_what_only_looks_like_one_is_read_as_ever(body: str, headers: tuple[tuple[str, str], ...]) -> None:
    assert reason_of(body, headers=headers) != "challenge"


# In a crawl


def challenged(articles: list[FakeArticle]) -> FakeSite:
    """A site that answers everything but its start page with a challenge."""
    site, _ = plain_site(articles)
    for one in articles:
        site.pages[one.path] = COOKIE_SCRIPT
    return site


def test_a_challenge_is_asked_again_at_the_next_run(tmp_path: Path) -> None:
    site, articles = plain_site()
    target = articles[0].path
    good, site.pages[target] = site.pages[target], COOKIE_SCRIPT
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert (report.new, report.refused["challenge"]) == (len(articles) - 1, 1)
    site.pages[target] = good
    assert crawling.run().new == 1
    assert_rebuild_agrees(crawling)


def test_an_article_whose_page_turns_into_a_challenge_stays_as_it_is(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run()
    for reply in (Reply(COOKIE_SCRIPT), Reply(COOKIE_SCRIPT, 403), Reply(COOKIE_SCRIPT, 503)):
        site.pages[articles[0].path] = reply
        crawling.clock.pass_days(9)
        crawling.run()
    assert crawling.rows("SELECT count(*) FROM revisions") == [len(articles)]
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NOT NULL") == [0]
    assert crawling.refusals()[articles[0].path] == "challenge"


def test_a_challenge_leads_nowhere(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([ONE.path])})
    site.pages[ONE.path] = COOKIE_SCRIPT.replace("<body>", '<body><a href="/lien-he">Liên hệ</a>')
    Crawling(tmp_path, site).run()
    assert site.asked_pages() == ["/", ONE.path]


def test_when_most_answers_of_a_host_are_challenges_it_is_left_alone(tmp_path: Path) -> None:
    articles = [FakeArticle(20001 + place, f"Bài viết số {place} về mùa vụ") for place in range(100)]
    site = challenged(articles)
    for one in articles[:6]:
        site.pages[one.path] = one.html()
    crawling = Crawling(tmp_path, site)
    report = crawling.run()
    assert 20 <= report.fetched <= 24
    assert report.traps == []
    assert report.waiting > 70
    (why,) = report.rested.values()
    assert "visitors to run a script" in why
    assert any(why in problem for problem in report.problems)
    for one in articles:
        site.pages[one.path] = one.html()
    assert crawling.run().new == 94


def test_when_a_run_begins_with_nothing_but_challenges_it_ends_soon(tmp_path: Path) -> None:
    articles = some_articles(30)
    site, _ = plain_site(articles)
    site.pages["/"] = listing([one.path for one in articles], heading="Trang chủ")
    crawling = Crawling(tmp_path, site)
    crawling.run()
    for target in list(site.pages):
        if target != "/robots.txt":
            site.pages[target] = COOKIE_SCRIPT
    crawling.clock.pass_days(60)
    with pytest.raises(NothingCrawled, match="script"):
        crawling.run()
    assert len(site.asked_pages()) <= 9, "one may be on its way already"
    assert crawling.rows("SELECT count(*) FROM articles WHERE gone_since IS NULL") == [30]


def test_a_site_whose_start_page_is_a_challenge_could_not_be_crawled(tmp_path: Path) -> None:
    with pytest.raises(NothingCrawled, match="script") as caught:
        Crawling(tmp_path, FakeSite(pages={"/": COOKIE_SCRIPT})).run()
    assert caught.value.advice


def test_a_few_challenges_among_good_pages_stop_nothing() -> None:
    watch = ChallengeWatch()
    good, bad = outcome_of(ONE.html()), outcome_of(COOKIE_SCRIPT)
    assert not any(watch.note("a", outcome) for outcome in [good, bad] * 100)
    assert not any(watch.note("b", outcome) for outcome in [bad] * 7 + [good] * 30)
    assert [bool(watch.note("c", bad)) for _ in range(8)] == [False] * 7 + [True]
