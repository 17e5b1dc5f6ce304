"""What the benchmark says of its samples, and that all apps have the same to do at every move."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.figures import FIGURES, Samples, percentile, table, verdicts
from benchmarks.pages import asked
from benchmarks.peers import content

SAMPLES: Samples = {
    "ours": {"warm": [300, 310, 900], "radar": [10.0] * 99 + [500], "memory": [20.0]},
    "fast": {"warm": [600, 620, 700], "radar": [19.0] * 100, "memory": [1.0]},
    "plain": {"warm": [5000], "radar": [60.0] * 100, "memory": [120.0]},
}


def test_a_percentile_is_a_value_that_was_measured_and_the_median_is_the_usual_one() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile(list(range(1, 21)), 0.95) == 19
    assert percentile([7], 0.95) == 7


def test_a_goal_is_held_against_the_best_peer_or_against_plain_voila() -> None:
    judged = {one.figure: one for one in verdicts(SAMPLES, "ours", ["fast", "plain"], "plain")}
    assert {name: (one.peer, one.reached) for name, one in judged.items()} == {
        "warm": ("fast", True),  # 310 of 620
        "radar": ("fast", False),  # 10 of 19: the one slow move is beyond the percentile
        "memory": ("plain", False),  # 20 of 120
    }
    assert judged["warm"].ratio == 0.5


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert verdicts({"ours": {"warm": [1.0]}}, "ours", ["fast"], "plain") == []
    assert verdicts({"fast": {"warm": [1.0]}}, "ours", ["fast"], "plain") == []


def test_the_table_has_a_line_for_each_figure_and_names_what_was_not_reached() -> None:
    lines = table(SAMPLES, list(SAMPLES), verdicts(SAMPLES, "ours", ["fast", "plain"], "plain")).splitlines()
    assert len(lines) == len(FIGURES) + 1
    warm = next(line for line in lines if line.startswith("usable page, warm"))
    assert warm.split()[4:7] == ["310", "620", "5000"]
    assert warm.endswith("0.50 × fast, goal ≤ 0.50: reached")
    assert [line for line in lines if "NOT reached" in line] == [
        next(line for line in lines if line.startswith(name))
        for name in ("slider → radar, p95", "MiB (PSS) per session")
    ]


def test_the_command_line_bounds_the_run() -> None:
    assert asked(["--quick"]).rounds == 1
    assert [app.name for app in asked(["--apps", "Dash", "ours"]).apps] == ["Dash", "ours"]
    with pytest.raises(SystemExit):
        asked(["--apps", "nothing"])


def test_every_move_of_the_two_sliders_changes_every_list_and_every_radar() -> None:
    first, second = (question.id for question in content.questions()[:2])
    start = content.answers()
    assert start[first] == start[second] == 3
    states = [start | {first: 3 + one, second: 3 + two} for one, two in ((1, 0), (1, 1), (0, 1), (0, 0), (1, 0))]
    readings = [content.reading_of(state) for state in states]
    for before, after in pairwise(readings):
        assert content.recommendations(before) != content.recommendations(after)
        assert content.figure(before)["data"] != content.figure(after)["data"]
    assert all(len(content.recommendations(reading)) == content.RECOMMENDATIONS for reading in readings)
