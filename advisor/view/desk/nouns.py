"""What the desk has to say, and what waits at it to be taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from advisor.session.model import Client, Visit


@dataclass(frozen=True, slots=True)
class Note:
    """What the desk has to say about what was done last: a word of the interface with its fields.

    ``at``: where it is said: at the top of the page, or beside the file that was chosen.
    """

    word: str
    fields: dict[str, object] = field(default_factory=dict)
    kind: Literal["done", "error"] = "done"
    at: Literal["top", "import"] = "top"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A client with their visits from elsewhere, or visits of nobody; read from a file and not taken in yet.

    ``asked``: the fields of the form that have to be filled in first.
    """

    client: Client | None
    visits: tuple[Visit, ...]
    asked: tuple[str, ...] = ()
