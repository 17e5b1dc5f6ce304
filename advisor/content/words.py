"""Words of one language: what stands in ``data/text/<language>/``, and nothing else.

Japanese is complete; a missing English entry falls back to Japanese and is counted. Templates use ``{name}`` fields
only; the same fields must stand in both languages.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advisor.content.model import Id, Row

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
LOCALES: dict[Language, str] = {"ja": "ja", "en": "en_GB"}  # of dates and numbers
Text = Annotated[str, Field(min_length=1)]


class ScaleWords(Row):
    """A scale: full and short name, what standing high or low may mean, and (frustrations) another way to see it."""

    name: Text
    short: Annotated[str, Field(min_length=1, max_length=18)]
    high: Text
    low: Text
    reframe: Text | None = None


class SignWords(Row):
    """A warning sign as a question, and what a healthy system looks like instead."""

    name: Text
    question: Text
    healthy: Text


class StepWords(Row):
    """A step: what, why, concrete hints, what to do within a week, how to tell that it worked."""

    name: Text
    summary: Text
    hints: Annotated[tuple[Text, ...], Field(min_length=2)]
    first_action: Text
    worked: Text


class VariantWords(Row):
    """What a step's variant says in place of the step's own words; its hints stand before the step's own."""

    first_action: Text
    hints: tuple[Text, ...] = ()
    summary: Text | None = None
    worked: Text | None = None


class PathWords(Row):
    """A path: what, when it is worth a thought, what to do within a week, how to tell, what to watch.

    ``suits``, ``caution``: where they are true for everybody; else sayings take their place.
    """

    name: Text
    summary: Text
    suits: Text | None = None
    first_action: Text
    worked: Text
    caution: Text | None = None


class RoleWords(Row):
    """A job category: its duties and how to prepare."""

    name: Text
    duties: Text
    preparation: Text


class StatementWords(Row):
    """A heading and a sentence or two (of a question: the answer)."""

    name: Text
    text: Text


class DisagreementWords(Row):
    """Two sides of a disagreement between sources, and how the workbook holds both."""

    name: Text
    claim: Text
    against: Text
    reconciled: Text


class GateWords(Row):
    """A gate in two sentences: what it asks for, and what is said when it is open."""

    name: Text
    closed: Text
    open: Text


class FieldWords(Row):
    """A field of a worksheet: its question, and the names of its options."""

    label: Text
    help: Text | None = None
    options: dict[Id, Text] = Field(default_factory=dict)


class WorksheetWords(Row):
    """A worksheet: its name, what it is good for, its fields."""

    name: Text
    lead: Text
    fields: dict[Id, FieldWords]


class WeakReasonWords(Row):
    """A reason that convinces nobody: the turns of phrase by which it is known, and what could stand there instead."""

    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    text: Text


Statements = dict[Id, StatementWords]


class Words(Row):
    """All words of one language, by the same ids as the structure."""

    # instrument.yaml
    labels: dict[Id, Annotated[tuple[Text, ...], Field(min_length=2)]]
    scales: dict[Id, ScaleWords]
    items: dict[Id, Text]
    signs: dict[Id, SignWords]
    # advice.yaml
    steps: dict[Id, StepWords]
    variants: dict[Id, VariantWords] = Field(default_factory=dict)
    paths: dict[Id, PathWords]
    sayings: dict[Id, Text] = Field(default_factory=dict)
    roles: dict[Id, RoleWords]
    qualifications: Statements
    gates: dict[Id, GateWords]
    features: dict[Id, Text]
    hints: Statements
    # knowledge.yaml
    sources: dict[str, Text]
    experience: Statements
    growth: Statements
    habits: Statements
    pluses: Statements
    minuses: Statements
    limits: Statements
    entry: Statements
    moving: Statements
    transfers: Statements
    faq: Statements
    glossary: Statements
    rules: Statements
    help: Statements
    disagreements: dict[Id, DisagreementWords]
    # interface.yaml
    interface: dict[Id, Text]
    samples: Statements
    # plan.yaml, desk.yaml, report.yaml, worksheets.yaml
    plan: dict[Id, Text]
    desk: dict[Id, Text]
    report: dict[Id, Text]
    worksheet: dict[Id, Text]
    worksheets: dict[Id, WorksheetWords]
    weak_reasons: dict[Id, WeakReasonWords]
    # services.yaml
    services: Statements = Field(default_factory=dict)


# Which top-level keys of Words stand in which file.
FILES: dict[str, tuple[str, ...]] = {
    "instrument.yaml": ("labels", "scales", "items", "signs"),
    "advice.yaml": ("steps", "variants", "paths", "sayings", "roles", "qualifications", "gates", "features", "hints"),
    "knowledge.yaml": (
        "sources", "experience", "growth", "habits", "pluses", "minuses", "limits", "entry", "moving", "transfers",
        "faq", "glossary", "rules", "help", "disagreements",
    ),
    "interface.yaml": ("interface", "samples"),
    "plan.yaml": ("plan",),
    "desk.yaml": ("desk",),
    "report.yaml": ("report",),
    "worksheets.yaml": ("worksheet", "worksheets", "weak_reasons"),
    "services.yaml": ("services",),
}  # fmt: skip

# The files whose words belong to a version: its questions, its advice, what it knows.
VERSIONED_FILES = ("instrument.yaml", "advice.yaml", "knowledge.yaml")
VERSIONED = tuple(key for name in VERSIONED_FILES for key in FILES[name])

# The sentences that screens and papers are made of; a key stands in one of these groups only.
SENTENCES = ("interface", "plan", "desk", "report", "worksheet")
