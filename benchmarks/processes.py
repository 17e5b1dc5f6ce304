"""Measures memory and processor time of a process and of all processes that it started (Linux)."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
GONE = (FileNotFoundError, ProcessLookupError, PermissionError)


def measurable() -> bool:
    """Return whether this machine has the files in /proc that are read here."""
    return (PROC / "self/smaps_rollup").is_file()


def _fields(pid: int) -> list[str]:
    """Return the fields of ``stat`` after the process name. A name may hold spaces and brackets."""
    return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(*GONE):
                children[int(_fields(int(entry.name))[1])].append(int(entry.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def mebibytes(pid: int) -> float:
    """Return the proportional set size (PSS) of the tree, in MiB: shared memory counts in parts."""
    total = 0
    for one in tree(pid):
        with suppress(*GONE):
            rollup = (PROC / str(one) / "smaps_rollup").read_text(encoding="ascii")
            total += sum(int(size) for size in re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE))
    return total / 1024


def processor_seconds(pid: int) -> float:
    """Return the processor time of the tree so far, in seconds, with that of its processes which have ended."""
    ticks = 0
    for one in tree(pid):
        with suppress(*GONE):
            ticks += sum(int(field) for field in _fields(one)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
