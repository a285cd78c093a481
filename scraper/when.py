"""Times of a schedule: `02:30` (every day), `Mon,Thu 06:30`, `1 06:30` (that day of each month). Text in, calendar out.

The same time becomes an OnCalendar expression (systemd.time(7)) or the first five fields of a crontab line
(crontab(5)). Where clocks are put forward and back, some times of day are left out or come twice; which, is told here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FORM = re.compile(
    rf"(?:(?P<days>(?:{'|'.join(DAYS)})(?:,(?:{'|'.join(DAYS)}))*)\s+|(?P<day>\d{{1,2}})\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class When:
    """A time of day; on these days of the week, or this day of the month, or every day."""

    hour: int
    minute: int
    days: tuple[str, ...] = ()
    day: int | None = None

    def on_calendar(self, zone: str) -> str:
        """As systemd writes it, with its time zone."""
        days = f"{','.join(self.days)} " if self.days else ""
        day = f"{self.day:02d}" if self.day else "*"
        return f"{days}*-*-{day} {self.hour:02d}:{self.minute:02d}:00 {zone}"

    def cron(self) -> str:
        """As crontab(5) writes it: minute, hour, day of month, month, day of week."""
        days = ",".join(str(DAYS.index(day) + 1) for day in self.days) or "*"
        return f"{self.minute} {self.hour} {self.day or '*'} * {days}"

    def is_on(self, day: date) -> bool:
        if self.day is not None:
            return day.day == self.day
        return not self.days or DAYS[day.weekday()] in self.days

    def moments(self, zone: ZoneInfo, first: date, days: int) -> list[datetime]:
        """When it is that time, in UTC, over so many days: twice on a day whose clock shows it twice, never on one
        whose clock leaves it out."""
        found = []
        for place in range(days):
            day = first + timedelta(days=place)
            if self.is_on(day):
                found += _moments_of(datetime(day.year, day.month, day.day, self.hour, self.minute), zone)
        return found

    def odd_days(self, zone: ZoneInfo, first: date, days: int = 800) -> list[tuple[date, int]]:
        """The days on which the clock does not show this time once, with how often it does."""
        every = (first + timedelta(days=place) for place in range(days))
        counted = ((day, len(self.moments(zone, day, 1))) for day in every if self.is_on(day))
        return [(day, times) for day, times in counted if times != 1]


def _moments_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    found = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall and moment not in found:
            found.append(moment)
    return found


def parse_when(text: str) -> When:
    """Reads a time. Raises ValueError that says what is possible."""
    match = _FORM.fullmatch(text.strip())
    if match and int(match["hour"]) < 24 and int(match["minute"]) < 60:
        days = tuple(dict.fromkeys(day.title() for day in (match["days"] or "").split(",") if day))
        day = int(match["day"]) if match["day"] else None
        if day is None or 1 <= day <= 28:
            return When(int(match["hour"]), int(match["minute"]), tuple(sorted(days, key=DAYS.index)), day)
    raise ValueError(
        f"{text!r} is no time: '02:30' (every day), 'Mon,Thu 06:30', '1 06:30' (a day of each month, 1 to 28), or ''"
    )
