"""The radar as an SVG picture for paper, in greys and one dark colour, so that a grey printer shows all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

from advisor.report.charts import INNER
from advisor.report.fonts import FAMILY

WIDTH, HEIGHT = 400, 300
CENTRE = (WIDTH / 2, HEIGHT / 2 + 4)
RADIUS = 106
RINGS = (0, 50, 100)  # without figures, as on the screen
INK, MUTED, GRID, ACCENT, PAST, PAPER = "#22282a", "#545f63", "#c4c8c6", "#0b5c5a", "#4a5356", "#ffffff"
LINE_HEIGHT = 17
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One worry: its name in one or two lines, and its values of today and of last time (0-100; None: no value)."""

    name: tuple[str, ...]
    now: float | None = None
    last: float | None = None


def picture(axes: Sequence[Axis]) -> str:
    """Return the radar as SVG: today as a thick line, last time as a thin dashed one.

    A missing value is a gap in the line and a dotted spoke.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FAMILY}">',
        *(_ring(len(axes), ring) for ring in RINGS),
        *(_spoke(place, len(axes), axis) for place, axis in enumerate(axes)),
    ]
    if any(axis.last is not None for axis in axes):
        last = [axis.last for axis in axes]
        parts.append(_shape(last, "none", f'stroke="{PAST}" stroke-width="1.2" stroke-dasharray="4 3"'))
        parts += _dots(last, 1.8, PAST)
    now = [axis.now for axis in axes]
    parts.append(_shape(now, ACCENT, f'stroke="{ACCENT}" stroke-width="2.8" stroke-linejoin="round"'))
    parts += _dots(now, 3.2, ACCENT)
    parts += [_label(axis, place, len(axes)) for place, axis in enumerate(axes)]
    return "".join([*parts, "</svg>"])


def _point(place: int, of: int, value: float) -> Point:
    turn = 2 * pi * place / of
    reach = RADIUS * (value - INNER) / (100 - INNER)
    return CENTRE[0] + reach * sin(turn), CENTRE[1] - reach * cos(turn)


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _ring(of: int, value: int) -> str:
    corners = _path([_point(place, of, value) for place in range(of)])
    return f'<path d="{corners}Z" fill="none" stroke="{GRID}" stroke-width="{1.1 if value == RINGS[-1] else 0.7}"/>'


def _spoke(place: int, of: int, axis: Axis) -> str:
    look = f'stroke="{MUTED}" stroke-dasharray="1 3"' if axis.now is None else f'stroke="{GRID}"'
    return f'<path d="{_path([CENTRE, _point(place, of, 100)])}" {look} stroke-width="0.7"/>'


def _shape(values: Sequence[float | None], fill: str, look: str) -> str:
    """Return the filled outline of the values. If a value is missing, it joins only neighbours and fills nothing."""
    of = len(values)
    points = [None if value is None else _point(place, of, value) for place, value in enumerate(values)]
    if None not in points:
        closed = _path([point for point in points if point])
        return f'<path d="{closed}Z" fill="{fill}" fill-opacity="0.13" {look}/>'
    pairs = ((one, points[(place + 1) % of]) for place, one in enumerate(points))
    lines = "".join(_path([one, other]) for one, other in pairs if one and other)
    return f'<path d="{lines}" fill="none" {look}/>' if lines else ""


def _dots(values: Sequence[float | None], size: float, colour: str) -> list[str]:
    dots = [(*_point(place, len(values), value), value) for place, value in enumerate(values) if value is not None]
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{colour if value else PAPER}" stroke="{colour}"/>'
        for x, y, value in dots
    ]


def _label(axis: Axis, place: int, of: int) -> str:
    turn = 2 * pi * place / of
    x, y = CENTRE[0] + (RADIUS + 12) * sin(turn), CENTRE[1] - (RADIUS + 12) * cos(turn)
    side = "middle" if abs(sin(turn)) < 0.1 else "start" if sin(turn) > 0 else "end"  # noqa: PLR2004  (straight up or down)
    block = LINE_HEIGHT * len(axis.name)
    top = y - block * (1 + cos(turn)) / 2 + LINE_HEIGHT - 3  # above the centre the text grows upwards
    lines = "".join(
        f'<tspan x="{x:.1f}" y="{top + LINE_HEIGHT * row:.1f}">{escape(line)}</tspan>'
        for row, line in enumerate(axis.name)
    )
    return f'<text font-size="14" font-weight="500" text-anchor="{side}" fill="{INK}">{lines}</text>'
