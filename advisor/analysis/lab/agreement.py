"""How often the quick form says what the full form says, to people who answered the full one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from advisor.analysis.lab.compare import flows
from advisor.analysis.lab.outcome import NOBODY, SILENT, evaluate, some_rows
from advisor.scoring import scores

if TYPE_CHECKING:
    from advisor.analysis.lab.compare import Flows
    from advisor.analysis.lab.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both forms say to ``n`` respondents who were asked every question.

    Each respondent is counted once. Those to whom both forms tell a first path: ``same``: it is the same; ``level``: it
    is another one, and at least one of the forms tells both paths as level; ``other``: it is another one. All others:
    ``quick_silent`` and ``full_silent``: only that form tells no first path yet; ``both_silent``: neither form does.

    ``steps``: for those to whom both tell a first path, the mean number of steps that are among the first three of
    both, NaN for nobody. ``flows``: from the full form's first path to that of the quick form.
    """

    n: int
    same: int
    level: int
    other: int
    quick_silent: int
    full_silent: int
    both_silent: int
    steps: float
    flows: Flows

    @property
    def told(self) -> int:
        """Return to how many both forms tell a first path."""
        return self.same + self.level + self.other


def agreement(base: Outcome) -> Agreement:
    """Return how often both forms agree; the quick form takes only the answers to the quick questions."""
    rows = np.flatnonzero(base.table.asked.all(axis=1))
    table = some_rows(base.table, rows)
    quick = scores.key(base.catalog).quick
    full = evaluate(base.catalog, table)
    short = evaluate(base.catalog, replace(table, asked=table.asked & quick))
    one, other = full.first_path, short.first_path
    silent = one == NOBODY, other == NOBODY
    told = ~silent[0] & ~silent[1]
    same = told & (one == other)
    everybody = np.arange(len(rows))
    near = (full.near[everybody, one] & full.near[everybody, other]) | (
        short.near[everybody, one] & short.near[everybody, other]
    )
    level = told & ~same & near
    shared = (full.top_steps & short.top_steps).sum(axis=1)[told]
    return Agreement(
        n=len(rows),
        same=int(same.sum()),
        level=int(level.sum()),
        other=int((told & ~same & ~near).sum()),
        quick_silent=int((~silent[0] & silent[1]).sum()),
        full_silent=int((silent[0] & ~silent[1]).sum()),
        both_silent=int((silent[0] & silent[1]).sum()),
        steps=float(shared.mean()) if shared.size else float("nan"),
        flows=flows((*base.paths.targets, SILENT), one, other),
    )
