"""Charts of an instrument's quality as plotly dicts, in colours that colour-blind readers can tell apart.

Palette: Okabe, M. & Ito, K. (2008). Color universal design. Bars of answers go from one colour through grey to another,
and from dark to light to dark, so that they differ in print, too.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from advisor.analysis.psychometrics import style
from advisor.scoring.reliable_change import RELIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from advisor.analysis.lab.quality import Answers
    from advisor.analysis.psychometrics.change import Retest

    Floats = NDArray[np.float64]

Figure = dict[str, Any]
BLUE, ORANGE, GREY, DARK, SOFT = "#0072B2", "#D55E00", "#9AA0A6", "#333333", "#DDDDDD"
ANSWERS = ("#8C510A", "#D8B365", "#E6E6E6", "#5AB4AC", "#01665E")
ROW = 24  # pixels of a scale or item
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"}
MOST_POINTS = 3000  # a scatter shows at most so many points: more would hide each other
ROOM = 0.06  # a bar shows its figure from this share of 100 % on: a smaller one has no room
LINE = 20  # letters of an item's text in one line
LONG_WORD = 6
BREAK = "<br>"  # the only markup in our labels of plotly


def _layout(height: int, **parts: object) -> Figure:
    return {
        "height": height,
        "template": "none",
        "font": {"size": 13, "color": DARK},
        "margin": {"l": 10, "r": 30, "t": 56, "b": 56},
        "legend": LEGEND,
        "plot_bgcolor": "white",
        "paper_bgcolor": "white",
        "hoverlabel": {"align": "left"},
        **parts,
    }


def _axis(title: str = "", **parts: object) -> Figure:
    shown = {"title": {"text": title, "standoff": 12, "font": {"size": 13}}} if title else {}
    return {"gridcolor": "#EEEEEE", "zeroline": False, "automargin": True, **shown, **parts}


def _names(*, grid: bool) -> Figure:
    """Return an axis that shows every name, from the top down."""
    return _axis(type="category", autorange="reversed", tickmode="linear", dtick=1, showgrid=grid)


def reliability(given: Answers, table: pd.DataFrame) -> Figure:
    """Return alpha with its interval and omega as dots, the most reliable scale on top (``table``: quality.scales)."""
    say = given.say
    alpha, low, high, omega = (say[name] for name in ("alpha", "alpha_low", "alpha_high", "omega_one_factor"))
    table = table.sort_values(alpha, ascending=False)
    names = table.index.tolist()
    interval = {
        "type": "data",
        "symmetric": False,
        "array": (table[high] - table[alpha]).tolist(),
        "arrayminus": (table[alpha] - table[low]).tolist(),
        "color": BLUE,
        "thickness": 2,
        "width": 0,
    }
    marks = {"x": table[alpha].tolist(), "y": names, "name": say["feldt"], "error_x": interval}
    hover = "%{y}<br>%{x:.3f}<extra>%{fullData.name}</extra>"
    dots: Figure = {"type": "scatter", "mode": "markers", "hovertemplate": hover}
    return {
        "data": [
            {**dots, **marks, "marker": {"color": BLUE, "size": 9}},
            {
                **dots, "x": table[omega].tolist(), "y": names, "name": omega,
                "marker": {"color": ORANGE, "size": 9, "symbol": "diamond-open", "line": {"width": 2}},
            },
        ],
        "layout": _layout(
            ROW * len(names) + 130,
            xaxis=_axis(say["reliability"], tickformat=".2f"),
            yaxis=_names(grid=True),
        ),
    }  # fmt: skip


def distributions(given: Answers, table: pd.DataFrame, scales: Iterable[str]) -> Figure:
    """Return how the answers to each item of these scales (names) are spread, as bars that add up to 100 %."""
    say = given.say
    part = table.loc[list(scales)]
    answers = [column for column in part.columns if column in _answer_names(given)]
    shares = part[answers].div(part[answers].sum(axis=1), axis=0)
    marks = [say["reversed_mark"] * back for back in part[say["reverse"]].tolist()]
    groups = part.index.get_level_values(0).map(lambda scale: say["group"].format(scale=scale))
    ticks, rows = _grouped(groups, part.index.get_level_values(1) + marks)
    return {
        "data": [
            {
                "type": "bar", "orientation": "h", "x": shares[name].tolist(), "y": rows, "name": name,
                "marker": {"color": colour, "line": {"color": "white", "width": 1}},
                "text": [f"{share:.0%}" if share >= ROOM else "" for share in shares[name]],
                "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
                "textfont": {"color": "white" if place in (0, len(answers) - 1) else DARK, "size": 12},
                "hovertemplate": "%{x:.1%}<extra>%{fullData.name}</extra>",
            }
            for place, (name, colour) in enumerate(zip(answers, ANSWERS, strict=False))
        ],
        "layout": _layout(
            38 * len(ticks) + 130,
            barmode="stack", bargap=0.2,
            xaxis=_axis(say["answers_share"], tickformat=".0%", range=[0, 1], showgrid=False),
            yaxis=_axis(tickvals=[*range(len(ticks))], ticktext=ticks, range=[len(ticks) - 0.4, -0.6], showgrid=False),
        ),
    }  # fmt: skip


def _grouped(scales: Iterable[str], items: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the labels of all rows (a scale's name above its items) and the row of each item."""
    labels: list[str] = []
    rows: list[int] = []
    before = None
    for scale, item in zip(scales, items, strict=True):
        labels += [scale] * (scale != before) + [_lines(item)]
        rows.append(len(labels) - 1)
        before = scale
    return labels, rows


def _answer_names(given: Answers) -> set[str]:
    low, high = int(given.instrument.low.min()), int(given.instrument.high.max())
    return {given.say["answer"].format(value=value) for value in range(low, high + 1)}


def _lines(text: str) -> str:
    """Return an item's text in lines: between words, in Japanese after the comma or particle nearest the middle."""
    if " " in text.strip():
        return BREAK.join(wrap(text, max(LINE, len(text) // 2 + LONG_WORD)))
    if len(text) <= LINE:
        return text
    may = [place for place in range(4, len(text) - 3) if text[place] not in "、。」"]
    best = [place for place in may if text[place - 1] in "、をのがにはと" and not "ぁ" <= text[place] <= "ん"]
    middle = min(best or may, key=lambda place: abs(place - len(text) / 2))
    return BREAK.join((text[:middle], text[middle:]))


def heat_map(given: Answers, r: pd.DataFrame, n: pd.DataFrame) -> Figure:
    """Return the correlations of the scales as a map from blue (below 0) through white to orange (above)."""
    names = r.index.tolist()
    shown = r.where(~np.eye(len(r), dtype=bool)).round(2)
    end = max(0.5, float(np.nan_to_num(shown.abs().to_numpy()).max()))
    cells = shown.astype(object).where(shown.notna(), None).to_numpy().tolist()
    return {
        "data": [
            {
                "type": "heatmap", "x": names, "y": names, "z": cells, "zmin": -end, "zmax": end, "xgap": 1, "ygap": 1,
                "colorscale": [[0, BLUE], [0.25, "#8CC0DE"], [0.5, "#FFFFFF"], [0.75, "#F2B48A"], [1, ORANGE]],
                "colorbar": {"title": {"text": given.say["correlation"], "side": "top"}, "thickness": 14},
                "customdata": n.to_numpy().tolist(),
                "hovertemplate": "%{y}<br>%{x}<br>r = %{z:.2f} (N = %{customdata:,})<extra></extra>",
            }
        ],
        "layout": _layout(
            ROW * len(names) + 190,
            xaxis=_axis(tickangle=-60, tickmode="linear", dtick=1, side="bottom", showgrid=False),
            yaxis=_names(grid=False),
            plot_bgcolor="#F4F4F4",
        ),
    }  # fmt: skip


def response_style(given: Answers, found: style.Style) -> Figure:
    """Return a scatter of respondents by the spread of their answers and their longest run; flags are marked.

    Whoever lies beyond a dotted line is flagged; who gave few or many answers may meet a nearer limit.
    """
    say = given.say
    flags = found.flags.sum(axis=1)
    enough = np.flatnonzero(found.given >= found.lengths[0])
    some = np.random.default_rng(0).permutation(enough)[:MOST_POINTS]
    share = found.longstring / np.maximum(found.given, 1)
    looks = (("no_flag", flags == 0, GREY, "circle", 0.35), ("one_flag", flags == 1, BLUE, "circle", 0.8),
             ("more_flags", flags > 1, ORANGE, "diamond", 0.95))  # fmt: skip
    traces = []
    for name, kind, colour, symbol, opacity in looks:
        rows = some[kind[some]]
        traces.append({
            "type": "scatter", "mode": "markers", "name": f"{say[name]}  {int(kind[enough].sum()):,}",
            "x": found.irv[rows].round(3).tolist(), "y": share[rows].round(3).tolist(),
            "marker": {"color": colour, "symbol": symbol, "size": 6, "opacity": opacity},
            "hovertemplate": "%{x:.2f} / %{y:.0%}<extra>%{fullData.name}</extra>",
        })  # fmt: skip
    run, spread = (found.limits[:, style.SIGNS.index(sign)] for sign in ("longstring", "irv"))
    line = {"type": "line", "line": {"color": DARK, "width": 1, "dash": "dot"}}
    shown = say["of"].format(shown=f"{len(some):,}", all=f"{len(enough):,}")
    return {
        "data": traces,
        "layout": _layout(
            460,
            shapes=[
                *({**line, "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"} for x in _farthest(spread, min)),
                *({**line, "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y} for y in _farthest(run, max)),
            ],
            annotations=[{"text": shown, "x": 1, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "right",
                          "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": "#666666"}}],
            xaxis=_axis(say["spread"], range=[-0.03, float(found.irv[some].max()) * 1.03] if len(some) else None),
            yaxis=_axis(say["one_run"], tickformat=".0%", range=[0, 1.03]),
        ),
    }  # fmt: skip


def _farthest(limits: Floats, choose: Callable[[list[float]], float]) -> list[float]:
    """Return the limit that nobody can pass unflagged, or nothing if there is none."""
    told = limits[~np.isnan(limits)].tolist()
    return [choose(told)] if told else []


def with_and_without(given: Answers, table: pd.DataFrame) -> Figure:
    """Return each scale's alpha from all respondents and from those without a flag (quality.with_and_without)."""
    say = given.say
    alphas = pd.DataFrame({group: table[say["alpha"], say[group]] for group in ("everybody", "unflagged")})
    alphas = alphas.sort_values("everybody", ascending=False)
    names = alphas.index.tolist()
    lines: dict[str, list[float | str | None]] = {"x": [], "y": []}
    for name, row in alphas.iterrows():
        lines["x"] += [float(row["everybody"]), float(row["unflagged"]), None]
        lines["y"] += [str(name), str(name), None]
    looks = (("everybody", BLUE, "circle"), ("unflagged", ORANGE, "circle-open"))
    return {
        "data": [
            {"type": "scatter", "mode": "lines", **lines, "line": {"color": GREY, "width": 2}, "showlegend": False,
             "hoverinfo": "skip"},
            *(
                {"type": "scatter", "mode": "markers", "name": say[group], "x": alphas[group].tolist(), "y": names,
                 "marker": {"color": colour, "size": 9, "symbol": symbol, "line": {"width": 2, "color": colour}},
                 "hovertemplate": "%{y}<br>%{x:.3f}<extra>%{fullData.name}</extra>"}
                for group, colour, symbol in looks
            ),
        ],
        "layout": _layout(
            ROW * len(names) + 130,
            xaxis=_axis(say["alpha"], tickformat=".2f"),
            yaxis=_names(grid=True),
        ),
    }  # fmt: skip


def changed(given: Answers, found: Retest, before: Sequence[float], after: Sequence[float]) -> Figure:
    """Return each person's two scores on one scale; a point outside the band is more than measurement error."""
    say = given.say
    first, second = np.asarray(before, float), np.asarray(after, float)
    both = ~np.isnan(found.rci)
    some = np.random.default_rng(0).permutation(np.flatnonzero(both))[:MOST_POINTS]
    jitter = np.random.default_rng(1).uniform(-2, 2, (2, len(first)))
    x, y = (np.round(values + moved, 1) for values, moved in zip((first, second), jitter, strict=True))
    up, down = found.rci >= RELIABLE, found.rci <= -RELIABLE
    looks = (("unchanged", both & ~up & ~down, GREY, "circle"), ("risen", up, BLUE, "triangle-up"),
             ("fallen", down, ORANGE, "triangle-down"))  # fmt: skip
    traces = [
        {
            "type": "scatter", "mode": "markers", "name": f"{say[name]}  {int(kind.sum()):,}",
            "x": x[some[kind[some]]].tolist(), "y": y[some[kind[some]]].tolist(), "hoverinfo": "skip",
            "marker": {"color": colour, "symbol": symbol, "size": 6, "opacity": 0.6},
        }
        for name, kind, colour, symbol in looks
    ]  # fmt: skip
    width = RELIABLE * found.sd * float(np.sqrt(2 * (1 - found.r)))
    line = {"type": "line", "line": {"color": DARK, "width": 1, "dash": "dot"}}
    return {
        "data": traces,
        "layout": _layout(
            520,
            shapes=[{**line, "x0": 0, "x1": 100, "y0": side * width, "y1": 100 + side * width} for side in (-1, 1)],
            xaxis=_axis(say["before"], range=[-3, 103]),
            yaxis=_axis(say["after"], range=[-3, 103]),
        ),
    }
