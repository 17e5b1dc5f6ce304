"""The catalogue: all content, structure and figures of one version, as one frozen object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.content.model import (
        Dial,
        Disagreement,
        Item,
        Kind,
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
        Statement,
        Step,
        Variant,
        Worksheet,
        WorkStyles,
    )
    from advisor.content.model import Path as AdvicePath
    from advisor.content.words import Language, Words

DIGEST_DIGITS = 12  # digits of a digest that screens and papers show
GROUPS = (
    "qualifications", "experience", "growth", "habits", "pluses", "minuses", "limits", "entry", "moving", "transfers",
    "faq", "glossary", "rules", "help",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Catalog:
    """All content, structure and figures of one version.

    ``digest``: the SHA-256 of every byte that advice depends on.
    ``folder``: the folder from which it was read.
    ``files``: the files in ``folder`` that ``digest`` covers.
    ``statements``: the statements by group (:data:`GROUPS`) and id.
    ``styles``: an O*NET-SOC code → its Work Styles (importance, 1-5).
    ``fallbacks``: how many words of each language had to be taken from Japanese.
    """

    digest: str
    folder: Path
    files: tuple[str, ...]
    sources: dict[str, Source]
    scales: dict[str, Scale]
    items: dict[str, Item]
    reliability: dict[str, Reliability]
    norms: dict[str, Norm]
    signs: dict[str, Sign]
    steps: dict[str, Step]
    variants: dict[str, Variant]
    sayings: dict[str, Saying]
    dials: dict[str, Dial]
    role_traits: dict[str, RoleTrait]
    occupations: dict[str, dict[str, float]]
    paths: dict[str, AdvicePath]
    roles: dict[str, Role]
    statements: dict[str, dict[str, Statement]]
    disagreements: dict[str, Disagreement]
    worksheets: dict[str, Worksheet]
    services: dict[str, Service]
    scoring: Scoring
    work_styles: dict[str, WorkStyles]
    styles: dict[str, dict[str, float]]
    words: dict[Language, Words]
    fallbacks: dict[Language, int]

    @property
    def stamp(self) -> str:
        """Return the version and the first digits of the digest; screens and papers show it beside figures."""
        return f"{self.scoring.version} {self.digest[:DIGEST_DIGITS]}"

    @property
    def told(self) -> dict[str, str]:
        """Return the version and the whole digest, for the metadata of an exported file."""
        return {"scoring": self.scoring.version, "digest": self.digest}

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """Return the ids of the scales of these kinds, in the catalogue's order."""
        return _of_kind(self, kinds)

    def items_of(self, scale: str) -> tuple[Item, ...]:
        """Return all items of a scale, in the catalogue's order."""
        return _items_by_scale(self).get(scale, ())

    def active_items(self, scale: str, widened: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """Return the items that are asked of a scale: all if it is in ``widened``, else the quick item."""
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
