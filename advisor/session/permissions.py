"""The uses that a client allows beside the record itself: given on a day, withdrawn on a day, given again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.session.model import USES, Permission

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from advisor.session.model import Details, Use


def allowed(details: Details, use: Use, on: date) -> Details:
    """Return the details after the client allowed a use on a day. A use that they allow already keeps its first day."""
    if details.allows(use):
        return details
    return _with(details, use, Permission(on))


def withdrawn(details: Details, use: Use, on: date) -> Details:
    """Return the details after the client withdrew a use. The day on which they allowed it is kept."""
    permission = details.permissions.get(use)
    if permission is None or not details.allows(use):
        return details
    return _with(details, use, replace(permission, withdrawn_on=on))


def ticked(details: Details, uses: Collection[str], given_on: date, today: date) -> Details:
    """Return the details after a form: ticked uses are allowed from ``given_on`` on, all others are withdrawn today."""
    for use in USES:
        details = allowed(details, use, given_on) if use in uses else withdrawn(details, use, today)
    return details


def _with(details: Details, use: Use, permission: Permission) -> Details:
    permissions = {**details.permissions, use: permission}
    return replace(details, permissions={name: permissions[name] for name in USES if name in permissions})
