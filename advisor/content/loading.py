"""Loading of ``data/`` as a :class:`.Catalog`; every problem has its file, line and field."""

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
    """Return the JSON Schema of each YAML file by its name, for editors; names do not contain the version's folder."""
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
    """Return the names of all files that a catalogue may have; names do not contain the version's folder."""
    return tuple(_readers())


def _readers() -> dict[str, tuple[Callable[[Path, str], DataFile], TypeAdapter[Any] | None]]:
    """Return, for each file, the function that reads it and the adapter that validates it.

    Figures and words have no adapter here: other functions check them when the catalogue is built.
    """
    words = (f"text/{language}/{file}" for language in LANGUAGES for file in FILES)
    return {
        **{name: (read_yaml, adapter) for name, adapter in _ADAPTERS.items()},
        **{name: (partial(_table, columns), rows) for name, (rows, columns) in _ROWS.items()},
        **dict.fromkeys((*versions.FIGURES, OCCUPATIONS), (read_csv, None)),
        **dict.fromkeys(words, (read_yaml, None)),
    }


def _read(folder: Path, version: str) -> tuple[dict[str, DataFile], dict[str, Any]]:
    """Return all files as documents, and the validated values of the files that have an adapter."""
    problems: list[Problem] = []
    documents: dict[str, DataFile] = {}
    values: dict[str, Any] = {}
    screens = folder if (folder / "text").is_dir() else data_dir()  # a store keeps versions without words of screens

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
    """Return documents and values as :func:`_read` does, for a catalogue that the store keeps, in today's form.

    A file that did not exist then counts as empty. Words of screens and worksheets are today's if the store has none.
    """
    own = f"{versions.FOLDER}/{version}/"
    data = [name for name in _held(folder) if name.endswith((".csv", ".yaml"))]  # notices are kept, but not read
    kept = {name.removeprefix(own): _cells_or_values(folder / name, name) for name in data}
    shared = (name for name in sorted(versions.SHARED) if name in _readers() and name not in kept)
    files = formats.catalogue({**{name: _cells_or_values(data_dir() / name, name) for name in shared}, **kept})
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
    """Read and check a version in ``folder`` now; :func:`load` instead returns what this process has read before.

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    if drifted := versions.drift(folder, version):
        raise DataError(drifted)
    if version not in versions.names(folder):
        known = ", ".join(versions.names(folder)) or "none"
        raise DataError([problem_of(f"{versions.FOLDER}/{version}", 1, "", "no_such_version", versions=known)])
    documents, values = _read(folder, version)
    catalog, problems = _made(folder, version, documents, values, _pinned(folder, version, documents))
    problems += _unread(folder, version, documents)
    if not problems:  # the checks count rows, so a repeated id would make them report wrong lines
        between = (checks.cross_check, worksheet_checks.cross_check, condition_checks.cross_check)
        problems = [problem for check in between for problem in check(catalog, documents)]
    if problems:
        raise DataError(problems)
    return catalog


def load_kept(folder: Path) -> Catalog:
    """Return a catalogue that the store keeps; :mod:`advisor.content.formats` brings old forms to today's.

    The digest covers every file in the folder. The catalogue passed the checks of its time. Today it must pass only the
    checks of :data:`.checks.OF_KEPT`, without which a page could not be drawn.

    Raises:
        DataError: the catalogue cannot be brought to today's form, or fails these checks.
    """
    home = folder.resolve()
    version = versions.current(home)
    documents, values = _read_kept(home, version)
    catalog, problems = _made(home, version, documents, values, _held(home))
    problems = problems or checks.cross_check(catalog, documents, checks.OF_KEPT)
    if problems:
        raise DataError(problems)
    return catalog


def _held(folder: Path) -> tuple[str, ...]:
    return tuple(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _made(
    folder: Path, version: str, documents: dict[str, DataFile], values: dict[str, Any], files: Iterable[str]
) -> tuple[Catalog, list[Problem]]:
    """Return the catalogue from these documents, and the problems within single files; the digest covers ``files``."""
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
    """Return job tag's figures by occupation, with the rows ``mean`` and ``sd``; empty cells are left out."""
    rows = document.value if document else ()
    return {row["id"]: {name: float(cell) for name, cell in row.items() if "." in name and cell} for row in rows}


def _norms(documents: Mapping[str, DataFile], values: Mapping[str, Any], problems: list[Problem]) -> dict[str, Norm]:
    """Return the norms by scale; empty if the version has no norms."""
    name = "instrument/norms.csv"
    return _by_id(documents[name], values[name], problems, "scale") if name in values else {}


def _unread(folder: Path, version: str, documents: Mapping[str, DataFile]) -> list[Problem]:
    """Return a problem for each data file in a version's folder that is never read: its name is probably mistyped."""
    extra = [name for name in versions.own_files(folder, version) if name not in documents]
    return [
        problem_of(versions.file_of(version, name), 1, "", "unread_file")
        for name in extra
        if name.endswith((".yaml", ".yml", ".csv"))
    ]


def _pinned(folder: Path, version: str, documents: Mapping[str, DataFile]) -> tuple[str, ...]:
    """Return the files that the digest covers: all files in the version's folder, with notices, and the O*NET figures.

    The store keeps exactly these files with each visit and finds them again by the digest.
    """
    if not (folder / versions.FOLDER).is_dir():
        return tuple(sorted(document.file for document in documents.values()))
    figures = (documents[name].file for name in versions.FIGURES if name in documents)
    own = (versions.file_of(version, name) for name in versions.own_files(folder, version))
    return tuple(sorted({*own, *figures}))


_loaded = cache(load_anew)


@cache  # called for every sentence of a screen; a failed call is not cached
def load(folder: Path | None = None, version: str | None = None) -> Catalog:
    """Return the catalogue in ``folder`` (default: the package's data); each process reads it once.

    ``version``: the scoring version (default: the last released).

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    home = (folder or data_dir()).resolve()
    return _loaded(home, versions.named(version) if version else versions.current(home))


def released(digest: str) -> Catalog | None:
    """Return the release with this digest from the package's data; None if there is no such release."""
    matching = [row.version for row in versions.releases(data_dir()).values() if row.sha256 == digest]
    return load(version=matching[0]) if matching else None


def _by_id(document: DataFile, rows: tuple[Row, ...], problems: list[Problem], column: str = "id") -> dict[str, Row]:
    """Return rows by the id in ``column``; a repeated id adds a problem."""
    by_id: dict[str, Row] = {}
    for number, row in enumerate(rows):
        name = getattr(row, column)
        if name in by_id:
            problems.append(document.problem((number, column), "id_twice", id=name))
        by_id[name] = row
    return by_id


def digest_of(folder: Path, version: str, names: Iterable[str]) -> str:
    """Return the SHA-256 that identifies every byte of a catalogue; CRLF counts as LF, so that every checkout agrees.

    A version with its own folder has the digest that pins its release (:func:`.versions.digest`). Older catalogues have
    no such folder. Their digest must stay as old visits name it: the SHA-256 over names and bytes of all files.
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
    """Return the Work Styles (importance, 1-5) by O*NET-SOC code; occupations without Work Styles are left out."""
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
