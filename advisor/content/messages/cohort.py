"""What the commands for answers of many people say: scores, reliability."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # scores and cohorts
    "score": (
        (
            "回答のファイル（CSV、TSV、Excel、Parquet。フォルダーや *.csv でも可）を採点し、一人一行の表にします。"
            "--instrument がなければ、このワークブックの項目で採点し、進路の一番目と次の一歩の三つを加えます。"
        ),
        (
            "Score a file of answers (CSV, TSV, Excel, Parquet; a folder or a pattern such as 'part-*.csv' too): one "
            "row a respondent. Without --instrument the workbook's own items are scored, and the first path and the "
            "top three steps are added."
        ),
    ),
    "score_instrument": (
        "尺度のフォルダー。items.csv（列 id, scale, reverse, low, high）が入っているもの。",
        "Folder of an instrument: items.csv with the columns id, scale, reverse, low, high.",
    ),
    "score_out": (
        "書き出すファイル。形式は拡張子で決まります（.csv .tsv .xlsx .parquet）。",
        "File to write; its suffix says as what (.csv .tsv .xlsx .parquet).",
    ),
    "score_min_answered": (
        "尺度の項目のうち、答えが必要な割合（0〜1）。--instrument では 0.8、ほかでは採点の版の値。",
        "Share of a scale's items that must be answered, 0 to 1. Without it 0.8, or what the scoring version says.",
    ),
    "score_mean": (
        "0〜100 でなく、項目の平均（逆転項目は向きをそろえたもの）を書きます。",
        "Write the mean of the keyed items instead of 0 to 100.",
    ),
    "score_id": (
        "回答者を表す列。くり返して指定できます。指定がなければ、列の名前から決めます。",
        "Column that says who answered; may be given more than once. Without it the names of the columns decide.",
    ),
    "score_keep": (
        "そのまま書き写すほかの列。くり返して指定できます。個人情報の列は、ここに書いたときだけ写します。",
        "Another column to carry over; may be given more than once. Personal columns are carried only when named here.",
    ),
    "score_report": (
        "問題の一覧を書くファイル。指定がなければ、書き出すファイルの名前に .report.csv をつけたもの。",
        "File for the list of problems. Without it the name of --out with .report.csv.",
    ),
    "score_encoding": (
        "文字コード（utf-8、cp932 など）。指定がなければ、確かめて決めます。",
        "Encoding of the text, such as utf-8 or cp932. Without it, it is found out, never guessed.",
    ),
    "score_sheet": ("Excel のシート。指定がなければ一枚目。", "Sheet of an Excel file; the first without it."),
    "score_scoring": (
        "採点の版（advisor check で確かめたもの）。指定がなければ、最後に公開した版。",
        "Version of the workbook's scoring; the last released one without it.",
    ),
    "score_cluster": (
        "Dask のクラスターで計算します。tcp://ホスト:ポート、または local:4（このコンピューターの四つのプロセス）。",
        "Compute on a Dask cluster: tcp://host:port, or local:4 for four processes of this computer.",
    ),
    "score_quiet": ("まとめと進みぐあいを出しません。", "No summary and no progress bar."),
    "score_cluster_address": (
        "--cluster には tcp://ホスト:ポート か local、local:4 のように書いてください。",
        "--cluster has to be tcp://host:port, or local, or local:4.",
    ),
    "score_two_instruments": (
        "--scoring はワークブックの採点の版です。--instrument といっしょには使えません。",
        "--scoring is a version of the workbook's own scoring; it does not go with --instrument.",
    ),
    "scoring": ("採点中", "Scoring"),
    "score_done": ("{read} 行を読み、{scored} 行を採点しました：{path}", "{read} rows read, {scored} scored: {path}"),
    "score_encoding_used": ("{file} は {encoding} として読みました。", "{file} was read as {encoding}."),
    "score_missing": (
        "答えが足りず、点のない人数：{scales}",
        "Respondents without a score, for too few answers: {scales}",
    ),
    "score_left_out": (
        "写さなかった列：{columns}（写すには --keep {first}）",
        "Not carried over: {columns}; --keep {first} carries it.",
    ),
    "score_problems": ("気になる点が {count} 件あります：{path}", "{count} problem(s), listed in {path}"),
    "and_more": ("、ほか {count}", " and {count} more"),
    "stopped": ("中止しました。ファイルは書いていません。", "Stopped. No file was written."),
    "file_unusable": ("{file}：{why}", "{file}: {why}"),
    "refused_output_suffix": (
        "この拡張子では書けません。{suffixes} のどれかにしてください。",
        "no table has this suffix; use one of {suffixes}",
    ),
    "refused_output_excel_rows": (
        "Excel に入るのは {rows} 行までです。--out を .csv か .parquet にしてください。",
        "Excel holds {rows} rows; let --out end in .csv or .parquet.",
    ),
    "refused_output_excel_text": (
        "{row} 行目の {column} は、Excel に入る {most} 文字より長いです。--out を .csv か .parquet にしてください。",
        "row {row}, {column}: longer than the {most} characters Excel holds; let --out end in .csv or .parquet.",
    ),
    "refused_no_file": (
        "回答のファイルが見つかりません。名前を確かめてください。",
        "no file of answers has this name; correct it",
    ),
    "refused_no_column": (
        "{column} という列がありません。列の名前を確かめてください。",
        "there is no column {column}; correct its name",
    ),
    "refused_item_carried": (
        "{column} は項目なので、採点に使います。--id と --keep には、ほかの列を書いてください。",
        "{column} is an item and is scored; --id and --keep are for other columns",
    ),
    "refused_name_taken": (
        "{column} は結果の列と同じ名前です。ファイルの列の名前を変えてください。",
        "{column} is the name of a column of the results; rename it in the file",
    ),
    "refused_same_file": (
        "読むファイル、書くファイル、問題の一覧は、別々の名前にしてください。",
        "the answers, --out and --report have to be three different files",
    ),
    "refused_no_folder": (
        "{folder} というフォルダーがありません。先に作ってください。",
        "there is no folder {folder}; make it first",
    ),
    "refused_cluster_extra": (
        "--cluster には dask.distributed が必要です：pip install 'advisor-workbook[cluster]'",
        "--cluster needs dask.distributed: pip install 'advisor-workbook[cluster]'",
    ),
    "refused_cluster_away": (
        "クラスター {address} から返事がありません。アドレスと、動いているかを確かめてください。",
        "the cluster {address} does not answer; check its address, and whether it runs",
    ),
    "refused_cluster_package": (
        "クラスターのコンピューターにも、同じ版の advisor-workbook をインストールしてください。",
        "install the same version of advisor-workbook on the machines of the cluster, too",
    ),
    "refused_cluster_lost": (
        "クラスターとの接続が切れました。動いているかを確かめて、もう一度実行してください。",
        "the cluster went away; see that it runs, and start again",
    ),
    "refused_cluster_killed": (
        "クラスターのプロセスが何度も止まりました。メモリーを増やすか、--cluster なしで試してください。",
        "workers of the cluster died over this file again and again; give them more memory, or leave out --cluster",
    ),
    "finding_fact_choice": (
        "使えない値です。答えなかったものとして採点しました。",
        "cannot stand here; scored as not told",
    ),
    "finding_fact_choice_fix": ("次のどれかにしてください：{allowed}", "use one of: {allowed}"),
    "finding_fact_number": (
        "{low} から {high} までの整数ではありません。答えなかったものとして採点しました。",
        "no whole number from {low} to {high}; scored as not told",
    ),
    "finding_fact_number_fix": (
        "{low} から {high} までの整数にしてください。",
        "use a whole number from {low} to {high}",
    ),
    "finding_fact_list": (
        "使えない値です。答えなかったものとして採点しました。",
        "cannot stand here; scored as not told",
    ),
    "finding_fact_list_fix": (
        "次のうち {most} つまでを、空白で区切り、一度ずつ書いてください：{allowed}",
        "write at most {most} of these, each once, with spaces between: {allowed}",
    ),
    "finding_double_id": (
        "同じ人が {file} の {first} 行目にもいます。どちらも採点しました。",
        "the same respondent stands in row {first} of {file}; both rows are scored",
    ),
    "finding_double_id_fix": (
        "一人の回答が二度入っていれば、片方を消してください。別の人なら番号を分けてください。",
        "remove one if it was entered twice, or give two people two ids",
    ),
    # evidence for a release
    "retest": (
        (
            "同じ人たちの二回分の回答から、下書きの instrument/reliability.csv を作ります"
            "（級内相関 ICC、人数、日付、出典）。架空の人の回答からは作れません。"
        ),
        (
            "Make instrument/reliability.csv of a draft from two files of the same people: intraclass correlation "
            "(ICC), N, date, source. Never from synthetic people."
        ),
    ),
    "norms": (
        (
            "実在する人の回答から、下書きの instrument/norms.csv を作ります"
            "（尺度ごとに一問の形の平均、標準偏差、人数、日付、出典）。架空の人の回答からは作れません。"
        ),
        (
            "Make instrument/norms.csv of a draft from a file of real answers: mean, SD and N of the quick form, date, "
            "source. Never from synthetic people."
        ),
    ),
    "evidence_source": (
        "出典の id。下書きの sources.yaml に書いておきます。",
        "Id of the source; it has to stand in the sources.yaml of the draft.",
    ),
    "evidence_date": ("回答を集め終えた日（2027-04-30 のように）。", "Day on which the last answer came: 2027-04-30."),
    "evidence_out": ("書き出すファイル。指定がなければ表示します。", "File to write; without it, it is printed."),
    "evidence_done": ("{count} 個の尺度を測りました：{path}", "{count} scale(s) measured: {path}"),
    "evidence_few_twice": (
        "全問に二回答えた人が {least} 人に満たない：{scales}",
        "Fewer than {least} people answered every item twice: {scales}",
    ),
    "evidence_no_agreement": (
        "二回の点が一致しない、または全員が同じ点：{scales}",
        "The two scores do not agree, or are alike for all: {scales}",
    ),
    "evidence_few_people": ("{least} 人に満たない：{scales}", "Fewer than {least} people: {scales}"),
    "evidence_all_alike": ("みんなが同じ答え：{scales}", "Everybody gave the same answer: {scales}"),
    "evidence_none": (
        "行にできる尺度がありません。人数と、列の名前を確かめてください。",
        "no scale has enough answers for a row; look at the number of people and the names of the columns",
    ),
    "refused_made_up": (
        "架空の人の回答です（印：{mark}）。信頼性と基準値は、実在する人の回答からだけ作れます。",
        "these people were made up (marked: {mark}); reliabilities and norms come from people who really answered",
    ),
    "refused_no_pairs": (
        "二つのファイルで同じ人を見分けられません。どちらにも、空でなく、重ならない番号（id）の列が必要です。",
        "the two files do not say who is who: each needs a column of ids, none of them empty or twice",
    ),
    # reliability
    "reliability": (
        (
            "回答のファイル（CSV、TSV、Excel、Parquet。フォルダーや *.csv でも可）から、尺度がどれくらい確かに"
            "測れているかを、尺度ごとに一行の表にします（α、ω、測定の標準誤差など）。"
            "言えない数字は空らんにし、そのわけを書きます。"
        ),
        (
            "Tell from a file of answers (CSV, TSV, Excel, Parquet; a folder or a pattern too) how reliably each scale "
            "measures: one row a scale with alpha, omega, standard error of measurement and more. A figure that cannot "
            "be said is left empty, with the reason."
        ),
    ),
    "reliability_items": (
        "項目ごとの表も書きます（答えの分布、項目と残りの相関、その項目を除いたときの α）。",
        "Also write a table of the items: distribution of answers, item-rest correlation, alpha if dropped.",
    ),
    "reliability_mean": (
        "平均・標準偏差・標準誤差を、0〜100 でなく、項目の平均（逆転項目は向きをそろえたもの）の目盛りで書きます。",
        "Mean, SD and SEM in units of the mean of the keyed items instead of 0 to 100.",
    ),
    "measuring": ("計算中", "Measuring"),
    "reliability_done": (
        "{read} 行を読み、{count} 個の尺度を調べました：{path}",
        "{read} rows read, {count} scale(s) examined: {path}",
    ),
    "reliability_empty": ("{figure} は空らん：{scales}（{why}）", "{figure} left empty for {scales}: {why}"),
    "why_one_item": ("項目が一つしかありません", "it has only one item"),
    "why_few_items": (
        "項目が二つでは、共通の因子への負荷が決まりません。三つ以上必要です",
        "two items do not settle how each loads on a factor; it takes three",
    ),
    "why_too_few": (
        "両方に答えた人が二人に満たない項目の組があります。人数か、項目の列を確かめてください",
        "two items were answered together by fewer than two people; look at their columns",
    ),
    "why_no_variance": (
        "みんなが同じ答えの項目があります",
        "there is an item that everybody answered alike",
    ),
    "why_same_total": (
        "項目の合計がみんな同じです。逆転項目の指定（reverse）を確かめてください",
        "everybody's answers add up to the same; see whether an item should be reversed",
    ),
    "why_few_complete": (
        "すべての項目に答えた人が二人に満たないためです",
        "fewer than two people answered every item",
    ),
    "why_nobody": ("点のある人がいません", "nobody has a score"),
    "why_impossible": (
        "答えの抜けが多く、計算が成り立ちません。alpha_complete を見てください",
        "too many gaps: covariances from different people contradict each other; look at alpha_complete",
    ),
    "why_below_zero": (
        "α が 0 より小さいためです。逆転項目の指定（reverse）を確かめてください",
        "alpha is below 0; see whether an item should be reversed",
    ),
    "why_no_alpha": ("α が空らんです", "there is no alpha"),
    "why_not_positive": (
        "ほかの項目から決まってしまう項目があるか、答えの抜けが多すぎます",
        "an item follows from the others, or there are too many gaps",
    ),
    "why_heywood": (
        "一つの項目が因子そのものになってしまい、一因子では言えません（ヘイウッドケース）",
        "one item would have to be the factor itself, so one factor does not describe it (Heywood case)",
    ),
    "why_not_converged": ("因子の推定が定まりませんでした", "the estimate of the factor did not settle"),
}
