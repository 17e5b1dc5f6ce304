"""A kernel for one page: ipykernel without the parts that only a notebook's author needs.

It has no debugger, no history file, no completion by running code, no matplotlib plots, no copy of the output of C
libraries, and no subshells. Each of these would cost every visitor memory, processor time or a thread.
"""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING, Any, cast

# ipykernel imports debugpy with its debugger (29 MiB, 0.12 s), and runs without it if it is missing.
_debugpy = sys.modules.get("debugpy")
sys.modules["debugpy"] = None  # type: ignore[assignment]  # to the import system, None means "not installed"
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
    """ipykernel's kernel. It is made before it has sockets, and has no loop that waits for a debugger."""

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
    """Sets up one kernel in two halves: ``prepare`` for what all pages share, ``open`` for what belongs to one page."""

    kernel_class = Type(PageKernel)

    @default("capture_fd_output")
    def _no_copy_of_what_libraries_print(self) -> bool:
        return False

    @default("log_level")
    def _level(self) -> int:
        return 30  # WARNING; at DEBUG a kernel would log the content of messages

    def initialize(self, argv: list[str] | None = None) -> None:
        """Do both halves, with the connection from the connection file."""
        self.prepare(argv)
        self.init_connection_file()
        self.init_poller()
        self.open()

    def prepare(self, argv: list[str] | None = None) -> None:
        """Do the first half: configuration, kernel and shell. It leaves no thread, no socket and no event loop."""
        BaseIPythonApplication.initialize(self, argv)
        journal.install(cast("logging.Logger", self.log))  # on the page, nobody would read these log lines
        self.update_config(_spare())
        self.kernel = PageKernel.instance(parent=self, log=self.log, profile_dir=self.profile_dir, user_ns={})

    def open(self, connection: dict[str, Any] | None = None) -> None:
        """Do the second half: make the sockets and threads of one page, and join the kernel to them."""
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
        # At its end, Python flushes printed text. That would wait 10 s for a thread that ends earlier: end it here.
        self.control_thread.stop()
        self.control_thread.join(1.0)

    def init_control(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        """Make the control channel, and drop the thread for subshells: without subshells it has nothing to do."""
        super().init_control(context)
        self.shell_channel_thread.io_loop.close()
        self.shell_channel_thread = None


def _spare() -> Config:
    config = Config()
    config.HistoryManager.enabled = False
    config.IPCompleter.use_jedi = False
    config.InteractiveShell.colors = "nocolor"
    return config
