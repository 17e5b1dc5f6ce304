"""The class :class:`Say`: sentences and words of one language for screens and papers."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from advisor.content.words import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language, Words

CLIENT = "{client}"


@dataclass(frozen=True, slots=True)
class Say:
    """The words of one language: ``say("key", name=...)`` gives a sentence, ``say.words`` has all other words."""

    language: Language
    words: Words
    sentences: Mapping[str, str]
    articles: frozenset[str] = frozenset()  # the sources that are articles: recruitment firms wrote all of them
    called: str = ""  # what stands for {client}: the word for whoever is advised

    def __call__(self, key: str, **fields: object) -> str:
        """Return a sentence with its fields filled in; ``{client}`` is filled in every sentence."""
        sentence = self.sentences[key]
        return sentence.format(client=self.called, **fields) if fields else sentence.replace(CLIENT, self.called)

    def enumeration(self, names: Iterable[str]) -> str:
        """Return names as one text, with the separator of the language between them."""
        return self("list_separator").join(names)

    def quoted(self, names: Iterable[str]) -> str:
        """Return names as one text, each in the quotation marks of the language."""
        return self.enumeration(self("quoted", name=name) for name in names)

    def prose(self, sentences: Iterable[str]) -> str:
        """Return sentences as one paragraph, with spaces between them unless the language is Japanese."""
        return ("" if self.language == "ja" else " ").join(sentences)

    def sources(self, ids: Iterable[str]) -> list[str]:
        """Return the labels of sources, each once."""
        return [self.words.sources[source] for source in dict.fromkeys(ids)]

    def named_by(self, ids: Iterable[str]) -> str:
        """Return one line that names the sources, with the note on marketing if one of them is an article."""
        cited = tuple(ids)
        names = self("named_by", sources=self.enumeration(self.sources(cited)))
        return names + self.marketing(cited)

    def marketing(self, ids: Iterable[str]) -> str:
        """Return a note in brackets that some of these sources are marketing; empty if none of them is."""
        return self("bracketed", text=self("sources_marketing")) if self.articles & {*ids} else ""


@lru_cache(maxsize=16)
def say(catalog: Catalog, language: Language, today: Catalog | None = None, called: str = "") -> Say:
    """Return the words of a language: questions and advice from ``catalog``, sentences from ``today``.

    ``today``: the present catalogue, if ``catalog`` is an older one; else None. Today's screens and papers also show
    old visits, and an old catalogue lacks sentences that were added later. ``called``: the office's own Japanese word
    for whoever is advised, such as お客様, in the place of 相談者.
    """
    words = catalog.words[language]
    if today is not None:
        words = words.model_copy(update={group: getattr(today.words[language], group) for group in SENTENCES})
    articles = frozenset(name for name, source in catalog.sources.items() if source.kind == "article")
    sentences = ChainMap(*(getattr(words, group) for group in SENTENCES))
    return Say(language, words, sentences, articles, (called if language == "ja" else "") or sentences["called"])
