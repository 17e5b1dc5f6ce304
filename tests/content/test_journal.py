"""The log: its size is limited in every case, and it has no data of a client."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

import pytest

from advisor.content import journal
from advisor.content.journal import KINDS, MOST, WINDOW, Journal
from tests.waits import until

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")


class Log:
    """A journal with a clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(journal, "clock", lambda: self.now)
        self.written = io.StringIO()
        self.handler = Journal(self.written)

    def tell(self, name: str, text: str, *values: object, error: BaseException | None = None, level: int = 30) -> None:
        """Log something."""
        seen = (type(error), error, error.__traceback__) if error else None
        self.handler.handle(logging.LogRecord(name, level, "", 0, text, values, seen))

    @property
    def lines(self) -> list[str]:
        """Return what was written, without the times."""
        return [_TIME.sub("", line) for line in self.written.getvalue().splitlines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    yield (made := Log(monkeypatch))
    made.handler.close()


def test_a_fault_that_comes_back_at_once_writes_ten_lines_a_minute_and_how_many_more_there_were(log: Log) -> None:
    for number in range(100_000):
        log.tell("asyncio", f"Exception in callback handle({number}, 0x7f{number:x})")
    assert len(log.lines) == MOST
    log.now += WINDOW
    log.tell("advisor.server.request_checks", "something else")
    assert log.lines[MOST] == (
        f"WARNING advisor: … and {100_000 - MOST} more in a minute, of the kind: "
        "asyncio: Exception in callback handle(#, #)"
    )
    assert len(log.lines) == MOST + 2


def test_the_minute_ends_by_itself(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WINDOW", 0.05)
    for _ in range(MOST + 5):
        log.tell("advisor", "again")
    until(lambda: len(log.lines) > MOST)
    assert log.lines[-1].startswith("WARNING advisor: … and 5 more")


def test_a_flood_of_kinds_is_one_kind_more(log: Log) -> None:
    for number in range(KINDS * 3):
        log.tell("advisor", "".join(chr(97 + int(sign)) for sign in str(number)))
    assert len(log.lines) == KINDS + MOST


def test_of_other_packages_only_the_fixed_words_stand_there(log: Log) -> None:
    log.tell("Voila", "No channel specified, assuming shell: %s", {"content": "カナリアの秘密"})
    log.tell("Voila", "Received message of type \"カナリアの秘密\nERROR advisor: 'x'\", which is not allowed.")
    log.tell("Voila", "Malformed message: [b'\\xe3', 'カナリアの秘密']")
    log.tell("Voila", "Nudge: attempt 10 on kernel eb9da5a2-797a-480b-8afa-02fc4d42a597")
    assert log.lines[-1] == "WARNING Voila: Nudge: attempt 10 on kernel …"
    log.tell("advisor.server", "%d by %s", 500, "WorkbookHandler")
    assert "カナリア" not in log.written.getvalue()
    assert log.lines[0] == "WARNING Voila: No channel specified, assuming shell: %s"
    assert log.lines[-1] == "WARNING advisor.server: 500 by WorkbookHandler"


def test_what_other_packages_say_of_their_work_is_left_out(log: Log) -> None:
    log.tell("Voila", "Nudge", level=logging.DEBUG)
    log.tell("tornado.general", "Malformed HTTP message", level=logging.INFO)
    log.tell("advisor.view.guard", "refused: %s", "a message that no widget sends", level=logging.INFO)
    assert log.lines == ["INFO advisor.view.guard: refused: a message that no widget sends"]


def test_of_an_error_the_kind_and_the_place_stand_there_and_no_text(log: Log) -> None:
    def fail() -> None:
        raise OSError(24, "カナリアの秘密")

    try:
        fail()
    except OSError as error:
        log.tell("asyncio", "Task exception was never retrieved\nfuture: 'カナリアの秘密'", error=error)
    assert log.lines[-1] == "    OSError 24"
    assert any("in fail" in line for line in log.lines)
    assert not any("カナリア" in line for line in log.lines if "raise" not in line)


def test_nothing_that_was_sent_looks_like_a_line(log: Log) -> None:
    log.tell("advisor", "refused: %s", "x\r\nERROR advisor: all is lost\u2028ERROR\x1b[2J")
    assert len(log.written.getvalue().splitlines()) == 1
    assert "\x1b" not in log.written.getvalue()
