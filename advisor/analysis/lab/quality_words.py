"""What the notebook on the instrument's quality says in tables and pictures, in Japanese and English."""

from __future__ import annotations

from advisor.content.messages import Language

_WORDS: dict[str, tuple[str, str]] = {
    "synthetic": ("架空の回答です：実在の人の回答ではありません", "Synthetic answers: nobody's real ones"),
    # figures of a scale
    "scale": ("尺度", "Scale"),
    "n_items": ("項目数", "Items"),
    "n": ("人数", "N"),
    "missing": ("点なし", "No score"),
    "unanswered": ("無回答の割合", "Unanswered"),
    "mean": ("平均", "Mean"),
    "sd": ("標準偏差", "SD"),
    "alpha": ("α", "Alpha"),
    "alpha_low": ("α 下限", "Alpha, low"),
    "alpha_high": ("α 上限", "Alpha, high"),
    "alpha_std": ("標準化 α", "Alpha, std"),
    "alpha_complete": ("α（全問回答者）", "Alpha, complete"),
    "n_complete": ("全問回答者", "N complete"),
    "omega_total": ("ω", "Omega"),
    "sem": ("標準誤差", "SEM"),
    "floor": ("最低点の割合", "Floor"),
    "ceiling": ("最高点の割合", "Ceiling"),
    "empty": ("空らんのわけ", "Why empty"),
    # figures of an item
    "item": ("項目", "Item"),
    "reverse": ("逆転", "Reversed"),
    "lowest": ("最低の答えの割合", "Lowest answer"),
    "highest": ("最高の答えの割合", "Highest answer"),
    "item_rest": ("残りとの相関", "Item-rest r"),
    "alpha_if_dropped": ("除いたときの α", "Alpha if dropped"),
    # response style
    "longstring": ("同じ答えの連続", "Longstring"),
    "irv": ("答えのばらつき（IRV）", "IRV"),
    "even_odd": ("偶奇の一貫性", "Even-odd"),
    "mahalanobis": ("外れ方（マハラノビス）", "Mahalanobis D²"),
    "p": ("外れ方の p", "p of D²"),
    "given": ("答えた数", "Answers given"),
    "sign": ("手がかり", "Sign"),
    "rule": ("しるしをつける条件", "Flagged when"),
    "flags": ("しるしの数", "Flags"),
    "flagged": ("しるしあり", "Flagged"),
    "any": ("どれか一つ以上", "Any of them"),
    "share": ("割合", "Share"),
    "truth": ("作ったときの答え方", "Made to answer"),
    "style_ordinary": ("ふつう", "ordinary"),
    "style_straight_lining": ("同じ番号ばかり", "straight-lining"),
    "style_random": ("でたらめ", "random"),
    "style_contradictory": ("逆転項目の読みちがい", "contradictory"),
    "style_unfinished": ("途中でやめた", "unfinished"),
    "rule_longstring": ("答えの {cut:.0%} 以上が、同じ答えの連続", "a run of {cut:.0%} of the answers or more"),
    "rule_irv": ("標準偏差が範囲の {cut:.1%} 未満", "SD below {cut:.1%} of the range"),
    "rule_even_odd": ("{cut} 未満（{scales} 尺度以上で）", "below {cut} (from {scales} scales on)"),
    "rule_mahalanobis": ("p が {cut} 未満", "p below {cut}"),
    "everybody": ("全員", "Everybody"),
    "unflagged": ("しるしのない人だけ", "Without those flagged"),
    # two occasions
    "retest": ("再検査の相関 r", "Test-retest r"),
    "risen": ("確かに上がった", "Reliably up"),
    "fallen": ("確かに下がった", "Reliably down"),
    "unchanged": ("誤差の範囲", "Within error"),
    "before": ("一回目の点", "First occasion"),
    "after": ("二回目の点", "Second occasion"),
    # pictures
    "feldt": ("α と 95％ 区間（Feldt）", "alpha, 95 % interval (Feldt)"),
    "reliability": ("信頼性（0〜1）", "Reliability (0 to 1)"),
    "answers_share": ("答えた人のうち", "Of those who answered"),
    "answer": ("答え {value}", "Answer {value}"),
    "reversed_mark": ("（逆）", " (R)"),
    "group": ("【{scale}】", "[ {scale} ]"),
    "correlation": ("相関 r", "Correlation r"),
    "one_run": ("同じ答えがいちばん長く続いた割合", "Longest run, as a share of the answers"),
    "spread": ("答えのばらつき（標準偏差）", "Spread of the answers (SD)"),
    "no_flag": ("しるしなし", "No flag"),
    "one_flag": ("しるし 1 つ", "One flag"),
    "more_flags": ("しるし 2 つ以上", "Two flags or more"),
    "cut": ("しるしの境目", "cut-off"),
    "of": ("{shown} 人を表示（{all} 人のうち）", "{shown} of {all} people shown"),
}


def words(language: Language) -> dict[str, str]:
    """Return every name in one language."""
    column = 0 if language == "ja" else 1
    return {key: pair[column] for key, pair in _WORDS.items()}
