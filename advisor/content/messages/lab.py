"""What the commands for scoring versions say."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # scoring versions
    "lab_no_knob": (
        "{path} という数値はありません。似ているもの：{near}",
        "There is no figure {path}. Near it: {near}",
    ),
    "lab_out_of_range": (
        "{path} は {value} にできません。{low} から {high} までの数にしてください。",
        "{path} cannot be {value}: give it a number from {low} to {high}.",
    ),
    "lab_not_valid": (
        "{path} は {value} にできません（{why}）。",
        "{path} cannot be {value}: {why}.",
    ),
    "lab_cannot_remove": (
        "{path} は外せません。外せるのは重みだけです。",
        "{path} cannot be removed: only weights can.",
    ),
    "lab_pooled": (
        "{path} は足せません。進路は、まとめた値ではなく、尺度を一つずつ見ます。",
        "{path} cannot be added: a path looks at single scales, not at pooled ones.",
    ),
    "lab_flat_ramp": (
        "{path} の start と end が、どちらも {value} です。ちがう値にしてください。",
        "{path} starts and ends at {value}: a ramp needs two different ends.",
    ),
    "lab_released": (
        "版 {version} は {date} にリリース済みで、もう変えられません。新しい版として保存してください。",
        "Version {version} was released on {date} and never changes: save a new version.",
    ),
    "lab_bad_name": (
        "{version} という版の名前は使えません。リリース済みの版より後の名前にしてください（例：{example}）。",
        "A version cannot be called {version}: take a name after the released ones, such as {example}.",
    ),
    "lab_draft_there": (
        "下書き {version} はもうあります。上書きするときは、そう指定してください。",
        "There is a draft {version} already: say so if it is to be replaced.",
    ),
    "lab_no_version": (
        "版 {version} はありません。あるもの：{there}",
        "There is no version {version}. There are: {there}",
    ),
    "lab_released_twice": (
        "版 {version} は {date} にリリース済みです。リリースは一度だけです。",
        "Version {version} was released on {date} already; a version is released once.",
    ),
    "lab_older": (
        "版 {version} は、今の版 {last} より古いのでリリースできません。新しい名前で保存してください。",
        "Version {version} is older than {last}, which is in use: save it under a newer name.",
    ),
    "lab_no_difference": (
        "版 {version} は {before} と同じ内容です。リリースするものがありません。",
        "Version {version} says the same as {before}: there is nothing to release.",
    ),
    "lab_turned": (
        (
            "版 {version} では、出典が述べている重みの向きが逆になっています（{paths}）。"
            "理由を、その重みの reason に書いてから、もう一度リリースしてください。"
        ),
        (
            "With version {version}, weights that a source states turn the other way ({paths}). "
            "Write why into the `reason` of each, and release again."
        ),
    ),
    "lab_no_reason": (
        "版 {version} を変えた理由を書いてください（--why）。",
        "Say why version {version} is released (--why).",
    ),
    "lab_unaccepted": (
        (
            "版 {version} では、計算例の結果が expected と違います（{names}）。"
            "これでよければ data/samples/cases.yaml の expected を直してから、もう一度リリースしてください。"
        ),
        (
            "With version {version}, worked cases come out other than expected ({names}). "
            "If that is right, correct their `expected` in data/samples/cases.yaml and release again."
        ),
    ),
    "diff": (
        "採点の版を二つ比べます：どの数値が変わり、何人の助言が変わるか。",
        "Compare two scoring versions: which figures differ, and whose advice changes.",
    ),
    "diff_cohort": (
        "助言が変わる人を数えるためのデータ。指定がなければ samples/cohort.parquet（あるとき）。",
        "A cohort on which to count whose advice changes. Without it samples/cohort.parquet, if there.",
    ),
    "lab_data": ("データのフォルダー。", "Folder of the data."),
    "diff_same": ("{old} と {new} は同じ内容です。", "{old} and {new} say the same."),
    "diff_weight": ("重み（点）", "Weights (points)"),
    "diff_feature": ("特徴", "Features"),
    "diff_gate": ("ゲート", "Gates"),
    "diff_band": ("段階", "Bands"),
    "diff_choosing": ("沈黙・僅差・ステップの選び方", "Silence, near ties, choice of steps"),
    "diff_general": ("そのほかの数値", "Single figures"),
    "diff_hint": ("アドバイザーへのヒント", "Hints for the adviser"),
    "diff_item": ("質問と採点の向き", "Questions and keys"),
    "diff_scale": ("尺度", "Scales"),
    "diff_reliability": ("信頼性", "Reliabilities"),
    "diff_content": ("ステップ・道・知識などの項目", "Steps, paths, knowledge"),
    "diff_text": ("文章", "Texts"),
    "diff_source": ("出典", "Sources"),
    "diff_cases": ("計算例：{all}件のうち{n}件が変わります", "Worked cases: {n} of {all} change"),
    "diff_cases_none": ("計算例：{all}件とも変わりません", "Worked cases: none of {all} changes"),
    "diff_case_was": ("前", "was"),
    "diff_case_now": ("後", "now"),
    "diff_nothing": ("なし", "none"),
    "diff_effect": ("{file} の{n}人のうち", "Of the {n} respondents in {file}"),
    "diff_first_path": ("一番目の道が変わる", "have another first path"),
    "diff_silent": ("　うち、一番目の道が言われなくなる（沈黙）", "  of them, are told none any more (silence)"),
    "diff_spoken": ("　うち、一番目の道が言われるようになる", "  of them, were told none before (silence)"),
    "diff_top_steps": ("上位3つのステップが変わる", "have other steps among their first three"),
    "diff_gates": ("開いているゲートが変わる", "have other gates open"),
    "diff_findings": (
        "（このファイルには直したほうがよい所が{n}件あります。advisor score で確かめられます。）",
        "({n} things in this file are not as they should be; advisor score tells them.)",
    ),
    "diff_no_cohort": (
        "何人の助言が変わるかを数えるには、--cohort でデータを指定してください。",
        "To count whose advice changes, name a cohort with --cohort.",
    ),
    "release": (
        "採点の版をリリースします。すべてを調べ、問題がなければ記録します。それからは、その版は変えられません。",
        "Release a scoring version: everything is checked, then it is noted, and from then on it never changes.",
    ),
    "release_why": ("リリースの理由（変更履歴に載ります）。", "Why (it stands in the changelog)."),
    "release_expected": ("期待", "expected"),
    "release_done": (
        "版 {version} をリリースしました（{n}か所の変更）。これからはこの版で採点します。",
        "Released version {version} ({n} changes). The workbook scores by it from now on.",
    ),
    "release_wrote": ("書いたファイル：{files}", "Written: {files}"),
    "lab_not_told": ("（記入なし）", "(not told)"),
    "lab_bands_crossed": (
        "{path} の middle（{middle}）は high（{high}）より小さくしてください。",
        "{path}: middle ({middle}) has to be below high ({high}).",
    ),
}
