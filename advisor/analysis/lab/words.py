"""What the scoring lab says, in Japanese and English. Names of scales, steps and paths are those of ``data/text``."""

from __future__ import annotations

from advisor.content.messages import Language


def words(language: Language) -> dict[str, str]:
    """Return every sentence of the lab in one language."""
    column = 0 if language == "ja" else 1
    return {key: pair[column] for key, pair in _WORDS.items()}


_WORDS: dict[str, tuple[str, str]] = {
    # head
    "title": ("採点の実験室", "Scoring lab"),
    "based_on": ("もとの版：{version}", "Based on version {version}"),
    "released": ("公開済み（変更すると新しい版になります）", "released (a change becomes a new version)"),
    "draft": ("下書き", "draft"),
    "people": ("{n}人の回答", "Answers of {n} people"),
    "synthetic": ("合成データ：本物の回答ではありません", "Synthetic data: nobody's real answers"),
    "no_changes": (
        "まだ何も変えていません。左で数字を動かすと、だれの助言が変わるかが、すぐここに出ます。",
        "Nothing is changed yet. Move a figure on the left: whose advice moves is shown here at once.",
    ),
    "changed": ("変えたところ", "Changed"),
    "back": ("{name} をもとに戻す", "Put {name} back"),
    "all_back": ("すべてもとに戻す", "Put everything back"),
    "took": ("計算 {ms} ミリ秒", "Worked out in {ms} ms"),
    # what can be changed
    "what": ("どこを変えますか", "What would you like to change?"),
    "kind": ("種類", "Kind"),
    "steps": ("できること", "Steps"),
    "paths": ("道", "Paths"),
    "features": ("特徴（点の始まりと満点）", "Features (where points start and peak)"),
    "gates": ("ゲート（移る道が一番目になれる条件）", "Gates (what lets a leaving path come first)"),
    "choosing": ("沈黙・僅差・ステップの選び方", "Silence, near ties, choice of steps"),
    "serves_first": ("一番目の道を支えるステップへの上乗せ（点）", "points for a step that prepares the first path"),
    "serve": ("上位3つのうち、一番目の道を支える数", "how many of the first three prepare the first path"),
    "near_tie": ("ほとんど差がない、とする点差", "points apart that are told as level"),
    "worry": ("悩みが「高い」とみなす値（移る道の条件）", "from here a worry is high (for leaving paths)"),
    "inside": ("今バックオフィスにいる人", "inside"),
    "wants_in": ("これからめざす人", "wants in"),
    "unsure": ("迷っている人", "unsure"),
    "traits": ("順番を言うのに必要な特性の数", "traits to be told before an order is claimed"),
    "worries": ("順番を言うのに必要な悩みの数", "worries to be told before an order is claimed"),
    "bands": ("高い・低いの境目", "Bands (low, middle, high)"),
    "hints": ("アドバイザーだけに見える手がかり", "Hints for the adviser only"),
    "general": ("全体にかかる数字", "Figures for everything"),
    "of": ("：", ": "),
    "now": ("もとは {value}", "was {value}"),
    "add": ("重みを加える", "Add a weight"),
    "add_none": ("特徴を選ぶ", "Choose a feature"),
    "remove": ("外す", "Remove"),
    "removed": ("外しました", "removed"),
    "added": ("加えました", "added"),
    "start": ("点が入り始める値", "where points start"),
    "end": ("満点になる値", "where points are full"),
    "at": ("境目", "threshold"),
    "score": ("尺度", "Scales"),
    "index": ("適性の目安", "Aptitude index"),
    "middle": ("「中くらい」から", "from middle"),
    "high": ("「高い」から", "from high"),
    "min_answered": ("回答が必要な割合", "share of items to be answered"),
    "priority_share": ("「いちばん変えたい」に上乗せする割合", "share added for “change most”"),
    "tried_without_effect": ("試して効果がなかったステップの点", "points of a step tried in vain"),
    "tried_with_effect": ("試して効果があったステップの点", "points of a step that helped"),
    "longest_run": ("同じ答えが続いた数", "same answer in a row"),
    "opposed_items": ("一つの尺度の中の答えの開き", "answers of one scale apart"),
    "help_at": ("専門の窓口を知らせる境目", "when to name professional help"),
    "contradictions": ("めったに両方は高くならない組", "pairs that are rarely both high"),
    # what it does
    "moved": ("動く人", "Who moves"),
    "card_first_path": ("一番目の道", "First path"),
    "card_top_steps": ("上位3ステップ", "First three steps"),
    "card_gates": ("移る道のゲート", "Gates"),
    "card_cases": ("計算例", "Worked clients"),
    "card_people": ("{n}人", "{n}"),
    "card_share": ("全体の{share}", "{share} of all"),
    "card_of": ("{all}件のうち", "of {all}"),
    "card_silent": ("まだ言えない人（沈黙）", "Told no first path yet (silence)"),
    "is_silent": ("まだ言えない（回答が足りない）", "none yet (too little told)"),
    "by_silence": ("沈黙のきまり（回答が足りるか）", "the rule of silence (is enough told?)"),
    "by_worry": ("悩みが「高い」とみなす値", "from where a worry is high"),
    "gates_moved": ("移る道のゲートが開く人・閉じる人", "For whom a gate opens or closes"),
    "of_all": ("{n}人 / {share}", "{n} people / {share}"),
    "nobody": ("この変更では、だれの助言も変わりません。", "This change moves nobody's advice."),
    "flow": (
        "一番目の道：もとの版（左）から試している版（右）へ",
        "First path: from the old version (left) to the trial (right)",
    ),
    "flow_said": (
        "一番目の道が{n}人で変わります。多いのは {most}。",
        "The first path changes for {n} people; most often {most}.",
    ),
    "from_to": ("{old} → {new}（{n}人）", "{old} → {new} ({n})"),
    "gained": (
        "上位3つに入る人（右）と外れる人（左）",
        "Who gains a step among the first three (right), who loses it (left)",
    ),
    "gained_said": ("上位3つに入る人と外れる人の数をステップごとに示す図。", "People who gain and lose each step."),
    "reasons": ("一番目の道を変えた理由", "What changed the first path"),
    "reasons_said": (
        "どの特徴の点が順番を変えたかを、人数で示す図。",
        "How many people were moved by the points of which feature.",
    ),
    "people_moved": ("一番目の道が変わる人（はじめの{n}人）", "Whose first path changes (the first {n})"),
    "who": ("回答者", "Respondent"),
    "reason": ("理由（点の動き）", "Reason (points moved)"),
    "table": ("一覧", "All figures"),
    "gate": ("ゲート", "Gate"),
    "opens": ("開く", "opens"),
    "closes": ("閉じる", "closes"),
    "band": ("高い・低い", "Band"),
    "scale": ("尺度", "Scale"),
    "low": ("低い", "low"),
    "middle_band": ("中くらい", "middle"),
    "high_band": ("高い", "high"),
    "hint_straight_line": ("同じ答えが続いている", "the same answer in a row"),
    "hint_opposed_items": ("一つの尺度の中で答えが開いている", "answers of one scale far apart"),
    "hint_contradiction": ("めったに両方は高くならない組が高い", "a pair that is rarely both high"),
    "hint_few_answers": ("回答が少ない", "few answers"),
    "hint_help": ("専門の窓口を知らせる", "professional help is named"),
    "none": ("なし", "none"),
    # points
    "points": ("点数", "Points"),
    "points_of": ("何の点数を見ますか", "Whose points?"),
    "points_moved": ("点の動き（試している版 − もとの版）", "Points moved (trial − old version)"),
    "points_said": ("{name} の点が動いた人：{n}人。", "{name}: the points of {n} people moved."),
    "people_axis": ("人数", "people"),
    # worked clients
    "cases": ("計算例", "Worked clients"),
    "case": ("計算例", "Client"),
    "before": ("もとの版", "Old version"),
    "after": ("試している版", "Trial"),
    "same": ("変わりません", "no change"),
    "broken": (
        "手計算の答え（samples/cases.yaml の expected）と合わなくなるもの：{fields}",
        "No longer as worked out by hand (expected in samples/cases.yaml): {fields}",
    ),
    "cases_how": (
        "公開の前に、変わった計算例を手で計算しなおし、samples/cases.yaml の expected を書きかえます。",
        "Before a release, work the changed clients out by hand again and correct expected in samples/cases.yaml.",
    ),
    # sensitivity
    "sensitivity": ("感度", "Sensitivity"),
    "work_out": ("計算する", "Work it out"),
    "working": ("計算しています…", "Working it out …"),
    "stale": ("変更の前の計算です。", "Worked out before the last change."),
    "tornado": ("どの重みが効いているか", "Which weights matter"),
    "tornado_how": (
        (
            "重みを一つずつ動かしたとき、一番目の道（道の重み）や一番目のステップ（ステップの重み）が変わる人の割合。"
            "左の橙は −20 %、右の緑は +20 %。上位 {n}。"
        ),
        (
            "Share of people whose first path (weights of paths) or first step (weights of steps) changes when one "
            "weight is moved: to the left, orange, by −20 %, to the right, green, by +20 %. The {n} strongest."
        ),
    ),
    "steadiness": ("すべての重みをでたらめに動かすと", "When all weights are drawn at random"),
    "steadiness_how": (
        "重みを ± その割合の中でくじのように変えたとき、一番目の道が同じままの人の割合。",
        "Share of people whose first path stays first when every weight is drawn from within ± that share.",
    ),
    "steadiness_told": (
        (
            "一番目の道をまだ言えない人（{silent}）は、数に入れていません。"
            "入れかわっても、もともと「ほとんど差がない」と伝えていた道だった人：{levels}"
        ),
        (
            "Those who are told no first path yet ({silent}) are not counted. Of those who change, to a path that was "
            "told as level before: {levels}"
        ),
    ),
    "forms": ("簡易版と詳細版は、どれくらい同じことを言うか", "How often quick and full form agree"),
    "forms_how": (
        "すべての質問に答えた{n}人について、簡易版の質問だけで読んだ場合と、全問で読んだ場合の、一番目の道をくらべました。",
        "{n} people who were asked everything: the first path from the quick questions alone, beside that from all.",
    ),
    "forms_same": ("同じ道", "the same path"),
    "forms_level": ("ちがう道（ほとんど差がない、と伝えている）", "another path, told as level"),
    "forms_other": ("ちがう道", "another path"),
    "forms_quick_silent": ("簡易版だけ、まだ言えない", "only the quick form says none yet"),
    "forms_full_silent": ("詳細版だけ、まだ言えない", "only the full form says none yet"),
    "forms_both_silent": ("どちらも、まだ言えない", "both say none yet"),
    "forms_note": (
        (
            "どちらも道を言う{n}人では、同じ道が{share}、差のない道も入れると{near}。"
            "上位3つのステップは、平均{steps}つが同じです。"
        ),
        (
            "Of the {n} who hear a path from both, {share} hear the same one, {near} with paths told as level; "
            "of their first three steps, {steps} on average are the same."
        ),
    ),
    "forms_nobody": ("すべての質問に答えた人がいません。", "Nobody was asked everything."),
    "kept": ("同じまま", "stay"),
    "tau": ("順位の相関（ケンドールのτ）", "rank correlation (Kendall's tau)"),
    "silent": ("働いていないもの", "What does nothing"),
    "never_fires": ("だれにも点を与えない特徴・重み", "Features and weights that give nobody a point"),
    "never_open": ("一度も開かない", "never open"),
    "always_open": ("いつも開いている", "always open"),
    "never_used": ("採点のしくみの上で、助言につながらない答え", "Answers that no rule of the scoring looks at"),
    "never_matters": ("ほかの答えにしても、助言が変わらない質問", "Questions of which no answer changes the advice"),
    "never_matters_how": (
        "{n}人について、答えを一つずつ、ありえるほかの値にすべて変えてみました。",
        "Tried on {n} people: each answer was changed to every other value it can have.",
    ),
    "never_first": ("このデータでは前に出ない助言", "Advice that nobody in these data is given first"),
    "place_1": ("一番目にならない", "never first"),
    "place_3": ("上位3つに入らない", "never among the first three"),
    "reachable": ("回答によっては前に出ます", "some answers would bring it there"),
    "not_reached": ("どう答えても前に出ないようです（探した範囲で）", "no answers were found that would"),
    "tried": ("試したか", "Tried"),
    "priority": ("いちばん変えたい", "Change most"),
    "fact_situation": ("今の立場", "Situation"),
    "fact_years": ("経験年数", "Years"),
    "fact_experience": ("活かせる経験", "Experience"),
    "fact_role": ("職種", "Role"),
    "fact_fixed": ("動かせないこと", "What cannot move"),
    "fixed_hours": ("働く時間", "hours"),
    "fixed_place": ("働く場所", "place"),
    "fixed_care": ("家族の世話", "care for somebody"),
    "fixed_pay": ("収入の下限", "lowest pay"),
    "interval": ("95 % 区間", "95 % interval"),
    "overlap": ("ただし、二つの区間は重なっています。", "The two intervals overlap, though."),
    "ties": ("同点", "Ties"),
    "ties_how": (
        "一番目が同点で、並び順で決まった人：{share}",
        "First place decided by the order of the catalogue: {share}",
    ),
    "near_how": (
        "「ほとんど差がない」と伝える人：{near}。まだ言えない人：{silent}",
        "Told of paths that stand level: {near}. Told none yet: {silent}",
    ),
    "nothing": ("ありません", "none"),
    # groups
    "groups": ("グループ", "Groups"),
    "segment": ("分け方", "Segment"),
    "advice": ("助言", "Advice"),
    "rates": ("{advice}：グループごとの割合と 95 % 区間", "{advice}: rate of each group with its 95 % interval"),
    "rates_said": ("グループごとの割合の図。", "The rate of each group."),
    "ratio": (
        "いちばん低い割合 ÷ いちばん高い割合 = {ratio}（{low} / {high}）",
        "Lowest rate ÷ highest rate = {ratio} ({low} / {high})",
    ),
    "ratio_low": (
        "五分の四（0.8）を下回っています。公平でないという証拠ではなく、理由を確かめるきっかけです。",
        "Below four fifths (0.8). No proof of unfairness: a cue to find out why.",
    ),
    "ratio_fine": ("五分の四（0.8）以上です。", "At four fifths (0.8) or above."),
    "ratio_none": ("割合を比べられません。", "The rates cannot be compared."),
    "few": (
        "人数が少ないグループがあり、区間が広くなっています。",
        "Some groups are small, so their intervals are wide.",
    ),
    "no_segments": ("このデータには、グループの列がありません。", "These data have no column of groups."),
    # saving
    "save": ("保存", "Save"),
    "version": ("新しい版", "New version"),
    "why": ("変える理由", "Why"),
    "why_hint": ("例：面談 40 件で、数値化の勧めが弱すぎた", "such as: too weak in 40 interviews"),
    "save_button": ("下書きとして保存", "Save as a draft"),
    "replace": ("同じ名前の下書きを置きかえる", "Replace a draft of that name"),
    "saved": ("保存しました：{path}", "Saved: {path}"),
    "saved_next": (
        "次は、ターミナルで advisor check、advisor diff {old} {new}、そして advisor release {new}。",
        "Next, in a terminal: advisor check, advisor diff {old} {new}, then advisor release {new}.",
    ),
    "not_written": (
        "{path} フォルダーに書き込めません。手元に写したプロジェクトで開いてください。",
        "The folder {path} cannot be written to. Open the lab from a checkout of your own.",
    ),
    "nothing_to_save": ("変えたところがありません。", "Nothing is changed."),
    "problems": ("この下書きには、直すところがあります。", "This draft has something to mend."),
}
