"""What older code has written (tests/fixtures/): unpacked, copied into stores of either kind, and read by today's."""

from __future__ import annotations

import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from advisor.scoring.results import Advice, Reading
from advisor.store import Store, open_store
from tests.databases import Server

REVISION = "revision_0002"
FOLDER = Path(__file__).parent / "fixtures" / REVISION
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
CATALOGUES: dict[str, str] = EXPECTED["catalogues"]  # file → digest
KINDS = ("plain", "sealed", "postgres")


@cache
def written() -> dict[str, bytes]:
    """Return every file of the archive by its name."""
    with tarfile.open(FOLDER / "written.tar.xz") as archive:
        opened = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: file.read() for name, file in opened.items() if file is not None}


def key_of(kind: str) -> str:
    """Return the key under which a store of this kind is."""
    return str(EXPECTED["key"]) if kind == "sealed" else ""


def old_store(kind: str, folder: Path, server: Server | None = None) -> str:
    """Return the address of a copy of a store as it was written, not upgraded yet; ``server``: in PostgreSQL."""
    if server is None:
        (folder / "old.sqlite3").write_bytes(written()[f"{kind}.sqlite3"])
        return f"sqlite:///{folder / 'old.sqlite3'}"
    url = server.bare_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(written()["postgres.sql"])
    with psycopg.connect(url, autocommit=True) as connection:  # the dump left its own search path
        for file, digest in CATALOGUES.items():
            connection.execute("INSERT INTO catalogue VALUES (%s, %s)", (digest, written()[file]))
    return url


def upgraded(kind: str, folder: Path, server: Server | None = None) -> Store:
    """Return a store that older code has written, brought to today's form as ``advisor db upgrade`` does."""
    url = old_store(kind, folder, server)
    open_store(url, key_of(kind), checked=False).upgrade()
    return open_store(url, key_of(kind))


def figures(reading: Reading) -> dict[str, Any]:
    """Return what a reading says, as make.py wrote it down: scores, gates, and advice in its order with every point."""

    def advice(pieces: tuple[Advice, ...]) -> list[Any]:
        return [
            [one.target, one.points, one.held, [[reason.feature, reason.points] for reason in one.reasons]]
            for one in pieces
        ]

    return {
        "scores": {name: [score.value, score.band, score.answered] for name, score in reading.scores.items()},
        "index": reading.index.value,
        "paths": advice(reading.paths),
        "steps": advice(reading.steps),
        "gates": [[gate.gate, gate.open] for gate in reading.gates],
        "roles": [[role.role, round(role.value, 6)] for role in reading.roles],
        "hints": [one.cue for one in reading.cues],
        "help_needed": reading.help_needed,
    }
