"""The client's own screen of a visit: it follows, is held, goes on alone, and is pointed at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.session import client_screen
from advisor.session import record as records
from advisor.session.model import By, ClientScreen
from advisor.session.record import SCREEN_IDS
from advisor.session.session import Rejected
from tests.databases import NEW
from tests.support import session

BY: tuple[By, ...] = ("", "client", "")
FOLLOWING = client_screen.opened(NEW)


def test_it_shows_the_adviser_s_screen_until_it_is_held_or_goes_on_alone() -> None:
    at_results = replace(FOLLOWING, screen="results")
    assert client_screen.shown(at_results) == "results"
    for mode in ("held", "alone"):
        apart = replace(client_screen.switched(at_results, mode), screen="next")
        assert (client_screen.shown(apart), apart.screen) == ("results", "next")
        assert client_screen.shown(client_screen.switched(apart, mode)) == "next", "the same again lets it follow"
    alone = client_screen.gone_on(client_screen.switched(at_results, "alone"), "plan")
    assert (client_screen.shown(alone), alone.screen) == ("plan", "results")


def test_only_a_client_who_goes_on_alone_goes_anywhere() -> None:
    for record in (NEW, FOLLOWING, client_screen.switched(FOLLOWING, "held")):
        with pytest.raises(KeyError):
            client_screen.gone_on(record, "plan")


def test_one_points_at_parts_only_while_pointing_and_only_by_names_of_parts() -> None:
    pointing = client_screen.pointing(FOLLOWING)
    assert client_screen.pointed(FOLLOWING, "reward_1") == FOLLOWING
    assert client_screen.pointed(pointing, "reward_1").client_screen.part == "reward_1"
    for name in ("", '"] , *', "名前", "x" * 81, "a b"):
        with pytest.raises(KeyError):
            client_screen.pointed(pointing, name)
    assert client_screen.left(client_screen.pointed(pointing, "reward_1")) == pointing, "on another screen nothing is"
    assert client_screen.pointing(client_screen.pointed(pointing, "reward_1")).client_screen == ClientScreen("follows")


def test_without_a_screen_nothing_can_be_held_or_pointed_at() -> None:
    one = session()
    for deed in (one.point, lambda: one.switch_client_screen("held"), lambda: one.switch_client_screen("")):
        with pytest.raises(Rejected):
            deed()
    one.open_client_screen()
    before = one.record
    one.open_client_screen()
    assert one.record == before, "it is there already"
    one.switch_client_screen("held")
    one.close_client_screen()
    assert one.record.client_screen == ClientScreen()


def test_an_old_visit_has_no_client_s_screen() -> None:
    one = session()
    one.is_read_only = True
    with pytest.raises(Rejected):
        one.open_client_screen()


def test_who_made_the_last_change_stands_in_the_record() -> None:
    one = session()
    told = []
    for by in BY:
        one.by = by
        one.respond("reward_1", 4)
        told.append(one.record.changed_by)
    assert told == ["", "client", ""]


def test_it_is_no_content_and_does_not_go_along_to_the_next_visit() -> None:
    one = session()
    one.open_client_screen()
    one.respond("reward_1", 4)
    then = records.follow_up(one.catalog, one.record, "v1")
    assert then.client_screen == ClientScreen()
    assert records.parse(records.dump(one.record)) == one.record
    wrong = replace(NEW, client_screen=ClientScreen("held", "nowhere", part="?"))
    places = [place for place, _ in records.problems(one.catalog, wrong)]
    assert places == [("client_screen", "at"), ("client_screen", "part")]
    assert not list(client_screen.problems(FOLLOWING, SCREEN_IDS))
