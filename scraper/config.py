"""Settings: what `config.toml` may say, with a default for each key and every mistake reported at once.

The descriptions here are the documentation: the settings table of the README is generated from them, and a test holds
`config.toml` against them. Paths are relative to the config file.
"""

import difflib
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from archive import __version__
from archive.errors import ConfigError
from archive.vietnamese import without_marks
from scraper.config_schedule import HealthSettings, ScheduleSettings, Section
from scraper.urls import page_address

if TYPE_CHECKING:
    from scraper.extract.profile import Profile

DEFAULT_NAME = "config.toml"
_LARGEST_BODY = 500  # megabytes; larger WARC records are not read back (archive/warc_reading.py)


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f"{value!r}: {error}") from error
    if not named or page_address(value, value) is None:
        hint = f"; did you mean https://{value}/ ?" if re.fullmatch(r"[\w-]+(\.[\w-]+)+", value) else ""
        raise ValueError(f"{value!r} is no http:// or https:// address{hint}")
    return value


def _folder(value: Path) -> Path:
    if not value.parts:
        raise ValueError("the name of a folder is needed")
    return value


def _host(value: str) -> str:
    if not value or "/" in value or "://" in value:
        raise ValueError(f"{value!r} is no host name (such as 'susta.vn' or '127.0.0.1:8000')")
    return value.lower()


WebAddress = Annotated[str, AfterValidator(_web_address)]
Host = Annotated[str, AfterValidator(_host)]


class SiteSettings(Section):
    """Which pages belong to the site."""

    start_urls: list[WebAddress] = Field(
        default=["https://susta.vn/"],
        min_length=1,
        description="Addresses a crawl starts from. Their hosts are allowed, even when private.",
    )
    allowed_hosts: list[Host] = Field(
        default=[],
        description="Further hosts whose pages are crawled. A host is a name with its port, if not the usual.",
    )
    media_hosts: list[Host] = Field(
        default=["storage-vnportal.vnpt.vn"],
        description="Further hosts that pictures and attachments of articles are fetched from; their pages are not.",
    )


class SourceSettings(Section):
    """Whom to credit. What a page itself asks for wins over these."""

    name: str = Field(default="Susta.vn", min_length=1, description="Name of the source, as the credit line prints it.")
    organisation: str = Field(
        default="Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La", description="The organisation behind the site."
    )
    notice: str = Field(
        default='Ghi rõ nguồn "Susta.vn" hoặc "Liên hiệp hội Sơn La" khi phát hành lại thông tin từ website này',
        min_length=1,
        description="The site's condition for reuse. Stands in when a page lacks it; a page that says otherwise is "
        "reported.",
    )


class ArchiveSettings(Section):
    """Where the archive is."""

    folder: Annotated[Path, AfterValidator(_folder)] = Field(
        default=Path("data"), strict=False, description="Folder of the archive."
    )
    operator: str = Field(default="", description="Who runs the crawl; written into each WARC file.")
    log_file: Path | None = Field(
        default=None,
        strict=False,
        description="File that every crawl appends its events to, as JSON lines; none without it.",
    )
    warc_max_megabytes: int = Field(default=1000, ge=1, description="A WARC file is finished when it grows past this.")


class AuditSettings(Section):
    """How often `susta check --due` takes everything."""

    every_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Run daily, `susta check --due` audits every WARC file, and archive.db, within this many days.",
    )


class CrawlSettings(Section):
    """How the site is asked. The defaults are polite."""

    contact: str = Field(
        default="",
        description="E-mail or web address of the operator, sent in the User-Agent so that the site can reach you.",
    )
    delay_seconds: float = Field(
        default=3.0, ge=0, le=3600, strict=False, description="Least pause between two requests to one host."
    )
    delay_factor: float = Field(
        default=2.0,
        ge=0,
        le=100,
        strict=False,
        description="The pause is also at least this many times as long as the last answer took; 0: however long.",
    )
    max_delay_seconds: float = Field(
        default=60.0,
        ge=0,
        le=3600,
        strict=False,
        description="Longest pause that slow answers, or distress of the server (429, 503, time-outs, broken "
        "connections; each doubles the pause) may lead to. With delay_seconds = 0 neither does.",
    )
    max_crawl_delay_seconds: float = Field(
        default=60.0, ge=0, strict=False, description="Cap on the Crawl-delay that robots.txt may ask for."
    )
    timeout_seconds: float = Field(
        default=30.0,
        gt=0,
        strict=False,
        description="Longest silence within an answer; the next two waits are not longer either.",
    )
    connect_timeout_seconds: float = Field(
        default=10.0,
        gt=0,
        strict=False,
        description="Longest wait for a host's name, for a connection to one of its addresses, and for its TLS "
        "handshake: each.",
    )
    first_byte_timeout_seconds: float = Field(
        default=30.0, gt=0, strict=False, description="Longest wait for the first byte of an answer."
    )
    total_timeout_seconds: float = Field(
        default=300.0, gt=0, strict=False, description="Longest time one try may take altogether, however it drips."
    )
    attempts: int = Field(
        default=3, ge=1, le=10, description="How often a request is tried before it counts as failed."
    )
    max_retry_wait_seconds: float = Field(
        default=120.0,
        ge=0,
        strict=False,
        description="Longest wait before a new try, also when Retry-After asks for more.",
    )
    max_page_megabytes: float = Field(
        default=20.0,
        gt=0,
        le=_LARGEST_BODY,
        strict=False,
        description="A page larger than this is cut there and is never an article; at most 500.",
    )
    max_media_megabytes: float = Field(
        default=100.0, gt=0, le=_LARGEST_BODY, strict=False, description="The same for a picture or attachment."
    )
    fetch_media: bool = Field(default=True, description="Whether pictures and attachments of articles are captured.")
    ca_file: Path | None = Field(
        default=None, strict=False, description="Certificates (PEM) to trust besides the usual ones."
    )
    obey_noarchive: bool = Field(
        default=True,
        description="Whether a page that asks for it (`noarchive`) becomes no article; its capture is kept all the "
        "same. Changed, `susta rebuild` applies it to what was captured before.",
    )
    min_free_megabytes: float = Field(
        default=64.0,
        ge=0,
        strict=False,
        description="A run is not started with less free disk space than this, and stops in good order when it comes "
        "to that; 0: never.",
    )


class RevisitSettings(Section):
    """When a page is asked for again. Start pages and the first page of each listing are asked for at every run."""

    article_days: float = Field(
        default=7.0,
        ge=0,
        strict=False,
        description="First interval of an article; unchanged, it grows by half each time.",
    )
    page_days: float = Field(
        default=30.0, ge=0, strict=False, description="First interval of any other page, later listing pages included."
    )
    least_days: float = Field(default=1.0, ge=0, strict=False, description="No page is due sooner than this.")
    most_days: float = Field(default=180.0, ge=0, strict=False, description="No page is due later than this.")
    effort: float = Field(
        default=0.0,
        ge=0,
        strict=False,
        description="How many articles that turn out unchanged may be asked for again, for each found new or changed; "
        "0: as many as are due. 0.3 asks little, and leaves it to a site's sitemaps to tell what was edited.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "RevisitSettings":
        if self.least_days > self.most_days:
            raise ValueError(f"least_days ({self.least_days:g}) is more than most_days ({self.most_days:g})")
        return self


def _selector(value: str) -> str:
    if value:
        from scraper.extract.profile import is_selector

        if not is_selector(value):
            raise ValueError(f"{value!r} is no CSS selector")
    return value


Selector = Annotated[str, AfterValidator(_selector)]


class ProfileSettings(Section):
    """CSS selectors for a site whose pages are read wrongly. Each overrides one field, by the first element it matches;
    one that matches nothing is as if not set. None is known to be needed for susta.vn."""

    title: Selector = Field(default="", description="The element that holds the title.")
    body: Selector = Field(default="", description="The element that holds the article, with its photos and byline.")
    byline: Selector = Field(default="", description="The element that holds the byline.")
    date: Selector = Field(default="", description="The element that holds the day the article was posted.")

    @property
    def selectors(self) -> "Profile":
        """The selectors as extraction takes them."""
        from scraper.extract.profile import Profile  # what reads no page must not wait for the extractor

        return Profile(self.title, self.body, self.byline, self.date)


class Config(Section):
    """All settings."""

    site: SiteSettings = SiteSettings()
    source: SourceSettings = SourceSettings()
    archive: ArchiveSettings = ArchiveSettings()
    audit: AuditSettings = AuditSettings()
    crawl: CrawlSettings = CrawlSettings()
    revisit: RevisitSettings = RevisitSettings()
    profile: ProfileSettings = ProfileSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    health: HealthSettings = HealthSettings()

    @property
    def page_limit(self) -> int:
        """The size, in bytes, at which a page is cut."""
        return int(self.crawl.max_page_megabytes * 1_000_000)

    @property
    def agent(self) -> str:
        """Whom `events` name as having done something: software and version, with the operator where there is one."""
        operator = f" ({self.archive.operator})" if self.archive.operator else ""
        return f"{AGENT_NAME}/{__version__}{operator}"

    @property
    def media_limit(self) -> int:
        """The size, in bytes, at which a picture or attachment is cut."""
        return int(self.crawl.max_media_megabytes * 1_000_000)

    @property
    def user_agent(self) -> str:
        """The User-Agent header: honest, with a way to reach the operator. Header values are ASCII (RFC 9110 5.5), so
        Vietnamese letters lose their marks."""
        contact = without_marks(self.crawl.contact).encode("ascii", "replace").decode() or "no contact configured"
        contact = re.sub(r"[\x00-\x1f\x7f()\\]", " ", contact)
        return f"{AGENT_NAME}/{__version__} (site archive; {contact})"


AGENT_NAME = "susta-archive"


def load_config(path: Path | None = None) -> Config:
    """Reads a config file; without one named, `./config.toml` if it is there, else the defaults.

    Raises ConfigError with every mistake and its path. Relative paths in it become relative to the file.
    """
    if path is None:
        path = Path(DEFAULT_NAME)
        if not path.exists():
            return Config()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}", advice="Name a file with --config FILE.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text", advice="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    config = parse_config(data, where=str(path))
    log_file = path.parent / config.archive.log_file if config.archive.log_file else None
    archive = config.archive.model_copy(update={"folder": path.parent / config.archive.folder, "log_file": log_file})
    crawl = config.crawl
    if crawl.ca_file:
        crawl = crawl.model_copy(update={"ca_file": path.parent / crawl.ca_file})
        if not crawl.ca_file or not crawl.ca_file.is_file():
            raise ConfigError(
                f"{path} has 1 mistake; nothing was started", problems=(f"crawl.ca_file: no file {crawl.ca_file}",)
            )
    schedule, health = config.schedule, config.health
    places = {name: _beside(path, getattr(schedule, name)) for name in ("backup_to", "report_to")}
    program = health.hook[:1]
    if program and "/" in program[0]:  # a name alone is looked for where programs are
        program = [str(_beside(path, Path(program[0])))]
    local = {"metrics_file": _beside(path, health.metrics_file), "hook": [*program, *health.hook[1:]]}
    return config.model_copy(
        update={
            "archive": archive,
            "crawl": crawl,
            "schedule": schedule.model_copy(update=places),
            "health": health.model_copy(update=local),
        }
    )


def _beside(config_file: Path, named: Path | None) -> Path | None:
    return config_file.parent / named if named else None


def parse_config(data: dict[str, Any], *, where: str = DEFAULT_NAME) -> Config:
    """A Config from parsed TOML. Raises ConfigError naming each mistake as `section.key: what is wrong`."""
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        problems = tuple(_problem(item) for item in error.errors())
        raise ConfigError(
            f"{where} has {len(problems)} mistake{'s' if len(problems) > 1 else ''}; nothing was started",
            problems=problems,
        ) from error


def public_settings(config: Config) -> dict[str, Any]:
    """What a run is configured with, as JSON values, for all who read the archive: without the paths of this machine
    and what it does by itself, and without names and passwords in addresses."""
    local: Any = {"archive": {"folder", "log_file"}, "crawl": {"ca_file"}, "schedule": True, "health": True}
    settings = config.model_dump(mode="json", exclude=local)
    settings["site"]["start_urls"] = [page_address(url, url) for url in config.site.start_urls]
    return settings


def _problem(item: Any) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
    if item["type"] == "extra_forbidden":
        section, _, key = place.rpartition(".")
        known = Config.model_fields
        if section:
            annotation = known[section].annotation if section in known else None
            known = (
                annotation.model_fields if isinstance(annotation, type) and issubclass(annotation, BaseModel) else {}
            )
        near = difflib.get_close_matches(key, known, n=1)
        return f"{place}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
    message = item["msg"].removeprefix("Value error, ")
    given = "" if isinstance(item["input"], dict | list) else f" (it is {item['input']!r})"
    return f"{place}: {message}{given}"
