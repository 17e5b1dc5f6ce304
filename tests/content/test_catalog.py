"""The catalogue: strict loading, errors with file, line, field and fix, and a counted fallback to Japanese."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import jsonschema
import pytest
from pydantic import TypeAdapter

from advisor.content import loading, versions
from advisor.content import validate as soundness
from advisor.content.datafiles import DataError, read_yaml, validate
from advisor.content.folder import data_dir
from advisor.content.messages import file_names
from advisor.content.model import Row
from tests.content.test_problems import assert_told_in_japanese
from tests.support import CATALOG, own, unreleased

if TYPE_CHECKING:
    from typing import Any

    from advisor.content.model import Kind

DATA = data_dir()
BROKEN = Path(__file__).parents[1] / "broken_data"


class Finding(Row):
    """An expected problem: in ``file`` (default: the broken file), on the line with the text ``at``."""

    field: str
    message: str
    fix: str
    file: str | None = None
    at: str | None = None


class Broken(Row):
    """One error in a file: ``replace`` replaces ``find``, or the file has other ``content``, or it is missing."""

    file: str
    find: str = ""
    replace: str = ""
    content: str | None = None
    encoding: Literal["utf-8", "cp932"] = "utf-8"
    missing: bool = False
    expect: tuple[Finding, ...]


def example(name: str) -> Broken:
    return validate(read_yaml(BROKEN / f"{name}.yaml", name), TypeAdapter(Broken))


def copy(folder: Path) -> Path:
    """Return a copy of the data, which a test may break."""
    return unreleased(folder / "data")


def edit(data: Path, name: str, find: str, replace: str) -> int:
    """Replace the first ``find`` in a file and return the line on which it stood."""
    file = own(name)
    text = (data / file).read_text(encoding="utf-8")
    assert find in text, f"{find!r} no longer stands in {file}: choose another place to break"
    (data / file).write_text(text.replace(find, replace, 1), encoding="utf-8")
    return text[: text.index(find)].count("\n") + 1


def spoil(data: Path, broken: Broken) -> int:
    """Make one error in the data and return its line."""
    if broken.missing:
        (data / own(broken.file)).unlink()
    elif broken.content is not None:
        (data / own(broken.file)).write_text(broken.content, encoding=broken.encoding)
    else:
        return edit(data, broken.file, broken.find, broken.replace)
    return 1


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.yaml")))
def test_one_mistake_is_named_with_file_line_field_and_fix_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    broken, data = example(name), copy(tmp_path)
    line = spoil(data, broken)

    def expected(finding: Finding) -> str:
        file, place = own(finding.file or broken.file), line
        if finding.at is not None:
            text = (data / file).read_text(encoding="utf-8")
            place = text[: text.index(finding.at)].count("\n") + 1
        return f"{file}:{place}: {finding.field or '(file)'}: {finding.message}; {finding.fix}"

    with pytest.raises(DataError) as raised:
        loading.load(data)
    assert sorted(map(str, raised.value.problems)) == sorted(map(expected, broken.expect))
    for problem in raised.value.problems:
        assert_told_in_japanese(problem)


def test_every_broken_example_expects_something() -> None:
    assert [path.stem for path in BROKEN.glob("*.yaml") if not example(path.stem).expect] == []


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    data = copy(tmp_path)
    for name in ("unknown_key", "broken_yaml", "csv_wrong_cell"):
        spoil(data, example(name))
    with pytest.raises(DataError) as raised:
        loading.load(data)
    assert {problem.file for problem in raised.value.problems} == {
        own(name) for name in ("guidance/steps.yaml", "guidance/limits.yaml", "instrument/items.csv")
    }
    assert str(raised.value).count("\n") == 2


def test_a_missing_english_entry_falls_back_to_japanese_and_is_counted(tmp_path: Path) -> None:
    data = copy(tmp_path)
    edit(
        data, "text/en/instrument.yaml", '  support_1: "I feel satisfaction in work that supports other people."\n', ""
    )
    edit(data, "text/en/knowledge.yaml", '    name: "Sales"\n', "")
    found = loading.load(data)
    assert found.fallbacks == {"ja": 0, "en": 2}
    assert found.words["en"].items["support_1"] == found.words["ja"].items["support_1"]
    assert found.words["en"].experience["sales"].name == found.words["ja"].experience["sales"].name
    assert found.words["en"].experience["sales"].text == CATALOG.words["en"].experience["sales"].text


def test_a_missing_english_group_counts_every_text_in_it(tmp_path: Path) -> None:
    data = copy(tmp_path)
    text = (data / own("text/en/knowledge.yaml")).read_text(encoding="utf-8")
    start, end = text.index("habits:\n"), text.index("pluses:\n")
    (data / own("text/en/knowledge.yaml")).write_text(text[:start] + text[end:], encoding="utf-8")
    assert loading.load(data).fallbacks["en"] == 2 * len(CATALOG.statements["habits"])


def test_the_digest_names_the_content_and_not_the_place_or_the_line_ends(tmp_path: Path) -> None:
    data = copy(tmp_path)
    for path in data.rglob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert loading.load(data).digest == loading.load(copy(tmp_path / "elsewhere")).digest


def test_the_digest_changes_with_any_word_or_figure(tmp_path: Path) -> None:
    digests = {loading.load(copy(tmp_path / "as_it_was")).digest}
    for number, (file, find, replace) in enumerate(
        (
            ("text/en/knowledge.yaml", '"Sales"', '"Selling"'),
            ("scoring.yaml", "wants_in: {points: 30,", "wants_in: {points: 31,"),
            ("guidance/steps.yaml", "weeks: 24", "weeks: 25"),
        )
    ):
        data = copy(tmp_path / str(number))
        edit(data, file, find, replace)
        digests.add(loading.load(data).digest)
    assert len(digests) == 4


def test_one_folder_is_read_once() -> None:
    assert loading.load() is loading.load(DATA) is CATALOG


def test_active_items_are_the_quick_one_until_a_scale_is_widened() -> None:
    assert [item.id for item in CATALOG.active_items("reward")] == ["reward_1"]
    assert [item.id for item in CATALOG.active_items("reward", ("monotony",))] == ["reward_1"]
    assert [item.id for item in CATALOG.active_items("reward", ("reward",))] == ["reward_1", "reward_2", "reward_3"]
    assert CATALOG.items_of("nothing") == ()


def test_kinds_of_scales_keep_the_order_of_the_catalogue() -> None:
    kinds: tuple[Kind, ...] = ("fit", "misfit", "frustration", "consequence")
    assert [CATALOG.of_kind(kind)[0] for kind in kinds] == ["support", "spotlight", "reward", "motivation"]
    assert CATALOG.of_kind("fit", "misfit") == CATALOG.of_kind("fit") + CATALOG.of_kind("misfit")
    assert CATALOG.of_kind(*kinds) == tuple(CATALOG.scales)


def lists(value: Any) -> Any:
    """Return the value as JSON holds it: lists for tuples."""
    if isinstance(value, dict):
        return {key: lists(child) for key, child in value.items()}
    return [lists(child) for child in value] if isinstance(value, tuple) else value


def newest(name: str) -> Path:
    """Return a file of the newest version that has it; new files are not in old versions, shared files in none."""
    if (DATA / name).exists():
        return DATA / name
    return next(path for version in reversed(versions.names(DATA)) if (path := DATA / own(name, version)).exists())


@pytest.mark.parametrize("name", sorted(soundness.schemas()))
def test_each_yaml_file_fits_its_schema_and_the_schema_refuses_a_row_of_something_else(name: str) -> None:
    value = lists(read_yaml(newest(name), name).value)
    schema = soundness.schemas()[name]
    jsonschema.validate(value, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**value, "nobody": {"also": "unknown"}}, schema)


def test_every_yaml_file_of_the_catalogue_has_a_schema() -> None:
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yaml")}
    of_versions = {own(name, version) for name in soundness.schemas() for version in versions.names(DATA)}
    assert files <= of_versions | set(file_names())
    assert {newest(name) for name in soundness.schemas()} <= {DATA / name for name in files}
