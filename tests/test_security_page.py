"""SECURITY.md and the checklist behind it: complete, and every test that they name is there."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.pages import Markup
from tests.serving import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE, CHECKLIST = ROOT / "SECURITY.md", ROOT / "docs" / "asvs.md"
TEMPLATES = ROOT / "advisor" / "server" / "jupyter" / "voila" / "templates" / "advisor"
STATES = ("met", "not met", "not applicable")
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1 on.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
ALL = [f"V{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]
LINE = re.compile(r"\| (V\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
TEST = re.compile(r"(test_\w+)::(test_\w+)")
FILE = re.compile(r"`(?:tests/)?(test_\w+\.py)`")


def lines() -> list[tuple[str, str, str]]:
    """Return id, state and reason of every line of the checklist."""
    rows = [row for row in CHECKLIST.read_text(encoding="utf-8").splitlines() if row.startswith("| V")]
    found = [LINE.fullmatch(row) for row in rows]
    assert [row for row, match in zip(rows, found, strict=True) if match is None] == []
    return [(match[1], match[4], match[5]) for match in found if match]


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    ids = Counter(name for name, _, _ in lines())
    assert len(ALL) == 253
    assert sorted(ids.elements()) == sorted(ALL)


def test_every_line_has_one_of_three_states() -> None:
    assert {state for _, state, _ in lines()} <= set(STATES)


@pytest.mark.parametrize("file", [PAGE, CHECKLIST], ids=lambda file: file.name)
def test_every_test_that_is_named_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = set(TEST.findall(text))
    missing = [f"{module}::{test}" for module, test in named if f"def {test}(" not in source(f"{module}.py")]
    missing += [name for name in FILE.findall(text) if not source(name)]
    assert missing == []
    assert named or FILE.search(text)


def source(name: str) -> str:
    """Return the text of a test file by its name alone, in whichever folder it is; empty where there is none."""
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob(name))


def test_what_is_not_met_is_said_on_the_page_too() -> None:
    said = PAGE.read_text(encoding="utf-8").partition("What is not met:")[2]
    assert set(re.findall(r"V\d+\.\d+\.\d+", said)) == {name for name, state, _ in lines() if state == "not met"}


def test_password_fields_mask_what_is_typed_and_help_password_managers() -> None:
    helped = {"password": "current-password", "new": "new-password", "again": "new-password"}
    seen = set()
    for page in ("login.html", "account.html"):
        for tag, attributes in Markup((TEMPLATES / page).read_text(encoding="utf-8")).tags:
            name = attributes.get("name") or ""
            if tag == "input" and name in helped:
                assert (attributes["type"], attributes["autocomplete"]) == ("password", helped[name])
                seen.add(name)
    assert seen == set(helped)
