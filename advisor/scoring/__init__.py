"""Scoring of a client's answers: scores, advice and role fit, as pure functions."""
