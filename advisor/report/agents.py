"""Recruitment agents: what names them, and what stands beside it: who pays, that none is needed, what is free."""

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
    """Return whether any of these texts names agents, in either language."""
    return any(_NAMED.search(text) for text in texts)


def notice(say: Say, texts: Iterable[str]) -> str:
    """Return what stands beside these texts: empty where they name no agents, or say all of it themselves."""
    told = list(texts)
    if not are_named(told):
        return ""
    whole = "\n".join(told)
    said = all(say(f"agents_said_{fact}") in whole for fact in ("paid", "needless", "free"))
    return "" if said else say("agents_notice")
