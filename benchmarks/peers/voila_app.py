"""The page in plain Voilà, built as in its documentation: ipywidgets and a FigureWidget in one cell of a notebook.

``benchmarks.apps`` writes this file into a notebook.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
from IPython.display import display

from benchmarks.peers import content

values = content.answers()
reading = content.reading_of(values)
radar = go.FigureWidget(content.figure(reading))
advice = widgets.HTML()


def tell() -> None:
    """Show the recommendations of the reading."""
    advice.value = f"<ol>{''.join(f'<li>{line}</li>' for line in content.recommendations(reading))}</ol>"


def move(name: str, change: dict[str, Any]) -> None:
    """Take the new value of a slider and update the radar and the recommendations."""
    global reading  # noqa: PLW0603  (a notebook's cell)
    values[name] = change["new"]
    reading = content.reading_of(values)
    radar.data[0].r = content.figure(reading)["data"][0]["r"]
    tell()


sliders = []
for question in content.questions():
    slider = widgets.IntSlider(question.value, question.low, question.high)
    slider.observe(partial(move, question.id), names="value")
    sliders += [widgets.Label(question.text), slider]
tell()
display(widgets.HTML(f"<h1>{content.TITLE}</h1>"), widgets.HBox([widgets.VBox(sliders), widgets.VBox([radar, advice])]))
