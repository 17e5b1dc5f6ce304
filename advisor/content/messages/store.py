"""What the commands of the store say: backups, advisers, the log."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # backup, restore, db
    "backup": (
        "保存されているものすべてを、パスフレーズで暗号化した 1 つの新しいファイルに書き出します。",
        "Write everything that is stored into one new file, encrypted under a passphrase.",
    ),
    "restore": (
        "バックアップを検査して、保存先に戻します。消去したお客様は戻りません。",
        "Check a backup and bring it back into the store. Clients who were erased stay erased.",
    ),
    "restore_replace": (
        "いま保存されているものを、バックアップの内容に置きかえます。",
        "Put the backup in the place of what is stored now.",
    ),
    "db": ("保存先（データベース）の手入れをします。", "Look after the store (the database)."),
    "db_upgrade": (
        "保存先を、このワークブックの形式にします。何度実行してもかまいません。",
        "Bring the store to the form of this workbook. It may be run any number of times.",
    ),
    "db_new_key": (
        "お名前や記録を暗号化する鍵を 1 つ作って表示します。",
        "Make and print a key that encrypts names and notes.",
    ),
    "db_reseal": (
        "保存されているものすべてを、ADVISOR_KEY の最初の鍵で暗号化し直します。",
        "Encrypt everything that is stored anew, under the first key of ADVISOR_KEY.",
    ),
    "passphrase": ("パスフレーズ", "Passphrase"),
    "passphrase_empty": ("パスフレーズが空です。", "The passphrase is empty."),
    "backed_up": (
        "書き出しました： {path}（お客様 {clients}、相談 {visits}、変更 {events}）。保存先： {place}",
        "Written: {path} (clients {clients}, sessions {visits}, changes {events}). Store: {place}",
    ),
    "backed_up_nothing": (
        "注意：保存先（{place}）には、お客様も相談もありません。ここがいつもの保存先か、確かめてください。",
        "Note: there is no client and no session in the store ({place}). See whether this is the usual one.",
    ),
    "db_adopt": (
        "いまの場所にある保存先を、これから使うものとして覚え、番号を表示します。保存先を替えたときに使います。",
        "Know the store that stands there as the one to use from now on, and print its id: where it was replaced.",
    ),
    "adopted": (
        "覚えました： {place}。動いているワークブックは起動し直し、Hub には番号を ADVISOR_STORE_ID で渡してください。",
        "Known from now on: {place}. Start running workbooks again. A Hub is given this id as ADVISOR_STORE_ID.",
    ),
    "db_forget": (
        "いまの場所にあった保存先を忘れます。そのあとは、同じ場所に新しい保存先を作れます。記録は消しません。",
        "Forget the store that stood there, so that a new one may be made in its place. No record is erased.",
    ),
    "forgotten": (
        "忘れました： {place}。次に起動したときか、advisor restore で、新しい保存先を作ります。",
        "Forgotten: {place}. The next start, or advisor restore, makes a new store there.",
    ),
    "forgotten_nothing": ("覚えている保存先はありません： {place}", "No store is known there: {place}"),
    "store_id_set": (
        "環境変数 ADVISOR_STORE_ID が、別の番号になっています。そちらが優先されるので、直すか外してください。",
        "The variable ADVISOR_STORE_ID holds another id, and goes first: correct it, or take it out.",
    ),
    "restored": (
        "戻しました： お客様 {clients}、相談 {visits}、変更 {events}（消去済みのため戻さなかったもの {left_out}）",
        "Brought back: clients {clients}, sessions {visits}, changes {events} (left out, as erased: {left_out})",
    ),
    "backed_up_unread": (
        "読み込めない記録が {number} 件あり、そのまま書き出しました： {names}。確かめるには： advisor doctor",
        "{number} row(s) could not be read, and are in the file as they stand: {names}. To see more: advisor doctor",
    ),
    "restored_unread": (
        "このうち {number} 件は、バックアップのときから読み込めない記録です： {names}",
        "{number} of the rows cannot be read, as when the backup was made: {names}",
    ),
    "resealed_unread": (
        "ただし、どの鍵でも開かない、または壊れた記録が {number} 件あり、そのまま残してあります： {names}",
        "{number} row(s) could not be read and stay as they are: {names}",
    ),
    "rows": ("記録の中身", "what is stored"),
    "rows_ok": ("すべて読み込めます", "all of it can be read"),
    "rows_unknown": ("確かめられませんでした", "could not be looked at"),
    "rows_unknown_fix": (
        "先に、上の「保存先」を直してください。",
        "Mend the store first: the line above says how.",
    ),
    "rows_damaged": ("読み込めない記録が {number} 件あります： {names}", "{number} row(s) cannot be read: {names}"),
    "rows_damaged_fix": (
        "いまの内容を控えてから（advisor backup）、壊れる前のバックアップを調べてください（docs/data.md）。",
        "Keep what is there now (advisor backup), then look into a backup from before (docs/data.md).",
    ),
    "upgraded": ("保存先は、このワークブックの形式になっています。", "The store has the form of this workbook."),
    "key_hint": (
        "この鍵を ADVISOR_KEY に設定して advisor db reseal を実行してください。鍵をなくすと、だれにも読めません。",
        "Set ADVISOR_KEY to this key, then run: advisor db reseal. Without the key nobody can read what it encrypts.",
    ),
    "resealed": (
        "すべて暗号化し直し、ログインを終わらせました。サーバーを新しい鍵で起動し直すまで、開いたままの画面は保存できません。",
        "Everything is under the first key, and logins have ended. Until the server starts anew, pages do not save.",
    ),
    "resealed_not_swept": (
        "暗号化し直しましたが、以前の内容がファイルに残っています。ほかのワークブックを閉じて、もう一度実行してください。",
        "Encrypted, but the files still hold what stood before. Close other workbooks and run this again.",
    ),
    "backup_exists": (
        "そのファイルはもうあります。別の名前を指定してください。",
        "That file is there already. Choose another name.",
    ),
    "backup_not_written": (
        "バックアップを書き込めません。書き込み先と空き容量を確かめてください。",
        "The backup could not be written. Look at the place and its free space.",
    ),
    "backup_unreadable": (
        "ファイルを読めません。場所と権限を確かめてください。",
        "The file cannot be read. Look at its place and rights.",
    ),
    "backup_damaged": (
        "バックアップではないか、壊れています。ほかのバックアップを使ってください。",
        "This is no backup, or it is damaged. Use another one.",
    ),
    "backup_newer": (
        "新しい版のワークブックで作られたバックアップです。ワークブックを新しくしてください。",
        "A newer workbook made this backup. Install that one.",
    ),
    "backup_passphrase": (
        "パスフレーズが違います。もう一度お試しください。",
        "The passphrase is not the right one. Try again.",
    ),
    "backup_not_empty": (
        "保存先にデータがあります。置きかえてよければ --replace を付けてください。",
        "The store is not empty. With --replace the backup takes the place of what is stored.",
    ),
    # users, log
    "users": (
        "アドバイザーを登録し、利用を止め、お客様を引き継ぎます。",
        "Add advisers, stop them, and hand their clients over.",
    ),
    "users_add": (
        "アドバイザーを登録します。パスワードは画面に出ない形で二度たずねます（ADVISOR_PASSWORD でも渡せます）。",
        "Add an adviser. The password is asked for twice, unseen (or taken from ADVISOR_PASSWORD).",
    ),
    "users_team": ("チームの名前。空にすると、どのチームにも入りません。", "Name of the team; empty for none."),
    "users_lead": (
        "チームのリーダーにします。同じチームのお客様も見られます。",
        "Leads the team: sees the clients of the same team, too.",
    ),
    "users_generate": (
        "パスワードを作り、一度だけ表示します。",
        "Make the password, and print it once.",
    ),
    "users_disable": (
        "アドバイザーの利用を止めます。開いている画面も、その時から何も読み書きできません。",
        "Stop an adviser. Open pages can read and write nothing from that moment on.",
    ),
    "users_enable": ("止めていた利用を再開します。", "Let an adviser in again."),
    "users_reset": (
        "新しいパスワードにし、ログインをすべて終わらせます。",
        "Set a new password, and end all logins.",
    ),
    "users_change": ("チームや、リーダーかどうかを変えます。", "Change an adviser's team and whether they lead it."),
    "users_list": (
        "アドバイザーを、チーム、状態、お客様の数といっしょに表示します。",
        "Print the advisers with team, state and number of clients.",
    ),
    "users_hand_over": (
        "FROM のお客様をすべて TO に引き継ぎます。FROM を - にすると、だれの担当でもないお客様を引き継ぎます。",
        "Hand all clients of FROM over to TO. A dash as FROM means those of nobody.",
    ),
    "users_columns": ("名前 チーム 役割 状態 お客様", "name team part state clients"),
    "users_leads": ("リーダー", "lead"),
    "users_is_active": ("利用中", "active"),
    "users_is_disabled": ("停止中", "disabled"),
    "users_nobody": ("（担当なし）", "(nobody)"),
    "users_password": ("パスワード（12文字以上）", "Password (12 characters or more)"),
    "users_password_again": ("もう一度", "Once more"),
    "users_once": (
        "このパスワードは二度と表示されません。本人に渡し、ログイン後に変えてもらってください。",
        "This password is never shown again. Hand it to the adviser, who should change it after logging in.",
    ),
    "users_added": ("登録しました： {name}", "Added: {name}"),
    "users_without": (
        "担当のいないお客様が {clients} 名います。引き継ぐには： advisor users hand-over - 名前",
        "Clients of nobody: {clients}. To hand them over: advisor users hand-over - NAME",
    ),
    "users_disabled": (
        "利用を止めました： {name}。お客様の引き継ぎ： advisor users hand-over",
        "Stopped: {name}. To hand their clients over: advisor users hand-over",
    ),
    "users_enabled": ("利用を再開しました： {name}", "May work again: {name}"),
    "users_reset_done": ("新しいパスワードにしました： {name}", "New password set: {name}"),
    "users_changed": ("変更しました： {name}", "Changed: {name}"),
    "users_handed_over": (
        "引き継ぎました： お客様 {clients}、お客様の決まっていない相談 {visits}",
        "Handed over: clients {clients}, sessions of no client {visits}",
    ),
    "adviser_unknown": (
        "その名前のアドバイザーはいません。確かめるには： advisor users list",
        "There is no adviser of that name. To see all: advisor users list",
    ),
    "adviser_taken": (
        "その名前（大文字と小文字、全角と半角は区別しません）は、もう使われています。",
        "That name is taken (capitals and width make no difference).",
    ),
    "adviser_disabled": (
        "引き継ぎ先は利用を止められています。先に advisor users enable を実行してください。",
        "The adviser who would take them is stopped. Run advisor users enable first.",
    ),
    "adviser_name": (
        "その名前は使えません。80文字までの一行にし、目に見えない文字を入れないでください。",
        "That name cannot be used. It has to be one line of at most 80 characters, none of them invisible.",
    ),
    "adviser_team": (
        "そのチーム名は使えません。80文字までの一行にし、目に見えない文字を入れないでください。",
        "That team name cannot be used. It has to be one line of at most 80 characters, none of them invisible.",
    ),
    "password_short": ("パスワードは12文字以上にしてください。", "The password has to have 12 characters or more."),
    "password_long": ("パスワードは128文字までにしてください。", "The password may have 128 characters at most."),
    "password_common": (
        "そのパスワードは当てられやすいものです。名前を入れず、別の言葉を組み合わせてください。",
        "That password is easy to guess. Combine other words, without the name.",
    ),
    "not_allowed": (
        "このアドバイザーの利用は止められています。",
        "This adviser may not use the workbook.",
    ),
    "no_adviser": ("どのアドバイザーかがわかりません。", "It is not known which adviser this is."),
    "log": (
        "だれがいつ、どの記録を開き、書き出し、消したかを CSV で表示します。お客様は番号だけで示します。",
        "Print who opened, exported or erased which record, as CSV. Clients appear under their opaque ids only.",
    ),
    "log_since": ("この日から（日本時間）。", "From this day on (time of Tokyo)."),
    "log_adviser": ("このアドバイザーのものだけ。", "Of this adviser only."),
    # the store
    "store_older": (
        "保存先は古い形式です。実行してください： advisor db upgrade",
        "The store has an older form. Run: advisor db upgrade",
    ),
    "store_newer": (
        "保存先は新しい版のワークブックのものです。ワークブックを新しくしてください。",
        "A newer workbook made the store. Install that one.",
    ),
    "store_sealed": (
        "保存されているものは暗号化されています。そのときの鍵を ADVISOR_KEY に設定してください。",
        "What is stored is encrypted. Set ADVISOR_KEY to the key of that time.",
    ),
    "store_key": (
        "ADVISOR_KEY の最初の鍵は、いま使われている鍵ではありません。advisor db reseal で使った鍵にしてください。",
        "The first key of ADVISOR_KEY is not the one in use. Set the key that advisor db reseal was run with.",
    ),
    "store_bad_key": (
        "ADVISOR_KEY が鍵ではありません。鍵の作り方： advisor db new-key",
        "ADVISOR_KEY holds no key. To make one: advisor db new-key",
    ),
    "store_no_driver": (
        "ADVISOR_DATABASE_URL のデータベースを使えません。PostgreSQL なら pip install 'advisor-workbook[postgres]'",
        "The database of ADVISOR_DATABASE_URL cannot be used. For PostgreSQL: pip install 'advisor-workbook[postgres]'",
    ),
    "store_gone": (
        (
            "保存先が見つかりません： {place}。USBメモリーやネットワークドライブがつながっているか確かめてください。"
            "何も書き込んでいません。なくなったことが確かなときだけ advisor db forget を実行し、"
            "advisor restore でバックアップから戻すか、新しく始めてください。"
        ),
        (
            "The store is not there: {place}. See whether its USB stick or network drive is connected. Nothing was "
            "written. Only if it is lost for good: advisor db forget, then advisor restore a backup, or begin anew."
        ),
    ),
    "store_other": (
        (
            "いつもと別の保存先があります： {place}。何も書き込んでいません。いつものものに戻してください。"
            "これを使うことにするなら： advisor db adopt"
        ),
        (
            "Another store than the usual one stands there: {place}. Nothing was written. Put the usual one back. "
            "To use this one on purpose: advisor db adopt"
        ),
    ),
    "store_none": (
        (
            "保存先がまだありません： {place}。ワークブックと同じ設定（ADVISOR_DATABASE_URL など）で実行しているか、"
            "確かめてください。"
        ),
        (
            "There is no store yet: {place}. See whether this runs with the settings of the workbook "
            "(ADVISOR_DATABASE_URL and the like)."
        ),
    ),
    "store_full": (
        "保存先の空きがありません。空きを作って、もう一度実行してください。",
        "There is no space left in the store. Make some and try again.",
    ),
    "store_locked": (
        "保存先が、ほかの処理で使われています。少し待って、もう一度実行してください。",
        "The store is busy with something else. Wait a little and try again.",
    ),
    "store_broken": (
        "保存先を読み書きできません。場所と権限、サーバーが動いているかを確かめてください。",
        "The store cannot be read or written. Look at its place and rights, and whether its server runs.",
    ),
}
