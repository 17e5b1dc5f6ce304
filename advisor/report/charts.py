"""Charts as Plotly figures, in plain dicts. Colours are CSS variables: one figure serves light, dark and print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.content.catalog import Catalog
    from advisor.content.words import Words
    from advisor.scoring.results import Reading

Figure = dict[str, Any]
INK, MUTED, LINE = "var(--aw-ink)", "var(--aw-muted)", "var(--aw-line)"
GROUND = "var(--aw-surface)"
EDGE = "var(--aw-edge)"
ACCENT, FILL, WARM = "var(--aw-accent)", "var(--aw-accent-soft)", "var(--aw-warm-fill)"
INNER = -16  # the middle of the radar: a score of 0 stands on a ring around it
OUTER = 107  # the edge of the radar: the dot of a score of 100 stands inside it, clear of its label


def _values(reading: Reading, scales: Sequence[str]) -> list[float | None]:
    scores = (reading.scores.get(scale) for scale in scales)  # an earlier catalogue may not know every scale
    return [None if score is None or score.value is None else round(score.value, 1) for score in scores]


def two_lines(name: str, sign: str = "") -> tuple[str, ...]:
    """Return a name with ``sign`` before it, in two lines if it has a space or の: broken near its middle or after の.

    A longer label would make the radar smaller on a phone and on paper.
    """
    if " " in name:
        spaces = [place for place, letter in enumerate(name) if letter == " "]
        middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
        return sign + name[:middle], name[middle + 1 :]
    head, particle, tail = name.partition("の")
    return (sign + head + particle, tail) if tail else (sign + name,)


def _layout(**parts: object) -> dict[str, object]:
    return {
        "font": {"color": INK, "size": 13},
        "showlegend": False,
        "margin": {"l": 16, "r": 16, "t": 16, "b": 16},
        **parts,
    }


def _empty(words: Words, reading: Reading, scales: Sequence[str]) -> list[dict[str, object]]:
    """Return an annotation "nothing to show yet" for the middle of a chart without any score, else nothing."""
    if any(reading.scores[scale].value is not None for scale in scales):
        return []
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    text = re.sub(r"(、|, )", r"\1<br>", words.interface["chart_empty"], count=1)  # in two lines, for a narrow chart
    return [{**place, "text": text, "font": {"size": 14, "color": MUTED}, "bgcolor": GROUND}]


def _gaps(reading: Reading, scales: Sequence[str]) -> dict[str, str]:
    """Return a dash for the label of each scale without a score: a missing bar looks like a bar of 0."""
    missing = {scale: reading.scores[scale].value is None for scale in scales}
    return {scale: " —" if is_missing and not all(missing.values()) else "" for scale, is_missing in missing.items()}


def radar(  # noqa: PLR0913  (today's reading, and what may stand beside it)
    catalog: Catalog,
    words: Words,
    reading: Reading,
    marked: Sequence[str] = (),
    supposed: Reading | None = None,
    *,
    last: Reading | None = None,
) -> Figure:
    """Return the nine frustrations as a radar, 0-100; marked axes have a star.

    A score of 0 is an open dot on the inner ring. An axis without a score is a dotted spoke without a dot. Trace 0 is
    always today's reading, and the last two are the open spokes. ``supposed`` is a dashed line, ``last`` a thin dotted
    line with diamonds.
    """
    axes = catalog.of_kind("frustration")
    gaps = _gaps(reading, axes)
    labels = [two_lines(words.scales[axis].short, "★ " if axis in marked else "") for axis in axes]
    names = ["<br>".join(label) + gaps[axis] for axis, label in zip(axes, labels, strict=True)]

    def trace(values: list[float | None], line: Mapping[str, object], **look: object) -> dict[str, object]:
        return {
            "type": "scatterpolar", "mode": "lines+markers", "r": [*values, values[0]], "theta": [*names, names[0]],
            "line": line, "hovertemplate": "%{theta}<extra></extra>", **look,
        }  # fmt: skip

    values = _values(reading, axes)
    colours = [WARM if axis in marked else ACCENT for axis in (*axes, axes[0])]
    data = [
        trace(
            values,
            {"color": ACCENT, "width": 2.5},
            fill="none" if any(gaps.values()) else "toself",  # a fill across a gap would read as a value
            fillcolor=FILL,
            marker=_dots([*values, values[0]], colours),
            meta={"colours": colours, "ground": GROUND},  # chart.js draws the dots of a draft with them
        )
    ]
    if supposed is not None:
        data.append(
            trace(
                _values(supposed, axes), {"color": WARM, "width": 2, "dash": "dash"}, marker={"size": 6, "color": WARM}
            )
        )
    if last is not None and any(value is not None for value in values):
        diamond = {"size": 6, "color": MUTED, "symbol": "diamond-open"}
        data.append(trace(_values(last, axes), {"color": MUTED, "width": 1.5, "dash": "dot"}, marker=diamond))
    data += _open_spokes(names, values)
    axis = {"gridcolor": LINE, "linecolor": LINE, "tickfont": {"size": 11, "color": MUTED}}
    polar = {
        "bgcolor": "rgba(0,0,0,0)",
        "radialaxis": {
            **axis,
            "gridcolor": EDGE,
            "range": [INNER, OUTER],
            "tickvals": [0, 50, 100],
            "showticklabels": False,
            "ticks": "",
            "angle": 90,
            "showline": False,
        },
        "angularaxis": {
            **axis,
            "direction": "clockwise",
            "rotation": 90,
            "ticks": "",
            "showline": False,
            "tickfont": {"size": 12.5, "color": INK},
        },
    }
    layout = _layout(polar=polar, margin={"l": 62, "r": 62, "t": 44, "b": 44}, annotations=_empty(words, reading, axes))
    return {"data": data, "layout": layout}


def _dots(values: Sequence[float | None], colours: Sequence[str]) -> dict[str, object]:
    """Return the dots of the radar: full ones, and open ones for a score of 0."""
    dots = list(zip(values, colours, strict=True))
    return {
        "opacity": 1,
        "size": [10 if colour == WARM else 8 for colour in colours],
        "color": [GROUND if value == 0 else colour for value, colour in dots],
        "line": {"width": 2, "color": [colour if value == 0 else GROUND for value, colour in dots]},
    }


def _open_spokes(names: Sequence[str], values: Sequence[float | None]) -> list[dict[str, object]]:
    """Return the spokes of the axes without a score: the grid's line is covered, and a dotted one is drawn over it."""
    looks = ({"color": GROUND, "width": 3}, {"color": EDGE, "width": 1, "dash": "dot"})
    ends = [end for value in values for end in ((0, 100, None) if value is None else (None, None, None))]
    theta = [name for name in names for _ in range(3)]
    return [
        {"type": "scatterpolar", "mode": "lines", "r": ends, "theta": theta, "line": line, "hoverinfo": "skip"}
        for line in looks
    ]


def radar_live(catalog: Catalog) -> dict[str, object]:
    """Return the settings with which the radar follows the sliders in the browser, before Python answers."""
    return {"trace": 0, "scales": list(catalog.of_kind("frustration")), "kind": "polar", "close": True}


def profile(catalog: Catalog, words: Words, reading: Reading) -> Figure:
    """Return the fifteen traits as bars, 0-100: nine that suit back-office work, then six preferences."""
    traits = (*catalog.of_kind("fit"), *catalog.of_kind("misfit"))
    gaps = _gaps(reading, traits)
    colours = [ACCENT if catalog.scales[trait].kind == "fit" else EDGE for trait in traits]
    bars = {
        "type": "bar", "orientation": "h",
        "x": _values(reading, traits), "y": [words.scales[trait].short + gaps[trait] for trait in traits],
        "marker": {"color": colours, "line": {"color": colours, "width": 3}},  # the line makes a stub of a score of 0
        "hovertemplate": "%{y}<extra></extra>", "width": 0.55,
    }  # fmt: skip
    axis = {"gridcolor": LINE, "zeroline": False, "tickfont": {"size": 13, "color": INK}}
    layout = _layout(
        xaxis={
            **axis,
            "gridcolor": EDGE,
            "range": [-1.5, 100],  # room for the stub of a score of 0
            "tickvals": [0, 50, 100],
            "showticklabels": False,
        },
        yaxis={**axis, "autorange": "reversed", "automargin": True, "showgrid": False},
        bargap=0.3,
        annotations=_empty(words, reading, traits),
    )
    return {"data": [bars], "layout": layout}


def profile_live(catalog: Catalog) -> dict[str, object]:
    """Return the settings with which the profile follows the sliders in the browser, before Python answers."""
    return {"trace": 0, "scales": [*catalog.of_kind("fit"), *catalog.of_kind("misfit")], "kind": "bar", "close": False}


def chart_in_words(words: Words, reading: Reading, scales: Sequence[str]) -> str:
    """Return a chart as text for people who cannot see it: the name of each scale, and how high it is in a word."""
    known = [scale for scale in scales if scale in reading.scores]
    if all(reading.scores[scale].value is None for scale in known):
        return words.interface["chart_empty"]
    return words.interface["list_separator"].join(
        f"{words.scales[scale].name} {in_words(words, reading, scale)}" for scale in known
    )


def in_words(words: Words, reading: Reading, scale: str) -> str:
    """Return in a word how high a scale is. An earlier reading may not know it."""
    score = reading.scores.get(scale)
    return words.interface["not_enough" if score is None or score.band is None else f"band_{score.band}"]
