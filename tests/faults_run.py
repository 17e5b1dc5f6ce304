"""The long run of faults: a hundred over the whole mix and an hour of idling, and its figures."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from tests.faults import Fault, asleep, culled, cut, held, hung, killed, logged_out, restarted, until_done
from tests.sitting import Run, Sitting, a_place, a_room, sit_down

IDLE = 3600.0  # seconds
LONG, LONGER = 45.0, 600.0
PAGES = 5  # on each long line
SHORT: tuple[tuple[int, Callable[[Sitting], Fault]], ...] = (
    (32, killed),
    (4, hung),
    (12, partial(cut, 6)),
    (4, partial(held, 12)),
    (4, partial(held, 12, forget=True)),
    (8, restarted),
    (6, culled),
    (2, logged_out),
    (4, asleep),
    (4, partial(asleep, ended=True)),
)


def long_run(browser: Browser, other: Browser, folder: Path, share: float) -> tuple[list[Run], Run, int]:
    """Let ``share`` of everything happen; return the runs, the idle page, and how often that told of a lost line.

    Args:
        browser: For the short faults, one after the other; it is put to sleep with all that is in it.
        other: For the long ones and the idle page, meanwhile.
        folder: For the servers.
        share: 1 is the whole run.
    """
    chance = random.Random(5)
    short = [make for count, make in SHORT for _ in range(max(1, round(count * share)))]
    chance.shuffle(short)
    runs: list[Run] = []
    with ExitStack() as stack:
        idle = stack.enter_context(_pages(other, folder / "idle", 1))[0]
        began = time.time()
        lines = [
            _long(stack.enter_context(_pages(other, folder / "cut", PAGES)), cut, share),
            _long(stack.enter_context(_pages(other, folder / "held", PAGES)), partial(held, forget=True), share),
        ]
        waiting = dict.fromkeys(lines, 0.0)
        seat = stack.enter_context(_pages(browser, folder / "short", 1))[0]
        while short or waiting or time.time() < began + IDLE * share:
            _go_on(waiting, runs)
            if short:
                try:
                    runs += until_done(short.pop()(seat), seat)
                except (AssertionError, Error) as failure:  # a figure, too; the others go on
                    print(failure, flush=True)  # noqa: T201  (as below)
                    runs.append(Run("not endured", None, 0, 0, 0, 0, back=False, healed=False))
                    seat = stack.enter_context(_pages(browser, folder / f"short-{len(short)}", 1))[0]
                print(runs[-1], flush=True)  # noqa: T201  (a run of an hour shows that it lives)
            else:
                seat.page.wait_for_timeout(1000)
        alarms = sum(note["said"] != "well" for note in idle.page.evaluate("seen"))
        idle.answer()  # it is as good as on the first minute
        idle.look()
        idled = idle.ended("idle", None, healed=True)
    return runs, idled, alarms


@contextmanager
def _pages(browser: Browser, folder: Path, count: int) -> Iterator[list[Sitting]]:
    """Open pages on a server of their own."""
    with a_place(folder) as place, a_room(browser, place) as context:
        yield [sit_down(place, context, random.Random(number)) for number in range(count)]


def _long(sittings: list[Sitting], drop: Callable[..., Fault], share: float) -> Iterator[float | list[Run]]:
    """Drop the line of all of these twice, yielding when to go on, and the runs."""
    for seconds in (LONG, LONGER):
        yield (yield from drop(max(10.0, round(seconds * share)), *sittings))


def _go_on(waiting: dict[Iterator[float | list[Run]], float], runs: list[Run]) -> None:
    """Go on with the long faults whose time has come."""
    for fault, due in list(waiting.items()):
        if time.time() < due:
            continue
        told = next(fault, None)
        if told is None:
            del waiting[fault]
        elif isinstance(told, list):
            runs += told
            print(*told, sep="\n", flush=True)  # noqa: T201  (as above)
        else:
            waiting[fault] = told


def figures(runs: Iterable[Run]) -> dict[str, dict[str, Any]]:
    """Return the figures of each kind."""
    kinds: dict[str, list[Run]] = {}
    for run in runs:
        kinds.setdefault(run.kind, []).append(run)
    return {kind: _figures(ones) for kind, ones in kinds.items()} | {"all": _figures(runs)}


def _figures(runs: Iterable[Run]) -> dict[str, Any]:
    runs = list(runs)
    told = [run.told for run in runs if run.told is not None]
    return {
        "runs": len(runs),
        "told_median": round(statistics.median(told), 1) if told else None,
        "told_most": round(max(told), 1) if told else None,
        "saved": sum(run.promised for run in runs),
        "lost": sum(run.lost for run in runs),
        "given": sum(run.given for run in runs),
        "missing": sum(run.missing for run in runs),
        "back": sum(run.back for run in runs),
        "healed": sum(run.healed for run in runs),
    }


def table(kinds: dict[str, dict[str, Any]]) -> str:
    """Return the figures as lines of text."""
    heads = ("runs", "told_median", "told_most", "saved", "lost", "given", "missing", "back", "healed")
    lines = [f"{'fault':24}" + "".join(f"{head.replace('_', ' '):>13}" for head in heads)]
    for kind, one in kinds.items():
        lines.append(f"{kind:24}" + "".join(f"{'-' if one[head] is None else one[head]:>13}" for head in heads))
    return "\n".join(lines)
