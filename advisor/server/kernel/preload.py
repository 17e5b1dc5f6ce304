"""What a warmed process does before the first visitor: everything that every page would do again."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import comm
from comm.base_comm import CommManager
from IPython.core.interactiveshell import InteractiveShell
from tornado.ioloop import IOLoop

from advisor.content import disk

log = logging.getLogger("advisor.server.kernel")
# A rehearsal sees nothing of any visitor and touches nobody's data: no key, no adviser, a database of its own.
_NOT_FOR_REHEARSALS = ("ADVISOR_KEY", "ADVISOR_STORE_ID", "QUERY_STRING")


def warm() -> None:
    """Load what a page needs and build both pages once, with an empty database that is thrown away.

    What cannot be loaded is left to the kernels, which tell it on their page as they always did.
    """
    try:
        with _nobody(), _no_page():
            _rehearse()
        _load_driver()
    except Exception as error:  # noqa: BLE001  (a data file under edit, say: never a reason to serve nothing)
        log.warning("Kernels start with less prepared than usual: %s", type(error).__name__)
    IOLoop(make_current=False).close()  # loads what a loop needs, which tornado does at the first
    settle()


def settle() -> None:
    """Make what is loaded ready to be shared: no garbage, and no collector that would write into shared pages."""
    if threading.active_count() > 1:
        names = ", ".join(sorted(thread.name for thread in threading.enumerate()))
        raise RuntimeError(f"preparing left threads behind: {names}")
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    from advisor import app  # noqa: PLC0415  (may fail while its data is being edited)
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    open_store(checked=False, makes=False).upgrade()  # a page makes no store where a server has one
    InteractiveShell.instance().run_cell("None", silent=True, store_history=False)
    _meet_somebody()
    for page in (app.open_workbook, app.open_desk):
        page()._repr_mimebundle_()  # how IPython asks a widget to show itself


def _meet_somebody() -> None:
    """Put an invented client with a visit into the database of the rehearsal: a list of nobody would prepare little."""
    from datetime import UTC, datetime  # noqa: PLC0415  (as below)

    from advisor.content import loading  # noqa: PLC0415  (may fail while its data is being edited)
    from advisor.session import record  # noqa: PLC0415  (as above)
    from advisor.session.model import Client, Consent, Visit, today  # noqa: PLC0415  (as above)
    from advisor.store import import_visits, open_store  # noqa: PLC0415  (as above)

    now, consent = datetime.now(UTC), Consent("-", today(), today())
    visit = Visit("", record.new(loading.load()), now, now)
    import_visits.take_in(open_store(), Client("", "-", consent), (visit,))


def _load_driver() -> None:
    """Load the driver of the real database and what opens sealed text, without connecting and without a key."""
    import cryptography.fernet  # noqa: F401, PLC0415  (as above)

    from advisor.store.engine import address, make_engine  # noqa: PLC0415  (as above)

    make_engine(address()).dispose()


@contextmanager
def _nobody() -> Iterator[None]:
    """Lend an environment without a visitor, with a database in a folder that goes afterwards."""
    before = dict(os.environ)
    server = os.environ.get("IPYTHONDIR")  # what is begun there goes with the server, whenever that ends
    with disk.Folder("rehearsal", Path(server) if server else None) as folder:
        for name in _NOT_FOR_REHEARSALS:
            os.environ.pop(name, None)
        os.environ["ADVISOR_ADVISER"] = "alone"
        os.environ["ADVISOR_DATABASE_URL"] = f"sqlite:///{folder.as_posix()}/rehearsal.sqlite3"
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _no_page() -> Iterator[None]:
    """Let widgets talk to nobody, and forget them afterwards."""
    import ipywidgets  # noqa: PLC0415  (registers with the shell that exists by now)

    create, manager = comm.create_comm, comm.get_comm_manager
    silent = CommManager()
    comm.create_comm, comm.get_comm_manager = comm.DummyComm, lambda: silent
    try:
        yield
    finally:
        ipywidgets.Widget.close_all()
        comm.create_comm, comm.get_comm_manager = create, manager


def reseed() -> None:
    """Give a fork randomness of its own where nobody else does: ``random`` and OpenSSL see to it themselves."""
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()
