"""Comparison of two readings, and of the client's answers with the adviser's markers, as ids and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.scoring.likert import SLACK
from advisor.scoring.reliable_change import RELIABLE, rci

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.model import Case, Reliability
    from advisor.scoring.results import Reading, Score
    from advisor.session.model import Record

APART = 2  # from so many slider points between client and adviser on, an item is a talking point


@dataclass(frozen=True, slots=True)
class ScaleChange:
    """The change of a scale that was scored both times.

    ``same``: the scores differ by less than one slider point.
    ``reliable``: whether the change is more than measurement error; None without two full forms and a reliability.
    ``provisional``: ``reliable`` uses a reliability that is a judgement, not measured.
    ``measured``: the number of people on whom the reliability was measured, and the day.
    """

    scale: str
    before: float
    after: float
    same: bool
    reliable: bool | None = None
    provisional: bool = False
    measured: tuple[int, str] | None = None

    @property
    def difference(self) -> float:
        """Return the later score minus the earlier score."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """An item with the client's answer and the adviser's marker, which differ; neither is the right answer."""

    item: str
    client: int
    adviser: int


def changes(
    catalog: Catalog, before: Reading, after: Reading, before_case: Case, after_case: Case
) -> tuple[ScaleChange, ...]:
    """Return the change of each scale that was scored both times, in the catalogue's order."""
    scale_changes = []
    for scale in catalog.scales:
        old, new = before.scores.get(scale), after.scores.get(scale)
        if old is None or new is None or old.value is None or new.value is None:
            continue
        difference = new.value - old.value
        reference = catalog.reliability.get(scale)
        full = _full(catalog, scale, before_case) and _full(catalog, scale, after_case)
        reliable = abs(rci(difference, reference.sd, reference.r)) >= RELIABLE if full and reference else None
        scale_changes.append(
            ScaleChange(
                scale, old.value, new.value,
                same=abs(difference) < max(_point(catalog, old), _point(catalog, new)) - SLACK,
                reliable=reliable,
                provisional=bool(reference and reference.provisional and reliable is not None),
                measured=_measured(reference) if reference and reliable is not None else None,
            )
        )  # fmt: skip
    return tuple(scale_changes)


def _measured(reference: Reliability) -> tuple[int, str] | None:
    return (reference.n, reference.date) if reference.n and reference.date else None


def _full(catalog: Catalog, scale: str, case: Case) -> bool:
    """Return whether the full form of a scale was asked and all its items were answered."""
    return scale in case.facts.widened and all(item.id in case.responses for item in catalog.items_of(scale))


def _point(catalog: Catalog, score: Score) -> float:
    """Return by how much one slider point of one item changes the score: 25 on the quick form."""
    steps = min(item.high - item.low for item in catalog.items_of(score.scale))
    return 100 / (steps * score.answered)


def talking_points(catalog: Catalog, record: Record) -> tuple[TalkingPoint, ...]:
    """Return the items of the present form at which the answer and the marker differ by at least :data:`APART`."""
    case = record.case
    asked = (item for scale in catalog.scales for item in catalog.active_items(scale, case.facts.widened))
    both = (
        TalkingPoint(item.id, case.responses[item.id], record.markers[item.id])
        for item in asked
        if item.id in case.responses and item.id in record.markers
    )
    return tuple(point for point in both if abs(point.client - point.adviser) >= APART)
