"""How often somebody may try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.server.throttle import MOST_KEYS, WINDOW, Throttle, place_of


def test_the_sixth_try_in_a_minute_waits_until_the_first_is_a_minute_old() -> None:
    throttle = Throttle(5)
    for second in range(5):
        assert throttle.wait("sato", second) == 0
        throttle.note("sato", second)
    assert throttle.wait("sato", 10) == WINDOW - 10
    assert throttle.wait("suzuki", 10) == 0
    assert throttle.wait("sato", WINDOW) == 0


def test_who_has_shown_who_they_are_starts_anew() -> None:
    throttle = Throttle(1)
    throttle.note("sato", 0)
    assert throttle.wait("sato", 1) > 0
    throttle.forget("sato")
    assert throttle.wait("sato", 1) == 0


def test_a_flood_of_names_takes_no_more_memory() -> None:
    throttle = Throttle(5)
    for number in range(MOST_KEYS + 100):
        throttle.note(str(number), 0)
    assert len(throttle._tried) == MOST_KEYS  # noqa: SLF001  (the memory is the point)


@given(st.lists(st.floats(0, 600), max_size=60))
def test_no_minute_ever_holds_more_than_five_tries(times: list[float]) -> None:
    throttle, tried = Throttle(5), []
    for now in sorted(times):
        if not throttle.wait("sato", now):
            throttle.note("sato", now)
            tried.append(now)
    assert all(sum(start < one <= start + WINDOW for one in tried) <= 5 for start in [-1, *tried])


def test_a_right_password_was_no_try() -> None:
    throttle = Throttle(1)
    for second in range(25):
        assert throttle.wait("an office", second) == 0
        throttle.note("an office", second)
        throttle.take_back("an office", second)
    throttle.note("an office", 30)
    assert throttle.wait("an office", 31) > 0
    throttle.take_back("somebody else", 31)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::1", "127.0.0.1", False),
        ("unknown", "unknown", True),
    ],
)
def test_of_ipv6_a_network_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (place_of(one) == place_of(other)) is same
