"""The line between a page and its kernel: what a websocket is joined to, once it stands and for as long as it stands.

jupyter_server's own connection counted a page as connected whose websocket had been cut in its handshake, and kept four
sockets for it for ever. This one takes nothing before the websocket stands, and gives everything back once.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# To one kernel. A page has one, and makes it anew under the same name. Each costs nine handles, and those of one page
# are not to use up everybody's. Whoever is there already stays.
MOST = 4
TOO_MANY = 1008  # how a websocket ends that asks for more than it may have
ASK_SECONDS = 0.5


class KernelLine(ZMQChannelsWebsocketConnection):
    """Joins one websocket to the sockets of one kernel."""

    standing: ClassVar[list[KernelLine]] = []  # in the order in which they came
    _heard: asyncio.Future[None] | None = None

    async def prepare(self) -> None:
        """Take nothing yet: the websocket may be cut before it stands. The kernel is ours and need not be asked."""
        self.session_key = f"{self.kernel_id}:{self.session.session}"
        self.session.key = self.kernel_manager.session.key

    async def connect(self) -> None:  # type: ignore[override]  # whoever calls it waits for it
        """Join a websocket that stands; what the kernel said while this page was away comes first."""
        kernels, kernel = self.multi_kernel_manager, self.kernel_id
        others = [line for line in self.standing if line.kernel_id == kernel]
        for line in [line for line in others if line.session_key == self.session_key]:
            # this very page, before its line was lost: nobody is at the other end any more
            others.remove(line)
            line.websocket_handler.close()
            line.disconnect()
        if len(others) >= MOST:
            self.websocket_handler.close(TOO_MANY)
            return
        kernels.notify_connect(kernel)
        self.standing.append(self)
        kept = kernels.get_buffer(kernel, self.session_key)
        if kept:
            self.channels = kept["channels"]
            for channel, message in kept["buffer"]:
                self.handle_outgoing_message(self.channels[channel], message)
        else:
            self.create_stream()  # type: ignore[no-untyped-call]
        self._heard = asyncio.get_running_loop().create_future()
        for stream in self.channels.values():
            stream.on_recv_stream(self._pass_on)
        if not kept:
            await self._is_heard(self._heard)

    def _pass_on(self, stream: Any, message: list[Any]) -> None:  # noqa: ANN401  (zmq's)
        """Pass on what the kernel says; of what it says while its cells run nothing, which would come twice."""
        if stream.channel == "iopub":
            if self._heard is not None and not self._heard.done():
                self._heard.set_result(None)
            if self.kernel_id in self.multi_kernel_manager.building:
                return
        self.handle_outgoing_message(stream, message)

    async def _is_heard(self, heard: asyncio.Future[None]) -> None:
        """Wait until what the kernel says to all arrives here, else the page might ask before it can hear.

        The kernel is made to say something by asking on its control channel, which it answers while it computes.
        """
        control = self.kernel_manager.connect_control()
        try:
            while not heard.done():
                self.session.send(control, "kernel_info_request")
                await asyncio.wait([heard], timeout=ASK_SECONDS)
        finally:
            put_away(control)

    def disconnect(self) -> None:  # type: ignore[override]  # as the class between has it
        """Give everything back, once; the last line leaves its sockets to the page, should it come again."""
        if self not in self.standing:
            return
        self.standing.remove(self)
        kernels, kernel = self.multi_kernel_manager, self.kernel_id
        kernels.notify_disconnect(kernel)
        was_heard = self._heard is not None and self._heard.done()
        if self._heard is not None:
            self._heard.cancel()
        channels, self.channels = self.channels, {}
        if was_heard and kernel in kernels and not any(line.kernel_id == kernel for line in self.standing):
            kernels.start_buffering(kernel, self.session_key, channels)
            return
        for stream in channels.values():
            put_away(stream)


def put_away(stream: Any) -> None:  # noqa: ANN401  (zmq's)
    """Close a stream once it has dealt with what it has already been called for, else it complains of each call."""
    if not stream.closed():
        stream.on_recv(None)
        asyncio.get_running_loop().call_soon(stream.close)
