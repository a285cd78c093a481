"""The article's blocks in order: paragraphs, headings, list items, tables, photos. Pure."""

import re

from archive.records import Block, BlockKind
from scraper.extract.lines import Line, LineKind

_BULLET = re.compile(r"^[-–•+*▪●○►➢✓·]\s+(?=\S)")
_GLUED_BULLET = re.compile(r"^[•▪●○►➢✓·]\s*(?=\S)")
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "”", '"', ")")
_LONGEST_HEADING = 160
_SHORTEST_BROKEN_LINE = 20  # characters


def read_blocks(lines: list[Line], left_out: frozenset[int], places: dict[int, int]) -> tuple[Block, ...]:
    """Blocks from an article's lines. `left_out` are lines already used otherwise; `places` maps a picture's line to
    its photo."""
    blocks: list[Block] = []
    held: Line | None = None
    text = ""
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT and index not in left_out:
            if held is not None and _goes_on(held, text, line):
                text = f"{text} {line.text}"
                continue
            if held is not None:
                blocks.append(_text_block(held, text))
            held, text = line, line.text
            continue
        if line.kind is LineKind.TEXT and index in left_out and not (line.paragraph and held):
            continue
        if held is not None:
            blocks.append(_text_block(held, text))
            held = None
        if line.kind is LineKind.TABLE:
            blocks.append(Block(BlockKind.TABLE, rows=line.rows))
        elif index in places:
            blocks.append(Block(BlockKind.PHOTO, photo=places[index]))
    if held is not None:
        blocks.append(_text_block(held, text))
    return tuple(block for block in blocks if block.kind in (BlockKind.TABLE, BlockKind.PHOTO) or block.text)


def _goes_on(held: Line, text: str, line: Line) -> bool:
    """Whether a single <br> broke a sentence rather than set lines apart."""
    if line.paragraph != held.paragraph or line.bold != held.bold:
        return False
    if len(text) < _SHORTEST_BROKEN_LINE:  # lines of a poem
        return False
    return not text.endswith(_SENTENCE_END) and line.text[:1].islower() and not _BULLET.match(line.text)


def _text_block(line: Line, text: str) -> Block:
    bullet = _BULLET.match(text) or _GLUED_BULLET.match(text)
    if bullet or line.listed:
        return Block(BlockKind.LIST_ITEM, text[bullet.end() :] if bullet else text)
    short = len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ","))
    if short and (line.heading or line.bold):
        return Block(BlockKind.HEADING, text)
    return Block(BlockKind.PARAGRAPH, text)
