"""Every setting has a polite default, and every mistake is told at once with its place."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from archive.errors import ConfigError
from archive.warc_reading import LARGEST_BLOCK
from scraper.config import Config, load_config, parse_config

SHIPPED = Path(__file__).parents[2] / "config.toml"


def settings_of(model: type[BaseModel], prefix: str = "") -> dict[str, Any]:
    """Each setting by its dotted name, with its field."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= settings_of(field.annotation, f"{prefix}{name}.")
        else:
            found[prefix + name] = field
    return found


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads(text))
    return caught.value.problems


def test_no_key_is_mandatory() -> None:
    assert parse_config({}) == Config()


def test_every_default_is_itself_valid() -> None:
    assert parse_config(Config().model_dump()) == Config()


@pytest.mark.parametrize("name", settings_of(Config))
def test_every_setting_says_what_it_is_for(name: str) -> None:
    assert (settings_of(Config)[name].description or "").endswith(".")


def test_the_defaults_are_polite() -> None:
    crawl = Config().crawl
    assert crawl.delay_seconds >= 1
    assert crawl.attempts <= 3
    assert crawl.max_retry_wait_seconds >= 60
    assert Config().site.start_urls == ["https://susta.vn/"]


@pytest.mark.parametrize(
    ("contact", "words"), [("", "no contact configured"), ("archive@example.org", "archive@example.org")]
)
def test_the_user_agent_names_the_program_and_the_operator(contact: str, words: str) -> None:
    agent = parse_config({"crawl": {"contact": contact}}).user_agent
    assert agent.startswith("susta-archive/")
    assert words in agent


def test_all_mistakes_are_told_at_once_each_with_its_place() -> None:
    problems = problems_of(
        """
        [site]
        start_urls = ["https://susta.vn/", "susta.vn"]
        media_hosts = ["https://storage.example/"]
        [crawl]
        delay_seconds = -1
        attempts = "three"
        delay_second = 2
        [crawler]
        x = 1
        """
    )
    assert [problem.partition(":")[0] for problem in sorted(problems)] == [
        "crawl.attempts",
        "crawl.delay_second",
        "crawl.delay_seconds",
        "crawler",
        "site.media_hosts[0]",
        "site.start_urls[1]",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[crawl]\ndelay = 1", "crawl.delay: there is no such setting"),
        ("[tables]\na = 1", "tables: there is no such setting"),
        ("delay_seconds = 1", "delay_seconds: there is no such setting"),
        ("[crawl]\nattempts = 0", "crawl.attempts"),
        ("[crawl]\nattempts = 2.5", "crawl.attempts"),
        ("[crawl]\nfetch_media = 1", "crawl.fetch_media"),
        ("[crawl]\nfetch_media = 'yes'", "crawl.fetch_media"),
        ("[crawl]\ncontact = 5", "crawl.contact"),
        ("[crawl]\ntimeout_seconds = 0", "crawl.timeout_seconds"),
        ("[crawl]\nmax_page_megabytes = -3", "crawl.max_page_megabytes"),
        ("[crawl]\nmax_page_megabytes = 500.1", "crawl.max_page_megabytes"),
        ("[crawl]\nmax_media_megabytes = 501", "crawl.max_media_megabytes"),
        ("[crawl]\nmax_media_megabytes = inf", "crawl.max_media_megabytes"),
        ("[crawl]\nmax_retry_wait_seconds = inf", "crawl.max_retry_wait_seconds"),
        ("[crawl]\ntimeout_seconds = nan", "crawl.timeout_seconds"),
        ("[site]\nstart_urls = []", "site.start_urls"),
        ("[site]\nstart_urls = 'https://susta.vn/'", "site.start_urls"),
        ("[site]\nstart_urls = ['ftp://susta.vn/']", "site.start_urls[0]"),
        ("[site]\nstart_urls = ['http://']", "site.start_urls[0]"),
        ("[site]\nstart_urls = ['http://susta.vn:99999/']", "site.start_urls[0]"),
        ("[site]\nallowed_hosts = ['']", "site.allowed_hosts[0]"),
        ("[source]\nname = ''", "source.name"),
        ("[source]\nnotice = ''", "source.notice"),
        ("[archive]\nwarc_max_megabytes = 0", "archive.warc_max_megabytes"),
        ("[revisit]\nmost_days = -1", "revisit.most_days"),
        ("site = 3", "site"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(text: str, problem: str) -> None:
    (told,) = problems_of(text)
    assert told.startswith(problem)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("[crawl]\ndelay_seconds = 0", "delay_seconds", 0.0),
        ("[crawl]\ndelay_seconds = 2", "delay_seconds", 2.0),
        ("[crawl]\nmax_media_megabytes = 500", "max_media_megabytes", 500.0),
        ("[crawl]\nmax_crawl_delay_seconds = 1.5", "max_crawl_delay_seconds", 1.5),
        ("[crawl]\nfetch_media = false", "fetch_media", False),
    ],
)
def test_a_right_value_is_taken(text: str, name: str, value: object) -> None:
    assert getattr(parse_config(tomllib.loads(text)).crawl, name) == value


def test_hosts_are_kept_in_lower_case() -> None:
    assert parse_config({"site": {"allowed_hosts": ["ThuanChau.Sonla.gov.vn"]}}).site.allowed_hosts == [
        "thuanchau.sonla.gov.vn"
    ]


def test_a_syntax_error_is_told_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[crawl]\ndelay_seconds = \n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml is not valid TOML.*line 2"):
        load_config(file)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe[crawl]")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(file)


def test_a_missing_file_is_told_when_it_was_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Cannot read .*absent\.toml"):
        load_config(tmp_path / "absent.toml")
    with pytest.raises(ConfigError, match="Cannot read"):
        load_config(tmp_path)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config() == Config()


def test_a_file_in_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[crawl]\ndelay_seconds = 9\n", encoding="utf-8")
    assert load_config().crawl.delay_seconds == 9


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    (tmp_path / "ca.pem").touch()
    file.write_text('[archive]\nfolder = "a/b"\n[crawl]\nca_file = "ca.pem"\n', encoding="utf-8")
    config = load_config(file)
    assert config.archive.folder == tmp_path / "a" / "b"
    assert config.crawl.ca_file == tmp_path / "ca.pem"


def test_absolute_paths_stay(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'[archive]\nfolder = "{tmp_path / "else"}"\n', encoding="utf-8")
    assert load_config(file).archive.folder == tmp_path / "else"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[crawl]\ndelay_seconds = 4\n", encoding="utf-8-sig")
    assert load_config(file).crawl.delay_seconds == 4


def test_the_shipped_file_says_what_the_defaults_say() -> None:
    assert parse_config(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))) == Config()


@pytest.mark.parametrize("name", settings_of(Config))
def test_the_shipped_file_names_every_setting(name: str) -> None:
    """A setting without a value by default (a certificate file) stands there as a comment."""
    section, _, key = name.partition(".")
    text = SHIPPED.read_text(encoding="utf-8")
    place = text.index(f"[{section}]")
    end = text.find("\n[", place)
    lines = [line.lstrip("# ") for line in text[place : None if end < 0 else end].splitlines()]
    assert any(line.startswith(f"{key} =") for line in lines)


def test_the_largest_body_that_may_be_configured_can_be_read_back() -> None:
    head = 1_000_000  # bytes, far beyond what an answer's may have
    config = parse_config({"crawl": {"max_page_megabytes": 500, "max_media_megabytes": 500}})
    assert max(config.page_limit, int(config.crawl.max_media_megabytes * 1_000_000)) + head < LARGEST_BLOCK
