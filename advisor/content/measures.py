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
    """Return each measure's lowest and highest possible value, in the column order of ``scoring.scores.measure``.

    ``worry_most``: the highest score of a worry.
    ``relevant_in_vain``: the number of steps that were tried without effect and answer a high worry.
    ``employed``: 100 if the client is inside, or is unsure and has told something about a present job.
    ``effects_high``: the number of effects (consequence scales) that are high.
    ``help``: 100 if the workbook should name help from outside.
    ``first_<path>``: 100 if this path stands first. It is known only after the paths are ranked.
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
    """Return the steps that can be taken in the present job; the gates count the answers to "tried" of these only."""
    return tuple(name for name, step in steps.items() if "inside" in step.situations)


def priority(frustration: str) -> str:
    """Return the measure that says whether the client marked a frustration as one to change most."""
    return f"priority_{frustration}"


def helped(step: str) -> str:
    """Return the measure that says whether a step was tried with effect."""
    return f"helped_{step}"


def in_vain(step: str) -> str:
    """Return the measure that says whether a step was tried without effect."""
    return f"in_vain_{step}"
