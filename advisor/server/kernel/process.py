"""A kernel for one page: ipykernel without what only a person at a notebook needs.

No debugger, no history file, no completion by running code, no plots of matplotlib, no copying of what C libraries
print, no subshells: each would cost every visitor memory, processor time or a thread.
"""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING, Any, cast

# ipykernel looks for debugpy when its debugger is imported, and runs without it where it is missing (29 MiB, 0.12 s).
_debugpy = sys.modules.get("debugpy")
sys.modules["debugpy"] = None  # type: ignore[assignment]  # what the import system takes for "not there"
import ipykernel.debugger  # noqa: E402

if _debugpy is None:
    del sys.modules["debugpy"]
else:
    sys.modules["debugpy"] = _debugpy

from ipykernel.ipkernel import IPythonKernel  # noqa: E402
from ipykernel.kernelapp import IPKernelApp  # noqa: E402
from ipykernel.kernelbase import Kernel  # noqa: E402
from IPython.core.application import BaseIPythonApplication  # noqa: E402
from traitlets import Type, default  # noqa: E402
from traitlets.config import Config  # noqa: E402
from zmq.eventloop.zmqstream import ZMQStream  # noqa: E402

from advisor.content import journal  # noqa: E402

if TYPE_CHECKING:
    import logging

    import zmq
    from jupyter_client.connect import KernelConnectionInfo

__all__ = ["PageKernelApp", "ipykernel"]


class PageKernel(IPythonKernel):
    """ipykernel's kernel, made before it has sockets, and without the loop that waits for a debugger."""

    def join(self, app: PageKernelApp) -> None:
        """Join the kernel and its shell to the sockets and threads of one page."""
        self.ident = str(uuid.uuid4())
        self.session = app.session
        self.shell_stream = ZMQStream(app.shell_socket)
        self.control_stream = ZMQStream(app.control_socket, app.control_thread.io_loop)
        self.control_thread, self.iopub_thread = app.control_thread, app.iopub_thread
        self.iopub_socket, self.stdin_socket = app.iopub_socket, app.stdin_socket
        self._stdout, self._stderr = sys.stdout, sys.stderr
        shell = cast("Any", self.shell)
        for speaker in (shell.displayhook, shell.display_pub):
            speaker.session, speaker.pub_socket = app.session, app.iopub_socket
        shell.displayhook.topic = self._topic("execute_result")

    def start(self) -> None:
        """Begin to answer messages."""
        cast("Any", self.shell).exit_now = False
        Kernel.start(self)


class PageKernelApp(IPKernelApp):
    """Sets up one kernel, in two halves: what is the same for every page, and what belongs to one."""

    kernel_class = Type(PageKernel)

    @default("capture_fd_output")
    def _no_copy_of_what_libraries_print(self) -> bool:
        return False

    @default("log_level")
    def _level(self) -> int:
        return 30  # at DEBUG a kernel writes what its messages say

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set everything up, with the connection that a file holds."""
        self.prepare(argv)
        self.init_connection_file()
        self.init_poller()
        self.open()

    def prepare(self, argv: list[str] | None = None) -> None:
        """Do the first half, which leaves no thread, no socket and no event loop: configuration, kernel, shell."""
        BaseIPythonApplication.initialize(self, argv)
        journal.keep(cast("logging.Logger", self.log))  # a cell's errors go to the page, where nobody would read these
        self.update_config(_spare())
        self.kernel = PageKernel.instance(parent=self, log=self.log, profile_dir=self.profile_dir, user_ns={})

    def open(self, connection: dict[str, Any] | None = None) -> None:
        """Do the second half: the sockets and threads of one page, and what joins them to the kernel."""
        if connection is not None:
            self.load_connection_info(cast("KernelConnectionInfo", connection))
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.init_signal()
        self.kernel.join(self)
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
        self.control_thread.start()
        self.init_path()
        self.init_shell()
        sys.stdout.flush()
        sys.stderr.flush()

    def start(self) -> None:
        """Serve until told to end."""
        super().start()
        # Its last act is to flush what was printed, which waits for a thread that ends before it (10 s).
        self.control_thread.stop()
        self.control_thread.join(1.0)

    def init_control(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        """Make the control channel; without subshells, messages of the page need no thread in between."""
        super().init_control(context)
        self.shell_channel_thread.io_loop.close()
        self.shell_channel_thread = None


def _spare() -> Config:
    config = Config()
    config.HistoryManager.enabled = False
    config.IPCompleter.use_jedi = False
    config.InteractiveShell.colors = "nocolor"
    return config
