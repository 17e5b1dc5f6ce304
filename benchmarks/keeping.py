"""What keeping costs: a save, the opening of a visit, the papers that leave the room. Run: make scale.

It uses a new database in a temporary folder and prints medians in milliseconds. The first line is the time of one
reading, for comparison: every change costs that anyway.
"""

from __future__ import annotations

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

from advisor.content import loading
from advisor.report import exports
from advisor.scoring.reading import read
from advisor.session.session import Session
from advisor.store import new_id, open_store
from advisor.store.open_visit import open_visit
from benchmarks.reading import clients, milliseconds, report


def main() -> None:
    """Measure and print."""
    data = loading.load()
    responses, facts = clients(data, full=True)[0]
    report("read, full form (for comparison)", [milliseconds(lambda: read(data, responses, facts)) for _ in range(40)])
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        visit, session = new_id(), Session(data)
        session.open_case(type(session.record.case)(responses, {}, facts))
        store.save(visit, None, None, session.record)
        times = []
        for number in range(200):
            before = session.record
            session.respond("reward_1", number % 5 + 1)
            times.append(milliseconds(partial(store.save, visit, None, before, session.record)))
        report("save one answer (SQLite, synchronous=FULL)", times, "< 20")
        report("open a visit", [milliseconds(lambda: open_visit(store, visit)) for _ in range(20)], "< 50")
        session.choose("quantify")
        for export in exports.EXPORTS:
            made: list[float] = []
            for _ in range(5):
                session.respond("reward_1", len(made) % 5 + 1)  # a change each time, so that no file comes from a cache
                call = partial(exports.make, export.id, session, None, date(2026, 11, 21))
                made.append(milliseconds(call))
            report(f"make {export.id}", made, "< 1000")


if __name__ == "__main__":
    main()
