"""The charts of the scoring lab as plotly dicts. Colours are CSS variables, so they follow light and dark themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

Figure = dict[str, Any]
INK, MUTED, LINE = "var(--aw-ink)", "var(--aw-muted)", "var(--aw-line)"
MORE, LESS = "var(--aw-accent)", "var(--aw-warm-fill)"  # told apart without red and green
STAYS = "rgba(127,135,134,0.28)"
MOVES = "rgba(34,150,143,0.55)"
FEW = 11  # an axis shows so many letters of a name in one line


def broken(name: str, most: int = FEW) -> str:
    """Return a name, in two lines when it is long: broken at a space or after a particle near its middle."""
    if len(name) <= most:
        return name
    places = [place + 1 for place, letter in enumerate(name[:-2]) if letter in " 、をのへがにてで" and place > 1]
    cut = min(places or [len(name) // 2], key=lambda place: abs(place - len(name) / 2))
    return "<br>".join((name[:cut].rstrip(), name[cut:]))


def _layout(**parts: object) -> Figure:
    margin = {"l": 8, "r": 24, "t": 8, "b": 40}
    return {"font": {"color": INK, "size": 13}, "showlegend": False, "margin": margin, **parts}


def _axis(**parts: object) -> Figure:
    apart = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}  # labels do not touch the bars
    return {"gridcolor": LINE, "zerolinecolor": MUTED, "automargin": True, **apart, **parts}


def flow(names: Sequence[str], counts: Ints) -> Figure:
    """Return the flow from each first path (rows of ``counts``) to each (columns); those who stay are drawn faintly."""
    paths = range(len(names))
    links = [(old, new, int(counts[old, new])) for old in paths for new in paths if counts[old, new]]
    return {
        "data": [
            {
                "type": "sankey",
                "arrangement": "snap",
                "node": {
                    "label": _counted(names, counts.sum(1)) + _counted(names, counts.sum(0)),
                    "color": MUTED,
                    "pad": 34,
                    "thickness": 10,
                    "line": {"width": 0},
                },
                "link": {
                    "source": [old for old, _, _ in links],
                    "target": [len(names) + new for _, new, _ in links],
                    "value": [count for _, _, count in links],
                    "color": [STAYS if old == new else MOVES for old, new, _ in links],
                },
                "textfont": {"color": INK, "size": 12},
            }
        ],
        "layout": _layout(margin={"l": 8, "r": 8, "t": 16, "b": 16}),
    }


def _counted(names: Sequence[str], counts: Ints) -> list[str]:
    return [f"{broken(name)}  {count:,}" for name, count in zip(names, counts.tolist(), strict=True)]


def gained_lost(names: Sequence[str], gained: Sequence[int], lost: Sequence[int]) -> Figure:
    """Return, for each piece of advice, how many people gain it (to the right) and lose it (to the left)."""
    labels = [broken(name) for name in names]
    return {
        "data": [
            {"type": "bar", "orientation": "h", "y": labels, "x": list(gained), "marker": {"color": MORE},
             "text": [f"+{count:,}" if count else "" for count in gained], "textposition": "outside",
             "cliponaxis": False, "hoverinfo": "x+y"},
            {"type": "bar", "orientation": "h", "y": labels, "x": [-count for count in lost], "marker": {"color": LESS},
             "text": [f"−{count:,}" if count else "" for count in lost], "textposition": "outside",
             "cliponaxis": False, "hoverinfo": "x+y"},
        ],
        "layout": _layout(
            barmode="relative", yaxis=_axis(autorange="reversed", showgrid=False),
            xaxis=_axis(range=_room(gained, lost), tickformat=",d"), margin={"l": 8, "r": 24, "t": 8, "b": 40},
        ),
    }  # fmt: skip


def _room(gained: Sequence[int], lost: Sequence[int]) -> list[float]:
    """Return the ends of an axis that leave room for the figures beside the bars."""
    right, left = max([1, *gained]), max([1, *lost])
    room = 0.16 * (right + left)
    return [-left - room, right + room]


def bars(names: Sequence[str], values: Sequence[float], *, share: bool = False) -> Figure:
    """Return values by name, the first on top; ``share``: they are shares (0-1), shown in percent."""
    shown = [f"{100 * value:.1f} %" if share else f"{value:,.0f}" for value in values]
    return {
        "data": [
            {"type": "bar", "orientation": "h", "y": [broken(name, 18) for name in names], "x": list(values),
             "marker": {"color": MORE}, "text": shown, "textposition": "outside", "cliponaxis": False,
             "hoverinfo": "y+text"}
        ],
        "layout": _layout(
            yaxis=_axis(autorange="reversed", showgrid=False),
            xaxis=_axis(rangemode="tozero", tickformat=".0%" if share else ",d",
                        range=[0, 1.25 * max([*values, 0.01 if share else 1])]),
        ),
    }  # fmt: skip


def moved(middles: Sequence[float], counts: Sequence[int], title: str) -> Figure:
    """Return how many people (upwards) moved by how many points (to the right)."""
    return {
        "data": [
            {"type": "bar", "x": list(middles), "y": list(counts), "hoverinfo": "x+y",
             "marker": {"color": [MUTED if not middle else MORE if middle > 0 else LESS for middle in middles]}}
        ],
        "layout": _layout(
            bargap=0.08, xaxis=_axis(title={"text": title, "font": {"size": 13}}),
            yaxis=_axis(rangemode="tozero", tickformat=",d"),
            margin={"l": 8, "r": 16, "t": 8, "b": 48},
        ),
    }  # fmt: skip


def tornado(names: Sequence[Sequence[str]], less: Sequence[float], more: Sequence[float]) -> Figure:
    """Return the share of people who move when a weight is lowered and when it is raised.

    ``names``: each in one or two lines.
    """
    labels = ["<br>".join(lines) for lines in names]
    return {
        "data": [
            {"type": "bar", "orientation": "h", "y": labels, "x": [-share for share in less],
             "marker": {"color": LESS}, "hoverinfo": "y+text", "text": [f"{100 * share:.1f} %" for share in less],
             "textposition": "outside", "cliponaxis": False},
            {"type": "bar", "orientation": "h", "y": labels, "x": list(more), "marker": {"color": MORE},
             "hoverinfo": "y+text", "text": [f"{100 * share:.1f} %" for share in more], "textposition": "outside",
             "cliponaxis": False},
        ],
        "layout": _layout(
            barmode="relative", yaxis=_axis(autorange="reversed", showgrid=False),
            xaxis=_axis(showticklabels=False, range=_wide([*less, *more])),
        ),
    }  # fmt: skip


def _wide(shares: Sequence[float]) -> list[float]:
    widest = 1.35 * max([0.001, *shares])
    return [-widest, widest]


def rates(names: Sequence[str], rate: Floats, low: Floats, high: Floats) -> Figure:
    """Return the rate of each group as a point with its interval."""
    return {
        "data": [
            {"type": "scatter", "mode": "markers", "y": [broken(name, 16) for name in names], "x": rate.tolist(),
             "marker": {"color": MORE, "size": 11},
             "error_x": {"type": "data", "symmetric": False, "array": (high - rate).tolist(),
                         "arrayminus": (rate - low).tolist(), "color": MUTED, "thickness": 1.5},
             "hovertemplate": "%{x:.1%}<extra></extra>"}
        ],
        "layout": _layout(
            yaxis=_axis(autorange="reversed", showgrid=False, type="category"),
            xaxis=_axis(rangemode="tozero", tickformat=".0%"),
        ),
    }  # fmt: skip
