"""The built front end: which file has which name, and how it is sent. ``hatch_build.py`` makes it."""

from __future__ import annotations

import json
import mimetypes
from typing import TYPE_CHECKING

from tornado import web

from advisor.server.paths import BUILT

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUTE = "advisor/static/"
WIDGETS = ("sheet", "panel", "chart", "lifeline")
ENVIRONMENT = (
    "ADVISOR_ASSETS"  # tells a kernel the addresses of its widgets' modules; advisor.view.widgets.widgets reads it
)
_ENCODINGS = {"br": ".br", "gzip": ".gz", "": ""}  # what a browser may accept, best first

Versions = dict[str, bytes]  # one file, by its encoding


class FrontMissingError(RuntimeError):
    """The front end was not built."""


def manifest() -> dict[str, str]:
    """Return the name of every built file, with the hash of its content, by its plain name.

    Raises:
        FrontMissingError: The front end was not built.
    """
    try:
        names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FrontMissingError(str(BUILT)) from error
    return names


def addresses(names: Mapping[str, str], base_url: str) -> dict[str, str]:
    """Return the path of every built file on a server, by its plain name."""
    return {name: f"{base_url}{ROUTE}{hashed}" for name, hashed in names.items()}


def for_kernels(paths: Mapping[str, str]) -> str:
    """Return what a kernel is told in its environment: the path of each widget's module."""
    return json.dumps({name: paths[f"{name}.js"] for name in WIDGETS})


def loaded(names: Mapping[str, str]) -> dict[str, Versions]:
    """Return every file by its hashed name, plain and compressed; it stays in memory as long as the server."""
    return {
        hashed: {encoding: (BUILT / f"{hashed}{ending}").read_bytes() for encoding, ending in _ENCODINGS.items()}
        for hashed in names.values()
    }


class AssetHandler(web.RequestHandler):
    """A built file: public, the same for everybody, and kept by browsers for ever under the name of its content."""

    def initialize(self, files: Mapping[str, Versions]) -> None:
        """Take the files that there are; nothing else is ever looked for."""
        self.files = files

    def get(self, name: str) -> None:
        """Send a file in the best encoding that the browser reads."""
        versions = self.files.get(name)
        if versions is None:
            raise web.HTTPError(404)
        accepted = {
            part.partition(";")[0].strip() for part in self.request.headers.get("Accept-Encoding", "").split(",")
        }
        encoding = next(encoding for encoding in _ENCODINGS if encoding in accepted or not encoding)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.set_header("Content-Type", "text/javascript; charset=utf-8" if name.endswith(".js") else kind)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        if encoding:
            self.set_header("Content-Encoding", encoding)
        self.finish(versions[encoding])

    def head(self, name: str) -> None:
        """Say what a GET would send."""
        self.get(name)

    def compute_etag(self) -> None:
        """Send no ETag: the name says it all."""
