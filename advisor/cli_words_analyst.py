"""What the commands for analysts say, in Japanese and English."""

from __future__ import annotations

ANALYST: dict[str, tuple[str, str]] = {
    # scores and cohorts
    # reliability
    # scoring versions
    # synthetic and anonymised data
}
