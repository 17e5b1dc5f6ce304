"""What leaves the store as an analysis table names nobody, and nobody in it stands alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.cohort import anonymise
from advisor.analysis.cohort.anonymise import BANDS, Counts, Known, Rules, band_of, coarser, period_of
from advisor.analysis.cohort.facts import STAMP, fact_columns, read_fact
from advisor.cli import data, main
from advisor.content.case_checks import OTHER_ROLE, problems_of_case
from advisor.content.messages import messages
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.session.model import Action, Client, Consent, Details, Permission, Plan, Record
from advisor.store import Store, access_log, open_store
from tests.databases import NEW, saved
from tests.support import CATALOG

TODAY = date(2026, 12, 1)
CONSENT = Consent("相談の記録と、個人がわからない形での集計", date(2026, 11, 1), date(2027, 11, 1))
QUASI = ("situation", "role", "years", "experience", "period")
CANARY = "カナリア"
RULES = Rules(TODAY)
MAY = Details({"statistics": Permission(date(2026, 11, 1))}, employer=f"{CANARY}-employer", office=f"{CANARY}-office")
ITEMS = tuple(CATALOG.items)


def facts(chance: random.Random) -> Facts:
    """Return facts of few kinds, so that some are alike and some are rare."""
    return Facts(
        situation=chance.choice([*SITUATIONS, None]),
        role=chance.choice([*list(CATALOG.roles)[:3], OTHER_ROLE, None]),
        years=chance.choice([None, 0, 1, 2, 4, 30]),
        experience=tuple(chance.sample(list(CATALOG.statements["experience"]), chance.choice([0, 0, 1, 2]))),
        priorities=tuple(chance.sample(CATALOG.of_kind("frustration"), 2)),
        signs={name: chance.choice(SIGN_ANSWERS) for name in CATALOG.signs},
        tried={name: chance.choice(TRIED) for name in CATALOG.steps if chance.random() < 0.5},
        widened=tuple(chance.sample(list(CATALOG.scales), 3)),
        wish=f"{CANARY}-wish",
    )


def record(chance: random.Random, **parts: object) -> Record:
    """Return a record with a canary wherever something may be typed."""
    told = facts(chance)
    asked = [item.id for scale in CATALOG.scales for item in CATALOG.active_items(scale, told.widened)]
    responses = {item: chance.randint(1, 5) for item in asked if chance.random() < 0.9}
    action = Action("a1", what=f"{CANARY}-what", first=f"{CANARY}-first", by=date(2026, 12, 24), helper=f"{CANARY}-who")
    whole = replace(
        NEW,
        case=Case(responses, facts=told),
        plan=Plan(actions=(action,)),
        review=(action,),
        notes=f"{CANARY}-notes",
        next_at=datetime(2026, 12, 25, 10, 30),  # noqa: DTZ001  (local time of the appointment)
        markers={asked[0]: 5},
        revision=1,
    )
    return replace(whole, **parts)  # type: ignore[arg-type]


def filled(store: Store, count: int, seed: int = 1) -> list[Record]:
    """Put so many clients with a visit each into the store, and return their records."""
    chance = random.Random(seed)
    records = []
    for number in range(count):
        client = f"{CANARY}-client-{number}"
        name = f"{CANARY}-name-{number}"
        store.put_client(Client(client, f"{CANARY}-code-{number}", CONSENT, name=name, details=MAY))
        records.append(saved(store, f"{CANARY}-visit-{number}", record(chance), of=client))
    return records


def groups(table: pd.DataFrame) -> list[int]:
    """Return how many rows share each combination of facts."""
    return table.astype(str).groupby(list(QUASI)).size().tolist()


# ---- k-anonymity ----

KNOWN = st.builds(
    Known,
    st.sampled_from(["", *SITUATIONS]),
    st.sampled_from(["", "hr", "legal"]),
    st.sampled_from([None, *BANDS]),
    st.sampled_from(["", "sales", "it sales"]),
    st.sampled_from(["2026-Q3", "2026-Q4", "2027-Q1"]),
)


@given(st.lists(KNOWN, max_size=80), st.integers(5, 9))
def test_every_combination_of_facts_is_shared_by_k_or_nobody_is_told_of(people: list[Known], k: int) -> None:
    told = coarser(people, k)
    assert len(told) == len(people)
    assert all(count >= k for one, count in Counter(told).items() if one is not None)


@given(st.lists(KNOWN, max_size=80))
def test_what_is_told_is_true_or_empty_and_who_shares_everything_with_enough_loses_nothing(people: list[Known]) -> None:
    often = Counter(people)
    for one, told in zip(people, coarser(people, 5), strict=True):
        if often[one] >= 5:
            assert told == one
        if told is not None:
            assert told.situation == one.situation
            assert told.role in (one.role, "")
            assert told.years in (one.years, None)
            assert told.experience in (one.experience, "")
            assert one.period.startswith(told.period)


@given(st.lists(KNOWN, max_size=40), st.randoms(use_true_random=False))
def test_what_becomes_of_people_does_not_depend_on_their_order(people: list[Known], chance: random.Random) -> None:
    mixed = chance.sample(people, len(people))
    assert Counter(coarser(people, 5)) == Counter(coarser(mixed, 5))


def test_years_go_first_then_role_then_period_then_experience() -> None:
    one = Known("inside", "hr", 3, "it", "2026-Q4")
    four = [replace(one, years=years) for years in (0, 1, 6, 11)]
    assert set(coarser([one, *four], 5)) == {replace(one, years=None)}
    roles = [replace(one, role=role) for role in ("legal", "pr", "", "other")]
    assert set(coarser([one, *roles], 5)) == {replace(one, years=None, role="")}
    periods = [replace(one, period=period) for period in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q3")]
    assert set(coarser([one, *periods], 5)) == {replace(one, years=None, role="", period="2026")}
    other = [replace(one, experience=told) for told in ("", "sales", "it sales", "factory")]
    assert set(coarser([one, *other], 5)) == {Known("inside", "", None, "", "")}
    assert coarser([one] * 4, 5) == (None,) * 4


@pytest.mark.parametrize(("k", "months"), [(4, 3), (0, 12), (5, 1), (5, 0)])
def test_fewer_than_five_alike_and_periods_shorter_than_a_quarter_are_refused(k: int, months: int) -> None:
    with pytest.raises(ValueError, match="k must be 5 or more"):
        Rules(TODAY, k, months)


def test_a_period_is_a_quarter_a_half_year_or_a_year_of_tokyo() -> None:
    late = datetime(2026, 12, 31, 16, tzinfo=UTC)  # in Tokyo the new year has begun
    assert [period_of(late, months) for months in (3, 6, 12)] == ["2027-Q1", "2027-H1", "2027"]
    assert [period_of(datetime(2026, 9, 30, 12, tzinfo=UTC), months) for months in (3, 6)] == ["2026-Q3", "2026-H2"]


def test_years_are_told_as_the_first_of_their_band() -> None:
    assert [band_of(years) for years in (None, 0, 1, 2, 3, 5, 6, 10, 11, 60)] == [None, 0, 1, 1, 3, 3, 6, 6, 11, 11]


# ---- from the store, of either kind ----


def test_nothing_that_names_anybody_is_in_the_table(store: Store, tmp_path: Path) -> None:
    filled(store, 40)
    table, counts = anonymise.anonymise(CATALOG, store, RULES)
    assert counts.written == len(table) > 20
    for name in ("a.csv", "a.parquet"):
        write = table.to_csv if name.endswith("csv") else table.to_parquet
        write(tmp_path / name, index=False)
        content = (tmp_path / name).read_bytes()
        assert CANARY.encode() not in content
        for text in ("-wish", "-notes", "-code", "-name", "-visit", "2026-12-24", "10:30"):
            assert text.encode() not in content
    days = {visit.started.date().isoformat() for client in store.clients() for visit in store.visits(client.id)}
    assert not any(day in table.to_csv() for day in days)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 30))
def test_nobody_stands_alone_whatever_is_stored(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('s')}/a.sqlite3", "")
    filled(store, count, seed)
    table, counts = anonymise.anonymise(CATALOG, store, RULES)
    assert counts.clients == count == counts.written + counts.rare
    assert all(size >= RULES.k for size in groups(table))


def test_the_table_is_a_cohort_file_of_the_last_answers_in_another_order(store: Store) -> None:
    records = filled(store, 25)
    table, _ = anonymise.anonymise(CATALOG, store, RULES)
    facts = [name for name in fact_columns(CATALOG) if name != "fixed"]  # care, health: others know it, and it stays
    assert [name for name in table if name not in ITEMS] == ["period", *facts, "unfit", STAMP]
    assert set(table[STAMP]) == {f"{CATALOG.scoring.version} {CATALOG.digest[:12]}"}
    for column in facts:
        assert all(read_fact(CATALOG, column, str(cell)) is not None for cell in table[column].dropna())
    stored = [tuple(record.case.responses.get(item) for item in ITEMS) for record in records]
    written = [tuple(None if pd.isna(cell) else int(cell) for cell in row) for row in table[list(ITEMS)].to_numpy()]
    assert set(written) <= set(stored)
    assert [stored.index(row) for row in written] != sorted(stored.index(row) for row in written)


def alike(store: Store, clients: Sequence[Client], told: Record) -> None:
    for client in clients:
        store.put_client(client)
        saved(store, f"v-{client.id}", told, of=client.id)


def people(count: int, consent: Consent = CONSENT, start: int = 0) -> list[Client]:
    return [Client(f"c{number}", "", consent, details=MAY) for number in range(start, start + count)]


def test_only_clients_whose_consent_runs_and_names_the_purpose_are_in_the_table(store: Store) -> None:
    told = record(random.Random(1))
    alike(store, people(6), told)
    alike(store, people(2, replace(CONSENT, until=date(2026, 11, 30)), start=10), told)
    alike(store, people(3, replace(CONSENT, purpose="次の相談に役立てるため"), start=20), told)
    saved(store, "of-nobody", told)
    assert anonymise.anonymise(CATALOG, store, RULES)[1] == Counts(11, 9, expired=2)
    assert anonymise.anonymise(CATALOG, store, replace(RULES, purpose="集計"))[1] == Counts(11, 6, expired=2, purpose=3)


def test_whoever_did_not_allow_statistics_or_withdrew_it_is_in_no_table_from_then_on(store: Store) -> None:
    told = record(random.Random(1))
    never, other, withdrew, *rest = people(9)
    supervised = replace(other, details=Details({"supervision": Permission(date(2026, 11, 1))}))
    alike(store, [replace(never, details=Details()), supervised, withdrew, *rest], told)
    assert anonymise.anonymise(CATALOG, store, RULES)[1] == Counts(9, 7, permission=2)
    gone = Details({"statistics": Permission(date(2026, 11, 1), TODAY)})
    store.put_client(replace(withdrew, details=gone), withdrew)
    assert anonymise.anonymise(CATALOG, store, RULES)[1] == Counts(9, 6, permission=3)


def test_of_each_client_the_last_visit_with_an_answer_counts_if_today_knows_its_questions(store: Store) -> None:
    told = record(random.Random(1))
    first, *others = people(7)
    alike(store, [first, *others], told)
    later = replace(told, case=replace(told.case, responses={"support_1": 5}))
    saved(store, "second", later, of=first.id)
    saved(store, "third", replace(told, case=Case(facts=told.case.facts)), of=first.id)
    saved(store, "old", replace(told, case=Case({"gone_1": 3})), of=others[-1].id)
    store.put_client(Client("silent", "", CONSENT, details=MAY))
    table, counts = anonymise.anonymise(CATALOG, store, RULES)
    assert counts == Counts(8, 6, unanswered=1, older=1)
    assert min(table[list(ITEMS)].notna().sum(axis=1)) == 1


def test_answers_that_were_not_asked_for_any_more_stay_behind(store: Store) -> None:
    told = record(random.Random(1))
    case = Case({"support_1": 4, "support_2": 2}, facts=replace(told.case.facts, widened=()))
    alike(store, people(5), replace(told, case=case))
    table, _ = anonymise.anonymise(CATALOG, store, RULES)
    assert table["support_1"].tolist() == [4] * 5
    assert table["support_2"].isna().all()


def test_the_access_log_names_exactly_the_visits_that_were_exported(store: Store) -> None:
    alike(store, people(6), record(random.Random(1)))
    alike(store, people(1, start=10), replace(record(random.Random(1)), case=Case({"support_1": 1})))
    anonymise.anonymise(CATALOG, store, RULES)
    entries = access_log.entries(store)
    assert {(entry.by, entry.action, entry.detail) for entry in entries} == {("command", "exported", "anonymised")}
    assert sorted(str(entry.client) for entry in entries) == [f"c{number}" for number in range(6)]


def test_a_case_with_everything_in_it_is_one_that_may_be() -> None:
    assert list(problems_of_case(CATALOG, record(random.Random(1)).case)) == []


# ---- the command ----


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The store that the command finds."""
    url = f"sqlite:///{tmp_path}/data/a.sqlite3"
    monkeypatch.setattr(data, "SAY", messages("en"))
    monkeypatch.setenv("ADVISOR_DATABASE_URL", url)
    monkeypatch.delenv("ADVISOR_KEY", raising=False)
    return open_store(url, "")


def advisor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main.main, ["anonymise", *map(str, arguments)])


READERS = {".csv": pd.read_csv, ".tsv": pd.read_table, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}


def test_the_command_writes_the_table_and_tells_what_became_of_everybody(shop: Store, tmp_path: Path) -> None:
    filled(shop, 30)
    for suffix, read in READERS.items():
        path = tmp_path / f"out{suffix}"
        told = advisor("--out", path, "--months", "12")
        assert told.exit_code == 0, told.output
        for sentence in (
            "shared by 5 or more",
            "Left out of 30 clients",
            "Made coarser",
            "Do not publish",
            "--purpose",
        ):
            assert sentence in told.output
        assert CANARY not in told.output
        table = read(path)  # type: ignore[operator]
        assert f"Wrote {len(table)} people" in told.output
        assert table["period"].dropna().astype(str).str.fullmatch("(20[0-9][0-9]([.]0)?)?").all()
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "sentence"),
    [(["--k", "4"], 2, "--k"), (["--months", "1"], 2, "--months"), ([], 1, "nobody to include")],
)
def test_what_hides_too_little_or_nothing_makes_no_file(
    shop: Store, tmp_path: Path, arguments: list[str], exit_code: int, sentence: str
) -> None:
    filled(shop, 3)
    told = advisor("--out", tmp_path / "out.csv", *arguments)
    assert told.exit_code == exit_code
    assert sentence in told.output
    assert not (tmp_path / "out.csv").exists()


def test_a_file_of_another_kind_or_in_no_folder_is_told_in_one_line(shop: Store, tmp_path: Path) -> None:
    alike(shop, people(5), record(random.Random(1)))
    for path, sentence in ((tmp_path / "out.txt", ".parquet"), (tmp_path / "no" / "out.csv", "cannot be written")):
        told = advisor("--out", path)
        assert told.exit_code == 1
        assert sentence in told.output.splitlines()[-1]
        assert not path.exists()
