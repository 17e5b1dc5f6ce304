"""Checks between the data files: every id exists, every score can be reached, every rule can fire."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from advisor.content import measures
from advisor.content.words import FILES, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import DataFile, Location, Problem
    from advisor.content.model import Disagreement, Ramp, Reliability, Statement, Weight

    Check = Callable[[Catalog, Mapping[str, DataFile]], Iterator[Problem]]

SCORING_FILE = "scoring.yaml"


# --- words --------------------------------------------------------------------------------------------------------


def _templates(value: Any, at: Location = ()) -> Iterator[tuple[Location, str]]:  # noqa: ANN401  (trees of text)
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _templates(child, (*at, key))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _templates(child, (*at, number))


def _fields(text: str) -> frozenset[str]:
    """Return the names of the fields in a text, without ``{client}``: English always says "client"."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name not in {None, "client"})


def _words(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each id without words, and for words of an id that does not exist."""
    marked = map(measures.priority, catalog.of_kind("frustration"))
    expected: dict[str, Iterable[str]] = {
        "labels": {item.labels for item in catalog.items.values()},
        "scales": catalog.scales, "items": catalog.items, "signs": catalog.signs, "steps": catalog.steps,
        "variants": catalog.variants, "sayings": catalog.sayings,
        "paths": catalog.paths, "roles": catalog.roles, "gates": catalog.scoring.gates, "sources": catalog.sources,
        "features": [*catalog.scoring.features, *marked, "tried_with_effect", "tried_without_effect",
                     *(map(measures.first, catalog.paths) if catalog.scoring.choosing else ())],
        "disagreements": catalog.disagreements, **catalog.statements,
        "hints": catalog.words["ja"].hints, "interface": catalog.words["ja"].interface,
    }  # fmt: skip
    place = {key: name for name, names in FILES.items() for key in names}
    for language in LANGUAGES:
        words = catalog.words[language]
        for key, ids in expected.items():
            document = documents[f"text/{language}/{place[key]}"]
            have = getattr(words, key)
            # English falls back to Japanese, and _instrument checks the labels of each item
            if language == "ja" and key != "labels":
                for missing in set(ids) - set(have):
                    yield document.problem((key, missing), "no_words")
            for extra in set(have) - set(ids):
                yield document.problem((key, extra), "words_of_nothing")


def _placeholders(_: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each text with broken {fields}, or with other {fields} than in Japanese."""
    for name in FILES:
        yield from differing_fields([documents[f"text/{language}/{name}"] for language in LANGUAGES])


def differing_fields(documents: Iterable[DataFile]) -> Iterator[Problem]:
    """Yield a problem for each text with broken {fields}, or with other {fields} than the first document has there."""
    japanese: dict[Location, frozenset[str]] = {}
    for document in documents:
        for at, text in _templates(document.value):
            try:
                fields = _fields(text)
            except ValueError:
                yield document.problem(at, "single_brace")
                continue
            wanted = japanese.setdefault(at, fields)
            if fields != wanted:
                fix = "other_fields_fix" if wanted else "other_fields_none_fix"
                yield document.problem(at, "other_fields", fix, names=", ".join(sorted(wanted)))


# --- instrument ---------------------------------------------------------------------------------------------------


def _instrument(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    document = documents["instrument/items.csv"]
    for number, item in enumerate(catalog.items.values()):
        if item.scale not in catalog.scales:
            yield document.problem((number, "scale"), "no_scale", scale=item.scale)
        if item.low >= item.high:
            yield document.problem((number, "low"), "low_above_high", low=item.low, high=item.high)
        if item.labels not in catalog.words["ja"].labels:
            yield document.problem((number, "labels"), "no_labels", labels=item.labels)
    document = documents["instrument/scales.csv"]
    for number, scale in enumerate(catalog.scales):
        items = catalog.items_of(scale)
        if sum(item.quick for item in items) != 1:
            yield document.problem((number, "id"), "quick_items", scale=scale)
        if not any(item.reverse for item in items):
            yield document.problem((number, "id"), "no_reverse_item", scale=scale)


def _reliability(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    document = documents["instrument/reliability.csv"]
    for number, scale in enumerate(catalog.reliability):
        if scale not in catalog.scales:
            yield document.problem((number, "scale"), "no_scale", scale=scale)
        elif len(catalog.items_of(scale)) < 2:  # noqa: PLR2004  (a quick form alone cannot be reliable)
            yield document.problem((number, "scale"), "no_full_form", scale=scale)
        yield from _measured(document, number, catalog.reliability[scale])
    for number, scale in enumerate(catalog.norms):
        if scale not in catalog.scales:
            norms = documents["instrument/norms.csv"]
            yield norms.problem((number, "scale"), "no_scale", scale=scale)


def _measured(document: DataFile, number: int, row: Reliability) -> Iterator[Problem]:
    """Yield a problem if a provisional reliability has method, n or date, or if a measured one lacks one of them."""
    measurement = {"method": row.method, "n": row.n, "date": row.date}
    for field, value in measurement.items():
        if row.provisional and value is not None:
            yield document.problem((number, field), "provisional_measured")
        elif not row.provisional and value is None:
            yield document.problem((number, field), "missing", "measured_fix")


def _labels(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each set of labels whose number does not match the scale of an item.

    Many items may share the labels. The problem names only the first of these items.
    """
    for language in LANGUAGES:
        for name, labels in catalog.words[language].labels.items():
            for item in catalog.items.values():
                points = item.high - item.low + 1
                if item.labels == name and item.low < item.high and len(labels) != points:
                    document, at = documents[f"text/{language}/instrument.yaml"], ("labels", name)
                    yield document.problem(at, "label_count", labels=len(labels), points=points, item=item.id)
                    break


# --- sources and cross-references ---------------------------------------------------------------------------------


def _sourced(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each source id that does not exist, in any file."""
    for name, document in documents.items():
        if not name.startswith(("text/", "sources")):
            for at, cited in _citations(document.value):
                for source in cited:
                    if source not in catalog.sources:
                        yield document.problem(at, "no_source", source=source)


def _citations(value: Any, at: Location = ()) -> Iterator[tuple[Location, tuple[str, ...]]]:  # noqa: ANN401  (any value a file may hold)
    if isinstance(value, dict):
        for key, child in value.items():
            if key in {"sources", "claimed_by", "opposed_by"} and isinstance(child, tuple):
                yield (*at, key), child
            else:
                yield from _citations(child, (*at, key))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _citations(child, (*at, number))


def _references(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    known = {*catalog.scales, *catalog.steps, *catalog.paths, *catalog.roles}
    groups: dict[str, Mapping[str, Statement | Disagreement]] = {
        **catalog.statements,
        "disagreements": catalog.disagreements,
    }
    for group, rows in groups.items():
        document = documents[f"guidance/{group}.yaml"]
        for name, row in rows.items():
            for about in row.about:
                if about not in known:
                    yield document.problem((name, "about"), "nothing_called", "about_fix", about=about)
    document = documents["guidance/roles.yaml"]
    for name, role in catalog.roles.items():
        wanted: dict[str, tuple[Iterable[str], Mapping[str, object]]] = {
            "occupations": (role.occupations, catalog.styles),
            "qualifications": (role.qualifications, catalog.statements["qualifications"]),
            "growth": (role.growth, catalog.statements["growth"]),
        }
        for field, (ids, have) in wanted.items():
            for missing in (entry for entry in ids if entry not in have):
                yield document.problem((name, field), "no_entry", field=field, missing=missing)


def _whom(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each id that a condition, step, variant or saying names and that does not exist."""
    ranges = measures.ranges(catalog)
    rows: dict[str, Mapping[str, Any]] = {
        "steps": catalog.steps, "paths": catalog.paths, "variants": catalog.variants, "sayings": catalog.sayings,
        **catalog.statements,
    }  # fmt: skip
    for group, entries in rows.items():
        for name, row in entries.items():
            known: dict[str, Collection[str]] = {
                "roles": catalog.roles, "not_roles": catalog.roles, "experience": catalog.statements["experience"],
                "above": ranges, "below": ranges,
            }  # fmt: skip
            named = [(("when", field), key) for field in known for key in getattr(row.when, field)]
            for at, key in named:
                if key not in known[at[1]]:
                    yield documents[f"guidance/{group}.yaml"].problem((name, *at), "nothing_called", about=key)
    places = {*catalog.paths, *catalog.steps, *catalog.scoring.gates, *catalog.roles}
    wanted: tuple[tuple[str, str, Iterable[tuple[str, str]], Collection[str]], ...] = (
        ("steps", "serves", [(name, path) for name, step in catalog.steps.items() for path in step.serves],
         catalog.paths),
        ("steps", "answers", [(name, scale) for name, step in catalog.steps.items() for scale in step.answers],
         catalog.of_kind("frustration")),
        ("variants", "step", [(name, row.step) for name, row in catalog.variants.items()], catalog.steps),
        ("sayings", "about", [(name, row.about) for name, row in catalog.sayings.items()], places),
    )  # fmt: skip
    for group, field, pairs, known_ids in wanted:
        for name, about in pairs:
            if about not in known_ids:
                yield documents[f"guidance/{group}.yaml"].problem((name, field), "nothing_called", about=about)


def _work_styles(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    document = documents["onet/work_styles.yaml"]
    for trait in {*catalog.of_kind("fit", "misfit")} ^ {*catalog.work_styles}:
        yield document.problem((trait,), "traits_and_styles")
    known = next(iter(catalog.styles.values()), {})
    for trait, row in catalog.work_styles.items():
        for style, weight in row.styles.items():
            if style not in known:
                yield document.problem((trait, "styles", style), "no_work_style")
            elif weight == 0:
                yield document.problem((trait, "styles", style), "style_without_weight")


# --- scoring ------------------------------------------------------------------------------------------------------


def _features(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    scoring = catalog.scoring
    document = documents[SCORING_FILE]
    ranges = measures.ranges(catalog)
    for band, bands in scoring.bands.items():
        if bands.middle >= bands.high:
            yield document.problem(("bands", band), "middle_above_high")
    for name, ramp in scoring.features.items():
        at = ("features", name)
        if ramp.measure not in ranges:
            yield document.problem((*at, "measure"), "no_measure", measure=ramp.measure)
        elif ramp.start == ramp.end:
            yield document.problem(at, "flat_ramp")
        elif _strongest(ramp, ranges) == 0:
            low, high = ranges[ramp.measure]
            yield document.problem(at, "never_fires", measure=ramp.measure, low=f"{low:g}", high=f"{high:g}")
    used = {name for table in (scoring.steps, scoring.paths) for weights in table.values() for name in weights}
    for name in scoring.features.keys() - used:
        yield document.problem(("features", name), "unused_feature")


def _strongest(ramp: Ramp, ranges: Mapping[str, tuple[float, float]]) -> float:
    """Return the greatest strength that a feature can have; 0 if its ramp has another problem."""
    if ramp.measure not in ranges or ramp.start == ramp.end:
        return 0.0
    return max(0.0, min(1.0, max((value - ramp.start) / (ramp.end - ramp.start) for value in ranges[ramp.measure])))


def _weights(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    scoring = catalog.scoring
    document = documents[SCORING_FILE]
    groups: dict[str, tuple[Iterable[str], Mapping[str, Mapping[str, Weight]]]] = {
        "steps": (catalog.steps, scoring.steps),
        "paths": (catalog.paths, scoring.paths),
    }
    for group, (targets, table) in groups.items():
        for target in (name for name in targets if name not in table):
            yield document.problem((group,), "no_weights", target=target)
        for target, weights in table.items():
            if target not in targets:
                yield document.problem((group, target), "weights_of_nothing", group=group)
            if not any(weight.points > 0 for weight in weights.values()):
                yield document.problem((group, target), "never_a_point")
            for name, weight in weights.items():
                yield from _weight(catalog, document, (group, target, name), weight)


def _weight(catalog: Catalog, document: DataFile, at: tuple[str, str, str], weight: Weight) -> Iterator[Problem]:
    (group, _, name), points = at, weight.points
    if weight.stated and points < 0 and not weight.reason:
        yield document.problem((*at, "reason"), "against_source")
    ramp = catalog.scoring.features.get(name)
    if ramp is None:
        yield document.problem(at, "no_feature", feature=name)
        return
    strongest = _strongest(ramp, measures.ranges(catalog))
    if points == 0:
        yield document.problem((*at, "points"), "zero_points")
    elif strongest and round(strongest * points) == 0:
        yield document.problem((*at, "points"), "no_whole_point", feature=name, strength=f"{strongest:g}")
    if catalog.scoring.choosing is not None:
        return
    # advisor.scoring.counterfactual searches versions without ``choosing`` exactly. It handles path weights on single
    # scales, the index and counts only; with weights on other measures its answer would be wrong.
    single_steps = {measure(step) for step in catalog.steps for measure in (measures.helped, measures.in_vain)}
    if group == "paths" and ramp.measure in {measures.FRUSTRATIONS, measures.CONSEQUENCES}:
        yield document.problem(at, "path_on_pooled")
    elif group == "paths" and ramp.measure in single_steps:
        yield document.problem(at, "path_on_step")


def _gates(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    scoring = catalog.scoring
    document = documents[SCORING_FILE]
    ranges = measures.ranges(catalog)
    for name, gate in scoring.gates.items():
        if gate.measure not in {measures.INDEX, measures.IN_VAIN, *measures.SIGN_COUNTS, *measures.STEP_COUNTS}:
            yield document.problem(("gates", name, "measure"), "gate_measure")
            continue
        low, high = ranges[gate.measure]
        never, always = (gate.at < low, gate.at >= high) if gate.below else (gate.at > high, gate.at <= low)
        if never or always:
            span = {"measure": gate.measure, "low": f"{low:g}", "high": f"{high:g}"}
            kind = "gate_never_opens" if never else "gate_always_open"
            yield document.problem(("gates", name, "at"), kind, "gate_fix", **span)
    for number, pair in enumerate(scoring.hints.contradictions):
        for scale in (pair.first, pair.second):
            if scale not in catalog.scales:
                at = ("hints", "contradictions", number)
                yield document.problem(at, "no_scale", scale=scale)


CHECKS = (
    _sourced, _whom, _instrument, _reliability, _labels, _references, _work_styles, _features, _weights, _gates, _words,
    _placeholders,
)  # fmt: skip
# The checks for old catalogues that the store keeps: every id that a page looks up must exist. Every kept catalogue has
# passed them. Never make them stricter, or old visits can no longer be opened. New checks belong into CHECKS only.
OF_KEPT = (_sourced, _references)


def cross_check(catalog: Catalog, documents: Mapping[str, DataFile], chosen: Iterable[Check] = CHECKS) -> list[Problem]:
    """Return every problem that the checks in ``chosen`` find between the files of ``catalog``."""
    return [problem for check in chosen for problem in check(catalog, documents)]
