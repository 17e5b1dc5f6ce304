"""The right side of the lab: what a change does, one tab a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np

from advisor.analysis.lab import charts, tabs_save, tabs_slow, tabs_table
from advisor.analysis.lab import names as labels
from advisor.analysis.lab.compare import GATE, SILENCE, WORRY
from advisor.analysis.lab.parts import WIDE, part
from advisor.analysis.lab.render import render
from advisor.content.measures import INDEX
from advisor.view.widgets.widgets import Chart, Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.analysis.lab.compare import Comparison, Moved
    from advisor.analysis.lab.screen import Screen

MOST = 8  # so many reasons are shown
PEOPLE = 20  # so many respondents are named by their ids


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: the name of its title, what it shows, and how it is drawn when it comes in sight or something changed."""

    name: str
    box: widgets.Widget
    draw: Callable[[], None]


def made(screen: Screen) -> tuple[Tab, ...]:
    """Return the tabs of a lab."""
    return (
        Tab("moved", *_moved(screen)),
        Tab("points", *_points(screen)),
        Tab("cases", *_cases(screen)),
        Tab("sensitivity", *tabs_slow.sensitivity(screen)),
        Tab("groups", *tabs_slow.groups(screen)),
        Tab("table", *tabs_table.table(screen)),
        Tab("save", *tabs_save.save(screen)),
    )


def _height(rows: int, each: int = 36) -> int:
    """Return how high a chart of so many bars is, in px."""
    return 70 + each * max(2, rows)


def _moved(screen: Screen) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that shows who moves: from which first path to which, on what reason, and which steps."""
    words = screen.words
    top, tables = Panel(lang=screen.language), Panel(lang=screen.language)
    flow, steps, reasons = Chart(height=480), Chart(), Chart()
    titles = [Panel(lang=screen.language) for _ in range(3)]
    box = widgets.VBox([top, titles[0], flow, titles[1], reasons, titles[2], steps, tables])

    def draw() -> None:
        found = screen.bench.comparison
        top.html = render("told", kind="", lines=[words["nobody"]] if screen.bench.changes and found.empty else [])
        shown = [found.first_paths.moved > 0, found.first_paths.moved > 0, bool(found.top_steps)]
        for title, chart, name, is_shown in zip(
            titles, (flow, reasons, steps), ("flow", "reasons", "gained"), shown, strict=True
        ):
            title.html = render("table", parts=[part(words[name], [])]) if is_shown else ""
            chart.layout.display = None if is_shown else "none"
        _draw_flow(screen, found, flow)
        _draw_reasons(screen, found, reasons)
        names = [screen.target("steps", one.name) for one in found.top_steps]
        steps.height = _height(len(names), 40)
        steps.alt = words["gained_said"]
        steps.figure = charts.gained_lost(
            names, [one.gained for one in found.top_steps], [one.lost for one in found.top_steps]
        )
        tables.html = render("table", parts=_switches(screen, found))

    return box, draw


def _draw_flow(screen: Screen, found: Comparison, chart: Chart) -> None:
    flows = found.first_paths
    names = [screen.target("paths", name) for name in flows.targets]
    moves = sorted(
        (
            (int(flows.counts[old, new]), old, new)
            for old in range(len(names))
            for new in range(len(names))
            if old != new
        ),
        reverse=True,
    )
    most = [
        screen.words["from_to"].format(old=names[old], new=names[new], n=f"{count:,}")
        for count, old, new in moves[:3]
        if count
    ]
    chart.alt = screen.words["flow_said"].format(n=f"{flows.moved:,}", most="、".join(most))
    chart.figure = charts.flow(names, flows.counts)


def reason_name(screen: Screen, name: str) -> str:
    """Return what a reason of a flip is called."""
    if name.startswith(GATE):
        gate = screen.bench.catalog.words[screen.language].gates[name.removeprefix(GATE)].name
        return screen.of(screen.words["gate"], gate)
    if name in {SILENCE, WORRY}:
        return screen.words["by_silence" if name == SILENCE else "by_worry"]
    return labels.feature(screen.bench.catalog, screen.language, name)


def _draw_reasons(screen: Screen, found: Comparison, chart: Chart) -> None:
    counts = list(found.flips.counts().items())[:MOST]
    chart.height = _height(len(counts))
    chart.alt = screen.words["reasons_said"]
    chart.figure = charts.bars([reason_name(screen, name) for name, _ in counts], [count for _, count in counts])


def _switches(screen: Screen, found: Comparison) -> list[dict[str, object]]:
    """Return who moved, and the gates, bands and hints that switched, as parts of a table; only what there is."""
    words, gates = screen.words, screen.bench.catalog.words[screen.language].gates
    opened = [(gates[one.name].name, f"{one.gained:,}", f"{one.lost:,}") for one in found.gates]
    hints = [(words[f"hint_{one.name}"], f"+{one.gained:,}", f"−{one.lost:,}") for one in found.hints]
    parts = [
        _people(screen, found),
        part(words["gates_moved"], opened, columns=(words["gate"], words["opens"], words["closes"])),
        part(words["bands"], _bands(screen, found), columns=(words["scale"], words["people_axis"])),
        part(words["hints"], hints),
    ]
    return [one for one in parts if one["rows"]]


def _people(screen: Screen, found: Comparison) -> dict[str, object]:
    """Return the first respondents with another first path, each with the reason and its points."""
    words, flips, ids = screen.words, found.flips, screen.bench.cohort.ids
    names = [screen.target("paths", name) for name in found.first_paths.targets]
    rows = [
        (
            str(ids.iloc[row, 0]) if len(ids.columns) else f"{row + 1:,}",
            f"{names[flips.before[number]]} → {names[flips.after[number]]}",
            reason_name(screen, flips.reasons[number])
            + (f" {flips.amounts[number]:+}" if flips.amounts[number] else ""),
        )
        for number, row in enumerate(flips.rows[:PEOPLE].tolist())
    ]
    columns = (words["who"], words["card_first_path"], words["reason"])
    return part(words["people_moved"].format(n=len(rows)), rows, columns=columns)


def _bands(screen: Screen, found: Comparison) -> list[tuple[str, str]]:
    """Return, for each scale that somebody's band moved on, from which band to which, and how many."""
    words, scales = screen.words, screen.bench.catalog.words[screen.language].scales
    bands = [words[name] for name in ("low", "middle_band", "high_band", "none")]
    rows = []
    for name, counts in found.bands.items():
        moves = [
            (bands[old], bands[new], count) for (old, new), count in np.ndenumerate(counts) if count and old != new
        ]
        told = "、".join(f"{old} → {new} {count:,}" for old, new, count in moves)
        rows.append((words["index"] if name == INDEX else str(scales[name].name), told))
    return rows


def _points(screen: Screen) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that shows by how much scores and points moved."""
    words = screen.words
    chosen = widgets.Dropdown(description=words["points_of"], layout=WIDE)
    chosen.style.description_width = "auto"
    nothing, chart = Panel(lang=screen.language), Chart(height=340)
    box = widgets.VBox([nothing, chosen, chart])

    def moved() -> dict[str, Moved]:
        found = screen.bench.comparison
        groups = (("paths", found.paths), ("steps", found.steps), ("scales", found.scores))
        return {f"{group}.{one.name}": one for group, several in groups for one in several}

    def name_of(key: str) -> str:
        group, name = key.split(".")
        if group == "scales":
            return str(screen.bench.catalog.words[screen.language].scales[name].name)
        return screen.target(group, name)

    def draw() -> None:
        found = moved()
        named = [(f"{name_of(key)} · {screen.people(one.count)}", key) for key, one in found.items()]
        if list(chosen.options) != named:
            before = chosen.value
            chosen.options = named
            chosen.value = before if before in found else next(iter(found), None)
        for one in (chosen, chart):
            one.layout.display = None if found else "none"
        nothing.html = "" if found else render("told", kind="", lines=[words["nobody"]])
        if chosen.value in found:
            one = found[chosen.value]
            chart.alt = words["points_said"].format(name=name_of(chosen.value), n=f"{one.count:,}")
            chart.figure = charts.moved(
                [value for value, _ in one.histogram], [count for _, count in one.histogram], words["points_moved"]
            )

    chosen.observe(lambda _: draw(), "value")
    return box, draw


def _cases(screen: Screen) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab of the worked clients."""
    words = screen.words
    panel = Panel(lang=screen.language)

    def ranked(group: str, several: Sequence[tuple[str, int]]) -> str:
        return "、".join(f"{screen.target(group, name)} {points}" for name, points in several[:3])

    def draw() -> None:
        rows, broken = [], []
        for case in screen.bench.comparison.cases:
            for group in ("paths", "steps"):
                was, now = getattr(case.before, group), getattr(case.after, group)
                if was != now:
                    rows.append((case.name, words[group], ranked(group, was), ranked(group, now)))
            if case.broken:
                broken.append(f"{case.name} – {', '.join(case.broken)}")
        notes = [words["broken"].format(fields="; ".join(broken)), words["cases_how"]] if broken else []
        columns = (words["case"], words["kind"], words["before"], words["after"])
        panel.html = render(
            "table",
            parts=[part(words["cases"], rows, columns=columns, empty=words["same"], note=" ".join(notes))],
        )

    return widgets.VBox([panel]), draw
