"""The demo's six markups by name, and which of them a page gets when none is forced."""

from __future__ import annotations

from zlib import crc32

from scraper.demo.markup import Markup
from scraper.demo.markup_broken import Broken
from scraper.demo.markup_hashed import Hashed
from scraper.demo.markup_modern import Modern
from scraper.demo.markup_portal import Portal
from scraper.demo.markup_tables import Tables
from scraper.demo.markup_word import Word

CLASSES: dict[str, type[Markup]] = {made.name: made for made in (Modern, Portal, Tables, Word, Hashed, Broken)}
MARKUPS: tuple[str, ...] = tuple(CLASSES)


def markup_for(key: str, forced: str | None, base: str) -> Markup:
    return CLASSES[forced or MARKUPS[crc32(key.encode()) % len(MARKUPS)]](base)
