"""The shape of one subject's stock of hand-written text.

Everything in curly brackets is a slot that `names.Slots` fills: `{home}`, `{host}` and `{theme}` stay the same within
one article, the others are drawn anew each time, so that an article keeps to its subject and yet no two read alike.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    categories: tuple[str, ...]
    hosts: tuple[str, ...]
    themes: tuple[str, ...]
    titles: tuple[str, ...]
    news: tuple[str, ...]
    """First sentences that go on after a day: `Ngày 07/12/2021, …`."""
    essays: tuple[str, ...]
    """First sentences without a day."""
    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    bullets: tuple[str, ...]
    captions: tuple[str, ...]
    closings: tuple[str, ...]
