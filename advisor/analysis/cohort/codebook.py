"""The codebook of an instrument: every column that a file may have, what it says, and how scores come of it.

As rows for a table, and as syntax for SPSS, which labels the columns and computes the scores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from advisor.analysis.cohort.facts import LISTS, WIDENED, fact_columns
from advisor.content.measures import YEARS_MAX
from advisor.content.messages import messages
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED
from advisor.scoring import likert, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language

LABEL_BYTES, VALUE_BYTES, NAME_BYTES = 255, 120, 60  # SPSS takes no longer ones
BOM = "\ufeff"  # without it, SPSS reads syntax in the encoding of the machine


@dataclass(frozen=True, slots=True)
class Variable:
    """A column: an ``item`` (answers), a ``fact`` beside the answers, or a ``scale`` (scores).

    ``values``: each answer or id with its label; of facts in :data:`advisor.analysis.cohort.facts.LISTS` several may
    stand in a cell. ``items``: of a scale. ``low`` and ``high`` are None where there is no number.
    """

    name: str
    kind: Literal["item", "fact", "scale"]
    label: str
    scale: str = ""
    reverse: bool = False
    quick: bool = False
    low: int | None = None
    high: int | None = None
    values: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, object]:
        """Return the row of the table."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "scale": self.scale,
            "reverse": int(self.reverse) if self.kind == "item" else None,
            "quick": int(self.quick) if self.kind == "item" else None,
            "low": self.low,
            "high": self.high,
            "values": "; ".join(f"{value} = {label}" if label else value for value, label in self.values),
            "items": " ".join(self.items),
        }


def brought(instrument: likert.Instrument) -> tuple[Variable, ...]:
    """Return the variables of an instrument that somebody brings; its ids are its labels."""
    return (*_items(instrument), *_scales(instrument))


def of_workbook(catalog: Catalog, language: Language) -> tuple[Variable, ...]:
    """Return the variables of the workbook: items, facts and scales, with the words of a language."""
    words, key = catalog.words[language], scores.key(catalog)
    names = {name: scale.name for name, scale in words.scales.items()}
    labels = {item.id: words.labels[item.labels] for item in catalog.items.values()}
    quick = {item.id for item in catalog.items.values() if item.quick}
    return (
        *_items(key.instrument, words.items, labels, quick),
        *_facts(catalog, language),
        *_scales(key.instrument, names),
    )


def _items(
    instrument: likert.Instrument,
    texts: Mapping[str, str] | None = None,
    labels: Mapping[str, tuple[str, ...]] | None = None,
    quick: Iterable[str] = (),
) -> Iterator[Variable]:
    for column, name in enumerate(instrument.items):
        low, high = int(instrument.low[column]), int(instrument.high[column])
        yield Variable(
            name=name,
            kind="item",
            label=texts[name] if texts else name,
            scale=instrument.scales[int(instrument.member[:, column].argmax())],
            reverse=bool(instrument.reverse[column]),
            quick=name in quick,
            low=low,
            high=high,
            values=tuple(zip(map(str, range(low, high + 1)), labels[name], strict=True)) if labels else (),
        )


def _scales(instrument: likert.Instrument, names: Mapping[str, str] | None = None) -> Iterator[Variable]:
    for scale in instrument.scales:
        items = tuple(instrument.items[column] for column in instrument.items_of(scale).tolist())
        yield Variable(scale, "scale", names[scale] if names else scale, low=0, high=100, items=items)


def _facts(catalog: Catalog, language: Language) -> Iterator[Variable]:
    say, words = messages(language), catalog.words[language]
    screen = words.interface
    scales = {name: scale.name for name, scale in words.scales.items()}
    several: dict[str, dict[str, str]] = {
        "situation": {name: screen[f"situation_{name}"] for name in SITUATIONS},
        "role": {name: words.roles[name].name for name in catalog.roles},
        "experience": {name: words.experience[name].name for name in catalog.statements["experience"]},
        "fixed": {name: screen[f"fixed_{name}"] for name in (*FIXED, NOTHING_FIXED)},
        "priorities": {name: scales[name] for name in catalog.of_kind("frustration")},
        WIDENED: {name: scales[name] for name in catalog.scales},
    }
    for column in fact_columns(catalog):
        head, _, name = column.partition("_")
        if column == "years":
            yield Variable(column, "fact", say["codebook_years"], low=0, high=YEARS_MAX)
        elif column in several:
            yield Variable(column, "fact", say[f"codebook_{column}"], values=tuple(several[column].items()))
        else:
            answers, label = (
                (SIGN_ANSWERS, words.signs[name].question) if head == "sign" else (TRIED, words.steps[name].name)
            )
            values = tuple((answer, screen[f"{head}_{answer}"]) for answer in answers)
            yield Variable(column, "fact", label, values=values)


# ---- SPSS ----


def spss(variables: Iterable[Variable], min_answered: float, note: str) -> str:
    """Return syntax that labels the columns of a file of answers and computes the scores, 0-100, for a whole form.

    Each command is about one column, so that a column that a file lacks costs one message of SPSS and no more.
    ``note``: the first comment.
    """
    variables = tuple(variables)
    names = _names(variables)
    lines = [f"* {note.replace('.', '。').replace(chr(10), ' ')}."]
    for variable in variables:
        if variable.kind != "scale":
            lines += _labels(variable, names[variable.kind, variable.name])
    by_name = {variable.name: variable for variable in variables if variable.kind == "item"}
    for scale in (variable for variable in variables if variable.kind == "scale"):
        name = names["scale", scale.name]
        shares = [_share(by_name[item], names["item", item]) for item in scale.items]
        least = max(1, ceil(min_answered * len(shares) - likert.SLACK))
        lines += [f"COMPUTE {name} = 100 * MEAN.{least}(", *(f"  {share}," for share in shares[:-1])]
        lines += [f"  {shares[-1]}).", *_labels(scale, name)]
    return BOM + "\r\n".join([*lines, "EXECUTE.", ""])


def _share(item: Variable, name: str) -> str:
    """Return an answer as a share of its range, turned where the item is reversed."""
    low, high = item.low or 0, item.high or 0
    above = f"{high} - {name}" if item.reverse else f"{name} - {low}" if low >= 0 else f"{name} + {-low}"
    return f"({above}) / {high - low}"


def _labels(variable: Variable, name: str) -> Iterator[str]:
    yield f"VARIABLE LABELS {name} {_quoted(variable.label, LABEL_BYTES)}."
    if variable.values and variable.name not in LISTS:
        yield f"VALUE LABELS {name}"
        told = [
            f"  {value if variable.kind == 'item' else _quoted(value, VALUE_BYTES)} {_quoted(label, VALUE_BYTES)}"
            for value, label in variable.values
        ]
        yield from (*told[:-1], f"{told[-1]}.")
    if variable.kind == "item":
        yield f"VARIABLE LEVEL {name} (ORDINAL)."


def _quoted(text: str, most: int) -> str:
    """Return a text as SPSS takes it: in one line, not too long in bytes of UTF-8, quotes doubled."""
    short = " ".join(text.split()).encode()[:most].decode(errors="ignore")
    return "'" + short.replace("'", "''") + "'"


def _names(variables: Iterable[Variable]) -> dict[tuple[str, str], str]:
    """Return a name for SPSS for each variable: letters, digits and ``_``, no two alike whatever their case."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for variable in variables:
        plain = re.sub(r"\W", "_", variable.name).encode()[:NAME_BYTES].decode(errors="ignore")
        plain = name = plain if plain[:1].isalpha() else f"v{plain}"
        number = 2
        while name.lower() in taken:
            name, number = f"{plain}_{number}", number + 1
        taken.add(name.lower())
        found[variable.kind, variable.name] = name
    return found
