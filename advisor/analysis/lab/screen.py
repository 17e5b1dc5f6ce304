"""The scoring lab in JupyterLab: what can be changed on the left, what it does on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from advisor.analysis.lab import worked_cases
from advisor.analysis.lab.controls import Controls
from advisor.analysis.lab.names import Names
from advisor.analysis.lab.rendering import css, render
from advisor.analysis.lab.tabs import all_tabs
from advisor.content import versions
from advisor.content.messages import LAB, messages
from advisor.view.widgets.widgets import Panel

if TYPE_CHECKING:
    from advisor.analysis.lab.parameters import Number
    from advisor.analysis.lab.trial import Trial
    from advisor.content.words import Language
    from advisor.view.widgets.widgets import Event


class LabScreen:
    """The lab of one trial; ``box`` is what a notebook shows.

    Whatever an analyst does here changes the trial, and the trial calls ``draw``. Only the tab in sight is drawn.
    """

    def __init__(self, trial: Trial, language: Language = "ja") -> None:
        self.trial, self.names = trial, Names(trial.catalog, language, messages(language, LAB))
        self.words = self.names.words
        self.error = ""
        self.head, self.summary = Panel(lang=language), Panel(lang=language)
        self.head.set_trait("_css", css())  # one panel is enough: its style sheet holds for the whole notebook
        self.controls = Controls(trial, self.names, self._refused)
        self.tabs = all_tabs(trial, self.names, self.controls.kind)
        self.tab = widgets.Tab(
            [tab.box for tab in self.tabs], titles=[self.words[tab.name] for tab in self.tabs], layout={"width": "100%"}
        )
        self.tab.observe(lambda _: self._draw_tab(), "selected_index")
        self.head.on_event(self._heard)
        left = widgets.VBox([self.controls.box], layout={"flex": "1 1 17rem", "min_width": "16rem"})
        right = widgets.VBox([self.summary, self.tab], layout={"flex": "2 1 30rem", "min_width": "20rem"})
        sides = widgets.Box(
            [left, right], layout={"display": "flex", "flex_flow": "row wrap", "grid_gap": "1.25rem", "width": "100%"}
        )
        self.box = widgets.VBox([self.head, sides], layout={"width": "100%"})
        self.box.add_class("lab")
        trial.on_change(self.draw)
        self.draw()

    def draw(self) -> None:
        """Bring everything in sight up to date with the trial."""
        trial = self.trial
        self.head.html = render(
            "head", say=self.words, version=trial.catalog.scoring.version, people=f"{len(trial.before):,}",
            released=trial.catalog.scoring.version in versions.releases(trial.catalog.folder),
            synthetic="synthetic" in trial.cohort.segments, error=self.error,
            changes=[self._change(path, value) for path, value in trial.changes.items()],
        )  # fmt: skip
        self.error = ""
        self.controls.draw()
        took = self.words["took"].format(ms=round(1000 * trial.seconds)) if trial.changes else ""
        self.summary.html = render("summary", cards=self._cards(), took=took)
        self._draw_tab()

    def _draw_tab(self) -> None:
        self.tabs[self.tab.selected_index or 0].draw()

    def _change(self, path: str, value: Number | None) -> dict[str, str]:
        was = self.trial.original.get(path)
        return {
            "path": path,
            "name": self.names.line(path),
            "was": self.words["none"] if was is None else f"{was:g}",
            "now": self.words["removed"] if value is None else f"{value:g}",
        }

    def _cards(self) -> list[dict[str, Any]]:
        """Return the effect of the changes as cards: a few figures, each with its share of the cohort."""
        found, words = self.trial.comparison, self.words
        counts = {
            "first_path": found.first_paths.moved,
            "top_steps": found.top_changed,
            "gates": found.gates_changed,
        }
        cards = [
            {
                "name": words[f"card_{name}"],
                "figure": words["card_people"].format(n=f"{count:,}"),
                "detail": words["card_share"].format(share=f"{count / max(1, found.n):.1%}"),
                "moved": count > 0,
            }
            for name, count in counts.items()
        ]
        if self.trial.varied.scoring.choosing:
            cards.append(self._silence())
        moved, known = len(found.cases), len(worked_cases.cases(self.trial.catalog))
        detail = words["card_of"].format(all=known)
        return [*cards, {"name": words["card_cases"], "figure": str(moved), "detail": detail, "moved": moved > 0}]

    def _silence(self) -> dict[str, Any]:
        """Return the card of those who are told no first path: how many, and how many more or fewer than before."""
        found, silent = self.trial.comparison, int(self.trial.after.silent.sum())
        moved = found.silent.gained - found.silent.lost
        detail = self.words["card_share"].format(share=f"{silent / max(1, found.n):.1%}")
        return {
            "name": self.words["card_silent"],
            "figure": self.words["card_people"].format(n=f"{silent:,}"),
            "detail": f"{detail} ({moved:+,})" if moved else detail,
            "moved": bool(found.silent.gained or found.silent.lost),
        }

    def _heard(self, event: Event) -> None:
        """Undo one change, or all of them, when a button in the head was pressed."""
        if event.get("event") == "action" and event.get("name") == "put_back":
            path = event.get("id")
            self.trial.put_back(path if isinstance(path, str) and path else None)

    def _refused(self, sentence: str) -> None:
        self.error = sentence
        self.draw()


def show(trial: Trial, language: Language = "ja") -> widgets.VBox:
    """Return the lab of a trial as a widget for a notebook."""
    box: widgets.VBox = LabScreen(trial, language).box
    return box
