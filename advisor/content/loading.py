"""Loads ``data/`` as a :class:`.Catalog`: strictly, with every error's file, line and field, and a digest of all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from advisor.content import checks, condition_checks, datafiles, formats, translations, versions, worksheet_checks
from advisor.content.catalog import GROUPS, Catalog
from advisor.content.datafiles import (
    DataError,
    DataFile,
    Problem,
    problem_of,
    read_cells,
    read_csv,
    read_yaml,
    validate,
)
from advisor.content.folder import data_dir
from advisor.content.model import (
    Dial,
    Disagreement,
    Id,
    Item,
    Norm,
    Reliability,
    Role,
    RoleTrait,
    Saying,
    Scale,
    Scoring,
    Service,
    Sign,
    Source,
    SourceId,
    Statement,
    Step,
    Variant,
    Worksheet,
    WorkStyles,
)
from advisor.content.model import Path as AdvicePath
from advisor.content.words import FILES, LANGUAGES

Row = TypeVar("Row", Scale, Item, Reliability, Norm)


_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "sources.yaml": TypeAdapter(dict[SourceId, Source]),
    "guidance/signs.yaml": TypeAdapter(dict[Id, Sign]),
    "guidance/steps.yaml": TypeAdapter(dict[Id, Step]),
    "guidance/paths.yaml": TypeAdapter(dict[Id, AdvicePath]),
    "guidance/variants.yaml": TypeAdapter(dict[Id, Variant]),
    "guidance/sayings.yaml": TypeAdapter(dict[Id, Saying]),
    "guidance/dials.yaml": TypeAdapter(dict[Id, Dial]),
    "jobtag/traits.yaml": TypeAdapter(dict[Id, RoleTrait]),
    "guidance/roles.yaml": TypeAdapter(dict[Id, Role]),
    "guidance/disagreements.yaml": TypeAdapter(dict[Id, Disagreement]),
    "guidance/worksheets.yaml": TypeAdapter(dict[Id, Worksheet]),
    "guidance/services.yaml": TypeAdapter(dict[Id, Service]),
    "onet/work_styles.yaml": TypeAdapter(dict[Id, WorkStyles]),
    versions.SCORING: TypeAdapter(Scoring),
    **{f"guidance/{group}.yaml": TypeAdapter(dict[Id, Statement]) for group in GROUPS},
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each YAML file, by its name in a version or beside them, for editors."""
    words = translations.schema()
    parts = {
        f"text/{language}/{name}": {
            "type": "object",
            "additionalProperties": False,
            "required": list(keys),
            "properties": {key: words["properties"][key] for key in keys},
            "$defs": words["$defs"],
        }
        for language in LANGUAGES
        for name, keys in FILES.items()
    }
    return {name: adapter.json_schema() for name, adapter in _ADAPTERS.items()} | parts


_ROWS: dict[str, tuple[TypeAdapter[Any], dict[str, Callable[[str], Any]]]] = {
    "instrument/scales.csv": (TypeAdapter(tuple[Scale, ...]), {"sources": datafiles.words}),
    "instrument/items.csv": (
        TypeAdapter(tuple[Item, ...]),
        {"sources": datafiles.words}
        | dict.fromkeys(("reverse", "quick"), datafiles.flag)
        | dict.fromkeys(("low", "high"), datafiles.whole),
    ),
    "instrument/reliability.csv": (
        TypeAdapter(tuple[Reliability, ...]),
        {"sources": datafiles.words, "provisional": datafiles.flag}
        | dict.fromkeys(("r", "sd"), datafiles.number)
        | {
            "method": datafiles.optional(str),
            "date": datafiles.optional(str),
            "n": datafiles.optional(datafiles.whole),
        },
    ),
    "instrument/norms.csv": (
        TypeAdapter(tuple[Norm, ...]),
        {"sources": datafiles.words, "n": datafiles.whole} | dict.fromkeys(("mean", "sd"), datafiles.number),
    ),
}


def _table(columns: dict[str, Callable[[str], Any]], path: Path, called: str) -> DataFile:
    return read_csv(path, called, **columns)


OCCUPATIONS = "jobtag/occupations.csv"
_NOT_ALWAYS = {
    "instrument/norms.csv",
    "guidance/variants.yaml",
    "guidance/sayings.yaml",
    "guidance/dials.yaml",
    "jobtag/traits.yaml",
    OCCUPATIONS,
}


def file_names() -> tuple[str, ...]:
    """Return the names of all files that a catalogue may be made of, as messages about the structure name them."""
    return tuple(_readers())


def _readers() -> dict[str, tuple[Callable[[Path, str], DataFile], TypeAdapter[Any] | None]]:
    """Return how each file is read and what it must look like; that of words is seen when they are put together."""
    words = (f"text/{language}/{file}" for language in LANGUAGES for file in FILES)
    return {
        **{name: (read_yaml, adapter) for name, adapter in _ADAPTERS.items()},
        **{name: (partial(_table, columns), rows) for name, (rows, columns) in _ROWS.items()},
        **dict.fromkeys((*versions.FIGURES, OCCUPATIONS), (read_csv, None)),
        **dict.fromkeys(words, (read_yaml, None)),
    }


def _read(folder: Path, version: str) -> tuple[dict[str, DataFile], dict[str, Any]]:
    """Return all files as documents, and those with a shape of their own as validated values."""
    problems: list[Problem] = []
    documents: dict[str, DataFile] = {}
    values: dict[str, Any] = {}
    screens = folder if (folder / "text").is_dir() else data_dir()  # a store keeps a version without today's screens

    def attempt(name: str, read: Callable[[Path, str], DataFile], adapter: TypeAdapter[Any] | None = None) -> None:
        root = screens if name in versions.SHARED and name not in versions.FIGURES else folder
        called = versions.located(root, version, name)
        try:
            documents[name] = read(root / called, called)
            if adapter:
                values[name] = validate(documents[name], adapter)
        except DataError as error:
            problems.extend(error.problems)

    for name, (read, adapter) in _readers().items():
        if name not in _NOT_ALWAYS or (folder / versions.located(folder, version, name)).exists():
            attempt(name, read, adapter)
    if problems:
        raise DataError(problems)
    return documents, values


def _read_kept(folder: Path, version: str) -> tuple[dict[str, DataFile], dict[str, Any]]:
    """Return the same of a catalogue that the store has kept: whatever is in the folder, brought to today's form.

    A file that came later is empty there; screens and worksheets are today's where none were kept.
    """
    own = f"{versions.FOLDER}/{version}/"
    data = [name for name in _held(folder) if name.endswith((".csv", ".yaml"))]  # a notice is kept, and not read
    found = {name.removeprefix(own): _cells_or_values(folder / name, name) for name in data}
    shared = (name for name in sorted(versions.SHARED) if name in _readers() and name not in found)
    files = formats.catalogue({**{name: _cells_or_values(data_dir() / name, name) for name in shared}, **found})
    documents = {name: DataFile(name, files.get(name, {})) for name in _readers() if name.endswith(".yaml")}
    shapes = dict(_ADAPTERS)
    for name, (adapter, columns) in _ROWS.items():
        if name in files or name not in _NOT_ALWAYS:
            documents[name], shapes[name] = DataFile(name, read_cells(files.get(name, ()), columns)), adapter
    for name in (*versions.FIGURES, OCCUPATIONS):
        documents[name] = DataFile(name, files.get(name, ()))
    return documents, {name: validate(documents[name], adapter) for name, adapter in shapes.items()}


def _cells_or_values(path: Path, name: str) -> Any:  # noqa: ANN401  (whatever a file holds)
    return (read_csv if name.endswith(".csv") else read_yaml)(path, name).value


def load_anew(folder: Path, version: str) -> Catalog:
    """Return a version in ``folder`` as its files are now; :func:`load` gives what was read first in this process.

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    if drifted := versions.drift(folder, version):
        raise DataError(drifted)
    if version not in versions.names(folder):
        there = ", ".join(versions.names(folder)) or "none"
        raise DataError([problem_of(f"{versions.FOLDER}/{version}", 1, "", "no_such_version", versions=there)])
    documents, values = _read(folder, version)
    catalog, problems = _made(folder, version, documents, values, _pinned(folder, version, documents))
    problems += _unread(folder, version, documents)
    if not problems:  # the checks count rows: an id twice upsets them
        between = (checks.cross_check, worksheet_checks.cross_check, condition_checks.cross_check)
        problems = [one for check in between for one in check(catalog, documents)]
    if problems:
        raise DataError(problems)
    return catalog


def load_kept(folder: Path) -> Catalog:
    """Return a catalogue that the store has kept, in whatever form it was written (:mod:`advisor.content.formats`).

    Its digest is that of every file in the folder. It was held to the rules of its day; of today's only those count
    without which a page could not be drawn.

    Raises:
        DataError: nothing brings it to today's form.
    """
    found = folder.resolve()
    version = versions.current(found)
    documents, values = _read_kept(found, version)
    catalog, problems = _made(found, version, documents, values, _held(found))
    problems = problems or checks.cross_check(catalog, documents, checks.OF_KEPT)
    if problems:
        raise DataError(problems)
    return catalog


def _held(folder: Path) -> tuple[str, ...]:
    return tuple(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _made(
    folder: Path, version: str, documents: dict[str, DataFile], values: dict[str, Any], files: Iterable[str]
) -> tuple[Catalog, list[Problem]]:
    """Return the catalogue of these documents, read from ``files``, and what is wrong within one of them."""
    problems: list[Problem] = []
    said = values[versions.SCORING].version
    if said != version:
        names = {"version": version, "inside": said}
        problems.append(documents[versions.SCORING].problem(("version",), "two_names", **names))
    words, fallbacks = translations.read(documents)
    catalog = Catalog(
        digest=digest_of(folder, version, files),
        folder=folder,
        files=tuple(sorted(files)),
        sources=values["sources.yaml"],
        scales=_by_id(documents["instrument/scales.csv"], values["instrument/scales.csv"], problems),
        items=_by_id(documents["instrument/items.csv"], values["instrument/items.csv"], problems),
        reliability=_by_id(
            documents["instrument/reliability.csv"], values["instrument/reliability.csv"], problems, "scale"
        ),
        norms=_norms(documents, values, problems),
        signs=values["guidance/signs.yaml"],
        steps=values["guidance/steps.yaml"],
        variants=values.get("guidance/variants.yaml", {}),
        sayings=values.get("guidance/sayings.yaml", {}),
        dials=values.get("guidance/dials.yaml", {}),
        role_traits=values.get("jobtag/traits.yaml", {}),
        occupations=_occupations(documents.get(OCCUPATIONS)),
        paths=values["guidance/paths.yaml"],
        roles=values["guidance/roles.yaml"],
        statements={group: values[f"guidance/{group}.yaml"] for group in GROUPS},
        disagreements=values["guidance/disagreements.yaml"],
        worksheets=values["guidance/worksheets.yaml"],
        services=values["guidance/services.yaml"],
        scoring=values[versions.SCORING],
        work_styles=values["onet/work_styles.yaml"],
        styles=_styles(documents["onet/occupations.csv"], problems),
        words=words,
        fallbacks=fallbacks,
    )
    return catalog, problems


def _occupations(document: DataFile | None) -> dict[str, dict[str, float]]:
    """Return job tag's figures by occupation, with the rows ``mean`` and ``sd``; what is not rated is left out."""
    rows = document.value if document else ()
    return {row["id"]: {name: float(cell) for name, cell in row.items() if "." in name and cell} for row in rows}


def _norms(documents: Mapping[str, DataFile], values: Mapping[str, Any], problems: list[Problem]) -> dict[str, Norm]:
    """Return the norms by scale; none where nobody has released any."""
    name = "instrument/norms.csv"
    return _by_id(documents[name], values[name], problems, "scale") if name in values else {}


def _unread(folder: Path, version: str, documents: Mapping[str, DataFile]) -> list[Problem]:
    """Return a problem for each data file in a version's folder that nothing reads: most likely a typing error."""
    extra = [name for name in versions.own_files(folder, version) if name not in documents]
    return [
        problem_of(versions.file_of(version, name), 1, "", "unread_file")
        for name in extra
        if name.endswith((".yaml", ".yml", ".csv"))
    ]


def _pinned(folder: Path, version: str, documents: Mapping[str, DataFile]) -> tuple[str, ...]:
    """Return the files that the digest is about: where versions have folders, all in there, notices too, and figures.

    The store keeps them with each visit, and finds it again by the digest over just these.
    """
    if not (folder / versions.FOLDER).is_dir():
        return tuple(sorted(document.file for document in documents.values()))
    figures = (documents[name].file for name in versions.FIGURES if name in documents)
    own = (versions.file_of(version, name) for name in versions.own_files(folder, version))
    return tuple(sorted({*own, *figures}))


_loaded = cache(load_anew)


@cache  # asked for at every sentence; what cannot be loaded is not remembered
def load(folder: Path | None = None, version: str | None = None) -> Catalog:
    """Return the catalogue in ``folder`` (default: the one that came with the package); read once per process.

    ``version``: which one (default: the last released).

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    found = (folder or data_dir()).resolve()
    return _loaded(found, versions.named(version) if version else versions.current(found))


def released(digest: str) -> Catalog | None:
    """Return the release with this digest, as it lies beside the one in use; None where there is none."""
    found = [row.version for row in versions.releases(data_dir()).values() if row.sha256 == digest]
    return load(version=found[0]) if found else None


def _by_id(document: DataFile, rows: tuple[Row, ...], problems: list[Problem], column: str = "id") -> dict[str, Row]:
    """Return rows by the id in ``column``; an id that stands twice is a problem."""
    by_id: dict[str, Row] = {}
    for number, row in enumerate(rows):
        name = getattr(row, column)
        if name in by_id:
            problems.append(document.problem((number, column), "id_twice", id=name))
        by_id[name] = row
    return by_id


def digest_of(folder: Path, version: str, names: Iterable[str]) -> str:
    """Return what identifies every byte that was read, with the line ends of Unix whatever the checkout.

    That of a version in a folder of its own is what its release is pinned by. Catalogues of before, whose files lie
    side by side, keep the digest that old visits name: a SHA-256 over the names and bytes of all their files.
    """
    if (folder / versions.FOLDER).is_dir():
        return versions.digest(folder, version)
    digest = hashlib.sha256()
    for name in sorted(names):
        content = (folder / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


_IMPORTANCE = re.compile(r"^[0-9](\.[0-9]+)?$")


def _styles(document: DataFile, problems: list[Problem]) -> dict[str, dict[str, float]]:
    """Return the Work Styles of every occupation that has them."""
    styles: dict[str, dict[str, float]] = {}
    for number, row in enumerate(document.value):
        cells = {name.removeprefix("style_"): text for name, text in row.items() if name.startswith("style_")}
        if not any(cells.values()):
            continue
        code = row.get("soc_code", "")
        if not code or code in styles:
            problems.append(document.problem((number, "soc_code"), "code_twice", code=code))
        styles[code] = {}
        for name, text in cells.items():
            styles[code][name] = float(text) if _IMPORTANCE.match(text) else 0.0
            if not 1 <= styles[code][name] <= 5:  # noqa: PLR2004  (the scale of O*NET)
                problems.append(document.problem((number, f"style_{name}"), "no_importance", text=text))
    return styles
