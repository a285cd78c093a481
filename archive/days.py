"""Days and words as filters take them, checked the same way by every command, the Python API and the browser."""

import re
from datetime import date

from archive.errors import ConfigError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # as the archive has it: days are compared as texts


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as YYYY-MM-DD."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def refuse_odd_days(since: str | None, until: str | None) -> None:
    """Raises ConfigError for what is no day, and for a range that ends before it begins."""
    for name, day in (("since", since), ("until", until)):
        refuse_odd_text(name, day)
        if day is not None and not is_day(day):
            raise ConfigError(f"{name}: {day!r} is no day of the form YYYY-MM-DD")
    if since and until and since > until:
        raise ConfigError(f"since: {since} is later than until: {until}")


def refuse_odd_text(name: str, text: str | None) -> None:
    """Raises ConfigError for a filter that is empty (a mistake, such as a variable that was not set: it would ask for
    nothing, or for everything) or holds half a character (a lone surrogate); TypeError for what is no text."""
    if text is None:
        return
    if not isinstance(text, str):
        raise TypeError(f"{name}: a text is needed, not {type(text).__name__}")
    if not text.strip():
        raise ConfigError(f"{name} is empty", advice="Give it a value, or leave it out.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{name}: {text!r} is no text of whole characters") from error
