"""Histories, differences, captures and events as a person reads them on a terminal."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archive.diff import BlockChange, Kind, Segment, Text
from archive.events import Event
from archive.history import History, Viewed
from archive.query import Provenance
from scraper.console import safe

if TYPE_CHECKING:
    from archive.provenance import CaptureView, RecordHead

_BARS = "▁▂▃▄▅▆▇█"
_MOST_BARS = 60
_COLOURS = {Kind.REMOVED: "\x1b[31;9m", Kind.ADDED: "\x1b[32m"}
_PLAIN = {Kind.REMOVED: ("[-", "-]"), Kind.ADDED: ("{+", "+}")}
_SIGNS = {Kind.SAME: " ", Kind.CHANGED: "~", Kind.ADDED: "+", Kind.REMOVED: "-", Kind.MOVED: ">"}


def timeline(history: History) -> str:
    """What happened to an article, line by line, the oldest first."""
    lines: list[tuple[str, int, str]] = []
    for one in history.revisions:
        said = one.changed or one.title
        text = f"revision {one.number:<3d} capture {one.capture_id}, {one.extractor}: {safe(said)}"
        lines.append((one.seen_at, 0, text))
    for gone in history.gone:
        lines.append((gone.since, 1, f"disappeared   capture {gone.capture_id}, settled {gone.settled_at[:19]}Z"))
        if gone.returned_at:
            lines.append((gone.returned_at, -1, f"returned      capture {gone.returned_capture_id}"))
    told = [f"  {_second(at)}  {text}" for at, _, text in sorted(lines)]
    ended = f"gone since {history.gone_since[:10]}" if history.gone_since else "there when last asked for"
    head = [
        f"Article {history.id}: {safe(history.title)}",
        safe(history.url),
        f"First seen {_second(history.first_seen)}, last {_second(history.last_seen)}, {ended}",
    ]
    views = [f"Views: {views_line(history.views)}"] if history.views else []
    aliases = [f"Also at {safe(one.url)} ({one.reason}, {one.first_seen[:10]})" for one in history.aliases]
    return "\n".join([*head, *told, *views, *aliases])


def _second(at: str) -> str:
    return f"{at[:19].removesuffix('Z')}Z"


def views_line(views: list[Viewed]) -> str:
    """A counter over time: its first and last reading, and its shape."""
    first, last = views[0], views[-1]
    if len(views) == 1:
        return f"{first.views} ({first.seen_at[:10]})"
    step = max(1, -(-len(views) // _MOST_BARS))
    numbers = [one.views for one in views[::-step]][::-1]
    low, high = min(numbers), max(numbers)
    bars = "".join(_BARS[(number - low) * (len(_BARS) - 1) // max(high - low, 1)] for number in numbers)
    return f"{first.views} ({first.seen_at[:10]}) to {last.views} ({last.seen_at[:10]}), {len(views)} readings  {bars}"


def diff_text(changes: list[BlockChange], *, colour: bool) -> str:
    """What changed, block by block; runs of blocks that did not are counted only."""
    lines: list[str] = []
    same = 0
    for change in changes:
        if change.kind is Kind.SAME:
            same += change.before is not None
            continue
        if same:
            lines.append(f"  ({same} unchanged)")
            same = 0
        lines += _change_lines(change, colour)
    if same and lines:
        lines.append(f"  ({same} unchanged)")
    return "\n".join(lines)


def _change_lines(change: BlockChange, colour: bool) -> Iterator[str]:
    where = "" if change.after is None and change.before is None else f" {_place(change)}"
    was = f", was {_plain(change.was)}" if change.was else ""
    yield f"{_SIGNS[change.kind]} {_plain(change.block)}{where} {change.kind}{was}"
    for text in change.texts:
        if text.kind is Kind.SAME and (text.name in ("cell", "address") or len(change.texts) > 1):
            continue
        name = "" if text.name == "text" else f"{_name(text)}: "
        yield f"    {name}{marked(text.segments, colour=colour)}"


def _place(change: BlockChange) -> str:
    if change.kind is Kind.MOVED:
        return f"{(change.before or 0) + 1} -> {(change.after or 0) + 1}"
    return str((change.after if change.after is not None else change.before or 0) + 1)


def _name(text: Text) -> str:
    return f"row {text.row}, column {text.column}" if text.row is not None else _plain(text.name)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def marked(segments: Iterable[Segment], *, colour: bool) -> str:
    """A text with what was removed and added in colour, or in [-…-] and {+…+}."""
    parts = []
    for segment in segments:
        text = safe(segment.text)
        if segment.kind is Kind.SAME:
            parts.append(text)
        elif colour:
            parts.append(f"{_COLOURS[segment.kind]}{text}\x1b[0m")
        else:
            opens, closes = _PLAIN[segment.kind]
            parts.append(f"{opens}{text}{closes}")
    return "".join(parts)


def capture_text(view: "CaptureView") -> str:
    """A capture, from its bytes to what became of them."""
    row = view.row
    place = f"{row['warc_file']}, offset {row['warc_offset']}, {row['warc_length']} bytes"
    lines = [
        f"Capture {row['id']}: {safe(row['url'])}",
        f"Fetched      {row['fetched_at']}, status {row['status']}, as {row['role']}"
        + (", cut short" if row["truncated"] else ""),
        f"WARC record  {place}",
        f"Payload      {row['payload_length']} bytes, {safe(row['media_type']) or 'no type'}",
        f"             sha256 {row['payload_sha256']}",
    ]
    if view.removed:
        lines.append("Its bytes were removed from the WARC files when the article was withdrawn; this row stays.")
    if view.stands_for is not None:
        other = view.stands_for
        lines.append(
            f"Revisit      its payload is that of capture {other['id']} ({other['fetched_at']}, {safe(other['url'])})"
        )
    if view.run is not None:
        run = view.run
        lines.append(
            f"Run          {run['id']}, {_second(run['started_at'])}, {run['outcome']}, {safe(run['software'])}"
        )
    lines += _derived_lines(view)
    for name, head in (("Request", view.request), ("Response", view.response)):
        if head is not None:
            lines += ["", f"{name} as sent", *_head_lines(head)]
    return "\n".join(lines)


def _derived_lines(view: "CaptureView") -> list[str]:
    derived = view.derived
    if derived is None:
        return [f"Derived      nothing: {view.row['role']}, status {view.row['status']}"]
    frame = f"frame {derived.frame_id}" if derived.frame_id is not None else "no frame"
    by = f"by {derived.extractor}, {frame}"
    if derived.refusal:
        return [
            f"Derived      no article ({derived.refusal}{': ' + safe(derived.detail) if derived.detail else ''}), {by}"
        ]
    began = f", began its revision {derived.revision}" if derived.revision is not None else ", nothing new"
    lines = [
        f"Derived      article {derived.article_id}{began}, {by}",
        f"             {safe(derived.article_url or '')}",
    ]
    lines += reason_lines({name: (one["rule"], one["confidence"]) for name, one in (derived.reasons or {}).items()})
    return lines


def _head_lines(head: "RecordHead") -> list[str]:
    return [f"  {safe(line)}" for line in head.http]


def reason_lines(reasons: dict[str, tuple[str, float]]) -> list[str]:
    """For each field the rule that gave it, and how sure that is."""
    width = max(map(len, reasons), default=0)
    return [f"  {name:{width}}  {rule} ({confidence:.2f})" for name, (rule, confidence) in reasons.items()]


def why_lines(provenance: Provenance) -> str:
    """What a record rests on."""
    frame = f"frame {provenance.frame_id}" if provenance.frame_id is not None else "no frame"
    head = f"From capture {provenance.capture_id} by {provenance.extractor}, {frame}; field by field:"
    return "\n".join([head, *reason_lines({name: (one[0], one[1]) for name, one in provenance.reasons.items()})])


def events_text(events: list[Event]) -> str:
    """Events, one a line."""
    lines = []
    for one in events:
        detail = ", ".join(f"{name} {_value(value)}" for name, value in one.detail.items())
        outcome = "" if one.outcome == "success" else f" [{one.outcome}]"
        lines.append(
            f"{_second(one.at)}  {one.type:11}  {safe(one.target)}{outcome}  {safe(detail)}  ({safe(one.agent)})"
        )
    return "\n".join(lines)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
