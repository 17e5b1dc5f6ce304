"""Warming up: the fork server does once what every page would have to do again."""

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
# A rehearsal sees no visitor and touches no data: it has no key, no adviser, and its own database.
_NOT_FOR_REHEARSALS = ("ADVISOR_KEY", "ADVISOR_STORE_ID", "QUERY_STRING")


def warm() -> None:
    """Load what a page needs and build both pages once, with a database that is thrown away.

    If that fails, kernels start with less prepared. They load the rest themselves and show an error on their page.
    """
    try:
        with _nobody(), _no_page():
            _rehearse()
        _load_driver()
    except Exception as error:  # noqa: BLE001  (after any failure, for example in a data file, kernels can still serve)
        log.warning("Kernels start with less prepared than usual: %s", type(error).__name__)
    IOLoop(make_current=False).close()  # the first loop makes tornado load its parts
    settle()


def settle() -> None:
    """Prepare the memory for sharing with forks: remove garbage, and keep the collector from writing into shared pages.

    Raises:
        RuntimeError: A thread is running; it would not survive a fork.
    """
    if threading.active_count() > 1:
        names = ", ".join(sorted(thread.name for thread in threading.enumerate()))
        raise RuntimeError(f"preparing left threads behind: {names}")
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    from advisor import app  # noqa: PLC0415  (may fail while its data is being edited)
    from advisor.store import open_store  # noqa: PLC0415  (as above)

    open_store(checked=False, makes=False).sketch()  # under a server, a page does not make the store itself
    InteractiveShell.instance().run_cell("None", silent=True, store_history=False)
    _meet_somebody()
    for page in (app.open_workbook, app.open_desk):
        page()._repr_mimebundle_()  # IPython calls this to display a widget


def _meet_somebody() -> None:
    """Put an invented client with a visit into the database of the rehearsal: an empty list would prepare little."""
    from datetime import UTC, datetime  # noqa: PLC0415  (as below)

    from advisor.content import loading  # noqa: PLC0415  (may fail while its data is being edited)
    from advisor.session import record  # noqa: PLC0415  (as above)
    from advisor.session.model import Client, Consent, Visit, today  # noqa: PLC0415  (as above)
    from advisor.store import import_visits, open_store  # noqa: PLC0415  (as above)

    now, consent = datetime.now(UTC), Consent("-", today(), today())
    visit = Visit("", record.new(loading.load()), now, now)
    import_visits.import_visits(open_store(), Client("", "-", consent), (visit,))


def _load_driver() -> None:
    """Load the driver of the real database and the code that opens sealed text. This needs no connection and no key."""
    import cryptography.fernet  # noqa: F401, PLC0415  (as above)

    from advisor.store.engine import address, make_engine  # noqa: PLC0415  (as above)

    make_engine(address()).dispose()


@contextmanager
def _nobody() -> Iterator[None]:
    """Set an environment without a visitor for the ``with`` block, with a database in a temporary folder."""
    before = dict(os.environ)
    server = os.environ.get("IPYTHONDIR")  # the server's own folder; it is removed when the server ends
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
    """Send messages of widgets nowhere during the ``with`` block, and close the widgets afterwards."""
    import ipywidgets  # noqa: PLC0415  (it registers with the shell, which must exist before)

    create, manager = comm.create_comm, comm.get_comm_manager
    silent = CommManager()
    comm.create_comm, comm.get_comm_manager = comm.DummyComm, lambda: silent
    try:
        yield
    finally:
        ipywidgets.Widget.close_all()
        comm.create_comm, comm.get_comm_manager = create, manager


def reseed() -> None:
    """Seed numpy's random numbers anew in a fork. Python's ``random`` and OpenSSL do that themselves."""
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()
