"""Kernels forked from a warmed process: alike in what they know, apart in everything else, and gone when they end."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

from advisor.server.fork_client import STILL_SECONDS
from advisor.server.fork_pool import ForkPool, can_fork
from advisor.server.kernels import OwnKernelSpecManager, kernel_environment
from tests.waits import done

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

SECONDS = 30.0
# A server that starts one kernel, says which processes there are, and waits to be killed.
SERVER = """
import asyncio, logging, os, sys
from advisor.server.fork_pool import ForkPool
from advisor.server.fork_client import ForkedProcess
async def main():
    fork_pool = ForkPool(dict(os.environ), sys.argv[1], 2, logging.getLogger())
    fork = await fork_pool.take()
    ForkedProcess(fork).begin({"env": dict(os.environ), "cwd": ""})
    unused = await fork_pool.take()
    print(*fork_pool.processes, fork.pid, unused.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


class Kernels(AsyncMappingKernelManager):
    """Kernels as the server manages them, without its visitors."""

    fork_pool: ForkPool | None = None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("k")


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    return kernel_environment(os.environ) | {"IPYTHONDIR": str(folder)}


@pytest.fixture(scope="module")
def fork_pool(folder: Path, environment: dict[str, str]) -> Iterator[ForkPool]:
    made = ForkPool(environment, str(folder), 1, logging.getLogger("fork_pool"))
    yield made
    made.close()


@pytest.fixture
def kernels(folder: Path, fork_pool: ForkPool) -> Kernels:
    return managing(folder, fork_pool)


def managing(folder: Path, fork_pool: ForkPool | None) -> Kernels:
    config = Config()
    config.KernelManager.transport, config.KernelManager.autorestart = "ipc", False
    config.Kernels.kernel_manager_class = "advisor.server.provisioner.PageKernelManager"
    more: dict[str, Any] = {"connection_dir": str(folder), "kernel_spec_manager": OwnKernelSpecManager()}
    kernels = Kernels(config=config, **more)
    kernels.fork_pool = fork_pool
    return kernels


Ask = Callable[[str], Coroutine[Any, Any, str]]


@asynccontextmanager
async def a_kernel(kernels: Kernels, environment: dict[str, str], **more: Any) -> AsyncIterator[tuple[Any, Ask]]:
    """Start a kernel; give its manager and a way to ask it for the text of an expression."""
    name = await kernels.start_kernel(env=environment, **more)
    manager: Any = kernels.get_kernel(name)
    client: AsyncKernelClient = manager.client()
    client.start_channels()

    async def ask(expression: str) -> str:
        client.execute("", user_expressions={"it": expression}, store_history=False)
        answer = await client.get_shell_msg(timeout=SECONDS)
        told = answer["content"]["user_expressions"]["it"]
        assert told["status"] == "ok", told
        text: str = told["data"]["text/plain"]
        return text

    try:
        yield manager, ask
    finally:
        client.stop_channels()
        if name in kernels:
            await kernels.shutdown_kernel(name, now=True)


def is_there(pid: int) -> bool:
    """Return whether a process runs: one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    """Return the children of a process, zombies too."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.02)


def test_forks_share_no_randomness_and_no_name(kernels: Kernels, environment: dict[str, str]) -> None:
    drawn = (
        "(__import__('random').random(), __import__('secrets').token_hex(), __import__('uuid').uuid4(),"
        " __import__('numpy').random.random(), get_ipython().kernel.ident, get_ipython().kernel.session.session,"
        " get_ipython().kernel.session.key)"
    )

    async def both() -> list[list[str]]:
        found = []
        for _ in range(2):
            async with a_kernel(kernels, environment) as (_, ask):
                found.append((await ask(drawn)).strip("()").split(","))
        return found

    one, other = done(both())
    assert len(one) == 7
    assert not set(one) & set(other)


def test_a_fork_takes_on_exactly_the_environment_and_the_folder_of_its_visitor(
    kernels: Kernels, environment: dict[str, str], tmp_path: Path
) -> None:
    given = environment | {"QUERY_STRING": "s=abc", "ADVISOR_ADVISER": "somebody"}

    async def seen() -> tuple[str, str]:
        async with a_kernel(kernels, given, cwd=str(tmp_path)) as (_, ask):
            return await ask("sorted(__import__('os').environ.items())"), await ask("__import__('os').getcwd()")

    items, place = done(seen())
    assert ast.literal_eval(items) == sorted(given.items())
    assert place == repr(str(tmp_path))


def test_the_warmed_process_holds_no_thread_no_database_and_nothing_of_a_visitor(
    fork_pool: ForkPool, kernels: Kernels, environment: dict[str, str]
) -> None:
    widgets = "len(__import__('ipywidgets').widgets.widget._instances)"

    async def start() -> str:
        async with a_kernel(kernels, environment) as (_, ask):
            return await ask(f"'advisor.view.workbook.page' in __import__('sys').modules, {widgets}")

    assert done(start()) == "(True, 0)"
    process = Path(f"/proc/{fork_pool.processes[0]}")
    assert len(list((process / "task").iterdir())) == 1
    opened = [str(link.readlink()) for link in (process / "fd").iterdir()]
    assert [name for name in opened if "sqlite" in name] == []
    assert len([name for name in opened if name.startswith("socket:")]) == 1
    assert b"QUERY_STRING" not in (process / "environ").read_bytes()


def test_a_fork_can_be_asked_to_end_be_interrupted_and_be_killed(
    fork_pool: ForkPool, kernels: Kernels, environment: dict[str, str]
) -> None:
    async def run() -> None:
        async with a_kernel(kernels, environment) as (manager, ask):
            process = manager.provisioner.process
            slow = asyncio.create_task(ask("__import__('time').sleep(60)"))
            await asyncio.sleep(0.3)
            await manager.interrupt_kernel()
            with pytest.raises((AssertionError, KeyError)):
                await slow
            assert await ask("1 + 1") == "2"
            await manager.shutdown_kernel()
            assert process.returncode == 0  # politely, without a signal
        async with a_kernel(kernels, environment) as (manager, ask):
            process = manager.provisioner.process
            helper = int(await ask("__import__('subprocess').Popen(['sleep', '60']).pid"))
            await manager.shutdown_kernel(now=True)
            assert process.returncode == -signal.SIGKILL
            await until(lambda: not is_there(helper))
        async with a_kernel(kernels, environment) as (manager, ask):
            assert await manager.is_alive()
            with pytest.raises(Exception):  # noqa: B017, PT011  (no answer comes, in whichever way)
                await asyncio.wait_for(ask("__import__('os')._exit(7)"), 1)
            await until(lambda: manager.provisioner.process.poll() is not None)
            assert not await manager.is_alive()
            assert manager.provisioner.process.returncode == 7

    done(run())
    zombies = [pid for pid in children(fork_pool.processes[0]) if not is_there(pid)]
    assert zombies == []


def test_kernels_outlive_the_process_they_were_forked_from_and_the_next_gets_a_new_one(
    folder: Path, environment: dict[str, str]
) -> None:
    fork_pool = ForkPool(environment, str(folder), 1, logging.getLogger("fork_pool"))
    kernels = managing(folder, fork_pool)

    async def run() -> None:
        async with a_kernel(kernels, environment) as (one, ask):
            first = fork_pool.processes[0]
            os.kill(first, signal.SIGKILL)
            await until(lambda: not is_there(first))
            async with a_kernel(kernels, environment) as (other, ask_other):
                assert fork_pool.processes[0] != first
                assert await ask_other("2") == "2"
                assert await ask("1") == "1"
                assert other.provisioner.pid in children(fork_pool.processes[0])
            await one.shutdown_kernel()
            assert not await one.is_alive()

    try:
        done(run())
    finally:
        fork_pool.close()


def test_what_changed_on_the_disk_is_seen_by_the_next_page(
    folder: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fork_pool = ForkPool(environment, str(folder), 0, logging.getLogger("fork_pool"))
    kernels = managing(folder, fork_pool)

    async def run() -> None:
        async with a_kernel(kernels, environment) as (_, ask):
            first = fork_pool.processes[0]
            monkeypatch.setattr("advisor.server.fork_pool.stamp", lambda: -1.0)
            async with a_kernel(kernels, environment) as (_, ask_other):
                assert fork_pool.processes[0] != first
                assert (await ask("1"), await ask_other("2")) == ("1", "2")

    try:
        done(run())
    finally:
        fork_pool.close()


def test_a_killed_server_leaves_no_process(tmp_path: Path, environment: dict[str, str]) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert server.stdout is not None
    processes = [int(pid) for pid in server.stdout.readline().split()]
    assert len(processes) >= 3  # the warmed one (two where a file was edited just now), a kernel, one that was ready
    assert all(map(is_there, processes))
    server.kill()
    server.wait()
    server.stdout.close()
    done(until(lambda: not any(map(is_there, processes))))


def test_where_forking_fails_kernels_start_the_ordinary_way_and_it_is_said_once(
    folder: Path, environment: dict[str, str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = ForkPool({"PYTHONHOME": "/nowhere"}, str(folder), 1, logging.getLogger("fork_pool"))
    kernels = managing(folder, broken)

    async def run() -> None:
        for _ in range(2):
            async with a_kernel(kernels, environment) as (manager, ask):
                assert await ask("__import__('sys').modules.get('debugpy')") == "None"
                assert isinstance(manager.provisioner.process, subprocess.Popen)

    done(run())
    broken.close()
    told = [record.getMessage() for record in caplog.records if record.name == "fork_pool"]
    assert told == ["Forking kernels does not work here; each page starts its own Python instead (slower)."]


def test_a_warmed_process_that_hangs_is_replaced_and_one_that_hangs_again_given_up(
    folder: Path, environment: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    fork_pool = ForkPool(environment, str(folder), 1, logging.getLogger("fork_pool"))

    async def stop_each() -> None:
        seen = set[int]()
        while True:
            for pid in set(fork_pool.processes) - seen:
                seen.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(0.01)

    async def run() -> None:
        stopping = asyncio.create_task(stop_each())
        began = time.monotonic()
        assert await fork_pool.take() is None
        assert 2 * STILL_SECONDS <= time.monotonic() - began < SECONDS
        stopping.cancel()

    done(run())
    fork_pool.close()
    assert [record.getMessage()[:4] for record in caplog.records if record.name == "fork_pool"] == ["What", "Fork"]


def test_without_handles_the_warmed_process_is_not_blamed(
    fork_pool: ForkPool, kernels: Kernels, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async def run() -> None:
        async with a_kernel(kernels, environment) as (_, ask):
            assert await ask("1") == "1"
        before = list(fork_pool.processes)
        for place in ("socketpair", "pidfd_open"):
            with monkeypatch.context() as spent:
                spent.setattr(socket if place == "socketpair" else os, place, refuse)
                fork_pool._drop_ready()  # noqa: SLF001  (so that a new one is asked for)
                with pytest.raises(OSError, match="Too many"):
                    await kernels.start_kernel(env=environment)
            assert fork_pool.processes == before
        async with a_kernel(kernels, environment) as (_, ask):
            assert await ask("1") == "1"
        await until(lambda: len(children(fork_pool.processes[0])) <= 1)

    done(run())


def test_forking_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_fork()
    monkeypatch.setenv("ADVISOR_FORK", "0")
    assert not can_fork()
    monkeypatch.delenv("ADVISOR_FORK")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not can_fork()
