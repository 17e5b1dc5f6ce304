"""Sending a page piece by piece: first its top, then the id of a new kernel, then the output of the cells.

Voilà's own renderer uses nbconvert: it makes environment and templates anew for every visitor, and sends nothing before
the kernel has started. The template is the same, so that plain Voilà can use it, too.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import jinja2
import nbformat
from jupyter_core.utils import ensure_async
from nbclient.exceptions import CellExecutionError
from tornado import web
from tornado.iostream import StreamClosedError
from voila.execute import VoilaExecutor
from voila.handler import BaseVoilaHandler
from voila.utils import create_include_assets_functions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

log = logging.getLogger(__name__)
TEMPLATE = "index.html.j2"
KERNEL = "python3"
LIFE_SECONDS = 10  # between signs of life; a proxy ends an answer that sends nothing for a minute
FAILED = '<span class="advisor-failed" hidden></span>'  # with it, the page shows its problem.html.j2


@cache
def environment(*folders: str) -> jinja2.Environment:
    """Return the template engine for ``folders``. It is cached, so that each template is compiled once."""
    return jinja2.Environment(loader=jinja2.FileSystemLoader(folders), autoescape=True, enable_async=True)


class PageHandler(BaseVoilaHandler):
    """Sends the page of one notebook."""

    kernel = ""
    gone = False

    @property
    def kernels_url(self) -> str:
        """Where the page finds its kernel."""
        return str(self.base_url)

    def initialize(self, notebook: Path, assets: dict[str, str], **kwargs: Any) -> None:  # noqa: ANN401  (Voilà's)
        """Take the notebook and ``assets``, the addresses of the built front end. All visitors share them."""
        super().initialize(**kwargs)
        self.notebook, self.assets = notebook, assets
        self.runner: VoilaExecutor | None = None

    def on_connection_close(self) -> None:
        """Note that nobody reads this page any more, for example after a quick reload or a closed tab."""
        self.gone = True
        if self.kernel:
            self.identity_provider.seats.sent(self.kernel)
        super().on_connection_close()

    async def show(self) -> None:
        """Send the page. An error after its beginning is shown on the page, without details."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        functions = create_include_assets_functions(self.voila_configuration.template, self.base_url)
        resources = functions | {"base_url": self.kernels_url, "advisor": {"assets": self.assets}}
        template = environment(*self.settings["voila_jinja2_env"].loader.searchpath).get_template(TEMPLATE)
        life = asyncio.create_task(self._live())
        try:
            notebook = nbformat.v4.reads(self.notebook.read_text(encoding="utf-8"))  # type: ignore[no-untyped-call]
            parts = {"nb": notebook, "kernel_start": self._start, "cell_generator": self._run, "resources": resources}
            async for piece in template.generate_async(parts):
                self.write(piece)
        except StreamClosedError:
            self.gone = True
        except web.HTTPError:
            raise
        except Exception as error:  # noqa: BLE001  (its text may hold what a client said)
            log.error("a page could not be made: %s", type(error).__name__)  # noqa: TRY400  (as above)
            self.write(FAILED)
        finally:
            self.identity_provider.seats.sent(self.kernel)
            life.cancel()
            if self.runner is not None and self.runner.kc is not None:
                self.runner.kc.stop_channels()
            if self.gone and self.kernel:
                await self.identity_provider.seats.end(self.kernel)

    async def _start(self, notebook: nbformat.NotebookNode) -> str:
        """Send the page so far, start the visitor's kernel, and return its id. If the kernel fails, try once more."""
        await self.flush()
        address = {"SCRIPT_NAME": self.request.path, "QUERY_STRING": self.request.query}
        for is_last in (False, True):
            started = self.kernel_manager.start_kernel(kernel_name=KERNEL, path="", env=os.environ | address)
            self.kernel = await ensure_async(started)
            if not self.gone:
                self.kernel_manager.building.add(self.kernel)
            manager = self.kernel_manager.get_kernel(self.kernel)
            self.runner = VoilaExecutor(notebook, km=manager)
            try:
                self.runner.kc = await answering(manager)
                break
            except Exception:  # the kernel died or hung before its first answer
                await self.identity_provider.seats.end(self.kernel)
                if is_last:
                    raise
        return self.kernel

    async def _run(self, notebook: nbformat.NotebookNode, _: str) -> AsyncIterator[nbformat.NotebookNode]:
        """Yield each cell with its output, up to one that fails. Meanwhile the page connects to its kernel."""
        await self.flush()
        runner = cast("VoilaExecutor", self.runner)
        for index, cell in enumerate(notebook.cells):
            try:
                yield await runner.execute_cell(cell, None, index, store_history=False)
            except CellExecutionError as error:
                log.error("a cell failed: %s", error.ename)  # noqa: TRY400  (a traceback may hold what a client said)
                yield cell
                return

    async def _live(self) -> None:
        """Send a space every ``LIFE_SECONDS``, so that a proxy does not end the answer while the page is made."""
        with suppress(StreamClosedError):
            while True:
                await asyncio.sleep(LIFE_SECONDS)
                self.write(" ")
                await self.flush()


async def answering(manager: Any) -> Any:  # noqa: ANN401  (jupyter_client's)
    """Return a client of a kernel after the kernel has answered it.

    Raises:
        RuntimeError: The kernel died, or did not answer in time.
    """
    client = manager.client()
    client.allow_stdin = False
    try:
        client.start_channels()
        await client.wait_for_ready()
    except Exception:
        client.stop_channels()
        raise
    return client
