"""The left side of the lab: what can be changed, as sliders of ipywidgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from advisor.analysis.lab import names as labels
from advisor.analysis.lab.errors import LabError
from advisor.analysis.lab.parameters import is_weight
from advisor.analysis.lab.parts import WIDE
from advisor.analysis.lab.render import render
from advisor.view.widgets.widgets import Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.analysis.lab.parameters import Knob, Number
    from advisor.analysis.lab.trial import Bench
    from advisor.content.words import Language

KINDS = ("steps", "paths", "features", "gates", "choosing", "bands", "hints", "general")
SNUG = {"width": "auto", "flex": "0 0 auto"}


class Controls:
    """Two lists that choose a section, and a slider for each of its figures.

    A slider tells the bench what it was moved to; the bench tells everybody; ``draw`` sets the sliders to what holds
    now. Setting one to what it shows already does nothing, so nothing runs in circles.
    """

    def __init__(
        self, bench: Bench, language: Language, words: Mapping[str, str], on_error: Callable[[str], None]
    ) -> None:
        self.bench, self.language, self.words, self.on_error = bench, language, words, on_error
        there = {labels.section(knob.path).split(".")[0] for knob in bench.knobs}
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
        """Show the figures as they are now."""
        if tuple(self.sliders) != tuple(knob.path for knob in self._shown()):
            self._fill()
        for knob in self._shown():
            self.sliders[knob.path].value = knob.value
            self._notes[knob.path].html = self._note(knob)

    def _shown(self) -> tuple[Knob, ...]:
        return tuple(knob for knob in self.bench.knobs if labels.section(knob.path) == self.section.value)

    def _sections(self) -> None:
        """Offer the sections of a kind; a kind with one section shows it at once."""
        found = dict.fromkeys(labels.section(knob.path) for knob in self.bench.knobs)
        names = [name for name in found if name.split(".")[0] == self.kind.value]
        catalog = self.bench.catalog
        named = [(labels.section_name(catalog, self.language, self.words, name), name) for name in names]
        with self.section.hold_sync():  # both in one message: what is chosen meanwhile is not undone
            self.section.options = named
            self.section.value = names[0]  # a list whose options changed has nothing chosen
        self.section.layout.display = "none" if len(names) == 1 else None

    def _fill(self) -> None:
        """Make a slider for each figure of the chosen section."""
        self.sliders, self._notes = {}, {}
        rows = []
        for knob in self._shown():
            whole = isinstance(knob.value, int) or knob.step == 1
            kind = widgets.IntSlider if whole and isinstance(knob.value, int) else widgets.FloatSlider
            slider = kind(
                value=knob.value, min=knob.low, max=knob.high, step=knob.step, continuous_update=False, layout=WIDE,
                readout_format="d" if kind is widgets.IntSlider else ".0f" if knob.step >= 1 else ".2f",
            )  # fmt: skip
            note = Panel(lang=self.language, html=self._note(knob))
            slider.observe(self._moved(knob.path), "value")
            self.sliders[knob.path], self._notes[knob.path] = slider, note
            parts = [widgets.HBox([slider, self._remover(knob.path)]) if is_weight(knob.path) else slider]
            row = widgets.VBox([note, *parts], layout=WIDE)
            row.add_class("lab-knob")
            rows.append(row)
        self.rows.children = rows
        self._offer()

    def _offer(self) -> None:
        """Offer the features that a target has no weight for yet."""
        group, _, target = (self.section.value or "").partition(".")
        self.adding.layout.display = None if group in labels.TARGETS else "none"
        if group in labels.TARGETS:
            catalog = self.bench.trial
            free = [name for name in catalog.scoring.features if name not in getattr(catalog.scoring, group)[target]]
            named = [(labels.feature(catalog, self.language, name), name) for name in free]
            self.feature.options = [(self.words["add_none"], ""), *named]
            self.feature.value = ""

    def _note(self, knob: Knob) -> str:
        """Return a figure's name and, once it was changed, what it was."""
        name = labels.knob(self.bench.catalog, self.language, self.words, knob.path)
        was = self.bench.original.get(knob.path)
        told = self.words["added"] if was is None else self.words["now"].format(value=f"{was:g}")
        return render("knob", name=name, told=told if knob.path in self.bench.changes else "")

    def _moved(self, path: str) -> Callable[[dict[str, Number]], None]:
        return lambda change: self._change(path, change["new"])

    def _remover(self, path: str) -> widgets.Button:
        button = widgets.Button(description=self.words["remove"], layout=SNUG)
        button.on_click(lambda _: self._change(path, None))
        return button

    def _added(self) -> None:
        if self.feature.value:
            self._change(f"{self.section.value}.{self.feature.value}", 5)

    def _change(self, path: str, value: Number | None) -> None:
        """Tell the bench; where it refuses, say why and show again what holds."""
        try:
            self.bench.change(path, value)
        except LabError as error:
            self.on_error(error.sentence(self.language))
            self.draw()
