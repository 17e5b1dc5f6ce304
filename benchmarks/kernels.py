"""What a kernel costs: started the ordinary way, forked, and forked before its visitor came.

Run: python -m benchmarks.kernels.

The rounds are interleaved. The figures are medians, and ratios to the ordinary way. It runs on Linux only.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

from advisor.server.fork_pool import REFILL_SECONDS, ForkPool
from advisor.server.kernels import OwnKernelSpecManager, kernel_environment

ROUNDS = 7
SESSIONS = 10
PAGE = "from advisor.app import open_workbook\n\nopen_workbook()"
WAYS = {"ordinary": None, "fork": 0, "ready fork": 1}  # so many forks are kept ready; None: no forks


class Kernels(AsyncMappingKernelManager):
    """The server's kernel manager, without visitors."""

    fork_pool: ForkPool | None = None


def memory(pid: int) -> dict[str, float]:
    """Return the memory of a process in MiB, by kind: Pss is its share, Private_Dirty is not shared."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return {name: int(size) / 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.MULTILINE)}


def processor_milliseconds(pid: int) -> float:
    """Return the processor time of all threads of a process so far, in milliseconds."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


async def page(kernels: Kernels, environment: dict[str, str]) -> tuple[Any, float]:
    """Start a kernel and let it build the workbook; return its manager and the milliseconds until its first reply."""
    began = time.perf_counter()
    manager: Any = kernels.get_kernel(await kernels.start_kernel(env=environment))
    client = manager.client()
    client.start_channels(hb=False, stdin=False, control=False)
    client.execute(PAGE, store_history=False)
    answer = await client.get_shell_msg(timeout=60)
    took = (time.perf_counter() - began) * 1000
    client.stop_channels()
    if answer["content"]["status"] != "ok":
        raise RuntimeError(answer["content"]["evalue"])
    await asyncio.sleep(0.2)
    return manager, took


async def one_page(kernels: Kernels, environment: dict[str, str]) -> dict[str, float]:
    """Return the time and memory of one page."""
    manager, took = await page(kernels, environment)
    pid = manager.provisioner.pid
    values = {
        "start to first reply, ms": took,
        "processor time of the kernel, ms": processor_milliseconds(pid),
        "own memory of the kernel, MiB": memory(pid)["Private_Dirty"],
    }
    await manager.shutdown_kernel(now=True)
    return values


async def many_pages(kernels: Kernels, environment: dict[str, str]) -> dict[str, list[float]]:
    """Return the memory of ten pages that are open at the same time."""
    sources = kernels.fork_pool.processes if kernels.fork_pool else []
    before = sum(memory(pid)["Pss"] for pid in sources)
    opened = [(await page(kernels, environment))[0] for _ in range(SESSIONS)]
    shares = [memory(manager.provisioner.pid)["Pss"] for manager in opened]
    total = sum(shares) + sum(memory(pid)["Pss"] for pid in sources)
    await kernels.shutdown_all(now=True)
    if kernels.fork_pool:
        kernels.fork_pool.close()
    return {
        "share of memory (PSS) of one kernel of ten, MiB": shares,
        "memory that ten sessions add, each, MiB": [(total - before) / SESSIONS],
    }


async def measure(folder: Path) -> None:
    """Measure and print."""
    environment = kernel_environment(os.environ) | {
        "IPYTHONDIR": str(folder),
        "ADVISOR_ADVISER": "alone",
        "ADVISOR_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }
    config = Config()
    config.KernelManager.transport, config.KernelManager.autorestart = "ipc", False
    config.Kernels.kernel_manager_class = "advisor.server.provisioner.PageKernelManager"
    more: dict[str, Any] = {"connection_dir": str(folder), "kernel_spec_manager": OwnKernelSpecManager()}
    found: dict[str, dict[str, list[float]]] = {way: {} for way in WAYS}
    managers: dict[str, Kernels] = {}
    for way, size in WAYS.items():
        managers[way] = Kernels(config=config, **more)
        if size is not None:
            managers[way].fork_pool = ForkPool(environment, str(folder), size, logging.getLogger())
    for turn in range(ROUNDS + 1):
        for way, kernels in managers.items():
            values = await one_page(kernels, environment)
            if turn:  # the first round warms up
                for name, value in values.items():
                    found[way].setdefault(name, []).append(value)
            await asyncio.sleep(2 * REFILL_SECONDS if WAYS[way] else 0.1)
    for way, kernels in managers.items():
        found[way] |= await many_pages(kernels, environment)
    for name, ordinary in found["ordinary"].items():
        base = statistics.median(ordinary)
        for way in WAYS:
            value = statistics.median(found[way][name])
            print(f"{name:50} {way:12} {value:8.1f} {value / base:6.2f}")  # noqa: T201


def main() -> None:
    """Measure, if this machine can fork kernels."""
    if sys.platform != "linux":
        print("kernels are forked on Linux only")  # noqa: T201
        return
    with tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
