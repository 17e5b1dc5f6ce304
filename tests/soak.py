"""A server that opens page after page, while lines are cut, pages are left, and sockets hang about.

Everything is drawn from one seed. Each opening is one of ``WAYS``; whoever opened a page closes it, or leaves in the
middle of it as a quick reload does, or never comes back. What the server holds afterwards is what it held before.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.opened import ask_for, close, cut, in_turn, shake, stood
from tests.team import Visitor

WORKERS = 4
IDLE = 60  # sockets that say nothing, made anew every now and then


@dataclass
class Opening:
    """One visitor who opens one page."""

    visitor: Visitor
    chance: random.Random

    def used(self) -> None:
        """Open a page, connect, and close it."""
        kernel = in_turn(self.visitor)
        line = shake(self.visitor, kernel)
        assert stood(line), "refused"
        close(self.visitor, kernel)
        line.close()

    def shaken(self) -> None:
        """Cut some handshakes at any moment, connect at last, and close the page."""
        kernel = in_turn(self.visitor)
        for _ in range(self.chance.randint(1, 4)):
            self._cut_soon(shake(self.visitor, kernel, self.chance.choice(("s", "t"))))
        if self.chance.random() < 0.5:
            line = shake(self.visitor, kernel)
            assert stood(line), "refused"
            line.close()
        close(self.visitor, kernel)

    def lost(self) -> None:
        """Lose the line that stood, make it anew under the same name, and close the page."""
        kernel = in_turn(self.visitor)
        for _ in range(2):
            line = shake(self.visitor, kernel)
            assert stood(line), "refused"
            cut(line)
        close(self.visitor, kernel)

    def left(self) -> None:
        """Leave the page at any moment while it is being sent: a quick reload, a closed tab."""
        for _ in range(self.chance.randint(1, 3)):
            asked = ask_for(self.visitor, "workbook")
            with suppress(OSError):
                asked.settimeout(self.chance.uniform(0.001, 0.6))
                while asked.recv(4096):
                    pass
            cut(asked)

    def gone(self) -> None:
        """Get the whole page and never connect: without JavaScript, a computer switched off."""
        in_turn(self.visitor)

    def _cut_soon(self, line: socket.socket) -> None:
        time.sleep(self.chance.choice((0, 0, 0.001, 0.01, 0.1)))
        cut(line)


WAYS: dict[Callable[[Opening], None], int] = {  # and how often each is drawn
    Opening.used: 4,
    Opening.shaken: 3,
    Opening.lost: 2,
    Opening.left: 2,
    Opening.gone: 1,
}


@dataclass
class Soak:
    """Many openings, and how they went."""

    visitors: list[Visitor]
    seed: int
    ways: Counter[str] = field(default_factory=Counter)

    def run(self, count: int) -> None:
        """Open so many pages, a few at a time, each way at least once; the first failure is raised."""
        chance = random.Random(self.seed)
        drawn = [*WAYS, *chance.choices(list(WAYS), list(WAYS.values()), k=count)][:count]
        chance.shuffle(drawn)
        openings = [Opening(chance.choice(self.visitors), random.Random(chance.random())) for _ in drawn]
        with ExitStack() as idle, ThreadPoolExecutor(WORKERS) as pool:
            done = []
            for number, (way, opening) in enumerate(zip(drawn, openings, strict=True)):
                self.ways[way.__name__] += 1
                if number % IDLE == 0:
                    done.append(pool.submit(self._hang_about, idle))
                done.append(pool.submit(way, opening))
            for each in done:
                each.result()

    def _hang_about(self, idle: ExitStack) -> None:
        address = urlsplit(self.visitors[0].url)
        for _ in range(IDLE):
            idle.enter_context(socket.create_connection((address.hostname or "", address.port or 0)))


def complaints(log: str) -> list[str]:
    """Return what a server's log tells of things that may not happen: anything but that somebody went away."""
    return [line for line in log.splitlines() if re.search(r"ERROR|Traceback|WARNING", line)]
