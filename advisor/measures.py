"""The names and ranges of all measures: everything about a client that advice may depend on, as numbers.

Scales, composites and shares run 0-100; counts run from 0 to how many there are; conditions are 0 or 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.model import SIGN_ANSWERS, SITUATIONS, TRIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.model import Scale, Step

INDEX, FRUSTRATIONS, CONSEQUENCES = "index", "frustrations", "consequences"
SIGN_COUNTS = tuple(f"signs_{answer}" for answer in SIGN_ANSWERS)
STEP_COUNTS = tuple(f"steps_{tried}" for tried in TRIED)
YEARS_MAX = 60


def ranges(
    scales: Mapping[str, Scale], signs: Mapping[str, object], steps: Mapping[str, Step]
) -> dict[str, tuple[float, float]]:
    """Return each measure's lowest and highest possible value, in the order of the columns of ``scoring.measure``."""
    percent = (0.0, 100.0)
    return {
        **dict.fromkeys(scales, percent),
        INDEX: percent,
        FRUSTRATIONS: percent,
        CONSEQUENCES: percent,
        **dict.fromkeys(SIGN_COUNTS, (0.0, float(len(signs)))),
        **dict.fromkeys(STEP_COUNTS, (0.0, float(len(present_steps(steps))))),
        **{f"situation_{situation}": percent for situation in SITUATIONS},
        "always": (100.0, 100.0),
        "years": (0.0, float(YEARS_MAX)),
        "experience_any": percent,
        **{priority(scale.id): percent for scale in scales.values() if scale.kind == "frustration"},
        **{measure: percent for step in steps for measure in (helped(step), in_vain(step))},
    }


def present_steps(steps: Mapping[str, Step]) -> tuple[str, ...]:
    """Return the steps that can be taken in the present job: those whose "tried" counts for the gates."""
    return tuple(name for name, step in steps.items() if "inside" in step.situations)


def priority(frustration: str) -> str:
    """Return the measure that says whether a frustration is marked as one to change most."""
    return f"priority_{frustration}"


def helped(step: str) -> str:
    """Return the measure that says whether a step was tried with effect."""
    return f"helped_{step}"


def in_vain(step: str) -> str:
    """Return the measure that says whether a step was tried without effect."""
    return f"in_vain_{step}"
