"""The addresses of the desk: an opaque id of a client, and whether names are hidden. They hold no name and no code."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

HIDDEN, OFF = "hidden", "off"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the desk. ``has_key``: the key H hides names."""

    client: str = ""
    masked: bool = False
    has_key: bool = True


def read(query: str) -> Asked:
    """Return what the query of an address asks of the desk."""
    asked = {name: texts[0] for name, texts in parse_qs(query).items()}
    return Asked(asked.get("c", ""), asked.get("names") == HIDDEN, asked.get("key") != OFF)


def place(client: str, masked: bool, has_key: bool) -> dict[str, str]:
    """Return the parts of the query for the page that is open; an empty part is taken out of the address."""
    return {"c": client, "names": HIDDEN if masked else "", "key": "" if has_key else OFF}


def kept(masked: bool, has_key: bool) -> dict[str, str]:
    """Return the parts of the query that go along to another page and back."""
    return {name: text for name, text in place("", masked, has_key).items() if text}


def with_client(desk: str, client: str, query: str) -> str:
    """Return the address of a client's page, from the address of the desk; ``query``: of the page that leads there."""
    asked = read(query)
    parts = {"c": client, **kept(asked.masked, asked.has_key)} if client else kept(asked.masked, asked.has_key)
    return f"{desk}?{urlencode(parts)}" if parts else desk
