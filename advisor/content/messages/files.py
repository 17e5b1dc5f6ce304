"""What is said of a file of answers: why it is not read, what is wrong in it, how to mend it."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
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
}
