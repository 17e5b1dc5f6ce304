"""What must hold between the data files: no dangling id, no unreachable score, no rule that can never fire."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from advisor import measures
from advisor.words import FILES, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from advisor.catalog import Catalog
    from advisor.strict import Document, Problem

SCORING_FILE = "scoring/{}.yaml"


# --- words --------------------------------------------------------------------------------------------------------


def _templates(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401  (trees of text)
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _templates(child, (*at, key))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _templates(child, (*at, str(number)))


def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _words(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Yield what is missing, superfluous or different between the languages."""
    features = [*catalog.scoring.features, *map(measures.priority, catalog.of_kind("frustration")), "tried_with_effect", "tried_without_effect"]
    expected: dict[str, Iterable[str]] = {
        "labels": {item.labels for item in catalog.items.values()},
        "scales": catalog.scales, "items": catalog.items, "signs": catalog.signs, "steps": catalog.steps, "paths": catalog.paths,
        "roles": catalog.roles, "gates": catalog.scoring.gates, "features": features, "sources": catalog.sources,
        "disagreements": catalog.disagreements, **catalog.statements,
        "hints": catalog.words["ja"].hints, "interface": catalog.words["ja"].interface,
    }  # fmt: skip
    place = {key: name for name, names in FILES.items() for key in names}
    for language in LANGUAGES:
        words = catalog.words[language]
        for key, ids in expected.items():
            document = documents[f"text/{language}/{place[key]}"]
            have = getattr(words, key)
            for missing in sorted(set(ids) - set(have)) if key != "labels" else ():  # items name their labels: _instrument
                yield document.problem((key, missing), "has no words", "write them")
            for extra in sorted(set(have) - set(ids)):
                yield document.problem((key, extra), "words for something that does not exist", "remove them or correct the id")


def _placeholders(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Yield every text whose {fields} are broken, or are others than in Japanese."""
    for name in FILES:
        japanese: dict[tuple[str, ...], frozenset[str]] = {}
        for language in LANGUAGES:
            document = documents[f"text/{language}/{name}"]
            for at, text in _templates(document.value):
                try:
                    fields = _fields(text)
                except ValueError:
                    yield document.problem(at, "a single { or }", "write {{ or }}")
                    continue
                wanted = japanese.setdefault(at, fields)
                if fields != wanted:
                    yield document.problem(at, "other {fields} than in Japanese", f"use {', '.join(sorted(wanted)) or 'none'}")


# --- instrument ---------------------------------------------------------------------------------------------------


def _instrument(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    document = documents["instrument/items.csv"]
    for number, item in enumerate(catalog.items.values()):
        if item.scale not in catalog.scales:
            yield document.problem((number, "scale"), f"no scale {item.scale!r}", "name a scale of scales.csv")
        if item.low >= item.high:
            yield document.problem((number, "low"), f"{item.low} is not below {item.high}", "low must be below high")
        points = item.high - item.low + 1
        for language in LANGUAGES:
            labels = catalog.words[language].labels.get(item.labels)
            if labels is None and language == "ja":
                yield document.problem((number, "labels"), f"no labels {item.labels!r}", "name labels of text/ja/instrument.yaml")
            elif labels is not None and len(labels) != points:
                yield document.problem((number, "labels"), f"{len(labels)} labels for {points} points ({language})", "label every point")
    document = documents["instrument/scales.csv"]
    for number, scale in enumerate(catalog.scales):
        items = catalog.items_of(scale)
        if sum(item.quick for item in items) != 1:
            yield document.problem((number, "id"), f"{scale} needs exactly one quick item", "set quick to 1 on one item of items.csv")
        if not any(item.reverse for item in items):
            yield document.problem((number, "id"), f"{scale} has no reverse-keyed item", "word one item the other way round")


# --- sources and cross-references ---------------------------------------------------------------------------------


def _sourced(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Yield every source id that does not exist, wherever it stands."""

    def walk(value: Any, at: tuple[str | int, ...], document: Document) -> Iterator[Problem]:  # noqa: ANN401  (any value a file may hold)
        if isinstance(value, dict):
            for key, child in value.items():
                if key in {"sources", "claimed_by", "opposed_by"} and isinstance(child, tuple):
                    for source in child:
                        if source not in catalog.sources:
                            yield document.problem((*at, key), f"no source {source!r}", "name a source of sources.yaml")
                else:
                    yield from walk(child, (*at, key), document)
        elif isinstance(value, tuple):
            for number, child in enumerate(value):
                yield from walk(child, (*at, number), document)

    for name, document in documents.items():
        if not name.startswith(("text/", "sources")):
            yield from walk(document.value, (), document)


def _references(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    known = {*catalog.scales, *catalog.steps, *catalog.paths, *catalog.roles}
    for group, rows in [*catalog.statements.items(), ("disagreements", catalog.disagreements)]:
        for name, row in rows.items():
            for about in row.about:
                if about not in known:
                    yield documents[f"guidance/{group}.yaml"].problem((name, "about"), f"nothing is called {about!r}", "name a scale, step, path or role")
    document = documents["guidance/roles.yaml"]
    for name, role in catalog.roles.items():
        for field, wanted, have in (
            ("occupations", role.occupations, catalog.styles),
            ("qualifications", role.qualifications, catalog.statements["qualifications"]),
            ("growth", role.growth, catalog.statements["growth"]),
        ):
            for value in wanted:
                if value not in have:
                    yield document.problem((name, field), f"no {field} entry {value!r}", "correct the id, or add the entry")
    document = documents["onet/work_styles.yaml"]
    traits = catalog.of_kind("fit", "misfit")
    styles = next(iter(catalog.styles.values()), {})
    for trait in {*traits, *catalog.work_styles}:
        if trait not in catalog.work_styles or trait not in traits:
            yield document.problem((trait,), "traits and work styles do not match", "give every trait of scales.csv its styles, and no other")
    for trait, row in catalog.work_styles.items():
        for style, weight in row.styles.items():
            if style not in styles:
                yield document.problem((trait, "styles", style), "O*NET has no such work style", "use a style_* column of occupations.csv")
            elif weight == 0:
                yield document.problem((trait, "styles", style), "0: a style that never matters", "give it a weight or remove it")


# --- scoring ------------------------------------------------------------------------------------------------------


def _scoring(catalog: Catalog, documents: Mapping[str, Document]) -> Iterator[Problem]:
    scoring = catalog.scoring
    document = documents[SCORING_FILE.format(scoring.version)]
    ranges = measures.ranges(catalog.scales, catalog.signs, catalog.steps)
    for name, bands in scoring.bands.items():
        if bands.middle >= bands.high:
            yield document.problem(("bands", name), "middle is not below high", "raise high or lower middle")
    for name, ramp in scoring.features.items():
        at = ("features", name)
        if ramp.measure not in ranges:
            yield document.problem((*at, "measure"), f"no measure {ramp.measure!r}", "name a scale or a measure of advisor/measures.py")
            continue
        low, high = ranges[ramp.measure]
        if ramp.start == ramp.end:
            yield document.problem(at, "start equals end", "a ramp needs two different ends")
        elif not (ramp.start < high if ramp.start < ramp.end else low < ramp.start):
            yield document.problem(at, f"can never fire: {ramp.measure} runs {low:g}-{high:g}", "move start and end into this range")
    used = set()
    for group, targets in (("steps", catalog.steps), ("paths", catalog.paths)):
        table = getattr(scoring, group)
        for target in targets:
            if target not in table:
                yield document.problem((group,), f"no weights for {target}", "give it at least one, or it can never be advised")
        for target, weights in table.items():
            if target not in targets:
                yield document.problem((group, target), f"no such entry in guidance/{group}.yaml", "correct the id")
            if sum(max(0, weight.points) for weight in weights.values()) == 0:
                yield document.problem((group, target), "can never get a point", "give it a positive weight")
            for name, weight in weights.items():
                used.add(name)
                yield from _weight(catalog, document, (group, target, name), weight.points)
    for name in scoring.features.keys() - used:
        yield document.problem(("features", name), "no weight uses it", "use it or remove it")
    for name, gate in scoring.gates.items():
        if gate.measure not in {measures.INDEX, *measures.SIGN_COUNTS, *measures.STEP_COUNTS}:
            yield document.problem(("gates", name, "measure"), "a gate looks at the index or a count", "use index, signs_* or steps_*")
        elif not ranges[gate.measure][0] <= gate.at <= ranges[gate.measure][1]:
            yield document.problem(("gates", name, "at"), "can never open", f"{gate.measure} runs {ranges[gate.measure]}")
    for number, pair in enumerate(scoring.hints.contradictions):
        for scale in (pair.first, pair.second):
            if scale not in catalog.scales:
                yield document.problem(("hints", "contradictions", number), f"no scale {scale!r}", "name a scale of scales.csv")


def _weight(catalog: Catalog, document: Document, at: tuple[str, str, str], points: int) -> Iterator[Problem]:
    group, _, name = at
    ramp = catalog.scoring.features.get(name)
    if ramp is None:
        yield document.problem(at, f"no feature {name!r}", "name one of `features`")
        return
    if points == 0:
        yield document.problem((*at, "points"), "0 points: a rule that never matters", "give it points or remove it")
    # advisor.insight searches exactly for the smallest change; it knows one pooled measure, the index, and counts of steps.
    steps = {measure(step) for step in catalog.steps for measure in (measures.helped, measures.in_vain)}
    if group == "paths" and ramp.measure in {measures.FRUSTRATIONS, measures.CONSEQUENCES}:
        yield document.problem(at, "a path cannot depend on a pooled measure other than the index", "use single scales")
    if group == "paths" and ramp.measure in steps:
        yield document.problem(at, "a path cannot depend on a single step", "use a count of steps")


def cross_check(catalog: Catalog, documents: Mapping[str, Document]) -> list[Problem]:
    """Return every problem between the files of ``catalog``."""
    checks = (_sourced, _instrument, _references, _scoring, _words, _placeholders)
    return [problem for check in checks for problem in check(catalog, documents)]

