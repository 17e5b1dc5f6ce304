"""Saves a trial as a draft: a copy of a version's folder with other figures, its comments, order and lines kept."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from advisor.analysis.lab.errors import LabError, ReleasedError
from advisor.analysis.lab.files import fresh, one_line, scoring_of, write_beside
from advisor.analysis.lab.parameters import figures, is_weight, vary
from advisor.content import versions
from advisor.content.datafiles import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ruamel.yaml import YAML

    from advisor.analysis.lab.parameters import Number
    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import Problem

JUDGEMENT = "workbook"  # the source of a weight that an analyst adds


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that was saved; ``problems``: what ``advisor check`` reports for it, empty when all is well."""

    path: Path
    version: str
    problems: tuple[Problem, ...]


def next_version(folder: Path, year: int) -> str:
    """Return the next free name: the year, and one more than the last number of that year."""
    last = max(
        (versions.order(name)[1] for name in versions.names(folder) if versions.order(name)[0] == year), default=0
    )
    return f"{year}-{last + 1}"


def save_draft(  # noqa: PLR0913  (what is saved, where, by which name and why)
    catalog: Catalog,
    folder: Path,
    version: str,
    changes: Mapping[str, Number | None],
    *,
    why: str = "",
    replace: bool = False,
) -> Draft:
    """Write ``releases/<version>/`` in ``folder`` (a data folder), and return where it is, with its problems.

    The folder of the catalogue's version is copied. In the scoring, only the figures that differ and the version are
    changed, and one line of comment is added when there is a ``why``. ``changes``: as for ``parameters.vary``; if the
    catalogue was varied already, those changes are written too. ``replace``: write over the scoring of a draft of that
    name.

    Raises:
        ParameterError: a change is not possible.
        ReleasedError: that version is released.
        LabError: the name does not come after the released versions, or there is a draft of that name.
    """
    version = versions.named(version)
    _may_be_called(folder, version, replace=replace)
    base = catalog.scoring.version
    wanted = vary(catalog, changes).scoring
    now = figures(scoring_of(folder, base))
    then = figures(wanted)
    path = folder / versions.file_of(version)
    text = (folder / versions.file_of(base)).read_text(encoding="utf-8")
    moved = {name: _short(then.get(name)) for name in now | then if now.get(name) != then.get(name)}
    if version != base:
        copy_of(folder, base, version)
    write_beside(path, titled(edit(text, moved, version), base, version, why))
    try:
        fresh(folder, version)
    except DataError as error:
        return Draft(path, version, error.problems)
    return Draft(path, version, ())


def copy_of(folder: Path, base: str, version: str) -> None:
    """Copy a version's folder as that of a draft; a draft that exists already is left as it is."""
    home = folder / versions.FOLDER / version
    if home.exists():
        return
    beside = home.with_name(f".{version}.{os.getpid()}.part")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(home.with_name(base), beside, ignore=shutil.ignore_patterns(versions.SUMS, ".*"))
    beside.replace(home)


def _short(value: Number | None) -> Number | None:
    """Return a number as people write it: 30 for 30.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _may_be_called(folder: Path, version: str, *, replace: bool) -> None:
    released = versions.releases(folder)
    if version in released:
        raise ReleasedError("lab_released", version=version, date=released[version].released)
    last = next(reversed(released), "0-0")
    if not versions.is_name(version) or versions.order(version) <= versions.order(last):
        example = next_version(folder, versions.order(last)[0]) if released else "2026-1"
        raise LabError("lab_bad_name", version=version, example=example)
    if (folder / versions.file_of(version)).exists() and not replace:
        raise LabError("lab_draft_there", version=version)


def _round_trip() -> YAML:
    from ruamel.yaml import YAML  # noqa: PLC0415  (a tenth of a second, and only who saves needs it)

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # a line of the file stays a line
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def edit(text: str, changes: Mapping[str, Number | None], version: str) -> str:
    """Return the text of a scoring file with other figures (None: the weight is gone) and another version."""
    yaml = _round_trip()
    tree = yaml.load(text)
    tree["version"] = version
    for path, value in changes.items():
        *before, last = path.split(".")
        place: Any = tree
        for part in before:
            place = place[int(part)] if part.isdecimal() else place[part]
        if not is_weight(path):
            place[last] = value
        elif value is None:
            del place[last]
        elif last in place:
            place[last]["points"] = value
        else:
            place[last] = _new_weight(value)
    written = StringIO()
    yaml.dump(tree, written)
    return written.getvalue()


def _new_weight(points: Number) -> Any:  # noqa: ANN401  (a mapping that knows how it is written)
    from ruamel.yaml.comments import CommentedMap, CommentedSeq  # noqa: PLC0415  (as above)

    weight, sources = CommentedMap(points=points), CommentedSeq([JUDGEMENT])
    weight["sources"] = sources
    for part in (weight, sources):
        part.fa.set_flow_style()
    return weight


def titled(text: str, base: str, version: str, why: str) -> str:
    """Return the text with its own version in the first line, and with ``why`` as the last comment of its head."""
    lines = text.rstrip("\n").split("\n")
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    name = version if version == base else f"{version}, from {base}"
    reason = f"# {name}: {one_line(why)}"
    if head:
        lines[0] = re.sub(rf"\b{base}\b", version, lines[0])
    if one_line(why) and reason not in lines[:head]:
        lines.insert(head, reason)
    return "\n".join(lines) + "\n"
