"""The two tabs of the lab that take seconds: how sensitive the advice is, and how often each group is given it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from advisor.analysis.cohort.groups import UNTOLD
from advisor.analysis.cohort.limits import LEAST_K
from advisor.analysis.lab import charts, fairness, rules, search, sensitivity
from advisor.analysis.lab.agreement import agreement
from advisor.analysis.lab.outcome import SILENT
from advisor.analysis.lab.rendering import WIDE, part, render
from advisor.view.widgets.widgets import Chart, Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from advisor.analysis.lab.names import Names
    from advisor.analysis.lab.outcome import Outcome
    from advisor.analysis.lab.trial import Trial

BARS = 20  # so many weights stand in the tornado
ROWS = 10_000  # respondents on whom every answer is tried
MOST_GROUPS = 12  # a column with more of them cannot be read as a chart


def sensitivity_tab(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that says which weights matter and which have no effect; its button starts the computation."""
    words = names.words
    button = widgets.Button(description=words["work_out"], button_style="primary")
    told, silent = Panel(lang=names.language), Panel(lang=names.language)
    titles = [Panel(lang=names.language) for _ in range(2)]
    bars, steady = Chart(height=700), Chart(height=220)
    found = widgets.VBox([titles[0], bars, titles[1], steady, silent])
    found.layout.display = "none"
    worked_out: list[object] = []  # the outcome that is shown

    def work_out(_: object) -> None:
        outcome = trial.after
        told.html = render("told", kind="", lines=[words["working"]])
        shown = sensitivity.tornado(outcome)[:BARS]
        titles[0].html = render(
            "table", parts=[part(words["tornado"], [], how=words["tornado_how"].format(n=len(shown)))]
        )
        bars.height = 70 + 38 * len(shown)
        bars.alt = words["tornado"]
        bars.figure = charts.tornado(
            [names.lines(bar.path) for bar in shown],
            [bar.below for bar in shown],
            [bar.above for bar in shown],
        )
        rows = sensitivity.stability(outcome)
        titles[1].html = render("table", parts=[part(words["steadiness"], [], how=_steadiness(trial, names, rows))])
        steady.alt = words["steadiness"]
        steady.figure = charts.bars([f"±{row.spread:.0%}" for row in rows], [row.kept for row in rows], share=True)
        silent.html = render("table", parts=_silent(trial, names, rows))
        found.layout.display = None
        worked_out[:] = [outcome]
        draw()

    def draw() -> None:
        is_stale = bool(worked_out) and worked_out[0] is not trial.after
        told.html = render("told", kind="", lines=[words["stale"]] if is_stale else [])

    button.on_click(work_out)
    return widgets.VBox([button, told, found]), draw


def _steadiness(trial: Trial, names: Names, rows: Sequence[sensitivity.WeightStability]) -> str:
    """Return a sentence on what the bars of stability show, and how many respondents they leave out."""
    words, choosing = names.words, trial.varied.scoring.choosing
    if not choosing:
        return words["steadiness_how"]
    levels = "、".join(f"±{row.spread:.0%} {row.level:.1%}" for row in rows)
    return " ".join(
        [words["steadiness_how"], words["steadiness_told"].format(silent=f"{rows[0].silent:.1%}", levels=levels)]
    )


def _silent(trial: Trial, names: Names, steady: Sequence[sensitivity.WeightStability]) -> list[dict[str, object]]:
    """Return tables of rules and answers without effect, of targets that never come first, and of ties."""
    words, outcome, catalog = names.words, trial.after, trial.catalog
    quiet, ties, inert = rules.silent(outcome), sensitivity.ties(outcome), search.inert(outcome, ROWS)
    gates = names.texts.gates
    never = [names.feature(name) for name in quiet.features]
    never += [names.line(path) for path in quiet.weights]
    never += [
        names.joined(words["gate"], gates[name].name, words[word])
        for found, word in ((quiet.gates_never, "never_open"), (quiet.gates_always, "always_open"))
        for name in found
    ]
    unused = [_answer(names, use) for use in rules.uses(catalog) if use.idle]
    still = [_answer(names, use) for use in inert.answers if not use.idle]
    far = [
        (
            names.target(one.group, one.target),
            words[f"place_{one.place}"],
            words["reachable" if one.case else "not_reached"],
        )
        for one in search.unreached(outcome)
    ]
    pairs = [
        (f"{names.target('paths', first)} = {names.target('paths', other)}", f"{count:,}")
        for first, other, count in ties.pairs[:5]
    ]
    empty = words["nothing"]
    how = [words["ties_how"].format(share=f"{ties.share:.1%}")]
    if catalog.scoring.choosing:
        how += [words["near_how"].format(near=f"{ties.near:.1%}", silent=f"{ties.silent:.1%}")]
    return [
        _forms(trial, names),
        part(words["tau"], [(f"±{row.spread:.0%}", f"{row.tau:.3f}") for row in steady]),
        part(words["never_fires"], [(name,) for name in never], empty=empty),
        part(words["never_used"], [(name,) for name in unused], empty=empty),
        part(
            words["never_matters"],
            [(name,) for name in still],
            how=words["never_matters_how"].format(n=f"{inert.rows:,}"),
            empty=empty,
        ),
        part(words["never_first"], far, empty=empty),
        part(words["ties"], pairs, how=" ".join(how), empty=empty),
    ]


def _forms(trial: Trial, names: Names) -> dict[str, object]:
    """Return a table of how often the quick form says what the full form says."""
    words, found = names.words, agreement(trial.after)

    def row(name: str, count: int) -> tuple[str, str, str]:
        return words[f"forms_{name}"], f"{count:,}", f"{count / found.n:.1%}"

    if not found.n:
        return part(words["forms"], [], empty=words["forms_nobody"])
    rows = [row(name, getattr(found, name)) for name in ("same", "level", "other")]
    silences = [row(name, getattr(found, name)) for name in ("quick_silent", "full_silent", "both_silent")]
    rows += [one for one in silences if trial.varied.scoring.choosing]
    note = words["forms_note"].format(
        n=f"{found.told:,}", share=f"{found.same / found.told:.1%}",
        near=f"{(found.same + found.level) / found.told:.1%}", steps=f"{found.steps:.1f}",
    ) if found.told else ""  # fmt: skip
    how = words["forms_how"].format(n=f"{found.n:,}")
    return part(words["forms"], rows, how=how, note=note)


def _answer(names: Names, use: rules.Use) -> str:
    """Return the name of an answer: the question, or the kind of fact."""
    words, texts = names.words, names.texts
    named: dict[str, Callable[[], str]] = {
        "item": lambda: texts.items[use.name],
        "sign": lambda: texts.signs[use.name].question,
        "tried": lambda: names.joined(words["tried"], texts.steps[use.name].name),
        "experience": lambda: names.joined(words["fact_experience"], texts.experience[use.name].text),
        "fixed": lambda: names.joined(words["fact_fixed"], words[f"fixed_{use.name}"]),
        "priority": lambda: names.joined(words["priority"], texts.scales[use.name].name),
    }
    return str(named[use.kind]() if use.kind in named else words[f"fact_{use.name}"])


def groups_tab(trial: Trial, names: Names) -> tuple[widgets.Widget, Callable[[], None]]:
    """Return the tab that says how often each group is given a piece of advice, before and after the change."""
    words = names.words
    columns = [name for name in trial.cohort.segments if 1 < trial.cohort.segments[name].nunique() <= MOST_GROUPS]
    if not columns:
        nothing = Panel(lang=names.language, html=render("told", kind="", lines=[words["no_segments"]]))
        return widgets.VBox([nothing]), lambda: None
    segment = widgets.Dropdown(options=columns, description=words["segment"])
    advice = widgets.Dropdown(description=words["advice"], options=_pieces(trial, names))
    for one in (segment, advice):
        one.layout = WIDE
    chart, table = Chart(), Panel(lang=names.language)

    def draw() -> None:
        outcomes = (trial.after, trial.before)
        found, before = (_rates(trial, words, outcome, segment.value, advice.value) for outcome in outcomes)
        chart.alt = words["rates_said"]
        shown = found[~found["hidden"]]
        chart.height = 90 + 44 * len(shown)
        chart.figure = charts.rates(
            list(shown["group"]), shown["rate"].to_numpy(), shown["low"].to_numpy(), shown["high"].to_numpy()
        )
        rows = [
            (str(now.group), words["hidden"].format(k=LEAST_K), "", "", "")
            if now.hidden
            else (str(now.group), f"{now.n:,}", f"{was.rate:.1%}", f"{now.rate:.1%}", f"{now.low:.1%} – {now.high:.1%}")
            for now, was in zip(found.itertuples(), before.itertuples(), strict=True)
        ]
        heads = (words["segment"], words["people_axis"], words["before"], words["after"], words["interval"])
        title = words["rates"].format(advice=advice.label)
        table.html = render("table", parts=[part(title, rows, columns=heads, note=_ratio(words, found))])

    for one in (segment, advice):
        one.observe(lambda _: draw(), "value")
    return widgets.VBox([segment, advice, chart, table]), draw


def _pieces(trial: Trial, names: Names) -> list[tuple[str, tuple[str, str]]]:
    """Return every piece of advice that a group may be given, as options of a list: (name, (kind, id))."""
    words, catalog = names.words, trial.catalog
    gates = names.texts.gates
    return [
        *((names.joined(words["paths"], names.target("paths", name)), ("first_path", name)) for name in catalog.paths),
        *(
            [(names.joined(words["paths"], words["is_silent"]), ("first_path", SILENT))]
            if catalog.scoring.choosing
            else []
        ),
        *((names.joined(words["steps"], names.target("steps", name)), ("top_step", name)) for name in catalog.steps),
        *((names.joined(words["gate"], gates[name].name), ("gate", name)) for name in catalog.scoring.gates),
    ]


def _rates(
    trial: Trial, words: Mapping[str, str], outcome: Outcome, segment: str, advice: tuple[str, str]
) -> pd.DataFrame:
    """Return how often each group of a segment is given one piece of advice; who told none has a name, too."""
    found = fairness.rates(outcome, trial.cohort.segments[segment])
    found = found.assign(group=found["group"].replace(UNTOLD, words["not_told"]))
    return found[(found["kind"] == advice[0]) & (found["advice"] == advice[1])]


def _ratio(words: Mapping[str, str], found: pd.DataFrame) -> str:
    """Return the four-fifths ratio in words, with warnings where groups are small or intervals overlap."""
    compared = fairness.four_fifths(found)
    if compared["ratio"].isna().all():
        return words["ratio_none"]
    row = compared.iloc[0]
    told = [words["ratio"].format(ratio=f"{row['ratio']:.2f}", low=row["lowest"], high=row["highest"])]
    told.append(words["ratio_low" if row["below"] else "ratio_fine"])
    told += [words["overlap"]] if row["below"] and row["overlap"] else []
    told += [words["few"]] if row["small"] else []
    return " ".join(told)
