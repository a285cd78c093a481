"""`config.toml` as text: every setting with what it means, from the descriptions in config.py."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from scraper.config import Config

_WIDTH = 100
_SHIPPED = (
    """Settings of susta-archive. Each stands here with its default; unedited, this file changes nothing. Paths are
    relative to this file. Every key may be left out. All mistakes are reported at once, each with its place.""",
    """Written by docs/generate.py from scraper/config.py, and held to the defaults by a test: change a copy, in the
    folder where your archive is to be.""",
)
_OWN = (
    "Settings of susta-archive. What is left out, or stands behind a #, has the default that is shown.",
    "Paths are relative to this file. All mistakes are reported at once, each with its place; `susta doctor` checks.",
)


def settings() -> Iterator[tuple[str, str, Any, str]]:
    """Each setting as (section, key, default, description)."""
    defaults = Config()
    for section, info in Config.model_fields.items():
        model: Any = info.annotation
        for key, field in model.model_fields.items():
            yield section, key, getattr(getattr(defaults, section), key), field.description or ""


def toml(value: Any) -> str:
    """A value as TOML writes it; "" for None, which TOML cannot say."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case list() | tuple():
            return f"[{', '.join(toml(each) for each in value)}]"
        case _:
            text = str(value)
            literal = '"' in text and "'" not in text and text.isprintable()
            return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shipped_config() -> str:
    """The file with every setting at its default. Unedited it changes nothing."""
    return _text(_SHIPPED, {}, defaults_count=True)


def own_config(chosen: Mapping[str, Any]) -> str:
    """The file of somebody's own archive: `chosen` maps `section.key` to a value; the rest stands behind a #, so that a
    later version's defaults hold. Raises KeyError for a setting that there is not."""
    unknown = set(chosen) - {f"{section}.{key}" for section, key, _, _ in settings()}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return _text(_OWN, chosen, defaults_count=False)


def _text(about: tuple[str, ...], chosen: Mapping[str, Any], *, defaults_count: bool) -> str:
    lines = [line for text in about for line in _comment(text)]
    last = ""
    for section, key, default, meaning in settings():
        if section != last:
            words = " ".join((Config.model_fields[section].annotation.__doc__ or "").split())
            lines += ["", *_comment(words), f"[{section}]"]
            last = section
        lines += _comment(meaning)
        name = f"{section}.{key}"
        value = toml(chosen.get(name, default))
        live = name in chosen or (defaults_count and value)
        lines.append(f"{'' if live else '# '}{key} = {value}".rstrip())
    return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    """A text as comment lines of TOML."""
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent="# ", subsequent_indent="# ")
