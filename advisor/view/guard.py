"""A guard around every event from a browser: no person sees a traceback, and refused messages are logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

Hear = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)


def refused(what: str) -> None:
    """Log a message that no page of ours sends. This is no fault of ours, so it is logged as information only.

    ``what`` is a fixed text. It never holds anything from the message: a log must not hold answers.
    """
    log.info("refused: %s", what)


def guarded(handle: Hear, tell: Callable[[bool], None]) -> Hear:
    """Return a callback that handles an event and calls ``tell(True)`` if that fails.

    It calls ``tell(False)`` before each event, so that an old failure is no longer shown.
    """

    def call(event: dict[str, Any]) -> None:
        try:
            tell(False)
            handle(event)
        except Exception as error:  # noqa: BLE001  (after any failure the page goes on)
            log.error("an event could not be handled: %s", type(error).__name__)  # noqa: TRY400  (a traceback may hold answers)
            tell(True)

    return call
