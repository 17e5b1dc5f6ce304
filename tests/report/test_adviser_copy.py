"""The adviser's edition, and everything that is kept about a client: complete, in words, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from advisor.content.catalog import Catalog
from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.report.adviser_copy import adviser_copy
from advisor.report.disclosure import Everything, everything
from advisor.report.document import Document, Section
from advisor.report.handout import handout
from advisor.report.pdf import pdf
from advisor.report.sentences import stability_note
from advisor.report.worksheet_pages import leaves
from advisor.session.model import ACCOUNT, STATUSES, Client, Consent, Logged, Record, Shown, Visit
from advisor.session.session import Session
from tests.pages import SAMPLES, STRAINED
from tests.papers import HOSTILE, NAMES, TODAY, bare, full, of, on_paper, pages, planned, private, texts
from tests.support import CATALOG, session, varied

JA = say(CATALOG, "ja")
AT = datetime(2026, 11, 21, 5, 3, tzinfo=UTC)
PASSED_OVER = Case(
    {item: point for item, point in STRAINED.responses.items() if item != "motivation_1"}, {"motivation_1": "skip"}
)
CLIENT = Client("c1", "K-012", Consent("ふり返りのため", date(2026, 10, 1), date(2027, 10, 1)), NAMES, date(2026, 9, 1))


def part(paper: Document, title: str) -> Section:
    return next(one for one in paper.parts if one.title == title)


def visit(record: Record, name: str = "v1") -> Visit:
    return Visit(name, record, AT, AT, CLIENT.id)


def kept(*records: Record, language: Language = "ja", catalog: Catalog | None = CATALOG) -> Document:
    """Return everything about a client whose visits hold these records; ``catalog`` is the only one at hand."""
    visits = tuple(visit(record, f"v{number}") for number, record in enumerate(records))
    at_hand = {catalog.digest: catalog} if catalog else {}
    return everything(CATALOG, language, Everything(CLIENT, visits, 132), at_hand.get, TODAY)


# --- the adviser's edition ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edition_holds_figures_reasons_gates_hints_and_what_the_order_hangs_on(language: Language) -> None:
    one = private(of(STRAINED, language))
    words = CATALOG.words[language]
    said = "\n".join(texts(adviser_copy(one, TODAY)))
    wanted = [words.scales[scale].name for scale, score in one.reading.scores.items() if score.band in {"high", "low"}]
    wanted += [words.hints[cue.cue].text for cue in one.reading.cues]
    wanted += [words.gates[gate.gate].name for gate in one.reading.gates]
    wanted += [words.paths[advice.target].name for advice in one.reading.paths[:3]]
    wanted += [words.steps[advice.target].name for advice in one.reading.steps[:3]]
    wanted += [stability_note(one, say(CATALOG, language))[key] for key in ("change", "stability")]
    wanted += [
        "canary-notes",
        "canary-impression",
        one.record.digest,
        one.record.scoring,
        *(one.text for one in words.help.values()),
    ]
    assert [text for text in wanted if text not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_effect_that_was_passed_over_is_told_to_the_adviser_and_stands_on_no_paper_of_the_client(
    language: Language,
) -> None:
    one, words = of(PASSED_OVER, language), say(CATALOG, language)
    assert one.reading.help_needed
    said = "\n".join(texts(adviser_copy(one, TODAY)))
    assert words.quoted([words.words.scales["motivation"].name]) + " " + words("passed_over_text") in said
    assert [helper.text for helper in words.words.help.values() if helper.text not in said] == []
    taken_home = "\n".join([*texts(handout(one, TODAY)), *texts(leaves(one, TODAY))])
    for text in (words("passed_over_name"), words("passed_over_text")):
        assert text in said
        assert text not in taken_home


def test_what_was_passed_over_is_told_under_a_catalogue_of_old_too() -> None:
    old = replace(CATALOG, digest="0" * 64)
    one = Session(old, replace(session(PASSED_OVER).record, digest=old.digest))
    assert JA("passed_over_text") in "\n".join(texts(adviser_copy(one, TODAY)))


def test_figures_are_only_what_is_high_or_low_the_furthest_first() -> None:
    one = session(SAMPLES["a_accounting"])
    pairs = dict(part(adviser_copy(one, TODAY), JA("edition_figures")).pairs)
    assert pairs[JA("index_title")] == "70"
    high = pairs[JA("edition_band_high")].split("、")
    bands = {scale: score.band for scale, score in one.reading.scores.items()}
    assert len(high) == sum(band == "high" for band in bands.values())
    assert high[0].endswith(" 100")
    assert f"{JA.words.scales['reward'].name} 100" in high
    assert not any(JA.words.scales[scale].name in str(pairs) for scale, band in bands.items() if band == "middle")
    assert part(adviser_copy(session(), TODAY), JA("edition_figures")).texts == (JA("not_enough"),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_come_first_the_account_what_was_agreed_and_discussed_then_figures_on_a_page_of_their_own(
    language: Language,
) -> None:
    one, words = private(planned(language)), say(CATALOG, language)
    one.fill("account-assessment", "見立てのことば")
    one.fill("account-approach", "方策のことば")
    one.fill("useful", "some")
    one.fill("useful_words", "話せてよかった")
    paper = adviser_copy(one, TODAY)
    account = dict(paper.parts[0].pairs)
    assert [name for name in account if name in {words(f"account_{field}") for field in ACCOUNT}] == [
        words(f"account_{field}") for field in ACCOUNT
    ]
    assert account[words("account_assessment")] == "見立てのことば"
    assert account[words("account_impression")] == "canary-impression"
    assert account[words("account_goal")] == words("edition_nothing")
    assert account[words("account_approach")] == "方策のことば"  # what was agreed has a part of its own
    assert words("account_own") in account[words("account_concern")]
    assert words("edition_agreed") == paper.parts[1].title
    assert "話せてよかった" in dict(part(paper, words("edition_discussed")).pairs)[words("ask_useful")]
    assert one.record.digest not in str(paper.parts[:-1])
    assert bare(words("edition_figures")) not in bare(pages(pdf(paper))[0])
    assert [text for text in ("見立てのことば", "話せてよかった") if text in "".join(texts(handout(one, TODAY)))] == []


def test_an_action_that_was_not_done_is_told_without_whether_it_helped() -> None:
    one = planned()
    actions = tuple(
        replace(one.record.plan.actions[0], id=f"a{number}", step=None, status=status, helped="no")
        for number, status in enumerate(STATUSES[1:], 1)
    )
    one.adopt(replace(one.record, review=actions))
    table = part(adviser_copy(one, TODAY), JA("edition_review")).table
    assert table is not None
    assert [row[2] for row in table.rows] == [JA("edition_helped_no"), JA("edition_helped_no"), ""]


def test_the_reasons_of_each_path_stand_with_their_points() -> None:
    one = session(SAMPLES["a_accounting"])
    table = part(adviser_copy(one, TODAY), JA("paths_title")).table
    assert table is not None
    for advice, (name, points, reasons) in zip(one.reading.paths[:3], table.rows, strict=True):
        assert (name, points) == (JA.words.paths[advice.target].name, str(advice.points))
        assert all(f"{reason.points:+d}".replace("-", "−") in reasons for reason in advice.reasons)


def test_a_condition_that_was_told_and_does_not_hold_is_not_called_untold() -> None:
    words = say(CATALOG, "ja")
    unsaid = {words("edition_gate_closed"), words("edition_gate_untold")}
    one, name = of(SAMPLES["a_accounting"]), words.words.gates["work_does_not_suit"].name
    [gates] = [part for part in adviser_copy(one, TODAY).parts if part.title == words("edition_gates")]
    assert dict(gates.pairs)[name] == words("edition_gate_closed")
    [untold] = [part for part in adviser_copy(session(Case()), TODAY).parts if part.title == words("edition_gates")]
    assert {text for _, text in untold.pairs} & unsaid == {words("edition_gate_untold")}


def test_markers_stand_beside_the_answers_with_their_distance() -> None:
    one = session(Case({"reward_1": 5}))
    one.place_marker("reward_1", 2)
    one.place_marker("accuracy_1", 3)
    table = part(adviser_copy(one, TODAY), JA("edition_markers")).table
    assert table is not None
    assert [row[3] for row in table.rows] == ["3", ""]
    assert table.rows[1][1] == JA("sheet_unanswered")


def test_what_became_of_last_time_s_actions_stands_there() -> None:
    one = planned()
    reviewed = replace(one.record.plan.actions[0], status="partly", helped="yes")
    one.adopt(replace(one.record, review=(reviewed,)))
    table = part(adviser_copy(one, TODAY), JA("edition_review")).table
    assert table is not None
    assert table.rows == (("what", JA("edition_status_partly"), JA("edition_helped_yes")),)


def test_an_older_scoring_is_told_beside_what_today_s_would_say() -> None:
    one = of(SAMPLES["a_accounting"])
    one.today = varied(version="2099-1")
    pairs = dict(part(adviser_copy(one, TODAY), JA("edition_version")).pairs)
    assert pairs[JA("edition_today")] == JA.words.paths[one.reading.paths[0].target].name
    assert pairs[JA("edition_digest")] == CATALOG.digest


def test_the_edition_is_marked_on_every_page_and_says_what_the_handout_does_not() -> None:
    one = private(of(STRAINED))
    written = pages(pdf(adviser_copy(one, TODAY)))
    assert len(written) > 1
    assert all(bare(JA("edition_mark")) in bare(page) for page in written)
    said = bare("".join(written))
    assert "canary-notes" in said
    assert JA("edition_mark") not in "".join(texts(handout(one, TODAY)))


# --- everything that is kept ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_record_holds_can_be_read(language: Language) -> None:
    one = private(full(language))
    one.tell(years=7, experience=tuple(CATALOG.statements["experience"])[:2])
    shown = (Shown("step-quantify", "unfolded", 2, AT),)
    one.adopt(replace(one.record, review=one.record.plan.actions[:1], shown=shown))
    for name, text in (("account-assessment", "見立て〇"), ("useful", "little"), ("useful_words", "ひとこと〇")):
        one.fill(name, text)
    words, record = CATALOG.words[language], one.record
    paper = kept(record, language=language)
    said = [text.strip() for text in texts(paper)]
    facts = record.case.facts
    wanted = [words.items[item] for item in (*record.case.responses, *record.markers)]
    wanted += [*facts.wish.strip().splitlines(), "7", record.notes, NAMES, "K-012", "ふり返りのため", record.digest]
    wanted += [action.what.strip() for action in record.plan.actions]
    wanted += [text.strip() for entry in record.worksheets["motive"] for text in entry.values()]
    wanted += [words.worksheets[name].name for name in record.worksheets]
    wanted += [words.signs[sign].question for sign in facts.signs]
    wanted += [words.paths[str(record.plan.path)].name]
    wanted += ["見立て〇", words.steps["quantify"].name, say(CATALOG, language)("dossier_shown_unfolded")]
    assert "ひとこと〇" in "".join(said)
    assert [text for text in wanted if text not in said] == []
    assert any("132" in text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_session_is_named_in_words(language: Language) -> None:
    assert "英語" in texts(kept(replace(planned().record, language="en")))
    said = texts(kept(planned().record, language=language))
    assert {"日本語", "Japanese"} & set(said)
    assert "ja" not in said


def test_a_wish_is_kept_as_it_was_typed() -> None:
    one = session(Case(facts=Facts(wish=f"{HOSTILE}\n二行目")))
    assert f"{HOSTILE}\n二行目" in texts(kept(one.record))


def test_a_visit_whose_questions_are_gone_is_shown_as_it_stands() -> None:
    record = private(planned()).record
    paper = kept(record, catalog=None)
    pairs = dict(part(paper, JA("dossier_raw")).pairs)
    assert pairs["case.responses.reward_1"] == str(record.case.responses["reward_1"])
    assert pairs["notes"] == "canary-notes"
    assert pairs["plan.actions.0.what"] == "what"


def test_a_visit_that_does_not_fit_its_catalogue_is_shown_as_it_stands() -> None:
    record = private(planned()).record
    odd = replace(record, case=replace(record.case, facts=replace(record.case.facts, role="of_long_ago")))
    assert dict(part(kept(odd), JA("dossier_raw")).pairs)["case.facts.role"] == "of_long_ago"


def test_a_visit_is_told_in_the_words_of_its_own_catalogue() -> None:
    words = CATALOG.words["ja"]
    older = varied()
    then = replace(
        older,
        digest="then",
        words={**older.words, "ja": words.model_copy(update={"items": {**words.items, "reward_1": "当時の質問"}})},
    )
    record = Session(then, replace(session(Case({"reward_1": 5})).record, digest="then")).record
    assert "当時の質問" in texts(kept(record, catalog=then))
    assert words.items["reward_1"] not in texts(kept(record, catalog=then))


def test_several_visits_make_one_paper_with_the_local_time_of_each() -> None:
    paper = kept(planned().record, session().record)
    assert [one.title for one in paper.parts if one.level == 1][1:] == [
        "相談 1（2026年11月21日(土) 14:03）",
        "相談 2（2026年11月21日(土) 14:03）",
        JA("dossier_log"),
    ]
    said = bare("".join(pages(pdf(paper))))
    assert [text for text in (NAMES, "ふり返りのため", "締め日を早める") if on_paper(text) not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_opened_and_exported_is_told_and_what_stays_after_erasure(language: Language) -> None:
    words = say(CATALOG, language)
    log = tuple(
        Logged(AT, by, action, "c1", "v1", "pdf")
        for by, action in (("alone", "opened"), ("x9", "exported"), ("policy", "unheard_of"))
    )
    paper = everything(CATALOG, language, Everything(CLIENT, (), 0, log=log), lambda _: None, TODAY)
    told = part(paper, words("dossier_log"))
    assert told.table is not None
    assert [row[1:] for row in told.table.rows] == [
        (words("dossier_log_did_opened"), words("dossier_log_by_alone")),
        (words("dossier_log_did_exported"), words("dossier_log_adviser", id="x9")),
        ("unheard_of", words("dossier_log_by_policy")),
    ]
    assert told.texts == (words("dossier_log_stays"),)


def test_a_client_without_visits_has_a_paper_too() -> None:
    assert dict(kept().parts[0].pairs)[JA("dossier_visits")] == "0"
    assert len(pages(pdf(kept()))) == 1
