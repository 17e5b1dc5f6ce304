"""What the commands for data to work on say: synthetic people, anonymised sessions; and names of segments."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # advisor advise
    "advise": (
        "ファイルに書かれた相談例ごとに、ワークブックが何を言うかを書き出します。",
        "Write what the workbook says of each case in a file (the form of data/samples/cases.yaml).",
    ),
    "advise_out": ("書き出す JSON ファイル。", "The JSON file to write."),
    "advise_language": ("文の言語。", "Language of the sentences."),
    "advise_no_cases": (
        "{file} は、ID ごとに相談例を書いたファイルではありません。",
        "{file} is no file of cases: it must hold cases by their ids.",
    ),
    "advise_exit_codes": (
        (
            "終了コード：0 すべて答えた（まだ言えない、も答えです）、"
            "1 使えない例があった（ほかは書き出した）、2 使い方の誤り。"
        ),
        "Exit codes: 0 all answered, silence included; 1 some case unusable, the others written; 2 wrong usage.",
    ),
    # synthetic and anonymised data
    "synthetic_sentence": (
        "この回答はすべて架空のものです。コンピューターで作ったもので、実在の人の回答は一つも含みません。",
        "All of these answers are synthetic: made by a computer, not one of them by a real person.",
    ),
    "synthetic": (
        "架空の回答者を作ります（回答、まわりの事情、部署や年代など）。--seed が同じなら、いつも同じデータになります。",
        "Make synthetic respondents (answers, facts, segments such as department). The same seed makes the same data.",
    ),
    "synthetic_n": ("回答者の数。", "How many respondents."),
    "synthetic_seed": ("乱数のもとになる番号。", "The number that all chance comes from."),
    "synthetic_out": ("作るファイル（.parquet）。", "The file to make (.parquet)."),
    "synthetic_making": ("作成中", "Making"),
    "synthetic_suffix": (
        "名前は .parquet で終わらせてください。番号と設定を一緒に入れておける形式だからです。",
        "Let the name end in .parquet: that format can hold the seed and the parameters too.",
    ),
    "synthetic_done": (
        "{path} に {n} 人分を書き出しました（--seed {seed}）。",
        "Wrote {n} respondents to {path} (--seed {seed}).",
    ),
    "samples_not_written": (
        "{path} に書き出せません。フォルダーがあるか、書き込めるか、空きがあるかを確かめてください。",
        "{path} cannot be written: see that the folder exists, can be written to, and is not full.",
    ),
    "anonymise": (
        (
            "保存された相談から、名前の出ない分析用の表を作ります。入るのは回答と、選択肢で答えた事情だけです。"
            "名前、コード、メモ、希望、計画、日付は入りません。お客様ひとりにつき、最後の相談が1行になります。"
            "事情の似た人が k 人いないときは、年数、職種、時期、経験の順にぼかし、それでもいない人は除きます。"
        ),
        (
            "Make an analysis table of the stored sessions that names nobody: answers and facts of fixed choices, no "
            "names, codes, notes, wishes, plans or days. One row a client, their last session. Where fewer than k "
            "people share the same facts, years, role, period and experience are made coarser in turn, and whoever is "
            "still rare is left out."
        ),
    ),
    "anonymise_out": (
        "作るファイル（.csv .tsv .xlsx .parquet）。",
        "The file to make (.csv .tsv .xlsx .parquet).",
    ),
    "anonymise_k": (
        "同じ事情の人が少なくとも何人いるようにするか。5 より小さくはできません。",
        "How many people must share the same facts; never fewer than 5.",
    ),
    "anonymise_months": (
        "相談の時期を何か月ごとに区切るか。",
        "How many months make one period of the sessions.",
    ),
    "anonymise_purpose": (
        "同意の目的にこのことばを含むお客様だけにします。",
        "Only clients whose consent names these words in its purpose.",
    ),
    "anonymise_done": (
        "{path} に {written} 人分を書き出しました。事情の組み合わせは、どれも {k} 人以上に共通です。",
        "Wrote {written} people to {path}; every combination of facts is shared by {k} or more.",
    ),
    "anonymise_left_out": (
        (
            "お客様 {clients} 人のうち除いた人：同意の期間が終わった {expired}、目的が合わない {purpose}、"
            "回答がない {unanswered}、前の版の質問に答えた {older}、記録を読み込めない {unread}、"
            "事情の似た人が {k} 人いない {rare}。"
        ),
        (
            "Left out of {clients} clients: consent over {expired}, other purpose {purpose}, "
            "nothing answered {unanswered}, an older questionnaire {older}, not to be read {unread}, "
            "fewer than {k} alike {rare}."
        ),
    ),
    "anonymise_coarser": (
        (
            "ぼかした人数：年数 {years}、職種 {role}、時期 {period}、経験 {experience}。"
            "年数は区切りの最初の年（0、1、3、6、11）で表します。"
        ),
        (
            "Made coarser: years {years}, role {role}, period {period}, experience {experience}. "
            "Years are the first of their band (0, 1, 3, 6, 11)."
        ),
    ),
    "anonymise_risk": (
        (
            "回答そのものは変えていません。回答をいくつか知っている人や、前に作った表と見比べる人には、だれかわかることがあります。"
            "公開せず、もとの記録と同じように大切に扱ってください。"
        ),
        (
            "The answers themselves are unchanged. Somebody who knows several of a person's answers, or compares an "
            "earlier table, may still recognise them. Do not publish this file; guard it as you do the records."
        ),
    ),
    "anonymise_consent": (
        (
            "同意には「分析に使う」という決まった項目がありません。はじめの文例は「ほかの目的には使いません」と約束しています。"
            "目的の文がこの表を許すかを確かめてください。ことばで選ぶには --purpose を使います。"
        ),
        (
            "Consent has no fixed field for analysis, and the wording it starts with promises no other use. "
            "See that the purposes agreed to allow this table; --purpose selects clients by words."
        ),
    ),
    "anonymise_nobody": (
        "書き出せる人がいないので、ファイルは作っていません。",
        "There is nobody to write about, so no file was made.",
    ),
    # segments
    "segments_untold": ("記入なし", "not told"),
    "segments_silent": ("まだ言えない（回答が足りない）", "none yet (too little told)"),
    "segments_hidden": ("非表示", "hidden"),
    "segments_hidden_note": (
        "人数の少ないグループは、だれかわからないように隠しています。",
        "Groups of few people are hidden, so that nobody can be recognised.",
    ),
    "segments_g_note": (
        "ほかの人たちとの差（Hedges の g）。0.2 は小さい、0.5 は中くらい、0.8 は大きい差。",
        "Difference from everybody else (Hedges’ g): 0.2 is small, 0.5 middling, 0.8 large.",
    ),
    "segments_mean": ("平均（0〜100）", "Mean (0–100)"),
    "segments_mean_note": ("横の線は平均の 95％ 信頼区間。", "Lines are the 95 % interval of the mean."),
}
