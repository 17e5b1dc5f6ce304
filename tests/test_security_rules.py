"""Programs that look through our code for holes: semgrep with rules of our own, and bandit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import tools

pytestmark = pytest.mark.slow  # each is a program of its own
RULES = tools.ROOT / "tests" / "semgrep" / "rules.yaml"
KNOWN = {rule["id"]: rule for rule in yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"]}
LEFT_OUT = ("--exclude", "node_modules", "--exclude", "built")  # what others wrote


def found(*places: str) -> list[tuple[str, str]]:
    """Return which rule speaks of which file."""
    flags = ("--metrics=off", "--disable-version-check", "--quiet", "--json", "--no-git-ignore", *LEFT_OUT)
    done = tools.run("semgrep", "scan", *flags, "--jobs=1", "--config", str(RULES), *places)
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["errors"] == []
    assert told["paths"]["scanned"]
    return [(one["check_id"].rpartition(".")[2], f"{one['path']}:{one['start']['line']}") for one in told["results"]]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """What the rules say of our code and of all examples, which stand in files named after their rule and bad or good.

    semgrep looks at both at once: it takes longer to start than to look. Two jobs of it take half as much again as one.
    """
    root = tmp_path_factory.mktemp("examples")
    for name, rule in KNOWN.items():
        told = rule["metadata"]
        for kind in ("bad", "good"):
            file = root / "advisor" / told.get("folder", "example") / kind / name / told.get("file", "module.py")
            file.parent.mkdir(parents=True)
            file.write_text(f"{told[kind]}\n", encoding="utf-8")
    return found("advisor", str(root))


def test_no_rule_of_ours_is_broken(said: list[tuple[str, str]]) -> None:
    assert [(rule, place) for rule, place in said if place.startswith("advisor/")] == []


@pytest.mark.parametrize("rule", KNOWN)
def test_every_rule_finds_its_bad_example_and_lets_the_good_one_pass(said: list[tuple[str, str]], rule: str) -> None:
    examples = {(rule, "/".join(Path(place).parts[-3:-1])) for rule, place in said}
    assert (rule, f"bad/{rule}") in examples
    assert (rule, f"good/{rule}") not in examples


def test_bandit_finds_nothing() -> None:
    done = tools.run("bandit", "--quiet", "--recursive", "advisor", "-c", "pyproject.toml", "--format", "json")
    told = json.loads(done.stdout)
    places = [f"{one['test_id']} {one['filename']}:{one['line_number']} {one['issue_text']}" for one in told["results"]]
    assert (places, told["errors"]) == ([], [])
    assert told["metrics"]["_totals"]["loc"] > 0
