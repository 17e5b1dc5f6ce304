"""Recruitment agents: a text that names them needs a notice beside it (who pays, nobody needs one, what is free)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.content.translator import Say

_NAMED = re.compile(
    r"エージェント|人材紹介|転職支援会社|\b(?:recruitment|employment) agen|\bagents?\b|\brecruiters?\b", re.IGNORECASE
)


def are_named(texts: Iterable[str]) -> bool:
    """Return whether any of these texts, in Japanese or English, names recruitment agents."""
    return any(_NAMED.search(text) for text in texts)


def notice(say: Say, texts: Iterable[str]) -> str:
    """Return the notice for these texts; empty if they name no agents, or if they contain all of it already."""
    all_texts = list(texts)
    if not are_named(all_texts):
        return ""
    joined = "\n".join(all_texts)
    is_complete = all(say(f"agents_said_{fact}") in joined for fact in ("paid", "needless", "free"))
    return "" if is_complete else say("agents_notice")
