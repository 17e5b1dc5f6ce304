"""What the command line says, in Japanese and English.

These words are not part of ``data/``: the command line has to speak even when the data cannot be read.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Literal

from advisor.cli_words_analyst import ANALYST

Language = Literal["ja", "en"]


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language to speak: ADVISOR_LANG, else the locale of the terminal, else that of the system."""
    for name in ("ADVISOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    system = locale.getlocale()[0] or ""  # Windows sets none of these; its name is "Japanese_Japan"
    return "ja" if system.lower().startswith("ja") else "en"


def words(spoken: Language | None = None) -> dict[str, str]:
    """Every sentence in one language."""
    column = 0 if (spoken or language()) == "ja" else 1
    return {key: pair[column] for key, pair in (_WORDS | ANALYST).items()}


_WORDS: dict[str, tuple[str, str]] = {
    # help
    "main": (
        "キャリア相談のワークブック。スライダーで答え、結果を一緒に見て、次の一歩を話し合います。",
        "A workbook for career advisers: answer with sliders, look at the results together, plan the next step.",
    ),
    "exit_codes": (
        "終了コード：0 問題なし、1 問題あり、2 使い方のまちがい。言語の指定は ADVISOR_LANG=ja または en。",
        "Exit codes: 0 fine, 1 something is wrong, 2 wrong usage. The language: ADVISOR_LANG=ja or en.",
    ),
    "serve": (
        "ワークブックを起動し、ブラウザーで開きます。何も指定しなければ、このコンピューターの一人だけが使えます。",
        "Start the workbook and open it in the browser. Without options, one person on this computer can use it.",
    ),
    "serve_login": (
        (
            "だれが使うか。alone：起動時のリンクを開いた人。team：名前とパスワード（advisor users）。"
            "proxy：手前のプロキシが名前を伝える人。hub：JupyterHub が送る人。"
        ),
        (
            "Who may use it. alone: whoever opens the link printed at the start. team: name and password "
            "(advisor users). proxy: whom a proxy in front names. hub: whom a JupyterHub sends."
        ),
    ),
    "serve_host": ("待ち受けるアドレス。指定がなければ 127.0.0.1。", "Address to listen on. Without it 127.0.0.1."),
    "serve_origin": (
        "ブラウザーから見たアドレス。例：https://desk.example",
        "How browsers reach the server, such as https://desk.example",
    ),
    "serve_proxy_header": (
        "アドバイザーの名前が入るヘッダー（--login proxy）。",
        "The header that names the adviser (--login proxy).",
    ),
    "serve_proxy_from": (
        "手前のプロキシのアドレス。ヘッダーはここから来たときだけ信じます。くり返して指定できます。",
        "Address of the proxy in front; headers count only from there. May be given more than once.",
    ),
    "serve_sessions": (
        "同時に開けるページの数。それより多い人には、順番を待つ画面が出ます。",
        "How many pages may be open at once. Others see a waiting page and come in by order.",
    ),
    "serve_tabs": ("一人が同時に開けるページの数。", "How many pages one adviser may have open at once."),
    "serve_bad_origin": (
        "--origin は https://desk.example のように、スキームとホスト名だけで書いてください（小文字）。",
        "--origin has to be scheme and host only, in small letters, such as https://desk.example.",
    ),
    "serve_alone_is_local": (
        "--login alone は、このコンピューターの中だけで使えます。ほかの人も使うときは --login team にしてください。",
        "--login alone is for this computer only. For other people, use --login team.",
    ),
    "serve_needs_https": (
        "ほかのコンピューターから使うときは、手前のプロキシ（TLS）のアドレスを --origin https://… で示してください。",
        "To be reached from other computers, name the address of the TLS proxy in front with --origin https://….",
    ),
    "serve_needs_proxy": (
        "--login proxy には、--proxy-header と --proxy-from が必要です。",
        "--login proxy needs --proxy-header and --proxy-from.",
    ),
    "serve_bad_address": ("--proxy-from は IP アドレスで書いてください。", "--proxy-from has to be an IP address."),
    "serve_hub_extra": (
        "--login hub には jupyterhub が必要です：pip install 'advisor-workbook[hub]'",
        "--login hub needs jupyterhub: pip install 'advisor-workbook[hub]'",
    ),
    "serve_no_hub": (
        "--login hub は JupyterHub が起動するときのものです。環境変数 {name} が合いません（deploy/README.md）。",
        "--login hub is for a JupyterHub to start. The variable {name} is not as it should be: see deploy/README.md.",
    ),
    "another": ("新しいリンク：{url}", "A new link: {url}"),
    "once": (
        "このリンクは一度だけ使えます。リンクなしでページを開くと、ここに新しいリンクが出ます。",
        "The link works once. Open the page without it, and a new one appears here.",
    ),
    "no_advisers": (
        "アドバイザーがまだ登録されていません。advisor users add で登録してください。",
        "No adviser is registered yet: advisor users add registers one.",
    ),
    "serve_port": (
        "使うポート。指定がなければ 8866、使用中なら空いているポート。",
        "Port to listen on. Without it 8866, or any free one if that is taken.",
    ),
    "serve_browser": ("ブラウザーを開きません。", "Do not open the browser."),
    "check": (
        "データを検査します。DIR を省くと、このワークブックのデータを検査します。",
        "Check the data in DIR, or the workbook's own data without it.",
    ),
    "check_schema": (
        "YAML ファイルの JSON Schema を、このフォルダーに書き出します（エディターの補完と検査用）。",
        "Write the JSON Schemas of the YAML files into this folder (for completion and checks in an editor).",
    ),
    "doctor": (
        "このコンピューターで動くかを調べます。足りないものと、その直し方を示します。",
        "Look at this computer. Tells what the workbook lacks to run, and what to do about it.",
    ),
    # serve
    "running": ("ワークブックを開きました： {url}", "The workbook is running at {url}"),
    "stop": ("終わるときは Ctrl+C を押してください。", "Press Ctrl+C to stop."),
    "port_taken": (
        "ポート {port} は使えません（使用中か、許可がありません）。--port で別の番号を選んでください。",
        "Port {port} is not to be had (taken, or not permitted). Choose another with --port.",
    ),
    "no_notebook": ("ノートブックが見つかりません： {path}", "The notebook is missing: {path}"),
    # check
    "problems": ("問題が {count} 件あります。", "{count} problem(s)."),
    "data_ok": (
        "データに問題はありません。採点 {version}、ダイジェスト {digest}、{counts}",
        "The data is sound. Scoring {version}, digest {digest}, {counts}",
    ),
    "draft_ok": ("下書き {version} にも問題はありません。", "The draft {version} is sound, too."),
    "counts": (
        "尺度 {scales}、項目 {items}、ステップ {steps}、道 {paths}、職種 {roles}、未訳 {fallbacks}",
        "scales {scales}, items {items}, steps {steps}, paths {paths}, roles {roles}, untranslated {fallbacks}",
    ),
    "schemas": ("JSON Schema を {count} 件書き出しました： {path}", "Wrote {count} JSON Schemas to {path}"),
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
        "書き出しました： {path}（お客様 {clients}、相談 {visits}、変更 {events}）",
        "Written: {path} (clients {clients}, sessions {visits}, changes {events})",
    ),
    "restored": (
        "戻しました： お客様 {clients}、相談 {visits}、変更 {events}（消去済みのため戻さなかったもの {left_out}）",
        "Brought back: clients {clients}, sessions {visits}, changes {events} (left out, as erased: {left_out})",
    ),
    "upgraded": ("保存先は、このワークブックの形式になっています。", "The store has the form of this workbook."),
    "key_hint": (
        "この鍵を ADVISOR_KEY に設定して advisor db reseal を実行してください。鍵をなくすと、だれにも読めません。",
        "Set ADVISOR_KEY to this key, then run: advisor db reseal. Without the key nobody can read what it encrypts.",
    ),
    "resealed": ("すべて暗号化し直しました。", "Everything is encrypted under the first key."),
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
        "その名前は使えません。80文字までの一行にしてください。",
        "That name cannot be used. It has to be one line of at most 80 characters.",
    ),
    "adviser_team": (
        "そのチーム名は使えません。80文字までの一行にしてください。",
        "That team name cannot be used. It has to be one line of at most 80 characters.",
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
    "store_bad_key": (
        "ADVISOR_KEY が鍵ではありません。鍵の作り方： advisor db new-key",
        "ADVISOR_KEY holds no key. To make one: advisor db new-key",
    ),
    "store_no_driver": (
        "ADVISOR_DATABASE_URL のデータベースを使えません。PostgreSQL なら pip install 'advisor-workbook[postgres]'",
        "The database of ADVISOR_DATABASE_URL cannot be used. For PostgreSQL: pip install 'advisor-workbook[postgres]'",
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
    # doctor
    "storage": ("保存先", "Store"),
    "storage_sealed": ("{where}（お名前や記録を暗号化）", "{where} (names and notes encrypted)"),
    "storage_plain": ("{where}（暗号化なし）", "{where} (not encrypted)"),
    "ok": ("OK  ", "ok  "),
    "warn": ("注意", "warn"),
    "fail": ("不可", "fail"),
    "all_ok": ("ワークブックを使えます。", "The workbook can run."),
    "not_ok": (
        "このままでは動きません。「不可」の行を直してください。",
        "The workbook cannot run yet. Mend what says 'fail'.",
    ),
    "python": ("Python", "Python"),
    "python_fix": ("Python 3.11〜3.14 を入れてください。", "Install Python 3.11 to 3.14."),
    "packages": ("ライブラリー", "Packages"),
    "packages_fix": (
        "もう一度セットアップしてください： make setup（または pip install）",
        "Set up again: make setup (or pip install)",
    ),
    "missing": ("{names} がないか、版が合いません", "missing or of another version: {names}"),
    "template": ("画面の部品", "Page parts"),
    "template_ok": ("テンプレート、ウィジェット、plotly.js", "template, widgets, plotly.js"),
    "front_missing": (
        "画面の部品がまだ作られていません。make setup を実行するか、ワークブックをインストールし直してください。",
        "The page's front end has not been built. Run make setup, or install the workbook again.",
    ),
    "front_fix": (
        "make setup を実行するか、ワークブックをインストールし直してください。",
        "Run make setup, or install the workbook again.",
    ),
    "data": ("データ", "Data"),
    "data_fix": ("くわしくは： advisor check", "For details: advisor check"),
    "notebook": ("ノートブック", "Notebook"),
    "reinstall": ("もう一度インストールしてください。", "Install the workbook again."),
    "font": ("日本語フォント", "Japanese font"),
    "font_system": ("システムに付属", "part of the system"),
    "font_none": ("見つかりません", "none found"),
    "font_unknown": ("調べられません（fc-list がありません）", "cannot tell (no fc-list)"),
    "font_fix": (
        "文字が□になるときは入れてください： apt install fonts-noto-cjk",
        "If text shows as boxes, install one: apt install fonts-noto-cjk",
    ),
    "browser": ("ブラウザー", "Browser"),
    "browser_none": ("見つかりません", "none found"),
    "browser_fix": (
        "Chrome、Edge、Firefox、Safari のどれかで、表示されたアドレスを開いてください。",
        "Open the printed address in Chrome, Edge, Firefox or Safari.",
    ),
    "write": ("書き込み", "Write access"),
    "write_fix": ("書き込めるフォルダーを TMPDIR で指定してください。", "Name a folder that can be written to: TMPDIR"),
    "port": ("ポート", "Port"),
    "port_free": ("{port} は空いています", "{port} is free"),
    "port_busy": (
        "{port} は使用中です（ほかの空いているポートで起動します）",
        "{port} is taken (the workbook will start on another one)",
    ),
    "port_none": ("127.0.0.1 のポートを開けません", "no port of 127.0.0.1 can be opened"),
    "port_fix": ("セキュリティーソフトの設定を確かめてください。", "Look at the settings of security software."),
}
