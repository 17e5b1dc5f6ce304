"""The left side of the lab: a slider for every figure that can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from advisor.analysis.lab.errors import LabError
from advisor.analysis.lab.names import section
from advisor.analysis.lab.parameters import TARGETS, is_weight
from advisor.analysis.lab.rendering import WIDE, render
from advisor.view.widgets.widgets import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.analysis.lab.names import Names
    from advisor.analysis.lab.parameters import Number, Parameter
    from advisor.analysis.lab.trial import Trial

KINDS = ("steps", "paths", "features", "gates", "choosing", "bands", "hints", "general")
SNUG = {"width": "auto", "flex": "0 0 auto"}


class Controls:
    """Two lists that choose a section, and a slider for each of its figures.

    A moved slider changes the trial, the trial calls its listeners, and ``draw`` sets the sliders to its values. A
    slider that is set to the value it shows already reports no move, so this ends.
    """

    def __init__(self, trial: Trial, names: Names, on_error: Callable[[str], None]) -> None:
        self.trial, self.names, self.on_error = trial, names, on_error
        words = names.words
        there = {section(parameter.path).split(".")[0] for parameter in trial.parameters}
        kinds = [(words[kind], kind) for kind in KINDS if kind in there]
        self.kind = widgets.Dropdown(options=kinds, description=words["kind"])
        self.section = widgets.Dropdown(description="")
        self.rows = widgets.VBox()
        self.feature = widgets.Dropdown(layout={"flex": "1 1 8rem", "width": "auto", "min_width": "0"})
        self.add = widgets.Button(description=words["add"], layout=SNUG)
        self.adding = widgets.HBox([self.feature, self.add])
        self.sliders: dict[str, widgets.Widget] = {}
        self._notes: dict[str, Panel] = {}
        for one in (self.kind, self.section):
            one.layout = WIDE
            one.style.description_width = "3.5em"
        self.kind.observe(lambda _: self._sections(), "value")
        self.section.observe(lambda _: self._fill(), "value")
        self.add.on_click(lambda _: self._added())
        self.box = widgets.VBox([self.kind, self.section, self.rows, self.adding], layout=WIDE)
        self._sections()

    def draw(self) -> None:
        """Show every figure of the chosen section as it is in the trial now."""
        if tuple(self.sliders) != tuple(parameter.path for parameter in self._shown()):
            self._fill()
        for parameter in self._shown():
            self.sliders[parameter.path].value = parameter.value
            self._notes[parameter.path].html = self._note(parameter)

    def _shown(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.trial.parameters if section(parameter.path) == self.section.value)

    def _sections(self) -> None:
        """Offer the sections of the chosen kind; a kind with only one needs no list, and shows it at once."""
        found = dict.fromkeys(section(parameter.path) for parameter in self.trial.parameters)
        sections = [name for name in found if name.split(".")[0] == self.kind.value]
        named = [(self.names.section(name), name) for name in sections]
        with self.section.hold_sync():  # one message for both: in two, a choice made in between would be undone
            self.section.options = named
            self.section.value = sections[0]  # new options leave nothing chosen
        self.section.layout.display = "none" if len(sections) == 1 else None

    def _fill(self) -> None:
        """Make a slider for each figure of the chosen section."""
        self.sliders, self._notes = {}, {}
        rows = []
        for parameter in self._shown():
            whole = isinstance(parameter.value, int) or parameter.step == 1
            kind = widgets.IntSlider if whole and isinstance(parameter.value, int) else widgets.FloatSlider
            slider = kind(
                value=parameter.value, min=parameter.low, max=parameter.high, step=parameter.step,
                continuous_update=False, layout=WIDE,
                readout_format="d" if kind is widgets.IntSlider else ".0f" if parameter.step >= 1 else ".2f",
            )  # fmt: skip
            note = Panel(lang=self.names.language, html=self._note(parameter))
            slider.observe(self._moved(parameter.path), "value")
            self.sliders[parameter.path], self._notes[parameter.path] = slider, note
            parts = [widgets.HBox([slider, self._remover(parameter.path)]) if is_weight(parameter.path) else slider]
            row = widgets.VBox([note, *parts], layout=WIDE)
            row.add_class("lab-parameter")
            rows.append(row)
        self.rows.children = rows
        self._offer()

    def _offer(self) -> None:
        """Offer the features that a target has no weight for yet."""
        group, _, target = (self.section.value or "").partition(".")
        self.adding.layout.display = None if group in TARGETS else "none"
        if group in TARGETS:
            catalog = self.trial.varied
            free = [name for name in catalog.scoring.features if name not in getattr(catalog.scoring, group)[target]]
            named = [(self.names.feature(name), name) for name in free]
            self.feature.options = [(self.names.words["add_none"], ""), *named]
            self.feature.value = ""

    def _note(self, parameter: Parameter) -> str:
        """Return a figure's name and, once it was changed, what it was."""
        name = self.names.figure(parameter.path)
        was = self.trial.original.get(parameter.path)
        told = self.names.words["added"] if was is None else self.names.words["now"].format(value=f"{was:g}")
        return render("parameter", name=name, told=told if parameter.path in self.trial.changes else "")

    def _moved(self, path: str) -> Callable[[dict[str, Number]], None]:
        return lambda change: self._change(path, change["new"])

    def _remover(self, path: str) -> widgets.Button:
        button = widgets.Button(description=self.names.words["remove"], layout=SNUG)
        button.on_click(lambda _: self._change(path, None))
        return button

    def _added(self) -> None:
        if self.feature.value:
            self._change(f"{self.section.value}.{self.feature.value}", 5)

    def _change(self, path: str, value: Number | None) -> None:
        """Change the trial; where it refuses, say why and set the slider back."""
        try:
            self.trial.change(path, value)
        except LabError as error:
            self.on_error(error.sentence(self.names.language))
            self.draw()
