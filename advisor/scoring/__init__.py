"""From a client's answers to scores, advice and role fit: pure functions."""
