"""How often each group of a cohort is given a piece of advice: rates with intervals, and the four-fifths ratio.

A group of few people is hidden, and so is what gives it away. A difference is a reason to look closer and no proof of
unfairness: people with other answers are given other advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from advisor.analysis.cohort.groups import UNTOLD, hide
from advisor.analysis.lab.outcome import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from advisor.analysis.lab.outcome import Outcome

    Floats = NDArray[np.float64]

SMALL = 30  # respondents: with fewer, a rate says little
CONFIDENCE_Z = 1.959963984540054  # 95 %
FOUR_FIFTHS = 0.8
RATIO = ["kind", "advice", "lowest", "lowest_rate", "highest", "highest_rate", "ratio", "below", "small", "overlap"]
KINDS = ("first_path", "top_step", "gate")


def wilson(counts: Floats, totals: Floats, z: float = CONFIDENCE_Z) -> tuple[Floats, Floats]:
    """Return both ends (0-1) of the interval of each share ``counts / totals``; 0 and 1 where a total is 0.

    The score interval of Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22(158), 209-212.
    """
    total = np.maximum(totals, 1)
    share = counts / total
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    reach = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    known = totals > 0
    low = np.where(known, np.where(counts == 0, 0.0, middle - reach), 0.0)
    high = np.where(known, np.where(counts == totals, 1.0, middle + reach), 1.0)
    return low, high


def rates(outcome: Outcome, segments: pd.Series, small: int = SMALL) -> pd.DataFrame:
    """Return one row for each piece of advice and group of a segment.

    ``segments``: one value for each respondent; those without one form a group of their own, UNTOLD, with ``told``
    False. Columns: ``kind`` (:data:`KINDS`), ``advice`` (SILENT: no first path yet), ``group``, ``told``, ``n``,
    ``count``, ``rate`` (0-1), ``low`` and ``high`` (Wilson, 95 %), ``small`` (fewer than ``small`` respondents),
    ``hidden`` (:func:`advisor.analysis.cohort.groups.too_few`; ``n`` and all figures are empty then).

    Raises:
        ValueError: there are not as many segments as respondents.
    """
    if len(segments) != len(outcome):
        raise ValueError(f"{len(segments)} segments for {len(outcome)} respondents")
    text = segments.astype(str).str.strip().to_numpy()
    told = segments.notna().to_numpy() & (text != "")
    members = [(str(name), True, told & (text == name)) for name in np.unique(text[told])]
    if not told.all():
        members.append((UNTOLD, False, ~told))
    rows = [
        {
            "kind": kind,
            "advice": advice,
            "group": name,
            "told": known,
            "n": int(who.sum()),
            "count": int(given[who].sum()),
        }
        for kind, advice, given in _given(outcome)
        for name, known, who in members
    ]
    found = pd.DataFrame(rows, columns=["kind", "advice", "group", "told", "n", "count"])
    low, high = wilson(found["count"].to_numpy(float), found["n"].to_numpy(float))
    found = found.assign(rate=found["count"] / found["n"], low=low, high=high, small=found["n"] < small)
    return hide(found, ["count", "rate", "low", "high"], ["kind", "advice"])


def _given(outcome: Outcome) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Yield the kind and name of every piece of advice, and for each respondent whether it is given."""
    for place, name in enumerate(outcome.paths.targets):
        yield "first_path", name, outcome.first_path == place
    if outcome.catalog.scoring.choosing:
        yield "first_path", SILENT, outcome.silent
    for place, name in enumerate(outcome.steps.targets):
        yield "top_step", name, outcome.top_steps[:, place]
    for place, name in enumerate(outcome.catalog.scoring.gates):
        yield "gate", name, outcome.gates[:, place]


def four_fifths(found: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each piece of advice: the lowest rate of a group divided by the highest.

    ``found``: a table of :func:`rates`.

    Columns: ``kind``, ``advice``, ``lowest``, ``lowest_rate``, ``highest``, ``highest_rate``, ``ratio`` (0-1, NaN where
    nobody is given it), ``below`` (under four fifths), ``small`` (one of the two groups is small, so that a few people
    would change the ratio), ``overlap`` (the intervals of the two groups overlap). A group that is hidden is left out,
    and who has told none.

    The rule of thumb of the Equal Employment Opportunity Commission et al. (1978). Uniform guidelines on employee
    selection procedures, section 4D, 29 CFR 1607.4: under four fifths is a difference worth looking into, unless the
    numbers are small. It was made for being chosen for a job; advice is neither good nor bad.
    """
    by_advice: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in found[found["told"] & ~found["hidden"]].to_dict("records"):
        by_advice.setdefault((row["kind"], row["advice"]), []).append({str(name): value for name, value in row.items()})
    rows = []
    for (kind, advice), groups in by_advice.items():
        low, high = (choose(groups, key=lambda row: row["rate"]) for choose in (min, max))
        ratio = low["rate"] / high["rate"] if high["rate"] > 0 else float("nan")
        rows.append(
            {
                "kind": kind,
                "advice": advice,
                "lowest": low["group"],
                "lowest_rate": low["rate"],
                "highest": high["group"],
                "highest_rate": high["rate"],
                "ratio": ratio,
                "below": ratio < FOUR_FIFTHS,
                "small": low["small"] or high["small"],
                "overlap": low["high"] >= high["low"],
            }
        )
    return pd.DataFrame(rows, columns=RATIO)
