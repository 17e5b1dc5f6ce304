"""The built front end: names, addresses and sending of its files. ``hatch_build.py`` builds it."""

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
    """Return the names of all built files: plain name → name with the hash of the content.

    Raises:
        FrontMissingError: The front end was not built.
    """
    try:
        names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FrontMissingError(str(BUILT)) from error
    return names


def addresses(names: Mapping[str, str], base_url: str) -> dict[str, str]:
    """Return the paths of all built files on the server, by plain name."""
    return {name: f"{base_url}{ROUTE}{hashed}" for name, hashed in names.items()}


def for_kernels(paths: Mapping[str, str]) -> str:
    """Return the value of ``ADVISOR_ASSETS`` for kernels: the path of each widget's module, as JSON."""
    return json.dumps({name: paths[f"{name}.js"] for name in WIDGETS})


def loaded(names: Mapping[str, str]) -> dict[str, Versions]:
    """Return all files by hashed name, plain and compressed. The server keeps them in memory."""
    return {
        hashed: {encoding: (BUILT / f"{hashed}{ending}").read_bytes() for encoding, ending in _ENCODINGS.items()}
        for hashed in names.values()
    }


class AssetHandler(web.RequestHandler):
    """Sends a built file. Browsers may cache it for ever: its name changes with its content."""

    def initialize(self, files: Mapping[str, Versions]) -> None:
        """Take the files. Only these are sent; the handler never looks on the disk."""
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
        """Send the headers of a GET."""
        self.get(name)

    def compute_etag(self) -> None:
        """Send no ETag: the hash in the name does its work."""
