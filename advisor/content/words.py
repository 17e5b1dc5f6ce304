"""The classes for the words of one language, which are read from ``text/<language>/``.

Japanese is complete. A missing English entry is taken from Japanese and counted. Templates have ``{name}`` fields only,
and a template must have the same fields in both languages.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advisor.content.model import Id, Row

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
LOCALES: dict[Language, str] = {"ja": "ja", "en": "en_GB"}  # for dates and numbers
Text = Annotated[str, Field(min_length=1)]


class ScaleWords(Row):
    """A scale: full and short name, what a high or a low score may mean, and (frustrations) another way to see it."""

    name: Text
    short: Annotated[str, Field(min_length=1, max_length=18)]
    high: Text
    low: Text
    reframe: Text | None = None


class SignWords(Row):
    """A sign as a question, and a description of a healthy evaluation system."""

    name: Text
    question: Text
    healthy: Text


class StepWords(Row):
    """A step: name, summary, concrete hints, the first action within a week, and how the client sees that it worked."""

    name: Text
    summary: Text
    hints: Annotated[tuple[Text, ...], Field(min_length=2)]
    first_action: Text
    worked: Text


class VariantWords(Row):
    """The words of a variant: they replace the step's words, but its hints stand before the step's hints."""

    first_action: Text
    hints: tuple[Text, ...] = ()
    summary: Text | None = None
    worked: Text | None = None


class PathWords(Row):
    """A path: name, summary, when it suits, the first action within a week, how the client sees success, and a caution.

    ``suits``, ``caution``: set only if they are true for every client; else sayings replace them.
    """

    name: Text
    summary: Text
    suits: Text | None = None
    first_action: Text
    worked: Text
    caution: Text | None = None


class RoleWords(Row):
    """A job category: its duties, and how to prepare for it."""

    name: Text
    duties: Text
    preparation: Text


class StatementWords(Row):
    """A heading with one or two sentences, or a frequent question with its answer."""

    name: Text
    text: Text


class DisagreementWords(Row):
    """Two sides of a disagreement between sources, and how the workbook treats both."""

    name: Text
    claim: Text
    against: Text
    reconciled: Text


class GateWords(Row):
    """A gate: a name, a sentence for when it is closed, and one for when it is open."""

    name: Text
    closed: Text
    open: Text


class FieldWords(Row):
    """A field of a worksheet: its question, and the names of its options."""

    label: Text
    help: Text | None = None
    options: dict[Id, Text] = Field(default_factory=dict)


class WorksheetWords(Row):
    """A worksheet: its name, its purpose, its fields."""

    name: Text
    lead: Text
    fields: dict[Id, FieldWords]


class WeakReasonWords(Row):
    """A reason that convinces nobody: the phrases that show it, and advice for a better reason."""

    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    text: Text


Statements = dict[Id, StatementWords]


class Words(Row):
    """All words of one language, by the ids of the catalogue."""

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
    # advance.yaml
    advance: dict[Id, Text] = Field(default_factory=dict)
    # services.yaml
    services: Statements = Field(default_factory=dict)
    # client.yaml
    client: dict[Id, Text] = Field(default_factory=dict)


# File → the top-level keys of Words that it holds.
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
    "advance.yaml": ("advance",),
    "client.yaml": ("client",),
    "services.yaml": ("services",),
}  # fmt: skip

# The files whose words belong to a scoring version: its questions, its advice, its knowledge.
VERSIONED_FILES = ("instrument.yaml", "advice.yaml", "knowledge.yaml")
VERSIONED = tuple(key for name in VERSIONED_FILES for key in FILES[name])

# The groups with the sentences of screens and papers; a key stands in one group only, because Say searches all of them.
SENTENCES = ("interface", "plan", "desk", "report", "worksheet", "advance", "client")
