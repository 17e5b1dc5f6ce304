"""A workbook for career advisers and their clients: sliders, radar, reasoned advice.

What a notebook or a program needs is here: load a catalogue, ask for a reading. Where everything else lives and which
folder may import which: docs/design.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import DataError
    from advisor.content.loading import load as load_catalog
    from advisor.content.model import Case, Facts
    from advisor.content.translator import say
    from advisor.scoring.reading import read
    from advisor.scoring.results import Reading

__version__ = "0.2.0"
__all__ = ["Case", "Catalog", "DataError", "Facts", "Reading", "load_catalog", "read", "say"]

_WHERE = {  # imported at first use: no command and no kernel pays for what it does not use
    "Case": "advisor.content.model:Case",
    "Catalog": "advisor.content.catalog:Catalog",
    "DataError": "advisor.content.datafiles:DataError",
    "Facts": "advisor.content.model:Facts",
    "Reading": "advisor.scoring.results:Reading",
    "load_catalog": "advisor.content.loading:load",
    "read": "advisor.scoring.reading:read",
    "say": "advisor.content.translator:say",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'advisor' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    value = globals()[name] = getattr(import_module(module), attribute)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
