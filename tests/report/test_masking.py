"""What may tell who somebody is: it is found however it is written, and no known word is left after masking."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.report import masking
from advisor.report.masking import KNOWN, Kind, firm_parts, folded, found, known, masked, parts

NAMES: tuple[tuple[Kind, str], ...] = (*(("client", part) for part in parts("佐藤 花子")), ("client", "さとう はなこ"))
CLIENT = known([*NAMES, ("code", "K-014"), ("office", "横浜")])
SIGNS = st.characters(exclude_categories=["Cs"])
WORDS = st.lists(st.tuples(st.sampled_from(KNOWN), st.text(SIGNS, max_size=6)), max_size=6)


def said(text: str, words: masking.Known = CLIENT) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in found(text, words)]


def spread(text: str) -> str:
    """Return text with a space behind each sign."""
    return " ".join(text)


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "half the width": lambda text: unicodedata.normalize("NFKC", text).translate(
        str.maketrans("サトウハナコ", "ｻﾄｳﾊﾅｺ")
    ),
    "full width": lambda text: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    "katakana": lambda text: "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in text),
    "small letters": str.lower,
    "spaces between": spread,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("word", ["佐藤 花子", "佐藤", "花子", "さとう はなこ", "K-014"])
def test_a_known_word_is_found_however_it_is_written(word: str, way: str) -> None:
    written = WAYS[way](word)
    (one,) = found(f"きのう、{written}、と聞いた。", CLIENT)
    assert (one.kind, one.text) == ("code" if word == "K-014" else "client", written)


def test_a_name_without_a_space_is_found_in_its_parts_and_variants_of_kanji_are_one() -> None:
    words = known([("client", part) for part in parts("髙﨑花子")])
    assert said("高崎さん、花子、髙崎花子", words) == [("client", "高崎"), ("client", "花子"), ("client", "髙崎花子")]


def test_an_employer_is_found_without_its_legal_form() -> None:
    words = known([("employer", part) for part in firm_parts("（株）みなと商事")])
    assert said("みなと商事で、(株)みなと商事へ", words) == [("employer", "みなと商事"), ("employer", "(株)みなと商事")]


@given(st.text(SIGNS, max_size=30), WORDS)
def test_no_known_word_is_left_after_masking(text: str, words: list[tuple[Kind, str]]) -> None:
    these = known(words)
    hidden = masked(text, these)
    assert not [one for one in found(hidden, these) if one.kind in KNOWN]
    assert not any(folded(word) and folded(word) in folded(hidden) for _, word in words)


@given(
    st.lists(
        st.sampled_from(
            ["佐藤", "花子", "佐 藤", "サトウ", "k014", "Ｋ－０１４", "さんと話した。", "○", "\n", "佐", "藤"]
        )
    )
)
def test_names_among_other_words_go_and_the_rest_stays(pieces: list[str]) -> None:
    hidden = masked("".join(pieces), CLIENT)
    assert not [one for one in found(hidden, CLIENT) if one.kind in KNOWN]
    assert hidden.count("さんと話した。") == pieces.count("さんと話した。")


@settings(max_examples=60)
@given(st.text(SIGNS, max_size=40), WORDS)
def test_what_is_found_stands_where_it_says_and_no_two_overlap(text: str, words: list[tuple[Kind, str]]) -> None:
    hits = found(text, known(words))
    assert all(text[one.start : one.end] == one.text for one in hits)
    assert all(first.end <= second.start for first, second in pairwise(hits))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("株式会社あさひに移る", [("company", "株式会社あさひに移")]),  # too much rather than too little
        ("横浜銀行の近く、横浜で", [("company", "横浜銀行"), ("office", "横浜")]),  # never 相談の窓口銀行
        ("横浜銀行と港北市役所", [("company", "横浜銀行"), ("company", "港北市役所")]),
        ("朝日ホールディングス㈱", [("company", "朝日ホールディングス㈱")]),
        ("at Acme Trading Ltd.", [("company", "Acme Trading Ltd.")]),
        ("田中課長と山本さん", [("person", "田中課長"), ("person", "山本さん")]),
        ("Mr. Smith", [("person", "Mr. Smith")]),
        (
            "０９０ー１２３４－５６７８か03-1234-5678",
            [("phone", "０９０ー１２３４－５６７８"), ("phone", "03-1234-5678")],
        ),
        ("a.b＠c.co.jp", [("mail", "a.b＠c.co.jp")]),
        ("https://example.jp/a", [("web", "https://example.jp/a")]),
        ("2026年12月1日、12/1、令和8年4月", [("day", "2026年12月1日"), ("day", "12/1"), ("day", "令和8年4月")]),
        ("十二月一日と1 December 2026", [("day", "十二月一日"), ("day", "1 December 2026")]),
        ("３５歳", [("age", "３５歳")]),
        ("お客様、皆さん、経理課長、前の課長、総合病院、3か月、3年、相談者", []),
    ],
)
def test_other_things_are_found_by_their_shape(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert said(text) == expected
