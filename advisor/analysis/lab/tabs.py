"""The right side of the lab: one tab for each question about a change.

The two tabs that take seconds are in ``tabs_slow.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np

from advisor.analysis.lab import charts, tabs_slow
from advisor.analysis.lab.compare import GATE, SILENCE, WORRY
from advisor.analysis.lab.drafts import next_version, save_draft
from advisor.analysis.lab.errors import LabError
from advisor.analysis.lab.names import section
from advisor.analysis.lab.parameters import figures
from advisor.analysis.lab.rendering import WIDE, part, render
from advisor.content import datafiles
from advisor.content.measures import INDEX
from advisor.session.model import today
from advisor.view.widgets.widgets import Chart, Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.analysis.lab.compare import Comparison, Moved
    from advisor.analysis.lab.names import Names
    from advisor.analysis.lab.trial import Trial

MOST = 8  # so many reasons are shown
PEOPLE = 20  # so many respondents are named by their ids


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: the key of its title, its widget, and ``draw``, which brings the widget up to date.

    The screen calls ``draw`` when the tab comes into sight, and after every change while it is in sight.
    """

    name: str
    box: widgets.Widget
    draw: Callable[[], None]


def all_tabs(trial: Trial, names: Names, kind: widgets.Dropdown) -> tuple[Tab, ...]:
    """Return the tabs from left to right; ``kind``: the list on the left that chooses which figures the table shows."""
    return (
        Tab("moved", *_moved(trial, names)),
        Tab("points", *_points(trial, names)),
        Tab("cases", *_cases(trial, names)),
        Tab("sensitivity", *tabs_slow.sensitivity_tab(trial, names)),
        Tab("groups", *tabs_slow.groups_tab(trial, names)),
        Tab("table", *_table(trial, names, kind)),
        Tab("save", *_save(trial, names)),
    )


def _height(rows: int, each: int = 36) -> int:
    """Return the height of a chart with so many bars, in px."""
    return 70 + each * max(2, rows)


def _moved(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that shows who moves: from which first path to which, for which reasons, and by which steps."""
    words = names.words
    top, tables = Panel(lang=names.language), Panel(lang=names.language)
    flow, steps, reasons = Chart(height=480), Chart(), Chart()
    titles = [Panel(lang=names.language) for _ in range(3)]
    box = widgets.VBox([top, titles[0], flow, titles[1], reasons, titles[2], steps, tables])

    def draw() -> None:
        found = trial.comparison
        top.html = render("told", kind="", lines=[words["nobody"]] if trial.changes and found.empty else [])
        shown = [found.first_paths.moved > 0, found.first_paths.moved > 0, bool(found.top_steps)]
        for title, chart, name, is_shown in zip(
            titles, (flow, reasons, steps), ("flow", "reasons", "gained"), shown, strict=True
        ):
            title.html = render("table", parts=[part(words[name], [])]) if is_shown else ""
            chart.layout.display = None if is_shown else "none"
        _draw_flow(names, found, flow)
        _draw_reasons(names, found, reasons)
        targets = [names.target("steps", one.name) for one in found.top_steps]
        steps.height = _height(len(targets), 40)
        steps.alt = words["gained_said"]
        steps.figure = charts.gained_lost(
            targets, [one.gained for one in found.top_steps], [one.lost for one in found.top_steps]
        )
        tables.html = render("table", parts=_switches(trial, names, found))

    return box, draw


def _draw_flow(names: Names, found: Comparison, chart: Chart) -> None:
    flows = found.first_paths
    targets = [names.target("paths", name) for name in flows.targets]
    moves = sorted(
        (
            (int(flows.counts[old, new]), old, new)
            for old in range(len(targets))
            for new in range(len(targets))
            if old != new
        ),
        reverse=True,
    )
    most = [
        names.words["from_to"].format(old=targets[old], new=targets[new], n=f"{count:,}")
        for count, old, new in moves[:3]
        if count
    ]
    chart.alt = names.words["flow_said"].format(n=f"{flows.moved:,}", most="、".join(most))
    chart.figure = charts.flow(targets, flows.counts)


def _reason(names: Names, name: str) -> str:
    """Return the name of the reason for which another path comes first."""
    if name.startswith(GATE):
        gate = names.texts.gates[name.removeprefix(GATE)].name
        return names.joined(names.words["gate"], gate)
    if name in {SILENCE, WORRY}:
        return names.words["by_silence" if name == SILENCE else "by_worry"]
    return names.feature(name)


def _draw_reasons(names: Names, found: Comparison, chart: Chart) -> None:
    counts = list(found.flips.counts().items())[:MOST]
    chart.height = _height(len(counts))
    chart.alt = names.words["reasons_said"]
    chart.figure = charts.bars([_reason(names, name) for name, _ in counts], [count for _, count in counts])


def _switches(trial: Trial, names: Names, found: Comparison) -> list[dict[str, object]]:
    """Return tables of who moved and of the gates, bands and cues that changed; empty tables are left out."""
    words, gates = names.words, names.texts.gates
    opened = [(gates[one.name].name, f"{one.gained:,}", f"{one.lost:,}") for one in found.gates]
    hints = [(words[f"hint_{one.name}"], f"+{one.gained:,}", f"−{one.lost:,}") for one in found.cues]
    parts = [
        _people(trial, names, found),
        part(words["gates_moved"], opened, columns=(words["gate"], words["opens"], words["closes"])),
        part(words["bands"], _bands(names, found), columns=(words["scale"], words["people_axis"])),
        part(words["hints"], hints),
    ]
    return [one for one in parts if one["rows"]]


def _people(trial: Trial, names: Names, found: Comparison) -> dict[str, object]:
    """Return the first respondents with another first path, each with the reason and its points."""
    words, flips, ids = names.words, found.flips, trial.cohort.ids
    targets = [names.target("paths", name) for name in found.first_paths.targets]
    rows = [
        (
            str(ids.iloc[row, 0]) if len(ids.columns) else f"{row + 1:,}",
            f"{targets[flips.before[number]]} → {targets[flips.after[number]]}",
            _reason(names, flips.reasons[number]) + (f" {flips.amounts[number]:+}" if flips.amounts[number] else ""),
        )
        for number, row in enumerate(flips.rows[:PEOPLE].tolist())
    ]
    columns = (words["who"], words["card_first_path"], words["reason"])
    return part(words["people_moved"].format(n=len(rows)), rows, columns=columns)


def _bands(names: Names, found: Comparison) -> list[tuple[str, str]]:
    """Return the scales on which somebody changed band, each with the moves and how many people made them."""
    words, scales = names.words, names.texts.scales
    bands = [words[name] for name in ("low", "middle_band", "high_band", "none")]
    rows = []
    for name, counts in found.bands.items():
        moves = [
            (bands[old], bands[new], count) for (old, new), count in np.ndenumerate(counts) if count and old != new
        ]
        told = "、".join(f"{old} → {new} {count:,}" for old, new, count in moves)
        rows.append((words["index"] if name == INDEX else str(scales[name].name), told))
    return rows


def _points(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that shows by how much scores and points moved."""
    words = names.words
    chosen = widgets.Dropdown(description=words["points_of"], layout=WIDE)
    chosen.style.description_width = "auto"
    nothing, chart = Panel(lang=names.language), Chart(height=340)
    box = widgets.VBox([nothing, chosen, chart])

    def moved() -> dict[str, Moved]:
        found = trial.comparison
        groups = (("paths", found.paths), ("steps", found.steps), ("scales", found.scores))
        return {f"{group}.{one.name}": one for group, several in groups for one in several}

    def name_of(key: str) -> str:
        group, name = key.split(".")
        if group == "scales":
            return str(names.texts.scales[name].name)
        return names.target(group, name)

    def draw() -> None:
        found = moved()
        named = [(f"{name_of(key)} · {names.people(one.count, trial.comparison.n)}", key) for key, one in found.items()]
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


def _cases(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab of the worked cases: which of them change, and which no longer come out as expected."""
    words = names.words
    panel = Panel(lang=names.language)

    def ranked(group: str, several: Sequence[tuple[str, int]]) -> str:
        return "、".join(f"{names.target(group, name)} {points}" for name, points in several[:3])

    def draw() -> None:
        rows, broken = [], []
        for case in trial.comparison.cases:
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


def _table(trial: Trial, names: Names, kind: widgets.Dropdown) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab of the version's figures: a table for each section of the chosen kind, with changes marked."""
    panel = Panel(lang=names.language)
    order = {name: number for number, name in enumerate(map(section, trial.original))}

    def draw() -> None:
        paths = dict.fromkeys([*trial.original, *figures(trial.varied.scoring)])
        shown = (path for path in paths if section(path).split(".")[0] == kind.value)
        placed = sorted(shown, key=lambda path: order[section(path)])
        sections = groupby(placed, section)
        panel.html = render("table", parts=[_part(trial, names, name, list(several)) for name, several in sections])

    kind.observe(lambda _: draw(), "value")
    return widgets.VBox([panel]), draw


def _part(trial: Trial, names: Names, name: str, paths: list[str]) -> dict[str, object]:
    """Return the figures of one section, as a part of the template ``table``."""
    words = names.words
    now = figures(trial.varied.scoring)
    rows = []
    for path in paths:
        was, value = trial.original.get(path), now.get(path)
        told = words["removed"] if value is None else f"{value:g}"
        changed = "" if was == value else words["added"] if was is None else words["now"].format(value=f"{was:g}")
        rows.append((names.figure(path), told, changed))
    return part(names.section(name), rows)


def _save(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that saves the trial as a draft: it asks for a name and a reason, and says what to do next."""
    words = names.words
    folder = trial.catalog.folder
    version = widgets.Text(next_version(folder, today().year), description=words["version"])
    why = widgets.Text(description=words["why"], placeholder=words["why_hint"])
    replace = widgets.Checkbox(value=False, description=words["replace"], indent=False)
    button = widgets.Button(description=words["save_button"], button_style="primary", layout={"width": "auto"})
    told = Panel(lang=names.language)
    for one in (version, why):
        one.layout = WIDE

    def tell(kind: str, lines: Sequence[str]) -> None:
        told.html = render("told", kind=kind, lines=lines)

    def keep(_: object) -> None:
        if not trial.changes:
            tell("problem", [words["nothing_to_save"]])
            return
        name = version.value.strip()
        try:
            draft = save_draft(trial.catalog, folder, name, trial.changes, why=why.value, replace=replace.value)
        except LabError as refused:
            tell("problem", [refused.sentence(names.language)])
        except OSError:  # its text would name folders of this machine
            tell("problem", [words["not_written"].format(path=folder.name)])
        else:
            saved = words["saved"].format(path=draft.path.relative_to(folder.parent))
            if draft.problems:
                tell(
                    "problem",
                    [
                        saved,
                        words["problems"],
                        *(datafiles.problem_text(problem, names.language) for problem in draft.problems),
                    ],
                )
            else:
                old = trial.catalog.scoring.version
                tell("done", [saved, words["saved_next"].format(old=old, new=draft.version)])

    button.on_click(keep)
    return widgets.VBox([version, why, replace, widgets.HBox([button]), told]), lambda: None
