"""Charts as inline SVG: bars and lines that print well, each with a title for those who cannot see it.

Pure: numbers in, markup out; every text is escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 720, 190
_LEFT, _RIGHT, _TOP, _GROUND = 46, 8, 14, 160
_DASHES = ("", "6 3", "2 3", "10 3 2 3")
_COLOURS = ("#1f5f8b", "#b5541c", "#4a7c2c", "#7a3f8f")


def bars(
    title: str, counts: Sequence[tuple[str, float]], shown: Callable[[float], str] = lambda value: f"{value:,.0f}"
) -> str:
    """One bar a count; as many labels as there is room for."""
    if not counts:
        return ""
    most = max((value for _, value in counts), default=0) or 1
    step = (_WIDTH - _LEFT - _RIGHT) / len(counts)
    every = max(1, -(-len(counts) * 48 // (_WIDTH - _LEFT)))
    parts = [_grid(most, shown)]
    for place, (label, value) in enumerate(counts):
        tall = (_GROUND - _TOP) * value / most
        width = min(60.0, max(0.8, step * 0.72))
        left = _LEFT + place * step + (step - width) / 2
        tip = f"<title>{escape(label)}: {escape(shown(value))}</title>"
        parts.append(
            f'<rect x="{left:.1f}" y="{_GROUND - tall:.1f}" width="{width:.1f}" height="{tall:.1f}">{tip}</rect>'
        )
        if place % every == 0:
            parts.append(_label(left + width / 2, label))
    return _svg(title, parts, "bars")


def every_month(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Counts by month (`YYYY-MM`, in order) with a nought for each month between that has none."""
    known = dict(counts)
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (min(known), max(known)))
    months = [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(first, last + 1)]
    return [(month, known.get(month, 0)) for month in months]


def lines(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    """Shares from 0 to 1 over time; where a value is missing, the line has a gap."""
    if not labels:
        return ""
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(labels) - 1)
    every = max(1, -(-len(labels) * 48 // (_WIDTH - _LEFT)))
    parts = [_grid(1.0, lambda value: f"{value:.0%}")]
    parts += [_label(_LEFT + place * step, label) for place, label in enumerate(labels) if place % every == 0]
    for number, (name, values) in enumerate(series.items()):
        colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
        points = [(_LEFT + place * step, value) for place, value in enumerate(values)]
        for run in _unbroken(points):
            path = " ".join(f"{x:.1f},{_GROUND - (_GROUND - _TOP) * value:.1f}" for x, value in run)
            parts.append(f'<polyline points="{path}" stroke="{colour}" stroke-dasharray="{dash}"/>')
            for x, value in run:
                y = _GROUND - (_GROUND - _TOP) * value
                tip = f"<title>{escape(name)}: {value:.0%}</title>"
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}">{tip}</circle>')
    legend = "".join(
        f'<span><svg width="34" height="8" aria-hidden="true"><line x1="0" y1="4" x2="34" y2="4" stroke-width="2"'
        f' stroke="{_COLOURS[number % 4]}" stroke-dasharray="{_DASHES[number % 4]}"/></svg> {escape(name)}</span> '
        for number, name in enumerate(series)
    )
    return f'{_svg(title, parts, "lines")}<p class="legend">{legend}</p>'


def heat(times: Sequence[str], counts: Mapping[str, Sequence[int]]) -> str:
    """A table of counts by month or year, the darker the more: figures for those who read, shades for those who look.
    Months are shaded among months, and years among years."""
    if not counts:
        return ""
    most: dict[int, int] = {}
    for row in counts.values():
        for time, value in zip(times, row, strict=True):
            most[len(time)] = max(1, value, most.get(len(time), 1))
    head = "".join(f'<th scope="col"><span>{escape(time)}</span></th>' for time in times)
    body = []
    for name, row in counts.items():
        cells = "".join(
            f'<td class="h{min(5, -(-value * 5 // most[len(time)]))}">{value or ""}</td>'
            for time, value in zip(times, row, strict=True)
        )
        body.append(f'<tr><th scope="row">{escape(name) or "(none)"}</th>{cells}<td>{sum(row)}</td></tr>')
    return (
        f'<table class="heat"><thead><tr><th></th>{head}<th scope="col">all</th></tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _unbroken(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, value))
    return [run for run in runs if run]


def _grid(most: float, shown: Callable[[float], str]) -> str:
    rows = []
    for part in (0.0, 0.5, 1.0):
        y = _GROUND - (_GROUND - _TOP) * part
        rows.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        rows.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(shown(most * part))}</text>')
    return "".join(rows)


def _label(x: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{_GROUND + 18}" text-anchor="middle">{escape(text)}</text>'


def _svg(title: str, parts: Sequence[str], kind: str) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
