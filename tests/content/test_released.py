"""Releases never change: their digests and dates are pinned here too, not only beside them.

``tests/released.csv`` gets its lines from ``advisor release``; no line of it is ever edited or removed.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from advisor.content import versions
from advisor.content.folder import data_dir

PINS = Path(__file__).parents[1] / "released.csv"
DATA = data_dir()


def pinned() -> list[dict[str, str]]:
    with PINS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_of_releases_is_the_pinned_one() -> None:
    listed = [(row.version, row.released, row.sha256) for row in versions.releases(DATA).values()]
    assert listed == [(row["version"], row["released"], row["sha256"]) for row in pinned()]


def test_every_release_has_the_digest_it_was_released_with() -> None:
    found = {row["version"]: versions.digest(DATA, row["version"]) for row in pinned()}
    assert found == {row["version"]: row["sha256"] for row in pinned()}


def test_releases_go_forward_in_name_and_date() -> None:
    names = [versions.order(row["version"]) for row in pinned()]
    assert names == sorted(set(names))
    dates = [row["released"] for row in pinned()]
    assert dates == sorted(dates)


def test_the_first_release_is_among_them() -> None:
    assert pinned()[0]["version"] == "2026-1"


def test_the_first_release_says_what_it_said_before_it_had_a_folder() -> None:
    """The figures and words of 2026-1 have the same bytes as in their first release, which had no folder."""
    before = json.loads((Path(__file__).parents[1] / "first_release.json").read_text(encoding="utf-8"))
    listed = (DATA / versions.file_of("2026-1", versions.SUMS)).read_text(encoding="utf-8")
    now = {name.removeprefix("../../"): sha for sha, name in (line.split("  ", 1) for line in listed.splitlines())}
    assert now == before
