"""The page in NiceGUI, built as in its documentation: one page for each visitor, the Plotly figure as a dict."""

from __future__ import annotations

import sys
from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from benchmarks.peers import content

ANSWERS = content.answers()


@ui.page("/")
def page() -> None:
    """Build the page of one visitor."""
    values = dict(ANSWERS)
    reading = content.reading_of(values)

    def move(name: str, event: ValueChangeEventArguments) -> None:
        values[name] = event.value
        reading = content.reading_of(values)
        radar.update_figure(content.figure(reading))
        advice.set_content(content.numbered(reading))

    ui.label(content.TITLE).classes("text-h4")
    with ui.row().classes("w-full no-wrap"):
        with ui.column().classes("w-1/2"):
            for question in content.questions():
                ui.label(question.text)
                ui.slider(
                    min=question.low, max=question.high, value=question.value, on_change=partial(move, question.id)
                )
        with ui.column().classes("w-1/2"):
            radar = ui.plotly(content.figure(reading)).classes("w-full")
            advice = ui.markdown(content.numbered(reading))


if __name__ in {"__main__", "__mp_main__"}:
    ui.run(host="127.0.0.1", port=int(sys.argv[1]), title=content.TITLE, reload=False, show=False)
