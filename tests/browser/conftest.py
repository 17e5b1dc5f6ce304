"""What several files here share: the served store, emptied, and a team's server at the far end of a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import delete

from advisor.store import Store, open_store, tables
from tests.sitting import Place, a_place
from tests.waits import steady_day


@dataclass(frozen=True, slots=True)
class Served:
    """A desk with its workbook, the store behind them, and the day, which does not end before the test."""

    url: str
    store: Store
    today: date


@pytest.fixture
def empty(desk_url: str) -> Served:
    """A desk where nobody is registered: this worker's, emptied."""
    store = open_store()
    with store.writing() as connection:
        for table in (tables.event, tables.visit, tables.appointment, tables.invitation, tables.client):
            connection.execute(delete(table))
        connection.execute(delete(tables.setting).where(tables.setting.c.name == "office"))
    return Served(desk_url, store, steady_day())


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A team's server at the far end of a line, once for all tests of a worker."""
    with a_place(tmp_path_factory.mktemp("place")) as made:
        yield made
