"""Charts of groups as plotly dicts. Texts and lines have JupyterLab's own colours, so they suit its dark theme too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from advisor.analysis.cohort.groups import SILENT, UNTOLD, wide
from advisor.content.messages import language, messages
from advisor.content.words import Language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from advisor.content.catalog import Catalog
    from advisor.view.widgets.widgets import Chart

Figure = dict[str, Any]
INK, MUTED = "var(--jp-ui-font-color1, #22282a)", "var(--jp-ui-font-color2, #545f63)"
LINE = "var(--jp-border-color2, #ddd8cc)"
ON_CELLS = "#16191b"  # can be read on every colour of a cell, in both themes
BELOW_AND_ABOVE = [[0.0, "#5b9bd5"], [0.5, "#f5f5f2"], [1.0, "#e39a4d"]]  # different for every kind of colour vision
FEW_TO_MANY = [[0.0, "#f5f5f2"], [1.0, "#5b9bd5"]]
# Okabe, M. & Ito, K. (2008). Color universal design; each with a sign of its own as well.
SIGNS = (
    ("#0072b2", "circle"), ("#d55e00", "square"), ("#009e73", "diamond"), ("#cc79a7", "triangle-up"),
    ("#56b4e9", "triangle-down"), ("#e69f00", "star"), ("#7f8786", "x"), ("#9a8b00", "pentagon"),
)  # fmt: skip
MOST_GROUPS = len(SIGNS)
ROW, HEAD, LEGEND, NOTE = 26, 56, 60, 18  # pixels
FARTHEST = 0.8  # a large difference (Cohen, J. (1988). Statistical power analysis for the behavioral sciences, p. 26)
BESIDE = 0.6  # the groups of a scale are spread over this share of its row


def labels(catalog: Catalog, spoken: Language | None = None) -> dict[str, str]:
    """Return the short name of each scale, the name of each path, and the words for SILENT."""
    told = catalog.words[spoken or language()]
    return {
        **{name: scale.short or scale.name for name, scale in told.scales.items()},
        **{name: path.name for name, path in told.paths.items()},
        SILENT: messages(spoken)["segments_silent"],
    }


def chart(figure: Figure, alt: str) -> Chart:
    """Return a figure as a widget; ``alt`` says in words what it shows."""
    from advisor.view.widgets.widgets import Chart  # noqa: PLC0415  (only notebooks need widgets)

    return Chart(figure=figure, alt=alt, height=figure["layout"]["height"])


def differences(table: pd.DataFrame, names: Mapping[str, str], spoken: Language | None = None) -> Figure:
    """Return how far each group lies from everybody else (Hedges' g), scales down and groups across.

    ``table``: of :func:`advisor.analysis.cohort.groups.summarise`; ``names``: names of scales and groups.
    """
    shown = wide(table, "scale", "g")
    return _cells(
        _titled(shown, table, names, spoken),
        "{:+.2f}",
        {
            "colorscale": BELOW_AND_ABOVE,
            "zmin": -FARTHEST,
            "zmax": FARTHEST,
            "hovertemplate": "%{y} · %{x}: g = %{text}<extra></extra>",
        },
        (*_note(table, spoken), messages(spoken)["segments_g_note"]),
    )


def shares(table: pd.DataFrame, names: Mapping[str, str], spoken: Language | None = None) -> Figure:
    """Return the share of each group for whom a path comes first, paths down and groups across.

    ``table``: of :func:`advisor.analysis.cohort.groups.first_paths`.
    """
    shown = wide(table, "path", "share")
    return _cells(
        100 * _titled(shown, table, names, spoken),
        "{:.1f} %",
        {
            "colorscale": FEW_TO_MANY,
            "zmin": 0,
            "zmax": 100,
            "hovertemplate": "%{y} · %{x}: %{text}<extra></extra>",
        },
        _note(table, spoken),
    )


def means(table: pd.DataFrame, names: Mapping[str, str], spoken: Language | None = None) -> Figure:
    """Return each group's mean (0-100) with its 95 % interval: a row for each scale, its groups below each other.

    Raises:
        ValueError: there are more than :data:`MOST_GROUPS` groups; more cannot be told apart.
    """
    scales, groups = list(table["scale"].unique()), list(table["group"].unique())
    if len(groups) > MOST_GROUPS:
        raise ValueError(f"{len(groups)} groups: at most {MOST_GROUPS} can be told apart")
    titles = dict(zip(groups, _titles(table, names, spoken), strict=True))
    data = []
    for number, group in enumerate(groups):
        rows = table[table["group"] == group].set_index("scale").reindex(scales)
        colour, sign = SIGNS[number]
        aside = BESIDE * ((number + 0.5) / len(groups) - 0.5)
        data.append({
            "type": "scatter", "mode": "markers", "name": "{} ({})".format(*titles[group]), "x": _plain(rows["mean"]),
            "y": [place + aside for place in range(len(scales))], "showlegend": True,
            "marker": {"color": colour, "symbol": sign, "size": 8},
            "error_x": {"type": "data", "array": _plain(rows["high"] - rows["mean"]), "color": colour, "thickness": 1.5,
                        "width": 0},
            "text": [names.get(scale, scale) for scale in scales],
            "hovertemplate": "%{text} · %{fullData.name}: %{x:.1f} ± %{error_x.array:.1f}<extra></extra>",
        })  # fmt: skip
    row = max(ROW, 12 * len(groups))
    said = messages(spoken)
    notes = (*_note(table, spoken), said["segments_mean_note"])
    layout = _layout(len(scales) * row, notes, HEAD + LEGEND)
    layout["xaxis"] = _axis(side="top", title={"text": said["segments_mean"], "standoff": 6}, zeroline=False)
    layout["yaxis"] = _axis(
        tickvals=list(range(len(scales))), ticktext=[names.get(scale, scale) for scale in scales],
        range=[len(scales) - 0.5, -0.5], zeroline=False, showgrid=False,
    )  # fmt: skip
    bands = [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": place - 0.5, "y1": place + 0.5, "layer": "below",
         "fillcolor": "rgba(127,135,134,0.10)", "line": {"width": 0}}
        for place in range(0, len(scales), 2)
    ]  # fmt: skip
    layout |= {"shapes": bands, "showlegend": True}
    layout["legend"] = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"}
    return {"data": data, "layout": layout}


def _titled(
    shown: pd.DataFrame, table: pd.DataFrame, names: Mapping[str, str], spoken: Language | None
) -> pd.DataFrame:
    """Return a wide table with readable names for rows and columns."""
    rows = [names.get(name, name) for name in shown.index]
    return shown.set_axis(rows, axis=0).set_axis(["<br>".join(it) for it in _titles(table, names, spoken)], axis=1)


def _cells(shown: pd.DataFrame, written: str, look: Mapping[str, object], notes: Sequence[str]) -> Figure:
    """Return a table of coloured cells with their values written in them, the first row on top.

    A hidden value leaves its cell empty.
    """
    values = shown.to_numpy(float)
    texts = [["" if np.isnan(value) else _signed(written.format(value)) for value in row] for row in values]
    plain = [[None if np.isnan(value) else round(float(value), 4) for value in row] for row in values]
    cells = {
        "type": "heatmap", "z": plain, "x": list(shown.columns), "y": list(shown.index), "showscale": False,
        "xgap": 2, "ygap": 2, "text": texts, "texttemplate": "%{text}", "textfont": {"color": ON_CELLS, "size": 12},
        "hoverongaps": False, **look,
    }  # fmt: skip
    layout = _layout(len(shown) * ROW, notes)
    layout["xaxis"] = _axis(side="top", showgrid=False, type="category", tickangle=0)
    layout["yaxis"] = _axis(autorange="reversed", showgrid=False, type="category")
    return {"data": [cells], "layout": layout}


def _signed(text: str) -> str:
    """Return a number with a real minus sign, and without a sign before zero."""
    return text.replace("-", "−") if any(digit in text for digit in "123456789") else text.lstrip("+-")


def _titles(table: pd.DataFrame, names: Mapping[str, str], spoken: Language | None) -> list[tuple[str, str]]:
    """Return what each group is called, and how many people it has (the most of any scale: some are not scorable)."""
    said = messages(spoken)
    titles = []
    for group, rows in table.groupby("group", sort=False):
        name = said["segments_untold"] if group == UNTOLD else names.get(str(group), str(group))
        most = said["segments_hidden"] if rows["hidden"].all() else f"n = {int(rows['n'].max()):,}"
        titles.append((name, most))
    return titles


def _note(table: pd.DataFrame, spoken: Language | None) -> tuple[str, ...]:
    said = messages(spoken)
    return (said["segments_hidden_note"], said["segments_hidden_more"]) if table["hidden"].any() else ()


def _plain(values: pd.Series) -> list[float | None]:
    """Return numbers for JSON: None for NaN."""
    return [None if np.isnan(value) else round(float(value), 4) for value in values.astype(float)]


def _layout(rows: int, notes: Sequence[str], above: int = HEAD) -> Figure:
    """Return a layout with ``rows`` pixels for the rows, and notes below them."""
    below = 30 + NOTE * len(notes)
    height = above + rows + below
    note = {
        "text": "<br>".join(notes), "font": {"size": 12, "color": MUTED}, "xref": "container", "x": 0,
        "xanchor": "left", "yref": "container", "y": (below - 24) / height, "yanchor": "top", "pad": {"l": 8},
    }  # fmt: skip
    margin = {"l": 8, "r": 24, "t": above, "b": below}
    return {"font": {"color": INK, "size": 13}, "showlegend": False, "height": height, "title": note, "margin": margin}


def _axis(**parts: object) -> Figure:
    return {"gridcolor": LINE, "automargin": True, "tickfont": {"color": INK}, **parts}
