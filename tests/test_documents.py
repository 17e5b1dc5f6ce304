"""The documents tell the truth about the tree: files they name exist, and every dependency and room is told."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.serving import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / name for name in (
    "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "deploy/README.md", "tests/fixtures/README.md",
))])  # fmt: skip
TOP = ("advisor", "benchmarks", "data", "deploy", "docs", "notebooks", "tests")
QUOTED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
ENDINGS = (".py", ".js", ".mjs", ".j2", ".css", ".md", ".yaml", ".yml", ".csv", ".toml", ".ipynb", ".json")
MODULE = re.compile(r"python -m ((?:advisor|benchmarks|tests)(?:\.\w+)*)")
EXAMPLES = ("2026-3", "NEW")  # versions that a reader is to make
# What a reader gives a command, or a command writes: nothing of it is in the repository.
ELSEWHERE = (".json", "CASES.yaml", "FILE.json", "scores.report.csv", "advisor-workbook/stores.json")


def named(document: Path) -> list[str]:
    """Return the paths in backticks that look like files or folders of this repository."""
    found = (quoted.split("::")[0].split(":")[0] for quoted in QUOTED.findall(document.read_text(encoding="utf-8")))
    paths = [path for path in found if PATH.fullmatch(path) and not any(part in path for part in EXAMPLES)]
    return [path for path in paths if (path.split("/")[0] in TOP and "/" in path) or path.endswith(ENDINGS)]


def exists(path: str, document: Path) -> bool:
    """Return whether a path stands there: from the root, from the document, or below a room, a release or the tests."""
    if (ROOT / path).exists() or (document.parent / path).exists():
        return True
    if path.split("/", maxsplit=1)[0] in TOP and "/" in path:
        return False
    return path in ELSEWHERE or any(below(path))


def below(path: str) -> list[Path]:
    """Return the files of the repository whose path ends like this: `test_cli.py`, wherever the tests keep it."""
    return [file for folder in TOP for file in (ROOT / folder).rglob(path.rstrip("/"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    assert [path for path in named(document) if not exists(path, document)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = LINKED.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_module_that_a_document_runs_exists(document: Path) -> None:
    modules = [name.replace(".", "/") for name in MODULE.findall(document.read_text(encoding="utf-8"))]
    assert [name for name in modules if not ((ROOT / f"{name}.py").exists() or (ROOT / name).is_dir())] == []


@pytest.mark.parametrize("path", ["advisor/serve/voila.py", "keeper.py", "advisor/content/nothing.py", "data/none.csv"])
def test_a_file_that_is_gone_would_be_noticed(path: str, tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"See `{path}` and `advisor/cli/main.py`.\n", encoding="utf-8")
    assert [found for found in named(document) if not exists(found, document)] == [path]


def test_the_design_is_one_page_and_names_every_room() -> None:
    text = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 90
    layers = next(one for one in PYPROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers")["layers"]
    rooms = {name.strip() for layer in layers for name in layer.split("|")} - {"__main__", "app"}
    assert {room for room in rooms if f"| `{room}/` |" not in text or f"{room}[" not in text} == set()


def test_every_dependency_has_a_line_that_says_what_it_is_for() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \|(.+)\|(.+)\|(.+)\|(.+)\|$", text_of("docs/decisions.md"), flags=re.MULTILINE)
    told = {name: cells for name, *cells in rows if name != "package"}
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    groups = PYPROJECT["dependency-groups"].values()
    lists = [PYPROJECT["project"]["dependencies"], *extras, *groups]
    declared = {re.split(r"[^\w.-]", text)[0] for texts in lists for text in texts}
    assert set(told) == declared
    assert [name for name, cells in told.items() if not all(cell.strip() for cell in cells)] == []


def test_every_class_that_the_glossary_names_stands_where_it_says() -> None:
    rows = [row for row in text_of("docs/glossary.md").splitlines() if row.startswith("|") and "(class `" in row]
    assert rows
    for row in rows:
        name, module = re.findall(r"\(class `(\w+)`\).*`([\w/.]+\.py)`", row)[0]
        assert f"class {name}" in text_of(module), row


def test_every_row_of_the_glossary_names_a_module_and_no_word_stands_twice() -> None:
    rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in text_of("docs/glossary.md").splitlines()
            if row.startswith("| ") and not row.startswith("| word |")]  # fmt: skip
    assert all(len(row) == 4 and QUOTED.fullmatch(row[3]) for row in rows), rows
    words = [row[0] for row in rows]
    assert sorted(set(words)) == sorted(words)


def test_binder_is_told_one_address() -> None:
    both = [re.findall(r"\?urlpath=[\w/.-]+", text_of(name)) for name in ("README.md", "environment.yml")]
    assert both[0] == both[1]
    assert len(both[0]) == 1
    notebook = both[0][0].rpartition("render/")[2]
    assert (ROOT / notebook).is_file()
    assert yaml.safe_load(text_of("environment.yml"))["name"]


def test_documents_name_the_ciphers_that_the_code_uses() -> None:
    assert "Fernet" in text_of("advisor/store/encryption.py")
    assert "AESGCM" in text_of("advisor/store/sealed_file.py")
    for name in ("SECURITY.md", "docs/data.md"):
        lines = [line for line in text_of(name).splitlines() if "scrypt" in line]
        assert lines
        assert all("AES-256-GCM" in line and "Fernet" not in line for line in lines), name


def test_the_changelog_can_take_a_release_of_data() -> None:
    text = text_of("CHANGELOG.md")
    assert text.index("## [Unreleased]") < text.index("## [0.2.0] - 2026-11-28")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
