"""Stored visits → an analysis table that names nobody: no names, codes, ids, notes, wishes, plans or days.

What is left is a cohort file: answers, facts of fixed choices, and the period of the visit (three months at the least).
Facts by which somebody could be recognised (:class:`Known`) are made coarser until every combination of them is shared
by at least k people, or the person is left out: k-anonymity (Sweeney, L. (2002). k-anonymity: a model for protecting
privacy. International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems, 10(5), 557-570; and, for making
values coarser, Achieving k-anonymity privacy protection using generalization and suppression, 571-588).

What cannot move (hours, place, care, pay) is left out: others may know it, and no coarser form of it says anything.
Of which path or step the adviser said that it does not fit stands there by its id, so that wrong advice is found; never
in the adviser's words.

What this does not do: answers, signs, what was tried and what somebody would change most are left as they are. Who
knows several answers of a person, or has an older such file to compare with, may recognise them; and where all people
of a group answer alike, to know the group is to know the answer (Machanavajjhala, A., Kifer, D., Gehrke, J. &
Venkitasubramaniam, M. (2007). l-diversity: privacy beyond k-anonymity. ACM Transactions on Knowledge Discovery from
Data, 1(1), 3). So the table is confidential still, and is not for publication.

The store knows no consent to research. A client's purpose is a sentence: who runs this reads it, or names a word that
it must hold.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from advisor.analysis.cohort.facts import STAMP
from advisor.analysis.cohort.scores import stamped
from advisor.scoring import scores
from advisor.session import remarks
from advisor.session.model import TOKYO
from advisor.session.record import fits
from advisor.store import access_log

if TYPE_CHECKING:
    from advisor.content.loading import Catalog
    from advisor.session.model import Client, Record, Visit
    from advisor.store import Store

LEAST_K = 5
MONTHS = (3, 6, 12)
BANDS = (0, 1, 3, 6, 11)  # the first year of each band; a band is written as its first year
DETAIL = "anonymised"  # in the access log


@dataclass(frozen=True, slots=True)
class Known:
    """What others may know of a client, and so recognise them by; empty where not told, or hidden.

    ``years``: the first year of a band; ``experience``: ids with spaces between; ``period``: as :func:`period_of` says.
    """

    situation: str
    role: str
    years: int | None
    experience: str
    period: str


LADDER: tuple[tuple[str, Callable[[Any], Any]], ...] = (  # what is made coarser, first to last
    ("years", lambda _: None),
    ("role", lambda _: ""),
    ("period", lambda period: period[:4]),
    ("period", lambda _: ""),
    ("experience", lambda _: ""),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients there were, why some are not in the table, and where facts of those in it were made coarser.

    ``expired``: the consent is over; ``purpose``: it does not hold the words asked for; ``unanswered``: no visit holds
    an answer; ``older``: the visit belongs to an older catalogue; ``unread``: the client, or a visit of theirs, cannot
    be read; ``rare``: left out although all was made coarser.
    """

    clients: int
    written: int
    expired: int = 0
    purpose: int = 0
    unanswered: int = 0
    older: int = 0
    unread: int = 0
    rare: int = 0
    years: int = 0
    role: int = 0
    period: int = 0
    experience: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may be in the table, and how alike they must be there.

    ``today``: the consent must run still; ``purpose``: words that the consent's purpose must hold; ``k``: how many must
    share every combination of facts; ``months``: how long a period is.

    Raises:
        ValueError: k is below LEAST_K, or months not one of MONTHS.
    """

    today: date
    k: int = LEAST_K
    months: int = MONTHS[0]
    purpose: str = ""

    def __post_init__(self) -> None:
        """Refuse what would hide too little."""
        if self.k < LEAST_K or self.months not in MONTHS:
            raise ValueError(f"k must be {LEAST_K} or more, months one of {MONTHS}")


@dataclass(frozen=True, slots=True)
class _Person:
    known: Known
    visit: Visit


def anonymise(catalog: Catalog, store: Store, rules: Rules) -> tuple[pd.DataFrame, Counts]:
    """Return the table, one row a client in random order, and what became of all clients.

    Of each client whose consent still runs, the last visit with an answer is taken; visits of no client never are. In
    the access log each visit that the table holds stands as exported, before anybody gets the table.

    Raises:
        StoreError: the store could not be read, or the log not written.
    """
    clients = store.clients()
    why = Counter({"unread": len(clients.unread)})
    people = []
    for client in clients:
        found = _person(catalog, store, client, rules)
        if isinstance(found, str):
            why[found] += 1
        else:
            people.append(found)
    hidden = coarser([person.known for person in people], rules.k)
    kept = [(person, known) for person, known in zip(people, hidden, strict=True) if known is not None]
    secrets.SystemRandom().shuffle(kept)  # the order of the store would tell who came first
    with store.writing() as connection:
        for person, _ in sorted(kept, key=lambda one: one[0].visit.id):  # nor shall the log tell the order of the rows
            access_log.write(
                connection, store.by, "exported", client=person.visit.client, visit=person.visit.id, detail=DETAIL
            )
    lost = {
        name: sum(getattr(person.known, name) != getattr(known, name) for person, known in kept)
        for name in ("years", "role", "period", "experience")
    }
    counts = Counts(len(clients) + len(clients.unread), len(kept), rare=len(people) - len(kept), **why, **lost)
    return _table(catalog, [(known, person.visit.record) for person, known in kept]), counts


def coarser(people: Sequence[Known], k: int) -> tuple[Known | None, ...]:
    """Return what is told of each, so coarse that at least k share it; None for who is to be left out.

    Whoever shares everything with fewer than k climbs :data:`LADDER` by one step, until nobody does or the ladder ends.
    A group of k or more never loses anybody, so it is safe from then on.
    """
    told = list(people)
    for name, step in LADDER:
        often = Counter(told)
        told = [one if often[one] >= k else replace(one, **{name: step(getattr(one, name))}) for one in told]
    often = Counter(told)
    return tuple(one if often[one] >= k else None for one in told)


def period_of(moment: datetime, months: int) -> str:
    """Return the quarter, half-year or year of a moment in Tokyo: 2026-Q4, 2026-H2, 2026."""
    day = moment.astimezone(TOKYO)
    part = (day.month - 1) // months + 1
    return {3: f"{day.year}-Q{part}", 6: f"{day.year}-H{part}", 12: f"{day.year}"}[months]


def band_of(years: int | None) -> int | None:
    """Return the first year of the band in which a number of years lies."""
    return None if years is None else max(first for first in BANDS if first <= years)


def _person(catalog: Catalog, store: Store, client: Client, rules: Rules) -> _Person | str:
    """Return what is known of a client, or why nothing is."""
    if client.consent.until < rules.today:
        return "expired"
    if rules.purpose not in client.consent.purpose:
        return "purpose"
    visits = store.visits(client.id)
    if visits.unread:  # the last answers may be among them
        return "unread"
    answered = [visit for visit in visits if visit.record.case.responses]
    if not answered:
        return "unanswered"
    last = answered[-1]
    if not fits(catalog, last.record):
        return "older"
    facts = last.record.case.facts
    known = Known(
        situation=facts.situation or "",
        role=facts.role or "",
        years=band_of(facts.years),
        experience=_listed(facts.experience, catalog.statements["experience"]),
        period=period_of(last.started, rules.months),
    )
    return _Person(known, last)


def _listed(chosen: Iterable[str], order: Iterable[str]) -> str:
    """Return ids with spaces between, in the catalogue's order: the order in which they were picked tells something."""
    found = set(chosen)
    return " ".join(name for name in order if name in found)


def _table(catalog: Catalog, rows: Sequence[tuple[Known, Record]]) -> pd.DataFrame:
    """Return the columns of a cohort file; answers that were not asked for any more are left out.

    ``unfit``: the ids of paths and steps of which the adviser said that they do not fit, without the adviser's words.
    """
    columns: dict[str, Any] = {
        "period": [known.period for known, _ in rows],
        "situation": [known.situation for known, _ in rows],
        "role": [known.role for known, _ in rows],
        "years": pd.array([known.years for known, _ in rows], "Int64"),
        "priorities": [_listed(one.case.facts.priorities, catalog.scales) for _, one in rows],
        "experience": [known.experience for known, _ in rows],
        "widened": [_listed(one.case.facts.widened, catalog.scales) for _, one in rows],
    }
    columns |= {f"sign_{name}": [one.case.facts.signs.get(name, "") for _, one in rows] for name in catalog.signs}
    columns |= {f"tried_{name}": [one.case.facts.tried.get(name, "") for _, one in rows] for name in catalog.steps}
    columns["unfit"] = [_listed(one.unfit, remarks.targets(catalog)) for _, one in rows]
    table = scores.tabulate(catalog, [one.case for _, one in rows])
    answers = pd.DataFrame(table.answers, columns=list(scores.key(catalog).items)).where(table.asked)
    columns[STAMP] = stamped(catalog, len(rows))
    return pd.concat([pd.DataFrame(columns), answers.astype("Int64")], axis=1)
