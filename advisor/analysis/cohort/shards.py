"""Opens one file, a folder, or a pattern of files as the shards of one cohort."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.analysis.cohort.columns import Chosen, choose
from advisor.analysis.cohort.header import listed
from advisor.analysis.cohort.headings import key
from advisor.analysis.cohort.model import WHOLE, Asked, CohortFile, FileFinding, RefusedError, Wording
from advisor.analysis.cohort.reader import blocks, look, read

if TYPE_CHECKING:
    from advisor.scoring.likert import Instrument

SUFFIXES = (
    ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet", ".xlsx", ".xlsm", ".ods", ".sav", ".zsav", ".dta", ".jsonl",
)  # fmt: skip
REPORT = ".report.csv"


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """The files of a cohort, each with the findings about its columns, and the use of the columns."""

    shards: tuple[tuple[CohortFile, tuple[FileFinding, ...]], ...]
    chosen: Chosen


def paths(responses: str, *, without: Collection[Path] = ()) -> tuple[Path, ...]:
    """Return the files of a path, folder or pattern, sorted by name; ``without``: results, which are never input.

    Raises:
        RefusedError: there is none.
    """
    path = Path(responses)
    if path.is_file():
        return (path,)
    found = path.iterdir() if path.is_dir() else map(Path, glob.glob(responses))  # noqa: PTH207  (it may begin anywhere)
    written = {other.resolve() for other in without}
    shards = [
        shard
        for shard in found
        if shard.name.lower().endswith(SUFFIXES)
        and not shard.name.startswith((".", "~$"))
        and not shard.name.endswith(REPORT)
        and shard.resolve() not in written
    ]
    if not shards:
        raise RefusedError("no_file", {"file": responses})
    return tuple(sorted(shards, key=lambda shard: (shard.name, str(shard))))


def asked_of(instrument: Instrument) -> Asked:
    """Return an instrument's items, with their questions and labels."""
    bounds = zip(instrument.low.astype(int).tolist(), instrument.high.astype(int).tolist(), strict=True)
    wordings = {row.id: Wording((row.text,) if row.text else (), row.words, row.decimals) for row in instrument.rows}
    return Asked(dict(zip(instrument.items, bounds, strict=True)), wordings=wordings)


def opened(files: tuple[Path, ...], asked: Asked) -> OpenedFiles:
    """Return the opened files; the first one decides which columns are ids, and the others must have them.

    Raises:
        RefusedError: a file cannot be read, or lacks a column that was asked for.
    """
    items = {key(name) for name in asked.items}
    for name in (*asked.ids, *asked.keep):
        if key(name) in items:
            raise RefusedError("item_carried", {"column": name})
    chosen: Chosen | None = None
    shards = []

    def carry(columns: tuple[str, ...]) -> tuple[str, ...]:
        found = chosen or choose(columns, (*asked.items, *asked.facts), ids=asked.ids, keep=asked.keep)
        candidate = (found.candidate,) if found.candidate else ()
        return (*asked.facts, *found.carried, *candidate)

    for path in files:
        with about(path):
            source, findings = look(path, asked, carry=carry)
            if chosen is None:
                known = (*asked.items, *asked.facts)
                chosen = _settled(choose(source.columns, known, ids=asked.ids, keep=asked.keep), source)
                asked = replace(asked, ids=chosen.ids)
            for name in (*asked.ids, *asked.keep):
                if name not in source.columns:
                    raise RefusedError("no_column", {"column": name})
            facts = (name for name in asked.facts if name in source.columns)
            carried = tuple(dict.fromkeys((*chosen.carried, *facts)))
            shards.append((replace(source, carried=carried), _told(findings, chosen)))
    return OpenedFiles(tuple(shards), chosen or choose((), ()))


def _told(findings: tuple[FileFinding, ...], chosen: Chosen) -> tuple[FileFinding, ...]:
    """Return the findings with what is unread told only if items are missing: one of them may be a misspelt item."""
    others = tuple(finding for finding in findings if finding.kind != "unread")
    if not chosen.left_out or not any(finding.kind == "missing_item" for finding in findings):
        return others
    told = (("count", str(len(chosen.left_out))), ("columns", listed(chosen.left_out)))
    return (*others, FileFinding(WHOLE, "", "", "unread", told))


def _settled(chosen: Chosen, source: CohortFile) -> Chosen:
    """Return the choice without its candidate: an id if its values in the first block all differ, else left out."""
    if not chosen.candidate:
        return chosen
    first = next(blocks(source), None)
    alone = replace(source, items=(), carried=(chosen.candidate,))
    values = read(replace(first, source=alone)).texts[chosen.candidate] if first else None
    if values is None or len(values.unique()) < len(values):
        return replace(chosen, candidate="")
    left = tuple(name for name in chosen.left_out if name != chosen.candidate)
    return replace(chosen, ids=(chosen.candidate,), left_out=left, candidate="")


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Add the file's name to a refusal."""
    try:
        yield
    except RefusedError as refused:
        raise RefusedError(refused.kind, {"file": path.name} | refused.told) from None
