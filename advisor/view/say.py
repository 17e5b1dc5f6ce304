"""The words of the language that is on the screen, and the templates that escape them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.catalog import Catalog
    from advisor.words import Language, Words


@dataclass(frozen=True, slots=True)
class Say:
    """One language's words: ``say("key", name=...)`` for the interface, ``say.words`` for everything else."""

    language: Language
    words: Words

    def __call__(self, key: str, **fields: object) -> str:
        """Return an interface sentence with its fields filled in."""
        sentence = self.words.interface[key]
        return sentence.format(**fields) if fields else sentence

    def enumeration(self, names: Iterable[str]) -> str:
        """Return names as one enumeration."""
        return self("list_separator").join(names)

    def quoted(self, names: Iterable[str]) -> str:
        """Return names as one enumeration, each in the quotation marks of the language."""
        return self.enumeration(self("quoted", name=name) for name in names)

    def sources(self, ids: Iterable[str]) -> list[str]:
        """Return the labels of sources, each once."""
        return [self.words.sources[source] for source in dict.fromkeys(ids)]


def say(catalog: Catalog, language: Language) -> Say:
    """Return the words of a language."""
    return Say(language, catalog.words[language])


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **context: Any) -> str:  # noqa: ANN401  (whatever the template shows)
    """Return a piece of page; every value is escaped by the template engine."""
    return _environment().get_template(f"{template}.html.j2").render(**context)
