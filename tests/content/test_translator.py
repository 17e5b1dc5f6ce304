"""The words of the screens: every word that code uses exists, every existing word is shown, and templates escape."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import jinja2
import pytest

import advisor
from advisor.content import sentence_checks
from advisor.content.model import FIXED, Case, Facts
from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, SENTENCES, Language, Words
from advisor.content.worksheet_checks import STRENGTH, VAGUE
from advisor.session.model import Plan
from advisor.view import rendering
from advisor.view.rendering import render
from advisor.view.widgets.widgets import CHART_WORDS, LIFELINE_WORDS, SHEET_WORDS
from advisor.view.workbook import events
from advisor.view.workbook.private_page import PrivatePage
from tests import support
from tests.pages import CASES, opened, send, sheets, shown, texts, tour
from tests.scoring.test_clients import CLIENTS, session_of
from tests.support import CATALOG, FRUSTRATIONS, THEN, planned, quick, suited
from tests.view.test_next_steps import near

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.view.workbook.page import Page

JA = say(CATALOG, "ja")
ROOT = Path(advisor.__file__).parent
TEMPLATES = sorted((ROOT / "view" / "templates").glob("*.j2"))
SOURCES = [
    *TEMPLATES,
    *(path for path in sorted(ROOT.rglob("*.py")) if path.name != "words.py"),
]
NAMED = re.compile(r"""["'](\w+)["']""")
BEGUN = re.compile(r"""f["']([a-z_]+_)\{|["']([a-z_]+_)["']\s*[+~]""")  # the beginning of keys that a loop completes
# These words appear after an event of the store, in an old visit, or with a remark on advice. test_save_status.py,
# test_old_visits.py and test_remarks.py show them.
OF_KEEPING = re.compile(
    r"kept_|conflict_|met_|place_|not_saved_|not_allowed|no_adviser|old_|visit_un|restart_|visit_erased|read_|correct|to_client|missing_|not_read_|leave_|left_open|visit_day|unfit_|to_desk$|(ask_wish|summary_title|summary_told|wish_is)_then$"
)
SPOKEN = re.compile(r"""(?<!``)\bsay\(\s*["'](\w+)["']\s*[,)]""")  # a whole key, not the beginning of one
PLAN = planned(next(iter(CATALOG.paths)), *tuple(CATALOG.steps)[:3])
IN_THE_BROWSER = {  # sentences that a widget fills in by itself
    **{f"sheet_{key}": text for key, text in SHEET_WORDS.items()},
    **{f"lifeline_{key}": text for key, text in LIFELINE_WORDS.items()},
    **{f"chart_{key}": text for key, text in CHART_WORDS.items()},
}


RARE = (
    Case(facts=Facts(situation="inside", role="hr")),  # a role without any trait
    Case(
        {**suited(75), **quick(*FRUSTRATIONS, point=2)},
        facts=Facts(situation="inside", signs=dict.fromkeys(CATALOG.signs, "yes")),
    ),
    Case(
        {
            **suited(50),
            **quick("spotlight", "novelty", point=5),
            **quick("accuracy", "support", "perseverance", "rule_following", point=1),
        },
        facts=Facts(situation="inside", role="pr"),  # only the client's own role is near
    ),
    Case(  # a star beside the heaviest worry, a step that helped, two questions to talk about
        quick("monotony", point=5) | quick("reward", point=3),
        {"reward_1": "discuss", "monotony_1": "discuss"},
        Facts(situation="inside", priorities=("reward",), tried={"goal_talk": "with_effect"}),
    ),
)


# Cases whose screens are shown with a plan, without one, and as an old visit.
PLANNED = ("nothing", "worries only", "no worries", "half suited", "strained", "a_accounting")
BARE = ("little", "strained", "half suited", "c_wants_in", "a_accounting")
OLD = ("nothing", "half suited", "a_accounting", "b_general_affairs")


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


class Read(dict[str, str]):
    """An interface that records which of its words were read."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self.keys_read: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.keys_read.add(key)
        return super().__getitem__(key)


def everywhere(language: Language) -> None:
    """Show every screen with every kind of case. Each case shows words that no other one shows."""
    clients = [session_of(client).record.case for client in CLIENTS[2:7:2]]
    settled = replace(clients[0], facts=replace(clients[0].facts, fixed=FIXED))
    with_a_plan(language)
    PrivatePage(opened(CASES["little"], PLAN, language).session, query="s=1")
    for case in (*(CASES[name] for name in BARE), *clients, settled, *RARE, near().record.case):
        look_round(opened(case, Plan(), language))
    for name in OLD:
        look_round(opened(CASES[name], Plan(), language, THEN))
    for case, rounds in ((CASES["little"], 10), (near().record.case, 1)):
        page = opened(case, None, language)
        page.session.go("next")
        for _ in range(rounds):
            answer_in_place(page)
    supposed(language)


def supposed(language: Language) -> None:
    """Show what becomes of the paths if nothing weighed any more."""
    for name in PLANNED:
        page = opened(CASES[name], None, language)
        page.session.go("next")
        calm = dict.fromkeys(CASES[name].responses, 1)
        page.session.suppose(Case(calm, facts=Facts(situation="inside", role="accounting")))


def with_a_plan(language: Language) -> None:
    """Show every screen with a plan; in English of one case."""
    for name in PLANNED if language == "ja" else PLANNED[-1:]:
        look_round(opened(CASES[name], PLAN, language))


def answer_in_place(page: Page) -> None:
    """Answer the open questions beside the advice, then request others."""
    for sheet in sheets(page):
        for question in sheet.questions:
            value: Any = 3 if question["type"] == "scale" else question["options"][0]["id"]
            events.hear(page.session, {"event": "answer", "id": question["id"], "value": value})
    if page.session.reading.lacking:
        events.hear(page.session, {"event": "action", "name": "ask_more", "id": "silence"})


def look_round(page: Page) -> None:
    """Show every screen, with a typed text to correct; the private part on the two screens where it has most to say."""
    page.session.tell_years("abc")
    page.session.tell_wish("あ" * 3000)
    page.session.keep_homeless("x")
    page.trouble = True
    for screen in tour(page):
        if screen in {"next", "summary"}:
            send(page.header.widget, event="action", name="open_private", id=screen)


@dataclass(frozen=True)
class Walk:
    """What was found out while screens were shown: the words that were read, and the fields that sentences got."""

    read: Read
    given: Mapping[str, set[str]]


def walked(language: Language, show: Callable[[Language], None]) -> Walk:
    """Show screens that read their words from an interface that records the keys."""
    words: Words = CATALOG.words[language]
    read, given = Read(words.interface), dict[str, set[str]]()
    known = {**CATALOG.words, language: words.model_copy(update={"interface": read})}
    real = Say.__call__

    def spy(self: Say, key: str, **told: object) -> str:
        given.setdefault(key, set()).update(told)
        return real(self, key, **told)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(support, "CATALOG", replace(CATALOG, words=known))  # also for the sentences of old visits
        patched.setattr(Say, "__call__", spy)
        show(language)
    return Walk(read, given)


@pytest.fixture(scope="module")
def japanese() -> Walk:
    """A walk through everything, in Japanese."""
    return walked("ja", everywhere)


@pytest.mark.slow
def test_every_word_that_exists_is_shown_somewhere(japanese: Walk) -> None:
    read = japanese.read
    assert {key for key in set(read) - read.keys_read if not OF_KEEPING.match(key)} == set()


def test_every_word_of_every_group_is_named_by_a_template_or_by_python() -> None:
    sources = [source.read_text(encoding="utf-8") for source in SOURCES]
    named = {key for source in sources for key in NAMED.findall(source)}
    begun = ("not_saved_", *{first or second for source in sources for first, second in BEGUN.findall(source)})
    assert len(JA.sentences) > 500
    then = {f"{key}_then" for key in named}  # the words for an old visit: report.wording.of_its_day
    assert {key for key in JA.sentences if key not in named | then and not key.startswith(begun)} == set()


def test_the_check_asks_for_the_sentences_that_there_are_and_that_code_names() -> None:
    listed = sentence_checks.needed()
    there = {group: [*getattr(CATALOG.words["ja"], group)] for group in SENTENCES}
    # the catalogue needs these: advisor/content/worksheet_checks.py
    there["worksheet"] = [key for key in there["worksheet"] if not key.startswith((VAGUE, STRENGTH))]
    assert {group: sorted(keys) for group, keys in listed.items()} == {g: sorted(keys) for g, keys in there.items()}
    named = {key for source in SOURCES for key in SPOKEN.findall(source.read_text(encoding="utf-8"))}
    assert named <= {key for keys in listed.values() for key in keys}


def test_no_word_stands_in_two_groups() -> None:
    keys = [key for group in SENTENCES for key in getattr(CATALOG.words["ja"], group)]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_template_or_python_names_exists(language: Language) -> None:
    named = {key for source in SOURCES for key in SPOKEN.findall(source.read_text(encoding="utf-8"))}
    assert len(named) > 300
    assert named - set(say(CATALOG, language).sentences) == set()


def unequal(given: Mapping[str, set[str]], language: Language) -> dict[str, tuple[set[str], set[str]]]:
    """Return the sentences that get other fields than they have: what they have, and what they get.

    ``{client}`` is left out: :class:`Say` fills it in by itself.
    """
    sentences = say(CATALOG, language).sentences
    asked = {key: fields(sentences[key]) - {"client"} for key in given if key not in IN_THE_BROWSER}
    return {key: (has, given[key]) for key, has in asked.items() if has != given[key]}


@pytest.mark.slow
def test_every_sentence_is_filled_in_with_the_fields_it_has(japanese: Walk) -> None:
    """In English a shorter walk is enough: whatever was said in Japanese has the same fields in English."""
    assert {"error_years", "error_wish"} <= japanese.given.keys()
    english = walked("en", with_a_plan)
    assert {"error_years", "error_wish"} <= english.given.keys()
    assert unequal(japanese.given, "ja") == unequal(japanese.given, "en") == unequal(english.given, "en") == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_browser_fills_in_has_the_fields_it_knows(language: Language) -> None:
    interface = CATALOG.words[language].interface
    for key, default in IN_THE_BROWSER.items():
        assert fields(interface[key]) == fields(default), key


@pytest.mark.parametrize("case", ["nothing", "strained"])
def test_no_field_is_left_open_on_any_screen(case: str) -> None:
    open_field = re.compile(r"(?<!%)\{\w*\}")  # plotly has its own fields, %{x}
    filled_in_by_the_browser = {CATALOG.words["ja"].interface[key] for key in IN_THE_BROWSER}
    page = opened(CASES[case], PLAN)
    for _ in tour(page):
        said = {text for part in shown(page) for text in texts(part)} - filled_in_by_the_browser
        assert [text for text in said if open_field.search(text)] == []


# --- saying ---


OFFICES_WORD = ("letterhead_ask_called_help",)  # names both words
CUSTOMERS = ("export_card_i_direct_thanks",)  # the client's own customers


def test_an_office_may_have_its_own_word_for_the_client() -> None:
    own = say(CATALOG, "ja", called="お客様")
    assert (JA("desk_new"), own("desk_new")) == ("相談者を登録する", "お客様を登録する")
    assert own("desk_damaged_codes", codes="B12") == "関係するお客様：B12"
    assert say(CATALOG, "ja", called="{x}")("desk_damaged_codes", codes="B12") == "関係する{x}：B12"
    assert say(CATALOG, "en", called="お客様") == say(CATALOG, "en")


def test_the_client_is_named_by_one_word_that_is_never_their_customers() -> None:
    words = CATALOG.words["ja"]
    sentences = {key: text for group in SENTENCES for key, text in getattr(words, group).items()}
    assert {key for key, text in sentences.items() if "相談者" in text} == {"called", *OFFICES_WORD}
    assert {key for key, text in sentences.items() if "お客様" in text} == {*CUSTOMERS, *OFFICES_WORD}
    others = words.model_dump(exclude={*SENTENCES})
    assert not [text for text in texts(others) if "{client}" in text or "相談者" in text]


def test_a_sentence_is_said_with_its_fields() -> None:
    assert JA("quoted", name="経理") == "「経理」"
    assert say(CATALOG, "en")("quoted", name="Accounting") == "“Accounting”"
    assert JA("restart") == CATALOG.words["ja"].interface["restart"]


def test_what_is_filled_in_is_never_filled_in_itself() -> None:
    assert JA("quoted", name="{name} {0.__class__}") == "「{name} {0.__class__}」"


def test_names_become_one_enumeration_and_sources_stand_once() -> None:
    assert JA.enumeration(["経理", "人事"]) == "経理、人事"
    assert JA.quoted(["経理", "人事"]) == "「経理」、「人事」"
    assert JA.quoted([]) == ""
    first, second = list(CATALOG.sources)[:2]
    labels = CATALOG.words["ja"].sources
    assert JA.sources([second, first, second]) == [labels[second], labels[first]]


def test_a_word_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        JA("no_such_word")


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates in the place of the view's own templates."""
    monkeypatch.setattr(rendering, "_templates", lambda: rendering.environment(tmp_path))
    return tmp_path


def test_templates_escape_what_they_show(templates: Path) -> None:
    (templates / "told.html.j2").write_text('<p title="{{ text }}">{{ text }}</p>', encoding="utf-8")
    escaped = "&lt;b&gt;&#34;&#39;&amp;"
    assert render("told", text="<b>\"'&") == f'<p title="{escaped}">{escaped}</p>'


def test_templates_stop_at_what_they_were_not_given(templates: Path) -> None:
    (templates / "told.html.j2").write_text("{{ forgotten }}", encoding="utf-8")
    with pytest.raises(jinja2.UndefinedError):
        render("told")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_switches_escaping_off_or_speaks_by_itself(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", source)
    spoken = re.sub(r"日本語|言語|★", "", source)
    assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", spoken)
