"""The line between a page and its kernel: it joins the page's websocket to the kernel's sockets.

jupyter_server's own connection takes sockets before the websocket is open. If a websocket was cut in its handshake, it
counted the page as connected and kept four sockets for ever. This one takes nothing before the websocket is open, and
releases everything exactly once.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# The most lines to one kernel. A page needs one, and opens it again under the same name. Each line costs nine handles;
# without a limit, one page could use up the handles of all. A new line beyond the limit is refused.
MOST = 4
TOO_MANY = 1008  # close code of a refused websocket
ASK_SECONDS = 0.5  # between questions to the kernel


class KernelLine(ZMQChannelsWebsocketConnection):
    """Joins one websocket to the sockets of one kernel."""

    standing: ClassVar[list[KernelLine]] = []  # all open lines, in the order in which they came
    _heard: asyncio.Future[None] | None = None

    async def prepare(self) -> None:
        """Set only the session, and take no sockets: the websocket may be cut before it is open."""
        self.session_key = f"{self.kernel_id}:{self.session.session}"
        self.session.key = self.kernel_manager.session.key

    async def connect(self) -> None:  # type: ignore[override]  # the caller awaits it
        """Join an open websocket to its kernel. Messages from the time while this page was away are sent first."""
        kernels, kernel = self.multi_kernel_manager, self.kernel_id
        others = [line for line in self.standing if line.kernel_id == kernel]
        for line in [line for line in others if line.session_key == self.session_key]:
            # an old line of the same page: the page has lost it
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
        """Pass on a message of the kernel, except output while its cells run: the page would get that twice."""
        if stream.channel == "iopub":
            if self._heard is not None and not self._heard.done():
                self._heard.set_result(None)
            if self.kernel_id in self.multi_kernel_manager.building:
                return
        self.handle_outgoing_message(stream, message)

    async def _is_heard(self, heard: asyncio.Future[None]) -> None:
        """Wait until messages on the iopub channel arrive here. Otherwise the page might miss the answer to a question.

        A question on the control channel makes the kernel send something there, also while it computes.
        """
        control = self.kernel_manager.connect_control()
        try:
            while not heard.done():
                self.session.send(control, "kernel_info_request")
                await asyncio.wait([heard], timeout=ASK_SECONDS)
        finally:
            put_away(control)

    def disconnect(self) -> None:  # type: ignore[override]  # the base class in between has this type
        """Release everything, once. The last line of a kernel keeps its sockets for the page, if it comes again."""
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
    """Close a stream after its pending calls. Closed at once, it would log an error for each of them."""
    if not stream.closed():
        stream.on_recv(None)
        asyncio.get_running_loop().call_soon(stream.close)
