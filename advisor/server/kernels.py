"""The kernels of the pages: this environment's Python, started with as few environment variables as it needs."""

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
    from advisor.server.identity import Visitor
    from advisor.server.provisioner import PageKernelManager

# The variables that a kernel needs to start and to know its visitor's request. All others (tokens of other tools,
# addresses, passwords) stay with the server.
_NAMES = frozenset(
    [
        *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"),
        *("SCRIPT_NAME", "QUERY_STRING"),
        *("ADVISOR_DATABASE_URL", "ADVISOR_STORE_ID", "ADVISOR_KEY", "ADVISOR_LANG", "ADVISOR_ASSETS"),
        # the variables by which a driver finds PostgreSQL and logs in
        *("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE"),
        *("PGSERVICEFILE", "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGGSSENCMODE"),
        *("PGCHANNELBINDING", "PGREQUIREAUTH", "PGTARGETSESSIONATTRS", "PGCLIENTENCODING"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
    ]
)
HUNG_UP = 4404  # close code of a websocket when its kernel has ended; the page only sees that it is not a normal close
_PREFIXES = ("LC_", "PYTHON")


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a kernel gets."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _NAMES or name.upper().startswith(_PREFIXES)
    }


class OwnKernelSpecManager(KernelSpecManager):
    """Knows only this environment's Python. A user's own kernel named python3 must not replace it."""

    kernel_dirs = List(Unicode(), [])

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how to start a kernel without a fork: our own kernel, without a debugger."""
        spec = super().get_kernel_spec(kernel_name)
        spec.argv = [sys.executable, "-m", "advisor.server.kernel", "-f", "{connection_file}"]
        return spec


class OwnKernelManager(AsyncMappingKernelManager):
    """Starts kernels with only the environment they need, and without the user's IPython profile and history."""

    ready_kernels = Integer(2, config=True, help="How many forks wait for visitors (ADVISOR_READY_KERNELS).")

    @property
    def _store(self) -> dict[str, str]:
        """The variables that name the server's store. Without them, a kernel might find another store."""
        return for_kernels(self.parent.store)  # type: ignore[union-attr]  # the parent is always the app

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  (the base class's)
        """Begin to warm up the process from which kernels are forked."""
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.context.max_sockets = self.context.get(zmq.SOCKET_LIMIT)  # the default is 1,023: too few for 100 pages
        self.fork_pool: ForkPool | None = None
        self.building: set[str] = set()  # kernels whose cells run now, for a page that is being sent
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
        """End all kernels, then the fork servers."""
        await super()._async_shutdown_all(now=now)
        if self.fork_pool is not None:
            self.fork_pool.close()

    shutdown_all = _async_shutdown_all  # type: ignore[assignment]  # the base class binds it the same way

    async def _async_start_kernel(self, **kwargs: Any) -> str:  # noqa: ANN401  (jupyter_server passes them on)
        """Start a kernel for the visitor of the present request, with only the environment it needs."""
        self.look_after_folder()
        environment = kernel_environment(kwargs.pop("env", {})) | self._store
        handler = CallContext.get(CallContext.JUPYTER_HANDLER)  # of the request for the page
        visitor = handler.current_user
        environment |= self._of_visitor(visitor)
        # IPython looks for start-up files and writes history here. The folder is removed when the server ends.
        environment["IPYTHONDIR"] = self.connection_dir
        kernel_id = str(uuid.uuid4())
        try:
            await super()._async_start_kernel(kernel_id=kernel_id, env=environment, **kwargs)
        except Exception:
            await self._give_back(kernel_id)
            raise
        handler.identity_provider.seats.take(kernel_id, visitor)
        return kernel_id

    def _of_visitor(self, visitor: Visitor) -> dict[str, str]:
        """Return the variables that tell a kernel who its visitor is; a client's kernel gets none of an adviser's."""
        if visitor.link:
            return {"ADVISOR_CLIENT": visitor.link}
        app: Any = self.parent
        account, links = app.identity_provider.account, app.links
        return {"ADVISOR_ADVISER": visitor.username, "ADVISOR_ACCOUNT": account, "ADVISOR_LINKS": links}

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # the base class binds it the same way

    def look_after_folder(self) -> bool:
        """Return whether the folder of the kernels' sockets is still there. If not, make it anew."""
        if not self.parent.runtime.renew():  # type: ignore[union-attr]  # as above
            return True
        self.log.warning("The folder of the kernels' sockets was removed. It is made anew; open pages work on.")
        self.connection_dir = str(self.parent.runtime.path)  # type: ignore[union-attr]  # as above
        if self.fork_pool is not None:
            self.fork_pool.move(self.connection_dir)
        return False

    async def can_start(self, seconds: float) -> bool:
        """Return whether a page would get its kernel within ``seconds``. Without forks, always."""
        return self.fork_pool is None or await self.fork_pool.could_fork(seconds)

    def can_be_reached(self, kernel_id: str) -> bool:
        """Return whether a new line can reach a kernel. It cannot if somebody has removed the folder of its sockets."""
        kernel = self.get_kernel(kernel_id)
        return kernel.transport != "ipc" or Path(f"{kernel.ip}-{kernel.shell_port}").exists()

    async def _give_back(self, kernel_id: str) -> None:
        """End the parts of a kernel whose start failed, for example without free handles."""
        self._pending_kernels.pop(kernel_id, None)
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    def hangs(self, kernel_id: str) -> bool:
        """Return whether a kernel's process exists but does not run. Call this about once a second."""
        return cast("PageKernelManager", self.get_kernel(kernel_id)).hangs()

    def is_ending(self, kernel_id: str) -> bool:
        """Return whether a kernel has been told to end, because its page has closed."""
        return bool(self.get_kernel(kernel_id).shutting_down)

    def remove_kernel(self, kernel_id: str) -> KernelManager:
        """Forget a kernel that has ended, and close its lines. Its page then asks whether the kernel still lives."""
        if kernel_id in self:  # a line that was lost while the kernel ended may have left buffered messages
            self.stop_buffering(kernel_id)  # type: ignore[no-untyped-call]
        self.building.discard(kernel_id)
        kernel = super().remove_kernel(kernel_id)
        for line in [line for line in KernelLine.standing if line.kernel_id == kernel_id]:
            line.websocket_handler.close(HUNG_UP)
            line.disconnect()
        return kernel
