"""The page in Dash, built as in its tutorial: a layout, and one callback from the sliders to figure and list."""

from __future__ import annotations

import sys

import plotly.graph_objects as go
from dash import Dash, Input, Output, callback, dcc, html

from benchmarks.peers import content

QUESTIONS = content.questions()
ANSWERS = content.answers()

app = Dash(__name__, title=content.TITLE)
app.layout = [
    html.H1(content.TITLE),
    html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.Label(question.text),
                            dcc.Slider(
                                question.low, question.high, 1, value=question.value, id=question.id, updatemode="drag"
                            ),
                        ]
                    )
                    for question in QUESTIONS
                ],
                style={"flex": 1},
            ),
            html.Div([dcc.Graph(id="radar"), html.Ol(id="advice")], style={"flex": 1}),
        ],
        style={"display": "flex"},
    ),
]


@callback(
    Output("radar", "figure"),
    Output("advice", "children"),
    [Input(question.id, "value") for question in QUESTIONS],
)
def move(*values: int) -> tuple[go.Figure, list[html.Li]]:
    """Return the figure and the list for the values of the sliders."""
    given = dict(zip((question.id for question in QUESTIONS), values, strict=True))
    reading = content.reading_of(ANSWERS | given)
    return go.Figure(content.figure(reading)), [html.Li(line) for line in content.recommendations(reading)]


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=sys.argv[1], debug=False)
