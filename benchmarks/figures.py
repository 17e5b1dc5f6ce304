"""The figures of a run and their goals: medians, percentiles, ratios, and a table of them. All functions are pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Samples = Mapping[str, Mapping[str, Sequence[float]]]  # app → figure → measured values
Against = Literal["best", "plain"]


@dataclass(frozen=True)
class Figure:
    """A figure and its goal: at most this share of the figure of the best peer, or of plain Voilà (``against``)."""

    id: str
    name: str
    share: float = 0.5  # the percentile; 0.5 is the median
    goal: float | None = None
    against: Against = "best"
    digits: int = 0


FIGURES = (
    Figure("cold", "usable page, cold (ms)"),
    Figure("warm", "usable page, warm (ms)", goal=0.5),
    Figure("drawn", "radar drawn, warm (ms)"),
    Figure("radar_median", "slider → radar, p50 (ms)", digits=1),
    Figure("radar", "slider → radar, p95 (ms)", share=0.95, goal=0.5, digits=1),
    Figure("advice_median", "slider → Python → page, p50 (ms)", digits=1),
    Figure("advice", "slider → Python → page, p95 (ms)", share=0.95, goal=1.0, digits=1),
    Figure("lost", "moves without an answer, most in a round", share=1.0),
    Figure("kilobytes", "first visit (kB)", goal=0.5),
    Figure("websocket", "  of it by websocket (kB)"),
    Figure("requests", "first visit, requests"),
    Figure("memory", "MiB (PSS) per session", goal=0.15, against="plain", digits=1),
    Figure("cpu_open", "CPU s per session, opening it", goal=0.05, against="plain", digits=2),
    Figure("cpu", "CPU s per session, with 20 moves", goal=0.05, against="plain", digits=2),
    Figure("together", "ten at once, all usable (ms)"),
    Figure("server", "MiB (PSS) of the server, no session"),
    Figure("memory_all", "MiB (PSS) of the server, eleven open"),
)


@dataclass(frozen=True)
class Verdict:
    """Our figure compared with that of a peer."""

    figure: str
    ours: float
    peer: str
    theirs: float
    goal: float

    @property
    def ratio(self) -> float:
        """Our figure divided by the peer's."""
        return self.ours / self.theirs if self.theirs else float("inf")

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio <= self.goal


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed (nearest rank); 0.5 is the usual median."""
    if share == 0.5:  # noqa: PLR2004
        return statistics.median(values)
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def value(samples: Samples, app: str, figure: Figure) -> float | None:
    """Return a value of the table, or None if it was not measured."""
    measured = samples.get(app, {}).get(figure.id.removesuffix("_median"), ())
    return percentile(measured, figure.share) if measured else None


def verdicts(samples: Samples, ours: str, peers: Sequence[str], plain: str) -> list[Verdict]:
    """Compare our app with the best peer, or with plain Voilà, in every figure that has a goal and was measured."""
    found = []
    for figure in FIGURES:
        mine = value(samples, ours, figure)
        rivals = peers if figure.against == "best" else [plain]
        others = {peer: value(samples, peer, figure) for peer in rivals}
        known = {peer: other for peer, other in others.items() if other is not None}
        if figure.goal is None or mine is None or not known:
            continue
        best = min(known, key=lambda peer: known[peer])
        found.append(Verdict(figure.id, mine, best, known[best], figure.goal))
    return found


def table(samples: Samples, apps: Sequence[str], judged: Sequence[Verdict]) -> str:
    """Return the table as plain text: a line for each figure, a column for each app, the goal at the end."""
    width = max(len(figure.name) for figure in FIGURES) + 2
    columns = [max(11, len(app) + 2) for app in apps]
    lines = [" " * width + "".join(app.rjust(column) for app, column in zip(apps, columns, strict=True))]
    by_figure = {verdict.figure: verdict for verdict in judged}
    for figure in FIGURES:
        cells = [
            ("–" if (found := value(samples, app, figure)) is None else f"{found:.{figure.digits}f}").rjust(column)
            for app, column in zip(apps, columns, strict=True)
        ]
        verdict = by_figure.get(figure.id)
        told = ""
        if verdict:
            word = "reached" if verdict.reached else "NOT reached"
            told = f"   {verdict.ratio:.2f} × {verdict.peer}, goal ≤ {verdict.goal:.2f}: {word}"
        lines.append(figure.name.ljust(width) + "".join(cells) + told)
    return "\n".join(lines)
