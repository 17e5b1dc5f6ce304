"""The log of our programs: at most some lines of each kind in a minute, and no data of a client.

Without a limit, an error that repeats at once (no free file handle, for example) writes 6 MB a second until the disk is
full. Packages that we use log the data they receive, for example whole messages of a browser. Of their records the log
keeps only the fixed words. Of every exception it keeps the type and the place, never the text.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from time import gmtime, strftime
from time import monotonic as clock
from traceback import format_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

MOST, WINDOW = 10, 60.0  # at most so many lines of one kind, in so many seconds
KINDS = 200  # kinds that are counted separately in that time; later kinds are counted together
_TELLING, _LONGEST, _FRAMES = 40, 300, 12  # characters that define a kind, characters of a line, frames of a traceback
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
_FOREIGN = re.compile(r"(?<![A-Za-z])b?['\"]|\n")  # the fixed words of a message end at a quote or a line end
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ")


class Journal(logging.StreamHandler["TextIO"]):
    """A handler that writes to a stream; at the end of a minute it writes how many lines of each kind it left out."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.addFilter(lambda record: record.levelno >= logging.WARNING or _is_ours(record))
        self._count: dict[str, int] = {}
        self._begun = float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless the log already has :data:`MOST` records of its kind in this minute."""
        now = clock()
        if now - self._begun >= WINDOW:
            self._end_minute()
            self._begun = now
        kind = f"{record.name}: {_NUMBER.sub('#', log_text(record))[:_TELLING]}"
        if kind not in self._count and len(self._count) >= KINDS:
            kind = "everything else"
        count = self._count[kind] = self._count.get(kind, 0) + 1
        if count <= MOST:
            super().emit(record)
        elif count == MOST + 1:  # a timer ends the minute, because the next record may come much later
            timer = threading.Timer(self._begun + WINDOW - now, self._ring, (self._begun,))
            timer.daemon = True
            timer.start()

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record; control characters become spaces, so that no sent text can forge a log line."""
        at = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(record.created))
        lines = [f"{at} {record.levelname} {record.name}: {log_text(record)}"]
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            number = f" {error.errno}" if isinstance(error, OSError) else ""
            lines += [f"    {line}" for place in format_tb(trace, -_FRAMES) for line in place.splitlines()]  # nosemgrep
            lines += [f"    {kind.__name__}{number}"]
        return "\n".join(line.translate(_CONTROL) for line in lines)

    def _ring(self, begun: float) -> None:
        self.acquire()
        try:
            if self._begun == begun:
                self._end_minute()
        finally:
            self.release()

    def _end_minute(self) -> None:
        for kind, count in self._count.items():
            if count > MOST:
                more = f"… and {count - MOST} more in a minute, of the kind: {kind}"
                super().emit(logging.LogRecord("advisor", logging.WARNING, "", 0, more, None, None))
        self._count.clear()


def log_text(record: logging.LogRecord) -> str:
    """Return the text of a record: the whole message of our own, only the fixed words of other packages' messages."""
    try:
        text = record.getMessage() if _is_ours(record) else str(record.msg)
    except Exception:  # noqa: BLE001  (the values do not fit the message: an error in the calling code)
        text = str(record.msg)
    if not _is_ours(record):
        text = _ID.sub("…", _FOREIGN.split(text, 1)[0])
    return text[:_LONGEST]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "advisor"


def install(*others: logging.Logger) -> None:
    """Send all log records of this process to stderr through a :class:`Journal`.

    ``others``: loggers with their own handlers; these handlers are removed.
    """
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if type(handler) not in (logging.StreamHandler, Journal)]
    root.addHandler(Journal(sys.stderr))
    logging.getLogger("advisor").setLevel(logging.INFO)
    for logger in others:
        logger.handlers.clear()
        logger.propagate = True
