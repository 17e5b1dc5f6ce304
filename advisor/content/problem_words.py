"""What is wrong with a data file, in Japanese: the English sentences of the checks and what they are called here.

The checks speak English, as code does; their sentences are looked up here, as gettext would. In an English sentence
``{name}`` stands for one word, ``{name!r}`` for a text in quotes, ``{name!s}`` for anything; each value stands in the
Japanese sentence as it came. A sentence that is not here stays English.

These words are not part of ``data/``: they have to be there when the data cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from advisor.content.datafiles import Problem
    from advisor.content.words import Language

Part = Literal["message", "fix"]
WHOLE_FILE = "（ファイル全体）"

MESSAGES = {
    # one file: advisor/content/datafiles.py
    "the file is missing": "ファイルがありません",
    "the file is empty": "ファイルが空です",
    "the file has no rows": "見出しの下に行がありません",
    "not UTF-8 (byte {byte})": "UTF-8 ではありません（バイト位置 {byte}）",
    "a sign was lost here (U+FFFD)": "失われた文字の印（U+FFFD）があります",
    "not YAML: {why!s}": "YAML として読めません（{why}）",
    "not YAML: a character that YAML forbids": "YAML で使えない文字があります",
    "not CSV: {why!s}": "CSV として読めません（{why}）",
    "an alias (*) is not allowed": "エイリアス（*）は使えません",
    "the tag {tag!s} is not allowed": "タグ {tag} は使えません",
    "this key stands twice": "同じキーが二つあります",
    "the column {column!r} stands twice": "列 {column} が二つあります",
    "{cells} cells where the header has {columns}": "見出しは {columns} 列ですが、この行は {cells} 列です",
    "unknown key": "ここでは使えないキーです",
    "missing": "必要な値がありません",
    "must be text": "文字列ではありません",
    "is empty": "空です",
    # ids and words
    "has no words": "ことばがありません",
    "words for something that does not exist": "この ID のものはないのに、ことばがあります",
    "a single {{ or }}": "「{{」か「}}」が一つだけあります",
    "other {{fields}} than in Japanese": "{{ }} の中の名前が日本語とちがいます",
    "must be a mapping": "「キー: 値」の形ではありません",
    "the id {id!r} stands twice": "ID {id} が二つあります",
    "no source {source!r}": "出典 {source} がありません",
    "nothing is called {about!r}": "{about} というものはありません",
    "no {field} entry {missing!r}": "{field} に {missing} がありません",
    # instrument
    "no scale {scale!r}": "尺度 {scale} がありません",
    "{low} is not below {high}": "low の {low} が high の {high} より小さくありません",
    "no labels {labels!r}": "ラベル {labels} がありません",
    "{labels} labels for the {points} points of {item}": "{item} は {points} 段階ですが、ラベルは {labels} 個です",
    "{scale} needs exactly one quick item": "尺度 {scale} には、quick が 1 の項目がちょうど一つ必要です",
    "{scale} has no reverse-keyed item": "尺度 {scale} に逆転項目がありません",
    "{scale} has no full form": "尺度 {scale} には、項目が二つ以上ありません",
    # O*NET
    "traits and work styles do not match": "特性とワークスタイルが合っていません",
    "O*NET has no such work style": "O*NET にこのワークスタイルはありません",
    "0: a style that never matters": "重みが 0 なので、何にも影響しません",
    "the code {code!r} is empty or stands twice": "コード {code} が空か、二つあります",
    "{text!r} is no importance from 1 to 5": "{text} は 1 から 5 までの重要度ではありません",
    # scoring
    "middle is not below high": "middle が high より小さくありません",
    "no measure {measure!r}": "測定値 {measure} がありません",
    "start equals end": "start と end が同じです",
    "can never fire: {measure} runs {low}-{high}": (
        "決してはたらきません（{measure} の範囲は {low} から {high} までです）"
    ),
    "no weight uses it": "どの重みにも使われていません",
    "no weights for {target}": "{target} の重みがありません",
    "no such entry in guidance/{group}.yaml": "guidance/{group}.yaml にこの ID がありません",
    "can never get a point": "決して点が付きません",
    "no feature {feature!r}": "features に {feature} がありません",
    "0 points: a rule that never matters": "0 点なので、何にも影響しません",
    "never comes to a whole point: {feature} is {strength} at its strongest": (
        "1 点になることがありません（{feature} は最大でも {strength} です）"
    ),
    "a path cannot depend on a pooled measure other than the index": "道は、指数のほかのまとめた値では決められません",
    "a path cannot depend on a single step": "道は、一つのステップだけでは決められません",
    "a gate looks at the index or a count": "ゲートに使えるのは、指数か、数を数えたものだけです",
    "can never open": "決して開きません",
    "is always open": "いつも開いています",
    # versions
    "the folder of version {version} is missing": "版 {version} のフォルダーがありません",
    "no such version": "この版はありません",
    "no version": "版がありません",
    "no version has such a name": "このような名前の版はありません",
    "nothing reads this file": "どこからも読まれないファイルです",
    "stands twice": "二つあります",
    "the version is called {version} and says {inside}": "フォルダー名は {version} ですが、中には {inside} とあります",
    "version {version} was released on {day} and has been edited since": (
        "{version} は {day} にリリースされた版ですが、そのあとで書きかえられています"
    ),
    "speaks against what a source states": "出典が述べている向きと逆です",
    "says {found!r} to people for whom it may not be true": "当てはまらない人にも {found} と言うことになります",
    "a provisional figure was not measured": "仮の値（provisional 1）なのに、測定のことが書かれています",
    # worksheets
    "nothing to choose from": "選択肢がありません",
    "options nobody sees": "だれにも見えない選択肢です",
    "a telephone number": "電話番号が入っています",
    # worked clients: advisor/content/worked_cases.py, advisor/content/case_checks.py
    "no {unknown!r}": "{unknown} がありません",
    "is asked only when its scale is widened": "尺度を広げたとき（widened）にだけ聞く項目です",
    "{alone!r} stands alone": "{alone} は、ほかと一緒には書けません",
    "answered and marked as skipped": "回答があるのに、スキップの印（skip）があります",
    "no item has this id": "この ID の項目がありません",
    "nothing has this id": "この ID のものがありません",
    "nothing that can stand here has this id": "ここに書ける ID ではありません",
    "must be a whole number from {low} to {high}": "{low} から {high} までの整数ではありません",
    "must be a whole number from 0 to {high}": "0 から {high} までの整数ではありません",
    "must be one of {choices!s}": "{choices} のどれかではありません",
    "must be a role or {other!r}": "職種の ID でも {other} でもありません",
    "must be a list": "リストではありません",
    "at most {most}": "{most} 個を超えています",
    "must be text of at most {most} characters": "{most} 字までの文字列ではありません",
}

FIXES = {
    "take it out: numbers age, and offices enter their own": "番号は変わるので消してください。窓口が登録できます",
    "write them in text/ja/services.yaml": "text/ja/services.yaml に書いてください",
    "restore it from the last release": "前回のリリースから戻してください",
    "fill it or remove it": "中身を書くか、ファイルを消してください",
    "save the file as UTF-8": "ファイルを UTF-8 で保存してください",
    "write the sign again, and save the file as UTF-8": "その文字を書き直し、ファイルを UTF-8 で保存してください",
    "save the file as CSV UTF-8": "ファイルを CSV UTF-8 で保存してください",
    "check indentation, quotes and colons here": "このあたりの字下げ、引用符、コロンを確かめてください",
    "remove control characters": "制御文字を消してください",
    "write the value out": "値をそのまま書いてください",
    "write a plain value": "タグのない値を書いてください",
    "keep one of the two": "どちらか一つを残してください",
    "keep one": "一つだけ残してください",
    "add, remove or quote cells": "セルを足すか、消すか、引用符で囲んでください",
    "close every quote, and double quotes inside quotes": "引用符を閉じ、引用符の中の引用符は二つ重ねてください",
    "remove it or correct its spelling": "消すか、つづりを直してください",
    "add it": "書き足してください",
    "put it in quotes": "引用符で囲んでください",
    "write the text": "文を書いてください",
    "it is {value!s} now; correct it": "今は {value} です。直してください",
    "write them": "ことばを書いてください",
    "remove them or correct the id": "ことばを消すか、ID を直してください",
    "write {{{{ or }}}}": "「{{{{」か「}}}}」と書いてください",
    "use {fields!s}": "{fields} を使ってください",
    "use none": "{{ }} を使わないでください",
    "this file holds {keys!s}": "このファイルに書くキーは {keys} です。ほかのものは直してください",
    "rename one": "どちらかの ID を変えてください",
    "correct the id": "ID を直してください",
    "correct the id, or add the entry": "ID を直すか、その ID のものを足してください",
    "name a source of sources.yaml": "sources.yaml にある出典を書いてください",
    "name a scale, step, path or role": "尺度、ステップ、道、職種のどれかの ID を書いてください",
    "name a scale of scales.csv": "scales.csv にある尺度を書いてください",
    "name the item and its scale": "項目と尺度の ID を書いてください",
    "low must be below high": "low を high より小さくしてください",
    "name labels of text/ja/instrument.yaml": "text/ja/instrument.yaml にあるラベルを書いてください",
    "label every point": "どの段階にもラベルを書いてください",
    "set quick to 1 on one item of items.csv": "items.csv の項目のうち、一つだけを quick 1 にしてください",
    "word one item the other way round": "項目の一つを逆向きの文にしてください",
    "remove the row or add items": "この行を消すか、項目を足してください",
    "give every trait of scales.csv its styles, and no other": (
        "scales.csv の特性のすべてに styles を書き、ほかのものは消してください"
    ),
    "use a style_* column of occupations.csv": "occupations.csv の style_* の列にあるものを使ってください",
    "give it a weight or remove it": "重みを付けるか、消してください",
    "restore the row from O*NET": "O*NET の元の行に戻してください",
    "raise high or lower middle": "high を上げるか、middle を下げてください",
    "name a scale or a measure of content/measures.py": "尺度か、content/measures.py にある測定値を書いてください",
    "a ramp needs two different ends": "start と end をちがう値にしてください",
    "move start and end into this range": "start と end をこの範囲に入れてください",
    "use it or remove it": "使うか、消してください",
    "give it at least one, or it can never be advised": "一つ以上書いてください。ないと、決してすすめられません",
    "give it a positive weight": "正の重みを一つ以上付けてください",
    "name one of `features`": "features にある名前を書いてください",
    "give it points or remove it": "点を付けるか、消してください",
    "give it more points or remove it": "点を増やすか、消してください",
    "use single scales": "尺度を一つずつ使ってください",
    "use a count of steps": "ステップの数（steps_*）を使ってください",
    "use index, signs_* or steps_*": "index、signs_*、steps_* のどれかを使ってください",
    "{measure} runs {low}-{high}": "{measure} の範囲は {low} から {high} までです。それに合わせて直してください",
    "there are: {versions!s}": "あるもの：{versions}",
    "let both say the same": "どちらも同じ版にしてください",
    "call it YEAR-NUMBER, as 2026-2, or move it away": (
        "「2026-2」のように年と番号の名前にするか、別の場所へ移してください"
    ),
    "correct its name or remove it": "名前を直すか、消してください",
    "write the reason, or let it speak for it": "理由を reason に書くか、正の点にしてください",
    "say in `when` for whom it is, or say it otherwise": "当てはまる人を `when` に書くか、言い方を変えてください",
    "leave it empty, or set provisional to 0": "空けておくか、provisional を 0 にしてください",
    "say how it was measured, on how many people and when, or set provisional to 1": (
        "測り方・人数・日付を書くか、provisional を 1 にしてください"
    ),
    "a release is never repeated: remove the later line": "リリースは一度だけです。あとの行を消してください",
    "restore the file, and save the change as a new version": (
        "ファイルを元に戻し、変更は新しい版として保存してください"
    ),
    "give it options": "options を書いてください",
    "remove them, or make it one of {types!s}": "options を消すか、type を {types} のどれかにしてください",
    "correct the item or the point; widen the scale if the full form was asked": (
        "項目か回答の数を直してください。すべての項目を聞いた尺度なら、widened に書いてください"
    ),
    "correct the item, the point or the fact": "項目・回答の数・事実を直してください",
    "mark an item of items.csv with skip or discuss": "items.csv の項目に skip か discuss を付けてください",
    "use what the catalogue and content/model.py name": "カタログと content/model.py にある名前を使ってください",
    "name what the catalogue holds": "カタログにあるものを書いてください",
}

PYDANTIC = {
    "input should be a valid integer": "整数ではありません",
    "input should be a valid number": "数値ではありません",
    "input should be a valid boolean": "真偽値（YAML では true か false、CSV では 1 か 0）ではありません",
    "input should be a valid tuple": "リストではありません",
    "input should be a valid dictionary": "「キー: 値」の形ではありません",
    "input should be a valid dictionary or instance of {model}": "「キー: 値」の形（{model}）ではありません",
    "input should be greater than {limit}": "{limit} より大きい数ではありません",
    "input should be greater than or equal to {limit}": "{limit} 以上の数ではありません",
    "input should be less than {limit}": "{limit} より小さい数ではありません",
    "input should be less than or equal to {limit}": "{limit} 以下の数ではありません",
    "input should be {only!r}": "{only} ではありません",
    "input should be {one} or {other}": "{one} でも {other} でもありません",
    "input should be {one!r} or {other!r}": "{one} でも {other} でもありません",
    "input should be {first!r}, {others!s} or {last!r}": "{first}, {others}, {last} のどれでもありません",
    "string should match pattern '{pattern!s}'": "決まった形（'{pattern}'）に合いません",
    "string should have at most {most} {characters}": "長すぎます（{most} 文字まで）",
    "tuple should have at least {least} {items} after validation, not {found}": (
        "{least} 個以上必要ですが、{found} 個です"
    ),
    "tuple should have at most {most} {items} after validation, not {found}": "{most} 個までですが、{found} 個です",
    "dictionary should have at least {least} {items} after validation, not {found}": (
        "{least} 個以上必要ですが、{found} 個です"
    ),
}

YAML = {  # what libyaml says where it stops
    "block sequence entries are not allowed in this context": "ここに '-' のリストは書けません",
    "but found another document": "'---' のあとに、二つ目の文書があります",
    "could not find expected ':'": "':' がありません",
    "could not find expected directive name": "'%' のあとに名前がありません",
    "did not find URI escaped octet": "タグの '%' のあとがちがいます",
    "did not find expected '!'": "タグの '!' がありません",
    "did not find expected ',' or ']'": "',' か ']' がありません",
    "did not find expected ',' or '}}'": "',' か '}}' がありません",
    "did not find expected '-' indicator": "'-' がありません",
    "did not find expected <document start>": "ここに余分なものがあります",
    "did not find expected alphabetic or numeric character": "'&' や '*' のあとに名前がありません",
    "did not find expected comment or line break": "行の終わりに余分なものがあります",
    "did not find expected digit or '.' character": "%YAML の番号がちがいます",
    "did not find expected hexdecimal number": "'\\' のあとの 16 進数がちがいます",
    "did not find expected key": "キーがありません",
    "did not find expected node content": "値がありません",
    "did not find expected tag URI": "タグの名前がありません",
    "did not find expected version number": "%YAML の番号がありません",
    "did not find expected whitespace": "空白がありません",
    "did not find expected whitespace or line break": "空白か改行がありません",
    "did not find the expected '>'": "'>' がありません",
    "found a tab character that violates indentation": "字下げにタブがあります",
    "found a tab character where an indentation space is expected": "字下げにタブがあります",
    "found an indentation indicator equal to 0": "字下げの数が 0 です",
    "found character that cannot start any token": "ここに書けない文字があります",
    "found duplicate %TAG directive": "%TAG が二つあります",
    "found duplicate %YAML directive": "%YAML が二つあります",
    "found extremely long version number": "%YAML の番号が長すぎます",
    "found incompatible YAML document": "%YAML の版がちがいます",
    "found invalid Unicode character escape code": "'\\' のあとの文字コードがちがいます",
    "found undefined alias": "'*' が指すもの（'&'）がありません",
    "found undefined tag handle": "%TAG で決めていないタグです",
    "found unexpected ':'": "余分な ':' があります",
    "found unexpected document indicator": "引用符が閉じられていません",
    "found unexpected end of stream": "引用符が閉じられていません",
    "found unexpected non-alphabetical character": "'%' の名前に使えない文字があります",
    "found unknown directive name": "'%' の名前がちがいます",
    "found unknown escape character": "'\\' のあとの文字がちがいます",
    "mapping keys are not allowed in this context": "ここに '?' のキーは書けません",
    "mapping values are not allowed in this context": "ここに ':' は書けません",
    "second occurrence": "同じ名前の '&' が二つあります",
}

CSV = {  # what Python's csv module says where it stops
    "unexpected end of data": "引用符が閉じられていません",
    "',' expected after '\"'": "閉じた引用符のあとに ',' がありません",
    "field larger than field limit ({limit})": "セルが長すぎます（{limit} 文字まで）",
}

_JAPANESE: dict[Part, Mapping[str, str]] = {
    "message": {
        **MESSAGES,
        **PYDANTIC,
        **{f"not YAML: {why}": MESSAGES["not YAML: {why!s}"].replace("{why}", told) for why, told in YAML.items()},
        **{f"not CSV: {why}": MESSAGES["not CSV: {why!s}"].replace("{why}", told) for why, told in CSV.items()},
    },
    "fix": FIXES,
}
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""  # as Python's repr writes a text
_VALUES = {None: r"\S+", "r": _QUOTED, "s": ".*"}


def told(problem: Problem, language: Language) -> str:
    """Return one line in ``language``: ``file:line: field: what is wrong; how to mend it``."""
    if language == "en":
        return str(problem)
    message, fix = japanese("message", problem.message), japanese("fix", problem.fix)
    return str(replace(problem, field=problem.field or WHOLE_FILE, message=message, fix=fix))


def japanese(part: Part, sentence: str) -> str:
    """Return the sentence in Japanese, its values as they are; unchanged if there is no Japanese for it."""
    for pattern, words in _patterns(part):
        if match := pattern.fullmatch(sentence):
            return words.format(**match.groupdict())
    return sentence


@cache
def _patterns(part: Part) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what to look for and what to say; sentences with more words of their own come first."""
    parsed = [(list(Formatter().parse(english)), words) for english, words in _JAPANESE[part].items()]
    parsed.sort(key=lambda pair: -sum(len(literal) for literal, *_ in pair[0]))
    return tuple(
        (re.compile("".join(_pattern(*piece) for piece in pieces), re.DOTALL), words) for pieces, words in parsed
    )


def _pattern(literal: str, name: str | None, _: str | None, conversion: str | None) -> str:
    """Return the regular expression of a piece of a sentence: its own words, and the value after them."""
    return re.escape(literal) + (f"(?P<{name}>{_VALUES[conversion]})" if name else "")
