"""``data/`` → :class:`Catalog`: strict, with every error's file, line and field, and a digest of all that was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from advisor import checks, checks_forms, formats, strict, translations, versions
from advisor.model import (
    Disagreement,
    Id,
    Item,
    Kind,
    Reliability,
    Role,
    Scale,
    Scoring,
    Sign,
    Source,
    SourceId,
    Statement,
    Step,
    Worksheet,
    WorkStyles,
)
from advisor.model import (
    Path as AdvicePath,
)
from advisor.strict import DataError, Document, Problem, read_cells, read_csv, read_yaml, validate
from advisor.words import FILES, LANGUAGES, Language, Words

Row = TypeVar("Row", Scale, Item, Reliability)
GROUPS = (
    "qualifications", "experience", "growth", "habits", "pluses", "minuses", "limits", "entry", "moving", "transfers",
    "faq", "glossary", "rules", "help",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Catalog:
    """All content, structure and figures of one release; ``digest`` identifies every byte of it.

    ``statements`` holds the groups of :data:`GROUPS`; ``styles`` maps an O*NET-SOC code to its Work Styles (importance
    1-5); ``fallbacks`` counts, per language, the words that had to be taken from Japanese; ``folder`` and ``files``
    are where it was read from.
    """

    digest: str
    folder: Path
    files: tuple[str, ...]
    sources: dict[str, Source]
    scales: dict[str, Scale]
    items: dict[str, Item]
    reliability: dict[str, Reliability]
    signs: dict[str, Sign]
    steps: dict[str, Step]
    paths: dict[str, AdvicePath]
    roles: dict[str, Role]
    statements: dict[str, dict[str, Statement]]
    disagreements: dict[str, Disagreement]
    worksheets: dict[str, Worksheet]
    scoring: Scoring
    work_styles: dict[str, WorkStyles]
    styles: dict[str, dict[str, float]]
    words: dict[Language, Words]
    fallbacks: dict[Language, int]

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """Return the ids of the scales of these kinds, in the catalogue's order."""
        return _of_kind(self, kinds)

    def items_of(self, scale: str) -> tuple[Item, ...]:
        """Return all items of a scale, in the catalogue's order."""
        return _items_by_scale(self).get(scale, ())

    def active_items(self, scale: str, widened: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """Return the items that are asked: all of a widened scale, else its quick item."""
        return _active_items(self, scale, scale in widened)


@lru_cache(maxsize=64)
def _of_kind(catalog: Catalog, kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(scale.id for scale in catalog.scales.values() if scale.kind in kinds)


@lru_cache(maxsize=512)
def _active_items(catalog: Catalog, scale: str, is_widened: bool) -> tuple[Item, ...]:
    return tuple(item for item in catalog.items_of(scale) if item.quick or is_widened)


@lru_cache(maxsize=8)
def _items_by_scale(catalog: Catalog) -> dict[str, tuple[Item, ...]]:
    by_scale: dict[str, tuple[Item, ...]] = {}
    for item in catalog.items.values():
        by_scale[item.scale] = (*by_scale.get(item.scale, ()), item)
    return by_scale


def data_dir() -> Path:
    """Return the folder of the data: inside an installed package, else beside it in a checkout."""
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "data"


_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "sources.yaml": TypeAdapter(dict[SourceId, Source]),
    "guidance/signs.yaml": TypeAdapter(dict[Id, Sign]),
    "guidance/steps.yaml": TypeAdapter(dict[Id, Step]),
    "guidance/paths.yaml": TypeAdapter(dict[Id, AdvicePath]),
    "guidance/roles.yaml": TypeAdapter(dict[Id, Role]),
    "guidance/disagreements.yaml": TypeAdapter(dict[Id, Disagreement]),
    "guidance/worksheets.yaml": TypeAdapter(dict[Id, Worksheet]),
    "onet/work_styles.yaml": TypeAdapter(dict[Id, WorkStyles]),
    **{f"guidance/{group}.yaml": TypeAdapter(dict[Id, Statement]) for group in GROUPS},
}
_SCORING: TypeAdapter[Any] = TypeAdapter(Scoring)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each YAML file, by file name, for editors."""
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
    adapters = _ADAPTERS | {versions.file_of(version): _SCORING for version in versions.names(data_dir())}
    return {name: adapter.json_schema() for name, adapter in adapters.items()} | parts


_ROWS: dict[str, tuple[TypeAdapter[Any], dict[str, Callable[[str], Any]]]] = {
    "instrument/scales.csv": (TypeAdapter(tuple[Scale, ...]), {"sources": strict.words}),
    "instrument/items.csv": (
        TypeAdapter(tuple[Item, ...]),
        {"sources": strict.words}
        | dict.fromkeys(("reverse", "quick"), strict.flag)
        | dict.fromkeys(("low", "high"), strict.whole),
    ),
    "instrument/reliability.csv": (
        TypeAdapter(tuple[Reliability, ...]),
        {"sources": strict.words, "provisional": strict.flag} | dict.fromkeys(("r", "sd"), strict.number),
    ),
}
_OCCUPATIONS = "onet/occupations.csv"
_TEXTS = tuple(f"text/{language}/{name}" for language in LANGUAGES for name in FILES)


def _read(folder: Path, version: str) -> tuple[dict[str, Document], dict[str, Any]]:
    """Return all files as documents, and those with a shape of their own as validated values."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    values: dict[str, Any] = {}

    def attempt(name: str, read: Callable[[], Document], adapter: TypeAdapter[Any] | None = None) -> None:
        try:
            documents[name] = read()
            if adapter:
                values[name] = validate(documents[name], adapter)
        except DataError as error:
            problems.extend(error.problems)

    for name, adapter in (_ADAPTERS | {versions.file_of(version): _SCORING}).items():
        attempt(name, partial(read_yaml, folder / name, name), adapter)
    for name, (rows, columns) in _ROWS.items():
        attempt(name, partial(read_csv, folder / name, name, **columns), rows)
    attempt(_OCCUPATIONS, partial(read_csv, folder / _OCCUPATIONS, _OCCUPATIONS))
    for name in _TEXTS:
        attempt(name, partial(read_yaml, folder / name, name))
    if problems:
        raise DataError(problems)
    return documents, values


def _read_kept(folder: Path, version: str) -> tuple[dict[str, Document], dict[str, Any]]:
    """Return the same of a catalogue that the store has kept: whatever is in the folder, brought to today's form.

    A file that came later is empty there.
    """
    found = {
        name: (read_csv if name.endswith(".csv") else read_yaml)(folder / name, name).value for name in _held(folder)
    }
    files = formats.catalogue(found)
    shapes: dict[str, TypeAdapter[Any]] = _ADAPTERS | {versions.file_of(version): _SCORING}
    documents = {name: Document(name, files.get(name, {})) for name in (*shapes, *_TEXTS)}
    for name, (adapter, columns) in _ROWS.items():
        documents[name], shapes[name] = Document(name, read_cells(files.get(name, ()), columns)), adapter
    documents[_OCCUPATIONS] = Document(_OCCUPATIONS, files.get(_OCCUPATIONS, ()))
    return documents, {name: validate(documents[name], adapter) for name, adapter in shapes.items()}


@cache
def _load(folder: Path, version: str) -> Catalog:
    if drifted := versions.drift(folder, version):
        raise DataError([drifted])
    documents, values = _read(folder, version)
    catalog, problems = _made(folder, version, documents, values, documents)
    if not problems:  # the checks count rows: an id twice upsets them
        problems = [*checks.cross_check(catalog, documents), *checks_forms.cross_check(catalog, documents)]
    if problems:
        raise DataError(problems)
    return catalog


def load_kept(folder: Path) -> Catalog:
    """Return a catalogue that the store has kept, in whatever form it was written (:mod:`advisor.formats`).

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
    folder: Path, version: str, documents: dict[str, Document], values: dict[str, Any], files: Iterable[str]
) -> tuple[Catalog, list[Problem]]:
    """Return the catalogue of these documents, read from ``files``, and what is wrong within one of them."""
    scoring = versions.file_of(version)
    problems: list[Problem] = []
    if values[scoring].version != version:
        message = f"the file is called {version} and says {values[scoring].version}"
        problems.append(documents[scoring].problem(("version",), message, "let both say the same"))
    words, fallbacks = translations.read(documents)
    catalog = Catalog(
        digest=digest_of(folder, files),
        folder=folder,
        files=tuple(sorted(files)),
        sources=values["sources.yaml"],
        scales=_by_id(documents["instrument/scales.csv"], values["instrument/scales.csv"], problems),
        items=_by_id(documents["instrument/items.csv"], values["instrument/items.csv"], problems),
        reliability=_by_id(
            documents["instrument/reliability.csv"], values["instrument/reliability.csv"], problems, "scale"
        ),
        signs=values["guidance/signs.yaml"],
        steps=values["guidance/steps.yaml"],
        paths=values["guidance/paths.yaml"],
        roles=values["guidance/roles.yaml"],
        statements={group: values[f"guidance/{group}.yaml"] for group in GROUPS},
        disagreements=values["guidance/disagreements.yaml"],
        worksheets=values["guidance/worksheets.yaml"],
        scoring=values[scoring],
        work_styles=values["onet/work_styles.yaml"],
        styles=_styles(documents[_OCCUPATIONS], problems),
        words=words,
        fallbacks=fallbacks,
    )
    return catalog, problems


@cache  # asked for at every sentence; what cannot be loaded is not remembered
def load(folder: Path | None = None, version: str | None = None) -> Catalog:
    """Return the catalogue in ``folder`` (default: the one that came with the package); read once per process.

    ``version``: of the scoring (default: the last released).

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    found = (folder or data_dir()).resolve()
    return _load(found, version or versions.current(found))


def _by_id(document: Document, rows: tuple[Row, ...], problems: list[Problem], column: str = "id") -> dict[str, Row]:
    """Return rows by the id in ``column``; an id that stands twice is a problem."""
    by_id: dict[str, Row] = {}
    for number, row in enumerate(rows):
        name = getattr(row, column)
        if name in by_id:
            problems.append(document.problem((number, column), f"the id {name!r} stands twice", "rename one"))
        by_id[name] = row
    return by_id


def digest_of(folder: Path, names: Iterable[str]) -> str:
    """Return a SHA-256 over the names and bytes of all files read, with the line ends of Unix whatever the checkout."""
    digest = hashlib.sha256()
    for name in sorted(names):
        content = (folder / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


_IMPORTANCE = re.compile(r"^[0-9](\.[0-9]+)?$")


def _styles(document: Document, problems: list[Problem]) -> dict[str, dict[str, float]]:
    """Return the Work Styles of every occupation that has them."""
    styles: dict[str, dict[str, float]] = {}
    fix = "restore the row from O*NET"
    for number, row in enumerate(document.value):
        cells = {name.removeprefix("style_"): text for name, text in row.items() if name.startswith("style_")}
        if not any(cells.values()):
            continue
        code = row.get("soc_code", "")
        if not code or code in styles:
            problems.append(document.problem((number, "soc_code"), f"the code {code!r} is empty or stands twice", fix))
        styles[code] = {}
        for name, text in cells.items():
            styles[code][name] = float(text) if _IMPORTANCE.match(text) else 0.0
            if not 1 <= styles[code][name] <= 5:  # noqa: PLR2004  (the scale of O*NET)
                message = f"{text!r} is no importance from 1 to 5"
                problems.append(document.problem((number, f"style_{name}"), message, fix))
    return styles
