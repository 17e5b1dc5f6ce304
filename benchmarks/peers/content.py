"""The content of all peers: the sliders of our frustrations screen, its radar, and five recommendations.

All peers use our own scoring. So the work in Python is the same in each: one :func:`advisor.scoring.reading.read` for
each move of a slider.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.content import loading
from advisor.content.model import Facts
from advisor.scoring.reading import read
from advisor.scoring.results import Reading

TITLE = "仕事のもやもや"
RECOMMENDATIONS = 5


@dataclass(frozen=True)
class Question:
    """One slider."""

    id: str
    text: str
    low: int
    high: int
    value: int


def answers() -> dict[str, int]:
    """Return the answers before the first move: random ones, and the middle for each slider of this screen."""
    data, draw = loading.load(), random.Random(20261121)  # noqa: S311  (a benchmark, not a secret)
    asked = [item for scale in data.scales for item in data.active_items(scale)]
    drawn = {item.id: draw.randint(item.low, item.high) for item in asked}
    return drawn | {question.id: question.value for question in questions()}


def questions() -> list[Question]:
    """Return the sliders: frustrations and consequences, in the quick form."""
    data = loading.load()
    return [
        Question(item.id, data.words["ja"].items[item.id], item.low, item.high, (item.low + item.high) // 2)
        for scale in data.of_kind("frustration", "consequence")
        for item in data.active_items(scale)
    ]


def reading_of(values: Mapping[str, int]) -> Reading:
    """Return the reading of these answers."""
    return read(loading.load(), values, Facts(situation="inside"))


def recommendations(reading: Reading) -> list[str]:
    """Return the first steps with their points."""
    steps = loading.load().words["ja"].steps
    return [f"{steps[step.target].name} ({step.points})" for step in reading.steps[:RECOMMENDATIONS]]


def numbered(reading: Reading) -> str:
    """Return the recommendations as a list in Markdown."""
    return "\n".join(f"1. {line}" for line in recommendations(reading))


def figure(reading: Reading) -> dict[str, Any]:
    """Return the radar as a Plotly figure: nine axes and one closed line."""
    data = loading.load()
    axes = data.of_kind("frustration")
    values = [reading.scores[axis].value for axis in axes]
    names = [data.words["ja"].scales[axis].short for axis in axes]
    line = {
        "type": "scatterpolar", "fill": "toself", "mode": "lines+markers",
        "r": [*values, values[0]], "theta": [*names, names[0]],
    }  # fmt: skip
    return {"data": [line], "layout": {"polar": {"radialaxis": {"range": [0, 100]}}, "showlegend": False}}
