"""The tables of content.md as the tests expect them: each id with the articles that say it.

E zcareer-evaluation, W zcareer-worries, B blp-appeal, N zcareer-entry, G warc-guide; - : our own addition, no article.
"""

from __future__ import annotations

# 1. Aptitude traits
FIT = """
    support EWNG, perseverance EWNG, accuracy ENG, unsung_pride EWN, rule_following W, coordination BNG,
    learning B, adaptability B, stress_tolerance B
"""
MISFIT = "spotlight W, novelty WBN, direct_thanks W, pay_for_results N, solitude N, roughness N"

# 2. Frustrations and consequences
FRUSTRATIONS = """
    reward EWN, visibility EWBN, monotony EWBN, skill_anxiety W, sandwiched WN, recognition EWB, career_path B,
    connection B, criteria E
"""
CONSEQUENCES = "motivation E, growth E, advancement E, envy E"
LIMITS = "pay_little_moved N, no_sales_link EW"

# 3. Signs
SIGNS = "criteria_hidden E, no_feedback E, boss_feelings E"

# 4. Steps in the present job; 9. five preparations of those who want in (consult: an agent, and others who are asked);
# 10. what is asked at an interview, market value; steps that no article has are our own
STEPS = """
    propose_improvement EWB, quantify E, cross_department EWB, goal_talk EW, qualification EWNG, keep_learning B,
    set_career_goal WB, care_for_stress B,
    office_software N, own_reason N, translate_experience EWBN, take_inventory N, consult EWN,
    ask_conditions W, explain_work W, share_the_calendar E, learn_function W, choose_a_role N, learn_the_rules N,
    read_posts EW, interview_questions EWN, interview_practice EN,
    answer_page -, fewer_returns -, stand_in_guide -, measure_turnaround -, measure_reach -, one_order -,
    try_next_task -, hear_the_work -, show_a_piece -
"""

# 5. Paths and transfers
PATHS = """
    stay_and_improve EW, enter_back_office NG, consult_first EWN, specialise_elsewhere W, fair_employer EW,
    change_role EWB, front_office WN
"""
LEAVING = {"specialise_elsewhere", "fair_employer", "change_role", "front_office"}
TRANSFERS = "documents_data E, communication_carries EW, pc_accuracy W, efficiency_work B, data_analysis B"

# 6. Job categories; B where section 7 adds how a role grows, E where section 14 has the secretary as a way out
ROLES = """
    accounting BNG, hr WBNG, pr G, general_affairs EWNG, secretary EG, legal NG, sales_admin EWN, general_clerk N,
    it_admin B, customer_support EWN
"""
QUALIFICATIONS = """
    nissho_bookkeeping EWBNG, labour_social_security WN, career_consultant WG, mos ENG, health_supervisor W,
    secretary_exam G, word_excel N
"""
ROLE_QUALIFICATIONS = {
    "accounting": {"nissho_bookkeeping"},
    "hr": {"labour_social_security", "career_consultant"},
    "pr": set(),
    "general_affairs": {"mos", "health_supervisor"},
    "secretary": {"secretary_exam"},
    "legal": set(),
    "sales_admin": {"mos"},
    "general_clerk": {"mos", "word_excel"},
    "it_admin": set(),
    "customer_support": set(),
}

# 7. Career growth inside the back office
GROWTH = """
    financial_analysis B, corporate_planning B, tax_accountant B, certified_accountant B,
    talent_development B, organisation_development B, hr_consultant B, it_strategy B, it_security B,
    efficiency_specialist B, back_office_manager B, improvement_consultant B
"""
HABITS = "habit_goals B, habit_communication B, habit_learning B"
ROLE_GROWTH = {
    "accounting": {"financial_analysis", "corporate_planning", "tax_accountant", "certified_accountant"},
    "hr": {"talent_development", "organisation_development", "hr_consultant"},
    "it_admin": {"it_strategy", "it_security"},
}

# 8. The plus side and the minus side
PLUSES = """
    lasting_skills BNG, life_balance BN, no_quotas N, stable_demand B, carries_company BN, many_paths B,
    team_achievement B, broad_skills G, thanked_by_front G, solves_company_problems G
"""
MINUSES = "minus_reward N, minus_fixed_pay N, minus_monotony N, minus_sandwiched N"

# 9. Those who want to move in
ENTRY = "posts_open N, potential_counts N, experienced_preferred N, qualifications_optional NG, pay_grows N"
EXPERIENCE = "factory N, service N, sales -, it -, community -"

# 10. Those who move
MOVING = """
    achievements_in_numbers E, ask_how_evaluated EW, know_market_value EW, agent_helps EWN,
    consulting_no_obligation WN
"""

# 11. FAQ
FAQ = "usual_worries W, who_suits W, what_here W, not_suited W, first_thing W, first_thing_outside W"

# 12. Front and back office; the words of section 5 that an adviser must know
GLOSSARY = "front_office_term NG, back_office_term NG, neither_ranks NG, indirect_department E, mbo E"

# 13. Rules the sources state outright
RULES = """
    monotony_improve W, sandwiched_cross W, skill_qualification W, reward_goal W,
    cannot_grow_specialise W, misfit_change W, undervalued_fair W, steps_first EW, never_quit_at_once EW,
    no_employer_consultancy -
"""
STATED = (
    ("monotony", "propose_improvement"),
    ("sandwiched", "cross_department"),
    ("skill_anxiety", "qualification"),
    ("reward", "goal_talk"),
    ("fit_good", "specialise_elsewhere"),
    ("misfit", "change_role"),
    ("reward", "fair_employer"),
)

# 14. Where the sources disagree: who claims, who is against
DISAGREEMENTS = {
    "contacts": ("B", "NG"),
    "thanks": ("W", "ENG"),
    "change": ("WNG", "B"),
    "pressure": ("N", "WBN"),
    "sales_admin_side": ("N", "EW"),
    "secretary_side": ("G", "E"),
    "stability": ("B", "W"),
    "skills_last": ("W", "BN"),
    "speed": ("N", "E"),
    "loneliness": ("B", "B"),
    "experience_needed": ("N", "G"),
}


def table(text: str) -> dict[str, str]:
    """Return the articles by id."""
    rows = (entry.split() for entry in text.split(","))
    return {name: letters.strip("-") for name, letters in rows}
