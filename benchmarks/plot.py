"""A log-log plot as an SVG of a few lines, legible on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 150, 44, 60

_STYLE = """
  .page { fill: #ffffff } .grid { stroke: #d0d7de } .text { fill: #1f2328 } .guide { stroke: #6e7781 }
  .a { stroke: #0550ae; fill: #0550ae } .b { stroke: #bc4c00; fill: #bc4c00 } .c { stroke: #116329; fill: #116329 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .grid { stroke: #30363d } .text { fill: #e6edf3 } .guide { stroke: #8b949e }
    .a { stroke: #79c0ff; fill: #79c0ff } .b { stroke: #ffa657; fill: #ffa657 } .c { stroke: #7ee787; fill: #7ee787 }
  }
  text { font: 13px system-ui, sans-serif } .line { fill: none; stroke-width: 2 } .grid, .guide { stroke-width: 1 }
"""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axes:
    """Where values stand on the page; both scales are logarithmic and begin and end at powers of ten."""

    x_from: int
    x_to: int
    y_from: int
    y_to: int

    @classmethod
    def around(cls, points: Points) -> Axes:
        """Axes that hold all the points."""
        logs = [(math.log10(x), math.log10(y)) for x, y in points]
        xs, ys = zip(*logs, strict=True)
        x_from, y_from = math.floor(min(xs)), math.floor(min(ys))
        return cls(x_from, max(x_from + 1, math.ceil(max(xs))), y_from, max(y_from + 1, math.ceil(max(ys))))

    def x(self, value: float) -> float:
        """The place of a value on the horizontal axis, in pixels."""
        share = (math.log10(value) - self.x_from) / (self.x_to - self.x_from)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """The place of a value on the vertical axis, in pixels."""
        share = (math.log10(value) - self.y_from) / (self.y_to - self.y_from)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def log_log(title: str, x_label: str, y_label: str, lines: Mapping[str, Points], guide: Points) -> str:
    """A plot of up to three lines, each named at its last point, and a dashed guide from one point to another."""
    axes = Axes.around([*guide, *(point for points in lines.values() for point in points)])
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="text" x="{LEFT}" y="24">{escape(title)}</text>',
    ]
    for power in range(axes.x_from, axes.x_to + 1):
        at = axes.x(10.0**power)
        parts.append(f'<line class="grid" x1="{at}" y1="{TOP}" x2="{at}" y2="{bottom}"/>')
        parts.append(
            f'<text class="text" x="{at}" y="{bottom + 20}" text-anchor="middle">{_number(10.0**power)}</text>'
        )
    for power in range(axes.y_from, axes.y_to + 1):
        at = axes.y(10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{at}" x2="{right}" y2="{at}"/>')
        parts.append(f'<text class="text" x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{_number(10.0**power)}</text>')
    middle = (TOP + bottom) / 2
    parts.append(
        f'<text class="text" x="{(LEFT + right) / 2}" y="{bottom + 44}" text-anchor="middle">{escape(x_label)}</text>'
    )
    parts.append(
        f'<text class="text" transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text>"
    )
    parts.append(f'<polyline class="guide line" stroke-dasharray="5 5" points="{_places(axes, guide)}"/>')
    for (name, points), kind in zip(lines.items(), "abc", strict=False):
        parts.append(f'<polyline class="{kind} line" style="fill: none" points="{_places(axes, points)}"/>')
        parts += [f'<circle class="{kind}" cx="{axes.x(x)}" cy="{axes.y(y)}" r="3.5"/>' for x, y in points]
        x, y = points[-1]
        parts.append(f'<text class="text" x="{axes.x(x) + 10}" y="{axes.y(y) + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _places(axes: Axes, points: Points) -> str:
    return " ".join(f"{axes.x(x)},{axes.y(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
