"""Clients that were written from the sources alone, before the scoring, with the advice that advisers would expect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.report.addressed import of_step, to_client
from advisor.session.record import new
from advisor.session.session import Session
from tests.newest import NEWEST

if TYPE_CHECKING:
    from advisor.scoring.results import Reading

# Everything is text here, so that a sign's `yes` stays a word.
CLIENTS = yaml.load((Path(__file__).parents[1] / "clients.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
KINDS = ("traits", "frustrations", "consequences")


def session_of(client: dict[str, Any]) -> Session:
    answers = {f"{scale}_1": int(point) for kind in KINDS for scale, point in client.get(kind, {}).items()}
    facts = Facts(
        situation=client.get("situation"),
        role=client.get("role"),
        years=int(client["years"]) if "years" in client else None,
        signs=client.get("signs", {}),
        tried=client.get("tried", {}),
        experience=tuple(client.get("experience") or ()),
        wish=client.get("wish", ""),
    )
    session = Session(NEWEST)
    session.open_case(Case(answers, facts=facts))
    return session


def first_of(reading: Reading) -> str:
    return reading.paths[0].target if reading.paths else ""


@pytest.mark.parametrize("client", CLIENTS, ids=[client["id"] for client in CLIENTS])
def test_a_client_hears_what_an_adviser_would_say(client: dict[str, Any]) -> None:
    session = session_of(client)
    reading, first, speaker = session.reading, first_of(session.reading), say(NEWEST, "ja")
    three = [NEWEST.steps[step.target] for step in reading.steps[:3]]
    if "first" in client:
        assert first in client["first"]
    assert first not in client.get("never", ())
    assert len({step.topic for step in three}) == len(three)
    assert all(step.points > 0 for step in reading.steps)
    if "topics" in client:
        assert sum(step.topic in client["topics"] for step in three) >= int(client["hit"])
    if first:
        assert sum(first in step.serves for step in three) >= 2
    heard = "\n".join(to_client(session, speaker))
    if "says" in client:
        steps = "\n".join(text for step in reading.steps[:3] for text in of_step(NEWEST, speaker, reading, step.target))
        assert re.search(client["says"], steps)
    if "says_not" in client:
        assert not re.search(client["says_not"], heard)


def test_in_silence_nothing_is_ranked_and_what_is_missing_is_named() -> None:
    for client in CLIENTS:
        if client.get("first") == [""]:
            reading = session_of(client).reading
            assert (reading.paths, reading.steps, reading.near) == ((), (), ())
            assert reading.lacking is not None


def test_a_client_is_read_with_the_digest_of_the_version() -> None:
    assert new(NEWEST).scoring.startswith(NEWEST.scoring.version)
