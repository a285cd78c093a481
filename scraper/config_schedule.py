"""Settings of what runs by itself: the sections `[schedule]` and `[health]` of `config.toml`; see config.py."""

import re
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from archive.health_terms import RULES
from scraper.when import parse_when


class Section(BaseModel):
    """A section: nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _when(value: str) -> str:
    if value.strip():
        parse_when(value)
    return value.strip()


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no time zone (such as 'Asia/Ho_Chi_Minh' or 'UTC')") from error
    return value


def _unit_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", value):
        raise ValueError(f"{value!r}: small letters, digits and hyphens are needed")
    return value


def _rule(value: str) -> str:
    if value not in RULES:
        raise ValueError(f"{value!r} is no rule; there are: {', '.join(RULES)}")
    return value


def _one_line(value: str) -> str:
    if not value or not value.isprintable():
        raise ValueError(f"{value!r}: a word of printable letters is needed")
    return value


Time = Annotated[str, AfterValidator(_when)]


class ScheduleSettings(Section):
    """What `susta schedule` has the machine do, and when: `02:30` (every day), `Mon,Thu 06:30`, `1 06:30` (a day of
    each month, 1 to 28), or `` for never."""

    name: Annotated[str, AfterValidator(_unit_name)] = Field(
        default="susta", description="What the machine's units are called; another one for each further archive."
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Ho_Chi_Minh", description="The time zone of all times here (a name of the IANA database)."
    )
    crawl: Time = Field(default="02:30", description="When `susta crawl` runs.")
    audit: Time = Field(default="04:30", description="When `susta check --due` runs: every day, since it takes parts.")
    backup: Time = Field(default="05:30", description="When `susta backup` runs, if `backup_to` is set.")
    backup_to: Path | None = Field(default=None, strict=False, description="Folder of the backup; none without it.")
    report: Time = Field(default="Mon 06:30", description="When `susta report` runs, if `report_to` is set.")
    report_to: Path | None = Field(default=None, strict=False, description="File of the report; none without it.")
    health_hours: int = Field(
        default=1, ge=0, le=24, description="`susta health` runs every so many hours (a divisor of 24); 0: never."
    )
    delay_minutes: int = Field(
        default=15, ge=0, le=180, description="Each run begins up to so many minutes later, at random (systemd only)."
    )
    memory_megabytes: int = Field(
        default=2048, ge=256, description="More memory than this no run may use (systemd only)."
    )
    cpu_percent: int = Field(
        default=100, ge=5, le=6400, description="More of a core than this no run may use (systemd only)."
    )

    @model_validator(mode="after")
    def _even(self) -> "ScheduleSettings":
        if self.health_hours and 24 % self.health_hours:
            raise ValueError(f"health_hours ({self.health_hours}) must divide 24")
        return self


class HealthSettings(Section):
    """What `susta health` warns of, and whom it tells. The rules are explained in docs/scheduling.md."""

    stale_hours: float = Field(
        default=50.0, gt=0, strict=False, description="Hours without a good run: a warning. One bad night is none."
    )
    stale_hours_critical: float = Field(
        default=120.0, gt=0, strict=False, description="Hours without a good run: critical."
    )
    hung_hours: float = Field(
        default=6.0, gt=0, strict=False, description="Hours in which a run that goes on captures nothing: critical."
    )
    quiet_days: float = Field(
        default=14.0, gt=0, strict=False, description="So many days without a new article are never remarkable."
    )
    quiet_factor: float = Field(
        default=2.0,
        ge=1,
        strict=False,
        description="So many times the site's usual gap (95 of 100 are shorter) without a new article are a warning.",
    )
    baseline_days: float = Field(
        default=30.0, gt=0, strict=False, description="Shares are compared with those of so many days before."
    )
    least_pages: int = Field(default=8, ge=1, description="Of fewer pages no share is judged.")
    jump_points: float = Field(
        default=25.0,
        gt=0,
        le=100,
        strict=False,
        description="A share jumps when it is so many percent points higher, and that is no accident.",
    )
    jump_chance: float = Field(
        default=0.00001,
        gt=0,
        lt=1,
        strict=False,
        description="No accident is what is less likely than this if nothing changed.",
    )
    disk_days: float = Field(default=30.0, gt=0, strict=False, description="Days until the disk is full: a warning.")
    disk_days_critical: float = Field(
        default=7.0, gt=0, strict=False, description="Days until the disk is full: critical."
    )
    off: list[Annotated[str, AfterValidator(_rule)]] = Field(
        default=[], description=f"Rules that are not applied, of: {', '.join(RULES)}."
    )
    hook: list[Annotated[str, AfterValidator(_one_line)]] = Field(
        default=[],
        description="Command and its arguments (no shell), run whenever a rule says something else than before, with "
        "the facts as JSON on its standard input.",
    )
    hook_timeout_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        strict=False,
        description="The hook is ended after this; it is run again next time.",
    )
    metrics_file: Path | None = Field(
        default=None,
        strict=False,
        description="File (`*.prom`) for the textfile collector of Prometheus' node_exporter; none without it.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "HealthSettings":
        if self.stale_hours > self.stale_hours_critical:
            raise ValueError("stale_hours is more than stale_hours_critical")
        if self.disk_days < self.disk_days_critical:
            raise ValueError("disk_days is less than disk_days_critical")
        return self
