"""The commands for scoring versions: ``advisor diff``, ``advisor release``."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
