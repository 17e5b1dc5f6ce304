"""After many openings the server holds what it held before: sixteen here, two thousand in ``make faults``."""

from __future__ import annotations

import os
import random
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.opened import a_page, a_patient_team, ask_for, at_rest, came_in, cut, held, shake, stood, until
from tests.soak import Soak, complaints
from tests.team import PASSWORDS

if TYPE_CHECKING:
    from pathlib import Path

FAULTS = int(os.environ.get("ADVISOR_FAULTS", "0"))
COUNT = 20 * FAULTS or 16
SEED = int(os.environ.get("ADVISOR_SEED", "0")) or (random.SystemRandom().randrange(1, 1 << 32) if FAULTS else 7)
SEATS = 6  # pages at once


def test_quick_reloads_lock_nobody_out(tmp_path: Path) -> None:
    """A page that is left while it is sent gives its seat back at once: nobody sends word for it."""
    with a_patient_team(tmp_path, "--tabs", "2") as team:
        visitor = came_in(team)
        for number in range(12):
            cut(ask_for(visitor, "workbook", Number=str(number)))
        until(lambda: visitor.get("workbook").status == 200, lambda: "locked out")


@pytest.mark.skipif(sys.platform != "linux", reason="handles are counted as Linux tells them")
def test_a_server_that_opens_pages_holds_nothing_of_them_afterwards(tmp_path: Path) -> None:
    with a_patient_team(tmp_path, "--sessions", str(SEATS), "--tabs", str(SEATS), patience=5) as team:
        visitors = [came_in(team, name) for name in PASSWORDS]
        soak = Soak(visitors, SEED)
        Soak(visitors, 1).run(8)  # what is made once: connections to the store, threads
        before = at_rest(team.server, tmp_path)
        began = time.monotonic()
        soak.run(COUNT)
        took = time.monotonic() - began
        until(lambda: held(team.server, tmp_path) == before, lambda: (SEED, before, held(team.server, tmp_path)))
        with ExitStack() as everybody:  # every seat is free
            for _ in range(SEATS):
                kernel = everybody.enter_context(a_page(visitors[0]))
                assert stood(everybody.enter_context(shake(visitors[0], kernel)))
        until(lambda: held(team.server, tmp_path) == before, lambda: (SEED, before, held(team.server, tmp_path)))
        log = (tmp_path / "serve.log").read_text(encoding="utf-8")
        assert complaints(log) == [], SEED
    print(f"\nseed {SEED}: {COUNT} openings in {took:.0f} s: {dict(soak.ways)}")  # noqa: T201  (what it is run for)
