"""Remarks of the adviser: "this does not fit" is kept in the record, and is on no paper of the client."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from advisor.analysis.cohort import anonymise
from advisor.content.translator import say
from advisor.report.adviser_copy import adviser_copy
from advisor.report.disclosure import Everything, everything
from advisor.report.handout import handout, public
from advisor.report.jobcard import jobcard
from advisor.report.pdf import pdf
from advisor.session import record as records
from advisor.session import remarks
from advisor.session.session import Rejected, Session
from advisor.store import Store
from advisor.view.workbook import events, save_status, screens
from advisor.view.workbook.private import Private
from tests.analysis.test_cohort_anonymise import RULES
from tests.analysis.test_cohort_anonymise import filled as people
from tests.leaving import CLIENT, filled, inside, visit
from tests.pages import SAMPLES
from tests.papers import TODAY, of, texts
from tests.support import CATALOG, session

JA = say(CATALOG, "ja")
CANARY = "カナリアのひとこと"
PATH, STEP = f"path-{next(iter(CATALOG.paths))}", f"step-{next(iter(CATALOG.steps))}"


def remarked() -> Session:
    one = filled()
    one.unfit(PATH)
    one.unfit_because(PATH, CANARY)
    one.unfit(STEP)
    return one


def act(one: Session, name: str, target: str, value: object = None) -> None:
    events.hear(one, {"event": "action", "name": name, "id": target, "value": value})


def drawn(one: Session) -> str:
    """Return 次の一歩 as it is drawn, with the adviser's part."""
    one.go("next")
    part = Private()
    part.open({}, "next")
    pieces = (*screens.next_steps().pieces, *part.pieces)
    for piece in pieces:
        piece.draw(one)
    return "".join(getattr(piece.widget, "html", "") for piece in pieces)


def test_one_click_says_it_and_the_same_takes_it_back_with_the_word() -> None:
    one = session()
    act(one, "unfit", PATH)
    assert one.record.unfit == {PATH: ""}
    act(one, "unfit_because", PATH, f"  {CANARY}\n ")
    assert one.record.unfit == {PATH: CANARY}
    act(one, "unfit", PATH)
    assert one.record.unfit == {}


@pytest.mark.parametrize("target", ["", "path-", "path-nothing", "step-nothing", next(iter(CATALOG.steps)), f"{STEP}x"])
def test_what_no_card_has_is_refused(target: str) -> None:
    one = session()
    with pytest.raises(Rejected):
        one.unfit(target)
    with pytest.raises(Rejected):
        one.unfit_because(PATH, "nobody said so")
    assert one.record.unfit == {}


def test_a_word_longer_than_the_field_takes_is_refused() -> None:
    one = remarked()
    act(one, "unfit_because", PATH, "あ" * (remarks.WORD_MAX + 1))
    act(one, "unfit_because", PATH, 5)
    assert one.record.unfit[PATH] == CANARY


def test_an_old_visit_that_is_read_cannot_be_remarked_on_and_shows_what_was_said() -> None:
    one = of(SAMPLES["a_accounting"])
    target = f"path-{one.reading.paths[0].target}"
    one.unfit(target)
    one.unfit_because(target, CANARY)
    one.is_read_only = True
    act(one, "unfit", target)
    assert one.record.unfit == {target: CANARY}
    assert CANARY in drawn(one)
    assert 'data-action="unfit"' not in drawn(one)


def test_every_card_offers_it_and_says_what_was_said() -> None:
    one = of(SAMPLES["a_accounting"])
    target = f"path-{one.reading.paths[0].target}"
    assert drawn(one).count('data-action="unfit"') == len(one.reading.paths) + len(one.reading.steps)
    assert f'id="unfit-{target}"' not in drawn(one)
    one.unfit(target)
    one.unfit_because(target, '"><script>alert(1)</script>')
    assert f'id="unfit-{target}"' in drawn(one)
    assert "<script>" not in drawn(one)


# --- the record ---


def test_it_is_kept_as_json_and_a_record_from_before_reads_as_if_nothing_was_said() -> None:
    one = remarked()
    text = records.dump(one.record)
    assert records.load(CATALOG, text) == one.record
    before = {name: value for name, value in json.loads(text).items() if name != "unfit"}
    old = records.load(CATALOG, json.dumps(before))
    assert old == replace(one.record, unfit={})
    assert "unfit" not in records.dump(session().record)
    assert records.changed(old, records.difference(old, one.record)) == one.record


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"unfit": {"path-nothing": ""}}, ("unfit", "path-nothing")),
        ({"unfit": {PATH: "あ" * 61}}, ("unfit", PATH)),
        ({"help_topics": ("health", "health")}, ("help_topics",)),
        ({"help_topics": ("money",)}, ("help_topics",)),
    ],
)
def test_a_record_with_a_remark_that_may_not_be_is_told_by_its_place(
    wrong: dict[str, object], at: tuple[str, ...]
) -> None:
    record = replace(session().record, **wrong)  # type: ignore[arg-type]
    assert [place for place, _ in records.problems(CATALOG, record)] == [at]


def test_both_screens_keep_their_remarks_and_the_place_is_named() -> None:
    base, theirs, mine = filled(), filled(), filled()
    theirs.unfit(PATH)
    mine.unfit(STEP)
    both = records.on_top(base.record, theirs.record, mine.record)
    assert both is not None
    assert both.unfit == {PATH: "", STEP: ""}
    assert JA("place_unfit") in list(save_status.changes(base, JA, base.record, mine.record))


def test_the_next_visit_begins_without_remarks() -> None:
    assert records.follow_up(CATALOG, remarked().record).unfit == {}


# --- what leaves the room ---


def test_no_paper_of_the_client_changes_by_it() -> None:
    one, without = remarked(), filled()
    assert public(one.record).unfit == {}
    assert handout(one, TODAY) == handout(without, TODAY)
    assert pdf(handout(one, TODAY)) == pdf(handout(without, TODAY))
    assert inside(jobcard(one, TODAY)) == inside(jobcard(without, TODAY))
    pieces = screens.summary().pieces
    for piece in pieces:
        piece.draw(one)
    assert CANARY not in "".join(getattr(piece.widget, "html", "") for piece in pieces)


def test_the_advisers_edition_and_all_that_is_kept_name_it() -> None:
    one = remarked()
    name = JA.words.paths[PATH.removeprefix("path-")].name
    for paper in (
        adviser_copy(one, TODAY),
        everything(CATALOG, "ja", Everything(CLIENT, (visit(one),), 0), lambda _: CATALOG, TODAY),
    ):
        said = list(texts(paper))
        assert CANARY in said
        assert name in said
        assert JA("edition_unfit") in said


def test_it_comes_out_with_the_anonymised_table_by_ids_only(store: Store) -> None:
    people(store, 40)
    for one in store.clients():
        found = store.visits(one.id)[0]
        after = replace(found.record, unfit={STEP: CANARY, PATH: ""}, revision=found.record.revision + 1)
        store.save(found.id, one.id, found.record, after)
    table, _ = anonymise.anonymise(CATALOG, store, RULES)
    assert set(table["unfit"]) == {f"{PATH} {STEP}"}
    assert "カナリア" not in table.to_csv()
