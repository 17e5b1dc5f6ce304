"""Starting a kernel by jupyter_client: take a ready fork; without one, start an ordinary process."""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import default

from advisor.server.fork_client import Fork, ForkedProcess
from advisor.server.fork_pool import READY_SECONDS, ForkPool
from advisor.server.heartbeat import Heartbeat

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo


class ForkProvisioner(LocalProvisioner):
    """Gives a kernel its process.

    Our kernel manager makes it. It is not registered, so that other Jupyter programs on this machine never use it.
    """

    taken: Fork | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  (the base class's)
        """Take a fork with its sockets; without one, prepare an ordinary process."""
        fork_pool: ForkPool | None = cast("Any", self.parent).parent.fork_pool
        self.taken = await fork_pool.take() if fork_pool else None
        if self.taken is None:
            return await super().pre_launch(**kwargs)
        connection = self.taken.connection
        self.connection_info = cast("KernelConnectionInfo", connection | {"key": connection["key"].encode()})
        return await KernelProvisionerBase.pre_launch(self, **kwargs | {"cmd": []})

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401  (as above)
        """Send the fork its visitor; without a fork, start the process."""
        if self.taken is None:
            return await super().launch_kernel(cmd, **kwargs)
        fork, self.taken = self.taken, None
        self.cwd = kwargs.get("cwd")
        try:
            process = ForkedProcess(fork)
        except OSError:
            fork.end()
            raise
        self.process = process  # type: ignore[assignment]  # it has the methods of Popen that are used
        self.pid = self.pgid = fork.pid
        process.begin({"env": kwargs["env"], "cwd": str(self.cwd) if self.cwd else ""})
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all it started. After its end, send none: its id may be reused by then."""
        if self.process is None or self.process.poll() is None:
            await super().send_signal(signum)


class PageKernelClient(AsyncKernelClient):
    """Talks to a kernel, for running the notebook's cells."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  (the base class's)
        """Wait until the kernel answers and its output arrives here.

        The base class would listen on until nothing has come for 0.2 s. Every visitor would wait for that.

        Raises:
            RuntimeError: The kernel died, or did not answer in time.
        """
        end = time.monotonic() + (READY_SECONDS if timeout is None else timeout)
        while time.monotonic() < end and await self._async_is_alive():
            self.kernel_info()
            with suppress(Empty):
                await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
                return
        raise RuntimeError("the kernel does not answer")

    wait_for_ready = _async_wait_for_ready


class PageKernelManager(ServerKernelManager):
    """Manages the kernel of one page."""

    heartbeat: Heartbeat | None = None

    def hangs(self) -> bool:
        """Return whether the process exists but does not run. Call this about once a second."""
        if self.shutting_down or not self.has_kernel:
            return False
        provisioner = cast("ForkProvisioner", self.provisioner)
        if self.heartbeat is None:
            # a fork has just answered; an ordinary Python needs time to start
            beats = isinstance(provisioner.process, ForkedProcess)
            self.heartbeat = Heartbeat(self.context, self._make_url("hb"), provisioner.pid or 0, beats=beats)
        return self.heartbeat.has_stopped()

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:  # noqa: ANN401  (the base class's)
        """Start the process and connect to it. If that fails, for example without handles, end the process."""
        await super()._async_launch_kernel(kernel_cmd, **kw)
        try:
            self._connect_control_socket()
        except Exception:
            await self._async_kill_kernel()
            await self._async_cleanup_resources()
            raise

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Close the heartbeat and all else that belonged to the kernel."""
        if self.heartbeat is not None:
            self.heartbeat.close()
            self.heartbeat = None
        await super()._async_cleanup_resources(restart=restart)

    cleanup_resources = _async_cleanup_resources  # type: ignore[assignment]  # the base class binds it the same way

    @default("client_class")
    def _client_class(self) -> str:
        return f"{__name__}.PageKernelClient"

    @default("client_factory")
    def _client_factory(self) -> type[PageKernelClient]:
        return PageKernelClient

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:  # noqa: ANN401
        if self.provisioner is None:
            self.provisioner = ForkProvisioner(
                kernel_id=kwargs.get("kernel_id", ""), kernel_spec=self.kernel_spec, parent=self
            )
        command: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**kwargs)
        return command
