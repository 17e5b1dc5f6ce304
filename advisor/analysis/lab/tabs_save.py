"""The tab that saves a trial as a draft of a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from advisor.analysis.lab.drafts import next_version, save_draft
from advisor.analysis.lab.errors import LabError
from advisor.analysis.lab.parts import WIDE
from advisor.analysis.lab.render import render
from advisor.content import datafiles
from advisor.session.model import today
from advisor.view.widgets.widgets import Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.analysis.lab.screen import Screen


def save(screen: Screen) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that saves: a name, a reason, and what to do next."""
    words, bench = screen.words, screen.bench
    folder = bench.catalog.folder
    version = widgets.Text(next_version(folder, today().year), description=words["version"])
    why = widgets.Text(description=words["why"], placeholder=words["why_hint"])
    replace = widgets.Checkbox(value=False, description=words["replace"], indent=False)
    button = widgets.Button(description=words["save_button"], button_style="primary", layout={"width": "auto"})
    told = Panel(lang=screen.language)
    for one in (version, why):
        one.layout = WIDE

    def tell(kind: str, lines: Sequence[str]) -> None:
        told.html = render("told", kind=kind, lines=lines)

    def keep(_: object) -> None:
        if not bench.changes:
            tell("problem", [words["nothing_to_save"]])
            return
        name = version.value.strip()
        try:
            draft = save_draft(bench.catalog, folder, name, bench.changes, why=why.value, replace=replace.value)
        except LabError as refused:
            tell("problem", [refused.sentence(screen.language)])
        except OSError:  # its text would name folders of this machine
            tell("problem", [words["not_written"].format(path=folder.name)])
        else:
            saved = words["saved"].format(path=draft.path.relative_to(folder.parent))
            if draft.problems:
                lines = (datafiles.told(problem, screen.language) for problem in draft.problems)
                tell("problem", [saved, words["problems"], *lines])
            else:
                old = bench.catalog.scoring.version
                tell("done", [saved, words["saved_next"].format(old=old, new=draft.version)])

    button.on_click(keep)
    return widgets.VBox([version, why, replace, widgets.HBox([button]), told]), lambda: None
