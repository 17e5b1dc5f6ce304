"""How the server is to run, and what may not be together."""

from __future__ import annotations

import pytest

from advisor.content.messages import messages
from advisor.server.options import Options, problem

DESK = "https://desk.example"


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(host="::1"),
        Options(login="team"),
        Options(login="team", origin=DESK),
        Options(login="team", host="0.0.0.0", origin=DESK),  # noqa: S104  (TLS ends in front)
        Options(login="proxy", origin=DESK, proxy_header="X-User", proxy_from=("127.0.0.1",)),
        Options(login="hub"),
    ],
)
def test_what_goes_together_is_no_problem(options: Options) -> None:
    assert problem(options) == ""


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (Options(host="0.0.0.0"), "serve_alone_is_local"),  # noqa: S104  (that is the mistake)
        (Options(origin=DESK), "serve_alone_is_local"),
        (Options(login="team", host="10.0.0.5"), "serve_needs_https"),
        (Options(login="team", host="10.0.0.5", origin="http://desk.example"), "serve_needs_https"),
        (Options(login="team", origin="desk.example"), "serve_bad_origin"),
        (Options(login="team", origin=f"{DESK}/"), "serve_bad_origin"),
        (Options(login="team", origin="https://Desk.example"), "serve_bad_origin"),
        (Options(login="team", origin="javascript://desk"), "serve_bad_origin"),
        (Options(login="proxy"), "serve_needs_proxy"),
        (Options(login="proxy", proxy_header="X-User"), "serve_needs_proxy"),
        (Options(login="proxy", proxy_header="X-User", proxy_from=("nginx",)), "serve_bad_address"),
    ],
)
def test_what_would_be_unsafe_or_cannot_work_is_told(options: Options, word: str) -> None:
    assert problem(options) == word
    assert word in messages("ja")
    assert word in messages("en")


def test_a_public_origin_is_the_only_one() -> None:
    options = Options(login="team", origin="https://desk.example:8443")
    assert options.origins(8866) == {"https://desk.example:8443"}
    assert options.hosts(8866) == {"desk.example:8443"}
    assert options.is_secure


def test_without_an_origin_this_machine_is_meant() -> None:
    assert Options().hosts(8866) == {"127.0.0.1:8866", "localhost:8866"}
    assert not Options().is_secure
