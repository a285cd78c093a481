"""Which line of a robots.txt it is that forbids an address. Pure; whether it is forbidden is `robots.py`'s to say."""

import re

from scraper.config import AGENT_NAME
from scraper.robots import read_rules

_FIELD = re.compile(r"\s*([a-z-]+)\s*:\s*([^#]*)", re.I)


def rule_against(body: bytes, url: str) -> str | None:
    """The longest `Disallow` line, of the groups that speak to this crawler, that forbids an address by itself; None
    when no single line does. The longest rule wins (RFC 9309 2.2.2)."""
    groups = _groups(body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
    ours = [rules for agents, rules in groups if any(agent != "*" and agent in AGENT_NAME for agent in agents)]
    ours = ours or [rules for agents, rules in groups if "*" in agents]
    lines = sorted((line for rules in ours for line in rules), key=len, reverse=True)
    return next((line for line in lines if _forbids(line, url)), None)


def _forbids(line: str, url: str) -> bool:
    return not read_rules(200, f"User-agent: *\n{line}\n".encode()).allows(url)


def _groups(text: str) -> list[tuple[list[str], list[str]]]:
    """(names of agents, `Disallow` lines) of each group."""
    groups: list[tuple[list[str], list[str]]] = []
    naming = False
    for line in re.split(r"\r\n|\r|\n", text):
        match = _FIELD.match(line)
        if match is None:
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            if not naming:
                groups.append(([], []))
            groups[-1][0].append(value.lower())
            naming = True
        elif field in ("disallow", "allow"):
            naming = False
            if groups and field == "disallow" and value:
                groups[-1][1].append(f"Disallow: {value}")
    return groups
