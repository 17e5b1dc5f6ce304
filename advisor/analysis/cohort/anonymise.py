"""Makes an analysis table of stored visits that names nobody: no names, codes, ids, notes, wishes, plans or days.

The table is a cohort file: answers, facts with fixed choices, and the period of the visit (three months or longer).
Facts by which somebody could be recognised (:class:`Known`) are made coarser until every combination of them is shared
by at least k people, or the person is left out: k-anonymity (Sweeney, L. (2002). k-anonymity: a model for protecting
privacy. International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems, 10(5), 557-570; and, for making
values coarser, Achieving k-anonymity privacy protection using generalization and suppression, 571-588).

What cannot move (hours, place, care, pay) is left out: others may know it, and no coarser form of it would be of use.
The ids of paths and steps that the adviser marked as not fitting are kept, so that wrong advice can be found; the
adviser's words are not.

Limits: answers, signs, what was tried and what somebody would change most are not made coarser. Whoever knows several
answers of a person, or has an older such file to compare with, may recognise them. Where all people of a group give the
same answer, whoever knows the group knows the answer (Machanavajjhala, A., Kifer, D., Gehrke, J. &
Venkitasubramaniam, M. (2007). l-diversity: privacy beyond k-anonymity. ACM Transactions on Knowledge Discovery from
Data, 1(1), 3). So the table is still confidential, and is not for publication.

Only clients who allow anonymous statistics now are in the table (``Details.permissions``). The purpose of a consent is
a sentence beside that: whoever runs this may name words that it must contain.
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
from advisor.analysis.cohort.limits import LEAST_K
from advisor.scoring import scores
from advisor.session import remarks
from advisor.session.model import TOKYO
from advisor.session.record import fits
from advisor.store import access_log

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.session.model import Client, Record, Visit
    from advisor.store import Store

MONTHS = (3, 6, 12)
BANDS = (0, 1, 3, 6, 11)  # the first year of each band; a band is written as its first year
DETAIL = "anonymised"  # in the access log


@dataclass(frozen=True, slots=True)
class Known:
    """Facts by which others may recognise a client; empty where not told, or hidden.

    ``years``: the first year of a band; ``experience``: ids with spaces between; ``period``: as :func:`period_of` says.
    """

    situation: str
    role: str
    years: int | None
    experience: str
    period: str


LADDER: tuple[tuple[str, Callable[[Any], Any]], ...] = (  # the steps by which facts are made coarser, in order
    ("years", lambda _: None),
    ("role", lambda _: ""),
    ("period", lambda period: period[:4]),
    ("period", lambda _: ""),
    ("experience", lambda _: ""),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients there were, why some are not in the table, and how many had each fact made coarser.

    ``expired``: the consent has ended; ``permission``: they do not allow statistics, or withdrew it; ``purpose``: the
    consent does not contain the words asked for; ``unanswered``: no visit holds an answer; ``older``: the visit belongs
    to an older catalogue; ``unread``: the client, or a visit of theirs, cannot be read; ``rare``: too few share the
    facts even in their coarsest form.
    """

    clients: int
    written: int
    expired: int = 0
    permission: int = 0
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
    """Who may be in the table, and how many must share the same facts.

    ``today``: the consent must not have ended by then; ``purpose``: words that its purpose must contain; ``k``: how
    many must share every combination of facts; ``months``: the length of a period.

    Raises:
        ValueError: k is below LEAST_K, or months not one of MONTHS.
    """

    today: date
    k: int = LEAST_K
    months: int = MONTHS[0]
    purpose: str = ""

    def __post_init__(self) -> None:
        """Refuse rules that hide too little."""
        if self.k < LEAST_K or self.months not in MONTHS:
            raise ValueError(f"k must be {LEAST_K} or more, months one of {MONTHS}")


@dataclass(frozen=True, slots=True)
class _Person:
    known: Known
    visit: Visit


def anonymise(catalog: Catalog, store: Store, rules: Rules) -> tuple[pd.DataFrame, Counts]:
    """Return the table, one row for each client in random order, and the counts of all clients.

    The last visit with an answer is taken of each client whose consent still holds and who allows statistics; visits
    without a client are never taken. Each visit in the table is written into the access log as exported before the
    table is returned.

    Raises:
        StoreError: the store cannot be read, or the log cannot be written.
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
        for person, _ in sorted(kept, key=lambda one: one[0].visit.id):  # so that the log hides the order of the rows
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
    """Return the facts of each person, so coarse that at least k people share them; None for those to leave out.

    At each step of :data:`LADDER`, the facts of everybody who shares theirs with fewer than k are made coarser. A group
    of k or more never loses anybody, so it stays safe.
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
    """Return a client's facts and last visit, or the reason why the client is not in the table."""
    if refused := _refused(client, rules):
        return refused
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


def _refused(client: Client, rules: Rules) -> str:
    """Return why the client's consent keeps them out of the table; empty if it does not."""
    if client.consent.until < rules.today:
        return "expired"
    if not client.details.allows("statistics"):
        return "permission"
    return "" if rules.purpose in client.consent.purpose else "purpose"


def _listed(chosen: Iterable[str], order: Iterable[str]) -> str:
    """Return ids with spaces between, in the catalogue's order: the order of picking could give away a person."""
    found = set(chosen)
    return " ".join(name for name in order if name in found)


def _table(catalog: Catalog, rows: Sequence[tuple[Known, Record]]) -> pd.DataFrame:
    """Return the columns of a cohort file; answers to questions that are no longer asked are left out.

    ``unfit``: the ids of paths and steps that the adviser marked as not fitting, without the adviser's words.
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
    columns[STAMP] = pd.Series([catalog.stamp] * len(rows), dtype="str")
    return pd.concat([pd.DataFrame(columns), answers.astype("Int64")], axis=1)
