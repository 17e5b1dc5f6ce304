"""The kernels behind the page: this environment's Python, started with as little of the surroundings as it needs."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_server.base.call_context import CallContext
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Integer, List, Unicode, default

from advisor.server.fork_pool import ForkPool, can_fork
from advisor.server.websocket import KernelLine
from advisor.store.location import for_kernels

if TYPE_CHECKING:
    from advisor.server.provisioner import PageKernelManager

# What a kernel needs to start and to know its visitor's request. The rest of the server's environment (tokens of
# other tools, addresses, passwords) stays with the server.
_NAMES = frozenset(
    [
        *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"),
        *("SCRIPT_NAME", "QUERY_STRING"),
        *("ADVISOR_DATABASE_URL", "ADVISOR_STORE_ID", "ADVISOR_KEY", "ADVISOR_LANG", "ADVISOR_ASSETS"),
        # what else says to a driver which PostgreSQL it is, and how to come in
        *("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE"),
        *("PGSERVICEFILE", "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGGSSENCMODE"),
        *("PGCHANNELBINDING", "PGREQUIREAUTH", "PGTARGETSESSIONATTRS", "PGCLIENTENCODING"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
    ]
)
HUNG_UP = 4404  # how a websocket ends whose kernel has ended; the page reads nothing but that it is no goodbye
_PREFIXES = ("LC_", "PYTHON")


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a kernel is given."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _NAMES or name.upper().startswith(_PREFIXES)
    }


class OwnKernelSpecManager(KernelSpecManager):
    """Knows this environment's Python only: a user's own kernel called python3 must not take its place."""

    kernel_dirs = List(Unicode(), [])

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how a kernel is started where it cannot be forked: ours, without a debugger."""
        spec = super().get_kernel_spec(kernel_name)
        spec.argv = [sys.executable, "-m", "advisor.server.kernel", "-f", "{connection_file}"]
        return spec


class OwnKernelManager(AsyncMappingKernelManager):
    """Starts kernels with the environment they need, and without the user's IPython profile and history."""

    ready_kernels = Integer(2, config=True, help="How many forks wait for visitors (ADVISOR_READY_KERNELS).")

    @property
    def _store(self) -> dict[str, str]:
        """The server's own store, as kernels are told of it: in their surroundings they might find another."""
        return for_kernels(self.parent.store)  # type: ignore[union-attr]  # the app, always

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (as above)
        """Begin to warm up the process that kernels are forked from."""
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.context.max_sockets = self.context.get(zmq.SOCKET_LIMIT)  # else 1,023, which fewer than 100 pages use up
        self.fork_pool: ForkPool | None = None
        self.building: set[str] = set()  # kernels whose cells run for a page that somebody waits for
        if can_fork():
            environment = kernel_environment(os.environ) | self._store | {"IPYTHONDIR": self.connection_dir}
            self.fork_pool = ForkPool(environment, self.connection_dir, self.ready_kernels, self.log)

    @default("ready_kernels")
    def _ready_kernels(self) -> int:
        return int(os.environ.get("ADVISOR_READY_KERNELS", "2"))

    @default("kernel_manager_class")
    def _kernel_manager_class(self) -> str:
        return "advisor.server.provisioner.PageKernelManager"

    async def _async_shutdown_all(self, now: bool = False) -> None:
        """End all kernels, then what they were forked from."""
        await super()._async_shutdown_all(now=now)
        if self.fork_pool is not None:
            self.fork_pool.close()

    shutdown_all = _async_shutdown_all  # type: ignore[assignment]  # as the base class binds it, too

    async def _async_start_kernel(self, **kwargs: Any) -> str:  # noqa: ANN401  (what jupyter_server passes on)
        """Start a kernel as asked, in a bare environment."""
        self.look_after_folder()
        environment = kernel_environment(kwargs.pop("env", {})) | self._store
        visitor = CallContext.get(CallContext.JUPYTER_HANDLER).current_user  # the page that is being asked for
        environment["ADVISOR_ADVISER"] = visitor.username
        environment["ADVISOR_ACCOUNT"] = self.parent.identity_provider.account  # type: ignore[union-attr]  # the app, always
        # IPython looks for start-up files and writes history here; the folder goes when the server ends.
        environment["IPYTHONDIR"] = self.connection_dir
        kernel_id = str(uuid.uuid4())
        try:
            await super()._async_start_kernel(kernel_id=kernel_id, env=environment, **kwargs)
        except Exception:
            await self._give_back(kernel_id)
            raise
        self.parent.seats.take(kernel_id, visitor)  # type: ignore[union-attr]  # the app, always
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # as the base class binds it, too

    def look_after_folder(self) -> bool:
        """Return whether the folder of the sockets is where it was; one that somebody has removed is made anew."""
        if not self.parent.runtime.renew():  # type: ignore[union-attr]  # as above
            return True
        self.log.warning("The folder of the kernels' sockets was removed. It is made anew; open pages work on.")
        self.connection_dir = str(self.parent.runtime.path)  # type: ignore[union-attr]  # as above
        if self.fork_pool is not None:
            self.fork_pool.move(self.connection_dir)
        return False

    async def can_start(self, seconds: float) -> bool:
        """Return whether a page would get its kernel: by a fork, or, where nothing is forked, as ever."""
        return self.fork_pool is None or await self.fork_pool.could_fork(seconds)

    def can_be_reached(self, kernel_id: str) -> bool:
        """Return whether a new line to a kernel can be had: its sockets may have gone with their folder."""
        kernel = self.get_kernel(kernel_id)
        return kernel.transport != "ipc" or Path(f"{kernel.ip}-{kernel.shell_port}").exists()

    async def _give_back(self, kernel_id: str) -> None:
        """End what is there of a kernel that could not be started, for want of handles, say."""
        self._pending_kernels.pop(kernel_id, None)
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    def hangs(self, kernel_id: str) -> bool:
        """Return whether the process of a kernel is there and runs no more; asked about once a second."""
        return cast("PageKernelManager", self.get_kernel(kernel_id)).hangs()

    def is_ending(self, kernel_id: str) -> bool:
        """Return whether a kernel has been told to end: its page has closed."""
        return bool(self.get_kernel(kernel_id).shutting_down)

    def remove_kernel(self, kernel_id: str) -> KernelManager:
        """Forget a kernel that has ended, and hang up: its page then asks whether there is anything to wait for."""
        if kernel_id in self:  # what a line that was lost while the kernel ended left for its page
            self.stop_buffering(kernel_id)  # type: ignore[no-untyped-call]
        self.building.discard(kernel_id)
        kernel = super().remove_kernel(kernel_id)
        for line in [line for line in KernelLine.standing if line.kernel_id == kernel_id]:
            line.websocket_handler.close(HUNG_UP)
            line.disconnect()
        return kernel
