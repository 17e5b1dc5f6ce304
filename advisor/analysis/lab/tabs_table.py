"""The tab that lists every figure of the version, and what the trial makes of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import ipywidgets as widgets

from advisor.analysis.lab import names
from advisor.analysis.lab.parameters import figures
from advisor.analysis.lab.parts import part
from advisor.analysis.lab.render import render
from advisor.view.widgets.widgets import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.analysis.lab.screen import Screen


def table(screen: Screen) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab: a table for each section of the kind that is chosen on the left; what was changed is marked."""
    panel = Panel(lang=screen.language)
    order = {name: number for number, name in enumerate(map(names.section, screen.bench.original))}

    def draw() -> None:
        paths = dict.fromkeys([*screen.bench.original, *figures(screen.bench.trial.scoring)])
        shown = (path for path in paths if names.section(path).split(".")[0] == screen.controls.kind.value)
        placed = sorted(shown, key=lambda path: order[names.section(path)])
        sections = groupby(placed, names.section)
        panel.html = render("table", parts=[_section(screen, name, list(several)) for name, several in sections])

    screen.controls.kind.observe(lambda _: draw(), "value")
    return widgets.VBox([panel]), draw


def _section(screen: Screen, name: str, paths: list[str]) -> dict[str, object]:
    """Return the figures of one section as a part of a table template."""
    words, catalog = screen.words, screen.bench.catalog
    now = figures(screen.bench.trial.scoring)
    rows = []
    for path in paths:
        was, value = screen.bench.original.get(path), now.get(path)
        told = words["removed"] if value is None else f"{value:g}"
        changed = "" if was == value else words["added"] if was is None else words["now"].format(value=f"{was:g}")
        rows.append((names.knob(catalog, screen.language, words, path), told, changed))
    return part(names.section_name(catalog, screen.language, words, name), rows)
