"""What the commands for analysts say, in Japanese and English."""

from __future__ import annotations

ANALYST: dict[str, tuple[str, str]] = {
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
    # reading cohort files: a file that is not read at all says why and what to do in one sentence
    "refused_empty": (
        "中身のないファイルです。保存しなおしてください。",
        "the file is empty; save it again",
    ),
    "refused_old_excel": (
        "古い形式（.xls）か、パスワードのかかった Excel です。パスワードを外し、.xlsx で保存してください。",
        "an old .xls workbook, or one with a password; save it as .xlsx without a password",
    ),
    "refused_encoding_unknown": (
        "{encoding} という文字コードは使えません。使えるもの：{known}",
        "{encoding} is no encoding that can be read; use one of {known}",
    ),
    "refused_not_encoding": (
        (
            "{line} 行目（{byte} バイト目）が {encoding} ではありません。"
            "UTF-8 で保存しなおすか、--encoding で指定してください。"
        ),
        "line {line} (byte {byte}) is not {encoding}; save the file as UTF-8, or name its encoding with --encoding",
    ),
    "refused_no_encoding": (
        (
            "文字コードがわかりません。UTF-8 でないのは {line} 行目（{byte} バイト目）、"
            "CP932 でないのは {cp932_line} 行目（{cp932_byte} バイト目）です。"
            "UTF-8 で保存しなおすか、--encoding で指定してください。"
        ),
        (
            "the encoding is unclear: line {line} (byte {byte}) is not UTF-8, line {cp932_line} (byte {cp932_byte}) is "
            "not CP932; save the file as UTF-8, or name its encoding with --encoding"
        ),
    ),
    "refused_nul": (
        "{line} 行目（{byte} バイト目）に NUL があります。UTF-8 の CSV で保存しなおしてください。",
        "line {line} (byte {byte}) holds a NUL; save the file as CSV in UTF-8 (is it UTF-16? --encoding utf-16-le)",
    ),
    "refused_line_long": (
        "{line} 行目が {limit} MB を超えています。一人一行の表かどうか確かめてください。",
        "line {line} is longer than {limit} MB; a cohort file has one row a respondent",
    ),
    "refused_record_long": (
        "{line} 行目から始まる行が {limit} MB を超えています。引用符（”）の閉じ忘れがないか確かめてください。",
        "the row that begins in line {line} is longer than {limit} MB; see whether a quote there is closed",
    ),
    "refused_cell_long": (
        "{line} 行目から始まる行に {limit} 字を超えるセルがあります。引用符（”）の閉じ忘れがないか確かめてください。",
        "the row that begins in line {line} has a cell of more than {limit} characters; see whether a quote is closed",
    ),
    "refused_quote_open": (
        "{line} 行目から始まる行の引用符（”）が閉じていません。閉じてから保存してください。",
        "the row that begins in line {line} opens a quote and never closes it; close it",
    ),
    "refused_not_csv": (
        "{line} 行目から先が表として読めません。CSV で保存しなおしてください。",
        "from line {line} on this is no table; save it as CSV again",
    ),
    "refused_changed": (
        "読んでいるあいだにファイルが変わりました。書き終わってから、もう一度試してください。",
        "the file changed while it was read; try again when nothing writes to it",
    ),
    "refused_header_long": (
        "一行目が長すぎます（{limit} 列、{bytes} MB まで）。見出しが一行目にあるか確かめてください。",
        "the first row is too long ({limit} columns and {bytes} MB at most); it has to be the names of the columns",
    ),
    "refused_header_empty": (
        "一行目が空です。一行目に列の名前を書いてください。",
        "the first row is empty; write the names of the columns there",
    ),
    "refused_doubled": (
        "同じ名前の列があります：{columns}。どちらかの名前を変えてください。",
        "these columns stand twice: {columns}; rename or remove one of each",
    ),
    "refused_no_items": (
        "項目の列が一つもありません。ファイルの列：{columns}。必要な列：{items}",
        "no column is an item: the file has {columns}; the items are {items}",
    ),
    "refused_column_type": (
        "列 {column} は数でも文字でもありません（{type}）。数か文字にして保存してください。",
        "the column {column} holds neither numbers nor text ({type}); store it as one of them",
    ),
    "refused_gzip_bomb": (
        "圧縮の中身が {limit} 倍を超えるので、読むのをやめました。圧縮せずに渡してください。",
        "unpacks to more than {limit} times its size, and was not read on; bring it unpacked",
    ),
    "refused_gzip_broken": (
        "圧縮ファイル（gzip）が壊れています。もう一度受け取ってください。",
        "the gzip file is broken; fetch it again",
    ),
    "refused_excel_bomb": (
        "Excel の中身（{what}）が大きすぎるか、あやしい作りなので、開きませんでした。CSV で保存してください。",
        "a part of the workbook ({what}) is too large or oddly made, so it was not opened; save the sheet as CSV",
    ),
    "refused_excel_cells": (
        "シートのセルが {limit} を超えています。CSV で保存してください。",
        "the sheet has more than {limit} cells; save it as CSV",
    ),
    "refused_excel_broken": (
        "Excel のファイルとして読めません（{error}）。Excel で開いて保存しなおすか、CSV にしてください。",
        "no workbook that can be read ({error}); open and save it in Excel again, or save it as CSV",
    ),
    "refused_no_sheet": (
        "{sheet} というシートがありません。あるのは：{sheets}",
        "there is no sheet {sheet}; the workbook has {sheets}",
    ),
    "refused_parquet_broken": (
        "Parquet のファイルが壊れています。もう一度書き出してください。",
        "the Parquet file is broken; write it again",
    ),
    "refused_parquet_wide": (
        "Parquet の列が多すぎます（{limit} 列まで）。必要な列だけにしてください。",
        "the Parquet file has too many columns ({limit} at most); keep only those that are needed",
    ),
    "refused_parquet_bomb": (
        "Parquet の大きさに対して、中身が多すぎます（{rows} 行）。読みませんでした。CSV で渡してください。",
        "the Parquet file claims more ({rows} rows) than its size can hold, and was not read; bring it as CSV",
    ),
    # reading cohort files: what was found in one that is read, and how to mend it
    "finding_missing_item": (
        "この項目の列がありません。答えがないものとして扱いました。",
        "this item has no column; it counts as unanswered by all",
    ),
    "finding_missing_item_fix": (
        "列を加えるか、名前を項目に合わせてください。",
        "add the column, or correct its name",
    ),
    "finding_unread": (
        "使わない列が {count} あります：{columns}",
        "{count} column(s) not read: {columns}",
    ),
    "finding_unread_fix": (
        "項目の列があれば、名前を項目に合わせてください。",
        "if one of them is an item, correct its name",
    ),
    "finding_nameless": (
        "名前のない列が {count} あります。読んでいません。",
        "{count} column(s) without a name; not read",
    ),
    "finding_nameless_fix": (
        "一行目に名前を書くか、列を消してください。",
        "name them in the first row, or remove them",
    ),
    "finding_not_number": (
        "数ではありません。答えがないものとして扱いました。",
        "not a number; counts as unanswered",
    ),
    "finding_not_number_fix": (
        "{low} から {high} までの整数にするか、空にしてください。",
        "write a whole number from {low} to {high}, or leave the cell empty",
    ),
    "finding_full_width": (
        "全角の数字です。答えがないものとして扱いました。",
        "full-width digits; counts as unanswered",
    ),
    "finding_full_width_fix": (
        "半角で書いてください（{low} から {high}）。",
        "type it in ASCII digits, from {low} to {high}",
    ),
    "finding_fraction": (
        "整数ではありません。答えがないものとして扱いました。",
        "not a whole number; counts as unanswered",
    ),
    "finding_fraction_fix": (
        "{low} から {high} までの整数にしてください。",
        "write a whole number from {low} to {high}",
    ),
    "finding_out_of_range": (
        "{low} から {high} の外です。答えがないものとして扱いました。",
        "outside {low} to {high}; counts as unanswered",
    ),
    "finding_out_of_range_fix": (
        "{low} から {high} までの整数にするか、空にしてください。",
        "write a whole number from {low} to {high}, or leave the cell empty",
    ),
    "finding_more_cells_column": (
        "この行から先、この列の使えない値がさらに {count} あります。答えがないものとして扱いました。",
        "{count} more cell(s) of this column, from this row on, cannot be used; they count as unanswered",
    ),
    "finding_more_cells_column_fix": (
        "この列がほんとうに項目の答え（{low} から {high}）か、確かめてください。",
        "see whether this column really holds answers from {low} to {high}",
    ),
    "finding_cells": (
        "セルが {found} あります（見出しは {expected}）。この行は使っていません。",
        "{found} cells where the header has {expected}; the row is not used",
    ),
    "finding_cells_fix": (
        "セルを足すか消すか、区切りの入ったセルを引用符（”）で囲んでください。",
        "add or remove cells, or put quotes around a cell that holds a delimiter",
    ),
    "finding_more_cells": (
        "この行より後にも、見出しと長さの合わない行が {count} あります。どれも使っていません。",
        "{count} more row(s) after this one are not as long as the header; none is used",
    ),
    "finding_more_cells_fix": (
        "区切りの文字（コンマ、タブ）と引用符が正しいか、確かめてください。",
        "see whether the delimiter (comma, tab) and the quotes are right",
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
    "diff_general": ("そのほかの数値", "Single figures"),
    "diff_hint": ("アドバイザーへのヒント", "Hints for the adviser"),
    "diff_source": ("出典", "Sources"),
    "diff_cases": ("計算例：{all}件のうち{n}件が変わります", "Worked cases: {n} of {all} change"),
    "diff_cases_none": ("計算例：{all}件とも変わりません", "Worked cases: none of {all} changes"),
    "diff_case_was": ("前", "was"),
    "diff_case_now": ("後", "now"),
    "diff_nothing": ("なし", "none"),
    "diff_effect": ("{file} の{n}人のうち", "Of the {n} respondents in {file}"),
    "diff_first_path": ("一番目の道が変わる", "have another first path"),
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
            "回答がない {unanswered}、前の版の質問に答えた {older}、事情の似た人が {k} 人いない {rare}。"
        ),
        (
            "Left out of {clients} clients: consent over {expired}, other purpose {purpose}, "
            "nothing answered {unanswered}, an older questionnaire {older}, fewer than {k} alike {rare}."
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
