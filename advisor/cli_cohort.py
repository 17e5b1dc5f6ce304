"""The commands for answers of many people: ``advisor score``, ``advisor reliability``."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
