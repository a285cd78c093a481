"""`susta doctor` and `susta init`: what each check says of a machine and a site that are well, and of others."""

import json
import shlex
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from fake_site import Clock, FakeSite, Reply, config_for, plain_site, some_articles

from archive.errors import ConfigError, ExitCode
from scraper import cli_start
from scraper.cli import run
from scraper.cli_start import exit_code_of
from scraper.config import Config, load_config, parse_config
from scraper.config_file import own_config, settings
from scraper.demo import DemoSite
from scraper.doctor import (
    Check,
    Verdict,
    check_clock,
    check_config,
    check_disk,
    check_encoding,
    check_folder,
    check_python,
    check_sqlite,
    check_zone,
    machine_checks,
)
from scraper.doctor_site import site_checks
from scraper.starting import Answers, config_of, is_contact

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
FINE, REMARK, AMISS = Verdict.FINE, Verdict.REMARK, Verdict.AMISS


# The machine


def test_this_machine_is_fit(tmp_path: Path) -> None:
    checks = list(machine_checks(Config(), tmp_path / "data", NOW, free=lambda _: 10**12, encoding="UTF-8"))
    assert {each.name: each.verdict for each in checks if each.name != "config"} == dict.fromkeys(
        ("python", "sqlite", "folder", "disk", "clock", "time zone", "letters"), FINE
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (lambda: check_python((3, 10, 9)), AMISS),
        (lambda: check_python((3, 14, 0)), FINE),
        (lambda: check_sqlite((3, 37, 2)), AMISS),
        (lambda: check_disk(10_000_000, 64_000_000), AMISS),
        (lambda: check_disk(1_000_000_000, 64_000_000), REMARK),
        (lambda: check_clock(datetime(1970, 1, 1, tzinfo=UTC), None), AMISS),
        (lambda: check_clock(NOW, NOW + timedelta(minutes=4)), FINE),
        (lambda: check_clock(NOW, NOW + timedelta(hours=7)), AMISS),
        (lambda: check_clock(NOW, NOW - timedelta(hours=7)), AMISS),
        (lambda: check_zone("Asia/Atlantis"), AMISS),
        (lambda: check_encoding("ANSI_X3.4-1968", "utf-8"), REMARK),
        (lambda: check_config(Config()), REMARK),
        (lambda: check_config(parse_config({"crawl": {"contact": "not an address"}})), REMARK),
        (lambda: check_config(config_of(Answers(contact="a@example.org"))[1]), FINE),
    ],
)
def test_what_is_amiss_is_said_with_what_to_do(check: Callable[[], Check], verdict: Verdict) -> None:
    found = check()
    assert found.verdict is verdict
    assert found.said
    assert (found.advice != "") is (verdict is not FINE)


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a", encoding="utf-8")
    assert check_folder(tmp_path / "file" / "data").verdict is AMISS


# The site


def asked(site: FakeSite, clock: Clock | None = None, **options: Any) -> dict[str, Check]:
    checks = site_checks(config_for(site, **options), site.world(clock or Clock()))
    return {each.name: each for each in checks}


def test_a_site_is_read_before_ones_eyes_and_asked_for_little() -> None:
    site, articles = plain_site(some_articles(12))
    site.pages["/robots.txt"] = Reply(
        "User-agent: Other\nDisallow: /\n\nUser-agent: *\nDisallow: /rieng\nCrawl-delay: 2\nSitemap: /s.xml",
        media_type="text/plain",
    )
    clock = Clock()
    found = asked(site, clock)
    assert {each.verdict for each in found.values()} == {FINE}
    assert found["robots.txt"].lines == ("/rieng is left alone", "2 seconds between two")
    assert "pauses of 2 s, 1 sitemaps are named" in found["robots.txt"].said
    assert any(line == f"Title: {articles[0].title}" for line in found["article"].lines)
    assert len(site.asked_pages()) <= 5 < len(articles) + 3  # hardly more once one was read
    assert sum(clock.pauses) >= 2  # politely


def test_a_clock_that_is_wrong_is_told_by_the_servers() -> None:
    site, _ = plain_site()
    clock = Clock()
    clock.pass_days(400)
    date = format_datetime(clock.moment - timedelta(hours=7), usegmt=True)
    site.pages["/robots.txt"] = Reply("", headers=(("Date", date),), media_type="text/plain")
    assert "420 minutes ahead of" in asked(site, clock)["clock"].said


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Foo 2026"])
def test_a_date_that_is_none_is_no_fault_of_the_clock(date: str) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("", headers=(("Date", date),), media_type="text/plain")
    assert asked(site).get("clock", check_clock(NOW, None)).verdict is FINE


def test_robots_txt_that_forbids_is_read_aloud() -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", media_type="text/plain")
    found = asked(site)
    assert (found["site"].verdict, found["robots.txt"].verdict) == (AMISS, AMISS)
    assert "forbids susta-archive the start page" in found["robots.txt"].said
    assert site.asked_pages() == []
    assert exit_code_of(found.values()) is ExitCode.NOTHING_CRAWLED


def test_robots_txt_of_a_hostile_site_does_not_steer_the_terminal() -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /\x1b[2J" + "x" * 500, media_type="text/plain")
    line = asked(site)["robots.txt"].lines[0]
    assert "\x1b" not in line
    assert len(line) < 200


@pytest.mark.parametrize("status", [404, 403])
def test_no_robots_txt_forbids_nothing(status: int) -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = Reply("no", status)
    assert "nothing is forbidden" in asked(site)["robots.txt"].said


def test_a_site_that_cannot_be_reached_is_told_with_what_to_try() -> None:
    site, _ = plain_site()
    site.pages["/robots.txt"] = OSError("no route to host")
    found = asked(site)
    assert found["site"].verdict is AMISS
    assert found["site"].advice


def test_a_redirect_is_shown() -> None:
    site, _ = plain_site()
    site.pages["/trang-chu"] = site.pages["/"]
    site.pages["/"] = Reply("", 302, headers=(("Location", "/trang-chu"),))
    assert asked(site)["site"].lines == ("http://susta.test/ answers 302 and leads to /trang-chu",)


def test_a_site_without_articles_is_no_fault() -> None:
    site = FakeSite(pages={"/": "<h1>Chào mừng</h1><p>Trang đang xây dựng</p>"})
    found = asked(site)
    assert found["article"].verdict is REMARK


# The commands


def test_the_doctor_visits_a_real_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DemoSite(articles=6) as site:
        file = tmp_path / "mine.toml"
        file.write_text(
            f'[site]\nstart_urls = ["{site.base_url}"]\n[crawl]\ndelay_seconds = 0\ncontact = "a@example.org"\n',
            encoding="utf-8",
        )
        capsys.readouterr()
        code = run(["doctor", "--json", "--config", str(file)])
    checks = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in checks} >= {"python", "sqlite", "disk", "site", "robots.txt", "article", "clock"}
    assert [each for each in checks if each["verdict"] == "amiss"] == []
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml"]


def test_the_doctor_works_without_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--offline", "--archive", str(tmp_path / "data")]) == 0
    out = capsys.readouterr().out
    assert "ok  python" in out
    assert "site" not in {line.split()[1] for line in out.splitlines()}


def test_init_writes_a_config_that_holds_and_says_what_each_setting_means(tmp_path: Path) -> None:
    words = ["--contact", "archive@example.org", "--crawl-at", "01:15", "--backup-to", "/mnt/b", "--yes", "--offline"]
    assert run(["init", str(tmp_path / "new"), *words]) == 0
    file = tmp_path / "new" / "config.toml"
    chosen = load_config(file)
    assert (chosen.crawl.contact, chosen.schedule.crawl) == ("archive@example.org", "01:15")
    assert chosen.archive.folder == tmp_path / "new" / "data"
    text = file.read_text(encoding="utf-8")
    assert tomllib.loads(text) | {"schedule": {}, "crawl": {}} == {name: {} for name in Config.model_fields}
    assert all(f"{key} =" in text for _, key, _, _ in settings())


def test_init_never_overwrites_unless_told_and_keeps_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine\n", encoding="utf-8")
    words = ["init", str(tmp_path), "--contact", "a@example.org", "--yes", "--offline"]
    assert run(words) == 2
    assert file.read_text(encoding="utf-8") == "# mine\n"
    assert run([*words, "--force"]) == 0
    assert (tmp_path / "config.toml.old").read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--crawl-at", "25:00"],
        ["--start-url", "susta.vn"],
        ["--time-zone", "Asia/Hanoi"],
        ["--operator", "a\nb = 1"],
        ["--start-url", 'https://a"]\nx = 1'],
    ],
    ids=lambda words: words[0],
)
def test_answers_that_cannot_be_write_nothing(tmp_path: Path, words: list[str]) -> None:
    assert run(["init", str(tmp_path / "new"), *words, "--contact", "a@example.org", "--yes", "--offline"]) == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "contact", ["a@example.org", "thu.vien+susta@hoi.sonla.gov.vn", "https://example.org/lien-he?x=1", "http://a.vn:80"]
)
def test_a_mail_or_web_address_is_a_contact(contact: str) -> None:
    assert is_contact(contact)


@pytest.mark.parametrize(
    "contact",
    ["", " ", "not an address", "a@b", "@example.org", "a@example.org b", "a@example.org\n", "đồng-chí@example.org",
     "ftp://example.org", "https://", "https://localhost", "https://a b.vn", "https://[::1", "susta.vn"],
)  # fmt: skip
def test_what_is_no_contact_begins_no_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str], contact: str) -> None:
    assert not is_contact(contact)
    assert run(["init", str(tmp_path / "new"), "--contact", contact, "--yes", "--offline"]) == 2
    assert "crawl.contact: an e-mail address or a web address" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_what_to_go_on_with_can_be_pasted_into_a_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kho lưu trữ's"
    assert run(["init", str(folder), "--contact", "a@example.org", "--yes", "--offline"]) == 0
    line = next(line for line in capsys.readouterr().err.splitlines() if "susta crawl" in line)
    assert shlex.split(line)[:4] == ["susta", "crawl", "--config", str(folder / "config.toml")]


def test_one_answer_that_cannot_be_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--contact", "a@example.org", "--crawl-at", "25:00", "--yes", "--offline"]
    assert run(["init", str(tmp_path), *words]) == 2
    assert "What was answered has 1 mistake; nothing was started" in capsys.readouterr().err


@pytest.mark.parametrize("operator", ["Hội \"Sơn La\" \\ 'x'", "đồng chí # không", "]]", "\u007f"])
def test_whatever_is_answered_comes_back_as_it_was(operator: str) -> None:
    try:
        text, chosen = config_of(Answers(contact="a@example.org", operator=operator))
    except ConfigError:
        assert not operator.isprintable()
    else:
        assert tomllib.loads(text)["archive"]["operator"] == operator == chosen.archive.operator


def test_what_is_not_chosen_follows_later_defaults() -> None:
    assert {name: value for name, value in tomllib.loads(own_config({})).items() if value} == {}
    with pytest.raises(KeyError):
        own_config({"crawl.speed": 1})


def test_init_asks_for_what_was_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "nobody", " archive@example.org ", "Thư viện", "kho", "03:10"])

    def prompt(*_: str, value_proc: Callable[[str], str] = str, **__: Any) -> str:
        while True:  # as click has it: what is refused is asked for again
            try:
                return value_proc(next(answers))
            except cli_start.typer.BadParameter:
                continue

    monkeypatch.setattr(cli_start.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli_start.typer, "prompt", prompt)
    assert run(["init", str(tmp_path), "--offline"]) == 0
    chosen = load_config(tmp_path / "config.toml")
    assert (chosen.crawl.contact, chosen.archive.operator) == ("archive@example.org", "Thư viện")
    assert (chosen.archive.folder.name, chosen.schedule.crawl) == ("kho", "03:10")


def test_init_without_anybody_to_ask_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_start.sys.stdin, "isatty", lambda: False, raising=False)
    assert run(["init", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []
