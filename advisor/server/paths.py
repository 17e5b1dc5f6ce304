"""The paths of the server's files, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# The folder at the front of JUPYTER_PATH. The template is read from the source, so that an edit shows at once.
JUPYTER_PATH = PACKAGE / "server" / "jupyter"
TEMPLATE = JUPYTER_PATH / "voila" / "templates" / "advisor"
BUILT = TEMPLATE / "static" / "built"  # the front end, made by hatch_build.py

# The notebooks by their address. Only these are served.
CLIENT_PAGE = "client.ipynb"
PAGES = {"": "clients.ipynb", "workbook": "workbook.ipynb", "private": "private.ipynb", "client": CLIENT_PAGE}


def notebooks_dir() -> Path:
    """Return the folder of the notebooks: inside an installed package, beside the package in a checkout."""
    packaged = PACKAGE / "_notebooks"
    return packaged if packaged.is_dir() else PACKAGE.parent / "notebooks"
