"""Synthetic answers, and what R with psych and lavaan makes of them (reference.R → reference.json)."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.scoring import likert

FOLDER = Path(__file__).parent


@cache
def instrument() -> likert.Instrument:
    """Return the instrument of the synthetic answers."""
    return likert.read_instrument(FOLDER)


@cache
def answers() -> NDArray[np.float64]:
    """Return respondents x items, NaN unanswered."""
    with (FOLDER / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = [[float(row[item] or "nan") for item in instrument().items] for row in csv.DictReader(file)]
    return np.array(rows)


@cache
def told() -> dict[str, Any]:
    """Return what R said; None, where R had NA, is NaN in arrays made of it."""
    found: dict[str, Any] = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))
    return found


def array(values: list[float | None]) -> NDArray[np.float64]:
    """Return R's numbers, NaN where it had NA."""
    return np.array(values, dtype=float)
