"""Finds in typed text whatever may tell who a client is, and puts something neutral in its place.

Known words (names, codes, employers) are found whatever their width, case, spaces, hyphens, kana, and a few common
variants of kanji. Other things are found by their shape: companies, people with a title, telephone numbers, mail
addresses, web addresses, days and ages. A shape finds too much rather than too little: a person decides about each.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal[
    "client",
    "code",
    "employer",
    "office",
    "adviser",
    "other",
    "person",
    "company",
    "phone",
    "mail",
    "web",
    "day",
    "age",
]
KNOWN: tuple[Kind, ...] = (
    "client",
    "code",
    "employer",
    "office",
    "adviser",
    "other",
)  # the kinds of words that somebody knows

_KANJI = str.maketrans("髙﨑𠮷邊邉齋齊斎濱澤廣嶋島櫻國會眞惠榮", "高崎吉辺辺斉斉斉浜沢広島島桜国会真恵栄")
_DROPPED = {"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp", "Pd"}  # spaces, hyphens, invisible signs; voiced marks come back
_VOICED = "\u3099\u309a"
_LONG_SIGNS = "・･ー－−ｰ‐"  # between the parts of a name, or drawn as a hyphen
_PLAIN = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF01, 0xFF5F))} | {0x3000: 0x20}
_WORD = "一-龥々〆ヶァ-ヴーA-Za-z0-9&"
_LEGAL = (
    "株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|医療法人|"
    "学校法人|独立行政法人|特定非営利活動法人|NPO法人|㈱|㈲|\\(株\\)|\\(有\\)"
)
_PLACES = (
    "ホールディングス|信用金庫|信用組合|製作所|法律事務所|会計事務所|新聞社|放送局|労働局|税務署|市役所|区役所|町役場|村役場|"
    "高等学校|クリニック|銀行|信金|証券|商事|物産|県庁|府庁|都庁|大学|高校|病院|医院"
)
_TITLES = (
    "さん|くん|ちゃん|氏|様|先生|先輩|社長|専務|常務|部長|次長|課長|係長|室長|所長|支店長|店長|主任|"
    "マネージャー|リーダー"
)
_NOBODY = re.compile(
    "(^[A-Z]|お客|相談者|客|皆|母|父|兄|姉|奥|嫁|息子|娘|子|孫|神|仏|仕|同|多|模|有|異|各|一|王|殿|前|元|新|旧|副|現|直属|経理|総務|人事|労務|法務|"
    "広報|営業|企画|情報|情報システム|購買|秘書|内部監査|監査|財務|管理|製造|開発|事務|部|課|係|担当|隣|本社|支社|支店|"
    "医者|看護師|弁護士|先輩|後輩|同僚|上司|部下|国立|公立|私立|市立|県立|総合|大手|地方|都市|取引先|専門|女子|短期|付属)$"
)
_POLITE = re.compile("^(さん|さま|様|氏|くん|君|ちゃん)")
FEW = 5  # so often masking is tried with a neutral word, before words are left out
_FREE = "(?<![A-Za-z0-9])"  # \b is no edge between kana and a letter
_CAPITAL = "[A-Z][A-Za-z0-9&]*"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\\.?"
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("web", re.compile(r"(?:https?://|www\.)[\w./?=&%#~:+-]+")),
    ("phone", re.compile(r"(?<!\d)(?:\+81[-\s(]{0,2}|0)\d(?:[-‐−–ー\s()]{0,2}\d){8,9}(?!\d)")),
    ("phone", re.compile(r"(?<![\d-])\d{3,4}[-‐−–ー]\d{4}(?![\d-])")),
    ("day", re.compile(
        r"(?:(?:令和|平成|昭和)\s?(?:元|\d{1,2})年|[RHS]\d{1,2}\.|(?:19|20)\d\d[年/.-])\s?"
        r"(?:\d{1,2}(?:月|[/.-]\d{1,2})(?:\s?\d{1,2}日)?)?")),
    ("day", re.compile(r"(?<![\d/])\d{1,2}月(?:\s?\d{1,2}日)?|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])")),
    ("day", re.compile("[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日")),
    ("day", re.compile(
        rf"{_FREE}(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}(?!\d))(?:,? (?:19|20)\d\d)?", re.IGNORECASE)),
    ("age", re.compile(rf"(?<!\d)[1-9]\d(?:歳|才)|{_FREE}[1-9]\d years old")),
    ("company", re.compile(f"(?:{_LEGAL})\\s?(?:[ぁ-ん]{{0,8}}[{_WORD}]{{1,20}}|[ぁ-ん]{{2,8}})")),
    ("company", re.compile(f"[ぁ-ん]{{0,6}}[{_WORD}]{{1,20}}(?:{_LEGAL})")),
    ("company", re.compile(f"(?P<base>[一-龥々ァ-ヴーA-Za-z]{{1,12}}?)(?:{_PLACES})")),
    ("company", re.compile(rf"{_FREE}{_CAPITAL}(?: {_CAPITAL}){{0,4}},? (?:Inc|Ltd|LLC|Corp|Bank|Co)(?![a-z])\.?")),
    ("person", re.compile(f"(?P<base>[一-龥々]{{1,4}}|[ァ-ヴー]{{2,8}}|[ぁ-ん]{{2,4}})(?:{_TITLES})")),
    ("person", re.compile(rf"{_FREE}(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A word that may tell who somebody is: what it is, and where it stands in its text."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Known:
    """The words that somebody knows: folded form and kind, longer ones first; made by :func:`known`."""

    words: tuple[tuple[str, Kind], ...] = ()


def known(words: Iterable[tuple[Kind, str]]) -> Known:
    """Return known words. A word that is given twice has the kind that was given first."""
    kinds: dict[str, Kind] = {}
    for kind, word in words:
        kinds.setdefault(folded(word), kind)
    kinds.pop("", None)
    return Known(tuple(sorted(kinds.items(), key=lambda one: (-len(one[0]), one[0]))))


def firm_parts(firm: str) -> tuple[str, ...]:
    """Return the name of an employer, and the same without its legal form."""
    return tuple(dict.fromkeys((firm.strip(), re.sub(_LEGAL, "", firm.translate(_PLAIN)).strip())))


def parts(name: str) -> tuple[str, ...]:
    """Return a name and the parts of it that may stand alone.

    The parts of a name with spaces or brackets are known. Of a name without them, every beginning and every end of two
    signs or more counts as a family name or a given name.
    """
    pieces = [piece for piece in re.split(r"[\s　・,，、()（）]+", name.strip()) if piece]
    if len(pieces) == 1 and not pieces[0].isascii():
        whole = pieces[0]
        pieces += [whole[:cut] for cut in range(2, len(whole))] + [whole[cut:] for cut in range(1, len(whole) - 1)]
    return tuple(dict.fromkeys(piece for piece in (name.strip(), *pieces) if folded(piece)))


def folded(text: str) -> str:
    """Return text for comparison: one form for widths, cases, kana and some kanji; no spaces, hyphens, hidden signs."""
    return "".join(map(_folded, text))


def found(text: str, words: Known) -> tuple[Found, ...]:
    """Return what may tell who somebody is, in the order of the text; no two overlap.

    Known words go first. But a company with a known word inside its name (横浜 in 横浜銀行) is found as a whole.
    """
    known_words, shaped = tuple(_known(text, words)), tuple(_shaped(text))
    whole = [
        shape
        for shape in shaped
        if shape.kind == "company" and not any(one.kind == "employer" and _touch(one, shape) for one in known_words)
    ]
    inside = [one for one in known_words if any(_holds(shape, one) for shape in whole)]
    return _apart([*(shape for shape in whole if any(_holds(shape, one) for one in inside)), *known_words, *shaped])


def replaced(text: str, word: str, neutral: str, words: Known) -> str:
    """Return text with ``neutral`` in every place where ``word`` (folded) was found, a client's さん included."""
    for one in reversed(found(text, words)):
        if folded(one.text) == word:
            rest = text[one.end :]
            text = text[: one.start] + neutral + (_POLITE.sub("", rest) if one.kind == "client" else rest)
    return text


def masked(text: str, words: Known, neutral: str = "○○") -> str:
    """Return text in which no known word is found any more.

    What stands on both sides of a masked word may make another known word: so the search goes on until none is left.
    """
    for substitute, passes in ((neutral, FEW), ("", 1 + FEW * (1 + len(text) * len(neutral)))):
        for _ in range(passes):
            hits = _apart(_known(text, words))
            if not hits:
                return text
            for one in reversed(hits):
                text = text[: one.start] + substitute + text[one.end :]
    return text


def _apart(hits: Iterable[Found]) -> tuple[Found, ...]:
    """Return hits that do not overlap, in the order of the text; of two that do, the one that is given first."""
    taken: list[Found] = []
    for one in hits:
        if not any(_touch(one, other) for other in taken):
            taken.append(one)
    return tuple(sorted(taken, key=lambda one: one.start))


def _touch(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _holds(shape: Found, one: Found) -> bool:
    return shape.start <= one.start and one.end <= shape.end and shape.end - shape.start > one.end - one.start


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    plain = []
    for part in unicodedata.normalize("NFKD", sign).casefold().translate(_KANJI):
        if part in _LONG_SIGNS or (unicodedata.category(part) in _DROPPED and part not in _VOICED):
            continue
        plain.append(chr(ord(part) - 0x60) if "ァ" <= part <= "ヶ" else part)
    return "".join(plain)


def _known(text: str, words: Known) -> Iterator[Found]:
    """Yield the known words, longer ones first: a whole name before its parts."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for part in _folded(sign):
            signs.append(part)
            places.append(place)
    whole = "".join(signs)
    beginnings = {whole[at : at + 2] for at in range(len(whole))} | {*whole}  # thousands of words, and few are here
    for word, kind in words.words:
        at = whole.find(word) if word[:2] in beginnings else -1
        while at >= 0:
            last = places[at + len(word) - 1]
            end = next((place for place in range(last + 1, len(text)) if _folded(text[place])), len(text))
            while end > last + 1 and not _is_mark(text[end - 1]):  # spaces behind a word do not belong to it
                end -= 1
            yield Found(kind, text[places[at] : end], places[at], end)
            at = whole.find(word, at + 1)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Me"}


def _shaped(text: str) -> Iterator[Found]:
    plain = text.translate(_PLAIN)  # sign by sign, so that places stay
    for kind, shape in _SHAPES:
        for match in shape.finditer(plain):
            if (base := match.groupdict().get("base")) is not None and _NOBODY.search(base):
                continue
            yield Found(kind, text[match.start() : match.end()], match.start(), match.end())


def title_of(text: str) -> tuple[str, str]:
    """Return the name in a word of the kind ``person`` or ``company``, and the title or kind of place behind it."""
    for kind, shape in _SHAPES:
        match = shape.fullmatch(text.translate(_PLAIN)) if kind in {"person", "company"} else None
        if match and (base := match.groupdict().get("base")):
            return text[: len(base)], text[len(base) :]
    return text, ""
