"""Check of conditions: a sentence that is not true for every client needs a condition (``when``).

The check searches the Japanese texts, because every text exists in Japanese. It applies only to versions with
``choosing``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.content import measures
from advisor.content.model import ANYBODY, When

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import DataFile, Problem
    from advisor.content.model import Path, Step

    Said = tuple[str, str, list[str], list[When]]  # group, id, texts, and the conditions that must all hold for them


def _at_work(when: When) -> bool:
    outside = not when.situations or "wants_in" in when.situations
    return when.above.get(measures.EMPLOYED, 0) > 0 or not outside or _of_signs(when)


def _outside(when: When) -> bool:
    return measures.EMPLOYED in when.below or when.situations == ("wants_in",)


def _of_signs(when: When) -> bool:
    return bool({*measures.SIGN_COUNTS} & {*when.above, *when.below})


def _of_tried(when: When) -> bool:
    return any(name == measures.IN_VAIN or name.startswith(("steps_", "helped_", "in_vain_")) for name in when.above)


def _of_worries(when: When) -> bool:
    return bool({measures.WORRY, measures.CONSEQUENCES} & {*when.above, *when.below})


# words that are not true for every client, and a test whether a condition restricts them to the right clients
WORDS: tuple[tuple[re.Pattern[str], Callable[[When], bool]], ...] = (
    (re.compile("今の(?:職場|会社|場所)"), _at_work),
    (re.compile("未経験"), _outside),
    (re.compile("サイン"), _of_signs),
    (re.compile("変わらなかった|効果のあった"), _of_tried),
    (re.compile("大きな悩み|悩みの影響"), _of_worries),
)


def cross_check(catalog: Catalog, documents: Mapping[str, DataFile]) -> list[Problem]:
    """Return a problem for each text that has such words and no fitting condition."""
    return [*_found(catalog, documents)] if catalog.scoring.choosing is not None else []


def _found(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    for group, name, texts, whens in _said(catalog):
        said = "\n".join(texts)
        for words, holds in WORDS:
            if (match := words.search(said)) and not any(map(holds, whens)):
                document = documents[f"guidance/{group}.yaml"]
                yield document.problem((name, "when"), "not_true_for_all", found=match[0])


def _said(catalog: Catalog) -> Iterator[Said]:
    """Yield all texts of steps, paths, variants, sayings, statements, disagreements, roles with their conditions."""
    words, steps, paths = catalog.words["ja"], catalog.steps, catalog.paths
    own_rows: list[tuple[str, Step | Path]] = [*steps.items(), *paths.items()]
    whens = {name: [row.when, When(situations=row.situations)] for name, row in own_rows}
    for group, texts in (("steps", words.steps), ("paths", words.paths)):
        yield from ((group, name, _texts(row), whens[name]) for name, row in texts.items() if name in whens)
    for name, variant in catalog.variants.items():
        if name in words.variants:
            yield "variants", name, _texts(words.variants[name]), [variant.when, *whens.get(variant.step, [])]
    for name, saying in catalog.sayings.items():
        if name in words.sayings:
            yield "sayings", name, [words.sayings[name]], [saying.when, *whens.get(saying.about, [])]
    known: dict[str, Mapping[str, object]] = {
        **catalog.statements, "disagreements": catalog.disagreements, "roles": catalog.roles,
    }  # fmt: skip
    for group, rows in known.items():
        words_of: Mapping[str, BaseModel] = getattr(words, group)
        for name, row in rows.items():
            if name in words_of:
                yield group, name, _texts(words_of[name]), [getattr(row, "when", ANYBODY)]


def _texts(told: BaseModel) -> list[str]:
    values = [value for field, value in told if field != "name"]
    return [text for value in values if value for text in ([value] if isinstance(value, str) else value)]
