"""Which line of a robots.txt it is that forbids an address. Pure; whether it is forbidden is `robots.py`'s to say."""

from scraper.config import AGENT_NAME
from scraper.robots import read_rules, text_of
from scraper.robots_text import lines_of, spoken_to


def rule_against(body: bytes, url: str, *, coding: str | None = None) -> str | None:
    """The longest `Disallow` line, of the groups that speak to this crawler, that forbids an address by itself; None
    when no single line does. The longest rule wins (RFC 9309 2.2.2). `body` is as it came, in its content coding."""
    groups = _groups(text_of(body, coding).body)
    ours = [rules for agents, rules in groups if AGENT_NAME in agents]
    ours = ours or [rules for agents, rules in groups if "*" in agents]
    lines = sorted((line for rules in ours for line in rules), key=len, reverse=True)
    return next((line for line in lines if _forbids(line, url)), None)


def _forbids(line: str, url: str) -> bool:
    return not read_rules(200, f"User-agent: *\n{line}\n".encode("utf-8", "surrogateescape")).allows(url)


def _groups(body: bytes) -> list[tuple[set[str], list[str]]]:
    """(whom it speaks to, `Disallow` lines) of each group."""
    groups: list[tuple[set[str], list[str]]] = []
    naming = False
    for field, value in lines_of(body):
        if field == "User-agent":
            if not naming:
                groups.append((set(), []))
            groups[-1][0].add(spoken_to(value))
            naming = True
        elif field in ("Disallow", "Allow"):
            naming = False
            if groups and field == "Disallow" and value:
                groups[-1][1].append(f"Disallow: {value}")
    return groups
