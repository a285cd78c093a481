"""A new archive's `config.toml`: a few answers in, a commented file out, and never one that does not hold."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.errors import ConfigError
from scraper.config import Config, parse_config
from scraper.config_file import own_config

CONTACT_IS = "an e-mail address or a web address (http:// or https://), in plain ASCII, is needed"
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")  # HTML, "Valid e-mail address"


def is_contact(text: str) -> bool:
    """Whether somebody could be reached there, by its shape: an e-mail address or a web address, as RFC 9110, 10.1.2
    (From) and the custom of User-Agents have it."""
    if _MAIL.fullmatch(text):
        return True
    if not re.fullmatch(r"https?://[!-~]+", text, re.IGNORECASE):
        return False
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return False
    return bool(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host))


@dataclass(frozen=True, slots=True)
class Answers:
    """What is asked of somebody who begins. Empty ones leave the default; a contact is needed."""

    contact: str = ""
    operator: str = ""
    folder: str = ""
    start_url: str = ""
    crawl_at: str | None = None
    time_zone: str = ""
    backup_to: str = ""


def config_of(answers: Answers) -> tuple[str, Config]:
    """The text of the file, and the config that it is. Raises ConfigError with each answer that cannot be."""
    if not is_contact(answers.contact):
        raise ConfigError(
            "The site must be able to reach you; nothing was written",
            problems=(f"crawl.contact: {CONTACT_IS} (it is {answers.contact!r})",),
            advice="Give it with --contact, such as --contact archive@example.org.",
        )
    given: dict[str, Any] = {
        "crawl.contact": answers.contact,
        "archive.operator": answers.operator,
        "archive.folder": answers.folder,
        "site.start_urls": [answers.start_url] if answers.start_url else [],
        "schedule.time_zone": answers.time_zone,
        "schedule.backup_to": answers.backup_to,
    }
    chosen = {name: value for name, value in given.items() if value}
    if answers.crawl_at is not None:
        chosen["schedule.crawl"] = answers.crawl_at
    for name, value in chosen.items():
        if isinstance(value, str) and not value.isprintable():
            raise ConfigError("One answer cannot be", problems=(f"{name}: {value!r} has letters that cannot be shown",))
    text = own_config(chosen)
    return text, parse_config(tomllib.loads(text), where="What was answered")


def write_config(path: Path, text: str, *, force: bool) -> None:
    """Writes the file, whole. Raises ConfigError when there is one already, unless it is to be replaced; what was there
    is kept beside it."""
    if path.exists() and not force:
        raise ConfigError(
            f"{path} is there already; nothing was changed",
            advice="Edit it, or write a new one with --force (the old one is kept beside it).",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".part")
    new.write_text(text, encoding="utf-8")
    if path.exists():
        path.replace(path.with_name(path.name + ".old"))
    new.replace(path)
