"""The interchange file: what was written comes back as it was; anything else is refused with where, never with what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import advisor
from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.report import interchange
from advisor.report.interchange import Unreadable, dump, load, schema
from advisor.session.forms import cleaned, has_unseen
from advisor.session.model import THEN, Client, Consent, Record, Visit
from advisor.session.record import dump as dump_record
from advisor.session.record import parse
from tests.leaving import CLIENT, NASTY, NOTES, filled, visit
from tests.support import CATALOG, records

if TYPE_CHECKING:
    Spoil = Callable[[dict[str, Any]], object]

DOCS = Path(advisor.__file__).parent.parent / "docs"
FILLED = replace(visit(filled(NASTY)), client=CLIENT.id)
CANARY = "カナリア"
SCHEMA = jsonschema.Draft202012Validator(schema())
IDS = st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z")
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  (its shape)


def texts(least: int = 0) -> st.SearchStrategy[str]:
    """Return texts that may be typed."""
    return st.text(max_size=20).map(cleaned).filter(lambda text: len(text) >= least)


def names(least: int = 0) -> st.SearchStrategy[str]:
    """Return codes and names: what is seen only."""
    return texts(least).filter(lambda text: not has_unseen(text))


def sound(record: Record) -> Record:
    """Return the record with a question mark for each sign that no file may hold."""
    found = parse(dump_record(record).replace("\\u0000", "?").replace("\ufffd", "?"))
    assert found is not None
    return found


@st.composite
def kept(draw: st.DrawFn) -> tuple[Client | None, tuple[Visit, ...]]:
    consent = st.builds(Consent, texts(), st.dates(), st.dates(), st.sampled_from(THEN))
    client = draw(st.none() | st.builds(Client, IDS, names(1), consent, names(), st.none() | st.dates()))
    owner = st.just(client.id if client else None)
    visits = st.builds(Visit, IDS, records().map(sound), MOMENTS, MOMENTS, owner)
    return client, tuple(draw(st.lists(visits, max_size=2, unique_by=lambda one: one.id)))


def document() -> dict[str, Any]:
    return dict(json.loads(dump(CLIENT, (FILLED,))))


def complaints(content: bytes | str) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as refused:
        load(content, CATALOG)
    return [(fault.word, fault.place) for fault in refused.value.faults]


@settings(max_examples=50)
@given(told=kept())
def test_what_was_written_keeps_to_the_schema_and_comes_back_as_it_was(
    told: tuple[Client | None, tuple[Visit, ...]],
) -> None:
    written = dump(*told)
    SCHEMA.validate(json.loads(written))
    assert load(written, CATALOG) == told


def test_the_file_holds_everything_that_is_kept_in_letters_a_person_can_read() -> None:
    text = dump(CLIENT, (FILLED,)).decode()
    assert NOTES in text
    assert CLIENT.name in text
    assert "𠮷髙﨑" in text
    assert load(text, CATALOG) == (CLIENT, (FILLED,))


def test_a_byte_order_mark_does_no_harm() -> None:
    assert load(b"\xef\xbb\xbf" + dump(None, ()), CATALOG) == (None, ())


# --- documentation ---


def test_the_schema_beside_the_documentation_is_the_one_that_holds() -> None:
    told = (
        "write interchange.schema() to docs/interchange.schema.json, indent=2, ensure_ascii=False, a line end after it"
    )
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    assert (DOCS / "interchange.schema.json").read_text(encoding="utf-8") == written, told


def test_every_key_is_described() -> None:
    page = (DOCS / "interchange.md").read_text(encoding="utf-8")
    found = schema()
    keys = {key for shape in (found, *found["$defs"].values()) for key in shape["properties"]}
    assert len(keys) > 40
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_version_in_the_schema_is_the_version_that_is_written() -> None:
    assert schema()["properties"]["version"]["const"] == interchange.VERSION
    assert schema()["properties"]["format"]["const"] == interchange.FORMAT


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param("", "export_wrong_json", id="nothing"),
        pytest.param(CANARY, "export_wrong_json", id="no json"),
        pytest.param(b"\x83J\x83i", "export_wrong_cp932", id="CP932"),
        pytest.param(b'"\xe3"', "export_wrong_encoding", id="no encoding"),
        pytest.param("{}".encode("utf-16"), "export_wrong_wide", id="UTF-16"),
        pytest.param("{}".encode("utf-16-be"), "export_wrong_wide", id="UTF-16 without a mark"),
        pytest.param('["\x01"]', "export_wrong_json", id="a control character"),
        pytest.param('{"format": "advisor-workbook", "version": 1', "export_wrong_json", id="cut off"),
        pytest.param("[" * 100_000, "export_wrong_json", id="deep nesting"),
        pytest.param("[]", "export_wrong_format", id="a list"),
        pytest.param("null", "export_wrong_format", id="null"),
        pytest.param('{"format": "カナリア", "version": 1}', "export_wrong_format", id="another program's"),
        pytest.param('{"format": "advisor-workbook"}', "export_wrong_format", id="no version"),
        pytest.param('{"format": "advisor-workbook", "version": "1"}', "export_wrong_format", id="version in words"),
        pytest.param('{"format": "advisor-workbook", "version": 2, "x": 1}', "export_wrong_newer", id="newer"),
        pytest.param(b" " * (interchange.MOST_BYTES + 1), "export_wrong_size", id="too large"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_as_a_whole(content: bytes | str, word: str) -> None:
    assert complaints(content) == [(word, "")]


def test_an_older_version_that_never_was_is_refused() -> None:
    assert complaints('{"format": "advisor-workbook", "version": 0, "visits": []}') == [
        ("export_wrong_value", "version")
    ]


def record(of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = of["visits"][0]["record"]
    return found


@pytest.mark.parametrize(
    ("spoil", "word", "place"),
    [
        pytest.param(lambda d: d.update({CANARY: 1}), "unknown", "…", id="unknown key"),
        pytest.param(lambda d: record(d).update({CANARY: 1}), "unknown", "visits[0].record.…", id="unknown key inside"),
        pytest.param(lambda d: record(d).update(extra=1), "unknown", "visits[0].record.…", id="another unknown key"),
        pytest.param(lambda d: d["client"].update(email=CANARY), "unknown", "client.…", id="unknown about the client"),
        pytest.param(lambda d: d.pop("visits"), "missing", "visits", id="no visits"),
        pytest.param(lambda d: d["client"].pop("consent"), "missing", "client.consent", id="no consent"),
        pytest.param(lambda d: d["client"].update(code=""), "value", "client.code", id="no code"),
        pytest.param(lambda d: d["client"].update(name="あ" * 201), "value", "client.name", id="endless name"),
        pytest.param(
            lambda d: d["client"]["consent"].update(until=CANARY), "value", "client.consent.until", id="no day"
        ),
        pytest.param(
            lambda d: d["client"]["consent"].update(purpose="あ" * 10_001),
            "value",
            "client.consent.purpose",
            id="endless purpose",
        ),
        *(
            pytest.param(
                lambda d, to=to, name=name, sign=sign: to(d).update({name: f"{CANARY}{sign}"}),
                word,
                place,
                id=f"{word} in {name}",
            )
            for sign, word in (("\0", "nul"), ("\ufffd", "lost"), ("\ud83d", "lost"))
            for to, name, place in (
                (record, "notes", "visits[0].record.notes"),
                (lambda d: record(d)["case"]["facts"], "wish", "visits[0].record.case.facts.wish"),
                (lambda d: d["client"], "code", "client.code"),
                (lambda d: d["client"], "name", "client.name"),
                (lambda d: d["client"]["consent"], "purpose", "client.consent.purpose"),
            )
        ),
        *(
            pytest.param(
                lambda d, to=to: d["client"].update({to: "A\u202e"}), "unseen", f"client.{to}", id=f"turned {to}"
            )
            for to in ("code", "name")
        ),
        pytest.param(lambda d: d["client"].update(code="A\n1"), "unseen", "client.code", id="a code of two lines"),
        pytest.param(lambda d: record(d).update(revision=10**40), "number", "visits[0].record.revision", id="overlong"),
        pytest.param(
            lambda d: record(d)["case"]["responses"].update(support_1=float("nan")),
            "number",
            "visits[0].record.case.responses.support_1",
            id="no number",
        ),
        pytest.param(
            lambda d: record(d)["case"]["responses"].update(support_1=float("-inf")),
            "number",
            "visits[0].record.case.responses.support_1",
            id="without end",
        ),
        pytest.param(lambda d: d["visits"][0].update(id=CANARY), "value", "visits[0].id", id="an odd visit id"),
        pytest.param(
            lambda d: d["visits"][0].update(client="other"), "owner", "visits[0].client", id="another's visit"
        ),
        pytest.param(lambda d: d.pop("client"), "owner", "visits[0].client", id="a visit of nobody's client"),
        pytest.param(
            lambda d: d["visits"][0].update(started="2026-11-21T05:03:00"), "time", "visits[0].started", id="no zone"
        ),
        pytest.param(
            lambda d: d["visits"][0].update(started="9999-12-31T23:59:59Z"),
            "value",
            "visits[0].started",
            id="the end of time",  # which no clock of another zone can show
        ),
        pytest.param(
            lambda d: d["visits"][0].update(changed="0001-01-01T00:00:00+09:00"),
            "value",
            "visits[0].changed",
            id="before time",
        ),
        pytest.param(lambda d: record(d).update(revision=2**63), "value", "visits[0].record.revision", id="endless"),
        pytest.param(lambda d: record(d).update(revision=-1), "value", "visits[0].record.revision", id="below zero"),
        pytest.param(lambda d: record(d).update(revision="1"), "value", "visits[0].record.revision", id="in words"),
        pytest.param(lambda d: record(d).update(step=CANARY), "value", "visits[0].record.step", id="nowhere"),
        pytest.param(lambda d: record(d).update(digest=CANARY), "value", "visits[0].record.digest", id="no digest"),
        pytest.param(lambda d: record(d).update(notes="あ" * 10_001), "fit", "visits[0].record.notes", id="long notes"),
        pytest.param(
            lambda d: record(d)["plan"].update(path=CANARY), "fit", "visits[0].record.plan.path", id="unknown path"
        ),
        pytest.param(
            lambda d: record(d)["case"]["responses"].update({CANARY: 1}),
            "fit",
            "visits[0].record.case.responses.…",
            id="unknown item",
        ),
        pytest.param(
            lambda d: record(d)["case"]["responses"].update(support_1=9),
            "fit",
            "visits[0].record.case.responses.support_1",
            id="a point too high",
        ),
        pytest.param(
            lambda d: record(d)["plan"]["actions"][1].update(what="あ" * 201),
            "fit",
            "visits[0].record.plan.actions[a2].what",
            id="a long action",
        ),
        pytest.param(
            lambda d: record(d)["worksheets"]["goals"][0].update(agreed=CANARY),
            "fit",
            "visits[0].record.worksheets.goals[0].agreed",
            id="an option that is none",
        ),
        pytest.param(
            lambda d: record(d)["plan"]["actions"][0].update(by=CANARY),
            "value",
            "visits[0].record.plan.actions[0].by",
            id="an action's day",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_of_what_stands_there(
    spoil: Spoil, word: str, place: str
) -> None:
    found = document()
    spoil(found)
    text = json.dumps(found)
    assert complaints(text) == [(f"export_wrong_{word}", place)]
    with pytest.raises(Unreadable) as refused:
        load(text, CATALOG)
    for language in LANGUAGES:
        told = " ".join(refused.value.sentences(say(CATALOG, language)))
        assert place in told
        assert CANARY not in told
    assert CANARY not in str(refused.value)


def test_ids_that_could_be_part_of_a_path_are_refused() -> None:
    assert complaints(dump(replace(CLIENT, id="../x"), ())) == [("export_wrong_value", "client.id")]


def test_a_visit_that_stands_twice_is_refused() -> None:
    found = document()
    found["visits"] *= 2
    assert complaints(json.dumps(found)) == [
        ("export_wrong_twice", "visits[0].id"),
        ("export_wrong_twice", "visits[1].id"),
    ]


@pytest.mark.parametrize(
    ("once", "place"),
    [
        ('"version": 1', "version"),
        ('"code": "A-1"', "client.code"),
        ('"until": "2027-10-01"', "client.consent.until"),
        ('"notes": "x"', "visits[0].record.notes"),
        ('"support_1": 5', "visits[0].record.case.responses.support_1"),
        (f'"{CANARY}": 5', "visits[0].record.case.…"),
    ],
)
def test_a_key_that_stands_twice_is_refused_wherever_it_is(once: str, place: str) -> None:
    text = """{"format": "advisor-workbook", "version": 1,
        "client": {"id": "c", "code": "A-1", "consent":
            {"purpose": "p", "given_on": "2026-10-01", "until": "2027-10-01"}},
        "visits": [{"id": "v", "client": "c", "started": "2026-10-01T00:00:00Z", "changed": "2026-10-01T00:00:00Z",
            "record": {"digest": "x", "scoring": "1", "notes": "x",
                "case": {"responses": {"support_1": 5}, "カナリア": 5}}}]}
    """
    assert complaints(text.replace(once, f"{once}, {once}")) == [("export_wrong_key_twice", place)]


def test_a_file_that_is_cut_or_cannot_be_read_is_refused_with_the_line() -> None:
    whole = dump(CLIENT, (FILLED,))
    start = whole.index("髙".encode())
    for content in (whole[: start - 4], whole[: start + 1] + b"\xff" + whole[start + 1 :]):
        with pytest.raises(Unreadable) as refused:
            load(content, CATALOG)
        line = whole.count(b"\n", 0, start) + 1
        assert refused.value.faults[0].line == line
        for language in LANGUAGES:
            assert str(line) in refused.value.sentences(say(CATALOG, language))[0]


TOLD = replace(visit(filled()), client=CLIENT.id)
Mangle = Callable[[bytes], bytes]
ENCODINGS = ("cp932", "euc_jp", "iso2022_jp", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig")


def saved_as(encoding: str) -> Mangle:
    return lambda raw: raw.decode().encode(encoding, "replace")


def read_as(encoding: str, errors: str) -> Mangle:
    """Return what becomes of a file that is read in one encoding and saved in UTF-8."""
    return lambda raw: raw.decode(encoding, errors).encode()


MANGLES: dict[str, Mangle] = {
    **{f"saved as {one}": saved_as(one) for one in ENCODINGS},
    **{
        f"read as {one}, saved as UTF-8, {errors}": read_as(one, errors)
        for one in ("cp932", "euc_jp", "cp1252", "latin-1")
        for errors in ("replace", "backslashreplace")
    },
    "saved as cp932, read as UTF-8": lambda raw: saved_as("cp932")(raw).decode(errors="replace").encode(),
    "cut": lambda raw: raw[: len(raw) * 2 // 3],
    "with a NUL": lambda raw: raw.replace("あ".encode(), b"\\u0000"),
    "half a sign": lambda raw: raw.replace("あ".encode(), b"\\ud83d"),
    "a first value before": lambda raw: raw.replace(b'"notes":', b'"notes": "", "notes":'),
}


@pytest.mark.parametrize("mangle", MANGLES.values(), ids=MANGLES)
@settings(max_examples=8)
@given(notes=st.text("あいうえお漢字髙㈱ｱé、。\n", max_size=30), code=st.sampled_from(["A-1", "甲１", "𠮷"]))
def test_what_a_program_made_of_a_file_is_taken_in_as_it_was_or_refused(mangle: Mangle, notes: str, code: str) -> None:
    whole = (replace(CLIENT, code=code), (replace(TOLD, record=replace(TOLD.record, notes=f"あ{notes}")),))
    try:
        found = load(mangle(dump(*whole)), CATALOG)
    except Unreadable as refused:
        assert refused.sentences(say(CATALOG, "ja"))  # noqa: PT017  (either is right)
    else:
        assert found == whole


def test_a_file_with_many_faults_names_the_first_ones() -> None:
    found = document()
    record(found)["case"]["responses"] = {f"x{number}": 1 for number in range(50)}
    assert len(complaints(json.dumps(found))) == interchange.MOST_FAULTS


def test_the_limit_of_size_is_said_in_every_language() -> None:
    for language in LANGUAGES:
        with pytest.raises(Unreadable) as refused:
            load(b" " * (interchange.MOST_BYTES + 1), CATALOG)
        assert "5" in refused.value.sentences(say(CATALOG, language))[0]


# --- other catalogues ---


def test_a_visit_of_another_catalogue_is_kept_as_it_is() -> None:
    other = replace(FILLED, record=replace(FILLED.record, digest="0" * 64, markers={"of_long_ago": 7}))
    assert load(dump(CLIENT, (other,)), CATALOG) == (CLIENT, (other,))


def test_even_a_visit_of_another_catalogue_must_have_the_shape_of_one() -> None:
    found = document()
    record(found).update(digest="0" * 64, step="nowhere")
    assert complaints(json.dumps(found)) == [("export_wrong_value", "visits[0].record.step")]


def test_times_of_other_zones_are_understood() -> None:
    found = document()
    found["visits"][0]["started"] = "2026-11-21T14:03:00+09:00"
    [visit_back] = load(json.dumps(found), CATALOG)[1]
    assert visit_back.started == datetime(2026, 11, 21, 5, 3, tzinfo=UTC)
    assert visit_back.record.plan.actions[0].by == date(2026, 12, 1)
