"""What several test files need: the catalogue, small builders of cases, and hypothesis strategies over a catalogue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from advisor.content import versions, worked_cases
from advisor.content.catalog import Catalog
from advisor.content.folder import data_dir
from advisor.content.loading import load
from advisor.content.measures import YEARS_MAX
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring.reading import read
from advisor.session.model import HELPED, STATUSES, Action, Plan, Record
from advisor.session.record import SCREEN_IDS, new
from advisor.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.content.model import FormField, Item
    from advisor.scoring.results import Advice, Reading

CATALOG = load()
# Examples that name figures of the scoring are about the first version, which never changes, whatever is in use.
FIRST = "2026-1"
THEN = load(version=FIRST)
WORKED_THEN = Path(__file__).parent / "fixtures" / "cases-2026-1.yaml"  # the worked clients as it reads them
TRAITS = CATALOG.of_kind("fit", "misfit")
FRUSTRATIONS = CATALOG.of_kind("frustration")
CONSEQUENCES = CATALOG.of_kind("consequence")


def as_first_released(folder: Path, *without: str) -> Path:
    """Return a copy of the data at ``folder`` as if no scoring version had followed the first.

    ``without``: patterns of file names that are left out. The worked clients are those of the first version.
    """
    copied = Path(shutil.copytree(data_dir(), folder, ignore=shutil.ignore_patterns(*without)))
    for version in versions.names(copied):
        if version != FIRST:
            shutil.rmtree(copied / versions.FOLDER / version)
    if (copied / worked_cases.FILE).exists():
        shutil.copy(WORKED_THEN, copied / worked_cases.FILE)
    listed = copied / versions.RELEASED
    if listed.exists():
        header, first, *_ = listed.read_text(encoding="utf-8").splitlines()
        listed.write_text(f"{header}\n{first}\n", encoding="utf-8")
    return copied


def unreleased(folder: Path) -> Path:
    """Return a copy of the data at ``folder`` whose only scoring is the first, as a draft: it may be edited."""
    return as_first_released(folder, "released.csv", versions.SUMS)


def own(name: str, version: str = FIRST) -> str:
    """Return where a file of a version lies in the data: its name in the version's folder, or beside all versions."""
    return versions.located(data_dir(), version, name)


def quick(*scales: str, point: int) -> dict[str, int]:
    """Return the same point as the answer to the quick item of every scale named."""
    return {CATALOG.active_items(scale)[0].id: point for scale in scales}


def keyed(item: Item, point: int) -> int:
    """Return the answer to ``item`` that counts as ``point`` after keying."""
    return item.low + item.high - point if item.reverse else point


def suited(share: int) -> dict[str, int]:
    """Return quick answers to all traits by which the aptitude index is ``share``: 0, 25, 50, 75 or 100."""
    point = 1 + share // 25
    fit, misfit = CATALOG.of_kind("fit"), CATALOG.of_kind("misfit")
    return {**quick(*fit, point=point), **quick(*misfit, point=6 - point)}


def varied(catalog: Catalog = CATALOG, **figures: Any) -> Catalog:
    """Return the catalogue with other figures in its scoring."""
    return replace(catalog, scoring=catalog.scoring.model_copy(update=figures))


def ranked(advice: Iterable[Advice]) -> list[str]:
    """Return the targets of pieces of advice, first to last."""
    return [one.target for one in advice]


def path(reading: Reading, name: str) -> Advice:
    """Return a path's advice."""
    return next(one for one in reading.paths if one.target == name)


def step(reading: Reading, name: str) -> Advice:
    """Return a step's advice."""
    return next(one for one in reading.steps if one.target == name)


def points_of(advice: Advice) -> dict[str, int]:
    """Return each reason's points by feature."""
    return {reason.feature: reason.points for reason in advice.reasons}


def planned(path: str | None, *steps: str) -> Plan:
    """Return a plan with an action for each step."""
    return Plan(path, tuple(Action(f"a{number}", name) for number, name in enumerate(steps, 1)))


def session(case: Case | None = None, catalog: Catalog | None = None) -> Session:
    """Return a session, with ``case`` opened in it if there is one; another ``catalog`` is that of an old visit."""
    started = Session(catalog or CATALOG, today=CATALOG if catalog and catalog is not CATALOG else None)
    if case is not None:
        started.open_case(case)
    return started


def belongs_together(one: Session) -> bool:
    """Return whether a session's reading is the reading of its record."""
    return one.reading == read(CATALOG, one.record.case.responses, one.record.case.facts)


# --- strategies ---------------------------------------------------------------------------------------------------


def answers(items: Sequence[Item]) -> st.SearchStrategy[dict[str, int]]:
    """Return a strategy for answers to all, most or few of ``items``, drawn as bytes: one draw is much quicker."""

    def read(drawn: bytes, gap: int) -> dict[str, int]:
        points = (item.low + byte % (item.high - item.low + 1 + gap) for item, byte in zip(items, drawn, strict=True))
        return {item.id: point for item, point in zip(items, points, strict=True) if point <= item.high}

    return st.builds(read, _bytes(len(items)), st.sampled_from((0, 1, 20)))


def told(names: Iterable[str], values: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for answers, one of ``values``, to some of ``names``."""
    ids, choices = tuple(names), (None, *values)
    chosen = _bytes(len(ids)).map(lambda drawn: [choices[byte % len(choices)] for byte in drawn])
    return chosen.map(lambda given: {one: value for one, value in zip(ids, given, strict=True) if value})


def _bytes(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


def some(names: Iterable[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Return a strategy for up to ``most`` different ones of ``names``."""
    return st.lists(st.sampled_from(tuple(names)), max_size=most, unique=True).map(tuple)


# Strategies are made once for each catalogue, and take none as an argument: hypothesis would write it out each time.
@cache
def facts(catalog: Catalog = CATALOG) -> st.SearchStrategy[Facts]:
    """Return a strategy for everything a client may tell beside the scales."""
    return st.builds(
        Facts,
        situation=st.sampled_from((None, *SITUATIONS)),
        role=st.sampled_from((None, "other", *catalog.roles)),
        years=st.none() | st.integers(0, YEARS_MAX),
        priorities=some(catalog.of_kind("frustration"), 3),
        signs=told(catalog.signs, SIGN_ANSWERS),
        tried=told(catalog.steps, TRIED),
        experience=some(catalog.statements["experience"], 2),
        widened=some(catalog.scales, 3),
        wish=st.just(""),
    )


@cache
def cases(catalog: Catalog = CATALOG) -> st.SearchStrategy[Case]:
    """Return a strategy for cases: answers to some of the items that are asked, to few that are not; any facts."""
    unasked = st.sampled_from([item for item in catalog.items.values() if not item.quick])

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        known = draw(facts(catalog))
        asked = [item for scale in catalog.scales for item in catalog.active_items(scale, known.widened)]
        stale = draw(unasked)
        return Case({stale.id: stale.high, **draw(answers(asked))}, facts=known)

    return case()


@cache
def actions(catalog: Catalog = CATALOG) -> st.SearchStrategy[tuple[Action, ...]]:
    """Return a strategy for actions as a plan or a review holds them; those after the third are put aside."""
    texts = st.text(max_size=20)
    one = st.builds(
        Action,
        st.just(""),
        what=texts,
        first=texts,
        by=st.none() | st.dates(),
        known_by=texts,
        helper=texts,
        status=st.sampled_from(STATUSES),
        helped=st.sampled_from((None, *HELPED)),
    )
    steps = st.lists(st.sampled_from((None, *catalog.steps)), max_size=5, unique_by=lambda step: step or object())

    def numbered(drawn: list[Action], named: list[str | None]) -> tuple[Action, ...]:
        return tuple(
            replace(action, id=f"a{number}", step=step, aside=number > 3)
            for number, (action, step) in enumerate(zip(drawn, named, strict=False), 1)
        )

    return st.builds(numbered, st.lists(one, max_size=5), steps)


def typed_as(field: FormField) -> st.SearchStrategy[str]:
    """Return a strategy for what a worksheet keeps of one of its fields."""
    kinds = {
        "number": lambda: st.integers(0, field.most).map(str),
        "date": lambda: st.dates().map(str),
        "choice": lambda: st.sampled_from(field.options),
        "checks": lambda: st.sets(st.sampled_from(field.options), min_size=1).map(
            lambda chosen: " ".join(option for option in field.options if option in chosen)
        ),
    }
    texts = st.text(min_size=1, max_size=20).filter(str.strip)
    return kinds.get(field.type, lambda: texts)()


@cache
def records(catalog: Catalog = CATALOG) -> st.SearchStrategy[Record]:
    """Return a strategy for records with anything in them that a visit may hold."""
    rows = {
        name: st.lists(
            st.fixed_dictionaries({}, optional={key: typed_as(field) for key, field in form.fields.items()}).filter(
                bool
            ),
            min_size=1,
            max_size=min(2, form.rows),
        ).map(tuple)
        for name, form in catalog.worksheets.items()
    }
    texts = st.text(max_size=30)

    def record(case: Case, wish: str, plan: Plan, **parts: Any) -> Record:
        told = replace(case, facts=replace(case.facts, wish=wish))
        return replace(new(catalog), case=told, plan=plan, **parts)

    return st.builds(
        record,
        cases(catalog),
        texts,
        st.builds(Plan, st.sampled_from((None, *catalog.paths)), actions(catalog)),
        markers=answers(tuple(catalog.items.values())[:4]),
        worksheets=st.fixed_dictionaries({}, optional=rows),
        handout=some(catalog.worksheets, 5),
        review=actions(catalog),
        notes=texts,
        next_at=st.none() | st.datetimes(),
        language=st.sampled_from(("ja", "en")),
        screen=st.sampled_from(SCREEN_IDS),
        revision=st.integers(0, 10**6),
    )
