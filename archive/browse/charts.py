"""Charts as plain geometry: where each bar and point stands. Pure; templates draw them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.presence import moment


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the ground up; `x` is its left edge, `middle` where its label stands."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side in a field of `width` by `height`; labels stand below the ground and values above the bars."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    ground: int
    every: int  # each n-th label is written, so that none lies over another


def bars(counts: Sequence[tuple[str, int]], *, width: int = 640, height: int = 200, gap: float = 0.28) -> Bars:
    """One bar a count, the highest as high as there is room."""
    ground, top = height - 34, 30
    step = width / max(len(counts), 1)
    most = max((value for _, value in counts), default=0) or 1
    broad = min(step * (1 - gap), 64)
    drawn = []
    for place, (label, value) in enumerate(counts):
        tall = round((ground - top) * value / most, 2)
        left = round(place * step + (step - broad) / 2, 2)
        drawn.append(Bar(label, value, left, round(ground - tall, 2), round(broad, 2), tall))
    return Bars(tuple(drawn), width, height, ground, max(1, -(-len(counts) * 44 // width)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line through measurements over time; `points` as SVG has them."""

    points: str
    area: str
    dots: tuple[tuple[float, float], ...]
    width: int
    height: int
    low: int
    high: int


def line(readings: Sequence[tuple[str, int]], *, width: int = 320, height: int = 96) -> Line | None:
    """Readings as (time, value), oldest first; None where there are less than two times. The lowest stands at the
    bottom, so that a counter's growth can be seen whatever it began with."""
    timed = [(moment(at), value) for at, value in readings if _is_time(at)]
    if len(timed) < 2 or timed[0][0] == timed[-1][0]:
        return None
    first, span = timed[0][0], (timed[-1][0] - timed[0][0]).total_seconds()
    low, high = min(value for _, value in timed), max(value for _, value in timed)
    left, top, right, bottom = 4, 8, width - 4, height - 8
    dots = tuple(
        (
            round(left + (right - left) * (at - first).total_seconds() / span, 1),
            round(bottom - (bottom - top) * (value - low) / max(high - low, 1), 1),
        )
        for at, value in timed
    )
    points = " ".join(f"{x},{y}" for x, y in dots)
    area = f"{left},{bottom} {points} {right},{bottom}"
    return Line(points, area, dots if len(dots) <= 40 else (dots[0], dots[-1]), width, height, low, high)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def shade(value: int, most: int) -> int:
    """How dark a cell of a table is, 0 (nothing) to 5."""
    return 0 if value <= 0 else min(5, 1 + value * 4 // max(most, 1))
