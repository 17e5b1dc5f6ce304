"""What stands between a browser's message and our code: nobody ever sees a traceback, and what is refused is logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

Hear = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)


def refused(what: str) -> None:
    """Log that a browser asked for what no page of ours asks: no fault of ours, hence no warning.

    ``what`` are fixed words, never a thing that was sent.
    """
    log.info("refused: %s", what)


def guarded(handle: Hear, tell: Callable[[bool], None]) -> Hear:
    """Return a callback that turns our own failures into ``tell(True)``; a new event begins with ``tell(False)``."""

    def call(event: dict[str, Any]) -> None:
        try:
            tell(False)
            handle(event)
        except Exception as error:  # noqa: BLE001  (whatever it is, the client goes on)
            log.error("an event could not be handled: %s", type(error).__name__)  # noqa: TRY400  (a traceback may hold answers)
            tell(True)

    return call
