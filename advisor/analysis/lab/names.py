"""What the figures of a scoring version are called on the screen, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.analysis.lab.outcome import SILENT
from advisor.analysis.lab.parameters import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language, Words

WHOLE = ("hints", "choosing")  # each of these is shown as one section


def section(path: str) -> str:
    """Return the section in which a figure is shown.

    A section is a step, a path, a feature, a gate, a kind of bands, one of :data:`WHOLE`, or ``general`` for the single
    figures.
    """
    head, *rest = path.split(".")
    if not rest:
        return "general"
    return head if head in WHOLE else f"{head}.{rest[0]}"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a catalogue's figures, steps and paths in one language.

    ``words``: the sentences of the lab in that language, by their keys.
    """

    catalog: Catalog
    language: Language
    words: Mapping[str, str]

    @property
    def texts(self) -> Words:
        """Return the texts of the catalogue in this language."""
        return self.catalog.words[self.language]

    def target(self, group: str, name: str) -> str:
        """Return the name of a step or path; for SILENT, the words that say that no path comes first yet."""
        if name == SILENT:
            return self.words["is_silent"]
        found: Mapping[str, object] = getattr(self.texts, group)
        return str(getattr(found[name], "name", name)) if name in found else name

    def feature(self, name: str) -> str:
        """Return what a feature is about."""
        return str(self.texts.features.get(name, name))

    def section(self, name: str) -> str:
        """Return the name of a section (:func:`section`)."""
        head, _, rest = name.partition(".")
        if head in TARGETS:
            return self.target(head, rest)
        if head == "features":
            return self.feature(rest)
        if head == "gates":
            return str(self.texts.gates[rest].name)
        return self.words[rest or head]

    def figure(self, path: str) -> str:
        """Return the name of a figure within its section."""
        head, *rest = path.split(".")
        if head in TARGETS:
            return self.feature(rest[-1])
        if "contradictions" in rest:
            pair = self.catalog.scoring.hints.contradictions[int(rest[1])]
            return f"{self.texts.scales[pair.first].short} × {self.texts.scales[pair.second].short}"
        if "silence" in rest:
            return self.joined(self.words[rest[1]], self.words[rest[2]])
        return self.words[rest[-1] if rest else head]

    def lines(self, path: str) -> tuple[str, ...]:
        """Return the name of a figure, after that of its section unless the figure says enough by itself."""
        place, own = section(path), self.figure(path)
        return (own,) if place in {"general", *WHOLE} else (self.section(place), own)

    def line(self, path: str) -> str:
        """Return what :meth:`lines` returns as one line."""
        return self.joined(*self.lines(path))

    def joined(self, *names: str) -> str:
        """Return names in one line, the wider first."""
        return self.words["of"].join(names)

    def people(self, count: int, everybody: int) -> str:
        """Return a number of people with their share of everybody, in words."""
        return self.words["of_all"].format(n=f"{count:,}", share=f"{count / max(1, everybody):.1%}")
