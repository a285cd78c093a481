"""For every address there is an answer to why it was, or was not, fetched; and what to do about it."""

import gzip
from pathlib import Path

import pytest
from fake_site import PNG, FakeArticle, FakeSite, Reply, listing, plain_site
from test_crawl import Crawling, redirect

from archive.errors import ArchiveUnusable, ConfigError
from scraper.report import Step
from scraper.robots_rule import rule_against
from scraper.urls import why_never
from scraper.why import Verdict, Why, why
from scraper.why_words import NEVER

ONE = FakeArticle(20001, "Hội thảo nâng cao chất lượng cà phê chè", photos=(("/anh/a.png", "Toàn cảnh buổi lễ"),))


def ask(crawling: Crawling, target: str) -> Why:
    url = target if "://" in target else crawling.site.base[:-1] + target
    return why(url, crawling.config, crawling.folder, crawling.clock.moment)


def crawled(folder: Path, site: FakeSite, **settings: object) -> Crawling:
    crawling = Crawling(folder, site, **settings)
    crawling.run()
    return crawling


# What was fetched


def test_an_article_says_when_it_was_fetched_what_it_gave_and_when_it_is_due(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([ONE.path]), ONE.path: ONE.html(), "/anh/a.png": Reply(PNG, 200, "image/png")})
    crawling = crawled(tmp_path, site)
    answer = ask(crawling, ONE.path)
    assert answer.verdict == "fetched"
    assert "2026-01-05T02:00:00Z" in answer.said
    assert "run 1" in answer.said
    assert f"article 1, “{ONE.title}”" in answer.said
    assert answer.due.startswith("It is due again on 2026-01-12 02:00 UTC")
    assert "first interval" in answer.due
    assert answer.article is not None
    assert [caught.article_id for caught in answer.captures] == [1]
    crawling.clock.pass_days(8)
    crawling.run()
    assert "had not changed" in ask(crawling, ONE.path).due
    site.pages[ONE.path] = FakeArticle(ONE.number, ONE.title, words="Bổ sung.").html()
    crawling.clock.pass_days(20)
    crawling.run()
    assert "it had changed" in ask(crawling, ONE.path).due
    assert ask(crawling, ONE.path).captures_altogether == 3


@pytest.mark.parametrize(
    "spelling",
    [
        "http://SUSTA.test{}",
        "https://www.susta.test{}",
        "http://susta.test:80{}#top",
        "http://susta.test{}/?utm_source=x",
    ],
)
def test_any_spelling_will_do(tmp_path: Path, spelling: str) -> None:
    crawling = crawled(tmp_path, FakeSite(pages={"/": listing([ONE.path]), ONE.path: ONE.html()}))
    answer = ask(crawling, spelling.format(ONE.path))
    assert (answer.verdict, answer.url) == ("fetched", f"http://susta.test{ONE.path}")


def test_a_site_that_moved_to_another_spelling_of_its_name_is_found_there(tmp_path: Path) -> None:
    site = FakeSite("www.susta.test", pages={"/": listing([ONE.path]), ONE.path: ONE.html()})
    site.pages |= {
        "http://susta.test/robots.txt": Reply("", 404),
        "http://susta.test/": redirect("http://www.susta.test/"),
    }
    crawling = crawled(tmp_path, site, start_urls=["http://susta.test/"])
    assert ask(crawling, f"http://susta.test{ONE.path}").url == f"http://www.susta.test{ONE.path}"


def test_an_alias_names_the_article_it_is_another_address_of(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([ONE.path, "/cu/bai"]), ONE.path: ONE.html(), "/cu/bai": redirect(ONE.path)})
    answer = ask(crawled(tmp_path, site), "/cu/bai")
    assert (answer.verdict, answer.article and answer.article.alias) == ("fetched", "redirect")
    assert "another address of article 1" in answer.said


def test_a_page_that_is_no_article_tells_its_reason_in_words(tmp_path: Path) -> None:
    crawling = crawled(tmp_path, plain_site()[0])
    home, section = ask(crawling, "/"), ask(crawling, "/khoa-hoc-cong-nghe")
    assert ("home page" in home.said, "start page" in home.due) == (True, True)
    assert ("list of links" in section.said, "first page of a listing" in section.due) == (True, True)


def test_a_redirect_that_leads_out_says_so(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing(["/di"]), "/di": redirect("http://elsewhere.test/")})
    answer = ask(crawled(tmp_path, site), "/di")
    assert "redirect to http://elsewhere.test/" in answer.said
    assert "may not be asked" in answer.due


def test_a_picture_names_the_article_it_is_of(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing([ONE.path]), ONE.path: ONE.html(), "/anh/a.png": Reply(PNG, 200, "image/png")})
    answer = ask(crawled(tmp_path, site), "/anh/a.png")
    assert answer.in_articles == (f"http://susta.test{ONE.path}",)
    assert "not asked for again" in answer.due


def test_what_was_captured_is_told_though_the_frontier_is_lost(tmp_path: Path) -> None:
    crawling = crawled(tmp_path, FakeSite(pages={"/": listing([ONE.path]), ONE.path: ONE.html()}))
    (tmp_path / "frontier.db").unlink()
    answer = ask(crawling, ONE.path)
    assert (answer.verdict, answer.frontier) == ("fetched", None)


# What failed, waits, or was kept out


def test_what_failed_says_why_and_that_it_is_tried_again(tmp_path: Path) -> None:
    pages = {"/": listing(["/a/b-1", "/a/b-2", "/a/b-3"]), "/a/b-1": OSError("no route"), "/a/b-2": Reply("", 500)}
    crawling = crawled(tmp_path, FakeSite(pages=pages | {"/a/b-3": ""}))
    no_answer, broken, empty = (ask(crawling, f"/a/b-{number}") for number in (1, 2, 3))
    assert {no_answer.verdict, broken.verdict, empty.verdict} == {"failed"}
    assert "no route" in no_answer.said
    assert "500" in broken.said
    assert "no bytes" in empty.said
    assert "next run" in no_answer.advice


def test_a_challenge_says_what_the_server_wants(tmp_path: Path) -> None:
    page = "<script>document.cookie='a=1';location.reload()</script>"
    answer = ask(crawled(tmp_path, FakeSite(pages={"/": listing([ONE.path]), ONE.path: page})), ONE.path)
    assert answer.verdict == "failed"
    assert "wants a script run" in answer.said


def test_what_waits_says_since_when_and_how_many_go_before_it(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    crawling.run(limit=3)
    first, last = ask(crawling, articles[1].path), ask(crawling, articles[3].path)
    assert (first.verdict, last.verdict) == ("waiting", "waiting")
    assert first.frontier is not None
    assert last.frontier is not None
    assert last.frontier.ahead == first.frontier.ahead + 2
    assert "found on http://susta.test/khoa-hoc-cong-nghe" in last.said


def test_what_robots_txt_forbids_names_the_rule_and_its_date(tmp_path: Path) -> None:
    site, articles = plain_site()
    rules = f"User-agent: *\nDisallow: /kin\nDisallow: {articles[0].path[:30]}\n"
    site.pages["/robots.txt"] = Reply(rules, media_type="text/plain")
    crawling = crawled(tmp_path, site)
    known, unknown = ask(crawling, articles[0].path), ask(crawling, "/kin/x")
    assert (known.verdict, known.rule) == ("robots", f"Disallow: {articles[0].path[:30]}")
    assert (unknown.verdict, unknown.rule) == ("robots", "Disallow: /kin")
    assert "2026-01-05" in known.said
    crawling.run()
    assert ask(crawling, articles[0].path).rule, "a robots.txt that came again unchanged is not kept twice"


def test_what_a_trap_swallowed_names_it_and_how_to_open_it(tmp_path: Path) -> None:
    site = FakeSite(pages={"/": listing(["/lich/x-0"])})

    def calendar(target: str) -> str | Reply:
        number = int(target.rpartition("-")[2]) if target.startswith("/lich/x-") else None
        return Reply("", 404) if number is None else listing([f"/lich/x-{number + step}" for step in range(1, 40)])

    site.otherwise = calendar
    crawling = Crawling(tmp_path, site)
    (pattern, *_) = crawling.run().traps
    queued, unheard = ask(crawling, "/lich/x-60"), ask(crawling, "/lich/x-5555")
    assert (queued.verdict, queued.trap) == ("trap", pattern)
    assert (unheard.verdict, unheard.trap) == ("trap", pattern)
    assert f"--reopen '{pattern}'" in queued.advice
    report = crawling.run(reopen=(pattern,))
    assert report.reopened == [pattern]
    assert any("/lich/" in target for target in site.asked_pages())


def test_only_a_closed_trap_can_be_opened(tmp_path: Path) -> None:
    crawling = crawled(tmp_path, plain_site()[0])
    site = crawling.site
    with pytest.raises(ConfigError) as caught:
        crawling.run(reopen=("susta.test/none",))
    assert "susta.test/none" in caught.value.problems[0]
    assert site.asked == []


# What was never asked for


def test_another_host_names_the_setting_that_would_allow_it(tmp_path: Path) -> None:
    crawling = crawled(tmp_path, FakeSite(pages={"/": listing([])}), media_hosts=["cdn.test"])
    elsewhere, media = ask(crawling, "http://elsewhere.test:81/a"), ask(crawling, "http://cdn.test/a")
    assert (elsewhere.verdict, media.verdict) == ("out-of-scope", "out-of-scope")
    assert '"elsewhere.test:81"' in elsewhere.advice
    assert "allowed_hosts" in elsewhere.advice
    assert "media_hosts" in media.said


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("/dang-nhap", "account"),
        ("/Đăng-nhập.html", "account"),
        ("/binh-chon?a=1", "poll"),
        ("/tim-kiem", "search"),
        ("/tin?q=a", "search"),
        ("/tin?returnUrl=x", "returning"),
        ("/chia-se/1", "sharing"),
        ("/in-bai/1", "printing"),
        ("/gui-email", "mail"),
        ("/captcha", "riddle"),
        ("/gio-hang", "cart"),
        ("/admin", "administration"),
        ("/tep/a.zip", "file"),
        ("/a/b/a/b/a", "loop"),
        ("/" + "/".join("abcdefghijklm"), "too-deep"),
    ],
)
def test_a_link_that_is_never_followed_names_the_rule(tmp_path: Path, target: str, rule: str) -> None:
    crawling = crawled(tmp_path, FakeSite(pages={"/": listing([])}))
    answer = ask(crawling, target)
    assert (answer.verdict, answer.rule) == ("never-followed", rule)
    assert NEVER[rule] in answer.said
    assert why_never("http://susta.test/tin-tuc/bai-1") is None


def test_what_no_page_links_to_says_how_to_have_it_asked_for(tmp_path: Path) -> None:
    answer = ask(crawled(tmp_path, FakeSite(pages={"/": listing([])})), "/tin/bai-1")
    assert answer.verdict == "never-found"
    assert "susta crawl http://susta.test/tin/bai-1" in answer.advice


# Reading only


def test_it_works_while_a_crawl_does_and_changes_nothing(tmp_path: Path) -> None:
    site, articles = plain_site()
    crawling = Crawling(tmp_path, site)
    verdicts = []

    def watch(_: Step) -> None:
        verdicts.append(str(ask(crawling, articles[0].path).verdict))

    crawling.run(watch)
    assert verdicts[0] == "waiting"
    assert verdicts[-1] == "fetched"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ask(crawling, articles[0].path)
    ask(crawling, "/kin")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_without_an_archive_or_an_address_there_is_no_answer(tmp_path: Path) -> None:
    crawling = Crawling(tmp_path / "none", FakeSite())
    with pytest.raises(ArchiveUnusable):
        ask(crawling, "/")
    crawling = crawled(tmp_path, FakeSite(pages={"/": listing([])}))
    with pytest.raises(ConfigError):
        why("susta.vn", crawling.config, tmp_path, crawling.clock.moment)


# Which line of robots.txt


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("User-agent: *\nDisallow: /\nDisallow: /kin", "Disallow: /kin"),
        ("User-agent: googlebot\nDisallow: /kin/a\n\nUser-agent: *\nDisallow: /kin # x", "Disallow: /kin"),
        ("User-agent: susta-archive\nUser-agent: b\nDisallow: /k*\n\nUser-agent: *\nDisallow: /kin/a", "Disallow: /k*"),
        ("\ufeffuser-agent:*\r\ndisallow:/kin$\r\nDisallow: /kin/", "Disallow: /kin/"),
        ("User-agent: susta\nDisallow: /kin/a\n\nUser-agent: *\nDisallow: /kin", "Disallow: /kin"),
        ("User-agent: susta-archive/2.0\nDissallow /kin/a\n\nUser-agent: *\nDisallow: /", "Disallow: /kin/a"),
        ("Disallow: /kin", None),
        ("", None),
    ],
)
def test_the_line_that_forbids(text: str, line: str | None) -> None:
    assert rule_against(text.encode(), "http://susta.test/kin/a") == line


def test_the_line_that_forbids_is_found_in_a_packed_file() -> None:
    packed = gzip.compress(b"User-agent: *\nDisallow: /kin\n")
    assert rule_against(packed, "http://susta.test/kin/a", coding="gzip") == "Disallow: /kin"


@pytest.mark.parametrize("how", ["link", "page"])
def test_a_link_left_out_because_of_nofollow_is_told_apart(tmp_path: Path, how: str) -> None:
    site, _ = plain_site()
    target = "/tin-tuc/bai-rieng-900"
    rel, meta = (' rel="NoFollow"', "") if how == "link" else ("", '<meta name="robots" content="nofollow">')
    home = str(site.pages["/"])
    site.pages["/gioi-thieu"] = listing([]).replace("<h3>", f'<a{rel} href="{target}/">x</a><h3>', 1).replace(
        "</head>", f"{meta}</head>"
    )  # fmt: skip
    site.pages["/"] = home.replace("<h4>", '<a href="/gioi-thieu">Giới thiệu</a><h4>', 1)
    crawling = Crawling(tmp_path, site)
    crawling.run()
    found = why(site.base[:-1] + target, crawling.config, tmp_path, crawling.clock.moment)
    assert (found.verdict, found.rule) == (Verdict.NEVER_FOLLOWED, "nofollow")
    assert f"{site.base}gioi-thieu links it" in found.said
    other = why(site.base[:-1] + "/tin-tuc/bai-khac-901", crawling.config, tmp_path, crawling.clock.moment)
    assert other.verdict is Verdict.NEVER_FOUND
