"""Checks of worksheets and public services: every field, option and suggestion has words, and no words lie unused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from advisor.content.words import LANGUAGES

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import DataFile, Problem
    from advisor.content.words import Words

FORMS, SERVICES = "guidance/worksheets.yaml", "guidance/services.yaml"
NUMBER = re.compile(r"[0-9０-９][0-9０-９ー―()（）\- ]{4,}[0-9０-９]|#[0-9]{3,}")  # a telephone number
VAGUE = "form_vague_"  # + question: what a vague answer to it may mean
STRENGTH = "form_strength_"  # + experience: the strength that the experience shows
LISTS = ("choice", "checks")  # the types of fields that have options
Place = tuple[str, ...]


def cross_check(catalog: Catalog, documents: Mapping[str, DataFile]) -> list[Problem]:
    """Return every problem between worksheets, public services and their words; wrong options are reported alone."""
    return [*_options(catalog, documents[FORMS])] or [*_words(catalog, documents), *_services(catalog, documents)]


def _services(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for services without words, words without a service, and texts with a telephone number."""
    for name in sorted(catalog.services.keys() - catalog.words["ja"].services.keys()):
        yield documents[SERVICES].problem((name,), "no_words", "no_service_words_fix")
    for language in LANGUAGES:
        document = documents[f"text/{language}/services.yaml"]
        for name, words in catalog.words[language].services.items():
            at = ("services", name)
            if name not in catalog.services:
                yield document.problem(at, "words_of_nothing")
            if NUMBER.search(words.name + words.text):
                yield document.problem(at, "telephone_number")


def _options(catalog: Catalog, document: DataFile) -> Iterator[Problem]:
    """Yield a problem for each list field without options, and for each other field with options."""
    for name, form in catalog.worksheets.items():
        for field, row in form.fields.items():
            at = (name, "fields", field)
            if row.type in LISTS and not row.options:
                yield document.problem(at, "no_options")
            elif row.type not in LISTS and row.options:
                yield document.problem(at, "unseen_options", types=", ".join(LISTS))


def _words(catalog: Catalog, documents: Mapping[str, DataFile]) -> Iterator[Problem]:
    """Yield a problem for each worksheet, field, option and sentence without words, and for words that belong to none.

    A missing part is reported once: not again for the parts inside it.
    """
    wanted = set(_wanted(catalog))
    japanese = set(_named(catalog.words["ja"]))
    document = documents["text/ja/worksheets.yaml"]
    for at in sorted(wanted - japanese):
        if not any(at[:length] in wanted - japanese for length in range(1, len(at))):
            yield document.problem(at, "no_words")
    for language in LANGUAGES:
        own = set(_named(catalog.words[language]))
        known = wanted if language == "ja" else wanted | japanese  # English words were completed from Japanese
        for at in sorted(own - known):
            if not any(at[:length] in own - known for length in range(1, len(at))):
                yield documents[f"text/{language}/worksheets.yaml"].problem(at, "words_of_nothing")


def _wanted(catalog: Catalog) -> Iterator[Place]:
    """Yield the places that need words."""
    for name, form in catalog.worksheets.items():
        yield ("worksheets", name)
        for field, row in form.fields.items():
            yield ("worksheets", name, "fields", field)
            yield from (("worksheets", name, "fields", field, "options", option) for option in row.options)
    for option in catalog.worksheets["evaluation"].fields["questions"].options:
        yield ("worksheet", f"{VAGUE}{option}")
    for experience in catalog.statements["experience"]:
        yield ("worksheet", f"{STRENGTH}{experience}")
    yield from (("weak_reasons", name) for name in catalog.words["ja"].weak_reasons)


def _named(words: Words) -> Iterator[Place]:
    """Yield the places that have words."""
    for name, form in words.worksheets.items():
        yield ("worksheets", name)
        for field, row in form.fields.items():
            yield ("worksheets", name, "fields", field)
            yield from (("worksheets", name, "fields", field, "options", option) for option in row.options)
    for key in words.worksheet:
        if key.startswith((VAGUE, STRENGTH)):
            yield ("worksheet", key)
    yield from (("weak_reasons", name) for name in words.weak_reasons)
