"""How the figures of a scoring version are called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language

TARGETS = ("steps", "paths")
WHOLE = ("hints", "choosing")  # shown as one section


def target(catalog: Catalog, language: Language, group: str, name: str) -> str:
    """Return the name of a step or path."""
    found: Mapping[str, object] = getattr(catalog.words[language], group)
    return str(getattr(found[name], "name", name)) if name in found else name


def feature(catalog: Catalog, language: Language, name: str) -> str:
    """Return what a feature is about."""
    return str(catalog.words[language].features.get(name, name))


def section(path: str) -> str:
    """Return what is shown together: a target, a feature, a gate, a kind of bands, or a group of single figures."""
    head, *rest = path.split(".")
    if not rest:
        return "general"
    return head if head in WHOLE else f"{head}.{rest[0]}"


def section_name(catalog: Catalog, language: Language, words: Mapping[str, str], name: str) -> str:
    """Return the name of a section."""
    head, _, rest = name.partition(".")
    if head in TARGETS:
        return target(catalog, language, head, rest)
    if head == "features":
        return feature(catalog, language, rest)
    if head == "gates":
        return str(catalog.words[language].gates[rest].name)
    return words[rest or head]


def knob(catalog: Catalog, language: Language, words: Mapping[str, str], path: str) -> str:
    """Return the name of a figure within its section."""
    head, *rest = path.split(".")
    if head in TARGETS:
        return feature(catalog, language, rest[-1])
    if "contradictions" in rest:
        pair = catalog.scoring.hints.contradictions[int(rest[1])]
        scales = catalog.words[language].scales
        return f"{scales[pair.first].short} × {scales[pair.second].short}"
    if "silence" in rest:
        return of(words, words[rest[1]], words[rest[2]])
    return words[rest[-1] if rest else head]


def lines(catalog: Catalog, language: Language, words: Mapping[str, str], path: str) -> tuple[str, ...]:
    """Return the name of a figure below that of its section, if the figure does not say enough by itself."""
    part = section(path)
    own = knob(catalog, language, words, path)
    return (own,) if part in {"general", *WHOLE} else (section_name(catalog, language, words, part), own)


def of(words: Mapping[str, str], *names: str) -> str:
    """Return names in one line, the wider first."""
    return words["of"].join(names)
