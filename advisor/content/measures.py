"""The names and ranges of all measures: everything about a client that advice may depend on, as numbers.

Scales, composites and shares run 0-100; counts run from 0 to how many there are; conditions are 0 or 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.content.model import FIXED, SIGN_ANSWERS, SITUATIONS, TRIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.model import Step

INDEX, FRUSTRATIONS, CONSEQUENCES = "index", "frustrations", "consequences"
SIGN_COUNTS = tuple(f"signs_{answer}" for answer in SIGN_ANSWERS)
STEP_COUNTS = tuple(f"steps_{tried}" for tried in TRIED)
YEARS_MAX = 60
WORRY, IN_VAIN, EMPLOYED = "worry_most", "relevant_in_vain", "employed"
EFFECTS, HELP = "effects_high", "help"


def ranges(catalog: Catalog) -> dict[str, tuple[float, float]]:
    """Return each measure's lowest and highest possible value, in the order of the columns of ``scoring.measure``.

    ``worry_most``: the highest score of a worry. ``relevant_in_vain``: how many steps were tried in vain that answer
    a worry which is high. ``employed``: 100 for who is inside, or unsure and tells of a present job. ``effects_high``:
    how many effects of the worries are high. ``help``: 100 where help from outside should be named.
    ``first_<path>``: 100 where this path stands first; known only after the paths.
    """
    percent = (0.0, 100.0)
    scales, signs, steps = catalog.scales, catalog.signs, catalog.steps
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
        WORRY: percent,
        IN_VAIN: (0.0, float(len(present_steps(steps)))),
        EMPLOYED: percent,
        EFFECTS: (0.0, float(sum(scale.kind == "consequence" for scale in scales.values()))),
        HELP: percent,
        **{f"role_{role}": percent for role in catalog.roles},
        **{f"experience_{name}": percent for name in catalog.statements["experience"]},
        **{f"fixed_{name}": percent for name in FIXED},
        **{first(path): percent for path in catalog.paths},
    }


def first(path: str) -> str:
    """Return the measure that says whether a path stands first."""
    return f"first_{path}"


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
