"""What the commands say that serve, check and look after the machine."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
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
    "serve_proxy_user": (
        (
            "手前のプロキシがこのコンピューターで動くときの、そのユーザー名（Linux）。"
            "ほかのユーザーが送ったヘッダーは信じません。くり返して指定できます。"
        ),
        (
            "The user the proxy in front runs as, if it runs on this computer (Linux); nobody else's headers count. "
            "May be given more than once."
        ),
    ),
    "serve_bad_user": (
        "--proxy-user のユーザーが、このコンピューターに見つかりません。",
        "--proxy-user names a user that this computer does not have.",
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
    "kernels": ("ページの起動", "Pages start"),
    "kernels_ok": ("準備まで {seconds} 秒", "made ready in {seconds} s"),
    "kernels_plain": ("ページごとに Python を起動します", "each page starts a Python of its own"),
    "kernels_slow": (
        "まとめて準備できません（ページごとに Python を起動するので、開くのが遅くなります）",
        "nothing can be made ready beforehand (each page starts a Python of its own, which is slower)",
    ),
    "kernels_fix": (
        "メモリとプロセス数の上限を確かめてください。くわしくは：advisor check",
        "Look at the limits of memory and processes. For the data: advisor check",
    ),
    "handles": ("ファイルとソケット", "Files and sockets"),
    "handles_free": ("上限なし", "no limit"),
    "handles_pages": ("上限 {count}（{pages} ページ分）", "at most {count}, enough for {pages} pages"),
    "handles_fix": (
        "上限を上げてください： ulimit -n 4096（systemd では LimitNOFILE）",
        "Raise the limit: ulimit -n 4096 (LimitNOFILE for systemd)",
    ),
    "port": ("ポート", "Port"),
    "port_free": ("{port} は空いています", "{port} is free"),
    "port_busy": (
        "{port} は使用中です（ほかの空いているポートで起動します）",
        "{port} is taken (the workbook will start on another one)",
    ),
    "port_none": ("127.0.0.1 のポートを開けません", "no port of 127.0.0.1 can be opened"),
    "port_fix": ("セキュリティーソフトの設定を確かめてください。", "Look at the settings of security software."),
}
